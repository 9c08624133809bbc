"""Everything that the service says goes to standard error, as one line of JSON each."""

from __future__ import annotations

import json
import logging
from functools import cache
from typing import Any

from ..gateway.envoy.access import Access, OnAccess, line, now
from . import AccessLog
from .log_writer import LogWriter

STANDARD_ERROR = 2

FLUSH = 1.0
"""Seconds for which a process that ends waits for the reader of its last lines."""


def write(text: str) -> None:
    """Write one line, without waiting for its reader, who may have left, too."""
    _writer().put(f"{text}\n".encode())


def report(message: str, level: str = "info", **facts: Any) -> None:
    """Write a line about the service itself."""
    write(_about(message, level, **facts))


def renew() -> None:
    """Begin anew in a process that was forked: what waits is its parent's to write."""
    _writer.cache_clear()


def flush() -> None:
    """Wait for what is not written yet, for a bounded time."""
    _writer().flush(FLUSH)


@cache
def _writer() -> LogWriter:
    return LogWriter(STANDARD_ERROR, _dropped)


def _dropped(count: int) -> bytes:
    text = "lines were dropped, since nobody read them in time"
    return f"{_about(text, 'warning', lines=count)}\n".encode()


def _about(message: str, level: str, **facts: Any) -> str:
    return json.dumps({"time": now(), "level": level, "message": message, **facts}, separators=(",", ":"))


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
        report(record.getMessage(), record.levelname.lower(), logger=record.name, **facts)


def capture() -> None:
    """Make every logger of the process write so."""
    logging.basicConfig(handlers=[Handler()], level=logging.WARNING, force=True)
