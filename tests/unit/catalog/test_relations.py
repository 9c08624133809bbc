"""Test checks that compare members, such as a qualifier with that of the function name."""

from __future__ import annotations

import pytest

import lambda_validate as lv
from lambda_validate import catalog
from lambda_validate.catalog.relations import (
    COMPARED_MEMBERS,
    RELATIONS,
    destination_not_named,
    layers_differ,
    own_qualifier,
    version_without_weight,
)
from lambda_validate.strategies.sets.relating import RELATED

GET = "GetFunctionEventInvokeConfig"
ARN = "arn:aws:lambda:us-west-2:123456789012:function:f"


@pytest.mark.parametrize(
    ("name", "qualifier"),
    [
        ("f", None),
        ("f:1", "1"),
        ("f:$LATEST", "$LATEST"),
        ("function:f", None),
        ("function:f:PROD", "PROD"),
        ("123456789012:f", None),
        ("123456789012:function:f:PROD", "PROD"),
        ("us-west-1:f", None),
        ("arn:aws:lambda:f", None),
        ("arn:aws:lambda:us-west-1:f", None),
        (ARN, None),
        (f"{ARN}:7", "7"),
        ("no name:1", None),
        (7, None),
    ],
)
def test_the_qualifier_of_a_function_name_is_extracted(name: object, qualifier: str | None) -> None:
    assert own_qualifier(name) == qualifier


@pytest.mark.parametrize(("qualifier", "rules"), [("1", []), ("2", ["qualifier.mismatch"])])
def test_a_qualifier_must_be_the_one_that_the_name_ends_in(qualifier: str, rules: list[str]) -> None:
    report = lv.validate_request(GET, {"FunctionName": "f:1", "Qualifier": qualifier})
    assert [each.rule for each in report] == rules


def takes_both() -> list[str]:
    """Return the operations of `current` that have a qualifier beside a name which may contain one."""
    names = catalog.operations("current")
    members = {name: lv.schema(name, "request", "current")["properties"] for name in names}
    both = [name for name, found in members.items() if {"FunctionName", "Qualifier"} <= found.keys()]
    return [name for name in both if not name.endswith("FunctionScalingConfig")]  # their names contain none


@pytest.mark.parametrize("operation", takes_both())
def test_operations_with_name_and_qualifier_require_them_to_agree(operation: str) -> None:
    found = [
        [
            each.rule
            for each in lv.Validator("current").validate_request(operation, {"FunctionName": "f:a", "Qualifier": given})
        ]
        for given in ("a", "b")
    ]
    assert ["qualifier.mismatch" in rules for rules in found] == [False, True]


def test_a_function_in_a_region_has_no_qualifier_of_its_own() -> None:
    assert not lv.validate_request(GET, {"FunctionName": "us-west-1:f", "Qualifier": "1"}).violations


def test_a_function_is_not_its_own_destination_whichever_version() -> None:
    body = {"FunctionArn": f"{ARN}:1", "DestinationConfig": {"OnFailure": {"Destination": f"{ARN}:2"}}}
    [violation] = lv.validate_response(GET, body).violations
    assert (violation.rule, violation.pointer) == ("destination.self", "/DestinationConfig/OnFailure/Destination")


BOTH = {
    "FunctionArn": ARN,
    "DestinationConfig": {"OnSuccess": {"Destination": f"{ARN}:1"}, "OnFailure": {"Destination": ARN}},
}
OWN_DESTINATIONS = {
    ("DestinationConfig", "OnFailure", "Destination"),
    ("DestinationConfig", "OnSuccess", "Destination"),
}


def test_a_function_as_both_of_its_destinations_gives_two_violations() -> None:
    found = lv.validate_response(GET, BOTH).violations
    assert [each.rule for each in found] == ["destination.self"] * 2
    assert {each.path for each in found} == OWN_DESTINATIONS
    assert lv.is_valid_response(GET, BOTH)
    assert not lv.Validator(strict=True).is_valid_response(GET, BOTH)


def test_jsonschema_and_the_generator_report_the_same_members() -> None:
    from lambda_validate.catalog import reference
    from lambda_validate.strategies.cases.generator import generator

    errors = reference.validator(GET, "response", strict=True).iter_errors(BOTH)
    assert {tuple(each.absolute_path) for each in errors} == OWN_DESTINATIONS
    examined = generator(GET, "response").evaluator.examine(BOTH)
    assert {event.pointer for event in examined if not event.matches} == OWN_DESTINATIONS


