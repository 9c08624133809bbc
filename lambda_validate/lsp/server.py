"""Connect a session to pygls, the library that reads and writes the messages of the language server protocol.

Clients send a document completely at each change. Incremental changes would save little for files of this size. And
pygls would apply them wrongly in some files, since it counts more characters as line breaks than the protocol does.
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
    """The server of pygls, changed to log messages that it cannot handle instead of showing them to the user."""

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Log that a message of the client cannot be handled."""
        LOG.error("a message of the client cannot be handled: %s", error)


def made(prepare: Prepare, pause: float = PAUSE) -> tuple[LanguageServer, EditorSession]:
    """Return a server, and the session to which it passes messages. `pause` is in seconds; see `session.PAUSE`."""
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
        server.feature(name)(partial(answer))  # pygls sets attributes of the function, which methods do not allow
    options = types.CodeActionOptions(code_action_kinds=KINDS)
    server.feature(types.TEXT_DOCUMENT_CODE_ACTION, options)(partial(session.code_actions))
    return server, session


def serve(prepare: Prepare, stdin: BinaryIO, stdout: BinaryIO) -> bool:
    """Serve one client until it disconnects. Return whether it ended the session properly, with `shutdown`."""
    server, session = made(prepare)
    server.start_io(stdin, stdout)
    return session.was_shut_down
