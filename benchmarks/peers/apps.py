"""Define the application of `gateway.py` with the check of a peer, as a careful author would write it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from . import wires
from .forms import CREATE
from .rounds import Engine

App = Callable[[Any, Any, Any], Any]


def checked(engine: Engine) -> App:
    """Return an application that rejects what an engine rejects."""
    valid = engine.verdict()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message["body"], message["more_body"]
        if not valid(body):
            await answer(send, 400, {"Type": "User", "message": "Something is wrong."})
            return
        request = json.loads(body)
        await answer(send, 202, {"UUID": "0", "State": "Creating", "BatchSize": request.get("BatchSize", 100)})

    return app


async def answer(send: Any, status: int, value: Any) -> None:
    content = json.dumps(value).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(content)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})


def __getattr__(name: str) -> App:
    builders = {"rust": wires.RUST, "pydantic": wires.pydantic_body}
    if name not in builders:
        raise AttributeError(name)
    return checked(builders[name](CREATE, "request")[0])
