"""Sightings of one kind, counted as one finding and shrunk to the simplest request that shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from . import shrink
from .client import ENDLESS, HUNG
from .judge import FINDING_KINDS, Sighting
from .session import MISSING, FuzzTrial, Session, TrialResult
from .trials import PlainTrials
from .wire import curl

GONE = "server.gone"
UNSHRUNK = frozenset({HUNG, ENDLESS})
"""Ways of not answering that take too long to be asked for again and again."""


class ServerFinding(NamedTuple):
    """One thing that is wrong with a server, the simplest request that shows it, and how many `requests` did.

    `pointer` tells what it is about: the member of the request, or of the response where `rule` is one of its rules.
    `status` is that of the answer to the request, None without one.
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
        """The finding as a sentence."""
        about = f" ({self.detail})" if self.detail else ""
        return f"The server {FINDING_KINDS[self.kind]}{about}."


class Seen(NamedTuple):
    """A sighting, the trial that showed it, and the status of the answer, None without one."""

    trial: FuzzTrial
    sighting: Sighting
    status: int | None

    @property
    def size(self) -> tuple[int, str]:
        """How simple the trial's payload is."""
        text = repr(self.trial.payload)
        return len(text), text


def seen(trial: FuzzTrial, look: TrialResult) -> Iterator[Seen]:
    """Yield all that came of a trial."""
    status = None if look.answer is None else look.answer.status
    return (Seen(trial, each, status) for each in look.sightings)


class Findings:
    """What a run has found so far, by what it is about."""

    def __init__(self, session: Session, plain: PlainTrials) -> None:
        self._session, self._plain = session, plain
        self._groups: dict[Sighting, list[Seen]] = {}

    def __len__(self) -> int:
        return len(self._groups)

    def __contains__(self, key: Sighting) -> bool:
        return key in self._groups

    def add(self, found: Seen, key: Sighting | None = None) -> None:
        """Count a sighting."""
        self._groups.setdefault(self.key(found) if key is None else key, []).append(found)

    def key(self, found: Seen) -> Sighting:
        """Return what a sighting is about.

        What must be rejected is about the rule that it breaks. Which member of any other request the server minds is
        found by asking: the one without which, or with a plain value of which, all is well.
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
        """Yield every finding, shrunk, in the order in which they were found."""
        for key, group in self._groups.items():
            yield self._finding(key, group)
            tick()

    def _finding(self, key: Sighting, group: list[Seen]) -> ServerFinding:
        simplest = min(group, key=lambda each: each.size)
        payload = self._shrunk(simplest)
        line = curl(self._session.target.url, self._session.request(payload, simplest.trial.body))
        return ServerFinding(*key, len(group), simplest.trial.id, payload, simplest.status, line)

    def _shrunk(self, found: Seen) -> Any:
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
"""Kinds whose cause is some member of the request, and it is not known which."""


def _slow(sighting: Sighting) -> bool:
    return sighting.kind == MISSING and sighting.detail in UNSHRUNK
