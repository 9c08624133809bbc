"""Test which files are excluded by `.gitignore`, as git reads it, and by `--exclude`."""

from __future__ import annotations

import json
import random
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest
from support.linting import BAD, GOOD, Project
from support.steps import calls

from lambda_validate.lint.files.gitignore import patterns


def looked_at(project: Project, *argv: str) -> set[str]:
    """Return the examined files, which all hold the same invalid payload."""
    return {each["file"] for each in json.loads(project.json(*argv).out)["findings"]}


def files(project: Project, *names: str) -> None:
    project.write(dict.fromkeys(names, BAD))


@pytest.mark.parametrize(
    ("lines", "ignored", "included"),
    [
        (["a.json"], ["a.json", "x/a.json"], ["b.json", "aa.json", "a.json2"]),
        (["/a.json"], ["a.json"], ["x/a.json"]),
        (["x/a.json"], ["x/a.json"], ["a.json", "y/x/a.json"]),
        (["*.json"], ["a.json", ".json", "x/y.json"], ["a.jsonx"]),
        (["build/"], ["build/a", "x/build/a/b"], ["build", "builds/a"]),
        (["build"], ["build", "build/a", "x/build"], ["builds"]),
        (["*", "!*.yaml"], ["a.json", "x/a.yaml"], ["a.yaml"]),
        (["*.json", "!keep.json"], ["a.json"], ["keep.json", "x/keep.json"]),
        (["!a.json", "*.json"], ["a.json"], []),
        (["dir/", "!dir/a.json"], ["dir/a.json"], []),
        (["dir/*", "!dir/a.json"], ["dir/b.json"], ["dir/a.json"]),
        (["**/out"], ["out", "x/out", "x/y/out/z"], ["outs"]),
        (["out/**"], ["out/a", "out/b/c"], ["out", "x/out/a"]),
        (["a/**/b"], ["a/b", "a/x/b", "a/x/y/b"], ["a/x", "x/a/b"]),
        (["a**b"], ["ab", "axxb", "x/ab"], ["a/b"]),
        (["a?c"], ["abc"], ["ac", "a/c"]),
        (["[ab].json", "[!x]y"], ["a.json", "ay"], ["c.json", "xy"]),
        (["[--b]", "[---x]y", "[&&~~]x"], ["-", "a", "b", "-y", "xy", "&x", "~x"], ["c", "x", ",", "ay"]),
        (["[a-c]1", "[]x]2", "[[:digit:]]z"], ["b1", "]2", "x2", "7z"], ["d1", "y2", "az"]),
        (["# a", "\\#b", "\\!c", ""], ["#b", "!c"], ["# a", "a"]),
        (["a ", "b\\ "], ["a", "b "], ["a ", "b"]),
        (["\\*"], ["*"], ["a"]),
        (["[a", "b\\", "[z-a]", "[]"], [], ["[a", "b\\", "b", "z", "a"]),
        (["a.json\r"], ["a.json"], []),
    ],
)  # fmt: skip
def test_patterns_follow_the_git_documentation(lines: list[str], ignored: list[str], included: list[str]):
    found = patterns(lines)
    assert [each for each in ignored if not found.covers(each)] == []
    assert [each for each in included if found.covers(each)] == []


@pytest.mark.parametrize("pattern", ["*a" * 200 + "b", "**/a/" * 100 + "b", "a*" * 300, "[" * 500, "?" * 900 + "x"])
def test_a_hostile_pattern_takes_bounded_work(pattern: str):
    found = patterns([pattern])
    covered = []
    for path in ("/".join(["a" * 250] * 16), "a/" * 1_000 + "c"):
        calls(lambda path=path: covered.append(found.covers(path)), limit=5_000_000)
    assert covered == [False, False]


class TestWalking:
    def test_files_and_folders_are_left_out(self, project: Project):
        files(project, "a.json", "b.json", "build/c.json", "x/build/d.json", "x/e.json")
        project.write({".gitignore": "build/\nb.*\n"})
        assert looked_at(project) == {"a.json", "x/e.json"}
        assert len(looked_at(project, "--no-gitignore")) == 5

    def test_the_nearest_file_decides(self, project: Project):
        files(project, "a.json", "x/a.json", "x/y/a.json", "x/b.json", "z/b.json")
        project.write({".gitignore": "a.json\n", "x/.gitignore": "!a.json\n/b.json\n", "x/y/.gitignore": "*\n"})
        assert looked_at(project) == {"x/a.json", "z/b.json"}

    def test_gitignore_files_up_to_the_repository_root_apply(self, project: Project):
        files(project, "x/y/a.json", "x/y/b.json", "x/y/c.json")
        project.write({".gitignore": "/x/y/a.json\n", "x/.gitignore": "b.json\n"})
        assert looked_at(project, "x/y") == {"x/y/c.json"}
        project.monkeypatch.chdir(project.folder / "x" / "y")
        assert looked_at(project) == {"c.json"}

    def test_gitignore_files_above_the_repository_do_not_apply(self, project: Project):
        files(project, "x/a.json")
        project.write({".gitignore": "*\n", "x/.git/config": ""})
        assert looked_at(project, "x") == {"x/a.json"}

    def test_outside_a_repository_parent_gitignore_files_do_not_apply(self, project: Project):
        files(project, "x/a.json", "x/b.json")
        project.write({".gitignore": "*\n", "x/.gitignore": "b.json"})
        (project.folder / ".git").rmdir()
        assert looked_at(project, "x") == {"x/a.json"}

    def test_paths_given_explicitly_are_checked(self, project: Project):
        files(project, "a.json", "build/b.json")
        project.write({".gitignore": "build/\na.json\n"})
        assert looked_at(project, "a.json", "build") == {"a.json", "build/b.json"}

    @pytest.mark.parametrize("content", [b"\xff\xfe*", b"\0", b"[", b"!", b"/", b"\n" * 1_000])
    def test_malformed_gitignore_files_are_ignored(self, project: Project, content: bytes):
        files(project, "a.json")
        project.write({".gitignore": content})
        assert looked_at(project) == {"a.json"}

    def test_a_folder_named_gitignore_is_ignored(self, project: Project):
        files(project, "a.json", ".gitignore/b.json")
        assert looked_at(project) == {"a.json"}


