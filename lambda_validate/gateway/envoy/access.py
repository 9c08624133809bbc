"""The access log of the check service: one line of JSON for each validated request or response, without any value."""

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
    """The data of a line in the access log: one request or response that was validated, and the result.

    `status` is the HTTP status of the check service's own answer, None if the message passed. `size` is the number of
    bytes of the body that were read. `request_id` is the id in that answer.
    """

    gateway: Gateway
    event: Event
    status: int | None = None
    size: int = 0
    request_id: str | None = None


OnAccess = Callable[[Access], object]


def report(on_access: OnAccess, access: Access) -> None:
    """Call the user's callback with the data of a validated message. An exception in the callback is only logged."""
    try:
        on_access(access)
    except Exception:  # the callback is the user's code, and the exchange must go on
        LOGGER.exception("the callback on_access raised an exception")


def line(access: Access) -> str:
    """Return a line of the access log: JSON in ASCII, assembled by hand for speed, since every request has one."""
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
    """Return the current time in UTC as logs write it, such as "2024-01-31T12:00:00.000+00:00"."""
    seconds, milliseconds = divmod(int(time() * 1000), 1000)
    return f"{_second(seconds)}.{milliseconds:03d}+00:00"


@lru_cache(maxsize=1)
def _second(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()[:19]


def _shown(pointer: str) -> str:
    return pointer.encode("ascii", "backslashreplace").decode()[:LINE_POINTER]
