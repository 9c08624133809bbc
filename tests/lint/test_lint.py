"""Test linting: which mappings are payloads, and the position of each finding."""

from __future__ import annotations

import io
import json
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.texts import cut

import lambda_validate as lv
from lambda_validate.lint.control import Control
from lambda_validate.lint.control.selection import Selection
from lambda_validate.lint.documents.places import Span
from lambda_validate.lint.findings.finding import LintFinding, LintOutcome
from lambda_validate.lint.findings.lint_rules import DUPLICATE, EMPTY, LINT_RULES, QUALIFIER, VISIBILITY
from lambda_validate.lint.formats import api
from lambda_validate.lint.runner import LintTask, lint

QUEUE = "arn:aws:sqs:us-west-2:123456789012:orders"
GOOD = {"FunctionName": "f", "EventSourceArn": QUEUE}

Found = Callable[..., list[tuple[str, str | None]]]


def outcome(*paths: Path, disable: tuple[str, ...] = (), **options: Any) -> LintOutcome:
    validator = lv.Validator(**options)
    task = LintTask(control=Control(validator, Selection(ignore=disable)))
    return lint(map(str, paths), io.BytesIO(), validator, task)


def span(finding: LintFinding) -> Span | None:
    assert finding.line is None or finding.end_line is not None
    return Span(*finding[1:5]) if finding.line is not None else None  # type: ignore[arg-type]  # none is None


@pytest.fixture(name="found")
def _found(tmp_path: Path) -> Found:
    """Return the rules that a file breaks, each with the string at its position."""

    def found(text: str, suffix: str = ".json", **options: Any) -> list[tuple[str, str | None]]:
        file = tmp_path / f"payload{suffix}"
        file.write_bytes(text.encode())
        result = outcome(file, **options)
        assert not result.failures
        return [(each.rule, cut(text, span(each))) for each in result.findings]

    return found


class TestPlacesInJson:
    def test_an_invalid_value_is_marked(self, found: Found):
        text = json.dumps({**GOOD, "BatchSize": 11, "Enabled": "yes"}, indent=1)
        assert found(text) == [("batch-size.sqs", "11"), ("enabled.type", '"yes"')]

    def test_an_unknown_member_is_marked_at_its_key(self, found: Found):
        assert found(json.dumps({**GOOD, "BatchSizes": 1})) == [("member.unknown", '"BatchSizes"')]

    def test_a_newer_member_is_marked_at_its_key(self, found: Found):
        assert found(json.dumps({**GOOD, "Topics": ["a"]})) == [("member.newer", '"Topics"')]

    def test_a_missing_member_is_marked_at_its_object(self, found: Found):
        assert found('  {"EventSourceArn": "' + QUEUE + '", "BatchSize": 1}') == [("function-name.required", "{")]

    def test_the_first_invalid_character_is_marked(self, found: Found):
        assert found(json.dumps({**GOOD, "FunctionName": "my function"})) == [("function-name.pattern", " ")]
        assert found(json.dumps({**GOOD, "FunctionName": "f\n"})) == [("function-name.pattern", "\\n")]

    def test_a_truncated_value_is_marked_at_its_end(self, found: Found):
        assert found(json.dumps({**GOOD, "EventSourceArn": "arn:aws"})) == [("event-source-arn.pattern", '"')]

    def test_a_duplicate_member_is_marked_at_its_second_occurrence(self, found: Found):
        text = json.dumps({**GOOD, "BatchSize": 11})[:-1] + ', "BatchSize": 1}'
        assert found(text) == [("document.duplicate-member", '"BatchSize"')]
        assert found(text, disable=("document.duplicate-member",)) == []

    def test_duplicate_members_outside_payloads_are_not_reported(self, found: Found):
        assert found('[{"a": 1, "a": 2}, ' + json.dumps(GOOD) + "]") == []

    def test_a_nested_member_is_marked(self, found: Found):
        text = '{"MaximumEventAgeInSeconds": 60, "DestinationConfig": {"OnFailure": {"Destination": 5}}}'
        assert ("destination.type", "5") in found(text)

    def test_a_byte_order_mark_does_not_shift_positions(self, found: Found):
        text = json.dumps({**GOOD, "BatchSize": 11})
        assert [rule for rule, _ in found("\ufeff" + text)] == ["batch-size.sqs"]
        assert [where for _, where in found(text)] == ["11"]

    def test_windows_line_breaks_do_not_shift_positions(self, tmp_path: Path):
        file = tmp_path / "a.json"
        file.write_bytes(json.dumps({**GOOD, "BatchSize": 11}, indent=1).replace("\n", "\r\n").encode())
        (finding,) = outcome(file).findings
        assert finding[1:5] == (4, 15, 4, 17)
        assert finding.excerpt is not None
        assert finding.excerpt.text == ' "BatchSize": 11'


