"""Test the cases of the edition `current` with every implementation. Every rule of the overlays has cases."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import jsonschema_rs
import pytest
from support.paths import ROOT
from support.payload_cases import FIELDS, Case, Expected, cases_of, every_case

import lambda_validate as lv
from lambda_validate.catalog import reference

OVERLAYS = ROOT / "schemas" / "overlays"
VALIDATORS = {strict: lv.Validator("current", strict=strict) for strict in (False, True)}
UNSTATED = {
    "destination.self",
    "filter-pattern.syntax",
    "function-version.weight",
    "layers.duplicate",
    "pollers.order",
    "qualifier.mismatch",
    "source-access.repeated",
}
"""Rules that no JSON Schema states, because they compare members or parse a string."""

every_current_case = every_case("current")


@cache
def reference_validator(operation: str, direction: str, strict: bool) -> Any:
    return reference.validator(operation, direction, "current", strict=strict)


@cache
def rust_validator(operation: str, direction: str, strict: bool) -> Any:
    return jsonschema_rs.validator_for(lv.schema(operation, direction, "current", strict=strict))


@every_current_case
def test_the_report_has_exactly_the_violations_of_the_case_in_order(case: Case) -> None:
    report = getattr(VALIDATORS[False], f"validate_{case.direction}")(case.operation, case.payload)
    assert [Expected(v.rule, v.pointer, v.severity, v.keyword, v.position) for v in report] == case.violations
    assert report.ok is case.ok
    assert all(v.message.endswith((".", "?")) and v.source.document and v.source.section for v in report)


@every_current_case
@pytest.mark.parametrize("strict", [False, True], ids=["lenient", "strict"])
def test_verdict_reference_and_portable_schema_agree(case: Case, strict: bool) -> None:
    violations = [each for each in case.violations if strict or each.severity == "error"]
    is_valid = getattr(VALIDATORS[strict], f"is_valid_{case.direction}")
    assert is_valid(case.operation, case.payload) is (not violations)
    assert reference_validator(case.operation, case.direction, strict).is_valid(case.payload) is (not violations)
    stated = rust_validator(case.operation, case.direction, strict).is_valid(case.payload)
    assert stated is ({each.rule for each in violations} <= UNSTATED)


@every_current_case
def test_every_case_is_filed_under_its_rule(case: Case) -> None:
    checker = VALIDATORS[False].checker(case.operation, case.direction, "report")
    known = {each.rule.replace(".", "-"): each.rule for each in checker.constraints}
    assert case.row["why"].endswith((".", "?"))
    assert case.row.keys() <= FIELDS - {"pad"}
    assert case.ok if case.valid else case.violations
    assert case.topic not in known or (known[case.topic] in case.rules) is not case.valid


# The rules of the overlays.


def rule_ids(schema: Any) -> Iterator[str]:
    """Yield every rule id in a schema, at any depth."""
    for each in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        yield from rule_ids(each)
    if isinstance(schema, dict):
        yield from (each["id"] for each in schema.get("x-rules", {}).values())


def added_rules() -> list[Any]:
    """Yield each rule that an overlay adds to a direction of an operation, or to a type in all its uses."""
    found = []
    for path in sorted(OVERLAYS.glob("*.json")):
        overlay = json.loads(path.read_text("utf-8"))
        parts, several = overlay["$defs"], overlay.get("operations")
        shared = {"": {rule for part in parts.values() for rule in rule_ids(part)}}
        sides = shared if path.stem == "types" else {side: set(rule_ids(part)) for side, part in parts.items()}
        places = tuple(several or [path.stem])
        found += [(path.stem, places, side, rule) for side, rules in sides.items() for rule in sorted(rules)]
    return [pytest.param(*rest, id="-".join(filter(None, (stem, *rest[1:])))) for stem, *rest in found]


@pytest.mark.parametrize(("places", "direction", "rule"), added_rules())
def test_every_overlay_rule_has_a_passing_and_a_failing_case(
    places: tuple[str, ...], direction: str, rule: str
) -> None:
    about = [case for case in cases_of("current") if case.topic == rule.replace(".", "-")]
    about = [case for case in about if not direction or (case.operation in places and case.direction == direction)]
    assert any(not case.violations for case in about if case.valid)
    assert any([each.rule for each in case.violations] == [rule] for case in about if not case.valid)


REGIONS = ["region--us-iso-east-1", "region--us-isob-east-1", "region--eu-isoe-west-1", "region--eusc-de-east-1"]
KINDS = ["kafka", "mq", "documentdb", "self-managed", "fifo", "filter", *REGIONS]


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_source_has_a_response_that_is_valid(kind: str) -> None:
    name = f"CreateEventSourceMapping-response-valid-{kind}"
    assert [case for case in cases_of("current") if case.id == name and not case.violations]