class TestExclude:
    @pytest.mark.parametrize(
        ("globs", "left"),
        [
            (["b.json"], {"a.json", "x/a.json"}),
            (["x"], {"a.json"}),
            (["/a.json"], {"x/a.json", "x/b.json"}),
            (["x/*", "!b.json"], {"a.json", "x/b.json"}),
            (["*.json"], set()),
            (["none"], {"a.json", "x/a.json", "x/b.json"}),
        ],
    )
    def test_patterns_are_those_of_gitignore(self, project: Project, globs: Iterable[str], left: set[str]):
        files(project, "a.json", "x/a.json", "x/b.json")
        argv = [part for glob in globs for part in ("--exclude", glob)]
        assert looked_at(project, *argv) == left
        assert looked_at(project, *argv, "a.json", "x/a.json", "x/b.json") == left
        assert looked_at(project, *argv, "a.json", "x") == left

    def test_a_file_outside_the_folder_is_excluded_by_name(self, project: Project):
        files(project, "a.json", "b.json", "x/c.json")
        project.monkeypatch.chdir(project.folder / "x")
        assert looked_at(project, "--exclude", "a.json", "../a.json", "../b.json") == {"../b.json"}

    def test_gitignore_cannot_reinclude_excluded_files(self, project: Project):
        files(project, "a.json", "b.json")
        project.write({".gitignore": "!a.json"})
        assert looked_at(project, "--exclude", "a.json") == {"b.json"}


class TestStandardInput:
    def test_standard_input_can_have_a_filename(self, project: Project):
        ran = project.json("-", "--stdin-filename", "x/a.json", stdin=BAD)
        assert json.loads(ran.out)["findings"][0]["file"] == "x/a.json"
        ran = project.run("-", "--stdin-filename", "x/a.json", stdin=BAD[:-1])
        assert ran.err.startswith("lambda-validate: x/a.json:1:")

    def test_the_filename_determines_the_language(self, project: Project):
        assert project.run("-", "--stdin-filename", "a.yaml", stdin=GOOD).code == 0
        assert project.run("-", "--stdin-filename", "a.json", stdin="FunctionName: f\nBatchSize: 11\n").code == 2

    def test_an_excluded_name_is_not_linted(self, project: Project):
        assert project.run("-", "--stdin-filename", "x/a.json", "--exclude", "x/", stdin=BAD).code == 0

    def test_a_name_without_standard_input_is_rejected(self, project: Project):
        ran = project.run("--stdin-filename", "a.json", stdin=BAD)
        assert ran.code == 2
        assert "add -" in ran.err


ATOMS = ["a", "b", "ab", "*", "**", "?", "[ab]", "[!a]", "\\a", "*.b", "a*b", "/", "/", "/", "!", "\\ ", " ", "#",
         "[a-c]", "[", "]", "[]a]", "-", "[a-]", "[[:alpha:]]", "\\"]  # fmt: skip
NAMES = ["a", "b", "ab", "aab", "c", "-", "a.b", " a", "a b", "#a", "!a"]


@pytest.mark.e2e
@pytest.mark.parametrize("seed", range(5))
def test_git_check_ignore_agrees(tmp_path: Path, seed: int):
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    chosen = random.Random(seed)
    paths = sorted({"/".join(chosen.choices(NAMES, k=depth)) for depth in range(1, 5) for _ in range(40)})
    command = ["git", "check-ignore", "--no-index", "--stdin", "-z", "-v", "-n"]
    for _ in range(60):
        lines = ["".join(chosen.choices(ATOMS, k=chosen.randint(1, 6))) for _ in range(chosen.randint(1, 3))]
        (tmp_path / ".gitignore").write_text("\n".join(lines) + "\n")
        ran = subprocess.run(command, cwd=tmp_path, input="\0".join(paths).encode(), capture_output=True, check=False)
        fields = ran.stdout.decode().split("\0")
        expected = {
            fields[at + 3]: bool(fields[at]) and fields[at + 2][0] != "!" for at in range(0, len(fields) - 3, 4)
        }
        assert {path: patterns(lines).covers(path) for path in paths} == expected, lines
