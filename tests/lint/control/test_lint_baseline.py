"""Test baselines: they hide known findings, report fixed ones, tolerate moved lines, and contain no values."""

from __future__ import annotations

import json

import pytest
from support.linting import BAD, GOOD, NEWER, QUEUE, Project

KNOWN = "known.baseline"


def test_findings_in_the_baseline_are_not_reported(project: Project):
    project.write({"a.json": BAD, "sub/b.json": f"[{NEWER}, {BAD}]"})
    ran = project.run("--write-baseline", KNOWN)
    assert ran[:2] == (0, "")
    assert ran.err.endswith(f"lambda-validate: {KNOWN}: 3 findings written to the baseline\n")
    assert project.read(KNOWN).decode().startswith('{\n "version": 1,\n "findings": [\n  {\n   "file": "a.json",\n')
    ran = project.run("--baseline", KNOWN, "--strict")
    assert ran == (0, "", "lambda-validate: 0 errors, 0 warnings (3 in the baseline) in 2 checked files\n")


def test_new_findings_are_reported(project: Project):
    project.write({"a.json": BAD})
    project.run("--write-baseline", KNOWN)
    project.write({"a.json": BAD[:-1] + ', "Enabled": 1}', "b.json": BAD})
    ran = project.json("--baseline", KNOWN)
    assert (ran.code, ran.rules) == (1, ["enabled.type", "batch-size.sqs"])


@pytest.mark.parametrize("name", ["a.json", "a.yaml"])
def test_lines_may_move_and_values_change(project: Project, name: str):
    project.write({name: BAD})
    project.run("--write-baseline", KNOWN)
    project.write({name: BAD.replace("{", "\n\n{\n").replace(",", ",\n\n  ").replace("11", "12")})
    assert project.run("--baseline", KNOWN).code == 0


def test_equal_findings_are_matched_by_count(project: Project):
    repeated = BAD[:-1] + ', "FunctionName": "g", "FunctionName": "h"}'
    project.write({"a.json": BAD[:-1] + ', "FunctionName": "g"}'})
    project.run("--write-baseline", KNOWN)
    project.write({"a.json": repeated})
    assert project.json("--baseline", KNOWN).rules == ["document.duplicate-member"]


def test_another_resource_of_the_file_is_not_known(project: Project):
    project.write({"a.json": f"[{BAD}, {GOOD}]"})
    project.run("--write-baseline", KNOWN)
    project.write({"a.json": f"[{GOOD}, {BAD}]"})
    assert project.json("--baseline", KNOWN).rules == ["batch-size.sqs"]


def test_no_value_is_stored(project: Project):
    project.write({"a.json": json.dumps({"FunctionName": "s3cret value", "EventSourceArn": QUEUE, "BatchSize": 31415})})
    project.run("--write-baseline", KNOWN, "--show-values")
    stored = project.read(KNOWN).decode()
    assert "batch-size.sqs" in stored
    assert "s3cret" not in stored
    assert "31415" not in stored
    assert str(project.folder) not in stored


def test_the_baseline_does_not_depend_on_the_working_directory(project: Project):
    project.write({"a.json": BAD, "sub/b.json": NEWER})
    project.run("--write-baseline", KNOWN)
    stored = project.read(KNOWN)
    project.monkeypatch.chdir(project.folder / "sub")
    project.run("..", "--write-baseline", f"../{KNOWN}")
    assert project.read(KNOWN) == stored
    assert project.run(str(project.folder), "--baseline", f"../{KNOWN}", "--strict").code == 0


class TestFixed:
    def test_fixed_findings_are_reported(self, project: Project):
        project.write({"a.json": f"[{BAD}, {NEWER}]", "b.json": BAD})
        project.run("--write-baseline", KNOWN)
        project.write({"a.json": f"[{GOOD}, {NEWER}]"})
        (project.folder / "b.json").unlink()
        ran = project.run("--baseline", KNOWN)
        assert ran.code == 0
        assert ran.err.splitlines()[-1] == (
            f"lambda-validate: {KNOWN}: 2 findings of the baseline are gone; --write-baseline {KNOWN} updates it"
        )
        assert "no more" not in project.run("--baseline", KNOWN, "--quiet").err

    def test_files_that_were_not_checked_are_not_reported_as_fixed(self, project: Project):
        project.write({"a.json": GOOD, "b.json": BAD})
        project.run("--write-baseline", KNOWN)
        assert "no more" not in project.run("a.json", "--baseline", KNOWN).err

    def test_unreadable_files_are_not_reported_as_fixed(self, project: Project):
        project.write({"b.json": BAD})
        project.run("--write-baseline", KNOWN)
        project.write({"b.json": BAD[:-1]})
        ran = project.run("--baseline", KNOWN)
        assert ran.code == 2
        assert "gone" not in ran.err

    def test_a_file_without_a_payload_is_reported_as_fixed(self, project: Project):
        project.write({"b.json": BAD})
        project.run("--write-baseline", KNOWN)
        project.write({"b.json": "{}"})
        assert "1 finding of the baseline is gone" in project.run("--baseline", KNOWN).err


class TestErrors:
    def test_a_missing_baseline_is_an_error(self, project: Project):
        ran = project.run("--baseline", "none.json")
        assert ran == (
            2, "", "lambda-validate: none.json: the baseline cannot be read: No such file or directory; "
            "--write-baseline writes a new one\n",
        )  # fmt: skip

    @pytest.mark.parametrize(
        "text",
        [
            "", "{", "[]", "1", "{}", '{"version": 2, "findings": []}', '{"version": 1}',
            '{"version": 1, "findings": 1}',
            '{"version": 1, "findings": [1]}', '{"version": 1, "findings": [{"file": "a"}]}', "[" * 100_000,
            '{"version": 1, "findings": [{"file": 1, "rule": 2, "fingerprint": 3}]}', "\udcff",
        ],
    )  # fmt: skip
    def test_an_invalid_baseline_is_an_error(self, project: Project, text: str):
        project.write({KNOWN: text.encode("utf-8", "surrogateescape")})
        code, out, err = project.run("--baseline", KNOWN)
        assert (code, out) == (2, "")
        assert err.startswith(f"lambda-validate: {KNOWN}: expected a baseline, but ")
        assert err.count("\n") == 1

    def test_a_baseline_that_cannot_be_written_is_an_error(self, project: Project):
        project.write({"a.json": BAD})
        ran = project.run("--write-baseline", "none/there.json")
        assert ran.code == 2
        assert "cannot be written" in ran.err

    def test_write_baseline_cannot_be_combined_with_fix(self, project: Project):
        assert project.run("--write-baseline", KNOWN, "--fix").code == 2
        assert not (project.folder / KNOWN).exists()

    def test_unreadable_files_are_not_in_the_baseline(self, project: Project):
        project.write({"a.json": BAD[:-1], "b.json": BAD})
        assert project.run("--write-baseline", KNOWN).code == 2
        assert [each["file"] for each in json.loads(project.read(KNOWN))["findings"]] == ["b.json"]
