"""Test the pages and the playground in a browser: no errors, no external requests, and everything is accessible."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

from lambda_validate.cli import main

pytestmark = pytest.mark.e2e

QUEUE = "arn:aws:sqs:us-west-2:123456789012:orders"
TEMPLATE = f"""\
# \U0001f600 and \u00e9
Resources:
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      FunctionName: orders
      EventSourceArn: {QUEUE}
      BatchSize: 11
      Enabeld: true
"""
LOOKS: list[dict[str, Any]] = [
    {"viewport": {"width": 1200, "height": 900}, "color_scheme": "light"},
    {"viewport": {"width": 1200, "height": 900}, "color_scheme": "dark"},
    {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"},
]
PHONE = LOOKS[2]
EDITION = ("--edition", "documents")
"""The edition whose rules the documents break."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from support.browsing import browsers

    yield from browsers()


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    from support.browsing import axe

    return axe(tmp_path_factory.mktemp("axe"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the reference of both editions."""
    made = tmp_path_factory.mktemp("docs")
    for edition in ("documents", "current"):
        assert main(["docs", "-o", str(made / edition), "--edition", edition]) == 0
    return made


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Yield the URL of a service with a playground."""
    command = [sys.executable, "-m", "lambda_validate", "serve", "--playground", "--port", "0", *EDITION]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        facts = json.loads(process.stderr.readline())
        assert facts["http"].startswith("127.0.0.1:")
        yield f"http://{facts['http']}/docs/"
        process.terminate()
        log = process.stderr.read()
        assert "orders" not in log


class TestReference:
    def test_every_page_loads_without_errors_or_external_requests(self, browser: Any, folder: Path):
        from support.browsing import seen

        pages = sorted(folder.rglob("*.html"))
        assert len(pages) > 100
        found = seen(browser, offline=True)
        for each in pages:
            found.page.goto(each.as_uri())
            assert found.page.locator("h1").count() == 1
        assert found.said == []
        assert found.foreign(folder.as_uri()) == []

    @pytest.mark.parametrize("look", LOOKS, ids=["light", "dark", "phone"])
    @pytest.mark.parametrize("name", [
        "documents/index.html", "documents/rules.html", "documents/operations/CreateEventSourceMapping.html",
        "documents/operations/GetFunctionEventInvokeConfig.html", "current/index.html",
        "current/operations/CreateFunction.patterns.html",
    ])  # fmt: skip
    def test_pages_have_no_serious_accessibility_violations(
        self, browser: Any, axe: str, folder: Path, look: dict[str, Any], name: str
    ):
        from support.browsing import complaints, seen

        page = seen(browser, **look).page
        page.goto((folder / name).as_uri())
        page.evaluate("document.querySelectorAll('details').forEach((each, at) => { each.open = at < 5; })")
        assert complaints(page, axe) == []
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0  # only diagrams and long lines scroll horizontally

    @pytest.mark.parametrize("look", LOOKS, ids=["light", "dark", "phone"])
    def test_the_table_of_contents_is_shown_on_wide_screens(self, browser: Any, folder: Path, look: dict[str, Any]):
        from support.browsing import seen

        page = seen(browser, **look).page
        page.goto((folder / "current/operations/CreateEventSourceMapping.html").as_uri())
        contents = page.locator("nav.contents")
        assert contents.is_visible() == (look is not PHONE)
        if look is not PHONE:
            contents.locator("a", has_text="BatchSize").first.click()
            page.wait_for_url(re.compile("#request.BatchSize$"))
            assert contents.bounding_box()["y"] >= 0  # the contents stay in view
            assert page.locator("[id='request.BatchSize']").bounding_box()["y"] >= 0
        else:
            path = page.locator("code.path")
            assert path.bounding_box()["width"] <= 390
            heights = path.evaluate("each => [...each.getClientRects()].length")
            assert heights > 1  # broken after a slash

    def test_rules_can_be_filtered_and_a_link_to_a_hidden_rule_clears_the_filter(self, browser: Any, folder: Path):
        from support.browsing import expect, seen

        found = seen(browser)
        page = found.page
        page.goto((folder / "documents/rules.html").as_uri())
        every = page.locator("article.member").count()
        page.fill("#filter", "batch sqs")
        shown = page.locator("article.member:visible").count()
        assert 0 < shown < every
        assert page.inner_text("#shown") == f"{shown} of {every} shown"
        page.evaluate("location.hash = 'function-name.pattern'")
        expect(page.locator("#filter")).to_have_value("")
        assert page.locator("[id='function-name.pattern']").is_visible()
        assert found.said == []

    def test_a_rule_is_found_by_keyboard_alone(self, browser: Any, folder: Path):
        from support.browsing import seen

        found = seen(browser)
        page = found.page
        page.goto((folder / "documents" / "index.html").as_uri())
        page.keyboard.press("/")
        page.keyboard.type("batch sqs")
        page.wait_for_selector("#found li")
        assert page.get_attribute("#search", "aria-expanded") == "true"
        page.keyboard.press("ArrowDown")
        chosen = page.get_attribute("#search", "aria-activedescendant")
        assert page.inner_text(f"#{chosen}").startswith("batch-size.sqs")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"rules\.html#batch-size\.sqs$"))
        assert page.locator("[id='batch-size.sqs']").is_visible()
        assert found.said == []

    def test_an_example_behind_a_link_is_opened(self, browser: Any, folder: Path):
        from support.browsing import seen

        page = seen(browser).page
        page.goto((folder / "documents/operations/CreateEventSourceMapping.html").as_uri() + "#request-batch-size.sqs")
        assert page.locator("[id='request-batch-size.sqs'] pre").is_visible()

    @pytest.mark.parametrize("look", LOOKS, ids=["light", "dark", "phone"])
    def test_a_diagram_that_can_be_scrolled_has_a_shaded_edge(self, browser: Any, folder: Path, look: dict[str, Any]):
        from support.browsing import seen

        page = seen(browser, **look).page
        page.goto((folder / "documents/operations/GetFunctionEventInvokeConfig.html").as_uri() + "#pattern-1")
        box = page.locator(".drawing").first.bounding_box()

        def edge(left: float) -> Any:  # above the first rail, where nothing is drawn
            page.evaluate(f"document.querySelector('.drawing').scrollLeft = {left}")
            return page.screenshot(
                clip={"x": box["x"] + box["width"] - 16, "y": box["y"] + 1, "width": 15, "height": 4}
            )

        assert (edge(0) != edge(9999)) == (look is PHONE)

    def test_the_theme_can_be_chosen_and_persists(self, browser: Any, folder: Path):
        from support.browsing import seen

        page = seen(browser, color_scheme="light").page
        page.goto((folder / "documents" / "index.html").as_uri())
        colour = "getComputedStyle(document.body).backgroundColor"
        light = page.evaluate(colour)
        for _ in range(2):
            page.click(".theme")
        assert page.inner_text(".theme") == "Theme: dark"
        dark = page.evaluate(colour)
        assert dark != light
        page.reload()
        assert page.evaluate(colour) == dark

    def test_pages_are_readable_without_javascript(self, browser: Any, folder: Path):
        from support.browsing import seen

        page = seen(browser, java_script_enabled=False).page
        page.goto((folder / "documents/operations/CreateEventSourceMapping.html").as_uri())
        assert page.locator("svg.railroad").first.is_visible()
        assert not page.locator(".search").is_visible()


