"""Test that answers, logs and lint reports list a bounded number, and count the rest. A `Report` has all."""

from __future__ import annotations

import io
import json
import logging
from collections import Counter
from typing import Any
from xml.etree import ElementTree

import pytest

import lambda_validate as lv
from lambda_validate import http
from lambda_validate import report as reports
from lambda_validate.compiler import messages, results
from lambda_validate.gateway.envoy.access import Access, line
from lambda_validate.http import answers, events
from lambda_validate.http.events import Event, announce
from lambda_validate.lint.findings.finding import LintOutcome
from lambda_validate.lint.reporters import REPORTERS, listing, summary
from lambda_validate.lint.runner import lint

PATH = b"/2015-03-31/event-source-mappings/"
JSON = [(b"content-type", b"application/json")]
QUEUE = "arn:aws:sqs:us-west-2:123456789012:orders"
VALID: dict[str, Any] = {"EventSourceArn": QUEUE, "FunctionName": "orders"}
NAMES = {f"unknown{number}": 1 for number in range(3_000)}
PATTERNS = {"FilterCriteria": {"Filters": [{"Pattern": "{"}] * 12_000}}


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Return how many messages were built, by keyword."""
    count: Counter[str] = Counter()

    def explained(constraint: Any, value: Any) -> Any:
        count[constraint.keyword] += 1
        return messages.explain(constraint, value)

    monkeypatch.setattr(results, "_explanation", lambda: explained)
    monkeypatch.setattr(reports.Constraint, "words", property(lambda constraint: {}))  # nothing is built once
    return count


def check(body: dict[str, Any], query: bytes = b"", **settings: Any) -> http.RequestCheck:
    content = json.dumps(body, separators=(",", ":")).encode()
    return http.boundary(**settings).check_request(b"POST", PATH + query, JSON, content)


@pytest.mark.parametrize("rendering", ["service", "problem"])
@pytest.mark.parametrize("where", ["body", "query"])
def test_an_error_response_lists_some_errors_and_counts_the_rest(
    where: str, rendering: Any, made: Counter[str]
) -> None:
    names = dict(list(NAMES.items())[:600])
    query = b"?" + b"&".join(f"{name}=1".encode() for name in names) if where == "query" else b""
    found = check(VALID if query else {**VALID, **names}, query, rendering=rendering, limits=http.Limits(target=20_000))
    assert len(found.report.violations) == 600
    assert made.total() == answers.LISTED_ERRORS
    assert found.answer is not None
    body = json.loads(found.answer.body)
    if rendering == "problem":
        assert (len(body["errors"]), body["more"]) == (answers.LISTED_ERRORS, 600 - answers.LISTED_ERRORS)
    else:
        assert len(body["fieldList"]) == answers.LISTED_ERRORS
        assert body["message"].startswith("600 validation errors detected: ")
        assert body["message"].endswith(f"; and {600 - answers.LISTED_ERRORS} more")
        assert body["message"].count("There is no member") == answers.LISTED_ERRORS


@pytest.mark.parametrize("rendering", ["service", "problem"])
@pytest.mark.parametrize("count", [1, answers.LISTED_ERRORS])
def test_a_complete_response_mentions_no_more_errors(count: int, rendering: Any) -> None:
    found = check({**VALID, **dict(list(NAMES.items())[:count])}, rendering=rendering)
    assert found.answer is not None
    assert b"more" not in found.answer.body


def test_a_replaced_response_lists_some_errors_and_counts_the_rest(made: Counter[str]) -> None:
    body = json.dumps(dict(list(NAMES.items())[:600])).encode()
    found = http.boundary(unknown_members="error").check_response("CreateEventSourceMapping", 202, JSON, body)
    assert len(found.report.violations) == 600
    assert made.total() == answers.LISTED_ERRORS
    assert found.answer is not None
    assert json.loads(found.answer.body)["Message"].endswith(f"and {600 - answers.LISTED_ERRORS} more")


def test_warnings_are_reported_without_creating_messages(made: Counter[str]) -> None:
    found = check({**VALID, **PATTERNS})
    assert Counter(each.rule for each in found.report.violations)["filter-pattern.syntax"] == 12_000
    assert (made.total(), found.answer) == (0, None)


@pytest.mark.parametrize("body", [NAMES, PATTERNS], ids=["names", "patterns"])
def test_a_log_line_lists_some_violations_and_counts_the_rest(
    body: dict[str, Any], made: Counter[str], caplog: pytest.LogCaptureFixture
) -> None:
    report = lv.validate_request("CreateEventSourceMapping", {**VALID, **body})
    total = len(report.violations)
    event = Event("request", "CreateEventSourceMapping", "blocked", report, 0.0)
    with caplog.at_level(logging.INFO):
        announce(event, None, logging.getLogger("test"))
    assert caplog.messages[0].endswith(f", and {total - events.LOGGED_VIOLATIONS} more")
    logged = json.loads(line(Access("ext_authz", event)))
    assert (len(logged["violations"]), logged["violations_total"]) == (10, total)
    assert made.total() == 0


def test_an_exception_lists_some_violations_and_its_report_has_all(made: Counter[str]) -> None:
    report = lv.validate_request("CreateEventSourceMapping", {**VALID, **NAMES})
    with pytest.raises(lv.ValidationError) as raised:
        report.raise_if_invalid()
    *lines, last = str(raised.value).split("\n")
    assert (len(lines), last) == (reports.MAX_LISTED_VIOLATIONS, f"and {3_000 - reports.MAX_LISTED_VIOLATIONS} more")
    assert made.total() == reports.MAX_LISTED_VIOLATIONS
    assert len(raised.value.report.violations) == 3_000
    some = reports.Report(report.violations[: reports.MAX_LISTED_VIOLATIONS])
    assert str(lv.ValidationError(some)).split("\n") == lines


def test_metrics_count_violations_by_rule() -> None:
    telemetry = pytest.importorskip("lambda_validate.gateway.telemetry", reason="the extra otel is not installed")
    added: list[tuple[str, int]] = []

    class Meter:
        def create_counter(self, name: str, *_: Any) -> Any:
            return type("Counter", (), {"add": lambda _, count, about: added.append((about.get("rule", ""), count))})()

        def create_histogram(self, *_: Any) -> Any:
            return type("Histogram", (), {"record": lambda *_: None})()

    report = lv.validate_request("CreateEventSourceMapping", {**VALID, **NAMES, **PATTERNS})
    telemetry.recorder(Meter())(Event("request", "CreateEventSourceMapping", "blocked", report, 0.0))
    assert sorted(added) == [
        ("", 1), ("filter-pattern.syntax", 12_000), ("member.newer", 1), ("member.unknown", 3_000),
    ]  # fmt: skip


# Lint.


@pytest.fixture
def outcome(monkeypatch: pytest.MonkeyPatch) -> LintOutcome:
    """Return the findings of a file with seven warnings, followed by two errors. Five of the findings are listed."""
    monkeypatch.setattr(listing, "MAX_LISTED_FINDINGS", 5)
    filters = ",\n".join(['{"Pattern": "{"}'] * 6)
    head = f'{{"EventSourceArn": "{QUEUE}",\n"FilterCriteria": {{"Filters": [\n{filters}]}}'
    text = f'{head},\n"BatchSize": 0,\n"Unknown": 1}}'
    found = lint(["-"], io.BytesIO(text.encode()), lv.Validator())
    assert [found.count("error"), found.count("warning")] == [3, 7]
    other = found.findings[0]._replace(file="other.json")
    return found._replace(findings=(*found.findings, other))


def text_of(outcome: LintOutcome, how: str) -> str:
    return "\n".join(REPORTERS[how](outcome, False))


MORE = "5 more findings of this file are not listed."


def test_errors_are_listed_before_warnings_in_document_order(outcome: LintOutcome) -> None:
    first, other = listing.listed(outcome)
    assert (first.file, first.total, first.more) == ("<stdin>", 10, MORE)
    assert [each.severity for each in first.findings] == ["error", "warning", "warning", "error", "error"]
    assert list(first.findings) == sorted(first.findings, key=outcome.findings.index)
    assert (other.total, other.more) == (1, "")


def test_the_count_of_one_more_finding_is_singular() -> None:
    assert listing.Listed("a", (), 1).more == "1 more finding of this file is not listed."
    assert listing.Listed("a", (), 12_345).more.startswith("12,345 more findings")


@pytest.mark.parametrize("how", ["full", "concise"])
def test_text_reports_count_unlisted_findings(outcome: LintOutcome, how: str) -> None:
    text = text_of(outcome, how)
    assert text.count(f"<stdin>: {MORE}") == 1
    assert text.index(MORE) < text.index("other.json")
    assert text.count("not listed") == 1


def test_json_counts_unlisted_findings_and_its_summary_counts_all(outcome: LintOutcome) -> None:
    found = json.loads(text_of(outcome, "json"))
    assert found["left_out"] == [{"file": "<stdin>", "findings": 5}]
    assert len(found["findings"]) == 6
    assert found["summary"]["warnings"] == 7
    assert "left_out" not in json.loads(text_of(LintOutcome(outcome.findings[:5]), "json"))


def test_sarif_says_how_many_are_left_out_in_a_notification(outcome: LintOutcome) -> None:
    (run,) = json.loads(text_of(outcome, "sarif"))["runs"]
    assert len(run["results"]) == 6
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is True
    (notification,) = invocation["toolExecutionNotifications"]
    assert (notification["level"], notification["message"]["text"]) == ("note", MORE)
    assert {each["id"] for each in run["tool"]["driver"]["rules"]} == {each["ruleId"] for each in run["results"]}


def test_github_says_how_many_are_left_out_in_a_notice(outcome: LintOutcome) -> None:
    lines = text_of(outcome, "github").split("\n")
    assert [each.split(" ")[0] for each in lines] == [
        "::error", "::warning", "::warning", "::error", "::error", "::notice", lines[-1].split(" ")[0],
    ]  # fmt: skip
    assert lines[5] == f"::notice file=<stdin>,title=lambda-validate::{MORE}"


def test_gitlab_says_how_many_are_left_out_in_an_issue(outcome: LintOutcome) -> None:
    issues = json.loads(text_of(outcome, "gitlab"))
    (issue,) = [each for each in issues if each["check_name"] == "not-listed"]
    assert (issue["severity"], issue["description"], issue["location"]["path"]) == ("info", MORE, "<stdin>")


def test_junit_counts_all_and_says_how_many_are_left_out(outcome: LintOutcome) -> None:
    suites = ElementTree.fromstring(text_of(outcome, "junit"))
    assert suites.attrib["tests"] == "11"
    first, other = suites.findall("testsuite")
    assert (first.attrib["tests"], first.attrib["failures"], first.attrib["skipped"]) == ("10", "3", "7")
    assert len(first.findall("testcase")) == 5
    assert [each.text for each in first.findall("system-out")] == [MORE]
    assert other.findall("system-out") == []


def test_html_says_how_many_are_left_out(outcome: LintOutcome) -> None:
    text = text_of(outcome, "html")
    assert text.count("<article") == 6
    assert text.count(MORE) == 1
    assert "<b>7</b>warnings" in text


def test_the_summary_and_statistics_count_all(outcome: LintOutcome) -> None:
    from lambda_validate.lint.reporters import STATISTICS

    assert "7 warnings" in summary(outcome)
    assert "      6 warning filter-pattern.syntax" in list(STATISTICS["full"](outcome, False))
