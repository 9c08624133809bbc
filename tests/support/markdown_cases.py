"""Load lint cases from Markdown: fenced blocks with expected findings beside their lines (`tests/lint/README.md`)."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import lambda_validate as lv
from lambda_validate.lint.runner import lint
from support import exchange_cases

LINT = Path(__file__).parent.parent / "lint"
RULE_PAGES = sorted((Path(lv.__file__).parent / "rules").glob("*.md"))
"""The rule pages of the package, whose examples are cases too."""
PAGES = [*RULE_PAGES, *sorted(each for folder in ("rules", "topics") for each in (LINT / folder).glob("*.md"))]

FILE_NAMES = {"hcl": "main.tf", "json": "template.json", "yaml": "template.yaml"}
"""The linted languages, and the file name of a block that states none."""
PROSE = frozenset({"console", "python", "text", "toml"})
"""Languages of blocks that are not linted."""

FENCE = re.compile(r"(`{3,})(\w+)(?: (\+?[\w./-]+))?")
HEADING = re.compile(r"(#+) (.+)")
COMMENT = re.compile(r"  # (error|warning): (?:(\d+) )?([a-z0-9-]+\.[a-z0-9-]+)$")
ALMOST_COMMENT = re.compile(r"#\s*(error|warning)\b", re.IGNORECASE)
EXPECTED = re.compile(r"(\d+)(?::(\d+))? (error|warning) ([a-z0-9-]+\.[a-z0-9-]+)")


class Expected(NamedTuple):
    """A finding that a case states. A column of None matches every column."""

    line: int
    column: int | None
    severity: str
    rule: str

    def __str__(self) -> str:
        place = f"{self.line}" if self.column is None else f"{self.line}:{self.column}"
        return f"{place} {self.severity} {self.rule}"


class Case(NamedTuple):
    """One fenced block. `line` is its first line in the page, and `headings` are those above it, outermost first.

    `beside` has the names and contents of files in the same folder.
    """

    line: int
    headings: tuple[str, ...]
    file_name: str
    text: str
    expected: tuple[Expected, ...]
    beside: tuple[tuple[str, str], ...] = ()

    @property
    def id(self) -> str:
        return f"line {self.line}: {', '.join(self.headings[1:] or self.headings)}"

    @property
    def edition(self) -> str:
        """Return the edition that the last heading names, or `documents` by default."""
        return "current" if self.headings[-1].endswith("`current`") else "documents"

    @property
    def is_exchange(self) -> bool:
        """Return whether the block is an HTTP request or response instead of a file."""
        return self.file_name in exchange_cases.FILE_NAMES

    def compare(self, folder: Path) -> tuple[list[str], list[str]]:
        """Check the block. Return the actual and the expected findings."""
        found = self._exchanged() if self.is_exchange else self._linted(folder)
        return found, [*map(str, self.expected)]

    def _exchanged(self) -> list[str]:
        """Check the block as a message. The number of a finding is the status of the answer."""
        status, report = exchange_cases.check(self.text, self.edition)
        return [str(Expected(status, None, each.severity, each.rule)) for each in report]

    def _linted(self, folder: Path) -> list[str]:
        """Lint the block as a file in a separate folder."""
        path = folder / f"{self.line}" / self.file_name
        for name, text in (*self.beside, (self.file_name, self.text)):
            (path.parent / name).parent.mkdir(parents=True, exist_ok=True)
            (path.parent / name).write_bytes(text.encode())
        outcome = lint([str(path)], io.BytesIO(), validator(self.edition))
        found = [Expected(each.line or 0, each.column, each.severity, each.rule) for each in outcome.findings]
        for index, each in enumerate(self.expected[: len(found)]):
            if each.column is None:
                found[index] = found[index]._replace(column=None)
        problems = [f"failure: {each.message}" for each in outcome.failures]
        problems += [] if outcome.checked == 1 else [f"checked: {outcome.checked} files"]
        return [*map(str, found), *problems]


@cache
def validator(edition: str) -> lv.Validator:
    """Return the cached validator of an edition."""
    return lv.Validator(edition)


class _Block(NamedTuple):
    line: int
    headings: tuple[str, ...]
    language: str
    file_name: str | None
    body: list[str]


def _blocks(page: str) -> Iterator[_Block]:
    """Yield the fenced blocks of a page, each with the headings above it."""
    headings: list[str] = []
    lines = iter(enumerate(page.split("\n"), 1))
    for number, line in lines:
        if heading := HEADING.fullmatch(line):
            headings[len(heading[1]) - 1 :] = [heading[2]]
        elif fence := FENCE.fullmatch(line):
            body = []
            for _, inner in lines:
                if inner == fence[1]:
                    break
                body.append(inner)
            else:
                raise ValueError(f"line {number}: the block is never closed")
            yield _Block(number, tuple(headings), fence[2], fence[3], body)
        elif line.startswith("```"):
            raise ValueError(f"line {number}: expected a language and at most one file name after the fence")


def _without_comments(block: _Block) -> tuple[list[str], list[Expected]]:
    """Return the lines of a block without the expectations beside them, and these expectations."""
    lines, expected = [], []
    for number, line in enumerate(block.body, 1):
        beside: list[Expected] = []
        while comment := COMMENT.search(line):
            column = int(comment[2]) if comment[2] else None
            beside.insert(0, Expected(number, column, comment[1], comment[3]))
            line = line[: comment.start()]
        if ALMOST_COMMENT.search(line):
            raise ValueError(f"line {block.line + number}: expected two spaces and '# error: [COLUMN] RULE' at the end")
        lines.append(line)
        expected += beside
    return lines, expected


def _listed(block: _Block) -> list[Expected]:
    """Return the expectations that an `expect` block lists."""
    expected = []
    for number, line in enumerate(block.body, 1):
        match = EXPECTED.fullmatch(line)
        if not match:
            raise ValueError(f"line {block.line + number}: expected 'LINE[:COLUMN] SEVERITY RULE'")
        expected.append(Expected(int(match[1]), int(match[2]) if match[2] else None, match[3], match[4]))
    if not expected:
        raise ValueError(f"line {block.line}: the block lists no finding; leave it out")
    return expected


def parse(page: str) -> list[Case]:
    """Return the cases of a Markdown page. Raise ValueError if a block or an expectation is malformed."""
    cases: list[Case] = []
    listed_for: Case | None = None
    beside: list[tuple[str, str]] = []
    for block in _blocks(page):
        if block.language == "expect":
            if listed_for is None or listed_for.expected:
                raise ValueError(f"line {block.line}: expected a block without expectations above")
            cases[-1] = listed_for._replace(expected=tuple(_listed(block)))
            listed_for = None
        elif block.file_name and block.file_name.startswith("+"):
            beside.append((block.file_name[1:], "".join(f"{line}\n" for line in block.body)))
        elif block.language in FILE_NAMES:
            lines, expected = _without_comments(block)
            name = block.file_name or FILE_NAMES[block.language]
            text = "".join(f"{line}\n" for line in lines)
            listed_for = Case(block.line, block.headings, name, text, tuple(expected), tuple(beside))
            beside = []
            cases.append(listed_for)
        elif block.language not in PROSE:
            raise ValueError(f"line {block.line}: unknown language {block.language!r}")
        else:
            listed_for = None
    return cases


@cache
def cases_of(page: Path) -> tuple[Case, ...]:
    """Return the cases of a page in a file."""
    try:
        return tuple(parse(page.read_text("utf-8")))
    except ValueError as error:
        raise ValueError(f"{page.name}, {error}") from None


def of_format(*formats: str) -> list[Case]:
    """Return the cases of all pages below the second-level headings of some formats."""
    return [case for page in PAGES for case in cases_of(page) if case.headings[1] in formats]
