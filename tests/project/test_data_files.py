"""Test the data files below `tests`: their maximum length, and what their loaders reject."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from support.paths import ROOT, TESTS
from support.payload_cases import FOLDER, TABLES, Case, Table
from support.tables import read_table

import lambda_validate as lv

MOST_LINES = 400


def test_data_files_are_short():
    files = [each for each in TESTS.rglob("*.*") if each.is_file() and each.suffix not in (".py", ".pyc")]
    lengths = {str(each.relative_to(TESTS)): each.read_bytes().count(b"\n") for each in files}
    assert {name: length for name, length in lengths.items() if length > MOST_LINES} == {}


@pytest.mark.parametrize("edition", TABLES)
def test_each_table_is_of_an_operation_and_no_name_occurs_twice(edition: str):
    operations = lv.Validator(edition).operations()
    names = [case.id for table in TABLES[edition] for case in table.cases]
    assert len(names) == len(set(names))
    assert {table.operation for table in TABLES[edition]} <= set(operations)
    assert {table.direction for table in TABLES[edition]} == {"request", "response"}
    assert {case.kind for table in TABLES[edition] for case in table.cases} == {"valid", "invalid"}


def test_every_table_is_read():
    read = {table.path for tables in TABLES.values() for table in tables}
    assert {each for each in FOLDER.rglob("*.*") if each.suffix != ".md"} == read


@pytest.mark.parametrize("violation", [{"rule": "a.b", "pointer": "/A", "keyword": "not"}, {}, {"rules": "a.b"}])
def test_a_violation_without_what_it_needs_is_refused_with_its_place(violation: dict[str, str]):
    table = Table(FOLDER / "current" / "GetAlias.request.yaml")
    row = {"name": "a-b", "payload": {}, "violations": [violation]}
    message = (
        r"GetAlias\.request\.yaml, a-b: a violation has keyword, pointer, rule, severity, and position for a pattern"
    )
    with pytest.raises(ValueError, match=message):
        Case(table, "invalid", row)


@pytest.mark.parametrize("row", ["a: 1\na: 1\n", "b: {a: 1, a: 1}\n", "[{a: 1, a: 2}]"])
def test_a_member_that_occurs_twice_is_rejected(row: str, tmp_path: Path):
    table = tmp_path / "table.yaml"
    table.write_text(row, "utf-8")
    with pytest.raises(ValueError, match=r"^a member occurs twice, line \d$"):
        read_table(table)


MUTANTS = tomllib.loads((TESTS / "mutants.toml").read_text("utf-8"))


@pytest.mark.parametrize("area", MUTANTS["areas"])
def test_each_area_of_mutants_has_modules_and_tests(area: str):
    assert list((ROOT / "lambda_validate").glob(area))
    words = [word.rpartition("=") for stage in MUTANTS["areas"][area] for word in stage.split()]
    assert {option for option, _, _ in words} <= {"", "--ignore", "--ignore-glob"}
    assert [path for option, _, path in words if option != "--ignore-glob" and not (ROOT / path).exists()] == []
    assert [glob for option, _, glob in words if option == "--ignore-glob" and not [*TESTS.rglob(glob)]] == []


def test_each_equivalent_mutant_is_of_a_line_that_exists_and_has_a_reason():
    for entry in MUTANTS.get("equivalent", ()):
        lines = [line.strip() for line in (ROOT / entry["file"]).read_text("utf-8").splitlines()]
        assert entry["line"] in lines, entry
        assert (
            {"file", "line", "operator", "reason"} <= entry.keys() <= {"file", "line", "operator", "becomes", "reason"}
        )
        assert entry["reason"]
