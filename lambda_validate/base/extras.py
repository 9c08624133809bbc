"""The error for modules of an extra, such as `lambda-validate[docs]`, that are missing."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.util import find_spec

from .spelling import listing

MODULES = ("jinja2", "railroad")
"""The modules that the extra `docs` installs."""
EXTRA = "docs"


def missing(modules: Iterable[str] = MODULES) -> list[str]:
    """Return the modules that are not installed."""
    return [name for name in modules if find_spec(name) is None]


def check(modules: Iterable[str] = MODULES, extra: str = EXTRA) -> None:
    """Raise `ModuleNotFoundError` if modules of an extra are missing. The message names all of them."""
    if names := missing(modules):
        raise ModuleNotFoundError(missing_message(names, [extra]), name=names[0])


def missing_message(modules: list[str], extras: list[str]) -> str:
    """Return the message that says which modules are missing, and which extra installs them."""
    verb = "is" if len(modules) == 1 else "are"
    return f"{listing(modules, 'and')} {verb} missing; install lambda-validate[{','.join(extras)}]"
