"""Test that tree nodes are plain values: their fields in order, with defaults for the last ones."""

from __future__ import annotations

import pytest

from lambda_validate.compiler.nodes import (
    FAILED,
    FALSE,
    IS_HELD,
    OUTLIVES,
    TRUE,
    All,
    Assign,
    Has,
    If,
    IsType,
    Literal,
    Match,
    Node,
    Not,
    Return,
    every,
    leaves,
    negated,
    when,
)

A, B = Has("v1", "A"), Has("v1", "B")


@pytest.mark.parametrize(
    ("node", "parts"),
    [
        (Match("p", "v"), ("p", "v")),
        (IsType("v", "string"), ("v", "string", "", False)), (IsType("v", "string", "e"), ("v", "string", "e", False)),
        (IsType("v", "string", "e", IS_HELD), ("v", "string", "e", True)),
        (Assign("a", "b"), ("a", "b", False)), (Assign("a", "b", OUTLIVES), ("a", "b", True)),
        (Literal(1), (1,)), (A, ("v1", "A")),
    ],
    ids=repr,
)  # fmt: skip
def test_a_node_has_its_parts_and_the_defaults_of_those_that_are_left(node: Node, parts: tuple[object, ...]) -> None:
    assert tuple(node) == parts
    assert [getattr(node, name) for name in type(node).__annotations__] == [*parts]
    assert repr(node) == f"{type(node).__name__}{parts!r}"


def test_checks_are_joined_and_denied_without_needless_parts() -> None:
    assert (every([]), every([A]), every([A, B])) == (TRUE, A, All((A, B)))
    assert (negated(A), negated(Not(A))) == (Not(A), A)
    assert TRUE is not FALSE


def test_an_empty_block_is_left_out() -> None:
    assert when(A, []) == when(A, [], []) == []
    assert when(A, FAILED) == [If(A, FAILED, [])]
    assert when(A, [], FAILED) == [If(Not(A), FAILED, [])]
    assert when(A, FAILED, FAILED) == [If(A, FAILED, FAILED)]


def test_code_that_ends_with_a_return_is_recognised() -> None:
    assert [leaves(code) for code in ([], FAILED, [Assign("a", "b")], [Return("a"), Assign("a", "b")])] == [
        False, True, False, False
    ]  # fmt: skip
