"""Test that the compiled form of a pattern matches the same strings as its written form."""

from __future__ import annotations

import re
import tracemalloc

import pytest

from lambda_validate.catalog.models.kinds import BASE64
from lambda_validate.patterns.matching import matcher, quicker, whole


@pytest.mark.parametrize(
    ("pattern", "quick"),
    [
        ("(?:a)?", "(?:a|)"),
        ("(?:a(?:b)?c)?d", "(?:a(?:b|)c|)d"),
        ("(?:a|b)?", "(?:a|b|)"),
        ("(?:a)??", "(?:a)??"),
        ("(?:a)?+", "(?:a)?+"),
        ("(a)?", "(a)?"),
        ("(?=a)?b?", "(?=a)?b?"),
        (r"\(?:a\)?", r"\(?:a\)?"),
        (r"[(?:]a[)]?", r"[(?:]a[)]?"),
        (r"[^](?:]x(?:[]]\))?", r"[^](?:]x(?:[]]\)|)"),
        ("a)?", "a)?"),
        ("(?:\n)?", "(?:\n|)"),
        ("(?:(?:[ab]{4})*(?:c)?)?", "(?:(?:[ab]{1024})*(?:[ab]{4}){0,255}(?:c|)|)"),
        ("(?:[ab]{4})*?", "(?:[ab]{4})*?"),
        ("(?:[ab]{4})*+", "(?:[ab]{4})*+"),
        ("(?:[ab]{4})+", "(?:[ab]{4})+"),
        ("(?:[ab]{1,4})*", "(?:[ab]{1,4})*"),
        ("([ab]{4})*", "([ab]{4})*"),
        ("[(?:[a]{4})*]", "[(?:[a]{4})*]"),
    ],
)
def test_optional_groups_are_rewritten_for_speed(pattern: str, quick: str) -> None:
    assert quicker(pattern) == quick


@pytest.mark.parametrize("size", [*range(9), *range(1020, 1030), *range(2044, 2054), 4096])
@pytest.mark.parametrize("tail", ["", "=", "==", "===", "!", "\n"])
def test_base64_matching_in_blocks_agrees_with_the_pattern(size: int, tail: str) -> None:
    text = "A" * size + tail
    body = whole(BASE64)
    assert body
    assert (matcher(BASE64)(text) is None) == (re.fullmatch(body, text) is None)
    assert (matcher(BASE64)(f"!{text}") or matcher(BASE64)(f"{text}!AAA")) is None


def test_matching_a_large_base64_string_takes_little_memory() -> None:
    text = "A" * 4_000_000
    tracemalloc.start()
    assert matcher(BASE64)(text)
    assert matcher(BASE64)(f"{text}!") is None
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 9_000_000  # one copy of it, and little else
