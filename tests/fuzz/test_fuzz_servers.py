"""Test fuzzing of real servers: no findings for a correct server, and all defects of each broken one."""

from __future__ import annotations

from typing import Any

import pytest
from servers import broken
from servers.reference import Reference, serving
from servers.runs import CREATE, GET, anchors, boundaries, everything, found, fuzz

import lambda_validate as lv
from lambda_validate import strategies
from lambda_validate.fuzz import session
from lambda_validate.fuzz.target import target


@pytest.mark.parametrize("operation", [CREATE, GET])
def test_a_conforming_server_has_no_findings(operation: str) -> None:
    with serving(Reference()) as url:
        outcome = fuzz(url, operation, everything(operation)[::4], max_examples=60)
    assert outcome.findings == ()
    assert outcome.requests > 500
    assert outcome.outcomes["accepted"] > 200
    assert outcome.outcomes["rejected"] > 200
    assert outcome.outcomes.keys() == {"accepted", "rejected"}


BROKEN = [
    # the defect, the operation, the cases that show it, and all findings
    (broken.MaximumOffByOne, CREATE, boundaries, {("valid.rejected", None, "/MaximumBatchingWindowInSeconds")}),
    (broken.NoLimitOf64, CREATE, boundaries, {("invalid.accepted", "function-name.length", "/FunctionName")}),
    (broken.NoLimitOf64, GET, boundaries, {("invalid.accepted", "function-name.length", "/FunctionName")}),
    (
        broken.NoConditionalRules,
        CREATE,
        boundaries,
        {
            ("invalid.accepted", "batch-size.sqs", "/BatchSize"),
            ("invalid.accepted", "batch-size.dynamodb", "/BatchSize"),
            ("invalid.accepted", "starting-position.required", "/StartingPosition"),
            ("invalid.accepted", "starting-position.at-timestamp", "/StartingPosition"),
            ("invalid.accepted", "starting-position-timestamp.required", "/StartingPositionTimestamp"),
            ("invalid.accepted", "event-source-arn.resource", "/EventSourceArn"),
        },
    ),
    (broken.MemberOfWrongType, CREATE, boundaries, {("response.invalid", "batch-size.type", "/BatchSize")}),
    (broken.FailsOnLongNames, CREATE, boundaries, {("server.error", None, "/FunctionName")}),
    (broken.FailsOnLongNames, GET, boundaries, {("server.error", None, "/FunctionName")}),
    (broken.WrongSuccess, CREATE, boundaries, {("status.unexpected", None, "")}),
    (broken.Html, GET, boundaries, {("content-type.unexpected", None, "")}),
    (broken.AcceptsUnknownMembers, CREATE, boundaries, {("invalid.accepted", "member.unknown", "/UnknownMember")}),
    (
        broken.Unanchored,
        GET,
        anchors,
        {
            ("invalid.accepted", "function-name.pattern", "/FunctionName"),
            ("invalid.accepted", "qualifier.pattern", "/Qualifier"),
        },
    ),
    (broken.RejectsLatest, GET, anchors, {("valid.rejected", None, "/Qualifier")}),
    (broken.UndocumentedException, GET, boundaries, {("error.unknown", None, "")}),
    (broken.WrongPair, CREATE, boundaries, {("error.status", None, "")}),
    (broken.NamelessErrors, GET, boundaries, {("error.unnamed", None, "")}),
    (broken.ErrorsAsText, GET, boundaries, {("error.body", None, "")}),
    (broken.IgnoresBodies, GET, boundaries, {("invalid.accepted", "body.unexpected", "")}),
    (broken.IgnoresBodies, CREATE, boundaries, set()),
    (broken.BodyAsText, CREATE, boundaries, {("body.unreadable", None, "")}),
]


@pytest.mark.parametrize(
    ("behaviour", "operation", "cases", "expected"),
    [pytest.param(*row, id=f"{row[0].__name__}-{row[1]}") for row in BROKEN],
)
def test_only_the_faults_of_a_server_are_found(
    behaviour: type[Reference], operation: str, cases: Any, expected: Any
) -> None:
    with serving(behaviour()) as url:
        outcome = fuzz(url, operation, cases(operation))
    assert found(outcome) == expected
    assert all(each.curl.startswith("curl ") and url in each.curl for each in outcome.findings)


SHRUNK = [
    (broken.NoLimitOf64, CREATE, {"FunctionName": "a" * 65}),
    (broken.NoConditionalRules, CREATE, {"BatchSize": 11}),
    (broken.NoConditionalRules, CREATE, {"BatchSize": 1001}),
    (broken.MaximumOffByOne, CREATE, {"MaximumBatchingWindowInSeconds": 300}),
    (broken.FailsOnLongNames, GET, {"FunctionName": "a" * 64}),
    (broken.AcceptsUnknownMembers, GET, {"UnknownMember": ""}),
]


@pytest.mark.parametrize(("behaviour", "operation", "part"), SHRUNK)
def test_a_finding_is_shrunk_to_a_minimal_payload(
    behaviour: type[Reference], operation: str, part: dict[str, Any]
) -> None:
    with serving(behaviour()) as url:
        outcome = fuzz(url, operation)
    payloads = [each.payload for each in outcome.findings]
    assert any(part.items() <= each.items() for each in payloads)
    assert all(len(each) <= 4 for each in payloads)


