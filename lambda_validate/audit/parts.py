"""Write the results of an audit to files (parts): as Parquet, as JSON Lines, or pickled for the main process."""

from __future__ import annotations

import os
import pickle
from collections.abc import Iterator, Mapping
from typing import IO, Any, Protocol

import msgspec

from .outcome import CHECKED, DUPLICATE, FIELDS, Outcome, ResultRow

GROUP = 20_000
"""Number of rows of a row group of a Parquet file. So many rows are in memory at once."""
PARQUET, JSONL, OUTCOMES = "parquet", "jsonl", "outcomes"


class Writer(Protocol):
    """Writes outcomes of records to an open file."""

    def add(self, outcome: Outcome) -> None:
        """Write the outcome of a record."""

    def close(self) -> None:
        """Write everything that is still in memory, and the end of the file."""

    def drop(self) -> None:
        """Write nothing more, since the file is incomplete and will not be used."""


class _Lines:
    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._encode = file, msgspec.json.Encoder().encode

    def add(self, outcome: Outcome) -> None:
        for row in outcome.rows():
            self._file.write(self._encode(dict(zip(FIELDS, row, strict=True))) + b"\n")

    def close(self) -> None:
        """Do nothing, since `add` has written every line."""

    drop = close


class _RowWriter:
    def __init__(self, file: IO[bytes]) -> None:
        from pyarrow import parquet  # type: ignore[import-untyped]  # pyarrow has no types

        self._schema = schema()
        self._writer = parquet.ParquetWriter(file, self._schema, compression="zstd")
        self._rows: list[ResultRow] = []

    def add(self, outcome: Outcome) -> None:
        self._rows += outcome.rows()
        if len(self._rows) >= GROUP:
            self._flush()

    def _flush(self) -> None:
        import pyarrow

        columns = [list(column) for column in zip(*self._rows, strict=True)]
        self._writer.write_table(pyarrow.table(columns, schema=self._schema))
        self._rows = []

    def close(self) -> None:
        if self._rows:
            self._flush()
        self._writer.close()

    def drop(self) -> None:
        self._writer.is_open = False  # else it writes the end of the table when it is freed


class _Pickles:
    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._buffer: list[Outcome] = []

    def add(self, outcome: Outcome) -> None:
        self._buffer.append(outcome)
        if len(self._buffer) >= GROUP // 10:
            self.close()

    def close(self) -> None:
        pickle.dump(self._buffer, self._file)
        self._buffer = []

    def drop(self) -> None:
        self._buffer = []


class _Nothing:
    def add(self, outcome: Outcome) -> None:
        """Do nothing, since no rows were requested."""

    close = drop = staticmethod(lambda: None)


WRITERS: Mapping[str | None, type[Writer]] = {PARQUET: _RowWriter, JSONL: _Lines, OUTCOMES: _Pickles}
"""The class that writes each format of rows."""


def writer(format: str | None, file: IO[bytes] | None) -> Writer:
    """Return a writer of outcomes to a file, in a format such as `"parquet"`. Without a file, it writes nothing."""
    return _Nothing() if file is None else WRITERS[format](file)  # type: ignore[call-arg]  # each takes a file


def schema() -> Any:
    """Return the Arrow schema of the table of results."""
    import pyarrow

    return pyarrow.schema([(name, pyarrow.int64() if name == "index" else pyarrow.string()) for name in FIELDS])


def outcomes(path: str) -> Iterator[Outcome]:
    """Yield the outcomes in a file of pickles that a process of this run has written."""
    with open(path, "rb") as file:
        while True:
            try:
                yield from pickle.load(file)
            except EOFError:
                return


def event_ids(path: str, format: str) -> Iterator[str]:
    """Yield the eventIDs of the calls in a file of rows, in order, without those of duplicates."""
    last = None
    for file, index, outcome, event_id in _places(path, format):
        if outcome in CHECKED and outcome != DUPLICATE and event_id and (file, index) != last:
            last = file, index
            yield event_id


def _places(path: str, format: str) -> Iterator[tuple[str, int, str, str | None]]:
    names = ("file", "index", "outcome", "event_id")
    if format == JSONL:
        with open(path, "rb") as lines:
            for line in lines:
                row = msgspec.json.decode(line)
                yield row["file"], row["index"], row["outcome"], row["event_id"]
        return
    from pyarrow import parquet

    with parquet.ParquetFile(path) as table:
        for batch in table.iter_batches(GROUP, columns=list(names)):
            yield from zip(*(batch.column(name).to_pylist() for name in names), strict=True)


def size(path: str) -> int:
    """Return the size of a file in bytes; -1 if it does not exist."""
    try:
        return os.stat(path).st_size
    except OSError:
        return -1
