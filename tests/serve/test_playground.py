"""Test the playground: this process validates the pasted document, reports positions, and stores nothing."""

from __future__ import annotations

import asyncio
import itertools
import json
import logging
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from markupsafe import escape
from support.steps import GROWTH, growth

import lambda_validate as lv
from lambda_validate.base import extras as needs
from lambda_validate.base.spelling import UnknownNameError
from lambda_validate.cli import main
from lambda_validate.docs.checking import MAX_CONTENT_BYTES, Checking
from lambda_validate.docs.rendering import samples
from lambda_validate.docs.site import KINDS, TITLES
from lambda_validate.lint.formats import FORMATS
from lambda_validate.serve.playground import Playground

QUEUE = "arn:aws:sqs:us-west-2:123456789012:orders"
TEMPLATE = f"""\
Resources:
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      FunctionName: orders
      EventSourceArn: {QUEUE}
      BatchSize: 11
      Enabeld: true
"""
TERRAFORM = f"""\
resource "aws_lambda_event_source_mapping" "orders" {{
  function_name    = "orders"
  event_source_arn = "{QUEUE}"
  batch_size       = 11
}}
"""
PAYLOAD = json.dumps({"FunctionName": "orders", "EventSourceArn": QUEUE, "BatchSize": 11})


LAUGHS = "a: &a [x, x, x, x, x, x, x, x]\n" + "".join(
    f"{after}: &{after} [{', '.join([f'*{before}'] * 8)}]\n" for before, after in itertools.pairwise("abcdefgh")
)
"""Two million strings, in eight lines."""


class Got(NamedTuple):
    status: int
    headers: dict[str, str]
    content: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.content)


def fetch(app: Any, path: str, method: str = "GET", body: bytes = b"", receive: Any = None, **more: Any) -> Got:
    """Send one request to an application. Its body is sent at once, or as `receive` defines."""
    sent: list[Any] = []
    waiting = [{"type": "http.request", "body": body}]

    async def whole() -> Any:
        return waiting.pop()

    async def send(message: Any) -> None:
        sent.append(message)

    path, _, query = path.partition("?")
    scope = {"type": "http", "method": method, "path": path, "query_string": query.encode(), "headers": [], **more}
    asyncio.run(app(scope, receive or whole, send))
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return Got(sent[0]["status"], headers, b"".join(each.get("body", b"") for each in sent[1:]))


@pytest.fixture(scope="module")
def playground() -> Playground:
    return Playground(edition="documents")


def check(playground: Playground, text: str, kind: str = "") -> Any:
    got = fetch(playground, f"/docs/check?kind={kind}", "POST", text.encode())
    assert got.status == 200
    return got.json


