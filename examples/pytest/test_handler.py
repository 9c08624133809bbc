"""Test that the handler agrees with the documents, case by case. `pip install . pytest` in a clone, then `pytest`."""

from __future__ import annotations

import pytest
from handler import get_config

OPERATION = "GetFunctionEventInvokeConfig"


@pytest.mark.lambda_validate(operation=OPERATION, edition="documents")
def test_accepts_what_the_documents_allow_and_nothing_else(lambda_case):
    """Each generated request becomes a separate test. Its id names the rule that it breaks."""
    status, _ = get_config(lambda_case.payload)
    assert (status == 200) is lambda_case.valid


@pytest.mark.lambda_validate(operation=OPERATION, edition="documents", valid=True)
def test_answers_as_the_documents_say(lambda_case, lambda_validator):
    """The response of the handler is validated too: the body by its schema, the status by the list of statuses."""
    status, body = get_config(lambda_case.payload)
    report = lambda_validator.validate_response(OPERATION, body, status=status)
    assert report.ok, report.errors
