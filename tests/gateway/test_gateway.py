"""The two middlewares by themselves: scopes, streams, clients that leave, what a server leaves out, and metrics."""

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
    RIGHT,
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
def test_other_scopes_pass_untouched(kind: str) -> None:
    app = Recorder({"type": "answer"})
    given = {"type": kind}
    assert run(asgi_middleware(app), given, {"type": "message"}) == [{"type": "answer"}]
    assert app.scope is given


def test_switched_off_it_does_nothing() -> None:
    app = Recorder(start(), body())
    given = scope()
    assert run(asgi_middleware(app, requests="off"), given, part(b"!")) == [start(), body()]
    assert app.scope is given


def test_the_application_gets_the_body_in_one_piece_and_then_what_the_server_says() -> None:
    app = Recorder(start(202), body())
    run(asgi_middleware(app), scope(), part(RIGHT[:9], True), part(b"", True), part(RIGHT[9:]))
    assert app.received == [part(RIGHT)]


@pytest.mark.parametrize("before", [[], [part(RIGHT[:9], True)], [part(RIGHT, True)]])
def test_a_client_that_leaves_never_reaches_the_application(before: list[Any]) -> None:
    app = Recorder()
    assert run(asgi_middleware(app), scope(), *before, LEFT) == []
    assert app.received == []


@pytest.mark.parametrize("before", [[], [part(b"ab", True)]])
def test_in_mode_log_the_application_learns_that_the_client_left(before: list[Any]) -> None:
    app = Recorder()
    run(asgi_middleware(app, requests="log"), scope(), *before, LEFT)
    assert app.received == [*before, LEFT]


def test_in_mode_log_a_request_refused_by_its_head_streams_unread() -> None:
    app = Recorder(start(404), body())
    run(asgi_middleware(app, requests="log"), scope(path="/x"), part(b"ab", True), part(b"cd"))
    assert app.received == [part(b"ab", True), part(b"cd")]


def test_an_unknown_route_that_passes_streams_and_is_not_told_of() -> None:
    told: list[Event] = []
    app = Recorder(start(), body())
    middleware = asgi_middleware(app, unknown_route="pass", responses="block", on_check=told.append)
    assert run(middleware, scope(path="/x"), part(b"ab", True), part(b"cd")) == [start(), body()]
    assert app.received == [part(b"ab", True), part(b"cd")]
    assert told == []


def test_an_early_refusal_closes_the_connection_in_the_first_version_of_http_only() -> None:
    for version, closes in (("1.1", True), ("2", False)):
        middleware = asgi_middleware(Recorder(), limits=Limits(body=3))
        sent = run(middleware, scope(http_version=version), part(b"abcd", True))
        assert sent[0]["status"] == 413
        assert ((b"connection", b"close") in sent[0]["headers"]) is closes


def test_a_body_that_takes_too_long_is_refused() -> None:
    async def never() -> Any:
        await asyncio.sleep(60)

    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(asgi_middleware(Recorder(), read_seconds=0.02)(scope(), never, send))
    assert sent[0]["status"] == 408


def test_where_the_raw_path_is_missing_the_decoded_one_is_encoded_again() -> None:
    given = scope("GET", READ.replace("orders", "a b%\n"), query_string=b"Qualifier=1")
    del given["raw_path"]
    assert asgi.target(given) == READ.replace("orders", "a%20b%25%0A").encode() + b"?Qualifier=1"
    assert run(asgi_middleware(Recorder()), given, part())[0]["status"] == 400


def test_a_response_streams_in_mode_log_and_is_told_of_at_its_end() -> None:
    told: list[Event] = []
    answer = [start(201), body(b"{", True), body(b"}"), {"type": "http.response.trailers", "headers": []}]
    middleware = asgi_middleware(Recorder(*answer), responses="log", on_check=told.append)
    assert run(middleware, scope(), part(RIGHT)) == answer
    assert [(each.direction, each.outcome) for each in told] == [("request", "passed"), ("response", "flagged")]
    assert all(0 <= each.seconds < 1 for each in told)


