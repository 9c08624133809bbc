"""Read records of CloudTrail from tables in Parquet or CSV, as Athena and CloudTrail Lake export them.

Columns are named as the members of a record, in any letter case.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Iterator
from typing import IO

from .records import BY_COLUMN, BrokenRecord, Read, from_columns
from .splitting import BYTE_ORDER_MARK, MAX_RECORD_BYTES

ROWS = 100
"""Number of rows of a Parquet table that are read at once. A record of CloudTrail has at most 256 KB, so that their
memory is bounded."""
EXPANDED, RATIO = 64 << 20, 500
"""A compressed file is refused if it expands to more than `EXPANDED` bytes and to more than `RATIO` times its size."""
CSV_BATCH_CHARACTERS = 1 << 20
"""Number of characters of CSV rows that are decoded at once. A single row may be larger."""
RECORD_COLUMNS = frozenset({"eventname", "eventjson", "cloudtrailevent"})
"""Names of columns, in lower case. A table of records has at least one of these."""
NO_COLUMN = "the table has no column eventName"
UNEVEN = "the row has more or fewer columns than the table"


def parquet(file: IO[bytes]) -> Iterator[list[Read]]:
    """Yield the records of a Parquet table, in lists.

    If the table cannot be read further, the last list consists of a `BrokenRecord` with the reason.
    """
    import pyarrow  # type: ignore[import-untyped]  # pyarrow has no types
    from pyarrow import parquet as tables

    try:
        size = file.seek(0, os.SEEK_END)
        table = tables.ParquetFile(file)
        groups = map(table.metadata.row_group, range(table.metadata.num_row_groups))
        if (expanded := sum(group.total_byte_size for group in groups)) > EXPANDED and expanded > RATIO * size:
            yield [BrokenRecord(f"the table expands more than {RATIO} times")]
            return
        known = [name for name in table.schema_arrow.names if name.lower() in BY_COLUMN]
        if not known:
            yield [BrokenRecord(NO_COLUMN)]
            return
        for batch in table.iter_batches(ROWS, columns=known):
            yield [from_columns(row) for row in batch.to_pylist()]
    except (pyarrow.ArrowException, OSError) as error:
        yield [BrokenRecord(f"the table cannot be read: {str(error)[:200]}")]


def is_csv(head: bytes) -> bool:
    """Return whether a file that begins with `head` is a CSV table whose first row has a column such as `eventname`."""
    if head.removeprefix(BYTE_ORDER_MARK).lstrip().startswith((b"{", b"[")):
        # JSON, whose first line may be all of it
        return False
    first = head.removeprefix(BYTE_ORDER_MARK).partition(b"\n")[0].strip()
    return not RECORD_COLUMNS.isdisjoint(first.replace(b'"', b"").decode("ascii", "replace").lower().split(","))


def comma_separated(head: bytes, parts: Iterable[bytes]) -> Iterator[list[Read]]:
    """Yield the records of a CSV table that begins with `head` and continues with `parts`, in lists.

    Columns without a value count as missing members.
    """
    csv.field_size_limit(MAX_RECORD_BYTES)
    rows = csv.reader(_lines(head.removeprefix(BYTE_ORDER_MARK), parts), strict=True)
    batch: list[Read] = []
    size = 0
    try:
        names = next(rows)
        for values in filter(None, rows):
            batch.append(_row(names, values))
            size += sum(map(len, values))
            if size > CSV_BATCH_CHARACTERS:
                yield batch
                batch, size = [], 0
    except csv.Error as error:
        batch.append(BrokenRecord(f"the table cannot be read: {error}"))
    yield batch


def _row(names: list[str], values: list[str]) -> Read:
    if len(names) != len(values):
        return BrokenRecord(UNEVEN)
    return from_columns({name: value or None for name, value in zip(names, values, strict=True)})


def _lines(buffer: bytes, parts: Iterable[bytes]) -> Iterator[str]:
    """Yield the lines of a file, with their line ends. Bytes that are not UTF-8 become lone surrogates.

    So a record with such bytes is reported as broken.
    """
    for part in parts:
        *whole, buffer = (buffer + part).split(b"\n")
        yield from (f"{line.decode('utf-8', 'surrogateescape')}\n" for line in whole)
        if len(buffer) > MAX_RECORD_BYTES:
            raise csv.Error(f"a line is larger than {MAX_RECORD_BYTES >> 20} MB")
    if buffer:
        yield buffer.decode("utf-8", "surrogateescape")
