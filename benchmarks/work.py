"""Count the work of fixed calls, and compare it with `work.json`, as a regression check without a clock.

    python benchmarks/work.py [--instructions] [--write] [--python PATH …]

The calls are those of `work_calls.works`. Only pure Python is counted, because the native engine has no byte code: its
steps (`work_steps`), and the steps of its patterns (`work_patterns`). `--instructions` adds those of the processor
(`work_instructions`), as ratios to a fixed loop, which needs Valgrind. Each count may exceed the recorded one for this
version of CPython by 5 %. A larger increase makes the exit status 1, and a larger decrease is reported.

To record new counts, for example after a change that makes a call more expensive on purpose, run the
command below. It writes every count of every version, in four minutes. Omit `--instructions` on a machine without
Valgrind, and the counts of the processor stay unchanged:

    python benchmarks/work.py --write --instructions --python python3.11 --python python3.12 --python python3.13

`--python` counts with another interpreter, in a scratch environment with its requirements. A test compares all counts
except instructions by default. These differ between builds of an interpreter, so `work.json` records the build.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent
RECORD_FILE = FOLDER / "work.json"
ALLOWED = 0.05
"""The share by which a count may differ from the recorded one."""
NEEDED = ("regex", "PyYAML", "botocore")
"""Packages that the calls need in a scratch environment."""
VERSION = f"{sys.version_info[0]}.{sys.version_info[1]}"

Counts = dict[str, dict[str, float]]
"""Counts by unit and call."""


class Row(NamedTuple):
    """A count and the recorded one, or None if there is none."""

    unit: str
    call: str
    counted: float
    recorded: float | None

    @property
    def change(self) -> float:
        """Return the share by which the count exceeds the recorded one."""
        return self.counted / self.recorded - 1 if self.recorded else 0.0

    @property
    def verdict(self) -> str:
        """Return a word for the change, or an empty string if there is none."""
        if self.recorded is None:
            return "not recorded"
        return "GREW" if self.change > ALLOWED else "shrank" if self.change < -ALLOWED else ""

    def __str__(self) -> str:
        comparison = "" if self.recorded is None else f"{self.recorded:12,g}{self.change:+9.1%}"
        return f"{self.unit:13}{self.call:38}{self.counted:12,g}{comparison}  {self.verdict}".rstrip()


def steps() -> Counts:
    """Count the steps of this interpreter in a separate process, in which sets have a fixed order."""
    command = [sys.executable, str(FOLDER / "work_steps.py")]
    environment = {**os.environ, "PYTHONHASHSEED": "0", "LAMBDA_VALIDATE_PURE": "1"}  # generated Python is counted
    found: Counts = json.loads(subprocess.run(command, check=True, env=environment, stdout=subprocess.PIPE).stdout)
    return found


def instructions() -> Counts:
    """Count the instructions of the processor, if Valgrind is installed."""
    from work_instructions import instructions as counted

    return {"instructions": counted()}


class Record(NamedTuple):
    """The recorded counts by version of CPython, and the build of the instruction counts."""

    counts: dict[str, Counts]
    builds: dict[str, str]


def recorded() -> Record:
    """Return the recorded counts."""
    return Record(**json.loads(RECORD_FILE.read_text())) if RECORD_FILE.exists() else Record({}, {})


def compared(counts: Counts, before: Counts) -> list[Row]:
    """Return each count with the recorded one."""
    return [
        Row(unit, call, count, before.get(unit, {}).get(call))
        for unit, calls in counts.items()
        for call, count in calls.items()
    ]


def keep(counts: Counts) -> None:
    """Write the counts of this version. Other counts and versions do not change."""
    whole, builds = recorded()
    whole[VERSION] = {**whole.get(VERSION, {}), **counts}
    if "instructions" in counts:
        builds[VERSION] = sys.version
    ordered = {version: whole[version] for version in sorted(whole, key=lambda each: int(each.partition(".")[2]))}
    RECORD_FILE.write_text(json.dumps({"builds": builds, "counts": ordered}, indent=1) + "\n")


def elsewhere(python: str, arguments: list[str]) -> int:
    """Do the same with another interpreter, and return its exit status."""
    with tempfile.TemporaryDirectory(prefix="lambda-validate-") as scratch:
        subprocess.run([python, "-m", "venv", scratch], check=True)
        own = Path(scratch, "Scripts" if os.name == "nt" else "bin", "python")
        subprocess.run([own, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *NEEDED], check=True)
        return subprocess.run([own, "-s", __file__, *arguments], check=False).returncode


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--instructions", action="store_true", help="count those of the processor too")
    parser.add_argument("--write", action="store_true", help="keep what is counted")
    parser.add_argument("--python", action="append", default=[], metavar="PATH", help="another interpreter; repeatable")
    options = parser.parse_args()
    if options.instructions and shutil.which("valgrind") is None:
        parser.error("--instructions needs Valgrind; Debian's package is called valgrind")
    flags = [f"--{name}" for name in ("instructions", "write") if getattr(options, name)]
    if options.python:
        return max(elsewhere(python, flags) for python in options.python)
    counts = {**steps(), **(instructions() if options.instructions else {})}
    rows = compared(counts, recorded().counts.get(VERSION, {}))
    print(f"CPython {VERSION}{'':26}{'counted':>24}{'recorded':>12}{'change':>9}", *rows, sep="\n")
    if options.write:
        keep(counts)
        return 0
    if any(each.verdict in ("shrank", "not recorded") for each in rows):
        print(f"python {Path(__file__).name} --write keeps what is less, or new")
    return int(any(each.verdict == "GREW" for each in rows))


if __name__ == "__main__":
    sys.exit(main())
