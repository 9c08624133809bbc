"""Test the patterns of the edition `current`.

They equal those of the model, match in linear time, and each irregular one is listed.

The comment of its type in the overlay describes how each irregular one is handled.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from functools import cache
from itertools import pairwise
from typing import Any

import pytest
from support.ambiguity import EXPONENTIAL, LINEAR, QUADRATIC, degree
from support.schema_patterns import FOLDER, PATTERNS, files, hostile
from support.steps import GROWTH, calls, ends

import lambda_validate as lv
from lambda_validate.compiler import messages
from lambda_validate.patterns.building import of_documented, of_pattern
from lambda_validate.patterns.matching import matcher, quicker, whole
from lambda_validate.patterns.products import both
from lambda_validate.validator import native_calls

TYPES = dict(
    sorted((name, each) for file in files() for name, each in file.get("$defs", {}).items() if "x-pattern" in each)
)

every_pattern = pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern[4:44])


@pytest.mark.parametrize("name", TYPES)
def test_a_pattern_is_equivalent_to_the_pattern_of_the_model(name: str) -> None:
    assert of_pattern(TYPES[name]["pattern"]) == of_documented(TYPES[name]["x-pattern"])


@pytest.mark.parametrize("name", TYPES)
def test_pattern_and_lengths_of_a_type_are_satisfiable(name: str) -> None:
    least, most = TYPES[name].get("minLength", 0), TYPES[name].get("maxLength", 400)
    assert next(of_pattern(TYPES[name]["pattern"]).lengths(least, most), None) is not None


# Irregular patterns.

ODD = {"a line break": "\n", "a second $LATEST": r"^[^$]*\$LATEST[^$]*\$LATEST"}
"""Irregular strings that few types allow: the name in the comment of the type, and a pattern that finds them."""


def oddities(schema: Any) -> set[str]:
    """Return the irregularities of the strings that a pattern matches, found in its automaton."""
    language = of_pattern(schema["pattern"])
    names = {name for name, part in ODD.items() if both(language, of_pattern(part)).alive}
    if "$LATEST" not in schema["x-pattern"].replace("\\", ""):
        names.discard("a second $LATEST")  # any string may contain two
    return names | ({"an empty text"} if schema.get("minLength") and language.matches("") else set())


@pytest.mark.parametrize("name", TYPES)
def test_oddities_of_patterns_are_documented_in_the_overlay(name: str) -> None:
    overlay = json.loads((FOLDER / "overlays" / "types.json").read_text("utf-8"))["$defs"]
    comment = overlay.get(name, {}).get("$comment", "")
    assert {each for each in (*ODD, "an empty text") if each in comment} == oddities(TYPES[name])


# Work.


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("^(?:(?:a+)+b)$(?!\\n)", EXPONENTIAL),
        ("^(?:(?:a|a)*b)$(?!\\n)", EXPONENTIAL),
        ("^(?:(?:a|ab|ba)*c)$(?!\\n)", EXPONENTIAL),
        ("^(?:[ab]*[bc]*d)$(?!\\n)", QUADRATIC),
        ("^(?:a*x?a*b)$(?!\\n)", QUADRATIC),
        ("^(?:(?:a|ab)*c)$(?!\\n)", LINEAR),
        ("^(?:(?:a+:)*b)$(?!\\n)", LINEAR),
        ("^(?:a{2,}b{0,3}|a*)$(?!\\n)", LINEAR),
    ],
)
def test_the_analysis_computes_the_growth_of_matching_time(pattern: str, expected: str) -> None:
    assert degree(pattern) == expected


@every_pattern
def test_every_pattern_matches_in_linear_time(pattern: str) -> None:
    assert degree(pattern) == LINEAR


SIZES = (50, 100, 200)
"""Lengths of strings, each twice the previous one."""
ONCE = 100
"""How many steps a pattern may take once, for any length of the string."""
PROPERTIES = {"L": "a-zA-Z", "N": "0-9", "Z": " "}
"""Sets that replace properties of Unicode, which the counting engine does not support."""


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str, str], int]]:
    """Return how many steps a backtracking engine takes to match a string with a pattern."""
    monkeypatch.syspath_prepend(str(FOLDER.parent / "benchmarks"))
    from work_patterns import Engine

    @cache
    def engine(pattern: str) -> Engine:
        body = re.sub(r"\\p\{(\w)\}", lambda found: PROPERTIES[found[1]], whole(pattern) or pattern)
        return Engine(quicker(body), re.ASCII)

    def counted(pattern: str, text: str) -> int:
        match = matcher(pattern)
        before = engine(pattern).steps
        method = match.__name__ if whole(pattern) is None else "fullmatch"
        assert engine(pattern).run(method, text) is (match(text) is not None)
        return int(engine(pattern).steps - before)

    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(20_000)  # the engine calls itself for each character
    yield counted
    sys.setrecursionlimit(limit)


def slow(steps: Callable[[str, str], int], pattern: str) -> list[str]:
    """Return the beginnings of the strings for which the steps grow faster than allowed."""
    found = []
    for texts in zip(*(hostile(pattern, size) for size in SIZES), strict=True):
        counts = [steps(pattern, text) for text in texts]
        if any(after > GROWTH * before + ONCE for before, after in pairwise(counts)):
            found.append(texts[0][:40])
    return found


@every_pattern
def test_matching_steps_grow_linearly_with_the_length(steps: Callable[[str, str], int], pattern: str) -> None:
    assert slow(steps, pattern) == []


def test_superlinear_matching_steps_are_detected(steps: Callable[[str, str], int]) -> None:
    assert slow(steps, "^(?:a*a*b)$(?!\\n)")


@cache
def member_of(pattern: str) -> tuple[str, str] | None:
    """Return an operation, and a member of its request that has a pattern, or None."""
    for operation in lv.operations("current"):
        schema = lv.operation(operation, "current").schema("request")
        for name, each in schema.get("properties", {}).items():
            if schema.get("$defs", {}).get(each.get("$ref", "").rpartition("/")[2], {}).get("pattern") == pattern:
                return operation, name
    return None


LONG = 200_000
"""The length of a string, far beyond any limit."""
CALLS = 5_000
"""The maximum work for a report on such a string.

