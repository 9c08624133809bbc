"""Test settings files: the search in parent folders, errors with line numbers, and overrides by the command line."""

from __future__ import annotations

import builtins
import json
from typing import Any

import pytest
from support.linting import BAD, GOOD, NEWER, Project

OWN, SHARED = ".lambda-validate.toml", "pyproject.toml"


class TestFinding:
    @pytest.mark.parametrize(("name", "head"), [(OWN, ""), (SHARED, "[tool.lambda-validate]\n")])
    def test_settings_are_read_from_both_kinds_of_files(self, project: Project, name: str, head: str):
        project.write({"a.json": BAD, name: f'{head}ignore = ["batch-size.sqs"]\n'})
        assert project.run().code == 0

    def test_the_own_settings_file_overrides_pyproject(self, project: Project):
        project.write({"a.json": BAD, OWN: "", SHARED: '[tool.lambda-validate]\nignore = ["batch-size"]\n'})
        assert project.run().code == 1

    def test_pyproject_without_our_table_is_skipped(self, project: Project):
        project.write({OWN: 'ignore = ["batch-size"]', f"sub/{SHARED}": "[tool.other]\n", "sub/a.json": BAD})
        project.monkeypatch.chdir(project.folder / "sub")
        assert project.run().code == 0

    def test_only_the_nearest_settings_file_is_used(self, project: Project):
        project.write(
            {OWN: 'ignore = ["batch-size"]', f"sub/{OWN}": "strict = true", "sub/a.json": f"[{BAD}, {NEWER}]"}
        )
        project.monkeypatch.chdir(project.folder / "sub")
        assert sorted(project.json().rules) == ["batch-size.sqs", "member.newer"]

    def test_the_search_ends_at_the_repository_s_top(self, project: Project):
        project.write({OWN: 'ignore = ["batch-size"]', "sub/.git": "gitdir: elsewhere", "sub/a.json": BAD})
        project.monkeypatch.chdir(project.folder / "sub")
        assert project.run().code == 1

    def test_a_broken_pyproject_without_our_table_is_ignored(self, project: Project):
        project.write({"a.json": BAD, SHARED: "[[[ no TOML"})
        assert project.run().code == 1

    def test_config_names_a_file_and_no_config_disables_it(self, project: Project):
        project.write({"a.json": BAD, OWN: "strict = 1", "other.toml": 'ignore = ["batch-size"]'})
        assert project.run("--config", "other.toml").code == 0
        assert project.run("--no-config").code == 1
        assert project.run().code == 2

    def test_a_named_shared_file_needs_no_table(self, project: Project):
        project.write({"a.json": BAD, f"x/{SHARED}": ""})
        assert project.run("--config", f"x/{SHARED}").code == 1

    def test_one_payload_is_checked_with_settings_too(self, project: Project):
        project.write({OWN: 'ignore = ["batch-size"]'})
        assert project.run("CreateEventSourceMapping", stdin=BAD, command="request").code == 0


class TestErrors:
    @pytest.mark.parametrize(
        ("text", "line", "message"),
        [
            ('ignored = ["x"]', 1, "there is no setting 'ignored'; did you mean 'ignore'?"),
            ("\n# why\nstrickt = true", 3, "did you mean 'strict'?"),
            ("unknown_members = 'error'", 1, "did you mean 'unknown-members'?"),
            ("zzz = 1", 1, "the keys are select, ignore"),
            ("strict = 1", 1, "strict must be true or false"),
            ("strict = 'true'", 1, "strict must be true or false"),
            ("\n\nselect = 'batch-size'", 3, "select must be a list of strings"),
            ("ignore = [1]", 1, "ignore must be a list of strings"),
            ("exclude = {}", 1, "exclude must be a list of strings"),
            ("edition = 1", 1, "edition must be a string"),
            ("edition = 'document'", 1, "did you mean 'documents'?"),
            ("baseline = true", 1, "baseline must be a string"),
            ("gitignore = 'no'", 1, "gitignore must be true or false"),
            ("unknown-members = 'fatal'", 1, "one of error, warning and ignore"),
            ("per-file-ignores = []", 1, "a table of patterns, each with a list of rules"),
            ("[per-file-ignores]\n'*.json' = 'batch-size'", 1, "a table of patterns, each with a list of rules"),
            ("strict = false\nignore = ['batch-size.sqz']", 2, "did you mean 'batch-size.sqs'?"),
            ("select = ['batch-sizes']", 1, "did you mean 'batch-size'?"),
            ("[per-file-ignores]\n'*.json' = ['batch-sizes']", 1, "did you mean 'batch-size'?"),
        ],
    )
    @pytest.mark.parametrize("name", [OWN, SHARED])
    def test_invalid_settings_are_reported_with_their_line(
        self, project: Project, name: str, text: str, line: int, message: str
    ):
        head = "" if name == OWN else "[tool.other]\nstrict = 0\nselect = 0\n[tool.lambda-validate]\n"
        text = text if name == OWN else text.replace("[per-file", "[tool.lambda-validate.per-file")
        project.write({"a.json": BAD, name: f"{head}{text}\n"})
        code, out, err = project.run()
        assert (code, out) == (2, "")
        assert err.startswith(f"lambda-validate: {name}:{head.count(chr(10)) + line}: ")
        assert message in err
        assert err.count("\n") == 1

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            (b"strict = ", "expected TOML"),
            (b"strict = true\nstrict = true", "expected TOML"),
            (b"a = \xff", "expected UTF-8 text"),
            (b"a = " + b"[" * 100_000, "expected TOML"),
        ],
    )
    def test_invalid_toml_is_reported_in_one_line(self, project: Project, content: bytes, message: str):
        project.write({OWN: content})
        code, out, err = project.run()
        assert (code, out) == (2, "")
        assert err.startswith(f"lambda-validate: {OWN}: {message}")
        assert err.count("\n") == 1

    def test_a_settings_table_of_an_invalid_type_is_an_error(self, project: Project):
        project.write({SHARED: "[tool]\nlambda-validate = 1\n"})
        ran = project.run()
        assert ran.code == 2
        assert "must be a table" in ran.err

    @pytest.mark.parametrize("name", ["none.toml", "."])
    def test_an_unreadable_config_file_is_an_error(self, project: Project, name: str):
        ran = project.run("--config", name)
        assert ran.code == 2
        assert "the settings cannot be read" in ran.err


