"""Test both fast JSON parsers: an accepted string has the same value and no error in the full parser."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from typing import Any
from unittest import mock

import pytest
from support.json_texts import INVALID, OPEN, VALID

from lambda_validate.native import Engine
from lambda_validate.validator import json_body, json_parsers
from lambda_validate.validator.json_parsers import UNREAD, Parser

DEPTH = 100

REFUSED = {
    "number_huge_exp", "number_neg_int_huge_exp", "number_pos_double_huge_exp", "number_real_neg_overflow",
    "number_real_pos_overflow", "object_key_lone_2nd_surrogate", "string_1st_surrogate_but_2nd_missing",
    "string_1st_valid_surrogate_2nd_invalid", "string_UTF-16LE_with_BOM", "string_UTF-8_invalid_sequence",
    "string_UTF8_surrogate_U+D800", "string_incomplete_surrogate_and_escape_valid", "string_incomplete_surrogate_pair",
    "string_incomplete_surrogates_escape_valid", "string_invalid_lonely_surrogate", "string_invalid_surrogate",
    "string_invalid_utf-8", "string_inverted_surrogates_U+1D11E", "string_iso_latin_1",
    "string_lone_second_surrogate", "string_lone_utf8_continuation_byte", "string_not_in_unicode_range",
    "string_overlong_sequence_2_bytes", "string_overlong_sequence_6_bytes", "string_overlong_sequence_6_bytes_null",
    "string_truncated-utf-8", "string_utf16BE_no_BOM", "string_utf16LE_no_BOM", "structure_500_nested_arrays",
    "structure_UTF-8_BOM_empty_object",
}  # fmt: skip
"""Strings that the package rejects although a parser may accept them."""

REPEATING = {"object_duplicated_key", "object_duplicated_key_and_value"}
"""Strings that every parser accepts, with different values."""

PIECES = [
    b"{", b"}", b"[", b"]", b":", b",", b'"', b"\\", b"\\u0061", b"\\ud800", b"\\ud83d\\ude00", b"1", b"-", b"0", b".",
    b"e", b"E9", b"1e400", b"9" * 309, b"9" * 308, b"NaN", b"Infinity", b"true", b"null", b" ", b"\n", b"\x00", b"\xff",
    b"\xc3\xa9", b"\xed\xa0\x80", b"\xef\xbb\xbf", b'"a":1', b'"a":1,"a":2', b'"":0', b"\x7f",
]  # fmt: skip
SEEDS = [
    b'{"EventSourceArn":"arn:aws:sqs:us-west-2:123456789012:q","FunctionName":"f","BatchSize":10,"Enabled":true}',
    b'{"a":[1,2.5,{"b":null,"c":"\\u00e9"}],"d":{"e":[[],{}]},"f":-0.0,"g":1e-7,"h":"\\\\\\"/"}',
    *VALID.values(), *INVALID.values(), *OPEN.values(),
]  # fmt: skip


@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize(
    ("digits", "is_held"),
    [("0", True), ("7", True), ("9" * 308, True), ("1" + "0" * 308, True), ("17" + "9" * 307, False),
     ("179" + "0" * 306, True), ("2" + "0" * 308, False), ("1" + "0" * 309, False), ("1" * 5_000, False)],
    ids=["0", "7", "308", "1e308", "179.9e306", "179e306", "2e308", "1e309", "5000"],
)  # fmt: skip
def test_an_integer_is_one_that_a_double_holds(sign: str, digits: str, is_held: bool) -> None:
    if is_held:
        assert json_parsers.integer(sign + digits) == int(sign + digits)
    else:
        with pytest.raises(json_parsers.Odd):
            json_parsers.integer(sign + digits)


@pytest.mark.parametrize("start", [0, 1, 153, 154, 155, 1_000])
def test_a_long_number_is_found_at_any_offset(start: int) -> None:
    for digits, after, is_long in ((309, 0, True), (309, 400, True), (153, 400, False)):
        text = "a" * start + "9" * digits + "a" * after
        assert json_parsers.has_long(text) is json_parsers.has_long(text.encode()) is is_long
    assert not json_parsers.has_long("9" * 308)


def parsers() -> dict[str, Parser]:
    with mock.patch.object(json_parsers, "engine", return_value=Engine(None)):
        without = json_parsers.jiter()
    return {"interpreter": json_parsers.interpreter, "jiter": json_parsers.jiter(), "jiter alone": without}


@pytest.fixture(params=["interpreter", "jiter", "jiter alone"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Parser:
    """Return a fast parser, which the full reader tries first."""
    found = parsers()[request.param]
    monkeypatch.setattr(json_body, "quick", found)
    return found


def strict(text: bytes) -> Any:
    return json.loads(text.decode())


@pytest.mark.parametrize("name", VALID)
def test_json_accepted_by_every_parser_is_parsed(name: str, parser: Parser) -> None:
    value, faults = json_body.read(VALID[name], DEPTH)
    if name in REPEATING:
        assert [each.rule for each in faults] == ["body.duplicate"]
        assert parser(VALID[name], DEPTH) is UNREAD
    else:
        assert (value, faults) == (strict(VALID[name]), ())


@pytest.mark.parametrize("name", INVALID)
def test_json_rejected_by_every_parser_is_rejected(name: str, parser: Parser) -> None:
    assert json_body.read(INVALID[name], DEPTH).faults
    assert parser(INVALID[name], DEPTH) is UNREAD


@pytest.mark.parametrize("name", OPEN)
def test_ambiguous_json_is_rejected(name: str, parser: Parser) -> None:
    faults = json_body.read(OPEN[name], DEPTH).faults
    assert bool(faults) == (name in REFUSED)
    if name in REFUSED:
        assert parser(OPEN[name], DEPTH) is UNREAD


def mutated(count: int, seed: int) -> Iterator[bytes]:
    """Yield strings, most of them with a few pieces inserted, removed or repeated."""
    drawn = random.Random(seed)
    short = [each for each in SEEDS if len(each) < 1_000]
    for _ in range(count):
        text = drawn.choice(short)
        for _ in range(drawn.randrange(4)):
            at, end = sorted(drawn.choices(range(len(text) + 1), k=2))
            middle = drawn.choice([drawn.choice(PIECES), b"", text[at:end] * 2, drawn.choice(short)])
            text = text[:at] + middle + text[drawn.choice([at, end]) :]
        yield text


def is_left(text: bytes, parse: Parser) -> bool:
    """Return whether a parser leaves a valid string to the full parser."""
    if parse is json_parsers.interpreter and (b"\\u" in text or text.strip() != text):
        return True
    return json_parsers.has_long(text)


def compare(texts: Iterator[bytes]) -> int:
    """Assert that both parsers accept only strings without errors in the full parser, with the same value."""
    both, accepted = parsers().values(), 0
    for text in texts:
        whole = json_body.thorough(text, DEPTH)
        for parse in both:
            value = parse(text, DEPTH)
            if value is UNREAD:
                assert whole.faults or is_left(text, parse), text
            else:
                assert not whole.faults, text
                assert repr(value) == repr(whole.value), text
                accepted += 1
    return accepted


def test_the_parsers_agree_with_the_reference_reader() -> None:
    assert compare(mutated(6_000, seed=1)) > 1_000


@pytest.mark.exhaustive
def test_the_parsers_agree_on_millions_of_strings() -> None:
    assert compare(mutated(1_000_000, seed=2)) > 200_000


@pytest.mark.parametrize("text", [b"1e400", b'{"a":[1e400]}', b'{"a":{"b":-1e400}}', b'[[["a",1e999]]]'])
def test_jiter_rejects_infinity(text: bytes) -> None:
    assert json_parsers.jiter()(text, DEPTH) is UNREAD


@pytest.mark.parametrize("escape", [b"", b',"c":"\\\\"', b',"c":"\\""'])
@pytest.mark.parametrize("text", [b'{"a":1,"a":1%s}', b'{"a":"b","a":"b"%s}', b'{"b":[{"a":{},"a":"x"}]%s}'])
def test_jiter_lets_no_duplicate_name_pass_with_and_without_escapes(text: bytes, escape: bytes) -> None:
    assert json_parsers.jiter()(text % escape, DEPTH) is UNREAD
    once = (text % escape).replace(b',"a"', b',"d"')
    assert json_parsers.jiter()(once, DEPTH) == json.loads(once)


def test_numbers_that_a_double_holds_pass() -> None:
    for parse in parsers().values():
        assert parse(b"[%s]" % (b"9" * 300), DEPTH) == [int("9" * 300)]
        assert parse(b'{"a":[1e308,-1.5]}', DEPTH) == {"a": [1e308, -1.5]}


def test_jiter_caches_no_values() -> None:
    from jiter import cache_clear, cache_usage

    cache_clear()
    json_parsers.jiter()(b'{"FunctionName":"a-value-that-must-not-stay"}', DEPTH)
    assert cache_usage() <= 1


@pytest.mark.parametrize(
    ("value", "expected"), [("1", {"interpreter"}), ("0", {"read", "parse"}), ("", {"read", "parse"})]
)
def test_the_parser_is_chosen_by_the_environment(
    value: str, expected: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAMBDA_VALIDATE_PURE", value)
    assert json_parsers.best().__name__ in expected


def test_without_jiter_the_interpreter_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jiter", None)
    assert json_parsers.best() is json_parsers.interpreter


@pytest.mark.parametrize("command", ["operations", "rules"])
def test_commands_without_bodies_do_not_import_jiter(command: str) -> None:
    code = f"import sys; from lambda_validate.cli import main; main([{command!r}]); sys.exit('jiter' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0
