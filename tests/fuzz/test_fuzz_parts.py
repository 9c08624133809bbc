"""Test the parts of fuzzing that need no server: URLs, requests, and verdicts on answers."""

from __future__ import annotations

import json
import shlex
import shutil
import socket
import subprocess
from typing import Any
from urllib.parse import unquote

import pytest
from servers.reference import Reference, routed, serving

import lambda_validate as lv
from lambda_validate.fuzz import sightings, wire
from lambda_validate.fuzz.client import Client, ServerAnswer
from lambda_validate.fuzz.sightings import EITHER, INVALID, VALID, Expectation
from lambda_validate.fuzz.target import Target, TargetError, is_loopback, target

CREATE, GET = map(lv.operation, ("CreateEventSourceMapping", "GetFunctionEventInvokeConfig"))
OK = {"EventSourceArn": "arn:aws:sqs:us-east-1:123456789012:q", "FunctionName": "f"}


class TestTarget:
    @pytest.mark.parametrize(
        ("address", "expected"),
        [
            ("127.0.0.1", True), ("127.8.9.1", True), ("::1", True), ("::ffff:127.0.0.1", True), ("::1%lo", True),
            ("0.0.0.0", False), ("::", False), ("10.0.0.1", False), ("169.254.169.254", False),
            ("::ffff:10.0.0.1", False), ("fe80::1%eth0", False),
        ],
    )  # fmt: skip
    def test_loopback_addresses_are_recognised(self, address: str, expected: bool):
        assert is_loopback(address) is expected

    @pytest.mark.parametrize(
        ("url", "expected"),
        [
            ("http://127.0.0.1:3000", "http://127.0.0.1:3000"),
            ("http://127.0.0.1:80/", "http://127.0.0.1"),
            ("http://[::1]:9/prefix/", "http://[::1]:9/prefix"),
            ("https://127.0.0.1", "https://127.0.0.1"),
        ],
    )
    def test_a_loopback_url_is_taken(self, url: str, expected: str):
        assert target(url).url == expected

    @pytest.mark.parametrize(
        ("url", "why"),
        [
            ("127.0.0.1:3000", "must be http"),
            ("ftp://127.0.0.1", "must be http"),
            ("http://", "must be http"),
            ("http://127.0.0.1:99999", "cannot be read"),
            ("http://127.0.0.1:0", "port above 0"),
            ("http://[::1", "cannot be read"),
            ("http://me:secret@127.0.0.1", "no user or password"),
            ("http://127.0.0.1/?a=b", "without"),
            ("http://127.0.0.1/a b", "printable ASCII"),
            ("http://127.0.0.1/\r\nX: y", "printable ASCII"),
            ("http://no-such-host.invalid", "cannot be resolved"),
            ("http://10.0.0.1", "is not this machine"),
            ("http://0.0.0.0", "is not this machine"),
        ],
    )
    def test_any_other_url_is_rejected_in_one_line(self, url: str, why: str):
        with pytest.raises(TargetError, match=why) as caught:
            target(url)
        assert "\n" not in str(caught.value)
        assert "secret" not in str(caught.value)

    def test_a_name_is_taken_only_if_all_its_addresses_are_loopback(self, monkeypatch: pytest.MonkeyPatch):
        answers = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 80)) for each in ("127.0.0.1", "192.0.2.1")]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answers)
        with pytest.raises(TargetError, match=r"192\.0\.2\.1.*--allow-remote"):
            target("http://both.example")
        assert len(target("http://both.example", allow_remote=True).addresses) == 2

    def test_the_target_is_resolved_once(self, monkeypatch: pytest.MonkeyPatch):
        with serving(Reference()) as url:
            there = target(url)
            monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: pytest.fail("resolved again"))
            client = Client(there)
            assert client.send(wire.request(GET, {"FunctionName": "f"})).status == 200
            client.close()


