"""Test both middlewares without a server.

The tests cover scopes, streams, disconnecting clients, incomplete environments, and metrics.
"""

from __future__ import annotations

import asyncio
import io
import json
import logging
from types import MappingProxyType
from typing import Any

import pytest
from support.gateway_calls import (
    JSON,
    LEFT,
    PATH,
    READ,
    VALID,
    Recorder,
    asgi_middleware,
    body,
    environ,
    part,
    reading,
    run,
    scope,
    serve,
    start,
    wsgi_middleware,
)

import lambda_validate as lv
from lambda_validate import http
from lambda_validate.gateway import asgi, wsgi
from lambda_validate.gateway.paths import environ_targets
from lambda_validate.http import Limits
from lambda_validate.http.events import Event

# ASGI.


@pytest.mark.parametrize("kind", ["lifespan", "websocket", "something"])
def test_other_scopes_pass_unchanged(kind: str) -> None:
    app = Recorder({"type": "answer"})
    given = {"type": kind}
    assert run(asgi_middleware(app), given, {"type": "message"}) == [{"type": "answer"}]
    assert app.scope is given


def test_off_mode_passes_everything_unchanged() -> None:
    app = Recorder(start(), body())
    given = scope()
    assert run(asgi_middleware(app, requests="off"), given, part(b"!")) == [start(), body()]
    assert app.scope is given


def test_the_application_receives_the_body_in_one_message() -> None:
    app = Recorder(start(202), body())
    run(asgi_middleware(app), scope(), part(VALID[:9], True), part(b"", True), part(VALID[9:]))
    assert app.received == [part(VALID)]


@pytest.mark.parametrize("before", [[], [part(VALID[:9], True)], [part(VALID, True)]])
def test_a_disconnected_client_does_not_reach_the_application(before: list[Any]) -> None:
    app = Recorder()
    assert run(asgi_middleware(app), scope(), *before, LEFT) == []
    assert app.received == []


@pytest.mark.parametrize("before", [[], [part(b"ab", True)]])
def test_log_mode_passes_the_disconnect_to_the_application(before: list[Any]) -> None:
    app = Recorder()
    run(asgi_middleware(app, requests="log"), scope(), *before, LEFT)
    assert app.received == [*before, LEFT]


def test_log_mode_streams_a_request_rejected_at_its_headers() -> None:
    app = Recorder(start(404), body())
    run(asgi_middleware(app, requests="log"), scope(path="/x"), part(b"ab", True), part(b"cd"))
    assert app.received == [part(b"ab", True), part(b"cd")]


def test_an_allowed_unknown_route_is_streamed_and_not_reported() -> None:
    events: list[Event] = []
    app = Recorder(start(), body())
    middleware = asgi_middleware(app, unknown_route="pass", responses="block", on_check=events.append)
    assert run(middleware, scope(path="/x"), part(b"ab", True), part(b"cd")) == [start(), body()]
    assert app.received == [part(b"ab", True), part(b"cd")]
    assert events == []


def test_early_error_responses_close_the_connection_only_in_http_1() -> None:
    for version, closes in (("1.1", True), ("2", False)):
        middleware = asgi_middleware(Recorder(), limits=Limits(body=3))
        sent = run(middleware, scope(http_version=version), part(b"abcd", True))
        assert sent[0]["status"] == 413
        assert ((b"connection", b"close") in sent[0]["headers"]) is closes


def test_a_body_that_takes_too_long_is_rejected() -> None:
    async def never() -> Any:
        await asyncio.sleep(60)

    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(asgi_middleware(Recorder(), read_seconds=0.02)(scope(), never, send))
    assert sent[0]["status"] == 408


def test_a_missing_raw_path_is_rebuilt_from_the_decoded_path() -> None:
    given = scope("GET", READ.replace("orders", "a b%\n"), query_string=b"Qualifier=1")
    del given["raw_path"]
    assert asgi.target(given) == READ.replace("orders", "a%20b%25%0A").encode() + b"?Qualifier=1"
    assert run(asgi_middleware(Recorder()), given, part())[0]["status"] == 400


