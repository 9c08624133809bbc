"""Test messages of violations: one sentence, what would be valid, and the position of the first invalid character."""

from __future__ import annotations

import itertools
import pickle
import re
from collections.abc import Iterator
from typing import Any

import pytest
from support.payloads import ACCOUNT, CREATE, FUNCTION, GET, NAMES, SOURCES

import lambda_validate as lv
from lambda_validate.catalog import types
from lambda_validate.compiler import messages
from lambda_validate.compiler.compile import compile_schema
from lambda_validate.compiler.messages import UNSEEN, first_impossible
from lambda_validate.report.policy import Policy

HEAD, TAIL = "^(?:", ")$(?!\\n)"


def only(schema: Any, instance: Any, member: str | None = "Size", show: bool = False) -> lv.Violation:
    """Return the only violation of a schema by a value, as a member or, if `member` is None, as the payload."""
    if member is not None:
        schema, instance = {"properties": {member: schema}}, {member: instance}
    (found,) = compile_schema(schema, "report", policy=Policy(show_values=show)).run(instance)
    return lv.Violation(*found)


@pytest.mark.parametrize(
    ("schema", "instance", "message", "help"),
    [
        ({"type": "integer"}, "1", "Size must be a whole number, not a string.", "Write a number, without quotes."),
        ({"type": "boolean"}, "", "Size must be true or false, not a string.", "Write true or false, without quotes."),
        ({"type": "boolean"}, 1, "Size must be true or false, not an integer.", None),
        ({"type": "null"}, 1, "Size must be null, not an integer.", None),
        ({"type": "string"}, None, "Size must be a string, not null.", None),
        ({"type": "string", "title": "a name"}, [], "Size must be a name, not an array.", None),
        ({"type": "array", "title": "things"}, {}, "Size must be a list, not an object.", None),
        ({"type": ["string", "number"]}, [], "Size must be a string or a number, not an array.", None),
        ({"type": "number"}, float("nan"), "Size must be a number, not a number that is not finite.", None),
        ({"type": "integer"}, 1.5, "Size must be a whole number, not a fraction.", None),
        ({"type": "integer"}, -0.25, "Size must be a whole number, not a fraction.", None),
        ({"type": "integer"}, float("inf"), "Size must be a whole number, not a number that is not finite.", None),
        ({"type": "number"}, "1", "Size must be a number, not a string.", "Write a number, without quotes."),
        ({"type": "string"}, 1.5, "Size must be a string, not a number.", None),
        ({"type": "object", "title": "things"}, 1, "Size must be an object, not an integer.", None),
        ({"minimum": 1}, 0, "Size must be at least 1.", None),
        ({"minimum": 1000}, 0, "Size must be at least 1,000.", None),
        ({"maxLength": 1}, "ab", "Size must have at most 1 character.", None),
        ({"maxLength": 0}, "ab", "Size must have at most 0 characters.", None),
        ({"enum": [*"abcdefghijklmnopqrst"]}, 1, f"Size must be {', '.join('abcdefghijklmnopqrs')} or t.", None),
        ({"enum": [f"v{n}" for n in range(21)]}, 1, "Size must be one of 21 values, such as v18, v19 or v20.", None),
        ({"maximum": 10000}, 10001, "Size must be at most 10,000.", None),
        ({"minLength": 1}, "", "Size is empty; it must have at least 1 character.", None),
        ({"maxLength": 2}, "abc", "Size must have at most 2 characters.", None),
        ({"minItems": 1}, [], "Size must have at least 1 item.", None),
        ({"maxItems": 0}, [1], "Size must have at most 0 items.", None),
        ({"minProperties": 2}, {}, "Size must have at least 2 members.", None),
        ({"maxProperties": 1}, {"a": 1, "b": 1}, "Size must have at most 1 member.", None),
        ({"enum": ["LATEST", "X"]}, "latest", "Size must be LATEST or X; did you mean LATEST?", "Write LATEST."),
        ({"enum": ["LATEST", "OLDEST"]}, "?", "Size must be LATEST or OLDEST.", None),
        ({"enum": []}, "?", "Size must be nothing.", None),
        ({"enum": [1, None, True]}, "?", "Size must be 1, None or True.", None),
        ({"const": [1, 2]}, "?", "Size must be [1, 2].", None),
        ({"const": {"a": 1}}, "?", "Size must be {'a': 1}.", None),
        ({"format": "filter-pattern"}, "{", "Size must be a filter pattern.", None),
        ({"pattern": "a"}, "b", "Size must be a string that matches its pattern.", None),
        ({"pattern": "a", "title": "an a"}, "b", "Size must be an a.", None),
        ({"not": {}}, 1, "Size is not allowed here.", "Leave it out."),
        (False, 1, "Size is not allowed here.", "Leave it out."),
    ],
    ids=repr,
)  # fmt: skip
def test_message_and_help_describe_the_violation(schema: Any, instance: Any, message: str, help: str | None) -> None:
    found = only(schema, instance)
    assert (found.message, found.help) == (message, help)