class TestRequest:
    @pytest.mark.parametrize(
        "name", ["f", "..", ".", "a/b", "a b", "a%2Fb", "$LATEST", "a:b", "é", "a\n", "?x#y", "\u0663", "~-._", "+"]
    )
    def test_a_path_parameter_may_be_any_string(self, name: str):
        made = wire.request(GET, {"FunctionName": name, "Qualifier": name})
        assert made.target.isascii()
        assert made.target.count("/") == 4
        assert unquote(made.target.split("/")[3]) == name
        assert routed("GET", made.target, b"") == (GET, {"FunctionName": name, "Qualifier": name})
        assert made.body is None

    def test_dots_are_not_percent_encoded(self):
        assert wire.request(GET, {"FunctionName": ".."}).target == "/2019-09-25/functions/../event-invoke-config"

    def test_members_without_another_location_are_sent_in_the_body(self):
        made = wire.request(CREATE, {**OK, "Enabled": None, "Other": [1.5]}, (("X-A", "b"),))
        assert (made.method, made.target) == ("POST", "/2015-03-31/event-source-mappings/")
        assert json.loads(made.body or b"") == {**OK, "Enabled": None, "Other": [1.5]}
        assert made.headers == (("Content-Type", "application/json"), ("X-A", "b"))

    def test_an_unknown_member_is_a_query_parameter_without_a_body(self):
        assert wire.request(GET, {"FunctionName": "f", "a&b": "c=d"}).target.endswith("?a%26b=c%3Dd")

    @pytest.mark.parametrize("payload", ["text", [], None, 1, True])
    def test_a_body_may_be_something_other_than_an_object(self, payload: Any):
        assert json.loads(wire.request(CREATE, payload).body or b"") == payload

    @pytest.mark.parametrize(
        ("operation", "payload", "why"),
        [
            (GET, {}, "a path can only contain non-empty strings"),
            (GET, {"FunctionName": ""}, "only contain non-empty strings"),
            (GET, {"FunctionName": None}, "a path can only contain non-empty strings"),
            (GET, {"FunctionName": 1}, "a path can only contain non-empty strings"),
            (GET, {"FunctionName": "f", "Qualifier": 1}, "a query can only contain strings"),
            (GET, {"FunctionName": "f", "Qualifier": None}, "a query can only contain strings"),
            (GET, {"FunctionName": "f", "Other": ["a"]}, "a query can only contain strings"),
            (GET, {"FunctionName": "\ud800"}, "UTF-8 cannot encode such a character"),
            (GET, [], "only a request body can be something other than an object"),
            (CREATE, {"BatchSize": float("nan")}, "JSON cannot express such a value"),
            (CREATE, {"BatchSize": {1, 2}}, "JSON cannot express such a value"),
        ],
    )
    def test_payloads_that_http_cannot_carry_are_rejected_with_a_reason(
        self, operation: lv.Operation, payload: Any, why: str
    ):
        with pytest.raises(wire.Unsendable, match=why):
            wire.request(operation, payload)


class TestCurl:
    NASTY = "a'b\"c$(touch x)`d`\\\n!e"

    def test_the_curl_command_is_quoted_for_a_shell(self):
        made = wire.request(CREATE, {**OK, "FunctionName": self.NASTY}, (("X-Note", "it's $HOME"),))
        words = shlex.split(wire.curl("http://127.0.0.1:1", made))
        assert words[0] == "curl"
        assert words[-1] == "http://127.0.0.1:1/2015-03-31/event-source-mappings/"
        assert words[words.index("--data-binary") + 1].encode() == made.body
        assert "X-Note: it's $HOME" in words

    @pytest.mark.parametrize("name", ["Authorization", "Cookie", "X-Amz-Security-Token", "X-Api-Key"])
    def test_the_curl_command_holds_no_secrets(self, name: str):
        line = wire.curl("http://127.0.0.1:1", wire.request(GET, {"FunctionName": "f"}, ((name, "hunter2"),)))
        assert "hunter2" not in line
        assert f'"{name}: ${name.upper().replace("-", "_")}"' in line

    @pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
    @pytest.mark.parametrize("name", ["f", "..", "a'b", "$HOME", "a\nb", "{a,b}[1-2]"])
    def test_the_real_curl_sends_the_same(self, name: str):
        seen = []

        class Recorder(Reference):
            def answer(self, operation: lv.Operation, payload: Any) -> Any:
                seen.append((operation, payload))
                return super().answer(operation, payload)

        with serving(Recorder()) as url:
            for operation, payload in ((GET, {"FunctionName": name}), (CREATE, {**OK, "FunctionName": name})):
                line = wire.curl(url, wire.request(operation, payload))
                subprocess.run(["sh", "-c", line], check=True, capture_output=True, timeout=120)
        assert seen == [(GET, {"FunctionName": name}), (CREATE, {**OK, "FunctionName": name})]


def answer(
    status: int, body: Any = "{}", error: str | None = None, content_type: str = "application/json"
) -> ServerAnswer:
    headers = {"content-type": content_type, **({"x-amzn-errortype": error} if error else {})}
    return ServerAnswer(status, headers, (body if isinstance(body, str) else json.dumps(body)).encode())


REFUSAL = answer(400, error="InvalidParameterValueException")


