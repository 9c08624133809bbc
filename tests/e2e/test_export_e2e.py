"""Test the exports in openapi-core, Prism, schemathesis, ajv and moto: their verdicts equal those of the validator."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
import venv
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import create_connection, socket
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote

import pytest
from support.exporting import AUTHORIZED, Sent, cases, lost, sent
from support.paths import TESTS

from lambda_validate import catalog, export

pytestmark = pytest.mark.e2e
EACH = ["documents", pytest.param("current", marks=pytest.mark.exhaustive)]
"""The editions. Only an exhaustive run tests `current`, because its corpus takes minutes."""

HERE = TESTS
VALIDATORS = HERE / "validators"
EVERY = [(edition, name) for edition in catalog.EDITIONS for name in catalog.operations(edition)]
SHARED = frozenset({"GetProvisionedConcurrencyConfig", "ListProvisionedConcurrencyConfigs",
                    "GetLayerVersionByArn", "ListLayers"})  # fmt: skip
"""Operations that OpenAPI merges. The merged one accepts what either accepts."""


def done(command: list[Any], *, give: Any = None, folder: Path | None = None) -> str:
    text = None if give is None else json.dumps(give)
    ran = subprocess.run(command, input=text, capture_output=True, text=True, cwd=folder, timeout=900, check=False)
    assert ran.returncode == 0, (ran.stdout[-2000:], ran.stderr[-2000:])
    return ran.stdout


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the script folder of an environment with openapi-core and schemathesis."""
    folder = tmp_path_factory.mktemp("tools")
    venv.create(folder, with_pip=True)
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    done([programs / "python", "-m", "pip", "install", "--quiet", "openapi-core>=0.19", "schemathesis>=4"])
    return programs


@pytest.fixture(scope="module")
def npm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with Prism and ajv."""
    program = shutil.which("npm")
    assert program, "npm is not here, which brings Prism and ajv"
    folder = tmp_path_factory.mktemp("npm")
    wanted = ["@stoplight/prism-cli@5", "ajv@8"]
    done([program, "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", folder, *wanted])
    shutil.copy(VALIDATORS / "ajv.cjs", folder)
    return folder


class Known(NamedTuple):
    """A known difference, its condition, and its reason."""

    holds: Callable[[Sent], bool]
    why: str


def query(each: Sent) -> str:
    return each.request.target.partition("?")[2]


KNOWN = [
    Known(lambda each: each.case.rule == "member.unknown" and "nknown" in query(each),
               "OpenAPI admits any other name in a query"),
    Known(lambda each: len(each.request.target) > 8192, "the length of a target is our own limit"),
    Known(lambda each: each.case.operation in SHARED, "two operations are one"),
]  # fmt: skip
CORE = [
    *KNOWN,
    Known(lambda each: "%2F" in each.request.target.partition("?")[0], "openapi-core splits a path once decoded"),
]
PRISM = [
    *KNOWN,
    Known(lambda each: "=&" in f"{query(each)}&", "Prism takes an empty value in the query for none"),
]


def unexplained(verdicts: dict[int, bool], those: list[Sent], losses: Any, known: list[Known]) -> list[str]:
    return [
        f"{each.case.id}: {verdicts[index]}"
        for index, each in enumerate(those)
        if verdicts[index] != each.passes
        and not lost(losses, each.case, "relation", "format")
        and not any(one.holds(each) for one in known)
    ]


def row(each: Sent) -> dict[str, Any]:
    """Return a request as frameworks pass it to openapi-core, with a decoded path."""
    path, _, query = each.request.target.partition("?")
    return {
        "method": each.request.method,
        "path": unquote(path),
        "query": parse_qs(query, keep_blank_values=True),
        "headers": dict(each.request.headers),
        "body": (each.request.body or b"").decode(),
    }


@pytest.mark.parametrize("edition", EACH)
def test_openapi_core_agrees_on_requests(tools: Path, edition: str) -> None:
    made = export.openapi(edition)
    those = [each for name in catalog.operations(edition) for each in sent(edition, name)]
    job = {"document": made.document, "rows": list(map(row, those))}
    verdicts = json.loads(done([tools / "python", VALIDATORS / "with_openapi_core.py"], give=job))
    assert len(verdicts) == len(those) > 100
    assert unexplained(dict(enumerate(verdicts)), those, made.losses, CORE) == []


@pytest.mark.parametrize("edition", EACH)
def test_openapi_core_agrees_on_responses(tools: Path, edition: str) -> None:
    made = export.openapi(edition)
    checked = [(each, facts) for facts in map(catalog.find(edition).operation, catalog.operations(edition))
              if facts.name not in SHARED for each in cases(edition, facts.name, "response")]  # fmt: skip
    rows = [
        {"method": facts.method, "path": facts.path.replace("{", "").replace("}", ""), "query": {}, "headers": {},
         "body": "", "status": facts.status, "answer": json.dumps(each.payload)}
        for each, facts in checked
    ]  # fmt: skip
    job = {"document": made.document, "rows": rows}
    verdicts = json.loads(done([tools / "python", VALIDATORS / "with_openapi_core.py"], give=job))
    disagreements = [each.id for (each, facts), verdict in zip(checked, verdicts, strict=True)
             if verdict != each.valid and not lost(made.losses, each, "relation", "format")
             and facts.status != 204]  # fmt: skip
    assert disagreements == []


@pytest.mark.parametrize("draft", ["2020-12", "draft-07"])
@pytest.mark.parametrize("chosen", EACH)
def test_ajv_agrees_on_json_schemas(npm: Path, draft: str, chosen: str) -> None:
    made = {chosen: export.json_schema(chosen, draft=draft)}
    every = [(edition, name) for edition, name in EVERY if edition == chosen]
    names = [(edition, name, direction) for edition, name in every for direction in catalog.DIRECTIONS]
    checks = [
        {"schema": made[edition].files[f"{name}.{direction}"],
         "payloads": [each.payload for each in cases(edition, name, direction)]}
        for edition, name, direction in names
    ]  # fmt: skip
    verdicts = json.loads(done(["node", "ajv.cjs"], give={"draft": draft, "checks": checks}, folder=npm))
    disagreements = [
        each.id
        for (edition, name, direction), results in zip(names, verdicts, strict=True)
        for each, verdict in zip(cases(edition, name, direction), results, strict=True)
        if verdict != each.valid and not lost(made[edition].losses, each, "relation", "format")
    ]
    assert disagreements == []


class Upstream(BaseHTTPRequestHandler):
    """An upstream server whose `answer` defines the response."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("content-length") or 0))
        status, body = self.server.answer  # type: ignore[attr-defined]  # set by who starts it
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_PUT = do_DELETE = do_GET

    def log_message(self, *arguments: Any) -> None:
        """Print nothing."""


