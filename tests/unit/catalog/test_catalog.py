"""Test the catalog: facts about operations, self-contained schemas, and defaults by source."""

from __future__ import annotations

import copy
import json
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from support.paths import ROOT
from support.payloads import CREATE, DIRECTIONS, GET, SOURCES

import lambda_validate as lv
from lambda_validate import catalog
from lambda_validate.catalog import SchemaError, bundle, portable
from lambda_validate.catalog.schema_files import merged
from lambda_validate.strategies.cases import examples
from lambda_validate.strategies.cases.generator import generator

SCHEMAS = ROOT / "schemas"
EVERY = [(operation, direction) for operation in (CREATE, GET) for direction in DIRECTIONS]
every_schema = pytest.mark.parametrize(("operation", "direction"), EVERY)


def nodes(schema: Any) -> list[dict[str, Any]]:
    """Yield every object within a schema."""
    if isinstance(schema, dict):
        return [schema, *(each for value in schema.values() for each in nodes(value))]
    return [each for value in schema for each in nodes(value)] if isinstance(schema, list) else []


def test_editions_match_the_schema_folders() -> None:
    folders = {each.name: each for each in SCHEMAS.iterdir() if (each / "operations.json").exists()}
    held = {name: sorted(file.stem for file in folder.glob("*.json")) for name, folder in folders.items()}
    assert {name: sorted([*each.operations, "types", "operations"]) for name, each in catalog.EDITIONS.items()} == held


