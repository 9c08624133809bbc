"""Texts that look real: a schema's examples, with other accounts, regions and names where the set admits them."""

from __future__ import annotations

import re
from functools import cache

from . import domains
from .domains import Text

NAMES = ("my-", "orders-", "clicks_", "Prod-Invoices-")
REGIONS = ("us-west-2", "eu-central-1", "ap-southeast-2", "us-gov-west-1")
ACCOUNTS = ("123456789012", "111122223333", "000000000000")
MOST = 60
"""Variants of all examples of a text: enough for variety."""


@cache
def variants(text: Text) -> list[str]:
    """Return the examples that are in a set, then variants of them that are, the plainest first."""
    examples = [each for each in text.hints if domains.fits(text, each)]
    found = dict.fromkeys(examples)
    for name in NAMES:
        for account, region in zip((*ACCOUNTS, ACCOUNTS[0]), REGIONS, strict=True):
            for each in examples:
                changed = re.sub(r"\bmy-", name, each)
                changed = changed.replace(REGIONS[0], region).replace(ACCOUNTS[0], account)
                if domains.fits(text, changed):
                    found[changed] = None
    return list(found)[:MOST]