MEASURED = """() => {
    const text = document.getElementById("text");
    const style = getComputedStyle(text);
    const canvas = document.createElement("canvas").getContext("2d");
    canvas.font = `${style.fontSize} ${style.fontFamily}`;
    const [box, mark] = [text, document.querySelector("#marks mark")].map((each) => each.getBoundingClientRect());
    const before = canvas.measureText("      BatchSize: ").width;
    const middle = mark.top + mark.height / 2 - box.top - parseFloat(style.paddingTop);
    return {
        left: mark.left - box.left - parseFloat(style.paddingLeft) - before,
        line: Math.floor(middle / parseFloat(style.lineHeight)),
        width: mark.width - canvas.measureText("11").width,
    };
}"""
"""The distance in pixels from the first marker to its characters, and its line."""


def typed(page: Any, text: str) -> None:
    """Focus the input by keyboard, and paste a document."""
    for _ in range(20):
        if page.evaluate("document.activeElement.id") == "text":
            break
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "text"
    page.keyboard.insert_text(text)


class TestPlayground:
    def test_a_planted_fault_is_shown_at_its_place_and_fixed_by_keyboard_alone(self, browser: Any, address: str):
        from support.browsing import expect, seen

        found = seen(browser)
        page = found.page
        page.goto(f"{address}playground.html")
        typed(page, TEMPLATE)
        page.wait_for_selector("#findings li")
        assert page.inner_text("#state") == "2 errors, 0 warnings."
        assert page.locator("#marks mark").all_inner_texts() == ["11", "Enabeld"]
        page.keyboard.press("F8")
        assert page.evaluate("getSelection().toString()") == "11"
        assert page.inner_text("#state").startswith("1 of 2, line 8: BatchSize is at most 10")
        page.keyboard.press("F8")
        page.keyboard.press("Alt+Enter")
        expect(page.locator("#state")).to_have_text("1 error, 0 warnings.")
        page.keyboard.press("F8")
        page.keyboard.type("10")
        expect(page.locator("#state")).to_have_text("No findings.")
        text = TEMPLATE.replace("Enabeld", "Enabled").replace("11", "10")
        assert page.input_value("#text") == text
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.id") != "text"
        assert found.said == []
        assert found.foreign(address) == []

    def test_a_mark_is_aligned_with_its_characters(self, browser: Any, address: str):
        from support.browsing import seen

        page = seen(browser).page
        page.goto(f"{address}playground.html")
        typed(page, TEMPLATE)
        page.wait_for_selector("#marks mark")
        place = page.evaluate(MEASURED)
        assert abs(place["left"]) < 1
        assert abs(place["width"]) < 1
        assert place["line"] == TEMPLATE[: TEMPLATE.index("11")].count("\n")

    def test_marks_scroll_with_the_editor(self, browser: Any, address: str):
        from support.browsing import seen

        page = seen(browser).page
        page.goto(f"{address}playground.html")
        typed(page, "#\n" * 200 + TEMPLATE)
        page.wait_for_selector("#marks mark")
        page.keyboard.press("F8")
        page.wait_for_timeout(200)
        tops = page.evaluate("['marks', 'text'].map((each) => document.getElementById(each).scrollTop)")
        assert tops[0] == tops[1] > 1000
        box, mark = page.locator("#text").bounding_box(), page.locator("#marks mark.current").bounding_box()
        assert box["y"] < mark["y"] < box["y"] + box["height"]

    def test_every_safe_fix_is_one_button(self, browser: Any, address: str):
        from support.browsing import expect, seen

        page = seen(browser).page
        page.goto(f"{address}playground.html")
        typed(page, TEMPLATE)
        page.wait_for_selector("#findings li")
        page.locator("#fix-all").focus()
        page.keyboard.press("Enter")
        expect(page.locator("#text")).to_have_value(re.compile("Enabled"))
        page.locator("#text").focus()
        page.keyboard.press("Control+z")
        assert page.input_value("#text") == TEMPLATE

    def test_an_example_of_a_page_can_be_tried(self, browser: Any, address: str):
        from support.browsing import seen

        page = seen(browser).page
        page.goto(f"{address}operations/GetFunctionEventInvokeConfig.html#request-qualifier.min-length")
        page.locator("[id='request-qualifier.min-length'] a.try").press("Enter")
        page.wait_for_selector("#findings li")
        assert page.input_value("#kind") == "request:GetFunctionEventInvokeConfig"
        assert "qualifier.min-length" in page.inner_text("#findings")
        assert "#" not in page.url  # pasted documents are not in the history

    def test_pasted_content_is_never_interpreted_as_markup(self, browser: Any, address: str):
        from support.browsing import seen

        found = seen(browser)
        page = found.page
        hostile = "<img src=x onerror=document.title='pwned'><script>document.title='pwned'</script>"
        text = json.dumps({"FunctionName": hostile, "EventSourceArn": hostile, hostile: hostile})
        page.goto(f"{address}playground.html#request:CreateEventSourceMapping:{quote(text)}")
        page.wait_for_selector("#findings li")
        assert page.input_value("#text") == text
        assert page.locator("main img, main script").count() == 0
        assert "pwned" not in page.title()
        assert found.said == []

    @pytest.mark.parametrize("look", LOOKS, ids=["light", "dark", "phone"])
    def test_pages_have_no_serious_accessibility_violations(
        self, browser: Any, axe: str, address: str, look: dict[str, Any]
    ):
        from support.browsing import complaints, seen

        page = seen(browser, **look).page
        page.goto(f"{address}playground.html")
        typed(page, TEMPLATE)
        page.wait_for_selector("#findings li")
        assert complaints(page, axe) == []
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")

    @pytest.mark.parametrize(("kind", "text", "marked"), [
        ("", '{"FunctionName": "f", "EventSourceArn": "a"', '"'),
        ("", '{"FunctionName": "f", "EventSourceArn": "a"\n\n', '"\n\n'),
        ("request:CreateEventSourceMapping", "a: [\U0001f600", "\U0001f600"),
        ("request:CreateEventSourceMapping", "[", "["),
    ])  # fmt: skip
    def test_a_fault_at_the_end_of_the_input_is_marked_visibly(
        self, browser: Any, address: str, kind: str, text: str, marked: str
    ):
        from support.browsing import seen

        found = seen(browser)
        page = found.page
        page.goto(f"{address}playground.html")
        page.select_option("#kind", kind)
        typed(page, text)
        page.wait_for_selector("#findings li")
        assert page.locator("#marks mark").all_text_contents() == [marked]
        assert page.locator("#marks mark").bounding_box()["width"] > 4
        page.keyboard.press("F8")
        assert page.text_content("#marks") == f"{text}\n"
        assert found.said == []

    @pytest.mark.parametrize("text", ["%", "%E0%A4%A", "a%zz"])
    def test_an_invalid_percent_encoding_in_a_link_is_used_unchanged(self, browser: Any, address: str, text: str):
        from support.browsing import seen

        found = seen(browser)
        found.page.goto(f"{address}playground.html#request:CreateEventSourceMapping:{text}")
        found.page.wait_for_selector("#findings li")
        assert found.page.input_value("#text") == text
        found.page.goto(f"{address}index.html#{text}")
        assert found.said == []

    def test_code_in_a_message_is_a_code_element(self, browser: Any, address: str):
        from support.browsing import seen

        page = seen(browser).page
        page.goto(f"{address}playground.html")
        typed(page, TEMPLATE)
        page.wait_for_selector("#findings li")
        assert page.locator("#findings .says code").all_inner_texts() == ["current"]
        page.keyboard.press("F8")
        assert page.locator("#state code").all_inner_texts() == ["current"]
        assert "`" not in page.inner_text("main")


