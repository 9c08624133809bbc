"""Test values that are only partly known."""

from __future__ import annotations

from typing import Any

import pytest

from lambda_validate.lint.documents.places import Tagged
from lambda_validate.lint.formats.cloudformation.targets import ATTRIBUTES, REFS, is_fifo
from lambda_validate.lint.unresolved.parts import (
    ABSENT,
    RESOURCE,
    Budget,
    Choice,
    Option,
    Partial,
    Unknown,
    at,
    between,
    plain,
    served,
)
from lambda_validate.lint.unresolved.shapes import SHAPES, candidates, service


def test_the_string_before_the_first_unknown_part_is_the_prefix():
    assert Partial(("arn:", "aws", ":sqs:", None, ":q")).prefix == "arn:aws:sqs:"
    assert Partial((None, "x")).prefix == ""
    assert Partial(("a", "b")).prefix == "ab"


def test_positions_of_characters_in_the_prefix_are_correct():
    text = Partial(("arn:", "aws", ":sqs:", None), starts=(0, None, 20, None))
    assert [text.written(index) for index in (0, 3, 4, 6, 7, 11, 12)] == [0, 3, None, None, 20, 24, None]
    assert Partial(("arn:",)).written(0) is None


def test_tagged_values_are_unknown_and_others_are_unchanged():
    assert plain({"a": Tagged("!Ref", "x"), "b": [1, Tagged("!X", {})]}) == {"a": Unknown(), "b": [1, Unknown()]}


def test_recursive_values_are_truncated():
    endless: list[Any] = []
    endless.append(endless)
    value = plain(endless)
    while isinstance(value, list):
        (value,) = value
    assert value == Unknown()


LONG = "a" * 300


@pytest.mark.parametrize(
    ("text", "placeholders", "found"),
    [
        ("abc", [], "abc"), ("", [], ""), ("abc", [(0, 3)], Unknown()), ("abc", [(1, 1)], "abc"),
        ("abc", [(0, 1)], Partial((None, "bc"), starts=(None, 1))),
        ("abc", [(2, 3)], Partial(("ab", None), starts=(0, None))),
        ("abc", [(0, 1), (1, 2)], Partial((None, None, "c"), starts=(None, None, 2))),
        (LONG, [(280, 290)], Partial(("a" * 280, None, "a" * 10), starts=(0, None, 290))),
        (LONG, [(270, 280), (280, 300)], Partial(("a" * 270, None, None), starts=(0, None, None))),
        (LONG, [(0, 300)], Unknown()), (LONG, [], LONG),
    ],
)  # fmt: skip
def test_a_string_is_split_at_its_placeholders(text: str, placeholders: Any, found: Any):
    assert between(text, placeholders) == found


@pytest.mark.parametrize(
    ("value", "known"),
    [
        (Unknown(), Unknown("sqs")), (Unknown("sns"), Unknown("sns")), (Unknown(help="h"), Unknown(help="h")),
        (Partial((None, "q")), Partial((None, "q"), "sqs")), (Partial(("arn:", None)), Partial(("arn:", None))),
        (Partial((None,), "sns"), Partial((None,), "sns")), ("a", "a"),
        (Choice((Option(Unknown(), ("p",)), Option("a"))), Choice((Option(Unknown("sqs"), ("p",)), Option("a")))),
    ],
)  # fmt: skip
def test_values_without_a_service_get_the_known_service(value: Any, known: Any):
    assert served(value, "sqs") == known
    assert served(value, None) == value


def nested(levels: int, inner: Any) -> Any:
    return nested(levels - 1, [inner]) if levels else inner


def test_values_are_resolved_to_60_levels():
    assert plain(nested(60, "a")) == nested(60, "a")
    assert plain(nested(61, "a")) == nested(61, Unknown())


def test_at_most_two_thousand_values_are_resolved():
    assert plain([0] * 1_999) == [0] * 1_999
    assert plain([0] * 2_000) == [*[0] * 1_999, Unknown()]
    assert plain({"a": [0] * 1_998}) == {"a": [0] * 1_998}


