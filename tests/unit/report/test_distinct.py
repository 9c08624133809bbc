"""Test that one fault gives one violation."""

from __future__ import annotations

from typing import Any

import pytest

import lambda_validate as lv
from lambda_validate.report import Constraint, Explanation, Found, Severity, Source
from lambda_validate.report.distinct import needless

KINESIS = "arn:aws:kinesis:us-west-2:123456789012:stream/clicks"
QUEUE = "arn:aws:sqs:us-west-2:123456789012:orders"
CREATE, GET = "CreateEventSourceMapping", "GetFunctionEventInvokeConfig"


def mapping(**members: Any) -> dict[str, Any]:
    return {"FunctionName": "f", **members}


def destination(arn: str) -> dict[str, Any]:
    return {"DestinationConfig": {"OnSuccess": {"Destination": arn}}}


@pytest.mark.parametrize(
    ("edition", "operation", "direction", "payload", "rules"),
    [
        ("documents", CREATE, "request", mapping(EventSourceArn=KINESIS, BatchSize=10_001, StartingPosition="LATEST"),
         ["batch-size.kinesis"]),
        ("documents", CREATE, "request", mapping(EventSourceArn=QUEUE, BatchSize=10_001), ["batch-size.sqs"]),
        ("current", CREATE, "request", mapping(EventSourceArn=f"{QUEUE}.fifo", BatchSize=10_001), ["batch-size.sqs"]),
        ("documents", CREATE, "request", mapping(EventSourceArn=QUEUE, BatchSize=0), ["batch-size.minimum"]),
        ("documents", GET, "response", destination("arn:aws:s3:us-west-2:123456789012:b"),
         ["destination.success-bucket"]),
        ("documents", GET, "request", {"FunctionName": "f", "Qualifier": ""}, ["qualifier.min-length"]),
        ("current", GET, "request", {"FunctionName": "", "Qualifier": ""},
         ["function-name.min-length", "qualifier.min-length"]),
        ("current", GET, "request", {"FunctionName": "f", "Qualifier": "!"}, ["qualifier.pattern"]),
        ("current", CREATE, "request", mapping(EventSourceArn="arn:aws:s3:::b"), ["event-source-arn.service"]),
        ("current", CREATE, "request", mapping(EventSourceArn=QUEUE, **destination("arn:aws:s3:x")),
         ["destination-config.source"]),
        ("current", CREATE, "request", mapping(EventSourceArn=QUEUE, DestinationConfig={"Nope": 1}),
         ["destination-config.source"]),
    ],
)  # fmt: skip
def test_a_fault_that_breaks_several_rules_is_reported_once(
    edition: str, operation: str, direction: str, payload: dict[str, Any], rules: list[str]
) -> None:
    check = getattr(lv.Validator(edition), f"validate_{direction}")
    assert [each.rule for each in check(operation, payload)] == rules


def test_a_disabled_rule_suppresses_no_other() -> None:
    validator = lv.Validator(disable=["batch-size.sqs"])
    report = validator.validate_request(CREATE, mapping(EventSourceArn=QUEUE, BatchSize=10_001))
    assert [each.rule for each in report] == ["batch-size.maximum"]


def violation(keyword: str, argument: Any, path: tuple[str | int, ...], severity: Severity = "error") -> Found:
    source = Source("a", "b")
    constraint = Constraint(f"x.{keyword}", keyword, severity, source, "x", argument, lambda *_: Explanation(""))
    return Found(path, constraint, "")


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([violation("maximum", 5, ("a",)), violation("maximum", 4, ("a",))], {0}),
        ([violation("maximum", 4, ("a",)), violation("maximum", 5, ("a",))], {1}),
        ([violation("maximum", 4, ("a",)), violation("maximum", 4, ("a",))], {0}),
        ([violation("minimum", 4, ("a",)), violation("minimum", 5, ("a",))], {0}),
        ([violation("maximum", 4, ("a",), "warning"), violation("maximum", 5, ("a",))], set()),
        ([violation("maximum", 4, ("a",)), violation("maximum", 5, ("b",))], set()),
        ([violation("maxLength", 4, ("a",)), violation("pattern", "b", ("a",))], set()),
        ([violation("not", "{'const': 1}", ("a",)), violation("pattern", "b", ("a",))], {1}),
        ([violation("not", "{'const': 1}", ("a",)), violation("pattern", "b", ("a", "b"))], set()),
        ([violation("not", "{}", ("a",)), violation("pattern", "b", ("a", "b")), violation("type", "x", ("a",))],
         {1, 2}),
        ([violation("not", "{}", ("a",), "warning"), violation("type", "x", ("a",))], set()),
        ([violation("not", "{}", ("a",), "warning"), violation("not", "{}", ("a",)), violation("type", "x", ("a", 0))],
         {0, 2}),
        ([violation("not", "{}", ("a",)), violation("not", "{}", ("a",), "warning"), violation("type", "x", ("a", 0))],
         {1, 2}),
        ([violation("not", "{}", ("a",)), violation("not", "{}", ("a",))], {0}),
        ([violation("maxProperties", 0, ("a",)), violation("pattern", "b", ("a", "b"))], {1}),
        ([violation("maxItems", 0, ("a",)), violation("enum", "b", ("a", "0"))], {1}),
        ([violation("maxProperties", 1, ("a",)), violation("pattern", "b", ("a", "b"))], set()),
        ([violation("minItems", 0, ("a",)), violation("enum", "b", ("a", "0"))], set()),
    ],
)  # fmt: skip
def test_redundant_violations_are_found(found: list[Found], expected: set[int]) -> None:
    assert needless(found) == expected


def test_the_work_is_linear_in_the_number_of_violations() -> None:
    class Counted(tuple):  # type: ignore[type-arg]  # only its hash is counted
        hashes = 0

        def __hash__(self) -> int:
            Counted.hashes += 1
            return super().__hash__()

    def hashes(number: int) -> int:
        Counted.hashes = 0
        needless([violation("type", "x", Counted(("a", str(index)))) for index in range(number)])
        return Counted.hashes

    assert hashes(2_000) <= 2 * hashes(1_000)
