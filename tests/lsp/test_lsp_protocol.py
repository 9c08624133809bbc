"""Test invalid messages of a client: every request has an answer, and the session continues."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
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
    """Run the server with these messages. Return its exit status and its messages."""
    command = [sys.executable, "-m", "lambda_validate", "lsp"]
    ran = subprocess.run(command, input=b"".join(messages), capture_output=True, check=False, timeout=60, cwd=folder)
    return ran.returncode, [json.loads(each) for each in re.split(rb"Content-Length: .*\r\n.*\r\n\r\n", ran.stdout)[1:]]


def checked(*messages: bytes, count: int, folder: Path) -> tuple[int, list[Any]]:
    """Run the server with these messages, and end the session after this many lists of findings."""
    command = [sys.executable, "-m", "lambda_validate", "lsp"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        patience = threading.Timer(60, server.kill)
        patience.start()
        server.stdin.write(b"".join(messages))
        server.stdin.flush()
        sent: list[Any] = []
        while sum("method" in each for each in sent) < count:
            length = int(server.stdout.readline().split()[1])
            header = server.stdout.readline() + server.stdout.readline()
            sent.append(json.loads(server.stdout.read(length)))
            assert header.endswith(b"\r\n\r\n")
        server.stdin.write(END)
        server.stdin.flush()
        code = server.wait()
        patience.cancel()
        return code, sent


def codes(sent: list[Any]) -> dict[int, int | None]:
    """Return the error code by request id, or None for a result."""
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


ODD = (
    "file:///c%3A/Users/a%20b/template.yaml", "file:///C:/Users/a/template.yaml", "file://server/share/template.yaml",
    "FILE:///tmp/template.yaml", "file:///tmp/%00.yaml", "file:///tmp/a%2Fb.yaml", "file:///tmp/%E9.yaml", "file:",
    "file:///", "", "a b", "git:/tmp/a.yaml?%7B%7D", "vscode-notebook-cell:/a#b", f"file:///{'a' * 5_000}.yaml",
)  # fmt: skip
"""URIs of other systems, of other schemes, and of no file."""


def test_a_document_with_any_uri_has_findings_at_that_uri(tmp_path: Path):
    opened = [
        notification("textDocument/didOpen", {"textDocument": {**OPEN["textDocument"], "uri": each}}) for each in ODD
    ]
    unusable = notification("textDocument/didOpen", {"textDocument": {**OPEN["textDocument"], "uri": "http://[::1/"}})
    code, sent = checked(START, *opened, unusable, count=len(ODD), folder=tmp_path)
    shown = {each["params"]["uri"]: each["params"]["diagnostics"] for each in sent if "method" in each}
    assert code == 0
    found = {uri: [each["code"] for each in listed] for uri, listed in shown.items()}
    assert found == {uri: ["batch-size.window", "member.unknown", "batch-size.window"] for uri in ODD}
