"""Test prepared answers: their status, and how many errors each rendering counts and lists."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lambda_validate import http
from lambda_validate.http.answers import ERROR_KINDS, INVALID_REQUEST, UNFIT, message_of

STATUSES = {
    "headers.limit": 431, "target.size": 414, "route.unknown": 404, "route.method": 405, "body.size": 413,
    "body.slow": 408, "content-type.unexpected": 415, "body.compressed": 415,
}  # fmt: skip
JSON = [("content-type", "application/json")]
VALID = {"FunctionName": "f", "EventSourceArn": "arn:aws:sqs:us-west-2:123456789012:q"}


def test_each_kind_of_error_has_its_status() -> None:
    assert {rule: kind.status for rule, kind in ERROR_KINDS.items()} == STATUSES
    assert (INVALID_REQUEST.status, UNFIT.status) == (400, 500)


def answered(errors: int, rendering: Any) -> dict[str, Any]:
    """Return the body of the answer to a request with this many unknown members."""
    body = json.dumps({**VALID, **{f"n{number}": 1 for number in range(errors)}}).encode()
    check = http.check_request("POST", "/2015-03-31/event-source-mappings/", JSON, body, rendering=rendering)
    assert check.answer
    found: dict[str, Any] = json.loads(check.answer.body)
    return found


@pytest.mark.parametrize("errors", [1, 2, 50, 51, 120])
def test_the_service_rendering_counts_all_errors_and_lists_fifty(errors: int) -> None:
    body = answered(errors, "service")
    assert body["message"].startswith(f"{errors} validation error{'s' * (errors > 1)} detected: ")
    assert body["message"].count("There is no member") == len(body["fieldList"]) == min(errors, 50)
    assert body["message"].endswith(f"; and {errors - 50} more") == (errors > 50)
    assert "more" in body["message"] or errors <= 50
    assert body["Type"] == "User"


@pytest.mark.parametrize("errors", [1, 2, 50, 51, 120])
def test_a_problem_lists_fifty_errors_and_says_how_many_more_there_are(errors: int) -> None:
    body = answered(errors, "problem")
    assert len(body["errors"]) == min(errors, 50)
    assert body.get("more", 0) == max(errors - 50, 0)
    assert ("more" in body) == (errors > 50)
    assert body["status"] == 400


def test_pointers_are_truncated() -> None:
    name = "n" * 300
    body = json.dumps({**VALID, name: 1}).encode()
    check = http.check_request("POST", "/2015-03-31/event-source-mappings/", JSON, body, rendering="problem")
    assert check.answer
    assert json.loads(check.answer.body)["errors"][0]["pointer"] == f"/{name}"[:200]


def test_an_invalid_response_is_rendered_as_a_server_error() -> None:
    check = http.check_response("CreateEventSourceMapping", 202, JSON, b'{"BatchSize":"1"}')
    assert check.answer
    body = json.loads(check.answer.body)
    assert (check.answer.status, body["Type"]) == (500, "Service")
    assert message_of("ServiceException") in body
