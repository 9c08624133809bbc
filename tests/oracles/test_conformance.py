"""Run the JSON Schema Test Suite: supported keywords follow the specification, and others are rejected by name."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from support.paths import TESTS

from lambda_validate.catalog import SchemaError
from lambda_validate.compiler.assertions import ASSERTIONS
from lambda_validate.compiler.compile import compile_schema
from lambda_validate.compiler.vocabulary import ANNOTATIONS, APPLICATORS

FILES = sorted((TESTS / "suite/draft2020-12").glob("*.json"))

SUPPORTED = {
    "$ref", "additionalProperties", "allOf", "const", "else", "enum", "format", "if", "items", "maxItems", "maxLength",
    "maxProperties", "maximum", "minItems", "minLength", "minProperties", "minimum", "not", "pattern", "properties",
    "propertyNames", "required", "then", "type",
    "$comment", "$defs", "$id", "$schema", "default", "deprecated", "description", "examples", "readOnly", "title",
    "writeOnly",
}  # fmt: skip
"""The standard keywords that the schemas may use. The second part has no constraints."""

OURS = {
    "x-in",
    "x-name",
    "x-operation",
    "x-pattern",
    "x-relation",
    "x-rules",
    "x-source",
    "x-unknown-members",
    "x-warnings",
}

REFUSED = {
    "$anchor", "$dynamicAnchor", "$dynamicRef", "anyOf", "contains", "contentEncoding", "contentMediaType",
    "contentSchema", "dependentRequired", "dependentSchemas", "exclusiveMaximum", "exclusiveMinimum", "maxContains",
    "minContains", "multipleOf", "oneOf", "patternProperties", "prefixItems", "unevaluatedItems",
    "unevaluatedProperties", "uniqueItems",
}  # fmt: skip
"""The standard keywords that are rejected, because no schema needs them."""

EXCEPTIONS = {
    "vocabulary: schema that uses custom metaschema with with no validation vocabulary": (
        "its metaschema takes `minimum` out of the vocabulary: our vocabulary does not depend on `$schema`"
    ),
}
"""Groups of tests that are excluded, and why."""

UNREACHED = {
    "if-then-else: non-interference across combined schemas": "an `if` with no `then` or `else` is never looked at",
}
"""Groups that pass although they use a rejected keyword, because it decides nothing there."""

COUNTS = {"held": 472, "refused": 782, "excepted": 3}
"""How many tests of the suite pass, belong to a rejected schema, or are excluded. A change fails the test."""


class Group(NamedTuple):
    file: str
    description: str
    schema: Any
    tests: list[dict[str, Any]]

    @property
    def id(self) -> str:
        return f"{self.file}: {self.description}"


def groups() -> list[Group]:
    return [
        Group(file.stem, each["description"], each["schema"], each["tests"])
        for file in FILES
        for each in json.loads(file.read_text("utf-8"))
    ]


def keywords(schema: Any) -> Iterator[tuple[str, Any]]:
    """Yield every keyword of a schema and its subschemas, with its argument."""
    if not isinstance(schema, dict):
        return
    for keyword, argument in schema.items():
        yield keyword, argument
        if keyword in ("properties", "$defs", "patternProperties", "dependentSchemas"):
            nested = list(argument.values())
        elif keyword in ("const", "enum", "default", "dependentRequired", "examples"):
            nested = []
        else:
            nested = argument if isinstance(argument, list) else [argument]
        for each in nested:
            yield from keywords(each)


def refusals(schema: Any) -> set[str]:
    """Return the possible reasons for rejecting a schema, or none."""
    reasons = set()
    for keyword, argument in keywords(schema):
        if keyword in REFUSED:
            reasons.add(f"the keyword {keyword!r} is not known")
        elif keyword == "format":
            reasons.add(f"the format {argument!r} is not known")
        elif keyword == "$ref" and not argument.startswith(("#/", "#")):
            reasons.add(f"the reference {argument!r} leads out of the schema")
        elif keyword == "$ref" and argument.startswith("#") and argument[1:2] not in ("", "/"):
            reasons.add(f"the reference {argument!r} is an anchor, which is not supported")
    return reasons


GROUPS = groups()
HELD = [each for each in GROUPS if each.id not in EXCEPTIONS and (not refusals(each.schema) or each.id in UNREACHED)]
TURNED_DOWN = [each for each in GROUPS if refusals(each.schema) and each.id not in UNREACHED]


@pytest.mark.parametrize("group", HELD, ids=lambda group: group.id)
def test_every_test_of_a_supported_schema_passes_in_both_modes(group: Group) -> None:
    verdict, report = compile_schema(group.schema, "verdict").run, compile_schema(group.schema, "report").run
    for test in group.tests:
        assert verdict(test["data"]) is test["valid"], test["description"]
        assert (report(test["data"]) == []) is test["valid"], test["description"]


@pytest.mark.parametrize("group", TURNED_DOWN, ids=lambda group: group.id)
def test_a_schema_that_uses_anything_else_is_rejected_by_name_in_both_modes(group: Group) -> None:
    for mode in ("verdict", "report"):
        with pytest.raises(SchemaError) as refused:
            compile_schema(group.schema, mode)
        assert str(refused.value) in refusals(group.schema)


def test_every_keyword_of_the_suite_is_either_supported_or_refused() -> None:
    used = {keyword for group in GROUPS for keyword, _ in keywords(group.schema)}
    assert used <= SUPPORTED | REFUSED
    assert not SUPPORTED & REFUSED


def test_every_test_of_the_suite_is_accounted_for() -> None:
    held = sum(len(each.tests) for each in HELD)
    refused = sum(len(each.tests) for each in TURNED_DOWN)
    excepted = sum(len(each.tests) for each in GROUPS if each.id in EXCEPTIONS)
    assert {"held": held, "refused": refused, "excepted": excepted} == COUNTS
    assert sum(COUNTS.values()) == sum(len(each.tests) for each in GROUPS) == 1257


def test_the_supported_vocabulary_is_as_listed_here() -> None:
    assert ASSERTIONS.keys() | APPLICATORS.keys() | ANNOTATIONS == SUPPORTED | OURS


@pytest.mark.parametrize("keyword", sorted(REFUSED | {"frobnicate", "x-frobnicate", "MinLength", "minlength", ""}))
def test_a_keyword_that_is_not_supported_is_rejected_by_name(keyword: str) -> None:
    with pytest.raises(SchemaError, match="is not known") as refused:
        compile_schema({"type": "object", "properties": {"a": {keyword: 1}}}, "verdict")
    assert repr(keyword) in str(refused.value)


def test_every_exception_names_a_group_of_the_suite() -> None:
    assert EXCEPTIONS.keys() | UNREACHED.keys() <= {each.id for each in GROUPS}


@pytest.mark.parametrize(
    ("schema", "instance", "valid"),
    [
        ({"type": "integer"}, 12345678910111213141516171819202122232425262728293031, True),
        ({"type": "string"}, 98249283749234923498293171823948729348710298301928331, False),
        ({"maximum": 18446744073709551615}, 18446744073709551600, True),
        ({"minimum": -18446744073709551615}, -18446744073709551600, True),
        ({"type": "integer"}, 1.0, True),
        ({"type": "integer"}, 1e308, True),
        ({"const": 0}, -0.0, True),
        ({"maxLength": 2}, "💩💩", True),
        ({"pattern": "^🐲*$"}, "🐲🐲", True),
    ],
)
def test_optional_tests_of_big_numbers_and_wide_characters_pass(schema: Any, instance: Any, valid: bool) -> None:
    assert compile_schema(schema, "verdict").run(instance) is valid
    assert (compile_schema(schema, "report").run(instance) == []) is valid
