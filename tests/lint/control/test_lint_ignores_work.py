"""Test that the work for ignore comments grows linearly with their number. Work is counted, not timed."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest
from support.linting import QUEUE

import lambda_validate as lv
from lambda_validate.base import spelling
from lambda_validate.lint.control import directives, ignores
from lambda_validate.lint.files import SourceFile
from lambda_validate.lint.findings.finding import FileFindings
from lambda_validate.lint.formats import marked
from lambda_validate.lint.runner import file_findings

HEAD = f"FunctionName: f\nEventSourceArn: {QUEUE}\n"
MARK = "# lambda-validate:"
ITEM = f"{{FunctionName: f, EventSourceArn: '{QUEUE}', BatchSize: 11}}"
VALIDATOR = lv.Validator()


def lint_text(text: str) -> FileFindings:
    result = file_findings(SourceFile("a.yaml", text, marked(text.encode(), "documents")), VALIDATOR, None)
    assert isinstance(result, FileFindings)
    return result


def applied(found: FileFindings) -> Any:
    return ignores.applied(found, "a.yaml", VALIDATOR)


def calls(work: Callable[[], object]) -> int:
    """Return how many functions are called, including those in C."""
    count = 0

    def seen(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(seen)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


def one_comment(names: str) -> Callable[[int], str]:
    return lambda n: f"{HEAD}BatchSize: 11 {MARK} ignore[{','.join(names % each for each in range(n))}]\n"


TEXTS: dict[str, Callable[[int], str]] = {
    "names that are no rule": one_comment("name%d"),
    "names that are nearly a rule": one_comment("batch-siz%d"),
    "one name again": one_comment("batch-size.sqs%.0s"),
    "comments above one line": lambda n: HEAD + f"{MARK} ignore[batch-size.sqs]\n" * n + "BatchSize: 11\n",
    "comments on lines of their own": lambda n: f"- {ITEM} {MARK} ignore[batch-size.sqs]\n" * (n // 5),
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_work_grows_linearly_with_the_number_of_names(text: Callable[[int], str]) -> None:
    size = 1000
    once, twice = lint_text(text(size)), lint_text(text(2 * size))
    applied(once)  # compiles, imports and fills caches
    few, many = calls(lambda: applied(once)), calls(lambda: applied(twice))
    assert many < 2.2 * few
    assert many - few < 60 * size


def test_the_number_of_suggestions_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_up: list[object] = []
    monkeypatch.setattr(spelling, "nearest", lambda name, known: looked_up.append(name) or "near")
    remaining, _ = applied(lint_text(one_comment("name%d")(3 * ignores.HINTS)))
    complaints = [each for each in remaining if each.rule == "ignore.unknown"]
    assert len(complaints) == 3 * ignores.HINTS
    assert [each.help for each in complaints] == ["Write near."] * ignores.HINTS + [None] * (2 * ignores.HINTS)
    assert len(looked_up) == ignores.HINTS


def test_matching_directives_are_found_without_trying_all_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """The file has as many findings as names, all on one line."""
    counted = []
    for size in (200, 400):
        names = ",".join(f"batch-siz{each}" for each in range(size))
        text = f"[{f'{ITEM}, ' * size}] {MARK} ignore[{names},batch-size]\n"
        found = lint_text(text)
        assert len(found.findings) == size
        assert applied(found)[1] == size
        counted.append(calls(lambda found=found: applied(found)))
    assert counted[1] < 2.2 * counted[0]


def test_directives_in_a_long_scalar_are_found_in_linear_work() -> None:
    counted = []
    for size in (200, 400):
        document = lint_text(HEAD + f"Extra: '{f'x # {directives.DIRECTIVE_MARK} ' * size}'\n").documents[0]
        scalars = directives.Scalars([document])
        assert directives.directives([document], scalars) == []
        counted.append(calls(lambda: directives.directives([document], scalars)))  # noqa: B023  # called at once
    assert counted[1] < 2.2 * counted[0]


@pytest.mark.parametrize("offset", range(14))
def test_ranges_that_hold_an_offset_are_found(offset: int) -> None:
    ranges = [(0, 10), (1, 5), (2, 3), (3, 5), (6, 9), (6, 7), (11, 12), (12, 14)]
    found = list(ignores._Ranges(reversed(ranges)).holding(offset))
    assert sorted(found) == sorted(each for each in ranges if each[0] <= offset < each[1])


def test_each_range_knows_its_innermost_enclosing_range() -> None:
    ranges = ignores._Ranges([(0, 10), (1, 5), (2, 3), (3, 5), (6, 9), (6, 7), (11, 12), (12, 14)])
    assert ranges.ranges == [(0, 10), (1, 5), (2, 3), (3, 5), (6, 9), (6, 7), (11, 12), (12, 14)]
    assert ranges.outer == [-1, 0, 1, 1, 0, 4, -1, -1]
