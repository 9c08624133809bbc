"""Test that a trailing comma before a closing bracket is found, at any position where the decoder stopped."""

from __future__ import annotations

import json

import pytest

from lambda_validate.base.json_errors import trailing_comma


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[1,]", 2),
        ('{"a": 1,}', 7),
        ('{"a": [1, 2 , \n\t]}', 12),
        ('{"a": 1 \r\n,\n}', 10),
        ("[,]", 1),
        ("[1,,]", 3),
        ("[1,", None),
        ("[1 2]", None),
        ("{1}", None),
        ("]", None),
        (" ]", None),
        ("", None),
        ("[1,\u00a0]", None),
    ],
)
def test_a_trailing_comma_is_found(text: str, expected: int | None) -> None:
    with pytest.raises(json.JSONDecodeError) as raised:
        json.loads(text)
    assert trailing_comma(text, raised.value.pos) == expected


@pytest.mark.parametrize("position", range(9))
def test_a_decoder_may_stop_at_the_comma_or_at_the_bracket(position: int) -> None:
    """CPython 3.13 stops at the comma, and older versions stop at the bracket."""
    assert trailing_comma('{"a":1, }', position) == (6 if position in (6, 8) else None)
