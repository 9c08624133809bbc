"""Test external processing by message: the stream gets its answer, even if a `ProcessingRequest` lacks fields.

Functions import what needs gRPC, so that a run without `-m e2e` can collect this module without the extra `e2e`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable
from itertools import product
from typing import Any

import pytest

from lambda_validate import http
from lambda_validate.gateway.envoy import Access
from lambda_validate.gateway.envoy.exchange import ExchangePolicy, warn
from lambda_validate.http.events import MODES, Mode

pytestmark = pytest.mark.e2e

BOUNDARY = http.boundary()
PHASES = [f"{side}_{part}" for side in ("request", "response") for part in ("headers", "body", "trailers")]
REQUEST = [(":method", "POST"), (":path", "/2015-03-31/event-source-mappings/"), ("content-type", "application/json")]
BODY = b'{"EventSourceArn":"arn:aws:sqs:us-west-2:123456789012:orders","FunctionName":"orders"}'
SENDS = ["NONE", "STREAMED", "BUFFERED", "BUFFERED_PARTIAL", "FULL_DUPLEX_STREAMED"]
every_mode = pytest.mark.parametrize(("requests", "responses"), list(product(MODES, MODES)))


def nothing(**more: Any) -> Any:
    """Return a message without a phase."""
    from envoy.service.ext_proc.v3.external_processor_pb2 import ProcessingRequest  # type: ignore[import-untyped]  # no types

    return ProcessingRequest(**more)


def empty(phase: str, **more: Any) -> Any:
    """Return a message of a phase without any fields."""
    message = nothing(**more)
    getattr(message, phase).SetInParent()
    return message


def config(mode: str) -> Any:
    """Return the attributes of a first message that announce both bodies."""
    from envoy.extensions.filters.http.ext_proc.v3.processing_mode_pb2 import ProcessingMode  # type: ignore[import-untyped]  # as above
    from envoy.service.ext_proc.v3.external_processor_pb2 import ProtocolConfiguration

    value = ProcessingMode.BodySendMode.Value(mode)
    return ProtocolConfiguration(request_body_mode=value, response_body_mode=value)


def headers(phase: str, *pairs: tuple[str, str], ends: bool = False, **more: Any) -> Any:
    message = empty(phase, **more)
    part = getattr(message, phase)
    part.end_of_stream = ends
    for name, value in pairs:
        part.headers.headers.add(key=name, raw_value=value.encode())
    return message


def whole() -> list[Any]:
    """Return the messages of a valid exchange, up to the response."""
    body = empty("request_body")
    body.request_body.body, body.request_body.end_of_stream = BODY, True
    return [headers("request_headers", *REQUEST, protocol_config=config("BUFFERED")), body]


def process(given: Iterable[Any], requests: Mode, responses: Mode) -> tuple[list[Any], list[Access]]:
    """Send messages to one stream. Return its answers, and its log records."""
    from lambda_validate.gateway.envoy.processor import Processor

    accesses: list[Access] = []

    async def sent() -> AsyncIterator[Any]:
        for each in given:
            yield each

    async def collect() -> list[Any]:
        made = Processor("127.0.0.1:0", ExchangePolicy(BOUNDARY, requests, responses, accesses.append), 1)
        try:
            return [each async for each in made.Process(sent(), None)]
        finally:
            await made.stop(None)

    return asyncio.run(collect()), accesses


def kinds(answers: Iterable[Any]) -> list[str]:
    """Return the part of an exchange that each answer is about."""
    return [each.WhichOneof("response") for each in answers]


def test_the_phases_are_those_that_the_processor_knows() -> None:
    from lambda_validate.gateway.envoy.processor import PARTS

    assert sorted(PHASES) == sorted(phase for phase in PARTS if phase)


@every_mode
@pytest.mark.parametrize("before", [list, whole], ids=["first", "after a request"])
def test_an_empty_message_is_rejected_in_block_mode(
    requests: Mode, responses: Mode, before: Callable[[], list[Any]], caplog: pytest.LogCaptureFixture
) -> None:
    warn.cache_clear()
    given = before()
    with caplog.at_level(logging.WARNING, "lambda_validate.gateway"):
        answers, accesses = process([*given, nothing()], requests, responses)
    last = kinds(answers)[len(given) :]
    modes = {requests, responses}
    assert last == (["immediate_response"] if "block" in modes else [])
    if last:
        assert answers[-1].immediate_response.status.code == 500
    assert bool(caplog.records) is (modes != {"off"})
    flagged = [each.event.outcome for each in accesses].count("flagged")
    assert flagged == (1 if "block" not in modes and "log" in modes else 0)


@pytest.mark.parametrize("mode", ["log", "off"])
def test_a_stream_continues_after_an_empty_message_in_log_mode(mode: Mode) -> None:
    first, *rest = whole()
    answers, accesses = process([nothing(), first, nothing(), *rest], mode, mode)
    assert kinds(answers) == ["request_headers", "request_body"]
    assert [each.event.outcome for each in accesses] == (["flagged", "passed"] if mode == "log" else [])


@every_mode
@pytest.mark.parametrize("send", [None, *SENDS])
@pytest.mark.parametrize("phase", PHASES)
def test_a_phase_whose_message_is_empty_gets_an_answer(
    phase: str, send: str | None, requests: Mode, responses: Mode
) -> None:
    more = {"protocol_config": config(send)} if send else {}
    (answer,), accesses = process([empty(phase, **more)], requests, responses)
    blocks = "block" in (requests, responses) if phase != "request_headers" else requests == "block"
    if phase.startswith("request") and phase != "request_headers":
        blocks = requests == "block"
    assert answer.WhichOneof("response") == ("immediate_response" if blocks else phase)
    assert {each.status for each in accesses} <= ({400} if blocks else {None})


@every_mode
@pytest.mark.parametrize("phase", PHASES)
def test_an_empty_phase_behind_a_request_gets_an_answer(phase: str, requests: Mode, responses: Mode) -> None:
    answers, _ = process([*whole(), empty(phase)], requests, responses)
    assert kinds(answers[:2]) == ["request_headers", "request_body"]
    blocks = {
        "request_headers": requests == "block",
        "response_headers": False,  # the validated part has not arrived yet
        "response_body": responses == "block",
        "response_trailers": responses == "block",
    }
    assert kinds(answers[2:]) == ["immediate_response" if blocks.get(phase) else phase]


@every_mode
def test_an_exchange_of_empty_messages_gets_an_answer_for_each(requests: Mode, responses: Mode) -> None:
    answers, _ = process([*map(empty, PHASES), nothing()], requests, responses)
    assert len(answers) in (len(PHASES), len(PHASES) + 1)
    assert None not in kinds(answers)
    if requests == "block":
        assert kinds(answers)[0] == "immediate_response"
