"""The pages for contributors name files that exist, and every package has its place in them."""

from __future__ import annotations

import re

import pytest
from support.paths import ROOT

PAGES = ("CONTRIBUTING.md", "SECURITY.md", "docs/explanation/architecture.md", "schemas/README.md")
FOLDERS = "lambda_validate|schemas|tests|tools|benchmarks|examples|docs"


@pytest.mark.parametrize("page", PAGES)
def test_the_files_that_a_page_names_exist(page: str) -> None:
    """Parts in angle brackets, such as `<Operation>`, stand for any name."""
    named = re.findall(rf"`((?:{FOLDERS})/[\w./<>*-]*)`", (ROOT / page).read_text("utf-8"))
    assert named or page == "SECURITY.md"
    missing = [name for name in named if not any(ROOT.glob(re.sub("<[^>]*>", "*", name.rstrip("/"))))]
    assert missing == []


def test_the_architecture_names_every_package() -> None:
    text = (ROOT / "docs/explanation/architecture.md").read_text("utf-8")
    packages = {file.parent.name for file in (ROOT / "lambda_validate").glob("*/__init__.py")}
    table = set(re.findall(r"^\| `lambda_validate/(\w+)/` \|", text, re.MULTILINE))
    drawing = set(re.findall(r"\w+", text.partition("```mermaid")[2].partition("```")[0]))
    assert packages - drawing == set()
    assert packages - table <= {"boto", "docs", "export", "fuzz", "settings"}
