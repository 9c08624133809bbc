"""Test `--fix`: it makes safe edits only, and a second run changes nothing.

`--diff` shows the edits without writing them.
"""

from __future__ import annotations

import codecs
import json
import os
import random
import stat
import subprocess
from collections.abc import Callable
from itertools import groupby
from typing import Any

import pytest
import yaml
from support.linting import BAD, GOOD, NEWER, QUEUE, Project
from support.steps import GROWTH, growth

from lambda_validate.files import writing
from lambda_validate.lint.documents import json_text
from lambda_validate.lint.files import Failure
from lambda_validate.lint.fix import fixer
from lambda_validate.lint.fix.edits import is_slip

HEAD = f"FunctionName: f\nEventSourceArn: {QUEUE}\n"
WINDOWS, FACE = HEAD.replace("\n", "\r\n"), "Description: \U0001f600\n" + HEAD
TABLE = f'resource "aws_lambda_event_source_mapping" "a" {{\n  event_source_arn = "{QUEUE}"\n  %s\n}}\n'

CASES = {
    # a name
    "case": ("a.yaml", HEAD + "Batchsize: 1\n", HEAD + "BatchSize: 1\n"),
    "snake": ("a.yaml", HEAD + "batch_size: 1 # why\n", HEAD + "BatchSize: 1 # why\n"),
    "letter": ("a.yaml", HEAD + "BatchSise: 1\n", HEAD + "BatchSize: 1\n"),
    "swapped": ("a.yaml", HEAD + "BatchSzie: 1\n", HEAD + "BatchSize: 1\n"),
    "quoted name": ("a.yaml", HEAD + "'batchSize' : 1\n", HEAD + "'BatchSize' : 1\n"),
    "name in json": ("a.json", GOOD[:-1] + ', "batchSize"  : 1}', GOOD[:-1] + ', "BatchSize"  : 1}'),
    "name below": (
        "a.yaml",
        "MaximumRetryAttempts: 1\nMaximumEventAgeInSeconds: 60\nDestinationConfig: {onfailure: {destination: a}}\n",
        "MaximumRetryAttempts: 1\nMaximumEventAgeInSeconds: 60\nDestinationConfig: {OnFailure: {Destination: a}}\n",
    ),
    # quotes
    "number": ("a.yaml", HEAD + 'BatchSize: "10" # why\n', HEAD + "BatchSize: 10 # why\n"),
    "number in json": ("a.json", GOOD[:-1] + ', "BatchSize": "10"}', GOOD[:-1] + ', "BatchSize": 10}'),
    "boolean": ("a.yaml", HEAD + "Enabled: 'True'\n", HEAD + "Enabled: true\n"),
    "boolean in json": ("a.json", GOOD[:-1] + ', "Enabled" :"false"}', GOOD[:-1] + ', "Enabled" :false}'),
    "name, then number": ("a.yaml", HEAD + "batchSize: '10'\n", HEAD + "BatchSize: 10\n"),
    # white space
    "line break in json": ("a.json", GOOD.replace('"f"', r'"f\n"'), GOOD),
    "several in json": ("a.json", GOOD.replace('"f"', r'"f \t\r\n\u000a "'), GOOD),
    "blank in quotes": ("a.yaml", HEAD.replace(": f", ": 'f '"), HEAD.replace(": f", ": 'f'")),
    "line break in quotes": ("a.yaml", HEAD.replace(": f", r': "f\n"'), HEAD.replace(": f", ': "f"')),
    "block": ("a.yaml", HEAD.replace(": f", ": | # why\n  f"), HEAD.replace(": f", ": |- # why\n  f")),
    "folded": ("a.yaml", HEAD.replace(": f", ": >\n  f"), HEAD.replace(": f", ": >-\n  f")),
    "listed": ("a.yaml", HEAD + "StartingPosition: 'LATEST '\n", HEAD + "StartingPosition: 'LATEST'\n"),
    # the letter case of a choice
    "choice": ("a.yaml", HEAD + "StartingPosition: latest # why\n", HEAD + "StartingPosition: LATEST # why\n"),
    "choice in quotes": ("a.yaml", HEAD + "StartingPosition: 'Latest'\n", HEAD + "StartingPosition: 'LATEST'\n"),
    "choice in json": (
        "a.json", GOOD[:-1] + ', "StartingPosition": "lATEST"}', GOOD[:-1] + ', "StartingPosition": "LATEST"}'
    ),
    "choice of terraform": (
        "main.tf", TABLE % 'starting_position = "trim_horizon"', TABLE % 'starting_position = "TRIM_HORIZON"'
    ),
    # the context
    "windows": ("a.yaml", WINDOWS + "batchSize: 1\r\n", WINDOWS + "BatchSize: 1\r\n"),
    "no last line break": ("a.yaml", HEAD + "batchSize: 1", HEAD + "BatchSize: 1"),
    "documents": (
        "a.yaml",
        f"{HEAD}batchSize: 1\n---\n{HEAD}Enabled: 'true'\n",
        f"{HEAD}BatchSize: 1\n---\n{HEAD}Enabled: true\n",
    ),
    "list": ("a.json", f'[{GOOD[:-1]}, "batchSize": "1"}}, {GOOD}]', f'[{GOOD[:-1]}, "BatchSize": 1}}, {GOOD}]'),
    "unicode before": ("a.yaml", FACE + "batchSize: 1\n", FACE + "BatchSize: 1\n"),
}  # fmt: skip

