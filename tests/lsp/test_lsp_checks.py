"""Test that documents in an editor have the same findings as files, also while they cannot be parsed."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from support.linting import QUEUE, Project
from support.markdown_cases import of_format
from test_lsp_projects import projects

from lambda_validate.lint.files import Failure
from lambda_validate.lint.findings.finding import LintFinding
from lambda_validate.lint.runner import LintTask, lint
from lambda_validate.lsp.checks import Checked, DocumentChecker

TEMPLATE = f"""\
Resources:
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      FunctionName: orders
      EventSourceArn: {QUEUE}
      BatchSize: 11
      Enabeld: true
  Other:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      FunctionName: orders
      EventSourceArn: {QUEUE}
      BatchSize: 12
"""


@pytest.fixture
def checker(project: Project) -> DocumentChecker:
    return DocumentChecker(projects().of(str(project.folder)), {})


def rules(checked: Checked) -> list[str]:
    return [each.about.rule if isinstance(each.about, LintFinding) else each.about.message for each in checked.marks]


def pieces(checked: Checked) -> list[str]:
    """Return the parts of the document at the findings."""
    return [checked.text[each.start : each.end] for each in checked.marks]


@pytest.mark.parametrize("name", ["CloudFormation", "SAM", "Terraform", "Terraform plan", "ACK", "AWS CLI"])
def test_findings_are_those_of_lint(project: Project, checker: DocumentChecker, name: str):
    path = project.folder / "sub"
    for case in of_format(name)[::5]:
        for file, text in (*case.beside, (case.file_name, case.text)):
            (path / file).parent.mkdir(parents=True, exist_ok=True)
            (path / file).write_bytes(text.encode())
        file = str(path / case.file_name)
        task = LintTask(control=checker.project.control)
        outcome = lint([file], io.BytesIO(), checker.project.validator, task)
        assert [each.about for each in checker.check(file, case.text).marks] == [*outcome.findings]


def test_a_finding_has_the_offsets_of_its_place(checker: DocumentChecker):
    checked = checker.check("/a.yaml", TEMPLATE)
    assert pieces(checked) == ["11", "Enabeld", "12"]
    assert checked.is_whole


def test_a_byte_order_mark_is_counted(checker: DocumentChecker):
    text = "\ufeff" + json.dumps({"FunctionName": "f", "EventSourceArn": QUEUE, "BatchSize": 11})
    assert pieces(checker.check("/a.json", text)) == ["11"]


def test_a_document_in_no_format_has_no_findings(checker: DocumentChecker):
    assert checker.check("/a.yaml", "a: b\n") == Checked("a: b\n")


@pytest.mark.parametrize("text", ["", "\0", "\ud800", "\ufeff", "Type: AWS::Lambda::EventSourceMapping \ud800"])
def test_odd_characters_do_not_raise(checker: DocumentChecker, text: str):
    assert checker.check("/a.yaml", text).text == text


class TestBroken:
    """Documents that cannot be parsed."""

    def test_a_broken_document_has_the_failure_at_its_position(self, checker: DocumentChecker):
        checked = checker.check("/a.yaml", TEMPLATE + "  [")
        assert not checked.is_whole
        assert [type(each.about) for each in checked.marks] == [Failure]

    def test_earlier_findings_are_preserved_and_shifted(self, checker: DocumentChecker):
        before = checker.check("/a.yaml", TEMPLATE)
        broken = TEMPLATE.replace("  Other:", "  {\n  Other:").replace("Resources", "# Ha\nResources")
        checked = checker.check("/a.yaml", broken, before)
        assert pieces(checked)[:-1] == ["12"]  # the others are within the changed part
        assert rules(checked)[0] == "batch-size.sqs"
        assert not checked.is_whole

    def test_findings_before_the_change_keep_their_position(self, checker: DocumentChecker):
        before = checker.check("/a.yaml", TEMPLATE)
        first = checker.check("/a.yaml", TEMPLATE + "  [", before)
        second = checker.check("/a.yaml", TEMPLATE + "  [[", first)
        for checked in (first, second):
            assert pieces(checked)[:3] == ["11", "Enabeld", "12"]
            assert len(checked.marks) == 4

    def test_earlier_findings_are_dropped_once_the_document_parses_again(self, checker: DocumentChecker):
        before = checker.check("/a.yaml", TEMPLATE)
        broken = checker.check("/a.yaml", TEMPLATE + "  [", before)
        assert rules(checker.check("/a.yaml", TEMPLATE.replace("11", "10"), broken)) == [
            "member.unknown", "batch-size.sqs",
        ]  # fmt: skip

    def test_a_template_for_an_engine_gets_a_note(self, checker: DocumentChecker):
        text = "Resources:\n{{ if }}\n A: [\n  Type: AWS::Lambda::EventSourceMapping\n"
        (mark,) = checker.check("/a.yaml", text).marks
        assert isinstance(mark.about, Failure)
        assert mark.about.note


class TestFixes:
    def test_a_fix_is_offered_at_its_finding(self, checker: DocumentChecker):
        start = TEMPLATE.index("Enabeld")
        (fix,) = checker.fixes("/a.yaml", TEMPLATE, start, start)
        assert (TEMPLATE[fix.start : fix.end], fix.text) == ("Enabeld", "Enabled")
        assert [each.about.rule for each in fix.marks] == ["member.unknown"]  # type: ignore[union-attr]  # a finding

    def test_no_fix_is_offered_elsewhere_or_if_unsafe(self, checker: DocumentChecker):
        assert checker.fixes("/a.yaml", TEMPLATE, 0, 3) == []
        both = TEMPLATE.replace("      Enabeld", "      Enabled: true\n      Enabeld")
        assert checker.fixes("/a.yaml", both, 0, len(both)) == []

    def test_fixing_all_equals_running_fix(self, project: Project, checker: DocumentChecker):
        text = "\ufeff" + TEMPLATE.replace("11", "'10'")
        project.write({"a.yaml": text})
        project.run("--fix", "a.yaml")
        assert checker.fixed(str(project.folder / "a.yaml"), text).encode() == project.read("a.yaml")
        assert b"Enabled" in project.read("a.yaml")

    @pytest.mark.parametrize("text", ["a: b\n", TEMPLATE + "  ["])
    def test_clean_or_broken_documents_have_no_fixes(self, checker: DocumentChecker, text: str):
        assert checker.fixes("/a.yaml", text, 0, len(text)) == []
        assert checker.fixed("/a.yaml", text) == text


MAIN = f"""\
variable "size" {{}}
resource "aws_lambda_event_source_mapping" "orders" {{
  function_name    = "orders"
  event_source_arn = "{QUEUE}"
  batch_size       = local.size
}}
"""


def test_open_sibling_files_are_read_from_the_editor(project: Project):
    project.write({"locals.tf": "locals {\n  size = 10\n}\n"})
    main, beside = str(project.folder / "main.tf"), str(project.folder / "locals.tf")
    settings = projects().of(str(project.folder))
    assert rules(DocumentChecker(settings, {}).check(main, MAIN)) == []
    opened = {beside: "locals {\n  size = 11\n}\n"}
    assert rules(DocumentChecker(settings, opened).check(main, MAIN)) == ["batch-size.sqs"]


def test_an_excluded_document_is_not_checked(project: Project, tmp_path: Path):
    settings = projects(exclude=["*.yaml"]).of(str(project.folder))
    for text in (TEMPLATE, "\0" + TEMPLATE):
        assert DocumentChecker(settings, {}).check(str(tmp_path / "a.yaml"), text).marks == ()
