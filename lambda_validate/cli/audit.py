"""The command `lambda-validate audit`: check recorded calls of CloudTrail, and compare with what AWS answered.

    lambda-validate audit AWSLogs -o result

`edition` is `"current"` by default. Without `-o`, only the summary is printed, and nothing is written.
"""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from importlib.util import find_spec
from typing import IO, TYPE_CHECKING

from ..base.extras import missing_message
from ..settings import ARGUMENT
from ..settings.keys import split
from .arguments import OUTPUT, matching
from .commands import UNUSABLE, CommandResult, UsageError

if TYPE_CHECKING:
    from ..audit.inputs import Input
    from ..audit.manifest import ResultFolder
    from ..audit.summary import Summary
    from ..audit.worker import AuditSetting
    from .parsing import Parser

COUNT = matching("[1-9][0-9]{0,8}", "a whole number above 0", int)
PROCESSES = matching("[1-9][0-9]{0,2}", "a whole number from 1 to 999", int)
SEED = matching("[0-9]{1,9}", "a whole number", int)
MODULES = ("msgspec", "pyarrow")
LOCAL, SPARK = "local", "spark"
OF_AUDITS: Mapping[str, str] = {
    "services": "--service", "engine": "--engine", "processes": "--processes", "output": "-o", "format": "--format",
    "show_values": "--show-values", "edition": "--edition", "output_format": "--output-format",
}  # fmt: skip
"""By attribute, the options that do not affect made-up logs."""


def add_arguments(parser: Parser) -> None:
    """Add the options of `audit` to a parser."""
    add = parser.section("calls").add_argument
    add("--service", dest="services", action="extend", type=split, metavar="NAME",
        help="check calls of these services, such as lambda,sqs (default: lambda); others need botocore")  # fmt: skip
    add("--engine", choices=(LOCAL, SPARK),
        help="check the logs on this machine or on Spark (default: local)")  # fmt: skip
    add("--processes", type=PROCESSES, metavar="N",
        help="the number of processes that read logs (default: one for each processor)")  # fmt: skip
    add = parser.section(OUTPUT).add_argument
    add("-o", "--output", metavar="DIR",
        help="write a row for each record to this folder, or resume a run there (default: no rows)")  # fmt: skip
    add("--format", choices=("parquet", "jsonl"), help="the format of the rows that -o writes (default: parquet)")
    add("--show-values", action="store_true", help="show the invalid values in messages")
    add = parser.section("made-up logs").add_argument
    add("--generate", type=COUNT, metavar="N",
        help="write logs with N made-up records to the folder PATH (default: audit PATH)")  # fmt: skip
    add("--seed", type=SEED, metavar="N", help="generate the same records for the same seed (default: 0)")


def run(arguments: Namespace, stdin: IO[bytes], colour: bool) -> CommandResult:
    """Check recorded calls, in processes of this machine or on Spark, and return the lines of the summary."""
    if missing := [name for name in MODULES if find_spec(name) is None]:
        return CommandResult((), [missing_message(missing, ["audit"])], UNUSABLE)
    if arguments.generate is not None:
        return _generated(arguments)
    if arguments.seed is not None:
        raise UsageError("--seed is for made-up records; add --generate N with their number, or leave out --seed")
    if arguments.format and arguments.output is None:
        raise UsageError("--format is the format of the rows that -o DIR writes; add -o DIR, or leave out --format")
    if arguments.services == []:
        raise UsageError("--service names no service; write for example --service lambda,sqs, or leave it out")
    from ..audit import InputError, ServiceError, WorkerError
    from ..audit.reporters import REPORTERS
    from ..catalog import SchemaError
    from ..catalog.models.shipped import NoModelsError

    try:
        summary = _summary(arguments)
    except (InputError, ServiceError, WorkerError, NoModelsError, SchemaError, ModuleNotFoundError) as error:
        return CommandResult((), [str(error)], UNUSABLE)
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        return CommandResult((), [f"the result cannot be written: {place}{error.strerror or error}"], UNUSABLE)
    return CommandResult(REPORTERS[arguments.output_format](summary), (), summary.code())


def _generated(arguments: Namespace) -> CommandResult:
    """Write logs of made-up records, for trying out `audit`, to an empty or new folder."""
    from ..audit import generating
    from ..base.spelling import counted

    if unused := next(_unused(arguments), None):
        raise UsageError(f"--generate writes made-up logs and has no use for {unused}; leave one of them out")
    if len(arguments.paths) != 1:
        raise UsageError("--generate writes to one folder; name one PATH")
    (folder,) = arguments.paths
    if os.path.exists(folder) and (not os.path.isdir(folder) or os.listdir(folder)):
        raise UsageError(f"{folder} exists and is not an empty folder; --generate needs a new or empty one")
    count = generating.write(folder, arguments.generate, arguments.seed or 0)
    records, files = counted(arguments.generate, "record"), counted(count, "file")
    return CommandResult((), [f"{records} written to {files} in {folder}"])


