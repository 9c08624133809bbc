"""Texts for formats that are functions: no automaton describes them, so there are examples, good and bad."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ...catalog.formats import FORMATS, STATED

JUNK = ("", "text", "{", "[]", "null", "0", '{"a":', '{"a":1}', '{"a":[]}', '{"a":{"b":"c"}}')
"""Texts that are of no format, or nearly of one."""
KNOWN: Mapping[str, tuple[str, ...]] = {"filter-pattern": ("{}", '{"body":["a"]}', '{"data":{"a":[{"prefix":"b"}]}}')}
"""Texts of a format for which a schema has no examples."""


def filling(name: str, examples: Iterable[object] = ()) -> tuple[str, ...] | None:
    """Return texts that are of a format; None for one that the keywords beside it state in full."""
    if name in STATED:
        return None
    texts = [each for each in (*examples, *KNOWN.get(name, ())) if isinstance(each, str)]
    return tuple(each for each in texts if FORMATS[name](each))


def junk(name: str) -> tuple[str, ...]:
    """Return texts that are not of a format."""
    return tuple(each for each in JUNK if not FORMATS[name](each))