def test_log_mode_streams_a_response_and_reports_it_at_its_end() -> None:
    events: list[Event] = []
    answer = [start(201), body(b"{", True), body(b"}"), {"type": "http.response.trailers", "headers": []}]
    middleware = asgi_middleware(Recorder(*answer), responses="log", on_check=events.append)
    assert run(middleware, scope(), part(VALID)) == answer
    assert [(each.direction, each.outcome) for each in events] == [("request", "passed"), ("response", "flagged")]
    assert all(0 <= each.seconds < 1 for each in events)


def test_a_valid_response_is_buffered_and_passes() -> None:
    trailers = {"type": "http.response.trailers", "headers": []}
    middleware = asgi_middleware(Recorder(start(), body(b"{", True), body(b"}"), trailers), responses="block")
    assert run(middleware, scope("GET", READ), part()) == [start(), body(b"{}"), trailers]


def test_an_invalid_response_is_replaced_and_its_rest_dropped() -> None:
    answer = [start(), body(b"[" * 9, True), body(b"x", True), body(), {"type": "http.response.trailers"}]
    middleware = asgi_middleware(Recorder(*answer), responses="block", limits=Limits(response=5))
    sent = run(middleware, scope("GET", READ), part())
    assert [each["type"] for each in sent] == ["http.response.start", "http.response.body"]
    assert sent[0]["status"] == 500


def test_an_incomplete_response_is_not_sent_in_block_mode() -> None:
    assert (
        run(asgi_middleware(Recorder(start(), body(b"{", True)), responses="block"), scope("GET", READ), part()) == []
    )


@pytest.mark.parametrize("mode", ["block", "log"])
def test_response_headers_given_as_an_iterator_reach_the_server(mode: Any) -> None:
    begun = {**start(), "headers": iter(JSON)}
    sent = run(asgi_middleware(Recorder(begun, body(b"{}")), responses=mode), scope("GET", READ), part())
    assert [sent[0]["status"], list(sent[0]["headers"]), sent[1]["body"]] == [200, JSON, b"{}"]


def test_extensions_that_bypass_the_middleware_are_removed() -> None:
    app = Recorder(start(), body(b"{}"))
    extensions = {"http.response.pathsend": {}, "http.response.zerocopysend": {}, "tls": {}}
    run(asgi_middleware(app, responses="log"), scope("GET", READ, extensions=extensions), part())
    assert app.scope["extensions"] == {"tls": {}}


def test_a_log_message_is_one_ascii_line_of_pointers_and_rules(caplog: pytest.LogCaptureFixture) -> None:
    names = {"\n\u00e9" * 300: 1} | {f"n{index}": 1 for index in range(50)}
    run(asgi_middleware(Recorder()), scope(), part(json.dumps(names).encode()))
    message = caplog.records[0].getMessage()
    assert message.isascii()
    assert message.isprintable()
    assert message.endswith("and 33 more")
    assert len(message) < 4_000


def test_warnings_are_logged_at_info_level(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "lambda_validate.gateway")
    answer = [start(), body(b'{"NewMember":1}')]
    assert run(asgi_middleware(Recorder(*answer), responses="block"), scope("GET", READ), part()) == answer
    assert [(each.levelname, each.getMessage()) for each in caplog.records] == [
        ("INFO", "response GetFunctionEventInvokeConfig passed: /NewMember member.unknown")
    ]


def test_unknown_modes_are_rejected() -> None:
    for middleware in (asgi.Middleware, wsgi.Middleware):
        with pytest.raises(lv.UnknownNameError, match="did you mean 'block'"):
            middleware(Recorder(), requests="blok")  # type: ignore[arg-type]  # wrong on purpose