class TestPlacesInYaml:
    def test_values_keys_and_characters_are_marked(self, found: Found):
        text = f"FunctionName: my function\nEventSourceArn: '{QUEUE}'\nBatchSize: 11 # many\nBatchSizes: 1\n"
        assert found(text, ".yaml") == [
            ("function-name.pattern", " "),
            ("batch-size.sqs", "11"),
            ("member.unknown", "BatchSizes"),
        ]

    def test_yaml_1_1_booleans_are_strings(self, found: Found):
        text = f"FunctionName: f\nEventSourceArn: {QUEUE}\nEnabled: yes\n"
        assert found(text, ".yml") == [("enabled.type", "yes")]

    def test_the_last_line_break_of_a_block_scalar_is_marked(self, tmp_path: Path):
        file = tmp_path / "a.yaml"
        file.write_text(f"EventSourceArn: |\n  {QUEUE}\nFunctionName: f\n")
        places = {each.rule: (each.line, each.column) for each in outcome(file).findings}
        assert places["event-source-arn.pattern"] == (2, 3 + len(QUEUE))

    @pytest.mark.parametrize("header", [">-", ">", ">+", "|-"])
    def test_characters_in_a_single_line_block_scalar_are_marked(self, header: str, tmp_path: Path):
        file = tmp_path / "a.yaml"
        file.write_text(f"EventSourceArn: {QUEUE}\nFunctionName: {header}\n  my function\n")
        assert (3, 5) in {(each.line, each.column) for each in outcome(file).findings}

    def test_a_folded_multi_line_block_scalar_is_marked(self, tmp_path: Path):
        file = tmp_path / "a.yaml"
        file.write_text(f"EventSourceArn: {QUEUE}\nFunctionName: >-\n  my\n  function\n")
        assert [(each.line, each.column) for each in outcome(file).findings] == [(2, 15)]

    def test_an_alias_is_marked_at_its_use(self, found: Found):
        text = f"- &a {{FunctionName: f, EventSourceArn: {QUEUE}, BatchSize: 11}}\n- <<: *a\n"
        assert found(text, ".yaml") == [("batch-size.sqs", "11"), ("batch-size.sqs", "*a")]

    def test_the_payloads_of_all_documents_are_checked(self, found: Found):
        first = f"FunctionName: f\nEventSourceArn: {QUEUE}\nBatchSize: 11\n"
        text = f"a: 1\n---\n{first}---\nBatchSize: 0\nFunctionName: f\n"
        rules = [rule for rule, _ in found(text, ".yaml")]
        assert rules == ["batch-size.sqs", "event-source-arn.required", "batch-size.minimum"]

    def test_unknown_values_have_no_findings(self, found: Found):
        text = "FunctionName: !Ref f\nEventSourceArn: !GetAtt q.Arn\nBatchSize: 11\nStartingPosition: NOW\n"
        assert found(text, ".yaml") == [("starting-position.enum", "NOW")]
        text = f"FunctionName: f\nEventSourceArn: {QUEUE}\nStartingPosition: !Ref p\nStartingPositionTimestamp: 1\n"
        assert found(text, ".yaml") == []

    def test_duplicate_members_are_found(self, found: Found):
        text = f"FunctionName: f\nEventSourceArn: {QUEUE}\nBatchSize: 1\nBatchSize: 2\n"
        assert found(text, ".yaml") == [("document.duplicate-member", "BatchSize")]


def recognised(*names: str) -> tuple[str, str] | None:
    shape = api.recognised(frozenset(names))
    return (shape.operation, shape.direction) if shape else None


CREATE, ANSWER = ("CreateEventSourceMapping", "request"), ("CreateEventSourceMapping", "response")
READ, SETTINGS = ("GetFunctionEventInvokeConfig", "request"), ("GetFunctionEventInvokeConfig", "response")
PUT = ("GetFunctionEventInvokeConfig", "settings")


@pytest.mark.parametrize(
    ("names", "whose"),
    [
        ("FunctionName EventSourceArn", CREATE),
        ("FunctionName BatchSize", CREATE),
        ("FunctionName SelfManagedEventSource Topics", CREATE),
        ("FunctionName EventSourceARN", CREATE),
        ("FunctionName EventSorceArn BatchSise", CREATE),
        ("FunctionName EventSourceArn State", CREATE),
        ("UUID BatchSize EventSourceArn FunctionArn State", ANSWER),
        ("FunctionArn EventSourceArn", ANSWER),
        ("FunctionName Qualifier", READ),
        ("FunctionArn LastModified MaximumEventAgeInSeconds", SETTINGS),
        ("MaximumEventAgeInSeconds MaximumRetryAttempts DestinationConfig", SETTINGS),
        ("FunctionName", None),
        ("FunctionArn LastModified", None),
        ("FunctionName MaximumRetryAttempts", None),
        ("FunctionName MaximumRetryAttempts MaximumEventAgeInSeconds DestinationConfig Qualifier", PUT),
        ("FunctionName MaximumEventAgeInSeconds", PUT),
        ("FunctionName Qualifier MaximumRetryAttempts", PUT),
        ("FunctionName MaximumEventAgeInSeconds MaximumRetryAttempt", PUT),
        ("FunctionName MaximumEventAgeInSeconds LastModified", None),
        ("BatchSize Enabled", None),
        ("BatchSize Enabled Epochs", None),
        ("BatchSize Topics", None),
        ("BatchSize MaximumRetryAttempts Enabled", None),
        ("FunctionName BatchSize Enabled Name", None),
        ("FilterCriteria Tags", None),
        ("FunctionName BatchSize Enabled", CREATE),
        ("BatchSize MaximumBatchingWindowInSeconds", CREATE),
        ("BatchSize StartingPosition Name", CREATE),
        ("UUID FunctionName BatchSize MaximumRetryAttempts ParallelizationFactor BisectBatchOnFunctionError", None),
        ("FunctionName KMSKeyArn LoggingConfig", None),
        ("function_name event_source_arn batch_size", None),
        ("functionName eventSourceArn batchSize enabled", None),
        ("AWSTemplateFormatVersion Resources Description", None),
        ("apiVersion kind metadata spec", None),
        ("name version State Tags Topics Queues", None),
        ("BatchSize a b c", None),
        ("", None),
    ],
)
def test_a_payload_is_recognised_by_its_member_names(names: str, whose: tuple[str, str] | None):
    assert recognised(*names.split()) == whose


