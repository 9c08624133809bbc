"""Import the scripts of `tools/` as modules. They import each other by bare names, as scripts do."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType

from .paths import ROOT


def tool(name: str) -> ModuleType:
    """Return a script as a module."""
    folder = str(ROOT / "tools")
    sys.path.insert(0, folder)
    try:
        return import_module(name)
    finally:
        sys.path.remove(folder)
