"""Test the extension for VS Code: its own tests pass against the server, and it can be packaged."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from support.paths import ROOT

import lambda_validate as lv

pytestmark = pytest.mark.e2e
EXTENSION = "editors/vscode"


@pytest.mark.skipif(shutil.which("npm") is None, reason="npm comes with Node.js, which pip cannot install")
def test_the_extension_passes_its_tests_and_is_packaged(tmp_path: Path):
    folder = tmp_path / EXTENSION
    left_out = shutil.ignore_patterns("node_modules", "dist", "*.vsix", "package-lock.json")
    shutil.copytree(ROOT / EXTENSION, folder, ignore=left_out)
    shutil.copy(ROOT / "LICENSE", tmp_path)
    environment = {**os.environ, "SERVER_COMMAND": json.dumps([sys.executable, "-m", "lambda_validate"])}
    for command in (("install", "--no-audit", "--no-fund"), ("test",), ("run", "package")):
        ran = subprocess.run(
            ["npm", *command], cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
    with zipfile.ZipFile(folder / "lambda-validate.vsix") as package:
        assert {each for each in package.namelist() if each.startswith("extension/")} == {
            "extension/package.json", "extension/readme.md", "extension/LICENSE.txt", "extension/dist/extension.js",
        }  # fmt: skip


def test_the_extension_has_the_version_of_the_package():
    assert json.loads((ROOT / EXTENSION / "package.json").read_text())["version"] == lv.__version__
