"""Test the descriptions of characters that are allowed at a position."""

from __future__ import annotations

from string import ascii_letters, ascii_lowercase, ascii_uppercase, digits

import pytest

from lambda_validate.compiler.characters import expected
from lambda_validate.patterns.tables import BEYOND_ASCII


@pytest.mark.parametrize(
    ("characters", "words"),
    [
        (ascii_letters, "a letter"),
        (ascii_lowercase + "-", "a small letter or '-'"),
        (ascii_uppercase + digits, "a capital letter or a digit"),
        ("a", "'a'"),
        (" \t-", "a tab, a space or '-'"),
        ("abcdef", "'a', 'b', 'c', 'd', 'e' or 'f'"),
        ("abcdefg", None),
        ("", None),
        ("\x00", None),
        (digits + BEYOND_ASCII, None),
    ],
)
def test_character_sets_are_described_in_words(characters: str, words: str | None) -> None:
    assert expected(characters) == words
