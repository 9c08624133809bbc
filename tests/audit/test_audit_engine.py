"""Test local runs: batches in processes, killed and interrupted processes, duplicates, and results."""

from __future__ import annotations

import gc
import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet
from support.damaged_worker import START, VARIABLE
from support.paths import ROOT
from support.recorded import BAD, GOOD, logs, record, write

from lambda_validate import audit, cli
from lambda_validate.audit import batches, engine, inputs, manifest, seen, worker

NAMES = "file", "index"


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputs, "BATCH_FILES", 2)
    monkeypatch.delenv("LAMBDA_VALIDATE_EDITION", raising=False)


@pytest.fixture
def damage(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str, str], None]:
    """Configure what happens to the processes."""
    folder = tmp_path / "damage"
    folder.mkdir()
    monkeypatch.setenv(VARIABLE, str(folder))
    monkeypatch.setattr(worker, "START", START)
    return lambda name, content: (folder / name).write_text(content) and None


def places(run: Any) -> list[tuple[str, int]]:
    return [(each.file, each.index) for each in run]


def run(*argv: Any, processes: int = 2) -> int:
    return cli.main(["audit", *map(str, argv), "--processes", str(processes)])


def run_alone(*argv: Any) -> int:
    """Run with one process where their number does not matter, because each is slow to start."""
    return run(*argv, processes=1)


def parts(folder: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in sorted(folder.glob("part-*"))}


def rows(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for each in parts(folder).values() for line in each.splitlines()]


