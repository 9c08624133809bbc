"""Test external processing in every mode, with each part of an exchange present or absent."""

from __future__ import annotations

from itertools import islice, product
from typing import Any, NamedTuple

import pytest

from lambda_validate import http
from lambda_validate.gateway.envoy import Access
from lambda_validate.gateway.envoy.exchange import Exchange, ExchangePolicy, Instruction, Misconfigured, Modes, warn
from lambda_validate.http import Answer
from lambda_validate.http.events import Mode

JSON = (b"content-type", b"application/json")
CREATE = [(b":method", b"POST"), (b":path", b"/2015-03-31/event-source-mappings/"), JSON]
GET = [(b":method", b"GET"), (b":path", b"/2019-09-25/functions/orders/event-invoke-config")]
VALID = b'{"EventSourceArn":"arn:aws:sqs:us-west-2:123456789012:orders","FunctionName":"orders"}'
ACCEPTED, BUSY = [(b":status", b"202"), JSON], [(b":status", b"503")]
UPSTREAMS = [*BUSY, (b"x-envoy-upstream-service-time", b"1")]
BOUNDARY = http.boundary()


class Part(NamedTuple):
    """The possible parts at one position of an exchange."""

    name: str
    arguments: tuple[Any, ...] = ()


PLACES = {
    "request_headers": [Part(""), Part("open", (CREATE, False)), Part("whole", (CREATE, True)),
                        Part("get", (GET, False))],
    "request_body": [Part(""), Part("valid", (VALID, True)), Part("invalid", (b"{}", True)),
                     Part("cut", (VALID, False))],
    "request_trailers": [Part(""), Part("there")],
    "response_headers": [Part(""), Part("open", (ACCEPTED, False)), Part("whole", (ACCEPTED, True)),
                         Part("upstream's", (UPSTREAMS, False)), Part("envoy's", (BUSY, False))],
    "response_body": [Part(""), Part("valid", (b"{}", True)), Part("invalid", (b"[", True))],
    "response_trailers": [Part(""), Part("there")],
}  # fmt: skip
ORDERS = [dict(zip(PLACES, parts, strict=True)) for parts in product(*PLACES.values())]
SENT = [Modes(*each) for each in product([None, "NONE", "STREAMED", "BUFFERED", "BUFFERED_PARTIAL"], repeat=2)]
BUFFERED = Modes("BUFFERED", "BUFFERED")


def exchange(requests: Mode, responses: Mode) -> tuple[Exchange, list[Access]]:
    accesses: list[Access] = []
    return Exchange(ExchangePolicy(BOUNDARY, requests, responses, accesses.append)), accesses


def hand(made: Exchange, place: str, part: Part, modes: Modes) -> Instruction | None:
    """Pass one part to the exchange. Return None if the filter is found to be misconfigured."""
    try:
        step: Instruction = getattr(made, place)(*part.arguments, *([modes] if place == "request_headers" else []))
    except Misconfigured:
        return None
    return step


def gone(made: Exchange, order: dict[str, Part], modes: Modes) -> list[str]:
    """Pass the parts to the exchange until one is rejected. Return the positions that continued."""
    went: list[str] = []
    for place, part in order.items():
        step = hand(made, place, part, modes) if part.name else "continue"
        if step is None or isinstance(step, Answer):
            break
        went.append(place)
    return went


def names(order: dict[str, Part]) -> list[str]:
    return [each.name for each in order.values()]


@pytest.mark.parametrize("modes", SENT)
def test_every_completed_message_was_checked(modes: Modes) -> None:
    for order in ORDERS:
        made, accesses = exchange("block", "block")
        went, (head, body, end, answered, content, last) = gone(made, order, modes), names(order)
        passed = [each.event.direction for each in accesses if each.event.outcome == "passed"]
        if "request_trailers" in went and (head == "whole" or body or end):
            assert "request" in passed, names(order)
        if "response_trailers" in went and answered != "envoy's" and (answered == "whole" or content or last):
            assert passed == ["request", "response"], names(order)


@pytest.mark.parametrize("step", [7, pytest.param(1, marks=pytest.mark.exhaustive)])
@pytest.mark.parametrize(("requests", "responses"), list(product(["off", "log"], repeat=2)))
def test_log_mode_continues_everything_and_reports_each_message_once(
    requests: Mode, responses: Mode, step: int
) -> None:
    for modes, order in islice(product(SENT, ORDERS), 0, None, step):
        made, accesses = exchange(requests, responses)
        assert gone(made, order, modes) == list(PLACES), (modes, names(order))
        directions = [each.event.direction for each in accesses]
        assert len(directions) == len(set(directions)), (modes, names(order))


REQUEST, RESPONSE = "request_body_mode must be BUFFERED", "response_body_mode must be BUFFERED"
HINT = ", or allow_mode_override must be true"
INVALID = [
    (Modes("STREAMED", "BUFFERED"), ["open"], REQUEST),
    (Modes("NONE", "NONE"), ["whole", "", "", "open"], RESPONSE),
    (Modes(), ["open", "", "", "open"], REQUEST),
    (Modes(), ["open", "", "there"], REQUEST),
    (Modes(), ["whole", "", "", "open", "", "there"], RESPONSE),
    (BUFFERED, ["", "valid", "there"], "request_header_mode must be SEND"),
    (BUFFERED, ["", "", "", "open", "valid"], "request_header_mode must be SEND"),
    (BUFFERED, ["whole", "", "", "", "valid"], f"response_header_mode must be SEND{HINT}"),
    (BUFFERED, ["open", "", "", "open", "valid"], f"request_trailer_mode must be SEND{HINT}"),
]


@pytest.mark.parametrize(("modes", "parts", "warning"), INVALID)
def test_log_mode_warns_once_of_a_misconfigured_filter(
    modes: Modes, parts: list[str], warning: str, caplog: pytest.LogCaptureFixture
) -> None:
    warn.cache_clear()
    for _ in range(2):
        made, accesses = exchange("log", "log")
        for (place, known), name in zip(PLACES.items(), parts, strict=False):
            if name:
                hand(made, place, next(each for each in known if each.name == name), modes)
        assert "flagged" in {each.event.outcome for each in accesses}
    assert [each.getMessage() for each in caplog.records] == [
        f"not all messages are validated, since the filter is configured wrongly: {warning}"
    ]


def test_off_mode_does_not_warn_of_a_misconfigured_filter(caplog: pytest.LogCaptureFixture) -> None:
    warn.cache_clear()
    for order in ORDERS:
        made, accesses = exchange("off", "off")
        gone(made, order, Modes("STREAMED", "STREAMED"))
        assert accesses == []
    assert caplog.records == []
