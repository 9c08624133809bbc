"""The check service's parts by themselves: one exchange of external processing, and the ASGI application."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime

import pytest
from support.envoy_calls import JSON, PATH, RIGHT, ask, code, exchange

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


def test_a_right_exchange_goes_on_at_every_part_and_is_told_of_twice() -> None:
    made, told = exchange()
    assert made.request_headers(head(), False, BUFFERED) == "continue"
    assert made.request_body(RIGHT, True) == "continue"
    assert made.response_headers(status(b"202"), False) == "continue"
    assert made.response_body(b"{}", True) == "continue"
    assert [(each.event.direction, each.event.outcome, each.size) for each in told] == [
        ("request", "passed", len(RIGHT)),
        ("response", "passed", 2),
    ]


def test_a_wrong_request_is_answered_when_its_body_is_here() -> None:
    made, told = exchange()
    assert made.request_headers(head(), False, BUFFERED) == "continue"
    assert code(made.request_body(b"{}", True)) == 400
    assert (told[0].status, told[0].event.outcome, len(told[0].request_id or "")) == (400, "blocked", 36)


def test_a_request_that_its_head_refuses_is_answered_at_once() -> None:
    assert code(exchange()[0].request_headers(head(path=b"/x"), False, BUFFERED)) == 404
    length = (b"content-length", b"300000")
    assert code(exchange()[0].request_headers(head(b"POST", PATH, length), False, BUFFERED)) == 413


def test_a_request_without_a_body_is_judged_by_its_head() -> None:
    assert exchange()[0].request_headers(head(b"GET", READ), True, BUFFERED) == "continue"
    assert code(exchange()[0].request_headers(head(b"GET", READ + b"?Qualifier=%20"), True, BUFFERED)) == 400


def test_an_unknown_route_that_passes_is_skipped_whatever_comes() -> None:
    made, told = exchange(unknown_route="pass")
    assert made.request_headers(head(path=b"/x"), False, Modes("STREAMED", "STREAMED")) == "skip"
    assert made.request_body(b"[", False) == "skip"
    assert made.response_headers(status(b"500"), False) == "skip"
    assert made.response_body(b"<html>", True) == "skip"
    assert told == []


@pytest.mark.parametrize("wrong", [(b"201", ANSWER), (b"200", b"<html>"), (b"500", b"no"), (b"x", ANSWER)])
def test_a_wrong_response_is_replaced_or_only_told_of(wrong: tuple[bytes, bytes]) -> None:
    for mode, expected in (("block", 500), ("log", None)):
        made, told = exchange(responses=mode)  # type: ignore[arg-type]  # a mode each
        made.request_headers(head(b"GET", READ), True, BUFFERED)
        assert made.response_headers(status(wrong[0]), False) == "continue"
        assert code(made.response_body(wrong[1], True)) == expected
        assert told[-1].event.outcome == ("blocked" if expected else "flagged")


def test_a_response_without_a_body_is_judged_by_its_head() -> None:
    made, _ = exchange()
    made.request_headers(head(b"GET", READ), True, BUFFERED)
    assert code(made.response_headers(status(b"200"), True)) == 500


def test_with_responses_off_the_rest_is_skipped() -> None:
    made, _ = exchange(responses="off")
    assert made.request_headers(head(b"GET", READ), True, BUFFERED) == "skip"
    assert made.response_headers(status(b"500"), True) == "skip"


def test_with_requests_off_responses_alone_are_judged() -> None:
    made, told = exchange(requests="off")
    assert made.request_headers(head(), False, Modes("NONE", "BUFFERED")) == "continue"
    assert made.request_body(b"{}", True) == "continue"
    assert made.response_headers(status(b"201"), False) == "continue"
    assert code(made.response_body(b"{}", True)) == 500
    assert [each.event.direction for each in told] == ["response"]


def test_in_mode_log_a_wrong_request_goes_on() -> None:
    made, told = exchange(requests="log")
    assert made.request_headers(head(), False, BUFFERED) == "continue"
    assert made.request_body(b"{}", True) == "continue"
    assert (told[0].event.outcome, told[0].status) == ("flagged", None)


PART = "BUFFERED_PARTIAL"
CUT = [("BUFFERED", False, None), (PART, False, 413), (PART, True, None), (None, False, 413)]


@pytest.mark.parametrize(("mode", "ends", "expected"), CUT)
def test_a_body_that_may_be_only_its_beginning_is_too_large(mode: str | None, ends: bool, expected: int | None) -> None:
    made, _ = exchange()
    made.request_headers(head(), False, Modes(mode, mode))
    assert code(made.request_body(RIGHT, ends)) == expected


def test_a_response_that_may_be_only_its_beginning_is_too_large() -> None:
    made, told = exchange()
    made.request_headers(head(b"GET", READ), True, Modes("BUFFERED_PARTIAL", "BUFFERED_PARTIAL"))
    made.response_headers(status(b"200"), False)
    assert code(made.response_body(ANSWER, False)) == 500
    assert [each.rule for each in told[-1].event.report] == ["body.size"]


def test_a_body_over_the_limit_is_too_large() -> None:
    made, _ = exchange(limits=Limits(body=9))
    made.request_headers(head(), False, BUFFERED)
    assert code(made.request_body(RIGHT, True)) == 413


@pytest.mark.parametrize("mode", ["NONE", "STREAMED", "FULL_DUPLEX_STREAMED"])
def test_a_mode_in_which_a_body_leaves_before_it_is_judged_is_refused(mode: str) -> None:
    made, _ = exchange()
    with pytest.raises(Misconfigured, match="request_body_mode"):
        made.request_headers(head(), False, Modes(mode, "BUFFERED"))
    made.request_headers(head(b"GET", READ), True, Modes("BUFFERED", mode))
    with pytest.raises(Misconfigured, match="response_body_mode"):
        made.response_headers(status(b"200"), False)


def test_parts_that_come_without_those_before_them_are_refused() -> None:
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


def test_an_old_envoy_that_never_sends_the_body_is_noticed_at_the_response() -> None:
    made, _ = exchange()
    assert made.request_headers(head(), False) == "continue"
    for number in (b"202", b"413"):
        with pytest.raises(Misconfigured, match="request_body_mode"):
            made.response_headers(status(number), False)


def test_an_answer_of_envoy_s_own_before_the_body_was_whole_passes() -> None:
    made, told = exchange()
    assert made.request_headers(head(), False, BUFFERED) == "continue"
    assert made.response_headers(status(b"413"), False) == "skip"
    assert made.response_body(b"Payload Too Large", True) == "skip"
    assert told == []


UPSTREAMS = (b"x-envoy-upstream-service-time", b"1")


def test_a_request_that_ends_with_trailers_and_has_no_data_is_judged_when_they_come() -> None:
    made, told = exchange()
    assert made.request_headers(head(), False, BUFFERED) == "continue"
    assert code(made.request_trailers()) == 400
    assert [(each.status, each.size, each.event.outcome) for each in told] == [(400, 0, "blocked")]
    made, told = exchange()
    assert made.request_headers(head(b"GET", READ), False, BUFFERED) == "continue"
    assert told == []
    assert made.request_trailers() == "continue"
    assert [each.event.outcome for each in told] == ["passed"]


def test_trailers_after_a_body_change_nothing() -> None:
    made, told = exchange()
    made.request_headers(head(), False, BUFFERED)
    made.request_body(RIGHT, False)
    assert made.request_trailers() == "continue"
    made.response_headers(status(b"202"), False)
    made.response_body(b"{}", False)
    assert made.response_trailers() == "continue"
    assert [each.event.outcome for each in told] == ["passed", "passed"]


def test_what_no_body_could_mend_is_refused_before_one_comes() -> None:
    made, told = exchange()
    assert code(made.request_headers(head(b"GET", READ + b"?Qualifier=%20"), False, BUFFERED)) == 400
    assert len(told) == 1
    made, told = exchange(requests="log")
    assert made.request_headers(head(b"GET", READ + b"?Qualifier=%20"), False, BUFFERED) == "continue"
    assert told == []
    assert made.request_trailers() == "continue"
    assert [each.event.outcome for each in told] == ["flagged"]


def test_a_body_where_there_is_none_is_waited_for() -> None:
    made, _ = exchange()
    assert made.request_headers(head(b"GET", READ), False, BUFFERED) == "continue"
    assert code(made.request_body(b"{}", True)) == 400


@pytest.mark.parametrize(("number", "trailers"), [(b"200", 500), (b"404", 500)])
def test_a_response_that_ends_with_trailers_and_has_no_data_is_judged_when_they_come(
    number: bytes, trailers: int
) -> None:
    made, told = exchange()
    made.request_headers(head(b"GET", READ), True, BUFFERED)
    assert made.response_headers(status(number), False) == "continue"
    assert code(made.response_trailers()) == trailers
    assert [(each.event.direction, each.event.outcome) for each in told] == [
        ("request", "passed"),
        ("response", "blocked"),
    ]


@pytest.mark.parametrize("pairs", [status(b"202"), status(b"301"), [*status(b"400"), UPSTREAMS], [JSON]])
def test_a_response_of_upstream_s_to_a_request_that_was_not_shown_whole_is_refused(
    pairs: list[tuple[bytes, bytes]],
) -> None:
    for path in (head(), head(b"GET", READ)):
        made, _ = exchange()
        made.request_headers(path, False, BUFFERED)
        with pytest.raises(Misconfigured, match="request_trailer_mode must be SEND"):
            made.response_headers(pairs, False)
    with pytest.raises(Misconfigured, match="request_header_mode must be SEND"):
        exchange()[0].response_headers([*status(b"400"), UPSTREAMS], True)


def test_a_response_without_a_head_to_a_request_that_was_not_shown_whole_is_refused() -> None:
    for call in (lambda it: it.response_body(b"{}", True), lambda it: it.response_trailers()):
        for responses in ("off", "log", "block"):
            made, _ = exchange(responses=responses)  # type: ignore[arg-type]  # a mode each
            made.request_headers(head(), False, BUFFERED)
            with pytest.raises(Misconfigured, match="response_header_mode"):
                call(made)


def test_trailers_alone_do_not_mean_that_there_was_no_body_where_envoy_does_not_say_how_it_sends_them() -> None:
    made, _ = exchange()
    made.request_headers(head(), False)
    with pytest.raises(Misconfigured, match="request_body_mode"):
        made.request_trailers()
    made, _ = exchange()
    made.request_headers(head(b"GET", READ), True)
    made.response_headers(status(b"202"), False)
    with pytest.raises(Misconfigured, match="response_body_mode"):
        made.response_trailers()


ASKED: list[tuple[Mode, Mode, Modes, Modes]] = [
    ("block", "block", BUFFERED, BUFFERED),
    ("block", "block", Modes(), BUFFERED),
    ("block", "log", Modes("BUFFERED_PARTIAL", "BUFFERED"), Modes("BUFFERED_PARTIAL", "BUFFERED")),
    ("block", "off", BUFFERED, Modes("BUFFERED", "NONE")),
    ("off", "block", BUFFERED, Modes("NONE", "BUFFERED")),
    ("log", "log", Modes("STREAMED", "FULL_DUPLEX_STREAMED"), Modes("NONE", "NONE")),
]


@pytest.mark.parametrize(("requests", "responses", "told", "asked"), ASKED)
def test_envoy_is_asked_for_what_can_be_judged(requests: Mode, responses: Mode, told: Modes, asked: Modes) -> None:
    made, _ = exchange(requests, responses)
    made.request_headers(head(b"GET", READ), True, told)
    assert made.wanted_modes() == asked


def test_a_direction_that_blocks_refuses_what_the_other_only_logs() -> None:
    made, _ = exchange("log", "block")
    with pytest.raises(Misconfigured, match="request_header_mode"):
        made.response_headers(status(b"202"), True)
    made, _ = exchange("log", "block")
    assert made.request_headers(head(), False, Modes("STREAMED", "BUFFERED")) == "continue"
    assert made.response_headers(status(b"201"), False) == "continue"
    assert code(made.response_body(b"{}", True)) == 500
    made, _ = exchange("log", "block")
    assert made.request_headers(head(), False, BUFFERED) == "continue"
    assert made.response_headers(status(b"201"), False) == "continue"  # of a request that slipped past
    assert code(made.response_body(b"{}", True)) == 500


@pytest.mark.parametrize("code", [b"400", b"404", b"503"])
def test_a_refusal_of_envoy_s_own_passes_though_its_request_was_never_shown(code: bytes) -> None:
    made, told = exchange()
    assert made.response_headers(status(code), False) == "skip"
    assert made.response_body(b"Bad Request", True) == "skip"
    assert told == []


def test_what_cannot_be_judged_is_answered_as_a_failure_of_the_service() -> None:
    refusal = exchange()[0].refuse()
    assert (refusal.status, dict(refusal.headers)["x-amzn-errortype"]) == (500, "ServiceException")


@pytest.mark.parametrize("pairs", [[], [(b":method", b"POST")], [(b":path", PATH)]])
def test_a_head_without_method_or_path_passes_nothing(pairs: list[tuple[bytes, bytes]]) -> None:
    assert code(exchange(unknown_route="pass")[0].request_headers(pairs, True, BUFFERED)) == 400


# The application.


@pytest.mark.parametrize("body", [RIGHT, RIGHT.replace(b"}", b',"BatchSize":10.0}'), RIGHT + b" "])
def test_the_fast_way_and_the_long_one_pass_alike(body: bytes) -> None:
    for told in (None, lambda access: None):
        for tell_passed in (True, False):
            sent = ask(Service(on_access=told, tell_passed=tell_passed), body=body)
            assert [sent[0]["status"], sent[1]["body"]] == [200, b""]


def test_what_passes_is_told_of_only_where_that_is_wanted() -> None:
    told: list[Access] = []
    ask(Service(on_access=told.append, tell_passed=False))
    assert told == []
    ask(Service(on_access=told.append))
    assert [(each.event.outcome, each.event.operation) for each in told] == [("passed", "CreateEventSourceMapping")]


def test_a_warning_of_what_passes_is_told_of() -> None:
    told: list[Access] = []
    ask(Service(on_access=told.append), body=RIGHT[:-1] + b',"StartingPosition":"LATEST"}')
    assert [each.rule for each in told[0].event.report] == ["starting-position.sqs"]
    assert json.loads(line(told[0]))["violations"] == [
        {"pointer": "/StartingPosition", "rule": "starting-position.sqs"}
    ]


def test_modes_of_the_service() -> None:
    told: list[Access] = []
    assert ask(Service(requests="log", on_access=told.append), body=b"{}")[0]["status"] == 200
    assert told[0].event.outcome == "flagged"
    assert ask(Service(requests="off", on_access=told.append), body=b"{}")[0]["status"] == 200
    assert len(told) == 1
    with pytest.raises(lv.UnknownNameError, match="did you mean 'block'"):
        Service(requests="blok")  # type: ignore[arg-type]  # wrong on purpose


def test_a_callback_that_raises_breaks_nothing(caplog: pytest.LogCaptureFixture) -> None:
    def broken(access: Access) -> None:
        raise ValueError("no")

    assert ask(Service(on_access=broken))[0]["status"] == 200
    assert "the callback for accesses failed" in caplog.text


def test_it_is_unready_once_it_is_told_so() -> None:
    service = Service()
    assert ask(service, "/readyz", method="GET")[0]["status"] == 200
    service.ready = False
    assert ask(service, "/readyz", method="GET")[0]["status"] == 503
    assert ask(service, "/healthz", method="GET")[0]["status"] == 200


def test_other_scopes_are_refused() -> None:
    with pytest.raises(NotImplementedError):
        ask(Service(), type="websocket")


def test_a_refusal_in_the_other_rendering() -> None:
    sent = ask(Service(rendering="problem"), body=b"{}")
    assert dict(sent[0]["headers"])[b"content-type"] == b"application/problem+json"


def test_a_line_of_the_log_is_json_whatever_it_tells() -> None:
    told: list[Access] = []
    service = Service(on_access=told.append)
    for body in (RIGHT, b"{}", json.dumps({'"\\\n\u2028\ud800': 1}).encode(), b"\xff"):
        ask(service, body=body)
    ask(service, "/check/x")
    facts = [json.loads(line(each)) for each in told]
    assert [each["status"] for each in facts] == [None, 400, 400, 400, 404]
    assert [each["operation"] for each in facts][-1] is None
    assert all(datetime.fromisoformat(each["time"]).tzinfo == UTC for each in facts)
    assert all(line(each).isascii() and line(each).isprintable() for each in told)


def test_nothing_is_logged_beside_that(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    ask(Service(), body=b'{"FunctionName":"s3cr3t!"}')
    assert "s3cr3t" not in caplog.text
