"""Extend the protocol of pygls, so that every request of a client is answered.

pygls does not answer a request whose parameters are invalid, or one after the session was shut down. The client would
wait forever.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidRequest, JsonRpcServerNotInitialized
from pygls.protocol import LanguageServerProtocol
from pygls.protocol.json_rpc import RPCRequest

if TYPE_CHECKING:
    from pygls.protocol.json_rpc import RPCMessage


class AnsweringProtocol(LanguageServerProtocol):
    """Answers each request with a result or an error."""

    def structure_message(self, data: dict[str, Any]) -> Any:
        """Convert a message from JSON to an object. Answer a request with invalid parameters by an error."""
        try:
            return super().structure_message(data)
        except JsonRpcException as error:
            if "id" in data and "method" in data:
                self._send_response(data["id"], error=error.to_response_error())
            raise

    def handle_message(self, message: RPCMessage) -> None:
        """Handle a message. Answer a request before the session begins, or after it has ended, by an error."""
        refusal = self._refusal(message.method) if isinstance(message, RPCRequest) else None
        if isinstance(message, RPCRequest) and refusal is not None:
            self._send_response(message.id, error=refusal.to_response_error())
        else:
            super().handle_message(message)

    def _refusal(self, method: str) -> JsonRpcException | None:
        """Return the error for a request before the session begins, or after it has ended; None during the session."""
        if self._shutdown:
            return JsonRpcInvalidRequest()
        if self._workspace is None and method != types.INITIALIZE:
            return JsonRpcServerNotInitialized()
        return None
