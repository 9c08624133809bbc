"""Test the language server over standard input and output, with a client that edits documents."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from support.editing import Editor, editing
from support.markdown_cases import Case, of_format

pytestmark = pytest.mark.e2e

NAMES = (
    *("ACK", "AWS CLI", "CDK output", "CloudFormation", "Crossplane", "SAM", "Serverless Framework"),
    *("Terraform", "Terraform JSON", "Terraform plan", "Terraform state"),
)
LAST = 40
"""How many final characters are typed one by one."""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    return tmp_path


def linted(folder: Path, name: str) -> list[tuple[Any, ...]]:
    """Return the findings of `lint`, at positions in UTF-16 as in the protocol."""
    command = [sys.executable, "-m", "lambda_validate", "lint", "--output-format", "json", name]
    ran = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    lines = (folder / name).read_bytes().decode().split("\n")

    def place(line: int, column: int) -> tuple[int, int]:
        return line - 1, len(lines[line - 1][: column - 1].encode("utf-16-le")) // 2

    return [
        (*place(each["line"], each["column"]), *place(each["end_line"], each["end_column"]), each["rule"],
         each["severity"])
        for each in json.loads(ran.stdout)["findings"]
    ]  # fmt: skip


def shown(diagnostics: Sequence[types.Diagnostic]) -> list[tuple[Any, ...]]:
    return [
        (each.range.start.line, each.range.start.character, each.range.end.line, each.range.end.character, each.code,
         each.severity.name.lower())
        for each in diagnostics
    ]  # fmt: skip


def richest(name: str) -> Case:
    """Return the case of a format with the most findings."""
    return max(of_format(name), key=lambda case: len(case.expected))


async def typed(editor: Editor, path: Path, text: str) -> Sequence[types.Diagnostic]:
    """Type a document line by line, and its last characters one by one."""
    uri = editor.open(path, "")
    start = max(len(text) - LAST, 0)
    ends = [index + 1 for index in range(start) if text[index] == "\n"]
    for end in (*ends, *range(start, len(text) + 1)):
        editor.type(uri, text[:end])
        await asyncio.sleep(0.002)
    return await editor.diagnostics(uri)


@pytest.mark.parametrize("name", NAMES)
def test_edited_documents_have_the_findings_of_lint(workspace: Path, name: str):
    case = richest(name)

    async def session() -> Sequence[types.Diagnostic]:
        for file, text in case.beside:
            (workspace / file).parent.mkdir(parents=True, exist_ok=True)
            (workspace / file).write_text(text)
        async with editing(workspace) as editor:
            return await typed(editor, workspace / case.file_name, case.text)

    found = shown(asyncio.run(session()))
    (workspace / case.file_name).write_bytes(case.text.encode())
    assert found == linted(workspace, case.file_name)
    assert found


def test_a_broken_document_keeps_its_findings_from_the_editor(workspace: Path):
    case = richest("CloudFormation")
    path = workspace / "template.yaml"
    path.write_text("Resources: {}\n")

    async def session() -> tuple[Sequence[types.Diagnostic], Sequence[types.Diagnostic]]:
        async with editing(workspace) as editor:
            uri = editor.open(path, case.text)
            before = await editor.diagnostics(uri)
            editor.type(uri, case.text + "  [")
            return before, await editor.diagnostics(uri)

    before, after = asyncio.run(session())
    assert len(before) > 2
    assert shown(after[:-1]) == shown(before)
    assert after[-1].code is None


@pytest.mark.parametrize(("encodings", "character"), [((), 24), (("utf-8",), 26), (("utf-32", "utf-16"), 23)])
def test_positions_use_the_encoding_of_the_client(workspace: Path, encodings: tuple[str, ...], character: int):
    text = '{"FunctionName": "f",\n"BatchSize": 1,\n"Tags":"\U0001f600", "Enabled": "x"}'

    async def session() -> Sequence[types.Diagnostic]:
        async with editing(workspace, encodings=encodings) as editor:
            return await editor.diagnostics(editor.open(workspace / "a b.json", text))

    (found,) = (each for each in asyncio.run(session()) if each.code == "enabled.type")
    assert found.range.start == types.Position(2, character)


def test_fixes_hover_and_settings_work_in_a_session(workspace: Path):
    text = '{"FunctionName": "f",\n"EventSourceArn": "arn:aws:sqs:us-west-2:123456789012:orders",\n"Enabeld": true}'

    async def session() -> None:
        async with editing(workspace) as editor:
            uri = editor.open("untitled:Untitled-1", text)
            (found,) = await editor.diagnostics(uri)
            (action,) = await editor.actions(uri, found.range)
            assert action.title == 'Replace "Enabeld" with "Enabled"'
            assert [each.kind for each in await editor.actions(uri, found.range, "source.fixAll")] == ["source.fixAll"]
            about = await editor.hover(uri, found.range.start)
            assert about is not None
            assert "**member.unknown**" in about.contents.value  # type: ignore[union-attr]  # Markdown
            await editor.until(lambda: editor.watched)
            assert "**/.lambda-validate.toml" in editor.watched
            (workspace / ".lambda-validate.toml").write_text('baseline = "/etc/passwd"\n')
            editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([]))
            await editor.until(lambda: editor.messages)
            assert editor.messages == [
                "lambda-validate: .lambda-validate.toml:1: baseline must be a file in the workspace"
            ]

    asyncio.run(session())


def test_the_server_exits_when_the_client_disconnects():
    command = [sys.executable, "-m", "lambda_validate", "lsp"]
    ran = subprocess.run(command, input=b"", capture_output=True, check=False, timeout=60)
    assert (ran.returncode, ran.stdout, ran.stderr) == (1, b"", b"")