def test_a_right_response_is_held_until_it_is_whole_and_passes() -> None:
    trailers = {"type": "http.response.trailers", "headers": []}
    middleware = asgi_middleware(Recorder(start(), body(b"{", True), body(b"}"), trailers), responses="block")
    assert run(middleware, scope("GET", READ), part()) == [start(), body(b"{}"), trailers]


def test_a_wrong_response_is_replaced_and_the_rest_of_it_dropped() -> None:
    answer = [start(), body(b"[" * 9, True), body(b"x", True), body(), {"type": "http.response.trailers"}]
    middleware = asgi_middleware(Recorder(*answer), responses="block", limits=Limits(response=5))
    sent = run(middleware, scope("GET", READ), part())
    assert [each["type"] for each in sent] == ["http.response.start", "http.response.body"]
    assert sent[0]["status"] == 500


def test_an_application_that_fails_or_stops_in_the_middle_sends_nothing_in_mode_block() -> None:
    assert (
        run(asgi_middleware(Recorder(start(), body(b"{", True)), responses="block"), scope("GET", READ), part()) == []
    )


@pytest.mark.parametrize("mode", ["block", "log"])
def test_headers_of_a_response_that_can_be_read_only_once_reach_the_server(mode: Any) -> None:
    begun = {**start(), "headers": iter(JSON)}
    sent = run(asgi_middleware(Recorder(begun, body(b"{}")), responses=mode), scope("GET", READ), part())
    assert [sent[0]["status"], list(sent[0]["headers"]), sent[1]["body"]] == [200, JSON, b"{}"]


def test_a_body_cannot_leave_beside_the_middleware() -> None:
    app = Recorder(start(), body(b"{}"))
    extensions = {"http.response.pathsend": {}, "http.response.zerocopysend": {}, "tls": {}}
    run(asgi_middleware(app, responses="log"), scope("GET", READ, extensions=extensions), part())
    assert app.scope["extensions"] == {"tls": {}}


def test_the_log_tells_places_and_rules_in_one_line_of_ascii(caplog: pytest.LogCaptureFixture) -> None:
    names = {"\n\u00e9" * 300: 1} | {f"n{index}": 1 for index in range(50)}
    run(asgi_middleware(Recorder()), scope(), part(json.dumps(names).encode()))
    message = caplog.records[0].getMessage()
    assert message.isascii()
    assert message.isprintable()
    assert message.endswith("and 33 more")
    assert len(message) < 4_000


def test_what_only_warns_is_logged_for_information(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "lambda_validate.gateway")
    answer = [start(), body(b'{"NewMember":1}')]
    assert run(asgi_middleware(Recorder(*answer), responses="block"), scope("GET", READ), part()) == answer
    assert [(each.levelname, each.getMessage()) for each in caplog.records] == [
        ("INFO", "response GetFunctionEventInvokeConfig passed: /NewMember member.unknown")
    ]


def test_names_of_modes_are_checked() -> None:
    for middleware in (asgi.Middleware, wsgi.Middleware):
        with pytest.raises(lv.UnknownNameError, match="did you mean 'block'"):
            middleware(Recorder(), requests="blok")  # type: ignore[arg-type]  # wrong on purpose


