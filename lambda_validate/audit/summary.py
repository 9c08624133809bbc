"""The results of an audit in numbers: a `Summary` counts outcomes, and summaries can be added."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from .outcome import ANSWERS, CHECKED, DUPLICATE, MISSED, OUTCOMES, QUARANTINED, SUSPECTED, Outcome

DAYS = 4_000
"""Maximum number of days that are counted separately, since the time of a record may be any string."""
MAX_LISTED_QUARANTINED = 50
"""Maximum number of unreadable records that are listed with their reasons."""
UNKNOWN_DAY = "unknown"
COUNTED = CHECKED - {DUPLICATE}
"""Outcomes of calls, without duplicates. Only these count for operations, days and rules."""
Key = tuple[str, ...]


class Summary:
    """Counts of records, of findings by rule, and of calls by AWS's answer. Summaries are added with `+=`.

    `files`, `bytes` and `records` say how much was read. `counts` has the number of records by outcome, such as
    `"clean"`. `is_complete` says whether these numbers add up to the number of records.
    """

    def __init__(self) -> None:
        self.files = self.bytes = self.records = 0
        self.edition = ""
        self._counts: Counter[Key] = Counter()
        self._spans: dict[Key, tuple[str, str]] = {}
        self._days: set[str] = set()
        self._quarantined: list[tuple[str, int, str]] = []

    def skip(self, outcome: str, number: int = 1) -> None:
        """Count records that have an outcome, without any details."""
        self._counts["outcome", outcome] += number

    def add(self, outcome: Outcome, number: int = 1, last: str | None = None, *, is_new: bool = True) -> None:
        """Count an outcome; with `number`, count several equal outcomes, the latest of them at `last`.

        With `is_new=False`, the record was counted before, and only the rules that it breaks are counted.
        """
        times = outcome.event_time or "", last or outcome.event_time or ""
        if is_new:
            self._add_record(outcome, number, times)
        if outcome.findings and outcome.outcome in COUNTED:
            answer = "refused" if outcome.error_code else "accepted"
            for rule, severity in dict.fromkeys((finding.rule, finding.severity) for finding in outcome.findings):
                self._counts["rule", rule, severity, answer] += number
                self._reach(("rule", rule, severity), *times)

    def explain(self, file: str, index: int, reason: str) -> None:
        """Add a record that cannot be read to the list, with the reason, unless the list is full."""
        if len(self._quarantined) < MAX_LISTED_QUARANTINED:
            self._quarantined.append((file, index, reason))

    def _add_record(self, outcome: Outcome, number: int, times: tuple[str, str]) -> None:
        self._counts["outcome", outcome.outcome] += number
        if outcome.outcome == QUARANTINED and outcome.reason is not None:
            self.explain(outcome.file, outcome.index, outcome.reason)
        if outcome.outcome not in COUNTED:
            return
        answer, day = outcome.answer, self._day(times[0])
        self._counts["call", "refused" if outcome.error_code else "accepted"] += number
        self._counts["operation", outcome.operation or "", outcome.outcome] += number
        self._counts["day", day, "calls"] += number
        if answer is not None:
            self._counts["answer", answer] += number
            self._counts["day", day, answer] += number
        if answer == MISSED:
            key = "missed", outcome.operation or "", outcome.error_code or ""
            self._counts[(*key, "calls")] += number
            self._reach(key, *times)

    def _reach(self, key: Key, first: str, last: str) -> None:
        if not first:
            return
        known = self._spans.get(key, (first, last))
        self._spans[key] = min(known[0], first), max(known[1], last)

    def _day(self, when: str) -> str:
        day = when[:10]
        if not (len(day) == 10 and day.isascii() and day[4] == day[7] == "-" and day.replace("-", "").isdecimal()):
            return UNKNOWN_DAY
        return self._admitted(day)

    def _admitted(self, day: str) -> str:
        """Return the day under which to count a record; `"unknown"` if `DAYS` other days are counted already."""
        if day not in self._days and len(self._days) >= DAYS:
            return UNKNOWN_DAY
        self._days.add(day)
        return day

    def __iadd__(self, other: Summary) -> Summary:
        self.files, self.bytes, self.records = (
            self.files + other.files, self.bytes + other.bytes, self.records + other.records,
        )  # fmt: skip
        self.edition = self.edition or other.edition
        for key, number in other._counts.items():
            self._counts[("day", self._admitted(key[1]), key[2]) if key[0] == "day" else key] += number
        for key, (first, last) in other._spans.items():
            self._reach(key, first, last)
        self._quarantined = [*self._quarantined, *other._quarantined][:MAX_LISTED_QUARANTINED]
        return self

    @property
    def counts(self) -> dict[str, int]:
        """The number of records by outcome, such as `"clean"`."""
        return {outcome: self._counts["outcome", outcome] for outcome in OUTCOMES}

    @property
    def answers(self) -> dict[str, int]:
        """The numbers of calls that were caught, missed and suspected.

        Caught calls were refused by AWS and have a finding. Missed calls were refused by its validation and have none.
        Suspected calls were accepted and have a finding.
        """
        return {answer: self._counts["answer", answer] for answer in ANSWERS}

    @property
    def is_complete(self) -> bool:
        """Whether the numbers of outcomes add up to the number of records that were read."""
        return sum(self.counts.values()) == self.records

    def state(self) -> dict[str, Any]:
        """Return the whole state of the summary as a JSON value, from which `restored` makes an equal summary."""
        return {
            "files": self.files, "bytes": self.bytes, "records": self.records, "edition": self.edition,
            "counts": [[*key, number] for key, number in sorted(self._counts.items())],
            "spans": [[*key, *span] for key, span in sorted(self._spans.items())],
            "quarantined": self._quarantined,
        }  # fmt: skip

    def to_dict(self) -> dict[str, Any]:
        """Return the summary as a JSON value, for the output format `json`."""
        return {
            "edition": self.edition, "files": self.files, "bytes": self.bytes, "records": self.records,
            "complete": self.is_complete, "outcomes": self.counts, "answers": self.answers,
            "calls": {answer: self._counts["call", answer] for answer in ("accepted", "refused")},
            "rules": list(self.rules()), "missed": list(self.missed()), "operations": list(self.operations()),
            "days": list(self.days()),
            "quarantined": [{"file": file, "index": index, "reason": why} for file, index, why in self._quarantined],
        }  # fmt: skip

    def rules(self) -> Iterator[dict[str, Any]]:
        """Yield for each rule how many refused and accepted calls break it, and the first and last time.

        The most frequent rule is first.
        """
        found = {key[1:3] for key in self._counts if key[0] == "rule"}
        numbers = {pair: [self._counts["rule", *pair, answer] for answer in ("refused", "accepted")] for pair in found}
        for rule, severity in sorted(found, key=lambda pair: (-sum(numbers[pair]), pair)):
            refused, accepted = numbers[rule, severity]
            yield {"rule": rule, "severity": severity, "refused": refused, "accepted": accepted,
                   **self._times("rule", rule, severity)}  # fmt: skip

    def missed(self) -> Iterator[dict[str, Any]]:
        """Yield for each operation and error code how many calls AWS's validation refused that have no finding."""
        found = [(number, key) for key, number in self._counts.items() if key[0] == "missed"]
        for number, key in sorted(found, key=lambda pair: (-pair[0], pair[1])):
            yield {"operation": key[1], "error_code": key[2], "calls": number, **self._times(*key[:3])}

    def operations(self) -> Iterator[dict[str, Any]]:
        """Yield for each operation the number of its calls by outcome."""
        rows: dict[str, dict[str, int]] = {}
        for (kind, *rest), number in sorted(self._counts.items()):
            if kind == "operation":
                rows.setdefault(rest[0], {})[rest[1]] = number
        yield from ({"operation": name or None, **numbers} for name, numbers in rows.items())

    def days(self) -> Iterator[dict[str, Any]]:
        """Yield for each day the number of calls, and how many were caught, missed and suspected (see `answers`)."""
        for day in sorted({key[1] for key in self._counts if key[0] == "day"}):
            yield {"day": day, **{name: self._counts["day", day, name] for name in ("calls", *ANSWERS)}}

    def _times(self, *key: str) -> dict[str, str | None]:
        first, last = self._spans.get(key, (None, None))
        return {"first": first, "last": last}

    def code(self) -> int:
        """Return the exit code: 2 if a record could not be read, 1 if calls were missed or suspected, else 0."""
        if self.counts[QUARANTINED] or not self.is_complete:
            return 2
        return int(bool(self.answers[SUSPECTED] or self.answers[MISSED]))


def restored(state: Mapping[str, Any]) -> Summary:
    """Return a summary with the state that `Summary.state` has returned."""
    made = Summary()
    made.files, made.bytes, made.records = state["files"], state["bytes"], state["records"]
    made.edition = state["edition"]
    made._counts = Counter({tuple(count[:-1]): count[-1] for count in state["counts"]})
    made._days = {key[1] for key in made._counts if key[0] == "day"}
    made._spans = {tuple(span[:-2]): (span[-2], span[-1]) for span in state["spans"]}
    made._quarantined = [(record[0], record[1], record[2]) for record in state["quarantined"]]
    return made