def test_the_root_is_called_the_payload() -> None:
    assert only({"type": "object"}, [], None).message == "The payload must be an object, not an array."
    assert only({"minProperties": 1}, {}, None).message == "The payload must have at least 1 member."


def test_an_unknown_member_is_reported_with_suggestions() -> None:
    near = lv.validate_request(GET, {"FunctionName": "orders", "Qualifer": "1"}).violations[0]
    assert near.message == "There is no member 'Qualifer'; did you mean 'Qualifier'?"
    assert near.help == "Write Qualifier."
    far = lv.validate_request(GET, {"FunctionName": "orders", "x": "1"}).violations[0]
    assert (far.message, far.help) == (
        "There is no member 'x'; leave it out.",
        "The members are FunctionName and Qualifier.",
    )
    many = lv.validate_request(CREATE, {"x": 1}).violations[-1]
    assert (many.message, many.help) == ("There is no member 'x'; leave it out.", None)


@pytest.mark.parametrize(
    ("count", "help"),
    [
        (0, None), (1, "The only member is n0."), (2, "The members are n0 and n1."),
        (12, f"The members are {', '.join(f'n{number}' for number in range(11))} and n11."), (13, None),
    ],
)  # fmt: skip
def test_help_lists_all_members_if_they_are_few(count: int, help: str | None) -> None:
    schema = {"properties": {f"n{number}": {} for number in range(count)}, "additionalProperties": False}
    found = only(schema, {"?" * 81: 1}, None)
    assert (found.message, found.help) == (f"There is no member '{'?' * 80}'; leave it out.", help)


def test_a_member_of_newer_versions_is_named_as_such() -> None:
    found = lv.validate_response(CREATE, {"Queues": []}).violations[0]
    assert found.message == "The document of CreateEventSourceMapping does not define Queues; today's API has it."
    assert found.help == 'Check by today\'s API with --edition current, or edition="current" in Python.'


@pytest.mark.parametrize("edition", ["documents", "current"])
def test_help_never_suggests_removing_members_of_current(edition: str) -> None:
    today = {
        name: lv.schema(name, "request", edition="current")["properties"].keys() for name in lv.operations(edition)
    }
    for name, members in today.items():
        report = lv.Validator(edition).validate_request(name, dict.fromkeys(members))
        assert {each.rule for each in report if "eave it out" in f"{each.message} {each.help}"} <= {
            "starting-position.sqs"
        }


