"""List the JSON Schema keywords that set a minimum or maximum, such as `minLength` and `maxLength`.

All code that treats such keywords alike uses this table, so a new pair needs only one row here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Bound(NamedTuple):
    """A pair of keywords: the JSON type they apply to, the keyword of the minimum, that of the maximum, and a noun.

    The noun says what they count, such as "character" for `minLength`. Without a noun, they bound the value itself.
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
