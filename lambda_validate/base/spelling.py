"""The nearest spelling of a name, and the error for a name that does not exist. Imports nothing of ours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

LONGEST = 80
"""Maximum length of a name that is compared. A longer one is hardly a typing error, and comparing it is slow."""


def nearest(name: object, known: Iterable[str]) -> str | None:
    """Return the name in `known` that `name` most likely means; None if none is similar.

    Names that differ only in letter case, `_`, `-` or a plural s match first, then names with a typing error.
    """
    if not isinstance(name, str) or len(name) > LONGEST:
        return None
    plain = _by_folded(tuple(known))
    if folded(name) in plain:
        return plain[folded(name)]
    import difflib  # only a mistyped name needs it, and it costs as much as `re`

    close = difflib.get_close_matches(folded(name), plain, n=1, cutoff=0.7)
    return plain[close[0]] if close else None


@lru_cache(maxsize=64)
def _by_folded(names: tuple[str, ...]) -> Mapping[str, str]:
    """Return names by their folded form. The first of several with the same form counts."""
    return {folded(each): each for each in reversed(names)}


def folded(name: str) -> str:
    """Return a name in the form that is compared: in lower case, without `_` and `-`."""
    return name.replace("_", "").replace("-", "").lower()


def listing(words: Iterable[str], last: str = "or") -> str:
    """Join words as a sentence does: "a, b or c"."""
    *first, end = tuple(words) or ("",)
    return f"{', '.join(first)} {last} {end}" if first else end


def counted(number: int, noun: str) -> str:
    """Return a number of things in words."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


class UnknownNameError(LookupError):
    """An operation, edition, rule or other name that does not exist. The message suggests the nearest one.

    `kind` is what was looked up, such as `"operation"`. `name` is the name that does not exist. `nearest` is the most
    similar name, or None. `elsewhere` says where a thing of that name exists, such as in another edition.
    """

    def __init__(self, kind: str, name: object, known: Iterable[str], elsewhere: str | None = None) -> None:
        known = tuple(known)
        self.kind, self.name, self.nearest = kind, name, nearest(name, known)
        self.elsewhere = elsewhere
        shown = ascii(name[:LONGEST]) if isinstance(name, str) else f"of type {type(name).__name__}"
        hint = elsewhere or (f"did you mean {self.nearest!r}?" if self.nearest else _known(known))
        super().__init__(f"there is no {kind} {shown}; {hint}")

    def __str__(self) -> str:
        return str(self.args[0])

    def __reduce__(self) -> tuple[object, ...]:
        return _again, (type(self), self.__dict__, self.args)


def _known(known: tuple[str, ...]) -> str:
    if len(known) > 12:
        return f"there are {len(known)} to choose from"
    return f"choose from {listing(known)}" if known else "there is none"


def _again(kind: type[UnknownNameError], state: dict[str, object], args: tuple[object, ...]) -> UnknownNameError:
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(state)
    return error
