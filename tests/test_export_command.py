"""`lambda-validate export`: where things are written, and what is told of what a form cannot say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from lambda_validate import cli

Captured = pytest.CaptureFixture[str]


def run(*arguments: str) -> int:
    return cli.main(["export", *arguments])


@pytest.mark.parametrize(("form", "key"), [("openapi", "paths"), ("api-gateway", "paths"), ("json-schema", "$defs")])
def test_the_document_is_printed(capsys: Captured, form: str, key: str) -> None:
    assert run(form) == 0
    assert len(json.loads(capsys.readouterr().out)[key]) >= 2


def test_what_the_form_cannot_say_is_told_by_kind(capsys: Captured) -> None:
    assert run("api-gateway", "--operation", "CreateEventSourceMapping") == 0
    told = capsys.readouterr().err
    assert "lambda-validate: narrower: 1.0 is no integer in draft-04. [integer: 2 places, first CreateEvent" in told
    assert "lambda-validate: wider: Responses are not checked. [response: 1 place, first CreateEvent" in told


def test_a_form_that_says_everything_tells_nothing(capsys: Captured) -> None:
    assert run("json-schema") == 0
    assert capsys.readouterr().err == ""


def test_a_file_is_written_and_the_report_printed(tmp_path: Path, capsys: Captured) -> None:
    file = tmp_path / "lambda.json"
    assert run("openapi", "-o", str(file), "--report", "-") == 0
    shown = capsys.readouterr()
    report = json.loads(shown.out)
    assert json.loads(file.read_text("utf-8"))["openapi"] == "3.1.0"
    assert (report["form"], report["edition"], shown.err) == ("openapi", "documents", "")
    assert report["summary"]["message"]["places"] == len([x for x in report["losses"] if x["kind"] == "message"])


def test_the_report_goes_to_a_file(tmp_path: Path, capsys: Captured) -> None:
    file = tmp_path / "report.json"
    assert run("api-gateway", "--report", str(file)) == 0
    assert json.loads(capsys.readouterr().out)["openapi"] == "3.0.1"
    losses = json.loads(file.read_text("utf-8"))["losses"]
    assert {"kind": "integer", "effect": "narrower", "operation": "CreateEventSourceMapping", "direction": "request",
            "pointer": "/BatchSize", "rule": "batch-size.type", "detail": ""} in losses  # fmt: skip


def test_a_folder_gets_one_file_each(tmp_path: Path) -> None:
    folder = tmp_path / "schemas"
    assert run("json-schema", "-o", f"{folder}/", "--draft", "draft-07") == 0
    names = {f"{each}.{direction}.json" for each in ("CreateEventSourceMapping", "GetFunctionEventInvokeConfig")
             for direction in ("request", "response")}  # fmt: skip
    assert {each.name for each in folder.iterdir()} == names
    assert all(json.loads(each.read_text("utf-8"))["$schema"].endswith("draft-07/schema#") for each in folder.iterdir())


def test_models_come_beside_the_document_that_is_imported(tmp_path: Path) -> None:
    assert run("api-gateway", "-o", str(tmp_path)) == 0
    assert {each.name for each in tmp_path.iterdir()} == {"api-gateway.json", "CreateEventSourceMappingRequest.json"}


def test_what_is_written_is_yaml_too(tmp_path: Path) -> None:
    file = tmp_path / "lambda.json"
    assert run("openapi", "--edition", "current", "--operation", "TagResource", "-o", str(file)) == 0
    assert yaml.safe_load(file.read_bytes()) == json.loads(file.read_bytes())
    text = file.read_text("utf-8")
    assert not any("\x7f" <= each <= "\uffff" for each in text), "nothing that an editor takes for the end of a line"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["opanapi"], "invalid choice: 'opanapi'"),
        (["openapi", "--draft", "draft-07"], "--draft is for json-schema; openapi has a draft of its own"),
        (["openapi", "--report", "-"], "cannot both go to standard output; give -o PATH"),
        (["openapi", "-o", "here/"], "openapi is one file; give -o FILE"),
        (["openapi", "--operation", "GetAlias"], "GetAlias"),
        (["openapi", "-o", "no/such/folder.json"], "no/such/folder.json: cannot be written: No such file or directory"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_line(
    arguments: list[str], told: str, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(*arguments) == 2
    shown = capsys.readouterr()
    assert told in shown.err
    assert len(shown.err.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []
