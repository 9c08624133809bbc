"""Test the command `audit`: summaries, exit codes and one-line errors."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from support.paths import ROOT
from support.recorded import BAD, GOOD, REFUSED, foreign, logs, record, text, write

from lambda_validate import audit, cli


class Ran(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture(name="run")
def _run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command in this process."""
    monkeypatch.delenv("LAMBDA_VALIDATE_EDITION", raising=False)

    def run(*argv: Any) -> Ran:
        code = cli.main(["audit", *map(str, argv)])
        return Ran(code, *capsys.readouterr())

    return run


def summary(ran: Ran) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(ran.out)
    return found


def test_the_summary_counts_caught_missed_and_suspected_calls(run: Run, tmp_path: Path) -> None:
    held = [
        record(BAD, error=REFUSED, number=1), record(GOOD, error=REFUSED, number=2), record(BAD, number=3),
        record(BAD, number=4, eventTime="2026-03-01T00:00:00Z"), record(GOOD, number=5), foreign(6),
    ]  # fmt: skip
    ran = run(write(tmp_path / "calls.json.gz", held))
    assert ran.code == 1
    assert ran.out.splitlines()[0].startswith("6 records in 1 file, ")
    lines = [" ".join(line.split()) for line in ran.out.splitlines()]
    assert "1 would have been caught (refused by AWS, with a finding)" in lines
    assert "1 missed (refused by AWS's validation, without a finding)" in lines
    assert "2 suspected false alarms (accepted by AWS, with a finding)" in lines
    assert "batch-size.minimum error 1 2 2026-01-02T03:04:05Z 2026-03-01T00:00:00Z" in lines


def test_a_summary_as_json_adds_up(run: Run, tmp_path: Path) -> None:
    ran = run(logs(tmp_path), "--output-format", "json", "--processes", 2)
    found = summary(ran)
    assert sum(found["outcomes"].values()) == found["records"] == 120
    assert found["complete"] is True
    assert found["files"] == 4
    assert found["answers"] == {"caught": 16, "missed": 16, "suspected": 16}
    assert sum(each["calls"] for each in found["days"]) == sum(found["calls"].values())


def test_the_exit_code_is_0_without_findings(run: Run, tmp_path: Path) -> None:
    assert run(write(tmp_path / "a.json", [record(GOOD), record(None, number=1), foreign(2)])).code == 0


@pytest.mark.parametrize(("held", "code"), [([record(BAD)], 1), ([record(GOOD, error=REFUSED)], 1), (["x"], 2)])
def test_the_exit_code_is_1_for_findings_and_2_for_broken_records(
    run: Run, tmp_path: Path, held: list[Any], code: int
) -> None:
    assert run(write(tmp_path / "a.json.gz", held)).code == code


def test_a_truncated_file_yields_its_records_and_one_more(run: Run, tmp_path: Path) -> None:
    data = gzip.compress(text(record(GOOD, number=each) for each in range(3_000)))
    (tmp_path / "a.json.gz").write_bytes(data[: len(data) // 2])
    ran = run(tmp_path, "--output-format", "json")
    found = summary(ran)
    assert ran.code == 2
    assert found["outcomes"]["quarantined"] == 1
    assert 0 < found["outcomes"]["clean"] == found["records"] - 1 < 3_000
    assert found["quarantined"][0]["reason"] == "the gzip stream ends too early"
    assert found["quarantined"][0]["index"] == found["outcomes"]["clean"]


class TestErrors:
    @pytest.mark.parametrize(
        ("arguments", "expected"),
        [
            (["s3://bucket/AWSLogs"], "s3://bucket/AWSLogs is not on this machine; copy it with `aws s3 sync"),
            (["nowhere"], "nowhere does not exist"),
            (["gs://bucket/logs"], "gs://bucket/logs is not on this machine; copy it to a folder, or use lambda"),
            (["."], "there is no file to audit in .; the name of a log must end in .json, .jsonl, .ndjson, .csv"),
            ([".", "--format", "jsonl"], "--format is the format of the rows that -o DIR writes"),
            ([".", "--edition", "curent"], "there is no edition 'curent'; did you mean 'current'?"),
            ([".", "--service", "lamda"], "there is no service 'lamda'; did you mean 'lambda'?"),
            ([".", "--service", "ec2"], "calls of ec2 cannot be audited"),
            ([".", "--service", "lambda,s3"], "calls of s3 cannot be audited"),
            (
                [".", "--service", ","],
                "--service names no service; write for example --service lambda,sqs, or leave it out",
            ),
            ([".", "--processes", "0"], "argument --processes: expected a whole number from 1 to 999"),
            ([".", "--processes", "1000"], "argument --processes: expected a whole number from 1 to 999"),
            ([], "expected PATH"),
        ],
    )
    def test_an_error_is_one_line(
        self, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], expected: str
    ) -> None:
        monkeypatch.chdir(tmp_path)
        ran = run(*arguments)
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.startswith(f"lambda-validate: {expected}")
        assert ran.err.count("\n") == 1

    def test_a_missing_extra_is_one_line(self, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("lambda_validate.cli.audit.find_spec", lambda name: None)
        ran = run(tmp_path)
        expected = "lambda-validate: msgspec and pyarrow are missing; install lambda-validate[audit]\n"
        assert ran == (2, "", expected)

    def test_spark_without_its_extra_is_one_line(
        self, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("lambda_validate.audit.on_spark.find_spec", lambda name: None)
        ran = run(tmp_path, "--engine", "spark")
        assert ran == (2, "", "lambda-validate: pyspark is missing; install lambda-validate[spark]\n")
        with pytest.raises(ModuleNotFoundError, match="pyspark is missing"):
            audit.spark(None, tmp_path)


def test_other_commands_do_not_import_the_audit_package() -> None:
    program = (
        "import sys; from lambda_validate import cli; import lambda_validate; code = cli.main(['operations'])\n"
        "found = {'msgspec', 'pyarrow', 'pyspark', 'sqlite3', 'lambda_validate.audit', 'lambda_validate.cli.audit'}\n"
        "raise SystemExit(' '.join(found & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.stderr == "\n"