LEFT_ALONE = {
    "the right name is there": ("a.yaml", HEAD + "BatchSize: 1\nbatchSize: 2\n"),
    "the right name is merged in": ("a.yaml", HEAD + "<<: {BatchSize: 1}\nbatchSize: 2\n"),
    "two wrong names mean one": ("a.yaml", HEAD + "batchSize: 1\nbatch_size: 2\n"),
    "not near enough": ("a.yaml", HEAD + "BatchLength: 1\n"),
    "two letters": ("a.yaml", HEAD + "BatxhSzze: 1\n"),
    "a text that is no number": ("a.yaml", HEAD + "BatchSize: 'ten'\n"),
    "another way to write a number": ("a.yaml", HEAD + "BatchSize: '010'\n"),
    "a fraction": ("a.yaml", HEAD + "BatchSize: '1.5'\n"),
    "a word for true": ("a.yaml", HEAD + "Enabled: 'yes'\n"),
    "a number for a boolean": ("a.yaml", HEAD + "Enabled: '1'\n"),
    "a boolean for a number": ("a.yaml", HEAD + "BatchSize: 'true'\n"),
    "an anchor": ("a.yaml", HEAD + "BatchSize: &a '1'\nDescription: *a\n"),
    "an alias": ("a.yaml", f"Description: &a '1'\n{HEAD}BatchSize: *a\n"),
    "shared by an alias": ("a.yaml", f"- &a\n  {HEAD.replace(chr(10), chr(10) + '  ')}batchSize: 1\n- *a\n"),
    "a backslash, no line break": ("a.json", GOOD.replace('"f"', r'"f\\n"')),
    "blanks at the begin": ("a.yaml", HEAD.replace(": f", ": ' f'")),
    "blanks are not all that is wrong": ("a.yaml", HEAD.replace(": f", ": 'a b '")),
    "a kept block": ("a.yaml", HEAD.replace(": f", ": |+\n  f\n")),
    "a tag": ("a.yaml", HEAD + "BatchSize: !!str 1\n"),
    "a choice without its line": ("a.yaml", HEAD + "StartingPosition: trimhorizon\n"),
    "a choice with a letter too many": ("a.yaml", HEAD + "StartingPosition: LATESTT\n"),
    "a choice in a block": ("a.yaml", HEAD + "StartingPosition: |-\n  latest\n"),
    "a choice with an anchor": ("a.yaml", HEAD + "StartingPosition: &a latest\n"),
    "a value too large": ("a.yaml", HEAD + "BatchSize: 11\n"),
}  # fmt: skip


def load(name: str, data: bytes) -> Any:
    return json.loads(data) if name.endswith("json") else list(yaml.load_all(data, yaml.BaseLoader))


