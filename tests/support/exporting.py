"""Share the cases that validate exports, and send one of them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from lambda_validate import catalog, http, strategies
from lambda_validate.export import Loss
from lambda_validate.fuzz.wire import Request, Unsendable, request
from lambda_validate.strategies import Case

AUTHORIZED = (("Authorization", "AWS4-HMAC-SHA256 none"),)
FEW = ("CreateAlias", "DeleteFunctionEventInvokeConfig", "TagResource")
"""Operations of the edition `current` with names of members, a relation, and properties of Unicode."""
SAMPLE = [*(("documents", name) for name in catalog.operations()), *(("current", name) for name in FEW)]


class Sent(NamedTuple):
    """A case as it is sent, and whether the validator accepts it."""

    case: Case
    request: Request
    passes: bool


@cache
def cases(edition: str, operation: str, direction: str = "request") -> list[Case]:
    return strategies.corpus(operation, direction=direction, edition=edition)


def sent(edition: str, operation: str) -> Iterator[Sent]:
    """Yield every request case of an operation that HTTP can carry."""
    facts = catalog.operation(operation, edition)
    for case in cases(edition, operation):
        try:
            made = request(facts, case.payload, AUTHORIZED)
        except Unsendable:
            continue
        found = http.check_request(made.method, made.target, list(made.headers), made.body or b"", edition=edition)
        yield Sent(case, made, found.answer is None)


def references(schema: Any) -> Iterator[str]:
    """Yield every reference in a document."""
    if isinstance(schema, dict):
        if isinstance(schema.get("$ref"), str):
            yield schema["$ref"]
        for each in schema.values():
            yield from references(each)
    elif isinstance(schema, list):
        for each in schema:
            yield from references(each)


def resolved(document: Any, reference: str) -> Any:
    found = document
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    return found


def lost(losses: tuple[Loss, ...], case: Case, *kinds: str) -> bool:
    """Return whether a loss of some kinds concerns the rule that a case breaks."""
    return any(
        (each.operation, each.direction, each.rule) == (case.operation, case.direction, case.rule)
        for each in losses
        if each.kind in kinds
    )


def body_of(edition: str, case: Case) -> Any:
    """Return the part of a request that is in the body."""
    facts = catalog.operation(case.operation, edition)
    if not isinstance(case.payload, dict):
        return case.payload
    members = facts.members("request")
    return {
        name: value
        for name, value in case.payload.items()
        if name not in members or facts.location(name) in ("body", "payload")
    }


def is_about_body(edition: str, case: Case) -> bool:
    """Return whether the body shows the fault of a case."""
    facts = catalog.operation(case.operation, edition)
    places = {facts.location(name) for name in facts.members("request")}
    member = (case.pointer or "/").split("/")[1]
    if not isinstance(case.payload, dict):
        return places == {"body"}
    return case.valid or member not in facts.members("request") or facts.location(member) == "body"