class TestOutcomes:
    def test_every_record_appears_once_and_in_order(self, tmp_path: Path) -> None:
        folder = logs(tmp_path, 7, 40)
        found = audit.files([folder], processes=2)
        assert places(found) == [
            (f"{folder}/2026/{file:02}.json.gz", index) for file in range(7) for index in range(40)
        ]
        assert found.summary.records == 280
        assert found.summary.is_complete

    def test_the_number_of_processes_makes_no_difference(self, tmp_path: Path) -> None:
        folder = logs(tmp_path, 5)
        one, three = (list(audit.files([folder], processes=each)) for each in (1, 3))
        assert one == three

    @pytest.mark.parametrize("number", [-1, 0, 1_000, True, 2.0, "2", float("nan")])
    def test_an_invalid_number_of_processes_raises_input_error(self, tmp_path: Path, number: Any) -> None:
        with pytest.raises(audit.InputError) as caught:
            audit.files(logs(tmp_path, 1), processes=number)
        assert str(caught.value) == f"processes must be a whole number from 1 to 999, not {number!r}"

    def test_a_run_that_is_closed_ends_its_processes(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        started: list[subprocess.Popen[bytes]] = []
        original = subprocess.Popen
        monkeypatch.setattr(
            worker.subprocess, "Popen", lambda *a, **k: started.append(original(*a, **k)) or started[-1]
        )
        found = audit.files(logs(tmp_path, 9), processes=2)
        next(found)
        found.close()
        assert len(started) == 2
        assert all(each.returncode == -signal.SIGKILL for each in started)

    def test_files_reached_by_several_paths_are_read_once(self, tmp_path: Path) -> None:
        folder = logs(tmp_path, 2)
        (tmp_path / "link").symlink_to(folder / "2026")
        twice = [folder, folder / "2026", folder / "2026/00.json.gz", tmp_path / "link"]
        assert len(list(audit.files(map(str, twice), processes=1))) == 60


class TestDuplicates:
    def test_a_call_of_two_trails_is_counted_once(self, tmp_path: Path) -> None:
        for trail in ("a", "b"):
            write(tmp_path / f"{trail}/1.json.gz", [record(BAD, number=each) for each in range(5)])
            write(tmp_path / f"{trail}/2.json.gz", [record(GOOD, number=each) for each in (5, 6, 5)])
        found = audit.files(tmp_path, processes=2)
        outcomes = [each.outcome for each in found]
        assert outcomes == ["finding"] * 5 + ["clean"] * 2 + ["duplicate"] * 9
        assert found.summary.answers["suspected"] == 5
        assert found.summary.is_complete

    def test_records_without_an_event_id_are_not_deduplicated(self, tmp_path: Path) -> None:
        write(tmp_path / "1.json.gz", [record(GOOD, eventID=None)] * 3)
        assert [each.outcome for each in audit.files(tmp_path, processes=1)] == ["clean"] * 3


@pytest.mark.usefixtures("tmp_path")
class TestDamage:
    def test_a_killed_process_is_replaced(self, tmp_path: Path, damage: Any) -> None:
        folder = logs(tmp_path / "logs", 6)
        undisturbed = list(audit.files(folder, processes=2))
        damage("kill-01", "x")
        damage("kill-05", "x")
        assert list(audit.files(folder, processes=2)) == undisturbed

    def test_a_file_for_which_a_process_is_killed_twice_is_quarantined(self, tmp_path: Path, damage: Any) -> None:
        folder = logs(tmp_path / "logs", 6)
        damage("kill-01", "xxxx")
        found = audit.files(folder, processes=2)
        counts = Counter(each.file[-10:-8] for each in found)
        assert counts == {"00": 30, "01": 1, "02": 30, "03": 30, "04": 30, "05": 30}
        assert found.summary.to_dict()["quarantined"] == [
            {"file": f"{folder}/2026/01.json.gz", "index": 0, "reason": worker.KILLED}
        ]
        assert found.summary.code() == 2

    def test_a_file_that_changes_is_read_again(self, tmp_path: Path, damage: Any) -> None:
        folder = logs(tmp_path / "logs", 4)
        undisturbed = list(audit.files(folder, processes=1))
        damage("change-02", "x")
        assert list(audit.files(folder, processes=1)) == undisturbed
        damage("change-02", "xx")
        changed = [each for each in audit.files(folder, processes=1) if each.outcome == "quarantined"]
        assert [(each.file[-10:-8], each.reason) for each in changed] == [("02", worker.CHANGED)]

    @pytest.mark.parametrize("format", ["parquet", "jsonl", "outcomes"])
    def test_a_batch_that_ends_early_writes_no_more(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, format: str
    ) -> None:
        path, ignored = write(tmp_path / "a.json", [record(GOOD)]), list[Any]()
        monkeypatch.setattr("sys.unraisablehook", ignored.append)
        task = batches.AuditTask(
            0, tuple(inputs.files([str(path)])) * 2, str(tmp_path / "ids"), str(tmp_path / "p"), format
        )

        def gone(number: int) -> None:
            if number:
                raise BrokenPipeError

        with pytest.raises(BrokenPipeError):
            batches.run(task, worker.AuditSetting("current", ("lambda",)).auditor(), gone)
        gc.collect()
        assert not ignored

    def test_processes_that_do_not_start_are_an_error(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(worker, "START", "raise SystemExit({!r})")
        with pytest.raises(audit.WorkerError, match="do not start"):
            list(audit.files(logs(tmp_path), processes=2))

    def test_a_full_disk_is_reported_in_one_line_and_the_run_can_be_resumed(
        self, tmp_path: Path, damage: Any, capsys: pytest.CaptureFixture[str]
    ) -> None:
        folder, result = logs(tmp_path / "logs", 6, 200), tmp_path / "result"
        damage("limit", "20000")
        assert run(folder, "-o", result, "--format", "jsonl") == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert err == "lambda-validate: the rows cannot be written: File too large\n"
        assert sorted(os.listdir(result)) in ([], [manifest.MANIFEST])
        os.unlink(tmp_path / "damage/limit")
        assert run_alone(folder, "-o", result, "--format", "jsonl") == 1
        assert len({(each["file"], each["index"]) for each in rows(result)}) == 1_200

    def test_a_full_disk_for_temporary_files_is_one_line(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        class Full(seen.Seen):
            def __init__(self) -> None:
                super().__init__()
                self._base.execute("PRAGMA max_page_count = 1")  # it counts pages in memory too

        monkeypatch.setattr(engine, "Seen", Full)
        assert run(logs(tmp_path / "logs", 6, 200)) == 2
        expected = "lambda-validate: the eventIDs of calls cannot be written: database or disk is full\n"
        assert capsys.readouterr() == ("", expected)

    def test_a_result_that_cannot_be_written_is_one_line(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (tmp_path / "file").touch()
        assert run(logs(tmp_path / "logs", 1), "-o", tmp_path / "file") == 2
        expected = f"lambda-validate: the result cannot be written: {tmp_path / 'file'}: File exists\n"
        assert capsys.readouterr() == ("", expected)


class TestResult:
    @pytest.mark.parametrize("format", ["jsonl", "parquet"])
    def test_a_resumed_run_writes_the_same_bytes_as_an_uninterrupted_one(self, tmp_path: Path, format: str) -> None:
        folder = logs(tmp_path / "logs", 7)
        write(folder / "2026/08.json.gz", [record(BAD, number=each) for each in (1, 2, 500)])
        whole, broken = tmp_path / "whole", tmp_path / "broken"
        assert run(folder, "-o", whole, "--format", format) == 1
        for stops in range(4):
            self.interrupted(folder, broken, format, stops)
            if stops == 2:  # a process that is killed while it writes may leave half a line, and a temporary file
                with open(broken / manifest.MANIFEST, "ab") as file:
                    file.write(b'{"part": "part-0')
                (broken / ".lambda-validate-x").write_bytes(b"x")
                (broken / f"part-00003.{format}").write_bytes(b"x")
        assert run(folder, "-o", broken, "--format", format) == 1
        assert parts(broken) == parts(whole)
        assert self.summary(broken) == self.summary(whole)
        assert not list(broken.glob(".*"))

    @staticmethod
    def interrupted(folder: Path, result: Path, format: str, batches: int) -> None:
        setting = worker.AuditSetting("current", ("lambda",))
        plan = engine.Plan((str(folder),), setting, 2, manifest.ResultFolder(str(result), format, setting.facts()))
        found: Iterator[Any] = engine.run(plan)
        for _ in range(batches):
            next(found)
        found.close()  # type: ignore[attr-defined]  # a generator

    @staticmethod
    def summary(result: Path) -> Any:
        return json.loads((result / "summary.json").read_bytes())

    def test_a_killed_run_can_be_resumed(self, tmp_path: Path) -> None:
        folder, whole, broken = logs(tmp_path / "logs", 6), tmp_path / "whole", tmp_path / "broken"
        assert run_alone(folder, "-o", whole, "--format", "jsonl") == 1
        program = (
            "import os, signal; from lambda_validate import cli; from lambda_validate.audit import inputs, manifest\n"
            "inputs.BATCH_FILES = 2; original = manifest.ResultFolder.add\n"
            "def add(self, *rest):\n"
            "    original(self, *rest)\n"
            "    os.kill(os.getpid(), signal.SIGKILL)\n"
            f"manifest.ResultFolder.add = add; "
            f"cli.main(['audit', {str(folder)!r}, '-o', {str(broken)!r}, '--format', 'jsonl'])"
        )
        left = {**os.environ, "TMPDIR": str(tmp_path)}  # files of a killed process are removed with it
        done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=left, timeout=60, check=False)
        assert done.returncode == -signal.SIGKILL
        assert list(parts(broken)) == ["part-00000.jsonl"]
        assert run_alone(folder, "-o", broken, "--format", "jsonl") == 1
        assert parts(broken) == parts(whole)

    @pytest.mark.parametrize(("name", "format"), [("SIGTERM", "parquet"), ("SIGHUP", "jsonl"), ("SIGINT", "jsonl")])
    def test_a_run_ended_by_a_signal_leaves_no_processes_or_temporary_files(
        self, tmp_path: Path, name: str, format: str
    ) -> None:
        folder, temporary, result = logs(tmp_path / "logs", 6), tmp_path / "temporary", tmp_path / "result"
        temporary.mkdir()
        usual = "default_int_handler" if name == "SIGINT" else "SIG_DFL"
        program = (
            "import os, signal, sys; from lambda_validate import cli\n"
            f"signal.signal(signal.{name}, signal.{usual})\n"  # nohup and background jobs ignore some signals
            "from lambda_validate.audit import inputs, manifest, worker; inputs.BATCH_FILES = 2\n"
            "original = manifest.ResultFolder.add\n"
            "started = worker.subprocess.Popen\n"
            "def start(*rest, **more):\n"
            "    made = started(*rest, **more); print(made.pid, file=sys.stderr); return made\n"
            "def add(self, *rest):\n"
            "    original(self, *rest)\n"
            f"    os.kill(os.getpid(), signal.{name})\n"
            "worker.subprocess.Popen = start; manifest.ResultFolder.add = add\n"
            f"sys.exit(cli.main(['audit', {str(folder)!r}, '-o', {str(result)!r}, '--format', {format!r}, "
            "'--processes', '2']))"
        )
        done = subprocess.run(
            [sys.executable, "-c", program], cwd=ROOT, env={**os.environ, "TMPDIR": str(temporary)},
            timeout=60, check=False, capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 128 + getattr(signal, name)
        assert not list(temporary.iterdir())
        assert sorted(os.listdir(result)) == [manifest.MANIFEST, f"part-00000.{format}"]
        started = [int(line) for line in done.stderr.splitlines() if line.isdecimal()]
        assert started
        assert not [each for each in started if Path(f"/proc/{each}").exists()]

    def test_a_repeated_run_reads_only_changed_files(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        folder, result = logs(tmp_path / "logs", 6), tmp_path / "result"
        assert run_alone(folder, "-o", result, "--format", "jsonl") == 1
        read: list[int] = []
        original = worker.Worker.run
        monkeypatch.setattr(worker.Worker, "run", lambda self, task: read.append(task.number) or original(self, task))
        assert run_alone(folder, "-o", result, "--format", "jsonl") == 1
        assert read == []
        write(folder / "2026/02.json.gz", [record(GOOD, number=700)])
        assert run_alone(folder, "-o", result, "--format", "jsonl") == 1
        assert sorted(read) == [1, 2]
        os.unlink(folder / "2026/05.json.gz")
        os.unlink(folder / "2026/04.json.gz")
        assert run_alone(folder, "-o", result, "--format", "jsonl") == 1
        assert len(parts(result)) == 2
        assert len(rows(result)) == 91

    @pytest.mark.parametrize("line", [b"{}", b"[]", b"1", b"{", b'{"part": 1, "inputs": 2, "size": [], "summary": {}}'])
    def test_invalid_lines_of_the_manifest_are_ignored(self, tmp_path: Path, line: bytes) -> None:
        folder, result = logs(tmp_path / "logs", 3), tmp_path / "result"
        settings = {"edition": "current", "services": ["lambda"], "show_values": False}
        manifest.ResultFolder(str(result), "jsonl", settings)
        with open(result / manifest.MANIFEST, "ab") as file:
            file.write(line + b"\n")
        assert run_alone(folder, "-o", result, "--format", "jsonl") == 1
        assert len(rows(result)) == 90

    @pytest.mark.parametrize("format", ["jsonl", "parquet"])
    def test_a_damaged_part_is_one_line(self, tmp_path: Path, format: str, capsys: pytest.CaptureFixture[str]) -> None:
        folder, result = logs(tmp_path / "logs", 1), tmp_path / "result"
        assert run_alone(folder, "-o", result, "--format", format) == 1
        (part,) = parts(result)
        (result / part).write_bytes(b"x" * (result / part).stat().st_size)
        capsys.readouterr()
        assert run_alone(folder, "-o", result, "--format", format) == 2
        expected = (
            f"lambda-validate: {result}/{part} is damaged; remove it, so that it and later parts are written again\n"
        )
        assert capsys.readouterr() == ("", expected)
        os.unlink(result / part)
        assert run_alone(folder, "-o", result, "--format", format) == 1

    def test_rows_are_the_same_in_both_formats(self, tmp_path: Path) -> None:
        folder = logs(tmp_path / "logs", 3)
        assert (
            run_alone(folder, "-o", tmp_path / "a", "--format", "jsonl") == run_alone(folder, "-o", tmp_path / "b") == 1
        )
        tables = [parquet.read_table(tmp_path / "b" / name).to_pylist() for name in parts(tmp_path / "b")]
        assert [row for table in tables for row in table] == rows(tmp_path / "a")
        assert list(rows(tmp_path / "a")[0]) == list(audit.FIELDS)

    def test_the_folder_of_the_result_may_be_in_that_of_the_logs(self, tmp_path: Path) -> None:
        folder = logs(tmp_path, 3)
        for _ in range(2):
            assert run_alone(folder, "-o", folder / "result", "--format", "jsonl") == 1
            assert len(rows(folder / "result")) == 90

    def test_the_result_folder_is_not_read_as_logs(self, tmp_path: Path) -> None:
        folder = logs(tmp_path)
        expected = places(audit.files(folder, processes=1))
        assert run_alone(folder, "-o", folder / "result", "--format", "jsonl") == 1
        assert places(audit.files(folder, processes=1)) == expected
        write(folder / "other" / "manifest.jsonl", [record(GOOD)])
        assert len(places(audit.files(folder, processes=1))) == len(expected) + 1

    def test_a_folder_with_something_else_is_an_error(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        folder, result = logs(tmp_path / "logs", 1), tmp_path / "result"
        result.mkdir()
        (result / "notes").write_text("mine")
        assert run_alone(folder, "-o", result) == 2
        assert "is not empty, and no audit has written to it" in capsys.readouterr().err
        os.unlink(result / "notes")
        assert run_alone(folder, "-o", result, "--format", "jsonl") == 1
        assert run_alone(folder, "-o", result) == 2
        assert "with other settings" in capsys.readouterr().err

    def test_file_names_with_control_characters_are_escaped(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        name = b"a\x1b[2J\n\xff.json.gz"
        path = os.path.join(os.fsencode(tmp_path / "logs"), name)
        os.mkdir(tmp_path / "logs")
        with open(path, "wb") as file:
            file.write(b"\x1f\x8b")
        assert run_alone(tmp_path / "logs", "-o", tmp_path / "result", "--format", "jsonl") == 2
        out = capsys.readouterr().out
        assert "a\\x1b[2J\\n\\udcff.json.gz: record 0: the gzip stream ends too early" in out
        assert "\x1b" not in out
        assert [each["file"][-len("a.[2J.\\udcff.json.gz") :] for each in rows(tmp_path / "result")] == [
            "a\x1b[2J\n\\udcff.json.gz"
        ]
