"""Test the JSON parser: what it rejects, the position of each error, and the position of each part."""

from __future__ import annotations

import json

import pytest
from support.steps import calls
from support.texts import cut, paths

from lambda_validate.lint.documents.json_text import parse
from lambda_validate.lint.documents.places import Document, ParseFailure
from lambda_validate.lint.documents.scalars import character


def document(text: str) -> Document:
    parsed = parse(text)
    assert isinstance(parsed, tuple), parsed
    return parsed[0]


def failure(text: str) -> ParseFailure:
    parsed = parse(text)
    assert isinstance(parsed, ParseFailure), parsed
    return parsed


SAMPLE = """ {
  "a": [1, -2.5e3, "x\\"y", {"b": null}],\t"é\\u0041": {"c": {}, "d": [ ]},
  "": true, "日本": [[["deep"]]] ,"e":
      false
}
"""


def test_positions_of_values_are_correct():
    sample = document(SAMPLE)
    for path, value in paths(sample.value):
        written = cut(SAMPLE, sample.locate(path).value)
        assert written is not None
        assert json.loads(written) == value


def test_positions_of_keys_are_correct():
    sample = document(SAMPLE)
    for path, _ in paths(sample.value):
        key = sample.locate(path).key
        if path and isinstance(path[-1], str):
            assert json.loads(cut(SAMPLE, key) or "") == path[-1]
        else:
            assert key is None


def test_a_missing_member_is_positioned_at_the_key_of_its_object():
    assert cut(SAMPLE, document(SAMPLE).locate(("e", "x")).key) == '"e"'
    assert document(SAMPLE).locate(("x",)) == ((1, 2, 1, 3), None)


@pytest.mark.parametrize(
    ("text", "index", "written"),
    [
        ('["abc"]', 1, "b"),
        ('["a\\nbc"]', 1, "\\n"),
        ('["a\\nbc"]', 2, "b"),
        ('["\\u0041bc"]', 0, "\\u0041"),
        ('["\\ud83d\\ude00bc"]', 0, "\\ud83d\\ude00"),
        ('["\\ud83d\\ude00bc"]', 1, "b"),
        ('["\\ud83dxbc"]', 1, "x"),
        ('["日本"]', 1, "本"),
        ('["ab"]', 2, '"'),
        ('[""]', 0, '"'),
    ],
)
def test_positions_of_characters_in_strings_are_correct(text: str, index: int, written: str):
    assert cut(text, character(document(text), (0,), index)) == written


@pytest.mark.parametrize(
    ("text", "line", "column", "expected"),
    [
        ("", 1, 1, "a value"),
        ("  \n ", 2, 2, "a value"),
        ('{"a": }', 1, 7, "a value"),
        ("{a: 1}", 1, 2, "name in double quotes"),
        ('{"a" 1}', 1, 6, "a colon"),
        ('{"a": 1\n "b": 2}', 2, 2, "a comma"),
        ('{"a": 1} x', 1, 10, "the end of the text"),
        ('{"a": "b', 1, 7, "a closing quote"),
        ('{"a": "b\nc"}', 1, 9, "a closing quote"),
        ('{"a": "\\x"}', 1, 8, "a valid escape"),
        ('{"a": "NaN", "b": NaN}', 1, 19, "a finite number"),
        ('{"a": [1,\n -Infinity]}', 2, 2, "a finite number"),
        ('{"a": "\\"NaN", "b": Infinity}', 1, 21, "a finite number"),
    ],
)
def test_invalid_json_is_rejected_with_position_and_expectation(text: str, line: int, column: int, expected: str):
    refused = failure(text)
    assert (refused.line, refused.column) == (line, column)
    assert refused.message.startswith("expected")
    assert expected in refused.message


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, "[" * 100_000 + "]" * 100_000, '[{"a":' * 300_000])
def test_deep_nesting_is_rejected_with_two_calls_a_character_at_most(text: str):
    failures = []
    calls(lambda: failures.append(failure(text)), limit=2 * len(text))
    assert "nesting" in failures[0].message


def test_nesting_that_the_interpreter_reads_is_also_located():
    text = "[" * 500 + "]" * 500
    assert document(text).locate((0,) * 499).value == (1, 500, 1, 502)


def test_duplicate_members_are_recorded_and_the_last_value_wins():
    text = '{"a": {"b": 1, "b": [{"c": 1, "c": 2}]}}'
    sample = document(text)
    assert sample.repeated
    assert sample.value == {"a": {"b": [{"c": 2}]}}
    assert [(each.path, text[slice(*each.key)], each.key[0]) for each in sample.tree.repeats] == [
        (("a", "b"), '"b"', 15),
        (("a", "b", 0, "c"), '"c"', 30),
    ]
    assert cut(text, sample.locate(("a", "b", 0, "c")).value) == "2"


def test_equal_keys_in_different_objects_are_not_duplicates():
    assert not document('[{"a": 1}, {"a": 1, "b": {"a": 1}}]').repeated


@pytest.mark.parametrize("digits", ["9" * 5_000, "-" + "9" * 1_000_000])
def test_an_integer_of_any_length_is_read_in_bounded_time_and_stays_huge(digits: str):
    value = document(digits).value
    assert isinstance(value, int)
    assert abs(value) > 10**3_000
    assert (value < 0) == digits.startswith("-")


def test_lone_surrogates_are_accepted():
    assert document('["\\ud800"]').value == ["\ud800"]


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_break_counts_once(line_break: str):
    assert document(f'{{{line_break}{line_break}  "a": 1}}').locate(("a",)).key == (3, 3, 3, 6)
