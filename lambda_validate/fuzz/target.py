"""Parse the URL of an endpoint, resolve its host, and check whether that is this machine."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from ipaddress import IPv6Address, ip_address
from typing import Any, NamedTuple
from urllib.parse import SplitResult, urlsplit

Address = tuple[int, Any]
"""A socket family, such as `AF_INET`, and an address for `socket.connect`."""

PORTS = {"http": 80, "https": 443}


class TargetError(ValueError):
    """Raised for a URL that cannot or must not be used. The message says why in one line."""


class Target(NamedTuple):
    """An endpoint. Its host is resolved only once, so that a later answer of the DNS cannot lead to another machine."""

    scheme: str
    host: str
    port: int
    prefix: str
    addresses: tuple[Address, ...]

    @property
    def authority(self) -> str:
        """Host and port, as in the Host header and in a URL."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """The URL of the endpoint, to which the path of an operation is appended."""
        return f"{self.scheme}://{self.authority}{self.prefix}"


def target(url: str, allow_remote: bool = False) -> Target:
    """Return the endpoint that a URL names.

    Raise `TargetError` if the URL is malformed, or its host cannot be resolved. Also raise it if the host is not this
    machine, unless `allow_remote`.
    """
    parts, port = _parts(url)
    host = parts.hostname or ""
    addresses = _resolved(host, port)
    remote = [address[0] for _, address in addresses if not is_loopback(address[0])]
    if remote and not allow_remote:
        raise TargetError(f"{host} is not this machine ({remote[0]}); add --allow-remote to send requests to it")
    return Target(parts.scheme, host, port, parts.path.rstrip("/"), addresses)


def _parts(url: str) -> tuple[SplitResult, int]:
    try:
        parts = urlsplit(url)
        port = PORTS.get(parts.scheme, 0) if parts.port is None else parts.port
    except ValueError as error:
        raise TargetError(f"the URL cannot be read: {error}") from None
    for applies, why in _faults(url, parts):
        if applies:
            raise TargetError(f"the URL {why}, such as http://127.0.0.1:3000")
    return parts, port


def _faults(url: str, parts: SplitResult) -> Iterable[tuple[bool, str]]:
    """Yield for each check of a URL whether the URL fails it, and a message to print after the words "the URL"."""
    yield not (url.isascii() and url.isprintable() and " " not in url), "must be printable ASCII without blanks"
    yield parts.scheme not in PORTS or not parts.hostname, "must be http:// or https:// and a host"
    yield "@" in parts.netloc, "must contain no user or password: send credentials with --header"
    yield bool(parts.query or parts.fragment), "must end with the path, without ? and #"
    yield parts.port == 0, "must have a port above 0"


def _resolved(host: str, port: int) -> tuple[Address, ...]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise TargetError(f"{host} cannot be resolved: {getattr(error, 'strerror', None) or error}") from None
    return tuple((int(family), address) for family, _, _, _, address in found)


def is_loopback(address: str) -> bool:
    """Return whether an IP address is a loopback address, such as `::1%lo` (with a zone) or `::ffff:127.0.0.1`."""
    found = ip_address(address.partition("%")[0])
    inner = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return (inner or found).is_loopback
