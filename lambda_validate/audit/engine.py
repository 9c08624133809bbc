"""Run an audit on this machine: several processes read batches of files, and the results are put in order.

A call that was recorded twice is counted once.
"""

from __future__ import annotations

import os
import sqlite3
from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from queue import SimpleQueue
from tempfile import TemporaryDirectory
from typing import NamedTuple

import msgspec

from .batches import AuditTask, digest
from .inputs import Input, InputError, batches, files
from .manifest import ResultFolder
from .parts import OUTCOMES, event_ids
from .seen import Seen
from .summary import Summary
from .worker import AuditSetting, Worker, WorkerError

AHEAD = 2
"""Number of batches for each process that may be read before it is their turn in the result."""
MAX_PROCESSES = 999
"""Maximum number of processes of a run."""
Progress = Callable[[int, int], None]
"""A function that is called with the number of files, and of bytes, that a process begins to read."""


class Plan(NamedTuple):
    """A run: the paths to read, the edition and services to check, the number of processes, and where rows go.

    `result` is the folder for the files of rows, or None. With `is_listed`, the caller needs the outcome of each
    record, and not only the summary.
    """

    paths: tuple[str, ...]
    setting: AuditSetting
    processes: int
    result: ResultFolder | None = None
    is_listed: bool = False


class Accepted(NamedTuple):
    """A batch whose result is final: its summary, and the path of the file with its rows, None if none are needed."""

    summary: Summary
    part: str | None


def processes() -> int:
    """Return the number of processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run(plan: Plan, progress: Progress = lambda files, size: None) -> Generator[Accepted]:
    """Yield the result of each batch of files, in order.

    The file with a batch's rows is removed when the next result is requested, unless it is in a result folder.
    """
    with TemporaryDirectory(prefix="lambda-validate-") as folder:
        engine = _Engine(plan, progress, folder)
        try:
            yield from engine.accepted()
        except sqlite3.Error as error:
            raise WorkerError(f"the eventIDs of calls cannot be written: {error}") from None
        finally:
            engine.close()


class _Engine:
    def __init__(self, plan: Plan, progress: Progress, folder: str) -> None:
        self.plan, self.progress, self.folder = plan, progress, folder
        self.seen = Seen()
        self.workers = [Worker(plan.setting, progress) for _ in range(plan.processes)]
        self.idle: SimpleQueue[Worker] = SimpleQueue()
        for worker in self.workers:
            self.idle.put(worker)
        self.threads = ThreadPoolExecutor(plan.processes)
        self.parts: set[str] = set()

    def accepted(self) -> Iterator[Accepted]:
        result = self.plan.result
        found = batches(files(self.plan.paths, result.folder if result else None))
        waiting: deque[Future[tuple[AuditTask, Summary]]] = deque()
        for number, inputs in enumerate(found):
            known = result.known(inputs) if result else None
            if known is not None and result is not None:
                yield self._again(*known, inputs, result.format)
                continue
            waiting.append(self._submit(self._task(number, inputs)))
            while len(waiting) > AHEAD * self.plan.processes:
                yield from self._accept(waiting.popleft())
        while waiting:
            yield from self._accept(waiting.popleft())
        if result is not None:
            result.close()

    def _again(self, part: str, summary: Summary, inputs: tuple[Input, ...], format: str) -> Accepted:
        """Reuse the file of rows that an earlier run has written for a batch, and remember the eventIDs in it."""
        try:
            self.seen.add(map(digest, event_ids(part, format)))
        except (ValueError, KeyError, TypeError, AttributeError, OSError, msgspec.MsgspecError):
            raise InputError(f"{part} is damaged; remove it, so that it and later parts are written again") from None
        self.seen.keep()
        self.progress(len(inputs), sum(file.facts[0] for file in inputs))
        return Accepted(summary, part)

    def _task(self, number: int, inputs: tuple[Input, ...]) -> AuditTask:
        name = os.path.join(self.folder, str(number))
        if self.plan.result is not None:
            part = self.plan.result.temporary()
            self.parts.add(part)
            return AuditTask(number, inputs, f"{name}.ids", part, self.plan.result.format)
        return AuditTask(number, inputs, f"{name}.ids", f"{name}.rows", OUTCOMES) if self.plan.is_listed else AuditTask(
            number, inputs, f"{name}.ids"
        )  # fmt: skip

    def _submit(self, task: AuditTask) -> Future[tuple[AuditTask, Summary]]:
        return self.threads.submit(self._read, task)

    def _read(self, task: AuditTask) -> tuple[AuditTask, Summary]:
        worker = self.idle.get()
        try:
            return worker.run(task)
        finally:
            self.idle.put(worker)

    # Batches of files are read in parallel, so the process that reads a batch cannot know whether another batch has the
    # same call. This function receives the batches one after the other. `mark` compares the eventIDs of a batch with
    # those of all earlier batches, and marks the calls that were seen before. If there are any, the batch is read again
    # without them. This repeats until `mark` returns the marks that the last reading used.
    def _accept(self, future: Future[tuple[AuditTask, Summary]]) -> Iterator[Accepted]:
        """Wait for the next batch in order, and yield its result.

        If it contains calls that earlier batches have too, it is first read again, so that these count as duplicates.
        """
        task, summary = future.result()
        while (marks := self.seen.mark(task.ids)) != task.duplicates and (any(marks) or task.duplicates):
            self.seen.forget()
            task, summary = self._submit(task._replace(duplicates=marks)).result()
        self.seen.keep()
        os.unlink(task.ids)
        if task.part is not None and self.plan.result is not None:
            self.plan.result.add(task.part, task.inputs, summary)
            self.parts.discard(task.part)
        yield Accepted(summary, task.part)
        if self.plan.result is None and task.part is not None:
            os.unlink(task.part)

    def close(self) -> None:
        """Stop the processes, and remove files of rows that are incomplete."""
        for worker in self.workers:
            worker.stop(for_good=True)
        self.threads.shutdown(cancel_futures=True)
        self.seen.close()
        for part in self.parts:
            with suppress(OSError):
                os.unlink(part)