class TestPlaygroundControls:
    @pytest.fixture
    def found(self, browser: Any, address: str) -> Iterator[Any]:
        from support.browsing import seen

        found = seen(browser)
        found.page.goto(f"{address}playground.html")
        yield found
        assert found.said == []
        assert found.foreign(address) == []

    def test_a_sample_of_each_format_has_findings_and_can_be_undone(self, found: Any):
        from support.browsing import expect

        page = found.page
        typed(page, "mine")
        titles = page.locator("#sample option").all_inner_texts()[1:]
        assert len(titles) == 7
        for title in titles:
            page.select_option("#sample", label=title)
            expect(page.locator("#state")).to_have_text("2 errors, 0 warnings.")
            assert page.input_value("#sample") == ""
        page.locator("#text").focus()
        for _ in titles:
            page.keyboard.press("Control+z")
        assert page.input_value("#text") == "mine"

    def test_a_share_link_holds_the_input_in_the_fragment_only(self, found: Any, browser: Any, address: str):
        from support.browsing import seen

        page = found.page
        for kind in ("", "request:CreateEventSourceMapping"):
            page.select_option("#kind", kind)
            text = page.input_value("#text") or TEMPLATE
            page.fill("#text", text)
            page.click("#share")
            link = page.input_value("#link")
            assert page.evaluate("document.activeElement.id") == "link"
            assert link.startswith(f"{address}playground.html#{kind or 'text'}:")
            other = seen(browser)
            other.page.goto(link)
            other.page.wait_for_selector("#findings li")
            assert other.page.input_value("#text") == text
            assert other.page.input_value("#kind") == kind
            assert not [each for each in other.requested if "orders" in each or "Lambda" in each]
            assert "#" not in other.page.url

    def test_switching_the_edition_keeps_the_input(self, found: Any, address: str):
        from support.browsing import expect

        page = found.page
        page.select_option("#kind", "request:CreateEventSourceMapping")
        typed(page, '{"BatchSize": 0}')
        page.wait_for_selector("#findings li")
        page.click("a.edition")
        page.wait_for_url(f"{address}current/playground.html")
        expect(page.locator("#state")).to_have_text(re.compile("errors"))
        assert page.input_value("#text") == '{"BatchSize": 0}'
        assert page.input_value("#kind") == "request:CreateEventSourceMapping"
        page.select_option("#kind", "request:CreateFunction")
        expect(page.locator("#findings")).to_contain_text("Code is required")
        page.click("a.edition")
        page.wait_for_url(f"{address}playground.html")
        assert page.input_value("#kind") == ""

    def test_phones_hide_key_hints_and_show_the_selected_mark(self, browser: Any, address: str):
        from support.browsing import seen

        page = seen(browser, **PHONE).page
        page.goto(f"{address}playground.html")
        assert not page.locator("#keys").is_visible()
        assert "/" not in page.get_attribute("#search", "placeholder")
        page.select_option("#kind", "request:CreateEventSourceMapping")
        page.fill("#text", json.dumps({"FunctionName": "orders", "EventSourceArn": QUEUE, "Enabeld": True}))
        page.locator("#findings .place").first.click()
        box, mark = page.locator("#text").bounding_box(), page.locator("#marks mark.current").bounding_box()
        assert box["x"] <= mark["x"] < mark["x"] + mark["width"] <= box["x"] + box["width"]


