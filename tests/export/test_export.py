"""Test the exports: `jsonschema` validates the generated cases by them, and each export reports its differences."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import jsonschema
import jsonschema_rs
import pytest
import regex
from support.exporting import SAMPLE, body_of, cases, is_about_body, lost, references, resolved

import lambda_validate as lv
from lambda_validate import catalog, export, http
from lambda_validate.base.spelling import UnknownNameError
from lambda_validate.export import Export, examples, losses
from lambda_validate.export.json_schema import DRAFTS
from lambda_validate.strategies import Case

UNSAID = ("relation", "format")
"""Rules that JSON Schema cannot express."""
FORMS = {"openapi": export.openapi, "api-gateway": export.api_gateway, "json-schema": export.json_schema}
DRAFT = {
    "2020-12": (jsonschema.Draft202012Validator, jsonschema_rs.Draft202012Validator),
    "draft-07": (jsonschema.Draft7Validator, jsonschema_rs.Draft7Validator),
}


@pytest.fixture(scope="module", params=["documents", "current"])
def edition(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def exports() -> dict[tuple[str, str], Export]:
    return {(form, edition): make(edition) for form, make in FORMS.items() for edition in catalog.EDITIONS}


@pytest.mark.parametrize("form", FORMS)
class TestEveryForm:
    def test_every_reference_resolves(self, exports: Any, form: str, edition: str) -> None:
        document = exports[form, edition].document
        assert all(resolved(document, each) is not None for each in references(document))

    def test_there_are_no_unreferenced_schemas(self, exports: Any, form: str, edition: str) -> None:
        document = exports[form, edition].document
        types = document["$defs"] if form == "json-schema" else document["components"]["schemas"]
        unused = types.keys() - {each.rpartition("/")[2] for each in references(document)}
        assert unused == (exports[form, edition].files.keys() if form == "json-schema" else set())

    def test_custom_annotations_and_formats_are_removed(self, exports: Any, form: str, edition: str) -> None:
        text = json.dumps(exports[form, edition].document)
        assert not any(f'"{each}"' in text for each in ("x-in", "x-source", "x-rules", "x-warnings", "filter-pattern"))
        assert "\\\\p{" not in text

    def test_every_loss_has_a_documented_kind(self, exports: Any, form: str, edition: str) -> None:
        found = exports[form, edition].losses
        assert {each.kind for each in found} <= losses.KINDS.keys()
        assert losses.facts(form, edition, found)["losses"][:1] == [
            {**each._asdict(), "effect": losses.KINDS[each.kind].effect} for each in found[:1]
        ]

    def test_the_export_can_be_limited_to_operations(self, form: str) -> None:
        text = json.dumps(FORMS[form]("current", ["GetAlias"]).document)
        assert "GetAlias" in text
        assert "GetFunction" not in text

    @pytest.mark.parametrize(("edition", "name"), [("documents", "GetAlais"), ("curent", "GetAlias")])
    def test_an_unknown_name_is_an_error(self, form: str, edition: str, name: str) -> None:
        with pytest.raises(UnknownNameError):
            FORMS[form](edition, [name])


def differing(validators: Any, direction: str, edition: str, name: str) -> Iterator[tuple[Case, bool]]:
    for case in cases(edition, name, direction):
        for each in validators:
            if each.is_valid(case.payload) != case.valid:
                yield case, case.valid


class TestJSONSchema:
    @pytest.mark.parametrize("draft", DRAFTS)
    @pytest.mark.parametrize("direction", catalog.DIRECTIONS)
    @pytest.mark.parametrize(("edition", "name"), SAMPLE)
    def test_validators_agree_on_the_exported_schemas(
        self, edition: str, name: str, direction: str, draft: str
    ) -> None:
        found = export.json_schema(edition, [name], draft)
        python, rust = DRAFT[draft]
        schema = found.files[f"{name}.{direction}"]
        python.check_schema(schema)
        types = next(each for each in ("$defs", "definitions") if each in found.document)
        within = {"$ref": f"#/{types}/{name}.{direction}", types: found.document[types]}
        validators = [python(schema), rust(schema), python(within)]
        differing_ = list(differing(validators, direction, edition, name))
        assert all(not valid and lost(found.losses, case, *UNSAID) for case, valid in differing_)

    @pytest.mark.parametrize("draft", DRAFTS)
    def test_the_document_of_all_schemas_rejects_every_payload(self, draft: str) -> None:
        found = export.json_schema("documents", draft=draft)
        assert not DRAFT[draft][0](found.document).is_valid({})

    def test_references_in_draft_07_have_no_siblings(self) -> None:
        found = export.json_schema("current", draft="draft-07").document
        assert all(list(each) == ["$ref"] for each in referring(found))

    def test_a_relation_is_reported_as_a_loss_and_not_enforced(self) -> None:
        found = export.json_schema("current", ["DeleteFunctionEventInvokeConfig"])
        mismatched = {"FunctionName": "f:a", "Qualifier": "b"}
        schema = found.files["DeleteFunctionEventInvokeConfig.request"]
        assert jsonschema.Draft202012Validator(schema).is_valid(mismatched)
        assert [(each.kind, each.rule) for each in found.losses] == [("relation", "qualifier.mismatch")]

    def test_unicode_properties_are_expanded_and_reported_as_a_loss(self) -> None:
        found = export.json_schema("current", ["TagResource"])
        validator = jsonschema.Draft202012Validator(found.files["TagResource.request"])
        payload = {"Resource": "arn:aws:lambda:us-west-2:123456789012:function:f"}
        assert validator.is_valid({**payload, "Tags": {"größe": "Ж٣𝒳"}})
        assert not validator.is_valid({**payload, "Tags": {"größe": "!"}})
        assert ("unicode", "/Tags/*") in {(each.kind, each.pointer) for each in found.losses}


def referring(schema: Any) -> Iterator[dict[str, Any]]:
    """Yield every node of a document that has a reference."""
    below = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ()
    for each in below:
        yield from referring(each)
    if isinstance(schema, dict) and isinstance(schema.get("$ref"), str):
        yield schema


def body_validator(found: Export, name: str, kind: Any) -> Any:
    if name in found.files:
        return kind(found.files[name])
    components = found.document["components"]
    return (
        kind({"$ref": f"#/components/schemas/{name}", "components": components})
        if name in components["schemas"]
        else None
    )


class TestOpenAPI:
    @pytest.mark.parametrize(("edition", "name"), SAMPLE)
    def test_validators_agree_on_request_bodies(self, edition: str, name: str) -> None:
        found = export.openapi(edition, [name])
        validator = body_validator(found, f"{name}Request", jsonschema.Draft202012Validator)
        for case in cases(edition, name) if validator else ():
            if is_about_body(edition, case):
                assert validator.is_valid(body_of(edition, case)) == case.valid or lost(found.losses, case, *UNSAID), (
                    case.id
                )

    @pytest.mark.parametrize(("edition", "name"), SAMPLE)
    def test_validators_agree_on_responses(self, edition: str, name: str) -> None:
        found = export.openapi(edition, [name])
        validator = body_validator(found, f"{name}Response", jsonschema.Draft202012Validator)
        for case in cases(edition, name, "response") if validator else ():
            assert validator.is_valid(case.payload) == case.valid or lost(found.losses, case, *UNSAID), case.id

    def test_every_operation_is_exported(self, exports: Any, edition: str) -> None:
        paths = exports["openapi", edition].document["paths"]
        names = "Or".join(item["operationId"] for path in paths.values() for item in path.values())
        assert sorted(names.split("Or")) == sorted(catalog.operations(edition))

    def test_every_operation_has_its_own_description(self, exports: Any) -> None:
        paths = exports["openapi", "current"].document["paths"]
        descriptions = {item["operationId"]: item["description"] for path in paths.values() for item in path.values()}
        assert len(set(descriptions.values())) == len(descriptions)
        assert {
            "GetLayerVersionByArnOrListLayers": "GetLayerVersionByArn: Reads the layer version by ARN. "
            "ListLayers: Lists layers.",
            "CreateAlias": "Creates an alias.",
            "UpdateFunctionUrlConfig": "Changes the function URL config.",
            "Invoke": "Asks Lambda to invoke.",
        }.items() <= descriptions.items()

    def test_each_source_has_a_branch_of_its_own(self) -> None:
        schemas = export.openapi().document["components"]["schemas"]
        whole = schemas["CreateEventSourceMappingRequest"]["anyOf"]
        named = {each["$ref"].rpartition("/")[2]: schemas[each["$ref"].rpartition("/")[2]] for each in whole}
        prefix = "CreateEventSourceMappingRequest"
        assert {each.removeprefix(prefix).rstrip("2") for each in named} == {
            "FromKinesis", "FromDynamoDB", "FromSQS", "FromElsewhere",
        }  # fmt: skip
        queue = named[f"{prefix}FromSQS"]["properties"]
        assert queue["BatchSize"]["maximum"] == 10
        assert ":sqs:" in queue["EventSourceArn"]["pattern"]
        assert not any("if" in each or "allOf" in each for each in named.values())

    def test_exceptions_come_with_their_status_and_name(self) -> None:
        item = export.openapi().document["paths"]["/2019-09-25/functions/{FunctionName}/event-invoke-config"]["get"]
        assert list(item["responses"]) == ["200", "400", "404", "429", "500"]
        missing = item["responses"]["404"]
        validator = jsonschema.Draft202012Validator(missing["headers"]["x-amzn-errortype"]["schema"])
        reported = ["ResourceNotFoundException", "aws.lambda#ResourceNotFoundException:http://x", "ServiceException"]
        assert [validator.is_valid(each) for each in reported] == [True, True, False]
        example = missing["content"]["application/json"]["examples"]["ResourceNotFoundException"]["value"]
        assert list(example) == ["Type", "Message"]

    def test_a_parameter_travels_under_its_own_name_and_place(self) -> None:
        found = export.openapi("current", ["Invoke", "UntagResource", "ListDurableExecutionsByFunction"]).document
        items = {each["operationId"]: each for path in found["paths"].values() for each in path.values()}
        places = {(each["name"], each["in"], each["required"]) for each in items["Invoke"]["parameters"]}
        assert places >= {("FunctionName", "path", True), ("X-Amz-Log-Type", "header", False)}
        assert "*/*" in items["Invoke"]["requestBody"]["content"]
        tags = next(each for each in items["UntagResource"]["parameters"] if each["name"] == "tagKeys")
        assert (tags["required"], tags["schema"]["minItems"]) == (True, 1)
        times = [each["schema"] for each in items["ListDurableExecutionsByFunction"]["parameters"]]
        assert [each.get("format") for each in times].count("date-time") == 2

    def test_a_parameter_may_be_empty_where_its_schema_admits_that(self) -> None:
        found = export.openapi("current", ["ListAliases"]).document["paths"]
        (item,) = (each["get"] for each in found.values())
        reported = {each["name"]: each.get("allowEmptyValue", False) for each in item["parameters"]}
        assert reported == {"FunctionName": False, "FunctionVersion": False, "Marker": True, "MaxItems": False}

    def test_examples_are_valid(self, exports: Any, edition: str) -> None:
        document = exports["openapi", edition].document
        for path in document["paths"].values():
            for item in path.values():
                for content in item.get("requestBody", {}).get("content", {}).values():
                    validator = jsonschema.Draft202012Validator(
                        {**content["schema"], "components": document["components"]}
                    )
                    assert all(validator.is_valid(each["value"]) for each in content.get("examples", {}).values())
                for content in item["responses"][min(item["responses"])].get("content", {}).values():
                    validator = jsonschema.Draft202012Validator(
                        {**content["schema"], "components": document["components"]}
                    )
                    assert all(validator.is_valid(each["value"]) for each in content.get("examples", {}).values())
                for parameter in item.get("parameters", []):
                    schema = {**parameter["schema"], "components": document["components"]}
                    validator = jsonschema.Draft202012Validator(schema)
                    assert all(validator.is_valid(each["value"]) for each in parameter.get("examples", {}).values())

    def test_patterns_are_ascii(self, exports: Any, edition: str) -> None:
        patterns = [each["pattern"] for each in nodes(exports["openapi", edition].document) if "pattern" in each]
        assert len(patterns) > 10
        assert all(each.isascii() for each in patterns if isinstance(each, str))

    def test_letters_beyond_the_basic_plane_are_reported_as_a_loss(self) -> None:
        found = export.openapi("current", ["TagResource"])
        components = found.document["components"]
        python, rust = DRAFT["2020-12"]
        schema = {"$ref": "#/components/schemas/TagKey", "components": components}
        own = regex.compile(r"[\p{L}\p{Z}\p{N}_.:\/=+\-@]")
        for validator in (python(schema), rust(schema)):
            assert [validator.is_valid(each) for each in LETTERS] == [bool(own.fullmatch(each)) for each in LETTERS]
            assert [validator.is_valid(each) for each in "\U0001d4b3\U0001f600"] == [True, True]
        assert {each.pointer for each in found.losses if each.kind == "astral"} == {"/Tags", "/Tags/*"}

    def test_every_input_and_answer_in_json_has_an_example(self, exports: Any, edition: str) -> None:
        bare = [
            (item["operationId"], what)
            for path in exports["openapi", edition].document["paths"].values()
            for item in path.values()
            for what, shown in exampled(item)
            if not shown
        ]
        assert bare == []

    def test_examples_are_valid_for_the_validator(self, edition: str) -> None:
        for operation in map(catalog.find(edition).operation, catalog.operations(edition)):
            for payload in examples.requests(operation).values():
                assert lv.validate_request(operation.name, payload, edition=edition).violations == ()
            for payload in examples.responses(operation).values():
                assert lv.validate_response(operation.name, payload, edition=edition).violations == ()

    def test_each_source_has_a_minimal_and_a_full_example(self) -> None:
        shown = examples.requests(catalog.operation("CreateEventSourceMapping"))
        sources = ("kinesis", "dynamodb", "sqs")
        assert shown.keys() == {*sources, *(f"{each}-full" for each in sources)}
        assert all(len(shown[f"{each}-full"]) > len(shown[each]) for each in sources)

    def test_max_length_of_a_path_parameter_fits_the_target_limit(self) -> None:
        found = export.openapi("current", ["ListTags"])
        (item,) = (each["get"] for each in found.document["paths"].values())
        most = item["parameters"][0]["schema"]["maxLength"]
        target = "/2017-03-31/tags/" + "%3A" * most
        assert most == 2560
        assert http.LIMITS.target - 1000 < len(target) <= http.LIMITS.target
        reported = [each for each in found.losses if each.kind == "target"]
        assert [(each.pointer, each.rule) for each in reported] == [("/Resource", "target.size")]

    def test_examples_in_the_schemas_are_valid(self, exports: Any, edition: str) -> None:
        components = exports["openapi", edition].document["components"]
        shown = [each for each in nodes(components["schemas"]) if isinstance(each.get("examples"), list)]
        assert shown
        for each in shown:
            validator = jsonschema.Draft202012Validator({**each, "components": components})
            assert all(map(validator.is_valid, each["examples"]))

    def test_operations_sharing_path_and_method_are_merged_and_reported(self) -> None:
        names = ["GetProvisionedConcurrencyConfig", "ListProvisionedConcurrencyConfigs"]
        found = export.openapi("current", names)
        (path,) = found.document["paths"].values()
        assert path["get"]["operationId"] == "Or".join(names)
        required = {each["name"]: each["required"] for each in path["get"]["parameters"]}
        assert required == {"FunctionName": True, "Qualifier": False, "List": False, "Marker": False, "MaxItems": False}
        assert [each.operation for each in found.losses if each.kind == "merged"] == names


LETTERS = "".join(chr(each) for each in (*range(0x3100), *range(0xA000, 0xD800, 7), *range(0xE000, 0x10000, 5)))
"""Characters of the basic plane: those of most scripts, and a sample of the others."""


def exampled(item: Any) -> Iterator[tuple[str, bool]]:
    """Return the request and the response of an operation in JSON, and whether it has an example."""
    for each in item.get("parameters", []):
        yield each["name"], "examples" in each or "enum" in each["schema"]
    for content in item.get("requestBody", {}).get("content", {}).values():
        yield "body", bool(content.get("examples"))
    for status, response in item["responses"].items():
        for kind, content in response.get("content", {}).items():
            yield status, kind == "*/*" or bool(content.get("examples"))


def nodes(schema: Any) -> Iterator[dict[str, Any]]:
    below = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ()
    if isinstance(schema, dict):
        yield schema
    for each in below:
        yield from nodes(each)


class TestAPIGateway:
    @pytest.mark.parametrize(("edition", "name"), SAMPLE)
    def test_validators_agree_on_request_bodies_except_for_reported_losses(self, edition: str, name: str) -> None:
        found = export.api_gateway(edition, [name])
        validator = body_validator(found, f"{name}Request", jsonschema.Draft4Validator)
        for case in cases(edition, name) if validator else ():
            if is_about_body(edition, case):
                same = validator.is_valid(body_of(edition, case)) == case.valid
                assert same or lost(found.losses, case, *UNSAID, "property-names", "pattern", "integer"), case.id

    def test_each_model_is_self_contained_draft_04(self, exports: Any, edition: str) -> None:
        files = exports["api-gateway", edition].files
        assert files
        for name, model in files.items():
            assert name.isalnum()
            assert model["$schema"] == "http://json-schema.org/draft-04/schema#"
            jsonschema.Draft4Validator.check_schema(model)
            assert all(resolved(model, each) is not None for each in references(model))

    def test_models_use_only_draft_04_keywords(self, exports: Any, edition: str) -> None:
        schemas = exports["api-gateway", edition].document["components"]["schemas"]
        text = json.dumps(schemas)
        assert not any(f'"{each}":' in text for each in ("const", "if", "propertyNames", "examples", "$defs"))
        assert "(?<!" not in text

    @pytest.mark.parametrize(
        ("payload", "kind"),
        [
            ({"BatchSize": 10.0}, "integer"),
            ({"FilterCriteria": {"Filters": [{"Pattern": "x"}]}}, "format"),
            ({"Tags": {"!": "v"}}, "property-names"),
            ({"Tags": {"k": "!"}}, "pattern"),
        ],
    )
    def test_reported_losses_have_the_stated_effect(self, payload: Any, kind: str) -> None:
        found = export.api_gateway("current", ["CreateEventSourceMapping"])
        whole = {"FunctionName": "f", "EventSourceArn": "arn:aws:sqs:us-west-2:123456789012:q", **payload}
        validator = jsonschema.Draft4Validator(found.files["CreateEventSourceMappingRequest"])
        effect = losses.KINDS[kind].effect
        assert validator.is_valid(whole) is (effect == "wider")
        assert any(each.kind == kind and each.pointer.startswith(f"/{next(iter(payload))}") for each in found.losses)

    def test_requests_are_validated_and_integrations_are_mocked(self, exports: Any, edition: str) -> None:
        document = exports["api-gateway", edition].document
        items = [item for path in document["paths"].values() for item in path.values()]
        assert {item["x-amazon-apigateway-request-validator"] for item in items} == {"all"}
        assert all(item["x-amazon-apigateway-integration"]["passthroughBehavior"] == "never" for item in items)
        assert document["x-amazon-apigateway-request-validators"]["all"] == {
            "validateRequestBody": True,
            "validateRequestParameters": True,
        }

    def test_the_mock_integration_returns_a_declared_status(self, exports: Any, edition: str) -> None:
        for path in exports["api-gateway", edition].document["paths"].values():
            for item in path.values():
                mock = item["x-amazon-apigateway-integration"]
                status = mock["responses"]["default"]["statusCode"]
                assert status in item["responses"]
                assert json.loads(mock["requestTemplates"]["application/json"]) == {"statusCode": int(status)}

    def test_constraints_lost_from_parameters_are_reported(self) -> None:
        found = export.api_gateway("documents", ["GetFunctionEventInvokeConfig"])
        reported = {each.rule for each in found.losses if each.kind == "parameter"}
        assert reported >= {
            "function-name.pattern",
            "function-name.length",
            "qualifier.min-length",
            "qualifier.pattern",
        }
        assert "function-name.required" not in reported
