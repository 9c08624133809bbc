"""Test Terraform modules: the other files of a folder, and the folders of called modules."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from support.linting import Project
from support.steps import GROWTH, growth

import lambda_validate as lv
from lambda_validate.lint.files import beside
from lambda_validate.lint.findings.finding import LintOutcome
from lambda_validate.lint.runner import lint

VALIDATOR = lv.Validator("documents")


def mapping(name: str, source: str, size: str) -> str:
    return (
        f'resource "aws_lambda_event_source_mapping" "{name}" {{\n  function_name = "worker"\n'
        f"  event_source_arn = {source}\n  batch_size = {size}\n}}\n"
    )


QUEUE = "aws_sqs_queue.orders.arn"
BESIDE = mapping("it", QUEUE, "local.size")
LOCALS = "locals {\n  size = 11\n}\n"


def write(folder: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder


def linted(path: Path) -> LintOutcome:
    return lint([str(path)], io.BytesIO(), VALIDATOR)


def rules(path: Path) -> list[str]:
    return [each.rule for each in linted(path).findings]


@pytest.fixture(name="project")
def _project(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, by_documents: None
) -> Project:
    monkeypatch.chdir(tmp_path)
    return Project(tmp_path, capsys, monkeypatch)


def test_standard_input_has_no_sibling_files(project: Project):
    project.write({"locals.tf": LOCALS, "main.tf": BESIDE})
    assert project.json("main.tf").rules == ["batch-size.sqs"]
    assert project.json("-", "--stdin-filename", "main.tf", stdin=BESIDE).rules == []


def test_a_value_of_another_file_is_not_fixed_at_its_reference(project: Project):
    main = mapping("it", QUEUE, "local.size").replace('"worker"', "local.name")
    project.write({"locals.tf": 'locals {\n  size = "5.5"\n  name = "worker "\n}\n', "main.tf": main})
    assert set(project.json("main.tf").rules) == {"batch-size.type", "function-name.pattern"}
    project.run("main.tf", "--fix")
    assert project.read("main.tf").decode() == main


@pytest.mark.parametrize(
    ("limit", "value"),
    [("FILES", 1), ("MAX_FOLDER_CHARACTERS", len(BESIDE) + len(LOCALS) - 1), ("FOLDERS", 0)],
)
def test_values_beyond_a_limit_are_unknown(limit: str, value: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    write(tmp_path, {"a.tf": BESIDE, "locals.tf": LOCALS})
    assert rules(tmp_path / "a.tf") == ["batch-size.sqs"]
    monkeypatch.setattr(beside, limit, value)
    assert rules(tmp_path / "a.tf") == []


def test_uncached_results_are_recomputed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(beside, "MAX_CACHED_CHARACTERS", 0)
    call = 'module "b" {\n  source = "../b"\n}\noutput "size" {\n  value = module.b.size\n}\n'
    output = 'output "size" {\n  value = local.size\n}\n'
    write(tmp_path, {"a/a.tf": call, "a/main.tf": mapping("it", QUEUE, "module.b.size"), "b/b.tf": LOCALS + output})
    assert rules(tmp_path / "a" / "main.tf") == ["batch-size.sqs"]


def test_missing_folders_and_binary_files_are_unknown(tmp_path: Path):
    (tmp_path / "b").write_text("", "utf-8")
    (tmp_path / "folder.tf").mkdir()
    (tmp_path / "binary.tf").write_bytes(b"\xff\xfe")
    calls = "".join(f'module "{each}" {{\n  source = "./{each}"\n}}\n' for each in ("b", "missing", "\\u0000"))
    for name in ("b", "missing"):
        write(tmp_path, {"main.tf": calls + mapping("it", QUEUE, f"module.{name}.size")})
        assert rules(tmp_path / "main.tf") == []


def files_of_one_folder(count: int) -> Mapping[str, str]:
    """Return modules that each have a mapping, and a local value that refers to the next one."""
    one = 'locals {\n  size%d = "5"\n}\n'
    return {f"f{i:04}.tf": one % i + mapping(f"m{i}", QUEUE, f"local.size{(i + 1) % count}") for i in range(count)}


def references_to_one_object(count: int) -> Mapping[str, str]:
    members = "".join(f"    k{i} = {{ arn = {QUEUE}, size = {i % 10 + 1} }}\n" for i in range(count))
    mappings = "".join(mapping(f"m{i}", "local.all[var.x].arn", "local.all.k0.size") for i in range(count))
    return {"locals.tf": f"locals {{\n  all = {{\n{members}  }}\n}}\n", "main.tf": mappings}


def calls_of_one_folder(count: int) -> Mapping[str, str]:
    calls = "".join(f'module "m{i}" {{\n  source = "./inner"\n  name = "q{i}"\n}}\n' for i in range(count))
    mappings = "".join(mapping(f"m{i}", f"module.m{i}.arn", "5") for i in range(count))
    inner = "".join(f'resource "aws_sqs_queue" "q{i}" {{\n  name = var.name\n}}\n' for i in range(count))
    output = f'variable "name" {{}}\noutput "arn" {{\n  value = {QUEUE.replace("orders", "q0")}\n}}\n'
    return {"main.tf": calls + mappings, "inner/main.tf": inner + output}


def instances_of_one_object(count: int) -> Mapping[str, str]:
    """Return more members than are examined for one value."""
    text = mapping("it", "each.value.arn", "each.value.size").replace("{\n", "{\n  for_each = local.all\n", 1)
    mappings = "".join(text.replace('"it"', f'"m{i}"') for i in range(count // 2))
    return {**references_to_one_object(12 * count), "main.tf": mappings}


@pytest.mark.parametrize(
    "files", [files_of_one_folder, references_to_one_object, calls_of_one_folder, instances_of_one_object]
)
def test_work_grows_with_the_size_of_the_module(files: Callable[[int], Mapping[str, str]], tmp_path: Path):
    def make(count: int) -> Callable[[], object]:
        folder = write(tmp_path / str(count), files(count))
        return lambda: linted(folder)

    assert growth(make, 120) < GROWTH
