"""Test CloudFormation: the values of its functions, combinations of branches, and messages."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

import lambda_validate as lv
from lambda_validate.lint.documents import yaml_text
from lambda_validate.lint.documents.places import Document
from lambda_validate.lint.findings.finding import LintFinding
from lambda_validate.lint.formats.cloudformation.conditions import Conditions
from lambda_validate.lint.formats.cloudformation.intrinsics import Template
from lambda_validate.lint.formats.cloudformation.template import of_template, resources
from lambda_validate.lint.runner import lint
from lambda_validate.lint.unresolved.parts import ABSENT, Choice, Option, Partial, Unknown

TEMPLATE = """
Parameters:
  Any: {Type: String}
  Set: {Type: String, Default: a}
  One: {Type: String, AllowedValues: [a, b]}
  Both: {Type: Number, Default: 2, AllowedValues: [1, 2]}
  Empty: {Type: String, Default: ""}
  Stored: {Type: "AWS::SSM::Parameter::Value<String>", Default: /a}
  Many: {Type: CommaDelimitedList, Default: "a,b"}
  Odd: 5
Resources:
  Queue: {Type: "AWS::SQS::Queue"}
  Fifo: {Type: "AWS::SQS::Queue", Properties: {FifoQueue: true}}
  Table: {Type: "AWS::DynamoDB::Table"}
  Topic: {Type: "AWS::SNS::Topic"}
  Fn: {Type: "AWS::Serverless::Function"}
  Else: {Type: "Custom::Thing"}
  Odd2: 5
"""


def document(text: str) -> Document:
    parsed = yaml_text.parse(text, "yaml11")
    assert isinstance(parsed, tuple)
    return parsed[0]


def stands_for(written: str) -> Any:
    read = document(f"{TEMPLATE}\nV: {written}\n")
    return Template(read, read.value).value(read.value["V"], ("V",))


def options(value: Any) -> list[Any]:
    assert isinstance(value, Choice)
    return [each.value for each in value.options]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("!Ref Any", Unknown()),
        ("!Ref Empty", Unknown()),
        ("!Ref Stored", Unknown()),
        ("!Ref Many", Unknown()),
        ("!Ref Odd", Unknown()),
        ("!Ref Odd2", Unknown()),
        ("!Ref Missing", Unknown()),
        ("!Ref [a]", Unknown()),
        ("!Ref Topic", Unknown("sns", False, target=("Topic",))),
        ("!Ref Fn.Alias", Unknown("lambda", target=("Fn",))),
        ("!Ref Fn.Nothing", Unknown()),
        ("!Ref AWS::NoValue", ABSENT),
        ("!Ref AWS::Region", Partial(("us-west-2",))),
        ("!Ref AWS::NotificationARNs", Unknown()),
        ("!GetAtt Queue.Arn", Unknown("sqs", False, target=("Queue",))),
        ("!GetAtt [Fifo, Arn]", Unknown("sqs", True, target=("Fifo",))),
        ("{'Fn::GetAtt': [Fifo, Arn]}", Unknown("sqs", True, target=("Fifo",))),
        ("{'Fn::GetAtt': Fifo.Arn}", Unknown("sqs", True, target=("Fifo",))),
        ("!GetAtt Table.StreamArn", Unknown("dynamodb", target=("Table",))),
        ("!GetAtt Table.Arn", Unknown("dynamodb-table", None, "Write !GetAtt Table.StreamArn.", target=("Table",))),
        ("!Ref Queue", Unknown("sqs-url", False, "Write !GetAtt Queue.Arn.", target=("Queue",))),
        ("!GetAtt Queue.Nothing", Unknown(None, False)),
        ("!GetAtt Else.Arn", Unknown()),
        ("!GetAtt Missing.Arn", Unknown()),
        ("!GetAtt Queue", Unknown()),
        ("!GetAtt [a, !Ref b]", Unknown()),
        ("!ImportValue a", Unknown()),
        ("{'Fn::ForEach::X': [a]}", Unknown()),
        ("{'Fn::Transform': {}, b: 1}", Unknown()),
        ("!Join ['', ['a', b]]", "ab"),
        ("!Join ['-', [a, !Ref Any, b]]", Partial(("a", "-", None, "-", "b"))),
        ("!Join ['', !Ref Many]", Unknown()),
        ("!Join [!Ref Any, [a]]", Unknown()),
        ("!Join a", Unknown()),
        ("'{{resolve:ssm:/a}}'", Partial((None,))),
        ("!Sub [a]", Unknown()),
        ("!Sub [a, b, c]", Unknown()),
        ("!If [a, b]", Unknown()),
        ("!If a", Unknown()),
        ("[!Ref Any, {a: !Ref Any}]", [Unknown(), {"a": Unknown()}]),
        ("text", "text"),
        ("yes", True),
        ("010", 8),
        ("2010-09-09", "2010-09-09"),
    ],
)
def test_intrinsic_functions_are_resolved(written: str, value: Any):
    assert stands_for(written) == value


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("!Sub plain", "plain"),
        ("!Sub '${!Literal}'", Partial(("${", "Literal}"), starts=(0, 3))),
        ("!Sub ''", Partial(())),
        ("!Sub '${Queue.Arn}'", Unknown("sqs", False, target=("Queue",))),
        ("!Sub '${Any}-x'", Partial((None, "-x"), starts=(None, 6))),
        ("!Sub 'a${AWS::Region}b'", Partial(("a", "us-west-2", "b"), starts=(0, None, 15))),
        ("!Sub ['${A}/${B}', {A: x, B: !Ref Any}]", Partial(("x", "/", None), starts=(None, 4, None))),
        ("{'Fn::Sub': 'a${Any}'}", Partial(("a", None), starts=(0, None))),
        ("!Sub '${Fn.Arn}:live'", Partial((None, ":live"), "lambda", starts=(None, 9))),
        ("!Sub '${Fn.Alias}'", Unknown("lambda", target=("Fn",))),
    ],
)
def test_substitutions_are_resolved(written: str, value: Any):
    result = stands_for(written)
    assert (result.options[0].value if isinstance(result, Choice) else result) == value


def test_a_substitution_is_reported_at_its_string():
    assert stands_for("!Sub [x, {}]").options[0].path == ("V", 0)
    assert stands_for("{'Fn::Sub': x}").options[0].path == ("V", "Fn::Sub")


def test_parameters_have_their_default_and_allowed_values():
    assert options(stands_for("!Ref Set")) == ["a", Unknown()]
    assert options(stands_for("!Ref One")) == ["a", "b"]
    assert stands_for("!Ref Both").options == (
        Option(2, ("Parameters", "Both", "Default"), "warning"),
        Option(1, ("Parameters", "Both", "AllowedValues", 0), "warning"),
    )


def test_both_branches_of_a_condition_are_options():
    value = stands_for("!If [c, 1, {'Fn::If': [d, 2, !Ref AWS::NoValue]}]")
    assert value.key == ("condition", "c")
    assert value.options[0] == Option(1, ("V", 1))
    assert value.options[1].value.options[1] == Option(ABSENT, ("V", 2, "Fn::If", 2))


CONDITIONS = """
Parameters:
  Stage: {Type: String, AllowedValues: [dev, prod]}
  Name: {Type: String, Default: x}
