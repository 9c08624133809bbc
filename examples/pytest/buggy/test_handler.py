"""Run the test of the correct handler on the buggy one. It fails, and the ids of the failures name the rules."""

from __future__ import annotations

from functools import partial

import pytest
from handler import get_config

OPERATION = "GetFunctionEventInvokeConfig"

BY_DOCUMENTS = partial(pytest.mark.lambda_validate, operation=OPERATION, edition="documents")


@BY_DOCUMENTS(rule="function-name.length")
@BY_DOCUMENTS(rule="function-name.pattern", minimal=False)
@BY_DOCUMENTS(rule="qualifier.min-length")
@BY_DOCUMENTS(valid=True)
def test_accepts_what_the_documents_allow_and_nothing_else(lambda_case):
    """Each generated request becomes a separate test."""
    status, _ = get_config(lambda_case.payload)
    assert (status == 200) is lambda_case.valid