class TestFixing:
    @pytest.mark.parametrize("case", CASES)
    def test_safe_fixes_are_applied_and_idempotent(self, project: Project, case: str):
        name, before, after = CASES[case]
        project.write({name: before})
        assert project.run().code + project.run("--strict").code > 0
        ran = project.run("--fix")
        assert project.read(name).decode() == after
        assert ran.code == project.run().code
        ran = project.run("--fix")
        assert project.read(name).decode() == after
        assert "0 places in 0 files fixed" in ran.err

    @pytest.mark.parametrize("case", sorted(set(CASES) - {"name below"}))  # its value is invalid after the correction
    def test_a_run_without_fix_counts_fixable_findings(self, project: Project, case: str):
        name, before, _ = CASES[case]
        project.write({name: before, "same.json": BAD})
        ran = project.run()
        counts = [line for line in ran.err.splitlines() if line.endswith(" can be fixed with --fix")]
        whole = len(project.json().rules)
        assert project.read(name).decode() == before
        project.run("--fix")
        assert counts == [f"lambda-validate: {whole - len(project.json().rules)} of {whole} can be fixed with --fix"]

    @pytest.mark.parametrize(
        "option", ["--quiet", "--output-format=json", "--write-baseline=b.json", "--fix", "--diff"]
    )
    def test_fixable_findings_are_not_counted_with_other_options(self, project: Project, option: str):
        project.write({"a.yaml": HEAD + "batchSize: 1\n"})
        assert "with --fix" in project.run().err
        assert "with --fix" not in project.run(option).err

    @pytest.mark.parametrize("case", LEFT_ALONE)
    def test_no_count_is_printed_without_fixable_findings(self, project: Project, case: str):
        name, before = LEFT_ALONE[case]
        project.write({name: before})
        assert "with --fix" not in project.run().err

    def test_ignored_findings_are_not_counted_as_fixable(self, project: Project):
        project.write({"a.yaml": HEAD + "batchSize: 1 # lambda-validate: ignore[member.unknown]\nenabled: true\n"})
        assert "1 of 1 can be fixed with --fix" in project.run().err
        assert "with --fix" not in project.run("--ignore", "member.unknown").err

    def test_newer_members_are_not_removed(self, project: Project):
        newer = "FunctionResponseTypes: [ReportBatchItemFailures]\nScalingConfig: {MaximumConcurrency: 2}\n"
        project.write({"a.yaml": HEAD + newer})
        assert project.json("--edition", "documents").rules == ["member.newer"] * 2
        ran = project.run("--edition", "documents", "--fix")
        assert project.read("a.yaml").decode() == HEAD + newer
        assert ("0 places in 0 files fixed" in ran.err, "eave it out" in ran.out) == (True, False)

    @pytest.mark.parametrize("case", LEFT_ALONE)
    def test_unsafe_fixes_are_not_applied(self, project: Project, case: str):
        name, before = LEFT_ALONE[case]
        project.write({name: before})
        reported = project.json(name)
        assert reported.rules
        assert project.json(name, "--fix").rules == reported.rules
        assert project.read(name).decode() == before

    def test_findings_that_appear_after_fixing_are_reported(self, project: Project):
        project.write({"a.json": GOOD[:-1] + ', "batchSize": "11"}'})
        ran = project.json("--fix")
        assert (ran.code, ran.rules) == (1, ["batch-size.sqs"])
        assert ran.err == "lambda-validate: 2 places in 1 file fixed\n"
        assert json.loads(project.read("a.json"))["BatchSize"] == 11

    def test_unfixable_findings_do_not_prevent_other_fixes(self, project: Project):
        lines = ["batchSize: 1", "Foo: 1", "enabled: 'true'", "description: '1'", "StartingPosition: 'LATEST '"]
        project.write({"a.yaml": HEAD + "\n".join([*lines, "batch_size: 1", ""])})
        project.run("--fix")
        assert project.read("a.yaml").decode().splitlines()[2:] == [
            "batchSize: 1", "Foo: 1", "Enabled: true", "description: '1'",
            "StartingPosition: 'LATEST'", "batch_size: 1",
        ]  # fmt: skip

    def test_a_useless_edit_does_not_prevent_other_fixes(self, project: Project):
        faulty = "FunctionName: 'a b '\n" + HEAD.split("\n", 1)[1]
        project.write({"a.yaml": faulty + "enabled: true\nbatchSize: '2'\nStartingPosition: 'LATEST '\n"})
        project.run("--fix")
        after = faulty + "Enabled: true\nBatchSize: 2\nStartingPosition: 'LATEST'\n"
        assert project.read("a.yaml").decode() == after

    def test_a_template_with_tags_is_fixed(self, project: Project):
        text = (
            "Resources:\n  A: # first\n    Type: AWS::Lambda::EventSourceMapping\n    Properties:\n"
            "      FunctionName: !Ref F\n      EventSourceArn: !GetAtt [Q, Arn]\n      %s: !If [C, 1, 2] # why\n"
            "  Q: {Type: AWS::SQS::Queue}\n"
        )
        project.write({"a.yaml": text % "batchSize"})
        project.run("--fix")
        assert project.read("a.yaml").decode() == text % "BatchSize"

    def test_ignored_and_baseline_findings_are_not_fixed(self, project: Project):
        text = HEAD + "batchSize: 1 # lambda-validate: ignore[member.unknown]\nenabled: true\n"
        project.write({"a.yaml": text, "b.yaml": HEAD + "Enabled: 'true'\n"})
        project.run("--write-baseline", "known", "b.yaml")
        project.run("--fix", "--baseline", "known")
        assert project.read("a.yaml").decode() == text.replace("enabled", "Enabled")
        assert project.read("b.yaml").decode() == HEAD + "Enabled: 'true'\n"
        project.run("--fix", "--ignore", "enabled")
        assert project.read("b.yaml").decode() == HEAD + "Enabled: 'true'\n"

    def test_a_baseline_is_used_once_while_fixing(self, project: Project):
        project.write({"a.json": BAD})
        project.run("--write-baseline", "known")
        project.write({"a.json": BAD[:-1] + ', "enabled": true}'})
        assert project.run("--fix", "--baseline", "known").code == 0

    def test_work_grows_linearly_with_the_number_of_faults(self, project: Project):
        def fixing(count: int) -> Callable[[], Any]:
            one = GOOD[:-1] + ', "batchSize": "1", "Foo": 1}'
            project.write({"a.json": "[" + ",\n".join([one] * count) + "]"})
            return lambda: project.run("--fix", "-q")

        assert growth(fixing, 40) < GROWTH
        assert project.read("a.json").count(b'"BatchSize": 1,') == 80

    def test_a_terraform_mapping_is_fixed(self, project: Project):
        pytest.importorskip("tree_sitter_hcl", reason="Terraform's language is read by an extra")
        project.write({"a.tf": TABLE % 'function_nam = "f" # why\n  batch_size = 1'})
        project.run("--fix")
        assert project.read("a.tf").decode() == TABLE % 'function_name = "f" # why\n  batch_size = 1'

    def test_numbers_as_strings_in_a_template_are_not_changed(self, project: Project):
        properties = {"FunctionName": "f", "EventSourceArn": QUEUE, "BatchSize": "10", "enabled": "true"}
        value = {"Resources": {"A": {"Type": "AWS::Lambda::EventSourceMapping", "Properties": properties}}}
        project.write({"a.json": json.dumps(value, indent=1)})
        project.run("--fix")
        assert project.read("a.json").decode() == json.dumps(value, indent=1).replace('"enabled"', '"Enabled"')


