"""Test the parts of an ARN."""

from __future__ import annotations

import pytest

from lambda_validate.base.arns import service_of


@pytest.mark.parametrize(
    ("value", "service"),
    [
        ("arn:aws:sqs:us-east-1:123456789012:q", "sqs"),
        ("arn::s3::", "s3"),
        ("arn:aws:s3:", "s3"),
        ("arn:aws:s3", None),
        ("arn:aws::x", None),
        ("xarn:aws:sqs:", None),
        ("", None),
        (7, None),
        (None, None),
    ],
)
def test_the_service_of_an_arn_is_its_third_part(value: object, service: str | None) -> None:
    assert service_of(value) == service
