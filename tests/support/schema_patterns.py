"""List the patterns of the schema files, and strings that are slow to match for a backtracking engine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lambda_validate import catalog
from support.ambiguity import pumps
from support.paths import ROOT

FOLDER = ROOT / "schemas"


def found(schema: Any) -> Iterator[str]:
    """Yield every pattern of a schema, at any depth."""
    if isinstance(schema, dict) and isinstance(schema.get("pattern"), str):
        yield schema["pattern"]
    for each in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        yield from found(each)


def files() -> Iterator[Any]:
    return (catalog.read(f"current/{path.name}") for path in sorted((FOLDER / "current").glob("*.json")))


PATTERNS = sorted({pattern for file in files() for pattern in found(file)})


def hostile(pattern: str, size: int) -> Iterator[str]:
    """Return strings that repeat a loop of the pattern, and then fail to match."""
    for start, pump in pumps(pattern):
        text = start + pump * (size // len(pump))
        yield from (text, f"{text}\n", f"{text}!", f"{text}::")
