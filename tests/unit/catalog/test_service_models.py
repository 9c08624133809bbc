"""Test that any service model of botocore is a catalog: its schemas contain every constraint or list it as omitted."""

from __future__ import annotations

import copy
import json
import pickle
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache
from typing import Any

import pytest
from botocore.loaders import Loader
from botocore.model import ServiceModel
from jsonschema import Draft202012Validator, FormatChecker

import lambda_validate as lv
from lambda_validate.catalog import DIRECTIONS, portable
from lambda_validate.patterns.ambiguity import may_hang
from lambda_validate.report.policy import REPORT

SAMPLE = {
    "apigateway": "rest-json", "apprunner": "json", "eventbridgev2": "smithy-rpc-v2-cbor",
    "bedrock-runtime": "rest-json", "cloudfront": "rest-xml", "cloudwatch": "json", "connectcases": "rest-json",
    "dynamodb": "json", "ec2": "ec2", "events": "json", "iam": "query", "iot-data": "rest-json",
    "kinesis": "json", "kms": "json", "lambda": "rest-json", "lex-runtime": "rest-json", "rds": "query",
    "s3": "rest-xml", "sqs": "json", "sts": "query",
}  # fmt: skip
"""Services of every protocol. They include recursive shapes, unions, streams, documents, tokens and blobs."""
FIRST = 15
"""The number of compiled operations of each sampled service."""


def loader() -> Loader:
    """Return a loader that reads the models of botocore, and caches them."""
    return Loader(extra_search_paths=[Loader.BUILTIN_DATA_PATH], include_default_search_paths=False)


LOADER = loader()


@cache
def model(service: str) -> Any:
    return LOADER.load_service_model(service, "service-2")


@cache
def catalog(service: str) -> lv.Catalog:
    return lv.Catalog.from_service_model(model(service))


