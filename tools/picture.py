"""The picture of a finding in the README: what the command prints on a terminal, drawn as SVG."""

from __future__ import annotations

import contextlib
import io
import os
import re
from collections.abc import Iterator
from html import escape
from pathlib import Path

from lambda_validate.cli import main

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "docs" / "finding.svg"
COMMAND = ("lint", "examples/async-settings.yaml")
FINDINGS = 2
"""Findings that the picture shows."""
WIDTH, HEIGHT, MARGIN = 8.4, 20, 16
"""Of a character, of a line, and around all, in pixels."""
ESCAPE = re.compile(r"\x1b\[(\d+)m")
STYLES = {"1": "font-weight='bold'", "31": "fill='#ff7b72'", "33": "fill='#e3b341'", "34": "fill='#79c0ff'"}
"""By code of a terminal, how text is drawn."""


def lines() -> list[str]:
    """Return what a terminal shows: the command and its first findings, with codes for colours."""
    printed = io.StringIO()
    before = dict(os.environ)
    os.environ.pop("NO_COLOR", None)
    os.environ["FORCE_COLOR"] = "1"
    try:
        with contextlib.chdir(ROOT), contextlib.redirect_stdout(printed), contextlib.redirect_stderr(io.StringIO()):
            main(list(COMMAND))
    finally:
        os.environ.clear()
        os.environ.update(before)
    shown = "\n\n".join(printed.getvalue().split("\n\n")[:FINDINGS])
    return [f"$ lambda-validate {' '.join(COMMAND)}", *shown.splitlines()]


def drawn() -> str:
    """Return the picture."""
    shown = lines()
    width = MARGIN * 2 + WIDTH * max(len(ESCAPE.sub("", line)) for line in shown)
    height = MARGIN * 2 + HEIGHT * len(shown)
    title = escape(f"What lambda-validate {' '.join(COMMAND)} prints")
    text = "\n".join(
        f"<text x='{MARGIN}' y='{MARGIN + HEIGHT * at + 15}' xml:space='preserve'>{''.join(_spans(line))}</text>"
        for at, line in enumerate(shown)
    )
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width:.0f} {height}' role='img' aria-label='{title}'>\n"
        f"<title>{title}</title>\n"
        f"<rect width='100%' height='100%' rx='8' fill='#0d1117'/>\n"
        f"<g fill='#e6edf3' font-size='14' font-family='ui-monospace,SFMono-Regular,Menlo,Consolas,monospace'>\n"
        f"{text}\n</g>\n</svg>\n"
    )


def _spans(line: str) -> Iterator[str]:
    """Yield the parts of a line, each in its style."""
    style = ""
    for at, piece in enumerate(ESCAPE.split(line)):
        if at % 2:
            style = STYLES.get(piece, "")
        elif piece:
            yield f"<tspan {style}>{escape(piece)}</tspan>" if style else escape(piece)
