"""Dynamic references of CloudFormation, `{{resolve:…}}`, and what else begins with two braces.

Jinja, Helm and their like use the same braces. None of them can read a name followed by a colon there, so that is a
reference, right or wrong. Anything else is wrong only in a file that surely none of them fills in: it has a reference,
which they would stumble over, and nothing that they write.
"""

from __future__ import annotations

import re
from typing import Any

SERVICES = ("ssm", "ssm-secure", "secretsmanager")
REFERENCE = re.compile(rf"\{{\{{resolve:(?:{'|'.join(SERVICES)}):(?:\$\{{[^{{}}]*\}}|[^{{}}])+\}}\}}")
"""Source: the CloudFormation user guide, "Get values stored in other services using dynamic references"."""
MEANT = re.compile(r"\{\{\s*(?:[A-Za-z_-]+\s*:(?!=)|resolve\b)")
ENGINE = re.compile(r"\{%|\{#|\{\{(?:[-~\"']|\s(?!\s*[A-Za-z_-]+\s*:(?!=)))")
"""What an engine writes: a statement, a comment, or an expression as it is mostly spaced."""
FORM = "{{resolve:SERVICE:KEY}} with the service ssm, ssm-secure or secretsmanager"


def known(parts: list[Any]) -> list[Any]:
    """Return the parts of a string up to the first two braces: what they begin may go on in the next parts."""
    for index, each in enumerate(parts):
        if isinstance(each, str) and "{{" in each:
            return [*parts[:index], each.partition("{{")[0], None]
    return parts


def is_plain(text: str) -> bool:
    """Whether no template engine can be meant to fill a file in."""
    return ENGINE.search(text) is None and REFERENCE.search(text) is not None


def is_malformed(value: str, in_plain: bool) -> bool:
    """Whether two braces of a string begin no dynamic reference, though one is meant.

    `in_plain` says that no template engine fills the file in.
    """
    start = value.find("{{")
    while start >= 0:
        whole = REFERENCE.match(value, start)
        if whole is None and (in_plain or MEANT.match(value, start)):
            return True
        start = value.find("{{", whole.end() if whole else start + 2)
    return False
