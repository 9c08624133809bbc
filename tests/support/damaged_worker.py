"""Damage a process that reads batches. Files in a folder that the environment names control the damage.

`kill-<n>` and `change-<n>` state how often a process is killed, or the file changes, while the file `<n>.json.gz` is
read. Each time, one byte is removed. `limit` states the maximum size of a written file in bytes.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lambda_validate.audit import batches
from lambda_validate.audit.reading import Facts

VARIABLE = "AUDIT_DAMAGE"
START = (
    "import pickle, sys; sys.path[:] = pickle.load(sys.stdin.buffer); from support.damaged_worker import damage; "
    "damage(); from {} import main; main()"
)
records = batches.records


def _takes(name: str) -> bool:
    path = Path(os.environ[VARIABLE]) / name
    left = path.read_bytes() if path.exists() else b""
    if left:
        path.write_bytes(left[1:])
    return bool(left)


def _records(path: str, facts: Facts | None = None) -> Iterator[Any]:
    name = Path(path).name.partition(".")[0]
    for number, found in enumerate(records(path, facts)):
        yield found
        if number == 0 and _takes(f"kill-{name}"):
            os.kill(os.getpid(), signal.SIGKILL)
        if number == 0 and _takes(f"change-{name}"):
            os.utime(path, ns=(0, os.stat(path).st_mtime_ns + 1))


def damage() -> None:
    """Apply the configured damage to this process."""
    batches.records = _records
    limit = Path(os.environ[VARIABLE]) / "limit"
    if limit.exists():
        import resource

        most = int(limit.read_text())
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
