r"""Replace Unicode properties in patterns, such as `\p{L}`, by ranges of characters, which all engines support."""

from __future__ import annotations

from functools import cache
from itertools import chain

from .matching import has_properties
from .printing import printed
from .syntax import PROPERTY, read

ESCAPED = frozenset("\\]^[-&~|")
SURROGATES = range(0xD800, 0xE000)
"""Left out of the ranges: no valid string contains one, and engines for UTF-16 would read two as one character."""


@cache
def spelt(pattern: str) -> str:
    """Return a pattern in which each property is replaced by its characters, as the library `regex` defines them."""
    if not has_properties(pattern):
        return pattern
    return printed(read(pattern), _spelt)


def _spelt(written: str) -> str:
    found = PROPERTY.sub(lambda name: _ranges(name[0]), written)
    return found if written[0] == "[" or found == written else f"[{found}]"


@cache
def _ranges(name: str) -> str:
    r"""Return the ranges of characters that have a property such as `\p{L}`, as written inside a class: `A-Za-z…`."""
    import regex  # only few patterns name properties, and this is dear to load

    every = "".join(map(chr, chain(range(SURROGATES.start), range(SURROGATES.stop, 0x110000))))
    spans = (match.span() for match in regex.finditer(f"{name}+", every))
    return "".join(_range(every[start], every[end - 1]) for start, end in spans)


def _range(first: str, last: str) -> str:
    ends = [f"\\{end}" if end in ESCAPED else end for end in (first, last)]
    if first == last:
        return ends[0]
    return "".join(ends) if ord(last) == ord(first) + 1 else "-".join(ends)
