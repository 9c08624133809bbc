"""Test the findings of a template, and which of them another linter already reports."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from support.linting import QUEUE, Project

from lambda_validate.cfnlint import templates
from lambda_validate.settings import ConfigError

TEMPLATE = f"""\
Resources:
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      FunctionName: orders
      EventSourceArn: {QUEUE}
      BatchSize: 11
  Lacks/one:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {{EventSourceArn: {QUEUE}}}
  Config:
    Type: AWS::Lambda::EventInvokeConfig
    Properties: {{FunctionName: f, Qualifier: q, DestinationConfig: {{OnFailure: {{Destination: x}}}}}}
"""
PLACES = {
    ("Resources", "Mapping", "Properties", "BatchSize"): "6:17",
    ("Resources", "Lacks/one", "Properties"): "9:4",
    ("Resources", "Config", "Properties", "DestinationConfig", "OnFailure", "Destination"): "12:93",
}


def template(filename: str | None, value: Any = None) -> Any:
    """Return the template object that cfn-lint passes to a rule, with the attributes that are used."""
    return SimpleNamespace(
        filename=filename, template=value, get_location_yaml=lambda value, path: (len(path), 0, 9, 9)
    )


def places(found: list[templates.PlacedFinding]) -> dict[Any, str]:
    return {each.path: f"{each.span.line}:{each.span.column}" if each.span else "" for each in found}


def test_a_file_has_findings_at_paths_and_positions(project: Project):
    project.write({"a.yaml": TEMPLATE})
    assert places(templates.located(template("a.yaml"))) == PLACES


def test_a_template_in_memory_has_findings_at_paths(project: Project):
    found = templates.located(template(None, yaml.safe_load(TEMPLATE)))
    assert places(found) == dict.fromkeys(PLACES, "")


def test_paths_include_lists_and_tags(project: Project):
    text = TEMPLATE.replace("BatchSize: 11", "BatchSize: !If [C, 11, 12]")
    project.write({"a.yaml": text})
    assert ("Resources", "Mapping", "Properties", "BatchSize", 1) in places(templates.located(template("a.yaml")))


@pytest.mark.parametrize(
    "text",
    ["a: b\n", "Resources: {}\n", "Resources: [\n", json.dumps({"FunctionName": "f", "EventSourceArn": "x"})],
)
def test_a_file_that_is_not_a_template_has_no_findings(project: Project, text: str):
    project.write({"a.yaml": text})
    assert templates.located(template("a.yaml")) == []


def test_settings_ignores_and_the_baseline_are_applied(project: Project):
    project.write({"a.yaml": TEMPLATE.replace("BatchSize: 11", "BatchSize: 11  # lambda-validate: ignore[batch-size]")})
    assert len(templates.located(template("a.yaml"))) == 2
    project.write({".lambda-validate.toml": 'ignore = ["destination"]'})
    assert [each.finding.rule for each in templates.located(template("a.yaml"))] == ["function-name.required"]
    project.write({".lambda-validate.toml": 'exclude = ["a.yaml"]'})
    assert templates.located(template("a.yaml")) == []
    project.write({".lambda-validate.toml": "nonsense"})
    with pytest.raises(ConfigError):
        templates.located(template("a.yaml"))


def match(id: str, path: list[Any], message: str = "", *context: Any) -> Any:
    return SimpleNamespace(rule=SimpleNamespace(id=id), path=path, message=message, context=list(context))


class TestReported:
    """Findings that another linter has reported are not reported again."""

    def left(self, project: Project, *matches: Any) -> list[str]:
        """Return the rules of the findings that remain beside the matches of cfn-lint."""
        project.write({"a.yaml": TEMPLATE})
        made = template("a.yaml")
        made.get_location_yaml = lambda value, path: (len(path), hash(tuple(path)), 0, 0)
        known = templates.reported(made, SimpleNamespace(match=lambda template: matches))
        return [each.finding.rule for each in templates.located(made) if not known.has(each, made)]

    ALL = ("batch-size.sqs", "function-name.required", "destination.type")
    BATCH = ("Resources", "Mapping", "Properties", "BatchSize")
    LACKS = ("Resources", "Lacks/one", "Properties")

    def test_without_matches_all_findings_are_reported(self, project: Project):
        assert self.left(project) == [*self.ALL]

    def test_an_error_at_the_same_value_hides_the_finding(self, project: Project):
        assert self.left(project, match("E3034", [*self.BATCH])) == [*self.ALL[1:]]

    @pytest.mark.parametrize(
        "matched",
        [match("W3034", [*BATCH]), match("I3042", [*BATCH]), match("E3034", [*BATCH[:-1], "Enabled"])],
    )
    def test_a_match_elsewhere_or_of_another_rule_hides_no_finding(self, project: Project, matched: Any):
        assert self.left(project, matched) == [*self.ALL]

    def test_a_missing_member_must_be_named(self, project: Project):
        other = match("E3003", [*self.LACKS], "'Other' is a required property")
        assert self.left(project, other) == [*self.ALL]
        same = match("E3003", [*self.LACKS], "'FunctionName' is a required property")
        assert self.left(project, same) == ["batch-size.sqs", "destination.type"]

    def test_matches_in_branches_hide_value_findings_but_not_name_findings(self, project: Project):
        names = match("E3017", [*self.BATCH[:2]], "", match("E3002", [*self.BATCH[2:]]))
        assert self.left(project, names) == [*self.ALL]
        values = match("E3017", [*self.BATCH[:2]], "", match("E3034", [*self.BATCH[2:]]))
        assert self.left(project, values) == [*self.ALL[1:]]

    def test_without_the_schema_rule_all_findings_are_reported(self, project: Project):
        project.write({"a.yaml": TEMPLATE})
        assert templates.reported(template("a.yaml"), None).messages == {}
