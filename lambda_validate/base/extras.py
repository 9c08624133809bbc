"""The modules that the extra `lambda-validate[docs]` installs, and the error for those that are missing."""

from __future__ import annotations

from importlib.util import find_spec

from .spelling import listing

MODULES = ("jinja2", "railroad")
EXTRA = "docs"


def missing() -> list[str]:
    """Return the modules of the extra that are not installed."""
    return [name for name in MODULES if find_spec(name) is None]


def check() -> None:
    """Raise `ModuleNotFoundError` if modules of the extra are missing. The message names all of them."""
    if names := missing():
        raise ModuleNotFoundError(missing_message(names, [EXTRA]), name=names[0])


def missing_message(modules: list[str], extras: list[str]) -> str:
    """Return the message that says which modules are missing, and which extra installs them."""
    verb = "is" if len(modules) == 1 else "are"
    return f"{listing(modules, 'and')} {verb} missing; install lambda-validate[{','.join(extras)}]"
