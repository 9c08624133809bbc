"""Test the code quality report for GitLab: the required members of each issue, and stable fingerprints."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
from support.linting import BAD, GOOD, NEWER, Project

ISSUE = {
    "type": "object",
    "required": ["description", "check_name", "fingerprint", "severity", "location"],
    "properties": {
        "description": {"type": "string", "minLength": 1},
        "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
        "location": {
            "required": ["path", "lines"],
            "properties": {
                "path": {"pattern": "^[^./]"},
                "lines": {"required": ["begin"], "properties": {"begin": {"type": "integer", "minimum": 1}}},
            },
        },
    },
}
"""Members of an issue in the documentation of GitLab."""


def issues(project: Project, *argv: str) -> Any:
    found = json.loads(project.run(*argv, "--output-format", "gitlab").out)
    jsonschema.validate(found, {"type": "array", "items": ISSUE})
    return found


def test_no_finding_is_an_empty_list(project: Project):
    project.write({"a.json": GOOD})
    assert issues(project) == []


def test_an_issue_has_rule_severity_and_place(project: Project):
    project.write({"sub/a.json": f"\n{BAD}"})
    project.monkeypatch.chdir(project.folder / "sub")
    (first,) = issues(project, str(project.folder))
    assert (first["check_name"], first["severity"]) == ("batch-size.sqs", "major")
    assert first["location"] == {"path": "a.json", "lines": {"begin": 2, "end": 2}}
    assert "at most 10" in first["description"]


def test_a_warning_is_minor(project: Project):
    project.write({"b.json": NEWER})
    assert [each["severity"] for each in issues(project)] == ["minor"]


def test_fingerprints_are_stable_and_distinguish_issues(project: Project):
    project.write({"a.json": f"[{BAD}, {BAD}]", "b.yaml": "- " + BAD + "\n- " + BAD})
    before = [each["fingerprint"] for each in issues(project)]
    assert len(set(before)) == 4
    project.write({"a.json": f"\n[\n{BAD},\n {BAD}]"})
    assert [each["fingerprint"] for each in issues(project)] == before


def test_equal_findings_in_several_documents_have_distinct_fingerprints(project: Project):
    project.write({"a.yaml": f"{BAD}\n---\n{BAD}\n"})
    assert len({each["fingerprint"] for each in issues(project)}) == 2


def test_a_file_that_cannot_be_read_is_an_issue(project: Project):
    project.write({"a.json": BAD[:-1]})
    (found,) = issues(project)
    assert (found["check_name"], found["severity"]) == ("unreadable", "blocker")
    assert found["location"]["lines"] == {"begin": 1, "end": 1}
