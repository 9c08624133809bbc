"""Test that mode log changes no traffic. It reads only what the application reads, and validates that."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from support.gateway_calls import (
    JSON,
    LEFT,
    READ,
    VALID,
    Recorder,
    asgi_middleware,
    body,
    environ,
    part,
    run,
    scope,
    serve,
    start,
    wsgi_middleware,
)

from lambda_validate.http import Limits
from lambda_validate.http.events import Event

INVALID = b'{"EventSourceArn":"arn:aws:sqs:us-west-2:123456789012:orders","FunctionName":"!"}'
ESCAPED = VALID.replace(b"orders", b"\\u006frders")
LENGTH = [*JSON, (b"content-length", b"%d" % len(VALID))]
CHUNKED = (b"transfer-encoding", b"chunked")

HTTP2 = scope("GET", READ, headers=[], http_version="2")
"""Return a request that does not announce a body, although HTTP/2 may still send one."""


def outcomes_of(events: list[Event]) -> list[tuple[str, list[str]]]:
    return [(each.outcome, [rule.rule for rule in each.report]) for each in events]


class Unread:
    """Answer without reading the request."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.scope = scope
        await send(start(401))
        await send(body(b"no"))


async def nothing() -> Any:
    raise AssertionError("the request must not be read")


def unread(given: dict[str, Any], **settings: Any) -> tuple[list[tuple[str, list[str]]], Any]:
    """Return the log of a request that the application answers unread, and the scope that it gets."""
    events: list[Event] = []
    sent: list[Any] = []
    app = Unread()

    async def send(message: Any) -> None:
        sent.append(message)

    middleware = asgi_middleware(app, requests="log", on_check=events.append, **settings)
    asyncio.run(middleware(given, nothing, send))
    assert sent == [start(401), body(b"no")]
    return outcomes_of(events), app.scope


@pytest.mark.parametrize("settings", [{}, {"read_seconds": 5.0}, {"edition": "current"}], ids=str)
def test_an_unread_body_is_neither_read_nor_reported(settings: Any) -> None:
    events, given = unread(scope(headers=LENGTH), **settings)
    assert (events, "lambda_validate" in given) == ([], False)
    events, given = unread(scope("GET", READ, headers=[(b"content-length", b"2")]), **settings)
    assert (events, "lambda_validate" in given) == ([], False)


@pytest.mark.parametrize("headers", [[], [(b"content-length", b"0")], [(b"accept", b"*/*")]])
def test_a_request_without_a_body_is_checked_before_the_application_runs(headers: Any) -> None:
    events, given = unread(scope("GET", READ, headers=headers))
    assert (events, dict(given["lambda_validate"])) == ([("passed", [])], {"FunctionName": "orders"})
    events, given = unread(scope("GET", READ.replace("orders", "%21"), headers=headers))
    assert (events[0], "lambda_validate" in given) == (("flagged", ["function-name.pattern"]), False)
    assert unread(scope(headers=headers))[0][0][0] == "flagged"


def test_a_possible_body_of_http2_is_awaited() -> None:
    events, seen = unread(HTTP2)
    assert (events, "lambda_validate" in seen) == ([("passed", [])], False)
    assert unread(scope(headers=[], http_version="2"))[0] == []
    assert unread(scope("GET", READ, headers=[CHUNKED]))[0] == []
    events, seen = unread({**HTTP2, "headers": [(b"content-length", b"0")]})
    assert (events, "lambda_validate" in seen) == ([("passed", [])], True)


def test_a_partially_received_body_is_not_reported() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()

    events: list[Event] = []
    run(asgi_middleware(app, requests="log", on_check=events.append), HTTP2, part(b"", True))
    assert events == []


def test_a_body_without_announced_length_is_checked() -> None:
    events: list[Event] = []
    middleware = asgi_middleware(Recorder(start(), body()), requests="log", on_check=events.append)
    run(middleware, HTTP2, part(b"{}"))
    assert outcomes_of(events) == [("flagged", ["body.unexpected"])]


def test_a_request_decided_by_its_headers_is_reported_unread() -> None:
    assert unread(scope(path="/x", headers=LENGTH))[0] == [("flagged", ["route.unknown"])]
    headers = [*JSON, (b"content-length", b"999999")]
    assert unread(scope(headers=headers))[0] == [("flagged", ["body.size"])]


PIECES = [[VALID], [VALID[:9], VALID[9:]], [b"", *(VALID[index : index + 1] for index in range(len(VALID)))]]


