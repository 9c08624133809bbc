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
from _pytest.runner import runtestprotocol  # used by plugins that run tests themselves
from support.linting import Project

from lambda_validate.settings.keys import VARIABLES

hypothesis.settings.register_profile(
    "tests",
    derandomize=True,
    deadline=None,
    database=None,
    print_blob=False,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],  # this check reads a clock
)
hypothesis.settings.load_profile("tests")


SHOWN = 0.005
"""The minimum number of seconds that `--durations` shows, unless all are requested."""

# Without compiled modules on disk, each process that a test starts compiles the package anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


def pytest_collection() -> None:
    """Collect without the garbage collector, because almost no object that collecting creates is garbage."""
    gc.disable()


def pytest_collection_finish() -> None:
    """Exclude the thousands of collected tests from later garbage collections."""
    gc.enable()
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Generator[None, Any, pytest.CollectReport]:
    """Let every second worker collect backwards, so that it compiles one half of the tests and reads the other."""
    report: pytest.CollectReport = yield
    if isinstance(collector, pytest.Directory) and os.environ.get("PYTEST_XDIST_WORKER", "")[-1:] in {*"13579"}:
        report.result.reverse()
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sort the tests of every worker into the same order, because xdist requires it."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        items.sort(key=lambda item: item.path.parts)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """Let a worker send one report of a test instead of three, if setup and teardown were fast and successful.

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
    """Use the edition `documents` in every command of a test, unless the test overrides it."""
    monkeypatch.setenv(VARIABLES["edition"], "documents")


@pytest.fixture
def project(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Project:
    """Return an empty repository, which is the working folder."""
    for name in ("NO_COLOR", "FORCE_COLOR", "CI", *VARIABLES.values()):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / ".git").mkdir()
    monkeypatch.setenv(VARIABLES["edition"], "documents")  # as `by_documents`, after the others are deleted
    monkeypatch.chdir(tmp_path)
    return Project(tmp_path, capsys, monkeypatch)
