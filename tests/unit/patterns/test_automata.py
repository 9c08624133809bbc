"""Test automata: they accept what Python's `re` matches, and prove properties of the schemas' patterns."""

from __future__ import annotations

import random
import re
from functools import cache
from typing import Any

import pytest
import regex

from lambda_validate import catalog
from lambda_validate.patterns import PatternError
from lambda_validate.patterns import matching as patterns
from lambda_validate.patterns.automata import Automaton
from lambda_validate.patterns.building import (
    EVERY,
    both,
    complement,
    counterexample,
    difference,
    intruder,
    of_documented,
    of_pattern,
    of_texts,
)
from lambda_validate.patterns.covering import cover, enriched, leaving, tails
from lambda_validate.patterns.printing import printed
from lambda_validate.patterns.syntax import read

TYPES = {
    (edition, name): schema
    for edition in catalog.EDITIONS
    for name, schema in catalog.types(edition).items()
    if "pattern" in schema
}
every_type = pytest.mark.parametrize("schema", TYPES.values(), ids=["-".join(key) for key in TYPES])


def all_patterns(schema: Any) -> set[str]:
    """Yield every pattern in a schema, at any place."""
    if isinstance(schema, list):
        return {pattern for each in schema for pattern in all_patterns(each)}
    if not isinstance(schema, dict):
        return set()
    own = {schema["pattern"]} if isinstance(schema.get("pattern"), str) else set()
    return own.union(*map(all_patterns, schema.values()))


PATTERNS = sorted(
    {
        pattern
        for edition in catalog.EDITIONS
        for name in catalog.operations(edition)
        for direction in catalog.DIRECTIONS
        for pattern in all_patterns(catalog.operation(name, edition).schema(direction))
    }
)
SMALL = (
    "^(?:a|b)*$(?!\\n)", "^a{2,4}$", "a", "^a", "b$", "^(?:|x+)$(?!\\n)", "^[^a-c\\n]+$", "^\\d{2}\\.[\\w\\-]?$",
    "^a+?b$", "^(?:ab|a)(?:c|bcd)?$", "^.{0,3}$", "^[a\\-z]+$", "^[\\]\\^]*$", "^(?:a{2,}b)+$", "^\\s*\\S\\D\\W$",
    "^(?:(?!ab)[a-c]*)$(?!\\n)", "^(?:(?=a).b|c)$(?!\\n)", "^(?:[ab]*(?<!b))c?$(?!\\n)",
    "^(?:a*(?<=aa)b)$(?!\\n)", "^(?:$|a|^b)$(?!\\n)", "^(?:a|^b$|(?!^c+$)[bc]+)$(?!\\n)", "(?:^a|b)x",
    "^(?:a(?!b)){0,2}b?$(?!\\n)", "a(?!x)", "a^b", "a$b",
    "^\\x61[\\x62-d]$", "^(?:\\p{L}|[\\p{N}\\p{Z}]1|\\P{L}x)*$(?!\\n)",
)  # fmt: skip
ALPHABET = "abcdxz019-_.:/$!]^ \n\r\u0663\u00e9A\u2028\u20ac"


def admitted(pattern: str, text: str) -> bool:
    """Return whether a pattern matches somewhere in a string. `$` alone matches only the end, as in ECMAScript."""
    anchored = pattern if pattern.endswith("(?!\\n)") else re.sub(r"(?<!\\)\$$", r"\\Z", pattern)
    if "\\p{" in pattern:
        return regex.search(anchored, text) is not None
    return re.search(anchored, text, re.ASCII) is not None


@cache
def covering(pattern: str) -> tuple[str, ...]:
    """Yield strings that take every transition, then strings that leave at each."""
    return (*cover(of_pattern(pattern)), *leaving(of_pattern(pattern)))


@pytest.mark.parametrize("pattern", [*SMALL, *PATTERNS])
def test_an_automaton_accepts_the_same_strings_as_the_pattern(pattern: str) -> None:
    language, chance = of_pattern(pattern), random.Random(7)
    texts = ["".join(chance.choices(ALPHABET, k=chance.randrange(7))) for _ in range(300)]
    for text in (*texts, *covering(pattern)[:800]):
        assert language.matches(text) == admitted(pattern, text), repr(text)


