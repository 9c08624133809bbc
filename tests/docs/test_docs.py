"""Test `lambda-validate docs`: each operation has a page with its rules and the messages of the validator."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

import lambda_validate as lv
from lambda_validate import catalog
from lambda_validate.catalog import Catalog
from lambda_validate.docs.conditions import words
from lambda_validate.docs.examples import examples
from lambda_validate.docs.figures import figures, uses
from lambda_validate.docs.members import bounds, shape
from lambda_validate.docs.pages import operation_page, pretty
from lambda_validate.docs.site import Site
from lambda_validate.docs.statements import Default, Statement, facts, shown
from lambda_validate.report import PAGE
from lambda_validate.validator.message_rules import OUTCOME_RULES
from lambda_validate.validator.rules import NEWER_RULES, rules

LARGEST = 250_000
"""The maximum size of a page in bytes. That of CreateEventSourceMapping shows about 150 rules, each with an example."""
SIDES = [(name, direction) for name in catalog.operations() for direction in catalog.DIRECTIONS]
WHOLE = {each.id for each in OUTCOME_RULES}
"""Rules about whole messages, which no schema states."""


class Page(HTMLParser):
    """The content of a page: its elements with their attributes, and its text."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.feed(content.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, attribute: str) -> list[str]:
        return [found[attribute] for _, found in self.elements if attribute in found]

    @property
    def said(self) -> str:
        return " ".join(self.text.split())


@cache
def site(edition: str = "documents") -> dict[str, bytes]:
    return dict(Site(edition).files())


@cache
def parsed(path: str) -> Page:
    return Page(site()[path])


def page(name: str) -> Page:
    return parsed(f"operations/{name}.html")


def without_backticks(text: str) -> str:
    """Return a message as a page shows it. Its backticks become elements."""
    return " ".join(text.replace("`", "").split())


def with_changes(change: dict[str, Any]) -> Catalog:
    """Return the edition `documents` with some documents replaced or added."""
    original = catalog.find().document
    return Catalog("changed", lambda file: change[file] if file in change else original(file))


def renamed(document: Any, name: str) -> Any:
    return {**document, "title": name}


