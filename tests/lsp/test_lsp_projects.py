"""Test which settings apply to the documents of a workspace."""

from __future__ import annotations

import os
from argparse import Namespace
from pathlib import Path
from typing import Any

import pytest
from support.linting import BAD, Project

from lambda_validate import settings
from lambda_validate.base.spelling import UnknownNameError
from lambda_validate.cli.table import EDITING
from lambda_validate.lsp.checks import DocumentChecker
from lambda_validate.lsp.projects import Projects
from lambda_validate.settings import ConfigError

OWN = ".lambda-validate.toml"


def projects(environment: dict[str, str] | None = None, **given: Any) -> Projects:
    """Return projects as the command creates them with some arguments."""

    def prepare(folder: str) -> Namespace:
        plain = {"config": None, "no_config": False, "show_values": False, "sdk_model": False, "gitignore": False}
        arguments = Namespace(**{**plain, "edition": "documents", **given})
        settings.fill(arguments, environment or {}, EDITING, folder)
        return arguments

    return Projects(prepare)


def rules(made: Projects, folder: Path, name: str = "a.json") -> list[str]:
    """Return the rules that a document of a folder breaks."""
    found = DocumentChecker(made.of(str(folder)), {}).check(str(folder / name), BAD)
    return [each.about.rule for each in found.marks]  # type: ignore[union-attr]  # none is a failure


@pytest.fixture
def elsewhere(project: Project, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a project outside of the working folder."""
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    return project.folder


def test_settings_are_those_of_the_folder_and_not_of_the_working_folder(elsewhere: Path):
    assert rules(projects(), elsewhere) == ["batch-size.sqs"]
    Path(OWN).write_text('ignore = ["member"]\n')
    (elsewhere / OWN).write_text('ignore = ["batch-size"]\n')
    assert rules(projects(), elsewhere) == []


def test_changed_settings_apply_to_the_next_check(elsewhere: Path):
    made = projects()
    assert rules(made, elsewhere) == ["batch-size.sqs"]
    (elsewhere / OWN).write_text('ignore = ["batch-size"]\n')
    assert rules(made, elsewhere) == []
    (elsewhere / OWN).unlink()
    assert rules(made, elsewhere) == ["batch-size.sqs"]


def test_a_project_is_cached(elsewhere: Path):
    made = projects()
    assert made.of(str(elsewhere)) is made.of(str(elsewhere))


@pytest.mark.parametrize("setting", ['exclude = ["*.json"]', '[per-file-ignores]\n"a.*" = ["batch-size"]'])
def test_patterns_are_relative_to_the_settings(elsewhere: Path, setting: str):
    (elsewhere / OWN).write_text(setting)
    assert rules(projects(), elsewhere) == []


@pytest.mark.parametrize("given", [{"exclude": ["sub/*.json"]}, {}])
def test_patterns_of_arguments_and_variables_are_relative_to_the_workspace(elsewhere: Path, given: dict[str, Any]):
    made = projects({} if given else {"LAMBDA_VALIDATE_EXCLUDE": "sub/*.json"}, **given)
    assert rules(made, elsewhere, "sub/a.json") == []
    assert rules(made, elsewhere) == ["batch-size.sqs"]


def test_arguments_override_settings(elsewhere: Path):
    (elsewhere / OWN).write_text('select = ["member"]\n')
    assert rules(projects(select=["batch-size"]), elsewhere) == ["batch-size.sqs"]


def baseline(project: Project) -> None:
    """Write a baseline of a document that breaks a rule."""
    project.write({"a.json": BAD})
    project.run("--write-baseline", "known.json", ".")


class TestBaseline:
    def test_findings_in_the_baseline_are_not_shown(self, project: Project):
        baseline(project)
        project.write({OWN: 'baseline = "known.json"\n'})
        assert rules(projects(), project.folder) == []
        assert rules(projects(), project.folder, "b.json") == ["batch-size.sqs"]

    def test_a_changed_baseline_is_reloaded(self, project: Project):
        baseline(project)
        project.write({OWN: 'baseline = "known.json"\n'})
        made = projects()
        assert rules(made, project.folder) == []
        project.write({"known.json": '{"version": 1, "findings": []}'})
        assert rules(made, project.folder) == ["batch-size.sqs"]

    @pytest.mark.parametrize("name", ["../known.json", "link.json", "/etc/hostname"])
    def test_settings_cannot_name_a_file_outside_of_the_workspace(self, project: Project, name: str, tmp_path: Path):
        inner = tmp_path / "workspace"
        inner.mkdir()
        (tmp_path / "known.json").write_text('{"version": 1, "findings": []}')
        os.symlink(tmp_path / "known.json", inner / "link.json")
        (inner / OWN).write_text(f'edition = "current"\nbaseline = "{name}"\n')
        with pytest.raises(ConfigError, match=rf"{OWN}:2: baseline must be a file in the workspace$"):
            projects().of(str(inner))

    def test_the_command_line_may_name_any_file(self, project: Project, tmp_path: Path):
        (tmp_path / "workspace").mkdir()
        (tmp_path / "known.json").write_text('{"version": 1, "findings": []}')
        assert projects(baseline="../known.json").of(str(tmp_path / "workspace"))


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("nonsense", ConfigError, "expected TOML"),
        ('edition = "documents"\nselect = ["batch-sise"]', ConfigError, r"toml:2: .*did you mean 'batch-size'\?"),
    ],
)
def test_settings_that_cannot_be_used_are_an_error(elsewhere: Path, text: str, error: type[Exception], message: str):
    (elsewhere / OWN).write_text(text)
    with pytest.raises(error, match=message):
        projects().of(str(elsewhere))


def test_an_argument_that_names_no_rule_is_an_error(elsewhere: Path):
    with pytest.raises(UnknownNameError):
        projects(ignore=["batch-sise"]).of(str(elsewhere))
