"""Lays out the hand-written JSON files below `schemas/`: each value on one line where it fits, else one line an entry.

    python tools/schema_format.py [--check]

With `--check` nothing is written, and the exit status is 1 where a file would change.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent / "schemas"
GENERATED = FOLDER / "current"
WIDTH = 120


def files() -> Iterator[Path]:
    """Yield the files that are written by hand."""
    return (each for each in sorted(FOLDER.rglob("*.json")) if each.parent != GENERATED)


def laid_out(value: Any, indent: str = "", used: int = 0) -> str:
    """Return a value as JSON. `used` counts the characters beside it on its first line: key, comma, indentation."""
    line = json.dumps(value, ensure_ascii=False)
    if used + len(line) <= WIDTH or not value or not isinstance(value, (dict, list)):
        return line
    deeper = f"{indent}  "
    keys = [f"{json.dumps(key)}: " for key in value] if isinstance(value, dict) else [""] * len(value)
    values = value.values() if isinstance(value, dict) else value
    lines = [
        f"{deeper}{key}{laid_out(each, deeper, len(deeper) + len(key) + 1)}"
        for key, each in zip(keys, values, strict=True)
    ]
    ends = "{}" if isinstance(value, dict) else "[]"
    return ",\n".join([f"{ends[0]}\n{lines[0]}", *lines[1:]]) + f"\n{indent}{ends[1]}"


def main() -> int:
    """Write the files, or list those that would change."""
    changed = False
    for path in files():
        text = path.read_text("utf-8")
        formatted = laid_out(json.loads(text)) + "\n"
        if formatted != text:
            changed = True
            print(path.relative_to(FOLDER))
            if "--check" not in sys.argv:
                path.write_text(formatted, "utf-8")
    return int("--check" in sys.argv and changed)


if __name__ == "__main__":
    sys.exit(main())
