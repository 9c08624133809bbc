"""Test generated logs: the same seed gives the same log, and each kind of call occurs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lambda_validate import audit, cli
from lambda_validate.audit import generating


def summary(folder: Path) -> dict[str, Any]:
    run = audit.files(folder, processes=2)
    list(run)
    return run.summary.to_dict()


def test_the_same_seed_gives_the_same_files() -> None:
    assert list(generating.files(500, 7)) == list(generating.files(500, 7)) != list(generating.files(500, 8))


def test_generated_logs_contain_calls_of_every_outcome(tmp_path: Path) -> None:
    count = generating.write(str(tmp_path), 20_000, 1)
    found = summary(tmp_path)
    assert found["files"] == count
    for outcome in ("clean", "finding", "undecidable", "other-service", "not-a-call", "quarantined"):
        assert found["outcomes"][outcome] > 0, outcome
    assert found["answers"]["suspected"] == 0
    assert found["answers"]["caught"] > 10
    assert found["answers"]["missed"] > 0
    assert found["outcomes"]["unknown-operation"] == 0


def test_every_generated_fault_is_found_and_valid_calls_are_clean() -> None:
    for name, _, make in generating.CALLS:
        valid = make(generating.Random(1))
        made = {"eventSource": "lambda.amazonaws.com", "eventName": name, "requestParameters": valid}
        assert audit.check(made).outcome == "clean"
        for fault in generating.FAULTS.get(name, ()):
            assert audit.check({**made, "requestParameters": {**valid, **fault}}).outcome == "finding", fault


class TestCommand:
    def test_logs_are_written_to_a_new_folder(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        folder = tmp_path / "logs"
        assert cli.main(["audit", "--generate", "300", str(folder), "--seed", "3"]) == 0
        count = len(list(folder.rglob("*.json.gz")))
        assert capsys.readouterr().err == f"lambda-validate: 300 records written to {count} files in {folder}\n"
        assert cli.main(["audit", "--generate", "300", str(folder)]) == 2
        assert "is not an empty folder" in capsys.readouterr().err
        assert cli.main(["audit", str(folder), "--output-format", "json"]) in (0, 1, 2)
        assert json.loads(capsys.readouterr().out)["files"] == count

    def test_a_single_record_is_reported_in_the_singular(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        folder = tmp_path / "logs"
        assert cli.main(["audit", "--generate", "1", str(folder)]) == 0
        assert capsys.readouterr().err == f"lambda-validate: 1 record written to 1 file in {folder}\n"

    def test_seed_requires_generate(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.main(["audit", str(tmp_path), "--seed", "3"]) == 2
        assert cli.main(["audit", "a", "b", "--generate", "3"]) == 2
        assert capsys.readouterr().err.count("\n") == 2

    @pytest.mark.parametrize(
        "option",
        [
            "--edition nope", "--edition current", "--service lambda", "--engine local", "--processes 2", "-o result",
            "--format jsonl", "--show-values", "--output-format json",
        ],
    )  # fmt: skip
    def test_options_that_do_not_apply_to_generate_are_rejected(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str
    ) -> None:
        folder = tmp_path / "logs"
        assert cli.main(["audit", "--generate", "3", str(folder), *option.split()]) == 2
        name = option.split()[0]
        assert capsys.readouterr().err == (
            f"lambda-validate: --generate writes made-up logs and has no use for {name}; leave one of them out\n"
        )
        assert not folder.exists()

    def test_settings_from_the_environment_do_not_conflict_with_generate(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("LAMBDA_VALIDATE_EDITION", "documents")
        assert cli.main(["audit", "--generate", "3", str(tmp_path / "logs")]) == 0
