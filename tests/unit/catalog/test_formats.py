"""Test FORMATS: what each accepts, how it handles values that are no strings, and that it agrees with the schemas."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lambda_validate as lv
from lambda_validate import catalog
from lambda_validate.catalog.formats import FORMATS, STATED
from lambda_validate.patterns.matching import whole

NAME, ACCOUNT = "resize-images", "123456789012"
FUNCTION = f"arn:aws:lambda:us-west-2:{ACCOUNT}:function:{NAME}"
STREAM = f"arn:aws:kinesis:us-west-2:{ACCOUNT}:stream/clicks"
CONSUMER = f"{STREAM}/consumer/reader:1571642825"
TABLE = f"arn:aws:dynamodb:us-west-2:{ACCOUNT}:table/Orders"
TABLE_STREAM = f"{TABLE}/stream/2024-06-10T19:26:16.525"
QUEUE = f"arn:aws:sqs:us-west-2:{ACCOUNT}:invoices"
TOPIC = f"arn:aws:sns:us-west-2:{ACCOUNT}:resized"
BUCKET = "arn:aws:s3:::failed-events.example"
BUS = f"arn:aws:events:us-west-2:{ACCOUNT}:event-bus/default"
DESTINATIONS = {FUNCTION, QUEUE, TOPIC, BUCKET, BUS}

ADMITS = {
    "function-name": {NAME, f"{NAME}:v1", f"{NAME}:$LATEST", f"{ACCOUNT}:function:{NAME}", FUNCTION, f"{FUNCTION}:7",
                      "f" * 64, "f" * 64 + ":v1", "function:".ljust(140, "f")},
    "function-arn": {FUNCTION, f"{FUNCTION}:PROD", f"{FUNCTION}:$LATEST", FUNCTION.replace("aws", "aws-cn"),
                     FUNCTION.replace("us-west-2", "us-gov-west-1"), FUNCTION.replace("aws", "")},
    "qualifier": {"1", "$LATEST", "PROD", "blue_green-2", "q" * 128},
    "event-source-arn": {STREAM, CONSUMER, TABLE, TABLE_STREAM, QUEUE, "arn:aws:mq:::",
                         "arn:aws-iso:kafka:::cluster/x y"},
    "stream-arn": {STREAM, STREAM.replace("aws", "aws-us-gov"), STREAM.replace("stream/", "stream/consumer")},
    "consumer-arn": {CONSUMER},
    "table-stream-arn": {TABLE_STREAM},
    "queue-arn": {QUEUE, f"{QUEUE}.fifo"},
    "destination-arn": DESTINATIONS | {f"{FUNCTION}:PROD", BUS.replace("default", "partner.example.com/1")},
    "destination-function-arn": {FUNCTION, f"{FUNCTION}:$LATEST"},
    "destination-queue-arn": {QUEUE},
    "destination-topic-arn": {TOPIC},
    "destination-bucket-arn": {BUCKET},
    "destination-event-bus-arn": {BUS},
    "filter-pattern": {"{}", '{"body": {"currency": ["EUR"]}}', '{"data": {"a": {"b": [{"numeric": [">", 1]}]}}}',
                       '{"body": "a plain text"}'},
}  # fmt: skip

REFUSES = {
    "function-name": {"", "f" * 65, "function:".ljust(141, "f"), "resize images", f"{NAME}:", f"{NAME}:a:b",
                      f"{FUNCTION}:7:8", f"{NAME}\n", "arn:aws:s3:::bucket"},
    "function-arn": {"", NAME, f"{ACCOUNT}:function:{NAME}", f"{FUNCTION}\n", FUNCTION.replace(ACCOUNT, "1"), QUEUE,
                     FUNCTION.replace("us-west-2", "us-west-22"), FUNCTION.ljust(10001, "f")},
    "qualifier": {"", "q" * 129, "live.eu", "a:b", "PROD\n", " "},
    "event-source-arn": {"", "invoices", "arn:aws:sqs", QUEUE.replace(ACCOUNT, "12345678901"), f"{QUEUE}\n",
                         QUEUE.replace("us-west-2", "us-iso-east-1"), QUEUE.ljust(10001, "q"),
                         QUEUE.replace("aws", "gcp")},
    "stream-arn": {CONSUMER, QUEUE, TABLE_STREAM, f"{STREAM}/", f"{STREAM}\n", "arn:aws:kinesis:::clicks",
                   f"{STREAM}/consumer/reader", STREAM.replace("aws", "gcp"), STREAM.replace(ACCOUNT, "1")},
    "consumer-arn": {STREAM, f"{STREAM}/consumer/reader", f"{CONSUMER}x", f"{CONSUMER}\n",
                     CONSUMER.replace("aws", "gcp")},
    "table-stream-arn": {TABLE, f"{TABLE}/stream/", STREAM, f"{TABLE_STREAM}\n"},
    "queue-arn": {f"{QUEUE}/1", f"{QUEUE}:1", TOPIC, f"{QUEUE}\n", "https://sqs.us-west-2.amazonaws.com/1/invoices"},
    "destination-arn": {f"{QUEUE}.fifo", f"{TOPIC}.fifo", STREAM, TABLE, f"{BUCKET}/key", f"{BUS}\n", NAME, "",
                        BUS.replace("event-bus/", "rule/"), BUCKET.replace(":::", f"::{ACCOUNT}:")},
    "destination-function-arn": (DESTINATIONS - {FUNCTION}) | {NAME},
    "destination-queue-arn": (DESTINATIONS - {QUEUE}) | {f"{QUEUE}.fifo"},
    "destination-topic-arn": (DESTINATIONS - {TOPIC}) | {f"{TOPIC}.fifo"},
    "destination-bucket-arn": (DESTINATIONS - {BUCKET}) | {"failed-events.example"},
    "destination-event-bus-arn": (DESTINATIONS - {BUS}) | {"default"},
    "filter-pattern": {"", "[]", '"a"', "{", '{"body": {"currency": "EUR"}}', '{"body": []}',
                       '{"body": {"currency": []}}', '{"other": "a plain text"}', '{"body": ' * 100_000},
}  # fmt: skip

TYPES = {
    "function-name": ("FunctionName",),
    "function-arn": ("FunctionArn",),
    "qualifier": ("Qualifier",),
    "event-source-arn": ("EventSourceArn",),
    "table-stream-arn": ("EventSourceArn", "DynamoDBResource"),
    "queue-arn": ("EventSourceArn", "SQSResource"),
    "destination-arn": ("Destination",),
}
"""Formats that together have the meaning of these shared types."""

ASCII = st.characters(codec="ascii")


def rows(table: dict[str, set[str]]) -> list[Any]:
    return [
        pytest.param(name, text, id=f"{name}-{text[:60]!a}-{len(text)}")
        for name, texts in table.items()
        for text in sorted(texts)
    ]


@pytest.mark.parametrize(("name", "text"), rows(ADMITS))
def test_a_format_accepts_valid_strings(name: str, text: str) -> None:
    assert FORMATS[name](text) is True


@pytest.mark.parametrize(("name", "text"), rows(REFUSES))
def test_a_format_rejects_invalid_strings(name: str, text: str) -> None:
    assert FORMATS[name](text) is False


def test_every_format_has_valid_and_invalid_strings() -> None:
    assert ADMITS.keys() == REFUSES.keys() == FORMATS.keys()
    assert FORMATS.keys() > STATED


@pytest.mark.parametrize("value", [None, 1, 0.5, True, b"", b"{}", [], ["a"], {}, range(3)], ids=repr)
@pytest.mark.parametrize("name", FORMATS)
def test_a_format_rejects_values_that_are_not_strings(name: str, value: Any) -> None:
    assert FORMATS[name](value) is False


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "filter-pattern"])
@pytest.mark.parametrize("junk", ["\n", "\r\n", "\u2028", "\u0663"], ids=ascii)
def test_a_format_matches_the_whole_string(name: str, junk: str) -> None:
    for text in ADMITS[name]:
        anything_may_follow = name == "event-source-arn" and not junk.endswith("\n")
        assert FORMATS[name](text + junk) is anything_may_follow
        assert FORMATS[name](junk + text) is False


@pytest.mark.parametrize("name", FORMATS)
def test_the_format_checker_hands_the_formats_to_jsonschema(name: str) -> None:
    checker = lv.format_checker()
    validator = jsonschema.Draft202012Validator({"format": name}, format_checker=checker)
    assert all(validator.is_valid(text) for text in ADMITS[name])
    assert not any(validator.is_valid(text) for text in REFUSES[name])
    assert all(validator.is_valid(value) for value in (None, 1, [], {}))  # no string: `type` checks that


def test_the_format_checker_knows_our_formats_and_no_other() -> None:
    assert lv.format_checker().checkers.keys() == FORMATS.keys()
    assert "function-name" not in jsonschema.FormatChecker.checkers


def test_formats_are_reached_from_the_package() -> None:
    assert lv.formats.FORMATS is FORMATS
    with pytest.raises(AttributeError, match="no_such_name"):
        getattr(lv, "no_such_name")  # noqa: B009  # mypy would know it is missing


@pytest.mark.parametrize("name", [name for name in TYPES if len(TYPES[name]) == 1])
def test_a_type_names_its_format(name: str) -> None:
    assert catalog.types()[TYPES[name][0]]["format"] == name


def by_type(names: tuple[str, ...]) -> jsonschema.Draft202012Validator:
    """Return a validator of the keywords of the types, without formats."""
    return jsonschema.Draft202012Validator({"allOf": [catalog.portable(catalog.types()[name]) for name in names]})


VALIDATORS = {name: by_type(types) for name, types in TYPES.items()}


@cache
def admitted(name: str) -> st.SearchStrategy[str]:
    """Return a strategy of strings that match the pattern of a format, and strings of all formats."""
    body = whole(catalog.types()[TYPES[name][-1]]["pattern"])
    assert body is not None
    return st.from_regex(re.compile(body, re.ASCII), fullmatch=True, alphabet=ASCII) | st.sampled_from(EVERYTHING)


LENGTHS = st.sampled_from([0, 0, 64, 65, 128, 129, 140, 141, 10000, 10001])
SLIPS = st.text(st.sampled_from("a:-_$.\n/0 "), max_size=2)


@st.composite
def near(draw: st.DrawFn, name: str) -> str:
    """Draw a string that matches the pattern of a format, often with a change, or at the length limit."""
    text = draw(admitted(name))
    place = draw(st.integers(0, len(text)))
    slip = draw(SLIPS)
    text = text[:place] + slip + text[place + draw(st.integers(0, 2)) :]
    return text.ljust(draw(LENGTHS), "f")


EVERYTHING = sorted({text for table in (ADMITS, REFUSES) for name in TYPES for text in table[name]})


@pytest.mark.parametrize("name", TYPES)
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_a_format_agrees_with_the_keywords_of_its_type(name: str, data: st.DataObject) -> None:
    text = data.draw(near(name))
    assert FORMATS[name](text) is VALIDATORS[name].is_valid(text)


@pytest.mark.parametrize("text", EVERYTHING, ids=lambda text: ascii(text[:60]))
def test_streams_and_consumers_are_the_two_kinds_of_a_kinesis_source(text: str) -> None:
    kinesis = by_type(("EventSourceArn", "KinesisResource")).is_valid(text)
    assert (FORMATS["stream-arn"](text) or FORMATS["consumer-arn"](text)) is kinesis
    assert not (FORMATS["stream-arn"](text) and FORMATS["consumer-arn"](text))


@pytest.mark.parametrize("text", EVERYTHING, ids=lambda text: ascii(text[:60]))
def test_a_destination_is_of_exactly_one_kind(text: str) -> None:
    kinds = [name for name in FORMATS if name.startswith("destination-") and name != "destination-arn"]
    assert sum(FORMATS[name](text) for name in kinds) == FORMATS["destination-arn"](text)
