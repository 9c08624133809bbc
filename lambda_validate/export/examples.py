"""Valid payloads to show, judged by the validator: a request a source, and the fullest ones, as the pages show them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from itertools import chain, count
from typing import Any

from ..catalog import Catalog, Operation
from ..docs.examples import good
from ..strategies import GenerationError
from ..strategies.cases.generator import Generator, generator
from ..strategies.sets.domains import Values
from ..strategies.values.samples import every_member, plain
from ..validator import Validator

MOST = 6
"""Sources that are shown."""
ALONE, FULL = "minimal", "full"
"""What examples are called where an operation has no sources."""

NOTHING: tuple[Any, ...] = ("", [], {})
"""Values that show nothing."""


@cache
def requests(operation: Operation) -> Mapping[str, Mapping[str, Any]]:
    """Return valid requests, flat, by name; none where none can be made."""
    maker, validator = _generator(operation), _validator(operation.catalog)
    found: dict[str, Mapping[str, Any]] = {}
    for payload in _made(maker, plain):
        found.setdefault(_source(maker, payload) or ALONE, payload)
    found = dict(list(found.items())[:MOST])
    for payload in chain(good(operation, "request", validator), _made(maker, _full)):
        least = _source(maker, payload) or ALONE
        name = FULL if least == ALONE else f"{least}-{FULL}"
        more = name not in found and len(payload) > len(found.get(least, payload))
        if (more or _adds(payload, found)) and not validator.validate_request(operation.name, payload).violations:
            found[_free(name, found)] = payload
    return found


def _adds(payload: Mapping[str, Any], found: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether a payload has a member that the others lack, or have nothing in."""
    return not _held(payload) <= set().union(*map(_held, found.values()))


def _held(payload: Mapping[str, Any]) -> set[str]:
    return {name for name, value in payload.items() if value not in NOTHING}


def _free(name: str, found: Mapping[str, Any]) -> str:
    return next(each for each in chain([name], (f"{name}-{number}" for number in count(2))) if each not in found)


@cache
def responses(operation: Operation) -> Mapping[str, Any]:
    """Return a valid response with all that it may hold, by name; none where none can be made."""
    found = good(operation, "response", _validator(operation.catalog))
    return {FULL: found[min(1, len(found) - 1)]} if found else {}


@cache
def _validator(catalog: Catalog) -> Validator:
    return Validator(catalog)


def _generator(operation: Operation) -> Generator | None:
    try:
        return generator(operation.name, "request", operation.edition)
    except LookupError:  # a catalog that is none of ours
        return None


def _made(maker: Generator | None, make: Callable[[Values], Any]) -> Iterator[Mapping[str, Any]]:
    """Yield what is made of each cell of the valid requests."""
    with suppress(GenerationError, LookupError):  # an example less
        yield from (make((cell,)) for cell in (maker.cells if maker else ()))


def _full(cells: Values) -> Any:
    return every_member(next(iter(cells)))


def _source(maker: Generator | None, payload: Any) -> str | None:
    return maker.source(payload) if maker else None
