"""Test every path that must fail closed: input that cannot be read, or raises while it is read, is rejected."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from support import hostile
from support.gateway_calls import JSON as JSON_HEADERS
from support.gateway_calls import PATH as MAPPINGS
from support.gateway_calls import (
    READ,
    VALID,
    Recorder,
    asgi_middleware,
    environ,
    part,
    reading,
    run,
    scope,
    serve,
    wsgi_middleware,
)

import lambda_validate as lv
from lambda_validate import http
from lambda_validate.catalog.formats import FORMATS
from lambda_validate.gateway.envoy import Service
from lambda_validate.gateway.reading import read_body
from lambda_validate.http import Limits, headers, routes
from lambda_validate.http.boundary import boundary
from lambda_validate.validator import json_body, json_parsers
from lambda_validate.validator.json_parsers import UNREAD

GET, CREATE = "GetFunctionEventInvokeConfig", "CreateEventSourceMapping"
PATH = MAPPINGS.encode()
JSON = [(b"content-type", b"application/json")]
REFUSING: list[Any] = [hostile.refusing(dict)(), hostile.refusing(list)([1]), object(), 5, {"content-type": 1}]
"""Values that are no bytes, and raise or have an invalid type if they are used as bytes."""


# Payloads as objects.


UNREADABLE = {hostile.Colliding("FunctionName"): 1}
"""A payload whose keys raise when they are compared."""


def test_a_request_that_raises_while_it_is_checked_is_not_valid() -> None:
    assert lv.is_valid_request(GET, UNREADABLE) is False
    assert lv.validate_request(GET, UNREADABLE).ok is False


def test_a_response_that_raises_while_it_is_checked_is_not_valid() -> None:
    colliding = {hostile.Colliding("MaximumRetryAttempts"): 1}
    assert lv.is_valid_response(GET, colliding) is False
    assert lv.is_valid_response(GET, colliding, 200) is False
    assert lv.validate_response(GET, colliding).ok is False


@pytest.mark.parametrize("direction", ["request", "response"])
@pytest.mark.parametrize("operation", [GET, CREATE])
def test_a_payload_that_nests_without_an_end_is_not_valid(
    operation: str, direction: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    validator = lv.Validator()

    def raising(payload: Any) -> bool:
        raise RecursionError

    verdicts = validator._requests if direction == "request" else validator._responses
    monkeypatch.setitem(verdicts, operation, raising)
    assert getattr(validator, f"is_valid_{direction}")(operation, {}) is False


@pytest.mark.parametrize(
    "value",
    ["{", "[", "", '{"a": NaN}', '{"a": [NaN]}', '{"a":' * 100_000, None, 5, b"{}", "{} x"],
    ids=lambda value: repr(value)[:20],
)
def test_an_unreadable_filter_pattern_is_invalid(value: Any) -> None:
    assert FORMATS["filter-pattern"](value) is False


# Messages.


def refused(check: http.RequestCheck) -> set[str]:
    """Return the rules that a request breaks, and assert that it is rejected."""
    assert check.answer is not None
    assert check.answer.status >= 400
    return {each.rule for each in check.report}


def passes(*request: Any, **settings: Any) -> bool:
    return boundary(**settings).passes(*request)


@pytest.mark.parametrize("value", REFUSING, ids=lambda value: type(value).__name__)
def test_method_target_headers_or_body_that_cannot_be_read_are_rejected(value: Any) -> None:
    rules_by_place = {0: "target.encoding", 1: "target.encoding", 2: "target.encoding", 3: "body.encoding"}
    for place, rule in rules_by_place.items():
        request: list[Any] = [b"POST", PATH, JSON, VALID]
        request[place] = value
        for unknown_route in ("deny", "pass"):
            assert refused(http.check_request(*request, unknown_route=unknown_route)) == {rule}
            assert passes(*request, unknown_route=unknown_route) is False
    assert http.is_valid_body("ListFunctions", value, "current") is False


def test_an_operation_without_required_members_accepts_an_empty_body() -> None:
    assert http.is_valid_body("ListFunctions", b"{}", "current")  # otherwise the previous test would show nothing


@pytest.mark.parametrize("limits", [Limits(body=10), Limits(target=5), Limits(headers=0), Limits(depth=0)])
def test_a_request_beyond_a_limit_is_rejected(limits: Limits) -> None:
    request = (b"POST", PATH, JSON, VALID)
    assert http.check_request(*request).answer is None
    (rule,) = refused(http.check_request(*request, limits=limits))
    assert rule in ("body.size", "target.size", "headers.limit", "body.depth")
    assert passes(*request, limits=limits) is False


def test_a_too_large_content_length_is_rejected_before_the_body() -> None:
    for length in (b"300000", b"9" * 5_000):
        head = boundary().open(b"POST", PATH, [*JSON, (b"content-length", length)])
        assert head.check is not None
        assert refused(head.check) == {"body.size"}


def test_bodies_beyond_a_limit_or_with_faults_are_not_valid() -> None:
    assert http.is_valid_body(CREATE, VALID)
    assert http.is_valid_body(CREATE, VALID, limits=Limits(body=10)) is False
    assert http.is_valid_body(CREATE, VALID, limits=Limits(depth=0)) is False
    assert http.is_valid_body(CREATE, VALID[:-1] + b',"FunctionName":"orders"}') is False


@pytest.mark.parametrize(
    ("path", "rule"),
    [
        (b"/elsewhere", "route.unknown"),
        (PATH + b"\xff", "route.unknown"),
        (b"/2019-09-25/functions/%ff/event-invoke-config", "target.encoding"),
        (b"/2019-09-25/functions/a b/event-invoke-config", "target.encoding"),
        (b"/2019-09-25/functions/%zz/event-invoke-config", "target.encoding"),
        (READ.encode() + b"?%ff=1", "target.encoding"),
        (READ.encode() + b"?Qualifier=%ff", "target.encoding"),
        (READ.encode() + b"?Qualifier=%zz", "target.encoding"),
    ],
)
def test_unknown_or_undecodable_targets_are_rejected(path: bytes, rule: str) -> None:
    assert rule in refused(http.check_request(b"GET", path, [], b""))
    assert passes(b"GET", path, [], b"") is False


@pytest.mark.parametrize("path", [PATH + b"%2e", b"/2015-03-31//event-source-mappings", b"/x/..%2f" + PATH[1:]])
def test_a_target_that_may_be_read_as_an_operation_s_does_not_pass_as_another_application_s(path: bytes) -> None:
    assert refused(http.check_request(b"POST", path, JSON, b"", unknown_route="pass"))


def test_the_method_of_an_operation_s_path_must_be_its_own() -> None:
    assert refused(http.check_request(b"PATCH", PATH, JSON, VALID)) == {"route.method"}


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        (b"\xff", "body.encoding"), (b'"\xff"', "body.encoding"), (b"\xef\xbb\xbf{}", "body.encoding"),
        (b"{", "body.syntax"), (b"{} {}", "body.syntax"), (b"[" * 40, "body.depth"), (b"NaN", "body.number"),
        (b'{"BatchSize":1e999}', "body.number"), (b'{"BatchSize":%s}' % (b"9" * 5_000), "body.number"),
        (b'{"FunctionName":"\\ud800"}', "body.surrogate"), (b'{"\\ud800":1}', "body.surrogate"),
        (b'{"a":1,"a":1}', "body.duplicate"),
    ],
)  # fmt: skip
def test_a_body_that_cannot_be_read_is_rejected(body: bytes, rule: str) -> None:
    assert rule in refused(http.check_request(b"POST", PATH, JSON, body))
    assert passes(b"POST", PATH, JSON, body) is False
    assert http.is_valid_body(CREATE, body) is False
    check = http.check_response(GET, 200, JSON, body)
    assert rule in {each.rule for each in check.report}
    assert check.answer is not None


def test_a_body_that_nests_deeper_than_the_interpreter_reads_is_rejected(monkeypatch: pytest.MonkeyPatch) -> None:
    def deep(*_: Any) -> Any:
        raise RecursionError

    monkeypatch.setattr(json_parsers, "DECODE", deep)
    monkeypatch.setattr(json_body, "quick", json_parsers.interpreter)
    assert json_body.quick(b'{"a":[]}', 32) is UNREAD
    monkeypatch.setattr(json_body, "LENIENT", type("Deep", (), {"decode": deep}))
    reading = json_body.read(b'{"a":[]}', 32)
    assert (reading.value, [each.rule for each in reading.faults]) == (UNREAD, ["body.depth"])


@pytest.mark.parametrize(
    "named", [[], [(b"content-type", b"text/plain")], [*JSON, *JSON], [*JSON, (b"content-encoding", b"gzip")]]
)
def test_a_body_that_is_not_sent_as_json_is_rejected(named: Any) -> None:
    assert refused(http.check_request(b"POST", PATH, named, VALID)) <= {"content-type.unexpected", "body.compressed"}
    assert passes(b"POST", PATH, named, VALID) is False
    assert http.check_response(GET, 200, named, b"{}").answer is not None


@pytest.mark.parametrize("value", [*REFUSING, {"a": object()}], ids=lambda value: type(value).__name__)
def test_a_response_whose_headers_or_body_cannot_be_read_is_replaced(value: Any) -> None:
    assert http.check_response(GET, 200, JSON, value).answer is not None
    assert http.check_response(GET, 200, value, b"{}").answer is not None


def test_a_response_beyond_a_limit_is_replaced() -> None:
    assert http.check_response(GET, 200, JSON, b"{}").answer is None
    for limits in (Limits(response=1), Limits(headers=0), Limits(depth=0)):
        assert http.check_response(GET, 200, JSON, b"{}", limits=limits).answer is not None


@pytest.mark.parametrize("status", [404, 500, 418, 0, "200", object()])
def test_a_failure_that_names_no_exception_is_replaced(status: Any) -> None:
    check = http.check_response(GET, status, JSON, b"{}")
    assert check.answer is not None
    if status in (404, 500, 418):
        assert "error.body" in {each.rule for each in check.report}


def test_undecodable_parts_of_a_target_are_none() -> None:
    for piece in (b"%ff", b"%zz", b"a b", b"\xff"):
        assert routes.decoded(piece, routes.SEGMENT) is None
    assert headers.wanted([(b"content-type",)], 10) == "unreadable"
    assert headers.wanted([(b"a", b"b")] * 2, 1) == "many"


# Middlewares and the check service.


def status_of(sent: list[Any]) -> int:
    return int(sent[0]["status"])


@pytest.mark.parametrize("missing", ["raw_path", "root_path", "query_string"])
def test_an_incomplete_scope_is_still_checked(missing: str) -> None:
    app = Recorder()
    made = {key: value for key, value in scope().items() if key != missing}
    assert status_of(run(asgi_middleware(app), made, part(b"{}"))) == 400
    assert app.received == []


@pytest.mark.parametrize("message", [{"type": "http.request"}, {"type": "http.request", "body": b"{}"}])
def test_an_incomplete_message_is_still_checked(message: Any) -> None:
    app = Recorder()
    assert status_of(run(asgi_middleware(app), scope(), message)) == 400
    assert app.received == []


def test_nothing_unchecked_is_passed_on_after_a_disconnect() -> None:
    app = Recorder()
    assert run(asgi_middleware(app), scope(), part(VALID[:9], True), {"type": "http.disconnect"}) == []
    assert app.received == []


def test_a_slow_or_too_large_body_is_not_passed_on() -> None:
    async def never() -> Any:
        await asyncio.sleep(60)

    body = asyncio.run(read_body(never, 10, 0.01))
    assert (body.end, body.more) == ("slow", True)

    async def large() -> Any:
        return part(b"x" * 11, True)

    body = asyncio.run(read_body(large, 10, None))
    assert (body.end, body.more) == ("large", True)
    app = Recorder()
    sent = run(asgi_middleware(app, limits=Limits(body=10)), scope(), part(VALID[:20], True))
    assert (status_of(sent), app.received) == (413, [])


@pytest.mark.parametrize("length", ["x", "-1", "9" * 30, None, "2"])
def test_a_wsgi_request_with_an_invalid_length_is_not_passed_on(length: str | None) -> None:
    assert serve(wsgi_middleware(reading), environ())[0] == "202 Accepted"
    assert serve(wsgi_middleware(reading), environ(CONTENT_LENGTH=length))[0].startswith("4")


def test_a_response_of_wsgi_without_a_status_is_replaced() -> None:
    def app(environ: Any, start_response: Any) -> Any:
        start_response("OK", [("content-type", "application/json")])
        return [b"{}"]

    assert serve(wsgi_middleware(app, responses="block"), environ())[0].startswith("500")


@pytest.mark.parametrize("start", [{"type": "http.response.start"}, {"type": "http.response.start", "status": None}])
def test_a_response_of_asgi_without_a_status_is_replaced(start: Any) -> None:
    app = Recorder({**start, "headers": JSON}, {"type": "http.response.body", "body": b"{}"})
    assert status_of(run(asgi_middleware(app, responses="block"), scope(), part(VALID))) == 500


def status_for(path: str, *named: tuple[bytes, bytes], body: bytes = b"") -> int:
    sent: list[Any] = []

    async def receive() -> Any:
        return part(body)

    async def send(message: Any) -> None:
        sent.append(message)

    made = scope("GET", path) | {"headers": [*JSON_HEADERS, *named]}
    asyncio.run(Service(trust_forwarded=True)(made, receive, send))
    return status_of(sent)


def test_missing_or_repeated_forwarded_headers_are_rejected() -> None:
    method, target = (b"x-forwarded-method", b"GET"), (b"x-forwarded-uri", READ.encode())
    assert status_for("/forward-auth", method, target) == 200
    for named in ([], [method], [target], [method, method, target], [method, target, target]):
        assert status_for("/forward-auth", *named) == 400


def test_a_truncated_body_is_rejected() -> None:
    assert status_for(f"/check{READ}", (b"x-envoy-auth-partial-body", b"false")) == 200
    assert status_for(f"/check{READ}", (b"x-envoy-auth-partial-body", b"true")) == 413


def test_error_responses_are_json() -> None:
    check = http.check_request(b"POST", PATH, JSON, b"{")
    assert check.answer is not None
    assert json.loads(check.answer.body)["Type"] == "User"
