"""Test the rule ids in cfn-lint, which users write into their settings."""

from __future__ import annotations

from importlib import metadata, util

import pytest
from support.markdown_cases import of_format

from lambda_validate.cfnlint import numbers, partner
from lambda_validate.lint.findings.lint_rules import own
from lambda_validate.lint.findings.resource import LINTED
from lambda_validate.validator.rules import ids

PINNED = {
    "access-configs.type": 1001, "batch-size.sqs": 1009, "destination.fifo": 1032, "member.unknown": 1123,
    "queue.visibility-timeout": 1156, "uuid.type": 1226,
}  # fmt: skip
"""Some numbers of the first release. They show that no name was inserted before another one."""


def test_no_number_has_changed():
    assert {name: numbers.NUMBERS[name] for name in PINNED} == PINNED


def test_every_rule_has_one_number():
    assert len(set(numbers.NAMES)) == len(numbers.NAMES) == len(numbers.NUMBERS)


def test_every_rule_that_a_template_breaks_in_some_case_has_a_number():
    broken = {each.rule for case in of_format("CloudFormation", "SAM") for each in case.expected}
    assert broken - numbers.NUMBERS.keys() == set()


def test_every_number_is_that_of_a_rule_that_is_or_was():
    known = {id for edition in ("documents", "current") for id in ids(edition, LINTED) | own(edition).keys()}
    assert numbers.NUMBERS.keys() - known == set()


@pytest.mark.parametrize(
    ("rule", "severity", "id"),
    [("batch-size.sqs", "error", "EL1009"), ("batch-size.sqs", "warning", "WL1009"), ("body.size", "error", None)],
)
def test_the_letter_of_an_id_is_the_severity(rule: str, severity: str, id: str | None):
    assert numbers.id_of(rule, severity) == id


def test_without_cfn_lint_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(partner, "find_spec", lambda name: None)
    with pytest.raises(ModuleNotFoundError, match=r"^cfn-lint is missing; install lambda-validate\[cfn-lint\]$"):
        partner.check()


def test_with_an_old_cfn_lint_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(partner, "find_spec", lambda name: util.find_spec("json"))
    monkeypatch.setattr(partner, "version", lambda name: "0.87.1")
    with pytest.raises(ImportError, match=r"^cfn-lint 0\.87\.1 is too old; install lambda-validate\[cfn-lint\]$"):
        partner.check()


def test_the_distribution_names_the_extra():
    assert "cfn-lint" in (metadata.metadata("lambda-validate").get_all("Provides-Extra") or ())
