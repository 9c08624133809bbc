"""Raise an error that names missing optional modules and the extra that installs them: `lambda-validate[docs]`."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.util import find_spec

from .spelling import listing

MODULES = ("jinja2", "railroad")
"""The modules that the extra `docs` installs."""
EXTRA = "docs"


def missing(modules: Iterable[str] = MODULES) -> list[str]:
    """Return those of the modules that are not installed. By default, the modules are those of the extra `docs`."""
    return [name for name in modules if find_spec(name) is None]


def check(modules: Iterable[str] = MODULES, extra: str = EXTRA) -> None:
    """Raise `ModuleNotFoundError` if modules of an extra are missing. The message names all of them."""
    if names := missing(modules):
        raise ModuleNotFoundError(missing_message(names, [extra]), name=names[0])


def missing_message(modules: list[str], extras: list[str]) -> str:
    """Return the message "jinja2 and railroad are missing; install lambda-validate[docs]", with these names."""
    verb = "is" if len(modules) == 1 else "are"
    return f"{listing(modules, 'and')} {verb} missing; install lambda-validate[{','.join(extras)}]"
