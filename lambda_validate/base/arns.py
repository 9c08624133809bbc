"""Read the parts of an Amazon Resource Name, `arn:partition:service:region:account:resource`."""

from __future__ import annotations

from typing import Any

from .values import as_string


def service_of(value: Any) -> str | None:
    """Return the service that an ARN names, or None for what is no ARN. No more of it is looked at than that."""
    text = as_string(value)
    parts = text.split(":", 3) if text else ()
    return (parts[2] or None) if len(parts) == 4 and parts[0] == "arn" else None
