"""Answer requests with three common bugs. The tests in this folder show which requests reveal them."""

from __future__ import annotations

import re
from typing import Any

NAME = re.compile(
    r"^(arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}(-gov)?-[a-z]+-\d{1}:)?(\d{12}:)?(function:)?"
    r"([a-zA-Z0-9-_]+)(:(\$LATEST|[a-zA-Z0-9-_]+))?$"  # `$` also matches before a newline, `\d` any script's digits
)
QUALIFIER = re.compile(r"^(|[a-zA-Z0-9$_-]+)$")  # the documented minimum length of 1 is missing


def get_config(parameters: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """Return the status and the body of the answer to a request with these parameters."""
    name, qualifier = parameters.get("FunctionName"), parameters.get("Qualifier", "$LATEST")
    if not NAME.match(str(name)) or len(str(name)) > 140:  # a bare name holds at most 64 characters
        return 400, {"Type": "User", "message": "FunctionName is not valid"}
    if not QUALIFIER.match(str(qualifier)) or len(str(qualifier)) > 128:
        return 400, {"Type": "User", "message": "Qualifier is not valid"}
    return 200, {"MaximumRetryAttempts": 2, "MaximumEventAgeInSeconds": 3600}
