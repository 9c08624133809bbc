"""What the extra `lambda-validate[docs]` brings, and whether it is there."""

from __future__ import annotations

from importlib.util import find_spec

from .spelling import listing

MODULES = ("jinja2", "railroad")
EXTRA = "docs"


def missing() -> list[str]:
    """Return the modules that are missing."""
    return [name for name in MODULES if find_spec(name) is None]


def check() -> None:
    """Raise `ModuleNotFoundError`, which names all modules that are missing, if any are."""
    if names := missing():
        raise ModuleNotFoundError(missing_message(names, [EXTRA]), name=names[0])


def missing_message(modules: list[str], extras: list[str]) -> str:
    """Return that modules are missing, and what to install."""
    verb = "is" if len(modules) == 1 else "are"
    return f"{listing(modules, 'and')} {verb} missing; install lambda-validate[{','.join(extras)}]"
