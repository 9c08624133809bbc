"""Load payloads from `cases/<edition>/<Operation>.<direction>.yaml` (`cases/README.md`)."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from support.tables import read_table

FOLDER = Path(__file__).parent.parent / "cases"
FIELDS = frozenset({"name", "why", "payload", "pad", "violations", "covered"})


class Expected(NamedTuple):
    """A violation as a case states it."""

    rule: str
    pointer: str
    severity: str
    keyword: str
    position: int | None = None


NEEDED = {*Expected._fields} - Expected._field_defaults.keys()
"""The members of each violation."""


def _expected(stated: dict[str, Any], place: str) -> Expected:
    """Return a violation of a row. Invalid members raise a `ValueError` that names the table and the row."""
    if not NEEDED <= stated.keys() <= {*Expected._fields}:
        raise ValueError(f"{place}: a violation has {', '.join(sorted(NEEDED))}, and position for a pattern")
    return Expected(**stated)


class Case:
    """One row of a table."""

    def __init__(self, table: Table, kind: str, row: dict[str, Any]) -> None:
        self.edition, self.operation, self.direction = table.edition, table.operation, table.direction
        self.id = f"{self.operation}-{self.direction}-{kind}-{row['name']}"
        self.kind, self.valid = kind, kind == "valid"
        self.topic = row["name"].partition("--")[0]
        self.row = row
        self.violations = [_expected(each, f"{table.path.name}, {row['name']}") for each in row.get("violations", ())]
        self.rules = {each.rule for each in self.violations}
        self.covered = frozenset(row.get("covered", ()))  # rules whose violation repeats the fault of a reported one
        self.ok = all(each.severity == "warning" for each in self.violations)

    @property
    def payload(self) -> Any:
        """Return a new copy of the payload with expanded strings."""
        payload = copy.deepcopy(self.row["payload"])
        for pointer, length in self.row.get("pad", {}).items():
            *path, last = pointer.split("/")[1:]
            holder = payload
            for step in path:
                holder = holder[step]
            holder[last] = holder[last].ljust(length, "a")
        return payload


class Table(NamedTuple):
    """Return the cases of one direction of an operation, or only the valid or invalid ones."""

    path: Path

    @property
    def edition(self) -> str:
        return self.path.parent.name

    @property
    def operation(self) -> str:
        return self.path.name.split(".")[0]

    @property
    def direction(self) -> str:
        return self.path.name.split(".")[1]

    @property
    def id(self) -> str:
        return self.path.stem.replace(".", "-")

    @property
    def cases(self) -> tuple[Case, ...]:
        return _read(self)


@cache
def _read(table: Table) -> tuple[Case, ...]:
    sections = read_table(table.path)
    return tuple(Case(table, kind, row) for kind, rows in sections.items() for row in rows)


TABLES = {each: tuple(map(Table, sorted((FOLDER / each).glob("*.yaml")))) for each in ("documents", "current")}
"""The tables of each edition, which are loaded on first use."""


@cache
def cases_of(edition: str) -> tuple[Case, ...]:
    """Return all cases of an edition."""
    return tuple(case for table in TABLES[edition] for case in table.cases)


def every_case(edition: str, kinds: tuple[str, ...] = ("valid", "invalid")) -> Callable[[Any], Any]:
    """Call a test with each case of a table. There is one test a table, and a failure names the case."""

    def decorate(test: Callable[..., None]) -> Any:
        @wraps(test)
        def run(table: Table, **others: Any) -> None:
            for case in table.cases:
                if case.kind in kinds:
                    try:
                        test(case=case, **others)
                    except Exception as error:
                        error.add_note(f"case: {case.id}")
                        raise

        parameters = inspect.signature(test).parameters
        renamed = [each.replace(name="table") if name == "case" else each for name, each in parameters.items()]
        run.__signature__ = inspect.Signature(renamed)  # type: ignore[attr-defined]  # pytest reads it
        return pytest.mark.parametrize("table", TABLES[edition], ids=lambda table: table.id)(run)

    return decorate
