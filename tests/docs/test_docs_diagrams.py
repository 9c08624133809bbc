"""Test diagrams of patterns: they show what the pattern accepts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any
from xml.etree import ElementTree

import pytest

from lambda_validate import catalog
from lambda_validate.docs.conditions import words as condition_words
from lambda_validate.docs.diagrams import diagram
from lambda_validate.docs.samples import branches, parsed, text_of, ways
from lambda_validate.docs.wording import set_words, words
from lambda_validate.patterns.matching import matcher
from lambda_validate.patterns.syntax import (
    ALL,
    LINE,
    Alternation,
    Assertion,
    Characters,
    Node,
    Repeat,
    Sequence,
    mask_of,
    parse,
)


def within(schema: Any) -> Iterator[str]:
    """Return every pattern in a schema."""
    if isinstance(schema, list):
        for each in schema:
            yield from within(each)
    elif isinstance(schema, dict):
        if isinstance(schema.get("pattern"), str):
            yield schema["pattern"]
        for each in schema.values():
            yield from within(each)


@cache
def patterns() -> tuple[str, ...]:
    schemas = (
        catalog.operation(name, edition).schema(direction)
        for edition in catalog.EDITIONS
        for name in catalog.operations(edition)
        for direction in catalog.DIRECTIONS
    )
    return tuple(dict.fromkeys(pattern for schema in schemas for pattern in within(schema)))


def asserts(node: Node) -> bool:
    """Return whether a tree has an assertion, which samples ignore."""
    match node:
        case Assertion():
            return True
        case Sequence(parts) | Alternation(parts):
            return any(map(asserts, parts))
        case Repeat(part):
            return asserts(part)
    return False


def test_every_pattern_of_both_editions_is_drawn():
    assert len(patterns()) > 80
    assert [each for each in patterns() if diagram(each) is None] == []


def test_each_branch_has_a_sample_that_matches_the_pattern():
    for pattern in patterns():
        if not asserts(parse(pattern)):
            found = diagram(pattern)
            assert found is not None
            for sample in (text_of(parse(pattern)), *ways(pattern), *(way.sample for way in found.ways)):
                assert matcher(pattern)(sample), (pattern, sample)


def test_each_branch_has_a_sample_string():
    tree = parse("^(?:a(?:b|c(?:d)?)e)$(?!\\n)")
    assert [text_of(tree, way=each.way) for each in branches(tree)] == ["abe", "ace", "acde"]


def test_a_nested_branch_has_a_sample_string():
    tree = parse("^(?:aaaa|b(?:c)?)$(?!\\n)")
    assert [text_of(tree, way=each.way) for each in branches(tree)] == ["aaaa", "b", "bc"]


def drawn(pattern: str, wanted: frozenset[int] = frozenset()) -> tuple[Any, list[str]]:
    found = diagram(pattern, wanted)
    assert found is not None
    return found, [each.text or "" for each in ElementTree.fromstring(found.svg).iter("text")]


def test_a_diagram_is_an_image_with_its_words():
    found, shown = drawn("^(?:arn:[a-z]{2}(?:-gov)?)$(?!\\n)")
    root = ElementTree.fromstring(found.svg)
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"] == found.words == "“arn:”, 2 of a\u2013z, perhaps “-gov”"
    assert shown == ["arn:", "2 of a\u2013z", "-gov"]
    (rails,) = root.iter("path")
    assert rails.attrib["d"].count("M") > 5


def test_alternatives_that_differ_are_numbered_and_described():
    found, shown = drawn("^(?:[a-z]+|[0-9]{12}:(?:[a-z]+|\\$LATEST))$(?!\\n)")
    assert [way.number for way in found.ways] == ["1", "2"]
    assert found.ways[0].words == "1 or more of a\u2013z"
    assert {"1", "2"} <= set(shown)


def test_literal_alternatives_are_numbered_only_on_request():
    pattern = "^(?:sqs|sns)$(?!\\n)"
    assert drawn(pattern)[0].ways == ()
    assert [way.sample for way in drawn(pattern, frozenset({1}))[0].ways] == ["sns"]


def test_labels_of_diagrams_are_escaped():
    found, shown = drawn('^(?:<a href="x">&)$(?!\\n)')
    assert shown == ['<a href="x">&']
    assert "<a " not in found.svg


def test_all_rails_and_boxes_are_within_the_picture():
    for pattern in patterns():
        found = diagram(pattern)
        assert found is not None
        root = ElementTree.fromstring(found.svg)
        _, _, width, height = map(float, root.attrib["viewBox"].split())
        for box in root.iter("rect"):
            left, top, wide, high = (float(box.attrib[name]) for name in ("x", "y", "width", "height"))
            assert 0 <= left <= left + wide <= width
            assert 0 <= top <= top + high <= height


def test_an_unsupported_pattern_has_no_diagram():
    assert diagram("(?P<name>x)") is None
    assert (ways("(?P<name>x)"), parsed("(")) == ((), None)


@pytest.mark.parametrize(("mask", "said"), [
    (Characters("[a-zA-Z0-9_-]").mask, "a\u2013z A\u2013Z 0\u20139 - _"),
    (ALL, "any character"), (LINE, "any but a line break"), (ALL & ~mask_of(":"), "any but :"), (0, "no character"),
    (mask_of(" \t"), "tab space"), (Characters("[!-~]").mask, "any visible ASCII character"),
    (Characters("[\\x00-\\x1f]").mask, "controls"), (mask_of("\u00e9"), "letters of any script"),
    (mask_of("ab"), "a b"),
])  # fmt: skip
def test_character_sets_are_described_briefly(mask: int, said: str):
    assert set_words(mask) == said


@pytest.mark.parametrize(("pattern", "said"), [
    ("ab", "“ab”"), ("a|b", "(“a” or “b”)"), ("a{2,3}", "2 to 3 of “a”"), ("(?:ab)*", "any number of “ab”"),
    ("(?!x)y", "what follows is not “x”, “y”"), ("a?", "perhaps “a”"), ("(?:a|)", "(“a” or nothing)"),
])  # fmt: skip
def test_patterns_are_described_in_words(pattern: str, said: str):
    assert words(parse(f"^(?:{pattern})$(?!\\n)")) == said


@pytest.mark.parametrize(("schema", "said"), [
    ({"properties": {"A": {"const": 1}}, "required": ["A"]}, "A is 1"),
    ({"properties": {"A": {"enum": ["x", "y"]}}}, "A is x or y"),
    ({"not": {"properties": {"A": {"const": "x"}}}}, "A is not x"),
    ({"not": {"required": ["A"]}}, "there is no A"),
    ({"required": ["A", "B"]}, "there is A and B"),
    ({"minimum": 1000}, "it is at least 1,000"),
    ({"pattern": "^(?:x+)$(?!\\n)"}, "it matches x+"),
    ({"$ref": "#/$defs/Kind"}, "it is a kind of thing"),
    ({"allOf": [{"required": ["A"]}, {"required": ["B"]}]}, "there is A and there is B"),
    ({}, "it is there"),
])  # fmt: skip
def test_conditions_are_described_in_words(schema: Any, said: str):
    root = {"$defs": {"Kind": {"description": "A kind of thing."}}}
    subject = "it" if re.search("minimum|pattern", str(schema)) else None
    assert condition_words(root, schema, subject) == said
