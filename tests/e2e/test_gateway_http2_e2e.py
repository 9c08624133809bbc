"""Test HTTP/2 through Envoy: messages with trailers, with and without data, in valid and invalid filter settings."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest
from http_cases.servers import Answer
from servers.gateways import Gateway, envoy
from servers.http2 import send_request

pytestmark = [pytest.mark.e2e, pytest.mark.skipif(os.name != "posix", reason="the programs are those of POSIX")]

CREATE = "/2015-03-31/event-source-mappings/"
GET = "/2019-09-25/functions/orders/event-invoke-config"
LOST = "/2019-09-25/functions/a%20b/event-invoke-config"
VALID = b'{"EventSourceArn":"arn:aws:sqs:us-east-1:123456789012:orders","FunctionName":"orders"}'
JSON, TRAILERS = ("content-type", "application/json"), [("x-checksum", "1")]

UPSTREAM = "    - name: upstream\n      connect_timeout: 1s\n"
WITH_TRAILERS = """      typed_extension_protocol_options:
        envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
          "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
          explicit_http_config: {http_protocol_options: {enable_trailers: true}}
"""


ANSWERS = {"GET": b'{"MaximumRetryAttempts":2}', "POST": b'{"State":"Creating"}'}
BODIES = {"none": b"", "invalid": b"<html>"}


class Upstream(BaseHTTPRequestHandler):
    """Return valid responses, or those that `x-answer` selects, and count requests."""

    protocol_version = "HTTP/1.1"
    reached, received = 0, b""

    def do_GET(self) -> None:
        Upstream.reached += 1
        Upstream.received = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        while self.headers.get("Transfer-Encoding") and (size := int(self.rfile.readline(), 16)):
            Upstream.received += self.rfile.read(size + 2)[:-2]
        body = BODIES.get(self.headers.get("x-answer", ""), ANSWERS[self.command])
        self.send_response(200 if self.command == "GET" else 202)
        self.send_header("Content-Type", "application/json")
        self.send_header("Transfer-Encoding", "chunked")
        self.send_header("Connection", "close")  # otherwise Envoy might reuse this connection
        self.end_headers()
        chunk = b"%x\r\n%s\r\n" % (len(body), body) if body else b""
        self.wfile.write(chunk + b"0\r\nx-checksum: 1\r\n\r\n")

    do_POST = do_GET

    def log_message(self, format: str, *args: Any) -> None:
        """Print nothing."""


@pytest.fixture(scope="module")
def upstream() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Upstream) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def cache(request: pytest.FixtureRequest) -> Path:
    assert request.config.cache is not None
    return Path(request.config.cache.mkdir("gateways"))


@pytest.fixture(scope="module", params=["ext_authz", "ext_proc"])
def made(request: pytest.FixtureRequest, cache: Path, upstream: int, tmp_path_factory: Any) -> Iterator[Gateway]:
    folder = tmp_path_factory.mktemp("gateway")
    with envoy(request.param, cache, folder, upstream, replace={UPSTREAM: UPSTREAM + WITH_TRAILERS}) as found:
        yield found


class Case(NamedTuple):
    """A request that ends with trailers, the expected response, and whether it reaches upstream."""

    method: str
    path: str
    data: bytes | None
    status: int
    more: tuple[tuple[str, str], ...] = ()

    def send(self, made: Gateway, *more: tuple[str, str]) -> Answer:
        port = urlsplit(made.url).port or 0
        return send_request(port, self.method, self.path, [JSON, *self.more, *more], self.data, TRAILERS)


CASES = {
    "valid, no data": Case("GET", GET, None, 200),
    "invalid path, no data": Case("GET", LOST, None, 400),
    "invalid query, no data": Case("GET", GET + "?Qualifier=%20", None, 400),
    "a body is missing": Case("POST", CREATE, None, 400),
    "a body is missing, and is said to": Case("POST", CREATE, None, 400, (("content-length", "0"),)),
    "an empty body": Case("POST", CREATE, b"", 400),
    "an invalid body": Case("POST", CREATE, b"{}", 400),
    "a right body": Case("POST", CREATE, VALID, 202),
    "a body where there is none": Case("GET", GET, b"{}", 400),
}


@pytest.mark.parametrize("name", CASES)
def test_a_request_with_trailers_is_checked_before_it_is_forwarded(made: Gateway, name: str) -> None:
    case, before = CASES[name], Upstream.reached
    assert case.send(made).status == case.status
    assert Upstream.reached - before == (case.status < 300)
    assert case.status >= 300 or Upstream.received == (case.data or b"")


@pytest.mark.parametrize(("how", "status"), [("valid", 200), ("invalid", 500), ("none", 500)])
def test_a_response_with_trailers_is_checked(made: Gateway, how: str, status: int) -> None:
    answer = CASES["valid, no data"].send(made, ("x-answer", how))
    assert answer.status == (status if made.kind == "ext_proc" else 200)
    assert (answer.headers.get("x-amzn-errortype") == "ServiceException") == (answer.status == 500)


SKIPPED = {"request_trailer_mode: SEND": "request_trailer_mode: SKIP",
           "response_trailer_mode: SEND": "response_trailer_mode: SKIP"}  # fmt: skip
DEAF = {"allow_mode_override: true": "allow_mode_override: false",
        "response_header_mode: SKIP": "response_header_mode: SEND"}  # fmt: skip


def test_skipped_trailers_are_requested_from_envoy(cache: Path, upstream: int, tmp_path: Path) -> None:
    with envoy("ext_proc", cache, tmp_path, upstream, replace={UPSTREAM: UPSTREAM + WITH_TRAILERS, **SKIPPED}) as made:
        for case in CASES.values():
            before = Upstream.reached
            assert case.send(made).status == case.status
            assert Upstream.reached - before == (case.status < 300)
        assert CASES["valid, no data"].send(made, ("x-answer", "none")).status == 500


def test_a_filter_that_cannot_send_trailers_blocks_responses(cache: Path, upstream: int, tmp_path: Path) -> None:
    with envoy("ext_proc", cache, tmp_path, upstream, replace=SKIPPED | DEAF) as made:
        before = Upstream.reached
        assert CASES["invalid path, no data"].send(made).status == 400
        assert CASES["an invalid body"].send(made).status == 400
        assert Upstream.reached == before
        assert CASES["a right body"].send(made).status == 202
        assert made.service
        assert "configured wrongly" not in made.service.logged()
        for name in ("valid, no data", "a body is missing"):  # these reach upstream before any error can be reported
            assert CASES[name].send(made).status == 500
        assert made.service.logged().count("configured wrongly: request_trailer_mode must be SEND") == 2


def body_modes(mode: str) -> dict[str, str]:
    return {f"{part}_body_mode: BUFFERED": f"{part}_body_mode: {mode}" for part in ("request", "response")}


INVALID: dict[str, tuple[Mapping[str, str], str]] = {
    "STREAMED": (body_modes("STREAMED"), "request_body_mode must be BUFFERED"),
    "NONE": (body_modes("NONE"), "request_body_mode must be BUFFERED"),
    "FULL_DUPLEX_STREAMED": (body_modes("FULL_DUPLEX_STREAMED"), "request_body_mode must be BUFFERED"),
    "STREAMED, deaf": (body_modes("STREAMED") | DEAF, "response_body_mode must be BUFFERED"),
    "no trailers, deaf": (SKIPPED | DEAF, "request_trailer_mode must be SEND"),
    "no request": ({"request_header_mode: SEND": "request_header_mode: SKIP"}, "request_header_mode must be SEND"),
}


@pytest.mark.parametrize("name", INVALID)
def test_log_mode_warns_once_of_a_misconfigured_filter(name: str, cache: Path, upstream: int, tmp_path: Path) -> None:
    replace, warning = INVALID[name]
    log = ("--requests", "log", "--responses", "log")
    with envoy("ext_proc", cache, tmp_path, upstream, *log, replace=replace, ready=200) as made:
        for _ in range(2):
            for case in CASES.values():
                before = Upstream.reached
                for how in ("valid", "invalid", "none"):
                    answer = case.send(made, ("x-answer", how))
                    assert answer.status == (200 if case.method == "GET" else 202)
                    assert answer.body == BODIES.get(how, ANSWERS[case.method])
                    assert Upstream.received == (case.data or b"")
                assert Upstream.reached - before == 3
        assert made.service
        logged = [json.loads(each) for each in made.service.logged().splitlines()]
        warnings = [each for each in logged if each.get("level") == "warning"]
        assert len([each for each in warnings if warning in each["message"]]) == 1
        assert len({each["message"] for each in warnings}) == len(warnings)
        assert "flagged" in {each.get("outcome") for each in logged}
        assert "blocked" not in {each.get("outcome") for each in logged}