class TestFiles:
    BEFORE = HEAD + "batchSize: 1\n"
    AFTER = HEAD + "BatchSize: 1\n"

    @pytest.mark.parametrize("mode", [0o600, 0o644, 0o755, 0o640])
    def test_the_file_mode_is_preserved(self, project: Project, mode: int):
        project.write({"a.yaml": self.BEFORE})
        (project.folder / "a.yaml").chmod(mode)
        project.run("--fix")
        assert project.read("a.yaml").decode() == self.AFTER
        assert stat.S_IMODE((project.folder / "a.yaml").stat().st_mode) == mode

    def test_the_temporary_file_is_private(self, project: Project):
        seen: list[tuple[int, int]] = []
        opened = os.open

        def watched(path: str, flags: int, *rest: int, **options: Any) -> int:
            descriptor = opened(path, flags, *rest, **options)
            if flags & os.O_CREAT:
                seen.append((stat.S_IMODE(os.fstat(descriptor).st_mode), os.fstat(descriptor).st_nlink))
            return descriptor

        project.write({"a.yaml": self.BEFORE})
        project.monkeypatch.setattr(os, "open", watched)
        assert project.run("--fix").code == 0
        assert seen == [(0o600, 1)]
        assert project.read("a.yaml").decode() == self.AFTER

    @pytest.mark.skipif(os.getuid() != 0, reason="only root gives files away")
    def test_the_owner_is_preserved(self, project: Project):
        project.write({"a.yaml": self.BEFORE})
        os.chown("a.yaml", 1234, 4321)
        os.chmod("a.yaml", 0o2750)
        project.run("--fix")
        facts = os.stat("a.yaml")
        assert (facts.st_uid, facts.st_gid, stat.S_IMODE(facts.st_mode)) == (1234, 4321, 0o2750)
        assert project.read("a.yaml").decode() == self.AFTER

    @pytest.mark.skipif(not hasattr(os, "setxattr"), reason="only Linux has these functions")
    def test_extended_attributes_are_preserved(self, project: Project):
        project.write({"a.yaml": self.BEFORE})
        try:
            os.setxattr("a.yaml", "user.comment", b"ours")
        except OSError as error:
            pytest.skip(f"the file system has none: {error}")
        project.run("--fix")
        assert project.read("a.yaml").decode() == self.AFTER
        assert os.getxattr("a.yaml", "user.comment") == b"ours"

    def test_inherited_extended_attributes_are_removed(self, project: Project):
        """A folder may give attributes, such as access rights, to files that are created in it."""
        calls: list[tuple[str, str]] = []
        had = {"a.yaml": {"user.same": b"1", "user.kept": b"2"}, "": {"user.same": b"1", "system.inherited": b"3"}}

        def of(file: str | int) -> dict[str, bytes]:
            return had["" if isinstance(file, int) else os.path.basename(file)]

        project.write({"a.yaml": self.BEFORE})
        patch = project.monkeypatch.setattr
        patch(os, "listxattr", lambda file: list(of(file)), raising=False)
        patch(os, "getxattr", lambda file, name: of(file)[name], raising=False)
        patch(os, "setxattr", lambda file, name, value: calls.append(("set", name)), raising=False)
        patch(os, "removexattr", lambda file, name: calls.append(("remove", name)), raising=False)
        project.run("--fix")
        assert calls == [("remove", "system.inherited"), ("set", "user.kept")]

    @pytest.mark.parametrize("name", ["fchown", "setxattr"])
    def test_a_file_is_written_in_place_if_attributes_cannot_be_copied(self, project: Project, name: str):
        def refuse(*_: object) -> None:
            raise PermissionError(1, "Operation not permitted")

        project.write({"a.yaml": self.BEFORE})
        fstat = os.fstat
        before = os.stat("a.yaml")
        project.monkeypatch.setattr(os, name, refuse, raising=False)
        if name == "fchown":
            other = (before.st_mode, before.st_ino, before.st_dev, 1, before.st_uid + 1, *before[5:10])
            project.monkeypatch.setattr(
                os, "fstat", lambda file: os.stat_result(other) if fstat(file).st_nlink == 1 else fstat(file)
            )
        else:
            project.monkeypatch.setattr(os, "listxattr", lambda file: ["x"] * isinstance(file, str), raising=False)
            project.monkeypatch.setattr(os, "getxattr", lambda file, name: b"", raising=False)
        assert project.run("--fix").code == 0
        assert project.read("a.yaml").decode() == self.AFTER
        assert os.stat("a.yaml").st_ino == before.st_ino
        assert sorted(os.listdir()) == [".git", "a.yaml"]

    @pytest.mark.parametrize("extra", ["", "Enabled: 'true'\n"])
    def test_hard_links_are_preserved(self, project: Project, extra: str):
        project.write({"real/a.yaml": self.BEFORE + extra})
        os.link("real/a.yaml", "b.txt")
        project.run("--fix")
        assert os.path.samefile("real/a.yaml", "b.txt")
        assert project.read("b.txt").decode() == self.AFTER + extra.replace("'", "")
        assert os.listdir("real") == ["a.yaml"]

    def test_a_failed_in_place_write_is_rolled_back(self, project: Project):
        def fail(opened: Any, data: bytes) -> None:
            overwrite(opened, data if data == self.BEFORE.encode() else data[:9])
            if data != self.BEFORE.encode():
                raise OSError(28, "No space left on device")

        overwrite = writing._overwrite
        project.write({"a.yaml": self.BEFORE})
        os.link("a.yaml", "b.txt")
        project.monkeypatch.setattr(writing, "_overwrite", fail)
        ran = project.run("--fix")
        assert (ran.code, "no space left" in ran.err) == (2, True)
        assert project.read("a.yaml").decode() == self.BEFORE

    def test_a_file_name_of_maximal_length_is_fixed(self, project: Project):
        name = "\U0001f600" * 62 + ".yaml"
        project.write({name: self.BEFORE})
        assert project.run("--fix").code == 0
        assert project.read(name).decode() == self.AFTER

    def test_a_byte_order_mark_is_preserved(self, project: Project):
        project.write({"a.yaml": codecs.BOM_UTF8 + self.BEFORE.encode()})
        project.run("--fix")
        assert project.read("a.yaml") == codecs.BOM_UTF8 + self.AFTER.encode()

    def test_a_symlink_is_written_through(self, project: Project):
        project.write({"real/a.yaml": self.BEFORE})
        (project.folder / "link.yaml").symlink_to("real/a.yaml")
        project.run("link.yaml", "--fix")
        assert (project.folder / "link.yaml").is_symlink()
        assert project.read("real/a.yaml").decode() == self.AFTER
        assert os.listdir(project.folder / "real") == ["a.yaml"]

    def test_files_without_fixes_are_not_touched(self, project: Project):
        project.write({"a.yaml": HEAD, "b.yaml": HEAD + "BatchSize: 11\n"})
        before = [(project.folder / name).stat() for name in ("a.yaml", "b.yaml")]
        project.run("--fix")
        after = [(project.folder / name).stat() for name in ("a.yaml", "b.yaml")]
        assert [(each.st_ino, each.st_mtime_ns) for each in after] == [
            (each.st_ino, each.st_mtime_ns) for each in before
        ]

    def test_a_file_that_cannot_be_written_is_reported_and_unchanged(self, project: Project):
        def refuse(source: str, target: str) -> None:
            raise PermissionError(13, "Permission denied")

        project.write({"a.yaml": self.BEFORE, "b.json": BAD})
        project.monkeypatch.setattr(os, "replace", refuse)
        ran = project.run("--fix", "--output-format", "concise")
        assert ran.code == 2
        assert "a.yaml: expected a readable file to write: permission denied" in ran.err or "a.yaml: " in ran.err
        assert "batch-size.sqs" in ran.out
        assert project.read("a.yaml").decode() == self.BEFORE
        assert sorted(os.listdir(project.folder)) == [".git", "a.yaml", "b.json"]

    def test_a_read_only_file_is_not_replaced(self, project: Project):
        project.write({"a.yaml": self.BEFORE})
        project.monkeypatch.setattr(os, "access", lambda path, mode: False)
        assert project.run("--fix").code == 2
        assert project.read("a.yaml").decode() == self.BEFORE

    def test_a_file_that_changed_meanwhile_is_not_overwritten(self, project: Project):
        project.write({"a.yaml": "something else"})
        failure = fixer._write("a.yaml", self.BEFORE, self.AFTER)
        assert isinstance(failure, Failure)
        assert project.read("a.yaml") == b"something else"

    def test_a_new_file_has_the_usual_mode(self, project: Project):
        (project.folder / "usual").touch()
        writing.replace("new", b"x")
        assert (project.folder / "new").stat().st_mode == (project.folder / "usual").stat().st_mode


class TestDiff:
    def test_diff_shows_the_fixes_without_writing(self, project: Project):
        project.write({"a.yaml": HEAD + "batchSize: '11'\n", "sub/b.json": BAD})
        ran = project.run("--diff")
        assert ran.out.splitlines() == [
            "--- a/a.yaml",
            "+++ b/a.yaml",
            "@@ -1,3 +1,3 @@",
            *(f" {line}" for line in HEAD.splitlines()),
            "-batchSize: '11'",
            "+BatchSize: 11",
        ]
        assert ran.code == 1
        assert ran.err.endswith("2 places in 1 file can be fixed\n")
        assert project.read("a.yaml").decode() == HEAD + "batchSize: '11'\n"

    def test_diff_is_empty_without_fixes(self, project: Project):
        project.write({"a.json": BAD, "b.json": NEWER})
        ran = project.run("--diff")
        assert (ran.code, ran.out) == (1, "")

    @pytest.mark.parametrize("case", CASES)
    def test_the_diff_describes_the_fixed_file(self, project: Project, case: str):
        name, before, after = CASES[case]
        project.write({name: before})
        ran = project.run("--diff")
        lines = list(fixer.diff(name, before, project_fixed(project, name)))
        assert project.read(name).decode() == after
        assert ran.out == "".join(f"{line}\n" for line in lines)

    @pytest.mark.e2e
    @pytest.mark.parametrize("case", CASES)
    def test_git_can_apply_the_diff(self, project: Project, case: str):
        name, before, after = CASES[case]
        project.write({name: before})
        patch = project.run("--diff").out.encode()
        (project.folder / ".git").rmdir()
        subprocess.run(["git", "apply", "--whitespace=nowarn", "-"], input=patch, check=True)
        assert project.read(name).decode() == after

    def test_diff_cannot_be_combined_with_fix(self, project: Project):
        assert project.run("--diff", "--fix").code == 2

    def test_control_characters_in_a_diff_are_escaped(self):
        assert list(fixer.diff("a\x1b", "x\x9b\n", "y\r\n")) == [
            "--- a/a\\x1b", "+++ b/a\\x1b", "@@ -1 +1 @@", "-x\\x9b", "+y\r",
        ]  # fmt: skip


