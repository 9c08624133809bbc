"""A baseline: findings that are known and not shown again. It holds no values, and no lines, so that code may move.

A finding is recognised by its file (relative to the baseline's folder), its rule, its resource, and its path in that.
Of several that are alike as many are known as there are entries.
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
from ..findings.finding import Finding

VERSION = 1
LARGEST = 100_000_000
"""Bytes of a baseline that are read."""

Entry = tuple[str, str, str]
"""File, rule and fingerprint."""


def fingerprint(finding: Finding, file: str) -> str:
    """Return what stays the same while a finding's lines move; `file` is its path as it is shown."""
    parts = (file, finding.rule, finding.operation, finding.direction, finding.owner, finding.pointer)
    return sha256("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest()[:32]


def entry(finding: Finding, folder: str) -> Entry:
    """Return a finding as a baseline in a folder shows it."""
    file = shown_path(finding.file, folder)
    return file, finding.rule, fingerprint(finding, file)


def shown_path(file: str, folder: str) -> str:
    """Return a file's path as a baseline in a folder shows it."""
    try:
        return os.path.relpath(file, folder).replace(os.sep, "/")
    except ValueError:  # another drive
        return file


class Baseline:
    """What is known, and what of it has been found again."""

    def __init__(self, path: str, entries: Iterable[Entry]) -> None:
        self.path, self.folder = path, os.path.dirname(os.path.abspath(path))
        self.left = Counter(entries)
        self.files = {each[0] for each in self.left}
        self.seen: set[str] = set()

    def unknown(self, findings: Iterable[Finding], take: bool = True) -> list[Finding]:
        """Return the findings that the baseline does not know; with `take`, what it knows is used up."""
        entries = [(entry(each, self.folder), each) for each in findings]
        left = self.left if take else Counter({each: self.left[each] for each, _ in entries if each in self.left})
        return [each for known, each in entries if not _taken(left, known)]

    def saw(self, file: str) -> None:
        """Note that a file has been looked at."""
        name = shown_path(file, self.folder)
        if name in self.files:
            self.seen.add(name)

    def fixed(self) -> int:
        """Return how many entries are there no more: of files that were looked at, and of such as are gone."""
        gone = {each for each in self.files if not os.path.lexists(os.path.join(self.folder, each))}
        return sum(count for (file, *_), count in self.left.items() if file in self.seen or file in gone)


def _taken(left: Counter[Entry], each: Entry) -> bool:
    if left.get(each, 0) <= 0:
        return False
    left[each] -= 1
    return True


def read(path: str) -> Baseline:
    """Return a file's baseline, or raise `ConfigError`."""
    try:
        data = json.loads(regular_files.read(path, LARGEST))
        if not isinstance(data, dict) or data.get("version") != VERSION:
            raise ValueError(f"it is none of version {VERSION}")
        return Baseline(path, [_entry(each) for each in data["findings"]])
    except OSError as error:
        raise ConfigError(
            f"{path}: the baseline cannot be read: {error.strerror}; --write-baseline makes one"
        ) from None
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        reason = error if type(error) is ValueError else "it is damaged"
        raise ConfigError(f"{path}: expected a baseline, but {reason}; --write-baseline makes one") from None


def _entry(each: Any) -> Entry:
    found = (each["file"], each["rule"], each["fingerprint"])
    if not all(isinstance(part, str) for part in found):
        raise TypeError
    return found


def written(path: str, findings: Iterable[Finding]) -> str:
    """Return the text of a baseline that is to be at a path."""
    folder = os.path.dirname(os.path.abspath(path))
    entries = sorted(entry(each, folder) for each in findings)
    listed = [{"file": file, "rule": rule, "fingerprint": print} for file, rule, print in entries]
    return json.dumps({"version": VERSION, "findings": listed}, indent=1) + "\n"