def test_a_generated_case_reports_both_members() -> None:
    from lambda_validate import strategies

    cases = [each for each in strategies.boundary_cases(GET, "response") if each.rule == "destination.self"]
    twice = [each for each in cases if each.implied == ("destination.self",)]
    assert twice
    assert len(twice) < len(cases)


@pytest.mark.parametrize(
    ("name", "destination", "is_same"),
    [
        ("f", ARN, True),
        ("f:1", ARN, True),
        ("f", f"{ARN}:7", True),
        (ARN, ARN, True),
        ("g", ARN, False),
        ("f", f"{ARN}g", False),
        ("123456789012:function:f", ARN, True),
        ("123456789013:function:f", ARN, False),
        ("us-west-2:123456789012:f", ARN, True),
        ("us-east-1:123456789012:f", ARN, False),
        ("us-west-2:f", "arn:aws:lambda:f", False),
        ("f", "f", False),
        ("f", "function:f", False),
        ("f", "arn:aws:s3:::f", False),
        ("no name", ARN, False),
        ("f", 7, False),
        ("f", None, False),
        (7, ARN, False),
        (None, ARN, False),
    ],
)
def test_a_function_is_its_own_destination_where_all_that_its_name_says_is_the_same(
    name: object, destination: object, is_same: bool
) -> None:
    for events in (["OnFailure"], ["OnSuccess"], ["OnFailure", "OnSuccess"]):
        config = {event: {"Destination": destination} for event in events}
        paths = [("DestinationConfig", event, "Destination") for event in events]
        found = destination_not_named({"FunctionName": name, "DestinationConfig": config})
        assert found == (tuple(paths) if is_same else ())


@pytest.mark.parametrize("config", [None, [], ARN, {}, {"OnFailure": ARN}, {"OnFailure": {}}, {"OnOther": {}}])
def test_a_function_without_destinations_is_not_its_own_destination(config: object) -> None:
    assert destination_not_named({"FunctionName": "f", "DestinationConfig": config}) == ()
    assert destination_not_named({"FunctionName": "f"}) == ()


@pytest.mark.parametrize(
    ("version", "weights", "is_own"),
    [
        ("1", {"1": 0.5}, True),
        ("1", {"2": 0.5, "1": 0.5}, True),
        ("1", {"01": 0.5}, False),
        ("1", {}, False),
        ("1", ["1"], False),
        ("1", None, False),
        (1, {"1": 0.5}, False),
        (["1"], {"1": 0.5}, False),
        (None, {"1": 0.5}, False),
    ],
)
def test_an_alias_must_not_weight_its_own_version(version: object, weights: object, is_own: bool) -> None:
    request = {"FunctionVersion": version, "RoutingConfig": {"AdditionalVersionWeights": weights}}
    assert version_without_weight(request) == ((("FunctionVersion",),) if is_own else ())
    assert version_without_weight({**request, "RoutingConfig": weights}) == ()
    assert version_without_weight({"FunctionVersion": version}) == ()


LAYER = "arn:aws:lambda:us-west-2:123456789012:layer:tools"


@pytest.mark.parametrize(
    ("layers", "blamed"),
    [
        ([f"{LAYER}:1"], []),
        ([f"{LAYER}:1", f"{LAYER}:2"], [1]),
        ([f"{LAYER}:1", f"{LAYER}:1"], [1]),
        ([f"{LAYER}:1", f"{LAYER}s:1", f"{LAYER}:2", f"{LAYER}:3"], [2, 3]),
        ([f"{LAYER}:1", LAYER.replace("us-west-2", "us-east-1") + ":1"], []),
        (["arn:aws:lambda:::awslayer:One", "arn:aws:lambda:::awslayer:Two"], []),
        (["arn:aws:lambda:::awslayer:One", "arn:aws:lambda:::awslayer:One"], []),
        ([LAYER, LAYER], []),
        ([1, 1, None, {}, []], []),
        (f"{LAYER}:1", []),
        (None, []),
    ],
)
def test_layers_of_a_function_must_be_distinct(layers: object, blamed: list[int]) -> None:
    assert layers_differ({"Layers": layers}) == tuple(("Layers", index) for index in blamed)
    assert layers_differ({}) == ()


def test_every_relation_says_which_members_it_needs_and_how_payloads_are_made() -> None:
    assert RELATIONS.keys() == COMPARED_MEMBERS.keys() == RELATED.keys()


@pytest.mark.parametrize("name", RELATIONS)
def test_what_breaks_a_relation_has_every_member_that_it_needs(name: str) -> None:
    assert COMPARED_MEMBERS[name]
    assert all(set(COMPARED_MEMBERS[name]) <= set(schema["required"]) for schema in RELATED[name].broken)
