"""Find calls that were recorded before, by the digests of their eventIDs.

Memory is bounded: beyond a limit, SQLite moves the digests to a temporary file.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator

from .batches import DIGEST

DIGESTS_PER_READ = 500
CACHE = 32 << 10
"""Maximum memory for the digests, in kibibytes. Beyond it, they are in a temporary file."""


class Seen:
    """The digests of the eventIDs of all calls so far.

    Digests from `mark` and `add` are provisional at first. Then `keep` makes them permanent, or `forget` removes them.
    """

    def __init__(self) -> None:
        self._base = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._base.execute(f"PRAGMA cache_size = -{CACHE}")
        self._base.execute("PRAGMA synchronous = OFF")
        self._base.execute("CREATE TABLE seen (id BLOB PRIMARY KEY) WITHOUT ROWID")
        self._base.execute("BEGIN")

    def mark(self, path: str) -> bytes:
        """Add the digests in a file. Return a byte for each: 1 if the same digest was added before, else 0."""
        found = bytearray()
        for digests in _chunks(path):
            found += self._marked(digests)
        return bytes(found)

    def add(self, digests: Iterable[bytes]) -> None:
        """Add digests of eventIDs."""
        self._base.executemany("INSERT OR IGNORE INTO seen VALUES (?)", ((digest,) for digest in digests))

    def _marked(self, digests: list[bytes]) -> bytes:
        places = ",".join("?" * len(digests))
        known = {digest for (digest,) in self._base.execute(f"SELECT id FROM seen WHERE id IN ({places})", digests)}
        found = bytearray()
        for digest in digests:
            found.append(digest in known)
            known.add(digest)
        self.add(digests)
        return bytes(found)

    def keep(self) -> None:
        """Make the digests permanent that were added since the last call."""
        self._base.execute("COMMIT")
        self._base.execute("BEGIN")

    def forget(self) -> None:
        """Remove the digests that were added since the last call of `keep`."""
        self._base.execute("ROLLBACK")
        self._base.execute("BEGIN")

    def close(self) -> None:
        """Free the memory, and remove the temporary file."""
        self._base.close()


def _chunks(path: str) -> Iterator[list[bytes]]:
    with open(path, "rb") as file:
        while data := file.read(DIGEST * DIGESTS_PER_READ):
            yield [data[at : at + DIGEST] for at in range(0, len(data), DIGEST)]
