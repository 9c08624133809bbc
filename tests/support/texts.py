"""Read a string by lines and columns only, as a user would."""

from __future__ import annotations

from typing import Any

from lambda_validate.lint.documents.places import Span


def cut(text: str, span: Span | None) -> str | None:
    """Return the string at a span."""
    if span is None:
        return None
    lines = text.split("\n")[span.line - 1 : span.end_line]
    lines[-1] = lines[-1][: span.end_column - 1]
    lines[0] = lines[0][span.column - 1 :]
    return "\n".join(lines)


def paths(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[tuple[str | int, ...], Any]]:
    """Yield every path in a value, and the value at it."""
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [(path, value), *(each for step, inner in steps for each in paths(inner, (*path, step)))]