class TestSightings:
    @pytest.mark.parametrize(
        ("expected", "given", "kinds"),
        [
            (VALID, answer(202), []),
            (VALID, REFUSAL, ["valid.rejected"]),
            (VALID, answer(404, error="ResourceNotFoundException"), []),
            (VALID, answer(409, error="ResourceConflictException"), []),
            (VALID, answer(429, error="TooManyRequestsException"), []),
            (VALID, answer(500, error="ServiceException"), ["server.error"]),
            (VALID, answer(503, "<html>", content_type="text/html"), ["server.error"]),
            (VALID, answer(201), ["status.unexpected"]),
            (VALID, answer(302), ["status.unexpected"]),
            (VALID, answer(403, error="AccessDeniedException"), ["error.unknown"]),
            (VALID, answer(403), ["status.unexpected"]),
            (VALID, answer(202, content_type="text/html"), ["content-type.unexpected"]),
            (VALID, answer(202, content_type="Application/JSON; charset=utf-8"), []),
            (VALID, answer(202, "<html>", content_type="text/html"), ["body.unreadable"]),
            (VALID, answer(202, "[]"), ["body.unreadable"]),
            (VALID, answer(202, '{"BatchSize": NaN}'), ["body.unreadable"]),
            (VALID, answer(202, "[" * 100_000), ["body.unreadable"]),
            (VALID, answer(202, {"BatchSize": "1", "State": "On"}), ["response.invalid", "response.invalid"]),
            (VALID, answer(202, {"Newest": 1}), []),
            (INVALID, answer(202), ["invalid.accepted"]),
            (INVALID, answer(201, {"BatchSize": 0}), ["invalid.accepted", "status.unexpected"]),
            (INVALID, REFUSAL, []),
            (INVALID, answer(404, error="ResourceNotFoundException"), []),
            (INVALID, answer(500, error="ServiceException"), ["server.error"]),
            (INVALID, answer(400), ["error.unnamed"]),
            (INVALID, answer(400, "no", error="InvalidParameterValueException"), ["error.body"]),
            (INVALID, answer(422, error="InvalidParameterValueException"), ["error.status"]),
            (INVALID, answer(418), ["status.unexpected"]),
            (EITHER, answer(202), []),
            (EITHER, REFUSAL, []),
            (EITHER, answer(500), ["server.error"]),
        ],
    )  # fmt: skip
    def test_responses_are_classified(self, expected: str, given: ServerAnswer, kinds: list[str]):
        found = sightings.sightings(CREATE, lv.Validator(), Expectation(expected, "some.rule", "/A"), given)
        assert [each.kind for each in found] == kinds
        assert set(kinds) <= sightings.FINDING_KINDS.keys()

    @pytest.mark.parametrize(
        ("header", "body", "expected"),
        [
            ("Some:http://x", {}, "Some"),
            (None, {"code": "A"}, "A"),
            (None, {"__type": "B#c"}, "B"),
            ("Some", {"code": "A"}, "Some"),
            (None, {"code": 5}, None),
            (None, None, None),
        ],
    )
    def test_an_exception_is_named_where_an_sdk_looks(self, header: str | None, body: Any, expected: str | None):
        headers = {"x-amzn-errortype": header} if header else {}
        assert sightings.exception(ServerAnswer(400, headers, b""), body) == expected


def test_user_headers_replace_default_headers() -> None:
    from lambda_validate.fuzz.client import _written

    there = Target("http", "127.0.0.1", 3000, "/p", ())
    text = _written(there, wire.request(CREATE, OK, (("host", "lambda.example"), ("content-type", "text/x")))).decode()
    head = text.partition("\r\n\r\n")[0].lower().splitlines()
    assert head[0] == "post /p/2015-03-31/event-source-mappings/ http/1.1"
    assert [each for each in head if each.startswith("host:")] == ["host: lambda.example"]
    assert [each for each in head if each.startswith("content-type:")] == ["content-type: text/x"]


ANSWERS = [
    # the operation, its status, content type and body, and the expected sighting
    ("DeleteAlias", 204, "", b"", []),
    ("DeleteCodeSigningConfig", 204, "", b"", []),
    ("Invoke", 200, "text/plain", b"any bytes", []),
    ("Invoke", 404, "application/json", b'{"Code":"ResourceNotFoundException"}', []),
    ("GetFunction", 200, "application/json", b"{}", []),
    ("GetFunction", 200, "application/json", b"", ["body.unreadable"]),
    ("GetFunction", 200, "text/html", b"{}", ["content-type.unexpected"]),
]


@pytest.mark.parametrize(("name", "status", "kind", "body", "kinds"), ANSWERS)
def test_responses_are_checked_by_operation(name: str, status: int, kind: str, body: bytes, kinds: list[str]) -> None:
    found = sightings.sightings(
        lv.operation(name, "current"),
        lv.Validator("current"),
        sightings.Expectation(sightings.VALID),
        ServerAnswer(status, {"content-type": kind}, body),
    )
    assert [each.kind for each in found] == kinds
