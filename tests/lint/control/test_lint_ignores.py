"""Test ignore comments: they hide exactly the rules that they name, and unused ones are reported."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from support.linting import BAD, GOOD, QUEUE, Project
from support.steps import GROWTH, growth

HEAD = f"FunctionName: f\nEventSourceArn: {QUEUE}\n"
MARK = "# lambda-validate:"


def found(project: Project, text: str, *argv: str, name: str = "a.yaml") -> list[str]:
    """Return line, column and rule of each finding in a file."""
    project.write({name: text})
    return project.json(name, *argv).places


class TestLines:
    def test_a_comment_on_the_line_applies_to_it(self, project: Project):
        assert found(project, f"{HEAD}BatchSize: 11  {MARK} ignore[batch-size.sqs]\n") == []

    def test_a_comment_on_its_own_line_applies_to_the_next(self, project: Project):
        assert found(project, f"{HEAD}{MARK} ignore[batch-size.sqs]\nBatchSize: 11\n") == []

    def test_comments_and_blank_lines_may_come_between(self, project: Project):
        assert found(project, f"{HEAD}{MARK} ignore[batch-size.sqs]\n# why\n\n  # more\nBatchSize: 11\n") == []

    def test_two_comments_may_apply_to_the_same_line(self, project: Project):
        text = f"{HEAD}{MARK} ignore[batch-size.sqs]\n{MARK} ignore[batch-size.type]\nBatchSize: '11'\n"
        assert found(project, text) == ["3:27 ignore.unused"]

    def test_a_trailing_comment_does_not_apply_to_the_next_line(self, project: Project):
        text = f"FunctionName: f {MARK} ignore[batch-size.sqs]\nBatchSize: 11\nEventSourceArn: {QUEUE}\n"
        assert found(project, text) == ["1:43 ignore.unused", "2:12 batch-size.sqs"]

    def test_the_line_after_the_next_is_reported(self, project: Project):
        text = f"{MARK} ignore[batch-size.sqs]\n{HEAD}BatchSize: 11\n"
        assert found(project, text) == ["1:27 ignore.unused", "4:12 batch-size.sqs"]

    def test_a_comment_after_a_key_applies_to_the_value_below(self, project: Project):
        assert found(project, f"{HEAD}BatchSize: {MARK} ignore[batch-size.sqs]\n  11\n") == []

    def test_a_comment_after_the_key_of_a_block_applies_to_all_its_lines(self, project: Project):
        text = f"EventSourceArn: {QUEUE}\nFunctionName: | {MARK} ignore[function-name.pattern]\n  my\n  function\n"
        assert found(project, text) == []

    def test_a_comment_before_a_multi_line_key_applies_to_its_value(self, project: Project):
        text = f'{HEAD}{MARK} ignore[batch-size.sqs]\n? "Batch\\\n  Size"\n: 11\n'
        assert found(project, text) == []

    def test_only_named_rules_are_ignored(self, project: Project):
        text = f"{HEAD}BatchSize: 11 {MARK} ignore[batch-size.sqs]\nEnabled: 1 {MARK} ignore[batch-size.sqs]\n"
        assert found(project, text) == ["4:10 enabled.type", "4:38 ignore.unused"]

    @pytest.mark.parametrize("names", ["batch-size", "member.newer, batch-size.sqs", "batch-size.sqs,member"])
    def test_a_directive_may_list_several_rules_and_prefixes(self, project: Project, names: str):
        rules = found(project, f"{HEAD}BatchSize: 11 {MARK} ignore[{names}]\n")
        assert [each.split()[1] for each in rules] == ["ignore.unused"] * names.count(",")

    def test_a_partial_word_matches_no_rule(self, project: Project):
        assert found(project, f"{HEAD}BatchSize: 11 {MARK} ignore[batch]\n") == [
            "3:12 batch-size.sqs",
            "3:41 ignore.unknown",
        ]

    def test_directives_are_read_with_windows_line_breaks(self, project: Project):
        text = f"{HEAD}{MARK} ignore[batch-size.sqs]\nBatchSize: 11\n".replace("\n", "\r\n")
        assert found(project, text) == []

    def test_a_missing_member_is_ignored_at_its_reported_position(self, project: Project):
        text = f"{MARK} ignore[function-name.required]\nEventSourceArn: {QUEUE}\nBatchSize: 1\n"
        assert found(project, text) == []


class TestLookalikes:
    @pytest.mark.parametrize(
        "value",
        [
            f"'{MARK} ignore[batch-size.sqs]'",
            f'"a {MARK} ignore[batch-size.sqs]"',
            f"|\n  {MARK} ignore[batch-size.sqs]",
            "x#lambda-validate:ignore[batch-size.sqs]",
        ],
    )
    def test_directives_inside_yaml_scalars_are_not_comments(self, project: Project, value: str):
        text = f"{HEAD}BatchSize: 11\nTopics: [a]\nDescription: {value}\n"
        assert "3:12 batch-size.sqs" in found(project, text)
        assert not any("ignore." in each for each in found(project, text))

    def test_a_comment_after_a_scalar_that_looks_like_a_comment_is_read(self, project: Project):
        text = f"EventSourceArn: {QUEUE}\nFunctionName: 'a # b' {MARK} ignore[function-name.pattern]\n"
        assert found(project, text) == []

    def test_other_comments_are_not_directives(self, project: Project):
        assert found(project, f"{HEAD}BatchSize: 10 {MARK} see the manual [batch-size]\n") == []


class TestFiles:
    @pytest.mark.parametrize("place", [0, 1, 2])
    def test_an_ignore_file_comment_may_be_anywhere(self, project: Project, place: int):
        lines = [*HEAD.splitlines(), "BatchSize: 11"]
        lines.insert(place, f"{MARK} ignore-file[batch-size.sqs]")
        assert found(project, "\n".join([*lines, "---", *lines])) == []

    def test_other_files_are_reported(self, project: Project):
        project.write({"b.json": BAD})
        project.write({"a.yaml": f"{MARK} ignore-file[batch-size.sqs]\n{HEAD}BatchSize: 11\n"})
        assert json.loads(project.json().out)["findings"][0]["file"] == "b.json"


class TestErrors:
    def test_an_ignore_without_a_finding_is_a_warning_at_its_name(self, project: Project):
        project.write({"a.yaml": f"{HEAD}BatchSize: 10 {MARK} ignore[batch-size.sqs]\n"})
        ran = project.json()
        (finding,) = json.loads(ran.out)["findings"]
        assert ran.code == 0
        assert (finding["rule"], finding["severity"]) == ("ignore.unused", "warning")
        assert (finding["line"], finding["column"], finding["end_column"]) == (3, 41, 55)
        assert project.run("--strict").code == 1

    @pytest.mark.parametrize("name", ["batch-size.sqz", "batch-sizes", "Batch-Size.SQS"])
    def test_an_unknown_rule_is_reported_with_a_suggestion(self, project: Project, name: str):
        project.write({"a.yaml": f"{HEAD}BatchSize: 11 {MARK} ignore[{name}]\n"})
        findings = json.loads(project.json().out)["findings"]
        assert [each["rule"] for each in findings] == ["batch-size.sqs", "ignore.unknown"]
        assert "did you mean 'batch-size" in findings[1]["message"]

    @pytest.mark.parametrize(
        "rest", ["ignore", "ignore[]", "ignore[ ]", "ignore-file", "ignores[batch-size.sqs]", "ignore["]
    )
    def test_a_directive_without_names_is_reported(self, project: Project, rest: str):
        assert found(project, f"{HEAD}BatchSize: 11 {MARK} {rest}\n") == ["3:12 batch-size.sqs", "3:17 ignore.unknown"]

    def test_ignores_of_inactive_rules_are_not_unused(self, project: Project):
        text = f"{HEAD}Foo: 1 {MARK} ignore[member.unknown]\n"
        assert found(project, text) == []
        assert found(project, text, "--ignore", "member") == []
        assert found(project, text, "--select", "batch-size") == []

    def test_ignore_warnings_can_be_disabled(self, project: Project):
        text = f"{HEAD}BatchSize: 10 {MARK} ignore[batch-size.sqs]\n"
        assert found(project, text, "--ignore", "ignore.unused") == []
        assert found(project, text, "--select", "batch-size") == []
        assert found(project, text, "--select", "ignore") == ["3:41 ignore.unused"]

    def test_ignored_findings_are_counted(self, project: Project):
        project.write({"a.yaml": f"{HEAD}BatchSize: 11 {MARK} ignore[batch-size.sqs]\n"})
        assert project.run().err == "lambda-validate: 0 errors, 0 warnings (1 ignored) in 1 checked file\n"


def template(metadata: Any = None, top: Any = None, size: int = 11) -> dict[str, Any]:
    def resource(extra: dict[str, Any]) -> dict[str, Any]:
        properties = {"FunctionName": "f", "EventSourceArn": QUEUE, "BatchSize": size}
        return {"Type": "AWS::Lambda::EventSourceMapping", **extra, "Properties": properties}

    first = resource({} if metadata is None else {"Metadata": metadata})
    extra = {} if top is None else {"Metadata": top}
    return {**extra, "Resources": {"A": first, "B": resource({})}}


class TestMetadata:
    IGNORE = {"lambda-validate": {"ignore": ["batch-size.sqs"]}}  # noqa: RUF012  # never changed

    def owners(self, project: Project, value: Any) -> list[str]:
        """Return the resources whose batch size is reported, and the complaints."""
        import yaml

        texts = {"a.json": json.dumps(value, indent=1), "a.yaml": yaml.safe_dump(value, sort_keys=False)}
        results = []
        for name, text in texts.items():
            project.write({name: text})
            findings = json.loads(project.json(name).out)["findings"]
            half = text.index('"B"' if name == "a.json" else "  B:")
            line = text.count("\n", 0, half) + 1
            results.append([("A" if each["line"] < line else "B") if each["rule"] == "batch-size.sqs" else each["rule"]
                            for each in findings])  # fmt: skip
        assert results[0] == results[1]
        return results[0]

    def test_without_metadata_findings_of_both_resources_are_reported(self, project: Project):
        assert self.owners(project, template()) == ["A", "B"]

    def test_metadata_of_a_resource_apply_to_that_resource(self, project: Project):
        assert self.owners(project, template(self.IGNORE)) == ["B"]

    def test_metadata_of_the_template_apply_to_all_resources(self, project: Project):
        assert self.owners(project, template(top=self.IGNORE)) == []

    def test_a_single_rule_needs_no_list(self, project: Project):
        assert self.owners(project, template({"lambda-validate": {"ignore": "batch-size.sqs"}})) == ["B"]

    def test_unused_ignores_in_metadata_are_reported(self, project: Project):
        assert self.owners(project, template(self.IGNORE, size=1)) == ["ignore.unused"]

    @pytest.mark.parametrize(
        "settings", [[], {}, {"ignore": []}, {"ignore": 1}, {"ignore": [1]}, "batch-size.sqs", {"ignored": ["x"]}]
    )
    def test_invalid_metadata_are_reported(self, project: Project, settings: Any):
        assert sorted(self.owners(project, template({"lambda-validate": settings}))) == ["A", "B", "ignore.unknown"]

    @pytest.mark.parametrize("metadata", [[], 1, "x", None, {"lambda-validate": None}, {"cfn-lint": {}}])
    def test_other_metadata_are_ignored(self, project: Project, metadata: Any):
        assert self.owners(project, template(metadata, {"a": [metadata]})) == ["A", "B"]


HCL = f"""resource "aws_lambda_event_source_mapping" "a" {{
  function_name    = "f"
  event_source_arn = "{QUEUE}"
  %s
}}
"""


class TestTerraform:
    @pytest.fixture(autouse=True)
    def _hcl(self) -> None:
        pytest.importorskip("tree_sitter_hcl", reason="Terraform's language is read by an extra")

    @pytest.mark.parametrize("comment", ["# {}", "// {}", "/* {} */", "# why, {}", "/*\n   {}\n  */ "])
    def test_every_hcl_comment_syntax_is_supported(self, project: Project, comment: str):
        directive = comment.format("lambda-validate: ignore[batch-size.sqs]")
        assert found(project, HCL % f"{directive}\n  batch_size = 11", name="a.tf") == []
        if "\n" not in comment:
            assert found(project, HCL % f"batch_size = 11 {directive}", name="a.tf") == []

    def test_a_block_comment_before_code_applies_to_its_line(self, project: Project):
        text = HCL % "/* lambda-validate: ignore[batch-size.sqs] */ batch_size = 11"
        assert found(project, text, name="a.tf") == []

    @pytest.mark.parametrize(
        "value",
        [
            '"# lambda-validate: ignore-file[batch-size.sqs]"',
            '"\\" # lambda-validate: ignore-file[batch-size.sqs]"',
            "<<EOT\n# lambda-validate: ignore-file[batch-size.sqs]\nEOT",
            "<<-EOT\n  // lambda-validate: ignore-file[batch-size.sqs]\n  EOT",
        ],
    )
    def test_directives_inside_strings_are_not_comments(self, project: Project, value: str):
        text = f"locals {{\n  a = {value}\n}}\n" + HCL % "batch_size = 11"
        assert [each.split()[1] for each in found(project, text, name="a.tf")] == ["batch-size.sqs"]

    def test_ignore_file_applies_to_the_whole_file(self, project: Project):
        text = "// lambda-validate: ignore-file[batch-size.sqs]\n" + HCL % "batch_size = 11"
        assert found(project, text, name="a.tf") == []

    @pytest.mark.parametrize("verb", ["ignore", "ignore-file"])
    @pytest.mark.parametrize("top", [False, True])
    def test_json_comments_of_terraform_are_directives(self, project: Project, top: bool, verb: str):
        body = {"function_name": "f", "event_source_arn": QUEUE, "batch_size": 11}
        note = {"//": f"lambda-validate: {verb}[batch-size.sqs]"}
        blocks = {"a": body if top else {**note, **body}, "b": body}
        text = json.dumps({**(note if top else {}), "resource": {"aws_lambda_event_source_mapping": blocks}}, indent=1)
        left = 0 if top or verb == "ignore-file" else 1
        assert [each.split()[1] for each in found(project, text, name="a.tf.json")] == ["batch-size.sqs"] * left


@pytest.mark.parametrize("language", ["json", "yaml", "tf"])
def test_work_grows_linearly_with_the_number_of_directives(project: Project, language: str):
    line = "lambda-validate: ignore[batch-size.sqs]"

    def linting(count: int) -> Callable[[], object]:
        texts = {
            "json": GOOD[:-1] + "".join(f', "//": "{line}"' for _ in range(count)) + "}",
            "yaml": HEAD + f"# {line}\n" * count,
            "tf": HCL % "" + f"/* {line} <<A \n" * count,
        }
        return lambda: found(project, texts[language], name=f"a.{language}")

    assert growth(linting, 400) < GROWTH
