"""Test the precedence of settings in every command: argument, environment, file, default."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.linting import BAD, GOOD, Project
from support.paths import ROOT

import lambda_validate as lv
from lambda_validate import settings
from lambda_validate.cli import arguments
from lambda_validate.cli.table import COMMANDS, load
from lambda_validate.settings.keys import KEYS, VARIABLES

OWN = ".lambda-validate.toml"


@pytest.fixture
def project(project: Project) -> Project:
    """Return a project without settings in its environment."""
    project.monkeypatch.delenv(VARIABLES["edition"])
    return project


LARGE = (
    '{"FunctionName": "f", "StartingPosition": "LATEST", "BatchSize": 5000, "EventSourceArn": '
    '"arn:aws:dynamodb:us-west-2:123456789012:table/t/stream/2024-06-10T19:26:16.525"}'
)
"""A value that the document rejects, and the current API accepts."""
OPERANDS = {
    "lint": (), "request": ("GetFunctionEventInvokeConfig",), "response": ("GetFunctionEventInvokeConfig",),
    "operations": (), "rules": (), "explain": ("batch-size.sqs",), "schema": ("GetFunctionEventInvokeConfig",),
    "drift": (), "fuzz": ("GetFunctionEventInvokeConfig", "--corpus"), "serve": (), "docs": ("-o", "pages"),
    "export": ("openapi",), "audit": ("AWSLogs",), "lsp": (),
}  # fmt: skip
"""The required arguments of each command."""

VALUES: dict[str, tuple[Any, Any, Any]] = {
    "select": (["member"], ["batch-size"], ["arn"]),
    "ignore": (["member"], ["batch-size", "arn"], ["arn"]),
    "exclude": (["a"], ["b", "c"], ["d"]),
    "edition": ("documents", "current", "documents"),
    "output-format": ("concise", "json", "full"),
    "strict": (True, False, True),
    "unknown-members": ("error", "warning", "ignore"),
    "gitignore": (False, True, False),
    "baseline": ("a.json", "b.json", "c.json"),
}
"""The value of each key in a file, in a variable, and in an argument."""

WITH_SETTINGS = {name: row for name, row in COMMANDS.items() if row.settings}
PAIRS = [(command, name) for name in VARIABLES for command, row in COMMANDS.items() if name in row.settings]


def given(name: str, value: Any) -> list[str]:
    """Return the arguments that set a key."""
    if isinstance(value, bool):
        return [f"--{'' if value else 'no-'}{name}"]
    return [f"--{name}", ",".join(value) if isinstance(value, list) else value]


def written(value: Any) -> str:
    """Return a value as a string for an environment variable."""
    return ",".join(value) if isinstance(value, list) else str(value).lower() if isinstance(value, bool) else value


def filled(command: str, *more: str, environment: dict[str, str] | None = None) -> Any:
    """Return the arguments of a command, with the settings from other places."""
    found = arguments.command(command).read([*OPERANDS[command], *more])
    settings.fill(found, environment or {}, COMMANDS[command].settings)
    return found


class TestTable:
    def test_every_command_has_settings(self) -> None:
        assert set(WITH_SETTINGS) == set(OPERANDS)
        assert set(COMMANDS) - set(WITH_SETTINGS) == {"completion", "help"}
        assert {name for name, row in WITH_SETTINGS.items() if "edition" not in row.settings} == {"drift"}

    @pytest.mark.parametrize("command", COMMANDS)
    def test_functions_named_in_the_table_can_be_loaded(self, command: str) -> None:
        row = COMMANDS[command]
        assert all(callable(load(path)) for path in (row.run, row.arguments) if path is not None)

    def test_every_key_but_a_table_has_a_variable(self) -> None:
        assert set(KEYS) - set(VARIABLES) == {"per-file-ignores"}
        assert VARIABLES["unknown-members"] == "LAMBDA_VALIDATE_UNKNOWN_MEMBERS"
        assert set(VALUES) == set(VARIABLES)

    @pytest.mark.parametrize("command", WITH_SETTINGS)
    def test_every_key_of_a_command_is_an_argument(self, command: str) -> None:
        taken = {option for action in arguments.command(command)._actions for option in action.option_strings}
        keys = COMMANDS[command].settings.keys() & VARIABLES.keys()
        assert {name for name in VARIABLES if f"--{name}" in taken} == keys
        assert {"--config", "--no-config"} <= taken


class TestPrecedence:
    @pytest.mark.parametrize(("command", "name"), PAIRS)
    def test_precedence_is_argument_environment_file_default(self, project: Project, command: str, name: str) -> None:
        of_file, of_variable, of_argument = VALUES[name]
        variable = {VARIABLES[name]: written(of_variable)}

        def value(*more: str, environment: dict[str, str] | None = None) -> Any:
            return getattr(filled(command, *more, environment=environment), settings.attribute(name))

        setting = COMMANDS[command].settings[name]
        default = setting.default
        assert value() == default
        project.write({OWN: f"{name} = {json.dumps(of_file)}"})
        file = ("--config", OWN) if setting.is_named else ()
        assert value(*file) == of_file
        assert value(*file, environment=variable) == of_variable
        assert value(*file, *given(name, of_argument), environment=variable) == of_argument
        assert value("--no-config") == default
        assert value(*file, environment={VARIABLES[name]: ""}) == of_file

    @pytest.mark.parametrize("command", WITH_SETTINGS)
    def test_a_file_can_be_named(self, project: Project, command: str) -> None:
        project.write({"other.toml": 'output-format = "json"', OWN: "strict = 1"})
        assert filled(command, "--config", "other.toml").output_format == "json"

    def test_a_list_of_arguments_may_be_given_in_parts(self, project: Project) -> None:
        assert filled("request", "--ignore", "a, b", "--disable", "c").ignore == ["a", "b", "c"]

    @pytest.mark.parametrize("command", sorted(set(WITH_SETTINGS) - {"lint", "request", "response"}))
    def test_a_format_unknown_to_a_command_is_ignored(self, project: Project, command: str) -> None:
        assert filled(command, environment={"LAMBDA_VALIDATE_OUTPUT_FORMAT": "sarif"}).output_format == "full"
        project.write({OWN: 'output-format = "sarif"'})
        assert filled(command).output_format == "full"

    def test_a_service_overrides_a_configured_edition(self, project: Project) -> None:
        pytest.importorskip("botocore", reason="the library does not need botocore")
        project.monkeypatch.setenv("LAMBDA_VALIDATE_EDITION", "current")
        ran = project.run("--service", "sqs", "--output-format", "json", command="operations")
        assert json.loads(ran.out)["edition"].startswith("SQS")

    def test_paths_of_a_variable_are_relative_to_the_working_folder(self, project: Project) -> None:
        project.write({"sub/a.json": BAD, OWN: 'baseline = "none.json"\nexclude = ["nothing"]', "gen/b.json": BAD})
        project.monkeypatch.chdir(project.folder / "sub")
        assert project.run("--write-baseline", "known.json").code == 0
        project.monkeypatch.setenv("LAMBDA_VALIDATE_BASELINE", "known.json")
        assert project.run().code == 0
        project.monkeypatch.setenv("LAMBDA_VALIDATE_EXCLUDE", "other,../gen/*")
        assert project.run("..").code == 1
        project.monkeypatch.chdir(project.folder)
        project.monkeypatch.setenv("LAMBDA_VALIDATE_BASELINE", "sub/known.json")
        project.monkeypatch.setenv("LAMBDA_VALIDATE_EXCLUDE", "other,gen/*")
        assert project.run().code == 0

    def test_the_python_api_reads_no_settings(self, project: Project) -> None:
        project.write({OWN: 'ignore = ["batch-size"]\nstrict = true'})
        project.monkeypatch.setenv("LAMBDA_VALIDATE_EDITION", "current")
        assert lv.Validator().edition == "documents"
        report = lv.validate_request("CreateEventSourceMapping", json.loads(BAD))
        assert [each.rule for each in report] == ["batch-size.sqs"]


class TestCommands:
    """The effect of settings on each command."""

    @pytest.mark.parametrize(
        ("argv", "stdin", "setting", "codes"),
        [
            (("lint", "-"), BAD, 'ignore = ["batch-size"]', (1, 0)),
            (("request", "CreateEventSourceMapping"), BAD, 'ignore = ["batch-size"]', (1, 0)),
            (("request", "CreateEventSourceMapping"), BAD, 'select = ["member"]', (1, 0)),
            (("request", "CreateEventSourceMapping"), LARGE, "strict = true", (0, 1)),
            (("request", "CreateEventSourceMapping"), GOOD[:-1] + ', "Foo": 1}', 'unknown-members = "ignore"', (1, 0)),
            (("response", "GetFunctionEventInvokeConfig"), '{"Foo": 1}', 'unknown-members = "error"', (0, 1)),
            (("response", "GetFunctionEventInvokeConfig"), '{"Foo": 1}', "strict = true", (0, 1)),
            (("schema", "Invoke"), "", 'edition = "documents"', (0, 2)),
            (("explain", "batch-size.sqs"), "", 'ignore = ["batch-size"]', (0, 0)),
        ],
    )  # fmt: skip
    def test_a_file_and_the_environment_do_the_same(
        self, project: Project, argv: tuple[str, ...], stdin: str, setting: str, codes: tuple[int, int]
    ) -> None:
        command, *rest = argv
        assert project.run(*rest, stdin=stdin, command=command).code == codes[0]
        project.write({OWN: setting})
        assert project.run(*rest, stdin=stdin, command=command).code == codes[1]
        (project.folder / OWN).unlink()
        for line in setting.splitlines():
            name, value = line.split(" = ")
            project.monkeypatch.setenv(VARIABLES[name], written(json.loads(value)))
        assert project.run(*rest, stdin=stdin, command=command).code == codes[1]

    def test_rules_lists_those_of_the_edition_that_is_set(self, project: Project) -> None:
        project.write({"pyproject.toml": '[tool.lambda-validate]\nedition = "documents"\noutput-format = "json"\n'})
        assert json.loads(project.run(command="rules").out)["edition"] == "documents"

    def test_fuzz_prints_the_cases_of_rules_that_are_selected(self, project: Project) -> None:
        project.write({"own.toml": 'select = ["function-name"]\nignore = ["function-name.pattern"]'})
        options = ("--corpus", "--minimal", "--config", "own.toml")
        printed = project.run("GetFunctionEventInvokeConfig", *options, command="fuzz").out
        rules = {json.loads(line)["rule"] for line in printed.splitlines()} - {None}
        assert "function-name.length" in rules
        assert {each for each in rules if not each.startswith("function-name.")} == set()
        assert "function-name.pattern" not in rules

    def test_serve_applies_the_settings(self, project: Project) -> None:
        plans: list[Any] = []
        server = pytest.importorskip("lambda_validate.serve.server", reason="the extra serve is not installed")
        project.monkeypatch.setattr(server, "run", plans.append)
        project.write(
            {OWN: 'ignore = ["batch-size.sqs"]\nstrict = true\nunknown-members = "ignore"\nedition = "current"'}
        )
        assert project.run("--config", OWN, command="serve").code == 0
        made = plans[0].settings
        assert made["disable"] == {"batch-size.sqs"}
        assert (made["strict"], made["unknown_members"], made["edition"]) == (True, "ignore", "current")

    @pytest.mark.parametrize("name", [OWN, "pyproject.toml"])
    @pytest.mark.parametrize("setting", ['select = ["member"]', 'ignore = ["function-name"]'])
    def test_a_repository_file_does_not_restrict_a_server(self, project: Project, name: str, setting: str) -> None:
        plans: list[Any] = []
        server = pytest.importorskip("lambda_validate.serve.server", reason="the extra serve is not installed")
        project.monkeypatch.setattr(server, "run", plans.append)
        corpus = ("GetFunctionEventInvokeConfig", "--corpus", "--minimal")
        whole = project.run(*corpus, command="fuzz").out
        assert "function-name.length" in whole
        project.write({name: ("[tool.lambda-validate]\n" if name != OWN else "") + setting})
        assert project.run(command="serve").code == 0
        assert project.run("--ignore", "batch-size.sqs", command="serve").code == 0
        project.monkeypatch.setenv("LAMBDA_VALIDATE_IGNORE", "member.newer")
        assert project.run(command="serve").code == 0
        assert [each.settings["disable"] for each in plans] == [frozenset(), {"batch-size.sqs"}, {"member.newer"}]
        project.monkeypatch.delenv("LAMBDA_VALIDATE_IGNORE")
        assert project.run(*corpus, command="fuzz").out == whole

    @pytest.mark.parametrize(("named", "unknown_members"), [((), None), (("--config", OWN), "ignore")])
    def test_a_repository_s_file_does_not_let_unknown_members_pass_a_server(
        self, project: Project, named: tuple[str, ...], unknown_members: str | None
    ) -> None:
        plans: list[Any] = []
        server = pytest.importorskip("lambda_validate.serve.server", reason="the extra serve is not installed")
        project.monkeypatch.setattr(server, "run", plans.append)
        project.write({OWN: 'unknown-members = "ignore"\nedition = "documents"\nstrict = true'})
        assert project.run(*named, command="serve").code == 0
        made = plans[0].settings
        assert (made["unknown_members"], made["edition"], made["strict"]) == (unknown_members, "documents", True)


class TestErrors:
    @pytest.mark.parametrize(
        ("variable", "value", "message"),
        [
            ("EDITION", "document", "edition must be one of both, documents and current; did you mean 'documents'?"),
            ("STRICT", "maybe", "strict must be true or false"),
            ("GITIGNORE", "nope", "gitignore must be true or false"),
            ("UNKNOWN_MEMBERS", "errors", "must be one of error, warning and ignore; did you mean 'error'?"),
            ("OUTPUT_FORMAT", "jason", "did you mean 'json'?"),
            ("SELECT", "batch-size,memberz", "there is no rule 'memberz'; did you mean 'member'?"),
            ("IGNORE", "batch-size.sqz", "there is no rule 'batch-size.sqz'; did you mean 'batch-size.sqs'?"),
        ],
    )
    def test_an_invalid_variable_is_named(self, project: Project, variable: str, value: str, message: str) -> None:
        project.monkeypatch.setenv(f"LAMBDA_VALIDATE_{variable}", value)
        ran = project.run("-", stdin=GOOD)
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.startswith(f"lambda-validate: LAMBDA_VALIDATE_{variable}: ")
        assert message in ran.err
        assert ran.err.count("\n") == 1

    @pytest.mark.parametrize("command", [name for name in WITH_SETTINGS if not COMMANDS[name].of_folders])
    def test_a_file_is_named_by_every_command(self, project: Project, command: str) -> None:
        project.write({OWN: "\nstrickt = true"})
        ran = project.run(*OPERANDS[command], command=command)
        assert (ran.code, ran.out) == (2, "")
        assert ran.err == f"lambda-validate: {OWN}:2: there is no setting 'strickt'; did you mean 'strict'?\n"

    @pytest.mark.parametrize("command", ["lint", "request", "response", "fuzz", "serve"])
    def test_an_unknown_rule_is_reported_with_its_line(self, project: Project, command: str) -> None:
        project.write({OWN: "strict = true\nignore = ['batch-size.sqz']"})
        ran = project.run(*OPERANDS[command], "--config", OWN, stdin=GOOD, command=command)
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.startswith(f"lambda-validate: {OWN}:2: there is no rule 'batch-size.sqz'")

    def test_settings_that_a_command_does_not_use_are_not_read(self, project: Project) -> None:
        project.monkeypatch.setenv("LAMBDA_VALIDATE_STRICT", "maybe")
        project.monkeypatch.setenv("LAMBDA_VALIDATE_IGNORE", "nonsense")
        assert project.run("--output-format", "concise", command="operations").err == ""

    def test_a_variable_that_an_argument_overrides_is_not_read(self, project: Project) -> None:
        project.monkeypatch.setenv("LAMBDA_VALIDATE_STRICT", "maybe")
        assert project.run("-", "--no-strict", stdin=GOOD).code == 0

    @pytest.mark.parametrize(
        ("name", "message"),
        [
            ("LAMBDA_VALIDATE_STRCT", "'LAMBDA_VALIDATE_STRCT' sets nothing; did you mean LAMBDA_VALIDATE_STRICT?"),
            ("LAMBDA_VALIDATE_X", "'LAMBDA_VALIDATE_X' sets nothing; after LAMBDA_VALIDATE_ must be one of SELECT, "),
        ],
    )
    @pytest.mark.parametrize("command", ["lint", "operations"])
    def test_an_unknown_variable_gives_a_note(self, project: Project, command: str, name: str, message: str) -> None:
        project.monkeypatch.setenv(name, "1")
        ran = project.run(command=command)
        assert ran.code == 0
        assert ran.err.startswith(f"lambda-validate: {message}")

    def test_quiet_has_no_note(self, project: Project) -> None:
        project.monkeypatch.setenv("LAMBDA_VALIDATE_STRCT", "1")
        assert project.run("--quiet") == (0, "", "")


def loaded(folder: Path, *argv: str, **environment: str) -> set[str]:
    """Return the modules that a run of the command loads."""
    program = (
        "import sys; from lambda_validate.cli import main; code = main(sys.argv[1:]);"
        "print('LOADED', *sorted(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *argv], cwd=folder, input=GOOD, capture_output=True, text=True, timeout=60,
        env={**os.environ, **environment},
    )  # fmt: skip
    return set(done.stderr.rpartition("LOADED")[2].split())


class TestImports:
    REQUEST = ("request", "CreateEventSourceMapping")

    def test_toml_is_loaded_for_a_file_only(self, project: Project) -> None:
        assert loaded(project.folder, *self.REQUEST, LAMBDA_VALIDATE_STRICT="true") & {"tomllib"} == set()

    def test_toml_is_loaded_for_a_file(self, project: Project) -> None:
        project.write({OWN: ""})
        assert loaded(project.folder, *self.REQUEST) & {"tomllib"}

    def test_lint_with_only_paths_imports_no_argument_parser(self, project: Project) -> None:
        project.write({"a.json": GOOD})
        found = loaded(project.folder, "lint", "a.json", LAMBDA_VALIDATE_EDITION="current")
        assert found & {"argparse", "tomllib"} == set()
        assert "lambda_validate.settings" in found


def table_of_page() -> Iterator[list[str]]:
    """Return the cells of the table of settings in the documentation."""
    text = (ROOT / "docs/reference/settings.md").read_text("utf-8")
    head = "| key | variable | value | commands | default |"
    for line in text[text.index(head) + len(head) :].strip().splitlines()[1:]:
        if not line.startswith("|"):
            return
        yield [cell.strip() for cell in line.strip("|").split("|")]


def test_the_page_lists_every_key_with_its_variable() -> None:
    rows = {row[0].strip("`"): row for row in table_of_page()}
    assert list(rows) == list(KEYS)
    for name, row in rows.items():
        assert row[1] == (f"`{VARIABLES[name]}`" if name in VARIABLES else "")
