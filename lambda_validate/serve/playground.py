"""The playground: the reference pages with a form to check input, as an ASGI application: `Playground(app)`.

    /docs/          the pages of `Site`, each made at the first request for it
    /docs/EDITION/  the pages of the other edition, with the same paths below
    /docs/check     POST a file, get its findings as JSON; `?kind=request:OPERATION` says what the file is
    /docs/fix       POST a file, get it with all safe fixes applied

All other paths belong to `app`. The input is checked in this process. It is never stored, logged or sent on, and the
responses forbid caching. Requests from pages of other sites are refused. This includes sites whose name resolves to
this machine (DNS rebinding): at a loopback address, only the name localhost is accepted.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Mapping
from ipaddress import ip_address
from typing import Any, NamedTuple
from urllib.parse import parse_qs

from ..base.spelling import UnknownNameError
from ..catalog import EDITIONS, TODAY, Catalog
from ..docs.checking import MAX_CONTENT_BYTES, Checking
from ..docs.site import Site
from ..gateway.answering import Scope, Send
from ..gateway.asgi import App
from ..gateway.reading import Receive, read_body
from ..validator import Validator

PREFIX = "/docs"
UPLOAD_SECONDS = 10.0
"""Maximum time in seconds for an upload."""
MEDIA_TYPES = {
    "html": "text/html; charset=utf-8", "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8",
    "json": "application/json",
}  # fmt: skip
COMMON_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
    (b"cache-control", b"no-store"),
)
SITE, OWN_PAGES = b"sec-fetch-site", ("same-origin", "none")
"""The header that says which site's page made a request, and its values for this site and for none."""
FOREIGN = b"another site's page may not ask\n"
ELSEWHERE = b"this machine's own playground answers at localhost and at its loopback address only\n"


class Reply(NamedTuple):
    """The status, headers and body of a response."""

    status: int
    content: bytes = b""
    type: str = "text/plain; charset=utf-8"
    headers: tuple[tuple[bytes, bytes], ...] = ()


class Reference(NamedTuple):
    """The reference pages of an edition, and the function that checks uploaded files by its rules."""

    site: Site
    checking: Checking


def _reference(edition: str | Catalog, others: Mapping[str, str]) -> Reference:
    site = Site(edition, playground=True, others=others)
    return Reference(site, Checking(Validator(edition), site.rule_link))