@pytest.mark.parametrize("name", lv.operations())
@pytest.mark.parametrize("direction", ["request", "response"])
def test_a_payload_with_all_members_of_a_direction_is_recognised(name: str, direction: str):
    assert recognised(*lv.operation(name).members(direction)) == (name, direction)


def test_a_mapping_of_thousands_of_members_is_not_a_payload():
    assert recognised("FunctionName", "EventSourceArn", *map(str, range(100_000))) is None


def test_a_list_at_the_root_holds_several_payloads(tmp_path: Path):
    file = tmp_path / "a.json"
    file.write_text(json.dumps([{**GOOD, "BatchSize": 11}, 5, {"x": 1}, {**GOOD, "BatchSize": 0}]))
    assert [(each.rule, each.pointer) for each in outcome(file).findings] == [
        ("batch-size.sqs", "/BatchSize"),
        ("batch-size.minimum", "/BatchSize"),
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", '{"Resources": {"M": {"Properties": {"FunctionName": "a b", "BatchSize": 99999}}}}'),
        ("a.yaml", "Resources:\n  M:\n    Properties:\n      FunctionName: 'a b'\n      BatchSize: 99999\n"),
        ("a.json", "5"),
        ("a.json", '"BatchSize"'),
        ("a.yaml", "BatchSize"),
        ("broken.json", "{"),
        ("broken.json", '{"FunctionName": "f", '),
        ("a.json", ""),
        ("a.yaml", ""),
        ("a.yaml", "# BatchSize\n"),
    ],
)
def test_files_without_payloads_are_skipped(name: str, text: str, tmp_path: Path):
    (tmp_path / name).write_text(text)
    assert outcome(tmp_path) == LintOutcome(files=1)


def test_findings_come_by_file_line_and_column(tmp_path: Path):
    for name in ("b.json", "a.json", "c.json"):
        (tmp_path / name).write_text(json.dumps({"BatchSize": 0, **GOOD, "Enabled": 1}, indent=1))
    places = [(each.file, each.line, each.column) for each in outcome(tmp_path / "c.json", tmp_path).findings]
    assert places == sorted(places)
    assert len(places) == 6


@pytest.mark.parametrize(
    ("name", "operations", "directions"),
    [
        (EMPTY, ("GetFunctionEventInvokeConfig",), ("request",)),
        (QUALIFIER, ("GetFunctionEventInvokeConfig",), ("request",)),
        (VISIBILITY, ("CreateEventSourceMapping",), ("request",)),
        (DUPLICATE, ("CreateEventSourceMapping", "GetFunctionEventInvokeConfig"), ("request", "response")),
    ],
)
def test_lint_rules_name_their_operations_and_directions(
    name: str, operations: tuple[str, ...], directions: tuple[str, ...]
):
    rule = LINT_RULES[name].rule(name)
    assert (rule.id, rule.operations, rule.directions) == (name, operations, directions)


def test_an_empty_outcome_has_default_values():
    assert LintOutcome() == ((), (), 0, 0, "documents", 0, 0, (), ({}, False), (), {})


def test_an_outcome_of_another_process_has_the_same_counts(tmp_path: Path):
    (tmp_path / "a.json").write_text(json.dumps({**GOOD, "BatchSize": 0, "StartingPosition": "LATEST"}))
    found = outcome(tmp_path)
    again = pickle.loads(pickle.dumps(found.findings))
    counts = [(each.count("error"), each.count("warning")) for each in (found, found._replace(findings=again))]
    assert counts == [(1, 1), (1, 1)]


def test_valid_payloads_do_not_compute_positions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def fail(text: str) -> None:
        raise AssertionError(text)

    monkeypatch.setattr("lambda_validate.lint.documents.json_text.tree", fail)
    (tmp_path / "a.json").write_text(json.dumps(GOOD))
    assert outcome(tmp_path) == LintOutcome(files=1, checked=1)
