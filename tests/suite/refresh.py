"""Renew the copy of the JSON Schema Test Suite from an unpacked source distribution of jsonschema; see README.md."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

HERE = Path(__file__).parent
DRAFT = "draft2020-12"
COPIED_KEYS = ("description", "schema", "tests", "data", "valid")


def copied(entry: dict[str, object]) -> dict[str, object]:
    """Return a group or test without notes for readers of the specification."""
    return {key: entry[key] for key in COPIED_KEYS if key in entry}


def lines(groups: list[dict[str, object]]) -> str:
    """Return one group a line, so that an upstream change is one line here."""
    compact = [copied(group) | {"tests": [copied(test) for test in group["tests"]]} for group in groups]
    return "[\n" + ",\n".join(json.dumps(group, separators=(",", ":")) for group in compact) + "\n]\n"


def main(sdist: Path) -> None:
    folder = HERE / DRAFT
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for file in sorted((sdist / "json/tests" / DRAFT).glob("*.json")):
        (folder / file.name).write_text(lines(json.loads(file.read_text("utf-8"))), "utf-8")
    shutil.copyfile(sdist / "json/LICENSE", HERE / "LICENSE")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
