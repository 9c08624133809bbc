"""Test the command: its output, its streams and its exit code."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import lambda_validate as lv
from lambda_validate import cli
from lambda_validate.cli import commands, main

pytestmark = pytest.mark.usefixtures("by_documents")

QUEUE = "arn:aws:sqs:us-west-2:123456789012:orders"
GOOD = json.dumps({"FunctionName": "f", "EventSourceArn": QUEUE})
BAD = json.dumps({"FunctionName": "f", "EventSourceArn": QUEUE, "BatchSize": 11})
NEWER = json.dumps({"FunctionName": "f", "EventSourceArn": QUEUE, "Topics": ["t"]})
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(lv.__file__).parent.parent), "LAMBDA_VALIDATE_EDITION": "documents"}


class Ran(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture(name="run")
def _run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command in this process."""
    for name in ("NO_COLOR", "FORCE_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)

    def run(*argv: str, stdin: str = "") -> Ran:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode("utf-8", "surrogateescape"))))
        code = main(argv)
        return Ran(code, *capsys.readouterr())

    return run


def process(*argv: str, **options: Any) -> subprocess.CompletedProcess[bytes]:
    """Run the command in a separate process."""
    environment = {**ENVIRONMENT, **options.pop("env", {})}
    command = [sys.executable, "-W", "error", "-m", "lambda_validate", *argv]
    return subprocess.run(command, env=environment, timeout=60, **{"capture_output": True, **options})


