"""Use the pytest plugin, in tests that type checkers accept."""

from collections.abc import Callable
from typing import Any

import pytest

import lambda_validate as lv
from lambda_validate.strategies import Case


@pytest.mark.lambda_validate(operation="CreateEventSourceMapping", valid=True)
def test_valid_cases_are_accepted(lambda_case: Case, lambda_validator: lv.Validator) -> None:
    """Validate a generated case."""
    assert lambda_case.valid
    assert lambda_validator.validate_request("CreateEventSourceMapping", lambda_case.payload).ok


def test_a_strategy(lambda_requests: Callable[..., Any]) -> None:
    """Make a strategy."""
    assert lambda_requests("CreateEventSourceMapping", source="sqs")
