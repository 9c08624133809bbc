"""Test the pre-commit hook: its declaration, and that it blocks invalid commits and accepts valid ones."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.linting import BAD, GOOD, QUEUE
from support.paths import ROOT

from lambda_validate.cli import COMMANDS
from lambda_validate.lint.documents import LANGUAGES

HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
RESOURCE = """resource "aws_lambda_event_source_mapping" "a" {
  function_name    = "f"
  event_source_arn = "%s"
  batch_size       = %d
}
"""
FILES = {
    "a.json": BAD,
    "b.yaml": f"FunctionName: f\nEventSourceArn: {QUEUE}\nBatchSize: 11\n",
    "c.tf": RESOURCE % (QUEUE, 11),
    "d.template": BAD,
    "e.tofu": RESOURCE % (QUEUE, 11),
}


@pytest.mark.parametrize("hook", HOOKS, ids=lambda each: each["id"])
class TestDeclaration:
    def test_the_hook_lints_all_files_in_one_process(self, hook: dict[str, Any]):
        program, command, *options = hook["entry"].split()
        assert (program, command) == ("lambda-validate", "lint")
        assert command in COMMANDS
        assert set(options) <= {"--fix"}
        assert hook["require_serial"] is True

    def test_the_hook_selects_supported_files(self, hook: dict[str, Any]):
        assert hook["types_or"] == ["json", "yaml", "terraform", "text"]
        for ending in LANGUAGES:
            assert re.search(hook["files"], f"folder/a.b{ending}")
        for name in ("json", "a.json.txt", "a.tfvars", "template", "a.tfstate.backup"):
            assert not re.search(hook["files"], name)

    def test_the_hook_installs_the_terraform_extra(self, hook: dict[str, Any]):
        assert hook["additional_dependencies"] == [".[terraform]"]
        assert "\nterraform = [" in (ROOT / "pyproject.toml").read_text("utf-8")


def test_hook_ids_are_distinct():
    assert [each["id"] for each in HOOKS] == ["lambda-validate", "lambda-validate-fix"]


def git(folder: Path, *argv: str) -> subprocess.CompletedProcess[str]:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"]
    # GIT_ variables of a hook that runs these tests would point at another repository
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment["PATH"] = os.pathsep.join((str(Path(sys.executable).parent), environment["PATH"]))
    command = ["git", *identity, *argv]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=600, check=False
    )


def commit(folder: Path) -> subprocess.CompletedProcess[str]:
    git(folder, "add", "-A")
    return git(folder, "commit", "-m", "x")


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return this checkout, unchanged, in a repository of its own."""
    folder = tmp_path_factory.mktemp("source")
    names = ("lambda_validate", "schemas", "pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml")
    for name in names:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, folder / name)
    git(folder, "init", "-q")
    commit(folder)
    return folder


def repository(folder: Path, source: Path, hook: str) -> Path:
    """Return a repository whose commits the hook checks."""
    git(folder, "init", "-q")
    revision = git(source, "rev-parse", "HEAD").stdout.strip()
    config = {"repos": [{"repo": str(source), "rev": revision, "hooks": [{"id": hook}]}]}
    (folder / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config))
    install = [sys.executable, "-m", "pre_commit", "install"]
    subprocess.run(install, cwd=folder, check=True, capture_output=True)
    return folder


@pytest.mark.e2e
def test_an_invalid_commit_is_stopped_and_a_valid_one_passes(tmp_path: Path, source: Path):
    folder = repository(tmp_path, source, "lambda-validate")
    for name, text in FILES.items():
        (folder / name).write_text(text)
    (folder / "other.txt").write_text(BAD)
    ran = commit(folder)
    assert ran.returncode == 1
    output = ran.stdout + ran.stderr
    for name in FILES:
        assert f"{name}:" in output
    assert output.count("[batch-size.window]") == len(FILES)  # by the default edition of the command
    assert f"in {len(FILES)} checked files" in output  # printed once, because there is one process
    assert output.count("lambda-validate: ") == 1
    assert git(folder, "rev-parse", "HEAD").returncode != 0
    for name, text in FILES.items():
        (folder / name).write_text(text.replace("11", "10"))
    ran = commit(folder)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert git(folder, "rev-parse", "HEAD").returncode == 0


@pytest.mark.e2e
def test_the_fixing_hook_changes_files_and_stops_the_commit_once(tmp_path: Path, source: Path):
    folder = repository(tmp_path, source, "lambda-validate-fix")
    (folder / "a.json").write_text(GOOD[:-1] + ', "batchSize": "1"}')
    assert commit(folder).returncode == 1
    assert (folder / "a.json").read_text() == GOOD[:-1] + ', "BatchSize": 1}'
    ran = commit(folder)
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.e2e
def test_settings_of_the_repository_are_applied(tmp_path: Path, source: Path):
    folder = repository(tmp_path, source, "lambda-validate")
    (folder / "a.json").write_text(BAD)
    (folder / ".lambda-validate.toml").write_text('exclude = ["a.json"]\n')
    ran = commit(folder)
    assert ran.returncode == 0, ran.stdout + ran.stderr
