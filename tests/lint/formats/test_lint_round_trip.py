"""Test that the same payload breaks the same rules at the same members in every format.

The payloads are generated, and have at most one fault. The expected rules are those of the library for the
payload itself. `EXCEPTIONS` names what a format cannot express, or expresses differently.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

import pytest
from support.lint_writers import MAPPING, SETTINGS, WRITERS, Path, Written

import lambda_validate as lv
from lambda_validate import strategies
from lambda_validate.lint.files import SourceFile
from lambda_validate.lint.findings.checker import check
from lambda_validate.lint.findings.finding import LintFinding
from lambda_validate.lint.formats import marked
from lambda_validate.lint.runner import resources

CREATE, READ = "CreateEventSourceMapping", "GetFunctionEventInvokeConfig"
TARGET = ("FunctionName", "Qualifier")
VALIDATOR = lv.Validator()


class Case(NamedTuple):
    """A payload, the rule that it is meant to break, and the place."""

    kind: str
    payload: Mapping[str, Any]
    rule: str | None
    pointer: str | None

    @property
    def value(self) -> Any:
        """Return the value that breaks the rule, or None if there is none."""
        value: Any = self.payload
        for step in (self.pointer or "").split("/")[1:]:
            value = value.get(step) if isinstance(value, dict) else None
        return value


def of_mapping() -> Iterator[Case]:
    for each in strategies.boundary_cases(CREATE):
        if isinstance(each.payload, dict):
            yield Case(MAPPING, each.payload, each.rule, each.pointer)


def of_settings() -> Iterator[Case]:
    for each in strategies.boundary_cases(READ):
        if isinstance(each.payload, dict):
            yield Case(SETTINGS, {**each.payload, "MaximumRetryAttempts": 1}, each.rule, each.pointer)
    for each in strategies.boundary_cases(READ, "response"):
        if isinstance(each.payload, dict) and isinstance(each.payload.get("FunctionArn", ""), str):
            rest = {name: value for name, value in each.payload.items() if name not in ("FunctionArn", "LastModified")}
            name = each.payload.get("FunctionArn") or "f"
            yield Case(SETTINGS, {"FunctionName": name, "Qualifier": "live", **rest}, each.rule, each.pointer)


@cache
def cases() -> tuple[Case, ...]:
    """Return every case whose payload breaks the intended rule in a file.

    Members that the document lacks are excluded: each format names them differently, and `lint/rules` covers them.
    """
    every = (each for each in (*of_mapping(), *of_settings()) if "member.newer" not in rules_of(each))
    return tuple(each for each in every if each.rule is None or each.rule in rules_of(each))


@cache
def few() -> tuple[Case, ...]:
    """Return a case for each rule, member and kind of value, and some valid ones."""
    found: dict[Any, Case] = {}
    for each in cases():
        valid = len(found) % 4 if each.rule is None else None
        found.setdefault((each.kind, each.rule, each.pointer, type(each.value), valid), each)
    return tuple(found.values())


def rules_of(case: Case, implied: Collection[str] = ("FunctionArn",)) -> set[str]:
    """Return the rules that a payload breaks, except those of members that a format implies."""
    return {each.rule for each in violations(case) if not {*each.path[:1]} & {*implied}}


def violations(case: Case) -> Iterable[lv.Violation]:
    if case.kind == MAPPING:
        return VALIDATOR.validate_request(CREATE, case.payload)
    target = {name: value for name, value in case.payload.items() if name in TARGET}
    rest = {name: value for name, value in case.payload.items() if name not in TARGET}
    if str(target.get("FunctionName")).startswith("arn:"):
        rest["FunctionArn"] = target["FunctionName"]
    return (*VALIDATOR.validate_request(READ, target), *VALIDATOR.validate_response(READ, rest))


def linted(written: Written) -> list[LintFinding]:
    """Return the findings of linting a file in memory."""
    source = SourceFile(written.name, written.text, marked(written.text.encode(), "documents"))
    found: Any = resources(source, "documents")
    return [finding for pair in found[1] for finding in check(written.name, *pair, VALIDATOR)]


def misplaced(finding: LintFinding, written: Written) -> str | None:
    """Return why a finding is not at its member. A missing member is reported at the name of its object."""
    path: Path = tuple(finding.pointer.split("/")[1:])
    own = tuple(each for each in path if each != "0")
    path = path if path in written.spots else written.own.get(own, path)
    known = next((path[:length] for length in range(len(path), -1, -1) if path[:length] in written.spots), None)
    if known is None:  # the object has no name: it is the whole document, or an item of a list
        return None if finding.column in (1, 7, 9, 11) else f"column {finding.column}"
    spot = written.spots[known]
    is_name = known != path or not path or finding.rule.startswith("member.") or finding.rule in ADDED
    columns = range(spot.key, spot.key + 1) if is_name else range(spot.value, spot.end + 1)
    matches = finding.line == spot.line and finding.column in columns
    return None if matches else f"{finding.rule} at {finding.line}:{finding.column}, not {spot.line}:{columns}"


class Exception_(NamedTuple):
    """Cases that some formats cannot express, or do not report, and why."""

    reason: str
    formats: str
    holds: Callable[[Case], bool]


def _is_implied(case: Case) -> bool:
    return (case.pointer or "").startswith(("/FunctionName", "/Qualifier")) or case.rule == "destination.self"


def _is_of(*services: str) -> Callable[[Case], bool]:
    pattern = re.compile(rf"arn:[^:]*:(?:{'|'.join(services)}):")
    return lambda case: bool(pattern.match(str(case.payload.get("EventSourceArn"))))


def _is_text_of_another_type(case: Case) -> bool:
    texts = (
        "function-name.type",
        "event-source-arn.type",
        "starting-position.type",
        "qualifier.type",
        "destination.type",
    )
    return case.rule in texts and isinstance(case.value, int | float)


def _is_block(case: Case) -> bool:
    return (case.pointer or "").endswith(("/DestinationConfig", "/OnFailure", "/OnSuccess"))


def _destinations(case: Case) -> list[Any]:
    """Return the destinations of a payload that are objects."""
    config = case.payload.get("DestinationConfig")
    outcomes = [config.get(each) for each in ("OnFailure", "OnSuccess")] if isinstance(config, dict) else []
    return [each for each in outcomes if isinstance(each, dict)]


EXCEPTIONS = (
    Exception_(
        "no operation of the documents writes settings, so no API request contains them",
        "api.json api.yaml",
        lambda case: case.kind == SETTINGS,
    ),
    Exception_(
        "a single member does not identify a payload",
        "api.json api.yaml",
        lambda case: case.kind == MAPPING and len(case.payload) == 1,
    ),
    Exception_(
        "the function is the one that contains the settings or the event",
        "sam serverless",
        _is_implied,
    ),
    Exception_(
        "the settings are those of the object that contains them",
        "ack",
        lambda case: case.kind == SETTINGS and _is_implied(case),
    ),
    Exception_(
        "the type of an event determines its source, and other sources have no type",
        "sam serverless",
        lambda case: case.kind == MAPPING and not _is_of("sqs", "kinesis", "dynamodb")(case),
    ),
    Exception_(
        "an event of a queue has no starting position",
        "serverless",
        lambda case: _is_of("sqs")(case) and any(name.startswith("StartingPosition") for name in case.payload),
    ),
    Exception_(
        "a stream is read from TRIM_HORIZON by default",
        "serverless",
        lambda case: case.rule == "starting-position.required",
    ),
    Exception_("a destination may be a string", "serverless", _is_block),
    Exception_(
        "the framework takes 1 and 0 for true and false",
        "serverless",
        lambda case: case.rule == "enabled.type" and case.value in (0, 1),
    ),
    Exception_(
        "a number or boolean is read as a string",
        "cloudformation.yaml cloudformation.json sam serverless terraform terraform_json terraform_plan "
        "terraform_state",
        _is_text_of_another_type,
    ),
    Exception_(
        "null means that the member is not set",
        "terraform terraform_json terraform_plan terraform_state ack crossplane sam serverless",
        lambda case: (
            case.pointer is not None and case.rule is not None and case.rule.endswith(".type") and case.value is None
        ),
    ),
    Exception_(
        "a zero keeps the source's default",
        "terraform terraform_json crossplane",
        lambda case: case.pointer == "/BatchSize" and case.value == 0,
    ),
    Exception_(
        "the provider writes unset members as a zero, an empty string, list or object",
        "terraform_plan terraform_state",
        lambda case: case.rule not in (None, "member.unknown") and case.value in (0, "", [], {}, False),
    ),
    Exception_(
        "a provider generates the names", "terraform_plan terraform_state", lambda case: case.rule == "member.unknown"
    ),
    Exception_("blocks are no arguments", "terraform", _is_block),
    Exception_(
        "an object may be a list of one, and a list of none is none",
        "terraform_json crossplane",
        lambda case: _is_block(case) and case.value == [],
    ),
    Exception_(
        "plugins add to what a function has",
        "serverless",
        lambda case: case.kind == SETTINGS and case.pointer == "/UnknownMember",
    ),
)
ADDED: Mapping[str, tuple[str, Callable[[Case], bool]]] = {
    "qualifier.required": (
        "cloudformation.yaml cloudformation.json",
        lambda case: case.kind == SETTINGS and "Qualifier" not in case.payload,
    ),
    "destination.required": (
        "cloudformation.yaml cloudformation.json",
        lambda case: any("Destination" not in each for each in _destinations(case)),
    ),
    "sam.transform": ("sam", lambda case: case.kind == SETTINGS and bool(_destinations(case))),
    "invoke-config.empty": (
        "cloudformation.yaml cloudformation.json terraform_plan",
        lambda case: case.kind == SETTINGS and not set(case.payload) - {*TARGET, "UnknownMember"},
    ),
}
"""Rules of formats that are also broken.

