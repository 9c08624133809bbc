"""Test `lambda-validate export`: where it writes, and what it reports about rules that a format cannot express."""

from __future__ import annotations

import json
import os
import socket
import stat
import threading
from pathlib import Path
from typing import Any

import pytest
import yaml

from lambda_validate import cli
from lambda_validate.files.writing import replace

pytestmark = pytest.mark.usefixtures("by_documents")

Captured = pytest.CaptureFixture[str]


def run(*arguments: str) -> int:
    return cli.main(["export", *arguments])


@pytest.mark.parametrize(("form", "key"), [("openapi", "paths"), ("api-gateway", "paths"), ("json-schema", "$defs")])
def test_the_document_is_printed(capsys: Captured, form: str, key: str) -> None:
    assert run(form) == 0
    assert len(json.loads(capsys.readouterr().out)[key]) >= 2


def test_losses_are_reported_by_kind(capsys: Captured) -> None:
    assert run("api-gateway", "--operation", "CreateEventSourceMapping") == 0
    report = capsys.readouterr().err
    assert "lambda-validate: narrower: 1.0 is no integer in draft-04. [integer: 2 places, first CreateEvent" in report
    assert "lambda-validate: wider: Responses are not checked. [response: 1 place, first CreateEvent" in report


def test_a_lossless_export_reports_nothing(capsys: Captured) -> None:
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


def test_the_report_can_be_written_to_a_file(tmp_path: Path, capsys: Captured) -> None:
    file = tmp_path / "report.json"
    assert run("api-gateway", "--report", str(file)) == 0
    assert json.loads(capsys.readouterr().out)["openapi"] == "3.0.1"
    losses = json.loads(file.read_text("utf-8"))["losses"]
    assert {"kind": "integer", "effect": "narrower", "operation": "CreateEventSourceMapping", "direction": "request",
            "pointer": "/BatchSize", "rule": "batch-size.type", "detail": ""} in losses  # fmt: skip


def test_a_dash_is_standard_output(tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("openapi", "-o", "-") == 0
    printed = capsys.readouterr().out
    assert run("openapi") == 0
    assert capsys.readouterr().out == printed
    assert json.loads(printed)["openapi"] == "3.1.0"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("option", ["-o", "--report"])
def test_output_can_be_written_to_a_named_pipe(tmp_path: Path, option: str) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()), daemon=True)
    reader.start()
    assert run("json-schema", option, str(pipe)) == 0
    reader.join(60)
    assert json.loads(got[0])
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert list(tmp_path.iterdir()) == [pipe]


def test_the_name_of_a_descriptor_is_written_to() -> None:
    reading, writing = os.pipe()
    try:
        replace(f"/dev/fd/{writing}", b"reached")
        assert os.read(reading, 9) == b"reached"
    finally:
        os.close(reading)
        os.close(writing)


def test_a_device_is_written_to_behind_a_link_too(tmp_path: Path) -> None:
    """A terminal is a device in a folder where no file can be created, even if this check fails."""
    terminal, inside = os.openpty()
    link = tmp_path / "terminal"
    link.symlink_to(os.ttyname(inside))
    try:
        replace(str(link), b"reached")
        assert os.read(terminal, 9) == b"reached"
        assert stat.S_ISCHR(link.stat().st_mode)
        assert link.is_symlink()
    finally:
        os.close(inside)
        os.close(terminal)


def test_a_socket_as_output_is_reported_and_preserved(tmp_path: Path, capsys: Captured) -> None:
    file = tmp_path / "socket"
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(file))
        assert run("openapi", "-o", str(file)) == 2
        assert capsys.readouterr().err.endswith("socket: cannot be written: No such device or address\n")
        assert stat.S_ISSOCK(file.stat().st_mode)


def test_a_descriptor_of_a_file_that_is_gone_is_written_to(tmp_path: Path) -> None:
    with open(tmp_path / "gone", "w+b") as file:
        os.unlink(file.name)
        replace(f"/proc/self/fd/{file.fileno()}", b"reached")
        assert file.read() == b"reached"
    assert list(tmp_path.iterdir()) == []


def test_a_folder_gets_one_file_each(tmp_path: Path) -> None:
    folder = tmp_path / "schemas"
    assert run("json-schema", "-o", f"{folder}/", "--draft", "draft-07") == 0
    names = {f"{each}.{direction}.json" for each in ("CreateEventSourceMapping", "GetFunctionEventInvokeConfig")
             for direction in ("request", "response")}  # fmt: skip
    assert {each.name for each in folder.iterdir()} == names
    assert all(json.loads(each.read_text("utf-8"))["$schema"].endswith("draft-07/schema#") for each in folder.iterdir())


@pytest.mark.parametrize("link", [os.symlink, os.link], ids=["symbolic", "hard"])
def test_a_link_in_a_folder_is_replaced_and_not_followed(tmp_path: Path, link: Any) -> None:
    (tmp_path / "far").write_bytes(b"kept")
    folder = tmp_path / "schemas"
    folder.mkdir()
    name = "GetFunctionEventInvokeConfig.request.json"
    link(tmp_path / "far", folder / name)
    assert run("json-schema", "-o", str(folder)) == 0
    assert (tmp_path / "far").read_bytes() == b"kept"
    assert json.loads((folder / name).read_bytes())
    assert not (folder / name).is_symlink()


def test_the_folder_itself_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    assert run("json-schema", "-o", str(tmp_path / "link")) == 0
    assert (tmp_path / "link").is_symlink()
    assert len(list((tmp_path / "real").iterdir())) == 4


def test_models_are_written_next_to_the_document(tmp_path: Path) -> None:
    assert run("api-gateway", "-o", str(tmp_path)) == 0
    assert {each.name for each in tmp_path.iterdir()} == {"api-gateway.json", "CreateEventSourceMappingRequest.json"}


@pytest.mark.parametrize("form", ["openapi", "json-schema"])
def test_json_output_is_valid_yaml(tmp_path: Path, form: str) -> None:
    file = tmp_path / "lambda.json"
    assert run(form, "--edition", "current", "--operation", "TagResource", "-o", str(file)) == 0
    assert yaml.safe_load(file.read_bytes()) == json.loads(file.read_bytes())
    text = file.read_text("utf-8")
    assert not any("\x7f" <= each <= "\uffff" for each in text), "nothing that an editor takes for the end of a line"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["opanapi"], "there is no form 'opanapi'; did you mean 'openapi'?"),
        (["openapi", "--draft", "draft-07"], "--draft is for the form json-schema; openapi has a fixed draft"),
        (["openapi", "--report", "-"], "cannot both be written to standard output; add -o PATH for the document"),
        (
            ["openapi", "-o", "-", "--report", "-"],
            "cannot both be written to standard output; add -o PATH for the document",
        ),
        (["openapi", "-o", ""], "-o has an empty path; name a file, or - for standard output"),
        (["openapi", "--report", ""], "--report has an empty path; name a file, or - for standard output"),
        (["openapi", "-o", "here/"], "openapi is written as one file; use -o FILE, not a folder"),
        (["openapi", "--operation", "GetAlias"], "GetAlias"),
        (["openapi", "-o", "no/such/folder.json"], "no/such/folder.json: cannot be written: No such file or directory"),
    ],
)
def test_usage_errors_are_one_line(
    arguments: list[str], message: str, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(*arguments) == 2
    shown = capsys.readouterr()
    assert message in shown.err
    assert len(shown.err.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []
