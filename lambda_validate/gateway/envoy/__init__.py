"""The check service for gateways: Envoy's `ext_authz` and `ext_proc`, and forward authentication as Traefik does it.

`Service` is an ASGI application that judges requests which a gateway describes to it; `lambda-validate serve` runs it.
`processor` speaks Envoy's external processing over gRPC, which shows responses too (extra `envoy`).
"""

from __future__ import annotations

from .access import Access, OnAccess
from .service import Service

__all__ = ["Access", "OnAccess", "Service"]
