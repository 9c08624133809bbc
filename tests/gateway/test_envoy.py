"""Test the parts of the check service: one exchange of external processing, and the ASGI application."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime

import pytest
from support.envoy_calls import JSON, PATH, VALID, call_service, code, exchange

import lambda_validate as lv
from lambda_validate.gateway.envoy import Access, Service
from lambda_validate.gateway.envoy.access import line
from lambda_validate.gateway.envoy.exchange import Misconfigured, Modes
from lambda_validate.http import Limits
from lambda_validate.http.events import Mode

READ = b"/2019-09-25/functions/orders/event-invoke-config"
BUFFERED = Modes("BUFFERED", "BUFFERED")
ANSWER = b'{"MaximumRetryAttempts":2}'


def head(method: bytes = b"POST", path: bytes = PATH, *more: tuple[bytes, bytes]) -> list[tuple[bytes, bytes]]:
    return [(b":method", method), (b":path", path), (b":authority", b"a"), JSON, *more]


def status(code: bytes) -> list[tuple[bytes, bytes]]:
    return [(b":status", code), JSON]


# External processing.


def test_a_valid_exchange_continues_and_reports_two_events() -> None:
    made, accesses = exchange()
    assert made.request_headers(head(), False, BUFFERED) == "continue"
    assert made.request_body(VALID, True) == "continue"
    assert made.response_headers(status(b"202"), False) == "continue"
    assert made.response_body(b"{}", True) == "continue"
    assert [(each.event.direction, each.event.outcome, each.size) for each in accesses] == [
        ("request", "passed", len(VALID)),
        ("response", "passed", 2),
    ]


def test_an_invalid_request_is_blocked_at_its_body() -> None:
    made, accesses = exchange()
    assert made.request_headers(head(), False, BUFFERED) == "continue"
    assert code(made.request_body(b"{}", True)) == 400
    assert (accesses[0].status, accesses[0].event.outcome, len(accesses[0].request_id or "")) == (400, "blocked", 36)


def test_a_request_rejected_at_its_headers_is_answered_at_once() -> None:
    assert code(exchange()[0].request_headers(head(path=b"/x"), False, BUFFERED)) == 404
    length = (b"content-length", b"300000")
    assert code(exchange()[0].request_headers(head(b"POST", PATH, length), False, BUFFERED)) == 413


def test_a_request_without_a_body_is_checked_at_its_headers() -> None:
    assert exchange()[0].request_headers(head(b"GET", READ), True, BUFFERED) == "continue"
    assert code(exchange()[0].request_headers(head(b"GET", READ + b"?Qualifier=%20"), True, BUFFERED)) == 400


def test_all_messages_of_an_allowed_unknown_route_are_skipped() -> None:
    made, accesses = exchange(unknown_route="pass")
    assert made.request_headers(head(path=b"/x"), False, Modes("STREAMED", "STREAMED")) == "skip"
    assert made.request_body(b"[", False) == "skip"
    assert made.response_headers(status(b"500"), False) == "skip"
    assert made.response_body(b"<html>", True) == "skip"
    assert accesses == []


@pytest.mark.parametrize("invalid", [(b"201", ANSWER), (b"200", b"<html>"), (b"500", b"no"), (b"x", ANSWER)])
def test_an_invalid_response_is_replaced_or_only_logged(invalid: tuple[bytes, bytes]) -> None:
    for mode, expected in (("block", 500), ("log", None)):
        made, accesses = exchange(responses=mode)  # type: ignore[arg-type]  # a mode each
        made.request_headers(head(b"GET", READ), True, BUFFERED)
        assert made.response_headers(status(invalid[0]), False) == "continue"
        assert code(made.response_body(invalid[1], True)) == expected
        assert accesses[-1].event.outcome == ("blocked" if expected else "flagged")


def test_a_response_without_a_body_is_checked_at_its_headers() -> None:
    made, _ = exchange()
    made.request_headers(head(b"GET", READ), True, BUFFERED)
    assert code(made.response_headers(status(b"200"), True)) == 500


def test_with_responses_off_response_messages_are_skipped() -> None:
    made, _ = exchange(responses="off")
    assert made.request_headers(head(b"GET", READ), True, BUFFERED) == "skip"
    assert made.response_headers(status(b"500"), True) == "skip"


def test_with_requests_off_only_responses_are_checked() -> None:
    made, accesses = exchange(requests="off")
    assert made.request_headers(head(), False, Modes("NONE", "BUFFERED")) == "continue"
    assert made.request_body(b"{}", True) == "continue"
    assert made.response_headers(status(b"201"), False) == "continue"
    assert code(made.response_body(b"{}", True)) == 500
    assert [each.event.direction for each in accesses] == ["response"]


def test_log_mode_continues_an_invalid_request() -> None:
    made, accesses = exchange(requests="log")
    assert made.request_headers(head(), False, BUFFERED) == "continue"
    assert made.request_body(b"{}", True) == "continue"
    assert (accesses[0].event.outcome, accesses[0].status) == ("flagged", None)


PART = "BUFFERED_PARTIAL"
CUT = [("BUFFERED", False, None), (PART, False, 413), (PART, True, None), (None, False, 413)]


@pytest.mark.parametrize(("mode", "ends", "expected"), CUT)
def test_a_possibly_truncated_body_is_too_large(mode: str | None, ends: bool, expected: int | None) -> None:
    made, _ = exchange()
    made.request_headers(head(), False, Modes(mode, mode))
    assert code(made.request_body(VALID, ends)) == expected


def test_a_possibly_truncated_response_is_too_large() -> None:
    made, accesses = exchange()
    made.request_headers(head(b"GET", READ), True, Modes("BUFFERED_PARTIAL", "BUFFERED_PARTIAL"))
    made.response_headers(status(b"200"), False)
    assert code(made.response_body(ANSWER, False)) == 500
    assert [each.rule for each in accesses[-1].event.report] == ["body.size"]


def test_a_body_over_the_limit_is_too_large() -> None:
    made, _ = exchange(limits=Limits(body=9))
    made.request_headers(head(), False, BUFFERED)
    assert code(made.request_body(VALID, True)) == 413


@pytest.mark.parametrize("mode", ["NONE", "STREAMED", "FULL_DUPLEX_STREAMED"])
def test_body_modes_that_forward_before_the_check_are_rejected(mode: str) -> None:
    made, _ = exchange()
    with pytest.raises(Misconfigured, match="request_body_mode"):
        made.request_headers(head(), False, Modes(mode, "BUFFERED"))
    made.request_headers(head(b"GET", READ), True, Modes("BUFFERED", mode))
    with pytest.raises(Misconfigured, match="response_body_mode"):
        made.response_headers(status(b"200"), False)


def test_messages_without_their_predecessors_are_rejected() -> None:
    for call in (
        lambda it: it.request_body(b"", True),
        lambda it: it.response_headers(status(b"200"), True),
        lambda it: it.response_headers(status(b"4000"), True),
        lambda it: it.response_headers([], True),
        lambda it: it.response_body(b"", True),
    ):
        with pytest.raises(Misconfigured, match="request_header_mode"):
            call(exchange()[0])
    made, _ = exchange()
    made.request_headers(head(b"GET", READ), True, BUFFERED)
    with pytest.raises(Misconfigured, match="response_header_mode"):
        made.response_body(b"", True)


def test_a_missing_request_body_is_detected_at_the_response() -> None:
    made, _ = exchange()
    assert made.request_headers(head(), False) == "continue"
    for number in (b"202", b"413"):
        with pytest.raises(Misconfigured, match="request_body_mode"):
            made.response_headers(status(number), False)


def test_a_local_reply_of_envoy_before_the_end_of_the_body_passes() -> None:
    made, accesses = exchange()
    assert made.request_headers(head(), False, BUFFERED) == "continue"
    assert made.response_headers(status(b"413"), False) == "skip"
    assert made.response_body(b"Payload Too Large", True) == "skip"
    assert accesses == []


UPSTREAMS = (b"x-envoy-upstream-service-time", b"1")


def test_a_request_of_headers_and_trailers_is_checked_at_the_trailers() -> None:
    made, accesses = exchange()
    assert made.request_headers(head(), False, BUFFERED) == "continue"
    assert code(made.request_trailers()) == 400
    assert [(each.status, each.size, each.event.outcome) for each in accesses] == [(400, 0, "blocked")]
    made, accesses = exchange()
    assert made.request_headers(head(b"GET", READ), False, BUFFERED) == "continue"
    assert accesses == []
    assert made.request_trailers() == "continue"
    assert [each.event.outcome for each in accesses] == ["passed"]


def test_trailers_after_a_body_have_no_effect() -> None:
    made, accesses = exchange()
    made.request_headers(head(), False, BUFFERED)
    made.request_body(VALID, False)
    assert made.request_trailers() == "continue"
    made.response_headers(status(b"202"), False)
    made.response_body(b"{}", False)
    assert made.response_trailers() == "continue"
    assert [each.event.outcome for each in accesses] == ["passed", "passed"]


def test_invalid_headers_are_rejected_before_a_body_arrives() -> None:
    made, accesses = exchange()
    assert code(made.request_headers(head(b"GET", READ + b"?Qualifier=%20"), False, BUFFERED)) == 400
    assert len(accesses) == 1
    made, accesses = exchange(requests="log")
    assert made.request_headers(head(b"GET", READ + b"?Qualifier=%20"), False, BUFFERED) == "continue"
    assert accesses == []
    assert made.request_trailers() == "continue"
    assert [each.event.outcome for each in accesses] == ["flagged"]


def test_a_body_of_a_get_request_is_awaited_and_rejected() -> None:
    made, _ = exchange()
    assert made.request_headers(head(b"GET", READ), False, BUFFERED) == "continue"
    assert code(made.request_body(b"{}", True)) == 400


@pytest.mark.parametrize(("number", "trailers"), [(b"200", 500), (b"404", 500)])
def test_a_response_of_headers_and_trailers_is_checked_at_the_trailers(number: bytes, trailers: int) -> None:
    made, accesses = exchange()
    made.request_headers(head(b"GET", READ), True, BUFFERED)
    assert made.response_headers(status(number), False) == "continue"
    assert code(made.response_trailers()) == trailers
    assert [(each.event.direction, each.event.outcome) for each in accesses] == [
        ("request", "passed"),
        ("response", "blocked"),
    ]


@pytest.mark.parametrize("pairs", [status(b"202"), status(b"301"), [*status(b"400"), UPSTREAMS], [JSON]])
def test_a_response_to_an_incomplete_request_is_rejected(
    pairs: list[tuple[bytes, bytes]],
) -> None:
    for path in (head(), head(b"GET", READ)):
        made, _ = exchange()
        made.request_headers(path, False, BUFFERED)
        with pytest.raises(Misconfigured, match="request_trailer_mode must be SEND"):
            made.response_headers(pairs, False)
    with pytest.raises(Misconfigured, match="request_header_mode must be SEND"):
        exchange()[0].response_headers([*status(b"400"), UPSTREAMS], True)


def test_a_response_without_headers_to_an_incomplete_request_is_rejected() -> None:
    for call in (lambda it: it.response_body(b"{}", True), lambda it: it.response_trailers()):
        for responses in ("off", "log", "block"):
            made, _ = exchange(responses=responses)  # type: ignore[arg-type]  # a mode each
            made.request_headers(head(), False, BUFFERED)
            with pytest.raises(Misconfigured, match="response_header_mode"):
                call(made)


def test_trailers_without_known_body_modes_are_rejected() -> None:
    made, _ = exchange()
    made.request_headers(head(), False)
    with pytest.raises(Misconfigured, match="request_body_mode"):
        made.request_trailers()
    made, _ = exchange()
    made.request_headers(head(b"GET", READ), True)
    made.response_headers(status(b"202"), False)
    with pytest.raises(Misconfigured, match="response_body_mode"):
        made.response_trailers()


REQUESTED_MODES: list[tuple[Mode, Mode, Modes, Modes]] = [
    ("block", "block", BUFFERED, BUFFERED),
    ("block", "block", Modes(), BUFFERED),
    ("block", "log", Modes("BUFFERED_PARTIAL", "BUFFERED"), Modes("BUFFERED_PARTIAL", "BUFFERED")),
    ("block", "off", BUFFERED, Modes("BUFFERED", "NONE")),
    ("off", "block", BUFFERED, Modes("NONE", "BUFFERED")),
    ("log", "log", Modes("STREAMED", "FULL_DUPLEX_STREAMED"), Modes("NONE", "NONE")),
]


@pytest.mark.parametrize(("requests", "responses", "announced", "requested"), REQUESTED_MODES)
def test_supported_modes_are_requested_from_envoy(
    requests: Mode, responses: Mode, announced: Modes, requested: Modes
) -> None:
    made, _ = exchange(requests, responses)
    made.request_headers(head(b"GET", READ), True, announced)
    assert made.wanted_modes() == requested


def test_block_mode_rejects_message_orders_that_log_mode_accepts() -> None:
    made, _ = exchange("log", "block")
    with pytest.raises(Misconfigured, match="request_header_mode"):
        made.response_headers(status(b"202"), True)
    made, _ = exchange("log", "block")
    assert made.request_headers(head(), False, Modes("STREAMED", "BUFFERED")) == "continue"
    assert made.response_headers(status(b"201"), False) == "continue"
    assert code(made.response_body(b"{}", True)) == 500
    made, _ = exchange("log", "block")
    assert made.request_headers(head(), False, BUFFERED) == "continue"
    assert made.response_headers(status(b"201"), False) == "continue"  # of a request that was not validated
    assert code(made.response_body(b"{}", True)) == 500


@pytest.mark.parametrize("code", [b"400", b"404", b"503"])
def test_a_local_reply_of_envoy_without_a_request_passes(code: bytes) -> None:
    made, accesses = exchange()
    assert made.response_headers(status(code), False) == "skip"
    assert made.response_body(b"Bad Request", True) == "skip"
    assert accesses == []


def test_messages_that_cannot_be_checked_get_a_service_exception() -> None:
    refusal = exchange()[0].refuse()
    assert (refusal.status, dict(refusal.headers)["x-amzn-errortype"]) == (500, "ServiceException")


@pytest.mark.parametrize("pairs", [[], [(b":method", b"POST")], [(b":path", PATH)]])
def test_headers_without_method_or_path_are_rejected(pairs: list[tuple[bytes, bytes]]) -> None:
    assert code(exchange(unknown_route="pass")[0].request_headers(pairs, True, BUFFERED)) == 400


# The application.


@pytest.mark.parametrize("body", [VALID, VALID.replace(b"}", b',"BatchSize":10.0}'), VALID + b" "])
def test_fast_and_full_checks_send_the_same_response(body: bytes) -> None:
    for on_access_ in (None, lambda access: None):
        for tell_passed in (True, False):
            sent = call_service(Service(on_access=on_access_, tell_passed=tell_passed), body=body)
            assert [sent[0]["status"], sent[1]["body"]] == [200, b""]


def test_passed_requests_are_reported_only_if_enabled() -> None:
    accesses: list[Access] = []
    call_service(Service(on_access=accesses.append, tell_passed=False))
    assert accesses == []
    call_service(Service(on_access=accesses.append))
    assert [(each.event.outcome, each.event.operation) for each in accesses] == [("passed", "CreateEventSourceMapping")]


def test_warnings_of_passed_requests_are_reported() -> None:
    accesses: list[Access] = []
    call_service(Service(on_access=accesses.append), body=VALID[:-1] + b',"StartingPosition":"LATEST"}')
    assert [each.rule for each in accesses[0].event.report] == ["starting-position.sqs"]
    assert json.loads(line(accesses[0]))["violations"] == [
        {"pointer": "/StartingPosition", "rule": "starting-position.sqs"}
    ]


def test_modes_of_the_service_are_applied() -> None:
    accesses: list[Access] = []
    assert call_service(Service(requests="log", on_access=accesses.append), body=b"{}")[0]["status"] == 200
    assert accesses[0].event.outcome == "flagged"
    assert call_service(Service(requests="off", on_access=accesses.append), body=b"{}")[0]["status"] == 200
    assert len(accesses) == 1
    with pytest.raises(lv.UnknownNameError, match="did you mean 'block'"):
        Service(requests="blok")  # type: ignore[arg-type]  # wrong on purpose


def test_a_callback_that_raises_is_logged_and_the_request_passes(caplog: pytest.LogCaptureFixture) -> None:
    def broken(access: Access) -> None:
        raise ValueError("no")

    assert call_service(Service(on_access=broken))[0]["status"] == 200
    assert "the callback on_access raised an exception" in caplog.text


def test_readyz_fails_once_the_service_is_set_unready() -> None:
    service = Service()
    assert call_service(service, "/readyz", method="GET")[0]["status"] == 200
    service.ready = False
    assert call_service(service, "/readyz", method="GET")[0]["status"] == 503
    assert call_service(service, "/healthz", method="GET")[0]["status"] == 200


def test_other_scopes_are_rejected() -> None:
    with pytest.raises(NotImplementedError):
        call_service(Service(), type="websocket")


def test_an_error_response_can_be_rendered_as_a_problem() -> None:
    sent = call_service(Service(rendering="problem"), body=b"{}")
    assert dict(sent[0]["headers"])[b"content-type"] == b"application/problem+json"


def test_every_log_line_is_ascii_json() -> None:
    accesses: list[Access] = []
    service = Service(on_access=accesses.append)
    for body in (VALID, b"{}", json.dumps({'"\\\n\u2028\ud800': 1}).encode(), b"\xff"):
        call_service(service, body=body)
    call_service(service, "/check/x")
    facts = [json.loads(line(each)) for each in accesses]
    assert [each["status"] for each in facts] == [None, 400, 400, 400, 404]
    assert [each["operation"] for each in facts][-1] is None
    assert all(datetime.fromisoformat(each["time"]).tzinfo == UTC for each in facts)
    assert all(line(each).isascii() and line(each).isprintable() for each in accesses)


def test_no_values_are_logged_elsewhere(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    call_service(Service(), body=b'{"FunctionName":"s3cr3t!"}')
    assert "s3cr3t" not in caplog.text
