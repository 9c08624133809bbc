"""What the extra `lambda-validate[docs]` brings, and whether it is there."""

from __future__ import annotations

from importlib.util import find_spec

MODULES = ("jinja2", "railroad")
EXTRA = "docs"


def check() -> None:
    """Raise `ModuleNotFoundError` for the first module that is missing."""
    for name in MODULES:
        if find_spec(name) is None:
            raise ModuleNotFoundError(f"{name} is missing; install lambda-validate[{EXTRA}]", name=name)
