"""The command `serve`: the check service for gateways as a process of its own. Needs the extra `serve`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from ..http.events import Mode

AccessLog = Literal["all", "refused", "off"]


class ServicePlan(NamedTuple):
    """All settings of a service; times are in seconds.

    `drain` is how long requests are still taken after the signal to stop, and `grace` how long those under way may take
    after that. `settings` are those of `lambda_validate.http.boundary`.
    With `playground`, the reference and its box are served too.
    """

    host: str
    port: int
    grpc_port: int | None
    workers: int
    requests: Mode
    responses: Mode
    trust_forwarded: bool
    access_log: AccessLog
    connections: int
    header_seconds: float
    read_seconds: float
    keep_alive: int
    drain: float
    grace: float
    settings: Mapping[str, Any]
    playground: bool = False


class Unservable(Exception):
    """A service that cannot start; its text says what to do."""