@pytest.mark.parametrize("pieces", PIECES, ids=len)
@pytest.mark.parametrize("data", [VALID, INVALID], ids=["valid", "invalid"])
def test_messages_are_passed_unchanged_and_checked_when_complete(pieces: list[bytes], data: bytes) -> None:
    events: list[Event] = []
    messages = [part(each, True) for each in pieces[:-1]] + [part(pieces[-1])]
    if data is INVALID:
        messages = [part(INVALID[:20], True), part(INVALID[20:])]
    app = Recorder(start(202), body())
    run(asgi_middleware(app, requests="log", on_check=events.append), scope(headers=LENGTH), *messages)
    assert app.received == messages
    assert [app.received[at] is each for at, each in enumerate(messages)] == [True] * len(messages)
    assert outcomes_of(events) == [("passed", [])] if data is VALID else [("flagged", ["function-name.pattern"])]
    assert "lambda_validate" not in app.scope


def test_a_body_is_reported_before_the_application_continues() -> None:
    events: list[Event] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        assert not events
        await receive()
        assert not events
        await receive()
        assert len(events) == 1

    middleware = asgi_middleware(app, requests="log", on_check=events.append)
    run(middleware, scope(headers=LENGTH), part(VALID[:9], True), part(VALID[9:]))
    assert len(events) == 1


def test_a_body_over_the_limit_is_reported_at_once() -> None:
    events: list[Event] = []
    app = Recorder(start(202), body())
    middleware = asgi_middleware(app, requests="log", limits=Limits(body=3), on_check=events.append)
    messages = [part(b"ab", True), part(b"cd", True), part(b"ef", True), part(b"gh")]
    run(middleware, scope(headers=[*JSON, CHUNKED]), *messages)
    assert app.received == messages
    assert outcomes_of(events) == [("flagged", ["body.size"])]


@pytest.mark.parametrize(("limit", "found"), [(len(VALID), "passed"), (len(VALID) - 1, "flagged")])
def test_a_body_may_be_as_large_as_the_limit(limit: int, found: str) -> None:
    events: list[Event] = []
    middleware = asgi_middleware(Recorder(), requests="log", limits=Limits(body=limit), on_check=events.append)
    run(middleware, scope(headers=[*JSON, CHUNKED]), part(VALID[:9], True), part(VALID[9:]))
    assert [each.outcome for each in events] == [found]


def test_a_disconnected_client_is_not_reported() -> None:
    events: list[Event] = []
    run(asgi_middleware(Recorder(), requests="log", on_check=events.append), HTTP2, LEFT)
    assert events == []
    app = Recorder()
    run(asgi_middleware(app, requests="log", on_check=events.append), scope(headers=LENGTH), part(b"{", True), LEFT)
    assert (app.received, events) == ([part(b"{", True), LEFT], [])


def test_messages_after_the_body_reach_the_application() -> None:
    received: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        received.extend([await receive(), await receive()])

    events: list[Event] = []
    run(asgi_middleware(app, requests="log", on_check=events.append), scope(headers=LENGTH), part(VALID), LEFT)
    assert (received, outcomes_of(events)) == ([part(VALID), LEFT], [("passed", [])])


def test_an_application_that_fails_fails_as_before() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        raise ZeroDivisionError

    events: list[Event] = []
    middleware = asgi_middleware(app, requests="log", on_check=events.append)
    with pytest.raises(ZeroDivisionError):
        run(middleware, HTTP2)
    with pytest.raises(ZeroDivisionError):
        run(middleware, scope(headers=LENGTH))
    assert outcomes_of(events) == [("passed", [])]


def test_header_changes_by_the_application_are_not_checked() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        scope["headers"].append((b"content-type", b"text/plain"))
        await receive()

    for data in (VALID, ESCAPED):
        events: list[Event] = []
        run(asgi_middleware(app, requests="log", on_check=events.append), scope(headers=[*LENGTH]), part(data))
        assert outcomes_of(events) == [("passed", [])]


def test_headers_appended_later_by_the_server_are_not_checked() -> None:
    given, events = scope(headers=[*LENGTH]), list[Event]()

    async def receive() -> Any:
        given["headers"].append((b"content-type", b"text/plain"))
        return part(ESCAPED)

    asyncio.run(asgi_middleware(Recorder(), requests="log", on_check=events.append)(given, receive, nothing))
    assert outcomes_of(events) == [("passed", [])]


def test_the_read_timeout_applies_only_in_block_mode() -> None:
    async def slow() -> Any:
        await asyncio.sleep(0.05)
        return part(VALID)

    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    for mode in ("log", "block"):
        middleware = asgi_middleware(Recorder(start(202)), requests=mode, read_seconds=0.01)
        asyncio.run(middleware(scope(headers=LENGTH), slow, send))
    assert [each["status"] for each in sent if "status" in each] == [202, 408]


# WSGI.

LIMITS = Limits()


