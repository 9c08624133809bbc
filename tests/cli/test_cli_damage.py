"""Test damaged payloads: each gives findings, or one failure with its position."""

from __future__ import annotations

import io
import json
import random

import pytest

import lambda_validate as lv
from lambda_validate.lint.findings.finding import LintOutcome
from lambda_validate.lint.formats.api import Resource
from lambda_validate.lint.reporters import REPORTERS
from lambda_validate.lint.runner import check_one, lint

PAYLOAD = {
    "FunctionName": "arn:aws:lambda:us-west-2:123456789012:function:f:live",
    "EventSourceArn": "arn:aws:kinesis:us-west-2:123456789012:stream/clicks",
    "StartingPosition": "AT_TIMESTAMP",
    "StartingPositionTimestamp": 1.7e9,
    "BatchSize": 100,
    "Enabled": True,
    "Tags": {"é": "日本", "n": None},
    "Topics": ["a", "b\n"],
}
YAML = """# a mapping
- &one
  FunctionName: 'f'
  EventSourceArn: "arn:aws:sqs:us-west-2:123456789012:\\x71"
  BatchSize: 10
  Tags: {é: 日本, n: }
  FilterCriteria: &f
    Filters: [{Pattern: '{"a": [1]}'}]
- <<: *one
  FilterCriteria: *f
  KMSKeyArn: !Ref Key
- FunctionName: |
    f
  EventSourceArn: >-
    arn:aws:sqs:us-west-2:123456789012:q
---
FunctionName: f
Qualifier: live
"""
SAMPLES = {"json": json.dumps(PAYLOAD, indent=2, ensure_ascii=False), "yaml": YAML}
VALIDATOR = lv.Validator()
JUNK = b"{}[]\":,'&*!|>-#%@` \t\r\n\\\0\x1b\x7f\x80\xc3\xff0"


def assert_reported(outcome: LintOutcome) -> None:
    """Assert that every finding and failure can be printed and has a position."""
    for reporter in REPORTERS.values():
        assert "Traceback" not in "".join(reporter(outcome, False))
    assert all(each.line and each.column for each in outcome.findings)
    assert all(each.message.startswith("expected ") for each in outcome.failures)
    assert len(outcome.failures) <= 1


def assert_reported_both_ways(data: bytes, name: str, tmp_path) -> None:
    file = tmp_path / f"damaged.{name}"
    file.write_bytes(data)
    assert_reported(lint([str(file)], io.BytesIO(), VALIDATOR))
    for_sure = Resource("CreateEventSourceMapping", "request", None)
    outcome = check_one(str(file), io.BytesIO(), VALIDATOR, for_sure)
    assert_reported(outcome)
    assert all(each.line or "but there " in each.message for each in outcome.failures)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_truncated_file_is_reported(name: str, tmp_path):
    data = SAMPLES[name].encode()
    for end in range(0, len(data), 3):
        assert_reported_both_ways(data[:end], name, tmp_path)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_file_with_random_byte_changes_is_reported(name: str, tmp_path):
    chance = random.Random(20150331)
    for _ in range(300):
        data = bytearray(SAMPLES[name].encode())
        for _ in range(chance.randint(1, 4)):
            place = chance.randrange(len(data))
            with_what = bytes([chance.choice(JUNK)]) * chance.randint(0, 2)
            data[place : place + chance.randint(0, 2)] = with_what
        assert_reported_both_ways(bytes(data), name, tmp_path)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_file_with_shuffled_lines_is_reported(name: str, tmp_path):
    chance = random.Random(20190925)
    for _ in range(100):
        lines = SAMPLES[name].splitlines(keepends=True)
        chance.shuffle(lines)
        assert_reported_both_ways("".join(lines[: chance.randint(1, len(lines))]).encode(), name, tmp_path)


def test_the_samples_themselves_are_read(tmp_path):
    for name, text in SAMPLES.items():
        (tmp_path / f"a.{name}").write_text(text)
    outcome = lint([str(tmp_path)], io.BytesIO(), VALIDATOR)
    assert (outcome.failures, outcome.checked) == ((), 2)
    assert "function-name.pattern" in {each.rule for each in outcome.findings}
