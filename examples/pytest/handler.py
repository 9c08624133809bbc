"""Emulate GetFunctionEventInvokeConfig. This module does not depend on lambda-validate."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

NAME = re.compile(
    r"(arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}(-gov)?-[a-z]+-[0-9]:)?([0-9]{12}:)?(function:)?"
    r"[a-zA-Z0-9-_]+(:(\$LATEST|[a-zA-Z0-9-_]+))?"
)
BARE = re.compile(r"[a-zA-Z0-9-_]+")
QUALIFIER = re.compile(r"[a-zA-Z0-9$_-]{1,128}")
CONFIG = {"MaximumRetryAttempts": 2, "MaximumEventAgeInSeconds": 3600, "DestinationConfig": {"OnFailure": {}}}


def is_name(value: Any) -> bool:
    """Return whether a value names a function: at most 64 characters for a bare name, and 140 in other forms."""
    if not isinstance(value, str) or not NAME.fullmatch(value):
        return False
    return len(value) <= (64 if BARE.fullmatch(value) else 140)


def is_qualifier(value: Any) -> bool:
    """Return whether a value is a version or an alias."""
    return isinstance(value, str) and QUALIFIER.fullmatch(value) is not None


CHECKS = {"FunctionName": is_name, "Qualifier": is_qualifier}


def get_config(parameters: Any) -> tuple[int, Mapping[str, Any]]:
    """Return the status and the body of the answer to a request with these parameters."""
    if not isinstance(parameters, dict) or "FunctionName" not in parameters:
        return 400, {"Type": "User", "message": "FunctionName is required"}
    wrong = [name for name, value in parameters.items() if name not in CHECKS or not CHECKS[name](value)]
    if wrong:
        return 400, {"Type": "User", "message": f"not valid: {', '.join(map(str, wrong))}"}
    return 200, CONFIG
