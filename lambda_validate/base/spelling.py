"""Suggest the known name that a misspelt one most likely means, and define the error for an unknown name.

Imports no other package of ours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

MAX_NAME_LENGTH = 80
"""Maximum number of characters of a name that is compared, or that a message shows. A longer name is hardly a typing
error, and comparing it is slow."""


CUTOFF = 0.7
"""Similarity, between 0 and 1, that a name must have at least."""

Folded = Mapping[str, str]
"""A mapping from the folded form of each name (see `folded`) to the name: `{"batchsize": "BatchSize"}`."""


def nearest(name: object, known: Iterable[str]) -> str | None:
    """Return the name in `known` that `name` most likely means; None if none is similar.

    A name that differs only in letter case, `_` or `-` is preferred to one with a typing error.
    """
    return nearest_in(name, by_folded(tuple(known)))


def similar(form: str, known: Iterable[str]) -> list[str]:
    """Return the names in `known` that have enough characters in common with `form`. All are in the form of `folded`.

    The result includes every name that `difflib` finds similar. If no name is similar, `difflib` takes twenty times as
    long to find that out.
    """
    length, letters = len(form), [(letter, form.count(letter)) for letter in set(form)]
    return [
        name
        for name in known
        if 2.0 * min(length, len(name)) / (length + len(name) or 1) >= CUTOFF
        and 2.0 * sum([min(name.count(letter), times) for letter, times in letters]) / (length + len(name)) >= CUTOFF
    ]


Similar = Callable[[str, Iterable[str]], list[str]]


def nearest_in(name: object, known: Folded, similar: Similar = similar) -> str | None:
    """Return the known name that `name` most likely means, as `nearest` does. `known` is a result of `by_folded`.

    `similar` selects the names that `difflib` then compares. A faster function may select more than the default does.
    """
    if not isinstance(name, str) or len(name) > MAX_NAME_LENGTH:
        return None
    form = folded(name)
    meant = known.get(form)
    if meant is not None:
        return meant
    some = similar(form, known)
    if not some:
        return None
    import difflib  # only a mistyped name needs it, and it costs as much as `re`

    close = difflib.get_close_matches(form, some, n=1, cutoff=CUTOFF)
    return known[close[0]] if close else None


@lru_cache(maxsize=64)
def by_folded(names: tuple[str, ...]) -> Folded:
    """Return a dict from the folded form of each name to the name: `{"batchsize": "BatchSize"}`.

    Of several names with the same folded form, the dict has the first.
    """
    return {folded(name): name for name in reversed(names)}


def folded(name: str) -> str:
    """Return a name in the form that is compared, in lower case without `_` and `-`: "batch_Size" is "batchsize"."""
    if "_" in name or "-" in name:
        name = name.replace("_", "").replace("-", "")
    return name.lower()


def listing(words: Iterable[str], last: str = "or") -> str:
    """Join words as a sentence does: "a, b or c"."""
    *first, end = tuple(words) or ("",)
    return f"{', '.join(first)} {last} {end}" if first else end


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural unless the number is 1: "1 file", "2,000 files"."""
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
        shown = ascii(name[:MAX_NAME_LENGTH]) if isinstance(name, str) else f"of type {type(name).__name__}"
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