@pytest.mark.parametrize("level", [logging.WARNING, logging.INFO])
def test_the_log_level_does_not_change_the_outcome(level: int, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(level, "lambda_validate.gateway")
    app = Recorder(start(202), body())
    assert run(asgi_middleware(app), scope(), part(VALID)) == [start(202), body()]
    assert app.received == [part(VALID)]
    warned = VALID[:-1] + b',"StartingPosition":"LATEST"}'
    assert run(asgi_middleware(app), scope(), part(warned)) == [start(202), body()]
    assert ("starting-position.sqs" in caplog.text) is (level == logging.INFO)


def test_messages_after_the_body_reach_the_application() -> None:
    class Waiting(Recorder):
        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            self.received = [await receive(), await receive()]

    app = Waiting()
    run(asgi_middleware(app), scope(), part(VALID), LEFT)
    assert app.received == [part(VALID), LEFT]


@pytest.mark.parametrize(
    "message", [part(b"{}"), part(b"["), {"type": "http.request"}, {"type": "http.request", "body": bytearray(b"{}")}]
)
def test_a_body_that_the_fast_path_cannot_decide_is_fully_checked(message: Any) -> None:
    assert run(asgi_middleware(Recorder()), scope(), message)[0]["status"] == 400


LIVE = READ.replace("orders", "orders:live")


@pytest.mark.parametrize("raw", [LIVE, LIVE.replace(":", "%3A")])
@pytest.mark.parametrize("mode", ["block", "log"])
def test_the_application_finds_the_parameters_that_were_checked(mode: Any, raw: str) -> None:
    for events in (None, lambda event: None):
        app = Recorder()
        made = asgi_middleware(app, requests=mode, on_check=events)
        given = scope("GET", LIVE, raw_path=raw.encode(), query_string=b"Qualifier=live", headers=[])
        run(made, given, part())
        assert dict(app.scope["lambda_validate"]) == {"FunctionName": "orders:live", "Qualifier": "live"}
        assert "lambda_validate" not in given


NESTED = b'"FilterCriteria":{"Filters":[{"Pattern":"{}"}]}'
BODIES = [
    VALID,
    VALID.replace(b",", b" ,\n\t"),
    VALID.replace(b"orders", b"\\u006frders"),
    VALID[:-1] + b',"BatchSize":10}',
    VALID[:-1] + b',"BatchSize":1e1}',
    VALID[:-1] + b',"Enabled":true}',
    VALID[:-1] + b',"StartingPosition":"LATEST"}',
    VALID[:-1] + b"," + NESTED + b"}",
]
SETTINGS: list[dict[str, Any]] = [{}, {"on_check": print}, {"responses": "log"}, {"read_seconds": 5.0}]


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
@pytest.mark.parametrize("data", BODIES, ids=len)
def test_parameters_are_read_only_and_equal_on_both_paths(data: bytes, settings: Any) -> None:
    app = Recorder()
    run(asgi_middleware(app, **settings), scope(), part(data))
    check = http.check_request("POST", PATH, JSON, data)
    found = app.scope["lambda_validate"]
    assert (check.answer, dict(found)) == (None, dict(check.parameters))
    assert [type(each) for each in found.values()] == [type(each) for each in check.parameters.values()]
    assert type(found) is MappingProxyType
    with pytest.raises(TypeError):
        found["FunctionName"] = "another"
    assert json.loads(json.dumps(dict(found))) == json.loads(data)


def test_unchecked_or_invalid_requests_have_no_parameters_in_scope() -> None:
    app = Recorder()
    run(asgi_middleware(app, requests="log"), scope(), part(b"{}"))
    assert "lambda_validate" not in app.scope
    run(asgi_middleware(app, unknown_route="pass"), scope(path="/x"), part())
    assert "lambda_validate" not in app.scope


TRAILER = (b"x-amz-invocation-type", b"Evil")
INVOKE = "/2015-03-31/functions/orders/invocations"


@pytest.mark.parametrize(
    "settings",
    [{}, {"responses": "log"}, {"responses": "block"}, {"requests": "log"}, {"read_seconds": 5.0}, {"on_check": print}],
    ids=str,
)
@pytest.mark.parametrize(
    "given",
    [scope(), scope(path=INVOKE), scope("GET", READ), scope(path="/x"), scope(path=f"/api{INVOKE}", root_path="/api")],
    ids=lambda given: given["path"],
)
def test_headers_appended_later_by_the_server_do_not_reach_the_application(given: Any, settings: Any) -> None:
    """uvicorn with httptools passes trailers like this."""
    given = {**given, "headers": [*given["headers"]]}
    app = Recorder(start(), body())

    async def receive() -> Any:
        given["headers"].append(TRAILER)
        return part(VALID if given["method"] == "POST" else b"")

    async def send(message: Any) -> None:
        pass

    asyncio.run(asgi_middleware(app, edition="current", unknown_route="pass", **settings)(given, receive, send))
    assert app.received
    assert TRAILER in given["headers"]
    assert app.scope["headers"] == JSON


def test_response_headers_added_by_outer_middleware_are_not_checked() -> None:
    """An outer middleware may compress the body, and append to the list of headers."""
    events: list[Event] = []

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            message["headers"].append((b"content-type", b"text/html"))

    async def receive() -> Any:
        return part()

    middleware = asgi_middleware(Recorder(start(), body(b"{}")), responses="log", on_check=events.append)
    asyncio.run(middleware(scope("GET", READ), receive, send))
    assert [each.outcome for each in events] == ["passed", "passed"]


def test_cancellation_is_not_taken_for_a_timeout() -> None:
    async def never() -> Any:
        await asyncio.sleep(60)

    async def main() -> None:
        task = asyncio.ensure_future(asgi_middleware(Recorder(), read_seconds=60)(scope(), never, never))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())


