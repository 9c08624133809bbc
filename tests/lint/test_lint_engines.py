"""Test files that a template engine such as Helm, Jinja or cookiecutter renders before they are used."""

from __future__ import annotations

import pytest
from support.linting import QUEUE, Project

HELM = """\
{{- if .Values.enabled }}
apiVersion: lambda.services.k8s.aws/v1alpha1
kind: EventSourceMapping
spec:
  functionName: {{ .Values.function }}
{{- end }}
"""
TEMPLATE = "Resources:\n  M:\n    Type: AWS::Lambda::EventSourceMapping\n    Properties:\n"
JINJA = TEMPLATE + "{% if large %}\n      BatchSize: 11\n{% endif %}\n"
NOTE = "not checked, since a template engine must fill it in first"

CLOUDFORMATION = f"""{TEMPLATE}\
      FunctionName: "{{{{ name }}}}"
      EventSourceArn: "arn:aws:sqs:us-west-2:123456789012:{{{{ queue }}}}"
      BatchSize: "{{% if large %}}10{{% endif %}}"
      Enabled: "{{{{ {{'a': 1}} }}}}"
      MaximumBatchingWindowInSeconds: 301
"""
SUB = f"""{TEMPLATE}\
      FunctionName: !Sub "{{{{resolve:ssm:/${{AWS::StackName}}/name}}}}"
      EventSourceArn: !Sub "arn:aws:sqs:${{AWS::Region}}:${{AWS::AccountId}}:{{{{ queue }}}}-${{AWS::StackName}}"
      BatchSize: 11
"""
API = '{"FunctionName": "{{ cookiecutter.name }}", "EventSourceArn": "{{ cookiecutter.queue }}", "Batchsize": 1}'


class TestUnparsable:
    """A file that cannot be parsed before it is rendered is reported, and is not an error."""

    @pytest.mark.parametrize(("name", "text", "place"), [("a.yaml", HELM, "1:2"), ("b.yaml", JINJA, "5:2")])
    def test_a_note_reports_an_unparsable_template(self, project: Project, name: str, text: str, place: str):
        project.write({name: text})
        ran = project.run()
        assert (ran.code, ran.out) == (0, "")
        note, summary = ran.err.splitlines()
        assert note.startswith(f"lambda-validate: {name}:{place}: {NOTE}: expected ")
        assert summary == "lambda-validate: 0 errors, 0 warnings in 0 checked files; 1 not checked"

    def test_quiet_omits_the_note(self, project: Project):
        project.write({"a.yaml": HELM})
        assert project.run("--quiet") == (0, "", "")

    def test_other_files_are_checked(self, project: Project):
        project.write({"a.yaml": HELM, "b.yaml": f"FunctionName: f\nEventSourceArn: {QUEUE}\nBatchSize: 11\n"})
        ran = project.json()
        assert (ran.code, ran.rules) == (1, ["batch-size.sqs"])

    def test_a_syntax_error_outside_template_expressions_is_a_failure(self, project: Project):
        project.write({"a.yaml": TEMPLATE + "\t  BatchSize: 1\n      FunctionName: '{{ name }}'\n"})
        ran = project.run()
        assert ran.code == 2
        assert NOTE not in ran.err

    def test_a_dynamic_reference_is_not_a_template_expression(self, project: Project):
        project.write({"a.yaml": TEMPLATE + "      FunctionName: '{{resolve:ssm:/a}}'\n\t  BatchSize: 1\n"})
        assert project.run().code == 2

    def test_a_file_that_names_no_resource_is_passed_over(self, project: Project):
        project.write({"a.yaml": "{{- if .Values.enabled }}\nkind: Deployment\n{{- end }}\n"})
        assert project.run("--output-format", "json").err == ""


@pytest.mark.parametrize(
    ("name", "text", "places"),
    [
        ("a.yaml", CLOUDFORMATION, ["9:39 maximum-batching-window-in-seconds.maximum"]),
        ("a.yaml", SUB, ["7:18 batch-size.sqs"]),
        ("a.json", API, ["1:91 member.unknown"]),
    ],
)
def test_template_expressions_are_unknown_values(project: Project, name: str, text: str, places: list[str]):
    project.write({name: text})
    assert project.json().places == places


def test_strings_around_template_expressions_are_checked(project: Project):
    project.write({"a.yaml": TEMPLATE + "      FunctionName: 'my function-{{ stage }}'\n"})
    assert "5:24 function-name.pattern" in project.json().places


def test_unclosed_template_expressions_take_bounded_work(project: Project):
    project.write({"a.yaml": f"{TEMPLATE}      FunctionName: '{'{{' * 30_000}'\n"})
    assert "function-name.pattern" in project.json().rules
