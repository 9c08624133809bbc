"""Test grouping of values by a key: all values, or the first."""

from __future__ import annotations

from lambda_validate.base.grouping import firsts, grouped

PAIRS = [("b", 1), ("a", 2), ("b", 3), ("b", 1)]


def test_values_of_a_key_are_together_in_their_order() -> None:
    assert list(grouped(PAIRS).items()) == [("b", [1, 3, 1]), ("a", [2])]
    assert grouped([]) == {}


def test_the_first_value_of_a_key_stays() -> None:
    assert list(firsts(PAIRS).items()) == [("b", 1), ("a", 2)]
    assert firsts([]) == {}
