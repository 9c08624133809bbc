"""Read one batch of files: check each record, write the result to a file, and return a summary.

This runs in a process of its own.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from hashlib import blake2b
from typing import IO, NamedTuple

from msgspec.structs import replace

from .checking import CALL, Auditor
from .inputs import Input
from .outcome import CHECKED, DUPLICATE, OTHER_SERVICE, Outcome
from .parts import Writer, writer
from .reading import ChangedError, records
from .records import BrokenRecord, Read, Record
from .summary import Summary

DIGEST = 16
"""Number of bytes of the digest of an eventID. A digest is stored since an eventID may have any length."""
REPEATED = "an earlier record has the same eventID"


class AuditTask(NamedTuple):
    """A batch of files to read.

    `part` is the path of the file for the rows, in a `format` such as `"parquet"`; None to write no rows. `ids` is the
    path of the file for the digests of the eventIDs. `refused` has paths that must not be read, with reasons.
    `duplicates` has a byte for each digest: 1 if an earlier record has the same eventID.
    """

    number: int
    inputs: tuple[Input, ...]
    ids: str
    part: str | None = None
    format: str | None = None
    refused: tuple[tuple[str, str], ...] = ()
    duplicates: bytes = b""


class ChangedFileError(Exception):
    """Raised if a file of a batch changed while it was read."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


def run(task: AuditTask, auditor: Auditor, announce: Callable[[int], None]) -> Summary:
    """Read the files of a batch, and return the summary. `announce` is called with the number of each file, from 0."""
    with ExitStack() as stack:
        part = stack.enter_context(open(task.part, "wb")) if task.part is not None else None
        ids = stack.enter_context(open(task.ids, "wb"))
        batch = _Batch(task, auditor, writer(task.format, part), ids)
        stack.callback(batch.rows.drop)
        for number, file in enumerate(task.inputs):
            announce(number)
            batch.read(file)
        batch.rows.close()
        if part is not None:
            part.flush()
            os.fsync(part.fileno())
    return batch.summary


class _Batch:
    """A batch of files that is being read. `seen` is the number of digests of eventIDs written so far."""

    def __init__(self, task: AuditTask, auditor: Auditor, rows: Writer, ids: IO[bytes]) -> None:
        self.task, self.auditor, self.rows, self.ids = task, auditor, rows, ids
        self.summary = Summary()
        self.seen = 0

    def read(self, file: Input) -> None:
        """Read all records of a file, and count the file and its bytes."""
        name = shown(file.path)
        try:
            found = self._records(file)
            if self.task.part is None:
                self._counted(found, name)
            else:
                self._written(found, name)
        except ChangedError:
            raise ChangedFileError(file.path) from None
        self.summary.files += 1
        self.summary.bytes += file.facts[0]

    def _records(self, file: Input) -> Iterator[list[Read]]:
        reason = dict(self.task.refused).get(file.path)
        return records(file.path, file.facts) if reason is None else iter([[BrokenRecord(reason)]])

    def _written(self, found: Iterator[list[Read]], name: str) -> None:
        index = 0
        for batch in found:
            self.summary.records += len(batch)
            for record in batch:
                outcome = self._outcome(record, name, index)
                self.summary.add(outcome)
                self.rows.add(outcome)
                index += 1

    def _counted(self, found: Iterator[list[Read]], name: str) -> None:
        """Check and count records without writing rows.

        Records of services that are not audited are counted unchecked.
        """
        sources, index = self.auditor.sources, 0
        for batch in found:
            self.summary.records += len(batch)
            own = [
                (number, record)
                for number, record in enumerate(batch, index)
                if type(record) is not Record or record.eventSource in sources or record.eventType != CALL
            ]
            for number, record in own:
                self.summary.add(self._outcome(record, name, number))
            self.summary.skip(OTHER_SERVICE, len(batch) - len(own))
            index += len(batch)

    def _outcome(self, record: Read, name: str, index: int) -> Outcome:
        outcome = self.auditor.check(record, name, index, in_words=self.task.part is not None)
        if outcome.outcome not in CHECKED or not outcome.event_id:
            return outcome
        self.ids.write(digest(outcome.event_id))
        number, self.seen = self.seen, self.seen + 1
        if number < len(self.task.duplicates) and self.task.duplicates[number]:
            return replace(outcome, outcome=DUPLICATE, findings=(), reason=REPEATED)
        return outcome


def digest(event_id: str) -> bytes:
    """Return a digest of an eventID, which may be of any length."""
    return blake2b(event_id.encode(), digest_size=DIGEST).digest()


def shown(path: str) -> str:
    """Return a path for the column `file`: bytes of it that are not Unicode are escaped, as in `\\udcff`."""
    return path.encode("utf-8", "backslashreplace").decode()
