"""Everything that the service says goes to standard error, as one line of JSON each."""

from __future__ import annotations

import json
import logging
import os
from contextlib import suppress
from typing import Any

from ..gateway.envoy.access import Access, OnAccess, line, now
from .plan import AccessLog

STANDARD_ERROR = 2


def write(text: str) -> None:
    """Write one line in one call, so that those of several workers do not mix; a reader may have left."""
    with suppress(OSError):
        os.write(STANDARD_ERROR, f"{text}\n".encode())


def tell(message: str, level: str = "info", **facts: Any) -> None:
    """Write a line about the service itself."""
    write(json.dumps({"time": now(), "level": level, "message": message, **facts}, separators=(",", ":")))


def on_access(kind: AccessLog) -> OnAccess | None:
    """Return what writes the access log, None where there is none."""
    return {"all": _all, "refused": _refused, "off": None}[kind]


def _all(access: Access) -> None:
    write(line(access))


def _refused(access: Access) -> None:
    if access.event.outcome != "passed":
        write(line(access))


class Handler(logging.Handler):
    """Writes what libraries log; of an exception only its kind, since its text may quote a message."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record."""
        facts = {"exception": record.exc_info[0].__name__} if record.exc_info and record.exc_info[0] else {}
        tell(record.getMessage(), record.levelname.lower(), logger=record.name, **facts)


def capture() -> None:
    """Make every logger of the process write so."""
    logging.basicConfig(handlers=[Handler()], level=logging.WARNING, force=True)
