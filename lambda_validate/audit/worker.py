"""A process that reads batches of files, and the handle by which the main process uses it.

It is not a `multiprocessing.Process`, which would import the caller's main module again. Messages are pickles on the
standard streams. If the process is killed, another one is started, and the batch is read again.
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
"""A file is given up if the process is killed, or the file changes, this many times while the file is read."""
COLLECTED = 50_000
"""Number of new objects after which the garbage collector runs."""
KILLED = "the process that read the file was killed twice"
CHANGED = "the file changed twice while it was read"
START = "import pickle, sys; sys.path[:] = pickle.load(sys.stdin.buffer); from {} import main; main()"
READING, DONE, FILE_CHANGED, FAILED = "reading", "done", "changed", "failed"


class AuditSetting(NamedTuple):
    """The arguments with which each process makes its `Auditor`."""

    edition: str
    services: tuple[str, ...]
    show_values: bool = False

    def auditor(self) -> Auditor:
        """Return an auditor with these arguments."""
        return Auditor(self.edition, self.services, show_values=self.show_values)

    def facts(self) -> dict[str, Any]:
        """Return the arguments as a JSON value, for the manifest of a result."""
        return {**self._asdict(), "services": list(self.services)}


class WorkerError(RuntimeError):
    """Raised if processes do not start, or if rows or temporary files cannot be written."""


def settle() -> None:
    """Make the garbage collector run rarely. Objects made so far live until the end, and records contain no cycles."""
    gc.freeze()
    gc.set_threshold(COLLECTED)


def main() -> None:
    """Run in the process: read batches as standard input requests them, and write results to standard output.

    Anything else that is printed goes to standard error.
    """
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
    """The handle of a process that reads batches. Only `stop` may be called by several threads at once."""

    def __init__(self, setting: AuditSetting, progress: Callable[[int, int], None]) -> None:
        self._setting, self._progress = setting, progress
        self._process: subprocess.Popen[bytes] | None = None
        self._is_stopped = False
        self._lock = Lock()

    def run(self, task: AuditTask) -> tuple[AuditTask, Summary]:
        """Have the process read a batch. Return the batch and its summary.

        If a file changed, or the process was killed, the batch is read again. The returned batch has the new size and
        time of each file, and names files that were given up.
        """
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
        """Have the process read a batch, once.

        Return its last message, and the number of the file that it was reading; -1 if it had not begun.
        """
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
        """Kill the process, if there is one. With `for_good`, `run` does not start it again."""
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
    """Return an `Input` for a file with its present size and time of change."""
    with suppress(OSError):
        return Input(file.path, facts_of(file.path))
    return file
