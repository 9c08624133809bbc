"""The documentation builds into a site without a warning: no orphan, no broken link, no unknown directive."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from support.paths import ROOT

pytestmark = pytest.mark.e2e


def build(docs: Path, site: Path, builder: str = "html") -> subprocess.CompletedProcess[str]:
    options = ["-W", "--keep-going", "-q", "-b", builder, "-d", site / "doctrees"]
    command = [sys.executable, "-m", "sphinx", *options, docs, site / "html"]
    return subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=600)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    done = build(ROOT / "docs", folder)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    return folder / "html"


def test_every_page_is_built(site: Path) -> None:
    pages = {page.relative_to(ROOT / "docs").with_suffix(".html") for page in (ROOT / "docs").rglob("*.md")}
    assert {page for page in pages if not (site / page).exists()} == set()
    assert len(pages) > 100


def test_the_pages_of_rules_are_those_of_the_package(site: Path) -> None:
    rules = {page.stem for page in (ROOT / "lambda_validate" / "rules").glob("*.md")}
    assert {page.stem for page in (site / "reference" / "rules").glob("*.html")} == rules | {"index"}


def test_the_reference_of_every_operation_is_beside_the_pages(site: Path) -> None:
    assert "CreateEventSourceMapping" in (site / "api" / "index.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[a](missing.md)", "missing.md"),
        ("[a](../missing.py)", "missing.py, which does not exist"),
        ("```{nothing}\n```", "nothing"),
    ],
)
def test_a_mistake_is_a_failure(tmp_path: Path, text: str, complaint: str) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "index.md").write_text(f"# Title\n\n{text}\n", "utf-8")
    (docs / "conf.py").write_bytes((ROOT / "docs" / "conf.py").read_bytes())
    done = build(docs, tmp_path / "site", "dummy")
    assert done.returncode == 1
    assert complaint in done.stderr
