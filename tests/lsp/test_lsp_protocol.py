"""The messages of a client that makes mistakes: every request has an answer, and the session goes on."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from test_lsp_checks import TEMPLATE

URI = "untitled:Untitled-1"
HOVER = "textDocument/hover"
PLACE = {"textDocument": {"uri": URI}, "position": {"line": 6, "character": 18}}
OPEN = {"textDocument": {"uri": URI, "languageId": "yaml", "version": 1, "text": TEMPLATE}}
INITIALIZE: dict[str, Any] = {"processId": None, "rootUri": None, "capabilities": {}}


def request(id: int, method: str, params: Any = None) -> bytes:
    return framed({"jsonrpc": "2.0", "id": id, "method": method, "params": params})


def notification(method: str, params: Any = None) -> bytes:
    return framed({"jsonrpc": "2.0", "method": method, "params": params})


def framed(message: Any) -> bytes:
    body = json.dumps(message).encode()
    return b"Content-Length: %d\r\n\r\n" % len(body) + body


START = request(0, "initialize", INITIALIZE) + notification("initialized", {})
END = request(99, "shutdown") + notification("exit")


def session(*messages: bytes, folder: Path) -> tuple[int, list[Any]]:
    """Run the server with these messages. Return its exit status and what it sends."""
    command = [sys.executable, "-m", "lambda_validate", "lsp"]
    ran = subprocess.run(command, input=b"".join(messages), capture_output=True, check=False, timeout=60, cwd=folder)
    return ran.returncode, [json.loads(each) for each in re.split(rb"Content-Length: .*\r\n.*\r\n\r\n", ran.stdout)[1:]]


def codes(sent: list[Any]) -> dict[int, int | None]:
    """Return the code of the error by the id of the request; None if it has a result."""
    return {each["id"]: each.get("error", {}).get("code") for each in sent if "method" not in each}


def test_a_request_with_invalid_parameters_has_an_error(tmp_path: Path):
    negative = {**PLACE, "position": {"line": -1, "character": 0}}
    asked = request(1, HOVER, {"textDocument": {"uri": URI}}) + request(2, HOVER, negative) + request(3, HOVER, PLACE)
    code, sent = session(START, asked, END, folder=tmp_path)
    assert (code, codes(sent)) == (0, {0: None, 1: -32602, 2: -32602, 3: None, 99: None})


def test_a_request_before_the_session_or_after_it_has_an_error(tmp_path: Path):
    late = request(99, "shutdown") + request(2, HOVER, PLACE) + notification("exit")
    code, sent = session(request(1, HOVER, PLACE), START, late, folder=tmp_path)
    assert (code, codes(sent)) == (0, {1: -32002, 0: None, 99: None, 2: -32600})


def test_an_unknown_method_has_an_error_or_is_ignored(tmp_path: Path):
    odd = request(1, "no/such") + notification("no/such", {}) + request(2, "$/optional")
    code, sent = session(START, odd, END, folder=tmp_path)
    assert (code, codes(sent)) == (0, {0: None, 1: -32601, 2: -32601, 99: None})


def test_mistakes_of_a_client_are_not_shown_to_the_user(tmp_path: Path):
    change = {"textDocument": {"uri": "file:///none", "version": 2}, "contentChanges": [{"text": "a"}]}
    mistakes = (
        framed([]), framed(5), framed({"id": 1}), b"Content-Length: 3\r\n\r\n{[]", b"Content-Length: 2\r\n\r\n\xff\xfe",
        notification("textDocument/didOpen", {}), notification("textDocument/didChange", change),
        notification("$/cancelRequest", {}), notification("$/cancelRequest", {"id": 7}),
    )  # fmt: skip
    code, sent = session(START, *mistakes, END, folder=tmp_path)
    assert (code, codes(sent)) == (0, {0: None, 99: None})
    assert [each["method"] for each in sent if "method" in each] == []


def test_a_client_that_dies_within_a_message_ends_the_server(tmp_path: Path):
    code, sent = session(START, b'Content-Length: 100\r\n\r\n{"jsonrpc"', folder=tmp_path)
    assert (code, codes(sent)) == (1, {0: None})
