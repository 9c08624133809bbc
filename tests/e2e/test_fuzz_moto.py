"""Test fuzzing with moto, an independent mock of AWS: it accepts requests that the documents forbid."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
import venv
from collections.abc import Iterator
from importlib.util import find_spec
from socket import create_server
from typing import Any

import pytest
from support.paths import TESTS

from lambda_validate import cli

pytestmark = pytest.mark.e2e

ACCOUNT = TESTS / "servers" / "moto_account.py"
SCOPE = "Authorization: AWS4-HMAC-SHA256 Credential=testing/20260101/us-east-1/lambda/aws4_request, Signature=0"
"""moto selects its services by this value, and checks no signature."""


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return an interpreter that has moto: this one, or one of a new environment."""
    if find_spec("moto") is not None and find_spec("flask") is not None:
        return sys.executable
    home = tmp_path_factory.mktemp("moto")
    venv.create(home, with_pip=True)
    interpreter = home / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    subprocess.run([interpreter, "-m", "pip", "install", "--quiet", "moto[server]>=5"], check=True, timeout=600)
    return str(interpreter)


@pytest.fixture(scope="module")
def moto(python: str) -> Iterator[str]:
    """Yield the URL of a moto server of the tests."""
    with create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    command = [python, "-c", "from moto.server import main; main()", "-H", "127.0.0.1", "-p", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            wait_for(url)
            yield url
        finally:
            server.terminate()
            server.wait(20)


def wait_for(url: str) -> None:
    end = time.monotonic() + 60
    while not answers(url):
        assert time.monotonic() < end, "moto does not start"
        time.sleep(0.1)


def answers(url: str) -> bool:
    """Return whether a server gives any answer."""
    try:
        urllib.request.urlopen(f"{url}/moto-api/", timeout=5).close()
    except urllib.error.HTTPError as answer:
        answer.close()
    except OSError:
        return False
    return True


@pytest.fixture(scope="module")
def existing(python: str, moto: str) -> dict[str, list[str]]:
    """Return the resources of the account: a function, a queue, a stream and the stream of a table."""
    filled = subprocess.run([python, str(ACCOUNT), moto], check=True, capture_output=True, text=True, timeout=120)
    found: dict[str, list[str]] = json.loads(filled.stdout)
    return found


@pytest.fixture
def fuzz(moto: str, capsys: pytest.CaptureFixture[str]) -> Any:
    def run(operation: str, existing: dict[str, list[str]], *argv: str) -> set[tuple[str, str | None, str]]:
        known = [f"--existing={name}={value}" for name, values in existing.items() for value in values]
        options = ("--edition", "documents", "--seed", "1", "--max-time", "30", "--report", "json", "--header", SCOPE)
        assert cli.main(["fuzz", operation, "--url", moto, *options, *known, *argv]) == 1
        findings = json.loads(capsys.readouterr().out)["findings"]
        return {(each["kind"], each["rule"] if "." in each["rule"] else None, each["detail"]) for each in findings}

    return run


ACCEPTED = {
    "batch-size.dynamodb", "batch-size.minimum", "batch-size.sqs", "batch-size.type", "enabled.type",
    "maximum-batching-window-in-seconds.maximum", "maximum-batching-window-in-seconds.minimum",
    "maximum-batching-window-in-seconds.type", "member.unknown", "starting-position-timestamp.required",
    "starting-position-timestamp.type", "starting-position.at-timestamp", "starting-position.enum",
    "starting-position.required", "starting-position.type",
}  # fmt: skip
"""The rules that moto 5.2 does not enforce."""


def test_moto_accepts_invalid_requests_and_returns_unexpected_statuses(fuzz: Any, existing: Any) -> None:
    found = fuzz("CreateEventSourceMapping", existing, "--max-examples", "40")
    accepted = {rule for kind, rule, _ in found if kind == "invalid.accepted"}
    assert accepted >= ACCEPTED
    kinds = {(kind, detail.partition(" ")[0]) for kind, _, detail in found}
    assert kinds >= {("status.unexpected", "201"), ("content-type.unexpected", "text/html"), ("error.status", "400")}
    assert ("server.error", "500") in kinds


def test_moto_fails_inside_on_names_that_the_documents_allow(fuzz: Any, existing: Any) -> None:
    names = {"FunctionName": existing["FunctionName"]}
    found = fuzz("GetFunctionEventInvokeConfig", names, "--max-examples", "0")
    accepted = {rule for kind, rule, _ in found if kind == "invalid.accepted"}
    assert accepted >= {"member.unknown", "qualifier.max-length", "qualifier.min-length", "qualifier.pattern"}
    kinds = {(kind, detail.partition(" ")[0]) for kind, _, detail in found}
    assert kinds >= {("server.error", "500"), ("error.body", "404")}
