"""Valid requests to show: one a source, made of the schemas' own examples where there are any."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from ..catalog import Operation
from ..strategies import GenerationError, PatternError
from ..strategies.generator import generator
from ..strategies.samples import plain

MOST = 6
ALONE = "minimal"
"""What an example is called where an operation has no sources."""


@cache
def requests(operation: Operation) -> Mapping[str, Mapping[str, Any]]:
    """Return valid requests, flat, by name; none where none can be made."""
    found: dict[str, Mapping[str, Any]] = {}
    try:
        maker = generator(operation.name, "request", operation.edition)
        for cell in maker.cells:
            payload = plain((cell,))
            found.setdefault(maker.source(payload) or ALONE, payload)
    except (GenerationError, PatternError, LookupError):
        pass  # an example less
    return dict(list(found.items())[:MOST])
