"""Test titles that are derived from shape names."""

from __future__ import annotations

import pytest

from lambda_validate import schema
from lambda_validate.catalog.models.titles import title


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        ("KMSKeyArn", "a KMS key ARN"),
        ("KMSKeyArnNonEmpty", "a KMS key ARN"),
        ("NonEmptyString", "a non empty string"),
        ("Arn", "an ARN"),
        ("S3Bucket", "an S3 bucket"),
        ("", "a text"),
    ],
)
def test_the_name_of_a_shape_in_words(shape: str, words: str):
    assert title(shape) == words


def test_a_choice_is_a_string():
    types = schema("CreateFunction", "request", edition="current")["$defs"]
    assert {types[each]["title"] for each in ("Runtime", "SnapStartApplyOn", "PackageType")} == {"a string"}
