"""Configure all tests."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from _pytest.runner import runtestprotocol  # which plugins that run tests in their own way use
from support.linting import Project

from lambda_validate.settings.keys import VARIABLES

hypothesis.settings.register_profile(
    "tests",
    derandomize=True,
    deadline=None,
    database=None,
    print_blob=False,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],  # which reads a clock
)
hypothesis.settings.load_profile("tests")


SHOWN = 0.005
"""Seconds that `--durations` shows, unless it is asked for all."""

# Without compiled modules on disk, each process that a test starts compiles the package anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


def pytest_collection() -> None:
    """Collect without the garbage collector: of what collecting makes, next to nothing is garbage."""
    gc.disable()


def pytest_collection_finish() -> None:
    """Keep the thousands of collected tests out of each later garbage collection, which would look at all of them."""
    gc.enable()
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Generator[None, Any, pytest.CollectReport]:
    """Let every second worker collect backwards, so that each compiles half of the tests and reads the other half."""
    report: pytest.CollectReport = yield
    if isinstance(collector, pytest.Directory) and os.environ.get("PYTEST_XDIST_WORKER", "")[-1:] in {*"13579"}:
        report.result.reverse()
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Bring the tests of every worker into the same order, as xdist needs it."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        items.sort(key=lambda item: item.path.parts)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """Have a worker send one report of a test, not three, where what is before and after its call went well and soon.

    To send a report, and to read it, takes as long as most tests do.
    """
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return None
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    for report in runtestprotocol(item, nextitem=nextitem, log=False):
        if report.when == "call" or not report.passed or report.duration > SHOWN:
            item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


@pytest.fixture
def by_documents(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every command of a test go by the edition `documents`, unless the test says otherwise."""
    monkeypatch.setenv(VARIABLES["edition"], "documents")


@pytest.fixture
def project(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Project:
    """An empty repository, which is the working folder."""
    for name in ("NO_COLOR", "FORCE_COLOR", "CI", *VARIABLES.values()):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / ".git").mkdir()
    monkeypatch.setenv(VARIABLES["edition"], "documents")  # as `by_documents`, after the others are deleted
    monkeypatch.chdir(tmp_path)
    return Project(tmp_path, capsys, monkeypatch)
