"""Test the examples of `docs/` that start servers, or need libraries that only end-to-end tests install."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from support.paths import ROOT
from support.tools import tool

pytestmark = pytest.mark.e2e

examples, sentences = tool("page_examples"), tool("sentences")
TEXTS = {str(page.relative_to(ROOT)): page.read_text("utf-8") for page in sentences.PAGES}
SERVED = [name for name, text in TEXTS.items() if examples.is_end_to_end(text)]


def test_pages_with_server_examples_exist() -> None:
    assert {"docs/how-to/fastapi.md", "docs/how-to/wsgi.md", "docs/how-to/fuzz-a-server.md"} <= {*SERVED}


@pytest.mark.parametrize("name", SERVED)
def test_examples_of_a_page_print_the_documented_output(name: str, tmp_path: Path) -> None:
    assert examples.run(TEXTS[name], tmp_path) == TEXTS[name]


@pytest.mark.parametrize(("name", "file"), [("README.md", "app.py"), ("docs/how-to/fastapi.md", "settings_app.py")])
def test_an_application_can_be_imported(name: str, file: str, tmp_path: Path) -> None:
    (block,) = [each for each in examples.blocks(TEXTS[name]) if each.name == file]
    program = "\n".join([*block.lines, "assert app.build_middleware_stack()"])
    subprocess.run([sys.executable, "-c", program], cwd=tmp_path, check=True, timeout=120)