class TestPages:
    def test_each_operation_has_a_page_linked_from_the_front_page(self):
        front = Page(site()["index.html"])
        for name in catalog.operations():
            assert f"operations/{name}.html" in front.all("href")
            assert name in page(name).text

    def test_the_front_page_names_three_tasks_and_the_other_edition(self):
        front = site()["index.html"].decode()
        tasks = front.partition('<ul class="tasks">')[2].partition("</ul>")[0]
        assert tasks.count("<li>") == 3
        assert "lambda-validate docs --edition current -o DIR" in front
        assert "--edition" not in Site(with_changes({})).paths["index.html"]().decode()

    def test_request_paths_may_wrap_only_after_slashes(self):
        name = "CreateEventSourceMapping"
        for path in ("index.html", f"operations/{name}.html"):
            assert "POST /<wbr>2015-03-31/<wbr>event-source-mappings/<wbr>" in site()[path].decode()

    def test_the_contents_of_an_operation_lead_to_each_of_its_parts(self):
        name = "CreateEventSourceMapping"
        text = site()[f"operations/{name}.html"].decode()
        contents = Page(text.partition('<nav class="contents"')[2].partition("</nav>")[0].encode())
        links = contents.all("href")
        assert {"#request", "#response", "#errors", "#patterns"} < set(links)
        assert len(links) == len(set(links))
        assert {"#request.FunctionName", "#request.BatchSize", "#response.UUID", "#response.State"} < set(links)
        assert set(links) <= {f"#{each}" for each in page(name).all("id")}

    def test_rules_can_be_filtered_and_say_how_to_leave_one_out(self):
        text = site()["rules.html"].decode()
        assert 'id="filter"' in text
        assert "--disable RULE" in text
        assert "lambda-validate: ignore[RULE]" in text

    def test_an_operation_that_is_added_adds_its_page(self):
        document = catalog.find().document
        added = renamed(document("GetFunctionEventInvokeConfig.json"), "GetAnother")
        names = [*catalog.operations(), "GetAnother"]
        changed = Site(with_changes({"operations.json": {"operations": names}, "GetAnother.json": added}))
        pages = dict(changed.files())
        assert pages.keys() - site().keys() == {"operations/GetAnother.html"}
        assert "operations/GetAnother.html" in Page(pages["index.html"]).all("href")

    def test_operation_names_are_sanitised_in_paths(self):
        document = catalog.find().document
        name = "../../a b"
        added = renamed(document("GetFunctionEventInvokeConfig.json"), name)
        changed = Site(with_changes({"operations.json": {"operations": [name]}, f"{name}.json": added}))
        assert [each for each in changed.paths if each.startswith("operations")] == ["operations/------a-b.html"]

    def test_pages_are_reproducible(self):
        assert dict(Site().files()) == site()

    def test_pages_stay_below_the_size_limit(self):
        sizes = {path: len(content) for path, content in site().items() if path.endswith(".html")}
        assert {path: size for path, size in sizes.items() if size > LARGEST} == {}

    @pytest.mark.parametrize("path", [each for each in Site("documents").paths if each.endswith(".html")])
    def test_links_resolve_within_the_site(self, path: str):
        found = parsed(path)
        ids = found.all("id")
        assert len(ids) == len(set(ids))
        assert not [link for link in found.all("src") if ":" in link]
        for link in (*found.all("href"), *found.all("src")):
            file, _, fragment = link.partition("#")
            if link == "data:," or link.startswith(PAGE.partition("{}")[0]):
                continue
            assert not re.match(r"[a-z]+:|//", link)
            target = str(Path(path).parent / file).replace("operations/../", "") if file else path
            assert target in site()
            assert not fragment or fragment in parsed(target).all("id")

    def test_pages_have_no_inline_scripts_and_a_strict_content_security_policy(self):
        for path in site():
            if path.endswith(".html"):
                found = parsed(path)
                assert all("src" in attributes for tag, attributes in found.elements if tag == "script")
                assert not [name for _, each in found.elements for name in each if name.startswith("on")]
                assert not found.all("style")
                policy = next(each["content"] for tag, each in found.elements if "http-equiv" in each)
                assert policy.startswith("default-src 'none'")
                assert "unsafe" not in policy

    def test_every_heading_is_at_most_one_level_below_the_one_before(self):
        for path in site():
            if path.endswith(".html"):
                levels = [int(tag[1]) for tag, _ in parsed(path).elements if re.fullmatch("h[1-6]", tag)]
                assert levels[0] == 1
                assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


