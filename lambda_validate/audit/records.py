"""Records of CloudTrail, typed. Parameters stay JSON until a call is checked: most records are of other services."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, TypeAlias

import msgspec

NULL = msgspec.Raw(b"null")
NESTED = "values nest too deeply"
NO_RECORD = "an object without eventName and eventSource is no record of CloudTrail"


class Record(msgspec.Struct, gc=False):
    """The members of a record that an audit reads. The last three contain a whole record, as other tools export it."""

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
    """Stands for a record that cannot be read: the reason."""

    reason: str


Read: TypeAlias = Record | BrokenRecord
ONE = msgspec.json.Decoder(Record)
MANY = msgspec.json.Decoder(list[Record])
COLUMNS = msgspec.json.Decoder(Column)
VALUE = msgspec.json.Decoder()


def why(error: Exception) -> str:
    """Return the meaning of a decoder's error in a few words."""
    if isinstance(error, RecursionError):
        return NESTED
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8"
    return str(error)[:200]


def read_one(data: bytes | memoryview) -> Read:
    """Return the record that some JSON is."""
    try:
        return whole(ONE.decode(data), data)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        return BrokenRecord(why(error))


def whole(record: Record, data: bytes | memoryview | None = None, depth: int = 0) -> Read:
    """Return a record in the usual form, if another tool has put it inside a record or has changed its names to lower
    case.
    """
    if record.eventName is not None and record.eventSource is not None:
        return record
    held = record.CloudTrailEvent or record.eventJson
    inner = held.encode("utf-8", "surrogatepass") if held else bytes(record.detail)
    if inner != b"null" and depth == 0:
        return whole(ONE.decode(inner), None, 1)
    if data is not None and record.eventName is None:
        columns = COLUMNS.decode(data)
        if columns.eventname is not None and columns.eventsource is not None:
            return Record(*(getattr(columns, name) for name in Column.__struct_fields__))
    return BrokenRecord(NO_RECORD)


BY_COLUMN: Mapping[str, str] = {name.lower(): name for name in Record.__struct_fields__}


def from_columns(values: Mapping[str, Any]) -> Read:
    """Return a record of a table's row, whose columns may be spelt in any letter case."""
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
    """Return the JSON of a column: a string is JSON already; of a structure, members that are null are not there."""
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
    """Return the record for a caller's value: a record, JSON, or a mapping."""
    if isinstance(value, Record | BrokenRecord):
        return value
    if isinstance(value, str):
        value = value.encode("utf-8", "surrogatepass")
    if isinstance(value, bytes | bytearray | memoryview):
        return read_one(bytes(value))
    if not isinstance(value, Mapping):
        return BrokenRecord("a record is a JSON object")
    try:
        return read_one(msgspec.json.encode(value))
    except (TypeError, ValueError, RecursionError) as error:
        return BrokenRecord(why(error))


def all_whole(records: Iterable[Record]) -> list[Read]:
    """Return records that were decoded together, each whole."""
    return [
        record if record.eventName is not None and record.eventSource is not None else _again(record)
        for record in records
    ]


def _again(record: Record) -> Read:
    try:
        return whole(record)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        return BrokenRecord(why(error))
