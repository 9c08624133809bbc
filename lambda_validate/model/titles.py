"""What a value of a shape is called in a message: words made from the shape's name."""

from __future__ import annotations

import re

ACRONYMS = frozenset(
    [
        "ARN",
        "KMS",
        "S3",
        "URI",
        "URL",
        "UUID",
        "ID",
        "VPC",
        "API",
        "DB",
        "EC2",
        "SNS",
        "SQS",
        "IAM",
        "IP",
        "DNS",
        "JSON",
    ]
)
SPELT = {"Arn": "ARN", "Url": "URL", "Uri": "URI", "Uuid": "UUID", "Id": "ID", "Kms": "KMS", "Vpc": "VPC"}
VOWELS = frozenset("aeio")
SPOKEN_WITH_A_VOWEL = frozenset("AEFHILMNORSX")
WORD = re.compile(r"[A-Z]+[0-9]*(?![a-z])|[A-Z][a-z]+|[a-z]+|[0-9]+")


def title(shape: str) -> str:
    """Return a shape's name in words, with its article: `KMSKeyArn` is `a KMS key ARN`."""
    words = [_word(each) for each in WORD.findall(shape)] or ["text"]
    return f"{_article(words[0])} {' '.join(words)}"


def _word(part: str) -> str:
    part = SPELT.get(part, part)
    return part if part in ACRONYMS else part.lower()


def _article(word: str) -> str:
    if word in ACRONYMS:
        return "an" if word[0] in SPOKEN_WITH_A_VOWEL else "a"
    return "an" if word[0] in VOWELS or word.startswith("un") else "a"
