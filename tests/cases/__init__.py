"""Payloads as data: `<edition>/<operation>/<direction>/{valid,invalid}/<rule>[--<variant>].json`.

A file holds a `payload`, `why` it is there and the `violations` that it must have, in order. It is named after the rule
that it is about, with dashes for dots, or after nothing that a rule is called. A payload under `valid` has no error.
`pad` gives the length to which a text is filled up with the letter a, so that no file holds 10,000 characters.
"""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).parent


class Expected(NamedTuple):
    """A violation as a case file states it."""

    rule: str
    pointer: str
    severity: str
    keyword: str
    position: int | None = None


class Case:
    """One case file."""

    def __init__(self, path: Path) -> None:
        self.edition, self.operation, self.direction, kind, name = path.relative_to(HERE).with_suffix("").parts
        self.id = f"{self.operation}-{self.direction}-{kind}-{name}"
        self.valid = kind == "valid"
        self.topic = name.partition("--")[0]
        self.path = path

    @cached_property
    def content(self) -> dict[str, Any]:
        return json.loads(self.path.read_text(encoding="utf-8"))

    @property
    def payload(self) -> Any:
        """A new copy of the payload, with its texts filled up."""
        payload = json.loads(json.dumps(self.content["payload"]))
        for pointer, length in self.content.get("pad", {}).items():
            *path, last = pointer.split("/")[1:]
            holder = payload
            for step in path:
                holder = holder[step]
            holder[last] = holder[last].ljust(length, "a")
        return payload

    @property
    def violations(self) -> list[Expected]:
        return [Expected(**each) for each in self.content.get("violations", [])]

    @property
    def rules(self) -> set[str]:
        return {each.rule for each in self.violations}

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong but what is worth a warning."""
        return all(each.severity == "warning" for each in self.violations)


CASES = [Case(path) for path in sorted(HERE.glob("documents/*/*/*/*.json"))]
"""Those of the documents."""
CURRENT = [Case(path) for path in sorted(HERE.glob("current/*/*/*/*.json"))]
"""Those of the edition that is generated."""