# WSGI.


@pytest.mark.parametrize("mode", ["block", "log", "off"])
def test_a_wsgi_application_reads_the_body_again(mode: Any) -> None:
    expected = ("202 Accepted", b'{"UUID": "%d"}' % len(VALID))
    assert serve(wsgi_middleware(reading, requests=mode), environ()) == expected
    assert serve(wsgi_middleware(reading, requests=mode, responses="log"), environ()) == expected
    assert serve(wsgi_middleware(reading, requests=mode, responses="block"), environ()) == expected


def test_a_body_without_a_length_is_read_if_the_input_is_terminated() -> None:
    given = environ(CONTENT_LENGTH=None, HTTP_TRANSFER_ENCODING="chunked", **{"wsgi.input_terminated": True})
    assert serve(wsgi_middleware(reading), given)[1] == b'{"UUID": "%d"}' % len(VALID)
    assert given["CONTENT_LENGTH"] == str(len(VALID))
    assert "HTTP_TRANSFER_ENCODING" not in given
    assert serve(wsgi_middleware(reading), environ(CONTENT_LENGTH=None))[0] == "400 Bad Request"


@pytest.mark.parametrize("length", ["-1", "abc", "\u0663", "1e3"])
def test_an_invalid_content_length_is_treated_as_missing(length: str) -> None:
    assert serve(wsgi_middleware(reading), environ(CONTENT_LENGTH=length))[0] == "400 Bad Request"


def test_a_length_that_no_reader_could_convert_is_too_large() -> None:
    assert serve(wsgi_middleware(reading), environ(CONTENT_LENGTH="9" * 30))[0].startswith("413 ")
    padded = "0" * 5_000 + str(len(VALID))
    assert serve(wsgi_middleware(reading), environ(CONTENT_LENGTH=padded))[1] == b'{"UUID": "%d"}' % len(VALID)


def test_no_more_is_read_than_the_length_and_the_limit() -> None:
    source = io.BytesIO(VALID + b"the next request")
    serve(wsgi_middleware(reading), environ(**{"wsgi.input": source, "CONTENT_LENGTH": str(len(VALID))}))
    assert source.read() == b"the next request"
    endless = io.BytesIO(b"x" * 1_000_000)
    given = environ(CONTENT_LENGTH=None, **{"wsgi.input": endless, "wsgi.input_terminated": True})
    assert serve(wsgi_middleware(reading), given)[0].startswith("413 ")
    assert endless.tell() == Limits().body + 1


def test_the_raw_uri_is_used_if_the_server_provides_it() -> None:
    for key in ("RAW_URI", "REQUEST_URI"):
        twice = {"PATH_INFO": READ.replace("orders", "orders%41"), key: READ.replace("orders", "orders%2541")}
        assert serve(wsgi_middleware(reading), environ("GET", data=b"", **twice))[0] == "400 Bad Request"
    rebuilt = environ("GET", READ.replace("orders", "a b\u00c3\u00a9"), b"", QUERY_STRING="Qualifier=1")
    assert environ_targets(rebuilt) == [READ.replace("orders", "a%20b%C3%A9").encode() + b"?Qualifier=1"]


def test_a_response_sent_by_write_is_checked_and_closed() -> None:
    closed: list[bool] = []

    class Chunks(list[bytes]):
        def close(self) -> None:
            closed.append(True)

    def writing(environ: Any, start_response: Any) -> Any:
        write = start_response("200 OK", [("content-type", "application/json")])
        write(b'{"MaximumRetry')
        return Chunks([b'Attempts":3}'])

    given = ("GET", READ, b"")
    assert serve(wsgi_middleware(writing, responses="block"), environ(*given))[0] == "500 Internal Server Error"
    assert serve(wsgi_middleware(writing, responses="log"), environ(*given)) == (
        "200 OK",
        b'{"MaximumRetryAttempts":3}',
    )
    assert closed == [True, True]


