"""Define servers that break the HTTP protocol, by what each does with a connection."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"

RESCUE = 60.0
"""Seconds until a server stops, so that a client that would wait forever fails its test."""
Behaviour = Callable[[socket.socket, threading.Event], None]


def hang(connection: socket.socket, over: threading.Event) -> None:
    connection.recv(65536)
    over.wait()


def drip(connection: socket.socket, over: threading.Event) -> None:
    """Send a byte at short intervals. Each byte restarts a plain socket timeout."""
    connection.sendall(OK + b"X-Long: ")
    while not over.wait(0.05):
        connection.sendall(b"a")


def stream(connection: socket.socket, over: threading.Event) -> None:
    connection.sendall(OK + b"\r\n")
    while not over.is_set():
        connection.sendall(b" " * 65536)


def chunks(connection: socket.socket, over: threading.Event) -> None:
    connection.sendall(OK + b"Transfer-Encoding: chunked\r\n\r\n")
    while not over.is_set():
        connection.sendall(b"1000\r\n" + b" " * 4096 + b"\r\n")


def informs(connection: socket.socket, over: threading.Event) -> None:
    while not over.is_set():
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n" * 100)


def reset(connection: socket.socket, over: threading.Event) -> None:
    connection.recv(65536)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def close(connection: socket.socket, over: threading.Event) -> None:
    connection.recv(65536)


def half(connection: socket.socket, over: threading.Event) -> None:
    connection.recv(65536)
    connection.sendall(OK + b'Content-Length: 100\r\n\r\n{"half":')


def half_chunk(connection: socket.socket, over: threading.Event) -> None:
    connection.recv(65536)
    connection.sendall(OK + b"Transfer-Encoding: chunked\r\n\r\nff\r\n{")


def garbage(connection: socket.socket, over: threading.Event) -> None:
    connection.recv(65536)
    connection.sendall(bytes(range(256)) * 4 + b"\r\n\r\n")


def no_number(connection: socket.socket, over: threading.Event) -> None:
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 20x OK\r\n\r\n")


def many_headers(connection: socket.socket, over: threading.Event) -> None:
    connection.recv(65536)
    connection.sendall(OK + b"A: b\r\n" * 1000 + b"\r\n")


def bad_chunk(connection: socket.socket, over: threading.Event) -> None:
    connection.recv(65536)
    connection.sendall(OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n")


CERTIFICATE = Path(__file__).with_name("untrusted.pem")
"""Return a self-signed certificate for 127.0.0.1, and its key."""


def secured(behaviour: Behaviour) -> Behaviour:
    """Run the same server behind TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)

    def serve(connection: socket.socket, over: threading.Event) -> None:
        with context.wrap_socket(connection, server_side=True) as inner:
            behaviour(inner, over)

    return serve


def config(connection: socket.socket, over: threading.Event) -> None:
    """Return a valid response to every request."""
    while not over.is_set() and connection.recv(65536):
        connection.sendall(OK + b"Content-Length: 2\r\n\r\n{}")


@contextmanager
def listening(behaviour: Behaviour) -> Iterator[str]:
    """Listen on a free port until the block ends, and yield the URL."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.02)
        thread = threading.Thread(target=_accept, args=(server, behaviour, over))
        thread.start()
        rescue = threading.Timer(RESCUE, over.set)
        rescue.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}"
        finally:
            rescue.cancel()
            over.set()
            thread.join()


def _accept(server: socket.socket, behaviour: Behaviour, over: threading.Event) -> None:
    threads = []
    while not over.is_set():
        try:
            connection, _ = server.accept()
        except TimeoutError:
            continue
        threads.append(threading.Thread(target=_serve, args=(connection, behaviour, over)))
        threads[-1].start()
    for each in threads:
        each.join()


def _serve(connection: socket.socket, behaviour: Behaviour, over: threading.Event) -> None:
    with connection, suppress(OSError):  # the client disconnects, or stops reading
        connection.settimeout(RESCUE)
        behaviour(connection, over)
