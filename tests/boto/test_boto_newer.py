"""Test `attach` with a client whose model is newer than the edition: new members are never errors."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import botocore.session
import pytest
from botocore.exceptions import ClientError
from support.newer_models import INSTALLED, MODEL, written
from support.payload_cases import cases_of
from support.sdk_calls import KEYS, ONCE, Wire, rules

import lambda_validate as lv
from lambda_validate import boto, catalog
from lambda_validate.catalog import newer
from lambda_validate.catalog.bundle import SchemaError
from lambda_validate.http.events import Event

FUNCTION = {"FunctionName": "f", "Role": "arn:aws:iam::123456789012:role/r", "Code": {"ZipFile": b"zip"}}
MAPPING = {"FunctionName": "orders", "EventSourceArn": "arn:aws:sqs:us-west-2:123456789012:orders"}
SECRET = "arn:aws:secretsmanager:us-west-2:123456789012:secret:s"
KAFKA = {
    "FunctionName": "orders", "Topics": ["orders"], "StartingPosition": "LATEST",
    "SourceAccessConfigurations": [{"Type": "BASIC_AUTH", "URI": SECRET}],
}  # fmt: skip
CURRENT_EDITION = catalog.find("current")


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return a session of an SDK with the newer model, which its loader finds in a model folder."""
    folder = written(MODEL, tmp_path_factory.mktemp("models"))
    inner = botocore.session.Session()
    inner.get_component("data_loader").search_paths.insert(0, str(folder))
    return boto3.Session(botocore_session=inner, **KEYS)


Attached = Callable[..., tuple[Any, Wire, list[Event]]]


@pytest.fixture
def attached(session: Any) -> Iterator[Attached]:
    """Attach to a client, and return it with its fake network and the list of its events."""
    clients = []

    def attach(wire: dict[str, Any] | None = None, **settings: Any) -> tuple[Any, Wire, list[Event]]:
        client = session.client("lambda", config=ONCE, endpoint_url="http://127.0.0.1:9")
        clients.append(client)
        events: list[Event] = []
        boto.attach(client, on_check=events.append, **{"edition": "current", **settings})
        return client, Wire(client, **(wire or {})), events

    yield attach
    for each in clients:
        each.close()


def found(events: list[Event]) -> list[tuple[str, str, str]]:
    return [(each.rule, each.severity, each.pointer) for event in events for each in event.report]


CALLS: list[tuple[str, str, dict[str, Any], list[tuple[str, str]]]] = [
    ("a member", "create_function", {**FUNCTION, "Handler": "a", "Fresh": {"Name": "a"}}, [("member.newer", "/Fresh")]),
    ("a member of a member", "create_function", {**FUNCTION, "VpcConfig": {"Fresh": {}}},
     [("member.newer", "/VpcConfig/Fresh")]),
    ("a member of an item", "create_event_source_mapping", {**MAPPING, "FilterCriteria": {"Filters": [{"Fresh": {}}]}},
     [("member.newer", "/FilterCriteria/Filters/0/Fresh")]),
    ("a member in the headers", "invoke", {"FunctionName": "f", "Ticket": "7"}, [("member.newer", "/Ticket")]),
    ("a member in the query", "list_aliases", {"FunctionName": "f", "Colour": "red"}, [("member.newer", "/Colour")]),
    ("a choice", "create_function", {**FUNCTION, "Handler": "a", "Runtime": "FRESH"}, [("choice.newer", "/Runtime")]),
    ("a choice in the headers", "invoke", {"FunctionName": "f", "InvocationType": "FRESH"},
     [("choice.newer", "/InvocationType")]),
    ("a choice of an item", "create_event_source_mapping",
     {**MAPPING, "SourceAccessConfigurations": [{"Type": "FRESH", "URI": SECRET}]},
     [("choice.newer", "/SourceAccessConfigurations/0/Type")]),
    ("a name of a map", "create_event_source_mapping",
     {**KAFKA, "SelfManagedEventSource": {"Endpoints": {"FRESH": ["broker:9092"]}}},
     [("choice.newer", "/SelfManagedEventSource/Endpoints/FRESH")]),
    ("a value of a map", "create_alias",
     {"FunctionName": "f", "Name": "live", "FunctionVersion": "1",
      "RoutingConfig": {"AdditionalVersionWeights": {"2": 1.5}}},
     [("routing-config.additional-version-weights.maximum", "/RoutingConfig/AdditionalVersionWeights/2")]),
    ("a maximum", "list_aliases", {"FunctionName": "f", "MaxItems": 20_000}, [("max-items.maximum", "/MaxItems")]),
    ("a length without a bound", "create_function", {**FUNCTION, "Handler": "a", "Description": "x" * 300},
     [("description.max-length", "/Description")]),
    ("a pattern", "create_function", {**FUNCTION, "Handler": "two words"}, [("handler.pattern", "/Handler")]),
    ("what is not required", "create_alias", {"FunctionName": "f", "Name": "live"}, []),
    ("an operation", "paint_function", {"FunctionName": "f", "Name": "live"}, [("operation.newer", "")]),
]  # fmt: skip


