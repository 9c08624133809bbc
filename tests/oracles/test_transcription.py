"""Test that the schemas contain every statement of the documents, and no other constraint."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.transcription import (
    BEHAVIOUR,
    CONDITIONS,
    INVOKE,
    MAPPING,
    MEMBERS,
    OPERATIONS,
    OURS,
    PATTERNS,
    SENTENCES,
    Sentence,
    dynamodb,
    kinesis,
    sqs,
    without,
)
from support.transcription_facts import Fact, facts

import lambda_validate as lv
from lambda_validate import catalog
from lambda_validate.validator.rules import rules

VALIDATOR = lv.Validator()
DIRECTIONS = [(operation, direction) for operation in OPERATIONS for direction in ("request", "response")]


def found(operation: str, direction: str) -> list[Fact]:
    schema = lv.operation(operation).schema(direction)
    return list(facts(schema, schema))


def stated(operation: str, direction: str) -> dict[str, Any]:
    """Return the statements of the documents about a direction, by place."""
    places: dict[str, Any] = {}
    for document, where, _, member, values in MEMBERS:
        if (document, where) == (operation, direction):
            places |= {f"{member}/{keyword}": value for keyword, value in values.items() if value is not False}
    for sentence in SENTENCES:
        if (sentence.document, sentence.direction) == (operation, direction):
            places |= sentence.places
    return places


STATEMENTS = [
    pytest.param(operation, direction, place, value, id=f"{operation}-{direction}-{place}")
    for operation, direction in DIRECTIONS
    for place, value in stated(operation, direction).items()
]


@pytest.mark.parametrize(("operation", "direction", "place", "value"), STATEMENTS)
def test_every_documented_statement_is_in_the_schema(operation: str, direction: str, place: str, value: Any) -> None:
    there = [fact.value for fact in found(operation, direction) if fact.place == place]
    assert there == ([value] if value is not BEHAVIOUR else there[:1])
    assert there


@pytest.mark.parametrize(("operation", "direction"), DIRECTIONS)
def test_the_schema_has_no_undocumented_statements(operation: str, direction: str) -> None:
    invented = [fact.place for fact in found(operation, direction) if fact.ours is None]
    assert sorted(invented) == sorted(stated(operation, direction))


@pytest.mark.parametrize(("operation", "direction"), DIRECTIONS)
def test_warnings_come_only_from_our_own_rules(operation: str, direction: str) -> None:
    warned = [fact for fact in found(operation, direction) if "[warned]" in fact.place]
    constraints = lv.Validator().checker(operation, direction, "report").constraints
    assert {each.rule for each in constraints if each.severity == "warning"} <= OURS.keys()
    assert all(fact.ours for fact in warned)


@pytest.mark.parametrize(("operation", "direction"), DIRECTIONS)
def test_members_are_the_documented_ones_in_their_order(operation: str, direction: str) -> None:
    documented = [row[3] for row in MEMBERS if row[:2] == (operation, direction) and "/" not in row[3]]
    members = lv.operation(operation).members(direction)
    older = [name for name, schema in members.items() if not schema.get("$ref", "").endswith("/NewerMember")]
    assert older == documented
    assert list(members)[: len(documented)] == documented


@pytest.mark.parametrize("row", MEMBERS, ids=lambda row: f"{row[0]}-{row[1]}-{row[3]}")
def test_a_member_cites_its_place_in_the_document(row: tuple[str, str, str, str, dict[str, Any]]) -> None:
    operation, direction, section, member, _ = row
    name = member.partition("/")[0]
    source = lv.operation(operation).members(direction)[name]["x-source"]
    assert source == {"document": operation, "section": section, "member": name}


@pytest.mark.parametrize("name", CONDITIONS)
def test_a_source_is_recognised_by_its_arn(name: str) -> None:
    schema = catalog.types()[name]
    expected = {"required": True, "type": "string", **CONDITIONS[name]}
    assert {fact.place: fact.value for fact in facts(schema, schema)} == {
        f"EventSourceArn/{keyword}": value for keyword, value in expected.items()
    }


def test_every_shared_type_is_used() -> None:
    used = {name for each in DIRECTIONS for name in lv.operation(each[0]).schema(each[1]).get("$defs", {})}
    assert used == set(catalog.types())


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_operation_matches_its_document(operation: str) -> None:
    facts_of_it = lv.operation(operation)
    expected = dict(OPERATIONS[operation])
    assert {name: error.status for name, error in facts_of_it.errors.items()} == expected.pop("errors")
    assert {name: getattr(facts_of_it, name) for name in expected} == expected


def test_a_post_has_all_members_in_the_body() -> None:
    post = lv.operation(MAPPING)
    assert {post.location(member) for member in post.members("request")} == {"body"}
    assert "{" not in post.path


def test_a_get_has_no_body() -> None:
    get = lv.operation(INVOKE)
    assert {get.location(member) for member in get.members("request")} == {"path", "query"}
    assert "{FunctionName}" in get.path


@pytest.mark.parametrize(("payload", "size"), [(kinesis(), 100), (dynamodb(), 100), (sqs(), 10)])
def test_the_default_batch_depends_on_the_source(payload: dict[str, Any], size: int) -> None:
    operation = lv.operation(MAPPING)
    assert operation.defaults(payload) == {"BatchSize": size}
    assert operation.defaults({**payload, "BatchSize": 1}) == {}


@pytest.mark.parametrize("sentence", SENTENCES, ids=lambda each: f"{each.document}-{each.member}-{each.says}")
def test_documented_bounds_are_enforced_exactly(sentence: Sentence) -> None:
    check = getattr(lv, f"validate_{sentence.direction}")
    assert [check(sentence.document, each).errors for each in sentence.passes] == [()] * len(sentence.passes)
    every = VALIDATOR.violations
    assert all(
        sentence.rule in [v.rule for v in every(sentence.document, sentence.direction, each) if v.severity == "error"]
        for each in sentence.fails
    )
    assert sentence.passes
    assert sentence.fails


BASES: dict[tuple[str, str], dict[str, Any]] = {
    (MAPPING, "request"): kinesis(StartingPositionTimestamp=1541139109),
    (MAPPING, "response"): {},
    (INVOKE, "request"): {"FunctionName": "f"},
    (INVOKE, "response"): {},
}
WRONG_TYPES = {"integer": ["1", True, 1.5, None], "number": ["1", True, None], "boolean": ["true", 1, None],
               "string": [1, None, ["x"], True], "object": ["x", None, []]}  # fmt: skip


def placed(base: dict[str, Any], member: str, value: Any) -> dict[str, Any]:
    """Return a payload with a member, possibly a nested one, set to a value."""
    name, _, rest = member.partition("/")
    return {**base, name: placed({}, rest, value) if rest else value}


def limits(values: dict[str, Any]) -> Iterator[tuple[str, list[Any], list[Any]]]:
    """Yield each keyword, with values that just satisfy it and values that just break it."""
    for keyword, bound in values.items():
        if keyword == "type":
            yield keyword, [], WRONG_TYPES[bound]
        elif keyword in ("minimum", "maximum"):
            yield keyword, [bound], [bound - 1 if keyword == "minimum" else bound + 1]
        elif keyword == "minLength":
            yield keyword, ["f" * bound], ["f" * (bound - 1)]
        elif keyword == "maxLength":
            longest = "function:".ljust(bound, "f") if bound == 140 else "f" * bound
            yield keyword, [longest], [f"{longest}f"]
        elif keyword == "enum":
            yield keyword, bound, [bound[0].swapcase(), "", f"{bound[0]} "]


LIMITS = [
    pytest.param(row[0], row[1], row[3], keyword, good, bad, id=f"{row[0]}-{row[1]}-{row[3]}-{keyword}")
    for row in MEMBERS
    for keyword, good, bad in limits(row[4])
]


@pytest.mark.parametrize(("operation", "direction", "member", "keyword", "good", "bad"), LIMITS)
def test_member_bounds_are_enforced_exactly(
    operation: str, direction: str, member: str, keyword: str, good: list[Any], bad: list[Any]
) -> None:
    check, base = getattr(lv, f"validate_{direction}"), BASES[operation, direction]
    for value in good:
        assert check(operation, placed(base, member, value)).errors == ()
    for value in bad:
        broken = check(operation, placed(base, member, value)).errors
        assert (f"/{member}", keyword) in [(each.pointer, each.keyword) for each in broken]


@pytest.mark.parametrize("row", [row for row in MEMBERS if "required" in row[4]], ids=lambda row: f"{row[0]}-{row[3]}")
def test_a_member_is_required_where_its_document_says_so(row: tuple[str, str, str, str, dict[str, Any]]) -> None:
    operation, direction, _, member, values = row
    least = sqs() if operation == MAPPING else {"FunctionName": "f"}
    report = getattr(lv, f"validate_{direction}")(operation, without(member, least))
    missing = [(f"/{member}", "required")]
    assert [(each.pointer, each.keyword) for each in report] == (missing if values["required"] else [])


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_response_has_no_required_members(operation: str) -> None:
    assert lv.validate_response(operation, {}).violations == ()


def test_our_own_rules_exist_and_have_a_reason() -> None:
    assert OURS.keys() <= {each.id for each in rules()}
    assert all(OURS.values())


ASCII = st.characters(codec="ascii")


def matches(name: str, text: str) -> bool:
    return re.search(catalog.types()[name]["pattern"], text) is not None


@st.composite
def slips(draw: st.DrawFn, text: str) -> str:
    """Yield strings with one character inserted, removed or replaced at any position."""
    place, inserted = draw(st.integers(0, len(text))), draw(st.text(st.sampled_from("a:-_$.\n\r/0 "), max_size=2))
    return text[:place] + inserted + text[place + draw(st.integers(0, 2)) :]


@pytest.mark.parametrize("name", PATTERNS)
@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_the_portable_pattern_agrees_with_the_documented_pattern(name: str, data: st.DataObject) -> None:
    portable = catalog.types()[name]["pattern"]
    written = [re.compile(PATTERNS[name], re.ASCII), re.compile(portable.removesuffix("$(?!\\n)").removeprefix("^"))]
    text = data.draw(st.one_of([st.from_regex(each, fullmatch=True, alphabet=ASCII) for each in written]))
    slipped = data.draw(slips(text))
    assert written[0].fullmatch(text)
    assert matches(name, text)
    assert matches(name, slipped) is (written[0].fullmatch(slipped) is not None)


LONGEST = "arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:my-fn:$LATEST"
SEEDS = {
    "FunctionName": [LONGEST, "my-fn:v1", "1:function:f"],
    "FunctionArn": [LONGEST, "arn:aws:lambda:f"],
    "EventSourceArn": ["arn:aws-us-gov:sqs-2:us-gov-west-1:123456789012:a queue", "arn:aws:s3:::b", "arn:aws:sqs:u:1:"],
    "Qualifier": ["PROD", "$LATEST", "", "blue_green-2"],
}


@pytest.mark.parametrize("name", PATTERNS)
def test_the_portable_pattern_agrees_for_every_single_character_change(name: str) -> None:
    documented = re.compile(PATTERNS[name], re.ASCII).fullmatch
    portable = re.compile(catalog.types()[name]["pattern"]).search
    for seed in SEEDS[name]:
        for place in range(len(seed) + 1):
            for length in (0, 1):  # inserted, and replaced
                for character in map(chr, range(128)):
                    text = seed[:place] + character + seed[place + length :]
                    assert (documented(text) is None) is (portable(text) is None), text


def test_destinations_accept_the_same_strings_as_function_arn() -> None:
    documented = re.compile(PATTERNS["FunctionArn"], re.ASCII).fullmatch
    for place, character in product(range(len(LONGEST)), map(chr, range(128))):
        text = LONGEST[:place] + character + LONGEST[place + 1 :]
        assert matches("Destination", text) is (documented(text) is not None), text


@pytest.mark.parametrize("name", PATTERNS)
@pytest.mark.parametrize("junk", ["\n", "\r", "\u2028", "\u0663", "\0", " "])
def test_the_portable_pattern_is_anchored_at_both_ends(name: str, junk: str) -> None:
    for text in catalog.types()[name]["examples"]:
        anything_may_follow = name == "EventSourceArn" and junk != "\n"
        assert matches(name, text)
        assert matches(name, text + junk) is anything_may_follow
        assert not matches(name, junk + text)
