"""Test which path is validated: the one that the application routes by, even if a prefix was removed or changed."""

from __future__ import annotations

import json
from typing import Any, NamedTuple
from urllib.parse import quote

import pytest
from support.gateway_calls import (
    PATH,
    READ,
    VALID,
    Recorder,
    asgi_middleware,
    environ,
    part,
    reading,
    run,
    scope,
    serve,
    wsgi_middleware,
)

from lambda_validate.gateway.paths import environ_targets, scope_targets

INVALID = b'{"FunctionName":"!"}'
ANSWERED: list[dict[str, Any]] = [
    {"type": "http.response.start", "status": 202, "headers": []},
    {"type": "http.response.body", "body": b""},
]


class Prefixed(NamedTuple):
    """A path from a server or router, its prefix, and its origin."""

    how: str
    root: str
    path: str
    raw: bytes | None


BELOW = [
    Prefixed("no prefix", "", PATH, PATH.encode()),
    Prefixed("as the specification has it", "/api", f"/api{PATH}", f"/api{PATH}".encode()),
    Prefixed("uvicorn, prefix with a slash", "/api/", f"/api/{PATH}", f"/api/{PATH}".encode()),
    Prefixed("hypercorn, prefix with a slash", "/api/", f"/api{PATH}", f"/api{PATH}".encode()),
    Prefixed("a router that changes the path", "/api", PATH, f"/api{PATH}".encode()),
    Prefixed("a router that says nothing", "", PATH, f"/api{PATH}".encode()),
    Prefixed("a server that names a prefix beside the path", "/api", PATH, PATH.encode()),
    Prefixed("encoded prefix", "/api", f"/api{PATH}", b"/%61p%69" + PATH.encode()),
    Prefixed("prefix with an encoded slash", "/a/b", f"/a/b{PATH}", b"/a%2Fb" + PATH.encode()),
    Prefixed("prefix beyond ASCII", "/\u00e9", f"/\u00e9{PATH}", b"/%C3%A9" + PATH.encode()),
    Prefixed("prefix of no text", "/\ufffd", f"/\ufffd{PATH}", b"/%FF" + PATH.encode()),
    Prefixed("prefix within a prefix", "/api", f"/api/api{PATH}"[4:], f"/api/api{PATH}".encode()),
    Prefixed("no raw path", "/api", f"/api{PATH}", None),
    Prefixed("an empty raw path", "/api", f"/api{PATH}", b""),
    Prefixed("rewritten by a middleware outside", "", PATH, b"/v2/mappings"),
    Prefixed("rewritten below a prefix", "/api", f"/api{PATH}", b"/v2/mappings"),
]


def below(each: Prefixed) -> dict[str, Any]:
    return scope(path=each.path, raw_path=each.raw, root_path=each.root)


@pytest.mark.parametrize("seconds", [None, 5.0])
@pytest.mark.parametrize("mode", ["deny", "pass"])
@pytest.mark.parametrize("each", BELOW, ids=lambda each: each.how)
def test_paths_that_an_application_routes_to_an_operation_are_checked(each: Prefixed, mode: Any, seconds: Any) -> None:
    app = Recorder(*ANSWERED)
    middleware = asgi_middleware(app, unknown_route=mode, read_seconds=seconds)
    assert run(middleware, below(each), part(INVALID))[0]["status"] == 400
    assert app.scope is None
    assert run(middleware, below(each), part(VALID)) == ANSWERED
    assert dict(app.scope["lambda_validate"]) == json.loads(VALID)
    assert {**app.scope, "lambda_validate": None} == {**below(each), "lambda_validate": None}


OTHERS = [
    Prefixed("prefix that only looks alike", "/api", f"/apix{PATH}", f"/apix{PATH}".encode()),
    Prefixed("rewritten to something else", "", "/v2/mappings", PATH.encode()),
    Prefixed("only below a prefix that is not there", "", f"/api{PATH}", f"/api{PATH}".encode()),
    Prefixed("the prefix itself", "/api", "/api", b"/api"),
]


@pytest.mark.parametrize("seconds", [None, 5.0])
@pytest.mark.parametrize("each", OTHERS, ids=lambda each: each.how)
def test_paths_of_no_operation_are_denied_or_passed(each: Prefixed, seconds: Any) -> None:
    app = Recorder(*ANSWERED)
    assert run(asgi_middleware(app, read_seconds=seconds), below(each), part(VALID))[0]["status"] == 404
    assert app.scope is None
    assert run(asgi_middleware(app, unknown_route="pass"), below(each), part(INVALID)) == ANSWERED
    assert app.scope == below(each)


