"""The check service for gateways: Envoy's `ext_authz` and `ext_proc`, and Traefik's forward authentication.

`Service` is an ASGI application. A gateway sends it a copy of each request, and it answers whether the request may
pass. `lambda-validate serve` runs it.

`processor` serves Envoy's external processing (`ext_proc`) over gRPC, in which Envoy sends responses too. It needs the
extra `envoy`. `exchange` has the logic of that protocol, without I/O.
"""

from __future__ import annotations

from .access import Access, OnAccess
from .service import Service

__all__ = ["Access", "OnAccess", "Service"]
