"""The check service and bodies that are bytes of any kind: counted as Envoy shows them, after their head was judged."""

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
    told: list[Access] = []
    return Exchange(ExchangePolicy(http.boundary("current", **settings), requests, responses, told.append)), told


def code(step: Instruction) -> int | None:
    return step.status if isinstance(step, Answer) else None


def outcomes(told: list[Access]) -> list[tuple[str, str, int]]:
    return [(each.event.direction, each.event.outcome, each.size) for each in told]


# External processing.


@pytest.mark.parametrize("modes", FLOWING)
@pytest.mark.parametrize("path", [INVOKE, STREAM])
def test_an_invocation_of_six_megabytes_goes_on_piece_by_piece(modes: Modes, path: str) -> None:
    made, told = exchange()
    assert made.request_headers(head(path), False, modes) == "continue"
    assert made.wanted_modes() == modes
    for _ in range(95):
        assert made.request_body(PIECE, False) == "continue"
    assert told == []
    assert made.request_body(PIECE, True) == "continue"
    assert made.response_headers(status(), False) == "continue"
    assert made.wanted_modes() == modes
    for _ in range(10):
        assert made.response_body(PIECE, False) == "continue"
    assert made.response_body(b"", True) == "continue"
    assert outcomes(told) == [("request", "passed", 6 * MB), ("response", "passed", 10 * len(PIECE))]


def test_a_body_that_comes_whole_is_judged_as_well() -> None:
    made, told = exchange()
    made.request_headers(head(), False, BUFFERED)
    assert made.request_body(PIECE * 90, True) == "continue"
    made.response_headers(status(), False)
    assert made.response_body(PIECE * 90, True) == "continue"
    assert [each[1] for each in outcomes(told)] == ["passed", "passed"]


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
def test_a_wrong_head_is_answered_before_the_body(modes: Modes, given: Any, expected: int) -> None:
    made, told = exchange()
    assert code(made.request_headers(given, False, modes)) == expected
    assert [each[1] for each in outcomes(told)] == ["blocked"]


@pytest.mark.parametrize("modes", FLOWING)
def test_a_body_that_turns_out_too_large_is_answered_at_the_piece_that_shows_it(modes: Modes) -> None:
    made, told = exchange(limits=Limits(body=6))
    made.request_headers(head(INVOKE, (b"content-length", b"5")), False, modes)
    assert made.request_body(b"xxxx", False) == "continue"
    assert code(made.request_body(b"xxxx", False)) == 413
    made.end()
    assert outcomes(told) == [("request", "blocked", 8)]


def test_in_mode_log_what_is_too_large_goes_on_and_is_told_of_once() -> None:
    made, told = exchange("log", "log", limits=Limits(body=6, response=6))
    made.request_headers(head(), False, BUFFERED)
    assert [made.request_body(b"xxxx", each == 3) for each in range(4)] == ["continue"] * 4
    made.response_headers(status(), False)
    assert [made.response_body(b"xxxx", each == 3) for each in range(4)] == ["continue"] * 4
    assert outcomes(told) == [("request", "flagged", 8), ("response", "flagged", 8)]


def test_a_response_that_turns_out_too_large_is_cut_off_and_one_that_says_so_is_replaced() -> None:
    made, told = exchange(limits=Limits(response=6))
    made.request_headers(head(), True, BUFFERED)
    made.response_headers(status(), False)
    assert made.response_body(b"xxxx", False) == "continue"
    assert code(made.response_body(b"xxxx", False)) == 500
    made, told = exchange(limits=Limits(response=6))
    made.request_headers(head(), True, BUFFERED)
    assert code(made.response_headers(status(b"200", (b"content-length", b"7")), False)) == 500
    assert outcomes(told)[1:] == [("response", "blocked", 0)]


def test_an_error_in_place_of_bytes_is_held_and_judged() -> None:
    made, _ = exchange()
    made.request_headers(head(), True, BUFFERED)
    assert made.response_headers(status(b"500"), False) == "continue"
    assert made.wanted_modes().response == "BUFFERED"
    assert code(made.response_body(b"<html>", True)) == 500


def test_an_error_in_the_mode_of_bytes_is_asked_for_whole() -> None:
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
def test_a_body_that_may_be_cut_is_no_whole_one(mode: str | None) -> None:
    made, _ = exchange()
    assert made.request_headers(head(), False, Modes(mode, mode)) == "continue"
    assert made.wanted_modes().request == (mode or "BUFFERED")
    assert code(made.request_body(PIECE, False)) == 413
    made, _ = exchange()
    made.request_headers(head(), False, Modes(mode, mode))
    assert made.request_body(PIECE, True) == "continue"
    made.response_headers(status(), False)
    assert code(made.response_body(PIECE, False)) == 500


