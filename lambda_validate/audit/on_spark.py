"""Audit on Spark: its workers check the records of files, or of a table, and return rows.

The checks are the same as on one machine. The workers run Python functions for batches of Arrow (`mapInArrow`). Spark
itself finds calls that were recorded twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, partial
from importlib.util import find_spec
from typing import Any

import pyarrow  # type: ignore[import-untyped]  # pyarrow has no types

from ..base.extras import missing_message
from .batches import REPEATED, shown
from .checking import Auditor
from .inputs import DIGESTS, InputError, batches, checked, files, is_log
from .outcome import CHECKED, DUPLICATE, FIELDS, QUARANTINED, Finding, Outcome, ResultRow
from .parts import GROUP, schema
from .reading import records
from .records import BY_COLUMN, from_columns
from .summary import MAX_LISTED_QUARANTINED, Summary
from .worker import AuditSetting

NEW_RECORD, NEW_RULE = 1, 2
"""Bits of the column `kind` of a row: it is the first row of its record, or the first row of its rule in this
record."""
DDL = ", ".join([*(f"`{name}` {'bigint' if name == 'index' else 'string'}" for name in FIELDS), "kind int"])
PARTITIONS = 4_000
"""Maximum number of Spark partitions for the batches of files."""
Batches = Iterator[Any]
"""An iterator of record batches of Arrow."""


def check() -> None:
    """Raise `ModuleNotFoundError` if pyspark is missing. The message says what to install."""
    if find_spec("pyspark") is None:
        raise ModuleNotFoundError(missing_message(["pyspark"], ["spark"]), name="pyspark")


def of_files(session: Any, paths: Iterable[str], setting: AuditSetting) -> Any:
    """Return a DataFrame with the rows of all records below paths and addresses.

    The additional column `kind` has the bits `NEW_RECORD` and `NEW_RULE`.
    """
    setting.auditor()  # an unknown name is an error before anything is read
    given = list(paths)
    local = checked(path for path in given if "://" not in path)
    found = [([file.path for file in batch],) for batch in batches(files(local))]
    found += [(names,) for path in given if "://" in path for names in _listed(path)]
    if not found:
        raise InputError(f"there is no file to audit in {', '.join(given)}")
    listed = session.createDataFrame(found, "paths array<string>").repartition(min(len(found), PARTITIONS))
    return _distinct(listed.mapInArrow(partial(_mapped, partial(_of_paths, setting)), DDL))


def of_table(table: Any, setting: AuditSetting) -> Any:
    """Return a DataFrame with the rows of all records in a table.

    The additional column `kind` has the bits `NEW_RECORD` and `NEW_RULE`.
    """
    from pyspark.sql import functions as f  # type: ignore[import-not-found, unused-ignore]  # of the extra spark

    setting.auditor()  # as above
    known = [name for name in table.columns if name.lower() in BY_COLUMN]
    if not known:
        raise InputError("the table has no column eventName")
    placed = table.select(*known, f.input_file_name().alias("_file"), f.monotonically_increasing_id().alias("_index"))
    return _distinct(placed.mapInArrow(partial(_mapped, partial(_of_rows, setting)), DDL))


def _listed(address: str) -> Iterator[list[str]]:
    """Yield the addresses of the log files below an address such as `s3://bucket/AWSLogs`, in lists."""
    from pyarrow import fs

    scheme = address.partition("://")[0]
    try:
        system, path = fs.FileSystem.from_uri(address)
        if system.get_file_info(path).type == fs.FileType.File:
            yield [address]
            return
        infos = system.get_file_info(fs.FileSelector(path, recursive=True))
    except (OSError, pyarrow.ArrowException) as error:
        raise InputError(f"{address} cannot be listed: {str(error)[:200]}") from None
    found = [info for info in infos if info.type == fs.FileType.File and is_log(info.base_name)]
    names = sorted(f"{scheme}://{info.path}" for info in found if DIGESTS not in info.path.split("/"))
    yield from (names[at : at + 1_000] for at in range(0, len(names), 1_000))


@lru_cache(4)
def _auditor(setting: AuditSetting) -> Auditor:
    return setting.auditor()


def _of_paths(setting: AuditSetting, batch: Any) -> Iterator[Outcome]:
    for path in (path for paths in batch.column("paths").to_pylist() for path in paths):
        index, name = 0, shown(path)
        for found in records(path):
            for record in found:
                yield _auditor(setting).check(record, name, index)
                index += 1


def _of_rows(setting: AuditSetting, batch: Any) -> Iterator[Outcome]:
    for row in batch.to_pylist():
        yield _auditor(setting).check(from_columns(row), row["_file"] or "", row["_index"])


def _mapped(outcomes: Callable[[Any], Iterator[Outcome]], given: Batches) -> Batches:
    """Yield batches of rows for batches of input. `outcomes` is a function that audits a batch of input."""
    rows: list[tuple[Any, ...]] = []
    for batch in given:
        for outcome in outcomes(batch):
            rows += _kinds(outcome)
            if len(rows) >= GROUP:
                yield _batch(rows)
                rows = []
    if rows:
        yield _batch(rows)


def _kinds(outcome: Outcome) -> Iterator[ResultRow]:
    """Yield the rows of an outcome, each with the bits of the column `kind` (`NEW_RECORD`, `NEW_RULE`) at its end."""
    seen: set[Any] = set()
    rule = FIELDS.index("rule")
    for number, row in enumerate(outcome.rows()):
        key = row[rule], row[rule + 2]
        yield (*row, NEW_RECORD * (number == 0) + NEW_RULE * (key not in seen))
        seen.add(key)


def _batch(rows: list[tuple[Any, ...]]) -> Any:
    columns = [list(column) for column in zip(*rows, strict=True)]
    return pyarrow.RecordBatch.from_arrays(
        [pyarrow.array(column, kind) for column, kind in zip(columns, (*schema().types, pyarrow.int32()), strict=True)],
        [*FIELDS, "kind"],
    )


def summed(rows: Any) -> Summary:
    """Return the summary of a DataFrame that `of_files` or `of_table` has made.

    Spark counts how often each different row occurs.
    """
    from pyspark.sql import functions as f

    made = Summary()
    names = "outcome", "operation", "error_code", "rule", "severity", "kind"
    day = f.substring("event_time", 1, 10).alias("day")
    times = f.min("event_time").alias("first"), f.max("event_time").alias("last")
    for group in rows.groupBy(*names, day).agg(f.count("*").alias("number"), *times).collect():
        found = (Finding(group.rule, "", group.severity, ""),) if group.rule and group.kind & NEW_RULE else ()
        outcome = Outcome("", 0, None, group.first, None, None, group.operation, group.error_code, group.outcome, found)
        is_new = bool(group.kind & NEW_RECORD)
        made.add(outcome, group.number, group.last, is_new=is_new)
        made.records += group.number * is_new
    listed = (
        rows.where(f.col("outcome") == QUARANTINED).orderBy("file", "index").limit(MAX_LISTED_QUARANTINED).collect()
    )
    for row in listed:
        made.explain(row.file, row["index"], row.message)
    return made


def _distinct(rows: Any) -> Any:
    """Return the rows, with the outcome `"duplicate"` for every record whose eventID an earlier record has."""
    from pyspark.sql import Window  # type: ignore[import-not-found, unused-ignore]  # as above
    from pyspark.sql import functions as f

    place = f.struct("file", "index")
    is_call = f.col("outcome").isin(*CHECKED) & (f.coalesce(f.col("event_id"), f.lit("")) != "")
    key = f.when(is_call, f.struct("event_id", f.lit("").alias("file"), f.lit(0).cast("bigint").alias("index")))
    key = key.otherwise(f.struct(f.lit("").alias("event_id"), "file", "index"))
    marked = rows.withColumn("again", place != f.min(place).over(Window.partitionBy(key)))
    marked = marked.where(~f.col("again") | (f.col("kind").bitwiseAND(NEW_RECORD) > 0))
    news = {"outcome": f.lit(DUPLICATE), "message": f.lit(REPEATED)}
    nothing = f.lit(None).cast("string")
    changed = {**dict.fromkeys(("rule", "pointer", "severity"), nothing), **news}
    return marked.select(
        *(f.when(f.col("again"), changed[name]).otherwise(f.col(name)).alias(name) if name in changed else name
          for name in FIELDS), "kind"
    )  # fmt: skip