class TestFailure:
    """An unreadable document shows the reason, and earlier findings disappear."""

    @pytest.fixture
    def page(self, browser: Any, address: str) -> Any:
        from support.browsing import seen

        found = seen(browser)
        found.page.goto(f"{address}playground.html")
        typed(found.page, TEMPLATE)
        found.page.wait_for_selector("#findings li")
        yield found.page
        errors = [each for each in found.said if each.startswith("error: ")]
        assert [each for each in errors if "Failed to load resource" not in each] == []  # messages of Chromium itself

    @staticmethod
    def failed(page: Any, said: str) -> None:
        from support.browsing import expect

        expect(page.locator("#state")).to_have_text(f"It could not be checked: {said}.")
        assert page.locator("#findings li").count() == 0
        assert page.locator("#marks mark").count() == 0
        assert page.locator("#fix-all").is_disabled()

    def test_input_over_the_limit_is_not_sent_and_the_limit_is_shown(self, page: Any):
        requested: list[str] = []
        page.on("request", lambda request: requested.append(request.url))
        page.evaluate("""() => {
            const text = document.getElementById("text");
            text.value += `# ${"\u00e9".repeat(256000)}\\n`;
            text.dispatchEvent(new Event("input"));
        }""")
        size = len(TEMPLATE.encode()) + 512_003
        self.failed(page, f"the text has {size:,} bytes, and at most 512,000 are checked")
        assert requested == []

    @pytest.mark.parametrize("say", ["check", "fix"])
    def test_an_unreachable_server_is_reported(self, page: Any, say: str):
        page.route(f"**/docs/{say}*", lambda route: route.abort("connectionrefused"))
        page.locator("#fix-all").click() if say == "fix" else typed(page, "#")
        self.failed(page, "the process that serves this page does not answer")

    @pytest.mark.parametrize("say", ["check", "fix"])
    def test_the_message_of_an_error_response_is_shown(self, page: Any, say: str):
        page.route(
            f"**/docs/{say}*", lambda route: route.fulfill(status=408, body="the input took longer than 10 seconds")
        )
        page.locator("#fix-all").click() if say == "fix" else typed(page, "#")
        self.failed(page, "the input took longer than 10 seconds")

    def test_checks_resume_when_the_server_answers_again(self, page: Any):
        from support.browsing import expect

        page.route("**/docs/check*", lambda route: route.abort("connectionrefused"))
        typed(page, "#")
        self.failed(page, "the process that serves this page does not answer")
        page.unroute("**/docs/check*")
        typed(page, "#")
        expect(page.locator("#state")).to_have_text("2 errors, 0 warnings.")
        assert page.locator("#marks mark").all_inner_texts() == ["11", "Enabeld"]


