"""Print the outcome of a run as text, JSON or JUnit XML.

Generated values are shown. Headers that the user adds, which may contain credentials, are never shown.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple
from xml.etree import ElementTree

from ..base.spelling import counted
from ..base.terminal import printable
from ..catalog import Operation
from .findings import ServerFinding
from .sightings import ACCEPTED, FAILED, FINDING_KINDS, OTHER, REJECTED, STATE


class RunOutcome(NamedTuple):
    """The result of a run.

    `outcomes` has the number of answers by outcome, such as `{"accepted": 5}`. `unsendable` has the number of cases
    that HTTP cannot send, by reason.
    """

    operation: Operation
    url: str
    seed: int
    requests: int
    seconds: float
    outcomes: Mapping[str, int]
    unsendable: Mapping[str, int]
    findings: tuple[ServerFinding, ...]
    notes: tuple[str, ...]
    interrupted: bool = False

    @property
    def rate(self) -> float:
        """The number of requests per second."""
        return self.requests / self.seconds if self.seconds else 0.0


OUTCOME_WORDS = {
    ACCEPTED: "accepted",
    REJECTED: "rejected",
    STATE: "answered with an error about missing or existing resources",
    FAILED: "failed",
    OTHER: "answered otherwise",
}


def summary(outcome: RunOutcome) -> Iterator[str]:
    """Yield the lines of the summary of a run: notes, cases that were not sent, and counts of requests and findings."""
    counts = ", ".join(
        f"{outcome.outcomes[key]} {words}" for key, words in OUTCOME_WORDS.items() if outcome.outcomes.get(key)
    )
    yield from outcome.notes
    for reason, number in sorted(outcome.unsendable.items()):
        yield f"{counted(number, 'case')} not sent: {reason}"
    if outcome.outcomes.get(STATE) and not outcome.outcomes.get(ACCEPTED):
        yield "no request was accepted: give values that the server knows, such as --existing FunctionName=NAME"
    yield (
        f"{counted(outcome.requests, 'request')} in {outcome.seconds:.1f} s ({outcome.rate:.0f} a second): "
        f"{counts or 'none answered'}; {counted(len(outcome.findings), 'finding')}; seed {outcome.seed}"
    )


def full(outcome: RunOutcome) -> Iterator[str]:
    """Yield each finding as a paragraph with the request that shows it."""
    for finding in outcome.findings:
        yield printable(f"{_title(finding)} ({counted(finding.requests, 'request')})")
        yield printable(f"  {finding.says}")
        if finding.status is not None:
            yield f"  It answered {finding.status} to case {finding.case}, shrunk to this request:"
        yield printable(f"  {finding.curl}")
        yield f"  seed: {outcome.seed}"
        yield ""


def concise(outcome: RunOutcome) -> Iterator[str]:
    """Yield each finding as one line."""
    for finding in outcome.findings:
        yield printable(f"{outcome.url}: error {_title(finding)}: {finding.says} {finding.curl}")


def _title(finding: ServerFinding) -> str:
    return " ".join(filter(None, (finding.kind, finding.rule, finding.pointer)))


def as_json(outcome: RunOutcome) -> Iterator[str]:
    """Yield one JSON document. It is in the form of all commands. Its summary has further members, such as the seed."""
    facts = {
        "files": 0,
        "checked": outcome.requests,
        "errors": len(outcome.findings),
        "warnings": 0,
        "operation": outcome.operation.name,
        "edition": outcome.operation.edition,
        "url": outcome.url,
        "seed": outcome.seed,
        "seconds": round(outcome.seconds, 3),
        "outcomes": {key: outcome.outcomes.get(key, 0) for key in OUTCOME_WORDS},
        "unsendable": dict(sorted(outcome.unsendable.items())),
        "notes": list(outcome.notes),
    }
    findings = [_facts(outcome, finding) for finding in outcome.findings]
    yield json.dumps({"summary": facts, "findings": findings}, indent=2)


NO_POSITION = dict.fromkeys(("file", "line", "column", "end_line", "end_column"))


def _facts(outcome: RunOutcome, finding: ServerFinding) -> dict[str, Any]:
    return {
        **NO_POSITION,
        "rule": finding.rule or finding.kind,
        "severity": "error",
        "operation": outcome.operation.name,
        "direction": "response" if finding.kind == "response.invalid" else "request",
        "pointer": finding.pointer,
        "message": finding.says,
        "source": str(outcome.operation.source),
        "help": finding.curl,
        "kind": finding.kind,
        "detail": finding.detail,
        "count": finding.requests,
        "case": finding.case,
        "payload": finding.payload,
        "status": finding.status,
        "seed": outcome.seed,
    }


def as_junit(outcome: RunOutcome) -> Iterator[str]:
    """Yield JUnit XML: a failed test case for each finding, and a passed one for each kind without findings."""
    name = f"lambda-validate fuzz {outcome.operation.name}"
    found = {finding.kind for finding in outcome.findings}
    clean = [kind for kind in FINDING_KINDS if kind not in found]
    counts = {"tests": str(len(outcome.findings) + len(clean)), "failures": str(len(outcome.findings))}
    times = {"errors": "0", "skipped": "0", "time": f"{outcome.seconds:.3f}"}
    suites = ElementTree.Element("testsuites", {"name": name, **counts, "errors": "0", "time": times["time"]})
    suite = ElementTree.SubElement(suites, "testsuite", {"name": name, **counts, **times})
    properties = ElementTree.SubElement(suite, "properties")
    facts = {"url": outcome.url, "edition": outcome.operation.edition, "seed": str(outcome.seed)}
    for key, value in facts.items():
        ElementTree.SubElement(properties, "property", {"name": key, "value": value})
    for finding in outcome.findings:
        test = _test(suite, outcome, _title(finding))
        failure = ElementTree.SubElement(test, "failure", {"message": printable(finding.says), "type": finding.kind})
        failure.text = printable(f"{finding.curl} # seed {outcome.seed}, {counted(finding.requests, 'request')}")
    for kind in clean:
        _test(suite, outcome, kind)
    ElementTree.SubElement(suite, "system-out").text = "\n".join(map(printable, summary(outcome)))
    ElementTree.indent(suites)
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield ElementTree.tostring(suites, encoding="us-ascii").decode()


def _test(suite: ElementTree.Element, outcome: RunOutcome, name: str) -> ElementTree.Element:
    facts = {"classname": f"fuzz.{outcome.operation.name}", "name": printable(name), "time": "0"}
    return ElementTree.SubElement(suite, "testcase", facts)


FUZZ_REPORTS: Mapping[str, Callable[[RunOutcome], Iterable[str]]] = {
    "full": full, "concise": concise, "json": as_json, "junit": as_junit,
}  # fmt: skip
