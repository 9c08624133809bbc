"""Read the hand-written pages of rules, `lambda_validate/rules/<rule>.md`: what is checked, why, and how to fix it.

Reading a page imports `importlib.resources`, so import this module only to show a page.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import NamedTuple

from ..catalog import EDITIONS, Catalog

SECTION = re.compile("^## (.+)\n\n", re.MULTILINE)
INVALID = re.compile("^### Invalid.*\n\n```.*\n((?s:.*?))```$", re.MULTILINE)
EXPECTATION = re.compile("  # (?:error|warning): .*")
"""A comment in an example that says what the tests expect for its line."""
TITLES = ("What it checks", "Why it matters", "How to fix")
"""The headings of the sections `what`, `why` and `fix`."""


class RulePage(NamedTuple):
    """The page of a rule: its sections in Markdown, and its first invalid example."""

    what: str
    why: str
    fix: str
    invalid: str


def page(rule: str, edition: str | Catalog) -> RulePage | None:
    """Return the page of a rule, None if it has none.

    The pages are about rules of Lambda. A rule of another service may have the same id, but does not have the page.
    """
    is_lambda = isinstance(edition, str) or edition.name in EDITIONS
    found = _pages().get(f"{rule}.md") if is_lambda else None
    if found is None:
        return None
    text = found.read_text("utf-8")
    _, *parts = SECTION.split(text)
    sections = dict(zip(parts[::2], parts[1::2], strict=True))
    invalid = EXPECTATION.sub("", "".join(INVALID.findall(text)[:1]))
    what, why, fix = (sections[title].strip() for title in TITLES)
    return RulePage(what, why, fix, invalid)


@cache
def _pages() -> Mapping[str, Traversable]:
    """Return the pages by file name. A rule id is looked up here, and never used as a path."""
    return {file.name: file for file in files(__package__.partition(".")[0]).joinpath("rules").iterdir()}
