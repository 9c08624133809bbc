"""Test messages of findings where aliases, fractions, format-specific names or metadata could make them incorrect."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

import lambda_validate as lv
from lambda_validate.lint.runner import lint

QUEUE = "arn:aws:sqs:us-east-1:123456789012:q"
RESOURCE = """\
Resources:
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Metadata: {{lambda-validate: {{{ignore}}}}}
    Properties: {{FunctionName: f, EventSourceArn: "{queue}"{more}}}
"""


def messages(folder: Path, text: str) -> list[str]:
    (folder / "a.yaml").write_text(text)
    outcome = lint([str(folder / "a.yaml")], io.BytesIO(), lv.Validator())
    assert not outcome.failures
    return [each.message for each in outcome.findings]


def test_a_missing_member_of_an_aliased_object_names_the_anchor(tmp_path: Path):
    text = "common: &common {FunctionName: f}\nResources:\n  M:\n    Type: AWS::Lambda::EventSourceMapping\n"
    assert messages(tmp_path, text + "    Properties: *common\n") == [
        "EventSourceArn is required; `current` allows SelfManagedEventSource instead; "
        "the object is written on line 1, at the anchor &common."
    ]


def test_an_argument_mapped_to_two_members_is_named_once(tmp_path: Path):
    (tmp_path / "serverless.yml").write_text(
        "service: s\nprovider: {name: aws}\nfunctions:\n  a:\n    handler: h.h\n    events:\n      - kafka:\n"
        "          topic: orders\n          accessConfigurations: {vpcSubnet: subnet-0a1b2c3d}\n"
    )
    outcome = lint([str(tmp_path)], io.BytesIO(), lv.Validator("current"))
    (required,) = (each for each in outcome.findings if each.rule == "event-source-arn.required")
    assert required.message == (
        "EventSourceArn is required, or SelfManagedEventSource (here bootstrapServers) for a Kafka cluster outside AWS."
    )
    assert required.help == "Add bootstrapServers."


def test_a_suggestion_ends_the_message(tmp_path: Path):
    text = f'name: &b NO_SUCH_POSITION_LATES\n---\n- &b LATES\n- {{FunctionName: f, EventSourceArn: "{QUEUE}", '
    (message, *_) = messages(tmp_path, text + "StartingPosition: *b}\n")
    assert message.endswith("; it is written on line 3, at the anchor &b; did you mean LATEST?")


def test_a_fraction_is_not_called_a_number(tmp_path: Path):
    text = f"FunctionName: f\nEventSourceArn: {QUEUE}\nBatchSize: "
    assert messages(tmp_path, text + "9.5\n") == ["BatchSize must be a whole number of items, not a fraction."]
    assert messages(tmp_path, text + "ten\n") == ["BatchSize must be a whole number of items, not a string."]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("batchsize", "; did you mean 'BatchSize'?"),
        ("BATCHSIZE", "; did you mean 'BatchSize'?"),
        ("Batchsize", "; did you mean 'BatchSize'?"),
        ("batchSize", ", which is another format's spelling of 'BatchSize'."),
        ("batch_size", ", which is another format's spelling of 'BatchSize'."),
        ("enabled", ", which is another format's spelling of 'Enabled'."),
        ("KMSKeyArn", ", which is another format's spelling of 'KmsKeyArn'."),
        ("batchWindow", ", which is another format's spelling of 'MaximumBatchingWindowInSeconds'."),
    ],
)
def test_only_spellings_of_other_formats_are_explained(name: str, words: str, tmp_path: Path):
    text = RESOURCE.format(ignore="ignore: [member.newer]", queue=QUEUE, more=f", {name}: 1")
    assert f"AWS::Lambda::EventSourceMapping has no member {name!r}{words}" in messages(tmp_path, text)


@pytest.mark.parametrize("ignore", ["ignores: [batch-size.sqs]", "ignore: 5", "ignore: []", ""])
def test_invalid_ignore_metadata_get_an_explanation(ignore: str, tmp_path: Path):
    text = RESOURCE.format(ignore=ignore, queue=QUEUE, more="")
    assert messages(tmp_path, text) == [
        "The member ignore of lambda-validate in Metadata must be a list of names of rules."
    ]
