"""Example strings for formats such as `filter-pattern`.

A function checks such a format, and no automaton describes its strings. So this module lists valid and invalid
examples.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ...catalog.formats import FORMATS, STATED

JUNK = ("", "text", "{", "[]", "null", "0", '{"a":', '{"a":1}', '{"a":[]}', '{"a":{"b":"c"}}')
"""Strings that match no format, or almost match one."""
KNOWN: Mapping[str, tuple[str, ...]] = {"filter-pattern": ("{}", '{"body":["a"]}', '{"data":{"a":[{"prefix":"b"}]}}')}
"""Valid strings of each format, for schemas without examples."""


def filling(name: str, examples: Iterable[object] = ()) -> tuple[str, ...] | None:
    """Return valid strings of a format: the schema's examples and the known ones that match it.

    Return None for a format that adds nothing to the keywords beside it, such as `pattern`.
    """
    if name in STATED:
        return None
    texts = [example for example in (*examples, *KNOWN.get(name, ())) if isinstance(example, str)]
    return tuple(text for text in texts if FORMATS[name](text))


def junk(name: str) -> tuple[str, ...]:
    """Return strings that do not match a format, such as `{` for `filter-pattern`."""
    return tuple(text for text in JUNK if not FORMATS[name](text))
