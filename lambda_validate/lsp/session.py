"""A session with one client (an editor): check open documents when typing pauses, and answer requests."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from lsprotocol import types

from ..base.spelling import UnknownNameError
from ..lint.files.beside import ENDINGS
from ..lint.session import Project
from ..settings.files import OWN_NAME, SHARED_NAME, ConfigError
from . import messages
from .checks import Checked, DocumentChecker
from .positions import Lines
from .projects import Prepare, Projects
from .schedule import Schedule

if TYPE_CHECKING:
    from pygls.lsp.server import LanguageServer
    from pygls.workspace import TextDocument

PAUSE = 0.05
"""Seconds without a change after which a document is checked."""
WATCHED = (OWN_NAME, SHARED_NAME, *(f"*{ending}" for ending in ENDINGS))
"""Patterns of files whose changes may affect the findings of open documents: settings files and Terraform files."""
SCHEME = "file:"

LOG = logging.getLogger(__name__)


class EditorSession:
    """Handles the messages of one client, from the first to the last."""

    def __init__(self, server: LanguageServer, prepare: Prepare, pause: float = PAUSE) -> None:
        self.server, self._pause = server, pause
        self._projects = Projects(prepare)
        self._schedule = Schedule(self._check)
        self._checked: dict[str, Checked] = {}
        self._complaints: dict[str, str] = {}
        self.was_shut_down = False

    def initialized(self, params: types.InitializedParams) -> None:
        """Ask the client to report changes of the files in `WATCHED`, if it supports that."""
        workspace = self.server.client_capabilities.workspace
        watching = workspace.did_change_watched_files if workspace else None
        if watching and watching.dynamic_registration:
            watchers = [types.FileSystemWatcher(f"**/{pattern}") for pattern in WATCHED]
            options = types.DidChangeWatchedFilesRegistrationOptions(watchers)
            method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
            registration = types.Registration(id=method, method=method, register_options=options)
            self.server.client_register_capability(types.RegistrationParams([registration]))

    def opened(self, params: types.DidOpenTextDocumentParams) -> None:
        """Check a document that was opened, without a pause."""
        self._schedule.request(params.text_document.uri)

    def changed(self, params: types.DidChangeTextDocumentParams) -> None:
        """Check a changed document when typing pauses.

        If it is a Terraform file, check all open Terraform files, since their values may depend on each other.
        """
        uri = params.text_document.uri
        others = [*self.server.workspace.text_documents.values()] if uri.endswith(ENDINGS) else []
        for address in {uri, *(other.uri for other in others if other.uri.endswith(ENDINGS))}:
            self._schedule.request(address, self._pause)

    def closed(self, params: types.DidCloseTextDocumentParams) -> None:
        """Remove the findings of a closed document."""
        uri = params.text_document.uri
        self._schedule.drop(uri)
        self._checked.pop(uri, None)
        self._publish(uri, None, [])

    def check_all(self, params: Any = None) -> None:
        """Check every open document again, since a file or a setting may have changed."""
        for document in [*self.server.workspace.text_documents.values()]:
            self._schedule.request(document.uri, self._pause)

    def shut_down(self, params: Any = None) -> None:
        """Note that the client ended the session properly, with the request `shutdown`."""
        self.was_shut_down = True

    async def code_actions(self, params: types.CodeActionParams) -> list[types.CodeAction]:
        """Return the quick fixes for a range of a document and, if requested, an action that applies all fixes."""
        uri, found = params.text_document.uri, list[types.CodeAction]()
        document = self._open(uri)
        checker = self._checker(document) if document is not None else None
        if document is None or checker is None:
            return []
        lines, only = self._lines(document.source), params.context.only
        if only and _includes(only, types.CodeActionKind.SourceFixAll):
            after = await asyncio.to_thread(checker.fixed, _path(document), lines.text)
            found += [messages.fix_all(uri, after, lines)] if after != lines.text else []
        if not only or _includes(only, types.CodeActionKind.QuickFix):
            start, end = (
                lines.offset(position.line, position.character) for position in (params.range.start, params.range.end)
            )
            fixes = await asyncio.to_thread(checker.fixes, _path(document), lines.text, start, end)
            found += messages.quick_fixes(uri, fixes, lines)
        return found

    async def hover(self, params: types.HoverParams) -> types.Hover | None:
        """Return the pages of the rules that are broken at a position, to show beside it; None if there are none."""
        uri = params.text_document.uri
        document, checked = self._open(uri), self._checked.get(uri)
        checker = self._checker(document) if document is not None else None
        if checked is None or checker is None:
            return None
        lines = self._lines(checked.text)
        offset = lines.offset(params.position.line, params.position.character)
        found = [mark for mark in checked.marks if mark.start <= offset <= mark.end]
        return await asyncio.to_thread(messages.hover, found, checker.project.validator.edition, lines)

    async def _check(self, uri: str) -> None:
        """Check a document, and send its findings to the client, unless the document has changed meanwhile."""
        document = self._open(uri)
        checker = self._checker(document) if document is not None else None
        if document is None or checker is None:
            return
        text, version = document.source, document.version
        try:
            found = await asyncio.to_thread(checker.check, _path(document), text, self._checked.get(uri))
        except Exception:  # an unexpected error must not end the session
            LOG.exception("%s cannot be checked", uri)
            return
        if self._open(uri) is document and document.version == version:
            self._checked[uri] = found
            self._publish(uri, version, messages.diagnostics(found, self._lines(text)))

    def _open(self, uri: str) -> TextDocument | None:
        """Return the open document with a URI, or None. pygls lists documents by the URI without percent escapes."""
        found: TextDocument | None = self.server.workspace.text_documents.get(unquote(uri))
        return found

    def _publish(self, uri: str, version: int | None, found: list[types.Diagnostic]) -> None:
        self.server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, found, version))

    def _checker(self, document: TextDocument) -> DocumentChecker | None:
        """Return the checker for a document; None if its settings are invalid."""
        project = self._project(self._folder(document))
        opened = {
            _path(text_document): text_document.source
            for text_document in self.server.workspace.text_documents.values()
        }
        return DocumentChecker(project, opened) if project is not None else None

    def _project(self, folder: str) -> Project | None:
        """Return the project of a folder. If its settings are invalid, show the error to the user and return None."""
        try:
            project = self._projects.of(folder)
        except (ConfigError, UnknownNameError) as error:
            if self._complaints.get(folder) != str(error):
                self._complaints[folder] = str(error)
                shown = types.ShowMessageParams(types.MessageType.Error, f"{messages.NAME}: {error}")
                self.server.window_show_message(shown)
            return None
        self._complaints.pop(folder, None)
        return project

    def _folder(self, document: TextDocument) -> str:
        """Return the innermost workspace folder that contains a document, or else the document's own folder.

        For a document that is not a file yet, return the first workspace folder, or else the working folder.
        """
        from pygls.uris import to_fs_path

        workspace, path = self.server.workspace, _path(document)
        folders = [to_fs_path(folder.uri) for folder in workspace.folders.values()] or [workspace.root_path]
        known = [os.path.normpath(folder) for folder in folders if folder]
        if not document.uri.startswith(SCHEME):
            return known[0] if known else os.getcwd()
        holding = [folder for folder in known if path.startswith(os.path.join(folder, ""))]
        return max(holding, key=len, default=os.path.dirname(path))

    def _lines(self, text: str) -> Lines:
        return Lines(text, str(getattr(encoding := self.server.workspace.position_encoding, "value", encoding)))


def _path(document: TextDocument) -> str:
    """Return the path of a document; only its file name if it is not a file yet."""
    if document.uri.startswith(SCHEME):
        return os.path.normpath(document.path)
    return document.filename or ""


def _includes(only: Sequence[types.CodeActionKind | str], kind: types.CodeActionKind) -> bool:
    """Return whether a client requests code actions of a kind: it names this kind, or one above it.

    For example, "source" includes "source.fixAll".
    """
    names = [str(getattr(requested, "value", requested)) for requested in only]
    return any(kind.value == name or kind.value.startswith(f"{name}.") for name in names)
