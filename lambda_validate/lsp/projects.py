"""The settings of a workspace folder become a `Project`, as `lint` would read them in that folder.

A file in a workspace is not trusted: its settings may name files in the workspace, and in the folder of the settings.
What the user gives on the command line, or in the environment, may name any file.
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
"""What fills the arguments of the command with the settings of a folder. It raises `ConfigError`."""


class _Known(NamedTuple):
    """What a project was made of, and the project."""

    made_of: Any
    project: Project


class Projects:
    """The projects of folders. Settings are read for each check, and a project is made anew where they differ."""

    def __init__(self, prepare: Prepare) -> None:
        self._prepare = prepare
        self._known: dict[str, _Known] = {}

    def of(self, folder: str) -> Project:
        """Return the project of a folder. Unusable settings raise `ConfigError` or `UnknownNameError`."""
        arguments = self._prepare(folder)
        is_trusted = arguments.origins["baseline"].folder == os.curdir
        arguments.origins = {
            name: each._replace(folder=folder) if each.folder == os.curdir else each
            for name, each in arguments.origins.items()
        }
        if arguments.baseline is not None and not is_trusted:
            _check_inside(arguments, folder)
        made_of = _made_of(arguments)
        known = self._known.get(folder)
        if known is None or known.made_of != made_of:
            known = self._known[folder] = _Known(made_of, session.project(arguments))
        return known.project


def _check_inside(arguments: Namespace, folder: str) -> None:
    """Raise `ConfigError` for a baseline that is outside of the workspace, links followed."""
    origin = arguments.origins["baseline"]
    path = os.path.realpath(session.baseline_path(arguments))
    tops = [os.path.realpath(each) for each in (folder, origin.folder)]
    if not any(path.startswith(os.path.join(top, "")) for top in tops):
        raise origin.error("baseline must be a file in the workspace")


def _made_of(arguments: Namespace) -> Any:
    """Return what is equal where a project would be the same."""
    values = {name: each for name, each in vars(arguments).items() if name != "origins"}
    folders = {name: each.folder for name, each in arguments.origins.items()}
    return values, folders, _stamp(session.baseline_path(arguments)) if arguments.baseline is not None else None


def _stamp(path: str) -> Any:
    """Return what changes with a file's content; None for a file that is not there."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
