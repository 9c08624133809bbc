"""Report findings as a code quality report, which GitLab shows in merge requests.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from typing import Any

from ...base.terminal import printable
from ..control.baseline import fingerprint, shown_path
from ..files import Failure
from ..findings.finding import LintFinding, LintOutcome
from .listing import Listed, left_out, listed

SEVERITIES: Mapping[str, str] = {"error": "major", "warning": "minor"}
UNREADABLE, SEVEREST = "unreadable", "blocker"
"""The check name and the severity of the issue for a file that cannot be read."""
UNLISTED = "not-listed"
"""The check name of the issue that says how many findings of a file are not listed."""


def report(outcome: LintOutcome, colour: bool) -> Iterator[str]:
    """Yield the report as one string of JSON. The fingerprint of an issue does not change when its lines move."""
    folder, alike = os.getcwd(), dict[str, int]()
    found = [_finding(finding, folder, alike) for file in listed(outcome) for finding in file.findings]
    failed = [_failure(failure, folder) for failure in outcome.failures]
    more = [_more(file, folder) for file in left_out(outcome)]
    yield json.dumps([*found, *failed, *more], indent=1)


def _finding(finding: LintFinding, folder: str, alike: dict[str, int]) -> dict[str, Any]:
    path = shown_path(finding.file, folder)
    print = fingerprint(finding, path)
    alike[print] = alike.get(print, 0) + 1
    text = " ".join(filter(None, (finding.message, finding.help)))
    lines = finding.line or 1, finding.end_line or finding.line or 1
    return _issue(finding.rule, text, SEVERITIES[finding.severity], f"{print}:{alike[print]}", path, lines)


def _failure(failure: Failure, folder: str) -> dict[str, Any]:
    path, line = shown_path(failure.file, folder), failure.line or 1
    return _issue(UNREADABLE, failure.message, SEVEREST, f"{UNREADABLE}:{path}", path, (line, line))


def _more(listed: Listed, folder: str) -> dict[str, Any]:
    path = shown_path(listed.file, folder)
    return _issue(UNLISTED, listed.more, "info", f"{UNLISTED}:{path}", path, (1, 1))


def _issue(name: str, text: str, severity: str, fingerprint: str, path: str, lines: tuple[int, int]) -> dict[str, Any]:
    return {
        "description": printable(text),
        "check_name": name,
        "fingerprint": fingerprint,
        "severity": severity,
        "location": {"path": printable(path), "lines": {"begin": lines[0], "end": lines[1]}},
    }