@pytest.mark.parametrize(("method", "parameters", "wanted"), [row[1:] for row in CALLS], ids=[row[0] for row in CALLS])
def test_calls_allowed_by_the_clients_model_are_sent_with_a_warning(
    attached: Attached, method: str, parameters: dict[str, Any], wanted: list[tuple[str, str]]
) -> None:
    client, wire, events = attached()
    getattr(client, method)(**parameters)
    assert len(wire.sent) == 1
    said = found(events)
    assert [(severity, pointer) for _, severity, pointer in said] == [("warning", pointer) for _, pointer in wanted]
    if wanted and wanted[0][0].endswith(".newer"):
        assert [rule for rule, _, _ in said] == [rule for rule, _ in wanted]


def test_a_warning_names_the_model_of_the_edition_without_help(attached: Attached) -> None:
    client, _, events = attached()
    client.create_function(**FUNCTION, Handler="a", Fresh={})
    (violation,) = events[0].report
    made_from = CURRENT_EDITION.made_from
    assert violation.message == (
        f"Fresh is newer than the edition current, which is made from {made_from}; the SDK's model has it."
    )
    assert violation.help is None


INVALID: list[tuple[str, dict[str, Any], str]] = [
    ("create_function", {**FUNCTION, "Nothing": 1}, "member.unknown"),
    ("create_function", {**FUNCTION, "VpcConfig": {"Fresh": {}, "Nothing": 1}}, "member.unknown"),
    ("invoke", {"FunctionName": "f", "InvocationType": "NEVER"}, "invocation-type.enum"),
    ("list_aliases", {"FunctionName": "f", "MaxItems": 20_001}, "max-items.maximum"),
    ("create_function", {**FUNCTION, "Handler": "three more words"}, "handler.pattern"),
    ("create_alias", {"FunctionName": "f", "FunctionVersion": "1"}, "name.required"),
]


@pytest.mark.parametrize(("method", "parameters", "rule"), INVALID)
def test_a_call_that_neither_model_allows_is_one_error(
    attached: Attached, method: str, parameters: dict[str, Any], rule: str
) -> None:
    client, wire, _ = attached()
    with pytest.raises(boto.InvalidParametersError) as caught:
        getattr(client, method)(**parameters)
    assert wire.sent == []
    assert rules(lv.Report(caught.value.report.errors)) == [rule]
    assert {each.rule for each in caught.value.report.warnings} <= {"member.newer"}


def test_strict_turns_the_newer_member_warning_into_an_error(attached: Attached) -> None:
    client, _, _ = attached(strict=True)
    with pytest.raises(boto.InvalidParametersError) as caught:
        client.create_function(**FUNCTION, Handler="a", Fresh={})
    assert rules(caught.value.report) == ["member.newer"]


@pytest.mark.parametrize("rule", ["member.newer", "choice.newer", "operation.newer"])
def test_each_of_the_rules_can_be_disabled(attached: Attached, rule: str) -> None:
    client, _, events = attached(disable=[rule])
    client.create_function(**FUNCTION, Handler="a", Fresh={}, Runtime="FRESH")
    client.paint_function(FunctionName="f", Name="live")
    everything = {"member.newer", "choice.newer", "operation.newer"}
    assert {each for each, _, _ in found(events)} == everything - {rule}


