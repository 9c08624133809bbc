"""Test the command `lambda-validate fuzz`: arguments, reports and exit codes."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any, NamedTuple
from xml.etree import ElementTree

import pytest
from servers import bad, broken
from servers.reference import Reference, serving

import lambda_validate as lv
from lambda_validate import cli, strategies
from lambda_validate.fuzz import engine

CREATE, GET = "CreateEventSourceMapping", "GetFunctionEventInvokeConfig"
QUICK = ("--minimal", "--max-examples", "0", "--seed", "7")


pytestmark = pytest.mark.usefixtures("by_documents")


class Ran(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def fuzz(capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*argv: str) -> Ran:
        code = cli.main(["fuzz", *argv])
        return Ran(code, *capsys.readouterr())

    return run


class TestCorpus:
    @pytest.mark.parametrize("operation", [CREATE, GET])
    @pytest.mark.parametrize("direction", ["request", "response"])
    def test_the_corpus_is_printed_as_json_lines(self, fuzz: Run, operation: str, direction: str):
        ran = fuzz(operation, "--corpus", "--minimal", "--direction", direction)
        rows = [json.loads(line) for line in ran.out.splitlines()]
        assert rows == [each.row() for each in strategies.corpus(operation, direction=direction)]
        assert (ran.code, ran.err) == (0, "")

    def test_the_full_corpus_is_printed_by_default(self, fuzz: Run):
        assert len(fuzz(GET, "--corpus").out.splitlines()) == len(strategies.corpus(GET, minimal=False))

    def test_printing_the_corpus_sends_no_requests(self, fuzz: Run, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("connected"))
        assert fuzz(GET, "--corpus", "--minimal").code == 0


class TestUsage:
    @pytest.mark.parametrize(
        ("argv", "why"),
        [
            ((GET,), "one of the arguments --url --corpus is required"),
            ((GET, "--corpus", "--url", "http://127.0.0.1"), "not allowed with"),
            (("GetFunctionEventInvokeConfg", "--corpus"), "did you mean 'GetFunctionEventInvokeConfig'?"),
            ((GET, "--corpus", "--edition", "document"), "did you mean 'documents'?"),
            ((GET, "--url", "http://10.0.0.1"), "10.0.0.1 is not this machine"),
            ((GET, "--url", "nonsense"), "must be http:// or https://"),
            ((GET, "--url", "http://127.0.0.1:1"), "http://127.0.0.1:1 is not there"),
            ((GET, "--url", "http://127.0.0.1:1", "--disable", "function-name.lenght"), "function-name.length"),
            ((GET, "--url", "http://127.0.0.1:1", "--existing", "Functionname=f"), "did you mean 'FunctionName'?"),
            ((GET, "--url", "http://127.0.0.1:1", "--existing", "f"), "expected a member and its value"),
            ((GET, "--url", "http://127.0.0.1:1", "--header", "nonsense"), "expected a header"),
            ((GET, "--url", "http://127.0.0.1:1", "--header", "A: b\r\nC: d"), "expected a header"),
            ((GET, "--url", "http://127.0.0.1:1", "--max-examples", "-1"), "expected a whole number"),
            ((GET, "--url", "http://127.0.0.1:1", "--max-time", "0"), "seconds above 0"),
            ((GET, "--url", "http://127.0.0.1:1", "--timeout", "nan"), "seconds above 0"),
            (
                (GET, "--url", "http://127.0.0.1:1", "--report", "xml"),
                "--report cannot be 'xml'; choose from json or junit",
            ),
        ],
    )
    def test_a_usage_error_is_one_line_and_exits_2(self, fuzz: Run, argv: tuple[str, ...], why: str):
        ran = fuzz(*argv)
        assert (ran.code, ran.out) == (2, "")
        assert why in ran.err
        assert ran.err.count("\n") == 1

    @pytest.mark.parametrize("more", [("--corpus",), ("--url", "http://127.0.0.1:1")])
    def test_a_case_that_cannot_be_generated_is_one_line_and_exit_2(
        self, fuzz: Run, monkeypatch: pytest.MonkeyPatch, more: tuple[str, ...]
    ):
        def fail(*_: Any, **__: Any) -> Any:
            raise strategies.GenerationError("no payload breaks x.maximum")

        monkeypatch.setattr(strategies, "corpus", fail)
        ran = fuzz(GET, *more)
        assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
        assert "no payload breaks x.maximum" in ran.err

    @pytest.mark.parametrize("behaviour", [bad.hang, bad.stream, bad.reset, bad.garbage])
    def test_a_server_that_does_not_answer_is_one_line_and_exit_2(self, fuzz: Run, behaviour: bad.Behaviour):
        with bad.listening(behaviour) as url:
            ran = fuzz(GET, "--url", url, "--timeout", "0.3", *QUICK)
        assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)


class TestTls:
    def run(self, fuzz: Run, behaviour: bad.Behaviour, *more: str) -> Ran:
        with bad.listening(behaviour) as url:
            return fuzz(GET, "--url", url.replace("http:", "https:"), "--timeout", "60", *QUICK, *more)

    def test_a_certificate_that_is_not_trusted_is_one_line_and_exit_2(self, fuzz: Run):
        ran = self.run(fuzz, bad.secured(bad.config))
        assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
        assert "has a certificate that is not trusted (self-signed certificate); SSL_CERT_FILE" in ran.err

    def test_a_trusted_certificate_is_accepted(self, fuzz: Run, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setenv("SSL_CERT_FILE", str(bad.CERTIFICATE))
        ran = self.run(fuzz, bad.secured(bad.config))
        assert ran.code == 1
        assert "invalid.accepted function-name.pattern" in ran.out
        assert "curl -sS -i --path-as-is -X GET https://127.0.0.1:" in ran.out

    @pytest.mark.parametrize("behaviour", [bad.garbage, bad.no_number])
    def test_a_server_without_tls_is_one_line_and_exit_2(self, fuzz: Run, behaviour: bad.Behaviour):
        ran = self.run(fuzz, behaviour)
        assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
        assert "does not speak TLS" in ran.err

    @pytest.mark.parametrize("behaviour", [bad.hang, bad.reset, bad.close])
    def test_a_handshake_that_does_not_end_ends_the_run(self, fuzz: Run, behaviour: bad.Behaviour):
        ran = self.run(fuzz, behaviour, *(("--timeout", "0.3") if behaviour is bad.hang else ()))
        assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
        assert ("is not there: no answer" in ran.err) is (behaviour is bad.hang)


class TestRun:
    def test_a_conforming_server_exits_0(self, fuzz: Run):
        with serving(Reference()) as url:
            ran = fuzz(CREATE, "--url", url, "--minimal", "--max-examples", "20", "--seed", "7")
        assert (ran.code, ran.out) == (0, "")
        assert re.search(
            r"requests in [\d.]+ s \(\d+ a second\): .* accepted, .* rejected; 0 findings; seed 7", ran.err
        )

    def test_a_faulty_server_exits_1_with_a_curl_command(self, fuzz: Run):
        with serving(broken.NoLimitOf64()) as url:
            ran = fuzz(GET, "--url", f"{url}/", *QUICK)
        assert ran.code == 1
        assert "invalid.accepted function-name.length /FunctionName" in ran.out
        assert f"  curl -sS -i --path-as-is -X GET {url}/2019-09-25/functions/{'a' * 65}/event-invoke-config" in ran.out
        assert "  seed: 7" in ran.out
        assert "1 finding; seed 7" in ran.err

    def test_a_random_seed_is_printed(self, fuzz: Run):
        with serving(Reference()) as url:
            seeds = {fuzz(GET, "--url", url, "--minimal", "--max-examples", "5").err[-12:] for _ in range(2)}
        assert len(seeds) == 2

    def test_concise_output_has_one_line_per_finding(self, fuzz: Run):
        with serving(broken.NoConditionalRules()) as url:
            ran = fuzz(CREATE, "--url", url, "--output-format", "concise", *QUICK)
        assert f"{ran.out.count(chr(10))} findings" in ran.err
        assert all(line.startswith(f"{url}: error invalid.accepted ") for line in ran.out.splitlines())

    def test_headers_are_sent_and_secrets_are_not_shown(self, fuzz: Run):
        with serving(broken.Html()) as url:
            ran = fuzz(GET, "--url", url, "--header", "Authorization: hunter2", "--header", "X-Account: 1", *QUICK)
        assert "hunter2" not in ran.out + ran.err
        assert "-H 'X-Account: 1'" in ran.out

    def test_an_empty_server_leads_to_a_hint(self, fuzz: Run):
        with serving(broken.Empty()) as url:
            ran = fuzz(GET, "--url", url, *QUICK)
        assert ran.code == 0
        assert "--existing FunctionName=NAME" in ran.err

    def test_cases_are_sent_without_hypothesis(self, fuzz: Run, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(engine, "find_spec", lambda name: None)
        with serving(Reference()) as url:
            ran = fuzz(GET, "--url", url, "--minimal")
        assert ran.code == 0
        assert "pip install 'lambda-validate[fuzz]'" in ran.err

    def test_an_interrupted_run_reports_its_findings(self, fuzz: Run, monkeypatch: pytest.MonkeyPatch):
        def interrupt(*_: Any) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr("lambda_validate.fuzz.drawn.run", interrupt)
        with serving(broken.NoLimitOf64()) as url:
            ran = fuzz(GET, "--url", url, "--minimal")
        assert ran.code == 130
        assert "function-name.length" in ran.out
        assert "interrupted" in ran.err


class TestReport:
    def test_json_output_has_the_common_shape(self, fuzz: Run):
        with serving(broken.NoLimitOf64()) as url:
            ran = fuzz(GET, "--url", url, "--report", "json", *QUICK)
        found = json.loads(ran.out)
        assert found["summary"] | {"files": 0, "errors": 1, "warnings": 0, "seed": 7, "url": url} == found["summary"]
        assert found["summary"]["checked"] > 5
        (finding,) = found["findings"]
        expected = {
            "file": None, "line": None, "rule": "function-name.length", "severity": "error", "operation": GET,
            "direction": "request", "pointer": "/FunctionName", "kind": "invalid.accepted", "status": 200,
            "payload": {"FunctionName": "a" * 65}, "seed": 7,
        }  # fmt: skip
        assert finding | expected == finding
        assert finding["help"].startswith("curl ")

    def test_the_output_format_json_is_the_same(self, fuzz: Run):
        with serving(broken.Html()) as url:
            one = json.loads(fuzz(GET, "--url", url, "--report", "json", *QUICK).out)
            other = json.loads(fuzz(GET, "--url", url, "--output-format", "json", *QUICK).out)
        assert one["findings"] == other["findings"]

    @pytest.mark.parametrize("behaviour", [Reference, broken.NoConditionalRules, broken.Unanchored])
    def test_junit_counts_match_the_test_cases(self, fuzz: Run, behaviour: type[Reference]):
        with serving(behaviour()) as url:
            ran = fuzz(CREATE, "--url", url, "--report", "junit", *QUICK)
        root = ElementTree.fromstring(ran.out)
        assert root.tag == "testsuites"
        (suite,) = root
        tests, failures = suite.findall("testcase"), suite.findall("testcase/failure")
        assert (len(tests), len(failures)) == (int(suite.attrib["tests"]), int(suite.attrib["failures"]))
        assert root.attrib["failures"] == suite.attrib["failures"]
        assert bool(failures) is (ran.code == 1)
        order = [each.tag for each in suite if each.tag != "testcase"]
        assert order == ["properties", "system-out"]
        assert all({"name", "classname", "time"} <= set(each.keys()) for each in tests)
        assert all("curl " in (each.text or "") for each in failures)

    def test_report_file_takes_the_report_instead_of_the_output(self, fuzz: Run, tmp_path: Any):
        file = tmp_path / "out.xml"
        with serving(broken.Html()) as url:
            ran = fuzz(GET, "--url", url, "--report", "junit", "--report-file", str(file), *QUICK)
        assert "content-type.unexpected" in ran.out
        assert ElementTree.parse(file).getroot().attrib["failures"] == "1"

    def test_a_file_that_cannot_be_written_is_exit_2(self, fuzz: Run, tmp_path: Any):
        with serving(Reference()) as url:
            ran = fuzz(GET, "--url", url, "--report", "json", "--report-file", str(tmp_path / "no" / "x"), *QUICK)
        assert ran.code == 2
        assert "cannot be written: No such file or directory" in ran.err

    def test_control_characters_of_responses_are_escaped(self, fuzz: Run):
        class Nasty(Reference):
            def answer(self, operation: lv.Operation, payload: Any) -> Any:
                return super().answer(operation, payload)._replace(content_type="text/\x1b[31mred")

        with serving(Nasty()) as url:
            ran = fuzz(GET, "--url", url, *QUICK)
            junit = fuzz(GET, "--url", url, "--report", "junit", *QUICK)
        assert "\x1b" not in ran.out + ran.err + junit.out
        ElementTree.fromstring(junit.out)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--disable", "function-name.patern"], "did you mean 'function-name.pattern'"),
        (["--seed", "3", "--existing", "FunctionName=f"], "leave out --existing and --seed"),
        (["--report-file", "report.xml"], "leave out --report-file"),
    ],
)
def test_options_that_do_not_apply_to_corpus_are_rejected(arguments: list[str], said: str) -> None:
    command = [sys.executable, "-m", "lambda_validate", "fuzz", "GetFunctionEventInvokeConfig", "--corpus", "--minimal"]
    done = subprocess.run([*command, *arguments], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_cases_of_rules_that_are_left_out_are_not_printed() -> None:
    command = [sys.executable, "-m", "lambda_validate", "fuzz", "GetFunctionEventInvokeConfig", "--corpus", "--minimal"]
    done = subprocess.run([*command, "--disable", "function-name.pattern"], capture_output=True, text=True, timeout=60)
    rules = {json.loads(line)["rule"] for line in done.stdout.splitlines()}
    assert "function-name.length" in rules
    assert "function-name.pattern" not in rules


def test_an_operation_of_another_edition_is_named_in_the_error() -> None:
    with pytest.raises(
        lv.UnknownNameError,
        match=r"no operation 'CreateFunction'; the edition 'current' has it; pass edition='current'$",
    ):
        lv.operation("CreateFunction")
