"""Test that memory grows linearly with the size of a file, and that the economical reader gives the same result."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from support.linting import BAD, Project
from support.texts import paths

from lambda_validate.lint.documents import json_large, json_text, yaml_text
from lambda_validate.lint.documents.places import Document, ParseFailure

SIZE = json_text.LARGE * 11 // 10
"""The length of a string that is just large enough for the economical reader."""
ITEMS = ["{}", "[]", "1", '""', "[[[[]]]]", '{"a":1}', "[1,2]", '{"a":{},"b":[]}']
PROGRAM = """
import resource, sys
from lambda_validate.cli import main
def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
small, large, *command = sys.argv[1:]
main([*command, small])
before = peak()
main([*command, large])
print(peak() - before, file=sys.stderr)
"""
LINT, REQUEST = ("lint", "--no-config", "--quiet"), ("request", "CreateEventSourceMapping")


@pytest.mark.parametrize(
    ("command", "item"), [*((LINT, item) for item in ITEMS), *((REQUEST, item) for item in ("{}", '{"a":{},"b":[]}'))]
)
def test_memory_is_proportional_to_the_file_size(tmp_path: Path, item: str, command: tuple[str, ...]):
    (tmp_path / "small.json").write_text(f"[{item}, {BAD}]")
    (tmp_path / "large.json").write_text(f"[{','.join([item] * (SIZE // (len(item) + 1)))}, {BAD}]")
    argv = [sys.executable, "-c", PROGRAM, "small.json", "large.json", *command]
    done = subprocess.run(argv, cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert done.stdout.count("[batch-size.window]") == (2 if command[0] == "lint" else 0), done.stderr
    assert int(done.stderr.split()[-1]) < 12 * SIZE  # 120 MB for the largest file


def random_text(chance: random.Random, depth: int = 0) -> str:
    blank = chance.choice(["", "", " ", "\n\t"])
    kind = chance.randrange(9 if depth < 5 else 5)
    if kind < 5:
        scalars = ["1", "-2.5e3", '""', '"a\\"b"', "null", "true", '"' + "long" * 9 + '"', '"[{"']
        return blank + chance.choice(scalars) + blank
    inner = [random_text(chance, depth + 1) for _ in range(chance.choice([0, 1, 2, 9]))]
    if kind < 7:
        return blank + "[" + (",".join(inner) or blank) + "]" + blank
    return blank + "{" + (",".join(f'{blank}"{chance.choice("abcdefgh")}"{blank}:{each}' for each in inner)) + "}"


def damaged(chance: random.Random, text: str) -> str:
    place = chance.randrange(len(text) + 1)
    return text[:place] + chance.choice(["", "]", "}", ",", ":", '"', "NaN", "\\", "{"]) + text[place + 1 :]


def read(text: str) -> Any:
    """Return all parsed facts about a document."""
    found = json_text.parse(text)
    if isinstance(found, ParseFailure):
        return found
    [document] = found
    return document.value, document.repeated, document.tree.repeats


@pytest.mark.parametrize("seed", range(40))
def test_large_files_are_parsed_like_small_ones(seed: int, monkeypatch: pytest.MonkeyPatch):
    chance = random.Random(seed)
    texts = [random_text(chance) for _ in range(20)]
    texts += [damaged(chance, each) for each in texts]
    before = [read(each) for each in texts]
    monkeypatch.setattr(json_text, "LARGE", 0)
    for text, expected in zip(texts, before, strict=True):
        assert repr(read(text)) == repr(expected), text


def test_a_large_file_has_the_same_nesting_limit(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(json_text, "LARGE", 0)
    assert "nesting" in json_text.parse("[" * 100_000).message  # type: ignore[union-attr]  # a failure


def test_positions_of_members_in_large_objects_are_correct():
    members = {f"name{each}": each for each in range(300)}
    text = "{" + ", ".join(f'"{name}": {each}' for name, each in members.items()) + ', "name7": -1}'
    found = json_text.parse(text)
    assert isinstance(found, tuple)
    document: Document = found[0]
    for path, value in paths(document.value):
        span = document.locate(path).value
        assert span is not None
        assert text[span.column - 1 : span.end_column - 1] == str(value) or not path
    assert document.locate(("none",)).value is None


def test_yaml_of_too_many_values_is_an_error(project: Project, monkeypatch: pytest.MonkeyPatch):
    text = BAD.replace('"', "")[1:-1].replace(", ", "\n").replace(": ", ": ")
    project.write({"a.yaml": text})
    assert project.run("a.yaml").code == 1
    monkeypatch.setattr(yaml_text, "NODES", 8)
    for command in (("lint", "a.yaml"), ("request", "CreateEventSourceMapping", "a.yaml")):
        ran = project.run(*command[1:], command=command[0])
        assert (ran.code, "expected at most 8 values and names in YAML" in ran.err) == (2, True)


@pytest.mark.parametrize("item", ['{{"a":{0}}}', "[{0}]", '{{"b{0}":1}}'])
def test_json_of_too_many_different_parts_is_an_error(project: Project, monkeypatch: pytest.MonkeyPatch, item: str):
    monkeypatch.setattr(json_text, "LARGE", 100)
    monkeypatch.setattr(json_large, "SHARED", 10)
    filling = ",".join(item.format(number) for number in range(100))
    project.write({"a.json": f'{BAD[:-1]}, "Z": [{filling}]}}'})
    assert project.run("a.json").code == 1
    monkeypatch.setattr(json_large, "DISTINCT", 80)
    for command in (("lint", "a.json"), ("request", "CreateEventSourceMapping", "a.json")):
        ran = project.run(*command[1:], command=command[0])
        assert (ran.code, "at most 80 different objects, arrays and names in JSON" in ran.err) == (2, True)
