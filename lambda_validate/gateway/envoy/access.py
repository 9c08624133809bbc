"""The access log of the check service: one line of JSON for each validated message, without any value."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from time import time
from typing import Literal, NamedTuple

from ...http.events import Event
from ..copying import LOGGER

Gateway = Literal["ext_authz", "forward_auth", "ext_proc"]


LINE_VIOLATIONS, LINE_POINTER = 10, 100
"""Maximum number of violations in a line, and of characters in a pointer: a pipe writes such a line in one piece."""


class Access(NamedTuple):
    """One validated message: the gateway, the result, and our answer.

    `status` is the status of our answer, None if the message passed. `size` is the number of bytes of the body that
    were read. `request_id` is the id in our answer.
    """

    gateway: Gateway
    event: Event
    status: int | None = None
    size: int = 0
    request_id: str | None = None


OnAccess = Callable[[Access], object]


def report(on_access: OnAccess, access: Access) -> None:
    """Call a callback. An exception in it is only logged."""
    try:
        on_access(access)
    except Exception:  # the callback is the user's code, and the exchange must go on
        LOGGER.exception("the callback for accesses failed")


def line(access: Access) -> str:
    """Return an access as JSON in one line of ASCII. It is assembled by hand, since it is made for every request."""
    event = access.event
    found = event.report.violations
    status = "null" if access.status is None else access.status
    operation = "null" if event.operation is None else f'"{event.operation}"'
    end = ""
    if access.request_id is not None:
        end = f',"request_id":"{access.request_id}"'
    if found:
        listed = [
            {"pointer": _shown(violation.pointer), "rule": violation.rule} for violation in found[:LINE_VIOLATIONS]
        ]
        end += f',"violations":{json.dumps(listed)},"violations_total":{len(found)}'
    return (
        f'{{"time":"{now()}","gateway":"{access.gateway}","direction":"{event.direction}","operation":{operation},'
        f'"outcome":"{event.outcome}","status":{status},"bytes":{access.size},'
        f'"milliseconds":{event.seconds * 1000:.3f}{end}}}'
    )


def now() -> str:
    """Return the current time in the format of logs."""
    seconds, milliseconds = divmod(int(time() * 1000), 1000)
    return f"{_second(seconds)}.{milliseconds:03d}+00:00"


@lru_cache(maxsize=1)
def _second(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()[:19]


def _shown(pointer: str) -> str:
    return pointer.encode("ascii", "backslashreplace").decode()[:LINE_POINTER]
