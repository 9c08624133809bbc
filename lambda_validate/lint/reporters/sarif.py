"""Report findings as SARIF 2.1.0, the OASIS standard that GitHub's code scanning reads.

Paths of files are relative to the working folder, so that no other folder of the machine is shown. The fingerprint of a
finding does not change when its lines move. No value of a payload is shown.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from ...base.terminal import printable
from ...base.version import VERSION
from ...validator.rule_pages import RulePage, page
from ...validator.rules import Rule
from ..control.baseline import fingerprint, shown_path
from ..findings.finding import Fixes, LintFinding, LintOutcome, Replacement
from .listing import left_out, listed
from .stated import known_rules

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
ROOT = "SRCROOT"
"""The name of the folder that paths are relative to. Its location is left to the reader of the report."""
FINGERPRINT = "lambdaValidate/v1"
JUSTIFIED = {"inSource": "The file says to ignore the finding.", "external": "The baseline has the finding."}
"""The reason why a finding is suppressed, by the kind of suppression."""
MAX_SUPPRESSED_RESULTS = 5_000
"""Maximum number of suppressed findings in a report. Code scanning reads 25,000 results of a run, and shows 5,000."""


def report(outcome: LintOutcome, colour: bool) -> Iterator[str]:
    """Yield the report as one string of JSON."""
    found = _with_suppressed(outcome)
    findings = [finding for finding, _ in found]
    known = known_rules(findings, outcome.edition)
    ids = sorted({finding.rule for finding in findings})
    run = {
        "tool": {
            "driver": {
                "name": "lambda-validate",
                "version": VERSION,
                "rules": [_rule(name, known.get(name), page(name, outcome.edition)) for name in ids],
            }
        },
        "invocations": [
            {
                "executionSuccessful": not outcome.failures,
                "toolExecutionNotifications": [
                    *(_notification("error", *failure[:4]) for failure in outcome.failures),
                    *(_notification("note", file.file, None, None, file.more) for file in left_out(outcome)),
                ],
            }
        ],
        "originalUriBaseIds": {ROOT: {"description": {"text": "The folder that lambda-validate was run in."}}},
        "columnKind": "unicodeCodePoints",
        "results": _results(found, {name: index for index, name in enumerate(ids)}, outcome.fixes),
    }
    yield json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _rule(name: str, rule: Rule | None, page: RulePage | None) -> dict[str, Any]:
    """Return SARIF's descriptor of a rule: its statement, parts of its page, its sources, and how to ignore it."""
    if rule is None:
        return {"id": name}
    statement = " ".join(rule.statements)
    about = (page.what, page.why, page.fix) if page else ()
    stated = [f"Stated: {source}." for source in rule.sources]
    ignore = f"To ignore a finding, write `# lambda-validate: ignore[{name}]` beside it."
    return {
        "id": name,
        "shortDescription": {"text": rule.statements[0]},
        "fullDescription": {"text": "\n\n".join((statement, *about[1:2]))},
        "help": {
            "text": "\n".join((statement, *about, *stated, ignore)),
            "markdown": "\n\n".join((statement, *about, *stated, ignore)),
        },
        **({"helpUri": pages[0]} if (pages := [source.url for source in rule.sources if source.url]) else {}),
        "defaultConfiguration": {"level": rule.severity},
        "properties": {"tags": ["aws", "lambda"], "sources": [str(source) for source in rule.sources]},
    }


def _with_suppressed(outcome: LintOutcome) -> list[tuple[LintFinding, str]]:
    """Return the findings to list, sorted by position, each with the kind of its suppression, or an empty string.

    Suppressed findings are listed too. Otherwise code scanning would consider them fixed, and later open them again.
    """
    reported = [(finding, "") for file in listed(outcome) for finding in file.findings]
    suppressed = [
        (suppression.finding, suppression.kind) for suppression in outcome.suppressed[:MAX_SUPPRESSED_RESULTS]
    ]
    return sorted([*reported, *suppressed], key=lambda pair: (pair[0].file, pair[0].line or 0, pair[0].column or 0))


def _results(found: list[tuple[LintFinding, str]], indices: Mapping[str, int], fixes: Fixes) -> list[dict[str, Any]]:
    folder, alike = os.getcwd(), dict[str, int]()
    is_any_suppressed = any(kind for _, kind in found)
    results = []
    for finding, kind in found:
        print = fingerprint(finding, shown_path(finding.file, folder))
        alike[print] = alike.get(print, 0) + 1
        result = _result(finding, indices[finding.rule], f"{print}:{alike[print]}")
        if is_any_suppressed:  # SARIF then requires it in every result
            result["suppressions"] = [{"kind": kind, "justification": JUSTIFIED[kind]}] if kind else []
        if finding in fixes and not kind:
            result["fixes"] = [_fix(finding, fixes[finding])]
        results.append(result)
    return results


def _fix(finding: LintFinding, replacements: tuple[Replacement, ...]) -> dict[str, Any]:
    changes = [
        {
            "deletedRegion": dict(zip(("startLine", "startColumn", "endLine", "endColumn"), change.span, strict=True)),
            **({"insertedContent": {"text": change.text}} if change.text else {}),
        }
        for change in replacements
    ]
    description = printable(finding.help or "What lambda-validate lint --fix would change.")
    artifact = {"artifactLocation": _artifact(finding.file), "replacements": changes}
    return {"description": {"text": description}, "artifactChanges": [artifact]}


def _result(finding: LintFinding, index: int, print: str) -> dict[str, Any]:
    text = " ".join(printable(part) for part in (finding.message, finding.help) if part)
    location: dict[str, Any] = {
        "physicalLocation": _place(finding.file, finding.line, finding.column, finding.end_line, finding.end_column)
    }
    name = printable(finding.owner + finding.pointer)
    if name:
        location["logicalLocations"] = [{"fullyQualifiedName": name, "kind": "member"}]
    return {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": finding.severity,
        "message": {"text": text},
        "locations": [location],
        "partialFingerprints": {FINGERPRINT: print},
    }


def _place(
    file: str, line: int | None, column: int | None, end_line: int | None = None, end_column: int | None = None
) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": _artifact(file)}
    region = {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}
    if line is not None:
        place["region"] = {name: number for name, number in region.items() if number is not None}
    return place


def _artifact(file: str) -> dict[str, str]:
    """Return SARIF's location of a file: its path, relative to `ROOT` if it is inside the working folder."""
    name = shown_path(file, os.getcwd())
    uri = quote(os.fsencode(name), safe="/")
    return {"uri": uri} if name.startswith(("../", "<")) else {"uri": uri, "uriBaseId": ROOT}


def _notification(level: str, file: str, line: int | None, column: int | None, message: str) -> dict[str, Any]:
    return {
        "level": level,
        "message": {"text": printable(message)},
        "locations": [{"physicalLocation": _place(file, line, column)}],
    }
