"""Test that `current` is at least as strict as `documents`. Each changed limit is listed with its source."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

import pytest
from support.paths import ROOT
from support.payload_cases import cases_of

import lambda_validate as lv
from lambda_validate import catalog, strategies
from lambda_validate.report import Violation
from lambda_validate.validator.rules import NEWER_RULES, rules

SHARED = [(operation, direction) for operation in lv.operations() for direction in catalog.DIRECTIONS]
"""The operations of the documents, which `current` has too."""
VALIDATORS = {each: lv.Validator(each) for each in ("documents", "current")}
RECORDED = ROOT / "schemas" / "current" / "operations.json"


def checked(edition: str, operation: str, direction: str, payload: Any) -> lv.Report:
    report: lv.Report = getattr(VALIDATORS[edition], f"validate_{direction}")(operation, payload)
    return report


# Rules.


class Lacking(NamedTuple):
    """A rule that `current` lacks, why, and which other rule rejects the same payload."""

    evidence: str
    payload: Mapping[str, Any]
    refused_by: str | None


KINESIS = {"FunctionName": "f", "EventSourceArn": "arn:aws:kinesis:us-west-2:123456789012:stream/s",
           "StartingPosition": "LATEST"}  # fmt: skip
DYNAMODB = {**KINESIS, "EventSourceArn": "arn:aws:dynamodb:us-west-2:123456789012:table/t/stream/2024-01-01T00:00:00.0"}
LACKING = {
    "arn.guard": Lacking(
        "The service model bounds every ARN by 10,000 characters or fewer: event-source-arn.max-length and the like.",
        {**KINESIS, "EventSourceArn": KINESIS["EventSourceArn"].ljust(10_001, "a")},
        "event-source-arn.max-length",
    ),
    "batch-size.kinesis": Lacking(
        "The limit for Kinesis, 10,000, is the maximum of BatchSize in the service model.",
        {**KINESIS, "BatchSize": 10_001},
        "batch-size.maximum",
    ),
    "batch-size.dynamodb": Lacking(
        "Moved: the SDK states of DynamoDB streams `Default 100. Max 10,000.`",
        {**DYNAMODB, "BatchSize": 1_001},
        None,
    ),
    "member.newer": Lacking(
        "There is no edition that is newer than `current`.", {**DYNAMODB, "ParallelizationFactor": 2}, None
    ),
}
"""Yield every rule of `documents` that `current` lacks."""


def test_every_rule_missing_in_current_is_listed_with_evidence() -> None:
    ids = {each: {rule.id for rule in rules(each)} for each in ("documents", "current")}
    own = ids["current"] - NEWER_RULES.keys()  # rules that only a newer SDK adds to the edition
    assert ids["documents"] - own == LACKING.keys()


@pytest.mark.parametrize("rule", LACKING)
def test_payloads_of_missing_rules_are_rejected_by_the_named_rule_or_valid(rule: str) -> None:
    lacking = LACKING[rule]
    found = {
        each: checked(each, "CreateEventSourceMapping", "request", lacking.payload) for each in ("documents", "current")
    }
    assert rule in {each.rule for each in found["documents"]}
    refusing = [each.rule for each in found["current"].errors if each.rule.startswith(("batch-size", "event-source"))]
    assert refusing[:1] == ([lacking.refused_by] if lacking.refused_by else [])
    assert found["current"].ok is (lacking.refused_by is None)


def test_no_arn_of_the_shared_operations_is_unbounded() -> None:
    for operation, direction in SHARED:
        for rule in strategies.rules(operation, direction):
            if rule == "arn.guard":
                longest = {each for each in bounds(operation, direction) if each is not None}
                assert longest
                assert max(longest) <= 10_000


def bounds(operation: str, direction: str) -> Iterator[int | None]:
    """Return the maximum length of each type of `current` whose pattern begins with an ARN."""
    schema = lv.schema(operation, direction, "current")
    for name, each in schema["$defs"].items():
        if re.search(r"Arn$|Destination$", name) and each.get("type") == "string":
            assert "maxLength" in each, name
            yield each["maxLength"]


# The limit of a bare function name.

DOCUMENTED = "limited to 64 characters in length"
REFUSED = {"CreateFunction", "CreateEventSourceMapping", "GetFunctionEventInvokeConfig"}
"""The operation that is known to reject a long bare name, and those whose documents state the limit."""
BY_PATTERN = {f"{verb}FunctionUrlConfig" for verb in ("Create", "Delete", "Get", "Update")} | {"ListFunctionUrlConfigs"}
"""Operations whose pattern has the limit."""


def documented() -> set[str]:
    """Return the operations whose limit is stated in the documentation of the SDK."""
    botocore = pytest.importorskip("botocore", reason="the library does not need botocore")
    recorded = json.loads(RECORDED.read_text("utf-8"))["model"]["botocore"]
    if botocore.__version__ != recorded:
        pytest.skip(f"botocore {botocore.__version__} may document more than {recorded}, which `current` is made from")
    from botocore.loaders import Loader

    loader = Loader(extra_search_paths=[Loader.BUILTIN_DATA_PATH], include_default_search_paths=False)
    model = loader.load_service_model("lambda", "service-2")
    inputs = {name: each["input"]["shape"] for name, each in model["operations"].items() if "input" in each}
    members = {name: model["shapes"][shape]["members"].get("FunctionName", {}) for name, shape in inputs.items()}
    return {name for name, each in members.items() if DOCUMENTED in each.get("documentation", "")}


@cache
def by_severity() -> dict[str | None, set[str]]:
    """Return the operations with a FunctionName, by the result for a bare name of 65 characters."""
    found: dict[str | None, set[str]] = {}
    for name in lv.operations("current"):
        if "FunctionName" in lv.operation(name, "current").schema("request")["properties"]:
            report = checked("current", name, "request", {"FunctionName": "a" * 65})
            severities = [each.severity for each in report if each.rule == "function-name.length"]
            assert len(severities) <= 1
            found.setdefault(severities[0] if severities else None, set()).add(name)
    return found


def test_a_long_bare_name_is_an_error_for_documented_operations() -> None:
    assert by_severity()["error"] == REFUSED


def test_a_long_bare_name_is_a_warning_for_other_operations() -> None:
    assert by_severity()["warning"] == documented() - REFUSED - BY_PATTERN


@pytest.mark.parametrize("operation", sorted(BY_PATTERN))
def test_a_pattern_that_includes_the_limit_gives_one_violation(operation: str) -> None:
    report = checked("current", operation, "request", {"FunctionName": "a" * 65})
    assert [each.rule for each in report if each.pointer == "/FunctionName"] == ["function-name.pattern"]


@pytest.mark.parametrize(("operation", "longest"), [("CreateFunction", 140), ("CreateEventSourceMapping", 256)])
@pytest.mark.parametrize("dotted", [False, True])
def test_a_name_of_any_length_breaks_one_limit(operation: str, longest: int, dotted: bool) -> None:
    lengths = {
        "short": (1, 64),
        "function-name.length": (65, longest),
        "function-name.max-length": (longest + 1, 9_999),
    }
    for rule, edges in lengths.items():
        for length in edges:
            name = ("a." if dotted and longest == 256 else "aa").ljust(length, "a")[:length]
            report = checked("current", operation, "request", {"FunctionName": name})
            expected = [] if rule == "short" else [rule]
            assert [each.rule for each in report if each.pointer == "/FunctionName"] == expected


@pytest.mark.parametrize("name", ["f:" + "a" * 100, "function:" + "a" * 100, "123456789012:function:" + "a" * 100])
def test_a_longer_form_may_have_more_than_64_characters(name: str) -> None:
    report = checked("current", "CreateEventSourceMapping", "request", {"FunctionName": name})
    assert [each for each in report if each.pointer == "/FunctionName"] == []


# Payloads.

MORE_REGIONS = re.compile(r":(?:eusc-[a-z]{2}|[a-z]{2}-iso[a-z]?)-")
WITH_MOMENTS = re.compile(r"^arn:[^:]*:(?:kafka|rds):")


class Moved(NamedTuple):
    """Errors of `documents` in payloads that `current` accepts: the evidence, the values, and the payloads."""

    evidence: str
    holds: Callable[[Any, Mapping[str, Any]], bool]


MOVED = {
    "batch-size.dynamodb": Moved(
        "The SDK states `Max 10,000` of DynamoDB streams.", lambda value, payload: 1_000 < value <= 10_000
    ),
    "batch-size.sqs": Moved(
        "The SDK states of SQS `For standard queues the max is 10,000. For FIFO queues the max is 10.`",
        lambda value, payload: 10 < value <= 10_000 and payload["MaximumBatchingWindowInSeconds"] >= 1,
    ),
    "destination.type": Moved(
        "The model's pattern of DestinationArn admits an empty string, and more regions.",
        lambda value, payload: value == "" or bool(MORE_REGIONS.search(value)),
    ),
    "event-source-arn.pattern": Moved(
        "The model's pattern of Arn admits more regions.", lambda value, payload: bool(MORE_REGIONS.search(value))
    ),
    "event-source-arn.required": Moved(
        "The model requires FunctionName only; SelfManagedEventSource is another source.",
        lambda value, payload: "SelfManagedEventSource" in payload,
    ),
    "function-arn.pattern": Moved(
        "The model's pattern of FunctionArn admits more regions.",
        lambda value, payload: bool(MORE_REGIONS.search(value)),
    ),
    "function-name.length": Moved(
        "The model's maximum of NamespacedFunctionName is 256; the limit of a bare name has not moved.",
        lambda value, payload: 140 < len(value) <= 256 and ":" in value,
    ),
    "function-name.pattern": Moved(
        "The model's pattern of NamespacedFunctionName admits more regions, dots and $LATEST.PUBLISHED.",
        lambda value, payload: bool(MORE_REGIONS.search(value)) or "." in value,
    ),
    "qualifier.pattern": Moved(
        "The model's pattern of the qualifier admits $LATEST.PUBLISHED.",
        lambda value, payload: value == "$LATEST.PUBLISHED",
    ),
    "starting-position.at-timestamp": Moved(
        "The SDK states of AT_TIMESTAMP that it is for Kinesis, DocumentDB, MSK and self-managed Kafka.",
        lambda value, payload: (
            "SelfManagedEventSource" in payload or bool(WITH_MOMENTS.match(payload["EventSourceArn"]))
        ),
    ),
    "state.enum": Moved("The model states no choices for State.", lambda value, payload: isinstance(value, str)),
}
"""What `current` accepts, by rule of `documents`."""
MOVED_NOT = {"state.enum"}
"""The rules among these whose messages do not mention `current`, because no limit has changed."""


@cache
def moved() -> list[tuple[Violation, Mapping[str, Any]]]:
    """Yield each error under `documents` of a payload that has none under `current`, and that payload."""
    payloads = [
        (operation, direction, case.payload)
        for operation, direction in SHARED
        for case in strategies.corpus(operation, False, direction)
        if not case.valid
    ]
    payloads += [(each.operation, each.direction, each.payload) for each in cases_of("current") if each.valid]
    return [
        (violation, payload)
        for operation, direction, payload in payloads
        if operation in lv.operations() and checked("current", operation, direction, payload).ok
        for violation in checked("documents", operation, direction, payload).errors
    ]


def test_payloads_rejected_only_by_documents_are_listed_with_evidence() -> None:
    assert {violation.rule for violation, _ in moved()} == MOVED.keys()


@pytest.mark.parametrize("rule", MOVED)
def test_payloads_rejected_only_by_documents_exceed_a_moved_limit(rule: str) -> None:
    found = [(violation.value, payload) for violation, payload in moved() if violation.rule == rule]
    assert [value for value, payload in found if not MOVED[rule].holds(value, payload)] == []


def test_a_limit_that_has_moved_says_so() -> None:
    silent = {violation.rule for violation, _ in moved() if "`current`" not in violation.message}
    assert silent == MOVED_NOT
