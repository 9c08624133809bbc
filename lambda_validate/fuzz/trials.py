"""The deterministic cases as trials: with values that the server knows, and the plainest one of each source."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..base.grouping import firsts
from ..catalog import Operation
from ..catalog.bundle import followed
from ..strategies import GenerationError
from .judge import EITHER, INVALID, VALID, Expectation
from .session import FuzzTrial, Session
from .wire import has_body

BODY_UNEXPECTED = "body.unexpected"
Existing = Mapping[str, Sequence[Any]]
"""By member, values that the server knows: a function that it has, a stream of each kind."""


def trials(session: Session, cases: Iterable[Any], disabled: frozenset[str], existing: Existing) -> list[FuzzTrial]:
    """Return a trial for each case of a rule that is not disabled, and one more where values that exist fit in.

    The rules take turns, so that a run which must end early has tried them all.
    """
    found: dict[str, FuzzTrial] = {}
    turns: Counter[str | None] = Counter()
    rank: dict[str, int] = {}
    for case in cases:
        if case.valid or case.rule not in disabled:
            turns[case.rule] += 1
            made = trial(session, case)
            for each in (made, placed(session, made, existing)):
                key = json.dumps(each.payload)
                found.setdefault(key, each)
                rank.setdefault(key, turns[case.rule])
    return [found[key] for key in sorted(found, key=rank.__getitem__)]


def bodied(session: Session, plain: FuzzTrial, disabled: frozenset[str]) -> list[FuzzTrial]:
    """Return the plainest request with a body, for an operation that has none: it must be rejected."""
    if has_body(session.operation) or BODY_UNEXPECTED in disabled:
        return []
    return [plain._replace(id=BODY_UNEXPECTED, expected=Expectation(INVALID, BODY_UNEXPECTED), body=b"{}")]


def trial(session: Session, case: Any) -> FuzzTrial:
    """Return the trial of one generated case."""
    return FuzzTrial(case.id, case.payload, session.expectation(case), case.source)


def placed(session: Session, made: FuzzTrial, existing: Existing) -> FuzzTrial:
    """Return a trial with values that the server knows, wherever they change nothing about what must become of it."""
    payload = made.payload
    if isinstance(payload, dict):
        for member in [each for each in existing if each in payload]:
            payload = _placed(session, made, payload, member, existing[member])
    return made._replace(payload=payload)


def _placed(
    session: Session, made: FuzzTrial, payload: dict[str, Any], member: str, values: Sequence[Any]
) -> dict[str, Any]:
    """Put the first value that changes nothing about what must become of a payload."""
    for value in values:
        placed = {**payload, member: value}
        if session.alike(made, placed):
            return placed
    return payload


class PlainTrials:
    """The plainest valid payload of each source: what findings are shrunk towards, and a healthy server answers."""

    def __init__(self, session: Session, found: Iterable[FuzzTrial], existing: Existing) -> None:
        examples = {name: _examples(session.operation, name) for name in session.operation.members("request")}
        usual = {text: rank for each in examples.values() for rank, text in reversed(list(enumerate(each)))}
        usual.update({text: -1 for values in existing.values() for text in values})
        ranked = sorted(_healthy(list(found)), key=lambda each: _rank(each.payload, usual))
        free = {name: each for name, each in examples.items() if name not in existing and not _are_arns(each)}
        best = firsts((each.source, each) for each in ranked)
        self._best = {source: placed(session, each, free) for source, each in best.items()}
        self.first = self._best[ranked[0].source]

    def of(self, source: str | None) -> list[Mapping[str, Any]]:
        """Return the plainest payload of all, and that of a source."""
        return [self.first.payload, self._best.get(source, self.first).payload]


def _healthy(found: list[FuzzTrial]) -> list[FuzzTrial]:
    """The trials that a server must accept; where there are none, those that it may."""
    for verdict in (VALID, EITHER):
        if some := [each for each in found if each.expected.verdict == verdict and isinstance(each.payload, dict)]:
            return some
    raise GenerationError("none of the cases is valid, so there is nothing to tell a healthy server by")


def _rank(payload: Mapping[str, Any], usual: Mapping[str, int]) -> tuple[int, int, int, str]:
    """Few members first, then values that exist, then those that the documentation shows first, then short ones."""
    texts = [each for each in payload.values() if isinstance(each, str)]
    text = json.dumps(payload)
    return len(payload), sum(usual.get(each, len(usual)) for each in texts), len(text), text


def _examples(operation: Operation, member: str) -> list[str]:
    """The examples that the documentation gives of a member."""
    schema = operation.schema("request")
    found = schema["properties"][member]
    shared = followed(found, schema.get("$defs", {}))
    return [each for each in shared.get("examples", ()) if isinstance(each, str)]


def _are_arns(examples: Iterable[str]) -> bool:
    """Whether examples may tell the event source, which must stay."""
    return any(each.startswith("arn:") for each in list(examples)[:1])
