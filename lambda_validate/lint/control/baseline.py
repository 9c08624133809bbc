"""The baseline: a file of known findings, which are not reported again.

A finding is recognised by its file (relative to the folder of the baseline), its rule, its resource, and its path in
the resource. Neither values nor line numbers are stored, so lines may move. If several findings agree in all four, the
baseline has an entry for each. Two such entries make two of three findings known.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from ...files import regular as regular_files
from ...settings.files import ConfigError
from ..findings.finding import LintFinding

VERSION = 1
MAX_BASELINE_BYTES = 100_000_000
"""Maximum size of a baseline in bytes."""

Entry = tuple[str, str, str]
"""An entry of a baseline: file, rule and fingerprint."""


def fingerprint(finding: LintFinding, file: str) -> str:
    """Return a hash that identifies a finding, and does not change when its lines move.

    `file` is the path of its file as `shown_path` returns it.
    """
    parts = (file, finding.rule, finding.operation, finding.direction, finding.owner, finding.pointer)
    return sha256("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest()[:32]


def entry(finding: LintFinding, folder: str) -> Entry:
    """Return the entry of a baseline for a finding: file, rule and fingerprint. `folder` is that of the baseline."""
    file = shown_path(finding.file, folder)
    return file, finding.rule, fingerprint(finding, file)


def shown_path(file: str, folder: str) -> str:
    """Return the path of a file relative to a folder, with slashes, as a baseline in that folder has it."""
    try:
        return os.path.relpath(file, folder).replace(os.sep, "/")
    except ValueError:  # the file is on another drive of Windows
        return file


class Baseline:
    """The known findings. `left` has the entries that were not found in this run so far."""

    def __init__(self, path: str, entries: Iterable[Entry]) -> None:
        self.path, self.folder = path, os.path.dirname(os.path.abspath(path))
        self.left = Counter(entries)
        self.files = {known[0] for known in self.left}
        self.seen: set[str] = set()

    def unknown(self, findings: Iterable[LintFinding], take: bool = True) -> list[LintFinding]:
        """Return the findings that are not in the baseline. With `take`, matching entries are removed from `left`."""
        entries = [(entry(finding, self.folder), finding) for finding in findings]
        left = self.left if take else Counter({known: self.left[known] for known, _ in entries if known in self.left})
        return [finding for known, finding in entries if not _taken(left, known)]

    def saw(self, file: str) -> None:
        """Note that a file was read, so that entries for it that were not found count as fixed."""
        name = shown_path(file, self.folder)
        if name in self.files:
            self.seen.add(name)

    def fixed(self) -> int:
        """Return the number of entries whose findings no longer exist, in files that were read or were deleted."""
        gone = {file for file in self.files if not os.path.lexists(os.path.join(self.folder, file))}
        return sum(count for (file, *_), count in self.left.items() if file in self.seen or file in gone)


def _taken(left: Counter[Entry], known: Entry) -> bool:
    if left.get(known, 0) <= 0:
        return False
    left[known] -= 1
    return True


def read(path: str) -> Baseline:
    """Return the baseline in a file. Raise `ConfigError` if it cannot be used."""
    try:
        data = json.loads(regular_files.read(path, MAX_BASELINE_BYTES))
        if not isinstance(data, dict) or data.get("version") != VERSION:
            raise ValueError(f"its version is not {VERSION}")
        return Baseline(path, [_entry(finding) for finding in data["findings"]])
    except OSError as error:
        raise ConfigError(
            f"{path}: the baseline cannot be read: {error.strerror}; --write-baseline writes a new one"
        ) from None
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        reason = error if type(error) is ValueError else "it is damaged"
        raise ConfigError(f"{path}: expected a baseline, but {reason}; --write-baseline writes a new one") from None


def _entry(finding: Any) -> Entry:
    found = (finding["file"], finding["rule"], finding["fingerprint"])
    if not all(isinstance(part, str) for part in found):
        raise TypeError
    return found


def written(path: str, findings: Iterable[LintFinding]) -> str:
    """Return the content of the baseline file at a path, with an entry for each finding."""
    folder = os.path.dirname(os.path.abspath(path))
    entries = sorted(entry(finding, folder) for finding in findings)
    listed = [{"file": file, "rule": rule, "fingerprint": print} for file, rule, print in entries]
    return json.dumps({"version": VERSION, "findings": listed}, indent=1) + "\n"
