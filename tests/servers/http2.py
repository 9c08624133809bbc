"""Define an HTTP/2 client in cleartext. The test chooses each frame before the end of a stream."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from typing import Any

import h2.config
import h2.connection
import h2.events
from http_cases.servers import Answer

Pairs = Sequence[tuple[str, str]]

CONFIG = h2.config.H2Configuration(client_side=True, header_encoding="utf-8", validate_outbound_headers=False)


def send_request(
    port: int, method: str, path: str, headers: Pairs = (), data: bytes | None = None, trailers: Pairs | None = None
) -> Answer:
    """Send one request with optional data and trailers, and return the response. The status is 0 if there is none."""
    state = h2.connection.H2Connection(CONFIG)
    state.initiate_connection()
    head = [(":method", method), (":scheme", "http"), (":authority", "a"), (":path", path), *headers]
    state.send_headers(1, head, end_stream=data is None and trailers is None)
    if data is not None:
        state.send_data(1, data, end_stream=trailers is None)
    if trailers is not None:
        state.send_headers(1, trailers, end_stream=True)
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        return receive(connection, state)


def receive(connection: socket.socket, state: Any) -> Answer:
    found, body = {":status": "0"}, b""
    while True:
        connection.sendall(state.data_to_send())
        chunk = connection.recv(65_536)
        for event in state.receive_data(chunk):
            if isinstance(event, h2.events.ResponseReceived):
                found = dict(event.headers)
            elif isinstance(event, h2.events.DataReceived):
                body += event.data
            elif isinstance(event, h2.events.StreamReset):
                return Answer(0, {}, b"")
            elif isinstance(event, h2.events.StreamEnded):
                return Answer(int(found[":status"]), found, body)
        if not chunk:
            return Answer(0, {}, b"")
