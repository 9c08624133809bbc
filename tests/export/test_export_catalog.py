"""Test the export of any catalog: new operations need no special code, and relations of members are reported."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest

from lambda_validate import export
from lambda_validate.catalog import Catalog
from lambda_validate.export.forms import by_route
from lambda_validate.export.merging import merged

SOURCE = {"document": "Made up", "section": "Nowhere"}


def made(name: str, path: str, method: str = "POST", **members: Any) -> dict[str, Any]:
    request = {
        "type": "object",
        "required": ["Name"],
        "properties": {"Name": {"type": "string", "x-in": "path", "x-name": "Name"}, **members},
        "additionalProperties": False,
    }
    facts = {"method": method, "path": path, "contentType": "application/json", "success": 200, "errors": {}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": name,
        "description": f"Does {name}.",
        "x-operation": {**facts, "x-source": SOURCE},
        "$defs": {"request": request, "response": {"type": "object"}},
    }


def bound() -> dict[str, Any]:
    """Return an operation whose body requires a member if the query has one."""
    document = made(
        "Put", "/things/{Name}", Mode={"type": "string", "x-in": "query"}, Size={"type": "integer", "x-in": "body"}
    )
    document["$defs"]["request"]["allOf"] = [{"if": {"required": ["Mode"]}, "then": {"required": ["Size"]}}]
    return document


def catalog(*documents: dict[str, Any]) -> Catalog:
    files = {f"{each['title']}.json": each for each in documents}
    return Catalog("made-up", files.__getitem__, tuple(each["title"] for each in documents))


@pytest.mark.parametrize("make", [export.openapi, export.api_gateway])
def test_a_rule_across_body_and_query_is_reported_as_a_loss(make: Any) -> None:
    found = make(catalog(bound()))
    schema = found.document["paths"]["/things/{Name}"]["post"]["requestBody"]
    validator = jsonschema.Draft4Validator(
        {**schema["content"]["application/json"]["schema"], "components": found.document["components"]}
    )
    assert schema["required"] is False
    assert [validator.is_valid(each) for each in ({}, {"Size": 1}, {"Size": "1"}, {"Mode": "m"})] == [
        True,
        True,
        False,
        False,
    ]
    assert "between-places" in {each.kind for each in found.losses}


def test_paths_differing_only_in_label_names_are_merged() -> None:
    other = made("Get", "/things/{Thing}", "GET")
    properties = other["$defs"]["request"]["properties"]
    properties["Thing"] = {**properties.pop("Name"), "x-name": "Thing"}
    other["$defs"]["request"]["required"] = ["Thing"]
    made_up = catalog(bound(), other)
    assert list(by_route(map(made_up.operation, made_up.operations))) == [
        ("/things/{Name}", "POST"),
        ("/things/{Name}", "GET"),
    ]
    item = export.openapi(made_up).document["paths"]["/things/{Name}"]["get"]
    assert [each["name"] for each in item["parameters"]] == ["Name"]


def test_different_types_of_the_same_name_stay_separate() -> None:
    one = made("One", "/one/{Name}", Size={"$ref": "#/$defs/Size", "x-in": "body"})
    two = made("Two", "/two/{Name}", Size={"$ref": "#/$defs/Size", "x-in": "body"})
    one["$defs"]["Size"], two["$defs"]["Size"] = {"type": "integer"}, {"type": "string"}
    types = export.json_schema(catalog(one, two)).document["$defs"]
    assert types["One.request"]["properties"]["Size"] == {"$ref": "#/$defs/Size"}
    assert types["Two.request"]["properties"]["Size"] == {"$ref": "#/$defs/Two.request.Size"}
    assert [types["Size"], types["Two.request.Size"]] == [{"type": "integer"}, {"type": "string"}]


def test_the_body_of_merged_operations_may_be_either_one() -> None:
    def item(name: str, kind: str) -> dict[str, Any]:
        body = {"required": kind == "string", "content": {"application/json": {"schema": {"type": kind}}}}
        return {"operationId": name, "requestBody": body, "responses": {"200": {"description": name}}}

    assert merged([item("A", "string"), item("B", "integer")])["requestBody"] == {
        "required": False,
        "content": {"application/json": {"schema": {"anyOf": [{"type": "string"}, {"type": "integer"}]}}},
    }
