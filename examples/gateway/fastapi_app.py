"""Serve one operation of Lambda beside other routes with FastAPI: `uvicorn fastapi_app:app` in this folder.

A request for an operation is validated before it reaches its route; every other route of the application passes.
"""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from lambda_validate.gateway.asgi import Middleware

app = FastAPI()
app.add_middleware(Middleware)
mappings: list[dict[str, Any]] = []


@app.get("/health")
def health() -> dict[str, int]:
    """Return how many mappings there are."""
    return {"mappings": len(mappings)}


@app.post("/2015-03-31/event-source-mappings/", status_code=202)
def create_event_source_mapping(mapping: dict[str, Any]) -> dict[str, Any]:
    """Create a mapping; `mapping` is valid here."""
    mappings.append(mapping)
    return mapping | {"State": "Creating"}