def test_findings_and_their_order_do_not_depend_on_threads() -> None:
    outcomes = []
    for _ in range(3):
        with serving(broken.NoConditionalRules()) as url:
            outcome = fuzz(url, CREATE)
            outcomes.append([(each._replace(curl=""), each.curl.replace(url, "")) for each in outcome.findings])
    assert outcomes[0] == outcomes[1] == outcomes[2]


@pytest.mark.parametrize(
    ("behaviour", "expected"),
    [
        (broken.NoLimitOf64, ("invalid.accepted", "function-name.length", "/FunctionName")),
        (broken.WrongSuccess, ("status.unexpected", None, "")),
        (broken.FailsOnLongNames, ("server.error", None, "/FunctionName")),
    ],
)
def test_hypothesis_finds_faults_missed_by_the_cases(behaviour: type[Reference], expected: Any) -> None:
    cases = [each for each in boundaries(GET) if each.valid and each.rule is None][:1]
    with serving(behaviour()) as url:
        outcome = fuzz(url, GET, cases, max_examples=150, seed=3)
        again = fuzz(url, GET, cases, max_examples=150, seed=3)
    assert expected in found(outcome)
    assert [each.payload for each in outcome.findings] == [each.payload for each in again.findings]


def test_responses_about_account_state_are_inconclusive() -> None:
    with serving(broken.Empty()) as url:
        outcome = fuzz(url, GET)
    assert outcome.findings == ()
    assert outcome.outcomes["state"] > 0
    assert outcome.outcomes["accepted"] == 0


def test_existing_values_are_used_in_payloads() -> None:
    class HasOne(Reference):
        def answer(self, operation: lv.Operation, payload: Any) -> Any:
            answer = super().answer(operation, payload)
            return answer if answer.error or payload["FunctionName"] == "orders" else broken.NOT_FOUND

    with serving(HasOne()) as url:
        without = fuzz(url, GET)
        outcome = fuzz(url, GET, existing={"FunctionName": ["orders"]}, max_examples=20)
    assert without.outcomes["accepted"] == 0
    assert outcome.outcomes["accepted"] > 10
    assert outcome.findings == ()


def test_cases_with_warnings_serve_as_health_check_without_valid_cases() -> None:
    warned = [each for each in boundaries(GET) if each.valid and each.rule]
    with serving(Reference()) as url:
        assert fuzz(url, GET, warned).outcomes["accepted"] > 0
        with pytest.raises(strategies.GenerationError, match="none of the cases is valid"):
            fuzz(url, GET, [each for each in boundaries(GET) if not each.valid])


def test_rules_that_are_disabled_are_not_sent() -> None:
    with serving(broken.AcceptsUnknownMembers()) as url:
        outcome = fuzz(url, GET, disabled=frozenset({"member.unknown"}), max_examples=60)
    assert outcome.findings == ()


def test_an_unexpected_body_is_sent_once_unless_disabled() -> None:
    with serving(broken.IgnoresBodies()) as url:
        (finding,) = fuzz(url, GET).findings
        without = fuzz(url, GET, disabled=frozenset({"body.unexpected"}))
    assert (finding.requests, finding.case, finding.pointer) == (1, "body.unexpected", "")
    assert finding.curl.endswith(f"--data-binary '{{}}' {url}/2019-09-25/functions/my-function/event-invoke-config")
    assert without.findings == ()


def test_cases_that_http_cannot_carry_are_counted_by_reason() -> None:
    with serving(Reference()) as url:
        outcome = fuzz(url, GET)
    assert outcome.unsendable["a path can only contain non-empty strings"] > 0
    assert outcome.unsendable["a query can only contain strings"] > 0
    sent = {each.id for each in boundaries(GET)}
    assert sum(outcome.unsendable.values()) + outcome.outcomes.total() == len(sent) + 1  # and a body without a place


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> broken.Slow:
    """Return a server that shares its clock with the runs against it."""
    made = broken.Slow()
    monkeypatch.setattr(session, "time", made)
    return made


def test_a_run_stops_when_its_time_is_over(slow: broken.Slow) -> None:
    with serving(slow) as url:
        outcome = fuzz(url, CREATE, everything(CREATE), max_time=0.6, max_examples=1000)
    assert 6 < outcome.requests < 20
    assert any("the time is over" in each for each in outcome.notes)


def test_a_run_stops_while_examples_are_drawn(slow: broken.Slow) -> None:
    cases = [each for each in boundaries(GET) if each.valid and each.rule is None][:1]
    with serving(slow) as url:
        outcome = fuzz(url, GET, cases, max_time=0.8, max_examples=10_000)
    assert 6 < outcome.requests < 25
    assert outcome.notes == ("stopped: the time is over",)


def test_a_run_that_must_end_early_has_tried_every_rule() -> None:
    cases = everything(CREATE)
    rules = {each.rule for each in cases if not each.valid}
    from lambda_validate.fuzz.trials import trials

    made = session.FuzzSession(lv.operation(CREATE), target("http://127.0.0.1:1"), session.TimeBudget(60))
    first = trials(made, cases, frozenset(), {})[: 3 * len(rules)]
    tried = {made.validator.validate_request(CREATE, each.payload).errors for each in first}
    assert rules <= {violation.rule for errors in tried for violation in errors}
