"""Test the pages of `lambda_validate/rules`: which rules have one, their content, and where they are shown.

`test_lint_cases.py` checks the examples of the pages.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from support.linting import Project
from support.markdown_cases import RULE_PAGES, cases_of

import lambda_validate as lv
from lambda_validate import catalog
from lambda_validate.catalog import DIRECTIONS, EDITIONS
from lambda_validate.docs.site import Site
from lambda_validate.lint.findings.lint_rules import LINT_RULES, own_rules
from lambda_validate.validator.message_rules import OUTCOME_RULES
from lambda_validate.validator.rule_pages import TITLES, page
from lambda_validate.validator.rules import NEWER_RULES, Rule, rules

LAST = ("How to fix", "How to silence", "Source")
MOST_PROSE = 40
LONGEST_SENTENCE = 25
AVOIDED = re.compile(r"\b(told|tells?|judge[ds]?|kept|worth|whoever|nobody|somebody|lest|of which|put away)\b", re.I)
FENCED = re.compile(r"^(`{3,}).*?^\1$", re.MULTILINE | re.DOTALL)
by_name = pytest.mark.parametrize("file", RULE_PAGES, ids=lambda file: file.stem)


def named(schema: Any) -> Iterator[str]:
    """Yield the rule ids that a schema names explicitly."""
    for each in schema if isinstance(schema, list) else ():
        yield from named(each)
    for keyword, value in schema.items() if isinstance(schema, dict) else ():
        yield from (each["id"] for each in value.values()) if keyword == "x-rules" else named(value)


def of_their_own() -> set[str]:
    """Return the rules that consist of more than one keyword on one member."""
    found = {"member.unknown", *LINT_RULES, *NEWER_RULES, *(each.id for each in OUTCOME_RULES)}
    for edition in EDITIONS:
        for name in lv.operations(edition):
            found |= {id for way in DIRECTIONS for id in named(lv.operation(name, edition).schema(way))}
    return found


@cache
def every_rule() -> dict[str, list[Rule]]:
    """Return each rule of both editions and of linting, once for each of them that has it."""
    found: dict[str, list[Rule]] = {}
    for each in (*rules("documents"), *rules("current"), *own_rules("current")):
        found.setdefault(each.id, []).append(each)
    return found


@cache
def sections(file: Path) -> dict[str, str]:
    """Return the sections of a page by their headings, without the examples."""
    parts = re.split(r"^## (.+)\n", FENCED.sub("", file.read_text("utf-8")), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def prose(file: Path) -> str:
    """Return the text of a page without its examples, code and addresses."""
    text = "\n\n".join(sections(file)[title] for title in (*TITLES, *LAST[1:]))
    return re.sub(r"`[^`\n]*`|<[^>]*>", "CODE", text)


def test_every_rule_of_its_own_has_a_page_and_every_page_has_such_a_rule() -> None:
    pages = {file.stem for file in RULE_PAGES}
    assert pages == of_their_own()
    assert pages <= every_rule().keys()


@by_name
def test_a_page_has_its_sections_in_order(file: Path) -> None:
    assert file.read_text("utf-8").startswith(f"# {file.stem}\n\n## {TITLES[0]}\n\n")
    titles = list(sections(file))
    assert (*titles[:2], *titles[-3:]) == (*TITLES[:2], *LAST)
    assert all(sections(file)[title].strip() for title in (*TITLES, *LAST))
    assert len([line for line in prose(file).split("\n") if line]) <= MOST_PROSE


@by_name
def test_each_format_of_a_page_has_an_invalid_and_a_valid_example(file: Path) -> None:
    shown: dict[str, list[str]] = {}
    for case in cases_of(file):
        kind = case.headings[2].removesuffix(" in `current`")
        shown.setdefault(case.headings[1], []).append(kind)
        assert (file.stem in {each.rule for each in case.expected}) is (kind == "Invalid")
        assert kind == "Invalid" or case.expected == ()
    assert shown
    assert all(kinds == ["Invalid", "Valid"] for kinds in shown.values())
    assert list(shown) == list(sections(file))[2:-3]


@by_name
def test_a_page_says_how_to_silence_its_rule(file: Path) -> None:
    text = sections(file)["How to silence"]
    assert f"--ignore {file.stem}" in text
    if f'disable=["{file.stem}"]' in text:
        assert lv.Validator("current", disable=[file.stem])
    else:
        assert file.stem in LINT_RULES


@by_name
def test_a_page_names_where_its_rule_is_stated(file: Path) -> None:
    """A rule with many sources has one on its page. A rule with few documents has the addresses of all."""
    text = sections(file)["Source"]
    for rule in every_rule()[file.stem]:
        urls = {each.url for each in rule.sources if each.url}
        assert len(urls) > 2 or all(url in text for url in urls)
    parts = {part for rule in every_rule()[file.stem] for each in rule.sources for part in each[:2]}
    numbers = {part.replace(", ", ", section ") for part in parts if part.startswith("RFC")}
    assert any(part in text for part in parts | numbers)


@by_name
def test_a_page_is_written_in_plain_english(file: Path) -> None:
    assert AVOIDED.findall(prose(file)) == []
    sentences = re.split(r"(?<=[.:?!])\s|\n\n|\n- ", prose(file))
    assert [each for each in sentences if len(each.split()) > LONGEST_SENTENCE] == []


# Where the pages are shown.


def test_explain_shows_the_page(project: Project) -> None:
    lines = project.run("filter-pattern.syntax", command="explain").out.splitlines()
    start = lines.index(f"  {TITLES[0]}")
    assert lines[start - 1] == ""
    assert [line.strip() for line in lines if line.strip() in TITLES] == list(TITLES)
    assert '    Put each value into an array: `{"body": [1]}` rather than `{"body": 1}`.' in lines
    assert "```" not in "".join(lines)
    assert not any(title in project.run("batch-size.minimum", command="explain").out for title in TITLES)
    concise = project.run("filter-pattern.syntax", "--output-format", "concise", command="explain").out
    assert not any(title in concise for title in TITLES)


def test_explain_in_json_has_the_page(project: Project) -> None:
    found = json.loads(project.json("batch-size.sqs", command="explain").out)["page"]
    assert list(found) == ["what", "why", "fix", "invalid"]
    assert "BatchSize: 11\n" in found["invalid"]
    both = json.loads(project.json("--edition", "both", "batch-size.sqs", command="explain").out)["rules"]
    assert [each["page"] for each in both] == [found, found]
    assert "page" not in json.loads(project.json("batch-size.minimum", command="explain").out)


def test_a_rule_of_another_service_has_no_page() -> None:
    model = {"metadata": {"protocol": "rest-json", "serviceId": "Other"}, "operations": {}, "shapes": {}}
    assert page("member.unknown", catalog.Catalog.from_service_model(model)) is None
    assert page("member.unknown", catalog.find("current"))
    assert page("../__init__", "current") is None


def test_sarif_has_the_page_as_help(project: Project) -> None:
    project.write({"a.json": '{"FunctionName": "f", "EventSourceArn": "arn:aws:sqs:us-west-2:123456789012:q.fifo",'
                             ' "BatchSize": 11}'})  # fmt: skip
    log = json.loads(project.run("--edition", "current", "--output-format", "sarif").out)
    (rule,) = log["runs"][0]["tool"]["driver"]["rules"]
    found = page("batch-size.sqs", "current")
    assert found
    assert found.why in rule["fullDescription"]["text"]
    assert all(part in rule["help"][form] for part in found[:3] for form in ("text", "markdown"))


def test_the_site_shows_the_pages() -> None:
    site = dict(Site("documents").files())
    article = site["rules.html"].decode().partition('id="batch-size.sqs"')[2].partition("</article>")[0]
    assert "<p>Lambda receives at most 10 messages from SQS in one call." in article
    assert "BatchSize: 11\n" in article
    assert "error:" not in article