def project_fixed(project: Project, name: str) -> str:
    project.run("--fix")
    return project.read(name).decode()


class TestStandardInput:
    @pytest.mark.parametrize("end", ["\n", "", "\r\n"])
    def test_fixed_standard_input_is_printed_completely(self, project: Project, end: str):
        text = (HEAD + "batchSize: '11'").replace("\n", end or "\n") + end
        ran = subprocess_fix(text.encode())
        assert ran.stdout.decode() == text.replace("batchSize: '11'", "BatchSize: 11")
        assert b"<stdin>:3:12: error batch-size.sqs" in ran.stderr
        assert ran.returncode == 1

    @pytest.mark.parametrize("text", [GOOD, BAD, "no payload", "", "\xff"])
    def test_standard_input_without_fixes_is_printed_unchanged(self, text: str):
        ran = subprocess_fix(text.encode("latin-1"))
        assert ran.stdout == text.encode("latin-1")

    def test_unreadable_standard_input_is_printed_unchanged(self):
        ran = subprocess_fix(GOOD[:-1].encode())
        assert (ran.returncode, ran.stdout) == (2, GOOD[:-1].encode())

    def test_a_byte_order_mark_is_preserved(self):
        text = codecs.BOM_UTF8 + HEAD.encode()
        assert subprocess_fix(text).stdout == text
        assert subprocess_fix(text + b"batchSize: 1").stdout == text + b"BatchSize: 1"

    def test_excluded_standard_input_is_printed_unchanged(self):
        text = (HEAD + "batchSize: 1\n").encode()
        ran = subprocess_fix(text, "--stdin-filename", "a.yaml", "--exclude", "a.yaml")
        assert (ran.returncode, ran.stdout) == (0, text)