Conditions:
  IsDev: !Equals [!Ref Stage, dev]
  IsProd: !Equals [prod, !Ref Stage]
  NotDev: !Not [!Condition IsDev]
  Either: !Or [!Condition IsDev, !Condition IsProd]
  Never: !And [{Condition: IsDev}, {Condition: IsProd}]
  Named: !Not [!Equals [!Ref Name, ""]]
  IsX: !Equals [!Ref Name, x]
  Mapped: !Equals [!FindInMap [a, b, c], d]
  MappedToo: !Equals [d, !FindInMap [a, b, c]]
  Always: !Equals [a, a]
  Cyclic: !Not [!Condition Cyclic]
  Odd: 5
Resources: {}
"""


@pytest.mark.parametrize(
    ("picks", "is_possible"),
    [
        ({"IsDev": 0, "IsProd": 0}, False),
        ({"IsDev": 0, "IsProd": 1}, True),
        ({"IsDev": 1, "IsProd": 1}, False),
        ({"IsDev": 0, "NotDev": 0}, False),
        ({"NotDev": 0, "IsProd": 0}, True),
        ({"Either": 1}, False),
        ({"Never": 0}, False),
        ({"Named": 0, "IsX": 1}, True),
        ({"Named": 1, "IsX": 0}, False),
        ({"Mapped": 0, "MappedToo": 1}, False),
        ({"Mapped": 1, "IsDev": 0}, True),
        ({"Always": 1}, False),
        ({"Odd": 0}, True),
        ({"Cyclic": 0}, True),
        ({"Missing": 0}, True),
    ],
)
def test_branches_go_together_when_their_conditions_can(picks: dict[str, int], is_possible: bool):
    read = document(CONDITIONS)
    possible = Conditions(Template(read, read.value)).possible(None)
    assert possible({("condition", name): index for name, index in picks.items()}) is is_possible


def test_a_parameter_s_value_decides_conditions():
    read = document(CONDITIONS)
    possible = Conditions(Template(read, read.value)).possible(None)
    assert not possible({("condition", "IsX"): 1, ("parameter", "Name"): 0})
    assert possible({("condition", "IsX"): 0, ("parameter", "Name"): 0})
    assert not possible({("condition", "IsX"): 0, ("parameter", "Name"): 1})


def test_a_resource_s_own_condition_holds():
    read = document(CONDITIONS)
    possible = Conditions(Template(read, read.value)).possible("IsProd")
    assert not possible({("condition", "IsDev"): 0})
    assert possible({("condition", "IsDev"): 1})
    assert not possible({("condition", "IsProd"): 1})


def findings(text: str) -> list[LintFinding]:
    outcome = lint(["-"], io.BytesIO(text.encode()), lv.Validator())
    assert not outcome.failures
    return list(outcome.findings)


QUEUE = "arn:aws:sqs:us-west-2:123456789012:q"
MAPPING = f"""Resources:
  It:
    Type: AWS::Lambda::EventSourceMapping
    Properties: &p
      FunctionName: f
      EventSourceArn: {QUEUE}
