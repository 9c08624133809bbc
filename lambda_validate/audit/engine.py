"""A run on this machine: batches are given to processes and taken back in order, and each call is counted once."""

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
"""Batches for each process that are read before their turn."""
MOST = 999
"""Maximum number of processes of a run."""
Progress = Callable[[int, int], None]
"""A function that is called with the numbers of files and bytes that will be read next."""


class Plan(NamedTuple):
    """What to read (checked paths), with which setting and how many processes, and where the rows go."""

    paths: tuple[str, ...]
    setting: AuditSetting
    processes: int
    result: ResultFolder | None = None
    is_listed: bool = False


class Accepted(NamedTuple):
    """The summary of a batch, and the file with its rows, None if no rows are needed."""

    summary: Summary
    part: str | None


def processes() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run(plan: Plan, progress: Progress = lambda files, size: None) -> Generator[Accepted]:
    """Yield the result of each batch, in order. A part that does not belong to a result is removed afterwards."""
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
        """Reuse the part that an earlier run has written for a batch."""
        try:
            self.seen.add(map(digest, event_ids(part, format)))
        except (ValueError, KeyError, TypeError, AttributeError, OSError, msgspec.MsgspecError):
            raise InputError(f"{part} is damaged; remove it, and the parts after it are written again") from None
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

    # Batches are read in parallel, so a process cannot know whether another batch before it has the same call. Here
    # they come in order. `mark` compares the eventIDs of the batch with all earlier ones. If some were seen before,
    # the batch is read again without them. The loop ends when a reading used the marks that `mark` then returns.
    def _accept(self, future: Future[tuple[AuditTask, Summary]]) -> Iterator[Accepted]:
        """Accept the next batch in order.

        If it contains calls that earlier batches have too, it is read again without them.
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
        """End the processes, and remove unfinished parts."""
        for worker in self.workers:
            worker.stop(for_good=True)
        self.threads.shutdown(cancel_futures=True)
        self.seen.close()
        for part in self.parts:
            with suppress(OSError):
                os.unlink(part)