def test_a_message_of_the_schema_replaces_ours_and_keeps_the_position() -> None:
    rule = {"id": "size.odd", "message": "Size must be odd."}
    assert only({"maximum": 1, "x-rules": {"maximum": rule}}, 2).message == "Size must be odd."
    pattern = {"pattern": f"{HEAD}ab{TAIL}", "x-rules": {"pattern": rule}}
    assert only(pattern, "ax").message == "Size must be odd; character 2 is invalid."
    assert only({"not": {}, "x-rules": {"not": rule}}, 2).help is None


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("it's", '"it\'s"'),
        ("\ud800\n", "'\\ud800\\n'"),
        ("é" * 100, "'" + "\\xe9" * 80 + "', cut short"),
        (5, "5"),
        ("a" * 80, "'" + "a" * 80 + "'"),
        ("a" * 81, "'" + "a" * 80 + "', cut short"),
        (2**256 - 1, str(2**256 - 1)),
        (2**256, "a huge number"),
        (10**100, "a huge number"),
        (-(10**5000), "a huge number"),
        (True, "True"),
        (1.5, "1.5"),
    ],
    ids=[
        "quote",
        "escapes",
        "long",
        "number",
        "80",
        "81",
        "256 bits",
        "257 bits",
        "huge",
        "huge and negative",
        "boolean",
        "fraction",
    ],
)
def test_shown_values_are_escaped_and_truncated(value: Any, shown: str) -> None:
    assert only({"enum": ["x"]}, value, show=True).message == f"Size must be x (it is {shown})."
    assert only({"enum": ["x"]}, value).message == "Size must be x."


@pytest.mark.parametrize("value", [[1], {"a": 1}, None, b"secret"], ids=repr)
def test_values_that_are_not_scalars_are_never_shown(value: Any) -> None:
    assert only({"enum": ["x"]}, value, show=True).message == "Size must be x."


def test_a_suggestion_stays_a_question_when_the_value_is_shown() -> None:
    assert only({"enum": ["LATEST"]}, "latest", show=True).message.endswith("did you mean LATEST (it is 'latest')?")


@pytest.mark.parametrize("mode", ["request", "response"])
@pytest.mark.parametrize("operation", [CREATE, GET])
def test_every_rule_can_be_stated_without_a_value(operation: str, mode: str) -> None:
    for constraint in lv.Validator().checker(operation, mode, "report").constraints:
        message = constraint.explain(constraint, UNSEEN).message
        assert re.fullmatch(r"[A-Z].*\.", message), message
        assert not re.search(r"Opaque|None|\bnot \.", message), message


# The position of the first invalid character.

SMALL = ["", "a", "ab", "a*", "a+b", "(?:ab)*", "a?b?", "a|bc", "(?:a|ab)c", "[ab]{2}", "[ab]{1,3}c", "a(?:b|cc)?a",
         "[^a]b", "(?:a|b)*c", "aa(?:a|b)c|ab"]  # fmt: skip
LONGEST = 6


def texts(longest: int) -> Iterator[str]:
    for length in range(longest + 1):
        yield from map("".join, itertools.product("abc", repeat=length))


@pytest.mark.parametrize("body", SMALL)
def test_the_position_is_the_length_of_the_longest_completable_prefix(body: str) -> None:
    admitted = [text for text in texts(LONGEST) if re.fullmatch(body, text)]
    prefixes = {text[:length] for text in admitted for length in range(len(text) + 1)}
    for text in texts(3):
        if text not in admitted:
            expected = max(length for length in range(len(text) + 1) if text[:length] in prefixes)
            assert first_impossible(f"{HEAD}{body}{TAIL}", text) == expected, text


