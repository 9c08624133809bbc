"""Settings that all tests share."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
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