class TestRules:
    @pytest.mark.parametrize("edition", ["documents", "current"])
    def test_stated_rules_and_severities_match_the_validator(self, edition: str):
        for name in catalog.operations(edition):
            stated: dict[str, set[str]] = {}
            for direction in catalog.DIRECTIONS:
                for each in facts(catalog.operation(name, edition).schema(direction)):
                    if isinstance(each, Statement):
                        stated.setdefault(each.constraint.rule, set()).add(each.constraint.severity)
            severities = {rule: "error" if "error" in found else "warning" for rule, found in stated.items()}
            listed = {each.id: each.severity for each in rules(edition, (name,)) if each.id not in WHOLE}
            if edition == "current":  # which states no constraint of a newer SDK, because a newer SDK relaxes it
                assert [listed.pop(rule) for rule in NEWER_RULES] == ["warning"] * len(NEWER_RULES)
            assert severities == listed

    @pytest.mark.parametrize("name", catalog.operations())
    def test_an_operation_page_states_each_rule_and_its_source(self, name: str):
        linked = {link.partition("#")[2] for link in page(name).all("href") if link.startswith("../rules.html#")}
        for each in rules("documents", (name,)):
            if each.id not in WHOLE:
                assert each.id in linked
                assert all(without_backticks(statement) in page(name).said for statement in each.statements)
                for source in each.sources:
                    assert f"Stated: {source}".rstrip(", ") in page(name).said

    def test_the_rules_page_lists_all_rules_with_sources(self):
        found = Page(site()["rules.html"])
        for each in rules():
            assert each.id in found.all("id")
            assert all(without_backticks(statement) in found.said for statement in each.statements)
            assert str(each.sources[0]).rstrip(", ") in found.said
        assert "ignore.unused" in found.all("id")

    def test_code_in_messages_is_marked_up_without_backticks(self):
        for path, content in site().items():
            if path.endswith(".html"):
                assert "`" not in parsed(path).text
                assert path == "index.html" or b"<code>current</code>" in content
        assert b"`" not in site()["static/index.js"]

    def test_a_member_that_is_required_says_so_in_its_own_words(self):
        (rule,) = (each for each in rules() if each.id == "event-source-arn.required")
        schema = catalog.operation("CreateEventSourceMapping").schema("request")
        stated = {each.message for each in facts(schema) if isinstance(each, Statement)}
        assert set(rule.statements) <= stated

    def test_defaults_come_with_their_conditions(self):
        schema = catalog.operation("CreateEventSourceMapping").schema("request")
        found = [(shown(each.path), each.value, *each.when) for each in facts(schema) if isinstance(each, Default)]
        assert ("BatchSize", 10, "when it is a request whose source is an SQS queue") in found
        said = page("CreateEventSourceMapping").said
        assert "10 when it is a request whose source is an SQS queue" in said

    def test_members_come_with_type_bounds_and_place(self):
        rows = {row.name: row for row in shape(catalog.operation("CreateEventSourceMapping"), "request").members}
        batch = rows["BatchSize"]
        assert (batch.type, batch.bounds, batch.location, batch.is_required) == (
            "integer",
            "1 to 10,000",
            "body",
            False,
        )
        assert rows["EventSourceArn"].is_required
        assert rows["StartingPosition"].choices == ("TRIM_HORIZON", "LATEST", "AT_TIMESTAMP")
        assert rows["Topics"].is_newer
        answer = shape(catalog.operation("GetFunctionEventInvokeConfig"), "response").members
        assert [row.name for row in answer][:3] == [
            "DestinationConfig", "DestinationConfig.OnFailure", "DestinationConfig.OnFailure.Destination",
        ]  # fmt: skip


class TestExamples:
    @staticmethod
    def made(name: str, direction: str, edition: str = "documents") -> Any:
        operation, validator = catalog.operation(name, edition), lv.Validator(edition)
        return examples(operation, direction, shape(operation, direction).statements, validator)

    @pytest.mark.parametrize(("name", "direction"), SIDES)
    def test_valid_examples_pass_and_invalid_examples_break_their_rule(self, name: str, direction: str):
        validate = lv.validate_request if direction == "request" else lv.validate_response
        made = self.made(name, direction)
        assert made.good
        for payload in made.good:
            assert validate(name, payload).violations == ()
        for (rule, wording), bad in made.bad.items():
            assert validate(name, bad.payload).violations == bad.violations
            assert (rule, wording) == (bad.rule, bad.wording)
            assert rule in {each.rule for each in bad.violations}

    def test_each_source_has_a_valid_example_request(self):
        sources = {
            each["EventSourceArn"].split(":")[2] for each in self.made("CreateEventSourceMapping", "request").good
        }
        assert sources == {"sqs", "kinesis", "dynamodb"}

    @pytest.mark.parametrize(("name", "direction"), SIDES)
    def test_every_statement_of_every_rule_has_an_invalid_example(self, name: str, direction: str):
        stated = {(each.constraint.rule, each.message) for each in shape(catalog.operation(name), direction).statements}
        assert self.made(name, direction).bad.keys() == stated

    def test_an_invalid_example_breaks_as_few_other_rules_as_possible(self):
        made = self.made("CreateEventSourceMapping", "request").bad
        (queue,) = (each for each in made.values() if each.rule == "batch-size.sqs")
        assert [each.rule for each in queue.violations] == ["batch-size.sqs"]
        assert queue.payload["BatchSize"] == 11
        alone = sum(len(each.violations) == 1 for each in made.values())
        assert alone > 2 / 3 * len(made)

    def test_each_statement_of_a_rule_is_followed_by_its_example(self):
        found = page("CreateEventSourceMapping")
        ids = [each for each in found.all("id") if each.startswith("request-starting-position.at-timestamp")]
        assert ids == [f"request-starting-position.at-timestamp{end}" for end in ("", "-2", "-3")]
        (rule,) = (each for each in rules() if each.id == "starting-position.at-timestamp")
        for statement in rule.statements:
            assert f"{without_backticks(statement)} {rule.id}Example" in found.said

    def test_pages_show_the_messages_of_the_validator(self):
        for name in catalog.operations():
            for direction in catalog.DIRECTIONS:
                for bad in self.made(name, direction).bad.values():
                    assert f"{direction}-{bad.rule}" in page(name).all("id")
                    for each in bad.violations:
                        assert without_backticks(each.message) in page(name).said

    def test_violations_of_the_whole_response_are_shown(self):
        said = lv.validate_response("CreateEventSourceMapping", {}, 418).violations[0].message
        assert without_backticks(said) in page("CreateEventSourceMapping").said

    def test_long_values_are_truncated(self):
        assert "10,001 characters in all" in page("CreateEventSourceMapping").said
        assert max(map(len, page("CreateEventSourceMapping").text.split())) < 500

    @pytest.mark.parametrize("value", [[], {}, {"a": [1, {"b": "x" * 90}], "c": ["y" * 80]}, "x" * 99, None, 1.5])
    def test_pretty_json_is_json(self, value: Any):
        assert json.loads(pretty(value)) == value


HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>&amp;"


def hostile(value: Any) -> Any:
    """Return a document with malicious strings in every position that a page shows."""
    if isinstance(value, list):
        return [hostile(each) for each in value]
    if not isinstance(value, dict):
        return value
    excluded = ("description", "message", "document", "section")
    return {
        key: HOSTILE + "." if key in excluded and isinstance(each, str) else hostile(each)
        for key, each in value.items()
    }


def test_schema_content_is_escaped_in_html():
    document = catalog.find().document
    files = {name: hostile(document(name)) for name in ("types.json", "GetFunctionEventInvokeConfig.json")}
    files["GetFunctionEventInvokeConfig.json"]["$defs"]["response"]["properties"][HOSTILE] = {
        "type": "string", "title": HOSTILE, "enum": [HOSTILE], "default": HOSTILE, "examples": [HOSTILE],
        "pattern": "^(?:<script>|'\"&)$(?!\\n)", "x-pattern": HOSTILE,
    }  # fmt: skip
    changed = with_changes({**files, "operations.json": {"operations": ["GetFunctionEventInvokeConfig"]}})
    for path, content in Site(changed).files():
        if path.endswith(".html"):
            found = Page(content)
            assert [each["src"] for tag, each in found.elements if tag == "script"] in (
                ["static/site.js"], ["../static/site.js"],
            )  # fmt: skip
            assert not [tag for tag, each in found.elements if tag == "img" or "onerror" in each]
    assert HOSTILE in page_of(changed).text


def page_of(changed: Catalog) -> Page:
    return Page(Site(changed).paths["operations/GetFunctionEventInvokeConfig.html"]())


def test_a_rule_is_noted_at_the_pattern_branch_that_breaks_it():
    operation = catalog.operation("GetFunctionEventInvokeConfig")
    shapes = {direction: shape(operation, direction) for direction in catalog.DIRECTIONS}
    notes = {
        (figure.notes[0].member, way.sample): {note.rule for note in way.notes}
        for figure in operation_page(operation, shapes, lv.Validator()).figures
        for way in figure.ways
    }
    noted = {place: found for place, found in notes.items() if found}
    assert [found for (_, sample), found in noted.items() if ".fifo" in sample] == [{"destination.fifo"}]
    assert [found for (_, sample), found in noted.items() if "s3" in sample] == [{"destination.success-bucket"}]
    assert noted["Qualifier", ""] == {"qualifier.min-length"}
    assert len(noted) == 3


