"""Count byte-code steps and steps of patterns. With PYTHONHASHSEED=0, this program prints them as JSON.

A step is an instruction of Python that runs in this package, in the source that it generates, or in the
standard library on its behalf. Other packages are excluded, because their work depends on their versions.
"""

from __future__ import annotations

import json
import re
import sys
import sysconfig
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import regex
from work_patterns import Tally, count

ROOT = Path(__file__).parent.parent
WARM = 3
"""Calls before the counted one, which fill the caches."""
LIBRARY, OTHERS = sysconfig.get_path("stdlib"), ("site-packages", "dist-packages")
GENERATED = ("lambda-validate/", "<string>")
"""Prefixes of file names that do not exist: checkers, and functions that `NamedTuple` generates."""


class Steps:
    """Count the instructions that are executed while entered."""

    def __init__(self) -> None:
        self.steps = 0
        self.known: dict[CodeType, bool] = {}

    def __enter__(self) -> Steps:
        sys._getframe().f_trace_opcodes = True  # 3.12 reports no steps unless a frame enables this first
        sys.settrace(self.called)
        return self

    def __exit__(self, *_: object) -> None:
        sys.settrace(None)

    def called(self, frame: FrameType, event: str, argument: Any) -> Any:
        code = frame.f_code
        if code not in self.known:
            self.known[code] = is_ours(code.co_filename)
        if not self.known[code]:
            return None
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        return self.step

    def step(self, frame: FrameType, event: str, argument: Any) -> Any:
        self.steps += event == "opcode"
        return self.step


def is_ours(file: str) -> bool:
    """Return whether the steps of a file are counted."""
    if file.startswith((str(ROOT / "lambda_validate"), *GENERATED)):
        return True
    return file.startswith(LIBRARY) and not any(each in file for each in OTHERS)


def counted() -> dict[str, dict[str, int]]:
    """Return the steps of each call, and those of its patterns."""
    from work_calls import works

    found: dict[str, dict[str, int]] = {"byte code": {}, "patterns": {}}
    for name, make in works().items():
        for number in range(WARM):
            make(number)()
        call, before = make(WARM), Tally.steps
        with Steps() as counter:
            call()
        found["byte code"][name], found["patterns"][name] = counter.steps, Tally.steps - before
    return found


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    for module in (re, regex):
        count(module)
    print(json.dumps(counted()))
