"""Test violations of the documents' rules, each in its own resource. Other linters miss most of them.

`planted.yaml.expected` has a line for each finding, with the resource, line:column, and the rule.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from support.paths import TESTS

import lambda_validate as lv
from lambda_validate.lint.runner import lint

TEMPLATE = TESTS / "lint_planted" / "planted.yaml"
EXPECTED = TEMPLATE.with_name("planted.yaml.expected").read_text().splitlines()
PLANTED = 42
SOUND = {"Queue", "Stream", "Table"}
"""Resources that are only present as references."""


def test_exactly_the_planted_violations_are_found():
    outcome = lint([str(TEMPLATE)], io.BytesIO(), lv.Validator())
    found = [f"{each.owner.split('/')[-1]} {each.line}:{each.column} {each.rule}" for each in outcome.findings]
    assert found == EXPECTED
    assert {each.severity for each in outcome.findings} == {"error"}


def test_the_number_of_planted_resources_is_as_stated():
    assert len({each.split()[0] for each in EXPECTED}) == PLANTED


def test_every_position_is_inside_its_resource():
    lines = TEMPLATE.read_text().splitlines()
    for each in EXPECTED:
        name, place, _ = each.split()
        above = (line for line in reversed(lines[: int(place.split(":")[0])]) if line[:2] == "  " and line[2] != " ")
        assert next(above).strip() == f"{name}:"


@pytest.mark.e2e
def test_cfn_lint_finds_fewer(tmp_path: Path):
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    commands = tmp_path / "venv" / "bin"
    subprocess.run([commands / "pip", "install", "--quiet", "cfn-lint"], check=True)
    ran = subprocess.run([commands / "cfn-lint", "--format", "json", TEMPLATE], capture_output=True, check=False)
    paths = [each["Location"]["Path"] for each in json.loads(ran.stdout) if each["Level"] == "Error"]
    found = {path[1] for path in paths if path[0] == "Resources"} - SOUND
    assert 10 < len(found) < PLANTED - 10
