"""A process that reads batches, and the handle by which the main process uses it.

It is not a `multiprocessing.Process`, which would import the caller's main module again. Messages are pickles on the
standard streams. If the process is killed, it is started again, and the batch is read again.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from threading import Lock
from typing import Any, NamedTuple

from .batches import AuditTask, ChangedFileError, run
from .checking import Auditor
from .inputs import Input
from .reading import facts_of
from .summary import Summary, restored

TWICE = 2
"""Times that a process may be killed, or a file may change, while that file is read."""
COLLECTED = 50_000
"""Objects after which garbage is looked for."""
KILLED = "the process that read the file was killed twice"
CHANGED = "the file changed while it was read, twice"
START = "import pickle, sys; sys.path[:] = pickle.load(sys.stdin.buffer); from {} import main; main()"
READING, DONE, FILE_CHANGED, FAILED = "reading", "done", "changed", "failed"


class AuditSetting(NamedTuple):
    """The arguments of an `Auditor`."""

    edition: str
    services: tuple[str, ...]
    show_values: bool = False

    def auditor(self) -> Auditor:
        """Return an auditor."""
        return Auditor(self.edition, self.services, show_values=self.show_values)

    def facts(self) -> dict[str, Any]:
        """Return the setting as JSON has it."""
        return {**self._asdict(), "services": list(self.services)}


class WorkerError(RuntimeError):
    """Processes do not start, or the disk for rows or temporary files is full."""


def settle() -> None:
    """Let the garbage collector run rarely: existing objects stay until the end, and records contain no cycles."""
    gc.freeze()
    gc.set_threshold(COLLECTED)


def main() -> None:
    """Read batches until standard input ends. Nothing else is written to standard output."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that started this one decides
    source, sink = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())

    def send(kind: str, value: Any) -> None:
        pickle.dump((kind, value), sink)
        sink.flush()

    auditor = pickle.load(source).auditor()
    settle()
    while True:
        try:
            task: AuditTask = pickle.load(source)
        except EOFError:
            return
        try:
            send(DONE, run(task, auditor, lambda number: send(READING, number)).state())
        except ChangedFileError as error:
            send(FILE_CHANGED, error.path)
        except BrokenPipeError:
            return
        except OSError as error:
            send(FAILED, str(error.strerror or error))


class Worker:
    """The handle of a process. It is used by one thread at a time, but for `stop`."""

    def __init__(self, setting: AuditSetting, progress: Callable[[int, int], None]) -> None:
        self._setting, self._progress = setting, progress
        self._process: subprocess.Popen[bytes] | None = None
        self._is_stopped = False
        self._lock = Lock()

    def run(self, task: AuditTask) -> tuple[AuditTask, Summary]:
        """Have a batch read; return it as it was read in the end, and its summary."""
        faults: Counter[str] = Counter()
        while True:
            kind, value, number = self._tried(task)
            if kind == DONE:
                return task, restored(value)
            if kind == FAILED:
                raise WorkerError(f"the rows cannot be written: {value}")
            path = value if kind == FILE_CHANGED else task.inputs[number].path if number >= 0 else ""
            faults[path] += 1
            if faults[path] >= TWICE:
                if not path:
                    raise WorkerError("the processes that read files do not start, or are killed at once")
                reason = CHANGED if kind == FILE_CHANGED else KILLED
                task = task._replace(refused=(*task.refused, (path, reason)))
            task = task._replace(inputs=tuple(map(_looked_at, task.inputs)) if kind == FILE_CHANGED else task.inputs)

    def _tried(self, task: AuditTask) -> tuple[str, Any, int]:
        """Have a batch read, once. Return the last message, and the number of the file that was being read."""
        number = -1
        try:
            process = self._started()
            self._send(process, task)
            while True:
                kind, value = pickle.load(process.stdout)  # type: ignore[arg-type]  # a pipe
                if kind != READING:
                    self._progress(len(task.inputs) - number - 1, 0)
                    return kind, value, number
                number = value
                self._progress(1, task.inputs[number].facts[0])
        except (EOFError, OSError, pickle.UnpicklingError):
            self.stop()
            if self._is_stopped:
                raise WorkerError("the run was stopped") from None
            return "", None, number

    def _started(self) -> subprocess.Popen[bytes]:
        with self._lock:
            if self._is_stopped:
                raise EOFError
            if self._process is not None:
                return self._process
            command = [sys.executable, "-P", "-c", START.format(__name__)]
            process = self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._send(process, sys.path)
        self._send(process, self._setting)
        return process

    @staticmethod
    def _send(process: subprocess.Popen[bytes], value: Any) -> None:
        pickle.dump(value, process.stdin)  # type: ignore[arg-type]  # a pipe
        process.stdin.flush()  # type: ignore[union-attr]  # as above

    def stop(self, for_good: bool = False) -> None:
        """End the process, if there is one; `for_good` keeps it from being started again."""
        with self._lock:
            self._is_stopped = self._is_stopped or for_good
            process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout):
                with suppress(OSError):
                    if stream is not None:
                        stream.close()


def _looked_at(file: Input) -> Input:
    """Return a file as it is now."""
    with suppress(OSError):
        return Input(file.path, facts_of(file.path))
    return file