class TestChecking:
    @pytest.mark.parametrize("text", [TEMPLATE, TERRAFORM, PAYLOAD], ids=["template", "terraform", "payload"])
    def test_a_fault_is_found_at_its_characters(self, playground: Playground, text: str):
        found = check(playground, text)
        assert found["recognised"]
        first = found["findings"][0]
        assert (first["rule"], text[first["start"] : first["end"]]) == ("batch-size.sqs", "11")
        assert first["link"] == "rules.html#batch-size.sqs"
        assert "at most 10" in first["message"]

    def test_a_fix_that_is_safe_is_offered_with_its_place(self, playground: Playground):
        fix = check(playground, TEMPLATE)["findings"][1]["fix"]
        assert TEMPLATE[fix["start"] : fix["end"]] == "Enabeld"
        assert fix["text"] == "Enabled"

    def test_every_safe_fix_can_be_made_at_once(self, playground: Playground):
        got = fetch(playground, "/docs/fix", "POST", TEMPLATE.encode()).json
        assert got == {"text": TEMPLATE.replace("Enabeld", "Enabled"), "edits": 1}

    @pytest.mark.parametrize("text", ["", "hello", "{", PAYLOAD.replace("11", "10")])
    def test_input_without_fixes_is_returned_unchanged(self, playground: Playground, text: str):
        assert fetch(playground, "/docs/fix", "POST", text.encode()).json == {"text": text, "edits": 0}

    def test_positions_are_counted_in_characters(self, playground: Playground):
        text = f"# \U0001f600 \u00e9\n{TEMPLATE}"
        first = check(playground, text)["findings"][0]
        assert text[first["start"] : first["end"]] == "11"

    def test_valid_input_has_no_findings(self, playground: Playground):
        assert check(playground, PAYLOAD.replace("11", "10")) == {"recognised": True, "findings": []}

    @pytest.mark.parametrize("text", ["", " \n", "hello", '{"a": 1}', "a: [1", "functions:\n  a: [1"])
    def test_unknown_content_is_not_recognised(self, playground: Playground, text: str):
        assert check(playground, text) == {"recognised": False, "findings": []}

    @pytest.mark.parametrize(("text", "line"), [(PAYLOAD[:-1], 1), (TEMPLATE + "  - x\n", 9), (TERRAFORM[:-2], 1)])
    def test_malformed_input_is_reported_with_its_position(self, playground: Playground, text: str, line: int):
        (finding,) = check(playground, text)["findings"]
        assert (finding["rule"], finding["line"]) == (None, line)
        assert finding["message"].endswith(".")
        assert 0 <= finding["start"] <= len(text)

    def test_the_kind_of_payload_can_be_given(self, playground: Playground):
        found = check(playground, '{"Qualifier": ""}', "request:GetFunctionEventInvokeConfig")["findings"]
        assert {each["rule"] for each in found} >= {"function-name.required", "qualifier.min-length"}
        found = check(playground, "State: enabled", "response:CreateEventSourceMapping")["findings"]
        assert [each["rule"] for each in found] == ["state.enum"]

    @pytest.mark.parametrize(("text", "said"), [("{}{}", ""), ("a: 1\n---\nb: 1\n", "there are 2 documents")])
    def test_one_payload_is_one_document(self, playground: Playground, text: str, said: str):
        (finding,) = check(playground, text, "request:GetFunctionEventInvokeConfig")["findings"]
        assert said in finding["message"]
        assert finding["rule"] is None

    def test_empty_input_is_not_a_payload(self, playground: Playground):
        assert not check(playground, "  ", "request:GetFunctionEventInvokeConfig")["recognised"]

    @pytest.mark.parametrize("kind", ["request:GetFunctionEventInvokeConfg", "answer:X", "x"])
    def test_an_unknown_kind_is_rejected(self, playground: Playground, kind: str):
        got = fetch(playground, f"/docs/check?kind={kind}", "POST", b"{}")
        assert (got.status, got.content[:9]) == (400, b"there is ")
        with pytest.raises(UnknownNameError):
            playground.checking.kind(kind)

    def test_inline_ignores_are_applied(self, playground: Playground):
        text = TEMPLATE.replace("BatchSize: 11", "BatchSize: 11  # lambda-validate: ignore[batch-size.sqs]")
        assert [each["rule"] for each in check(playground, text)["findings"]] == ["member.unknown"]

    def test_findings_depend_on_the_edition(self):
        checking = Checking(lv.Validator("current"), lambda rule: rule)
        assert [each["rule"] for each in checking.check(PAYLOAD)["findings"]] != ["batch-size.sqs"]

    @pytest.mark.parametrize("kind", ["", "request:CreateEventSourceMapping"])
    @pytest.mark.parametrize("start", ["a: &a [*a, *a]\n", LAUGHS], ids=["endless", "multiplied"])
    def test_exponential_aliases_are_rejected_at_once(self, playground: Playground, start: str, kind: str):
        (finding,) = check(playground, f"{start}FunctionName: f\nEventSourceArn: {QUEUE}\n", kind)["findings"]
        assert finding["message"] == "Expected at most 100,000 values, but aliases expand to more."

    def test_an_alias_used_twice_is_accepted(self, playground: Playground):
        text = f"FunctionName: &f orders\nEventSourceArn: {QUEUE}\nTags: {{a: *f, b: *f}}\n"
        assert [each["rule"] for each in check(playground, text)["findings"]] == ["member.newer"]

    @pytest.mark.parametrize(
        "text",
        [
            "{" * 5000,
            "a: &b 1\nc: *b\nd: " + "[" * 3000 + "]" * 3000,
            "[" * 5000,
            "a: &a [*a, *a]\n",
            "\x00",
            "\ufeff{}",
            "%YAML 9\n---\n",
            "\r\r",
        ],
    )
    @pytest.mark.parametrize("kind", ["", "request:CreateEventSourceMapping"])
    def test_hostile_input_never_fails(self, playground: Playground, text: str, kind: str):
        for path in ("check", "fix"):
            assert fetch(playground, f"/docs/{path}?kind={kind}", "POST", text.encode()).status == 200


