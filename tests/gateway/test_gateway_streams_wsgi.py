"""Test that the WSGI middleware validates the headers, then counts binary bodies while they are read."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from support.gateway_calls import environ, wsgi_middleware
from support.limited import ASYNC, INVOKE, STREAM
from support.stream_outcomes import outcomes

from lambda_validate.gateway.copying import Cut
from lambda_validate.http import Limits
from lambda_validate.http.events import Event

MB = 1_048_576
ENDLESS: dict[str, Any] = {"CONTENT_LENGTH": None, "wsgi.input_terminated": True}


class Source:
    """A body that holds only the bytes that were read, and counts them."""

    def __init__(self, size: int) -> None:
        self.size, self.taken, self.reads = size, 0, 0

    def read(self, size: int = -1) -> bytes:
        self.reads += 1
        assert size > 0, "reading all would take any amount of memory"
        data = b"\xff" * min(size, self.size - self.taken)
        self.taken += len(data)
        return data


class Server:
    """Call an application as a server does, by PEP 3333."""

    def __init__(self) -> None:
        self.status = ""
        self.sent: list[bytes] = []
        self.sized: int | None = None

    def start(self, status: str, headers: Any, error: Any = None) -> Any:
        if error and self.sent:
            raise error[1]
        assert error or not self.status
        self.status = status
        return self.sent.append

    def serve(self, app: Any, given: Any) -> None:
        result = app(given, self.start)
        self.sized = len(result) if hasattr(result, "__len__") else None
        try:
            self.sent.extend(result)
        finally:
            getattr(result, "close", bool)()


def invoke(data: bytes | Source = b"{}", path: str = INVOKE, **more: Any) -> dict[str, Any]:
    if isinstance(data, Source):
        return environ(path=path, data=b"", **{"wsgi.input": data, "CONTENT_LENGTH": str(data.size), **more})
    return environ(path=path, data=data, **more)


def reading(environ: Any, start_response: Any) -> Any:
    size = len(environ["wsgi.input"].read())
    start_response("200 OK", [])
    return [b"%d" % size]


def served(app: Any, given: Any, **settings: Any) -> tuple[Server, list[Event]]:
    server, events = Server(), list[Event]()
    server.serve(wsgi_middleware(app, edition="current", on_check=events.append, **settings), given)
    return server, events


def test_the_application_reads_the_body_as_it_arrives() -> None:
    source = Source(200_000)
    seen: list[int] = []

    def app(environ: Any, start_response: Any) -> Any:
        seen.append(source.taken)
        for _ in range(2):
            environ["wsgi.input"].read(8_192)
            seen.append(source.taken)
        start_response("200 OK", [])
        return [b"{}"]

    server, events = served(app, invoke(source))
    assert seen == [0, 8_192, 16_384]
    assert outcomes(events) == [("request", "Invoke", "passed", [])]
    assert (server.status, server.sent, server.sized) == ("200 OK", [b"{}"], 1)


@pytest.mark.parametrize("requests", ["block", "log"])
@pytest.mark.parametrize("path", [INVOKE, STREAM])
@pytest.mark.parametrize("more", [{}, ENDLESS])
def test_six_megabytes_of_any_bytes_pass(requests: Any, path: str, more: Any) -> None:
    data = b"\xff" * 6 * MB
    server, events = served(reading, invoke(data, path, **more), requests=requests)
    assert server.sent == [b"%d" % len(data)]
    assert [each[2:] for each in outcomes(events)] == [("passed", [])]


def never(*given: Any) -> Any:
    raise AssertionError


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"QUERY_STRING": "Qualifier=%20"}, "400"),
        ({"QUERY_STRING": "Qualifier=1&Qualifier=2"}, "400"),
        ({"HTTP_X_AMZ_INVOCATION_TYPE": "Sometimes"}, "400"),
        ({"CONTENT_LENGTH": "6291457"}, "413"),
        ({"CONTENT_LENGTH": "1048577", "HTTP_X_AMZ_INVOCATION_TYPE": "Event"}, "413"),
        ({"PATH_INFO": INVOKE + "x"}, "404"),
        ({"REQUEST_METHOD": "PUT"}, "405"),
    ],
)
def test_invalid_headers_are_rejected_before_the_body_is_read(more: Any, status: str) -> None:
    source = Source(5)
    server, events = served(never, invoke(source, **more))
    assert (server.status[:3], source.reads) == (status, 0)
    assert [each[2] for each in outcomes(events)] == ["blocked"]


WAYS: dict[str, Callable[[Any], Any]] = {
    "all": lambda source: source.read(),
    "pieces": lambda source: [*iter(lambda: source.read(3), b"")],
    "a line": lambda source: source.readline(),
    "lines": list,
    "readlines": lambda source: source.readlines(),
    "read1": lambda source: [*iter(lambda: source.read1(2), b"")],
    "into": lambda source: source.readinto(bytearray(100)),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_body_over_the_limit_is_rejected_for_every_way_of_reading(way: str) -> None:
    def app(environ: Any, start_response: Any) -> Any:
        WAYS[way](environ["wsgi.input"])
        return never()

    source = Source(1_000_000)
    server, events = served(app, invoke(source, **ENDLESS), limits=Limits(body=6))
    assert (server.status[:3], source.taken) == ("413", 7)
    assert outcomes(events) == [("request", "Invoke", "blocked", ["body.size"])]


def test_a_body_as_large_as_the_limit_passes_and_one_byte_more_does_not() -> None:
    for size, status in ((6, "200"), (7, "413")):
        server, _ = served(reading, invoke(b"x" * size, **ENDLESS), limits=Limits(body=6))
        assert server.status[:3] == status


def test_no_more_is_read_than_the_content_length() -> None:
    source = io.BytesIO(b"{}the next request")
    server, _ = served(reading, invoke(b"", **{"wsgi.input": source, "CONTENT_LENGTH": "2"}))
    assert (server.sent, source.read()) == ([b"2"], b"the next request")
    without = invoke(b"", **{"wsgi.input": io.BytesIO(b"{}"), "CONTENT_LENGTH": None})
    assert served(reading, without)[0].sent == [b"0"]


def lazily(environ: Any, start_response: Any) -> Iterator[bytes]:
    start_response("200 OK", [])
    environ["wsgi.input"].read(4)
    yield b"begun"
    environ["wsgi.input"].read()
    yield b"end"


def ending(environ: Any, start_response: Any) -> Iterator[bytes]:
    try:
        yield from lazily(environ, start_response)
    except OSError:
        return


def catching(environ: Any, start_response: Any) -> Iterator[bytes]:
    try:
        yield from lazily(environ, start_response)
    except OSError:
        yield b"end"


@pytest.mark.parametrize("app", [lazily, catching, ending])
def test_a_started_response_is_aborted_if_the_body_exceeds_the_limit(app: Any) -> None:
    server, events = Server(), list[Event]()
    middleware = wsgi_middleware(app, edition="current", on_check=events.append, limits=Limits(body=10_000))
    with pytest.raises(Cut):
        server.serve(middleware, invoke(b"x" * 10_001, **ENDLESS))
    assert b"end" not in server.sent[1:]
    assert outcomes(events) == [("request", "Invoke", "blocked", ["body.size"])]


def test_an_application_that_catches_every_exception_is_still_rejected() -> None:
    def app(environ: Any, start_response: Any) -> Any:
        try:
            environ["wsgi.input"].read()
        except OSError:
            start_response("200 OK", [])
        return [b"end"]

    server, _ = served(app, invoke(b"x" * 7, **ENDLESS), limits=Limits(body=6))
    assert server.status[:3] == "413"


def test_log_mode_passes_and_logs_bodies_over_the_limit() -> None:
    given = invoke(b"x" * 7, **ENDLESS, HTTP_TRANSFER_ENCODING="chunked")
    server, events = served(reading, given, limits=Limits(body=6), requests="log")
    assert server.sent == [b"7"]
    assert outcomes(events) == [("request", "Invoke", "flagged", ["body.size"])]


@pytest.mark.parametrize("more", [{}, ENDLESS])
def test_a_required_payload_is_awaited(more: Any) -> None:
    server, events = served(reading, invoke(b"x", ASYNC, **more))
    assert server.sent == [b"1"]
    assert outcomes(events) == [("request", "InvokeAsync", "passed", [])]
    server, events = served(never, invoke(b"", ASYNC, **more))
    assert server.status[:3] == "400"
    assert outcomes(events) == [("request", "InvokeAsync", "blocked", ["invoke-args.required"])]
    server, events = served(reading, invoke(b"x", ASYNC, **more), limits=Limits(body=0))
    assert server.status[:3] == "413"


# Responses.


def answering(*pieces: bytes, status: str = "200 OK", headers: Any = ()) -> Any:
    def app(environ: Any, start_response: Any) -> Iterator[bytes]:
        start_response(status, [*headers])
        yield from pieces

    return app


@pytest.mark.parametrize("responses", ["block", "log"])
@pytest.mark.parametrize("path", [INVOKE, STREAM])
def test_a_binary_response_is_streamed_in_chunks(responses: Any, path: str) -> None:
    server, events = served(answering(b"\xff\x00", b"{"), invoke(b"{}", path), responses=responses)
    assert (server.status, server.sent, server.sized) == ("200 OK", [b"\xff\x00", b"{"], None)
    assert [each[2] for each in outcomes(events)] == ["passed", "passed"]


def test_an_application_that_writes_its_response_streams_too() -> None:
    def app(environ: Any, start_response: Any) -> Any:
        write = start_response("200 OK", [])
        write(b"xxxx")
        write(b"xxxx")
        return []

    server, _ = served(app, invoke(), responses="block")
    assert server.sent == [b"xxxx", b"xxxx"]
    server = Server()
    with pytest.raises(Cut):
        server.serve(wsgi_middleware(app, edition="current", responses="block", limits=Limits(response=6)), invoke())
    assert server.sent == [b"xxxx"]


def test_an_error_response_of_a_stream_is_buffered_and_checked() -> None:
    server, events = served(answering(b"<html>", status="500 No"), invoke(), responses="block")
    assert server.status == "500 Internal Server Error"
    assert b"ServiceException" not in server.sent[0]
    assert b"<html>" not in server.sent[0]
    assert {(each[0], each[2]) for each in outcomes(events)} == {("request", "passed"), ("response", "blocked")}


def test_a_response_over_the_limit_is_aborted() -> None:
    server, limits = Server(), Limits(response=6)
    middleware = wsgi_middleware(answering(b"xxxx", b"xxxx", b"x"), edition="current", responses="block", limits=limits)
    with pytest.raises(Cut):
        server.serve(middleware, invoke())
    assert server.sent == [b"xxxx"]
    server, events = served(answering(b"xxxx", b"xxxx", b"x"), invoke(), responses="log", limits=limits)
    assert server.sent == [b"xxxx", b"xxxx", b"x"]
    assert ("response", "Invoke", "flagged", ["body.size"]) in outcomes(events)
    long = answering(b"xxxx", b"xxx", headers=[("Content-Length", "7")])
    assert served(long, invoke(), responses="block", limits=limits)[0].status[:3] == "500"