@pytest.mark.parametrize("mode", ["block", "log"])
@pytest.mark.parametrize("steps", [0, 1, 9])
def test_a_wsgi_result_is_closed_once(mode: Any, steps: int) -> None:
    closed: list[bool] = []

    class Chunks(list[bytes]):
        def close(self) -> None:
            closed.append(True)

    def app(environ: Any, start_response: Any) -> Any:
        start_response("200 OK", [("content-type", "application/json")])
        return Chunks([b"{", b"}"])

    result: Any = wsgi_middleware(app, responses=mode)(environ("GET", READ, b""), lambda *begun: bool)
    for _ in zip(range(steps), result, strict=False):
        assert not closed
    result.close()
    assert closed == [True]


def test_a_wsgi_body_of_an_allowed_unknown_route_is_not_read() -> None:
    source = io.BytesIO(b"abc")
    middleware = wsgi_middleware(lambda environ, start_response: [], unknown_route="pass", responses="block")
    assert list(middleware(environ(path="/x", **{"wsgi.input": source}), print)) == []
    assert source.tell() == 0


def test_a_response_without_a_status_is_rejected() -> None:
    middleware = wsgi_middleware(lambda environ, start_response: [b"{}"], responses="block")
    assert serve(middleware, environ("GET", READ, b""))[0] == "500 Internal Server Error"


def test_in_mode_log_a_wsgi_application_reads_a_body_over_the_limit_whole() -> None:
    middleware = wsgi_middleware(reading, requests="log", limits=Limits(body=3))
    assert serve(middleware, environ(data=b"0123456789"))[1] == b'{"UUID": "10"}'


def test_with_requests_off_only_responses_are_checked() -> None:
    middleware = wsgi_middleware(reading, requests="off", responses="block")
    assert serve(middleware, environ(data=b"not read"))[0] == "202 Accepted"
    events: list[Event] = []
    both = asgi_middleware(Recorder(start(202), body(b"{}")), requests="off", responses="log", on_check=events.append)
    run(both, scope(), part(b"not read"))
    assert [each.direction for each in events] == ["response"]


def test_a_wsgi_response_over_the_limit_is_not_read_further() -> None:
    pulled: list[int] = []

    def endless(environ: Any, start_response: Any) -> Any:
        start_response("200 OK", [("content-type", "application/json")])
        for count in range(1_000):
            pulled.append(count)
            yield b"[" * 10

    middleware = wsgi_middleware(endless, responses="block", limits=Limits(response=25))
    assert serve(middleware, environ("GET", READ, b""))[0] == "500 Internal Server Error"
    assert len(pulled) == 3
    logged = wsgi_middleware(endless, responses="log", limits=Limits(response=25))
    assert len(serve(logged, environ("GET", READ, b""))[1]) == 10_000


# Metrics.


def test_open_telemetry_counts_checks_and_rules(caplog: pytest.LogCaptureFixture) -> None:
    from lambda_validate.gateway import telemetry

    class Meter:
        def __init__(self) -> None:
            self.seen: list[Any] = []

        def create_counter(self, name: str, *_: str) -> Any:
            return type("Counter", (), {"add": lambda _, value, about: self.seen.append((name, value, about))})()

        def create_histogram(self, name: str, *_: str) -> Any:
            return type("Histogram", (), {"record": lambda _, value, about: self.seen.append((name, value, about))})()

    meter = Meter()
    caplog.set_level(logging.ERROR)
    run(asgi_middleware(Recorder(), on_check=telemetry.recorder(meter)), scope(), part(b'{"FunctionName":"s3cr3t!"}'))
    about = {"direction": "request", "operation": "CreateEventSourceMapping", "outcome": "blocked"}
    assert meter.seen[0] == ("lambda_validate.checks", 1, about)
    assert meter.seen[1][0::2] == ("lambda_validate.check.duration", about)
    assert [each[2]["rule"] for each in meter.seen[2:]] == ["event-source-arn.required", "function-name.pattern"]
    telemetry.recorder()(Event("request", None, "passed", lv.Report(), 0.0))
