"""Test fuzzing of servers that give no valid answer.

They are absent, hang, reset, redirect, stop, or send endless or malformed data.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from servers import bad, broken
from servers.reference import serving
from servers.runs import CREATE, GET, found, fuzz
from support.paths import TESTS

from lambda_validate.fuzz.engine import Unreachable


def test_a_redirect_is_a_finding_and_is_not_followed() -> None:
    arrived = []

    def elsewhere(connection: Any, over: Any) -> None:
        arrived.append(connection)

    with bad.listening(elsewhere) as other, serving(broken.Redirects(other)) as url:
        outcome = fuzz(url, GET)
    assert found(outcome) == {("status.unexpected", None, "")}
    assert [each.detail for each in outcome.findings] == ["307"]
    assert arrived == []


BAD = {
    bad.hang: "does not answer within",
    bad.drip: "does not answer within",
    bad.informs: "does not answer within",
    bad.stream: "more than 1 MiB",
    bad.chunks: "more than 1 MiB",
    bad.reset: "closes the connection",
    bad.close: "closes the connection",
    bad.half: "closes the connection",
    bad.half_chunk: "closes the connection",
    bad.bad_chunk: "closes the connection",
    bad.garbage: "not HTTP",
    bad.no_number: "not HTTP",
    bad.many_headers: "not HTTP",
}


@pytest.mark.parametrize(("behaviour", "why"), BAD.items(), ids=lambda each: getattr(each, "__name__", ""))
def test_a_server_that_never_answers_ends_the_run(behaviour: bad.Behaviour, why: str) -> None:
    timeout = 0.4 if "within" in why else 2 * bad.RESCUE  # only servers that wait need a short timeout
    with bad.listening(behaviour) as url, pytest.raises(Unreachable, match=why) as caught:
        fuzz(url, GET, timeout=timeout)
    assert str(caught.value).startswith(f"{url} ")
    assert "\n" not in str(caught.value)


def test_a_server_that_is_not_there_ends_the_run_at_once() -> None:
    with bad.listening(bad.close) as url:
        pass
    with pytest.raises(Unreachable, match="is not there: Connection refused"):
        fuzz(url, GET)


@contextmanager
def process(module: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Start a server in a separate process, which is ended by its id."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(TESTS.parent), str(TESTS)])}
    command = [sys.executable, "-m", module]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=TESTS, env=environment) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip(), server
        finally:
            server.kill()


def test_a_request_that_ends_the_server_is_a_finding() -> None:
    with process("servers.broken") as (url, server):
        outcome = fuzz(url, CREATE)
        assert server.wait(60) == 3
    (finding,) = (each for each in outcome.findings if each.kind == "server.gone")
    assert "MaximumBatchingWindowInSeconds" in finding.payload or "one of" in finding.detail
    assert any("is not there" in each for each in outcome.notes)


def test_a_request_that_has_no_answer_is_a_finding_while_others_have() -> None:
    with serving(broken.Silent()) as url:
        outcome = fuzz(url, GET)
    (finding,) = outcome.findings
    assert (finding.kind, finding.pointer, finding.detail) == ("answer.missing", "/FunctionName", "reset")
    assert finding.payload == {"FunctionName": "a" * 141}
