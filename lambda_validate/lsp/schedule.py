"""Delay the checks of documents until the user stops typing: a job runs some time after its last request."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

Job = Callable[[str], Awaitable[None]]


class Schedule:
    """Runs a job for names, such as URIs of documents, one at a time. Repeated requests for a name run it only once."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._due: dict[str, float] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._running = asyncio.Lock()

    def request(self, name: str, seconds: float = 0.0) -> None:
        """Run the job for a name after some seconds. A further request for the name starts the time anew."""
        loop = asyncio.get_running_loop()
        self._due[name] = loop.time() + seconds
        if name not in self._tasks:
            self._tasks[name] = loop.create_task(self._run(name))

    def drop(self, name: str) -> None:
        """Cancel the request for a name, unless its job is running already."""
        self._due.pop(name, None)

    async def _run(self, name: str) -> None:
        try:
            while name in self._due:
                left = self._due[name] - asyncio.get_running_loop().time()
                if left > 0:
                    await asyncio.sleep(left)
                    continue
                async with self._running:
                    if self._due.pop(name, None) is not None:
                        await self._job(name)
        finally:
            del self._tasks[name]