class TestOrder:
    @pytest.mark.parametrize("place", range(3))
    def test_options_and_operands_are_accepted_in_any_order(self, run: Run, tmp_path: Path, place: int):
        (tmp_path / "bad.json").write_text(BAD)
        operands = ["CreateEventSourceMapping", str(tmp_path / "bad.json")]
        operands[place:place] = ["--output-format", "json"]
        ran = run("request", *operands)
        assert (ran.code, json.loads(ran.out)["findings"][0]["rule"]) == (1, "batch-size.sqs")

    def test_arguments_after_two_dashes_are_operands(self, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.chdir(tmp_path)
        (tmp_path / "-q").write_text(BAD)
        assert run("lint", "--no-config", "--", "-q").code == 1


class TestExitCodes:
    @pytest.mark.parametrize(
        ("text", "options", "code"),
        [
            (GOOD, (), 0),
            (BAD, (), 1),
            (NEWER, (), 0),
            (NEWER, ("--strict",), 1),
            (BAD, ("--disable", "batch-size.sqs"), 0),
            (BAD, ("--disable", "batch-size.minimum, batch-size.sqs"), 0),
            (BAD, ("--disable", "batch-size.minimum", "--disable", "batch-size.sqs"), 0),
            (GOOD[:-1] + ', "FunctionName": "g"}', (), 1),
            (GOOD[:-1] + ', "FunctionName": "g"}', ("--disable", "document.duplicate-member"), 0),
            (GOOD[:-1] + ', "Foo": 1}', (), 1),
            (GOOD[:-1] + ', "Foo": 1}', ("--unknown-members", "warning"), 0),
            (GOOD[:-1] + ', "Foo": 1}', ("--unknown-members", "ignore"), 0),
            (GOOD[:-1], (), 2),
        ],
    )
    @pytest.mark.parametrize("command", [("lint", "-"), ("request", "CreateEventSourceMapping")])
    def test_errors_fail_and_warnings_do_not(self, run: Run, command: Any, text: str, options: Any, code: int):
        assert run(*command, *options, stdin=text).code == code

    def test_an_unreadable_file_exits_2_and_other_findings_are_reported(self, run: Run, tmp_path: Path):
        (tmp_path / "bad.json").write_text(BAD)
        (tmp_path / "broken.json").write_text(GOOD[:-1])
        ran = run("lint", str(tmp_path), str(tmp_path / "none.json"), "--output-format", "concise")
        assert ran.code == 2
        assert "batch-size.sqs" in ran.out
        assert ran.err.splitlines() == [
            f"lambda-validate: {tmp_path}/broken.json:1:{len(GOOD)}: expected a comma or the closing bracket",
            f"lambda-validate: {tmp_path}/none.json: expected a readable file: no such file or directory",
            "lambda-validate: 1 error, 0 warnings in 1 checked file; 2 not readable",
        ]

    def test_an_empty_folder_is_clean_and_lint_says_what_it_covers(self, run: Run, tmp_path: Path):
        ran = run("lint", str(tmp_path))
        assert (ran.code, ran.out) == (0, "")
        assert ran.err.startswith(
            "lambda-validate: 0 errors, 0 warnings in 0 checked files\n"
            "lambda-validate: nothing to check was found; lint covers "
        )

    def test_without_a_path_the_current_folder_is_linted(
        self, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ):
        (tmp_path / "bad.json").write_text(BAD)
        monkeypatch.chdir(tmp_path)
        assert run("lint", "--output-format", "concise").out.startswith("bad.json:1:")


class TestUsage:
    @pytest.mark.parametrize(
        ("argv", "message"),
        [
            ((), "expected a command"),
            (("lnt",), "did you mean 'lint'?"),
            (("--bogus",), "--bogus"),
            (("lint", "--bogus"), "--bogus"),
            (("--",), "--"),
            (("request",), "OPERATION"),
            (("request", "CreatEventSourceMapping"), "did you mean 'CreateEventSourceMapping'?"),
            (("response", "getfunctioneventinvokeconfig"), "did you mean 'GetFunctionEventInvokeConfig'?"),
            (("schema", "GetFunctionEventInvokeConfg"), "did you mean 'GetFunctionEventInvokeConfig'?"),
            (("schema", "GetFunctionEventInvokeConfig", "respons"), "did you mean 'response'?"),
            (("explain", "batch-size.sqz"), "did you mean 'batch-size.sqs'?"),
            (("explain", "document.duplicate-membr"), "did you mean 'document.duplicate-member'?"),
            (("lint", "--disable", "batch-size.sqz"), "did you mean 'batch-size.sqs'?"),
            (("lint", "--output-format", "xml"), "--output-format"),
            *((("response", "GetFunctionEventInvokeConfig", f"--status={status}"), "expected an HTTP status of three")
              for status in ("ok", "", "-5", "20", "2_0", "2000", " 200", "\u0662\u0660\u0660")),
            (("lint", "--disable", "nope"), "'nope'; lambda-validate rules --edition both lists all rules"),
            *(((name, *rest, "--edition", "document"), "did you mean 'documents'?") for name, *rest in [
                ("lint",), ("operations",), ("rules",), ("explain", "batch-size.sqs"), ("request", "X"),
                ("response", "X"),                 ("schema", "GetFunctionEventInvokeConfig"),
            ]),
            (("lint", "--\x1b[31m"), "\\x1b[31m"),
        ],
    )  # fmt: skip
    def test_usage_errors_are_one_line(self, run: Run, argv: tuple[str, ...], message: str):
        code, out, err = run(*argv)
        assert (code, out) == (2, "")
        assert err.startswith("lambda-validate: ")
        assert message in err
        assert err.count("\n") == 1

    @pytest.mark.parametrize("argv", [("--help",), *((name, "-h") for name in cli.COMMANDS)])
    def test_every_command_prints_its_usage(self, run: Run, argv: tuple[str, ...]):
        code, out, err = run(*argv)
        assert (code, err) == (0, "")
        assert out.startswith(f"usage: lambda-validate {argv[0] if len(argv) > 1 else ''}")

    def test_help_lists_every_command(self, run: Run):
        assert all(f"\n  {name} " in run("--help").out for name in cli.COMMANDS)

    def test_version_prints_the_version_and_engine(self, run: Run):
        code, out, err = run("--version")
        first, second = out.splitlines()
        assert (code, first, err) == (0, f"lambda-validate {lv.__version__}", "")
        assert re.fullmatch(r"engine: (native|Python \(.+\))", second)


class TestOnePayload:
    def test_a_request_is_validated_as_the_named_operation(self, run: Run):
        ran = run("request", "GetFunctionEventInvokeConfig", "--output-format", "concise", stdin='{"FunctionNam": "f"}')
        assert [line.split(" ")[2] for line in ran.out.splitlines()] == ["function-name.required", "member.unknown"]
        assert ran.err == ""

    @pytest.mark.parametrize("text", ["[]", "5", "null", '"x"', "a", "!x {y: 1}"])
    def test_a_payload_that_is_not_an_object_is_a_violation(self, run: Run, text: str):
        ran = run("request", "GetFunctionEventInvokeConfig", "-", "--output-format", "json", stdin=text)
        found = json.loads(ran.out)["findings"]
        if text.startswith("!"):
            assert found == []
        else:
            assert [(each["pointer"], each["line"], each["column"]) for each in found] == [("", 1, 1)]

    @pytest.mark.parametrize(("text", "met"), [("", "nothing"), (" \n", "nothing"), ("a: 1\n---\nb: 1", "2 documents")])
    def test_several_or_no_payloads_are_an_error(self, run: Run, text: str, met: str):
        assert run("response", "CreateEventSourceMapping", stdin=text) == (
            2,
            "",
            "lambda-validate: <stdin>: expected one response of CreateEventSourceMapping in JSON or YAML, "
            f"but there {'are' if met[0] == '2' else 'is'} {met}\n",
        )

    def test_a_file_is_read_in_its_language(self, run: Run, tmp_path: Path):
        (tmp_path / "a.yaml").write_text("FunctionName: a b\n")
        ran = run("request", "GetFunctionEventInvokeConfig", str(tmp_path / "a.yaml"), "--output-format", "concise")
        assert ran.out.startswith(f"{tmp_path}/a.yaml:1:16: error function-name.pattern ")

    @pytest.mark.parametrize("file", ["none.json", "."])
    def test_an_unreadable_file_is_reported_in_one_line(self, run: Run, tmp_path: Path, file: str):
        code, out, err = run("request", "GetFunctionEventInvokeConfig", str(tmp_path / file))
        assert (code, out) == (2, "")
        assert err.startswith(f"lambda-validate: {tmp_path / file}: expected a re")

    @pytest.mark.parametrize(
        ("options", "rules"),
        [
            ((), []),
            (("--status", "200"), []),
            (("--status", "202"), ["status.unexpected"]),
            (("--status", "404", "--error", "ResourceNotFoundException"), []),
            (("--status", "400", "--error", "ResourceNotFoundException"), ["error.status"]),
            (("--error", "NoSuchException"), ["error.unknown"]),
        ],
    )
    def test_status_and_exception_belong_to_a_response(self, run: Run, options: tuple[str, ...], rules: list[str]):
        ran = run("response", "GetFunctionEventInvokeConfig", *options, "--output-format", "json", stdin="{}")
        assert [each["rule"] for each in json.loads(ran.out)["findings"]] == rules

    def test_unknown_members_of_a_response_are_warnings(self, run: Run):
        argv = ("response", "GetFunctionEventInvokeConfig")
        assert run(*argv, stdin='{"Foo": 1}').code == 0
        assert run(*argv, "--unknown-members", "error", stdin='{"Foo": 1}').code == 1

    def test_values_are_shown_only_on_request(self, run: Run):
        text = '{"FunctionName": "secret word", "Qualifier": 31415}'
        for how in ("concise", "json"):
            argv = ("request", "GetFunctionEventInvokeConfig", "--output-format", how)
            plain, shown = run(*argv, stdin=text).out, run(*argv, "--show-values", stdin=text).out
            assert "secret" not in plain
            assert "31415" not in plain
            assert "secret" in shown
            assert "31415" in shown


class TestListing:
    def test_operations_lists_every_operation(self, run: Run):
        assert run("operations", "--output-format", "concise").out.split() == list(lv.operations())
        output = json.loads(run("operations", "--output-format", "json").out)
        assert [each["name"] for each in output["operations"]] == list(lv.operations())
        assert output["operations"][0]["status"] == 202
        assert "POST /2015-03-31/event-source-mappings/" in run("operations").out

    def test_rules_lists_every_rule(self, run: Run):
        from lambda_validate.lint.findings.lint_rules import own
        from lambda_validate.validator.rules import rules

        names = sorted({*(each.id for each in rules()), *own("documents")})
        assert run("rules", "--output-format", "concise").out.split() == names
        assert [each["id"] for each in json.loads(run("rules", "--output-format", "json").out)["rules"]] == names
        assert all(f"{name} (" in run("rules").out for name in names)

    def test_every_rule_can_be_explained(self, run: Run):
        for name in run("rules", "--output-format", "concise").out.split():
            ran = run("explain", name)
            assert ran.code == 0
            assert ran.out.startswith(f"{name} (")
            assert "  stated: " in ran.out
            assert f"--ignore {name}" in ran.out

    def test_explain_supports_json_output(self, run: Run):
        output = json.loads(run("explain", "batch-size.sqs", "--output-format", "json").out)
        assert list(output) == ["id", "severity", "statements", "sources", "operations", "directions", "page"]
        assert output["sources"] == [
            {
                "document": "CreateEventSourceMapping",
                "section": "Request Body",
                "member": "BatchSize",
                "url": "https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html",
            }
        ]
        assert run("explain", "batch-size.sqs", "--output-format", "concise").out.count("\n") == 2

    @pytest.mark.parametrize("direction", ["request", "response"])
    @pytest.mark.parametrize("strict", [False, True])
    def test_a_schema_is_shown(self, run: Run, direction: str, strict: bool):
        argv = ("schema", "CreateEventSourceMapping", direction, *(["--strict"] if strict else []))
        assert json.loads(run(*argv).out) == lv.schema("CreateEventSourceMapping", direction, strict=strict)

    def test_the_compiled_source_is_shown(self, run: Run):
        argv = ("schema", "GetFunctionEventInvokeConfig", "--compiled")
        source = run(*argv).out
        compile(source, "shown", "exec")
        assert source.count("def check(instance):") == 2
        assert list(json.loads(run(*argv, "--output-format", "json").out)) == ["verdict", "report"]


class TestColour:
    @pytest.mark.parametrize(
        ("environment", "terminal", "coloured"),
        [
            ({}, False, False),
            ({}, True, True),
            ({"TERM": "dumb"}, True, False),
            ({"NO_COLOR": "1"}, True, False),
            ({"NO_COLOR": ""}, True, True),
            ({"FORCE_COLOR": "1"}, False, True),
            ({"FORCE_COLOR": ""}, False, False),
            ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, True, False),
        ],
    )
    def test_colour_depends_on_the_terminal_and_the_environment(
        self, run: Run, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], terminal: bool, coloured: bool
    ):
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal)
        assert ("\x1b[" in run("lint", "-", stdin=BAD).out) == coloured


