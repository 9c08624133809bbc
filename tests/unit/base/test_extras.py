"""Test that a module whose extra is not installed names the extra in a one-line error."""

from __future__ import annotations

import subprocess
import sys

import pytest

NEEDS = (
    ("lambda_validate.boto", "botocore", "botocore is missing; install lambda-validate[boto]"),
    ("lambda_validate.gateway.telemetry", "opentelemetry", "opentelemetry is missing; install lambda-validate[otel]"),
    ("lambda_validate.strategies.cases.drawing", "hypothesis", "hypothesis is missing; install lambda-validate[fuzz]"),
    ("lambda_validate.audit", "msgspec,pyarrow", "msgspec and pyarrow are missing; install lambda-validate[audit]"),
)


@pytest.mark.parametrize(("module", "hidden", "message"), NEEDS)
def test_a_missing_partner_is_one_line(module: str, hidden: str, message: str) -> None:
    code = f"import sys; sys.modules.update(dict.fromkeys({hidden.split(',')})); import {module}"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ran.stderr.splitlines()[-1] == f"ModuleNotFoundError: {message}"
