"""Builds the tables of the patterns of both editions: `lambda_validate/patterns/tables.bin`.

    python tools/tables.py [--check]

With `--check` nothing is written, and the exit status is 1 where the file would change.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lambda_validate import catalog
from lambda_validate.patterns import tables


def patterns(schema: Any) -> Iterator[str]:
    """Yield every pattern of a schema."""
    if isinstance(schema, dict):
        if isinstance(schema.get("pattern"), str):
            yield schema["pattern"]
        for each in schema.values():
            yield from patterns(each)
    elif isinstance(schema, list):
        for each in schema:
            yield from patterns(each)


def of_editions() -> set[str]:
    """Return every pattern of every operation of both editions."""
    return {
        pattern
        for edition in catalog.EDITIONS
        for name in catalog.operations(edition)
        for direction in catalog.DIRECTIONS
        for pattern in patterns(catalog.operation(name, edition).schema(direction))
    }


def main() -> int:
    """Write the file, or say whether it would change."""
    made, file = tables.written(of_editions()), Path(tables.FILE)
    if file.exists() and file.read_bytes() == made:
        return 0
    if "--check" in sys.argv[1:]:
        print(f"{file.name} is not what the patterns make; run python tools/tables.py")
        return 1
    file.write_bytes(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