class TestPrecedence:
    @pytest.mark.parametrize(
        ("setting", "argv", "rules"),
        [
            ("", (), ["batch-size.sqs", "member.newer", "member.unknown"]),
            ('select = ["member"]', (), ["member.newer", "member.unknown"]),
            ('select = ["member"]', ("--select", "batch-size"), ["batch-size.sqs"]),
            ('ignore = ["member"]', (), ["batch-size.sqs"]),
            ('ignore = ["member"]', ("--ignore", "batch-size"), ["member.newer", "member.unknown"]),
            ('unknown-members = "ignore"', (), ["batch-size.sqs", "member.newer"]),
            ('unknown-members = "ignore"', ("--unknown-members", "error"),
             ["batch-size.sqs", "member.newer", "member.unknown"]),
            ('exclude = ["*.json"]', (), []),
            ('exclude = ["*.json"]', ("--exclude", "x"), ["batch-size.sqs", "member.newer", "member.unknown"]),
        ],
    )  # fmt: skip
    def test_the_command_line_overrides_the_file(
        self, project: Project, setting: str, argv: tuple[str, ...], rules: list[str]
    ):
        payload = {**json.loads(BAD), "Topics": ["t"], "Foo": 1}
        project.write({"a.json": json.dumps(payload), OWN: setting})
        assert sorted(project.json(*argv).rules) == rules

    def test_boolean_settings_can_be_negated_on_the_command_line(self, project: Project):
        project.write({"a.json": NEWER, OWN: "strict = true"})
        assert project.run().code == 1
        assert project.run("--no-strict").code == 0
        assert project.run("--no-config", "--strict").code == 1

    def test_an_edition_is_taken_from_the_file(self, project: Project):
        project.write({"a.json": GOOD, OWN: 'edition = "documents"'})
        assert project.run().code == 0
        ran = project.run("--edition", "document")
        assert ran.code == 2
        assert OWN not in ran.err


class TestPaths:
    def test_patterns_are_relative_to_the_file(self, project: Project):
        project.write({"gen/a.json": BAD, "sub/gen/b.json": BAD, OWN: 'exclude = ["/gen"]'})
        project.monkeypatch.chdir(project.folder / "sub")
        assert {each["file"] for each in json.loads(project.json("..").out)["findings"]} == {"../sub/gen/b.json"}

    def test_per_file_ignores(self, project: Project):
        text = '[per-file-ignores]\n"legacy/" = ["batch-size"]\n"*.x.json" = ["batch-size.sqs", "member.newer"]\n'
        project.write({OWN: text, "legacy/deep/a.json": BAD, "b.x.json": f"[{BAD}, {NEWER}]", "c.json": BAD})
        assert {each["file"] for each in json.loads(project.json().out)["findings"]} == {"c.json"}

    def test_a_baseline_is_relative_to_the_file(self, project: Project):
        project.write({"sub/a.json": BAD, OWN: 'baseline = "known.json"'})
        assert project.run("--write-baseline", "known.json").code == 0
        project.monkeypatch.chdir(project.folder / "sub")
        assert project.run().code == 0


class TestImports:
    def test_toml_is_not_imported_without_settings(self, project: Project):
        imported = builtins.__import__

        def refuse(name: str, *rest: Any, **options: Any) -> Any:
            assert "toml" not in name
            return imported(name, *rest, **options)

        project.write({"a.json": BAD, SHARED: "[tool.other]\n"})
        project.monkeypatch.setattr(builtins, "__import__", refuse)
        assert project.run().code == 1
