"""Define the rules that span members, as a function that pydantic and msgspec models call after parsing."""

from __future__ import annotations

import re

from .forms import MOST, RESOURCES

MATCHES = {service: re.compile(pattern).fullmatch for service, pattern in RESOURCES.items()}


def check_name(name: str) -> None:
    """Raise ValueError if a bare name is too long."""
    if len(name) > 64 and ":" not in name:
        raise ValueError("a bare name has at most 64 characters")


def check_mapping(arn: str, name: str, size: int | None, position: str | None, time: float | None) -> None:
    """Raise ValueError if members of a request are inconsistent. A missing member is None."""
    check_name(name)
    service, resource = arn.split(":", 5)[2::3]
    match = MATCHES.get(service)
    if match is not None:
        if not match(resource):
            raise ValueError("there is no such resource")
        if size is not None and size > MOST[service]:
            raise ValueError("that is too large for the source")
        if position is None and service != "sqs":
            raise ValueError("a stream needs a position")
    if position == "AT_TIMESTAMP":
        if time is None:
            raise ValueError("AT_TIMESTAMP needs a timestamp")
        if service != "kinesis":
            raise ValueError("AT_TIMESTAMP is only for Kinesis")
