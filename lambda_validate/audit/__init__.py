"""Audit recorded calls: find refused calls that validation would have caught, and accepted calls that break a rule.

Needs the extra `lambda-validate[audit]`. `check` takes one record of CloudTrail. `files` takes files and folders, and
uses local processes. `spark` and `spark_table` run on Spark.

    inputs → reading, splitting, exports → records → names → checking → outcome → parts, summary
    files    bytes of any size             typed     payload  validate   row       files, totals

Input: logs of CloudTrail. Output: an `Outcome` for each record, which may have findings, and a `Summary`. `engine`
gives batches of files to processes (`worker`, `batches`), and `manifest` lets an interrupted run continue.

Terms: a *batch* is a group of files that one process reads. A *part* is the file with the rows of one batch. A record
that cannot be read is *quarantined*: it is counted, with a reason, and the audit continues. A call is a *duplicate* if
an earlier record has the same eventID. A value is *hidden* if CloudTrail did not record it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, TypeAlias

from ..base import extras
from ..base.spelling import MAX_NAME_LENGTH
from ..catalog import TODAY

REQUIRED_PACKAGES = ("msgspec", "pyarrow")
extras.check(REQUIRED_PACKAGES, "audit")

from .checking import Auditor  # noqa: E402  # after the check, so that its one line is what a user sees
from .engine import MAX_PROCESSES, Plan, processes, run  # noqa: E402  # as above
from .inputs import InputError, checked  # noqa: E402  # as above
from .outcome import FIELDS, Finding, Outcome  # noqa: E402  # as above
from .parts import outcomes  # noqa: E402  # as above
from .records import record_of  # noqa: E402  # as above
from .services import LAMBDA, ServiceError  # noqa: E402  # as above
from .summary import Summary  # noqa: E402  # as above
from .worker import AuditSetting, WorkerError  # noqa: E402  # as above

__all__ = [
    "FIELDS",
    "Finding",
    "InputError",
    "Outcome",
    "Run",
    "ServiceError",
    "Summary",
    "WorkerError",
    "check",
    "files",
    "spark",
    "spark_table",
]


def _names(services: str | Iterable[str]) -> tuple[str, ...]:
    return (services,) if isinstance(services, str) else tuple(services)


@lru_cache(8)
def _auditor(edition: str, services: tuple[str, ...], show_values: bool) -> Auditor:
    return Auditor(edition, services, show_values=show_values)


def check(
    record: Any, *, edition: str = TODAY, services: str | Iterable[str] = (LAMBDA,), show_values: bool = False
) -> Outcome:
    """Audit one record of CloudTrail, given as a mapping or as JSON, and return its `Outcome`.

    A record that cannot be read raises nothing: its outcome is `"quarantined"`.

    `edition` is `"current"` by default. `services` is a name of the SDK, or several; those other than `lambda` need
    botocore. An unknown name raises `UnknownNameError`, and a service that cannot be audited `ServiceError`.
    """
    return _auditor(edition, _names(services), show_values).check(record_of(record))


class Run:
    """An iterator of the outcomes of all records of some files, in the order of the files' names.

    `summary` has the numbers of the outcomes so far. The run can be iterated only once.
    """

    def __init__(self, plan: Plan) -> None:
        self.summary = Summary()
        self._outcomes = self._run(plan)

    def _run(self, plan: Plan) -> Iterator[Outcome]:
        for batch in run(plan):
            self.summary += batch.summary
            if batch.part is not None:
                yield from outcomes(batch.part)

    def __iter__(self) -> Iterator[Outcome]:
        return self._outcomes

    def __next__(self) -> Outcome:
        return next(self._outcomes)

    def close(self) -> None:
        """End the run, and stop the processes that read files."""
        self._outcomes.close()  # type: ignore[attr-defined]  # a generator


Path: TypeAlias = str | os.PathLike[str]


def files(
    paths: Path | Iterable[Path], *, edition: str = TODAY, services: str | Iterable[str] = (LAMBDA,),
    processes: int | None = None, show_values: bool = False,
) -> Run:  # fmt: skip
    """Audit all records in files and folders. Return an iterator of their outcomes, which has a `summary`.

    The files are read by `processes` processes, by default one for each processor. A path that does not exist, or an
    invalid number of processes, raises `InputError`. A file that cannot be read gives an outcome that says so.
    """
    number = _number(processes)
    setting = AuditSetting(edition, _names(services), show_values)
    setting.auditor()  # an unknown name is an error before anything is read
    given = [paths] if isinstance(paths, str | os.PathLike) else paths
    found = tuple(checked(os.fspath(path) for path in given))
    return Run(Plan(found, setting, number, is_listed=True))


_processes = processes


def _number(given: Any) -> int:
    if given is None:
        return _processes()
    if type(given) is not int or not 0 < given <= MAX_PROCESSES:
        raise InputError(
            f"processes must be a whole number from 1 to {MAX_PROCESSES}, not {repr(given)[:MAX_NAME_LENGTH]}"
        )
    return given


def spark(
    session: Any, paths: Path | Iterable[Path], *, edition: str = TODAY, services: str | Iterable[str] = (LAMBDA,),
    show_values: bool = False,
) -> Any:  # fmt: skip
    """Audit all records in files and folders, or below addresses such as `s3://bucket/AWSLogs`, on Spark.

    Return a DataFrame with a row for each finding, and for each record without findings. Spark's workers must be able
    to read the files, and need this package with the extra `audit`. The caller needs the extra `spark`.
    """
    from . import on_spark

    on_spark.check()
    given = [os.fspath(path) for path in ([paths] if isinstance(paths, str | os.PathLike) else paths)]
    found = on_spark.of_files(session, given, AuditSetting(edition, _names(services), show_values))
    return found.drop("kind")


def spark_table(
    table: Any, *, edition: str = TODAY, services: str | Iterable[str] = (LAMBDA,), show_values: bool = False
) -> Any:
    """Audit all records in a table of Athena or Glue, which has a row for each record, on Spark.

    Return a DataFrame with a row for each finding, and for each record without findings. The table's columns have the
    names of a record's members, in any letter case. `requestparameters` is a JSON string, a structure or a map. In the
    result, `file` is the table's file, if Spark knows it, and `index` is a number that Spark assigns.
    """
    from . import on_spark

    on_spark.check()
    return on_spark.of_table(table, AuditSetting(edition, _names(services), show_values)).drop("kind")