def test_members_share_the_budget_of_a_document():
    whole = Budget()
    assert (whole.left, RESOURCE) == (100_000, 100)
    assert [whole.of_one().take(2_000) for _ in range(51)] == [*[True] * 50, False]
    assert [whole.of_one().take(), Budget(0).take(0), Budget(0).take()] == [False, True, False]
    member = Budget().of_one()
    assert [member.take(2_001), member.whole and member.whole.left] == [False, 97_999]


def test_a_path_leads_through_tags():
    value = {"a": Tagged("!If", ["c", {"b": 1}])}
    assert at(value, ("a", 1, "b")) == 1
    assert at(value, ("a", 7)) is ABSENT
    assert at(value, ("a", 0, "b")) is ABSENT


@pytest.mark.parametrize(
    ("placeholder", "name"),
    [
        (Unknown("sns"), "sns"),
        (Partial(("arn:aws:sqs:", None)), "sqs"),
        (Partial(("arn:aws:", None)), None),
        (Partial(("arn:aws::", None)), None),
        (Partial(("nra:aws:sqs:", None)), None),
        (Partial((None,), "lambda"), "lambda"),
        (Unknown(), None),
    ],
)
def test_the_service_is_determined_by_reference_or_prefix(placeholder: Any, name: str | None):
    assert service(placeholder) == name


def endings(placeholder: Any) -> set[bool]:
    return {text.endswith(".fifo") for text in candidates(placeholder, {}, ("EventSourceArn",))}


@pytest.mark.parametrize(
    ("placeholder", "fifo"),
    [
        (Unknown("sqs"), {True, False}),
        (Unknown("sqs", True), {True}),
        (Unknown("sqs", False), {False}),
        (Partial(("arn:aws:sqs:", None, "q.fifo")), {True}),
        (Partial(("arn:aws:sqs:", None, "queue")), {False}),
        (Partial(("arn:aws:sqs:", None, "fo")), {True, False}),
        (Partial(("arn:aws:sqs:", None)), {True, False}),
        (Unknown("rds"), {False}),
    ],
)
def test_queues_may_be_fifo_unless_known(placeholder: Any, fifo: set[bool]):
    assert endings(placeholder) == fifo


def test_a_string_with_only_known_parts_is_its_own_candidate():
    assert candidates(Partial(("arn:", "aws")), {}, ("x",)) == ("arn:aws",)


@pytest.mark.parametrize(
    ("schema", "readings"),
    [
        ({"enum": ["a", "b"]}, ("a", "b")),
        ({"type": "boolean"}, (True, False)),
        ({"type": "integer", "minimum": 60}, (60,)),
        ({"examples": ["e"]}, ("e",)),
        ({"$ref": "#/$defs/T"}, ("t",)),
        ({}, ("x",)),
    ],
)
def test_candidates_of_an_unknown_member_come_from_its_schema(schema: Any, readings: tuple[Any, ...]):
    whole = {"properties": {"Any": schema}, "$defs": {"T": {"enum": ["t"]}}}
    assert candidates(Unknown(), whole, ("Any",)) == readings


def test_every_reference_target_has_a_known_shape():
    others = {"mq", "firehose"}
    assert {*REFS.values(), *ATTRIBUTES.values()} <= {*SHAPES, *others}


@pytest.mark.parametrize(
    ("properties", "fifo"),
    [
        ({}, False),
        ({"FifoQueue": True}, True),
        ({"FifoQueue": "true"}, True),
        ({"FifoQueue": "false"}, False),
        ({"QueueName": "a.fifo"}, True),
        ({"QueueName": {"Fn::Sub": "x.fifo"}}, False),
        ({"FifoQueue": {"Ref": "P"}}, None),
        ({"FifoQueue": "perhaps"}, None),
        ({"Fn::Transform": {}}, None),
        (Tagged("!Include", "x"), None),
    ],
)
def test_a_queue_is_fifo_by_its_setting_or_its_name(properties: Any, fifo: bool | None):
    assert is_fifo({"Type": "AWS::SQS::Queue", "Properties": properties}) is fifo
    assert is_fifo({"Type": "AWS::S3::Bucket", "Properties": properties}) is None