def test_a_validator_that_is_passed_in_keeps_its_settings(attached: Attached) -> None:
    client, _, events = attached(edition=None, validator=lv.Validator("current", disable=["handler.pattern"]))
    client.create_function(**FUNCTION, Handler="three more words", Fresh={})
    assert [each[0] for each in found(events)] == ["member.newer"]


def test_clients_of_a_session_are_checked_by_their_own_model(session: Any) -> None:
    events: list[Event] = []
    detach = boto.attach(session, on_check=events.append, edition="current")
    client = session.client("lambda", config=ONCE)
    Wire(client)
    try:
        client.create_function(**FUNCTION, Handler="a", Fresh={})
    finally:
        detach()
        client.close()
    assert [each[0] for each in found(events)] == ["member.newer"]


def test_the_members_and_choices_of_a_response_are_warnings_too(attached: Attached) -> None:
    body = json.dumps({"FunctionName": "f", "Fresh": {}, "State": "FRESH", "VpcConfig": {"Fresh": {}}}).encode()
    client, _, events = attached({"body": body}, responses="block")
    client.get_function_configuration(FunctionName="f")
    assert found(events) == [
        ("member.newer", "warning", "/VpcConfig/Fresh"),
        ("choice.newer", "warning", "/State"),
        ("member.newer", "warning", "/Fresh"),
    ]


def test_exceptions_of_the_clients_model_are_known(attached: Attached) -> None:
    answer = {"status": 418, "body": b'{"message":"no"}', "x_amzn_errortype": "FreshException"}
    client, _, events = attached(answer, responses="block")
    with pytest.raises(ClientError):
        client.get_alias(FunctionName="f", Name="live")
    assert [event.direction for event in events] == ["request", "response"]
    assert found(events) == []


def test_a_response_of_a_newer_operation_is_not_checked(attached: Attached) -> None:
    client, _, events = attached({"status": 201, "body": b'{"Anything":[]}'}, responses="block")
    client.paint_function(FunctionName="f", Name="live")
    assert found(events) == [("operation.newer", "warning", "")] * 2  # the request and the response


def test_the_edition_documents_is_not_widened(attached: Attached) -> None:
    client, wire, events = attached(edition="documents")
    client.paint_function(FunctionName="f", Name="live")
    assert found(events) == []
    with pytest.raises(boto.InvalidParametersError):
        client.create_event_source_mapping(**MAPPING, BatchSize=20_000)
    assert len(wire.sent) == 1


# The catalog behind it.


def test_a_model_without_newer_members_leaves_schemas_unchanged() -> None:
    bare = {**INSTALLED, "operations": {"GetAlias": INSTALLED["operations"]["GetAlias"]}}
    wide = newer.beyond(CURRENT_EDITION, bare)
    assert wide.operations == CURRENT_EDITION.operations
    for direction in catalog.DIRECTIONS:
        pair = [each.operation("GetAlias").schema(direction) for each in (wide, CURRENT_EDITION)]
        assert pair[0] == pair[1]


def test_an_older_model_neither_adds_nor_hides_errors() -> None:
    """The installed model may be older than the edition. Then only their patterns differ."""
    plain, wide = lv.Validator("current"), lv.Validator(newer.beyond(CURRENT_EDITION, INSTALLED))
    for case in cases_of("current"):
        reports = [
            getattr(each, f"validate_{case.direction}")(case.operation, case.payload).errors for each in (plain, wide)
        ]
        assert [(each.rule, each.pointer) for each in reports[0]] == [(each.rule, each.pointer) for each in reports[1]]


def test_every_direction_of_every_operation_compiles_with_a_newer_model() -> None:
    wide = lv.Validator(newer.beyond(CURRENT_EDITION, MODEL))
    assert set(wide.operations()) == {*CURRENT_EDITION.operations, "PaintFunction"}
    for name in wide.operations():
        for direction in catalog.DIRECTIONS:
            assert wide.checker(name, direction, "report").source


def test_catalogs_of_models_are_cached_up_to_a_limit() -> None:
    one, other = (newer.beyond(CURRENT_EDITION, copy.deepcopy(MODEL)) for _ in range(2))
    assert one is other
    for index in range(2 * newer.REMEMBERED):
        newer.beyond(CURRENT_EDITION, {**MODEL, "version": str(index)})
    assert len(newer._remembered) == newer.REMEMBERED


