"""Print what users see, as JSON: help, public names, rules and output formats. Compare two versions with `diff`.

python tools/surface.py > after.json
python tools/surface.py path/to/another/checkout > before.json
diff before.json after.json
"""

from __future__ import annotations

import contextlib
import importlib
import inspect
import io
import json
import os
import re
import sys
from pathlib import Path
from typing import Any

MODULES = (
    "", ".boto", ".docs", ".export", ".formats", ".gateway.asgi", ".gateway.envoy", ".gateway.wsgi", ".http", ".lint",
    ".pytest_plugin", ".reference", ".strategies",
)  # fmt: skip
"""The modules that the README, the changelog or examples name, below `lambda_validate`."""
COMMANDS = (
    "lint", "request", "response", "operations", "rules", "explain", "schema", "drift", "fuzz", "serve", "export",
    "docs",
)  # fmt: skip
EDITIONS = ("documents", "current")
FORMATTED = ("full", "concise", "json", "github", "sarif", "junit", "html", "gitlab")
REQUEST = ("request", "CreateEventSourceMapping")
PAYLOAD = b'{"FunctionName": "my function", "BatchSize": 0, "Unknown": 1}'


def main() -> None:
    """Print the surface of this checkout, or of the one that is named."""
    checkout = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent
    sys.path.insert(0, str(checkout.resolve()))
    os.environ["COLUMNS"] = "100"
    found = {
        "help": {name: run(name, "--help").splitlines() for name in ("", *COMMANDS)},
        "names": {name or "lambda_validate": dict(names(f"lambda_validate{name}")) for name in MODULES},
        "rules": {edition: run("rules", "--edition", edition).splitlines() for edition in EDITIONS},
        "formats": {
            name: run("request", "CreateEventSourceMapping", "--output-format", name).splitlines() for name in FORMATTED
        },
    }
    print(json.dumps(found, indent=1))


def run(*arguments: str) -> str:
    """Return what a command prints on standard output, and its exit code."""
    from lambda_validate.cli import main as command

    output = io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True)
    stdin, sys.stdin = sys.stdin, io.TextIOWrapper(io.BytesIO(PAYLOAD))
    try:
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
            code = command([each for each in arguments if each])
    finally:
        sys.stdin = stdin
    return f"{output.buffer.getvalue().decode()}\nexit code {code}"  # type: ignore[attr-defined]  # it is a BytesIO


def names(module: str) -> list[tuple[str, str]]:
    """Return the public names of a module, each with its signature where it has one."""
    found = importlib.import_module(module)
    listed = getattr(found, "__all__", None) or [name for name in vars(found) if not name.startswith("_")]
    return [(name, signature(getattr(found, name))) for name in sorted(listed) if is_ours(getattr(found, name))]


def is_ours(value: Any) -> bool:
    """Whether a value is a function or class of this package, or data; modules and imports from elsewhere are not."""
    origin = getattr(value, "__module__", None) or "lambda_validate"
    return not inspect.ismodule(value) and str(origin).startswith("lambda_validate")


def signature(value: Any) -> str:
    """Return the signature of a function or class, else the name of a value's type."""
    try:
        return re.sub(" at 0x[0-9a-f]+", "", str(inspect.signature(value)))
    except (TypeError, ValueError):
        return type(value).__name__


if __name__ == "__main__":
    main()
