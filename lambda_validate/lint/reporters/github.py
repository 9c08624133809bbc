"""Report findings as workflow commands of GitHub Actions, which shows them beside the lines of a pull request.

https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...base.terminal import printable
from ..findings.finding import LintFinding, LintOutcome
from .listing import listed

ESCAPED: Mapping[str, str] = {"%": "%25", "\r": "%0D", "\n": "%0A"}
"""Escapes in the message of a command. `%` must be replaced first, since the other escapes contain it."""
ESCAPED_IN_PROPERTIES: Mapping[str, str] = {**ESCAPED, ":": "%3A", ",": "%2C"}


def report(outcome: LintOutcome, colour: bool) -> Iterator[str]:
    """Yield a workflow command for each finding, and for each file that cannot be read."""
    for file in listed(outcome):
        yield from map(_finding, file.findings)
        if file.more:
            yield _command("notice", {"file": file.file, "title": "lambda-validate"}, file.more)
    for failure in outcome.failures:
        places = {"line": failure.line, "col": failure.column}
        yield _command("error", {"file": failure.file, **places, "title": "lambda-validate"}, failure.message)


def _finding(finding: LintFinding) -> str:
    places = {"line": finding.line, "col": finding.column, "endLine": finding.end_line}
    if finding.end_line == finding.line:  # GitHub ignores columns of ranges with several lines
        places["endColumn"] = finding.end_column
    text = "\n".join(filter(None, (finding.message, finding.help)))
    about = {"file": finding.file, **places, "title": f"lambda-validate {finding.rule}"}
    return _command(finding.severity, about, text)


def _command(name: str, properties: Mapping[str, object], text: str) -> str:
    spelled = (
        f"{key}={_escaped(printable(str(value)), ESCAPED_IN_PROPERTIES)}"
        for key, value in properties.items()
        if value is not None
    )
    lines = (printable(line) for line in text.split("\n"))
    return f"::{name} {','.join(spelled)}::{_escaped(chr(10).join(lines), ESCAPED)}"


def _escaped(text: str, escapes: Mapping[str, str]) -> str:
    for character, escaped in escapes.items():
        text = text.replace(character, escaped)
    return text