def subprocess_fix(data: bytes, *argv: str) -> subprocess.CompletedProcess[bytes]:
    import sys
    from pathlib import Path

    import lambda_validate

    root = str(Path(lambda_validate.__file__).parent.parent)
    command = [sys.executable, "-m", "lambda_validate", "lint", "-", "--fix", "--edition", "documents", *argv]
    return subprocess.run(command, input=data, env={"PYTHONPATH": root}, capture_output=True, timeout=60, check=False)


@pytest.mark.parametrize(
    ("name", "expected", "slip"),
    [
        ("batch_size", "BatchSize", True),
        ("BATCH-SIZE", "BatchSize", True),
        ("BatchSizes", "BatchSize", True),
        ("BatcSize", "BatchSize", True),
        ("BathcSize", "BatchSize", True),
        ("BatchSixe", "BatchSize", True),
        ("BatchSixxe", "BatchSize", False),
        ("Size", "BatchSize", False),
        ("destination", "destination_arn", False),
        ("Tag", "Tags", False),
        ("", "BatchSize", False),
    ],
)
def test_a_misspelling_differs_by_one_letter_at_most(name: str, expected: str, slip: bool):
    assert is_slip(name, expected) == slip


@pytest.mark.parametrize("rounds", [6, pytest.param(60, marks=pytest.mark.exhaustive)])
@pytest.mark.parametrize("case", CASES)
def test_fixing_damaged_files_never_breaks_them_further(project: Project, case: str, rounds: int):
    name, text, _ = CASES[case]
    chosen = random.Random(f"{case} {rounds}")
    for _ in range(rounds):
        start, end = sorted(chosen.choices(range(len(text) + 1), k=2))
        put = chosen.choice(["", text[start:end] * 2, "\n", "'", '"', " ", "&a ", "*a", "{", "# ", "\\", "|"])
        project.write({name: text[:start] + put + text[min(end, start + 3) :]})
        before = project.read(name)
        first = project.json("--fix")
        once = project.read(name)
        second = project.json("--fix")
        assert project.read(name) == once
        assert second[:2] == first[:2]
        if before != once:
            assert first.code < 2
            assert len(load(name, once)) == len(load(name, before))


