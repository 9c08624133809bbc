"""Make a `Project` from the settings of a workspace folder, as `lambda-validate lint` would in that folder.

Settings files of a workspace are not trusted: the baseline that they name must be in the workspace, or in the folder of
the settings. The command line and the environment belong to the user, and can name any file.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from ..lint import session
from ..lint.session import Project

if TYPE_CHECKING:
    from argparse import Namespace

Prepare = Callable[[str], "Namespace"]
"""A function that returns the arguments of the command with the settings of a folder filled in.

It raises `ConfigError` for invalid settings.
"""


class _Known(NamedTuple):
    """A cached project, and the settings that it was made from."""

    made_of: Any
    project: Project


class Projects:
    """The projects of folders. Settings are read before each check. If they have changed, the project is made again."""

    def __init__(self, prepare: Prepare) -> None:
        self._prepare = prepare
        self._known: dict[str, _Known] = {}

    def of(self, folder: str) -> Project:
        """Return the project of a folder. Invalid settings raise `ConfigError` or `UnknownNameError`."""
        arguments = self._prepare(folder)
        is_trusted = arguments.origins["baseline"].folder == os.curdir
        arguments.origins = {
            name: origin._replace(folder=folder) if origin.folder == os.curdir else origin
            for name, origin in arguments.origins.items()
        }
        if arguments.baseline is not None and not is_trusted:
            _check_inside(arguments, folder)
        made_of = _made_of(arguments)
        known = self._known.get(folder)
        if known is None or known.made_of != made_of:
            known = self._known[folder] = _Known(made_of, session.project(arguments))
        return known.project


def _check_inside(arguments: Namespace, folder: str) -> None:
    """Raise `ConfigError` if a baseline is outside the workspace, after following links."""
    origin = arguments.origins["baseline"]
    path = os.path.realpath(session.baseline_path(arguments))
    tops = [os.path.realpath(top) for top in (folder, origin.folder)]
    if not any(path.startswith(os.path.join(top, "")) for top in tops):
        raise origin.error("baseline must be a file in the workspace")


def _made_of(arguments: Namespace) -> Any:
    """Return a value that changes if anything changes that a project depends on: settings, folders, the baseline."""
    values = {name: value for name, value in vars(arguments).items() if name != "origins"}
    folders = {name: origin.folder for name, origin in arguments.origins.items()}
    return values, folders, _stamp(session.baseline_path(arguments)) if arguments.baseline is not None else None


def _stamp(path: str) -> Any:
    """Return a value that changes when a file changes: its time, size and inode; None for a missing file."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
