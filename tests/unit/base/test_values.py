"""Test the JSON type of a value, and its name in messages."""

from __future__ import annotations

import datetime
import enum
import math
from collections import OrderedDict, UserDict
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

import pytest
from support import hostile

from lambda_validate.base import values
from lambda_validate.base.values import Opaque, as_status, is_kind, key_name, kind_name, same, seen


class Name(str, enum.Enum):
    ORDERS = "orders"


EXACT: list[tuple[str, Any, Any]] = [
    ("string", "a", "a"),
    ("string", Name.ORDERS, "orders"),
    ("string", hostile.refusing(str)("a"), "a"),
    ("integer", 5, 5),
    ("integer", 5.0, 5),
    ("integer", hostile.Level.FIVE, 5),
    ("integer", hostile.refusing(float)(5.0), 5),
    ("number", 5.5, 5.5),
    ("number", 10**400, 10**400),
    ("number", hostile.refusing(float)(5.5), 5.5),
    ("array", [1], [1]),
    ("array", (1,), [1]),
    ("array", hostile.refusing(list)([1]), [1]),
    ("object", {"a": 1}, {"a": 1}),
    ("object", OrderedDict(a=1), {"a": 1}),
    ("object", UserDict(a=1), {"a": 1}),
    ("object", MappingProxyType({"a": 1}), {"a": 1}),
    ("object", hostile.refusing(dict)(a=1), {"a": 1}),
    ("object", {Name.ORDERS: 1, 5: 2}, {"orders": 1, 5: 2}),
]
NONE: list[tuple[str, Any]] = [
    *((kind, None) for kind in values.EXACT),
    *((kind, True) for kind in values.EXACT),
    *((kind, hostile.lying(cls)) for kind, cls in zip(values.EXACT, (str, int, float, list, dict), strict=True)),
    ("integer", 5.5),
    *(("integer", each) for each in (math.nan, math.inf, "5", 5j, hostile.Index())),
    *(("number", each) for each in (math.nan, math.inf, -math.inf, "5", hostile.Index())),
    *(("string", each) for each in (b"a", 5, [])),
    *(("array", each) for each in ({}, "ab", {1}, range(2), iter([]))),
    *(("object", each) for each in ([], "ab", hostile.RefusingMapping(), hostile.Classless(), hostile.Nameless())),
]


@pytest.mark.parametrize(("kind", "value", "exact"), EXACT, ids=[f"{kind} {i}" for i, (kind, *_) in enumerate(EXACT)])
def test_a_value_of_a_type_comes_back_as_exactly_the_built_in_type(kind: str, value: Any, exact: Any) -> None:
    found = values.EXACT[kind](value)
    assert (type(found), found) == (type(exact), exact)
    assert is_kind(value, kind)


@pytest.mark.parametrize(("kind", "value"), NONE, ids=[f"{kind} {index}" for index, (kind, _) in enumerate(NONE)])
def test_a_value_of_another_type_comes_back_as_none(kind: str, value: Any) -> None:
    assert values.EXACT[kind](value) is None
    assert not is_kind(value, kind)


def test_lists_and_mappings_come_back_as_copies() -> None:
    items, members = [1], {"a": 1}
    values.as_array(items).append(2)
    values.as_object(members)["b"] = 2
    assert (items, members) == ([1], {"a": 1})


def test_a_mapping_is_read_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(values, "MAX_MAPPING_MEMBERS", 5)
    assert len(values.as_object(hostile.Endless()) or ()) == 5


@pytest.mark.parametrize(
    ("status", "exact"),
    [(200, 200), (HTTPStatus.OK, 200), (hostile.refusing(int)(200), 200), (200.0, None), (True, None), ("200", None),
     (None, None), (hostile.lying(int), None)],
    ids=["int", "enum", "subclass", "float", "bool", "text", "none", "lie"],
)  # fmt: skip
def test_a_status_must_be_an_integer(status: Any, exact: int | None) -> None:
    assert as_status(status) == exact


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("a", "a string"),
        (True, "a boolean"),
        (5, "an integer"),
        (5.5, "a number"),
        (math.nan, "a number that is not finite"),
        ([], "an array"),
        ((), "an array"),
        ({}, "an object"),
        (None, "null"),
        (Name.ORDERS, "a string"),
        (datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC), "a Python datetime"),
        (b"", "a Python bytes"),
        (int, "a Python type"),
        (Opaque("a thing"), "a thing"),
        (hostile.OBJECTS["class with an odd name"], "a Python object"),
    ],
)
def test_every_value_has_a_type_name(value: Any, name: str) -> None:
    assert kind_name(value) == name


@pytest.mark.parametrize("name", hostile.OBJECTS)
def test_every_hostile_object_has_a_type_name(name: str) -> None:
    assert kind_name(hostile.OBJECTS[name]).startswith(("a ", "an "))


@pytest.mark.parametrize("value", ["a", 5, 5.5, True, None])
def test_scalars_are_stored_unchanged(value: Any) -> None:
    assert seen(value) is value


@pytest.mark.parametrize("value", [[], {}, Name.ORDERS, hostile.Level.FIVE, b"", hostile.Nameless()], ids=range(6))
def test_other_values_are_stored_as_their_type_name(value: Any) -> None:
    assert seen(value) == Opaque(kind_name(value))


def test_a_key_that_is_not_a_string_is_shown_as_its_type_name() -> None:
    keys = ["a", Name.ORDERS, 5, None, (1,)]
    assert [key_name(each) for each in keys] == ["a", "orders", "<an integer>", "<null>", "<an array>"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("K" * 80, "a Python " + "K" * 80),
        ("K" * 81, "a Python object"),
        ("Kind", "a Python Kind"),
        ("no name", "a Python object"),
        ("Kind\n", "a Python object"),
        ("", "a Python object"),
    ],
)
def test_classes_are_named_only_by_short_identifiers(name: str, said: str) -> None:
    assert kind_name(type(name, (), {})()) == said


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({}, {}, True),
        ({"a": [1, {"b": None}]}, UserDict(a=(1.0, {"b": None})), True),
        ({"a": 1}, {"a": 2}, False),
        ({"a": 1}, {"b": 1}, False),
        ({"a": 1}, {"a": 1, "b": 1}, False),
        ({"a": 1}, {"a": True}, False),
        ([1, 2], (1, 2.0), True),
        ([1, 2], [1], False),
        ([], {}, False),
        (True, 1, False),
        (None, 0, False),
        ("1", 1, False),
        (Name.ORDERS, "orders", True),
    ],
)
def test_equality_ignores_the_container_types(one: Any, other: Any, expected: bool) -> None:
    assert same(one, other) is expected
    assert same(other, one) is expected