def test_a_body_that_is_not_shown_cannot_be_counted() -> None:
    with pytest.raises(Misconfigured, match="request_body_mode"):
        exchange()[0].request_headers(head(), False, Modes("NONE", "NONE"))


def test_trailers_end_a_body_too() -> None:
    made, told = exchange()
    made.request_headers(head(), False, BUFFERED)
    made.request_body(PIECE, False)
    assert made.request_trailers() == "continue"
    made.response_headers(status(), False)
    made.response_body(PIECE, False)
    assert made.response_trailers() == "continue"
    assert outcomes(told) == [("request", "passed", len(PIECE)), ("response", "passed", len(PIECE))]


def test_an_answer_that_comes_before_the_body_is_whole_is_judged_and_the_body_is_counted_on() -> None:
    made, told = exchange(limits=Limits(body=6))
    made.request_headers(head(), False, BUFFERED)
    made.request_body(b"xxxx", False)
    assert made.response_headers(status(), False) == "continue"
    assert made.response_body(b"yes", True) == "continue"
    assert code(made.request_body(b"xxxx", False)) == 413
    assert outcomes(told) == [("response", "passed", 3), ("request", "blocked", 8)]


def test_what_does_not_come_to_its_end_is_told_of_when_the_exchange_ends() -> None:
    made, told = exchange()
    made.request_headers(head(), False, BUFFERED)
    made.request_body(PIECE, False)
    made.end()
    made.end()
    assert outcomes(told) == [("request", "passed", len(PIECE))]


def test_an_error_of_envoy_s_own_before_the_body_was_whole_passes() -> None:
    made, told = exchange()
    made.request_headers(head(), False, BUFFERED)
    assert made.response_headers([(b":status", b"408")], False) == "skip"
    assert told == []


def test_a_payload_that_must_be_there_is_held() -> None:
    made, _ = exchange()
    assert made.request_headers(head(ASYNC), False, BUFFERED) == "continue"
    assert made.wanted_modes().request == "BUFFERED"
    assert code(made.request_body(b"", True)) == 400
    with pytest.raises(Misconfigured, match="request_body_mode"):
        exchange()[0].request_headers(head(ASYNC), False, Modes("STREAMED", "BUFFERED"))


def test_an_upload_is_held_and_may_have_its_size() -> None:
    method, target, body = UPLOADS["CreateFunction"]
    made, _ = exchange()
    assert made.request_headers(head(target, JSON, method=method.encode()), False, BUFFERED) == "continue"
    assert made.request_body(body(b"A" * 4_000_000), True) == "continue"


# The service over HTTP.


def asked(*pieces: bytes, path: str = INVOKE, headers: Any = (), **settings: Any) -> tuple[int, list[Access]]:
    told: list[Access] = []
    service = Service(edition="current", on_access=told.append, **settings)
    waiting, sent = list(pieces), []
    raw, _, query = f"/check{path}".partition("?")
    scope = {"type": "http", "method": "POST", "path": raw, "raw_path": raw.encode(), "query_string": query.encode(),
             "headers": list(headers), "http_version": "1.1"}  # fmt: skip

    async def receive() -> Any:
        return {"type": "http.request", "body": waiting.pop(0), "more_body": bool(waiting)}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(service(scope, receive, send))
    return sent[0]["status"], told


CUT = (b"x-envoy-auth-partial-body", b"true")


def test_the_service_counts_what_a_gateway_sends_of_a_payload() -> None:
    found, told = asked(*[PIECE] * 96)
    assert (found, outcomes(told)) == (200, [("request", "passed", 6 * MB)])
    found, told = asked(*[PIECE] * 96, b"x")
    assert (found, outcomes(told)) == (413, [("request", "blocked", 6 * MB + 1)])
    found, told = asked(b"", path=ASYNC)
    assert found == 400
    assert asked(b"x", path=ASYNC)[0] == 200


def test_the_head_of_a_payload_of_which_the_first_part_is_sent_decides() -> None:
    assert asked(PIECE, headers=[CUT])[0] == 200
    assert asked(PIECE, headers=[CUT], path=INVOKE + "?Qualifier=%20")[0] == 400
    create = "/2015-03-31/event-source-mappings/"
    assert asked(PIECE, headers=[CUT, JSON], path=create)[0] == 413
