"""Test that rejected, accepted, redacted and truncated calls are classified, for every rule of current requests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from support.payload_cases import cases_of
from support.recorded import HIDDEN, REFUSED, record

from lambda_validate import audit, catalog, strategies
from lambda_validate.audit.names import ADDED, SpellingPlan, plan
from lambda_validate.validator import Validator
from lambda_validate.validator.rules import rules as rules_of

TODAY = Validator("current")
STATED = sorted({each.operation for each in cases_of("current") if each.direction == "request"})
"""Operations whose requests have cases in tables. They include all that have rules about several members."""
MAPPINGS = ("CreateEventSourceMapping", "UpdateEventSourceMapping")
"""Operations whose current rules have no generated cases. Their cases are in the tables."""
SAMPLE = 15
"""The default run tests one operation in this many."""
SAMPLED = [
    name if number % SAMPLE == 0 or name in MAPPINGS else pytest.param(name, marks=pytest.mark.exhaustive)
    for number, name in enumerate(catalog.operations("current"))
    if name != "GetAccountSettings"  # it has no members
]
DRAWN = [
    name if number % SAMPLE == 0 else pytest.param(name, marks=pytest.mark.exhaustive)
    for number, name in enumerate(catalog.operations("current"))
    if name not in (*MAPPINGS, "GetAccountSettings")  # it has no members
]
LEFT_OUT = ("Code", "Content", "ZipFile", "InvokeArgs")
"""Members whose absence from a record has no meaning."""
NOT_SENT = {"code.required", "content.required", "zip-file.required", "invoke-args.required"}
"""Rules that do not apply to records, because CloudTrail omits the member."""
EMPTIED = {"/Environment", "/FilterCriteria", "/Code/ZipFile", "/Content/ZipFile", "/ZipFile"}
"""Pointers of members that a valid payload may have, but that are recorded as empty or omitted."""
TIMES = {"/StartedAfter", "/StartedBefore", "/StartingPositionTimestamp"}
"""Members whose strings need not be valid timestamps, because CloudTrail formats times differently."""
TOO_LARGE = {"reason": "requestParameters too large", "omitted": True, "originalSize": 245_760}


def spelt(value: Any, known: SpellingPlan | None) -> Any:
    """Return a payload as CloudTrail spells it. Members begin with a lower-case letter, but keys of maps do not."""
    if isinstance(value, dict):
        names = known.names if known is not None and known.names is not None else None
        if names is None:
            return {name: spelt(each, known.element if known else None) for name, each in value.items()}
        return {
            name[:1].lower() + name[1:]: spelt(each, names.get(name.lower(), (name, None))[1])
            for name, each in value.items()
        }
    return [spelt(each, known.element if known else None) for each in value] if isinstance(value, list) else value


class Planted(NamedTuple):
    """A valid payload, or one that breaks a rule at a pointer, and possibly others."""

    id: str
    payload: dict[str, Any]
    rule: str | None
    pointer: str | None
    others: bool


def stated(operation: str) -> Iterator[Planted]:
    """Return the cases of the tables."""
    for case in cases_of("current"):
        if (case.operation, case.direction) == (operation, "request"):
            for rule, pointer, *_ in case.violations or [(None, None)]:
                yield Planted(case.id, case.payload, rule, pointer, len(case.violations) > 1)


def drawn(operation: str) -> Iterator[Planted]:
    """Return the generated cases of an operation."""
    for each in strategies.corpus(operation, edition="current"):
        yield Planted(each.id, each.payload, each.rule, each.pointer, bool(each.implied))


ITEM, KEY = "[]", "{}"
"""Path steps that lead to an item of a list, and to a value of a map."""
DEEPEST = 7
"""The length of the longest path to a changed member. Capacity providers have deeper paths that repeat."""
LONG_ARNS = [f"arn:aws:{each}" + "a" * 12_000 for each in (
    "iam::123456789012:role/", "kms:us-west-2:123456789012:key/", "sqs:us-west-2:123456789012:",
    "signer:us-west-2:123456789012:/signing-profiles/",
)]  # fmt: skip
WRONG: tuple[Any, ...] = (
    5, -5, 0, 10**9, 0.5, True, "", "!", " ", "\n", "a" * 100, "x" * 5_000, "x" * 25_000, *LONG_ARNS,
    [], {}, [5], [""], ["!"], ["x" * 5_000], ["x"] * 2_000, [{}] * 2_000,
    {"": "x"}, {"!": "x"}, {"x" * 5_000: "x"}, {"a": ["x"]}, {str(number): "x" for number in range(3_000)},
)  # fmt: skip
"""Values that break a rule at almost every member."""


def paths(known: SpellingPlan, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], SpellingPlan]]:
    """Yield the paths to all members of a type, and to the items of lists and maps."""
    if len(path) > DEEPEST:
        return
    for name, inner in dict.fromkeys((known.names or {}).values()):
        yield (*path, name), inner
        yield from paths(inner, (*path, name))
    if known.element is not None:
        for step in (ITEM, KEY):
            yield (*path, step), known.element
            yield from paths(known.element, (*path, step))


def built(path: tuple[str, ...], value: Any) -> Any:
    """Return a payload that has only a value at a path."""
    for step in reversed(path):
        value = [value] if step is ITEM else {"k": value} if step is KEY else {step: value}
    return value


def wrong(operation: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield payloads with an invalid value at one member, and the path to it."""
    for path, known in paths(plan(catalog.operation(operation, "current").schema("request"))):
        for value in WRONG:
            if known.is_time and isinstance(value, str):  # strings that are no timestamps are not reported
                continue
            yield "/".join(path), built(path, value)


