"""Group what is wrong with the answers into findings, and shrink each to the simplest request that shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from . import shrink
from .client import ENDLESS, HUNG
from .session import MISSING, FuzzSession, FuzzTrial, TrialResult
from .sightings import FINDING_KINDS, Sighting
from .trials import PlainTrials
from .wire import curl

GONE = "server.gone"
UNSHRUNK = frozenset({HUNG, ENDLESS})
"""Reasons for a missing answer that take long to show. Findings with these reasons are not shrunk."""


class ServerFinding(NamedTuple):
    """One thing that is wrong with a server, with the simplest request that shows it.

    `pointer` is the member of the request that the finding is about; for `response.invalid`, the member of the
    response. `requests` is how many requests showed the finding. `status` is the status of the answer, None without an
    answer.
    """

    kind: str
    rule: str | None
    pointer: str
    detail: str
    requests: int
    case: str
    payload: Any
    status: int | None
    curl: str

    @property
    def says(self) -> str:
        """The finding as a sentence, such as "The server accepts a request that must be rejected."."""
        about = f" ({self.detail})" if self.detail else ""
        return f"The server {FINDING_KINDS[self.kind]}{about}."


class SeenTrial(NamedTuple):
    """One thing that is wrong with an answer, the trial (payload) that showed it, and the status (None: no answer)."""

    trial: FuzzTrial
    sighting: Sighting
    status: int | None

    @property
    def size(self) -> tuple[int, str]:
        """A sort key by the length of the trial's payload: the shortest payload, which is the simplest, comes first."""
        text = repr(self.trial.payload)
        return len(text), text


def seen(trial: FuzzTrial, look: TrialResult) -> Iterator[SeenTrial]:
    """Yield everything that is wrong with the answer to a trial."""
    status = None if look.answer is None else look.answer.status
    return (SeenTrial(trial, sighting, status) for sighting in look.sightings)


class Findings:
    """All findings of a run so far. Problems with the same cause are one finding."""

    def __init__(self, session: FuzzSession, plain: PlainTrials) -> None:
        self._session, self._plain = session, plain
        self._groups: dict[Sighting, list[SeenTrial]] = {}

    def __len__(self) -> int:
        return len(self._groups)

    def __contains__(self, key: Sighting) -> bool:
        return key in self._groups

    def add(self, found: SeenTrial, key: Sighting | None = None) -> None:
        """Add something that is wrong with an answer to its finding. `key` identifies the finding, if it is known."""
        self._groups.setdefault(self.key(found) if key is None else key, []).append(found)

    def key(self, found: SeenTrial) -> Sighting:
        """Return a key for something that is wrong with an answer. Everything with the same key is one finding.

        For an invalid request that was accepted, the key has the rule that it breaks. For a valid request that was
        rejected, or a server that fails, it has the member that causes the error. Probes find this member: without it,
        or with a simple value for it, the error disappears.
        """
        trial, sighting, _ = found
        if sighting.kind not in ABOUT_REQUESTS or _slow(sighting):
            return sighting
        over = self._session.budget.spent
        shows = shrink.Limited(lambda payload: self._session.shows(trial, payload, sighting), over=over)
        names = shrink.needed(trial.payload, shows, self._plain.of(trial.source)).members
        if len(names) == 1:
            return sighting._replace(pointer=f"/{names[0]}")
        return sighting._replace(detail=" ".join(filter(None, (sighting.detail, " with ".join(names)))))

    def finished(self, tick: Callable[[], None]) -> Iterator[ServerFinding]:
        """Yield every finding with its simplest request, in the order in which the findings were made."""
        for key, group in self._groups.items():
            yield self._finding(key, group)
            tick()

    def _finding(self, key: Sighting, group: list[SeenTrial]) -> ServerFinding:
        simplest = min(group, key=lambda sighting: sighting.size)
        payload = self._shrunk(simplest)
        line = curl(self._session.target.url, self._session.request(payload, simplest.trial.body))
        return ServerFinding(*key, len(group), simplest.trial.id, payload, simplest.status, line)

    def _shrunk(self, found: SeenTrial) -> Any:
        trial, sighting, _ = found
        if sighting.kind == GONE or _slow(sighting):
            return trial.payload
        return shrink.shrink(
            trial.payload,
            lambda payload: self._session.shows(trial, payload, sighting),
            self._plain.of(trial.source),
            over=self._session.budget.spent,
        )


ABOUT_REQUESTS = frozenset({"valid.rejected", "server.error", MISSING})
"""Kinds of problems that a member of the request causes. Which member it is must be found out by more requests."""


def _slow(sighting: Sighting) -> bool:
    return sighting.kind == MISSING and sighting.detail in UNSHRUNK