@every_type
def test_portable_and_documented_patterns_are_equivalent(schema: Any) -> None:
    if "x-pattern" in schema:
        assert counterexample(of_pattern(schema["pattern"]), of_documented(schema["x-pattern"])) is None


def test_some_types_have_a_documented_pattern() -> None:
    assert sum("x-pattern" in schema for schema in TYPES.values()) >= 4


@pytest.mark.parametrize("pattern", PATTERNS)
def test_the_compiled_matcher_agrees_with_the_pattern(pattern: str) -> None:
    run = patterns.matcher(pattern)
    compiled, said = patterns._matcher(pattern).__self__.pattern, patterns.whole(pattern) or pattern
    assert compiled == (said if patterns.has_properties(said) else patterns.quicker(said))
    if patterns.whole(pattern) is not None:
        assert counterexample(of_pattern(pattern), of_documented(compiled)) is None
    for text in covering(pattern)[:500]:
        assert (run(text) is not None) == of_pattern(pattern).matches(text), repr(text)


def test_every_function_arn_of_a_response_is_a_function_name_of_a_request() -> None:
    types = catalog.types()
    arn, name = types["FunctionArn"], types["FunctionName"]
    assert intruder(of_pattern(arn["pattern"]), of_pattern(name["pattern"])) is None
    assert intruder(of_pattern(name["pattern"]), of_pattern(arn["pattern"])) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [("^a+$", "^a*$"), ("^[0-9]$", "^\\d?$"), ("^(?:a|b)$", "^[a-c]$"), ("^a$", "^a"), ("^.$", "^[^\\r]$")],
)
def test_patterns_that_differ_have_a_shortest_counterexample(one: str, other: str) -> None:
    text = counterexample(of_pattern(one), of_pattern(other))
    assert text is not None
    assert admitted(one, text) != admitted(other, text)
    shorter = [left for left in ("", *ALPHABET) if len(left) < len(text)]
    assert all(admitted(one, each) == admitted(other, each) for each in shorter)


@every_type
def test_a_pattern_with_one_more_character_has_a_counterexample(schema: Any) -> None:
    changed = schema["pattern"].replace("a-z", "a-z!", 1)
    text = counterexample(of_pattern(schema["pattern"]), of_pattern(changed))
    assert (text is None) == (changed == schema["pattern"])
    assert text is None or "!" in text


def test_equivalent_patterns_have_equal_automata() -> None:
    assert of_pattern("^(?:ab|ac)$") == of_pattern("^a[bc]$") == of_texts(frozenset({"ac", "ab"}))
    assert hash(of_pattern("^aa*$")) == hash(of_pattern("^a+$"))
    assert of_pattern("^a$") != of_pattern("^b$")
    assert complement(complement(of_pattern("^a+$"))) == of_pattern("^a+$")
    assert both(EVERY, of_pattern("^a$")) == of_pattern("^a$") == both(of_pattern("^a$"), EVERY)
    assert not difference(of_pattern("^a$"), of_pattern("^a+$")).alive
    assert not of_texts(frozenset()).alive
    assert of_pattern("a") != "a"


@pytest.mark.parametrize("pattern", ["^[ab]{2}c*$", "^(?:a|bb)*$", *PATTERNS[:3]])
def test_strings_of_a_length_are_counted_and_generated(pattern: str) -> None:
    language, chance = of_pattern(pattern), random.Random(3)
    for length in range(12):
        assert language.has(length) == (language.count(length) > 0)
        if language.has(length):
            text = language.draw(length, chance.choice)
            assert len(text) == length
            assert language.matches(text)
            assert language.matches(language.plainest(length))
            assert len(language.plainest(length)) == length
        else:
            with pytest.raises(LookupError):
                language.draw(length, chance.choice)
            with pytest.raises(LookupError):
                language.plainest(length)


