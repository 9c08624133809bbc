"""Test the whole API at the boundary.

The tests cover members in headers, lists and times in the query, binary bodies, and shared paths.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

import lambda_validate as lv
from lambda_validate import http
from lambda_validate.http.headers import MEMBERS
from lambda_validate.http.members import wire

JSON = {"content-type": "application/json"}
CHECK = http.boundary("current")
TAGS = "/2017-03-31/tags/arn%3Aaws%3Alambda%3Aus-west-2%3A123456789012%3Afunction%3Aorders"
INVOKE = "/2015-03-31/functions/orders/invocations"
STREAM = "/2021-11-15/functions/orders/response-streaming-invocations"
CONTEXT = "X-Amz-Client-Context"
HISTORY = "/2025-12-01/functions/orders/durable-executions"


class Good(NamedTuple):
    method: str
    target: str
    operation: str
    parameters: dict[str, Any]
    headers: dict[str, str] = JSON
    body: bytes = b""


GOOD = [
    Good("GET", "/2015-03-31/functions", "ListFunctions", {}),
    Good("GET", "/2015-03-31/functions/?MaxItems=5", "ListFunctions", {"MaxItems": 5}),
    Good("GET", "/2018-10-31/layers", "ListLayers", {}),
    Good(
        "GET",
        "/2018-10-31/layers?find=LayerVersion&Arn=arn%3Aaws%3Alambda%3Aus-west-2%3A123456789012%3Alayer%3Atools%3A3",
        "GetLayerVersionByArn",
        {"Arn": "arn:aws:lambda:us-west-2:123456789012:layer:tools:3"},
    ),
    Good(
        "GET",
        "/2019-09-30/functions/orders/provisioned-concurrency?List=ALL",
        "ListProvisionedConcurrencyConfigs",
        {"FunctionName": "orders"},
    ),
    Good(
        "GET",
        "/2019-09-30/functions/orders/provisioned-concurrency?Qualifier=live",
        "GetProvisionedConcurrencyConfig",
        {"FunctionName": "orders", "Qualifier": "live"},
    ),
    Good(
        "GET",
        "/2018-10-31/layers/tools/versions/3",
        "GetLayerVersion",
        {"LayerName": "tools", "VersionNumber": 3},
    ),
    Good(
        "DELETE",
        f"{TAGS}?tagKeys=team&tagKeys=cost",
        "UntagResource",
        {"Resource": "arn:aws:lambda:us-west-2:123456789012:function:orders", "TagKeys": ["team", "cost"]},
    ),
    Good(
        "GET",
        f"{HISTORY}?Statuses=RUNNING&StartedAfter=2026-01-02T03:04:05.5Z&ReverseOrder=true",
        "ListDurableExecutionsByFunction",
        {"FunctionName": "orders", "Statuses": ["RUNNING"], "StartedAfter": 1767323045.5, "ReverseOrder": True},
    ),
    Good(
        "POST",
        INVOKE,
        "Invoke",
        {"FunctionName": "orders", "InvocationType": "Event", "Payload": b"\x00 no JSON"},
        {"X-Amz-Invocation-Type": "Event", "X-Amz-Date": "20260102T030405Z"},
        b"\x00 no JSON",
    ),
    *(
        Good(
            "GET",
            f"{HISTORY}?StartedBefore={written}",
            "ListDurableExecutionsByFunction",
            {"FunctionName": "orders", "StartedBefore": seconds},
        )
        for written, seconds in [
            ("2026-01-02T03:04:05Z", 1767323045.0),
            ("2026-01-02T03%3A04%3A05.123456789Z", 1767323045.123456789),
            ("2026-01-02T04:04:05%2B01:00", 1767323045.0),
            ("1969-12-31T23:59:59Z", -1.0),
        ]
    ),
    Good("POST", INVOKE, "Invoke", {"FunctionName": "orders"}),
    Good("POST", INVOKE, "Invoke", {"FunctionName": "orders", "ClientContext": "e30="}, {CONTEXT: "e30="}),
    Good(
        "POST", STREAM, "InvokeWithResponseStream", {"FunctionName": "orders", "ClientContext": "e30"}, {CONTEXT: "e30"}
    ),
    Good("POST", INVOKE, "Invoke", {"FunctionName": "orders", "ClientContext": ""}, {CONTEXT: ""}),
    Good("POST", INVOKE, "Invoke", {"FunctionName": "orders"}, {"Accept": "text/html;q=0.9, image/png"}),
    Good("GET", "/2015-03-31/functions", "ListFunctions", {}, {"Accept": "application/hal+json"}),
    Good(
        "POST",
        "/2025-12-01/durable-execution-callbacks/aGVsbG8=/fail",
        "SendDurableExecutionCallbackFailure",
        {"CallbackId": "aGVsbG8=", "Error": {"ErrorMessage": "no"}},
        JSON,
        b'{"ErrorMessage":"no"}',
    ),
    Good(
        "PUT",
        "/2015-03-31/functions/orders/configuration",
        "UpdateFunctionConfiguration",
        {"FunctionName": "orders", "Timeout": 3},
        JSON,
        b'{"Timeout":3}',
    ),
]


@pytest.mark.parametrize("case", GOOD, ids=lambda case: f"{case.method} {case.target}")
def test_members_are_read_from_path_query_headers_and_body(case: Good) -> None:
    check = CHECK.check_request(case.method, case.target, case.headers, case.body)
    assert (check.operation, dict(check.parameters)) == (case.operation, case.parameters)
    assert check.answer is None, [each.message for each in check.report.violations]
    assert CHECK.passes(case.method, case.target, case.headers, case.body)


class Bad(NamedTuple):
    method: str
    target: str
    rules: list[tuple[str, str]]
    headers: dict[str, str] | list[tuple[str, str]] = JSON
    body: bytes = b""


BAD = [
    Bad("GET", "/2015-03-31/functions?MaxItems=many", [("/MaxItems", "max-items.type")]),
    Bad("GET", "/2015-03-31/functions?MaxItems=1&MaxItems=2", [("/MaxItems", "query.duplicate")]),
    Bad("GET", "/2018-10-31/layers?find=LayerVersion", [("/Arn", "arn.required")]),
    Bad("GET", "/2018-10-31/layers?find=Layer", [("/find", "member.unknown")]),
    Bad("GET", f"{HISTORY}?Statuses=RUNNING&Statuses=LOST", [("/Statuses/1", "statuses.enum")]),
    Bad("GET", f"{HISTORY}?StartedAfter=2026-02-30T00:00:00Z", [("/StartedAfter", "started-after.type")]),
    Bad("GET", f"{HISTORY}?StartedAfter=2026-01-01T25:00:00Z", [("/StartedAfter", "started-after.type")]),
    *(
        Bad("GET", f"{HISTORY}?StartedAfter={written}", [("/StartedAfter", "started-after.type")])
        for written in (
            "1515531081",
            "1515531081.123",
            "-1",
            "0",
            "2026-01-02",
            "2026-01-02T03:04:05",
            "2026-01-02T03:04Z",
            "Tue,%2029%20Apr%202014%2018:30:38%20GMT",
            "true",
            "",
        )
    ),
    *(
        Bad("POST", target, [("/ClientContext", "client-context.pattern")], {CONTEXT: written})
        for target in (INVOKE, STREAM)
        for written in ("{}", "order", "e30==", "e3_=", "=", "e30= e30=", "\xe9A==")
    ),
    Bad("POST", INVOKE, [("/InvocationType", "invocation-type.enum")], {"X-Amz-Invocation-Type": "Evnt"}),
    Bad(
        "POST",
        INVOKE,
        [("/InvocationType", "headers.duplicate")],
        [("X-Amz-Invocation-Type", "Event"), ("x-amz-invocation-type", "DryRun")],
    ),
    Bad("POST", f"{INVOKE}?InvocationType=Event", [("/InvocationType", "member.misplaced")]),
    Bad(
        "PUT",
        "/2015-03-31/functions/orders/configuration",
        [("/FunctionName", "member.misplaced")],
        JSON,
        b'{"FunctionName":"other"}',
    ),
    Bad("GET", "/2015-03-31/functions/orders", [("", "body.unexpected")], JSON, b"{}"),
    Bad("PATCH", "/2015-03-31/functions/orders", [("", "route.method")]),
    Bad("GET", "/2099-01-01/functions", [("", "route.unknown")]),
]


@pytest.mark.parametrize("case", BAD, ids=lambda case: f"{case.method} {case.target} {case.rules[0][1]}")
def test_violations_are_reported_for_every_location(case: Bad) -> None:
    check = CHECK.check_request(case.method, case.target, case.headers, case.body)
    assert [(each.pointer, each.rule) for each in check.report.errors] == case.rules
    assert check.answer is not None
    assert not CHECK.passes(case.method, case.target, case.headers, case.body)


def test_every_operation_of_the_edition_is_found_by_its_own_request_line() -> None:
    for name in lv.operations("current"):
        operation = lv.operation(name, "current")
        query = "&".join(f"{key}={value}" for key, value in operation.query.items())
        path = operation.path.replace("{", "").replace("}", "")
        assert CHECK.check_request(operation.method, f"{path}?{query}", JSON, b"").operation == name


def test_header_members_have_a_known_prefix() -> None:
    for name in lv.operations("current"):
        assert all(header.startswith(MEMBERS) for header in wire(lv.operation(name, "current")).header)


@pytest.mark.parametrize(
    ("operation", "status", "headers", "body", "rules"),
    [
        ("Invoke", 200, {}, b"any bytes \xff", []),
        ("Invoke", 202, {}, b"", []),
        ("Invoke", 301, {}, b"", ["body.syntax", "status.unexpected"]),
        ("DeleteAlias", 204, {}, b"", []),
        ("DeleteAlias", 200, {}, b"", ["body.syntax", "status.unexpected"]),
        ("TagResource", 204, {}, b"", []),
        ("DeleteCodeSigningConfig", 204, {}, b"", []),
        ("GetFunction", 200, JSON, b"{}", []),
        ("GetFunction", 200, JSON, b"", ["body.syntax"]),
        ("GetFunction", 200, JSON, b'{"Configuration":{"Timeout":0}}', ["timeout.minimum"]),
        ("GetFunction", 200, JSON, b'{"Configuration":{"Runtime":"python9.9"}}', []),
        ("CreateFunction", 201, JSON, b'{"FunctionName":"f"}', []),
    ],
)
def test_a_response_is_checked_by_its_operation(
    operation: str, status: int, headers: dict[str, str], body: bytes, rules: list[str]
) -> None:
    check = CHECK.check_response(operation, status, headers, body)
    assert [each.rule for each in check.report.errors] == rules
