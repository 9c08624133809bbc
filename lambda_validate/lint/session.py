"""One run of `lambda-validate lint`: arguments and a settings file become a `Task`, and what it finds a `Summary`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from ..core import Validator
from ..settings.files import Config, ConfigError, found, read
from ..spelling import UnknownNameError
from .control import Control
from .control.selection import Selection, is_name, unknown
from .differences import validators
from .files import STDIN, STDIN_NAME
from .files.gitignore import patterns
from .files.walk import Globs, Walk
from .runner import Outcome, Task, lint

if TYPE_CHECKING:
    from argparse import Namespace

    from .control.baseline import Baseline
    from .fix.fixer import Fixer

DEFAULT_EDITION = "documents"


class Ran(NamedTuple):
    """What a run came to. `notes` are for people, `text` is fixed standard input, `diff` what fixing would change."""

    outcome: Outcome
    notes: tuple[str, ...] = ()
    text: bytes | None = None
    diff: tuple[str, ...] | None = None


class _Settings:
    """What counts: an argument, else the settings file, else a default."""

    def __init__(self, arguments: Namespace) -> None:
        self.arguments = arguments
        named = arguments.config
        self.config = Config() if arguments.no_config else read(named) if named is not None else found(os.curdir)

    def __call__(self, key: str, default: Any = None) -> Any:
        given = getattr(self.arguments, key.replace("-", "_"), None)
        return given if given is not None else self.config.values.get(key, default)

    def is_given(self, key: str) -> bool:
        """Whether an argument says it."""
        return getattr(self.arguments, key.replace("-", "_"), None) is not None

    def folder(self, key: str) -> str:
        """Return the folder that what a key holds is relative to."""
        return os.curdir if self.is_given(key) else self.config.folder

    def rules(self, key: str) -> tuple[str, ...]:
        """Return names of rules, all of which there are; the command line's may be separated by commas."""
        listed = self(key, ())
        split = [name.strip() for each in listed for name in each.split(",")] if self.is_given(key) else listed
        return self.checked(key, filter(None, split))

    def checked(self, key: str, given: Iterable[str]) -> tuple[str, ...]:
        """Return names of rules, or raise the error for one that there is not."""
        listed = tuple(given)
        for name in listed:
            if not is_name(name):
                error = unknown(name)
                raise error if self.is_given(key) else self.config.error(key, str(error))
        return listed


def run(arguments: Namespace, stdin: IO[bytes], tell: Callable[[str], None] | None = None) -> Ran:
    """Lint as the arguments say. Settings that cannot be used raise `ConfigError` or `UnknownNameError`."""
    _check(arguments)
    settings = _Settings(arguments)
    validator, documents = _validators(settings)
    walk = _walk(settings)
    baseline = None if arguments.write_baseline is not None else _baseline(settings)
    control = Control(validator, _selection(settings), baseline)
    fixer = _fixer(arguments, control)
    paths = arguments.paths or [os.curdir]
    name = arguments.stdin_filename or STDIN_NAME
    if any(each.covers(name) for each in walk.excluded):
        paths = [path for path in paths if path != STDIN]
    if fixer and not fixer.is_dry and STDIN in arguments.paths:
        fixer.text = stdin.read()
        stdin = BytesIO(fixer.text)
    task = Task(walk, control, fixer, name, documents=documents)
    outcome = _linted(paths, stdin, validator, task, tell)
    notes = tuple(_notes(arguments, outcome, baseline, fixer))
    return Ran(outcome, notes, fixer.text if fixer else None, tuple(fixer.diff) if fixer and fixer.is_dry else None)


def _check(arguments: Namespace) -> None:
    if arguments.stdin_filename is not None and STDIN not in arguments.paths:
        raise ConfigError("--stdin-filename names what standard input holds; add - to read that")
    if arguments.write_baseline is not None and (arguments.fix or arguments.diff):
        raise ConfigError("--write-baseline notes what is there, so nothing can be fixed meanwhile; run --fix first")
    if arguments.statistics and arguments.output_format not in ("full", "concise", "json"):
        raise ConfigError("--statistics are printed as full, concise or json")


def _validators(settings: _Settings) -> tuple[Validator, Validator | None]:
    given = {"unknown_members": settings("unknown-members"), "strict": bool(settings("strict", False))}
    try:
        return validators(settings("edition", DEFAULT_EDITION), **given, show_values=settings.arguments.show_values)
    except UnknownNameError as error:
        raise error if settings.is_given("edition") else settings.config.error("edition", str(error)) from None


def _walk(settings: _Settings) -> Walk:
    globs = Globs(settings.folder("exclude"), patterns(settings("exclude", ())))
    return Walk((globs,) if globs.patterns.rules else (), bool(settings("gitignore", True)))


def _selection(settings: _Settings) -> Selection:
    table = settings.config.values.get("per-file-ignores", {})
    per_file = tuple(
        (Globs(settings.config.folder, patterns([glob])), settings.checked("per-file-ignores", listed))
        for glob, listed in table.items()
    )
    return Selection(settings.rules("select"), settings.rules("ignore"), per_file)


def _baseline(settings: _Settings) -> Baseline | None:
    named = settings("baseline")
    if named is None:
        return None
    from .control import baseline

    return baseline.read(os.path.normpath(os.path.join(os.path.relpath(settings.folder("baseline")), named)))


def _fixer(arguments: Namespace, control: Control) -> Fixer | None:
    if not (arguments.fix or arguments.diff):
        return None
    from .fix.fixer import Fixer

    return Fixer(control, is_dry=arguments.diff)


def _linted(
    paths: Iterable[str], stdin: IO[bytes], validator: Validator, task: Task, tell: Callable[[str], None] | None
) -> Outcome:
    if tell is None:
        return lint(paths, stdin, validator, task=task)
    from .progress import Progress

    progress = Progress(tell)
    try:
        return lint(paths, stdin, validator, task=task._replace(progress=progress.step))
    finally:
        progress.clear()


def _notes(arguments: Namespace, outcome: Outcome, baseline: Baseline | None, fixer: Fixer | None) -> Iterator[str]:
    if fixer is not None:
        done = "can be fixed" if fixer.is_dry else "fixed"
        yield f"{_counted(fixer.edits, 'place')} in {_counted(fixer.files, 'file')} {done}"
    fixed = baseline.fixed() if baseline else 0
    if baseline and fixed:
        yield (
            f"{baseline.path}: {_counted(fixed, 'finding')} of the baseline {'is' if fixed == 1 else 'are'} there no "
            f"more; --write-baseline {baseline.path} leaves them out"
        )
    if arguments.write_baseline is not None:
        yield _write_baseline(arguments.write_baseline, outcome)


def _write_baseline(path: str, outcome: Outcome) -> str:
    from .control import baseline
    from .files import writing

    try:
        writing.replace(path, baseline.written(path, outcome.findings).encode())
    except OSError as error:
        raise ConfigError(f"{path}: the baseline cannot be written: {error.strerror}") from None
    return f"{path}: {_counted(len(outcome.findings), 'finding')} written to the baseline"


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
