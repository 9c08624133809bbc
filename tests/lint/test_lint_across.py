"""Test a rule across resources: a queue must hide a message for at least the timeout of its function."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from support.linting import Project
from support.timeouts import CLOUDFORMATION, MAPPING, NAMES, RULE, found

from lambda_validate.lint.files import SourceFile
from lambda_validate.lint.formats import marked
from lambda_validate.lint.runner import resources


@pytest.mark.parametrize("name", NAMES)
def test_the_documents_do_not_state_the_rule(name: str, tmp_path: Path):
    for text in NAMES[name]:
        assert found(text, name, tmp_path, "documents") == []


@pytest.mark.parametrize("source", ["!Ref Orders", "!GetAtt Orders.QueueName"])
def test_a_reference_that_is_not_an_arn_is_reported_separately(source: str, project: Project):
    project.write({"template.yaml": CLOUDFORMATION.replace("!GetAtt Orders.Arn", source)})
    assert project.json("--edition", "current").rules == ["event-source-arn.pattern"]


def more(count: int, step: int = 1) -> str:
    """Return a template with as many functions of one queue, and as many queues of one function.

    The timeouts of the functions begin at 70 seconds; each is a step longer than the one before.
    """
    mapping = MAPPING
    lines = []
    for each in range(count):
        lines += [
            f"  Queue{each}: {{Type: AWS::SQS::Queue}}\n",
            f"  Function{each}: {{Type: AWS::Lambda::Function, Properties: {{Timeout: {70 + step * each}}}}}\n",
            mapping.replace("It", f"A{each}").replace("!Ref Worker", f"!Ref Function{each}"),
            mapping.replace("It", f"B{each}").replace("Orders", f"Queue{each}"),
        ]
    return CLOUDFORMATION + "".join(lines)


@pytest.mark.parametrize(
    ("step", "slowest", "seconds"), [(1, 2, 72), (-1, 0, 70), (0, 0, 70), (200, 2, 470), (-4, 0, 70)]
)
def test_a_queue_is_reported_once_for_all_its_functions(step: int, slowest: int, seconds: int, project: Project):
    project.write({"template.yaml": more(3, step).replace("Timeout: 180", "Timeout: 31")})
    messages = [each["message"] for each in json.loads(project.json("--edition", "both").out)["findings"]]
    assert messages == [
        "The visibility timeout of 'Orders', 60 seconds, must be at least the timeout of "
        f"'Function{slowest}', {seconds} seconds.",
        *(
            f"The visibility timeout of 'Queue{each}', 30 seconds by default, must be at least the timeout of "
            "'Worker', 31 seconds."
            for each in range(3)
        ),
    ]


WORKING = ("timeouts.py", "across.py")
"""The modules whose calls are counted."""


def work(count: int) -> int:
    """Return how many functions are called to read a template and compare the resources of its mappings."""
    text = more(count)
    source = SourceFile("a.yaml", text, marked(text.encode(), "current"))
    calls = 0

    def seen(frame: Any, event: str, argument: object) -> None:
        nonlocal calls
        calls += event == "call" and frame.f_code.co_filename.endswith(WORKING)

    sys.setprofile(seen)
    try:
        resources(source, "current")
    finally:
        sys.setprofile(None)
    return calls


def test_work_grows_linearly_with_the_number_of_resources():
    one, two, four = (work(count) for count in (50, 100, 200))
    assert abs((four - two) - 2 * (two - one)) <= 10


# Findings in files that have this one.


@pytest.fixture
def today(project: Project) -> Project:
    """Return a project whose edition is the default of the command."""
    project.monkeypatch.setenv("LAMBDA_VALIDATE_EDITION", "both")
    return project


def test_the_finding_can_be_ignored_next_to_the_value(today: Project):
    ignored = "{VisibilityTimeout: 60}}  # lambda-validate: ignore[queue.visibility-timeout]"
    today.write({"template.yaml": CLOUDFORMATION.replace("{VisibilityTimeout: 60}}", ignored)})
    ran = today.run("--strict")
    assert (ran.code, ran.err) == (0, "lambda-validate: 0 errors, 0 warnings (1 ignored) in 1 checked file\n")


@pytest.mark.parametrize("edition", ["both", "current", "documents"])
def test_an_unused_ignore_is_reported_only_in_editions_with_the_rule(edition: str, today: Project):
    comment = "# lambda-validate: ignore-file[queue.visibility-timeout]\n"
    today.write({"template.yaml": comment + CLOUDFORMATION.replace("60", "180")})
    ran = today.json("--edition", edition)
    assert ran.rules == ([] if edition == "documents" else ["ignore.unused"])


def test_the_baseline_matches_the_finding_when_values_change(today: Project):
    today.write({"template.yaml": CLOUDFORMATION})
    today.run("--write-baseline", "known")
    today.write({"template.yaml": CLOUDFORMATION.replace("60", "61")})
    assert today.json("--baseline", "known").rules == []


def test_the_rule_can_be_selected_and_ignored(today: Project):
    today.write({"template.yaml": CLOUDFORMATION})
    assert today.json("--select", "queue").rules == [RULE]
    assert today.json("--ignore", RULE).rules == []
    assert today.json("--select", "batch-size").rules == []


@pytest.mark.parametrize("form", ["full", "concise", "github", "sarif", "junit", "html"])
def test_each_reporter_shows_the_finding(form: str, today: Project):
    today.write({"template.yaml": CLOUDFORMATION})
    out = today.run("--output-format", form).out
    assert RULE in out
    assert "must be at least the timeout of" in out


def test_sarif_describes_the_rule(today: Project):
    today.write({"template.yaml": CLOUDFORMATION})
    (run,) = json.loads(today.run("--output-format", "sarif").out)["runs"]
    (rule,) = run["tool"]["driver"]["rules"]
    assert rule["shortDescription"]["text"].startswith("The visibility timeout of a queue must be at least")
    (result,) = run["results"]
    assert result["locations"][0]["physicalLocation"]["region"]["startLine"] == 2


@pytest.mark.parametrize("edition", ["both", "current", "documents"])
def test_the_rule_is_listed_and_explained_by_its_editions(edition: str, today: Project):
    listed = today.run("--edition", edition, "--output-format", "concise", command="rules").out.split()
    assert (RULE in listed) is (edition != "documents")
    ran = today.run("--edition", "current", RULE, command="explain")
    assert ran.code == 0
    assert "Why it matters" in ran.out


def test_fix_does_not_change_the_finding(today: Project):
    today.write({"template.yaml": CLOUDFORMATION})
    assert today.json("--fix").rules == [RULE]
    assert today.read("template.yaml") == CLOUDFORMATION.encode()