class TestStreams:
    def test_the_module_is_the_command(self):
        ran = process("lint", "-", "--output-format", "concise", input=BAD.encode())
        assert ran.returncode == 1
        assert ran.stdout.startswith(b"<stdin>:1:")
        assert ran.stderr == b"lambda-validate: 1 error, 0 warnings in 1 checked file\n"

    def test_a_closed_output_pipe_gives_no_traceback(self, tmp_path: Path):
        reader, writer = os.pipe()
        os.close(reader)
        ran = process("rules", stdout=writer, stderr=subprocess.PIPE, capture_output=False)
        os.close(writer)
        assert (ran.returncode, ran.stderr) == (2, b"")

    @pytest.mark.skipif(not os.path.exists("/dev/full"), reason="the system has no /dev/full")
    def test_a_full_output_device_is_reported(self):
        with open("/dev/full", "wb") as full:
            ran = process("rules", stdout=full, stderr=subprocess.PIPE, capture_output=False)
        assert ran.returncode == 2
        assert ran.stderr == b"lambda-validate: the output cannot be written: No space left on device\n"

    def test_characters_missing_in_the_output_encoding_are_escaped(self):
        text = GOOD[:-1] + ', "é日": 1}'
        ran = process("lint", "-", input=text.encode(), env={"PYTHONIOENCODING": "ascii"})
        assert ran.returncode == 1
        assert b'"\\xe9\\u65e5": 1' in ran.stdout
        assert ran.stderr.count(b"\n") == 1

    @pytest.mark.parametrize("stream", ["stdin", "stdout", "stderr"])
    def test_a_missing_standard_stream_is_handled(
        self, run: Run, monkeypatch: pytest.MonkeyPatch, stream: str, tmp_path: Path
    ):
        (tmp_path / "a.json").write_text(BAD)
        monkeypatch.setattr(sys, stream, None)
        assert main(["lint", str(tmp_path)]) == 1

    def test_an_interrupt_prints_no_traceback(self, run: Run, monkeypatch: pytest.MonkeyPatch):
        def interrupt(*arguments: Any) -> Any:
            raise KeyboardInterrupt

        monkeypatch.setattr(commands, "rules", interrupt)
        assert run("rules") == (130, "", "")

    @pytest.mark.parametrize(
        ("argv", "absent"),
        [
            (("operations",), {"yaml", "regex", "difflib", "jsonschema", "lambda_validate.compiler.compile"}),
            (("lint", "a.json"), {"yaml", "regex", "difflib", "jsonschema"}),
            (("lint", "other.json"), {"yaml", "regex", "jsonschema", "lambda_validate.compiler.compile"}),
            (("request", "CreateEventSourceMapping", "a.json"), {"yaml", "regex", "difflib", "jsonschema"}),
        ],
    )
    @pytest.mark.parametrize("edition", ["documents", "current", "both"])
    def test_unneeded_modules_are_not_imported(
        self, argv: tuple[str, ...], absent: set[str], edition: str, tmp_path: Path
    ):
        (tmp_path / "a.json").write_text(GOOD)
        (tmp_path / "other.json").write_text('{"FunctionName": "f", "a": 1}')
        code = f"import sys; from lambda_validate.cli import main; main({list(argv)!r}); print(*sys.modules)"
        environment = {**ENVIRONMENT, "LAMBDA_VALIDATE_EDITION": edition}
        options: Any = {"env": environment, "capture_output": True, "timeout": 60, "text": True}
        ran = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, **options)
        assert ran.returncode == 0
        assert not absent & set(ran.stdout.splitlines()[-1].split())

    def test_lint_does_not_modify_files(self, run: Run, tmp_path: Path):
        (tmp_path / "bad.json").write_text(BAD)
        (tmp_path / "broken.yaml").write_text("StartingPosition: [")
        before = {each: each.stat().st_mtime_ns for each in [tmp_path, *tmp_path.iterdir()]}
        assert run("lint", str(tmp_path)).code == 2
        assert {each: each.stat().st_mtime_ns for each in [tmp_path, *tmp_path.iterdir()]} == before
