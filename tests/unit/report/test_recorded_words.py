"""Test that an emulator reproduces the recorded errors of the service, and that the documentation counts them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from support.paths import ROOT
from support.recorded_refusals import (
    CONCURRENCY,
    DESTINATION_PATTERN,
    FAILED,
    INVOKE,
    LATEST,
    NO_SERVICE,
    OF_ACCOUNT,
    OTHER_SERVICE,
    RECORDED,
    REPORTED,
    UNPUBLISHED,
    Refusal,
    destination,
    parameter,
)

import lambda_validate as lv
from lambda_validate.report.service_words import ServiceException, service_error

OVERLAYS = sorted((ROOT / "schemas/overlays").glob("*.json"))


def said(refusal: Refusal) -> ServiceException | None:
    """Return the answer of an emulator, or None if it accepts the request."""
    report = lv.Validator("current").validate_request(refusal.operation, refusal.payload)
    errors = [each for each in report.found if each.constraint.severity == "error"]
    return service_error(errors, refusal.payload, show_values=True, operation=refusal.operation) if errors else None


@pytest.mark.parametrize("refusal", [each for each in RECORDED if each is not OF_ACCOUNT])
def test_a_recorded_refusal_is_reproduced(refusal: Refusal) -> None:
    assert said(refusal) == refusal.error


def test_the_documentation_states_how_many_are_reproduced() -> None:
    reproduced = [each for each in RECORDED if said(each) == each.error]
    stated = f"Of {len(RECORDED)} recorded refusals, {len(reproduced)} are reproduced letter for letter."
    print(stated)
    assert (len(RECORDED), len(reproduced)) == (43, 42)
    assert stated in " ".join((ROOT / "docs/reference/http.md").read_text("utf-8").split())


def test_what_the_account_decides_is_accepted() -> None:
    assert said(OF_ACCOUNT) is None


@pytest.mark.parametrize("refusal", REPORTED)
def test_a_reported_refusal_is_reproduced(refusal: Refusal) -> None:
    assert said(refusal) == refusal.error


OTHERS = {"Creating", f"Value null at 'tagKeys' {FAILED} not be null"}
"""Citations of an overlay that are no message of a rule: a value in a response, and a constraint of the model."""


def seen(schema: Any) -> Iterator[str]:
    """Yield the messages that an overlay cites as evidence of its rules."""
    if isinstance(schema, dict):
        comment = schema.get("$comment", "")
        if "Seen" in comment:
            yield from {*re.findall("`(.+?)`", comment)} - OTHERS
        yield from (each for value in schema.values() for each in seen(value))
    elif isinstance(schema, list):
        yield from (each for value in schema for each in seen(value))


def test_what_a_rule_was_seen_to_say_is_what_an_emulator_says() -> None:
    recorded = json.loads((ROOT / "lambda_validate/report/service_sentences.json").read_text("utf-8"))
    sentences = [*recorded["sentences"].values(), *recorded["operations"][f"Put{CONCURRENCY}"].values()]
    forms = [re.compile(re.sub(r"\\\{\w+\\\}", ".+", re.escape(each))) for each in sentences]
    cited = [each for path in OVERLAYS for each in seen(json.loads(path.read_text("utf-8")))]
    assert len({*cited}) > 20
    assert [each for each in cited if not any(form.fullmatch(each) for form in forms)] == []


def test_words_that_differ_by_operation_are_those_of_the_operation() -> None:
    found = lv.Validator("current").validate_request(f"Put{CONCURRENCY}", LATEST)
    assert found.service_message() == UNPUBLISHED
    message = found.service_message(operation=f"Put{CONCURRENCY}")
    assert message == "Provisioned Concurrency Configs cannot be applied to unpublished function versions."


def test_a_rule_of_the_type_has_our_words() -> None:
    _, message = said(parameter(INVOKE, "", **destination("OnSuccess", 1))) or ("", "")  # type: ignore[arg-type]  # wrong
    assert message.startswith("Destination must be the ARN of a function")


def test_without_values_a_destination_has_our_words() -> None:
    report = lv.Validator("current").validate_request(INVOKE, destination("OnSuccess", OTHER_SERVICE))
    assert report.service_message().startswith("Destination must be the ARN of a function")
    report = lv.Validator("current").validate_request(INVOKE, destination("OnSuccess", NO_SERVICE))
    place = "1 validation error detected: Value at 'destinationConfig.onSuccess.destination'"
    assert report.service_message() == f"{place} {FAILED} {DESTINATION_PATTERN}"