def test_rules_broken_by_any_string_are_not_noted_at_a_branch():
    operation = catalog.operation("GetFunctionEventInvokeConfig")
    statements = shape(operation, "request").statements
    always = lv.validate_request("GetFunctionEventInvokeConfig", {"Qualifier": "", "FunctionName": "f"}).violations
    used = [
        each for each in uses("request", statements, (), lambda payload: always) if each.pattern.startswith("^(?:|")
    ]
    assert used
    assert [note for figure in figures(used) for way in figure.ways for note in way.notes] == []


@pytest.mark.parametrize(("schema", "said"), [
    ({"minimum": 0, "maximum": 1000}, "0 to 1,000"), ({"minLength": 0, "maxLength": 5}, "at most 5 characters"),
    ({"minLength": 1}, "at least 1 character"), ({"minItems": 2, "maxItems": 2}, "2 items"),
    ({"maximum": 5}, "at most 5"),
    ({"minLength": 0}, ""), ({}, ""), ({"minLength": 1, "maxLength": 1}, "1 character"),
    ({"minItems": 1, "minProperties": 2}, "at least 1 item, at least 2 members"),
])  # fmt: skip
def test_bounds_are_described_briefly(schema: dict[str, int], said: str):
    assert bounds(schema) == said


def split(edition: str) -> Iterator[str]:
    yield from (path for path in Site(edition).paths if path.endswith((".response.html", ".patterns.html")))


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ({"minLength": 1}, "Name has at least 1 character"),
        ({"maxItems": 2}, "Name has at most 2 items"),
        ({"minimum": 1000}, "Name is at least 1,000"),
        ({"not": {"maximum": 5}}, "Name is not at most 5"),
    ],
)
def test_a_condition_in_words_states_the_bound(schema: dict[str, Any], said: str):
    assert words({}, schema, "Name") == said


def test_a_large_operation_is_split_into_several_pages():
    assert list(split("documents")) == []
    assert "operations/CreateFunction.response.html" in set(split("current"))


def test_the_pages_of_an_operation_are_linked():
    pages = Site("current")
    request = Page(pages.paths["operations/CreateFunction.html"]())
    patterns = Page(pages.paths["operations/CreateFunction.patterns.html"]())
    wanted = [each for each in request.all("href") if each.startswith("CreateFunction.patterns.html#pattern-")]
    assert wanted
    assert {each.partition("#")[2] for each in wanted} <= set(patterns.all("id"))
    back = {each for each in patterns.all("href") if each.startswith("CreateFunction.html#request.")}
    assert {each.partition("#")[2] for each in back} <= set(request.all("id"))
    assert "svg" not in {tag for tag, _ in request.elements}


def test_a_page_is_built_from_a_catalog_alone():
    operation = catalog.operation("GetFunctionEventInvokeConfig")
    shapes = {direction: shape(operation, direction) for direction in catalog.DIRECTIONS}
    made = operation_page(operation, shapes, lv.Validator())
    assert [side.direction for side in made.sides] == list(catalog.DIRECTIONS)
    assert [figure.name for figure in made.figures] == [f"pattern-{each + 1}" for each in range(len(made.figures))]


@pytest.mark.e2e
def test_every_operation_has_a_small_page_with_valid_links():
    pages = {path: Page(content) for path, content in site("current").items() if path.endswith(".html")}
    assert {path: len(site("current")[path]) for path in pages if len(site("current")[path]) > LARGEST} == {}
    operation_pages = {path for path in pages if path.count(".") == 1 and path.startswith("operations/")}
    assert operation_pages == {f"operations/{name}.html" for name in catalog.operations("current")}
    ids = {file: set(each.all("id")) for file, each in pages.items()}
    for path, found in pages.items():
        for link in found.all("href"):
            file, _, fragment = link.partition("#")
            target = str(Path(path).parent / file).replace("operations/../", "") if file else path
            if link != "data:," and target.endswith(".html"):
                assert not fragment or fragment in ids[target], (path, link)
