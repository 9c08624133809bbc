"""The log of the check service: each message is one line of JSON on standard error."""

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
"""Maximum time in seconds that an ending process waits for its last lines to be written."""


def write(text: str) -> None:
    """Write a line to the log. This does not wait for the reader, which may even have closed the pipe."""
    _writer().put(f"{text}\n".encode())


def report(message: str, level: str = "info", **facts: Any) -> None:
    """Log a message about the service itself, such as that it has started. `facts` are further members of the JSON."""
    write(_about(message, level, **facts))


def renew() -> None:
    """Discard the queued lines in a process that was just forked, since its parent writes them."""
    _writer.cache_clear()


def flush() -> None:
    """Wait until all lines are written, but at most `FLUSH` seconds."""
    _writer().flush(FLUSH)


@cache
def _writer() -> LogWriter:
    return LogWriter(STANDARD_ERROR, _dropped)


def _dropped(count: int) -> bytes:
    text = "lines of the log were dropped, since they were not read in time"
    return f"{_about(text, 'warning', lines=count)}\n".encode()


def _about(message: str, level: str, **facts: Any) -> str:
    return json.dumps({"time": now(), "level": level, "message": message, **facts}, separators=(",", ":"))


def on_access(kind: AccessLog) -> OnAccess | None:
    """Return the function that writes the access log: for all checks, for those with errors, or None for no log."""
    return {"all": _all, "refused": _refused, "off": None}[kind]


def _all(access: Access) -> None:
    write(line(access))


def _refused(access: Access) -> None:
    if access.event.outcome != "passed":
        write(line(access))


class Handler(logging.Handler):
    """Writes the records of Python's `logging` to this log.

    For an exception only the name of its type is logged, since its string may quote a request.
    """

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record of `logging` to the log."""
        facts = {"exception": record.exc_info[0].__name__} if record.exc_info and record.exc_info[0] else {}
        report(record.getMessage(), record.levelname.lower(), logger=record.name, **facts)


def capture() -> None:
    """Send the records of all Python loggers of the process, from the level WARNING, to this log."""
    logging.basicConfig(handlers=[Handler()], level=logging.WARNING, force=True)
