"""Test that the SARIF report is valid. It has what code scanning needs, and no data of the machine or a payload."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from support.linting import BAD, GOOD, NEWER, QUEUE, Project, Ran
from support.paths import TESTS

from lambda_validate.lint.documents.places import Span
from lambda_validate.lint.findings.finding import LintFinding, LintOutcome, Replacement
from lambda_validate.lint.reporters.sarif import report as sarif_report

SCHEMA = json.loads((TESTS / "data" / "sarif-2.1.0.json").read_text("utf-8"))
SECRET = json.dumps({"FunctionName": "s3cret value", "EventSourceArn": QUEUE, "BatchSize": 31415})


def log(ran: Ran) -> Any:
    """Return the printed report, and assert that it is valid."""
    found = json.loads(ran.out)
    jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker()).validate(found)
    return found["runs"][0]


def sarif(project: Project, *argv: str) -> Any:
    return log(project.run(*argv, "--output-format", "sarif"))


def fingerprints(run: Any) -> list[str]:
    return sorted(each["partialFingerprints"]["lambdaValidate/v1"] for each in run["results"])


def test_the_schema_rejects_invalid_logs():
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"version": "2.1.0", "runs": [{}]}, SCHEMA)


def test_no_finding_is_a_valid_log_too(project: Project):
    project.write({"a.json": GOOD})
    run = sarif(project)
    assert run["results"] == []
    assert run["invocations"][0]["executionSuccessful"] is True


def test_a_result_has_rule_level_message_place_and_region(project: Project):
    project.write({"sub/a.json": BAD, "b.json": NEWER})
    run = sarif(project)
    assert [(each["ruleId"], each["level"]) for each in run["results"]] == [
        ("member.newer", "warning"),
        ("batch-size.sqs", "error"),
    ]
    place = run["results"][1]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "sub/a.json", "uriBaseId": "SRCROOT"}
    assert place["region"] == {"startLine": 1, "startColumn": 99, "endLine": 1, "endColumn": 101}
    assert run["results"][1]["locations"][0]["logicalLocations"][0]["fullyQualifiedName"] == "/BatchSize"
    assert run["columnKind"] == "unicodeCodePoints"


def test_columns_count_code_points(project: Project):
    project.write({"a.json": GOOD[:-1] + ', "Description": "\U0001f600", "BatchSize": 11}'})
    columns = {each["ruleId"]: each["locations"][0]["physicalLocation"]["region"] for each in sarif(project)["results"]}
    assert (
        columns["batch-size.sqs"]["startColumn"] == len(GOOD[:-1] + ', "Description": "\U0001f600", "BatchSize": ') + 1
    )


def test_a_rule_has_its_statement_source_and_ignore_directive(project: Project):
    project.write({"a.json": BAD})
    (rule,) = sarif(project)["tool"]["driver"]["rules"]
    assert rule["id"] == "batch-size.sqs"
    assert "at most 10" in rule["shortDescription"]["text"]
    assert "CreateEventSourceMapping, Request Body, BatchSize" in rule["help"]["text"]
    assert "ignore[batch-size.sqs]" in rule["help"]["markdown"]
    assert rule["defaultConfiguration"] == {"level": "error"}


def test_every_result_points_at_its_rule(project: Project):
    project.write({"a.json": BAD, "b.json": NEWER, "c.json": '[{"FunctionName": "f", "EventSourceArn": 1}]'})
    run = sarif(project)
    rules = run["tool"]["driver"]["rules"]
    assert len(run["results"]) > 2
    assert all(rules[each["ruleIndex"]]["id"] == each["ruleId"] for each in run["results"])


def test_absolute_paths_and_values_are_not_included(project: Project):
    project.write({"a.json": SECRET, "sub/b.json": BAD, "broken.json": BAD[:-1]})
    project.monkeypatch.chdir(project.folder / "sub")
    ran = project.run(str(project.folder), "../a.json", "--output-format", "sarif")
    names = {each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for each in log(ran)["results"]}
    assert names == {"../a.json", "b.json"}
    assert str(project.folder) not in ran.out
    assert "s3cret" not in ran.out
    assert "31415" not in ran.out


def test_a_file_s_name_is_a_uri(project: Project):
    project.write({"a b%#é.json": BAD})
    place = sarif(project)["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "a%20b%25%23%C3%A9.json"


def test_fingerprints_are_stable_and_distinguish_findings(project: Project):
    project.write({"a.json": f"[{BAD}, {BAD}]"})
    before = fingerprints(sarif(project))
    assert len(set(before)) == 2
    project.write({"a.json": f"\n\n[{BAD},\n\n {BAD.replace('11', '12')}]"})
    assert fingerprints(sarif(project)) == before
    project.write({"a.json": f"[{GOOD}, {BAD}]"})
    assert set(fingerprints(sarif(project))) < set(before)


def test_a_file_that_cannot_be_read_is_a_notification(project: Project):
    project.write({"a.json": BAD, "b.json": BAD[:-1]})
    ran = project.run("--output-format", "sarif")
    (invocation,) = log(ran)["invocations"]
    assert ran.code == 2
    assert invocation["executionSuccessful"] is False
    (notification,) = invocation["toolExecutionNotifications"]
    place = notification["locations"][0]["physicalLocation"]
    assert (place["artifactLocation"]["uri"], place["region"]) == ("b.json", {"startLine": 1, "startColumn": len(BAD)})


def test_a_payload_from_standard_input_is_reported_too(project: Project):
    ran = project.run("CreateEventSourceMapping", "--output-format", "sarif", stdin=BAD, command="request")
    assert [each["ruleId"] for each in log(ran)["results"]] == ["batch-size.sqs"]


class TestSuppressions:
    """Suppressed findings are still results, so that their alerts do not count as fixed."""

    def kinds(self, run: Any) -> list[Any]:
        """Return the kind of suppression of each result, or None if no result has one."""
        return [
            [each["kind"] for each in result["suppressions"]] if "suppressions" in result else None
            for result in run["results"]
        ]

    def test_an_inline_ignore_is_an_in_source_suppression(self, project: Project):
        project.write({"a.yaml": IGNORED})
        run = sarif(project)
        assert [each["ruleId"] for each in run["results"]] == ["batch-size.sqs", "enabled.type"]
        assert self.kinds(run) == [["inSource"], []]
        assert [each["id"] for each in run["tool"]["driver"]["rules"]] == ["batch-size.sqs", "enabled.type"]

    def test_a_baseline_is_an_external_suppression(self, project: Project):
        project.write({"a.json": BAD})
        before = fingerprints(sarif(project))
        project.run("--write-baseline", "known.json")
        project.write({"b.json": BAD})
        run = sarif(project, "--baseline", "known.json")
        assert self.kinds(run) == [["external"], []]
        assert set(before) < set(fingerprints(run))
        assert project.run("--baseline", "known.json", "a.json", "--output-format", "sarif").code == 0

    def test_without_suppressed_findings_there_are_no_suppressions(self, project: Project):
        project.write({"a.json": BAD})
        assert self.kinds(sarif(project)) == [None]

    def test_a_rule_that_is_not_selected_has_no_results(self, project: Project):
        project.write({"a.yaml": IGNORED})
        assert self.kinds(sarif(project, "--ignore", "batch-size")) == [None]
        assert [each["ruleId"] for each in sarif(project, "--ignore", "batch-size")["results"]] == ["enabled.type"]

    def test_suppressed_findings_keep_their_fingerprints(self, project: Project):
        project.write({"a.yaml": IGNORED.replace("  # lambda-validate: ignore[batch-size.sqs]", "")})
        before = fingerprints(sarif(project))
        project.run("--write-baseline", "known.json")
        project.write({"a.yaml": IGNORED})
        run = sarif(project, "--baseline", "known.json")
        assert self.kinds(run) == [["inSource"], ["external"]]
        assert fingerprints(run) == before


CURRENT = "--edition", "current"
KINESIS = "arn:aws:kinesis:us-west-2:123456789012:stream/clicks"
IGNORED = f"""\
FunctionName: orders
EventSourceArn: {QUEUE}
BatchSize: 11  # lambda-validate: ignore[batch-size.sqs]
Enabled: 'true'
"""


class TestFixes:
    """Safe corrections equal those of `--fix`."""

    def fixed(self, text: str, run: Any) -> str:
        """Return a string with the fixes of all results applied."""
        lines = text.split("\n")
        for result in run["results"][::-1]:
            for fix in result.get("fixes", ()):
                (change,) = fix["artifactChanges"]
                for each in change["replacements"][::-1]:
                    region = each["deletedRegion"]
                    index, start, end = region["startLine"] - 1, region["startColumn"] - 1, region["endColumn"] - 1
                    inserted = each.get("insertedContent", {"text": ""})["text"]
                    lines[index] = lines[index][:start] + inserted + lines[index][end:]
        return "\n".join(lines)

    def test_applying_the_fixes_equals_running_fix(self, project: Project):
        text = f"FunctionName: 'f '\nEventSourceArn: {QUEUE}\nEnabeld: true\nBatchSize: '7'\nQualifier: 1\n"
        project.write({"a.yaml": text})
        made = self.fixed(text, sarif(project))
        project.run("--fix", "a.yaml")
        assert made == project.read("a.yaml").decode()
        assert made == f"FunctionName: 'f'\nEventSourceArn: {QUEUE}\nEnabled: true\nBatchSize: 7\nQualifier: 1\n"

    def test_a_fix_is_described_by_the_help_of_its_finding(self, project: Project):
        payload = {
            "FunctionName": "f\t", "EventSourceArn": KINESIS, "StartingPosition": "latest", "Enabeld": True,
            "FunctionResponseTypes": ["reportBatchItemFailures"], "BatchSize": "7",
        }  # fmt: skip
        text = json.dumps(payload)
        project.write({"a.json": text})
        run = sarif(project, *CURRENT)
        described = {fix["description"]["text"] for each in run["results"] for fix in each.get("fixes", ())}
        assert described == {
            "Remove the white space at the end.", "Write LATEST.", "Write ReportBatchItemFailures.",
            "Write a number, without quotes.",
            "Write Enabled. To allow newer members, use --sdk-model in a command or "
            'unknown_members="warning" in Python.',
        }  # fmt: skip
        made = self.fixed(text, run)
        project.run("--fix", "a.json", *CURRENT)
        assert made == project.read("a.json").decode()
        assert json.loads(made) == {
            "FunctionName": "f", "EventSourceArn": KINESIS, "StartingPosition": "LATEST", "Enabled": True,
            "FunctionResponseTypes": ["ReportBatchItemFailures"], "BatchSize": 7,
        }  # fmt: skip

    def test_a_fix_of_a_finding_without_help_names_what_makes_it(self):
        finding = LintFinding(
            "a.json", 1, 1, 1, 2, "batch-size.type", "error", "Op", "request", "/A", "Wrong.", "D, S, M", None
        )
        fixes = {finding: (Replacement(Span(1, 1, 1, 2), "b"),)}
        printed = "".join(sarif_report(LintOutcome((finding,), fixes=fixes), colour=False))
        jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(printed))
        (result,) = json.loads(printed)["runs"][0]["results"]
        assert result["fixes"] == [
            {
                "description": {"text": "What lambda-validate lint --fix would change."},
                "artifactChanges": [
                    {
                        "artifactLocation": {"uri": "a.json", "uriBaseId": "SRCROOT"},
                        "replacements": [
                            {
                                "deletedRegion": {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 2},
                                "insertedContent": {"text": "b"},
                            }
                        ],
                    }
                ],
            }
        ]

    def test_quotes_are_deleted_so_that_no_value_is_shown(self, project: Project):
        text = json.dumps({"FunctionName": "f", "EventSourceArn": QUEUE, "BatchSize": "7"})
        project.write({"a.json": text})
        run = sarif(project)
        (result,) = run["results"]
        (change,) = result["fixes"][0]["artifactChanges"]
        assert [each.keys() for each in change["replacements"]] == [{"deletedRegion"}] * 2
        assert self.fixed(text, run) == text.replace('"7"', "7")
        assert change["artifactLocation"] == {"uri": "a.json", "uriBaseId": "SRCROOT"}

    def test_a_finding_without_a_safe_fix_has_no_fixes(self, project: Project):
        project.write({"a.json": BAD})
        assert "fixes" not in sarif(project)["results"][0]

    def test_after_fixing_only_remaining_findings_have_fixes(self, project: Project):
        several = "".join(f"- {{FunctionName: f, EventSourceArn: '{QUEUE}', BatchSize: '7'}}\n" for _ in range(1_001))
        project.write({"a.yaml": several})
        before = several.replace("'7'", "7", 1_000)
        (project.folder / "b.yaml").write_text(before)
        fixed = self.fixed(before, sarif(project, "b.yaml"))
        assert fixed == several.replace("'7'", "7")
        assert "fixes" not in json.dumps(sarif(project, "--fix", "a.yaml")["results"])
        assert project.read("a.yaml").decode() == fixed
