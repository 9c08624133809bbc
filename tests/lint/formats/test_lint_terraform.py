"""Test Terraform.

The tests cover its language, its JSON, plans and states, damaged and malicious files, and the extra packages.
"""

from __future__ import annotations

import io
import json
import random
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from support.lint_rules import broken, reachable
from support.linting import Project
from support.markdown_cases import of_format
from support.paths import TESTS
from support.steps import calls

import lambda_validate as lv
from lambda_validate.lint.documents import hcl_text
from lambda_validate.lint.documents.hcl_values import Conditional, Fixed, Interpolation, Traversal
from lambda_validate.lint.documents.places import Document, ParseFailure
from lambda_validate.lint.findings.finding import LintOutcome
from lambda_validate.lint.findings.lint_rules import MISPLACED, SPELLING
from lambda_validate.lint.formats.aws_resources import Field
from lambda_validate.lint.formats.terraform import configuration as terraform
from lambda_validate.lint.formats.terraform import modules as terraform_modules
from lambda_validate.lint.formats.terraform.modules import read_template
from lambda_validate.lint.formats.terraform.types import COMPUTED, META, TYPES
from lambda_validate.lint.runner import lint
from lambda_validate.lint.unresolved.parts import Unknown

HEAD = 'resource "aws_lambda_event_source_mapping" "it" {\n'
SQS = "  function_name    = aws_lambda_function.worker.arn\n  event_source_arn = aws_sqs_queue.orders.arn\n"
BAD = HEAD + SQS + "  batch_size       = 11\n}\n"

APPLIED = {MISPLACED, SPELLING, "member.unknown"}
"""Rules about names that a provider always spells correctly."""
NOT_WRITTEN = {
    "Terraform": set(),
    "Terraform JSON": {MISPLACED},
    "Terraform plan": {"qualifier.min-length", *APPLIED},
    "Terraform state": {"qualifier.min-length", *APPLIED},
}
"""Rules that a format cannot break.

JSON does not distinguish blocks from arguments, and applied strings are never empty.
"""


@pytest.fixture(name="project")
def _project(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, by_documents: None
) -> Project:
    monkeypatch.chdir(tmp_path)
    return Project(tmp_path, capsys, monkeypatch)


def linted(file: Path, text: str) -> LintOutcome:
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    return lint([str(file)], io.BytesIO(), lv.Validator())


def rules_of(outcome: LintOutcome) -> list[str]:
    assert not outcome.failures
    return [each.rule for each in outcome.findings]


@pytest.mark.parametrize("name", NOT_WRITTEN)
def test_every_rule_that_can_be_broken_is_broken_in_some_case(name: str):
    assert reachable() - broken(name) == NOT_WRITTEN[name]


class TestNames:
    SCHEMA = json.loads((TESTS / "data" / "terraform-provider-aws-5.100.json").read_text())["resources"]
    NEWER = frozenset(
        "logging_config on_success poller_group_name schema_registry_config".split()  # noqa: SIM905  # a list of words
    )
    """Members of later versions of the provider, and a block that is read although the provider rejects it."""

    @pytest.mark.parametrize("type", TYPES)
    def test_every_argument_of_the_provider_is_known(self, type: str):
        kind = TYPES[type]
        names = dict(self.SCHEMA[type])
        assert {name for name in COMPUTED[type] if names.pop(name) != "computed"} == set()
        for name in META & names.keys():
            del names[name]
        self.compare(names, kind.fields)

    def compare(self, names: Mapping[str, Any], arguments: Mapping[str, Field]) -> None:
        assert set(arguments) - set(names) <= self.NEWER
        assert set(names) <= set(arguments)
        for name, inner in names.items():
            assert (arguments[name].members is not None) is isinstance(inner, dict), name
            if isinstance(inner, dict):
                self.compare(inner, arguments[name].members or {})

    @pytest.mark.parametrize("type", TYPES)
    def test_every_member_exists_in_the_api(self, type: str):
        kind = TYPES[type]
        directions = ("request", "response") if kind.direction == "settings" else ("request",)
        operation = lv.operation(kind.operation)
        members = {name for each in directions for name in operation.members(each)}
        assert {each.api for each in kind.fields.values()} <= members


