"""Test methods that a header or the query overrides, because programs behind a gateway may use the override."""

from __future__ import annotations

from typing import Any

import pytest
from support.envoy_calls import call_service, code, exchange
from support.gateway_calls import (
    JSON,
    PATH,
    READ,
    VALID,
    Recorder,
    body,
    environ,
    part,
    reading,
    run,
    scope,
    serve,
    start,
)

from lambda_validate import http
from lambda_validate.gateway import asgi, wsgi
from lambda_validate.gateway.envoy import Service

NAMES = ["X-HTTP-Method-Override", "x-http-method", "X-Method-Override", "X_HTTP_METHOD_OVERRIDE", "x_http-method"]
UPDATE = "/2015-03-31/functions/orders/code"
"""A path whose only operation uses PUT."""
CREATED = [start(202), body(b"{}")]


def check(method: str, target: str, *headers: tuple[str, str], **settings: Any) -> http.RequestCheck:
    return http.check_request(
        method, target, headers, b"", **{"edition": "current", "unknown_route": "pass"} | settings
    )


def rules(found: http.RequestCheck) -> list[str]:
    return [each.rule for each in found.report]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("value", ["PUT", "put", " PUT ", "PATCH, PUT"])
def test_a_header_overrides_the_method_of_no_operation(name: str, value: str) -> None:
    assert check("POST", UPDATE) == http.RequestCheck(None)
    found = check("POST", UPDATE, (name, value))
    assert rules(found) == ["route.method"]
    assert found.answer
    assert (found.answer.status, dict(found.answer.headers)["allow"]) == (405, "PUT")


@pytest.mark.parametrize(
    "query", ["_method=PUT", "_method=put", "a=%zz&_method=PUT", "%5fm%65thod=P%55T", "a;_method=PUT"]
)
def test_the_query_overrides_the_method_of_no_operation(query: str) -> None:
    assert rules(check("POST", f"{UPDATE}?{query}")) == ["route.method"]
    assert check("POST", f"/health?{query}") == http.RequestCheck(None)


def test_an_override_in_a_disguised_path_is_rejected() -> None:
    assert check("POST", UPDATE.replace("/code", "%2fcode"), (NAMES[0], "PUT")).answer


def test_a_request_of_one_operation_is_not_overridden_to_another() -> None:
    tags = "/2017-03-31/tags/arn:aws:lambda:us-east-1:123456789012:function:orders"
    assert check("GET", tags).operation == "ListTags"
    assert rules(check("GET", tags, (NAMES[0], "DELETE"))) == ["route.method"]
    assert rules(check("GET", tags, (NAMES[0], "DELETE"), unknown_route="deny")) == ["route.method"]
    assert rules(check("GET", f"{tags}?_method=DELETE", unknown_members="ignore")) == ["route.method"]


@pytest.mark.parametrize("value", ["GET", "get", "PATCH", "", "\xff"])
def test_an_override_header_to_no_other_operation_is_ignored(value: str) -> None:
    assert check("GET", READ, (NAMES[0], value)).operation == "GetFunctionEventInvokeConfig"
    assert check("POST", UPDATE, (NAMES[0], value)) == http.RequestCheck(None)
    assert check("POST", "/health", (NAMES[0], "PUT")) == http.RequestCheck(None)


def test_an_override_header_beyond_the_header_limit_does_not_pass() -> None:
    many = [(f"x-{number}", "1") for number in range(300)]
    assert rules(check("POST", UPDATE, *many, (NAMES[0], "PUT"))) == ["headers.limit"]


def test_disabling_the_rule_lets_no_request_pass_unchecked() -> None:
    sent = {"edition": "current", "unknown_route": "pass", "disable": ["route.method"]}
    found = http.check_request("POST", PATH, [*JSON, (NAMES[0], "GET")], b"{}", **sent)
    assert found.operation == "CreateEventSourceMapping"
    assert found.answer


OVERRIDE = (b"x-http-method-override", b"PUT")


@pytest.mark.parametrize("seconds", [None, 5.0])
def test_no_override_passes_asgi(seconds: float | None) -> None:
    app = Recorder(*CREATED)
    middleware = asgi.Middleware(app, read_seconds=seconds)
    assert run(middleware, scope(path=UPDATE), part()) == CREATED
    assert run(middleware, scope(path=UPDATE, headers=[*JSON, OVERRIDE]), part())[0]["status"] == 405
    valid = scope(headers=[*JSON, (b"x-http-method", b"GET")])
    assert run(middleware, scope(), part(VALID)) == CREATED
    assert run(middleware, valid, part(VALID))[0]["status"] == 405


def test_no_override_passes_wsgi() -> None:
    middleware = wsgi.Middleware(reading)
    assert serve(middleware, environ(path=UPDATE))[0] == "202 Accepted"
    assert serve(middleware, environ(path=UPDATE, HTTP_X_HTTP_METHOD_OVERRIDE="PUT"))[0].startswith("405")
    assert serve(middleware, environ(path=UPDATE, QUERY_STRING="_method=PUT"))[0].startswith("405")


def test_no_override_passes_envoy() -> None:
    head = [(b":method", b"POST"), (b":path", UPDATE.encode())]
    assert exchange(edition="current", unknown_route="pass")[0].request_headers(head, True) == "skip"
    assert code(exchange(edition="current", unknown_route="pass")[0].request_headers([*head, OVERRIDE], True)) == 405
    service = Service(unknown_route="pass")
    assert call_service(service, f"/check{UPDATE}")[0]["status"] == 200
    assert call_service(service, f"/check{UPDATE}", headers=[*JSON, OVERRIDE])[0]["status"] == 405
    assert call_service(service, f"/check{PATH}", headers=[*JSON, (b"x-http-method", b"GET")])[0]["status"] == 405