def parts(shape: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the shapes that a shape refers to."""
    yield from shape.get("members", {}).items()
    yield from ((part, shape[part]) for part in ("member", "key", "value") if part in shape)


def stated(facts: Any, root: str, left_out: set[str], seen: set[str]) -> Iterator[tuple[str, str]]:
    """Yield the place and string of every pattern below a shape, except below omitted parts."""
    waiting = [root]
    while waiting:
        name = waiting.pop()
        shape = facts["shapes"][name]
        if name in seen:
            continue
        seen.add(name)
        if "pattern" in shape:
            yield name, shape["pattern"]
        if name not in left_out:
            waiting += [each["shape"] for own, each in parts(shape) if f"{name}.{own}" not in left_out]


def patterns(schema: Any) -> Iterator[str]:
    """Yield the patterns that a schema states."""
    for each in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        yield from patterns(each)
    if isinstance(schema, dict) and isinstance(schema.get("x-pattern"), str):
        yield schema["x-pattern"]


def dropped(facts: Any, made: lv.Catalog, name: str) -> list[tuple[str, str]]:
    """Return the patterns of an operation that its schemas neither state nor list as omitted."""
    operation, left_out = facts["operations"][name], {each.place for each in made.omissions(name)}
    found = []
    for part, direction in (("input", "request"), ("output", "response")):
        if part in operation:
            said = set(patterns(made.operation(name).schema(direction)))
            wanted = stated(facts, operation[part]["shape"], left_out, set())
            found += [(place, text) for place, text in wanted if text not in said and place not in left_out]
    return found


def compiled(made: lv.Catalog, names: tuple[str, ...]) -> int:
    """Compile both directions of operations, and return how many there are."""
    validator = lv.Validator(made)
    for name in names:
        for direction in DIRECTIONS:
            validator.checker(name, direction)
    return len(names)


@pytest.mark.parametrize("service", SAMPLE)
def test_operations_of_every_kind_of_service_compile(service: str) -> None:
    assert catalog(service).document.protocol == SAMPLE[service]  # type: ignore[attr-defined]  # of a model it has one
    names = catalog(service).operations
    assert compiled(catalog(service), names[:FIRST]) == min(FIRST, len(names))


@pytest.mark.parametrize("service", SAMPLE)
def test_every_pattern_is_stated_or_listed_as_left_out(service: str) -> None:
    made = catalog(service)
    assert {name: lost for name in made.operations[:FIRST] if (lost := dropped(model(service), made, name))} == {}


@pytest.mark.parametrize("service", SAMPLE)
def test_the_schemas_are_json_schema(service: str) -> None:
    for name in catalog(service).operations[:2]:
        for direction in DIRECTIONS:
            made = portable(catalog(service).operation(name).schema(direction))
            Draft202012Validator.check_schema(made, format_checker=FormatChecker(formats=()))  # `re` has no \p


@pytest.mark.exhaustive
def test_all_services_compile_within_five_minutes_and_list_omissions() -> None:
    started, count = time.perf_counter(), 0
    services = LOADER.list_available_services("service-2")
    for service in services:
        facts = loader().load_service_model(service, "service-2")
        made = lv.Catalog.from_service_model(facts)
        count += compiled(made, made.operations)
        assert {name: lost for name in made.operations if (lost := dropped(facts, made, name))} == {}, service
    taken = time.perf_counter() - started
    print(f"{len(services)} services, {count:,} operations, {taken:.0f} s")
    assert len(services) > 400
    assert taken < 300


EXAMPLES = ("autoscaling", "dynamodb", "ecs", "elbv2", "iam", "kms", "lambda", "organizations", "route53",
            "s3", "sts")  # fmt: skip
PLACEHOLDERS = {"TargetString", "CiphertextBlob", "Message", "Plaintext", "Signature", "Mac", "Data", "ImportToken",
                "EncryptedKeyMaterial", "CloudHsmClusterId"}  # fmt: skip
"""Members whose examples have no real value: `<binary data>`, or an invented identifier."""
NOT_OURS = {"PartNumber", "MaxKeys", "MaxUploads", "VolumeSize", "ExcessCapacityTerminationPolicy", "UUID"}
"""Members whose examples have a string where botocore requires a number, or a value that the service lacks."""


@pytest.mark.parametrize("service", EXAMPLES)
def test_the_examples_of_botocore_are_valid(service: str) -> None:
    examples, made = LOADER.load_service_model(service, "examples-1")["examples"], catalog(service)
    problems = [
        f"{name}: {each.pointer} {each.message}"
        for name, cases in examples.items()
        if name in made.operations
        for case in cases
        for each in lv.validate_request(name, case.get("input", {}), edition=made).errors
        if each.path and each.path[-1] not in PLACEHOLDERS | NOT_OURS
    ]
    assert examples
    assert problems == []


def test_a_pattern_that_rejects_valid_strings_is_omitted_and_listed() -> None:
    made = catalog("apprunner")
    service = f"arn:aws:apprunner:us-west-2:123456789012:service/a/{'0' * 32}"
    assert lv.is_valid_request("DescribeService", {"ServiceArn": service}, edition=made)
    answer = {"Service": {"ServiceId": "0" * 32}}
    assert lv.validate_response("DescribeService", answer, edition=made).violations == ()
    assert [each.reason for each in made.omissions("DescribeService") if each.place == "ServiceId"] != []


# Usage.


def test_a_catalog_is_accepted_wherever_an_edition_is() -> None:
    made = catalog("sqs")
    report = lv.validate_request("SendMessage", {"QueueUrl": "q", "DelaySeconds": "5"}, edition=made)
    assert [each.rule for each in report] == ["message-body.required", "delay-seconds.type"] or {
        each.rule for each in report
    } == {"message-body.required", "delay-seconds.type"}
    assert str(report.violations[0].source).startswith("SQS 2012-11-05 service model")
    assert lv.is_valid_request("SendMessage", {"QueueUrl": "q", "MessageBody": "m"}, edition=made)
    assert "SendMessage" in lv.operations(made)
    with pytest.raises(lv.UnknownNameError, match="did you mean 'SendMessage'"):
        lv.validate_request("SendMesage", {}, edition=made)


def test_a_service_model_object_is_accepted_like_its_content() -> None:
    client = ServiceModel(model("sqs"), "sqs")
    assert lv.Catalog.from_service_model(client).operations == catalog("sqs").operations


@pytest.mark.parametrize("service", ["sqs", "s3"])
def test_catalog_and_validator_can_be_pickled(service: str) -> None:
    made = catalog(service)
    name = made.operations[0]
    again = pickle.loads(pickle.dumps(made))
    assert again.operation(name).schema("request") == made.operation(name).schema("request")
    validator = lv.Validator(made, strict=True)
    copied = pickle.loads(pickle.dumps(validator))
    assert copied.validate_request(name, {"A": 1}) == validator.validate_request(name, {"A": 1})


def test_catalogs_of_the_same_model_are_independent() -> None:
    one, other = (lv.Catalog.from_service_model(model("sqs")) for _ in range(2))
    assert one.operation("SendMessage") is not other.operation("SendMessage")
    assert one.operation("SendMessage") is one.operation("SendMessage")


# How facts of the model become schemas.


def tiny(shapes: Mapping[str, Any], protocol: str = "rest-json", **operation: Any) -> Any:
    """Return a model of one operation. `In` and `Out` are its request and its response."""
    ends = {part: {"shape": name} for part, name in (("input", "In"), ("output", "Out")) if name in shapes}
    http = {"method": "POST", "requestUri": "/do"}
    return {
        "metadata": {"protocol": protocol, "serviceId": "Tiny", "apiVersion": "1"},
        "operations": {"Do": {"name": "Do", "http": http, **ends, **operation}},
        "shapes": {"Text": {"type": "string"}, **shapes},
    }


def member(shape: Mapping[str, Any], protocol: str = "rest-json", **traits: Any) -> lv.Catalog:
    """Return the catalog of an operation whose request has one member, `A`, of some shape."""
    members = {"A": {"shape": "Of", **traits}}
    ends = {each: {"type": "structure", "members": members} for each in ("In", "Out")}
    return lv.Catalog.from_service_model(tiny({"Of": shape, **ends}, protocol))


def takes(made: lv.Catalog, value: Any, direction: str = "request") -> bool:
    check = lv.is_valid_request if direction == "request" else lv.is_valid_response
    return check("Do", {"A": value}, edition=made)


TEXT = {"type": "string"}
TAKEN: list[tuple[dict[str, Any], dict[str, Any], list[Any], list[Any]]] = [
    ({"type": "string", "pattern": "[a-z]+", "max": 3}, {}, ["a", "abc"], ["", "abcd", "a\n", "A"]),
    ({"type": "string", "enum": ["a"]}, {}, ["a"], ["b", "A"]),
    ({"type": "string"}, {"enum": ["a"]}, ["a"], ["b"]),
    ({"type": "string", "pattern": "(a+)+"}, {}, ["a", "b"], [5]),
    ({"type": "string", "pattern": "[a-z]"}, {}, ["a", "abc", "A"], [5]),
    ({"type": "string", "pattern": "[a-z]", "max": 1}, {}, ["a"], ["A"]),
    ({"type": "string"}, {"jsonvalue": True}, ["a", {"b": [1, None]}, 5], []),
    ({"type": "integer", "min": 0, "max": 5}, {}, [0, 5, 5.0], [-1, 6, 5.5, True, "5"]),
    ({"type": "double", "max": 1.5}, {}, [1.5, 1], [1.6, float("nan")]),
    ({"type": "timestamp"}, {}, [5, 5.5, "2018-11-02T06:11:49Z"], [None, True, []]),
    ({"type": "blob", "min": 1, "max": 4}, {}, ["AA==", "AAA=", "AAAA", "AAAAAA=="], ["", "AAAAAAA=", "AAAAAAAA", "A"]),
    ({"type": "blob", "min": 2, "max": 5}, {}, ["AAA=", "AAAAAAA="], ["AA==", "AAAAAAAA"]),
    ({"type": "blob", "min": 3, "max": 3}, {}, ["AAAA"], ["AAA=", "AA==", "AAAAAA=="]),
    ({"type": "list", "member": {"shape": "Text"}, "max": 1}, {}, [[], ["a"]], [["a", "b"], [None], {}]),
    ({"type": "list", "member": {"shape": "Text"}, "sparse": True}, {}, [[None, "a"]], [[5]]),
    ({"type": "map", "key": {"shape": "Text"}, "value": {"shape": "Text"}, "sparse": True}, {},
     [{"a": None}], [{"a": 5}]),
    ({"type": "map", "key": {"shape": "Text", "max": 1}, "value": {"shape": "Text"}}, {}, [{"a": "b"}], [{"ab": "c"}]),
    ({"type": "structure", "union": True, "members": {"B": {"shape": "Text"}, "C": {"shape": "Text"}}}, {},
     [{"B": ""}], [{}, {"B": "", "C": ""}, {"D": ""}]),
    ({"type": "structure", "document": True, "members": {}}, {}, [{"a": 1}, [], 5, None], []),
    ({"type": "structure", "eventstream": True, "members": {"B": {"shape": "Text"}}}, {}, [{"C": 1}], []),
    ({"type": "structure", "required": ["B"], "members": {"B": {"shape": "Text", "idempotencyToken": True}}}, {},
     [{}, {"B": "b"}], [{"B": 1}]),
    ({"type": "structure", "required": ["B"], "members": {"B": {"shape": "Text"}}}, {}, [{"B": "b"}], [{}]),
    ({"type": "structure", "members": {"Self": {"shape": "Of"}}}, {},
     [{"Self": {"Self": {}}}], [{"Self": {"self": {}}}]),
    ({"type": "hologram"}, {}, [5, None, {}], []),
]  # fmt: skip


@pytest.mark.parametrize(
    ("shape", "traits", "valid", "invalid"), TAKEN, ids=lambda each: each.get("type") if isinstance(each, dict) else ""
)
def test_shapes_are_converted_to_equivalent_schemas(
    shape: Any, traits: Any, valid: list[Any], invalid: list[Any]
) -> None:
    made = member(shape, **traits)
    assert [value for value in valid if not takes(made, value)] == []
    assert [value for value in invalid if takes(made, value)] == []


LEFT_OUT: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({"type": "string", "pattern": "(?s).*"}, {}, "Of: its pattern is left out: it has no form"),
    ({"type": "string", "pattern": "(a+)+"}, {}, "Of: its pattern is left out: some strings would take forever"),
    ({"type": "string", "pattern": "[a-z]"}, {}, "Of: its pattern is left out: it matches a few characters"),
    ({"type": "integer", "pattern": "[0-9]"}, {}, "Of: its pattern is left out: the type is not string but integer"),
    ({"type": "string"}, {"pattern": "(a+)+"}, "In.A: its pattern is left out"),
    ({"type": "string"}, {"jsonvalue": True}, "In.A: any JSON value is valid"),
    ({"type": "structure", "document": True, "members": {}}, {}, "Of: a document or a stream"),
    ({"type": "structure", "eventstream": True, "members": {}}, {}, "Of: a document or a stream"),
    ({"type": "structure", "required": ["B"], "members": {"B": {"shape": "Text", "idempotencyToken": True}}}, {},
     "Of.B: it is required, but the SDK adds it"),
    ({"type": "structure", "required": ["C"], "members": {}}, {}, "Of.C: it is required, but there is no such member"),
    ({"type": "hologram"}, {}, "Of: the type hologram is not known"),
    ({"type": "string"}, {"location": "header"}, "Out.A: it is sent in the header"),
    ({"type": "string"}, {"location": "statusCode"}, "Out.A: it is sent in the status"),
]  # fmt: skip


@pytest.mark.parametrize(("shape", "traits", "expected"), LEFT_OUT, ids=[each[2] for each in LEFT_OUT])
def test_constraints_missing_in_a_schema_are_listed(shape: Any, traits: Any, expected: str) -> None:
    listed = [f"{each.place}: {each.reason}" for each in member(shape, **traits).omissions("Do")]
    assert [each for each in listed if each.startswith(expected)] != []
    assert len(listed) == len(set(listed))


def test_complete_schemas_and_editions_have_no_omissions() -> None:
    assert member({"type": "string", "pattern": "[a-z]+", "enum": ["a"]}).omissions("Do") == ()
    assert lv.Catalog.from_service_model(model("sqs")).omissions("SendMessage") != ()
    for edition in ("documents", "current"):
        assert lv.operation("CreateEventSourceMapping", edition).catalog.omissions("CreateEventSourceMapping") == ()


@pytest.mark.parametrize(("protocol", "name"), [
    ("json", "a"), ("rest-json", "a"), ("rest-xml", "A"), ("query", "A"), ("ec2", "A"), ("smithy-rpc-v2-cbor", "A"),
])  # fmt: skip
def test_response_members_are_named_as_in_json_or_the_sdk(protocol: str, name: str) -> None:
    made = member(TEXT, protocol, locationName="a")
    report = lv.validate_response("Do", {name: "x"}, edition=made)
    assert report.violations == ()
    assert [each.rule for each in lv.validate_response("Do", {name: 5}, edition=made)] == ["a.type"]
    assert lv.validate_request("Do", {"A": "x"}, edition=made).ok


def test_of_several_protocols_the_sdks_choice_is_used() -> None:
    found = tiny({"In": {"type": "structure", "members": {}}}, "smithy-rpc-v2-cbor")
    found["metadata"]["protocols"] = ["smithy-rpc-v2-cbor", "json"]
    assert lv.Catalog.from_service_model(found).operation("Do").content_type == "application/x-amz-json-1.0"


@pytest.mark.parametrize("protocol", ["rest-json", "rest-xml"])
def test_a_binary_payload_is_not_validated_and_is_listed(protocol: str) -> None:
    whole = {"type": "structure", "payload": "A", "members": {"A": {"shape": "Of"}, "B": {"shape": "Text"}}}
    made = lv.Catalog.from_service_model(tiny({"Of": {"type": "blob", "max": 1}, "In": whole, "Out": whole}, protocol))
    assert made.operation("Do").location("A") == "payload"
    assert lv.is_valid_request("Do", {"A": "not Base64, but bytes"}, edition=made)
    assert {each.place for each in made.omissions("Do")} == {"In.A", "Out.A"}


def test_responses_require_nothing_and_unknown_choices_are_warnings() -> None:
    shapes = {
        "Kind": {"type": "string", "enum": ["a"]},
        "Out": {"type": "structure", "required": ["A"], "members": {"A": {"shape": "Kind"}}},
    }
    made = lv.Catalog.from_service_model(tiny(shapes))
    assert lv.validate_response("Do", {}, edition=made).violations == ()
    assert [each.severity for each in lv.validate_response("Do", {"A": "b", "C": 1}, edition=made)] == ["warning"] * 2


@pytest.mark.parametrize(("shape", "value", "rule"), [
    ({"type": "integer", "min": 1}, 0, "a.minimum"),
    ({"type": "string", "pattern": "[a-z]+"}, "A", "a.pattern"),
    ({"type": "string", "max": 1}, "ab", "a.max-length"),
    ({"type": "list", "member": {"shape": "Text"}, "min": 1}, [], "a.min-items"),
    ({"type": "blob", "max": 1}, "AAA=", "a.pattern"),
])  # fmt: skip
def test_bounds_and_patterns_in_responses_are_warnings(shape: Any, value: Any, rule: str) -> None:
    made = member(shape)
    assert [(each.rule, each.severity) for each in lv.validate_response("Do", {"A": value}, edition=made)] == [
        (rule, "warning")
    ]
    assert not takes(made, value)
    assert not takes(made, object(), "response")


def test_exceptions_and_their_statuses_are_known() -> None:
    shapes = {
        "Gone": {"type": "structure", "members": {}, "exception": True, "error": {"httpStatusCode": 410}},
        "Down": {"type": "structure", "members": {}, "exception": True, "fault": True},
        "Odd": {"type": "structure", "members": {}, "exception": True, "error": {"code": "Spelt.Otherwise"}},
    }
    made = lv.Catalog.from_service_model(tiny(shapes, errors=[{"shape": each} for each in shapes]))
    assert {name: each.status for name, each in made.operation("Do").errors.items()} == {
        "Gone": 410, "Down": 500, "Spelt.Otherwise": 400
    }  # fmt: skip
    assert any("bodies of its exceptions" in each.reason for each in made.omissions("Do"))


# Malformed models.


def use(broken: Any) -> None:
    made = lv.Catalog.from_service_model(broken)
    for name in made.operations:
        lv.Validator(made).checker(name, "request", REPORT)
        lv.Validator(made).checker(name, "response")
        made.omissions(name)


@pytest.mark.parametrize("broken", [
    None, 5, "text", [], {}, {"metadata": {}}, {"metadata": 1, "operations": {}, "shapes": {}},
    {"metadata": {}, "operations": {5: {}}, "shapes": {}},
], ids=repr)  # fmt: skip
def test_an_invalid_model_is_rejected(broken: Any) -> None:
    with pytest.raises(lv.SchemaError, match="service model"):
        lv.Catalog.from_service_model(broken)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, (dict, list)):
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield (*path, key)
            yield from places(each, (*path, key))


def whole_model() -> Any:
    text = {"type": "string", "min": 1, "max": 3, "pattern": "a+", "enum": ["a"]}
    shapes = {
        "In": {"type": "structure", "required": ["A"], "payload": "B", "members": {
            "A": {"shape": "Limited", "location": "uri", "locationName": "a"}, "B": {"shape": "Tree"}}},
        "Limited": text,
        "Bytes": {"type": "blob", "min": 2, "max": 5},
        "Tree": {"type": "structure", "members": {
            "L": {"shape": "List"}, "M": {"shape": "Map"}, "D": {"shape": "Bytes"}}},
        "List": {"type": "list", "member": {"shape": "Tree"}, "max": 5},
        "Map": {"type": "map", "key": {"shape": "Limited"}, "value": {"shape": "Number"}},
        "Number": {"type": "integer", "min": 1},
        "Out": {"type": "structure", "members": {
            "A": {"shape": "Limited", "location": "header"}, "B": {"shape": "Tree"}}},
        "Gone": {"type": "structure", "members": {}, "error": {"httpStatusCode": 404}},
    }  # fmt: skip
    return tiny(shapes, errors=[{"shape": "Gone"}])


ODD: list[Any] = [None, 5, -1.5, "odd", [], {}, ["odd"], [{}], {"odd": 5}, True, float("nan"), float("inf")]


@pytest.mark.parametrize("place", list(places(whole_model())), ids=lambda each: "/".join(map(str, each)))
def test_a_corrupted_model_raises_only_schema_error(place: tuple[Any, ...]) -> None:
    home = broken = whole_model()
    for step in place[:-1]:
        home = home[step]
    for odd in ODD:
        home[place[-1]] = copy.deepcopy(odd)
        with suppress(lv.SchemaError):
            use(broken)
    del home[place[-1]]
    with suppress(lv.SchemaError):
        use(broken)


def test_too_deeply_nested_shapes_are_rejected() -> None:
    chain = {f"S{i}": {"type": "structure", "members": {"A": {"shape": f"S{i + 1}"}}} for i in range(5000)}
    shapes = {**chain, "S5000": {"type": "string"}, "In": {"type": "structure", "members": {"A": {"shape": "S0"}}}}
    with pytest.raises(lv.SchemaError, match="too deeply"):
        use(tiny(shapes))


def test_densely_recursive_shapes_are_rejected() -> None:
    names = [f"S{i}" for i in range(200)]
    web = {name: {"type": "structure", "members": {each: {"shape": each} for each in names}} for name in names}
    with pytest.raises(lv.SchemaError, match="too deeply"):
        use(tiny({**web, "In": {"type": "structure", "members": {"A": {"shape": "S0"}}}}))


# Patterns that could be slow to match.


@pytest.mark.parametrize("pattern", [
    "(?:a+)+", "(?:a*)*b", "[a-z](?:-?[a-z0-9]+)*", "(?:a|a)*", "(?:[ab]|[bc])+", "(?:x[a-z]*y?)*z", "(?:a?){20}",
    "(?:(?:a+)b?)*", "(?:[^\\n]*[ ]?)*", "(?:\\.[a-z.]+)*", "^(?:(?:ab|a)(?:c|bc))*$", "(?:-*[a-z\\-]){0,63}",
    "a(?:b(?:[cd]+d?)*)?", "(?:\\p{L}|\\p{Lu})*",
])  # fmt: skip
def test_an_ambiguous_loop_is_found(pattern: str) -> None:
    assert may_hang(f"^(?:{pattern})$(?!\\n)")


@pytest.mark.parametrize("pattern", [
    "a*a*", "(?:\\.[a-z]+)*", "[a-z]+(?:-[a-z]+)*", "(?:[0-9a-f]{16})+", "(?:(?:25[0-5]|[01]?[0-9][0-9]?)\\.){3}",
    "[^\\n]*b[^\\n]*", "(?:ab|cd)*", "(?:a|b[cd])*", "arn:[^:]*:(?:a|b):[0-9]{12}", "(?=[^\\n]{4,9}$)[a-z]+", "", "]",
    "(?:a(?:,|$))*", "[a-z\\]]+\\[", "x{2,}", "(?:[a-z]{1,63}){0,2}",
])  # fmt: skip
def test_an_unambiguous_loop_is_not_reported(pattern: str) -> None:
    assert not may_hang(f"^(?:{pattern})$(?!\\n)")


def test_models_are_not_modified() -> None:
    before = json.dumps(LOADER.load_service_model("sqs", "service-2"), sort_keys=True)
    compiled(catalog("sqs"), catalog("sqs").operations)
    assert json.dumps(model("sqs"), sort_keys=True) == before
