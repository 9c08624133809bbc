"""Test the HTML report: all findings on one page that loads no resource and runs no code from a file."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser

import pytest
from support.linting import BAD, GOOD, NEWER, QUEUE, Project, Ran

from lambda_validate.base.version import VERSION

SCRIPT = "<script>alert(1)</script>"
HOSTILE = f"{SCRIPT}\"'><img src=x onerror=alert(2)>&amp;"


class Page(HTMLParser):
    """The elements of a page, the text of each kind, and all text except scripts and styles."""

    def __init__(self, ran: Ran) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: dict[str, list[str]] = {}
        self.tags: list[str] = []
        self.feed(ran.out)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        self.texts.setdefault(tag, []).append("")
        if tag not in ("meta", "link", "img", "br"):
            self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.tags.pop() == tag

    def handle_data(self, data: str) -> None:
        for tag in set(self.tags):
            self.texts[tag][-1] += data

    def of(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]


def html(project: Project, *argv: str) -> Page:
    ran = project.run(*argv, "--output-format", "html")
    assert ran.out.isascii()
    return Page(ran)


def test_totals_of_errors_warnings_and_files_are_shown(project: Project):
    project.write({"a.json": BAD, "b.json": NEWER, "c.json": GOOD})
    assert html(project).texts["li"][:3] == ["1errors", "1warnings", "3checked files"]


def test_a_finding_comes_with_place_rule_excerpt_help_and_source(project: Project):
    project.write({"a.yaml": f"FunctionName: f\nEventSourceArn: {QUEUE}\nBatchsize: 1\n"})
    page = html(project)
    (article,) = page.of("article")
    assert article == {"class": "error", "data-rule": "member.unknown", "data-file": "0", "data-severity": "error"}
    (text,) = page.texts["article"]
    for said in ("3:1", "member.unknown", "did you mean 'BatchSize'?", "Write BatchSize.", "stated: CreateEventSource"):
        assert said in text
    assert page.texts["pre"] == [f"1 FunctionName: f\n2 EventSourceArn: {QUEUE}\n3 Batchsize: 1"]
    assert page.texts["mark"] == ["Batchsize"]
    assert page.texts["h2"] == ["a.yaml", "Rules"]


def test_each_excerpt_has_an_accessible_name_and_the_role_group(project: Project):
    project.write({"a.json": BAD, "b&.json": BAD})
    (one, other) = html(project).of("pre")
    assert one["aria-label"] == "a.json, line 1, batch-size.sqs"
    assert other["aria-label"] == "b&.json, line 1, batch-size.sqs"
    assert {one["role"], other["role"]} == {"group"}  # thousands of landmarks would not help


def test_an_excerpt_has_three_lines_above_and_below(project: Project):
    lines = [f"# {number}" for number in range(1, 12)]
    lines[7:7] = ["FunctionName: f", f"EventSourceArn: {QUEUE}", "BatchSize: 0"]
    project.write({"a.yaml": "\r\n".join(lines)})
    (excerpt,) = html(project).texts["pre"]
    assert excerpt.split("\n") == [
        " 7 # 7", " 8 FunctionName: f", f" 9 EventSourceArn: {QUEUE}", "10 BatchSize: 0", "11 # 8", "12 # 9", "13 # 10"
    ]  # fmt: skip


def test_each_rule_links_to_its_statement(project: Project):
    project.write({"a.json": BAD, "b.json": BAD.replace("11", '"x"'), "c.yaml": f"Batchsize: 1\n{BAD}"})
    page = html(project)
    rules = {each["data-rule"] for each in page.of("article")}
    assert {each["href"] for each in page.of("a") if each["href"][0] == "#"} == {f"#rule-{each}" for each in rules}
    places = [each["id"] for each in page.of("div") if each.get("class") == "rule"]
    assert places == sorted(f"rule-{each}" for each in rules)
    for text, rule in zip([each for each in page.texts["div"] if each], sorted(rules), strict=True):
        assert f"ignore[{rule}]" in text
        assert len(text) > 100


def test_the_page_shows_version_edition_and_date(project: Project, monkeypatch: pytest.MonkeyPatch):
    project.write({"a.json": BAD})
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert html(project).texts["p"][0] == f"Version {VERSION}, edition documents, 2023-11-14 22:13 UTC"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "soon")
    assert re.fullmatch(r".*, 20\d\d-\d\d-\d\d \d\d:\d\d UTC", html(project).texts["p"][0])


def test_code_in_a_message_is_a_code_element(project: Project):
    project.write({"a.json": BAD})
    page = html(project)
    assert "current" in page.texts["code"]
    assert "`" not in page.texts["article"][0]


def test_backticks_of_a_file_make_no_markup(project: Project):
    name = f"`{SCRIPT}` `<b>`"
    project.write({"a.json": json.dumps({"FunctionName": name, "EventSourceArn": QUEUE, name: 1})})
    page = html(project, "--show-values")
    assert len(page.of("script")) == 1
    assert SCRIPT in "".join(page.texts["article"])


def test_counts_use_one_number_format_and_filters_can_be_reset(project: Project):
    project.write({"a.json": BAD})
    (script,) = html(project).texts["script"]
    assert 'toLocaleString("en-US")' in script
    assert "shows the rest" in script
    assert script.isascii()


def test_findings_can_be_filtered_by_rule_file_and_severity(project: Project):
    project.write({"a.json": BAD, "b.json": BAD, "c.json": NEWER})
    page = html(project)
    assert [each["name"] for each in page.of("select")] == ["rule", "file", "severity"]
    assert page.texts["option"] == [
        "Every rule", "batch-size.sqs (2)", "member.newer (1)", "Every file", "a.json (1)", "b.json (1)", "c.json (1)",
        "Any", "error (2)", "warning (1)",
    ]  # fmt: skip
    values = {each["value"] for each in page.of("option")}
    assert {each["data-rule"] for each in page.of("article")} < values
    assert {each["data-file"] for each in page.of("article")} < values


def test_a_report_without_findings_says_so(project: Project):
    project.write({"a.json": GOOD})
    page = html(project)
    assert "No findings." in page.texts["p"]
    assert page.of("article") == []


def test_a_file_that_cannot_be_read_is_listed(project: Project):
    project.write({"a.json": BAD, "b.json": BAD[:-1]})
    page = html(project)
    assert any(each.startswith("b.json:1:101 expected a comma") for each in page.texts["li"])
    assert "1not readable" in page.texts["li"]


def test_no_resources_are_loaded_and_inline_code_is_hashed_in_the_policy(project: Project):
    project.write({"a.json": BAD})
    page = html(project)
    assert page.of("link") == [{"rel": "icon", "href": "data:,"}]
    assert not [
        each for _, each in page.elements if "src" in each or "style" in each or any(n[:2] == "on" for n in each)
    ]
    policy = page.of("meta")[1]["content"]
    for tag in ("script", "style"):
        (text,) = page.texts[tag]
        assert f"{tag}-src 'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" in policy
    assert policy.startswith("default-src 'none'")


@pytest.mark.parametrize("payload", [
    {"FunctionName": HOSTILE, "EventSourceArn": QUEUE},
    {"FunctionName": "f", "EventSourceArn": QUEUE, HOSTILE: HOSTILE},
    {"FunctionName": "f", "EventSourceArn": QUEUE, "BatchSize": [HOSTILE]},
    {"FunctionName": "f\x00\x1b[2J\u202e\ud800", "EventSourceArn": QUEUE},
])  # fmt: skip
def test_payload_content_is_escaped_in_html(project: Project, payload: object):
    project.write({"a.json": json.dumps(payload, ensure_ascii=True), "b.yaml": json.dumps(payload)})
    page = html(project, "--show-values")
    assert page.of("article")
    assert len(page.of("script")) == 1
    assert page.of("img") == []
    assert not re.search(r"[\x00-\x08\x1b\u202e]", "".join(text for each in page.texts.values() for text in each))


def test_bidirectional_control_characters_are_escaped(project: Project):
    project.write({"a.json": json.dumps({"FunctionName": "f\u202e!", "EventSourceArn": QUEUE}, ensure_ascii=False)})
    page = html(project)
    assert "f\\u202e!" in page.texts["pre"][0]
    assert "\u202e" not in page.texts["pre"][0]


def test_file_names_are_escaped_in_html(project: Project):
    name = f"{SCRIPT.replace('/', '')} \"'&.json"
    project.write({name: BAD, f"{name}.yaml": "BatchSize: [\nEventSourceArn: x\nFunctionName: y\n"})
    page = html(project)
    assert page.texts["h2"][-2] == name
    assert len(page.of("script")) == 1


def test_long_lines_are_truncated_and_tabs_preserved(project: Project):
    project.write({"a.json": '{"FunctionName": "f",\t"EventSourceArn": "' + "x" * 9000 + '"}'})
    page = html(project)
    excerpt = page.texts["pre"][0]
    assert "\t" in excerpt
    assert len(excerpt) < 500
    assert "\u2026" in excerpt


def test_statistics_cannot_be_rendered_as_html(project: Project):
    ran = project.run("--statistics", "--output-format", "html")
    assert (ran.code, ran.out) == (2, "")