class TestServing:
    def test_pages_are_the_reference_pages_with_the_editor(self, playground: Playground):
        front = fetch(playground, "/docs/index.html")
        assert (front.status, front.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert b'href="playground.html"' in front.content
        assert b"<textarea" in fetch(playground, "/docs/playground.html").content
        page = fetch(playground, "/docs/operations/GetFunctionEventInvokeConfig.html").content
        assert b'href="../playground.html#request:GetFunctionEventInvokeConfig"' in page
        for name in ("site.css", "site.js", "index.js", "playground.css", "playground.js"):
            assert fetch(playground, f"/docs/static/{name}").status == 200

    @pytest.mark.parametrize("edition", ["documents", "current"])
    def test_the_other_edition_is_served_below_its_path(self, edition: str):
        playground = Playground(edition=edition)
        (other,) = {"documents", "current"} - {edition}
        for path, link, known in (("", f"{other}/", edition), (f"{other}/", "../", other)):
            page = fetch(playground, f"/docs/{path}playground.html").content.decode()
            assert f'<a class="edition" href="{link}playground.html">' in page
            assert f'<a href="{link}index.html">' in fetch(playground, f"/docs/{path}index.html").content.decode()
            assert f"<strong>{known}</strong>" in page
            got = fetch(playground, f"/docs/{path}check?kind=request:GetFunctionEventInvokeConfig", "POST", b"{}")
            (finding,) = got.json["findings"]
            assert finding["rule"] == "function-name.required"
            assert fetch(playground, f"/docs/{path}{finding['link'].partition('#')[0]}").status == 200
            status = fetch(playground, f"/docs/{path}check?kind=request:CreateFunction", "POST", b"{}").status
            assert status == (200 if known == "current" else 400)
        assert fetch(playground, f"/docs/{other}/{other}/index.html").status == 404
        assert fetch(playground, f"/docs/{other}/check").status == 405

    def test_a_custom_catalog_has_no_other_edition(self):
        playground = Playground(edition=lv.Catalog("mine", lv.catalog.find().document))
        assert playground.others == {}
        assert b'class="edition"' not in fetch(playground, "/docs/playground.html").content

    @pytest.mark.parametrize("edition", ["documents", "current"])
    def test_each_format_has_a_sample_with_findings(self, edition: str):
        playground = Playground(edition=edition)
        formats = set()
        for name, text in samples():
            assert escape(text) in fetch(playground, "/docs/playground.html").content.decode()
            found = check(playground, text, KINDS.get(name, ""))
            families = [each["rule"].partition(".")[0] for each in found["findings"]]
            assert families == ["starting-position", "batch-size"]
            formats |= {name.partition(".")[0] if name != "request.json" else "api"}
        assert formats == {each.name for each in FORMATS}
        assert {name for name, _ in samples()} == TITLES.keys()

    @pytest.mark.parametrize("path", ["/", "/docs", "/docs/"])
    def test_the_root_redirects_to_the_front_page(self, playground: Playground, path: str):
        got = fetch(playground, path)
        assert (got.status, got.headers.get("location")) in ((307, "/docs/index.html"), (200, None))

    @pytest.mark.parametrize(("path", "method", "status"), [
        ("/docs/nothing", "GET", 404), ("/docs/../cli.py", "GET", 404), ("/docs/static/../../x", "GET", 404),
        ("/docs/check", "GET", 405), ("/docs/index.html", "POST", 405), ("/elsewhere", "GET", 404),
        ("/docs/index.html", "HEAD", 200),
    ])  # fmt: skip
    def test_other_requests_are_rejected(self, playground: Playground, path: str, method: str, status: int):
        got = fetch(playground, path, method)
        assert got.status == status
        assert method != "HEAD" or got.content == b""

    def test_other_paths_are_passed_to_the_application(self):
        async def app(scope: Any, receive: Any, send: Any) -> None:
            await send({"type": "http.response.start", "status": 204, "headers": []})
            await send({"type": "http.response.body", "body": scope["path"].encode()})

        playground = Playground(app)
        assert fetch(playground, "/check/x").content == b"/check/x"
        assert fetch(playground, "/docsx").status == 204
        assert fetch(playground, "/docs/index.html").status == 200

    def test_root_path_is_not_part_of_the_path(self, playground: Playground):
        assert fetch(playground, "/below/docs/index.html", root_path="/below").status == 200
        assert fetch(playground, "/below/", root_path="/below").headers["location"] == "/below/docs/index.html"

    def test_other_scopes_are_rejected(self, playground: Playground):
        with pytest.raises(NotImplementedError, match="websocket"):
            asyncio.run(playground({"type": "websocket"}, None, None))  # type: ignore[arg-type]  # never reached

    def test_too_large_or_undecodable_input_is_rejected(self, playground: Playground):
        assert MAX_CONTENT_BYTES <= 1_000_000
        large = fetch(playground, "/docs/check", "POST", b" " * (MAX_CONTENT_BYTES + 1))
        assert (large.status, large.content) == (413, b"the input has more than 512,000 bytes\n")
        assert fetch(playground, "/docs/check", "POST", b"\xff").status == 400

    def test_slow_and_incomplete_uploads_have_their_own_errors(
        self, playground: Playground, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr("lambda_validate.serve.playground.UPLOAD_SECONDS", 0.01)

        async def late() -> Any:
            await asyncio.sleep(9)

        async def left() -> Any:
            return {"type": "http.disconnect"}

        slow, gone = (fetch(playground, "/docs/check", "POST", receive=each) for each in (late, left))
        assert (slow.status, slow.content) == (408, b"the input took longer than 10 seconds to arrive\n")
        assert (gone.status, gone.content) == (400, b"the input did not arrive completely\n")

    @pytest.mark.parametrize(("origin", "status"), [(b"cross-site", 403), (b"same-site", 403), (b"same-origin", 200)])
    def test_cross_site_requests_are_rejected(self, playground: Playground, origin: bytes, status: int):
        headers = [(b"sec-fetch-site", origin)]
        assert fetch(playground, "/docs/check", "POST", b"{}", headers=headers).status == status
        assert fetch(playground, "/docs/index.html", headers=headers).status == 200

    def test_missing_dependencies_are_reported_with_the_extra_to_install(self, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(needs, "find_spec", lambda name: None)
        with pytest.raises(
            ModuleNotFoundError, match=r"^jinja2 and railroad are missing; install lambda-validate\[docs\]$"
        ):
            Playground()


HERE, THERE = ("127.0.0.1", 9000), ("192.0.2.1", 9000)
MAIN = "GET /docs/playground.html"


class TestAccess:
    """No page of another site can use this server by DNS rebinding, with any host name."""

    @pytest.mark.parametrize(("host", "status"), [
        ("localhost:9000", 200), ("LOCALHOST", 200), ("127.0.0.1:9000", 200), ("127.8.9.1", 200), ("[::1]:9000", 200),
        ("evil.example", 403), ("evil.example:9000", 403), ("localhost.evil.example", 403), ("[::2]", 403), ("", 403),
        ("127.0.0.1.evil.example", 403), ("192.0.2.1:9000", 403), ("x@localhost", 403), ("[evil.example]", 403),
    ])  # fmt: skip
    @pytest.mark.parametrize(
        "request_line", ["GET /", MAIN, "GET /docs/static/site.js", "HEAD /docs/", "POST /docs/check"]
    )
    def test_on_loopback_only_local_host_names_are_accepted(
        self, playground: Playground, request_line: str, host: str, status: int
    ):
        method, path = request_line.split()
        got = fetch(playground, path, method, b"{}", headers=[(b"host", host.encode())], server=HERE)
        assert (got.status == 403) == (status == 403)
        assert status == 200 or method == "HEAD" or b"localhost" in got.content

    @pytest.mark.parametrize("server", [HERE, ("::1", 9000), ("127.9.9.9", 80)])
    def test_several_host_headers_are_rejected(self, playground: Playground, server: tuple[str, int]):
        headers = [(b"host", b"localhost"), (b"host", b"evil.example")]
        assert fetch(playground, "/docs/index.html", headers=headers, server=server).status == 403

    @pytest.mark.parametrize("server", [THERE, ("fe80::1", 9000), ("/run/socket", None), None, ("testserver", 80)])
    def test_any_host_name_is_accepted_on_other_addresses(self, playground: Playground, server: Any):
        headers = [(b"host", b"docs.example")]
        assert fetch(playground, "/docs/index.html", headers=headers, server=server).status == 200

    def test_the_listening_address_can_be_given(self):
        headers = [(b"host", b"machine.example")]
        everywhere, loopback = Playground(address="0.0.0.0"), Playground(address="::1")
        assert fetch(everywhere, "/docs/index.html", headers=headers, server=HERE).status == 200
        assert fetch(loopback, "/docs/index.html", headers=headers, server=THERE).status == 403

    @pytest.mark.parametrize(("host", "origin", "status"), [
        ("localhost:9000", "http://localhost:9000", 200), ("localhost:9000", "HTTP://LocalHost:9000", 200),
        ("localhost:9000", "http://localhost:9001", 403), ("localhost:9000", "http://localhost", 403),
        ("localhost:9000", "http://127.0.0.1:9000", 403), ("localhost:9000", "null", 403), ("localhost:9000", "", 403),
        ("localhost:9000", "http://evil.example", 403), (None, "http://localhost:9000", 403),
    ])  # fmt: skip
    @pytest.mark.parametrize("server", [HERE, THERE])
    @pytest.mark.parametrize("request_line", [MAIN, "POST /docs/check"])
    def test_a_page_of_another_origin_is_rejected(
        self, playground: Playground, request_line: str, server: Any, host: str | None, origin: str, status: int
    ):
        method, path = request_line.split()
        headers = [(b"origin", origin.encode()), *([] if host is None else [(b"host", host.encode())])]
        assert fetch(playground, path, method, b"{}", headers=headers, server=server).status == status

    def test_requests_for_the_application_are_passed_on(self):
        async def app(scope: Any, receive: Any, send: Any) -> None:
            await send({"type": "http.response.start", "status": 204, "headers": []})
            await send({"type": "http.response.body"})

        headers = [(b"host", b"lambda.example"), (b"origin", b"null")]
        assert fetch(Playground(app), "/check/x", headers=headers, server=HERE).status == 204


class TestServeCommand:
    @pytest.mark.parametrize(("argv", "gone", "said"), [
        (["--playground"], {"jinja2", "railroad"}, "jinja2 and railroad are missing; install lambda-validate[docs]"),
        (["--playground"], {"uvicorn", "httptools", "jinja2", "railroad", "grpc"},
         "uvicorn, httptools, jinja2 and railroad are missing; install lambda-validate[docs,serve]"),
        (["--playground", "--grpc-port", "0"], {"uvicorn", "grpc", "railroad"},
         "uvicorn, grpc and railroad are missing; install lambda-validate[docs,envoy,serve]"),
        ([], {"uvicorn", "jinja2", "grpc"}, "uvicorn is missing; install lambda-validate[serve]"),
    ])  # fmt: skip
    def test_all_missing_dependencies_are_reported_together(
        self,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
        argv: list[str],
        gone: set[str],
        said: str,
    ):
        monkeypatch.setattr("lambda_validate.cli.serve.find_spec", lambda name: None if name in gone else name)
        assert main(["serve", *argv]) == 2
        assert capsys.readouterr().err == f"lambda-validate: {said}\n"


class TestPrivacy:
    def test_responses_forbid_caching_framing_and_referrers(self, playground: Playground):
        for got in (
            fetch(playground, "/docs/check", "POST", PAYLOAD.encode()),
            fetch(playground, "/docs/playground.html"),
        ):
            assert got.headers["cache-control"] == "no-store"
            assert got.headers["referrer-policy"] == "no-referrer"
            assert got.headers["x-frame-options"] == "DENY"
            assert got.headers["x-content-type-options"] == "nosniff"

    def test_input_is_neither_logged_nor_printed(
        self, playground: Playground, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
    ):
        caplog.set_level(logging.DEBUG)
        check(playground, TEMPLATE.replace("orders", "a-secret-name"))
        assert "secret" not in caplog.text
        assert capfd.readouterr() == ("", "")

    def test_responses_hold_no_values(self, playground: Playground):
        text = PAYLOAD.replace("orders", "a secret name")
        got = fetch(playground, "/docs/check", "POST", text.encode())
        assert got.json["findings"]
        assert b"secret" not in got.content


def test_work_grows_linearly_with_the_length_of_a_template(playground: Playground):
    lines = TEMPLATE.splitlines()
    counts = []

    def checking(copies: int) -> Callable[[], object]:
        body = [f"  Mapping{index}:" if line == "  Mapping:" else line for index in range(copies) for line in lines[1:]]
        text = "\n".join([lines[0], *body])
        return lambda: counts.append(len(check(playground, text)["findings"]))

    assert growth(checking, 70) < GROWTH  # in seconds, `benchmarks/docs.py` measures it
    assert counts == [140, 140, 280, 280]