def heard(
    read: Callable[[Any], object], data: bytes = VALID, limits: Limits = LIMITS, **more: Any
) -> tuple[Any, list[tuple[str, list[str]]]]:
    """Return what an application reads in mode log, and the log records."""
    events: list[Event] = []
    got: list[Any] = []

    def app(environ: Any, start_response: Any) -> Any:
        got.append(read(environ["wsgi.input"]))
        start_response("202 Accepted", [("content-type", "application/json")])
        return []

    given = environ(data=data, **more)
    before = {key: value for key, value in given.items() if key != "wsgi.input"}
    serve(wsgi_middleware(app, requests="log", limits=limits, on_check=events.append), given)
    assert {key: value for key, value in given.items() if key != "wsgi.input"} == before
    return got[0], outcomes_of(events)


def into(source: Any) -> bytes:
    whole = bytearray()
    buffer = bytearray(7)
    while size := source.readinto(buffer):
        whole += buffer[:size]
    return bytes(whole)


LINES = VALID.replace(b",", b",\n")
WAYS: dict[str, Callable[[Any], bytes]] = {
    "at once": lambda source: source.read(),
    "to the end": lambda source: source.read(-1),
    "as long as it is said to be": lambda source: source.read(len(LINES)),
    "more than there is": lambda source: source.read(1_000_000),
    "in pieces": lambda source: b"".join(iter(lambda: source.read(7), b"")),
    "by lines": lambda source: b"".join(iter(lambda: source.readline(), b"")),
    "by short lines": lambda source: b"".join(iter(lambda: source.readline(7), b"")),
    "as lines": lambda source: b"".join(source.readlines()),
    "as lines, with a hint": lambda source: b"".join(source.readlines(10) + source.readlines(10_000)),
    "as an iterable": b"".join,
    "by the loop": lambda source: b"".join([next(source), *source]),
    "into a buffer": into,
    "through a reader": lambda source: io.BufferedReader(source).read(),
    "with one read": lambda source: source.read1(1_000_000),
    "as all things": lambda source: source.read(5) + source.readline(3) + b"".join(source),
}
MORE: dict[str, dict[str, Any]] = {
    "length": {},
    "terminated": {"wsgi.input_terminated": True},
    "chunked": {"CONTENT_LENGTH": None, "HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True},
}


UNREPORTED = {"as long as it is said to be", "more than there is", "as lines, with a hint", "with one read"}
"""Ways to read after which more bytes might follow, if the length is unknown."""


@pytest.mark.parametrize("more", MORE)
@pytest.mark.parametrize("way", WAYS)
def test_a_wsgi_body_is_checked_once_for_every_way_of_reading(way: str, more: str) -> None:
    invalid = LINES.replace(b'"orders"', b'"orde!s"')
    ends = more != "chunked" or way not in UNREPORTED
    assert heard(WAYS[way], LINES, **MORE[more]) == (LINES, [("passed", [])] if ends else [])
    flagged = [("flagged", ["function-name.pattern"])] if ends else []
    assert heard(WAYS[way], invalid, **MORE[more]) == (invalid, flagged)


@pytest.mark.parametrize("read", [lambda source: None, lambda source: source.read(0), lambda source: source.read(9)])
@pytest.mark.parametrize("more", MORE)
def test_a_partially_read_wsgi_body_is_not_reported(read: Any, more: str) -> None:
    assert heard(read, **MORE[more])[1] == []


def test_a_wsgi_request_without_a_body_is_checked_before_the_application() -> None:
    events = heard(lambda source: source.read(), b"", REQUEST_METHOD="GET", PATH_INFO=READ, CONTENT_LENGTH=None)[1]
    assert events == [("passed", [])]
    terminated = {"wsgi.input_terminated": True, "SERVER_PROTOCOL": "HTTP/1.1"}
    assert heard(lambda source: None, b"", CONTENT_LENGTH="0", **terminated)[1][0][0] == "flagged"
    assert heard(lambda source: None, b"", CONTENT_LENGTH=None, **terminated)[1][0][0] == "flagged"


def test_a_wsgi_request_of_http2_may_have_an_unannounced_body() -> None:
    given = {"wsgi.input_terminated": True, "SERVER_PROTOCOL": "HTTP/2", "CONTENT_LENGTH": None}
    assert heard(lambda source: None, **given)[1] == []
    assert heard(lambda source: source.read(), **given) == (VALID, [("passed", [])])
    assert heard(lambda source: None, b"", REQUEST_METHOD="GET", PATH_INFO=READ, **given)[1] == [("passed", [])]


def test_a_wsgi_body_over_the_limit_is_reported_once() -> None:
    limits = Limits(body=3)
    chunked = MORE["chunked"]
    assert heard(lambda source: source.read(), limits=limits, **chunked) == (VALID, [("flagged", ["body.size"])])
    assert heard(WAYS["in pieces"], limits=limits, **chunked) == (VALID, [("flagged", ["body.size"])])
    assert heard(lambda source: None, limits=limits)[1] == [("flagged", ["body.size"])]


def test_bytes_read_past_the_body_are_not_checked() -> None:
    source = io.BytesIO(VALID + b"the next request")
    events = heard(lambda source: source.read(), **{"wsgi.input": source, "CONTENT_LENGTH": str(len(VALID))})[1]
    assert events == [("passed", [])]


def test_a_wsgi_input_that_was_rewound_is_not_reported() -> None:
    def twice(source: Any) -> Any:
        source.read(9)
        return source.tell(), source.seek(0), source.read()

    assert heard(twice) == ((9, 0, VALID), [])


@pytest.mark.parametrize("way", ["at once", "in pieces", "by lines", "as lines", "as an iterable", "into a buffer"])
def test_a_disconnected_wsgi_client_is_not_reported(way: str) -> None:
    assert heard(WAYS[way], VALID[:50], CONTENT_LENGTH=str(len(VALID))) == (VALID[:50], [])


def test_reads_that_bypass_the_wrapped_input_are_not_checked() -> None:
    source = io.BufferedReader(io.BytesIO(VALID))
    given = {**MORE["chunked"], "wsgi.input": source}
    assert heard(lambda source: source.raw.read(9) + source.read(), **given) == (VALID, [])


def test_inspecting_the_wsgi_input_does_not_read_it() -> None:
    def asking(source: Any) -> Any:
        return (
            hasattr(source, "seek"),
            hasattr(source, "read1"),
            hasattr(source, "unread"),
            source.closed,
            source.read(),
        )

    assert heard(asking) == ((True, True, False, False, VALID), [("passed", [])])


def test_a_wsgi_input_with_few_methods_is_supported() -> None:
    class Least:
        def __init__(self, data: bytes) -> None:
            self.read = io.BytesIO(data).read

    def asking(source: Any) -> Any:
        return hasattr(source, "read1"), hasattr(source, "readinto"), hasattr(source, "seek"), source.read()

    assert heard(asking, **{"wsgi.input": Least(VALID)}) == ((False, False, False, VALID), [("passed", [])])


def test_errors_of_a_wsgi_input_reach_the_application() -> None:
    class Broken:
        def read(self, *size: int) -> bytes:
            raise TimeoutError

    def read(source: Any) -> None:
        with pytest.raises(TimeoutError):
            source.read(5)

    assert heard(read, **{"wsgi.input": Broken()}) == (None, [])


# The response length that a WSGI server sees.


class Chunks(list[bytes]):
    pass


GIVEN: list[tuple[str, Callable[[], Any], int | None]] = [
    ("one piece", lambda: [b"{}"], 1),
    ("pieces", lambda: Chunks([b"{", b"}"]), 2),
    ("pieces that end by and by", lambda: iter([b"{}"]), None),
]


@pytest.mark.parametrize(("given", "size"), [each[1:] for each in GIVEN], ids=[each[0] for each in GIVEN])
def test_the_wsgi_result_keeps_its_length(given: Callable[[], Any], size: int | None) -> None:
    def app(environ: Any, start_response: Any) -> Any:
        start_response("200 OK", [("content-type", "application/json")])
        return given()

    for mode, expected in (("log", size), ("block", 1)):
        result: Any = wsgi_middleware(app, responses=mode)(environ("GET", READ, b""), lambda *begun: bool)
        assert bool(result)
        assert hasattr(result, "__len__") is (expected is not None)
        pieces = list(result)
        assert b"".join(pieces) == b"{}"
        assert expected is None or (len(result), len(pieces)) == (expected, expected)


def test_no_header_is_added_to_a_buffered_response() -> None:
    begun: list[Any] = []

    def app(environ: Any, start_response: Any) -> Any:
        start_response("200 OK", [("content-type", "application/json")])
        return [b"{}"]

    made = wsgi_middleware(app, responses="block")
    assert list(made(environ("GET", READ, b""), lambda *each: begun.append(each))) == [b"{}"]
    assert begun == [("200 OK", [("content-type", "application/json")])]


def test_wsgiref_sets_the_content_length_behind_the_middleware() -> None:
    from wsgiref.handlers import SimpleHandler
    from wsgiref.util import setup_testing_defaults

    def app(environ: Any, start_response: Any) -> Any:
        start_response("200 OK", [("content-type", "application/json")])
        return [json.dumps({"MaximumRetryAttempts": 2}).encode()]

    for responses in ("off", "log", "block"):
        given: dict[str, Any] = environ("GET", READ, b"")
        setup_testing_defaults(given)
        out = io.BytesIO()
        handler = SimpleHandler(io.BytesIO(), out, io.StringIO(), given, multithread=False)
        handler.run(wsgi_middleware(app, responses=responses))
        assert b"content-length: 27" in out.getvalue().lower(), responses
