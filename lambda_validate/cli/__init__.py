"""The command `lambda-validate`: arguments, exit codes, and the only code that prints.

    lambda-validate lint template.yaml

    table                 the commands: function, operands and settings of each
    arguments, parsing    make arguments of the command line
    settings              sets the arguments that are not given, from settings files and variables
    commands, audit, …    run a command: arguments in, a `CommandResult` out
    main                  prints the lines of the result, and returns its exit code: 0, 1, 2 or 130

Each command is a function `run(arguments, stdin, colour)` that returns a `CommandResult`. Its module is imported when
the command is used, so that `lint` starts fast.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from io import BytesIO
from types import SimpleNamespace
from typing import Any, TextIO

from .. import settings
from ..base.spelling import UnknownNameError, listing
from ..base.terminal import printable
from ..settings import ConfigError
from ..settings.keys import VARIABLES
from . import commands
from .commands import INTERRUPTED, NAME, UNUSABLE, CommandResult, UsageError
from .table import COMMANDS, load, unknown_command

COLLECTED = 50_000
"""Threshold of the garbage collector: nearly all objects of a short run live until its end."""

PLAINLY: Mapping[str, Any] = {
    **{settings.attribute(name): None for name in VARIABLES}, "command": "lint", "config": None, "no_config": False,
    "write_baseline": None, "fix": False, "diff": False, "stdin_filename": None, "statistics": False, "quiet": False,
    "show_values": False, "sdk_model": False,
}  # fmt: skip
"""The arguments of `lint` if none is given."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command with these arguments, or those of the process, and return its exit code."""
    if argv is not None:
        return _main(list(argv))
    gc.set_threshold(COLLECTED)
    code = _main(sys.argv[1:])
    gc.freeze()  # the process ends, and need not look through all there is once more
    return code


def _main(argv: list[str]) -> int:
    try:
        return _run(argv)
    except (ConfigError, UnknownNameError, UsageError) as error:
        _note(str(error))
        return UNUSABLE
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _discard_output()
        return UNUSABLE
    except OSError as error:  # files' own errors are values by now, so it is the output that failed
        _discard_output()
        _note(f"the output cannot be written: {error.strerror or error}")
        return UNUSABLE


def _run(argv: list[str]) -> int:
    try:
        arguments = _parsed(argv)
    except SystemExit:  # help or the version was asked for, and printed
        return 0
    if not getattr(arguments, "quiet", False):
        for note in settings.unknown(os.environ):
            _note(note)
    row = COMMANDS[arguments.command]
    is_about_settings = getattr(arguments, "settings", False)  # what helps to correct a file needs none that is correct
    if row.settings and not row.of_folders and not is_about_settings:
        settings.fill(arguments, os.environ, row.settings)
    arguments.show_progress = _live(sys.stderr, os.environ)
    run = load(row.run)
    if getattr(arguments, "service", None) is not None:
        run = partial(commands.of_service, run)
    stdin = sys.stdin.buffer if sys.stdin is not None else BytesIO()
    try:
        return _show(run(arguments, stdin, _colour(sys.stdout, os.environ)))
    except UnknownNameError as error:
        raise UsageError(commands.no_operation(error, arguments)) if error.kind == "operation" else error from None


def _parsed(argv: list[str]) -> Any:
    """Return the parsed arguments of a command. If `lint` has only paths, no parser is made, which is faster."""
    name, *rest = argv or ["-"]
    if name == "lint" and not any(argument.startswith("-") for argument in rest):
        return SimpleNamespace(**PLAINLY, paths=rest)
    if name not in COMMANDS and not name.startswith("-"):
        raise unknown_command(name)
    from . import arguments

    if name not in COMMANDS:
        arguments.parser().read(argv)
        met = f", not {name!a}" if argv else ""
        raise UsageError(f"expected a command{met}: {listing(COMMANDS)}")
    return arguments.command(name).read(rest)


def _show(result: CommandResult) -> int:
    if result.data is not None and sys.stdout is not None:
        sys.stdout.flush()
        sys.stdout.buffer.write(result.data)
    _write(sys.stdout, result.output)
    for note in result.notes:
        _note(note)
    return result.code


def _note(message: str) -> None:
    _write(sys.stderr, [f"{NAME}: {printable(message)}"])


def _write(stream: TextIO | None, lines: Iterable[str]) -> None:
    """Write lines to standard output or error. Characters that its encoding lacks are escaped.

    `stream` is None if the user closed it. Then nothing is written.
    """
    if stream is not None:
        encoding = stream.encoding or "utf-8"
        for line in lines:
            stream.write(f"{line}\n".encode(encoding, "backslashreplace").decode(encoding))
        stream.flush()


def _discard_output() -> None:
    """Redirect standard output to nothing, so that the interpreter's flush at exit does not fail on a broken pipe."""
    with suppress(OSError, ValueError, AttributeError):  # not a stream of the system's
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _colour(stream: TextIO | None, environment: Mapping[str, str]) -> bool:
    """Return whether to print colours: not if NO_COLOR is set, always if FORCE_COLOR is, else only on a terminal."""
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR"):
        return True
    return stream is not None and stream.isatty() and environment.get("TERM") != "dumb"


def _live(stream: TextIO | None, environment: Mapping[str, str]) -> Callable[[str], None] | None:
    """Return a function that writes to the terminal, for a progress line that is overwritten again and again.

    None if the stream is not a terminal, or in a CI service.
    """
    if stream is None or not stream.isatty() or environment.get("TERM") == "dumb" or environment.get("CI"):
        return None

    return partial(print, end="", file=stream, flush=True)