@pytest.mark.parametrize("level", [logging.WARNING, logging.INFO])
def test_a_plain_request_passes_alike_whether_somebody_listens_or_not(
    level: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(level, "lambda_validate.gateway")
    app = Recorder(start(202), body())
    assert run(asgi_middleware(app), scope(), part(RIGHT)) == [start(202), body()]
    assert app.received == [part(RIGHT)]
    warned = RIGHT[:-1] + b',"StartingPosition":"LATEST"}'
    assert run(asgi_middleware(app), scope(), part(warned)) == [start(202), body()]
    assert ("starting-position.sqs" in caplog.text) is (level == logging.INFO)


def test_the_application_goes_on_to_learn_what_the_server_says_after_the_body() -> None:
    class Waiting(Recorder):
        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            self.received = [await receive(), await receive()]

    app = Waiting()
    run(asgi_middleware(app), scope(), part(RIGHT), LEFT)
    assert app.received == [part(RIGHT), LEFT]


@pytest.mark.parametrize(
    "message", [part(b"{}"), part(b"["), {"type": "http.request"}, {"type": "http.request", "body": bytearray(b"{}")}]
)
def test_what_is_not_plain_after_a_plain_head_is_judged_as_usual(message: Any) -> None:
    assert run(asgi_middleware(Recorder()), scope(), message)[0]["status"] == 400


LIVE = READ.replace("orders", "orders:live")


@pytest.mark.parametrize("raw", [LIVE, LIVE.replace(":", "%3A")])
@pytest.mark.parametrize("mode", ["block", "log"])
def test_the_application_finds_the_parameters_that_were_checked(mode: Any, raw: str) -> None:
    for told in (None, lambda event: None):
        app = Recorder()
        made = asgi_middleware(app, requests=mode, on_check=told)
        given = scope("GET", LIVE, raw_path=raw.encode(), query_string=b"Qualifier=live", headers=[])
        run(made, given, part())
        assert dict(app.scope["lambda_validate"]) == {"FunctionName": "orders:live", "Qualifier": "live"}
        assert "lambda_validate" not in given


NESTED = b'"FilterCriteria":{"Filters":[{"Pattern":"{}"}]}'
BODIES = [
    RIGHT,
    RIGHT.replace(b",", b" ,\n\t"),
    RIGHT.replace(b"orders", b"\\u006frders"),
    RIGHT[:-1] + b',"BatchSize":10}',
    RIGHT[:-1] + b',"BatchSize":1e1}',
    RIGHT[:-1] + b',"Enabled":true}',
    RIGHT[:-1] + b',"StartingPosition":"LATEST"}',
    RIGHT[:-1] + b"," + NESTED + b"}",
]
SETTINGS: list[dict[str, Any]] = [{}, {"on_check": print}, {"responses": "log"}, {"read_seconds": 5.0}]


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
@pytest.mark.parametrize("data", BODIES, ids=len)
def test_parameters_are_the_same_whichever_way_they_were_judged_and_nobody_can_change_them(
    data: bytes, settings: Any
) -> None:
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


def test_the_application_finds_no_parameters_of_what_was_not_judged_or_is_wrong() -> None:
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
def test_what_a_server_appends_to_its_headers_later_does_not_reach_the_application(given: Any, settings: Any) -> None:
    """uvicorn with httptools gives trailers so."""
    given = {**given, "headers": [*given["headers"]]}
    app = Recorder(start(), body())

    async def receive() -> Any:
        given["headers"].append(TRAILER)
        return part(RIGHT if given["method"] == "POST" else b"")

    async def send(message: Any) -> None:
        pass

    asyncio.run(asgi_middleware(app, edition="current", unknown_route="pass", **settings)(given, receive, send))
    assert app.received
    assert TRAILER in given["headers"]
    assert app.scope["headers"] == JSON


def test_what_is_added_to_the_headers_of_a_response_further_out_is_not_judged() -> None:
    """A middleware around this one may compress, say, and append to the list that it is given."""
    told: list[Event] = []

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            message["headers"].append((b"content-type", b"text/html"))

    async def receive() -> Any:
        return part()

    middleware = asgi_middleware(Recorder(start(), body(b"{}")), responses="log", on_check=told.append)
    asyncio.run(middleware(scope("GET", READ), receive, send))
    assert [each.outcome for each in told] == ["passed", "passed"]


def test_what_is_cancelled_from_outside_is_no_slow_body() -> None:
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
    expected = ("202 Accepted", b'{"UUID": "%d"}' % len(RIGHT))
    assert serve(wsgi_middleware(reading, requests=mode), environ()) == expected
    assert serve(wsgi_middleware(reading, requests=mode, responses="log"), environ()) == expected
    assert serve(wsgi_middleware(reading, requests=mode, responses="block"), environ()) == expected


def test_a_body_without_a_length_is_read_where_it_ends_by_itself() -> None:
    given = environ(CONTENT_LENGTH=None, HTTP_TRANSFER_ENCODING="chunked", **{"wsgi.input_terminated": True})
    assert serve(wsgi_middleware(reading), given)[1] == b'{"UUID": "%d"}' % len(RIGHT)
    assert given["CONTENT_LENGTH"] == str(len(RIGHT))
    assert "HTTP_TRANSFER_ENCODING" not in given
    assert serve(wsgi_middleware(reading), environ(CONTENT_LENGTH=None))[0] == "400 Bad Request"


@pytest.mark.parametrize("length", ["-1", "abc", "\u0663", "1e3"])
def test_a_length_that_is_none_counts_as_none(length: str) -> None:
    assert serve(wsgi_middleware(reading), environ(CONTENT_LENGTH=length))[0] == "400 Bad Request"


def test_a_length_that_no_reader_could_convert_is_too_large() -> None:
    assert serve(wsgi_middleware(reading), environ(CONTENT_LENGTH="9" * 30))[0].startswith("413 ")
    padded = "0" * 5_000 + str(len(RIGHT))
    assert serve(wsgi_middleware(reading), environ(CONTENT_LENGTH=padded))[1] == b'{"UUID": "%d"}' % len(RIGHT)


def test_no_more_is_read_than_the_length_and_the_limit() -> None:
    source = io.BytesIO(RIGHT + b"the next request")
    serve(wsgi_middleware(reading), environ(**{"wsgi.input": source, "CONTENT_LENGTH": str(len(RIGHT))}))
    assert source.read() == b"the next request"
    endless = io.BytesIO(b"x" * 1_000_000)
    given = environ(CONTENT_LENGTH=None, **{"wsgi.input": endless, "wsgi.input_terminated": True})
    assert serve(wsgi_middleware(reading), given)[0].startswith("413 ")
    assert endless.tell() == Limits().body + 1


def test_the_raw_target_decides_where_a_server_tells_it() -> None:
    for key in ("RAW_URI", "REQUEST_URI"):
        twice = {"PATH_INFO": READ.replace("orders", "orders%41"), key: READ.replace("orders", "orders%2541")}
        assert serve(wsgi_middleware(reading), environ("GET", data=b"", **twice))[0] == "400 Bad Request"
    rebuilt = environ("GET", READ.replace("orders", "a b\u00c3\u00a9"), b"", QUERY_STRING="Qualifier=1")
    assert environ_targets(rebuilt) == [READ.replace("orders", "a%20b%C3%A9").encode() + b"?Qualifier=1"]


def test_an_application_that_writes_is_judged_too_and_closed() -> None:
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
def test_what_a_wsgi_application_returns_is_closed_once_however_far_the_server_reads(mode: Any, steps: int) -> None:
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


def test_an_unknown_route_that_passes_is_not_read_in_wsgi_either() -> None:
    source = io.BytesIO(b"abc")
    middleware = wsgi_middleware(lambda environ, start_response: [], unknown_route="pass", responses="block")
    assert list(middleware(environ(path="/x", **{"wsgi.input": source}), print)) == []
    assert source.tell() == 0


def test_a_response_without_a_status_is_refused() -> None:
    middleware = wsgi_middleware(lambda environ, start_response: [b"{}"], responses="block")
    assert serve(middleware, environ("GET", READ, b""))[0] == "500 Internal Server Error"


def test_in_mode_log_a_wsgi_application_reads_a_body_over_the_limit_whole() -> None:
    middleware = wsgi_middleware(reading, requests="log", limits=Limits(body=3))
    assert serve(middleware, environ(data=b"0123456789"))[1] == b'{"UUID": "10"}'


def test_responses_alone_are_judged_with_requests_off() -> None:
    middleware = wsgi_middleware(reading, requests="off", responses="block")
    assert serve(middleware, environ(data=b"not read"))[0] == "202 Accepted"
    told: list[Event] = []
    both = asgi_middleware(Recorder(start(202), body(b"{}")), requests="off", responses="log", on_check=told.append)
    run(both, scope(), part(b"not read"))
    assert [each.direction for each in told] == ["response"]


def test_a_wsgi_response_over_the_limit_is_not_held_to_its_end() -> None:
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