class Playground:
    """The ASGI application of the playground. `app` serves all paths that are not below `/docs/`.

    Without `app`, other paths have status 404. `edition` is the name of an edition or a catalog, `"current"` by
    default. `address` is where the server listens; without it, the address is taken from each connection. Without the
    extra `docs`, `ModuleNotFoundError` is raised.
    """

    def __init__(self, app: App | None = None, *, edition: str | Catalog = TODAY, address: str | None = None) -> None:
        from ..base import extras as needs

        needs.check()
        self.app, self.address = app, address
        others = [other for other in EDITIONS if other != edition] if edition in EDITIONS else []
        self.main = _reference(edition, {other: f"{other}/" for other in others})
        self.others = {other: _reference(other, {str(edition): "../"}) for other in others}
        self.site, self.checking = self.main
        self._pages: dict[str, bytes] = {}
        self._making = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection scope: a page, the check of an upload, or what `app` answers."""
        path = str(scope.get("path", "")).removeprefix(str(scope.get("root_path", "")))
        is_ours = scope["type"] == "http" and (path in ("/", PREFIX) or path.startswith(f"{PREFIX}/"))
        if not is_ours and self.app is not None:
            return await self.app(scope, receive, send)
        if not is_ours:
            if scope["type"] != "http":
                raise NotImplementedError(f"scopes of type {scope['type']} are not served")
            return await _send(send, scope, Reply(404, b"no such path\n"))
        return await _send(send, scope, await self._answer(path, scope, receive))

    def warm(self) -> None:
        """Check an example, so that the first upload does not wait for imports."""
        assert self.site.paths  # the site has the links to the rules
        for kind in (None, self.checking.kind(f"request:{self.site.catalog.operations[0]}")):
            self.checking.check('{"FunctionName": "", "EventSourceArn": "", "BatchSize": "1"}', kind)
            self.checking.check("Resources:\n  A:\n    Type: AWS::Lambda::EventSourceMapping\n", kind)

    async def _answer(self, path: str, scope: Scope, receive: Receive) -> Reply:
        if refused := self._refused(scope):
            return Reply(403, refused)
        name = path.removeprefix(PREFIX).removeprefix("/")
        if path in ("/", PREFIX):
            target = f"{scope.get('root_path', '')}{PREFIX}/index.html"
            return Reply(307, headers=((b"location", target.encode()),))
        reference, rest = self._found(name)
        if (make := POSTS.get(rest)) is not None:
            if scope["method"] != "POST":
                return _method(b"POST")
            return await self._checked(make, reference.checking, scope, receive)
        if scope["method"] not in ("GET", "HEAD"):
            return _method(b"GET, HEAD")
        return await self._page(reference.site, name or "index.html", rest or "index.html")

    def _found(self, name: str) -> tuple[Reference, str]:
        """Return the reference of the edition that a path below `/docs/` names, and the path within that reference.

        For example, `documents/index.html` is the page `index.html` of the edition `documents`.
        """
        edition, slash, rest = name.partition("/")
        return (self.others[edition], rest) if slash and edition in self.others else (self.main, name)

    def _refused(self, scope: Scope) -> bytes | None:
        """Return an error message if a request may come from the page of another site, else None."""
        headers = [(name, value.decode("latin-1").lower()) for name, value in scope["headers"]]
        hosts = [value for name, value in headers if name == b"host"]
        if scope["method"] != "GET" and any(name == SITE and value not in OWN_PAGES for name, value in headers):
            return FOREIGN
        if any([value.partition("://")[2]] != hosts for name, value in headers if name == b"origin"):
            return FOREIGN
        address = self.address or str((scope.get("server") or ("",))[0])
        return None if not _is_loopback(address) or all(map(_is_here, hosts)) else ELSEWHERE

    async def _page(self, site: Site, name: str, path: str) -> Reply:
        if name not in self._pages:
            async with self._making:  # one page at a time: they share what they are made of
                if path not in site.paths:
                    return Reply(404, b"no such page\n")
                self._pages[name] = await asyncio.to_thread(site.paths[path])
        return Reply(200, self._pages[name], MEDIA_TYPES[path.rpartition(".")[2]])

    async def _checked(
        self, make: Callable[..., dict[str, Any]], checking: Checking, scope: Scope, receive: Receive
    ) -> Reply:
        body = await read_body(receive, MAX_CONTENT_BYTES, UPLOAD_SECONDS)
        if body.end != "whole":
            return UNREAD_REPLIES[body.end]
        try:
            text = body.content.decode()
            kind = checking.kind(parse_qs(scope.get("query_string", b"").decode("latin-1")).get("kind", [""])[0])
        except UnicodeDecodeError:
            return Reply(400, b"the input is not UTF-8\n")
        except UnknownNameError as error:
            return Reply(400, f"{error}\n".encode())
        found = await asyncio.to_thread(make, checking, text, kind)
        return Reply(200, json.dumps(found).encode(), MEDIA_TYPES["json"])


POSTS: dict[str, Callable[..., dict[str, Any]]] = {"check": Checking.check, "fix": Checking.fix}
"""The function for an upload, by path below `/docs/`."""


UNREAD_REPLIES: dict[str, Reply] = {
    "large": Reply(413, f"the input has more than {MAX_CONTENT_BYTES:,} bytes\n".encode()),
    "slow": Reply(408, f"the input took longer than {UPLOAD_SECONDS:g} seconds to arrive\n".encode()),
    "left": Reply(400, b"the input did not arrive completely\n"),
}
"""The response to an upload that was not read completely, by the reason."""


def _is_here(host: str) -> bool:
    """Return whether the header `Host` is localhost or a loopback address. No other site can use these names."""
    name = host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]
    return name == "localhost" or _is_loopback(name)


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def _method(allowed: bytes) -> Reply:
    return Reply(405, b"no such method here\n", headers=((b"allow", allowed),))


async def _send(send: Callable[[Any], Awaitable[None]], scope: Scope, reply: Reply) -> None:
    headers: Iterable[tuple[bytes, bytes]] = (
        (b"content-type", reply.type.encode()),
        (b"content-length", str(len(reply.content)).encode()),
        *reply.headers,
        *COMMON_HEADERS,
    )
    await send({"type": "http.response.start", "status": reply.status, "headers": list(headers)})
    body = b"" if scope["method"] == "HEAD" else reply.content
    await send({"type": "http.response.body", "body": body})