def changed(operation: str) -> Iterator[Planted]:
    """Yield a case for each rule that one of these payloads breaks. Payloads that break no further rule are skipped.

    What is recorded about a payload has every rule of its report, and takes a fraction of the time: some payloads
    break one rule thousands of times.
    """
    record_of, found = TODAY._reporter(operation, "request")[0], set[str]()
    for path, payload in wrong(operation):
        if {each.constraint.rule for each in record_of(payload)} <= found:
            continue
        for each in TODAY.validate_request(operation, payload):
            if each.rule not in found:
                found.add(each.rule)
                yield Planted(path, payload, each.rule, each.pointer, others=True)


def planted(cases: Iterator[Planted]) -> list[Planted]:
    """Return a case for each rule that a request can break, and a valid one."""
    found: dict[str | None, Planted] = {}
    for case in cases:
        if isinstance(case.payload, dict):
            found.setdefault(case.rule, case)
    return list(found.values())


def rules(outcome: audit.Outcome) -> set[str]:
    return {each.rule for each in outcome.findings}


def is_left_out(case: Planted) -> bool:
    """Return whether a case breaks a rule about members that CloudTrail omits or adds."""
    first = (case.pointer or "/").split("/")[1]
    return first in LEFT_OUT or first in ADDED


def sent(operation: str, case: Planted, known: SpellingPlan) -> None:
    """Check a recorded case as rejected, accepted, and truncated."""
    parameters = spelt(case.payload, known)
    report = TODAY.validate_request(operation, case.payload)
    refused = audit.check(record(parameters, operation, REFUSED))
    accepted = audit.check(record(parameters, operation))
    assert refused.findings == accepted.findings or is_left_out(case)
    for error in (None, REFUSED):
        assert audit.check(record(TOO_LARGE, operation, error)).outcome == "undecidable"
    if is_left_out(case):
        assert case.rule not in rules(accepted) or any(each.rule == case.rule for each in report)
    elif accepted.outcome == "undecidable":
        assert set((accepted.reason or "").removeprefix("not recorded: ").split(", ")) <= EMPTIED | TIMES
        assert report.ok or case.pointer in TIMES
    else:
        assert rules(accepted) == {each.rule for each in report} - NOT_SENT
        is_clean = {each.rule for each in report if each.severity == "error"} <= NOT_SENT
        answers = ("missed", None) if is_clean else ("caught", "suspected")
        assert (refused.answer, accepted.answer) == answers


def redacted(operation: str, case: Planted, known: SpellingPlan) -> None:
    """Check a case whose invalid member is recorded as redacted."""
    if not case.pointer or (case.rule or "").startswith("member."):
        return
    first = case.pointer.split("/")[1]
    rest = spelt({name: each for name, each in case.payload.items() if name != first}, known)
    for error in (None, REFUSED):
        found = audit.check(record({**rest, first: HIDDEN}, operation, error))
        assert found.outcome in ("undecidable", "finding")
        assert not [each for each in found.findings if f"{each.pointer}/".startswith(f"/{first}/")]
        if not case.others:
            assert (found.outcome, found.answer) == ("undecidable", None)


def classified(operation: str, cases: list[Planted]) -> None:
    """Check all cases of an operation."""
    known = plan(catalog.operation(operation, "current").schema("request"))
    assert len(cases) > 1
    for case in cases:
        try:
            sent(operation, case, known)
            redacted(operation, case, known)
        except AssertionError as error:
            error.add_note(f"case: {case.id}, {case.rule}")
            raise


@pytest.mark.parametrize("operation", STATED)
def test_planted_violations_of_documented_rules_are_classified(operation: str) -> None:
    classified(operation, list(stated(operation)))


@pytest.mark.parametrize("operation", DRAWN)
def test_planted_violations_of_every_rule_are_classified(operation: str) -> None:
    classified(operation, planted(drawn(operation)))


@pytest.mark.parametrize("operation", SAMPLED)
def test_every_member_with_a_wrong_value(operation: str) -> None:
    classified(operation, planted(changed(operation)))


OF_HTTP = (
    "body.", "choice.newer", "content-type.", "headers.", "member.misplaced", "member.newer", "operation.newer",
    "query.", "route.", "target.encoding", "target.size",
)  # fmt: skip
OF_FILES = (
    "argument.required", "destination.required", "document.", "dynamic-reference", "fn-if.", "ignore.",
    "member.spelling", "queue.visibility-timeout", "sam.transform", "serverless.", "skeleton.", "tenancy-config.source",
)  # fmt: skip
NOT_RECORDED = ("payload.max-length",)
NEVER = ("pattern.pattern", "policy.pattern", "queues.pattern")
"""Rules that no recorded call can break.

They are about messages, deployment files, members that CloudTrail omits, and patterns that match every string.
"""


def test_the_cases_are_of_every_rule_that_a_recorded_call_can_break() -> None:
    stated_rules = {case.rule for operation in STATED for case in stated(operation)}
    found = stated_rules | {case.rule for name in catalog.operations("current") for case in changed(name)}
    known = {each.id for each in rules_of("current") if "request" in each.directions}
    missing = known - found
    elsewhere = {each for each in known if each.startswith((*OF_HTTP, *OF_FILES, *NOT_RECORDED, *NEVER))}
    assert missing == elsewhere
