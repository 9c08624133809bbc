"""Decode records of CloudTrail. The parameters of a call stay JSON text until the call is checked.

Most records are calls of other services, whose parameters are then never decoded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, TypeAlias

import msgspec

NULL = msgspec.Raw(b"null")
NESTED = "values nest too deeply"
NO_RECORD = "an object without eventName and eventSource is no record of CloudTrail"


class Record(msgspec.Struct, gc=False):
    """The members of a record that an audit reads.

    Other tools export a record inside another object: as its member `detail`, `eventJson` or `CloudTrailEvent`.
    """

    eventName: str | None = None
    eventSource: str | None = None
    eventID: str | None = None
    eventTime: str | None = None
    eventType: str | None = None
    errorCode: str | None = None
    requestParameters: msgspec.Raw = NULL
    detail: msgspec.Raw = NULL
    eventJson: str | None = None
    CloudTrailEvent: str | None = None


class Column(msgspec.Struct, gc=False):
    """A record as Athena exports it.

    Its columns are in lower case, and its parameters are a string that contains JSON.
    """

    eventname: str | None = None
    eventsource: str | None = None
    eventid: str | None = None
    eventtime: str | None = None
    eventtype: str | None = None
    errorcode: str | None = None
    requestparameters: msgspec.Raw = NULL


class BrokenRecord(NamedTuple):
    """Replaces a record that cannot be read. `reason` says why."""

    reason: str


Read: TypeAlias = Record | BrokenRecord
ONE = msgspec.json.Decoder(Record)
MANY = msgspec.json.Decoder(list[Record])
COLUMNS = msgspec.json.Decoder(Column)
VALUE = msgspec.json.Decoder()


def why(error: Exception) -> str:
    """Return the message for an error of a JSON decoder, such as "values nest too deeply"."""
    if isinstance(error, RecursionError):
        return NESTED
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8"
    return str(error)[:200]


def read_one(data: bytes | memoryview) -> Read:
    """Decode one record from JSON. If that is impossible, return a `BrokenRecord`."""
    try:
        return whole(ONE.decode(data), data)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        return BrokenRecord(why(error))


def whole(record: Record, data: bytes | memoryview | None = None, depth: int = 0) -> Read:
    """Return a record in CloudTrail's own form.

    If it is inside another object, as in an event of EventBridge, return the inner record. If its names are in lower
    case, as in an export of Athena, decode `data` again with these names.
    """
    if record.eventName is not None and record.eventSource is not None:
        return record
    inner_json = record.CloudTrailEvent or record.eventJson
    inner = inner_json.encode("utf-8", "surrogatepass") if inner_json else bytes(record.detail)
    if inner != b"null" and depth == 0:
        return whole(ONE.decode(inner), None, 1)
    if data is not None and record.eventName is None:
        columns = COLUMNS.decode(data)
        if columns.eventname is not None and columns.eventsource is not None:
            return Record(*(getattr(columns, name) for name in Column.__struct_fields__))
    return BrokenRecord(NO_RECORD)


BY_COLUMN: Mapping[str, str] = {name.lower(): name for name in Record.__struct_fields__}


def from_columns(values: Mapping[str, Any]) -> Read:
    """Return the record in a row of a table. The names of columns may be in any letter case, such as `eventname`."""
    found: dict[str, Any] = {}
    try:
        for column, value in values.items():
            name = BY_COLUMN.get(column.lower())
            if name is not None and value is not None:
                found[name] = msgspec.Raw(_json(value)) if name in RAW else _string(value)
        if "eventJson" in found:  # the whole record: other columns of CloudTrail Lake have lost the types of parameters
            found = {"eventJson": found["eventJson"]}
        return whole(Record(**found))
    except (msgspec.MsgspecError, RecursionError, UnicodeError, TypeError, ValueError) as error:
        return BrokenRecord(why(error))


RAW = frozenset({"requestParameters", "detail"})


def _string(value: Any) -> str:
    if isinstance(value, str):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _json(value: Any) -> bytes:
    """Return the JSON text of a column's value: a string is JSON already; null members of a structure are left out."""
    if isinstance(value, str):
        return value.encode() or b"null"
    return msgspec.json.encode(_present(value))


def _present(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _present(member) for name, member in value.items() if member is not None}
    if isinstance(value, list) and value and all(isinstance(item, tuple) for item in value):  # a map of Arrow's
        return {str(name): _present(member) for name, member in value if member is not None}
    return [_present(item) for item in value] if isinstance(value, list) else value


def record_of(value: Any) -> Read:
    """Return the record for a value that a caller passes: a record, JSON as a string or bytes, or a mapping."""
    if isinstance(value, Record | BrokenRecord):
        return value
    if isinstance(value, str):
        value = value.encode("utf-8", "surrogatepass")
    if isinstance(value, bytes | bytearray | memoryview):
        return read_one(bytes(value))
    if not isinstance(value, Mapping):
        return BrokenRecord("a record must be a JSON object")
    try:
        return read_one(msgspec.json.encode(value))
    except (TypeError, ValueError, RecursionError) as error:
        return BrokenRecord(why(error))


def all_whole(records: Iterable[Record]) -> list[Read]:
    """Return decoded records in CloudTrail's own form: a record inside another object is replaced by the inner one."""
    return [
        record if record.eventName is not None and record.eventSource is not None else _again(record)
        for record in records
    ]


def _again(record: Record) -> Read:
    try:
        return whole(record)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        return BrokenRecord(why(error))
