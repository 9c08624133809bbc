"""Define a server that answers like the service, for the operations of an edition. `broken` defines its defects.

python -m servers.reference       in the folder tests: print the URL, and serve until it is stopped
"""

from __future__ import annotations

import json
import re
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

import lambda_validate as lv

REGION = "us-east-1:123456789012"


class Answer(NamedTuple):
    status: int
    body: Any
    error: str | None = None
    content_type: str = "application/json"
    location: str | None = None


class Reference:
    """Validate by the documents, as an account that has every requested function and stream."""

    validator = lv.Validator()
    ignores_bodies = False

    def answer(self, operation: lv.Operation, payload: Any) -> Answer:
        report = self.validator.validate_request(operation.name, payload)
        if not report.ok:
            return self.refusal(report)
        return Answer(operation.status, BODIES[operation.name](payload))

    def refusal(self, report: lv.Report) -> Answer:
        message = f"{len(report.errors)} validation error(s) detected: {'; '.join(v.message for v in report.errors)}"
        return Answer(400, {"Type": "User", "message": message}, "InvalidParameterValueException")


def mapping(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Return the response of CreateEventSourceMapping."""
    return {
        "UUID": "14e0db71-5d35-4eb5-b481-8945cf9d10c2",
        "BatchSize": int(payload.get("BatchSize", 10)),
        "EventSourceArn": payload["EventSourceArn"],
        "FunctionArn": function_arn(payload["FunctionName"]),
        "LastModified": 1541139209.351,
        "State": "Creating",
        "StateTransitionReason": "USER_INITIATED",
    }


def invoke_config(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Return the response of GetFunctionEventInvokeConfig."""
    return {
        "FunctionArn": function_arn(payload["FunctionName"], payload.get("Qualifier", "1")),
        "LastModified": 1541139209.351,
        "MaximumEventAgeInSeconds": 3600,
        "MaximumRetryAttempts": 2,
        "DestinationConfig": {"OnSuccess": {}, "OnFailure": {"Destination": f"arn:aws:sqs:{REGION}:failures"}},
    }


NAME = re.compile(
    r"(?:arn:(?:aws[a-zA-Z-]*)?:lambda:)?(?:[a-z]{2}(?:-gov)?-[a-z]+-[0-9]:)?(?:[0-9]{12}:)?(?:function:)?"
    r"(?P<name>[a-zA-Z0-9-_]+)(?::(?:\$LATEST|[a-zA-Z0-9-_]+))?"
)


def function_arn(name: str, qualifier: str = "1") -> str:
    """Return the full ARN of a function name in any form, with a qualifier that an ARN can contain."""
    match = NAME.fullmatch(name)
    return f"arn:aws:lambda:{REGION}:function:{match['name'] if match else 'f'}:{qualifier.replace('$', '') or 1}"


BODIES = {"CreateEventSourceMapping": mapping, "GetFunctionEventInvokeConfig": invoke_config}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    server: Server

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        found = routed(self.command, self.path, body)
        answer = Answer(404, {"message": "no such path"}, "UnknownOperationException")
        if found is not None:
            answer = self.respond(*found, body)
        self.write(answer)

    do_POST = do_GET

    def respond(self, operation: lv.Operation, payload: Any, body: bytes) -> Answer:
        behaviour = self.server.behaviour
        has_body = any(operation.location(name) == "body" for name in operation.members("request"))
        if body and not has_body and not behaviour.ignores_bodies:
            return Answer(400, {"Type": "User", "message": "no body is expected"}, "InvalidParameterValueException")
        return behaviour.answer(operation, payload)

    def write(self, answer: Answer) -> None:
        text = answer.body if isinstance(answer.body, str) else json.dumps(answer.body, separators=(",", ":"))
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(text.encode())))
        self.send_header("x-amzn-RequestId", "00000000-0000-4000-8000-000000000000")
        if answer.error:
            self.send_header("x-amzn-ErrorType", answer.error)
        if answer.location:
            self.send_header("Location", answer.location)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, format: str, *args: Any) -> None:
        """Print nothing."""


def routed(method: str, target: str, body: bytes) -> tuple[lv.Operation, Any] | None:
    """Return the operation and the payload of a request."""
    parts = urlsplit(target)
    for operation in map(lv.operation, lv.operations()):
        pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(operation.path))
        match = re.fullmatch(pattern, parts.path)
        if match and method == operation.method:
            uri = {name: unquote(value) for name, value in match.groupdict().items()}
            uri.update(parse_qsl(parts.query, keep_blank_values=True))
            whole = json.loads(body) if body and method == "POST" else {}
            return operation, {**uri, **whole} if isinstance(whole, dict) else whole
    return None


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, behaviour: Reference) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.behaviour = behaviour

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A disconnecting client is no error, and other errors appear in the response."""


@contextmanager
def serving(behaviour: Reference) -> Iterator[str]:
    """Serve on a free port until the block ends, and yield the URL."""
    with Server(behaviour) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server.url
        finally:
            server.shutdown()
            thread.join()


def main(behaviour: Reference) -> None:
    with Server(behaviour) as server:
        sys.stdout.write(f"{server.url}\n")
        sys.stdout.flush()
        server.serve_forever()


if __name__ == "__main__":
    main(Reference())
