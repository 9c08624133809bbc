"""Test that the check service validates the headers before a binary body, and counts the bytes that Envoy shows."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from support.limited import ASYNC, INVOKE, STREAM, UPLOADS

from lambda_validate import http
from lambda_validate.gateway.envoy import Access, Service
from lambda_validate.gateway.envoy.exchange import Exchange, ExchangePolicy, Instruction, Misconfigured, Modes
from lambda_validate.http import Answer, Limits
from lambda_validate.http.events import Mode

MB = 1_048_576
PIECE = b"\xff" * 65_536
BUFFERED = Modes("BUFFERED", "BUFFERED")
FLOWING = [Modes(each, each) for each in ("BUFFERED", "STREAMED", "FULL_DUPLEX_STREAMED")]
JSON = (b"content-type", b"application/json")


def head(path: str = INVOKE, *more: tuple[bytes, bytes], method: bytes = b"POST") -> list[tuple[bytes, bytes]]:
    return [(b":method", method), (b":path", path.encode()), (b":authority", b"a"), *more]


def status(code: bytes = b"200", *more: tuple[bytes, bytes]) -> list[tuple[bytes, bytes]]:
    return [(b":status", code), (b"x-envoy-upstream-service-time", b"1"), *more]


def exchange(requests: Mode = "block", responses: Mode = "block", **settings: Any) -> tuple[Exchange, list[Access]]:
    accesses: list[Access] = []
    return Exchange(
        ExchangePolicy(http.boundary("current", **settings), requests, responses, accesses.append)
    ), accesses


def code(step: Instruction) -> int | None:
    return step.status if isinstance(step, Answer) else None


def outcomes(accesses: list[Access]) -> list[tuple[str, str, int]]:
    return [(each.event.direction, each.event.outcome, each.size) for each in accesses]


# External processing.


@pytest.mark.parametrize("modes", FLOWING)
@pytest.mark.parametrize("path", [INVOKE, STREAM])
def test_an_invocation_of_six_megabytes_is_streamed_in_chunks(modes: Modes, path: str) -> None:
    made, accesses = exchange()
    assert made.request_headers(head(path), False, modes) == "continue"
    assert made.wanted_modes() == modes
    for _ in range(95):
        assert made.request_body(PIECE, False) == "continue"
    assert accesses == []
    assert made.request_body(PIECE, True) == "continue"
    assert made.response_headers(status(), False) == "continue"
    assert made.wanted_modes() == modes
    for _ in range(10):
        assert made.response_body(PIECE, False) == "continue"
    assert made.response_body(b"", True) == "continue"
    assert outcomes(accesses) == [("request", "passed", 6 * MB), ("response", "passed", 10 * len(PIECE))]


def test_a_buffered_body_is_checked_too() -> None:
    made, accesses = exchange()
    made.request_headers(head(), False, BUFFERED)
    assert made.request_body(PIECE * 90, True) == "continue"
    made.response_headers(status(), False)
    assert made.response_body(PIECE * 90, True) == "continue"
    assert [each[1] for each in outcomes(accesses)] == ["passed", "passed"]


@pytest.mark.parametrize("modes", FLOWING)
@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (head(INVOKE + "?Qualifier=%20"), 400),
        (head(INVOKE, (b"x-amz-invocation-type", b"Sometimes")), 400),
        (head(INVOKE, (b"content-length", b"6291457")), 413),
        (head(INVOKE, (b"x-amz-invocation-type", b"Event"), (b"content-length", b"1048577")), 413),
        (head("/2015-03-31/functions/a%20b/invocations"), 400),
    ],
)
def test_invalid_headers_are_rejected_before_the_body(modes: Modes, given: Any, expected: int) -> None:
    made, accesses = exchange()
    assert code(made.request_headers(given, False, modes)) == expected
    assert [each[1] for each in outcomes(accesses)] == ["blocked"]


@pytest.mark.parametrize("modes", FLOWING)
def test_a_body_is_rejected_at_the_chunk_that_exceeds_the_limit(modes: Modes) -> None:
    made, accesses = exchange(limits=Limits(body=6))
    made.request_headers(head(INVOKE, (b"content-length", b"5")), False, modes)
    assert made.request_body(b"xxxx", False) == "continue"
    assert code(made.request_body(b"xxxx", False)) == 413
    made.end()
    assert outcomes(accesses) == [("request", "blocked", 8)]


def test_log_mode_continues_bodies_over_the_limit_and_logs_once() -> None:
    made, accesses = exchange("log", "log", limits=Limits(body=6, response=6))
    made.request_headers(head(), False, BUFFERED)
    assert [made.request_body(b"xxxx", each == 3) for each in range(4)] == ["continue"] * 4
    made.response_headers(status(), False)
    assert [made.response_body(b"xxxx", each == 3) for each in range(4)] == ["continue"] * 4
    assert outcomes(accesses) == [("request", "flagged", 8), ("response", "flagged", 8)]


def test_a_response_over_the_limit_is_aborted_or_replaced() -> None:
    made, accesses = exchange(limits=Limits(response=6))
    made.request_headers(head(), True, BUFFERED)
    made.response_headers(status(), False)
    assert made.response_body(b"xxxx", False) == "continue"
    assert code(made.response_body(b"xxxx", False)) == 500
    made, accesses = exchange(limits=Limits(response=6))
    made.request_headers(head(), True, BUFFERED)
    assert code(made.response_headers(status(b"200", (b"content-length", b"7")), False)) == 500
    assert outcomes(accesses)[1:] == [("response", "blocked", 0)]


def test_an_error_response_of_a_stream_is_buffered_and_checked() -> None:
    made, _ = exchange()
    made.request_headers(head(), True, BUFFERED)
    assert made.response_headers(status(b"500"), False) == "continue"
    assert made.wanted_modes().response == "BUFFERED"
    assert code(made.response_body(b"<html>", True)) == 500


def test_an_error_response_in_streamed_mode_is_requested_buffered() -> None:
    for ends in (True, False):
        made, _ = exchange()
        made.request_headers(head(), True, Modes("STREAMED", "STREAMED"))
        assert (made.wanted_modes().response, made.rebuffers) == ("STREAMED", False)
        assert made.response_headers(status(b"500"), False) == "continue"
        assert (made.wanted_modes().response, made.rebuffers) == ("BUFFERED", True)
        if ends:
            assert code(made.response_body(b"<html>", True)) == 500
            continue
        with pytest.raises(Misconfigured, match="response_body_mode"):
            made.response_body(b"<html>", False)
    made, _ = exchange()
    made.request_headers(head(), True, Modes("STREAMED", "STREAMED"))
    made.response_headers(status(b"500"), False)
    assert code(made.response_trailers()) == 500
    made, _ = exchange()
    made.request_headers(head(), True, Modes("FULL_DUPLEX_STREAMED", "FULL_DUPLEX_STREAMED"))
    with pytest.raises(Misconfigured, match="response_body_mode"):
        made.response_headers(status(b"500"), False)


@pytest.mark.parametrize("mode", ["BUFFERED_PARTIAL", None])
def test_a_possibly_truncated_body_is_rejected(mode: str | None) -> None:
    made, _ = exchange()
    assert made.request_headers(head(), False, Modes(mode, mode)) == "continue"
    assert made.wanted_modes().request == (mode or "BUFFERED")
    assert code(made.request_body(PIECE, False)) == 413
    made, _ = exchange()
    made.request_headers(head(), False, Modes(mode, mode))
    assert made.request_body(PIECE, True) == "continue"
    made.response_headers(status(), False)
    assert code(made.response_body(PIECE, False)) == 500


def test_a_body_that_is_not_sent_cannot_be_counted() -> None:
    with pytest.raises(Misconfigured, match="request_body_mode"):
        exchange()[0].request_headers(head(), False, Modes("NONE", "NONE"))


def test_trailers_end_a_body() -> None:
    made, accesses = exchange()
    made.request_headers(head(), False, BUFFERED)
    made.request_body(PIECE, False)
    assert made.request_trailers() == "continue"
    made.response_headers(status(), False)
    made.response_body(PIECE, False)
    assert made.response_trailers() == "continue"
    assert outcomes(accesses) == [("request", "passed", len(PIECE)), ("response", "passed", len(PIECE))]


def test_an_early_response_is_checked_and_the_body_is_still_counted() -> None:
    made, accesses = exchange(limits=Limits(body=6))
    made.request_headers(head(), False, BUFFERED)
    made.request_body(b"xxxx", False)
    assert made.response_headers(status(), False) == "continue"
    assert made.response_body(b"yes", True) == "continue"
    assert code(made.request_body(b"xxxx", False)) == 413
    assert outcomes(accesses) == [("response", "passed", 3), ("request", "blocked", 8)]


def test_an_incomplete_request_is_reported_when_the_exchange_ends() -> None:
    made, accesses = exchange()
    made.request_headers(head(), False, BUFFERED)
    made.request_body(PIECE, False)
    made.end()
    made.end()
    assert outcomes(accesses) == [("request", "passed", len(PIECE))]


def test_a_local_error_of_envoy_before_the_end_of_the_body_passes() -> None:
    made, accesses = exchange()
    made.request_headers(head(), False, BUFFERED)
    assert made.response_headers([(b":status", b"408")], False) == "skip"
    assert accesses == []


def test_a_required_payload_is_buffered() -> None:
    made, _ = exchange()
    assert made.request_headers(head(ASYNC), False, BUFFERED) == "continue"
    assert made.wanted_modes().request == "BUFFERED"
    assert code(made.request_body(b"", True)) == 400
    with pytest.raises(Misconfigured, match="request_body_mode"):
        exchange()[0].request_headers(head(ASYNC), False, Modes("STREAMED", "BUFFERED"))


def test_an_upload_is_buffered_up_to_its_own_limit() -> None:
    method, target, body = UPLOADS["CreateFunction"]
    made, _ = exchange()
    assert made.request_headers(head(target, JSON, method=method.encode()), False, BUFFERED) == "continue"
    assert made.request_body(body(b"A" * 4_000_000), True) == "continue"


# The service over HTTP.


def checked(*pieces: bytes, path: str = INVOKE, headers: Any = (), **settings: Any) -> tuple[int, list[Access]]:
    accesses: list[Access] = []
    service = Service(edition="current", on_access=accesses.append, **settings)
    waiting, sent = list(pieces), []
    raw, _, query = f"/check{path}".partition("?")
    scope = {"type": "http", "method": "POST", "path": raw, "raw_path": raw.encode(), "query_string": query.encode(),
             "headers": list(headers), "http_version": "1.1"}  # fmt: skip

    async def receive() -> Any:
        return {"type": "http.request", "body": waiting.pop(0), "more_body": bool(waiting)}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(service(scope, receive, send))
    return sent[0]["status"], accesses


CUT = (b"x-envoy-auth-partial-body", b"true")


def test_the_service_counts_the_bytes_of_a_streamed_payload() -> None:
    found, accesses = checked(*[PIECE] * 96)
    assert (found, outcomes(accesses)) == (200, [("request", "passed", 6 * MB)])
    found, accesses = checked(*[PIECE] * 96, b"x")
    assert (found, outcomes(accesses)) == (413, [("request", "blocked", 6 * MB + 1)])
    found, accesses = checked(b"", path=ASYNC)
    assert found == 400
    assert checked(b"x", path=ASYNC)[0] == 200


def test_headers_are_checked_when_only_part_of_a_payload_is_sent() -> None:
    assert checked(PIECE, headers=[CUT])[0] == 200
    assert checked(PIECE, headers=[CUT], path=INVOKE + "?Qualifier=%20")[0] == 400
    create = "/2015-03-31/event-source-mappings/"
    assert checked(PIECE, headers=[CUT, JSON], path=create)[0] == 413
