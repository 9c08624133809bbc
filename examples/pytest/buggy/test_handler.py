"""The same test as for the right handler; here it fails, and the ids of the failures tell why."""

from __future__ import annotations

import pytest
from handler import get_config


@pytest.mark.lambda_validate(operation="GetFunctionEventInvokeConfig", rule="function-name.length")
@pytest.mark.lambda_validate(operation="GetFunctionEventInvokeConfig", rule="function-name.pattern", minimal=False)
@pytest.mark.lambda_validate(operation="GetFunctionEventInvokeConfig", rule="qualifier.min-length")
@pytest.mark.lambda_validate(operation="GetFunctionEventInvokeConfig", valid=True)
def test_accepts_what_the_documents_allow_and_nothing_else(lambda_case):
    """Each generated request becomes a test of its own."""
    status, _ = get_config(lambda_case.payload)
    assert (status == 200) is lambda_case.valid