def _unused(arguments: Namespace) -> Iterator[str]:
    """Yield the options that were given although they have no effect on writing made-up logs."""
    for name in OF_AUDITS:
        is_given = arguments.origins.get(name.replace("_", "-"), ARGUMENT) is ARGUMENT
        if is_given and getattr(arguments, name) not in (None, False):
            yield OF_AUDITS[name]


def _summary(arguments: Namespace) -> Summary:
    from ..audit.worker import AuditSetting

    setting = AuditSetting(arguments.edition, tuple(arguments.services or ("lambda",)), arguments.show_values)
    setting.auditor()  # an unknown name is an error before anything is read
    summary = ENGINES[arguments.engine or LOCAL](arguments, setting)
    summary.edition = arguments.edition
    return summary


def _on_processes(arguments: Namespace, setting: AuditSetting) -> Summary:
    """Check the files in local processes, write a row for each record if requested, and return the summary."""
    from ..audit.engine import Plan, processes
    from ..audit.engine import run as accepted
    from ..audit.inputs import checked, files
    from ..audit.manifest import ResultFolder
    from ..audit.summary import Summary
    from ..base.progress import FileProgress
    from .signals import ending

    paths = tuple(checked(arguments.paths))
    folder = None
    if arguments.output is not None:
        folder = ResultFolder(arguments.output, arguments.format or "parquet", setting.facts())
    number, size = _counted(paths, files(paths, arguments.output))
    progress, summary = FileProgress(sys.stderr, number, size), Summary()
    plan = Plan(paths, setting, arguments.processes or processes(), folder)
    try:
        with ending(), closing(accepted(plan, progress)) as found:
            for batch in found:
                summary += batch.summary
    finally:
        progress.close()
    if folder is not None:
        summary.edition = arguments.edition
        _write(folder, summary)
    return summary


def _counted(paths: tuple[str, ...], found: Iterable[Input]) -> tuple[int, int]:
    """Return the number of files and of their bytes. If there is no file, raise `InputError`."""
    from ..audit import InputError

    number = size = 0
    for file in found:
        number, size = number + 1, size + file.facts[0]
    if not number:
        raise InputError(
            f"there is no file to audit in {', '.join(paths)}; the name of a log must end in .json, .jsonl, .ndjson, "
            f".csv, one of these with .gz, or .parquet"
        )
    return number, size


def _on_spark(arguments: Namespace, setting: AuditSetting) -> Summary:
    """Check the files on Spark, which also writes a row for each record if requested, and return the summary."""
    from ..audit import InputError, on_spark
    from ..audit.inputs import checked, files

    on_spark.check()
    from pyspark.sql import SparkSession  # type: ignore[import-not-found, unused-ignore]  # of the extra spark

    if arguments.processes:
        raise UsageError("--processes is for --engine local; Spark has its own setting, such as --master local[4]")
    if arguments.output is not None and os.path.exists(arguments.output):
        raise InputError(f"{arguments.output} exists already; with --engine spark, -o must name a new folder")
    local = [path for path in arguments.paths if "://" not in path]
    number, size = _counted(tuple(local), files(checked(local))) if local else (0, 0)
    if "PYSPARK_GATEWAY_PORT" not in os.environ:  # not started by spark-submit, which decides that
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    session = SparkSession.builder.appName("lambda-validate audit").getOrCreate()
    rows = on_spark.of_files(session, arguments.paths, setting).persist()
    try:
        if arguments.output is not None:
            getattr(rows.drop("kind").write, SPARK_FORMATS[arguments.format or "parquet"])(arguments.output)
        summary = on_spark.summed(rows)
    finally:
        rows.unpersist()
    summary.files, summary.bytes = number, size
    return summary


ENGINES: Mapping[str, Callable[[Namespace, AuditSetting], Summary]] = {LOCAL: _on_processes, SPARK: _on_spark}
"""The functions that read the files and return the summary, by name."""
SPARK_FORMATS: Mapping[str, str] = {"parquet": "parquet", "jsonl": "json"}
"""The names of formats in Spark."""


def _write(folder: ResultFolder, summary: Summary) -> None:
    """Write the summary to the result folder as JSON and as HTML."""
    from ..audit.manifest import SUMMARIES
    from ..audit.reporters import REPORTERS
    from ..files.writing import create

    for name, format in SUMMARIES.items():
        create(folder.path(name), "".join(f"{line}\n" for line in REPORTERS[format](summary)).encode())
