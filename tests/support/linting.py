"""Share files between tests of linting, and run the command in this process."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from lambda_validate.cli import main

QUEUE = "arn:aws:sqs:us-west-2:123456789012:orders"
GOOD = json.dumps({"FunctionName": "f", "EventSourceArn": QUEUE})
BAD = json.dumps({"FunctionName": "f", "EventSourceArn": QUEUE, "BatchSize": 11})
NEWER = json.dumps({"FunctionName": "f", "EventSourceArn": QUEUE, "Topics": ["t"]})


class Ran(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def rules(self) -> list[str]:
        """Return the rules of findings that were printed as JSON."""
        return [each["rule"] for each in json.loads(self.out)["findings"]]

    @property
    def places(self) -> list[str]:
        """Return the line, column and rule of findings that were printed as JSON."""
        return [f"{each['line']}:{each['column']} {each['rule']}" for each in json.loads(self.out)["findings"]]


class Project:
    """A folder with files, which is the working folder."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.capsys, self.monkeypatch = folder, capsys, monkeypatch

    def write(self, files: Mapping[str, str | bytes]) -> None:
        for name, content in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)

    def read(self, name: str) -> bytes:
        return (self.folder / name).read_bytes()

    def run(self, *argv: str, stdin: str | bytes = b"", command: str = "lint") -> Ran:
        data = stdin.encode() if isinstance(stdin, str) else stdin
        self.monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        code = main([command, *argv])
        return Ran(code, *self.capsys.readouterr())

    def json(self, *argv: str, **options: Any) -> Ran:
        return self.run(*argv, "--output-format", "json", **options)
