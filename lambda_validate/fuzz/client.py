"""An HTTP client with limits on time and memory. It returns an answer, or a reason why there is none.

`http.client` reads the answer. This module adds a limit for the whole exchange (the timeout of a socket starts anew
with every byte), a limit for the body, and one way to describe errors.
"""

from __future__ import annotations

import io
import socket
import ssl
import time
from http.client import HTTPConnection, HTTPException, HTTPResponse, IncompleteRead
from types import SimpleNamespace
from typing import Any, NamedTuple, cast

from .target import Target
from .wire import Request

BODY_BYTES = 1 << 20
"""Maximum number of bytes of a body to read. No answer of the API is nearly as large."""

HUNG, RESET, GARBAGE, ENDLESS, REFUSED = "hung", "reset", "garbage", "endless", "refused"
UNTRUSTED, NOT_TLS = "untrusted", "plain"

REASONS = {
    HUNG: "does not answer within {timeout:g} s",
    RESET: "closes the connection before its answer is complete",
    GARBAGE: "answers with something that is not HTTP",
    ENDLESS: "answers with more than 1 MiB, which is not read to the end",
    REFUSED: "is not there: {error}",
    UNTRUSTED: "has a certificate that is not trusted ({error}); SSL_CERT_FILE can name a file of trusted certificates",
    NOT_TLS: "does not speak TLS, which https:// needs ({error})",
}


class NoAnswer(Exception):
    """Raised if a request gets no complete answer.

    `kind` is a key of `REASONS`, such as `"hung"`. The message continues a sentence that begins with "the server".
    """

    def __init__(self, kind: str, timeout: float, error: object = "") -> None:
        self.kind = kind
        super().__init__(REASONS[kind].format(timeout=timeout, error=error))


class ServerAnswer(NamedTuple):
    """A complete answer of the server. The names of its headers are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


QUICK: int | None = getattr(socket, "TCP_QUICKACK", None)
"""The socket option to acknowledge data at once (RFC 1122, 4.2.3.2). Without it, a server that sends headers and body
separately waits 40 ms for the acknowledgement. Linux resets the option, so it is set before each read."""


class _Deadline(io.RawIOBase):
    """A stream that reads from a socket. After a point in time, it raises `TimeoutError`."""

    def __init__(self, connection: socket.socket, until: float) -> None:
        self._connection, self._until = connection, until

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._connection.settimeout(left)
        if QUICK is not None:
            self._connection.setsockopt(socket.IPPROTO_TCP, QUICK, 1)
        return self._connection.recv_into(buffer)


class Client:
    """Sends requests to an endpoint over one connection, which is reused. Threads must not share a client."""

    def __init__(self, target: Target, timeout: float = 5.0) -> None:
        self._target, self._timeout = target, timeout
        self._socket: socket.socket | None = None
        self._until = 0.0

    def close(self) -> None:
        """Close the connection; the next request opens another."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def send(self, request: Request) -> ServerAnswer:
        """Send a request, and return the answer. Raise `NoAnswer` if no complete answer arrives in time."""
        self._until = time.monotonic() + self._timeout
        if self._socket is not None:
            try:
                return self._exchange(self._socket, request)
            except NoAnswer as failure:  # a server may close a connection that it kept open; that is no failure
                if failure.kind != RESET:
                    raise
        return self._exchange(self._connect(), request)

    def _exchange(self, connection: socket.socket, request: Request) -> ServerAnswer:
        """Send a request over a connection, and return the answer.

        Any error closes the connection and raises `NoAnswer`.
        """
        try:
            return self._answer(connection, request)
        except NoAnswer as failure:
            kind = failure.kind
        except TimeoutError:
            kind = HUNG
        except (OSError, IncompleteRead):
            kind = RESET
        except (HTTPException, ValueError, IndexError, AttributeError):  # its parser trusts headers more than it should
            kind = GARBAGE
        self.close()
        raise NoAnswer(kind, self._timeout)

    def _answer(self, connection: socket.socket, request: Request) -> ServerAnswer:
        connection.settimeout(self._timeout)
        connection.sendall(_written(self._target, request))
        # `HTTPResponse` calls no other method of the socket than `makefile`. So it is given an object that has only
        # this method, which returns a reader with a deadline.
        source = SimpleNamespace(makefile=lambda _: io.BufferedReader(_Deadline(connection, self._until)))
        response = HTTPResponse(cast(socket.socket, source), method=request.method)
        response.begin()
        body = response.read(BODY_BYTES + 1)
        if len(body) > BODY_BYTES:
            raise NoAnswer(ENDLESS, self._timeout)
        if response.length:
            raise NoAnswer(RESET, self._timeout)
        if response.will_close:
            self.close()
        return ServerAnswer(response.status, {name.lower(): value for name, value in response.getheaders()}, body)

    def _connect(self) -> socket.socket:
        problem: object = "no address"
        for family, address in self._target.addresses:
            left = self._until - time.monotonic()
            if left <= 0:
                raise NoAnswer(HUNG, self._timeout)
            made = socket.socket(family, socket.SOCK_STREAM)
            try:
                self._socket = self._ready(made, address, left)
            except TimeoutError:
                made.close()
                problem = "no answer"
            except ssl.SSLError as error:
                made.close()
                raise _insecure(error, self._timeout) from None
            except OSError as error:
                made.close()
                problem = error.strerror or error
            else:
                return self._socket
        raise NoAnswer(REFUSED, self._timeout, problem)

    def _ready(self, made: socket.socket, address: Any, left: float) -> socket.socket:
        made.settimeout(left)
        made.connect(address)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._target.scheme == "http":
            return made
        return ssl.create_default_context().wrap_socket(made, server_hostname=self._target.host)


def _insecure(error: ssl.SSLError, timeout: float) -> NoAnswer:
    if isinstance(error, ssl.SSLCertVerificationError):
        return NoAnswer(UNTRUSTED, timeout, error.verify_message)
    return NoAnswer(NOT_TLS, timeout, (error.reason or "no handshake").lower().replace("_", " "))


def _written(target: Target, request: Request) -> bytes:
    """Return the bytes of an HTTP request. Headers that the user sets replace the default ones, such as User-Agent."""
    headers = {"user-agent": "lambda-validate", "host": target.authority, "accept-encoding": "identity"}
    connection, written = HTTPConnection(target.authority), bytearray()
    cast(Any, connection).sock = SimpleNamespace(sendall=written.extend)
    given = {name.lower(): value for name, value in request.headers}
    connection.request(request.method, f"{target.prefix}{request.target}", request.body, {**headers, **given})
    return bytes(written)
