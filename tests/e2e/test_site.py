"""Test that the documentation site builds without warnings: no orphans, broken links or unknown directives."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

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
    assert len(pages) > 35
    assert {page for page in pages if not (site / page).exists()} == set()


def test_the_pages_of_rules_are_those_of_the_package(site: Path) -> None:
    rules = {page.stem for page in (ROOT / "lambda_validate" / "rules").glob("*.md")}
    assert {page.stem for page in (site / "reference" / "rules").glob("*.html")} == rules | {"index"}


def test_the_site_includes_the_operation_reference(site: Path) -> None:
    assert "CreateEventSourceMapping" in (site / "api" / "index.html").read_text("utf-8")


PAGES = ["index", "reference/cli", "reference/rules/index", "explanation/performance", "tutorials/first-lint"]


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    handler = partial(QuietHandler, directory=str(site))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from support.browsing import browsers  # only end-to-end tests install what it needs

    yield from browsers()


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> str:
    from support.browsing import axe

    return axe(tmp_path_factory.mktemp("axe"))


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_pages_fit_the_viewport_load_no_external_resources_and_are_accessible(
    address: str, browser: Any, source: str, name: str, scheme: str, width: int
) -> None:
    from support.browsing import complaints, seen

    found = seen(browser, viewport={"width": width, "height": 900}, color_scheme=scheme)
    found.page.goto(f"{address}/{name}.html")
    root = "document.documentElement"
    assert found.page.evaluate(f"{root}.scrollWidth - {root}.clientWidth") == 0
    assert found.foreign(address) == []
    assert found.said == []
    assert complaints(found.page, source, ["serious", "critical"]) == []
    found.page.context.close()


class QuietHandler(SimpleHTTPRequestHandler):
    """Serve files without a log."""

    def log_message(self, *_: object) -> None:
        pass


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[a](missing.md)", "missing.md"),
        ("[a](../missing.py)", "missing.py, which does not exist"),
        ("```{nothing}\n```", "nothing"),
    ],
)
def test_markup_errors_fail_the_build(tmp_path: Path, text: str, complaint: str) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "index.md").write_text(f"# Title\n\n{text}\n", "utf-8")
    (docs / "conf.py").write_bytes((ROOT / "docs" / "conf.py").read_bytes())
    done = build(docs, tmp_path / "site", "dummy")
    assert done.returncode == 1
    assert complaint in done.stderr