AMBIGUOUS = [
    Prefixed("a prefix that is part of an operation's path", "/2015-03-31", PATH, PATH.encode()),
    Prefixed("a prefix that the path is without", "/2015-03-31", PATH.removeprefix("/2015-03-31"), None),
    Prefixed("cut off in the middle of a segment", "/api", f"/api{PATH[1:]}", f"/api{PATH[1:]}".encode()),
    Prefixed("cut off wherever the prefix stands", "/api", f"/v1/api{PATH}", f"/v1/api{PATH}".encode()),
]
"""Applications differ about the path: most follow the specification, and some use the whole path.

Quart uses the part after the prefix, at any position.
"""


@pytest.mark.parametrize("seconds", [None, 5.0])
@pytest.mark.parametrize("each", AMBIGUOUS, ids=lambda each: each.how)
def test_ambiguous_paths_never_pass_unchecked(each: Prefixed, seconds: Any) -> None:
    app = Recorder(*ANSWERED)
    assert run(asgi_middleware(app, read_seconds=seconds), below(each), part(VALID))[0]["status"] == 404
    assert run(asgi_middleware(app, unknown_route="pass"), below(each), part(INVALID))[0]["status"] == 400
    assert app.scope is None


def test_the_raw_path_below_a_root_path_is_checked() -> None:
    read = READ.replace("orders", "a/b")
    given = scope("GET", f"/api{read}", raw_path=b"/api" + READ.replace("orders", "a%2Fb").encode(), root_path="/api")
    assert scope_targets(given) == [READ.replace("orders", "a%2Fb").encode(), given["raw_path"]]
    twice = READ.replace("orders", "%25").encode()
    given = scope("GET", READ.replace("orders", "%"), raw_path=b"/%2541" + twice, query_string=b"Qualifier=1")
    assert scope_targets(given) == [twice + b"?Qualifier=1"]
    no_text = READ.replace("orders", "%FF").encode()
    assert scope_targets(scope("GET", READ.replace("orders", "\ufffd"), raw_path=no_text)) == [no_text]


@pytest.mark.parametrize("path", [f"{PATH}\ud800", "\udcff", "", "*", "2015-03-31/event-source-mappings/", "//", "%"])
@pytest.mark.parametrize("root", ["", "/", "/api", "\ud800", PATH])
@pytest.mark.parametrize("mode", ["deny", "pass"])
def test_any_path_and_root_path_get_a_response(path: str, root: str, mode: Any) -> None:
    for raw in (None, b"", b"%", b"\xff%F", path.encode("utf-8", "surrogatepass"), b"/api" * 3_000):
        given = scope(path=path, raw_path=raw, root_path=root)
        assert run(asgi_middleware(Recorder(*ANSWERED), unknown_route=mode), given, part(INVALID))


def test_a_long_path_below_a_prefix_is_rejected_as_such() -> None:
    path = "/api" + READ.replace("orders", "a" * 9_000)
    given = scope("GET", path, root_path="/api")
    assert run(asgi_middleware(Recorder(), unknown_route="pass"), given, part())[0]["status"] == 414


# WSGI.

WSGI_BELOW = [
    ("no prefix", {"PATH_INFO": PATH, "RAW_URI": PATH}),
    ("prefix of the server's", {"SCRIPT_NAME": "/api", "PATH_INFO": PATH, "RAW_URI": f"/api{PATH}"}),
    ("prefix with a slash", {"SCRIPT_NAME": "/api/", "PATH_INFO": PATH[1:], "RAW_URI": f"/api{PATH}"}),
    ("prefix that the raw path is without", {"SCRIPT_NAME": "/api", "PATH_INFO": PATH, "RAW_URI": PATH}),
    ("encoded prefix", {"SCRIPT_NAME": "/api", "PATH_INFO": PATH, "RAW_URI": f"/%61pi{PATH}"}),
    ("encoded prefix, named as such", {"SCRIPT_NAME": "/%61pi", "PATH_INFO": PATH, "RAW_URI": f"/%61pi{PATH}"}),
    ("prefix beyond ASCII", {"SCRIPT_NAME": "/\u00c3\u00a9", "PATH_INFO": PATH, "REQUEST_URI": f"/%C3%A9{PATH}"}),
    ("no raw path", {"SCRIPT_NAME": "/api", "PATH_INFO": PATH}),
    ("absolute form", {"SCRIPT_NAME": "/api", "PATH_INFO": PATH, "RAW_URI": f"http://host/api{PATH}?"}),
    ("rewritten by a middleware outside", {"PATH_INFO": PATH, "RAW_URI": "/v2/mappings"}),
    ("one slash taken off by the server", {"PATH_INFO": PATH, "REQUEST_URI": f"/{PATH}"}),
    ("another query in the raw path", {"PATH_INFO": PATH, "RAW_URI": f"{PATH}?BatchSize=1"}),
]