@pytest.mark.parametrize("zipped", [False, True], ids=["folder", "zip"])
def test_schemas_are_read_through_the_installed_package(
    zipped: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parent = tmp_path / "installed"
    shutil.copytree(SCHEMAS, parent / "schemas", ignore=shutil.ignore_patterns("__pycache__"))
    (parent / "schemas/documents/extra.json").write_text('{"read": "from here"}')
    place = Path(shutil.make_archive(str(tmp_path / "installed"), "zip", parent)) if zipped else parent
    monkeypatch.delitem(sys.modules, "lambda_validate.schemas", raising=False)
    monkeypatch.setattr("lambda_validate.__path__", [str(place)])
    assert catalog.read("documents/extra.json") == {"read": "from here"}
    monkeypatch.delitem(sys.modules, "lambda_validate.schemas")
    catalog.read.cache_clear()


def test_an_operation_has_its_http_facts() -> None:
    create, get = lv.operation(CREATE), lv.operation(GET)
    assert (create.method, create.path, create.status) == ("POST", "/2015-03-31/event-source-mappings/", 202)
    assert (get.method, get.path, get.status) == (
        "GET",
        "/2019-09-25/functions/{FunctionName}/event-invoke-config",
        200,
    )
    assert create.content_type == get.content_type == "application/json"
    assert create.errors["ResourceConflictException"].status == 409
    assert create.edition == "documents"
    assert create.description.endswith(".")
    assert str(create.source).startswith(CREATE)
    assert repr(get) == "<Operation GetFunctionEventInvokeConfig of 'documents'>"


def test_mappings_of_the_catalog_are_read_only() -> None:
    with pytest.raises(TypeError):
        lv.operation(GET).errors["New"] = 1
    with pytest.raises(TypeError):
        lv.operation(GET).members("request")["New"] = 1
    with pytest.raises(TypeError):
        catalog.EDITIONS["new"] = catalog.find()
    with pytest.raises(TypeError):
        catalog.types()["New"] = {}


def test_every_request_member_has_a_location() -> None:
    assert lv.operation(GET).location("FunctionName") == "path"
    assert lv.operation(GET).location("Qualifier") == "query"
    assert {lv.operation(CREATE).location(each) for each in lv.operation(CREATE).members("request")} == {"body"}
    with pytest.raises(lv.UnknownNameError, match="there is no member 'Qualifer'; did you mean 'Qualifier'"):
        lv.operation(GET).location("Qualifer")


@pytest.mark.parametrize("direction", ["requests", "", None, 5])
def test_a_direction_that_does_not_exist_is_rejected_as_a_name(direction: Any) -> None:
    for call in (lv.operation(GET).schema, lv.operation(GET).members, lambda name: lv.schema(GET, name)):
        with pytest.raises(lv.UnknownNameError, match="there is no direction"):
            call(direction)


@pytest.mark.parametrize(
    ("source", "size"),
    [
        ("kinesis", 100),
        ("consumer", 100),
        ("dynamodb", 100),
        ("sqs", 10),
        ("fifo", 10),
        ("table", 100),
        ("kafka", None),
    ],
)
def test_the_default_batch_size_depends_on_the_source(source: str, size: int | None) -> None:
    defaults = lv.operation(CREATE).defaults({"EventSourceArn": SOURCES[source], "FunctionName": "orders"})
    assert defaults.get("BatchSize") == size


@pytest.mark.parametrize(
    "payload", [{}, {"EventSourceArn": 5}, {"EventSourceArn": "nonsense"}, {"EventSourceArn": None}]
)
def test_without_a_source_there_is_no_default_that_depends_on_it(payload: dict[str, Any]) -> None:
    assert "BatchSize" not in lv.operation(CREATE).defaults(payload)


def test_a_member_that_is_given_has_no_default() -> None:
    request = {"EventSourceArn": SOURCES["sqs"], "BatchSize": 5}
    assert "BatchSize" not in lv.operation(CREATE).defaults(request)
    assert lv.operation(GET).defaults({}) == {}


@every_schema
@pytest.mark.parametrize("strict", [False, True])
def test_a_portable_schema_is_self_contained(operation: str, direction: str, strict: bool) -> None:
    schema = lv.schema(operation, direction, strict=strict)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    keywords = {key for node in nodes(schema) for key in node}
    assert not [key for key in keywords if key.startswith("x-")]
    references = {node["$ref"] for node in nodes(schema) if isinstance(node.get("$ref"), str)}
    assert {f"#/$defs/{name}" for name in schema.get("$defs", {})} >= references
    assert json.loads(json.dumps(schema)) == schema


@pytest.mark.parametrize(
    ("edition", "operation"), [(each, op) for each in catalog.EDITIONS for op in lv.operations(each)]
)
@pytest.mark.parametrize("direction", DIRECTIONS)
def test_a_plain_validator_loads_each_schema_and_validates_by_it(edition: str, operation: str, direction: str) -> None:
    """`jsonschema` compiles patterns with `re`, which has no properties of Unicode."""
    schema = lv.schema(operation, direction, edition=edition)
    jsonschema.Draft202012Validator.check_schema(schema)
    plain = jsonschema.Draft202012Validator(schema)
    assert all(plain.is_valid(each) for each in examples.valid(generator(operation, direction, edition)))


def test_the_characters_of_a_property_of_unicode_are_written_out() -> None:
    pattern = lv.schema("TagResource", "request", edition="current")["$defs"]["TagKey"]["pattern"]
    assert [bool(re.search(pattern, each)) for each in ("équipe", "部門 1", "a|b", "")] == [True, True, False, True]


@every_schema
def test_a_schema_is_a_new_object_each_time(operation: str, direction: str) -> None:
    lv.schema(operation, direction)["properties"].clear()
    assert lv.schema(operation, direction)["properties"]


def test_members_are_in_the_documented_order() -> None:
    assert list(lv.operation(GET).members("request")) == ["FunctionName", "Qualifier"]
    assert list(lv.operation(CREATE).members("request"))[:4] == [
        "BatchSize",
        "Enabled",
        "EventSourceArn",
        "FunctionName",
    ]


def test_a_member_may_be_called_like_a_keyword() -> None:
    schema = {"properties": {"format": {"format": "f", "x-in": "body"}, "x-a": {"type": "null"}}, "x-in": "body"}
    assert portable(schema) == {"properties": {"format": {}, "x-a": {"type": "null"}}}


def test_the_strict_schema_includes_warnings() -> None:
    warned = {"x-unknown-members": "warning", "properties": {}, "x-warnings": [{"minProperties": 1, "x-source": {}}]}
    assert portable(warned) == {"properties": {}}
    assert portable(warned, strict=True) == {
        "properties": {},
        "additionalProperties": False,
        "allOf": [{"minProperties": 1}],
    }


def test_referenced_types_are_bundled_including_recursive_ones() -> None:
    tree = {"properties": {"child": {"$ref": "#/$defs/Tree"}}}
    document = {"$schema": "s", "title": "Demo", "$defs": {"Tree": tree, "Other": {}}}
    made = bundle(
        catalog.find().document, document, {"items": [{"$ref": "#/$defs/Tree"}, {"$ref": "types.json#/$defs/State"}]}
    )
    assert set(made["$defs"]) == {"Tree", "State"}
    assert made["items"][1] == {"$ref": "#/$defs/State"}
    assert made["$defs"]["Tree"] == tree


@pytest.mark.parametrize(
    "reference", ["#/$defs/Nothing", "types.json#/$defs/Nothing", "#/properties/a", "types.json", "#"]
)
def test_a_dangling_reference_is_rejected_with_its_file(reference: str) -> None:
    with pytest.raises(SchemaError, match="Demo: the reference"):
        bundle(catalog.find().document, {"$schema": "s", "title": "Demo", "$defs": {}}, {"$ref": reference})


@pytest.mark.parametrize("edition", ["document", None, []], ids=repr)
def test_types_and_operations_of_no_edition_are_rejected_as_names(edition: Any) -> None:
    for call in (catalog.types, catalog.operations):
        with pytest.raises(lv.UnknownNameError, match="there is no edition"):
            call(edition)


def test_an_operation_cannot_be_changed() -> None:
    found = lv.operation("CreateEventSourceMapping")
    with pytest.raises(AttributeError):
        found.name = "Another"
    with pytest.raises(AttributeError):
        del found.name
    assert found.name == "CreateEventSourceMapping"


@pytest.mark.parametrize("payload", [None, [], "text", 7])
def test_a_payload_that_is_not_a_mapping_has_no_defaults(payload: object) -> None:
    assert lv.operation("CreateEventSourceMapping").defaults(payload) == {}  # type: ignore[arg-type]  # wrong on purpose


@pytest.mark.parametrize(
    ("target", "patch", "result"),
    [
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        (["a", "b"], ["c", "d"], ["c", "d"]),
        ({"a": "foo"}, None, None),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_overlays_are_merged_as_rfc_7396_has_it(target: Any, patch: Any, result: Any) -> None:
    before = copy.deepcopy(target)
    assert merged(target, patch) == result
    assert target == before
