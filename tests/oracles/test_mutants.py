"""Test that the cases detect every mutation of a schema, or that the mutation is proved equivalent."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings

import lambda_validate as lv
from lambda_validate import strategies
from lambda_validate.catalog import portable, reference
from lambda_validate.strategies import Case
from lambda_validate.strategies.mutation.edits import edits

CREATE, GET = "CreateEventSourceMapping", "GetFunctionEventInvokeConfig"
TARGETS = [(operation, direction) for operation in lv.operations() for direction in ("request", "response")]
every_target = pytest.mark.parametrize(("operation", "direction"), TARGETS)


SPARSE = 5
"""One in this many cases is tried on mutations that are proved equivalent."""


@cache
def mutants(operation: str, direction: str) -> list[Any]:
    return strategies.mutants(operation, direction)


def validators_of(schema: Any, plain: bool) -> Iterator[Any]:
    """Independent validators of a schema: by its errors only, and with warnings as errors."""
    for strict in (False, True):
        if plain:
            yield jsonschema_rs.validator_for(portable(schema, strict=strict))
        else:
            kind = reference.Strict if strict else reference.Lenient
            yield kind(schema, format_checker=reference.format_checker())


@cache
def original_verdicts(operation: str, direction: str, plain: bool, minimal: bool) -> list[tuple[Case, list[bool]]]:
    cases = strategies.corpus(operation, minimal, direction)[:: 1 if minimal else SPARSE]
    found = list(validators_of(lv.operation(operation).schema(direction), plain))
    return [(case, [validator.is_valid(case.payload) for validator in found]) for case in cases]


def is_killed(mutant: Any, operation: str, direction: str, minimal: bool) -> bool:
    cases = original_verdicts(operation, direction, mutant.is_plain, minimal)
    return any(
        validator.is_valid(case.payload) is not verdicts[index]
        for index, validator in enumerate(validators_of(mutant.schema, mutant.is_plain))
        for case, verdicts in cases
    )


@every_target
def test_every_mutant_that_differs_is_killed_by_the_minimal_corpus(operation: str, direction: str) -> None:
    alive = [each.id for each in mutants(operation, direction) if not each.is_equivalent]
    assert [
        each.id
        for each in mutants(operation, direction)
        if not each.is_equivalent and not is_killed(each, operation, direction, minimal=True)
    ] == []
    assert len(alive) > 80


@every_target
def test_no_case_kills_an_equivalent_mutant(operation: str, direction: str) -> None:
    same = [each for each in mutants(operation, direction) if each.is_equivalent and each.is_plain]
    assert [each.id for each in same if is_killed(each, operation, direction, minimal=False)] == []


@pytest.mark.parametrize("operation", lv.operations())
def test_no_generated_payload_kills_an_equivalent_mutant(operation: str) -> None:
    same = [each for each in mutants(operation, "request") if each.is_equivalent and each.is_plain]
    changed = [list(validators_of(each.schema, plain=True)) for each in same]
    original = list(validators_of(lv.operation(operation).schema("request"), plain=True))

    @settings(max_examples=60)
    @given(strategies.requests(operation), strategies.invalid_requests(operation))
    def agree(payload: Any, case: Case) -> None:
        for value in (payload, case.payload):
            verdicts = [validator.is_valid(value) for validator in original]
            assert all([validator.is_valid(value) for validator in each] == verdicts for each in changed)

    agree()


@every_target
def test_every_mutant_is_described_and_equivalents_have_a_reason(operation: str, direction: str) -> None:
    every = mutants(operation, direction)
    assert len({each.id for each in every}) == len(every)
    assert all(each.id.startswith(f"{operation}/{direction}#/") for each in every)
    assert all(each.description for each in every)
    for each in every:
        if each.why is not None:
            assert each.why == "it accepts the same values as the original" or " breaks " in each.why
    named = {rule for each in every if each.why for rule in strategies.rules(operation, direction) if rule in each.why}
    assert named or operation == GET or direction == "response"


@every_target
def test_a_mutant_is_a_schema_that_differs_from_the_original(operation: str, direction: str) -> None:
    original = lv.operation(operation).schema(direction)
    for each in mutants(operation, direction):
        assert each.schema != original
        assert each.schema["$schema"] == original["$schema"]


KINDS = [
    "deleted",
    "plus-1",
    "minus-1",
    "with-OUTSIDER",
    "without-",
    "wider",
    "unanchored",
    "class-",
    "negated",
    "emptied",
]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_change_is_made(kind: str) -> None:
    assert any(f":{kind}" in each.id for target in TARGETS for each in mutants(*target))


def test_known_equivalents_name_the_rule_that_proves_them() -> None:
    whys = {each.id.partition("#")[2]: each.why for each in mutants(CREATE, "request")}
    assert whys["/$defs/FunctionName/minLength:deleted"].endswith(" also breaks function-name.pattern")
    assert whys["/allOf/0/then/properties/BatchSize/maximum:plus-1"].endswith(" also breaks batch-size.maximum")
    assert whys["/$defs/FunctionName/minLength:plus-1"] is None
    assert whys["/allOf/1/then/properties/BatchSize/maximum:plus-1"] is None


PATTERN_EDITS = {
    "^a+$(?!\\n)": {"^a*$(?!\\n)", "a+$(?!\\n)", "^a+", "a+"},
    "^(?:ab|c)$(?!\\n)": {"^(?:c)$(?!\\n)", "^(?:ab)$(?!\\n)", "^(?:b|c)$(?!\\n)"},
    "^[a-z]{2}\\.x?$(?!\\n)": {
        "^[a-z!]{2}\\.x?$(?!\\n)", "^[a-z]{3}\\.x?$(?!\\n)", "^[a-z]{1}\\.x?$(?!\\n)", "^[a-z]{2}.x?$(?!\\n)",
        "^[a-z]{2}x?$(?!\\n)", "^[a-z]{2}\\.x$(?!\\n)",
    },
}  # fmt: skip


@pytest.mark.parametrize("pattern", PATTERN_EDITS)
def test_a_pattern_is_edited_part_by_part(pattern: str) -> None:
    made = {changed for what, changed in edits("pattern", pattern) if what != "deleted"}
    assert PATTERN_EDITS[pattern] <= made
    assert pattern not in made
