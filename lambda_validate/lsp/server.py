"""The server: connect a session to pygls, which reads and writes the messages.

Documents are sent completely at each change. Incremental changes would save little for files of this size, and pygls
counts more characters as line breaks than the protocol does.
"""

from __future__ import annotations

import logging
from functools import partial
from typing import Any, BinaryIO

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from ..base.version import VERSION
from .messages import NAME
from .projects import Prepare
from .protocol import AnsweringProtocol
from .session import PAUSE, EditorSession

KINDS = [types.CodeActionKind.QuickFix, types.CodeActionKind.SourceFixAll]

LOG = logging.getLogger(__name__)


class EditorServer(LanguageServer):
    """The server of pygls, which logs the faults of a client instead of showing them to the user."""

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Log a message that cannot be handled."""
        LOG.error("a message of the client cannot be handled: %s", error)


def made(prepare: Prepare, pause: float = PAUSE) -> tuple[LanguageServer, EditorSession]:
    """Return a server, and the session for its client."""
    kind = types.TextDocumentSyncKind.Full
    server = EditorServer(NAME, VERSION, text_document_sync_kind=kind, protocol_cls=AnsweringProtocol)
    session = EditorSession(server, prepare, pause)
    for name, answer in (
        (types.INITIALIZED, session.initialized),
        (types.SHUTDOWN, session.shut_down),
        (types.TEXT_DOCUMENT_DID_OPEN, session.opened),
        (types.TEXT_DOCUMENT_DID_CHANGE, session.changed),
        (types.TEXT_DOCUMENT_DID_CLOSE, session.closed),
        (types.TEXT_DOCUMENT_DID_SAVE, session.check_all),
        (types.WORKSPACE_DID_CHANGE_WATCHED_FILES, session.check_all),
        (types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS, session.check_all),
        (types.TEXT_DOCUMENT_HOVER, session.hover),
    ):
        server.feature(name)(partial(answer))  # pygls sets attributes, which a method cannot have
    options = types.CodeActionOptions(code_action_kinds=KINDS)
    server.feature(types.TEXT_DOCUMENT_CODE_ACTION, options)(partial(session.code_actions))
    return server, session


def serve(prepare: Prepare, stdin: BinaryIO, stdout: BinaryIO) -> bool:
    """Serve one client. Return whether it ended the session properly."""
    server, session = made(prepare)
    server.start_io(stdin, stdout)
    return session.was_shut_down
