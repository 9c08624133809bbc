"""Test what the server does for its client: when it validates, what it shows, and what it offers."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote

import pytest
from lsprotocol import types
from pygls.workspace import Workspace
from support.linting import BAD, QUEUE, Project
from test_lsp_checks import MAIN, TEMPLATE
from test_lsp_projects import OWN, projects

from lambda_validate.lsp.checks import DocumentChecker
from lambda_validate.lsp.schedule import Schedule
from lambda_validate.lsp.session import EditorSession


class Server:
    """The parts of a server that a session uses, and its sent messages."""

    def __init__(self, *folders: Path, encoding: str = "utf-16", watches: bool = False) -> None:
        named = [types.WorkspaceFolder(each.as_uri(), each.name) for each in folders]
        kind = types.TextDocumentSyncKind.Full
        self.workspace = Workspace(None, kind, named, types.PositionEncodingKind(encoding))
        watching = types.DidChangeWatchedFilesClientCapabilities(dynamic_registration=watches)
        self.client_capabilities = types.ClientCapabilities(
            workspace=types.WorkspaceClientCapabilities(did_change_watched_files=watching)
        )
        self.shown: list[types.PublishDiagnosticsParams] = []
        self.said: list[str] = []
        self.registered: list[types.Registration] = []

    def text_document_publish_diagnostics(self, params: types.PublishDiagnosticsParams) -> None:
        self.shown.append(params)

    def window_show_message(self, params: types.ShowMessageParams) -> None:
        self.said.append(params.message)

    def client_register_capability(self, params: types.RegistrationParams) -> None:
        self.registered += params.registrations


class Client:
    """A client whose messages reach a session in this process."""

    def __init__(self, *folders: Path, **options: Any) -> None:
        self.server = Server(*folders, **options)
        self.session = EditorSession(self.server, projects()._prepare, pause=0)  # type: ignore[arg-type]  # as far as used

    def put(self, uri: str, text: str, version: int = 1) -> None:
        """Open or change a document."""
        workspace = self.server.workspace
        params: Any = SimpleNamespace(text_document=types.VersionedTextDocumentIdentifier(version, uri))
        if unquote(uri) in workspace.text_documents:
            workspace.update_text_document(params.text_document, types.TextDocumentContentChangeWholeDocument(text))
            self.session.changed(params)
        else:
            workspace.put_text_document(types.TextDocumentItem(uri, "yaml", version, text))
            self.session.opened(params)

    async def quiet(self) -> None:
        """Wait until no check is pending."""
        while tasks := [*self.session._schedule._tasks.values()]:
            await asyncio.gather(*tasks)

    def rules(self, uri: str) -> list[Any]:
        """Return the rules of the shown findings of a document."""
        return [each.code for each in next(each for each in self.server.shown[::-1] if each.uri == uri).diagnostics]


def run(job: Callable[[], Awaitable[Any]]) -> Any:
    async def main() -> Any:
        return await job()

    return asyncio.run(main())


def place(line: int, start: int, end: int | None = None) -> types.Range:
    return types.Range(types.Position(line, start), types.Position(line, start if end is None else end))


@pytest.fixture
def uri(project: Project) -> str:
    return (project.folder / "a b é.yaml").as_uri()


def test_a_document_is_shown_with_its_findings(project: Project, uri: str):
    client = Client(project.folder)

    async def job() -> None:
        client.put(uri, TEMPLATE, 7)
        await client.quiet()

    run(job)
    (shown,) = client.server.shown
    assert (shown.uri, shown.version) == (uri, 7)
    first = shown.diagnostics[0]
    assert (first.code, first.source, first.severity) == ("batch-size.sqs", "lambda-validate", 1)
    assert first.range == place(6, 17, 19)
    assert first.code_description
    assert first.code_description.href.startswith("https://")
    assert shown.diagnostics[1].message.endswith("\nWrite Enabled.")


@pytest.mark.parametrize(("encoding", "start"), [("utf-8", 26), ("utf-16", 24), ("utf-32", 23)])
def test_positions_use_the_encoding_of_the_client(project: Project, uri: str, encoding: str, start: int):
    client = Client(project.folder, encoding=encoding)
    text = f'{{"FunctionName": "f",\n"EventSourceArn": "{QUEUE}",\n"Tags":"\U0001f600", "Enabled": "x"}}'

    async def job() -> None:
        client.put(uri, text)
        await client.quiet()

    run(job)
    names = [each for each in client.server.shown[-1].diagnostics if each.code == "enabled.type"]
    assert [each.range.start for each in names] == [types.Position(2, start)]


def test_rapid_changes_are_checked_once(project: Project, uri: str, monkeypatch: pytest.MonkeyPatch):
    client = Client(project.folder)
    checked: list[str] = []
    real = DocumentChecker.check

    def counted(self: DocumentChecker, path: str, text: str, before: Any) -> Any:
        checked.append(text)
        return real(self, path, text, before)

    monkeypatch.setattr(DocumentChecker, "check", counted)

    async def job() -> None:
        for version, text in enumerate(("a", "b", BAD), 1):
            client.put(uri, text, version)
        await client.quiet()

    run(job)
    assert checked == [BAD]
    assert [each.version for each in client.server.shown] == [3]


def test_outdated_checks_are_not_shown(project: Project, uri: str, monkeypatch: pytest.MonkeyPatch):
    client = Client(project.folder)
    real = DocumentChecker.check

    async def job() -> None:
        loop = asyncio.get_running_loop()

        def slow(self: DocumentChecker, path: str, text: str, before: Any) -> Any:
            if text == "first":
                asyncio.run_coroutine_threadsafe(change(), loop).result(60)
            return real(self, path, text, before)

        async def change() -> None:
            client.put(uri, BAD, 2)

        monkeypatch.setattr(DocumentChecker, "check", slow)
        client.put(uri, "first")
        await client.quiet()

    run(job)
    assert [each.version for each in client.server.shown] == [2]


def test_a_closed_document_has_no_diagnostics(project: Project, uri: str):
    client = Client(project.folder)

    async def job() -> None:
        client.put(uri, BAD)
        await client.quiet()
        client.session.changed(SimpleNamespace(text_document=SimpleNamespace(uri=uri)))  # type: ignore[arg-type]  # so far
        client.server.workspace.remove_text_document(uri)
        client.session.closed(SimpleNamespace(text_document=SimpleNamespace(uri=uri)))  # type: ignore[arg-type]  # so far
        await client.quiet()

    run(job)
    assert client.rules(uri) == []
    assert len(client.server.shown) == 2


def test_a_broken_document_keeps_its_findings(project: Project, uri: str):
    client = Client(project.folder)

    async def job() -> None:
        for version, text in enumerate((TEMPLATE, f"{TEMPLATE}  [", f"{TEMPLATE}  [1"), 1):
            client.put(uri, text, version)
            await client.quiet()

    run(job)
    for shown in client.server.shown[1:]:
        assert [each.code for each in shown.diagnostics] == ["batch-size.sqs", "member.unknown", "batch-size.sqs", None]
        assert shown.diagnostics[-1].severity == types.DiagnosticSeverity.Error


def test_documents_of_terraform_are_checked_with_each_other(project: Project):
    client = Client(project.folder)
    main, beside, other = ((project.folder / each).as_uri() for each in ("main.tf", "locals.tf", "b.yaml"))
    project.write({"locals.tf": ""})

    async def job() -> None:
        client.put(main, MAIN)
        client.put(beside, "")
        client.put(other, BAD)
        await client.quiet()
        client.put(beside, "locals {\n  size = 11\n}\n", 2)
        await client.quiet()

    run(job)
    assert client.rules(main) == ["batch-size.sqs"]
    assert [each.uri for each in client.server.shown].count(other) == 1


def test_every_document_is_checked_when_a_file_changes(project: Project, uri: str):
    client = Client(project.folder)

    async def job() -> None:
        client.put(uri, BAD)
        await client.quiet()
        project.write({OWN: 'ignore = ["batch-size"]\n'})
        client.session.check_all()
        await client.quiet()

    run(job)
    assert [len(each.diagnostics) for each in client.server.shown] == [1, 0]


def test_invalid_settings_are_reported_once_and_findings_preserved(project: Project, uri: str):
    client = Client(project.folder)

    async def job() -> None:
        client.put(uri, BAD)
        await client.quiet()
        project.write({OWN: "nonsense"})
        for version in (2, 3):
            client.put(uri, BAD, version)
            await client.quiet()
        project.write({OWN: ""})
        client.put(uri, BAD, 4)
        await client.quiet()

    run(job)
    assert len(client.server.said) == 1
    assert f"lambda-validate: {OWN}: expected TOML" in client.server.said[0]
    assert [each.version for each in client.server.shown] == [1, 4]


def test_settings_are_those_of_the_innermost_folder(project: Project):
    inner = project.folder / "inner"
    inner.mkdir()
    (inner / OWN).write_text('ignore = ["batch-size"]\n')
    client = Client(project.folder, inner)
    uris = [(folder / "a.json").as_uri() for folder in (project.folder, inner, inner / "sub")]

    async def job() -> None:
        for each in (*uris, "untitled:a.json"):
            client.put(each, BAD)
        await client.quiet()

    run(job)
    assert [client.rules(each) for each in uris] == [["batch-size.sqs"], [], []]
    assert client.rules("untitled:a.json") == ["batch-size.sqs"]


def test_a_document_of_no_workspace_has_the_settings_of_its_folder(project: Project, uri: str):
    project.write({OWN: 'ignore = ["batch-size"]\n'})
    client = Client()

    async def job() -> None:
        client.put(uri, BAD)
        await client.quiet()

    run(job)
    assert client.rules(uri) == []


def test_an_internal_error_does_not_end_the_session(project: Project, uri: str, monkeypatch: pytest.MonkeyPatch):
    client = Client(project.folder)
    real = DocumentChecker.check

    def fault(self: DocumentChecker, *arguments: Any) -> Any:
        raise AssertionError

    async def job() -> None:
        monkeypatch.setattr(DocumentChecker, "check", fault)
        client.put(uri, BAD)
        await client.quiet()
        monkeypatch.setattr(DocumentChecker, "check", real)
        client.put(uri, BAD, 2)
        await client.quiet()

    run(job)
    assert [each.version for each in client.server.shown] == [2]


@pytest.mark.parametrize("watches", [True, False])
def test_files_are_watched_where_the_client_can(project: Project, watches: bool):
    client = Client(project.folder, watches=watches)
    client.session.initialized(types.InitializedParams())
    names = [each.glob_pattern for found in client.server.registered for each in found.register_options.watchers]  # type: ignore[union-attr]  # ours
    assert names == (["**/.lambda-validate.toml", "**/pyproject.toml", "**/*.tf", "**/*.tofu", "**/*.tf.json",
                      "**/*.tofu.json"] if watches else [])  # fmt: skip


class TestActions:
    """Return quick fixes, and the action that fixes all."""

    def actions(self, project: Project, uri: str, where: types.Range, *only: str, text: str = TEMPLATE) -> list[Any]:
        client = Client(project.folder)
        context = types.CodeActionContext([], only=[*only] or None)
        params = types.CodeActionParams(types.TextDocumentIdentifier(uri), where, context)

        async def job() -> Any:
            client.put(uri, text)
            await client.quiet()
            return await client.session.code_actions(params)

        return run(job)  # type: ignore[no-any-return]  # the list above

    def test_a_fix_is_offered_at_its_finding(self, project: Project, uri: str):
        (action,) = self.actions(project, uri, place(7, 8))
        assert action.title == "Replace Enabeld with Enabled"
        assert action.kind == types.CodeActionKind.QuickFix
        assert [each.code for each in action.diagnostics] == ["member.unknown"]
        assert action.edit.changes == {uri: [types.TextEdit(place(7, 6, 13), "Enabled")]}

    def test_a_deleting_fix_has_its_own_title(self, project: Project, uri: str):
        text = TEMPLATE.replace("FunctionName: orders", 'FunctionName: "orders "', 1)
        (action,) = self.actions(project, uri, place(4, 27), text=text)
        assert action.title == "Remove the white space at the end"

    @pytest.mark.parametrize("where", [place(0, 0, 3), place(6, 17, 19)])
    def test_no_action_is_offered_elsewhere(self, project: Project, uri: str, where: types.Range):
        assert self.actions(project, uri, where) == []

    @pytest.mark.parametrize("only", ["source.fixAll", "source"])
    def test_a_fix_all_action_is_offered_on_request(self, project: Project, uri: str, only: str):
        (action,) = self.actions(project, uri, place(0, 0), only)
        assert action.kind == types.CodeActionKind.SourceFixAll
        (edit,) = action.edit.changes[uri]
        assert edit.new_text == TEMPLATE.replace("Enabeld", "Enabled")
        assert edit.range == types.Range(types.Position(0, 0), types.Position(14, 0))

    @pytest.mark.parametrize("only", ["refactor", "source.organizeImports", "quick", "source.fixAll.other"])
    def test_other_kinds_of_actions_are_not_offered(self, project: Project, uri: str, only: str):
        assert self.actions(project, uri, place(7, 8), only) == []

    def test_a_document_without_findings_has_no_fix_all_action(self, project: Project, uri: str):
        text = TEMPLATE.replace("Enabeld", "Enabled")
        assert self.actions(project, uri, place(0, 0), "source.fixAll", text=text) == []


@pytest.mark.parametrize("closed", ["file:///missing/%00.yaml", "file:///missing/template.yaml", "untitled:Untitled-1"])
def test_a_closed_document_has_no_actions_or_hover(closed: str):
    client = Client()
    document, where = types.TextDocumentIdentifier(closed), place(0, 0)
    actions = types.CodeActionParams(document, where, types.CodeActionContext([]))
    assert run(lambda: client.session.code_actions(actions)) == []
    assert run(lambda: client.session.hover(types.HoverParams(document, where.start))) is None


class TestHover:
    def hover(self, project: Project, uri: str, line: int, character: int, text: str = TEMPLATE) -> Any:
        client = Client(project.folder)
        where = types.HoverParams(types.TextDocumentIdentifier(uri), types.Position(line, character))

        async def job() -> Any:
            client.put(uri, text)
            await client.quiet()
            return await client.session.hover(where)

        return run(job)

    def test_the_page_of_the_rule_is_shown_at_its_finding(self, project: Project, uri: str):
        found = self.hover(project, uri, 6, 18)
        assert found.range == place(6, 17, 19)
        for part in ("**batch-size.sqs** (error)", "### What it checks", "### Why it matters", "### How to fix"):
            assert part in found.contents.value

    @pytest.mark.parametrize(("line", "character"), [(0, 0), (6, 16), (5, 99), (99, 0)])
    def test_there_is_no_hover_elsewhere(self, project: Project, uri: str, line: int, character: int):
        assert self.hover(project, uri, line, character) is None

    def test_there_is_no_hover_at_a_failure(self, project: Project, uri: str):
        assert self.hover(project, uri, 15, 3, TEMPLATE + "  [") is None

    def test_messages_are_escaped_in_markdown(self, project: Project, uri: str):
        text = TEMPLATE.replace("Enabeld", '"[x](command:y)<b>"')
        shown = self.hover(project, uri, 7, 8, text).contents.value
        assert "[x]" not in shown
        assert "\\[x\\](command:y)\\<b\\>" in shown


class TestSchedule:
    def test_a_dropped_name_does_not_run(self):
        ran: list[str] = []

        async def job() -> None:
            async def note(name: str) -> None:
                ran.append(name)

            schedule = Schedule(note)
            schedule.request("a")
            schedule.request("b")
            schedule.drop("a")
            await asyncio.gather(*schedule._tasks.values())

        run(job)
        assert ran == ["b"]

    def test_a_name_scheduled_while_it_runs_runs_again(self):
        ran: list[int] = []

        async def job() -> None:
            async def note(name: str) -> None:
                ran.append(len(ran))
                if len(ran) < 3:
                    schedule.request(name)
                    schedule.request(name)

            schedule = Schedule(note)
            schedule.request("a")
            await asyncio.gather(*schedule._tasks.values())

        run(job)
        assert ran == [0, 1, 2]