class Proxy(NamedTuple):
    port: int
    upstream: Any

    def violations(self, sent: Any, status: int, answer: bytes, side: str) -> bool:
        """Return whether Prism reports no error for a request and its response."""
        self.upstream.answer = (status, answer)
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(sent.method, sent.target, sent.body, dict(sent.headers))
            response = connection.getresponse()
            response.read()
            reported = json.loads(response.getheader("sl-violations") or "[]")
        finally:
            connection.close()
        found = [each for each in reported if each["severity"] == "Error" and each["location"][0] == side]
        return not found and response.status < 400


def free_port() -> int:
    with socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def wait_for(port: int, process: subprocess.Popen[Any]) -> None:
    for _ in range(600):
        assert process.poll() is None, "the server ended"
        try:
            create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server does not listen")


def proxied(npm: Path, folder: Path, document: Any) -> Iterator[Proxy]:
    file = folder / "openapi.json"
    file.write_text(json.dumps(document), "utf-8")
    upstream = ThreadingHTTPServer(("127.0.0.1", 0), Upstream)
    thread = threading.Thread(target=upstream.serve_forever)
    thread.start()
    port = free_port()
    prism = npm / "node_modules" / "@stoplight" / "prism-cli" / "dist" / "index.js"
    command = ["node", prism, "proxy", file, f"http://127.0.0.1:{upstream.server_port}", "-p", str(port)]
    with (folder / "prism.log").open("w") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        try:
            wait_for(port, process)
            yield Proxy(port, upstream)
        finally:
            process.terminate()
            upstream.shutdown()
            thread.join()
            upstream.server_close()


CURRENT = ("PutFunctionEventInvokeConfig", "TagResource", "UntagResource", "ListTags")
"""Current operations. Patterns of tags contain letters of every script, which Prism puts into a header."""
PROXIED = [*(("documents", name) for name in catalog.operations()), *(("current", name) for name in CURRENT)]


@pytest.mark.parametrize(("edition", "name"), PROXIED)
def test_prism_agrees_on_requests_and_responses(npm: Path, tmp_path: Path, edition: str, name: str) -> None:
    made, facts = export.openapi(edition, [name]), catalog.operation(name, edition)
    those = list(sent(edition, name))
    good = next(each for each in those if each.passes and each.case.rule is None)
    plain, answered = (b"", []) if facts.status == 204 else (b"{}", cases(edition, name, "response"))
    for proxy in proxied(npm, tmp_path, made.document):
        reported = {
            index: proxy.violations(each.request, facts.status, plain, "request") for index, each in enumerate(those)
        }
        answers = [(each, json.dumps(each.payload).encode()) for each in answered]
        disagreements = [
            each.id
            for each, body in answers
            if proxy.violations(good.request, facts.status, body, "response") != each.valid
            and not lost(made.losses, each, "relation", "format")
        ]
    assert unexplained(reported, those, made.losses, PRISM) == []
    assert disagreements == []


