"""Test the scripts of `lambda-validate completion` in real shells: completions of partly typed lines."""

from __future__ import annotations

import contextlib
import os
import pty
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import pytest

pytestmark = pytest.mark.e2e

LINES = {
    "lambda-validate reque": {"request"},
    "lambda-validate lint --edi": {"--edition"},
    "lambda-validate lint --edition curr": {"current"},
    "lambda-validate lint --output-format sa": {"sarif"},
    "lambda-validate request CreateEventS": {"CreateEventSourceMapping"},
    "lambda-validate lint --select batch-size.sq": {"batch-size.sqs"},
    "lambda-validate explain batch-size.": {"batch-size.maximum", "batch-size.minimum"},
    "lambda-validate schema CreateAlias resp": {"response"},
    "lambda-validate export ope": {"openapi"},
    "lambda-validate help li": {"lint"},
    "lambda-validate completion zs": {"zsh"},
    "lambda-validate lint templ": {"template.yaml"},
}
SECONDS = 20
"""The time limit in seconds for a line. A test ends as soon as the line is completed."""


@pytest.fixture(scope="module", params=["bash", "zsh", "fish"])
def shell(request: pytest.FixtureRequest) -> str:
    """Return an installed shell."""
    if shutil.which(request.param) is None:
        pytest.skip(f"{request.param} is not installed")
    return str(request.param)


@pytest.fixture(scope="module")
def script(shell: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the completion script to a folder with a file to complete."""
    pytest.importorskip("shtab", reason="the extra completion is not installed")
    folder = tmp_path_factory.mktemp(shell)
    command = [sys.executable, "-m", "lambda_validate", "completion", shell]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    (folder / "template.yaml").touch()
    file = folder / "_lambda-validate"  # the file name that zsh requires
    file.write_text(ran.stdout, "utf-8")
    return file


def by_bash(script: Path, line: str) -> str:
    words = (
        f'COMP_WORDS=({line}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); COMP_LINE="{line}"; COMP_POINT=${{#COMP_LINE}}'
    )
    call = f'source {script}; {words}; _shtab_lambda_validate; printf "%s\\n" "${{COMPREPLY[@]}}"'
    command = ["bash", "--norc", "-c", call]
    return subprocess.run(command, cwd=script.parent, capture_output=True, text=True, timeout=SECONDS).stdout


def by_fish(script: Path, line: str) -> str:
    command = ["fish", "--no-config", "-c", f"source {script}; complete -C '{line}'"]
    return subprocess.run(command, cwd=script.parent, capture_output=True, text=True, timeout=SECONDS).stdout


def by_zsh(script: Path, line: str) -> str:
    """Type a line and a tab at a terminal, because zsh completes only there."""
    process, terminal = pty.fork()
    if process == 0:
        os.chdir(script.parent)
        os.execvpe("zsh", ["zsh", "-f", "-i"], {**os.environ, "TERM": "dumb", "PS1": "", "COLUMNS": "200"})
    try:
        start = f"fpath=({script.parent} $fpath); autoload -U compinit && compinit -u -D && print re''ady\n"
        os.write(terminal, start.encode())
        read_until(terminal, ("ready",))
        os.write(terminal, f"{line}\t\t".encode())
        return read_until(terminal, LINES[line])
    finally:
        with contextlib.suppress(OSError):
            os.write(terminal, b"\x03\x04exit\n")
        os.close(terminal)
        os.kill(process, 9)
        os.waitpid(process, 0)


def read_until(terminal: int, wanted: Iterable[str]) -> str:
    """Return the terminal's content as soon as it contains all expected words, or at the time limit."""
    shown, end = "", time.monotonic() + SECONDS
    while not all(word in shown for word in wanted) and time.monotonic() < end:
        if select.select([terminal], [], [], 0.2)[0]:
            shown += os.read(terminal, 65_536).decode("utf-8", "replace")
    return shown


OFFERED = {"bash": by_bash, "zsh": by_zsh, "fish": by_fish}


@pytest.mark.parametrize("line", LINES)
def test_partial_words_are_completed(shell: str, script: Path, line: str) -> None:
    offered = OFFERED[shell](script, line)
    assert [word for word in LINES[line] if word not in offered] == [], offered
