"""Define an editor for tests of the language server: a pygls client, and the state of each document."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.lsp.client import LanguageClient

PATIENCE = 60
"""The timeout in seconds of a test that waits for the server."""
LANGUAGES = {".json": "json", ".tf": "terraform", ".yaml": "yaml", ".yml": "yaml"}


class Editor:
    """A client with open documents. `shown` has the latest diagnostics by URI, with the version of the document."""

    def __init__(self) -> None:
        self.client = LanguageClient("editor", "1")
        self.shown: dict[str, types.PublishDiagnosticsParams] = {}
        self.messages: list[str] = []
        self.watched: list[str] = []
        self.versions: dict[str, int] = {}
        self._news = asyncio.Event()
        self.client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(lambda params: self._published(params))
        self.client.feature(types.WINDOW_SHOW_MESSAGE)(lambda params: self._said(params))
        self.client.feature(types.CLIENT_REGISTER_CAPABILITY)(lambda params: self._registered(params))

    def _published(self, params: types.PublishDiagnosticsParams) -> None:
        self.shown[params.uri] = params
        self._news.set()

    def _said(self, params: types.ShowMessageParams) -> None:
        self.messages.append(params.message)
        self._news.set()

    def _registered(self, params: types.RegistrationParams) -> None:
        for each in params.registrations:
            self.watched += [watcher["globPattern"] for watcher in _plain(each.register_options)["watchers"]]
        self._news.set()

    async def until(self, holds: Any) -> None:
        """Wait until a condition holds."""
        async with asyncio.timeout(PATIENCE):
            while not holds():
                self._news.clear()
                await self._news.wait()

    def open(self, path: Path | str, text: str, version: int = 1) -> str:
        """Open a document, and return its URI."""
        uri = path.as_uri() if isinstance(path, Path) else path
        language = LANGUAGES.get(os.path.splitext(uri)[1], "plaintext")
        self.versions[uri] = version
        document = types.TextDocumentItem(uri=uri, language_id=language, version=version, text=text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(document))
        return uri

    def type(self, uri: str, text: str) -> None:
        """Change a document."""
        self.versions[uri] += 1
        self.client.text_document_did_change(
            types.DidChangeTextDocumentParams(
                types.VersionedTextDocumentIdentifier(self.versions[uri], uri),
                [types.TextDocumentContentChangeWholeDocument(text)],
            )
        )

    async def diagnostics(self, uri: str) -> Sequence[types.Diagnostic]:
        """Return the diagnostics of the latest version of a document, as soon as they arrive."""
        await self.until(lambda: uri in self.shown and self.shown[uri].version == self.versions[uri])
        return self.shown[uri].diagnostics

    async def actions(self, uri: str, place: types.Range, *only: str) -> Sequence[types.CodeAction]:
        """Return the actions that the server offers at a position."""
        found = await self.client.text_document_code_action_async(
            types.CodeActionParams(
                types.TextDocumentIdentifier(uri), place, types.CodeActionContext([], only=[*only] or None)
            )
        )
        return [each for each in found or () if isinstance(each, types.CodeAction)]

    async def hover(self, uri: str, place: types.Position) -> types.Hover | None:
        """Return the hover content at a position."""
        return await self.client.text_document_hover_async(types.HoverParams(types.TextDocumentIdentifier(uri), place))


def _plain(value: Any) -> Any:
    """Return objects of the client's converter as dictionaries."""
    if hasattr(value, "_asdict"):
        value = value._asdict()
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, (list, tuple)) else value


@asynccontextmanager
async def editing(folder: Path, *arguments: str, encodings: Sequence[str] = ()) -> AsyncIterator[Editor]:
    """Start the server for a workspace, and shut it down in order."""
    editor = Editor()
    command = (sys.executable, "-m", "lambda_validate", "lsp", *arguments)
    await editor.client.start_io(*command, cwd=folder)
    general = types.GeneralClientCapabilities(position_encodings=[*encodings]) if encodings else None
    watching = types.DidChangeWatchedFilesClientCapabilities(dynamic_registration=True)
    workspace = types.WorkspaceClientCapabilities(did_change_watched_files=watching)
    capabilities = types.ClientCapabilities(general=general, workspace=workspace)
    folders = [types.WorkspaceFolder(folder.as_uri(), folder.name)]
    async with asyncio.timeout(PATIENCE):
        await editor.client.initialize_async(
            types.InitializeParams(capabilities, root_uri=folder.as_uri(), workspace_folders=folders)
        )
    editor.client.initialized(types.InitializedParams())
    try:
        yield editor
    finally:
        async with asyncio.timeout(PATIENCE):
            await editor.client.shutdown_async(None)
            editor.client.exit(None)
            await editor.client.stop()
    assert editor.client._server is not None
    assert editor.client._server.returncode == 0
