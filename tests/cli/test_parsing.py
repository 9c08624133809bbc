"""Test argument parsing: order, `--`, and errors for unknown arguments."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from lambda_validate.cli import arguments, main
from lambda_validate.cli.commands import UsageError
from lambda_validate.cli.table import COMMANDS

QUEUE = "arn:aws:sqs:us-west-2:123456789012:orders"
BAD = json.dumps({"FunctionName": "f", "EventSourceArn": QUEUE, "BatchSize": 11})
OPERATION = "GetFunctionEventInvokeConfig"

ORDERS: dict[str, tuple[str, list[str], dict[str, Any]]] = {
    "lint": ("--select", ["a", "b"], {"paths": ["a", "b"]}),
    "request": ("--edition", [OPERATION, "p.json"], {"operation": OPERATION, "file": "p.json"}),
    "response": ("--status", [OPERATION, "p.json"], {"operation": OPERATION, "file": "p.json"}),
    "explain": ("--edition", ["batch-size.sqs"], {"rule": "batch-size.sqs"}),
    "schema": ("--edition", [OPERATION, "request"], {"operation": OPERATION, "direction": "request"}),
    "fuzz": ("--url", [OPERATION], {"operation": OPERATION}),
    "audit": ("--edition", ["a", "b"], {"paths": ["a", "b"]}),
    "export": ("--draft", ["json-schema"], {"form": "json-schema"}),
}
VALUES = {
    "--select": "x",
    "--edition": "current",
    "--status": "200",
    "--url": "http://127.0.0.1:1",
    "--draft": "2020-12",
}
PLACED = [(command, place) for command, row in ORDERS.items() for place in range(len(row[1]) + 1)]


def read(command: str, argv: Sequence[str]) -> dict[str, Any]:
    return vars(arguments.command(command).read(argv))


def refused(command: str, *argv: str) -> str:
    with pytest.raises(UsageError) as raised:
        arguments.command(command).read(argv)
    return str(raised.value)


class TestOrder:
    def test_every_command_with_operands_is_tried(self) -> None:
        assert set(ORDERS) == {name for name, row in COMMANDS.items() if row.operands} - {"help", "completion"}

    @pytest.mark.parametrize(("command", "place"), PLACED)
    def test_an_option_is_accepted_at_any_position(self, command: str, place: int) -> None:
        option, operands, expected = ORDERS[command]
        argv = [*operands[:place], option, VALUES[option], *operands[place:]]
        found = read(command, argv)
        assert {name: found[name] for name in expected} == expected
        assert found[option.removeprefix("--")] in (VALUES[option], [VALUES[option]], 200)

    @pytest.mark.parametrize(("command", "place"), PLACED)
    def test_arguments_after_two_dashes_are_operands(self, command: str, place: int) -> None:
        option, operands, expected = ORDERS[command]
        found = read(command, [option, VALUES[option], *operands[:place], "--", *operands[place:]])
        assert {name: found[name] for name in expected} == expected

    @pytest.mark.parametrize(
        ("argv", "paths"),
        [
            (["--", "-q", "--", "--strict"], ["-q", "--", "--strict"]),
            (["a", "-q", "--", "-b"], ["a", "-b"]),
            (["-", "a"], ["-", "a"]),
            ([""], [""]),
            (["--"], []),
        ],
    )
    def test_paths_may_look_like_options(self, argv: list[str], paths: list[str]) -> None:
        assert read("lint", argv)["paths"] == paths

    def test_operands_have_their_defaults(self) -> None:
        assert read("request", [OPERATION])["file"] == "-"
        assert read("schema", [OPERATION])["direction"] == "request"
        assert read("lint", [])["paths"] == []

    def test_a_file_between_options_is_checked(self, tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
        file = tmp_path / "-p.json"
        file.write_text(BAD)
        argv = [
            "request",
            "CreateEventSourceMapping",
            "--edition",
            "documents",
            "--output-format=concise",
            "--",
            str(file),
        ]
        assert main(argv) == 1
        assert "batch-size.sqs" in capsys.readouterr().out


class TestRefusals:
    @pytest.mark.parametrize(
        ("argv", "message"),
        [
            (("lint", "--edtion", "current"), "unknown option '--edtion'; did you mean '--edition'?"),
            (("lint", "--edtion=current"), "unknown option '--edtion'; did you mean '--edition'?"),
            (("lint", "a", "--Strict", "b"), "unknown option '--Strict'; did you mean '--strict'?"),
            (("lint", "--zzzzzz"), "unknown option '--zzzzzz'; see lambda-validate lint --help"),
            (("request", "a", "--strict=yes"), "--strict takes no value, not 'yes'; write --strict or --no-strict"),
            (("lint", "--no-gitignore="), "--no-gitignore takes no value, not ''; write --gitignore or --no-gitignore"),
            (("lint", "--quiet=1"), "--quiet takes no value, not '1'; write --quiet"),
            (("lint", "-x"), "unknown option '-x'; see lambda-validate lint --help"),
            (("lint", "--edit", "current"), "unknown option '--edit'; did you mean '--edition'?"),
            (("request", OPERATION, "a", "b"),
             "unexpected argument 'b': lambda-validate request takes only OPERATION and FILE; "
             "see lambda-validate request --help"),
            (("rules", "x"), "unexpected argument 'x': lambda-validate rules takes options only; "
             "see lambda-validate rules --help"),
            (("schema",), "expected OPERATION, or --settings; see lambda-validate schema --help"),
            (("request",), "expected OPERATION; see lambda-validate request --help"),
            (("request", "--"), "expected OPERATION; see lambda-validate request --help"),
            (("lint", "--output-format", "jsn"), "--output-format cannot be 'jsn'; did you mean 'json'?"),
            (("lint", "--output-format", "x"),
             "--output-format cannot be 'x'; choose from full, concise, json, github, sarif, junit, html or gitlab"),
            (("export", "openap"), "there is no form 'openap'; did you mean 'openapi'?"),
            (("lnt",), "there is no command 'lnt'; did you mean 'lint'?"),
            (("--edition", "current", "lint", "f"),
             "expected a command before '--edition', as in lambda-validate lint --strict; see lambda-validate --help"),
            (("-q", "lint"),
             "expected a command before '-q', as in lambda-validate lint --strict; see lambda-validate --help"),
            (("--lint",),
             "expected a command before '--lint', as in lambda-validate lint --strict; see lambda-validate --help"),
            (("lint", "--format", "json"), "unknown option '--format'; did you mean '--output-format'?"),
            (("lint", "--format=json"), "unknown option '--format'; did you mean '--output-format'?"),
            (("rules", "--output", "json"), "unknown option '--output'; did you mean '--output-format'?"),
            (("lint", "-o", "json"), "unknown option '-o'; did you mean '--output-format'?"),
            (("help", "--format"), "unknown option '--format'; see lambda-validate help --help"),
            (("check",), "there is no command 'check'; lambda-validate --help lists them"),
            (("help", "check"), "there is no command 'check'; lambda-validate --help lists them"),
            (("help", "lnt"), "there is no command 'lnt'; did you mean 'lint'?"),
            (("request", "CreateFunction", "--edition", "documents"),
             "there is no operation 'CreateFunction'; the edition 'current' has it; add --edition current"),
            (("request", "Foo"), "there is no operation 'Foo'; lambda-validate operations lists them"),
            (("schema", "Foo", "--edition", "documents"),
             "there is no operation 'Foo'; lambda-validate operations --edition documents lists them"),
            (("--versoin",), "unknown option '--versoin'; did you mean '--version'?"),
        ],
    )  # fmt: skip
    def test_usage_errors_suggest_a_correction_in_one_line(
        self, argv: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(argv) == 2
        assert capsys.readouterr() == ("", f"lambda-validate: {message}\n")

    @pytest.mark.parametrize("option", ["--" + "x" * 1000, "--\x1b[31m", "--\u00e9dition", "--\udc80"])
    def test_unknown_options_are_reported_in_one_short_printable_line(self, option: str) -> None:
        message = refused("lint", option)
        assert message.isprintable()
        assert len(message) < 200
