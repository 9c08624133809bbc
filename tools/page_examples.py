"""Run the examples of a Markdown page, and write what they print into it.

A page is read from top to bottom. Its fenced blocks mean:

- a block with a file name (`yaml template.yaml`) is a file in the page's own folder, which begins empty;
- `python` without a name is run; all such blocks of a page share their variables. Lines that begin with `# ` hold what
  the code above them prints;
- `console` holds commands behind `$ ` and what they print. A command that ends in ` &` is a server, which is ended with
  the page. A last line of `…` stands for more output;
- `sh` holds commands that are not run, such as those that install something;
- any other block is data, which has to be well-formed: `json`, `toml` and `yaml`.

`run` returns the page as it would be if every output were new, so a page is up to date if that changes nothing.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shlex
import socket
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator, Mapping
from itertools import takewhile
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from lambda_validate.cli import arguments, main
from lambda_validate.cli.table import COMMANDS

ROOT = Path(__file__).resolve().parent.parent
FENCE = re.compile(r"^( *)```(\w+)(?: ([\w./-]+))?$")
PORTS = re.compile(r"\b(?:8000|9000|9001|10000|5000)\b")
"""Ports that examples use. Each is replaced by a free one while a page runs, and put back in what is printed."""
SHELL = re.compile(r"[|<>&;$*`]")
"""Characters for which a command needs a shell."""
SECONDS = re.compile(r"\bin \d+\.\d\ds\b")
"""How long something took, which is never the same."""
COMMAND = re.compile(r"^(?:\s*(?:- )?run: |\s*)lambda-validate (?!\S+\.)(.+)$", re.MULTILINE)
"""A command in a block that is not run."""
HIDDEN = ("LAMBDA_VALIDATE_", "PYTEST", "PY_COLORS", "FORCE_COLOR", "CI", "BUILD_NUMBER", "GITHUB_")
"""Beginnings of the names of variables that change what a program prints. pytest shortens no line where `CI` is set."""
MORE = "…"


class Block(NamedTuple):
    """A fenced block: its language, the name of its file if it has one, and its lines, without their common indent.

    `start` is the number of the first line.
    """

    language: str
    name: str | None
    lines: list[str]
    start: int
    indent: str = ""


def blocks(text: str) -> Iterator[Block]:
    """Yield the fenced blocks of a page."""
    lines, at = text.splitlines(), 0
    while at < len(lines):
        if match := FENCE.match(lines[at]):
            end = next(each for each in range(at + 1, len(lines)) if lines[each] == f"{match[1]}```")
            inside = [line.removeprefix(match[1]) for line in lines[at + 1 : end]]
            yield Block(match[2], match[3], inside, at + 1, match[1])
            at = end
        at += 1


FOREIGN = ("cfn-lint ",)
"""Programs that the extra `e2e` brings."""
INSTALLERS = re.compile(r"\b(?:pip|pipx|npm|apt-get|brew) ")
"""Programs that change the machine: their commands belong into a block `sh`, which is not run."""


def is_end_to_end(text: str) -> bool:
    """Return whether a page starts a server or runs a foreign program, which tests do only end to end."""
    commands = [line[2:] for block in blocks(text) for line in block.lines if line.startswith("$ ")]
    return any(each.endswith(" &") or each.startswith(FOREIGN) for each in commands)


def run(text: str, folder: Path) -> str:
    """Return a page with new outputs. Its files go into a folder. In a page with servers, ports are free ones."""
    session = Session(folder, text)
    lines = text.splitlines()
    with contextlib.chdir(folder), contextlib.ExitStack() as stack:
        session.stack = stack
        for block in reversed([(each, session.renewed(each)) for each in blocks(text)]):
            old, new = block
            if new != old.lines:
                lines[old.start : old.start + len(old.lines)] = [f"{old.indent}{each}".rstrip() for each in new]
    return "\n".join(lines) + "\n"


class Session:
    """The run of one page."""

    stack: contextlib.ExitStack

    def __init__(self, folder: Path, text: str) -> None:
        self.folder = folder
        self.variables: dict[str, Any] = {"__name__": "example"}
        found = set(PORTS.findall(text)) if is_end_to_end(text) else set()
        self.ports = {port: str(_free_port()) for port in sorted(found)}
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        shared = {name: value for name, value in os.environ.items() if not name.startswith(HIDDEN)}
        self.environment = {**shared, "PATH": path, "NO_COLOR": "1", "COLUMNS": "100", "PYTHONDONTWRITEBYTECODE": "1"}

    def renewed(self, block: Block) -> list[str]:
        """Return the lines of a block, run if it can be."""
        if block.name:
            file = self.folder / block.name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(self._moved("\n".join(block.lines) + "\n"), "utf-8")
        elif block.language == "python":
            return list(self._python(block.lines))
        elif block.language == "console":
            return list(self._console(block.lines))
        else:
            check_data(block)
        return block.lines

    def _moved(self, text: str) -> str:
        return PORTS.sub(lambda match: self.ports.get(match[0], match[0]), text)

    def _moved_back(self, text: str) -> str:
        for port, used in self.ports.items():
            text = text.replace(used, port)
        return text

    def _python(self, lines: list[str]) -> Iterator[str]:
        """Run code up to each comment, and yield what it prints in place of the comment."""
        code: list[str] = []
        for at, line in enumerate(lines):
            if not line.startswith("# "):
                code.append(line)
                yield line
            elif at == 0 or not lines[at - 1].startswith("# "):
                yield from (f"# {each}" for each in self._printed("\n".join(code)))
                code = []
        if printed := self._printed("\n".join(code)):
            yield from (f"# {each}" for each in printed)

    def _printed(self, code: str) -> list[str]:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(self._moved(code), "<example>", "exec"), self.variables)
        return self._moved_back(printed.getvalue()).splitlines()

    def _console(self, lines: list[str]) -> Iterator[str]:
        """Run commands and yield them with what they print."""
        starts = [at for at, line in enumerate(lines) if line.startswith("$ ")]
        for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
            yield lines[start]
            old = lines[start + 1 : end]
            # An empty line before the next command is part of the page, not of the output.
            gap = [""] if old and not old[-1] and end != len(lines) else []
            new = self._output(lines[start][2:])
            yield from [*new[: len(old) - 1], MORE] if old and old[-1] == MORE else new
            yield from gap

    def _output(self, command: str) -> list[str]:
        if INSTALLERS.search(command):
            raise ValueError(f"expected a block `sh` for {command!r}: a block `console` is run")
        if command.endswith(" &"):
            self._start(self._moved(command[:-2]))
            return []
        command = self._moved(command)
        plain = command.startswith("lambda-validate ") and not SHELL.search(command)
        text = command_output(shlex.split(command)[1:]) if plain else self._shell(command)
        text = SECONDS.sub("in 0.20s", self._moved_back(text)).replace(str(self.folder), "/home/you")
        return text.rstrip("\n").splitlines()

    def _shell(self, command: str) -> str:
        done = subprocess.run(
            ["bash", "-c", command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, env=self.environment, timeout=120, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        return done.stdout

    def _start(self, command: str) -> None:
        """Start a server, and wait until it listens on a port that its command names."""
        wanted = [port for port in self.ports.values() if port in command]
        process = subprocess.Popen(
            shlex.split(command), env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self.stack.callback(_end, process)
        for port in wanted:
            _wait_for(int(port), process)


def command_output(argv: list[str]) -> str:
    """Return what the command prints, on standard output and standard error."""
    binary = io.BytesIO()
    with io.TextIOWrapper(binary, "utf-8", write_through=True) as stream, contextlib.ExitStack() as stack:
        stack.enter_context(contextlib.redirect_stdout(stream))
        stack.enter_context(contextlib.redirect_stderr(stream))
        stack.enter_context(_environment({"NO_COLOR": "1", "COLUMNS": "100"}))
        main(argv)
        stream.flush()
        return binary.getvalue().decode()


@contextlib.contextmanager
def _environment(changed: Mapping[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(changed)
    os.environ.pop("FORCE_COLOR", None)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def check_data(block: Block) -> None:
    """Raise ValueError where a block of data is malformed, or holds a command that does not exist."""
    text = "\n".join(block.lines)
    readers = {"json": json.loads, "toml": tomllib.loads, "yaml": yaml.safe_load}
    if block.language in readers:
        readers[block.language](text)
    for line in COMMAND.findall(text) if block.language in ("sh", "yaml") else ():
        name, *rest = shlex.split(line, comments=True)
        if name in COMMANDS:
            arguments.command(name).read(list(takewhile(lambda each: each not in ("&", ">"), rest)))
        elif not name.startswith("-"):
            raise ValueError(f"there is no command {name!r}")


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise RuntimeError(f"nothing listens on port {port}")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(30)
