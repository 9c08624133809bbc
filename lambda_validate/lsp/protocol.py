"""The protocol of pygls, with an answer to every request.

pygls leaves a request without an answer if its parameters are invalid or the session has been shut down. A client would
wait for it for ever.
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
        """Return a message as an object. A request with invalid parameters is answered with an error."""
        try:
            return super().structure_message(data)
        except JsonRpcException as error:
            if "id" in data and "method" in data:
                self._send_response(data["id"], error=error.to_response_error())
            raise

    def handle_message(self, message: RPCMessage) -> None:
        """Handle a message. A request outside of the session is answered with an error."""
        refusal = self._refusal(message.method) if isinstance(message, RPCRequest) else None
        if isinstance(message, RPCRequest) and refusal is not None:
            self._send_response(message.id, error=refusal.to_response_error())
        else:
            super().handle_message(message)

    def _refusal(self, method: str) -> JsonRpcException | None:
        """Return the error for a request before the session begins, or after it has ended."""
        if self._shutdown:
            return JsonRpcInvalidRequest()
        if self._workspace is None and method != types.INITIALIZE:
            return JsonRpcServerNotInitialized()
        return None
