"""Test that the pattern tables agree with `matching`, and that the shipped tables are up to date."""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path
from random import Random
from types import ModuleType

import pytest
from support.paths import ROOT

from lambda_validate.native import engine
from lambda_validate.patterns import PatternError
from lambda_validate.patterns.building import of_pattern
from lambda_validate.patterns.matching import matcher
from lambda_validate.patterns.syntax import parse, positions
from lambda_validate.patterns.tables import FILE, POSITIONS, Table, shipped, small_table, table_of, written

CHARACTERS = [*"\n\r :aZ0-_/.é\u0663€", "\ud800", "\x00", "\x7f", "\x80"]


@cache
def tool() -> ModuleType:
    """Return the tool that generates the file."""
    spec = importlib.util.spec_from_file_location("tables_tool", ROOT / "tools" / "tables.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def patterns() -> list[str]:
    found: set[str] = tool().of_editions()
    return sorted(found)


def strings(pattern: str, count: int) -> list[str]:
    """Return strings that match a pattern or nearly match it, and some with an additional character."""
    language, random = of_pattern(pattern), Random(pattern)
    found = {start + each for start in language.shortest_to for letters in language.letters for each in letters[:2]} | {
        start + language.completion(state)
        for state, start in enumerate(language.shortest_to)
        if state in language.alive
    }
    near = random.sample(sorted(found), min(count, len(found)))
    return [*near, *(_longer(each, random) for each in near), *(each + "\n" for each in near)]


def _longer(string: str, random: Random) -> str:
    at = random.randrange(len(string) + 1)
    return string[:at] + random.choice(CHARACTERS) + string[at:]


def disagreements(pattern: str, table: Table, texts: list[str]) -> list[str]:
    match = matcher(pattern)
    return [each for each in texts if table.matches(each) not in (None, match(each) is not None)]


def test_every_pattern_of_both_editions_has_a_table_that_ships() -> None:
    assert [each for each in patterns() if shipped(each) is None] == []


def test_shipped_small_tables_are_up_to_date() -> None:
    small = [each for each in patterns() if positions(parse(each)) <= POSITIONS]
    assert len(small) > 50
    for each in small:
        try:
            made = small_table(each)
        except PatternError:  # a lookahead or too many states: only the tool builds these
            continue
        assert made == shipped(each), each


@pytest.mark.exhaustive
def test_the_table_file_is_up_to_date() -> None:
    assert written(patterns()) == Path(FILE).read_bytes()


def test_tables_agree_with_the_engines_of_python() -> None:
    for each in patterns():
        table = shipped(each)
        if table is not None and positions(parse(each)) <= POSITIONS:
            assert disagreements(each, table, strings(each, 60)) == [], each


PATTERNS = [
    "^a$", "a", "^(?:a|b)*$(?!\\n)", "^(?:)$(?!\\n)", "[^a]", "^\\d+$", "^\\w*\\s$(?!\\n)", "^[\u0430-\u044f]+$(?!\\n)",
    "^\\u00e9$(?!\\n)", "^(?:a$|b)", "^(?:[\\x21-\\xff]+)$(?!\\n)", ".", "^.*$", "^[^\\n]*$(?!\\n)", "a|b",
]  # fmt: skip


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_table_agrees_with_its_pattern_or_does_not_decide(pattern: str) -> None:
    random, table = Random(pattern), table_of(pattern)
    texts = ["".join(random.choices([*CHARACTERS, *"ab\u0431"], k=random.randrange(5))) for _ in range(2000)]
    assert disagreements(pattern, table, [*texts, "", "a", "a\n", "b", "é", "é\n"]) == []
    assert any(table.matches(each) is not None for each in texts)


@pytest.mark.parametrize(
    "pattern",
    ["(a|b)*a(a|b){20}", "^(?:" + "[a-z]{0,9}x" * 12 + ")$(?!\\n)", "a{0,5000}", "(?<n>a)", "^(?=a)b", "\\b", "["],
)
def test_a_pattern_without_a_small_table_is_rejected(pattern: str) -> None:
    with pytest.raises(PatternError):
        small_table(pattern)


@pytest.mark.skipif(engine().longest is None, reason="without a compiler there is no native engine")
@pytest.mark.parametrize("pattern", patterns())
def test_the_native_engine_goes_as_far_into_a_string_as_python(pattern: str) -> None:
    table, longest = shipped(pattern), engine().longest
    assert table is not None
    assert longest is not None
    texts = [*strings(pattern, 30), "", "a" * 3000, *CHARACTERS]
    assert [each for each in texts if longest(table, each) != table.longest(each)] == []


def test_a_table_that_is_not_exact_for_a_string_does_not_say_how_far_it_goes() -> None:
    table = small_table("^a+$")
    assert table.longest("aab") == (2, table.start + 2)
    assert table.longest("aa\n") is None