"""


class TestWords:
    def test_help_suggests_the_matching_attribute(self):
        text = MAPPING.replace(QUEUE, "!GetAtt T.Arn") + "  T: {Type: 'AWS::DynamoDB::Table'}\n"
        each = next(each for each in findings(text) if each.rule == "event-source-arn.resource")
        assert each.help == "Write !GetAtt T.StreamArn."

    def test_messages_show_the_format_name_next_to_the_api_name(self):
        (each,) = findings(MAPPING + "      KmsKeyArn: a\n")
        assert "KMSKeyArn (here KmsKeyArn)" in each.message
        assert each.pointer == "/KMSKeyArn"

    def test_an_alias_is_explained_by_its_anchor(self):
        (each,) = findings("Sizes:\n  - &big 11\n" + MAPPING + "      BatchSize: *big\n")
        assert each.message.endswith("it is written on line 2, at the anchor &big.")
        assert (each.line, each.column, each.end_column) == (9, 18, 22)

    def test_settings_are_checked_as_request_and_response_members(self):
        text = MAPPING.replace("EventSourceMapping", "EventInvokeConfig").replace(
            f"EventSourceArn: {QUEUE}", "Qualifier: a b\n      MaximumRetryAttempts: 3"
        )
        assert [(each.rule, each.operation, each.direction) for each in findings(text)] == [
            ("qualifier.pattern", "GetFunctionEventInvokeConfig", "request"),
            ("maximum-retry-attempts.maximum", "GetFunctionEventInvokeConfig", "response"),
        ]

    def test_a_message_never_holds_a_value(self):
        text = MAPPING.replace("FunctionName: f", "FunctionName: secret value")
        assert all("secret" not in each.message + str(each.help) for each in findings(text))


def test_a_value_shared_by_two_resources_is_reported_once():
    text = MAPPING + "      BatchSize: !Ref S\n"
    second = text.partition("Resources:\n")[2].replace("It:", "That:").replace("&p", "")
    whole = f"Parameters:\n  S: {{Type: Number, Default: 11}}\n{text}{second}"
    assert [(each.line, each.rule) for each in findings(whole)] == [(2, "batch-size.sqs")]


def test_severities_follow_the_validator():
    text = f"Parameters:\n  S: {{Type: Number, Default: 11}}\n{MAPPING}      BatchSize: !Ref S\n      Foo: 1\n"
    lenient = lv.Validator(unknown_members="ignore", strict=True)
    outcome = lint(["-"], io.BytesIO(text.encode()), lenient)
    assert [(each.rule, each.severity) for each in outcome.findings] == [("batch-size.sqs", "error")]


def test_a_template_may_be_a_part_of_a_document():
    read = document("a:\n  b:\n    " + MAPPING.replace("\n", "\n    "))
    (resource,) = of_template(Template(read, read.value["a"]["b"], ("a", "b")), "documents")
    assert resource.path == ("a", "b", "Resources", "It", "Properties")
    assert resource.owner == ("a", "b", "Resources", "It")


@pytest.mark.parametrize(
    "value",
    [
        None, 5, [], {}, {"Resources": []}, {"Resources": {"A": 5}}, {"Resources": {"A": {"Type": []}}},
        {"Resources": {"A": {"Type": "AWS::Lambda::Function", "Properties": {"FunctionName": "a b"}}}},
        {"Resources": {"A": {"Type": "AWS::Lambda::EventSourceMapping", "Properties": {"Ref": "x"}}}},
        {"Resources": {"A": {"Type": "AWS::Lambda::EventSourceMapping", "Properties": 5}}},
    ],
)  # fmt: skip
def test_values_that_are_not_resources_are_skipped(value: Any):
    assert list(resources(document(json.dumps(value)), "documents")) == []
