"""Test that the literal types of the Python interface list the existing names."""

from __future__ import annotations

from typing import get_args, get_type_hints

import pytest

import lambda_validate as lv
from lambda_validate.catalog import DIRECTIONS


def test_the_types_hold_every_name() -> None:
    assert get_args(lv.DocumentsOperation) == lv.operations("documents")
    assert get_args(lv.Direction) == DIRECTIONS


@pytest.mark.parametrize("name", ["validate_request", "validate_response", "is_valid_request", "is_valid_response",
                                  "validate_json", "schema"])  # fmt: skip
def test_functions_take_the_literals_and_any_other_string(name: str) -> None:
    hints = get_type_hints(getattr(lv, name), {"jsonschema": object()}, vars(lv))
    assert hints["operation"] == lv.DocumentsOperation | str
    assert hints.get("direction", lv.Direction) == lv.Direction
