"""Count processor instructions with Valgrind's callgrind, as a ratio to a fixed loop of the same process.

Run this program under callgrind, with PYTHONHASHSEED=0: the import, the first verdict, then a loop of each call. Before
and after each of them it reads the priority of its process, which only makes callgrind write its counts. The fixed loop
does the work of validation in plain Python, so that the build of an interpreter has little effect.
"""

from __future__ import annotations

import gc
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
MARK = "getpriority"
"""The function at which callgrind writes its counts. Nothing else in the process calls it."""
OFTEN, SELDOM = (20, 20), (3, 1)
"""Calls before counting, by when the interpreter has specialised its code, and calls that are counted: of most, and of
those that take long, whose loops are long enough by themselves."""
LONG = ("lint", "CreateFunction")
FIXED = "a fixed loop"
PATTERN = re.compile(r"[a-z]+-(?:[0-9]{1,9}-)?[a-zA-Z0-9_-]+", re.ASCII)


def fixed() -> int:
    """Do the work of checkers: access members, compare types and limits, and match."""
    valid = 0
    for number in range(1_000):
        payload: dict[str, Any] = {"name": f"name-{number}-x", "size": number, "kind": "b"}
        if type(payload) is dict and "size" in payload and payload["kind"] in KINDS:
            size = payload["size"]
            if type(size) is int and 0 <= size <= 10_000 and PATTERN.fullmatch(payload["name"]):
                valid += 1
    return valid


KINDS = frozenset(("a", "b", "c"))


def counted() -> None:
    """Run all counted calls, and print on standard error what each count is for."""
    mark = partial(os.getpriority, os.PRIO_PROCESS, 0)
    mark()

    def measure(name: str, call: Callable[[], object]) -> None:
        gc.collect()
        mark()
        call()
        mark()
        print(name, file=sys.stderr)

    measure("import", imported)
    measure("the first verdict", first)
    from work_calls import works

    fixed()
    measure(FIXED, fixed)
    for name, make in works().items():
        warm, calls = SELDOM if name.startswith(LONG) else OFTEN
        for number in range(warm):
            make(number)()
        prepared = [make(warm + number) for number in range(calls)]
        gc.disable()
        measure(name, partial(done, prepared))
        gc.enable()


def done(prepared: list[Callable[[], object]]) -> None:
    for call in prepared:
        call()


def imported() -> None:
    import lambda_validate  # noqa: F401  # importing is what is counted


def first() -> None:
    import lambda_validate as lv

    lv.is_valid_request("GetFunctionEventInvokeConfig", {"FunctionName": "f"})


def instructions() -> dict[str, float]:
    """Return the instructions of all counted calls by name, as a ratio to the fixed loop."""
    program = [sys.executable, "-s", __file__]
    with tempfile.TemporaryDirectory() as folder:
        environment = {name: each for name, each in os.environ.items() if not name.startswith("PYTHON")}
        environment |= {"PYTHONHASHSEED": "0", "PYTHONPYCACHEPREFIX": folder, "LAMBDA_VALIDATE_PURE": "1"}
        subprocess.run(program, check=True, env=environment, capture_output=True)  # compiles every module once
        out = Path(folder, "out")
        valgrind = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", f"--dump-before={MARK}", "--quiet"]
        done = subprocess.run([*valgrind, *program], check=True, env=environment, capture_output=True, text=True)
        names = done.stderr.splitlines()
        # out.1 ends at the first mark; then the calls alternate with the work between them
        counts = [total(out.with_name(f"out.{3 + 2 * at}")) for at in range(len(names))]
    found = dict(zip(names, counts, strict=True))
    unit = found.pop(FIXED)
    return {name: round(each / unit, 5) for name, each in found.items()}


def total(file: Path) -> int:
    """Return the instructions in an output file of callgrind."""
    found = re.search(r"^(?:totals|summary): (\d+)", file.read_text(), re.MULTILINE)
    assert found is not None, file
    return int(found[1])


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    counted()
