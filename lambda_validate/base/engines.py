"""Read the environment variable `LAMBDA_VALIDATE_PURE`, which turns off the compiled modules (native engine, jiter)."""

from __future__ import annotations

import os

VARIABLE = "LAMBDA_VALIDATE_PURE"


def is_pure() -> bool:
    """Return whether only Python code must run: whether `LAMBDA_VALIDATE_PURE` is set, and is neither empty nor 0."""
    return os.environ.get(VARIABLE, "") not in ("", "0")
