"""Read the parts of an Amazon Resource Name, `arn:partition:service:region:account:resource`."""

from __future__ import annotations

from typing import Any

from .values import as_string


def service_of(value: Any) -> str | None:
    """Return the service in an ARN, such as `sqs`; None if the value is not an ARN.

    The rest of the ARN is not checked.
    """
    text = as_string(value)
    parts = text.split(":", 3) if text else ()
    return (parts[2] or None) if len(parts) == 4 and parts[0] == "arn" else None
