"""Test that the schema of the settings file accepts and rejects the same files as the code."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from support.linting import Project

from lambda_validate.cli import main
from lambda_validate.settings import ConfigError
from lambda_validate.settings.files import OWN_NAME, read
from lambda_validate.settings.keys import KEYS
from lambda_validate.settings.schema import DESCRIPTIONS


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return the schema as the command prints it."""
    command = [sys.executable, "-m", "lambda_validate", "schema", "--settings", "--no-config"]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    return json.loads(ran.stdout)


def accepted(schema: Any, text: str) -> bool:
    return jsonschema.Draft7Validator(schema).is_valid(tomllib.loads(text))


def usable(project: Project, text: str) -> bool:
    """Return whether a run with this file ends without an error about it."""
    project.write({OWN_NAME: text, "empty.json": "{}", "base.json": '{"version": 1, "findings": []}'})
    project.monkeypatch.delenv("LAMBDA_VALIDATE_EDITION", raising=False)
    try:
        read(OWN_NAME)
    except ConfigError:
        return False
    return not project.run("empty.json").err.startswith(f"lambda-validate: {OWN_NAME}")


VALUES = ["''", "'x'", "1", "1.5", "true", "false", "[]", "['batch-size']", "['batch-size.sqs', 'function-name']",
          "['batch-sise']", "[1]", "[['batch-size']]", "{}", "{'*.json' = ['batch-size']}", "{'*.json' = 'batch-size'}",
          "{'*.json' = ['nope']}", "2026-01-01",
          *(f"'{each}'" for key in KEYS.values() for each in key.choices)]  # fmt: skip


@pytest.mark.parametrize("name", [*KEYS, "selekt", "Select", ""])
def test_the_schema_agrees_with_the_code(schema: Any, project: Project, name: str) -> None:
    values = [value for value in dict.fromkeys(VALUES) if (name, value) not in BASELINES]
    texts = [f"'{name}' = {value}\n" for value in values]
    differing = [text for text in texts if accepted(schema, text) != usable(project, text)]
    assert differing == []


BASELINES = {("baseline", value) for value in VALUES if value.startswith("'")}
"""Return whether a file is a baseline, which no schema can express."""


def test_several_settings_are_accepted_together(schema: Any, project: Project) -> None:
    text = "select = ['batch-size']\nstrict = true\nedition = 'documents'\n[per-file-ignores]\n'*.yaml' = ['topics']\n"
    assert accepted(schema, text)
    assert usable(project, text)
    assert accepted(schema, "baseline = 'base.json'")


def test_every_setting_has_a_description(schema: Any) -> None:
    assert set(schema["properties"]) == set(KEYS) == set(DESCRIPTIONS)
    assert all(each["description"] for each in schema["properties"].values())
    assert schema["properties"]["edition"]["default"] == "both"
    assert "batch-size.sqs" in schema["definitions"]["rule"]["enum"]
    jsonschema.Draft7Validator.check_schema(schema)


@pytest.mark.parametrize("more", [("CreateEventSourceMapping",), ("--compiled",), ("--edition", "nope")])
def test_schema_settings_cannot_be_combined_with_other_arguments(
    more: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["schema", "--settings", *more]) == 2
    assert capsys.readouterr().err.startswith("lambda-validate: --settings shows the schema of the settings file")


def test_the_schema_is_shown_despite_an_invalid_settings_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ".lambda-validate.toml").write_text('editon = "current"\n')
    monkeypatch.chdir(tmp_path)
    assert main(["schema", "--settings"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "Settings of lambda-validate"
