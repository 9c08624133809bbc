"""Make trials (payloads to send, with the expected outcome) from generated cases, and find the simplest valid ones.

Values that exist on the server, such as a function's name, can replace generated values.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..base.grouping import firsts
from ..catalog import Operation
from ..catalog.bundle import followed
from ..strategies import GenerationError
from .session import FuzzSession, FuzzTrial
from .sightings import EITHER, INVALID, VALID, Expectation
from .wire import has_body

BODY_UNEXPECTED = "body.unexpected"
Existing = Mapping[str, Sequence[Any]]
"""Values that exist on the server, by member, such as `{"FunctionName": ["my-function"]}`."""


def trials(session: FuzzSession, cases: Iterable[Any], disabled: frozenset[str], existing: Existing) -> list[FuzzTrial]:
    """Return a trial for each valid case, and for each case that breaks a rule which is not in `disabled`.

    If values in `existing`, such as a function's name, fit into a case, there is a second trial with them. The
    rules alternate, so that a run that ends early has tried all of them.
    """
    found: dict[str, FuzzTrial] = {}
    turns: Counter[str | None] = Counter()
    rank: dict[str, int] = {}
    for case in cases:
        if case.valid or case.rule not in disabled:
            turns[case.rule] += 1
            made = trial(session, case)
            for variant in (made, placed(session, made, existing)):
                key = json.dumps(variant.payload)
                found.setdefault(key, variant)
                rank.setdefault(key, turns[case.rule])
    return [found[key] for key in sorted(found, key=rank.__getitem__)]


def bodied(session: FuzzSession, plain: FuzzTrial, disabled: frozenset[str]) -> list[FuzzTrial]:
    """Return a trial that sends the simplest request with an unexpected body, which must be rejected.

    If requests of the operation may have a body, or the rule against unexpected bodies is disabled, return nothing.
    """
    if has_body(session.operation) or BODY_UNEXPECTED in disabled:
        return []
    return [plain._replace(id=BODY_UNEXPECTED, expected=Expectation(INVALID, BODY_UNEXPECTED), body=b"{}")]


def trial(session: FuzzSession, case: Any) -> FuzzTrial:
    """Return the trial (payload and expected outcome) for a generated case."""
    return FuzzTrial(case.id, case.payload, session.expectation(case), case.source)


def placed(session: FuzzSession, made: FuzzTrial, existing: Existing) -> FuzzTrial:
    """Return a trial in which values that exist on the server replace others, if the expected outcome is unchanged."""
    payload = made.payload
    if isinstance(payload, dict):
        for member in [member for member in existing if member in payload]:
            payload = _placed(session, made, payload, member, existing[member])
    return made._replace(payload=payload)


def _placed(
    session: FuzzSession, made: FuzzTrial, payload: dict[str, Any], member: str, values: Sequence[Any]
) -> dict[str, Any]:
    """Set a member of a payload to the first of some values with which the expected outcome stays the same."""
    for value in values:
        placed = {**payload, member: value}
        if session.alike(made, placed):
            return placed
    return payload


class PlainTrials:
    """The simplest valid payload of each event source, and the simplest of all.

    A working server accepts these. Findings are shrunk by making their payloads more similar to these.
    """

    def __init__(self, session: FuzzSession, found: Iterable[FuzzTrial], existing: Existing) -> None:
        examples = {name: _examples(session.operation, name) for name in session.operation.members("request")}
        usual = {text: rank for texts in examples.values() for rank, text in reversed(list(enumerate(texts)))}
        usual.update({text: -1 for values in existing.values() for text in values})
        ranked = sorted(_healthy(list(found)), key=lambda trial: _rank(trial.payload, usual))
        free = {name: texts for name, texts in examples.items() if name not in existing and not _are_arns(texts)}
        best = firsts((trial.source, trial) for trial in ranked)
        self._best = {source: placed(session, trial, free) for source, trial in best.items()}
        self.first = self._best[ranked[0].source]

    def of(self, source: str | None) -> list[Mapping[str, Any]]:
        """Return the simplest payload of all, and the simplest payload of an event source."""
        return [self.first.payload, self._best.get(source, self.first).payload]


def _healthy(found: list[FuzzTrial]) -> list[FuzzTrial]:
    """Return the trials that a server must accept; if there are none, the trials that it may accept or reject."""
    for verdict in (VALID, EITHER):
        if some := [trial for trial in found if trial.expected.verdict == verdict and isinstance(trial.payload, dict)]:
            return some
    raise GenerationError("none of the cases is valid, so there is no request that a working server must accept")


def _rank(payload: Mapping[str, Any], usual: Mapping[str, int]) -> tuple[int, int, int, str]:
    """Return a sort key for payloads, by which the simplest comes first.

    Payloads are compared by the number of members, then by the ranks of their strings, then by their length. `usual`
    ranks the strings that exist on the server first, then the examples of the documentation.
    """
    texts = [value for value in payload.values() if isinstance(value, str)]
    text = json.dumps(payload)
    return len(payload), sum(usual.get(value, len(usual)) for value in texts), len(text), text


def _examples(operation: Operation, member: str) -> list[str]:
    """Return the examples of a member in the documentation."""
    schema = operation.schema("request")
    found = schema["properties"][member]
    shared = followed(found, schema.get("$defs", {}))
    return [example for example in shared.get("examples", ()) if isinstance(example, str)]


def _are_arns(examples: Iterable[str]) -> bool:
    """Return whether a member's examples are ARNs. An ARN may decide the event source, so it must not be replaced."""
    return any(example.startswith("arn:") for example in list(examples)[:1])
