"""The optional compiled parts of the package, and the switch that turns them off."""

from __future__ import annotations

import os

VARIABLE = "LAMBDA_VALIDATE_PURE"


def is_pure() -> bool:
    """Return whether `LAMBDA_VALIDATE_PURE` asks for Python code only: any value but an empty one and 0."""
    return os.environ.get(VARIABLE, "") not in ("", "0")
