"""Test the pages of rules and of `lint/topics`: each block has the findings that are noted beside its lines."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.lint_rules import broken, reachable
from support.markdown_cases import PAGES, cases_of, parse

FORMATS = {
    *("ACK", "CDK output", "CloudFormation", "Crossplane", "SAM", "Serverless Framework"),
    *("Terraform", "Terraform JSON", "Terraform plan", "Terraform state"),
    *("AWS CLI", "HTTP"),
}
MOST_LINES = 400


def differences(page: Path, folder: Path) -> dict[str, tuple[list[str], list[str]]]:
    """Return the actual and the expected findings of each case of a page, if they differ."""
    compared = {case.id: case.compare(folder) for case in cases_of(page)}
    return {name: (found, expected) for name, (found, expected) in compared.items() if found != expected}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.parent.parent.name}/{page.stem}")
def test_each_block_has_exactly_the_expected_findings(page: Path, tmp_path: Path):
    assert differences(page, tmp_path) == {}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.parent.parent.name}/{page.stem}")
def test_a_page_is_about_its_rule_and_has_a_section_for_each_format(page: Path):
    cases = cases_of(page)
    assert {case.headings[1] for case in cases} <= FORMATS
    assert len(page.read_text("utf-8").splitlines()) <= MOST_LINES
    if page.parent.name == "rules":
        assert {case.headings[0] for case in cases} == {page.stem}
        assert page.stem in {each.rule for case in cases for each in case.expected}


IMPLIED = {each for each in reachable() if each.startswith(("function-name.", "qualifier."))}
"""Rules about members that SAM and serverless set themselves."""


@pytest.mark.parametrize(
    ("name", "missing"),
    [
        ("CloudFormation", set()),
        ("SAM", IMPLIED | {"arn.guard", "destination.self"}),
        ("Serverless Framework", IMPLIED | {"on-failure.type", "on-success.type"}),
        ("ACK", set()),
        ("Crossplane", set()),
    ],
)
def test_every_rule_that_can_be_broken_is_broken_in_some_case(name: str, missing: set[str]):
    assert reachable() - broken(name) == missing


# The format of the pages.

YAML = """\
apiVersion: lambda.services.k8s.aws/v1alpha1
kind: EventSourceMapping
metadata:
  name: it
spec:
  functionName: worker
  eventSourceARN: arn:aws:sqs:us-west-2:123456789012:orders
"""
PAGE = f"""\
# batch-size.sqs

Prose.

## ACK

```yaml
{YAML}  batchSize: 11{{beside}}
```

```toml
[rules]  # error: is no finding here
```
"""
JSON = """\
# batch-size.sqs
## ACK
### JSON
```json deployment.json
{"apiVersion": "lambda.services.k8s.aws/v1alpha1", "kind": "EventSourceMapping",
 "spec": {"functionName": "worker", "eventSourceARN": "arn:aws:sqs:us-west-2:123456789012:orders", "batchSize": 11}}
```

```expect
2:113 error batch-size.sqs
```
"""


def write(folder: Path, text: str) -> Path:
    page = folder / f"{len(list(folder.iterdir()))}.md"
    page.write_text(text, "utf-8")
    return page


def test_expectations_are_read_from_comments_or_a_following_block(tmp_path: Path):
    for beside in ("  # error: 14 batch-size.sqs", "  # error: batch-size.sqs"):
        assert differences(write(tmp_path, PAGE.format(beside=beside)), tmp_path) == {}
    assert differences(write(tmp_path, JSON), tmp_path) == {}
    assert differences(write(tmp_path, JSON.replace("2:113", "2")), tmp_path) == {}
    (case,) = parse(JSON)
    assert (case.line, case.headings, case.file_name) == (4, ("batch-size.sqs", "ACK", "JSON"), "deployment.json")
    (case,) = parse(PAGE.format(beside="  # error: 14 batch-size.sqs  # warning: batch-size.type"))
    assert case.text == f"{YAML}  batchSize: 11\n"
    assert [str(each) for each in case.expected] == ["8:14 error batch-size.sqs", "8 warning batch-size.type"]


@pytest.mark.parametrize(
    "page",
    [
        PAGE.format(beside=""),
        PAGE.format(beside="  # warning: 14 batch-size.sqs"),
        PAGE.format(beside="  # error: 13 batch-size.sqs"),
        PAGE.format(beside="  # error: 14 batch-size.kinesis"),
        PAGE.format(beside="  # error: 14 batch-size.sqs  # error: 14 batch-size.sqs"),
        PAGE.format(beside="\n  enabled: true  # error: 14 batch-size.sqs"),
        PAGE.format(beside="\n  - [  # error: 14 batch-size.sqs"),
        PAGE.replace("lambda.services.k8s.aws", "example.org").format(beside=""),
        JSON.replace("2:113", "1:113"),
        JSON.replace("2:113", "2:114"),
        JSON.replace("error", "warning"),
        JSON.partition("```expect")[0],
    ],
)
def test_differences_from_expectations_are_reported_with_their_case(page: str, tmp_path: Path):
    (name,) = differences(write(tmp_path, page), tmp_path)
    assert name in ("line 7: ACK", "line 4: ACK, JSON")


@pytest.mark.parametrize(
    ("page", "message"),
    [
        ("```yaml\na: 1\n", "line 1: the block is never closed"),
        ("```yaml a b\n```\n", "line 1: expected a language and at most one file name after the fence"),
        ("```\n```\n", "line 1: expected a language and at most one file name after the fence"),
        ("```yml\n```\n", "line 1: unknown language 'yml'"),
        ("```yaml\na: 1  # error batch-size.sqs\n```\n", "line 2: expected two spaces and '# error: [COLUMN] RULE'"),
        ("```yaml\na: 1 # error: batch-size.sqs\n```\n", "line 2: expected two spaces and '# error: [COLUMN] RULE'"),
        ("```yaml\na: 1  # Warning: x.y\n```\n", "line 2: expected two spaces and '# error: [COLUMN] RULE'"),
        ("```expect\n1:1 error a.b\n```\n", "line 1: expected a block without expectations above"),
        ("```json\n{}\n```\n```expect\n```\n", "line 4: the block lists no finding; leave it out"),
        ("```json\n{}\n```\n```expect\n1:1 a.b\n```\n", "line 5: expected 'LINE[:COLUMN] SEVERITY RULE'"),
        ("```yaml\na: 1  # error: a.b\n```\n```expect\n1 error a.b\n```\n", "line 4: expected a block without"),
        ("```json\n{}\n```\n```text\n```\n```expect\n1 error a.b\n```\n", "line 6: expected a block without"),
    ],
)
def test_a_malformed_page_is_rejected(page: str, message: str):
    with pytest.raises(ValueError, match=r"^line \d+: ") as raised:
        parse(page)
    assert str(raised.value).startswith(message)
