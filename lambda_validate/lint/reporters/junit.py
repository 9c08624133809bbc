"""Report findings as JUnit XML, as Jenkins' xUnit plugin defines it: a suite for each file, a case for each finding.

An error is a failed case, a warning is a skipped case, and a file that cannot be read is a case with an error. Without
any of these, there is one passed case, since some readers refuse an empty report.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ...base.terminal import printable
from ..files import Failure
from ..findings.finding import LintFinding, LintOutcome
from .listing import Listed, listed

KINDS = {"error": "failure", "warning": "skipped"}


def report(outcome: LintOutcome, colour: bool) -> Iterator[str]:
    """Yield the lines of the XML document."""
    errors, failures = outcome.count("error"), len(outcome.failures)
    count = max(1, len(outcome.findings) + failures)
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<testsuites name="lambda-validate" tests="{count}" failures="{errors}" errors="{failures}">'
    counts = Counter((finding.file, finding.severity) for finding in outcome.findings)
    for file in listed(outcome):
        yield from _suite(file, counts[file.file, "error"])
    for failure in outcome.failures:
        yield from _unread(failure)
    if not outcome.findings and not outcome.failures:
        yield f"  {_opening('lambda-validate', 1)}"
        yield '    <testcase classname="lambda-validate" name="no findings"/>'
        yield "  </testsuite>"
    yield "</testsuites>"


def _suite(listed: Listed, errors: int) -> Iterator[str]:
    """Yield the lines of the suite for a file. Its totals include the findings that are not listed."""
    file, findings, count = listed
    yield f"  {_opening(file, count, failures=errors, skipped=count - errors)}"
    for finding in findings:
        place = ":".join(str(part) for part in (finding.line, finding.column) if part is not None)
        name = f"{finding.rule} at {place}" if place else finding.rule
        kind = KINDS[finding.severity]
        yield f"    <testcase{_attributes(classname=file, name=name)}>"
        yield f"      <{kind}{_attributes(type=finding.rule, message=finding.message)}>{_text(finding)}</{kind}>"
        yield "    </testcase>"
    if listed.more:
        yield f"    <system-out>{_escaped(listed.more)}</system-out>"
    yield "  </testsuite>"


def _unread(failure: Failure) -> Iterator[str]:
    place = "".join(f":{part}" for part in (failure.line, failure.column) if part is not None)
    text = _escaped(f"{failure.file}{place}: {failure.message}")
    yield f"  {_opening(failure.file, 1, errors=1)}"
    yield f"    <testcase{_attributes(classname=failure.file, name='readable')}>"
    yield f"      <error{_attributes(type='unreadable', message=failure.message)}>{text}</error>"
    yield "    </testcase>"
    yield "  </testsuite>"


def _opening(name: str, tests: int, failures: int = 0, errors: int = 0, skipped: int = 0) -> str:
    counts = {"tests": tests, "failures": failures, "errors": errors, "skipped": skipped}
    return f"<testsuite{_attributes(name=name, **{key: str(count) for key, count in counts.items()})}>"


def _attributes(**values: str) -> str:
    return "".join(f' {name}="{_escaped(value)}"' for name, value in values.items())


def _text(finding: LintFinding) -> str:
    place = "".join(f":{part}" for part in (finding.line, finding.column) if part is not None)
    lines = [f"{finding.file}{place}: {finding.message}", finding.help, f"stated: {finding.source}"]
    return "\n".join(_escaped(line) for line in lines if line)


def _escaped(text: str) -> str:
    """Return a string escaped for XML. Control characters, which XML does not allow, become visible escapes."""
    text = printable(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&quot;")
