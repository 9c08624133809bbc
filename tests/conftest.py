"""Settings that all tests share."""

from __future__ import annotations

import gc
from pathlib import Path

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


def pytest_collection_finish() -> None:
    """Keep the thousands of collected tests out of each later garbage collection, which would look at all of them."""
    gc.collect()
    gc.freeze()


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
