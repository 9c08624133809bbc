"""Test the parts of uvicorn that `GuardedProtocol` overrides, because any release may change them."""

from __future__ import annotations

import asyncio
import inspect
import re
from importlib import metadata
from types import FunctionType

import pytest
import uvicorn
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from lambda_validate.serve.flow_control import PausingFlowControl
from lambda_validate.serve.protocol import GuardedProtocol

SIGNATURES = {
    "connection_made": ["transport"], "connection_lost": ["exc"], "data_received": ["data"], "eof_received": [],
    "on_message_begin": [], "on_header": ["name", "value"], "on_headers_complete": [], "on_body": ["body"],
    "on_message_complete": [], "on_response_complete": [], "send_400_response": ["msg"],
    "timeout_keep_alive_handler": [], "pause_writing": [], "resume_writing": [],
}  # fmt: skip
"""The parameters of each overridden method of uvicorn."""

USED = {
    "cycle", "flow", "headers", "loop", "parser", "pipeline", "timeout_keep_alive", "timeout_keep_alive_task",
    "transport",
}  # fmt: skip
"""Attributes of a connection that are read or set."""


def parameters(method: object) -> list[str]:
    assert isinstance(method, FunctionType)
    return [*inspect.signature(method).parameters][1:]


def test_every_method_that_is_overridden_is_listed() -> None:
    overridden = {name for name, found in vars(GuardedProtocol).items() if isinstance(found, FunctionType)}
    assert overridden & set(dir(HttpToolsProtocol)) == set(SIGNATURES)


@pytest.mark.parametrize("name", SIGNATURES)
def test_a_method_that_is_overridden_is_that_of_uvicorn(name: str) -> None:
    assert parameters(vars(HttpToolsProtocol)[name]) == parameters(vars(GuardedProtocol)[name]) == SIGNATURES[name]


def test_the_parts_that_are_used_exist() -> None:
    async def made() -> HttpToolsProtocol:
        return HttpToolsProtocol(uvicorn.Config(lambda: None, log_config=None), ServerState(), {})

    assert set(vars(asyncio.run(made()))) >= USED
    assert parameters(vars(HttpToolsProtocol)["_unset_keepalive_if_required"]) == []
    assert parameters(vars(FlowControl)["resume_reading"]) == []
    assert parameters(vars(PausingFlowControl)["resume_reading"]) == []
    cycle = inspect.getsource(RequestResponseCycle)
    for name in ("body", "disconnected", "keep_alive", "message_event", "more_body", "response_complete", "transport"):
        assert f"self.{name} =" in cycle


def test_the_installed_uvicorn_is_within_the_bound() -> None:
    wanted = next(each for each in metadata.requires("lambda-validate") or () if each.startswith("uvicorn"))
    bound = re.search(r"<0\.(\d+)", wanted)
    assert bound, "without an upper bound, a release that changes these methods would remove the checks on connections"
    assert tuple(map(int, uvicorn.__version__.split(".")[:2])) < (0, int(bound[1]))
