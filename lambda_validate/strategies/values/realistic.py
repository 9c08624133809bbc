"""Realistic strings: the examples of a schema, and variants with other accounts, regions and names that it allows."""

from __future__ import annotations

import re
from functools import cache

from ..sets import domains
from ..sets.domains import Text

NAMES = ("my-", "orders-", "clicks_", "Prod-Invoices-")
REGIONS = ("us-west-2", "eu-central-1", "ap-southeast-2", "us-gov-west-1")
ACCOUNTS = ("123456789012", "111122223333", "000000000000")
MAX_REALISTIC_STRINGS = 60
"""Maximum number of realistic strings to make for one set of strings."""


USUAL = (
    "my-function",
    "arn:aws:lambda:us-west-2:123456789012:function:my-function",
    "arn:aws:lambda:us-west-2:123456789012:function:my-function:1",
    "arn:aws:lambda:us-west-2:123456789012:layer:my-layer",
    "arn:aws:lambda:us-west-2:123456789012:layer:my-layer:3",
    "arn:aws:iam::123456789012:role/my-role",
    "arn:aws:sqs:us-west-2:123456789012:my-queue",
    "arn:aws:kinesis:us-west-2:123456789012:stream/my-stream",
    "arn:aws:dynamodb:us-west-2:123456789012:table/my-table/stream/2024-06-10T19:26:16.525",
    "arn:aws:sns:us-west-2:123456789012:my-topic",
    "arn:aws:s3:::my-bucket",
    "arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    "123456789012",
    "2024-06-10T19:26:16.525+0000",
    "14e0db71-5d35-4eb5-b481-8945cf9d10c2",
)
"""Realistic strings for schemas without examples."""
ODD = "!?"
"""A string that is no identifier. A set that contains it has almost any string, so no string is typical of it."""


@cache
def examples_of(text: Text) -> tuple[str, ...]:
    """Return the schema's examples that are in a set of strings.

    If the schema has none, return the strings of `USUAL` that are in the set, unless it contains almost any string.
    """
    given = tuple(hint for hint in text.hints if domains.fits(text, hint))
    if given or text.hints or text.language.matches(ODD):
        return given
    return tuple(example for example in USUAL if domains.fits(text, example))


@cache
def variants(text: Text) -> list[str]:
    """Return the examples in a set of strings, then variants in it that have another name, account or region."""
    examples = examples_of(text)
    found = dict.fromkeys(examples)
    for name in NAMES:
        for account, region in zip((*ACCOUNTS, ACCOUNTS[0]), REGIONS, strict=True):
            for example in examples:
                changed = re.sub(r"\bmy-", name, example)
                changed = changed.replace(REGIONS[0], region).replace(ACCOUNTS[0], account)
                if domains.fits(text, changed):
                    found[changed] = None
    return list(found)[:MAX_REALISTIC_STRINGS]