Each call of `re` or `regex`, which do most of the work, counts as one.
"""


@pytest.mark.parametrize("pattern", list(filter(member_of, PATTERNS)), ids=lambda pattern: pattern[4:44])
def test_reports_on_very_long_strings_take_bounded_calls(pattern: str) -> None:
    operation, member = member_of(pattern) or ("", "")

    def read(text: str) -> bool:
        return all(each.message for each in lv.validate_request(operation, {member: text}, "current"))

    messages._partial(pattern)  # fills the caches, including the plan of a report
    for text in (*[""] * native_calls.CALLS, *hostile(pattern, 50)):
        read(text)
    for size in (LONG, 2 * messages.FAR):
        for text in dict.fromkeys(hostile(pattern, size)):
            assert calls(lambda text=text: read(text)) <= CALLS


@every_pattern
def test_the_first_invalid_character_is_found_with_few_short_prefixes(
    pattern: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    possible, tried = messages._partial(pattern), list[int]()

    def counted(text: str, **settings: Any) -> Any:
        tried.append(len(text))
        return possible(text, **settings) if possible else None

    monkeypatch.setattr(messages, "_partial", lambda _: counted if possible else None)
    for text in dict.fromkeys(hostile(pattern, 2 * messages.FAR - 1)):
        tried.clear()
        with ends():
            position = messages.first_impossible(pattern, text)
        assert position is None or position <= len(text)
        assert len(tried) <= 2 * len(text).bit_length()
        assert max(tried, default=0) <= 2 * messages.FAR