@pytest.mark.parametrize("mode", ["deny", "pass"])
@pytest.mark.parametrize("given", [each[1] for each in WSGI_BELOW], ids=[each[0] for each in WSGI_BELOW])
def test_wsgi_paths_of_an_operation_are_checked(given: dict[str, str], mode: Any) -> None:
    middleware = wsgi_middleware(reading, unknown_route=mode)
    assert serve(middleware, environ(data=INVALID, **given))[0] == "400 Bad Request"
    assert serve(middleware, environ(**given))[0] == "202 Accepted"


WSGI_OTHERS = [
    ("prefix that only looks alike", {"SCRIPT_NAME": "/api", "PATH_INFO": f"x{PATH}", "RAW_URI": f"/apix{PATH}"}),
    ("rewritten to something else", {"PATH_INFO": "/v2/mappings", "RAW_URI": PATH}),
    ("the prefix itself", {"SCRIPT_NAME": "/api", "PATH_INFO": "", "RAW_URI": "/api"}),
]


@pytest.mark.parametrize("given", [each[1] for each in WSGI_OTHERS], ids=[each[0] for each in WSGI_OTHERS])
def test_wsgi_paths_of_no_operation_are_denied_or_passed(given: dict[str, str]) -> None:
    assert serve(wsgi_middleware(reading), environ(**given))[0] == "404 Not Found"
    assert serve(wsgi_middleware(reading, unknown_route="pass"), environ(data=INVALID, **given))[0] == "202 Accepted"


WSGI_AMBIGUOUS = [
    ("with its prefix", {"SCRIPT_NAME": "/2015-03-31", "PATH_INFO": "/event-source-mappings/", "RAW_URI": PATH}),
    ("with its prefix, no raw path", {"SCRIPT_NAME": "/2015-03-31", "PATH_INFO": "/event-source-mappings/"}),
    (
        "with its prefix, which the raw path lacks",
        {"SCRIPT_NAME": "/2015-03-31", "PATH_INFO": "/event-source-mappings/", "RAW_URI": "/event-source-mappings/"},
    ),
    (
        "with its prefix, and another raw path",
        {"SCRIPT_NAME": "/2015-03-31", "PATH_INFO": "/event-source-mappings/", "RAW_URI": "/v2/mappings"},
    ),
]


@pytest.mark.parametrize("given", [each[1] for each in WSGI_AMBIGUOUS], ids=[each[0] for each in WSGI_AMBIGUOUS])
def test_ambiguous_wsgi_paths_never_pass_unchecked(given: dict[str, str]) -> None:
    assert serve(wsgi_middleware(reading), environ(**given))[0] == "404 Not Found"
    assert serve(wsgi_middleware(reading, unknown_route="pass"), environ(data=INVALID, **given))[0] == "400 Bad Request"


@pytest.mark.parametrize("label", ["bad name", ";x", "..", "", "a?b"])
def test_a_prefix_that_the_raw_path_lacks_hides_no_operation(label: str) -> None:
    path = f"/functions/{label}/event-invoke-config"
    given = {"REQUEST_METHOD": "GET", "SCRIPT_NAME": "/2019-09-25", "PATH_INFO": path, "RAW_URI": quote(path)}
    status, _ = serve(wsgi_middleware(reading, unknown_route="pass"), environ(data=b"", **given))
    assert status in ("400 Bad Request", "404 Not Found")


def test_the_raw_uri_is_used_if_it_agrees_with_path_info() -> None:
    given = {"SCRIPT_NAME": "/api", "PATH_INFO": READ.replace("orders", "a/b")}
    raw = "/api" + READ.replace("orders", "a%2Fb")
    targets = [READ.replace("orders", "a%2Fb").encode(), raw.encode()]
    assert environ_targets(environ(**given, RAW_URI=raw)) == targets
    assert environ_targets(environ(**given)) == [each.replace(b"%2F", b"/") for each in targets]


@pytest.mark.parametrize("path", [PATH + "\u0663", "", "*", "\xff", "%"])
@pytest.mark.parametrize("prefix", ["", "/", "\u0663", "%", PATH])
@pytest.mark.parametrize("mode", ["deny", "pass"])
def test_any_wsgi_path_and_script_name_get_a_response(path: str, prefix: str, mode: Any) -> None:
    for raw in (None, "", "%", "\xff%F", path, "\u0663", "http://", "/api" * 3_000):
        given = environ(PATH_INFO=path, SCRIPT_NAME=prefix, RAW_URI=raw, data=INVALID)
        assert serve(wsgi_middleware(reading, unknown_route=mode), given)