def explored(tools: Path, folder: Path, *options: str, edition: str = "documents", **environment: str) -> Any:
    """Return the report of schemathesis on an application behind the middleware."""
    file = folder / "openapi.json"
    file.write_text(json.dumps(export.openapi(edition).document), "utf-8")
    port = free_port()
    serving = {**os.environ, "EDITION": edition, "PYTHONPATH": f"{HERE.parent}{os.pathsep}{VALIDATORS}", **environment}
    server = [sys.executable, "-m", "uvicorn", "service:app", "--port", str(port), "--log-level", "critical"]
    with subprocess.Popen(server, env=serving, stderr=subprocess.DEVNULL) as process:
        try:
            wait_for(port, process)
            command = [tools / "st", "run", file, "--url", f"http://127.0.0.1:{port}", "--checks", "all", "--no-color",
                       "--exclude-checks", "ignored_auth,missing_required_header", "--seed", "1",
                       "--header", ": ".join(AUTHORIZED[0]), *options]  # fmt: skip
            return subprocess.run(command, capture_output=True, text=True, cwd=folder, timeout=600, check=False)
        finally:
            process.terminate()


def test_schemathesis_finds_nothing(tools: Path, tmp_path: Path) -> None:
    """Signatures are ignored, because the middleware does not validate them."""
    ran = explored(tools, tmp_path, "--max-examples", "60")
    assert ran.returncode == 0, ran.stdout[-3000:]
    assert "No issues found" in ran.stdout


@pytest.mark.parametrize("rule", ["batch-size.sqs", "batch-size.dynamodb", "starting-position.required"])
def test_schemathesis_finds_a_disabled_conditional_rule(tools: Path, tmp_path: Path, rule: str) -> None:
    """Schemathesis ignores `if` and `then`, but supports branches."""
    ran = explored(tools, tmp_path, "--max-examples", "60", DISABLED=rule)
    assert "Schema-violating request accepted" in ran.stdout, ran.stdout[-3000:]


TODAY = ("CreateAlias", "ListFunctions", "PutFunctionRecursionConfig", "GetFunctionConcurrency", "ListTags",
         "TagResource", "UntagResource", "ListAliases", "AddPermission", "PublishLayerVersion",
         "PutFunctionEventInvokeConfig", "GetFunction", "DeleteAlias")  # fmt: skip
UNSAID = {
    "Qualifier must agree with the version or alias": "a relation, which no schema states",
    r"must be a tag (key|value); character": "beyond the basic plane, a pattern in ASCII takes any character",
    r"expression pattern: \(\[\\+p\{L\}": "the same, where schemathesis truncates an answer about several tags",
}
"""Failures that schemathesis reports, by response, and why the document does not state the constraint."""


def test_schemathesis_finds_only_reported_losses_in_current_operations(tools: Path, tmp_path: Path) -> None:
    chosen = [part for name in TODAY for part in ("--include-operation-id", name)]
    ran = explored(tools, tmp_path, "--max-examples", "20", *chosen, edition="current")
    assert f"Tested: {len(TODAY)}" in ran.stdout, ran.stdout[-3000:]
    found = re.split(r"^\d+\. Test Case ID", ran.stdout.partition("= FAILURES =")[2], flags=re.MULTILINE)[1:]
    assert (ran.returncode == 0) is (not found)
    assert [each for each in found if not any(re.search(known, each) for known in UNSAID)] == []
    kinds = {each.kind for each in export.openapi("current", TODAY).losses}
    assert kinds >= {"relation", "astral", "target"}


@pytest.mark.filterwarnings("ignore")  # moto itself warns
@pytest.mark.parametrize("edition", catalog.EDITIONS)
def test_moto_takes_the_document_and_the_models(edition: str, monkeypatch: pytest.MonkeyPatch) -> None:
    boto3, moto = pytest.importorskip("boto3"), pytest.importorskip("moto", reason="moto comes with the extra e2e")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "none")
    made = export.api_gateway(edition)
    with moto.mock_aws():
        client = boto3.client("apigateway", region_name="us-east-1")
        api = client.import_rest_api(body=json.dumps(_without_integrations(made.document)))["id"]
        resources = client.get_resources(restApiId=api, limit=500)["items"]
        found = {(each["path"], method.lower()) for each in resources for method in each.get("resourceMethods", ())}
        other = client.create_rest_api(name="models")["id"]
        for name, model in made.files.items():
            client.create_model(restApiId=other, name=name, schema=json.dumps(model), contentType="application/json")
        models = {each["name"] for each in client.get_models(restApiId=other, limit=500)["items"]}
    assert found == {(path, method) for path, item in made.document["paths"].items() for method in item}
    assert models == made.files.keys()


def _without_integrations(document: Any) -> Any:
    """Return the document with the changes that moto requires: even a mock integration needs an address."""
    paths = {
        path: {method: {key: value for key, value in each.items() if not key.endswith("integration")}
               for method, each in item.items()}
        for path, item in document["paths"].items()
    }  # fmt: skip
    return {**document, "paths": paths}
