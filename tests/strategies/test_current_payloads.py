"""Test payloads generated from the schemas of the edition `current`: each has the intended verdict.

The default run tests a few operations, and the others run on demand.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import lambda_validate as lv
from lambda_validate import strategies
from lambda_validate.catalog import DIRECTIONS

VALIDATOR = lv.Validator("current")
OPERATIONS = lv.operations("current")
FEW = (
    "CreateAlias",
    "GetAccountSettings",
    "Invoke",
    "PublishLayerVersion",
    "PutProvisionedConcurrencyConfig",
    "TagResource",
)
"""Operations with lookarounds, headers, tags, binary bodies, few members, and qualifiers that must agree."""
ALL = [pytest.param(each, marks=[] if each in FEW else pytest.mark.exhaustive, id=each) for each in OPERATIONS]
"""The other operations take more than a minute together."""
DRAWN = 25
"""How many payloads are drawn for each direction."""

draws = settings(
    max_examples=DRAWN,
    database=None,
    derandomize=True,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
every_operation = pytest.mark.parametrize("operation", ALL)
every_direction = pytest.mark.parametrize("direction", DIRECTIONS)


def is_valid(operation: str, direction: str, payload: object) -> bool:
    return bool(getattr(VALIDATOR, f"is_valid_{direction}")(operation, payload))


@every_operation
@every_direction
def test_each_boundary_case_has_the_expected_verdict(operation: str, direction: str) -> None:
    cases = strategies.boundary_cases(operation, direction, "current")
    assert any(case.valid for case in cases)
    for case in cases:
        report = getattr(VALIDATOR, f"validate_{direction}")(operation, case.payload)
        assert (report.ok, is_valid(operation, direction, case.payload)) == (case.valid, case.valid)
        found = VALIDATOR.violations(operation, direction, case.payload)
        assert {each.rule for each in found} >= {*case.implied, case.rule} - {None}
    broken = {rule for case in cases for rule in (case.rule, *case.implied)}
    assert broken >= set(strategies.rules(operation, direction, "current"))


@every_operation
@every_direction
def test_generated_payloads_are_valid(operation: str, direction: str) -> None:
    source = getattr(strategies, f"{direction}s")(operation, edition="current")

    @draws
    @given(st.data())
    def check(data: st.DataObject) -> None:
        assert is_valid(operation, direction, data.draw(source))

    check()


@every_operation
@pytest.mark.parametrize("direction", ["request"])
def test_generated_invalid_payloads_are_invalid(operation: str, direction: str) -> None:
    if not strategies.rules(operation, direction, "current"):
        return
    source = strategies.invalid_requests(operation, edition="current")

    @draws
    @given(st.data())
    def check(data: st.DataObject) -> None:
        case = data.draw(source)
        assert not is_valid(operation, direction, case.payload)

    check()


MORE = ("Invoke", "PutFunctionConcurrency")
CORPORA = ["CreateAlias", *(pytest.param(each, marks=pytest.mark.exhaustive) for each in MORE)]


@pytest.mark.parametrize("operation", CORPORA)
def test_every_corpus_case_has_the_expected_verdict(operation: str) -> None:
    small, whole = (strategies.corpus(operation, minimal, edition="current") for minimal in (True, False))
    assert 0 < len(small) < len(whole)
    assert all(is_valid(operation, "request", case.payload) is case.valid for case in (*small, *whole))
