"""Envoy's external processing over gRPC: `lambda-validate serve --grpc-port`. Needs the extra `envoy`.

https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/ext_proc_filter
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from functools import cache
from typing import Any

import grpc  # type: ignore[import-untyped]  # grpcio has no types, and neither have the stubs below
from envoy.extensions.filters.http.ext_proc.v3.processing_mode_pb2 import ProcessingMode  # type: ignore[import-untyped]
from envoy.service.ext_proc.v3 import external_processor_pb2 as messages  # type: ignore[import-untyped]
from envoy.service.ext_proc.v3 import external_processor_pb2_grpc as service

from ...http import Answer
from ..copying import LOGGER
from .exchange import Exchange, ExchangePolicy, Instruction, Misconfigured, Modes, Pairs

MESSAGE_BYTES = 83_886_080
"""Maximum size of a message: more than any limit of ours, and more than Envoy buffers by default."""


class Processor(service.ExternalProcessorServicer):  # type: ignore[misc]  # as above
    """The gRPC service for Envoy's external processing at an address, such as `127.0.0.1:9001`.

    It runs in the event loop that starts it. `streams` is the maximum number of exchanges at the same time.
    """

    def __init__(self, address: str, policy: ExchangePolicy, streams: int) -> None:
        self._policy = policy
        options = [("grpc.so_reuseport", 1), ("grpc.max_receive_message_length", MESSAGE_BYTES)]
        self._server = grpc.aio.server(options=options, maximum_concurrent_rpcs=streams)
        service.add_ExternalProcessorServicer_to_server(self, self._server)
        self._server.add_insecure_port(address)

    async def start(self) -> None:
        """Begin to serve at the address."""
        await self._server.start()

    async def stop(self, seconds: float | None) -> None:
        """Accept no more exchanges, and end those in progress after this many seconds."""
        await self._server.stop(seconds)

    async def Process(self, requests: AsyncIterator[Any], context: Any) -> AsyncIterator[Any]:
        """Validate one exchange, a request and its response: yield a message to Envoy for each message from it."""
        exchange, sent_as = Exchange(self._policy), Modes()
        try:
            async for message in requests:
                part = message.WhichOneof("request")
                sent_as = modes(message) or sent_as
                taken = step(exchange, part, message)
                if part is None and not isinstance(taken, Answer):
                    continue  # only an answer belongs to no part
                response = respond(part, taken, exchange.wanted_modes(), exchange.rebuffers)
                if part in BODIES and sent_as[BODIES.index(part)] == "FULL_DUPLEX_STREAMED":
                    give_back(part, message, response)
                yield response
        finally:
            exchange.end()


def step(exchange: Exchange, part: str | None, message: Any) -> Instruction:
    """Pass one part of a request or response to its exchange, and return the instruction for Envoy.

    If the part cannot be validated, refuse the message, and log how to configure Envoy's filter.
    """
    try:
        return PARTS[part](exchange, message)
    except Misconfigured as error:
        LOGGER.error("a message was refused, since the filter is configured wrongly: %s", error)
        return exchange.refuse()


def modes(message: Any) -> Modes | None:
    """Return the modes in which Envoy will send bodies, or None: only the first message of an exchange has them."""
    if not message.HasField("protocol_config"):
        return None
    name, config = ProcessingMode.BodySendMode.Name, message.protocol_config
    return Modes(name(config.request_body_mode), name(config.response_body_mode))


def _request_headers(exchange: Exchange, message: Any) -> Instruction:
    part = message.request_headers
    return exchange.request_headers(pairs(part), part.end_of_stream, modes(message) or Modes())


PARTS: Mapping[str | None, Callable[[Exchange, Any], Instruction]] = {
    "request_headers": _request_headers,
    "request_body": lambda to, message: to.request_body(message.request_body.body, message.request_body.end_of_stream),
    "request_trailers": lambda to, message: to.request_trailers(),
    "response_headers": lambda to, message: to.response_headers(
        pairs(message.response_headers), message.response_headers.end_of_stream
    ),
    "response_body": lambda to, message: to.response_body(
        message.response_body.body, message.response_body.end_of_stream
    ),
    "response_trailers": lambda to, message: to.response_trailers(),
    None: lambda to, message: to.unknown_part(),
}
"""The method of `Exchange` for each part. Trailers have no rules, but show that the body is complete."""


def pairs(part: Any) -> Pairs:
    """Return the headers in a part as pairs of bytes. Envoy before version 1.29 sends their values as strings."""
    return [(header.key.encode(), header.raw_value or header.value.encode()) for header in part.headers.headers]


NO_MORE = ProcessingMode(
    response_header_mode=ProcessingMode.SKIP,
    request_body_mode=ProcessingMode.NONE,
    response_body_mode=ProcessingMode.NONE,
)
"""The mode that stops Envoy from sending more parts. It only has an effect with `allow_mode_override`."""


@cache
def sent(modes: Modes) -> ProcessingMode:
    """Return the message that asks Envoy to send the bodies in these modes, and the headers and trailers.

    Trailers are always requested, since they may be the end of a message.
    """
    return ProcessingMode(
        response_header_mode=ProcessingMode.SEND,
        request_body_mode=modes.request,
        response_body_mode=modes.response,
        request_trailer_mode=ProcessingMode.SEND,
        response_trailer_mode=ProcessingMode.SEND,
    )


def respond(part: str, step: Instruction, modes: Modes, rebuffers: bool = False) -> Any:
    """Return the message to Envoy that answers one part: continue, or an HTTP answer to send instead.

    After the headers it also states the modes in which Envoy should send the other parts.
    """
    if isinstance(step, Answer):
        return messages.ProcessingResponse(immediate_response=immediate(step))
    response = messages.ProcessingResponse()
    getattr(response, part).SetInParent()
    if part == "request_headers" or (part == "response_headers" and rebuffers):
        response.mode_override.CopyFrom(NO_MORE if step == "skip" else sent(modes))
    return response


BODIES = ("request_body", "response_body")
"""The parts with a mode in `Modes`, in the same order."""


def give_back(part: str, message: Any, response: Any) -> None:
    """Copy a piece of a body into the message to Envoy: in mode `FULL_DUPLEX_STREAMED` the piece is lost otherwise."""
    if response.HasField(part):
        streamed = getattr(response, part).response.body_mutation.streamed_response
        streamed.body, streamed.end_of_stream = getattr(message, part).body, getattr(message, part).end_of_stream


def immediate(answer: Answer) -> Any:
    """Return an HTTP answer as the message that makes Envoy send it. Envoy adds the content length itself."""
    response = messages.ImmediateResponse(body=answer.body, details="lambda-validate")
    response.status.code = answer.status
    for name, value in answer.headers:
        if name != "content-length":
            option = response.headers.set_headers.add()
            option.header.key, option.header.raw_value = name, value.encode()
            option.append_action = 2  # OVERWRITE_IF_EXISTS_OR_ADD
    return response
