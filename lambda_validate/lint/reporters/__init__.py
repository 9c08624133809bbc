"""Write findings in an output format, as lines. `REPORTERS` has the function of each format for a `LintOutcome`.

For example, `concise` yields `template.yaml:7:18: error batch-size.minimum BatchSize must be at least 1.` Control
characters in strings from files are escaped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import Any, cast

from ...base.spelling import counted
from ...base.terminal import printable, width
from ..documents.places import Excerpt
from ..files import Failure
from ..files.left_out import Counts
from ..findings.finding import LintFinding, LintOutcome
from .listing import left_out, listed

Reporter = Callable[[LintOutcome, bool], Iterator[str]]

RED, YELLOW, BLUE, BOLD, PLAIN = "\x1b[31m", "\x1b[33m", "\x1b[34m", "\x1b[1m", "\x1b[0m"
COLOURS: Mapping[str, str] = {"error": RED, "warning": YELLOW}
FIELDS = LintFinding._fields[: LintFinding._fields.index("excerpt")]
"""The fields of a finding that the JSON report contains: all before `excerpt`."""


def full(outcome: LintOutcome, colour: bool) -> Iterator[str]:
    """Yield several lines for each finding: position and message, the marked line of the file, the help, the source."""
    paint = _painter(colour)
    for file in listed(outcome):
        for finding in file.findings:
            yield from _in_full(finding, paint)
        if file.more:
            yield from (f"{paint(printable(file.file), BOLD)}: {file.more}", "")


def _in_full(finding: LintFinding, paint: Callable[[str, str], str]) -> Iterator[str]:
    severity = paint(finding.severity, COLOURS[finding.severity])
    yield f"{paint(_where(finding), BOLD)}: {severity}: {printable(finding.message)} [{finding.rule}]"
    if finding.excerpt is not None:
        line, before, marks = _marked(finding.excerpt)
        yield f"  {finding.line} | {line}"
        yield f"  {' ' * len(str(finding.line))} | {before}{paint(marks, COLOURS[finding.severity])}"
    if finding.help:
        yield f"  {paint('help', BLUE)}: {printable(finding.help)}"
    yield f"  {paint('stated', BLUE)}: {printable(finding.source)}"
    yield ""


def concise(outcome: LintOutcome, colour: bool) -> Iterator[str]:
    """Yield one line for each finding: position, severity, rule and message."""
    paint = _painter(colour)
    for file in listed(outcome):
        for finding in file.findings:
            severity = paint(finding.severity, COLOURS[finding.severity])
            yield f"{_where(finding)}: {severity} {finding.rule} {printable(finding.message)}"
        if file.more:
            yield f"{printable(file.file)}: {file.more}"


def as_json(outcome: LintOutcome, colour: bool) -> Iterator[str]:
    """Yield a JSON object with a summary, the findings, and the files that cannot be read."""
    import json

    findings = [dict(zip(FIELDS, finding, strict=False)) for file in listed(outcome) for finding in file.findings]
    unlisted = [{"file": file.file, "findings": file.total - len(file.findings)} for file in left_out(outcome)]
    more = {"left_out": unlisted} if unlisted else {}
    yield json.dumps({"summary": _summed(outcome), "findings": findings, **more, **_unread(outcome)}, indent=2)


def _unread(outcome: LintOutcome) -> dict[str, Any]:
    """Return the member `failures` of the JSON report: files that cannot be read. It is left out if there are none."""
    failures = [dict(zip(Failure._fields[:4], failure, strict=False)) for failure in outcome.failures]
    return {"failures": failures} if failures else {}


def _summed(outcome: LintOutcome) -> dict[str, int]:
    counts = {"errors": outcome.count("error"), "warnings": outcome.count("warning")}
    return {"files": outcome.files, "checked": outcome.checked, **counts}


def _elsewhere(module: str) -> Reporter:
    """Return the function `report` of a module in this package. The module is imported when it is first called."""

    def report(outcome: LintOutcome, colour: bool) -> Iterator[str]:
        yield from cast(Reporter, import_module(f"{__package__}.{module}").report)(outcome, colour)

    return report


REPORTERS: Mapping[str, Reporter] = {
    "full": full,
    "concise": concise,
    "json": as_json,
    "github": _elsewhere("github"),
    "sarif": _elsewhere("sarif"),
    "junit": _elsewhere("junit"),
    "html": _elsewhere("html"),
    "gitlab": _elsewhere("gitlab"),
}
"""The function that yields the lines of a report, by output format."""


def _counts(outcome: LintOutcome) -> list[tuple[int, str, str]]:
    """Return the number of findings, the severity and the id of each rule, the most frequent rule first."""
    counts = Counter((finding.rule, finding.severity) for finding in outcome.findings)
    return sorted(
        ((count, severity, rule) for (rule, severity), count in counts.items()), key=lambda row: (-row[0], row)
    )


def _counts_in_lines(outcome: LintOutcome, colour: bool) -> Iterator[str]:
    paint = _painter(colour)
    for count, severity, rule in _counts(outcome):
        yield f"{count:>7,} {paint(severity, COLOURS[severity])} {rule}"


def _counts_as_json(outcome: LintOutcome, colour: bool) -> Iterator[str]:
    import json

    counts = [{"rule": rule, "severity": severity, "count": count} for count, severity, rule in _counts(outcome)]
    yield json.dumps({"summary": _summed(outcome), "statistics": counts, **_unread(outcome)}, indent=2)


STATISTICS: Mapping[str, Reporter] = {
    "full": _counts_in_lines,
    "concise": _counts_in_lines,
    "json": _counts_as_json,
}
"""The function that yields the lines of a report with `--statistics`, by output format."""


def summary(outcome: LintOutcome) -> str:
    """Return one line about a run: "1 error, 2 warnings in 3 checked files", and how many files were not checked."""
    errors, warnings = outcome.count("error"), outcome.count("warning")
    counts = f"{counted(errors, 'error')}, {counted(warnings, 'warning')}"
    suppressed = {"ignored": outcome.ignored, "in the baseline": outcome.known}
    back = ", ".join(f"{count:,} {words}" for words, count in suppressed.items() if count)
    failed, unfilled = len(outcome.failures), len(outcome.unfilled)
    rest = {
        "with nothing to check": outcome.files - outcome.checked - failed - unfilled,
        "not readable": failed,
        "not checked": unfilled,
    }
    others = ", ".join(f"{count:,} {words}" for words, count in rest.items() if count > 0)
    files = f"{counted(outcome.checked, 'checked file')}{f'; {others}' if others else ''}"
    return f"{counts}{f' ({back})' if back else ''} in {files}{_not_looked_at(outcome.left_out)}"


def _not_looked_at(left_out: Counts) -> str:
    """Return the end of a summary: how many files with payloads were skipped, why, and how to lint them."""
    least = "at least " if left_out.is_partial else ""
    reasons = {why: count for why, count in left_out.by_reason.items() if count}
    counts = " and ".join(f"{least}{counted(count, 'file')} left out {why}" for why, count in reasons.items())
    which = "it" if sum(reasons.values()) == 1 else "them"
    return f"; {counts}; name {which} to lint {which}" if counts else ""


def _where(finding: LintFinding) -> str:
    place = (finding.line, finding.column) if finding.line is not None else ()
    return ":".join((printable(finding.file), *map(str, place)))


def _painter(colour: bool) -> Callable[[str, str], str]:
    return (lambda text, code: f"{code}{text}{PLAIN}") if colour else (lambda text, code: text)


def _marked(excerpt: Excerpt) -> tuple[str, str, str]:
    """Return a printable line; and for a line below it, the white space and the marks (`^^^`) after that.

    The white space repeats the tabs of the line, so that the marks are below the marked characters.
    """
    shown = [character if character == "\t" else printable(character) for character in excerpt.text]
    before = "".join("\t" if character == "\t" else " " * width(character) for character in shown[: excerpt.start])
    marks = max(1, sum(max(width(character), 1) for character in shown[excerpt.start : excerpt.end]))
    left, right = "..." * excerpt.before, "..." * excerpt.after
    return f"{left}{''.join(shown)}{right}", " " * len(left) + before, "^" * marks