def test_an_old_release_of_the_extra_is_a_failure_of_the_file(project: Project, monkeypatch: pytest.MonkeyPatch):
    def old(self: Any, pointer: Any, name: str) -> None:
        """Accept the arguments of tree-sitter 0.20."""

    hcl_text._parser.cache_clear()
    monkeypatch.setattr("tree_sitter.Language", type("Language", (), {"__init__": old}))
    project.write({"a.tf": BAD})
    ran = project.json("a.tf")
    hcl_text._parser.cache_clear()
    assert ran.code == 2
    assert ran.err.splitlines()[0] == (
        "lambda-validate: a.tf: these versions of tree-sitter and tree-sitter-hcl do not work together; "
        "install lambda-validate[terraform]"
    )


class TestMissingExtra:
    @pytest.fixture(autouse=True)
    def _without(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        hcl_text._parser.cache_clear()
        monkeypatch.setitem(sys.modules, "tree_sitter_hcl", None)
        yield
        hcl_text._parser.cache_clear()

    def test_without_the_extra_relevant_files_fail_and_others_are_read(self, project: Project):
        project.write({"a.tf": BAD, "b.tf": 'resource "aws_sqs_queue" "q" {\n', "c.tf.json": JSON_BAD})
        ran = project.json(".")
        assert ran.code == 2
        assert ran.places == ["2:1 batch-size.sqs"]
        assert [each for each in ran.err.splitlines() if "a.tf" in each or "b.tf" in each] == [
            "lambda-validate: a.tf: to read Terraform's language, install lambda-validate[terraform]"
        ]

    def test_a_file_that_only_references_a_resource_needs_no_extra(self, project: Project):
        project.write({"a.tf": 'output "x" {\n  value = aws_lambda_event_source_mapping.it.uuid\n}\n'})
        assert project.json(".").code == 0


JSON_BAD = """{"resource": {"aws_lambda_event_source_mapping": {"it": {"function_name": "f", "batch_size":
11, "event_source_arn": "arn:aws:sqs:us-west-2:123456789012:orders"}}}}"""


class TestDetection:
    def test_a_folder_is_walked_for_all_terraform_file_types(self, project: Project):
        state = {"type": "aws_lambda_event_source_mapping", "mode": "managed", "instances": [{"attributes": {}}]}
        project.write(
            {
                "a.tf": BAD,
                "b.tofu": BAD,
                "c.tf.json": JSON_BAD,
                "terraform.tfstate": json.dumps({"version": 4, "resources": [state]}),
            }
        )
        assert {each["file"] for each in json.loads(project.run(".", "--output-format", "json").out)["findings"]} == {
            "a.tf", "b.tofu", "c.tf.json", "terraform.tfstate",
        }  # fmt: skip

    def test_terraform_on_standard_input_is_detected_by_its_blocks(self, project: Project):
        assert project.json("-", stdin=BAD).rules == ["batch-size.sqs"]

    @pytest.mark.parametrize(
        "text",
        [
            '{"aws_lambda_event_source_mapping": 5}',
            '{"resource": {"aws_lambda_event_source_mapping": 5, "aws_lambda_function_event_invoke_config": [[]]}}',
            '{"resource": [5, {"aws_lambda_event_source_mapping": {"it": 5}}], "variable": 7, "locals": [[]]}',
            '{"resource_changes": 5, "type": "aws_lambda_event_source_mapping"}',
            '{"resource_changes": [5, {"type": "aws_lambda_event_source_mapping", "mode": "managed"}]}',
            '{"version": 4, "resources": {"type": "aws_lambda_event_source_mapping", "instances": {"attributes": 5}}}',
            '{"version": 3, "resources": [{"type": "aws_lambda_event_source_mapping"}]}',
            '{"values": {"root_module": {"resources": {"type": "aws_lambda_event_source_mapping"}}}}',
            '["aws_lambda_event_source_mapping"]',
        ],
    )
    def test_lookalike_documents_are_skipped(self, text: str, tmp_path: Path):
        outcome = linted(tmp_path / "a.json", text)
        assert outcome.findings == outcome.failures == ()
        assert outcome.checked == 0


SECONDS = [
    ("1970-01-01T00:00:01Z", 1.0),
    ("2024-06-10T19:26:16Z", 1718047576.0),
    ("2024-06-10T21:26:16.5+02:00", 1718047576.5),
    ("2024-06-10T19:26:16.25Z", 1718047576.25),
]


@pytest.mark.parametrize(("written", "seconds"), SECONDS)
def test_a_timestamp_becomes_unix_seconds(written: str, seconds: float):
    text = f'{HEAD}  starting_position_timestamp = "{written}"\n}}\n'
    (document,) = hcl_text.parse(text)
    assert isinstance(document, Document)
    (resource,) = terraform.resources(document, "documents")
    assert resource.payload == {"StartingPositionTimestamp": seconds}
    assert resource.extra == ()


TEMPLATES: list[tuple[str, Any]] = [
    ("a $ b", "a $ b"),
    ("$${a} %%{b}", "${a} %{b}"),
    ("${a.b}", Traversal(("a", "b"))),
    ('${ a["b"].c[0][each.key] }', Traversal(("a", "b", "c", 0, None))),
    ("x-${a}-y", Interpolation((Fixed("x-"), Traversal(("a",)), Fixed("-y")))),
    ("${5}", 5),
    ('${"b"}', "b"),
    ("${true}", True),
    ('${a == 1 ? "x" : null}', Conditional("a == 1", "x", None)),
    ("${f({a = 1})}x", Interpolation((Unknown(), Fixed("x")))),
    ("${~ a ~}", Unknown()),
    ("%{ if a }b%{ endif }", Unknown()),
    ("${a", Unknown()),
    ('${"}', Unknown()),
]


@pytest.mark.parametrize(("text", "value"), TEMPLATES)
def test_templates_in_json(text: str, value: Any):
    assert read_template(text) == value


@pytest.mark.parametrize(
    ("source", "is_known"), [("var.arn", False), ("null", True), ("aws_msk_cluster.it.arn", True), ('"arn"', True)]
)
def test_a_possibly_null_source_is_not_a_second_source(source: str, is_known: bool):
    endpoints = '  self_managed_event_source {\n    endpoints = { KAFKA_BOOTSTRAP_SERVERS = "a:1,b:2" }\n  }\n'
    (document,) = hcl_text.parse(f"{HEAD}  event_source_arn = {source}\n{endpoints}}}\n")
    assert isinstance(document, Document)
    (resource,) = terraform.resources(document, "documents")
    known = {"Endpoints": {"KAFKA_BOOTSTRAP_SERVERS": ["a:1", "b:2"]}}
    assert resource.payload["SelfManagedEventSource"] == (known if is_known else Unknown())


def planned(unknown: Any, expressions: dict[str, Any]) -> str:
    """Return the plan of a mapping whose values are unknown, except the function name."""
    names = {"mode": "managed", "type": "aws_lambda_event_source_mapping", "name": "it"}
    change = {"actions": ["create"], "after": {"function_name": "f"}, "after_unknown": unknown}
    module = {"resources": [{**names, "expressions": expressions}]}
    return json.dumps({"resource_changes": [{**names, "change": change}], "configuration": {"root_module": module}})


def test_values_computed_by_the_provider_are_not_checked(tmp_path: Path):
    unknown = {"event_source_arn": True, "topics": [True], "maximum_retry_attempts": True}
    source = {"event_source_arn": {"references": ["var.arn"]}}
    assert rules_of(linted(tmp_path / "a.json", planned(unknown, source))) == []
    written = {**source, "maximum_retry_attempts": {"references": ["var.attempts"]}}
    assert rules_of(linted(tmp_path / "a.json", planned(unknown, written))) == ["member.newer"]
    assert rules_of(linted(tmp_path / "a.json", planned(unknown, {}))) == ["event-source-arn.required"]


def test_a_plan_of_unknown_values_has_no_findings(tmp_path: Path):
    assert rules_of(linted(tmp_path / "a.json", planned(True, {}))) == []


class TestMessages:
    def test_messages_name_the_argument_and_its_correction(self, tmp_path: Path):
        (finding,) = linted(tmp_path / "a.tf", BAD).findings
        assert finding.message == (
            "BatchSize (here batch_size) is at most 10 for an SQS queue; "
            "`current` allows up to 10,000 with a batching window."
        )
        text = HEAD + SQS.replace("aws_sqs_queue.orders.arn", "aws_sqs_queue.orders.url") + "}\n"
        (finding,) = linted(tmp_path / "a.tf", text).findings
        assert finding.help == "Write aws_sqs_queue.orders.arn."
        text = BAD.replace("aws_sqs_queue.orders.arn", "aws_dynamodb_table.items[0].arn")
        assert "Write aws_dynamodb_table.items.stream_arn." in {
            each.help for each in linted(tmp_path / "a.tf", text).findings
        }
        text = HEAD + SQS + "  batchSize = 11\n}\n"
        (finding,) = linted(tmp_path / "a.tf", text).findings
        assert finding.message == (
            "There is no argument 'batchSize' in aws_lambda_event_source_mapping; did you mean 'batch_size'?"
        )
        assert finding.help == "Write batch_size."

    def test_messages_hold_no_values(self, tmp_path: Path):
        text = HEAD + SQS + '  starting_position_timestamp = "s3cret"\n  tags = "s3cret"\n  enabled = "s3cret"\n}\n'
        findings = linted(tmp_path / "a.tf", text).findings
        assert len(findings) > 2
        assert not any("s3cret" in f"{each.message}{each.help}" for each in findings)


def damaged(text: str, seed: int) -> str:
    """Return a string with one to four faults, the same for each seed."""
    fault = random.Random(seed)
    for _ in range(fault.choice([1, 1, 2, 4])):
        start = fault.randrange(len(text) + 1)
        end = min(len(text), start + fault.choice([1, 1, 5, 60]))
        token = fault.choice(TOKENS)
        text = fault.choice(
            [
                text[:start],
                text[:start] + text[end:],
                text[:start] + token + text[start:],
                text[:start] + token + text[end:],
                text[:start] + text[start:end] * 2 + text[end:],
            ]
        )
    return text


TOKENS = [
    *('"', "{", "}", "[", "]", "(", ")", "${", "%{", "<<EOT\n", "EOT\n", "=", "?", ":", "\n", "/*", "#", "\\", "$${"),
    *("é", "\U0001f600", "\u2028", "\r\n", " null ", "1e5", "-", ".0", ",", "5", "true", "//", "...", "~}", "[*]"),
    *('dynamic "destination_config" {', "local.name", "jsonencode("),
]
SOUND = of_format("Terraform", "Terraform JSON", "Terraform plan", "Terraform state")


TESTS = 20
"""The number of tests that share the 400 seeds."""


@pytest.mark.parametrize("first", range(TESTS))
def test_damaged_files_give_findings_or_a_located_failure(first: int, tmp_path: Path):
    for seed in range(first, 400, TESTS):
        case = SOUND[seed % len(SOUND)]
        text = damaged(case.text, seed)
        outcome = linted(tmp_path / case.file_name, text)
        lines = text.replace("\r\n", "\n").count("\n") + 2
        for each in outcome.failures:
            assert each.message.startswith("expected "), seed
            assert each.line is None or 1 <= each.line <= lines, seed
        for finding in outcome.findings:
            assert finding.line is not None, seed
            assert 1 <= finding.line <= lines, seed
            assert finding.excerpt is not None, seed


def chain(middle: str, last: str) -> str:
    """Return forty locals that each refer twice to the next one."""
    return (
        "locals {\n"
        + "".join(f"  a{i} = {middle.replace('@', f'local.a{i + 1}')}\n" for i in range(40))
        + f"  a40 = {last}\n}}\n"
    )


HOSTILE = {
    "100,000 lists": HEAD + SQS + "  batch_size = " + "[" * 100_000 + "]" * 100_000 + "\n}\n",
    "100,000 lists that stay open": HEAD + "  batch_size = " + "[" * 100_000,
    "20,000 blocks": HEAD + "destination_config {\n" * 20_000 + "}\n" * 20_000 + "}\n",
    "100,000 parentheses": HEAD + "  batch_size = " + "(" * 100_000 + "1" + ")" * 100_000 + "\n}\n",
    "10,000 templates": HEAD + "  function_name = " + '"${' * 10_000 + "x" + '}"' * 10_000 + "\n}\n",
    "10,000 conditionals": HEAD + "  batch_size = " + "a ? 1 : " * 10_000 + "1\n}\n",
    "100,000 steps": HEAD + "  event_source_arn = a" + ".b" * 100_000 + "\n}\n",
    "10,000 heredocs": HEAD + "  batch_size = <<A\n" * 10_000,
    "a huge number": HEAD + "  batch_size = " + "9" * 100_000 + "\n}\n",
    "a huge exponent": HEAD + "  batch_size = 1.0e999999999\n}\n",
    "a loop": 'locals {\n  a = local.b\n  b = local.a\n  c = "${local.c}"\n}\n' + HEAD + "batch_size = local.a\n}\n",
    "doubling lists": chain("[@, @]", "1") + HEAD + "  topics = local.a0\n}\n",
    "doubling texts": chain('"${@}${@}"', '"x"') + HEAD + "  function_name = local.a0\n}\n",
    "doubling conditionals": chain("var.x ? @ : @", '"x"') + HEAD + "  function_name = local.a0\n}\n",
    "2,000 resources": "".join(BAD.replace('"it"', f'"it{i}"') for i in range(2000)),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_take_bounded_work(name: str, tmp_path: Path):
    outcomes = []
    calls(lambda: outcomes.append(linted(tmp_path / "a.tf", HOSTILE[name])), limit=5_000_000)
    assert outcomes[0].findings or outcomes[0].failures


def test_a_file_follows_no_more_references_than_its_budget(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(terraform_modules, "TOTAL", 5)
    assert rules_of(linted(tmp_path / "a.tf", BAD.replace("aws_lambda_function.worker.arn", '"my function"'))) == [
        "function-name.pattern",
        "batch-size.sqs",
    ]
    monkeypatch.setattr(terraform_modules, "TOTAL", 0)
    assert rules_of(linted(tmp_path / "a.tf", BAD.replace("aws_lambda_function.worker.arn", '"my function"'))) == []


def test_a_broken_file_is_a_failure_only_if_it_names_the_resources(tmp_path: Path):
    assert linted(tmp_path / "a.tf", 'resource "aws_sqs_queue" "q" {').failures == ()
    (failure,) = linted(tmp_path / "a.tf", BAD[:-2]).failures
    (bare,) = linted(tmp_path / "a.tf", BAD[:-2].replace('"', "")).failures
    assert (bare.line, bare.column, bare.message) == (1, 45, "expected a closing } for the { that is here")
    assert failure[1:4] == (1, 49, "expected a closing } for the { that is here")


def test_duplicate_attributes_of_other_resources_are_not_reported(tmp_path: Path):
    other = 'resource "aws_sqs_queue" "q" {\n  name = "a"\n  name = "b"\n}\n'
    assert rules_of(linted(tmp_path / "a.tf", other + BAD)) == ["batch-size.sqs"]


def test_invalid_hcl_returns_a_parse_failure():
    assert isinstance(hcl_text.parse("a = "), ParseFailure)


def older(version: int, type: str) -> str:
    """Return a state as Terraform 0.11 wrote it."""
    primary = {"id": "x", "attributes": {"batch_size": "11", "function_name": "worker"}}
    module = {"path": ["root"], "outputs": {}, "resources": {f"{type}.it": {"type": type, "primary": primary}}}
    return json.dumps(
        {
            "version": version,
            "terraform_version": "0.11.14",
            "serial": 1,
            "modules": [5, {"resources": {"x": {"type": [5]}}}, module],
        }
    )


def test_a_state_of_version_3_is_a_note(project: Project):
    project.write({"terraform.tfstate": older(3, "aws_lambda_event_source_mapping")})
    ran = project.run(".")
    assert ran.code == 0
    note, summary = ran.err.splitlines()
    assert note == (
        "lambda-validate: terraform.tfstate: not checked: expected a state of version 4, but this is version 3, from "
        "before Terraform 0.12; convert it with a newer Terraform, or with `terraform show -json`"
    )
    assert summary.endswith("in 0 checked files; 1 not checked")
    assert "not checked" not in project.run(".", "--quiet").err
    project.write({"terraform.tfstate": older(3, "aws_sqs_queue").replace("serial", "aws_lambda_event_source_mapping")})
    assert "not checked" not in project.run(".").err