def test_the_number_of_strings_is_exact() -> None:
    assert [of_pattern("^[ab]{2}c*$").count(length) for length in range(5)] == [0, 0, 4, 4, 4]
    assert of_pattern("^(?:aa)*$").has(4)
    assert not of_pattern("^(?:aa)*$").has(10_001)
    assert list(of_pattern("^(?:aa)*$").lengths(3, 8)) == [4, 6, 8]


@pytest.mark.parametrize("length", [64, 140, 10_000])
def test_long_strings_are_generated_with_any_length_and_prefix(length: int) -> None:
    language = of_pattern(catalog.types()["FunctionName"]["pattern"])
    for start in ("", "arn:aws:lambda:", "my-function:"):
        for text in (language.plainest(length, start), language.draw(length, random.Random(1).choice, start)):
            assert len(text) == length
            assert text.startswith(start)
            assert language.matches(text)


@pytest.mark.parametrize("pattern", [*SMALL, *PATTERNS])
def test_the_cover_takes_every_transition(pattern: str) -> None:
    language = of_pattern(pattern)
    index, table, taken = language.index, language.table, set()
    for text in covering(pattern):
        state = 0
        for number in map(index.__getitem__, text):
            taken.add((state, number))
            state = table[state][number]
    wanted = {(state, index) for state in language.alive for index in range(len(language.classes))}
    assert wanted <= taken


@pytest.mark.parametrize("pattern", PATTERNS)
def test_the_tail_of_a_state_is_accepted_from_it(pattern: str) -> None:
    language = of_pattern(pattern)
    for state in language.alive:
        assert all(language.admits(tail, state) for tail in tails(language)[state])
        assert language.admits(language.completion(state), state)
    assert [tails(language)[state] for state in range(len(language.table)) if state not in language.alive] in ([], [()])


def test_a_string_is_enriched_with_every_repeatable_character_class() -> None:
    language = of_pattern("^x[a-zA-Z0-9]+$")
    assert enriched(language, "xa") == "xaaA0"
    assert language.matches(enriched(language, "xa"))


BAD = {
    "a(": "not closed", "a)": "no opening one", "(?P<n>a)": "not supported", "a{": "repetition", "a{x}": "repetition",
    "[a": "ends too early", "\\pL": "property", "\\p{Lu}": "property", "\\p{X}": "property", "\\xg0": "escape",
    "a\\": "ends too early", "[z-a]": "range", "*a": "not known", "^a|b$": "anchors one alternative",
    "(?:a(?=b))*": "inside a repetition", "a(?:b|(?<=aa)c)": "more characters than may be before",
    "^a(?:[b-z]*(?<!abcdefghijk)|y)z$": "more characters than may be before", "(?<=(?=a))": "not supported",
    "(?!a)(?<!b)c": "after another look-around", "(?<n>a)": "not supported", "a++": "possessive",
    "(" * 101: "too deeply", "a{0,400}": "too large", "(?:a{300}){300}": "too large",
}  # fmt: skip


@pytest.mark.parametrize("pattern", BAD)
def test_a_pattern_beyond_the_dialect_is_rejected_by_name(pattern: str) -> None:
    with pytest.raises(PatternError, match=BAD[pattern]) as caught:
        of_pattern(pattern)
    assert repr(pattern) in str(caught.value)


@pytest.mark.parametrize("pattern", [each for each in PATTERNS if each.startswith("^(?:")])
def test_a_parsed_pattern_prints_unchanged(pattern: str) -> None:
    assert printed(read(pattern)) == pattern


def test_a_tree_is_printed_with_each_character_and_group_as_wanted() -> None:
    tree = read("(?:ab){2,}[c]|(?<!d)$")
    assert printed(tree, str.upper) == "(?:AB){2,}[C]|(?<!D)$"
    assert printed(tree, group=lambda body, repeated: f"<{body}:{repeated}>") == "<ab:True>{2,}[c]|(?<!d)$"


def test_the_repr_of_an_automaton_shows_its_size() -> None:
    assert repr(of_pattern("^a$")) == "<Automaton of 3 states>"
    assert isinstance(EVERY, Automaton)


def test_the_automata_of_the_schemas_are_small() -> None:
    assert max(len(of_pattern(pattern).table) for pattern in PATTERNS) < 500
