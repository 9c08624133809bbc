"""The check service on uvicorn, which parses HTTP and manages connections. This module starts and stops it.

Why uvicorn and not a server of this package: most ASGI applications run on it, and its parser is llhttp's. A check
service should not have a parser of its own, whose differences a client could exploit.
"""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from types import FrameType
from typing import TYPE_CHECKING, Any

import uvicorn

from ..gateway.envoy.service import Service
from . import ServicePlan, Unservable, log
from .protocol import GuardedProtocol
from .workers import Workers

if TYPE_CHECKING:
    from ..gateway.envoy.processor import Processor

MARGIN = 5.0
"""Additional time in seconds for a process to end, before it is killed."""


class Server(uvicorn.Server):
    """One process of the check service: it serves HTTP and, if configured, Envoy's external processing over gRPC."""

    def __init__(
        self,
        config: uvicorn.Config,
        service: Service,
        processor: Callable[[], Processor] | None,
        drain: float,
        supervisor: int | None,
    ) -> None:
        super().__init__(config)
        self._service, self._make, self._drain, self._supervisor = service, processor, drain, supervisor
        self._processor: Processor | None = None
        self._left: float | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start serving HTTP on the sockets, and gRPC if configured."""
        if self._make is not None:
            self._processor = self._make()  # it belongs to the loop in which it is made
            await self._processor.start()
        await super().startup(sockets)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop accepting requests, and let those in progress finish, for a limited time."""
        if self._processor is not None:
            await self._processor.stop(self.config.timeout_graceful_shutdown)
        await super().shutdown(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Handle a signal: report "not ready", serve for the drain time, then stop. A second signal stops at once."""
        if self._left is not None:
            self.should_exit = True
            self.force_exit = self.force_exit or sig == signal.SIGINT
        self._service.ready = False
        self._left = self._drain

    async def on_tick(self, counter: int) -> bool:
        """Return whether to stop serving. uvicorn calls this ten times a second.

        It stops if the drain time after a signal is over, or if the supervising process has died.
        """
        if self._supervisor is not None and os.getppid() != self._supervisor:
            return True  # the supervisor has died
        if self._left is not None:
            self._left -= 0.1
            self.should_exit = self.should_exit or self._left < 0
        return await super().on_tick(counter)


def run(plan: ServicePlan) -> int:
    """Serve until a signal ends it, and return the exit code. Raise `Unservable` if the address cannot be used."""
    if plan.grpc_port is not None and find_spec("grpc") is None:  # imported by each worker for itself
        raise ModuleNotFoundError("no grpc", name="grpc")
    log.capture()
    listener = listen(plan.host, plan.port)
    reserved = None if plan.grpc_port is None else listen(plan.host, plan.grpc_port, reserves=True)
    places = {"http": _place(listener)} | ({} if reserved is None else {"grpc": _place(reserved)})
    log.report("serving", workers=plan.workers, **places)
    if plan.workers == 1:
        return work(plan, listener, reserved)
    forked = partial(work, plan, listener, reserved, os.getpid())
    code = Workers(plan.workers, forked, plan.drain + plan.grace + MARGIN).run()
    log.flush()
    return code


def work(
    plan: ServicePlan, listener: socket.socket, reserved: socket.socket | None, supervisor: int | None = None
) -> int:
    """Serve in this process until a signal ends it. Stop also if the supervising process, given by its id, dies."""
    GuardedProtocol.head_seconds = plan.header_seconds
    service = Service(
        requests=plan.requests,
        trust_forwarded=plan.trust_forwarded,
        on_access=log.on_access(plan.access_log),
        tell_passed=plan.access_log == "all",
        read_seconds=plan.read_seconds,
        **plan.settings,
    )
    service.warm()
    processor = None if reserved is None else processing(plan, service, _place(reserved))
    settings = config(plan, application(plan, service, listener.getsockname()[0]))
    Server(settings, service, processor, plan.drain, supervisor).run([listener])
    log.report("stopped", pid=os.getpid())
    log.flush()
    return 0


def application(plan: ServicePlan, service: Service, address: str) -> Any:
    """Return the ASGI application: the check service or, if configured, the playground in front of it.

    `address` is the one that the server listens on.
    """
    if not plan.playground:
        return service
    from .playground import Playground

    playground = Playground(service, edition=plan.settings["edition"], address=address)
    playground.warm()
    return playground


def processing(plan: ServicePlan, service: Service, address: str) -> Callable[[], Processor]:
    """Return a function that makes the gRPC service for Envoy's external processing at an address."""
    from ..gateway.envoy.exchange import ExchangePolicy
    from ..gateway.envoy.processor import Processor

    policy = ExchangePolicy(service.boundary, plan.requests, plan.responses, service.on_access)
    return lambda: Processor(address, policy, plan.connections)


def config(plan: ServicePlan, service: Any) -> uvicorn.Config:
    """Return uvicorn's settings for a service plan."""
    return uvicorn.Config(
        service,
        http=GuardedProtocol,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        limit_concurrency=plan.connections,
        timeout_keep_alive=plan.keep_alive,
        timeout_graceful_shutdown=max(1, round(plan.grace)),
    )


def listen(host: str, port: int, reserves: bool = False) -> socket.socket:
    """Return a listening socket. With `reserves`, it only reserves the port for the gRPC servers of workers."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.create_server(address[:2], family=family, backlog=2048)  # fails if the port is in use
        if not reserves:
            return listener
        with listener:
            place = listener.getsockname()
        reserved = socket.socket(family, socket.SOCK_STREAM)
        reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        reserved.bind(place)
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        raise Unservable(f"{host}:{port}: the service cannot listen on this address: {reason}") from None
    return reserved


def _place(of: socket.socket) -> str:
    host, port = of.getsockname()[:2]
    return f"[{host}]:{port}" if of.family == socket.AF_INET6 else f"{host}:{port}"
