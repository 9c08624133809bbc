"""Test that counted work exceeds no count in `benchmarks/work.json` by more than 5 %.

If work increases on purpose, or decreases, `python benchmarks/work.py --write` records the new counts.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from typing import Any

import pytest
from support.paths import ROOT

FOLDER = ROOT / "benchmarks"
VERSION = f"{sys.version_info[0]}.{sys.version_info[1]}"
WHOLE = json.loads((FOLDER / "work.json").read_text())
RECORDED = WHOLE["counts"]

pytestmark = [
    pytest.mark.skipif(
        sys.implementation.name != "cpython" or VERSION not in RECORDED,
        reason=f"counts are recorded for CPython {', '.join(RECORDED)}: each version has its own instructions",
    ),
    pytest.mark.filterwarnings("default:less work:UserWarning"),
]


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return the module that counts work."""
    monkeypatch.syspath_prepend(str(FOLDER))
    import work

    return work


def growth(work: Any, counts: Any) -> list[str]:
    """Return the counts that grew. Warn about those that shrank."""
    rows = work.compared(counts, RECORDED[VERSION])
    less = [str(each) for each in rows if each.verdict == "shrank"]
    if less:
        import warnings

        message = "\n".join(["less work; python benchmarks/work.py --write keeps it", *less])
        warnings.warn(message, UserWarning, stacklevel=1)
    return [str(each) for each in rows if each.verdict in ("GREW", "not recorded")]


def test_no_call_takes_more_byte_code_or_pattern_steps_than_recorded(work: Any) -> None:
    assert growth(work, work.steps()) == []


def test_every_counted_call_is_recorded_for_every_version() -> None:
    (units,) = {tuple((unit, tuple(calls)) for unit, calls in counts.items()) for counts in RECORDED.values()}
    assert [unit for unit, _ in units] == ["byte code", "patterns", "instructions"]


@pytest.mark.parametrize(("count", "verdict"), [(104, ""), (106, "GREW"), (96, ""), (94, "shrank")])
def test_counts_may_differ_by_five_percent(work: Any, count: float, verdict: str) -> None:
    assert [each.verdict for each in work.compared({"a": {"b": count}}, {"a": {"b": 100}})] == [verdict]


def test_a_pattern_that_tries_more_ways_takes_more_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(FOLDER))
    from work_patterns import Engine

    counts = []
    for pattern in ("a*b", "a*a*b", "(?:a|a)*b"):
        engine = Engine(pattern, 0)
        assert not engine.run("match", "aaaaaaa")
        counts.append(engine.steps)
    assert counts[0] * 2 < counts[1] < counts[2]


@pytest.fixture
def valgrind() -> None:
    """Valgrind. If it is missing, Debian's package is installed, which needs root and the package server."""
    if shutil.which("valgrind"):
        return
    try:
        for command in (["apt-get", "update", "-q"], ["apt-get", "install", "-y", "-q", "valgrind"]):
            subprocess.run(command, check=True, capture_output=True, timeout=900)
    except (OSError, subprocess.SubprocessError) as error:
        pytest.skip(f"Valgrind is not here and cannot be installed, and nothing else counts instructions: {error}")


@pytest.mark.e2e
@pytest.mark.skipif(
    WHOLE["builds"].get(VERSION) != sys.version,
    reason="another build of the interpreter has other instructions for the same work",
)
@pytest.mark.usefixtures("valgrind")
def test_no_call_takes_more_instructions_than_recorded(work: Any) -> None:
    assert growth(work, work.instructions()) == []
