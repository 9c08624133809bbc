"""Compare the edition `current` with botocore's `ParamValidator`: what that rejects is rejected at the same member.

The payloads are generated from the service model, not the schemas. Each member of each operation is valid once, then
of every invalid type, missing, too small, too short, and beside an unknown one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

import pytest

import lambda_validate as lv

validate = pytest.importorskip("botocore.validate", reason="what is compared with comes with botocore")
from botocore.loaders import Loader  # noqa: E402  # available once the line above has passed
from botocore.model import ServiceModel  # noqa: E402  # after the code that may skip the module

VALIDATOR = lv.Validator("current")
INVALID = [None, True, 7, 7.5, "text", [], {}, ["text"], {"Unknown": 1}]
"""A value of each kind. Some are valid for a member, and botocore then accepts them."""


@cache
def model() -> Any:
    loader = Loader(extra_search_paths=[Loader.BUILTIN_DATA_PATH], include_default_search_paths=False)
    return ServiceModel(loader.load_service_model("lambda", "service-2"))


def sample(shape: Any, depth: int = 0) -> Any:
    """Return a value of a shape's kind with all members. Only types, limits and enum values are valid."""
    return SAMPLES[shape.type_name](shape, depth)


def _structure(shape: Any, depth: int) -> dict[str, Any]:
    names = list(shape.members)[:1] if shape.is_tagged_union else shape.members if depth < 6 else shape.required_members
    return {name: sample(shape.members[name], depth + 1) for name in names}


def _string(shape: Any, depth: int) -> str:
    return shape.enum[0] if shape.enum else "a" * max(1, shape.metadata.get("min", 1))


SAMPLES: Mapping[str, Callable[[Any, int], Any]] = {
    "structure": _structure,
    "list": lambda shape, depth: [sample(shape.member, depth + 1)] * max(1, shape.metadata.get("min", 1)),
    "map": lambda shape, depth: {sample(shape.key, depth + 1): sample(shape.value, depth + 1)},
    "string": _string,
    "integer": lambda shape, depth: shape.metadata.get("min", 1),
    "long": lambda shape, depth: shape.metadata.get("min", 1),
    "double": lambda shape, depth: shape.metadata.get("min", 1.5),
    "boolean": lambda shape, depth: True,
    "blob": lambda shape, depth: "AAAA",
    "timestamp": lambda shape, depth: 1718000000,
}


def faults(shape: Any, value: Any, put: Callable[[Any], Any], pointer: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Yield the place, its shape and the payload for each changed value, which `put` inserts into a payload."""
    if pointer:
        yield from ((pointer, shape, put(invalid)) for invalid in INVALID)
    if "min" in shape.metadata and shape.type_name in SHORTER:
        yield pointer, shape, put(SHORTER[shape.type_name](shape.metadata["min"]))
    if shape.type_name == "structure":
        yield from _in_structure(shape, value, put, pointer)
    elif shape.type_name == "list":
        yield from faults(shape.member, value[0], lambda new: put([new, *value[1:]]), f"{pointer}/0")
    elif shape.type_name == "map":
        (key, each), *_ = value.items()
        yield from faults(shape.value, each, lambda new: put({key: new}), f"{pointer}/{key}")


def _in_structure(shape: Any, value: Any, put: Callable[[Any], Any], pointer: str) -> Iterator[tuple[str, Any, Any]]:
    yield f"{pointer}/Unknown", shape, put({**value, "Unknown": 1})
    for name in value:
        place, member = f"{pointer}/{name}", shape.members[name]
        if name in shape.required_members:
            yield place, member, put({key: each for key, each in value.items() if key != name})
        yield from faults(member, value[name], lambda new, name=name: put({**value, name: new}), place)


SHORTER: Mapping[str, Callable[[int], Any]] = {
    "string": lambda least: "a" * max(0, least - 1),
    "integer": lambda least: least - 1,
    "long": lambda least: least - 1,
    "list": lambda least: [],
    "map": lambda least: {},
}
"""Return one less than the minimum of a shape."""


BYTES = "the body is any bytes, which are not validated"


def reason(shape: Any, name: str) -> str | None:
    """Return why a member of a request may be valid although botocore rejects it, or None."""
    return BYTES if shape.serialization.get("payload") == name and shape.members[name].type_name == "blob" else None


@cache
def admitted(operation: str) -> dict[str, str | None]:
    """Return the places where botocore rejects a valid payload, and why."""
    shape = model().operation_model(operation).input_shape
    validator, found = validate.ParamValidator(), {}
    for pointer, _, payload in faults(shape, sample(shape), lambda new: new):
        if validator.validate(payload, shape).has_errors():
            places = [each.pointer for each in VALIDATOR.validate_request(operation, payload).errors]
            if not any(f"{each}/".startswith(f"{pointer}/") for each in places):
                found[pointer] = reason(shape, pointer[1:])
    return found


OPERATIONS = [
    each
    for each in lv.operations("current")
    if each in model().operation_names and model().operation_model(each).input_shape
]
"""Operations with members that the installed botocore knows too."""


@pytest.mark.parametrize("operation", OPERATIONS)
def test_payloads_rejected_by_botocore_are_rejected_at_the_same_pointer(operation: str) -> None:
    assert [pointer for pointer, why in admitted(operation).items() if why is None] == []


def test_the_unmodified_payloads_are_valid_for_botocore() -> None:
    for operation in OPERATIONS:
        shape = model().operation_model(operation).input_shape
        assert not validate.ParamValidator().validate(sample(shape), shape).has_errors()


def test_only_binary_bodies_are_an_exception() -> None:
    excepted = {each for each in OPERATIONS if BYTES in admitted(each).values()}
    assert {"Invoke", "InvokeAsync"} <= excepted <= {each for each in OPERATIONS if _takes_bytes(each)}


def _takes_bytes(operation: str) -> bool:
    shape = model().operation_model(operation).input_shape
    name = shape.serialization.get("payload")
    return name is not None and shape.members[name].type_name == "blob"


def test_a_float_without_fraction_is_an_integer_on_the_wire() -> None:
    shape = model().operation_model("PutFunctionConcurrency").input_shape
    payload = {"FunctionName": "resize-images", "ReservedConcurrentExecutions": 10.0}
    assert validate.ParamValidator().validate(payload, shape).has_errors()
    assert VALIDATOR.is_valid_request("PutFunctionConcurrency", payload)