WITNESSES = [*filter(None, NAMES), *SOURCES.values(), FUNCTION, "$LATEST", f"arn:aws:sns:{ACCOUNT}:news",
             "arn:aws:s3:::archive", f"arn:aws:events:{ACCOUNT}:event-bus/main",
             "arn:aws:iam:us-gov-east-1::x"]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value", "position"),
    [
        ("FunctionName", "my function", 2),
        ("FunctionName", "", 0),
        ("FunctionName", "orders\n", 6),
        ("FunctionName", "orders:", 7),
        ("FunctionName", "orders:$LATES", 13),
        ("FunctionName", "orders:$LATESTS", 14),
        ("FunctionName", "arn:aws:lambda:us-west-2:12345678901:function:orders", 45),
        ("FunctionName", "ord\u0663rs", 3),
        ("FunctionArn", "arn:aws:lambda:us-west-2:123456789012:function", 46),
        ("FunctionArn", "arn:aws:lambda:us-west-22:123456789012:function:orders", 24),
        ("FunctionArn", "arn:aws:sqs:us-west-2:123456789012:orders", 8),
        ("Qualifier", "a.b", 1),
        ("Qualifier", "\u2028", 0),
        ("EventSourceArn", "arn:aws:sqs", 11),
        ("EventSourceArn", "arn:aws:sqs:us-west:123456789012:orders", 19),
        ("EventSourceArn", "arn:aws:sqs:us-west-2:1234567890123:orders", 34),
        ("EventSourceArn", "arn:aws:sqs:us-west-2:123456789012:a\nb", 36),
        ("Destination", "arn:aws:sns:us-west-2:123456789012:a.b", 37),
        ("Destination", f"{SOURCES['kinesis']}", 8),
        ("Destination", "arn:aws:s3:::", 13),
    ],
)
def test_the_position_in_documented_patterns_is_the_first_invalid_character(
    name: str, value: str, position: int
) -> None:
    pattern = types()[name]["pattern"]
    assert first_impossible(pattern, value) == position
    suffixes = {text[start:] for text in WITNESSES for start in range(len(text) + 1)}

    def completed(prefix: str) -> bool:
        return any(re.search(pattern, prefix + suffix, re.ASCII) for suffix in suffixes)

    assert completed(value[:position])
    assert position == len(value) or not completed(value[: position + 1])


@pytest.mark.parametrize(
    ("value", "where"),
    [
        ("a b", "character 2 is a space; expected a letter, a digit, '-', ':' or '_'."),
        ("a?", "character 2 is invalid; expected a letter, a digit, '-', ':' or '_'."),
        ("a\x00", "character 2 is a control character; expected a letter, a digit, '-', ':' or '_'."),
        ("a\u2003", "character 2 is a space beyond ASCII; expected a letter, a digit, '-', ':' or '_'."),
        ("a\ud800", "character 2 is a character beyond ASCII; expected a letter, a digit, '-', ':' or '_'."),
        ("a:", "it is incomplete; expected a letter, a digit, '$', '-' or '_'."),
        ("a:$LATEST1", "character 10 is invalid."),
        ("a\n", "it must not end with a line break."),
        ("a\nb", "character 2 is a line break; expected a letter, a digit, '-', ':' or '_'."),
    ],
)
def test_the_message_names_the_invalid_character(value: str, where: str) -> None:
    found = lv.validate_request(GET, {"FunctionName": value}).violations[0]
    assert found.message.endswith(f"; {where}")
    assert found.position == found.explanation.position is not None


@pytest.mark.parametrize("pattern", ["^a", "a", "a$", "^a$"])
def test_an_unanchored_pattern_has_no_invalid_character(pattern: str) -> None:
    assert first_impossible(pattern, "b") is None
    assert only({"pattern": pattern}, "b").position is None


@pytest.mark.parametrize(
    ("body", "value", "position"),
    [("\\d+x", "1\u0663x", 1), ("\\w+!", "a\u00e9!", 1), ("\\s+", "  \u2003", 2), ("\\p{L}+", "a\u00e91", 2)],
    ids=["digits", "letters", "spaces", "properties"],
)  # fmt: skip
def test_classes_of_characters_are_those_of_ascii_but_for_properties(body: str, value: str, position: int) -> None:
    assert first_impossible(f"{HEAD}{body}{TAIL}", value) == position


def test_positions_far_into_a_string_are_not_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    pattern = f"{HEAD}a*{TAIL}"
    assert first_impossible(pattern, "a" * 10_000 + "b") == 10_000
    assert first_impossible(pattern, "a" * 1_000_000 + "b") is None
    monkeypatch.setattr(messages, "FAR", 4)
    monkeypatch.setattr(messages, "NEAR", 1)
    assert [first_impossible(pattern, "a" * length + "b") for length in (3, 4, 7, 8, 9)] == [3, 4, 7, None, None]


