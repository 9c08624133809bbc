"""Make ext_proc exchanges and calls of the check service without a network."""

from __future__ import annotations

import asyncio
from typing import Any

from lambda_validate import http
from lambda_validate.gateway.envoy import Access, Service
from lambda_validate.gateway.envoy.exchange import Exchange, ExchangePolicy, Instruction
from lambda_validate.http import Answer
from lambda_validate.http.events import Mode

PATH = b"/2015-03-31/event-source-mappings/"
VALID = b'{"EventSourceArn":"arn:aws:sqs:us-west-2:123456789012:orders","FunctionName":"orders"}'
JSON = (b"content-type", b"application/json")


def exchange(requests: Mode = "block", responses: Mode = "block", **settings: Any) -> tuple[Exchange, list[Access]]:
    accesses: list[Access] = []
    return Exchange(ExchangePolicy(http.boundary(**settings), requests, responses, accesses.append)), accesses


def code(step: Instruction) -> int | None:
    return step.status if isinstance(step, Answer) else None


def call_service(service: Service, path: str = "", body: bytes = VALID, method: str = "POST", **more: Any) -> list[Any]:
    target = path or "/check" + PATH.decode()
    scope = {"type": "http", "method": method, "path": target, "raw_path": target.encode(), "query_string": b"",
             "headers": [JSON], "http_version": "1.1"} | more  # fmt: skip
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(service(scope, receive, send))
    return sent
