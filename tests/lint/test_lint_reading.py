"""Test that only regular files are read. A pipe or device is an error if it is named, and skipped in a folder."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from support.linting import BAD, GOOD, Project

from lambda_validate.files import regular as regular_files

DEVICES = {"pipe": os.mkfifo, "device": lambda path: os.symlink("/dev/zero", path)}


def ran(folder: Path, *argv: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a separate process, which can be ended if it waits."""
    program = [sys.executable, "-m", "lambda_validate", *argv]
    return subprocess.run(program, cwd=folder, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / ".git").mkdir()
    (inner / "a.json").write_text(BAD, "utf-8")
    return inner


@pytest.mark.parametrize("kind", DEVICES)
@pytest.mark.parametrize("name", [".gitignore", ".lambda-validate.toml", "pyproject.toml"])
@pytest.mark.parametrize("above", [False, True])
def test_special_files_found_by_search_are_skipped(folder: Path, kind: str, name: str, above: bool):
    DEVICES[kind](str((folder.parent if above else folder) / name))
    done = ran(folder, "lint", ".", "--edition", "documents", "--output-format", "concise")
    assert (done.returncode, done.stdout.count("batch-size.sqs")) == (1, 1)


@pytest.mark.parametrize("kind", DEVICES)
@pytest.mark.parametrize("option", ["--config", "--baseline", "--write-baseline"])
def test_special_files_given_by_name_are_an_error(folder: Path, kind: str, option: str):
    DEVICES[kind](str(folder / "named"))
    done = ran(folder, "lint", ".", option, "named", "--quiet")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith("lambda-validate: named: ")
    assert "Not a regular file" in done.stderr


@pytest.mark.parametrize("option", ["--config", "--baseline", "--write-baseline"])
def test_a_folder_given_as_a_file_is_an_error(folder: Path, option: str):
    (folder / "named").mkdir()
    done = ran(folder, "lint", ".", option, "named", "--quiet")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)


def test_a_file_replaced_by_a_pipe_is_an_error(project: Project):
    os.mkfifo("pyproject.toml")
    project.write({"a.json": GOOD})
    project.monkeypatch.setattr(os.path, "isfile", lambda path: path.endswith("pyproject.toml"))
    result = project.run("a.json")
    assert (result.code, result.err) == (
        2,
        "lambda-validate: pyproject.toml: the settings cannot be read: Not a regular file\n",
    )


@pytest.mark.parametrize(("option", "limit"), [("--config", 1), ("--baseline", 100)])
def test_a_file_that_is_too_large_is_an_error(project: Project, option: str, limit: int):
    with open("named", "wb") as file:
        file.truncate(limit * 1_000_000 + 1)
    result = project.run(option, "named")
    assert (result.code, result.err.count("\n")) == (2, 1)
    assert f"Larger than {limit} MB" in result.err


def test_a_request_may_come_through_a_pipe(project: Project):
    inside, outside = os.pipe()
    os.write(outside, BAD.encode())
    os.close(outside)
    try:
        result = project.run("CreateEventSourceMapping", f"/dev/fd/{inside}", command="request")
    finally:
        os.close(inside)
    assert (result.code, result.out.count("batch-size.sqs")) == (1, 1)


def test_the_writer_of_a_pipe_may_come_later(project: Project):
    os.mkfifo("pipe")
    writer = threading.Timer(0.2, lambda: Path("pipe").write_text(BAD, "utf-8"))
    writer.start()
    result = project.run("CreateEventSourceMapping", "pipe", command="request")
    writer.join()
    assert (result.code, result.out.count("batch-size.sqs")) == (1, 1)


def test_input_from_a_pipe_is_limited(project: Project, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("lambda_validate.lint.files.MAX_FILE_BYTES", len(BAD) - 1)
    inside, outside = os.pipe()
    os.write(outside, BAD.encode())
    try:
        result = project.run("CreateEventSourceMapping", f"/dev/fd/{inside}", command="request")
    finally:
        os.close(outside)
        os.close(inside)
    assert (result.code, result.err.count("the file is larger than")) == (2, 1)


def test_a_device_is_rejected_as_a_request(project: Project):
    result = project.run("CreateEventSourceMapping", "/dev/zero", command="request")
    assert (result.code, result.err.count("expected a regular file")) == (2, 1)


@pytest.mark.parametrize("size", [0, 1, 9, 10, 11])
def test_a_file_is_read_completely_or_rejected(tmp_path: Path, size: int):
    (tmp_path / "file").write_bytes(b"x" * size)
    if size > 10:
        with pytest.raises(OSError, match="Larger than"):
            regular_files.read(str(tmp_path / "file"), 10)
    else:
        assert regular_files.read(str(tmp_path / "file"), 10) == b"x" * size
