"""Mode log changes no traffic: nothing is read that the application does not read, and what it reads is judged."""

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
    RIGHT,
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

WRONG = b'{"EventSourceArn":"arn:aws:sqs:us-west-2:123456789012:orders","FunctionName":"!"}'
ESCAPED = RIGHT.replace(b"orders", b"\\u006frders")
LENGTH = [*JSON, (b"content-length", b"%d" % len(RIGHT))]
CHUNKED = (b"transfer-encoding", b"chunked")

HTTP2 = scope("GET", READ, headers=[], http_version="2")
"""A request that says nothing about a body, which in HTTP/2 may come all the same."""


def told_by(told: list[Event]) -> list[tuple[str, list[str]]]:
    return [(each.outcome, [rule.rule for rule in each.report]) for each in told]


class Unread:
    """An application that answers without reading."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.scope = scope
        await send(start(401))
        await send(body(b"no"))


async def nothing() -> Any:
    raise AssertionError("nobody may receive")


def unread(given: dict[str, Any], **settings: Any) -> tuple[list[tuple[str, list[str]]], Any]:
    """What is told of a request that the application answers unread, and the scope that it gets."""
    told: list[Event] = []
    sent: list[Any] = []
    app = Unread()

    async def send(message: Any) -> None:
        sent.append(message)

    middleware = asgi_middleware(app, requests="log", on_check=told.append, **settings)
    asyncio.run(middleware(given, nothing, send))
    assert sent == [start(401), body(b"no")]
    return told_by(told), app.scope


@pytest.mark.parametrize("settings", [{}, {"read_seconds": 5.0}, {"edition": "current"}], ids=str)
def test_a_request_whose_body_nobody_reads_is_neither_read_nor_told_of(settings: Any) -> None:
    told, given = unread(scope(headers=LENGTH), **settings)
    assert (told, "lambda_validate" in given) == ([], False)
    told, given = unread(scope("GET", READ, headers=[(b"content-length", b"2")]), **settings)
    assert (told, "lambda_validate" in given) == ([], False)


@pytest.mark.parametrize("headers", [[], [(b"content-length", b"0")], [(b"accept", b"*/*")]])
def test_a_request_without_a_body_is_judged_before_the_application_runs(headers: Any) -> None:
    told, given = unread(scope("GET", READ, headers=headers))
    assert (told, dict(given["lambda_validate"])) == ([("passed", [])], {"FunctionName": "orders"})
    told, given = unread(scope("GET", READ.replace("orders", "%21"), headers=headers))
    assert (told[0], "lambda_validate" in given) == (("flagged", ["function-name.pattern"]), False)
    assert unread(scope(headers=headers))[0][0][0] == "flagged"


def test_where_only_the_end_shows_that_there_is_no_body_that_is_awaited() -> None:
    told, seen = unread(HTTP2)
    assert (told, "lambda_validate" in seen) == ([("passed", [])], False)
    assert unread(scope(headers=[], http_version="2"))[0] == []
    assert unread(scope("GET", READ, headers=[CHUNKED]))[0] == []
    told, seen = unread({**HTTP2, "headers": [(b"content-length", b"0")]})
    assert (told, "lambda_validate" in seen) == ([("passed", [])], True)


def test_a_body_of_which_only_a_part_is_received_is_not_told_of() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()

    told: list[Event] = []
    run(asgi_middleware(app, requests="log", on_check=told.append), HTTP2, part(b"", True))
    assert told == []


def test_a_body_that_comes_unannounced_is_judged_all_the_same() -> None:
    told: list[Event] = []
    middleware = asgi_middleware(Recorder(start(), body()), requests="log", on_check=told.append)
    run(middleware, HTTP2, part(b"{}"))
    assert told_by(told) == [("flagged", ["body.unexpected"])]


def test_a_request_that_its_head_decides_is_told_of_unread() -> None:
    assert unread(scope(path="/x", headers=LENGTH))[0] == [("flagged", ["route.unknown"])]
    headers = [*JSON, (b"content-length", b"999999")]
    assert unread(scope(headers=headers))[0] == [("flagged", ["body.size"])]


PIECES = [[RIGHT], [RIGHT[:9], RIGHT[9:]], [b"", *(RIGHT[index : index + 1] for index in range(len(RIGHT)))]]


@pytest.mark.parametrize("pieces", PIECES, ids=len)
@pytest.mark.parametrize("data", [RIGHT, WRONG], ids=["right", "wrong"])
def test_what_the_application_receives_is_what_came_and_is_judged_once_it_is_whole(
    pieces: list[bytes], data: bytes
) -> None:
    told: list[Event] = []
    messages = [part(each, True) for each in pieces[:-1]] + [part(pieces[-1])]
    if data is WRONG:
        messages = [part(WRONG[:20], True), part(WRONG[20:])]
    app = Recorder(start(202), body())
    run(asgi_middleware(app, requests="log", on_check=told.append), scope(headers=LENGTH), *messages)
    assert app.received == messages
    assert [app.received[at] is each for at, each in enumerate(messages)] == [True] * len(messages)
    assert told_by(told) == [("passed", [])] if data is RIGHT else [("flagged", ["function-name.pattern"])]
    assert "lambda_validate" not in app.scope


def test_a_body_is_told_of_before_the_application_goes_on() -> None:
    told: list[Event] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        assert not told
        await receive()
        assert not told
        await receive()
        assert len(told) == 1

    middleware = asgi_middleware(app, requests="log", on_check=told.append)
    run(middleware, scope(headers=LENGTH), part(RIGHT[:9], True), part(RIGHT[9:]))
    assert len(told) == 1


def test_a_body_over_the_limit_is_told_of_at_once_and_kept_no_longer() -> None:
    told: list[Event] = []
    app = Recorder(start(202), body())
    middleware = asgi_middleware(app, requests="log", limits=Limits(body=3), on_check=told.append)
    messages = [part(b"ab", True), part(b"cd", True), part(b"ef", True), part(b"gh")]
    run(middleware, scope(headers=[*JSON, CHUNKED]), *messages)
    assert app.received == messages
    assert told_by(told) == [("flagged", ["body.size"])]


@pytest.mark.parametrize(("limit", "found"), [(len(RIGHT), "passed"), (len(RIGHT) - 1, "flagged")])
def test_a_body_may_be_as_large_as_the_limit(limit: int, found: str) -> None:
    told: list[Event] = []
    middleware = asgi_middleware(Recorder(), requests="log", limits=Limits(body=limit), on_check=told.append)
    run(middleware, scope(headers=[*JSON, CHUNKED]), part(RIGHT[:9], True), part(RIGHT[9:]))
    assert [each.outcome for each in told] == [found]


def test_of_a_client_that_leaves_nothing_is_told() -> None:
    told: list[Event] = []
    run(asgi_middleware(Recorder(), requests="log", on_check=told.append), HTTP2, LEFT)
    assert told == []
    app = Recorder()
    run(asgi_middleware(app, requests="log", on_check=told.append), scope(headers=LENGTH), part(b"{", True), LEFT)
    assert (app.received, told) == ([part(b"{", True), LEFT], [])


def test_what_the_server_says_after_the_body_reaches_the_application() -> None:
    received: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        received.extend([await receive(), await receive()])

    told: list[Event] = []
    run(asgi_middleware(app, requests="log", on_check=told.append), scope(headers=LENGTH), part(RIGHT), LEFT)
    assert (received, told_by(told)) == ([part(RIGHT), LEFT], [("passed", [])])


def test_an_application_that_fails_fails_as_before() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        raise ZeroDivisionError

    told: list[Event] = []
    middleware = asgi_middleware(app, requests="log", on_check=told.append)
    with pytest.raises(ZeroDivisionError):
        run(middleware, HTTP2)
    with pytest.raises(ZeroDivisionError):
        run(middleware, scope(headers=LENGTH))
    assert told_by(told) == [("passed", [])]


def test_what_an_application_does_to_its_headers_is_not_judged() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        scope["headers"].append((b"content-type", b"text/plain"))
        await receive()

    for data in (RIGHT, ESCAPED):
        told: list[Event] = []
        run(asgi_middleware(app, requests="log", on_check=told.append), scope(headers=[*LENGTH]), part(data))
        assert told_by(told) == [("passed", [])]


def test_what_a_server_appends_to_its_headers_later_is_not_judged() -> None:
    given, told = scope(headers=[*LENGTH]), list[Event]()

    async def receive() -> Any:
        given["headers"].append((b"content-type", b"text/plain"))
        return part(ESCAPED)

    asyncio.run(asgi_middleware(Recorder(), requests="log", on_check=told.append)(given, receive, nothing))
    assert told_by(told) == [("passed", [])]


def test_the_time_of_a_body_is_bounded_only_where_it_is_held() -> None:
    async def slow() -> Any:
        await asyncio.sleep(0.05)
        return part(RIGHT)

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
    read: Callable[[Any], object], data: bytes = RIGHT, limits: Limits = LIMITS, **more: Any
) -> tuple[Any, list[tuple[str, list[str]]]]:
    """Return what an application reads in mode log, and what is told of it."""
    told: list[Event] = []
    got: list[Any] = []

    def app(environ: Any, start_response: Any) -> Any:
        got.append(read(environ["wsgi.input"]))
        start_response("202 Accepted", [("content-type", "application/json")])
        return []

    given = environ(data=data, **more)
    before = {key: value for key, value in given.items() if key != "wsgi.input"}
    serve(wsgi_middleware(app, requests="log", limits=limits, on_check=told.append), given)
    assert {key: value for key, value in given.items() if key != "wsgi.input"} == before
    return got[0], told_by(told)


def into(source: Any) -> bytes:
    whole = bytearray()
    buffer = bytearray(7)
    while size := source.readinto(buffer):
        whole += buffer[:size]
    return bytes(whole)


LINES = RIGHT.replace(b",", b",\n")
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


UNTOLD = {"as long as it is said to be", "more than there is", "as lines, with a hint", "with one read"}
"""Ways of reading after which more might come, where no length is told."""


@pytest.mark.parametrize("more", MORE)
@pytest.mark.parametrize("way", WAYS)
def test_however_a_wsgi_application_reads_it_is_judged_once(way: str, more: str) -> None:
    wrong = LINES.replace(b'"orders"', b'"orde!s"')
    ends = more != "chunked" or way not in UNTOLD
    assert heard(WAYS[way], LINES, **MORE[more]) == (LINES, [("passed", [])] if ends else [])
    flagged = [("flagged", ["function-name.pattern"])] if ends else []
    assert heard(WAYS[way], wrong, **MORE[more]) == (wrong, flagged)


@pytest.mark.parametrize("read", [lambda source: None, lambda source: source.read(0), lambda source: source.read(9)])
@pytest.mark.parametrize("more", MORE)
def test_a_wsgi_body_that_is_not_read_whole_is_not_told_of(read: Any, more: str) -> None:
    assert heard(read, **MORE[more])[1] == []


def test_a_wsgi_request_without_a_body_is_judged_before_the_application_runs() -> None:
    told = heard(lambda source: source.read(), b"", REQUEST_METHOD="GET", PATH_INFO=READ, CONTENT_LENGTH=None)[1]
    assert told == [("passed", [])]
    terminated = {"wsgi.input_terminated": True, "SERVER_PROTOCOL": "HTTP/1.1"}
    assert heard(lambda source: None, b"", CONTENT_LENGTH="0", **terminated)[1][0][0] == "flagged"
    assert heard(lambda source: None, b"", CONTENT_LENGTH=None, **terminated)[1][0][0] == "flagged"


def test_a_wsgi_request_of_another_version_may_have_a_body_without_saying_so() -> None:
    given = {"wsgi.input_terminated": True, "SERVER_PROTOCOL": "HTTP/2", "CONTENT_LENGTH": None}
    assert heard(lambda source: None, **given)[1] == []
    assert heard(lambda source: source.read(), **given) == (RIGHT, [("passed", [])])
    assert heard(lambda source: None, b"", REQUEST_METHOD="GET", PATH_INFO=READ, **given)[1] == [("passed", [])]


def test_a_wsgi_body_over_the_limit_is_told_of_once_and_read_whole() -> None:
    limits = Limits(body=3)
    chunked = MORE["chunked"]
    assert heard(lambda source: source.read(), limits=limits, **chunked) == (RIGHT, [("flagged", ["body.size"])])
    assert heard(WAYS["in pieces"], limits=limits, **chunked) == (RIGHT, [("flagged", ["body.size"])])
    assert heard(lambda source: None, limits=limits)[1] == [("flagged", ["body.size"])]


def test_only_the_body_is_judged_where_an_application_reads_past_it() -> None:
    source = io.BytesIO(RIGHT + b"the next request")
    told = heard(lambda source: source.read(), **{"wsgi.input": source, "CONTENT_LENGTH": str(len(RIGHT))})[1]
    assert told == [("passed", [])]


def test_an_application_that_reads_elsewhere_in_its_input_is_not_told_of() -> None:
    def twice(source: Any) -> Any:
        source.read(9)
        return source.tell(), source.seek(0), source.read()

    assert heard(twice) == ((9, 0, RIGHT), [])


@pytest.mark.parametrize("way", ["at once", "in pieces", "by lines", "as lines", "as an iterable", "into a buffer"])
def test_a_wsgi_client_that_leaves_is_not_told_of(way: str) -> None:
    assert heard(WAYS[way], RIGHT[:50], CONTENT_LENGTH=str(len(RIGHT))) == (RIGHT[:50], [])


def test_what_an_application_takes_out_of_its_input_is_not_overheard() -> None:
    source = io.BufferedReader(io.BytesIO(RIGHT))
    given = {**MORE["chunked"], "wsgi.input": source}
    assert heard(lambda source: source.raw.read(9) + source.read(), **given) == (RIGHT, [])


def test_to_ask_what_an_input_can_do_is_not_to_read() -> None:
    def asking(source: Any) -> Any:
        return (
            hasattr(source, "seek"),
            hasattr(source, "read1"),
            hasattr(source, "unread"),
            source.closed,
            source.read(),
        )

    assert heard(asking) == ((True, True, False, False, RIGHT), [("passed", [])])


def test_an_input_that_reads_in_few_ways_still_does() -> None:
    class Least:
        def __init__(self, data: bytes) -> None:
            self.read = io.BytesIO(data).read

    def asking(source: Any) -> Any:
        return hasattr(source, "read1"), hasattr(source, "readinto"), hasattr(source, "seek"), source.read()

    assert heard(asking, **{"wsgi.input": Least(RIGHT)}) == ((False, False, False, RIGHT), [("passed", [])])


def test_errors_of_a_wsgi_input_reach_the_application() -> None:
    class Broken:
        def read(self, *size: int) -> bytes:
            raise TimeoutError

    def read(source: Any) -> None:
        with pytest.raises(TimeoutError):
            source.read(5)

    assert heard(read, **{"wsgi.input": Broken()}) == (None, [])


# What a WSGI server learns of a response's length.


class Chunks(list[bytes]):
    pass


GIVEN: list[tuple[str, Callable[[], Any], int | None]] = [
    ("one piece", lambda: [b"{}"], 1),
    ("pieces", lambda: Chunks([b"{", b"}"]), 2),
    ("pieces that end by and by", lambda: iter([b"{}"]), None),
]


@pytest.mark.parametrize(("given", "size"), [each[1:] for each in GIVEN], ids=[each[0] for each in GIVEN])
def test_a_wsgi_server_learns_how_many_pieces_there_are(given: Callable[[], Any], size: int | None) -> None:
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


def test_no_header_is_added_to_a_response_that_is_held() -> None:
    begun: list[Any] = []

    def app(environ: Any, start_response: Any) -> Any:
        start_response("200 OK", [("content-type", "application/json")])
        return [b"{}"]

    made = wsgi_middleware(app, responses="block")
    assert list(made(environ("GET", READ, b""), lambda *each: begun.append(each))) == [b"{}"]
    assert begun == [("200 OK", [("content-type", "application/json")])]


def test_the_reference_server_tells_the_length_of_a_response_behind_the_middleware() -> None:
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
