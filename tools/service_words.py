"""Writes `lambda_validate/report/service_constraints.json` from the edition `current`: what the service's words need.

    python tools/service_words.py [--check]

With `--check` nothing is written, and the exit status is 1 where the file would change.

`patterns` has by pattern of a schema the pattern as the service prints it, `items` by list of strings the constraints
on each item, and `shapes` by shape that a rule of ours narrows its own pattern.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
SCHEMAS, REPORT = ROOT / "schemas" / "current", ROOT / "lambda_validate" / "report"
TARGET, SENTENCES = REPORT / "service_constraints.json", REPORT / "service_sentences.json"
BOUNDS = ("maxLength", "minLength", "x-pattern")


def content() -> str:
    """Return the text of the file."""
    schemas = {path.name: json.loads(path.read_text("utf-8")) for path in sorted(SCHEMAS.glob("*.json"))}
    narrowed = json.loads(SENTENCES.read_text("utf-8"))["shapes"].values()
    shapes = {each: schemas["types.json"]["$defs"][each]["pattern"] for each in narrowed}
    found: dict[str, Any] = {"patterns": {}, "items": {}, "shapes": shapes}
    for name, schema in schemas.items():
        if name == "operations.json":
            continue
        for part, definition in schema.get("$defs", {}).items():
            section = f"{name.removesuffix('.json')}Request" if part == "request" else part
            for member, value in definition.get("properties", {}).items():
                known, home = _resolved(value, schemas, name)
                items = known.get("items")
                limits = _resolved(items, schemas, home)[0] if isinstance(items, dict) else {}
                if bounds := {key: limits[key] for key in BOUNDS if key in limits}:
                    found["items"][f"{section}.{member}"] = bounds
        found["patterns"].update(_patterns(schema))
    return json.dumps(found, indent=1, ensure_ascii=True) + "\n"


def _resolved(schema: Any, schemas: dict[str, Any], home: str) -> tuple[dict[str, Any], str]:
    """Return a schema with what its `$ref` leads to, and the name of the file in which that stands."""
    reference = schema.get("$ref")
    if reference is None:
        return dict(schema), home
    file, _, pointer = reference.partition("#")
    home = file or home
    target: Any = schemas[home]
    for step in filter(None, pointer.split("/")):
        target = target[step]
    found, home = _resolved(target, schemas, home)
    return {**found, **schema}, home


def _patterns(value: Any) -> Iterator[tuple[str, str]]:
    """Yield each pattern in a schema and how the model writes it, where that differs."""
    if isinstance(value, dict):
        if "x-pattern" in value and "pattern" in value:
            yield value["pattern"], value["x-pattern"]
        for inner in value.values():
            yield from _patterns(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _patterns(inner)


def main() -> int:
    """Write the file, or say that it would change."""
    made = content()
    if TARGET.exists() and TARGET.read_text("utf-8") == made:
        return 0
    print(TARGET.relative_to(ROOT))
    if "--check" in sys.argv:
        return 1
    TARGET.write_text(made, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