They are about members that CloudFormation requires, settings without effect, and destinations without a name or, in
SAM, without a type.
"""
IMPLIED: Mapping[tuple[str, str], Collection[str]] = {
    ("sam", MAPPING): TARGET, ("sam", SETTINGS): TARGET, ("serverless", MAPPING): TARGET,
    ("serverless", SETTINGS): TARGET, ("ack", SETTINGS): TARGET,
}  # fmt: skip
"""Members that the format implies, so that files never contain them."""


def expected(format: str, case: Case) -> set[str]:
    added = {rule for rule, (formats, holds) in ADDED.items() if format in formats.split() and holds(case)}
    return rules_of(case, {"FunctionArn", *IMPLIED.get((format, case.kind), ())}) | added


def applicable(format: str, some: Iterable[Case]) -> Iterator[Case]:
    excepted = [each for each in EXCEPTIONS if format in each.formats.split()]
    return (case for case in some if not any(each.holds(case) for each in excepted))


def differences(format: str, some: Iterable[Case]) -> Iterator[str]:
    """Return the differences, in rules or positions, of a format."""
    for case in applicable(format, some):
        written = WRITERS[format](case.kind, case.payload)
        findings = linted(written)
        found = {each.rule for each in findings}
        if found != expected(format, case):
            yield f"{case}: found {sorted(found)}, not {sorted(expected(format, case))}"
        yield from (f"{case}: {message}" for each in findings if (message := misplaced(each, written)))


@pytest.mark.parametrize("format", WRITERS)
def test_every_format_reports_the_same_rules_at_the_same_members(format: str):
    assert list(differences(format, few())) == []


@pytest.mark.parametrize("format", WRITERS)
def test_separately_created_settings_are_found(format: str):
    case = Case(SETTINGS, {"FunctionName": "f", "Qualifier": "live"}, None, None)
    written = WRITERS[format](SETTINGS, case.payload)
    assert [each.rule for each in linted(written)] == sorted(expected(format, case))


@pytest.mark.exhaustive
@pytest.mark.parametrize("format", WRITERS)
def test_every_case_is_reported_alike_in_every_format(format: str):
    assert list(differences(format, cases())) == []


@pytest.mark.parametrize("format", WRITERS)
def test_most_cases_are_expressible_in_every_format(format: str):
    kinds = {each.kind for each in applicable(format, few())}
    assert kinds == ({MAPPING} if format.startswith("api") else {MAPPING, SETTINGS})
    assert len(list(applicable(format, few()))) > len(few()) / 3


@pytest.mark.parametrize("exception", EXCEPTIONS, ids=lambda each: each.reason)
def test_every_exception_is_needed(exception: Exception_):
    """Each exception excludes some case that no other one does, from each of its formats."""
    for format in exception.formats.split():
        alone = [case for case in cases() if exception.holds(case)]
        assert alone
        others = [each for each in EXCEPTIONS if each is not exception and format in each.formats.split()]
        assert any(True for case in alone if not any(each.holds(case) for each in others)), format
