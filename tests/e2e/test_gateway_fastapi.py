"""Test the FastAPI example with default settings: which requests reach its routes over a socket."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator

import pytest
from http_cases.servers import Answer, Server, free_port
from servers.programs import EXAMPLES, running
from support.gateway_calls import PATH

pytestmark = pytest.mark.e2e

QUEUE = {"EventSourceArn": "arn:aws:sqs:us-west-2:123456789012:orders", "FunctionName": "orders"}
TABLE = {
    "EventSourceArn": "arn:aws:dynamodb:us-west-2:123456789012:table/orders/stream/2024-01-01T00:00:00.000",
    "FunctionName": "orders",
    "StartingPosition": "LATEST",
    "BatchSize": 5000,
    "FunctionResponseTypes": ["ReportBatchItemFailures"],
}
DISGUISED = [
    "/2015-03-31%2Fevent-source-mappings%2F",
    "//2015-03-31/event-source-mappings/",
    "/2015-03-31/./event-source-mappings/",
    "/x/../2015-03-31/event-source-mappings/",
    "/2015-03-31%252Fevent-source-mappings/",
]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    port = free_port()
    command = [sys.executable, "-B", "-m", "uvicorn", "--no-access-log", "--port", str(port), "fastapi_app:app"]
    with running(command, port, EXAMPLES) as program:
        yield Server(port, program.process, program.log)


def get(server: Server, path: str) -> Answer:
    return server.exchange(f"GET {path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n".encode())


def post(server: Server, path: str, payload: object) -> Answer:
    body = json.dumps(payload).encode()
    head = f"POST {path} HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\nconnection: close\r\n"
    return server.exchange(f"{head}content-length: {len(body)}\r\n\r\n".encode() + body)


def created(server: Server) -> int:
    return int(json.loads(get(server, "/health").body)["mappings"])


@pytest.mark.parametrize("path", ["/health", "/docs", "/openapi.json"])
def test_routes_of_the_application_itself_pass(server: Server, path: str) -> None:
    assert get(server, path).status == 200


@pytest.mark.parametrize("payload", [QUEUE, TABLE], ids=["queue", "modern table"])
def test_a_valid_request_reaches_its_route(server: Server, payload: dict[str, object]) -> None:
    before = created(server)
    answer = post(server, PATH, payload)
    assert (answer.status, json.loads(answer.body)) == (202, payload | {"State": "Creating"})
    assert created(server) == before + 1


@pytest.mark.parametrize("path", [PATH, PATH.replace("-s", "%2Ds")], ids=["plain", "encoded"])
def test_an_invalid_request_is_answered_and_reaches_no_route(server: Server, path: str) -> None:
    before = created(server)
    answer = post(server, path, QUEUE | {"FunctionName": "s3cr3t!"})
    assert (answer.status, answer.headers["x-amzn-errortype"]) == (400, "InvalidParameterValueException")
    assert [each["path"] for each in json.loads(answer.body)["fieldList"]] == ["/FunctionName"]
    assert b"s3cr3t" not in answer.body
    assert created(server) == before


@pytest.mark.parametrize("path", DISGUISED)
@pytest.mark.parametrize("payload", [QUEUE, {}], ids=["valid", "invalid"])
def test_a_disguised_path_is_rejected(server: Server, path: str, payload: object) -> None:
    before = created(server)
    answer = post(server, path, payload)
    assert (answer.status, answer.headers["x-amzn-errortype"]) == (404, "UnknownOperationException")
    assert created(server) == before


@pytest.mark.parametrize("path", ["/orders", "/2015-03-31/"])
def test_an_unknown_path_is_left_to_the_application(server: Server, path: str) -> None:
    answer = post(server, path, QUEUE)
    assert (answer.status, json.loads(answer.body)) == (404, {"detail": "Not Found"})
    assert "x-amzn-errortype" not in answer.headers