def test_positions_far_into_a_string_are_not_computed_with_a_table() -> None:
    pattern = types()["Qualifier"]["pattern"]
    assert [first_impossible(pattern, "a" * length + " ") for length in (10_000, 10_001)] == [10_000, None]


def test_violations_of_other_keywords_have_no_position() -> None:
    assert only({"minimum": 3}, 1).position is None
    assert only({"type": "string"}, 1).position is None
    assert first_impossible(f"{HEAD}a{TAIL}", None) is None  # type: ignore[arg-type]  # a rule stated without a value


def test_long_choices_show_the_newest_and_the_suggested_value() -> None:
    payload = {"FunctionName": "f", "Role": "arn:aws:iam::123456789012:role/r", "Code": {}, "Runtime": "pyton3.12"}
    (found,) = lv.validate_request("CreateFunction", payload, "current").violations
    assert len(found.message) < 200
    assert found.message.startswith("Runtime must be one of ")
    assert found.message.endswith("; did you mean python3.12?")
    assert found.help == "Write python3.12."


def test_an_empty_string_is_called_empty() -> None:
    found = only({"minLength": 1}, "")
    assert found.message == "Size is empty; it must have at least 1 character."
    assert only({"minLength": 2}, "a").message == "Size must have at least 2 characters."
    assert only({"minItems": 1}, []).message == "Size must have at least 1 item."


@pytest.mark.parametrize(
    ("value", "help"),
    [
        ("a ", "Remove the white space at the end."),
        ("a \t", "Remove the white space at the end."),
        ("a\n", "Remove the white space at the end."),
        ("a b", None),
        ("a b ", None),
        (" a", None),
        (" ", None),
        ("", None),
    ],
)
def test_white_space_at_the_end_has_a_help(value: str, help: str | None) -> None:
    found = only({"pattern": f"{HEAD}[a-z]+{TAIL}"}, value)
    assert (found.rule, found.help) == ("size.pattern", help)


def test_an_empty_string_that_a_pattern_rejects_is_called_empty() -> None:
    assert only({"pattern": f"{HEAD}[a-z]+{TAIL}"}, "").message.endswith("; it is empty.")


# Cached messages.


@pytest.mark.parametrize(
    "schema",
    [{"type": "integer"}, {"type": ["integer", "null"]}, {"maximum": 3}, {"minLength": 2}, {"minItems": 1},
     {"enum": ["latest"]}, {"pattern": f"{HEAD}[a-z]+{TAIL}"}, {"const": 1}, {"not": {}}, {"format": "filter-pattern"}],
    ids=str,
)  # fmt: skip
def test_what_was_explained_before_changes_no_message_and_no_value_stays(schema: Any) -> None:
    values = ["a b", "", "B", "latests", "x" * 90, 10**9, -1, 0, True, False, 1.5, None, [], {}, float("inf")]
    run = compile_schema({"properties": {"Size": schema}}, "report").run
    found = [lv.Violation(*each) for value in values for each in run({"Size": value})]
    again = [each.explanation for each in found]
    apart = [each.constraint._replace() for each in found]
    assert again == [made.explain(made, each.value) for made, each in zip(apart, found, strict=True)]
    sizes = {len(each.constraint.words) for each in found}
    assert len(sizes) == 1
    assert sizes <= set(range(6))


def test_the_words_of_a_constraint_are_neither_compared_nor_pickled() -> None:
    found = only({"type": "integer"}, "a")
    fresh = found.constraint._replace()
    assert found.message == "Size must be a whole number, not a string."
    assert found.constraint == fresh
    assert hash(found.constraint) == hash(fresh)
    assert pickle.loads(pickle.dumps(found.constraint)).words == {}
