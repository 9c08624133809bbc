"""The command `serve`: the check service for gateways, as a process. Needs the extra `serve`.

    server        the service on uvicorn: start, drain, stop         workers       several processes
    protocol      limits on connections, on top of uvicorn           flow_control  unparsed bytes of a connection
    log           everything that the service logs                   log_writer    writing to a reader that may stall
    playground    the reference pages, with a form to check input

Input: a `ServicePlan`. Output: an exit code. The service itself is `gateway.envoy.Service`. This package only runs it:
it listens, limits connections, writes logs, and ends in order. On the first signal, `/readyz` answers 503 for `drain`
seconds while requests are still served. Then no more are accepted, and those in progress have `grace` seconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from ..http.events import Mode

AccessLog = Literal["all", "refused", "off"]


class ServicePlan(NamedTuple):
    """All settings of a check service. Times are in seconds.

    `drain` is the time in which requests are still accepted after the signal to stop. `grace` is the time that requests
    in progress may take after that. `settings` are those of `lambda_validate.http.boundary`. With `playground`, the
    reference pages are served too, with a form to check input.
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
    """The service cannot start. The error's string says why, and what to do."""
