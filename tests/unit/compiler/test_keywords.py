"""Test each keyword with each kind of value where JSON and Python differ."""

from __future__ import annotations

from typing import Any

import pytest

from lambda_validate.compiler.compile import compile_schema

VALUES: dict[str, list[Any]] = {
    "string": ["", "a"],
    "integer": [0, 1, -1, 10**30, 1.0, -0.0],
    "number": [0.5, -1.5e-300],
    "boolean": [True, False],
    "null": [None],
    "array": [[], [1], ()],
    "object": [{}, {"a": 1}],
}
KINDS = {"integer": {"integer", "number"}}
"""An integer is also a number. Every other value has one type."""


def accepts(schema: Any, instance: Any) -> bool:
    verdict = compile_schema(schema, "verdict").run(instance)
    assert (compile_schema(schema, "report").run(instance) == []) is verdict
    return verdict


@pytest.mark.parametrize("kind", VALUES)
@pytest.mark.parametrize("other", VALUES)
def test_a_type_admits_its_own_values_alone(kind: str, other: str) -> None:
    for value in VALUES[other]:
        expected = kind in KINDS.get(other, {other})
        assert accepts({"type": kind}, value) is expected
        assert accepts({"not": {"type": kind}}, value) is not expected


@pytest.mark.parametrize("one", VALUES)
@pytest.mark.parametrize("two", VALUES)
def test_a_list_of_types_admits_the_values_of_each(one: str, two: str) -> None:
    for other, values in VALUES.items():
        expected = bool({one, two} & KINDS.get(other, {other}))
        assert [accepts({"type": [one, two]}, value) for value in values] == [expected] * len(values)


@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), float("-inf"), b"", 1j, pytest.param(object(), id="object"), {1}, range(2)],
    ids=repr,
)
def test_values_outside_json_have_no_type(value: Any) -> None:
    assert not accepts({"type": list(VALUES)}, value)


SAME = [
    (1, 1.0), (0, -0.0), (10**20, 1e20), ([1], [1.0]), ([1], (1,)),
    ({"a": [1, {"b": None}]}, {"a": [1.0, {"b": None}]}),
    ("a", "a"), (None, None), (True, True), ({"a": 1, "b": 2}, {"b": 2, "a": 1}), ([], []), ({}, {}),
]  # fmt: skip
DIFFERENT = [
    (1, True), (0, False), (1.0, True), ("1", 1), ("", None), (0, None), (False, None), ([], {}), ([1], [True]),
    ({"a": 0}, {"a": False}), ([1, 2], [2, 1]), ([1], [1, 1]), ({"a": 1}, {"b": 1}), ({"a": 1}, {"a": 1, "b": 1}),
    ([], None), ({}, ""), ("a", "A"), ([[1]], [[1.5]]), ({"a": {"b": [0]}}, {"a": {"b": [False]}}), ([1], "1"), ({}, 1),
]  # fmt: skip


@pytest.mark.parametrize("known", [{}, {"type": ["string", "integer", "number", "boolean", "null", "array", "object"]}])
@pytest.mark.parametrize(("one", "other"), SAME)
def test_equal_values_of_different_types_are_equal(one: Any, other: Any, known: Any) -> None:
    for left, right in ((one, other), (other, one)):
        assert accepts({"const": left, **known}, right)
        assert accepts({"enum": ["else", left], **known}, right)
        assert not accepts({"not": {"const": left}, **known}, right)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_values_are_never_equal(one: Any, other: Any) -> None:
    for left, right in ((one, other), (other, one)):
        assert not accepts({"const": left}, right)
        assert not accepts({"enum": ["else", left]}, right)
        assert accepts({"not": {"const": left}}, right)


@pytest.mark.parametrize(
    ("schema", "valid", "invalid"),
    [
        ({"minLength": 2}, ["ab", "💩💩"], ["a", "💩", ""]),
        ({"maxLength": 1}, ["", "a", "💩"], ["ab"]),
        ({"minLength": 2.0}, ["ab"], ["a"]),
        ({"minimum": 1}, [1, 1.0, 2, 10**40], [0.999, 0, -1]),
        ({"maximum": 1.5}, [1, 1.5], [2, 1.6]),
        ({"minItems": 1}, [[1], (1,)], [[], ()]),
        ({"maxItems": 1}, [[], [1]], [[1, 2]]),
        ({"minProperties": 1}, [{"a": 1}], [{}]),
        ({"maxProperties": 0}, [{}], [{"a": 1}]),
        ({"required": ["a"]}, [{"a": None}], [{}]),
        ({"pattern": "b"}, ["abc"], ["ac"]),
        ({"pattern": "^b"}, ["bc"], ["ab", "a\nb"]),
        ({"pattern": "^a|b"}, ["a", "cb"], ["ca"]),
        ({"pattern": "^(a|b)c"}, ["ac", "bc"], ["cac"]),
        ({"pattern": "^[|]a"}, ["|a"], ["b|a"]),
        ({"pattern": "^\\|a"}, ["|a"], ["b|a"]),
        ({"pattern": "^[\\]|]a"}, ["]a", "|a"], ["a"]),
        ({"pattern": "^(?:a|b)$(?!\\n)"}, ["a", "b"], ["a\n", "ab", "\na", ""]),
        ({"pattern": "\\d"}, ["1"], ["\u0663"]),
        ({"format": "filter-pattern"}, ['{"a": [1]}'], ["{", "[]", '{"a": [NaN]}']),
        ({"format": "qualifier"}, ["1", "anything, as keywords beside it say more"], []),
        ({"enum": []}, [], [None, ""]),
        ({"items": {"type": "null"}}, [[], [None]], [[1], [None, 1]]),
        ({"propertyNames": False}, [{}], [{"a": 1}]),
        ({"propertyNames": {"pattern": "^a"}}, [{}, {"a": 1}], [{"b": 1}]),
        ({"additionalProperties": False, "properties": {"a": True}}, [{}, {"a": 1}], [{"b": 1}]),
        ({"additionalProperties": {"type": "null"}, "properties": {"a": True}}, [{"a": 1, "b": None}], [{"b": 1}]),
    ],
)
def test_a_keyword_accepts_valid_and_rejects_invalid_values(schema: Any, valid: Any, invalid: Any) -> None:
    assert [accepts(schema, each) for each in valid] == [True] * len(valid)
    assert [accepts(schema, each) for each in invalid] == [False] * len(invalid)


@pytest.mark.parametrize(
    ("kind", "schema"),
    [
        ("string", {"minLength": 9, "maxLength": 0, "pattern": "z", "format": "filter-pattern"}),
        ("number", {"minimum": 1e301, "maximum": -1e301}),
        ("array", {"minItems": 9, "maxItems": 0, "items": False}),
        ("object", {"minProperties": 9, "maxProperties": 0, "required": ["z"], "properties": {"a": False}}),
        ("object", {"additionalProperties": False, "propertyNames": False, "x-relation": "qualifier-agrees"}),
    ],
    ids=["string", "number", "array", "object", "other objects"],
)
def test_a_keyword_ignores_values_of_other_types(kind: str, schema: Any) -> None:
    for other, values in VALUES.items():
        if kind != other and not (kind == "number" and other == "integer"):
            assert [accepts(schema, value) for value in values] == [True] * len(values)
        elif schema.get("additionalProperties") is not False:
            assert [accepts(schema, value) for value in values] == [False] * len(values)
