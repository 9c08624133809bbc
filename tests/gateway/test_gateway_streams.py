"""Test that the ASGI middleware validates the headers, then passes binary bodies on in chunks and counts them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from support.gateway_calls import LEFT, Recorder, asgi_middleware, body, part, scope, start
from support.limited import ASYNC, INVOKE, STREAM
from support.stream_outcomes import outcomes

from lambda_validate.gateway.copying import Cut
from lambda_validate.http import Limits
from lambda_validate.http.events import Event

MB = 1_048_576
PIECE = b"\xff" * 65_536
CHUNKED = (b"transfer-encoding", b"chunked")
BYTES = [(b"content-type", b"application/octet-stream")]


def invoke(path: str = INVOKE, *headers: tuple[bytes, bytes], **more: Any) -> dict[str, Any]:
    return scope(path=path, headers=[*BYTES, *headers], **more)


class Wire:
    """The messages from and to a client, in order."""

    def __init__(self, *messages: Any) -> None:
        self.waiting = list(messages)
        self.log: list[Any] = []
        self.sent: list[Any] = []

    async def receive(self) -> Any:
        self.log.append("received")
        return self.waiting.pop(0)

    async def send(self, message: Any) -> None:
        self.log.append("sent")
        self.sent.append(message)

    def serve(self, app: Any, scope: Any) -> list[Any]:
        asyncio.run(app(scope, self.receive, self.send))
        return self.sent


class Echo:
    """Return an application that records received messages, and may answer before the last one."""

    def __init__(self, wire: Wire, early: bool = False, **swallows: bool) -> None:
        self.wire, self.early, self.swallows = wire, early, swallows.get("swallows", False)
        self.scope: Any = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.scope = scope
        if self.early:
            await send(start(200))
            await send(body(b"begun", more=True))
        while True:
            message = await receive()
            self.wire.log.append((message["type"], len(message.get("body", b""))))
            if not message.get("more_body"):
                break
        try:
            await send(body(b"end") if self.early else start(200))
            if not self.early:
                await send(body(b"end"))
        except OSError:
            if not self.swallows:
                raise


def served(*messages: Any, given: Any = None, early: bool = False, **settings: Any) -> tuple[Wire, Echo, list[Event]]:
    wire, events = Wire(*messages), list[Event]()
    echo = Echo(wire, early)
    middleware = asgi_middleware(echo, edition="current", on_check=events.append, **settings)
    wire.serve(middleware, given or invoke())
    return wire, echo, events


def test_the_first_piece_reaches_the_application_before_the_second_was_received() -> None:
    wire, echo, events = served(part(PIECE, more=True), part(PIECE, more=True), part(b"z"))
    size = len(PIECE)
    one, two = ("http.request", size), ("http.request", 1)
    assert wire.log == ["received", one, "received", one, "received", two, "sent", "sent"]
    assert outcomes(events) == [("request", "Invoke", "passed", [])]
    assert dict(echo.scope["lambda_validate"]) == {"FunctionName": "orders"}


@pytest.mark.parametrize("requests", ["block", "log"])
@pytest.mark.parametrize("path", [INVOKE, STREAM])
def test_six_megabytes_of_any_bytes_pass(requests: Any, path: str) -> None:
    pieces = [part(PIECE, more=True) for _ in range(96)]
    wire, _, events = served(*pieces, part(), given=invoke(path), requests=requests)
    assert wire.sent[0]["status"] == 200
    assert [each[2:] for each in outcomes(events)] == [("passed", [])]


class Never:
    """Fail, because this must not be called."""

    async def __call__(self, *given: Any) -> Any:
        raise AssertionError


@pytest.mark.parametrize(
    ("given", "status"),
    [
        (invoke("/2015-03-31/functions/a b/invocations"), 400),
        (invoke(query_string=b"Qualifier=%20"), 400),
        (invoke(query_string=b"Qualifier=1&Qualifier=2"), 400),
        (invoke(INVOKE, (b"x-amz-invocation-type", b"Sometimes")), 400),
        (invoke(INVOKE, (b"content-length", b"6291457")), 413),
        (invoke(INVOKE, (b"x-amz-invocation-type", b"Event"), (b"content-length", b"1048577")), 413),
        (invoke(INVOKE + "x"), 404),
        (invoke(method="PUT"), 405),
    ],
)
def test_invalid_headers_are_rejected_before_the_body_is_received(given: Any, status: int) -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(asgi_middleware(Never(), edition="current")(given, Never(), send))
    assert sent[0]["status"] == status


@pytest.mark.parametrize("length", [[], [(b"content-length", b"5")], [CHUNKED]])
def test_a_body_over_the_limit_is_rejected_despite_its_headers(length: Any) -> None:
    pieces = [part(b"x" * 4, more=True), part(b"x" * 4, more=True), part(b"x" * 4, more=True)]
    wire, _, events = served(*pieces, given=invoke(INVOKE, *length), limits=Limits(body=6))
    assert wire.log == ["received", ("http.request", 4), "received", "sent", "sent", ("http.disconnect", 0)]
    assert wire.sent[0]["status"] == 413
    assert (b"connection", b"close") in wire.sent[0]["headers"]
    assert outcomes(events) == [("request", "Invoke", "blocked", ["body.size"])]


def test_a_body_as_large_as_the_limit_passes_and_one_byte_more_does_not() -> None:
    for size, status in ((6, 200), (7, 413)):
        wire, _, _ = served(part(b"x" * size), limits=Limits(body=6))
        assert wire.sent[0]["status"] == status


def test_a_started_response_is_aborted_if_the_body_exceeds_the_limit() -> None:
    wire, events = Wire(part(b"x" * 4, more=True), part(b"x" * 4)), list[Event]()
    middleware = asgi_middleware(
        Echo(wire, early=True), edition="current", on_check=events.append, limits=Limits(body=6)
    )
    with pytest.raises(Cut):
        wire.serve(middleware, invoke())
    assert [each.get("more_body") for each in wire.sent] == [None, True]
    assert outcomes(events) == [("request", "Invoke", "blocked", ["body.size"])]


def test_an_application_cannot_finish_an_aborted_response() -> None:
    wire = Wire(part(b"x" * 4, more=True), part(b"x" * 4))
    echo = Echo(wire, early=True, swallows=True)
    with pytest.raises(Cut):
        wire.serve(asgi_middleware(echo, edition="current", limits=Limits(body=6)), invoke())
    assert [each.get("more_body") for each in wire.sent] == [None, True]


def test_log_mode_passes_and_logs_bodies_over_the_limit() -> None:
    chunked = invoke(INVOKE, CHUNKED)
    pieces = part(b"x" * 4, more=True), part(b"x" * 4)
    wire, _, events = served(*pieces, given=chunked, limits=Limits(body=6), requests="log")
    assert wire.sent[0]["status"] == 200
    assert outcomes(events) == [("request", "Invoke", "flagged", ["body.size"])]
    wire, _, events = served(part(b"x"), given=invoke(query_string=b"Qualifier=%20"), requests="log")
    assert [each[2] for each in outcomes(events)] == ["flagged"]


@pytest.mark.parametrize("requests", ["block", "log"])
def test_only_the_first_byte_of_a_required_payload_is_awaited(requests: Any) -> None:
    given = invoke(ASYNC, CHUNKED)
    wire, _, events = served(part(b"", more=True), part(b"x", more=True), part(b"y"), given=given, requests=requests)
    assert wire.sent[0]["status"] == 200
    assert [each for each in wire.log if each != "received"][:2] != ["sent", "sent"]
    assert outcomes(events) == [("request", "InvokeAsync", "passed", [])]
    wire, echo, events = served(part(b"", more=True), part(b""), given=given, requests=requests)
    assert (echo.scope is None) is (requests == "block")
    assert wire.sent[0]["status"] == (400 if requests == "block" else 200)
    assert outcomes(events)[0][3] == ["invoke-args.required"]


def test_a_late_or_missing_required_payload_does_not_reach_the_application() -> None:
    wire, echo, events = served(LEFT, given=invoke(ASYNC))
    assert (echo.scope, wire.sent, events) == (None, [], [])
    sent: list[Any] = []

    async def late() -> Any:
        await asyncio.sleep(60)

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(asgi_middleware(Never(), edition="current", read_seconds=0.01)(invoke(ASYNC), late, send))
    assert sent[0]["status"] == 408


def test_the_application_sees_the_disconnect() -> None:
    wire, _, events = served(part(PIECE, more=True), LEFT)
    assert wire.log[:4] == ["received", ("http.request", len(PIECE)), "received", ("http.disconnect", 0)]
    assert outcomes(events) == [("request", "Invoke", "passed", [])]


def test_an_unread_request_is_reported_once() -> None:
    wire, events = Wire(part(PIECE)), list[Event]()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send(start(200))
        await send(body(b"{}"))

    wire.serve(asgi_middleware(app, edition="current", on_check=events.append), invoke())
    assert wire.log == ["sent", "sent"]
    assert outcomes(events) == [("request", "Invoke", "passed", [])]


# Responses.


def answered(*answer: Any, given: Any = None, **settings: Any) -> tuple[list[Any], list[Event]]:
    events: list[Event] = []
    wire = Wire(part(b"{}"))
    settings = {"responses": "block", **settings}
    middleware = asgi_middleware(Recorder(*answer), edition="current", on_check=events.append, **settings)
    try:
        wire.serve(middleware, given or invoke())
    except Cut:
        wire.sent.append("cut")
    return wire.sent, [each for each in events if each.direction == "response"]


@pytest.mark.parametrize("path", [INVOKE, STREAM])
@pytest.mark.parametrize("responses", ["block", "log"])
def test_a_binary_response_is_streamed_in_chunks(path: str, responses: Any) -> None:
    answer = [start(), body(b"\xff\x00", more=True), body(b"{", more=True), body(b"")]
    sent, events = answered(*answer, given=invoke(path), responses=responses)
    assert [each.get("body") for each in sent] == [None, b"\xff\x00", b"{", b""]
    assert [each.outcome for each in events] == ["passed"]


def test_a_piece_of_a_response_is_sent_before_the_next_one_is_made() -> None:
    wire = Wire(part(b"{}"))
    seen: list[int] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send(start())
        for _ in range(3):
            await send(body(b"x", more=True))
            seen.append(len(wire.sent))
        await send(body())

    wire.serve(asgi_middleware(app, edition="current", responses="block"), invoke())
    assert seen == [2, 3, 4]


def test_an_error_response_of_a_stream_is_buffered_and_checked() -> None:
    sent, events = answered(start(500), body(b"<html>", more=True), body(b"</html>"))
    assert [each.get("status") for each in sent] == [500, None]
    assert b"ServiceException" in str(sent[0]["headers"]).encode()
    assert [each.outcome for each in events] == ["blocked"]
    long = [body(b"x" * MB, more=True), body(b"x")]
    sent, events = answered(start(500), *long, given=invoke(STREAM))
    assert [one.rule for one in events[0].report.violations] == ["body.size"]


def test_a_response_over_the_limit_is_aborted() -> None:
    answer = [start(), body(b"xxxx", more=True), body(b"xxxx", more=True), body(b"xxxx")]
    sent, events = answered(*answer, limits=Limits(response=6))
    assert [each if each == "cut" else each.get("body") for each in sent] == [None, b"xxxx", "cut"]
    assert [(each.outcome, each.report.violations[0].rule) for each in events] == [("blocked", "body.size")]
    sent, events = answered(*answer, limits=Limits(response=6), responses="log")
    assert len(sent) == 4
    assert [each.outcome for each in events] == ["flagged"]


def test_a_response_that_declares_a_length_over_the_limit_is_replaced() -> None:
    began = {**start(), "headers": [*BYTES, (b"content-length", b"7")]}
    sent, events = answered(began, body(b"xxxx", more=True), body(b"xxx"), limits=Limits(response=6))
    assert [each.get("status") for each in sent] == [500, None]
    assert [each.outcome for each in events] == ["blocked"]