def patched(before: str, lines: list[str]) -> str:
    """Return the string that a unified diff produces, and check what the diff states about the original."""
    old, new, at = before.split("\n"), [], 0
    for line in lines[2:]:
        if line.startswith("@@"):
            begin = int(line.split()[1][1:].split(",")[0]) - 1
            new += old[at:begin]
            at = begin
        elif line.startswith("+"):
            new.append(line[1:])
        elif not line.startswith("\\"):
            assert line[1:] == old[at]
            new += [line[1:]] * (line[0] == " ")
            at += 1
    return "\n".join([*new, *old[at:]])


def test_a_diff_applies_and_shows_three_lines_of_context() -> None:
    chance = random.Random(4)
    for _ in range(300):
        old = [chance.choice("abc") for _ in range(chance.randrange(1, 40))]
        new = [each if chance.random() < 0.9 else each + "!" for each in old]
        new += ["d"] * (chance.random() < 0.2)
        before, after = ("\n".join(each) + "\n" * chance.choice([0, 1]) for each in (old, new))
        lines = list(fixer.diff("f", before, after))
        assert patched(before, lines).rstrip("\n") == after.rstrip("\n")
        context = [len(list(run)) for same, run in groupby(line[0] for line in lines[2:]) if same == " " for _ in [0]]
        assert all(each <= 6 for each in context)
    assert list(fixer.diff("f", "a\n", "a\n")) == []


def test_duplicate_members_are_found_for_enclosing_and_nested_paths() -> None:
    text = '[{"FunctionName": "f", "FunctionName": "g", "EventSourceArn": "x"}, {"FunctionName": "f"}]'
    [document] = json_text.parse(text)
    assert [each.path for each in document.repeats_about((0,))] == [(0, "FunctionName")]
    assert [each.path for each in document.repeats_about((1,))] == []
    assert [each.path for each in document.repeats_about((0, "FunctionName", "x"))] == [(0, "FunctionName")]
    assert [each.path for each in document.repeats_about(())] == [(0, "FunctionName")]