def test_a_name_that_leads_to_loopback_is_not_answered(address: str):
    parts = urlsplit(address)
    for host, status in (("evil.example", 403), (parts.netloc, 200), (f"localhost:{parts.port}", 200)):
        connection = HTTPConnection(parts.netloc, timeout=10)
        connection.request("GET", "/docs/index.html", headers={"Host": host})
        assert connection.getresponse().status == status
        connection.close()


class TestReport:
    @pytest.fixture
    def report(self, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> str:
        monkeypatch.chdir(tmp_path)
        hostile = "<img src=x onerror=document.title='pwned'>"
        Path("a<script>alert(1)<.yaml").write_text(TEMPLATE.replace("orders", f'"{hostile}"', 1), "utf-8")
        Path("b.yaml").write_text(TEMPLATE, "utf-8")
        assert main(["lint", *EDITION, "--output-format", "html", "."]) == 1
        page = tmp_path / "report.html"
        page.write_text(capsys.readouterr().out, "ascii")
        return page.as_uri()

    def test_the_report_can_be_filtered_by_rule_and_file(self, browser: Any, report: str):
        from support.browsing import expect, seen

        found = seen(browser, offline=True)
        page = found.page
        page.goto(report)
        everything = page.locator("article").count()
        assert page.inner_text("[role=status]") == f"{everything} of {everything} shown"
        assert page.locator("section h2").count() == 2
        page.locator("article a[href^='#rule-']").first.click()
        assert page.locator("div.rule:target").is_visible()
        page.select_option("[name=rule]", "batch-size.sqs")
        rest = "; the button \u201cShow all\u201d shows the rest"
        assert page.inner_text("[role=status]") == f"2 of {everything} shown{rest}"
        page.select_option("[name=file]", label="b.yaml (2)")
        assert page.locator("article:visible").count() == 1
        assert page.locator("section:visible h2").all_inner_texts() == ["b.yaml"]
        page.click("[type=reset]")
        expect(page.locator("article:visible")).to_have_count(everything)
        assert "pwned" not in page.title()
        assert found.said == []
        assert set(found.requested) == {report}

    @pytest.mark.parametrize("look", LOOKS, ids=["light", "dark", "phone"])
    def test_pages_have_no_serious_accessibility_violations(
        self, browser: Any, axe: str, report: str, look: dict[str, Any]
    ):
        from support.browsing import complaints, seen

        page = seen(browser, **look).page
        page.goto(report)
        assert complaints(page, axe) == []
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")

    def test_the_marked_part_of_a_long_line_is_visible_on_a_phone(
        self, browser: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ):
        from support.browsing import seen

        path = tmp_path / "a.json"
        path.write_text(json.dumps({"FunctionName": "f" * 60, "EventSourceArn": QUEUE, "BatchSize": 0}), "utf-8")
        assert main(["lint", *EDITION, "--output-format", "html", str(path)]) == 1
        (tmp_path / "report.html").write_text(capsys.readouterr().out, "ascii")
        page = seen(browser, **PHONE).page
        page.goto((tmp_path / "report.html").as_uri())
        mark = page.locator("mark").first.bounding_box()
        assert 0 <= mark["x"] < mark["x"] + mark["width"] <= 390


@pytest.fixture(scope="module")
def summary(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the path of the summary of an audit of generated logs."""
    folder = tmp_path_factory.mktemp("audit")
    assert main(["audit", "--generate", "3000", str(folder / "logs")]) == 0
    assert main(["audit", str(folder / "logs"), "-o", str(folder / "result")]) in (1, 2)
    return (folder / "result" / "summary.html").as_uri()


class TestAuditSummary:
    """The page of an audit of generated logs."""

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    @pytest.mark.parametrize("width", [1280, 390])
    def test_the_page_has_no_errors_overflow_or_accessibility_violations(
        self, browser: Any, axe: str, summary: str, width: int, scheme: str
    ):
        from support.browsing import complaints, seen

        found = seen(browser, offline=True, viewport={"width": width, "height": 900}, color_scheme=scheme)
        page = found.page
        page.goto(summary)
        assert page.locator("h1").count() == 1
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        assert found.said == []
        assert found.requested == [summary]
        assert complaints(page, axe) == []
