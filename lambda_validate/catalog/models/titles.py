"""Turn names of a service model into words for messages: "a KMS key ARN" for the name `KMSKeyArn`."""

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
    """Return a shape's name in words, with its article: `KMSKeyArn` and `KMSKeyArnNonEmpty` are `a KMS key ARN`."""
    words = [_word(word) for word in WORD.findall(shape.removesuffix("NonEmpty"))] or ["text"]
    return f"{_article(words[0])} {' '.join(words)}"


VERBS = {
    "get": "reads", "describe": "reads", "list": "lists", "create": "creates", "publish": "publishes", "add": "adds",
    "put": "sets", "update": "changes", "delete": "deletes", "remove": "removes", "send": "sends", "start": "starts",
    "stop": "stops", "pause": "pauses", "resume": "resumes", "tag": "tags", "untag": "untags",
}  # fmt: skip
"""The first word of an operation's name, and the verb for a sentence."""
NEW = frozenset(["create", "publish", "add"])
"""Verbs whose object does not exist yet, so that it gets the article "a"."""


def sentence(operation: str, service: str) -> str:
    """Return a sentence made of an operation's name: `GetLayerVersionByArn` is `Reads the layer version by ARN.`"""
    verb, *rest = [_word(word) for word in WORD.findall(operation)] or ["answer"]
    if verb not in VERBS or not rest:
        return f"Asks {service} to {' '.join((verb, *rest))}."
    article = () if verb == "list" else (_article(rest[0]),) if verb in NEW else ("the",)
    return f"{' '.join((VERBS[verb].capitalize(), *article, *rest))}."


def _word(part: str) -> str:
    part = SPELT.get(part, part)
    return part if part in ACRONYMS else part.lower()


def _article(word: str) -> str:
    if word in ACRONYMS:
        return "an" if word[0] in SPOKEN_WITH_A_VOWEL else "a"
    return "an" if word[0] in VOWELS or word.startswith(("un", "up")) else "a"
