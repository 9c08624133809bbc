"""Run `lambda-validate lint`: make a `LintTask` of the arguments and settings, run it, and return a result, `Ran`."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from typing import IO, TYPE_CHECKING, NamedTuple

from ..base.spelling import counted
from ..settings.files import ConfigError
from ..validator import Validator
from .control import Control
from .control.selection import Selection, checked, selected
from .files import STDIN, STDIN_NAME
from .files.gitignore import patterns
from .files.walk import Globs, Walk
from .findings.differences import from_arguments
from .findings.finding import LintOutcome
from .fixable import FixableCount
from .formats import FORMATS
from .reporters import STATISTICS
from .runner import LintTask, lint

if TYPE_CHECKING:
    from argparse import Namespace

    from .control.baseline import Baseline
    from .fix.fixer import Fixer


SARIF = "sarif"
"""The output format that includes suppressed findings and corrections."""
DELAY, PERIOD = 0.5, 0.1
"""Seconds before the line of progress is first shown, and between two updates of it."""
CLEAR = "\r\x1b[K"


class ProgressLine:
    """Shows in a terminal how many files have been linted. `clear` removes the line, and must be called at the end."""

    def __init__(self, show: Callable[[str], None], clock: Callable[[], float] = time.monotonic) -> None:
        self.show, self.clock = show, clock
        self.next, self.is_shown = clock() + DELAY, False

    def step(self, files: int, checked: int) -> None:
        """Show the number of files that were read, and of those with a payload, unless it was shown just before."""
        now = self.clock()
        if now >= self.next:
            self.next, self.is_shown = now + PERIOD, True
            self.show(f"{CLEAR}{files:,} files looked at, {checked:,} with payloads")

    def clear(self) -> None:
        """Remove the line from the terminal, if it is shown."""
        if self.is_shown:
            self.show(CLEAR)


class Ran(NamedTuple):
    """The result of a run of `lambda-validate lint`.

    `notes` are lines to print to standard error. `text` is standard input, fixed with `--fix`. `diff` has the lines of
    the diff that `--diff` prints.
    """

    outcome: LintOutcome
    notes: tuple[str, ...] = ()
    text: bytes | None = None
    diff: tuple[str, ...] | None = None


class Project(NamedTuple):
    """The settings of a project that the language server needs to check its files.

    `documents` is the second validator, for the edition `both`. `excluded` are patterns of files that are not checked.
    """

    validator: Validator
    documents: Validator | None
    control: Control
    excluded: tuple[Globs, ...]

    def covers(self, path: str) -> bool:
        """Return whether a file is checked, that is, not excluded."""
        return not any(globs.covers(path) for globs in self.excluded)


def project(arguments: Namespace) -> Project:
    """Return the settings of a project. `arguments` has the arguments of a command, with settings filled in.

    Invalid values raise `ConfigError` or `UnknownNameError`.
    """
    validator, documents = from_arguments(arguments)
    control = Control(validator, _selection(arguments), _baseline(arguments))
    return Project(validator, documents, control, _walk(arguments).excluded)


def run(arguments: Namespace, stdin: IO[bytes], show: Callable[[str], None] | None = None) -> Ran:
    """Lint files as the arguments and settings say. Invalid values raise `ConfigError` or `UnknownNameError`.

    `show` prints a string without a line break, to show the progress; None shows none.
    """
    _check(arguments)
    validator, documents = from_arguments(arguments)
    walk = _walk(arguments)
    baseline = None if arguments.write_baseline is not None else _baseline(arguments)
    is_full = arguments.output_format == SARIF
    control = Control(validator, _selection(arguments), baseline, lists=is_full)
    fixer = _fixer(arguments, control)
    paths = arguments.paths or [os.curdir]
    name = arguments.stdin_filename or STDIN_NAME
    if any(globs.covers(name) for globs in walk.excluded):
        paths = [path for path in paths if path != STDIN]
    if fixer and not fixer.is_dry and STDIN in arguments.paths:
        fixer.text = stdin.read()
        stdin = BytesIO(fixer.text)
    fixable = FixableCount(control)
    is_counted = not (arguments.quiet or arguments.output_format == "json" or arguments.write_baseline is not None)
    treats = fixer or (fixable if is_counted else None)
    task = LintTask(walk, control, treats, name, documents=documents, proposes=is_full)
    outcome = _linted(paths, stdin, validator, task, show)
    notes = (*_notes(arguments, outcome, baseline, fixer), *_fixable(fixable.findings, len(outcome.findings)))
    return Ran(outcome, notes, fixer.text if fixer else None, tuple(fixer.diff) if fixer and fixer.is_dry else None)


def _check(arguments: Namespace) -> None:
    """Raise `ConfigError` for options that cannot be combined."""
    is_unread = arguments.stdin_filename is not None and STDIN not in arguments.paths
    is_fixing = arguments.write_baseline is not None and (arguments.fix or arguments.diff)
    is_countless = arguments.statistics and arguments.output_format not in STATISTICS
    for is_wrong, message in (
        (is_unread, "--stdin-filename needs standard input; add - to the paths"),
        (is_fixing, "--write-baseline cannot be combined with --fix or --diff; run lint with --fix first"),
        (is_countless, "--statistics needs the output format full, concise or json"),
    ):
        if is_wrong:
            raise ConfigError(message)


def _walk(arguments: Namespace) -> Walk:
    globs = Globs(arguments.origins["exclude"].folder, patterns(arguments.exclude))
    return Walk((globs,) if globs.patterns.rules else (), arguments.gitignore)


def _selection(arguments: Namespace) -> Selection:
    origin = arguments.origins["per-file-ignores"]
    per_file = tuple(
        (Globs(origin.folder, patterns([glob])), checked(names, arguments.edition, origin))
        for glob, names in arguments.per_file_ignores.items()
    )
    return selected(arguments)._replace(per_file=per_file)


def _baseline(arguments: Namespace) -> Baseline | None:
    if arguments.baseline is None:
        return None
    from .control import baseline

    return baseline.read(baseline_path(arguments))


def baseline_path(arguments: Namespace) -> str:
    """Return the path of the baseline file. In a settings file, it is relative to the folder of that file."""
    folder = os.path.relpath(arguments.origins["baseline"].folder)
    path: str = arguments.baseline
    return os.path.normpath(os.path.join(folder, path))


def _fixer(arguments: Namespace, control: Control) -> Fixer | None:
    if not (arguments.fix or arguments.diff):
        return None
    from .fix.fixer import Fixer

    return Fixer(control, is_dry=arguments.diff)


def _linted(
    paths: Iterable[str], stdin: IO[bytes], validator: Validator, task: LintTask, show: Callable[[str], None] | None
) -> LintOutcome:
    if show is None:
        return lint(paths, stdin, validator, task=task)
    progress = ProgressLine(show)
    try:
        return lint(paths, stdin, validator, task=task._replace(progress=progress.step))
    finally:
        progress.clear()


def _notes(arguments: Namespace, outcome: LintOutcome, baseline: Baseline | None, fixer: Fixer | None) -> Iterator[str]:
    if not (outcome.checked or outcome.failures or outcome.unfilled) and arguments.output_format != "json":
        yield f"nothing to check was found; lint covers {'; '.join(row.covers for row in FORMATS)}"
    if fixer is not None:
        done = "can be fixed" if fixer.is_dry else "fixed"
        yield f"{counted(fixer.edits, 'place')} in {counted(fixer.files, 'file')} {done}"
    fixed = baseline.fixed() if baseline else 0
    if baseline and fixed:
        yield (
            f"{baseline.path}: {counted(fixed, 'finding')} of the baseline {'is' if fixed == 1 else 'are'} gone; "
            f"--write-baseline {baseline.path} updates it"
        )
    if arguments.write_baseline is not None:
        yield _write_baseline(arguments.write_baseline, outcome)


def _fixable(count: int, total: int) -> Iterator[str]:
    if count:
        yield f"{count:,} of {total:,} can be fixed with --fix"


def _write_baseline(path: str, outcome: LintOutcome) -> str:
    from ..files import writing
    from .control import baseline

    try:
        writing.replace_file(path, baseline.written(path, outcome.findings).encode())
    except OSError as error:
        raise ConfigError(f"{path}: the baseline cannot be written: {error.strerror}") from None
    return f"{path}: {counted(len(outcome.findings), 'finding')} written to the baseline"