def test_a_validator_of_a_widened_catalog_can_be_pickled() -> None:
    wide = lv.Validator(newer.beyond(CURRENT_EDITION, MODEL), strict=True)
    again = pickle.loads(pickle.dumps(wide))
    report = again.validate_request("PaintFunction", {})
    assert [(each.rule, each.severity) for each in report] == [("operation.newer", "error")]


def test_unreadable_parts_of_a_model_are_ignored() -> None:
    broken = copy.deepcopy(MODEL)
    broken["shapes"]["CreateFunctionRequest"]["members"]["Lost"] = {"shape": "Nowhere"}
    broken["operations"]["Lost"] = {**broken["operations"]["PaintFunction"], "input": {"shape": "Nowhere"}}
    broken["operations"]["GetAlias"]["errors"].append({"shape": "Nowhere"})
    wide = newer.beyond(CURRENT_EDITION, broken)
    assert "Lost" not in wide.operations
    assert wide.operation("GetAlias").errors == CURRENT_EDITION.operation("GetAlias").errors
    schemas = [each.operation("CreateFunction").schema("request") for each in (wide, CURRENT_EDITION)]
    assert schemas[0] == schemas[1]
    with pytest.raises(SchemaError):
        newer.beyond(CURRENT_EDITION, {})


BOUNDS: list[Any] = ["x", "5", None, [], {}, True, float("nan"), float("inf")]


@pytest.mark.parametrize("bound", BOUNDS, ids=repr)
@pytest.mark.parametrize("key", ["min", "max"])
def test_a_non_numeric_bound_of_a_model_is_ignored(key: str, bound: Any) -> None:
    """Limits of the edition are then warnings, because the model has no such limits, and no call raises."""
    other = copy.deepcopy(MODEL)
    for shape in ("BatchSize", "FunctionName", "Topics", "Tags", "Blob"):
        other["shapes"][shape][key] = bound
    wide = lv.Validator(newer.beyond(CURRENT_EDITION, other))
    size = {"max": 50_000, "min": 0}[key]
    report = wide.validate_request(
        "CreateEventSourceMapping", {**MAPPING, "BatchSize": size, "MaximumBatchingWindowInSeconds": 1}
    )
    assert [(each.rule, each.severity) for each in report] == [(f"batch-size.{key}imum", "warning")]
    assert wide.is_valid_request("UpdateFunctionCode", {"FunctionName": "f", "ZipFile": "UEsDBA=="})


@pytest.mark.parametrize("pattern", ["[", "(?<x", "x{99999999999}", r"\p{Foo}", 5, None, ["a"]], ids=repr)
def test_an_invalid_model_pattern_turns_the_pattern_rule_into_a_warning(pattern: Any) -> None:
    other = copy.deepcopy(MODEL)
    other["shapes"]["Handler"]["pattern"] = pattern
    wide = lv.Validator(newer.beyond(CURRENT_EDITION, other))
    report = wide.validate_request("UpdateFunctionConfiguration", {"FunctionName": "f", "Handler": "three more words"})
    assert [(each.rule, each.severity) for each in report] == [("handler.pattern", "warning")]


def test_recursive_shapes_are_widened_once() -> None:
    tree = copy.deepcopy(MODEL)
    tree["shapes"]["VpcConfig"]["members"]["Below"] = {"shape": "VpcConfig"}
    schema = newer.beyond(CURRENT_EDITION, tree).operation("CreateFunction").schema("request")
    assert set(schema["$defs"]["VpcConfig"]["properties"]) >= {"Below", "Fresh", "SubnetIds"}


def test_a_member_with_a_different_type_in_the_model_is_a_warning() -> None:
    other = copy.deepcopy(MODEL)
    other["shapes"]["Enabled"]["type"] = "string"
    wide = lv.Validator(newer.beyond(CURRENT_EDITION, other))
    report = [
        wide.validate_request("CreateEventSourceMapping", {**MAPPING, "Enabled": each}) for each in ("a", True, 7)
    ]
    assert [[(each.severity, each.keyword) for each in found] for found in report] == [
        [("warning", "type")], [], [("error", "type")],
    ]  # fmt: skip


def test_a_catalog_without_a_model_is_returned_unchanged() -> None:
    documents = catalog.find("documents")
    assert newer.beyond(documents, MODEL) is documents
