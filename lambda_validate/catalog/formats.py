"""The formats of the schemas: functions that return whether a string has a format, such as `is_queue_arn`.

`FORMATS` lists them by name. They are made from the patterns of the schemas, and match the whole string, with ASCII
character classes. They share no code with the generated checkers. The tests compare both, through `reference.py`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple

from ..base.arns import service_of
from . import types

PAYLOADS = ("body", "data", "value")
"""The member of a record of a queue, a stream or a topic that holds the producer's data, which may not be JSON."""


def is_function_name(value: str) -> bool:
    """Return whether a string is a function's name (at most 64 characters), partial or full ARN (at most 140)."""
    return _is("FunctionName", value) and (len(value) <= _bare_name().limit or not _bare_name().matches(value))


def is_function_arn(value: str) -> bool:
    """Return whether a string is the full ARN of a function, as in the member FunctionArn of a response."""
    return _is("FunctionArn", value)


def is_qualifier(value: str) -> bool:
    """Return whether a string is a qualifier: a version, an alias or $LATEST, of 1 to 128 characters."""
    return _is("Qualifier", value)


def is_event_source_arn(value: str) -> bool:
    """Return whether a string matches the documented pattern of EventSourceArn. The ARN may be of any service."""
    return _is("EventSourceArn", value)


def is_stream_arn(value: str) -> bool:
    """Return whether a string is the ARN of a Kinesis data stream."""
    return _is("EventSourceArn", value) and _is("KinesisResource", value) and "/consumer/" not in value


def is_consumer_arn(value: str) -> bool:
    """Return whether a string is the ARN of a consumer of a Kinesis data stream."""
    return _is("EventSourceArn", value) and _is("KinesisResource", value) and "/consumer/" in value


def is_table_stream_arn(value: str) -> bool:
    """Return whether a string is the ARN of a DynamoDB table's stream."""
    return _is("EventSourceArn", value) and _is("DynamoDBResource", value)


def is_queue_arn(value: str) -> bool:
    """Return whether a string is the ARN of an SQS queue, FIFO or standard."""
    return _is("EventSourceArn", value) and _is("SQSResource", value)


def is_destination_arn(value: str) -> bool:
    """Return whether a string is a destination's ARN: of a function, standard queue or topic, bucket or event bus."""
    fifo = service_of(value) in ("sqs", "sns") and value.endswith(".fifo")
    return _is("Destination", value) and not fifo


def _is_destination(service: str, what: str) -> Callable[[str], bool]:
    def check(value: str) -> bool:
        return service_of(value) == service and is_destination_arn(value)

    check.__doc__ = f"Return whether a string is the ARN of a destination that is {what}."
    return check


def is_filter_pattern(value: str) -> bool:
    """Return whether a string is a filter pattern: a JSON object whose leaves are non-empty arrays.

    Observed: the service answers `Invalid filter pattern definition.` for anything else. But it accepts a string as the
    value of the member that holds the data of a record.
    """
    try:
        pattern = PATTERN.decode(value) if isinstance(value, str) and value.lstrip(BLANKS).startswith("{") else None
        if not isinstance(pattern, dict):
            return False
        return all(
            _is_filter(member) or (key in PAYLOADS and isinstance(member, str)) for key, member in pattern.items()
        )
    except (ValueError, RecursionError):
        return False


def _refuse(constant: str) -> None:
    raise ValueError(constant)  # NaN and the infinities are no JSON


BLANKS = " \t\n\r"
"""White space that JSON allows before a value. A string that then has no `{` is not parsed at all."""
PATTERN = json.JSONDecoder(parse_constant=_refuse)


def _is_filter(value: Any) -> bool:
    if isinstance(value, dict):
        return all(map(_is_filter, value.values()))
    return isinstance(value, list) and bool(value)


def _is(name: str, value: str) -> bool:
    return isinstance(value, str) and _type(name)(value)


@cache
def _type(name: str) -> Callable[[str], bool]:
    """Return a function that says whether a string has the length and the pattern of a type in `types.json`."""
    schema = types()[name]
    least, most = schema.get("minLength", 0), schema.get("maxLength", float("inf"))
    matches = re.compile(schema["pattern"], re.ASCII).search
    return lambda value: least <= len(value) <= most and matches(value) is not None


class _BareName(NamedTuple):
    limit: int
    matches: Callable[[str], Any]


@cache
def _bare_name() -> _BareName:
    """Return the pattern and the maximum length of a function name that is not an ARN, from the type `FunctionName`."""
    rule = types()["FunctionName"]["allOf"][0]
    return _BareName(rule["then"]["maxLength"], re.compile(rule["if"]["pattern"], re.ASCII).search)


FORMATS: Mapping[str, Callable[[str], bool]] = MappingProxyType(
    {
        "function-name": is_function_name,
        "function-arn": is_function_arn,
        "qualifier": is_qualifier,
        "event-source-arn": is_event_source_arn,
        "stream-arn": is_stream_arn,
        "consumer-arn": is_consumer_arn,
        "table-stream-arn": is_table_stream_arn,
        "queue-arn": is_queue_arn,
        "destination-arn": is_destination_arn,
        "destination-function-arn": _is_destination("lambda", "a function"),
        "destination-queue-arn": _is_destination("sqs", "a standard queue"),
        "destination-topic-arn": _is_destination("sns", "a standard topic"),
        "destination-bucket-arn": _is_destination("s3", "a bucket"),
        "destination-event-bus-arn": _is_destination("events", "an event bus"),
        "filter-pattern": is_filter_pattern,
    }
)

STATED = frozenset(FORMATS) - {"filter-pattern"}
"""Formats that state no more than the keywords beside them, such as `pattern`. The generated checkers ignore them,
since the messages of these keywords say more about the mistake."""
