"""Test the headers that are read: which ones, how many, and the length of the body."""

from __future__ import annotations

from typing import Any

import pytest

from lambda_validate.http.headers import declared_length, octets, wanted
from lambda_validate.http.members import SPELT

TYPE = ("Content-Type", "application/json")


@pytest.mark.parametrize(
    ("values", "length"),
    [
        ([], 0), ([b"0"], 0), ([b"000"], 0), ([b"12"], 12), ([b" \t12 "], 12), ([b"0" * 30 + b"7"], 7),
        ([b"9" * 18], 10**18 - 1), ([b"1" + b"0" * 18], 10**18), ([b"9" * 19], 10**18), ([b"9" * 10_000], 10**18),
        ([b"3", b"12", b"5"], 12), ([b"-5"], 0), ([b"1_0"], 0), ([b"5, 5"], 0), ([b"x", b"4"], 4), ([b""], 0),
    ],
)  # fmt: skip
def test_the_declared_length_is_the_largest_numeric_content_length(values: list[bytes], length: int) -> None:
    assert declared_length({b"content-length": tuple(values)}) == length
    assert declared_length({}) == 0


@pytest.mark.parametrize(
    ("headers", "limit", "found"),
    [
        (None, 0, {}), ([], 0, {}), ([TYPE], 0, "many"), ([TYPE], 1, {b"content-type": (b"application/json",)}),
        ([("a", "b"), TYPE], 1, "many"), ([("a", "b"), ("c", "d")], 2, {}),
        ({"X-AMZ-Log-Type": "Tail"}, 1, {b"x-amz-log-type": (b"Tail",)}), ({"X-Amzn-Trace": "1"}, 1, {}),
        ([(b"CONTENT-TYPE", bytearray(b"a")), ("content-type", "b")], 2, {b"content-type": (b"a", b"b")}),
        ([("a",)], 2, "unreadable"), (5, 2, "unreadable"), ([("content-type", 5)], 2, "unreadable"),
        ([(5, "a")], 2, "unreadable"),
        ([("x-amz-a", "é\ud800")], 1, {b"x-amz-a": (b"\xc3\xa9\xed\xa0\x80",)}),
    ],
    ids=repr,
)  # fmt: skip
def test_relevant_headers_are_read_up_to_the_limit(headers: Any, limit: int, found: Any) -> None:
    assert wanted(headers, limit) == found


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("boolean", "true", True), ("boolean", "false", False), ("boolean", "True", "True"), ("integer", "-12", -12),
        ("integer", "9" * 18, 10**18 - 1), ("integer", "9" * 19, "9" * 19), ("integer", "1.0", "1.0"),
        ("number", "1970-01-01T00:01:00.5Z", 60.5), ("number", "1970-01-01T01:00:00+01:00", 0.0), ("number", "5", "5"),
    ],
)  # fmt: skip
def test_a_member_outside_the_body_is_read_by_its_type(kind: str, text: str, value: Any) -> None:
    assert (SPELT[kind](text), type(SPELT[kind](text))) == (value, type(value))


def test_octets_returns_plain_bytes_or_raises() -> None:
    class Bytes(bytes):
        def __getitem__(self, key: Any) -> Any:
            raise AssertionError

    for value in (b"a", "a", bytearray(b"a"), memoryview(b"a"), Bytes(b"a")):
        assert (octets(value), type(octets(value))) == (b"a", bytes)
    for invalid in (None, 5.0, ["a"]):
        with pytest.raises(TypeError):
            octets(invalid)
