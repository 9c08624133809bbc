"""The keywords of bounds: the least and the greatest value, length or number of parts.

This is the only table of them. All code that treats bounds alike reads it, so a new pair needs one row here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Bound(NamedTuple):
    """A pair of keywords: the JSON type they apply to, their names, and the noun for what they count.

    Without a noun, they bound the value itself.
    """

    kind: str
    least: str
    most: str
    noun: str = ""


BOUNDS = (
    Bound("string", "minLength", "maxLength", "character"),
    Bound("number", "minimum", "maximum"),
    Bound("array", "minItems", "maxItems", "item"),
    Bound("object", "minProperties", "maxProperties", "member"),
)
OF_TYPE: Mapping[str, Bound] = {bound.kind: bound for bound in BOUNDS}
OF_KEYWORD: Mapping[str, Bound] = {keyword: bound for bound in BOUNDS for keyword in (bound.least, bound.most)}
COUNTED = frozenset(keyword for keyword, bound in OF_KEYWORD.items() if bound.noun)
"""The keywords that bound a number of characters, items or members."""
