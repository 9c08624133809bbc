"""Test the user programs in `typed/`: strict type checkers accept them, and report the mistakes in `wrong.py`."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support.paths import ROOT

pytestmark = pytest.mark.e2e

PROGRAMS = Path(__file__).parent / "typed"
MISTAKES = {
    number
    for number, line in enumerate((PROGRAMS / "wrong.py").read_text("utf-8").splitlines(), 1)
    if line.endswith("  # wrong")
}


def needed(*modules: str) -> None:
    """Skip a test if a module is missing. The extra `e2e` installs all of them."""
    missing = [each for each in modules if importlib.util.find_spec(each) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}; the extra e2e has them")


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the programs to a folder where the settings of this repository do not apply."""
    needed("starlette", "fastapi", "boto3")
    folder = tmp_path_factory.mktemp("typed") / "programs"
    shutil.copytree(PROGRAMS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "MYPYPATH": str(ROOT), "NO_COLOR": "1"}
    argv = [sys.executable, "-m", *command]
    return subprocess.run(argv, cwd=folder, env=environment, capture_output=True, text=True, timeout=600)


def reported_lines(found: list[tuple[str, int]]) -> set[int]:
    """Return the reported lines of `wrong.py`, and assert that no other program is reported."""
    assert {Path(file).name for file, _ in found} == {"wrong.py"}, found
    return {line for _, line in found}


def test_mypy_accepts_programs_and_finds_mistakes(programs: Path) -> None:
    needed("mypy")
    ran = run(programs, "mypy", "--strict", "--follow-imports=silent", "--no-error-summary", ".")
    found = re.findall(r"^(\S+?):(\d+): error: ", ran.stdout, re.MULTILINE)
    assert reported_lines([(file, int(line)) for file, line in found]) == MISTAKES, ran.stdout + ran.stderr


def test_basedpyright_accepts_programs_and_finds_mistakes(programs: Path) -> None:
    needed("basedpyright")
    unknown = dict.fromkeys(("reportUnknownMemberType", "reportUnknownVariableType"), "none")  # boto3's clients are
    settings = {"typeCheckingMode": "strict", "extraPaths": [str(ROOT)], **unknown}
    (programs / "pyrightconfig.json").write_text(json.dumps(settings), "utf-8")
    ran = run(programs, "basedpyright", "--outputjson", "--pythonpath", sys.executable, ".")
    reported = json.loads(ran.stdout)["generalDiagnostics"]
    found = [(each["file"], each["range"]["start"]["line"] + 1) for each in reported if each["severity"] == "error"]
    assert reported_lines(found) == MISTAKES
