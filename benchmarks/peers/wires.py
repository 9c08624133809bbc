"""Define the peers that receive bytes: only a body, or a whole request."""

from __future__ import annotations

import json
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, quote, unquote

from lambda_validate import http
from lambda_validate.export.openapi import openapi

from . import engines
from .engines import OURS, SHARES, Builder, loaded
from .payloads import Payload
from .rounds import Engine, always

HOST = "https://lambda.us-east-1.amazonaws.com"
PATH = "/2015-03-31/event-source-mappings/"
HEADERS = [("host", "lambda.us-east-1.amazonaws.com"), ("user-agent", "Boto3"), ("x-amz-date", "20240101T000000Z"),
           ("authorization", "AWS4-HMAC-SHA256 " * 8), ("content-type", "application/json")]  # fmt: skip


class Wire(NamedTuple):
    """A request as a server has read it."""

    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes


def bodies(texts: list[str]) -> list[bytes]:
    return [each.encode() for each in texts]


def posts(texts: list[str]) -> list[Wire]:
    return [Wire("POST", PATH, HEADERS, each.encode()) for each in texts]


def gets(texts: list[str]) -> list[Wire]:
    return [Wire("GET", target(json.loads(each)), HEADERS[:-1], b"") for each in texts]


def target(payload: Payload) -> str:
    qualifier = payload.get("Qualifier")
    query = f"?Qualifier={quote(qualifier, safe='')}" if qualifier else ""
    return f"/2019-09-25/functions/{quote(payload['FunctionName'], safe='')}/event-invoke-config{query}"


def our_body(operation: str, _direction: str) -> list[Engine]:
    return [Engine(OURS, f"check({operation!r}, p)", {"check": http.is_valid_body})]


def our_request(_operation: str, _direction: str) -> list[Engine]:
    return [Engine(OURS, "check(*p).answer is None", {"check": http.check_request})]


def pydantic_body(operation: str, direction: str) -> list[Engine]:
    from . import with_pydantic

    names = {"validate": with_pydantic.WHOLE[operation, direction].model_validate_json}
    return [Engine("pydantic", "validate(p)", names, always)]


def msgspec_body(operation: str, direction: str) -> list[Engine]:
    from msgspec.json import Decoder

    from . import with_msgspec

    names = {"decode": Decoder(with_msgspec.WHOLE[operation, direction]).decode}
    return [Engine("msgspec", "decode(p)", names, always)]


def openapi_body(_operation: str, _direction: str) -> list[Engine]:
    names = {
        "validate": _api().validate_request,
        "Request": _as_openapi,
        "Wire": Wire,
        "path": PATH,
        "headers": HEADERS,
    }
    call = "validate(Request(Wire('POST', path, headers, p)))"
    return [Engine("openapi-core", call, names, always, share=SHARES["openapi-core"])]


def openapi_request(_operation: str, _direction: str) -> list[Engine]:
    names = {"validate": _api().validate_request, "Request": _as_openapi}
    return [Engine("openapi-core", "validate(Request(p))", names, always, share=SHARES["openapi-core"])]


def _api() -> Any:
    from openapi_core import OpenAPI

    return OpenAPI.from_dict(json.loads(json.dumps(openapi().document)))


def _as_openapi(wire: Wire) -> Any:
    """Return a request for the adapter of openapi-core."""
    from openapi_core.testing.requests import MockRequest

    path, _, query = wire.target.partition("?")
    headers = {"authorization": "AWS4-HMAC-SHA256", **dict(wire.headers)}  # authorization is not validated
    kind = headers.get("content-type", "")
    return MockRequest(HOST, wire.method, unquote(path), args=dict(parse_qsl(query)), headers=headers, data=wire.body,
                       content_type=kind)  # fmt: skip


def _body_of(builder: Builder) -> Builder:
    """Return a builder whose engines read only the body of a request."""

    def build(operation: str, direction: str) -> list[Engine]:
        return [each._replace(call=each.call.replace("(p)", "(p.body)")) for each in builder(operation, direction)]

    return build


def _jiter(body: bytes) -> Any:
    from jiter import from_json

    return from_json(body, catch_duplicate_keys=True, allow_inf_nan=False, cache_mode="keys")


JITER = loaded("jiter + jsonschema-rs", engines.rust, _jiter)
RUST, FAST = loaded("json + jsonschema-rs", engines.rust), loaded("json + fastjsonschema", engines.fast)
BODIES: tuple[Builder, ...] = (our_body, RUST, JITER, pydantic_body, msgspec_body, FAST, openapi_body)
POSTS: tuple[Builder, ...] = (
    our_request, *(_body_of(each) for each in (RUST, pydantic_body, msgspec_body, FAST)), openapi_request,
)  # fmt: skip
GETS: tuple[Builder, ...] = (our_request, openapi_request)
"""Only these engines parse requests."""
