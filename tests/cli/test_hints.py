"""Test the hints that the command prints for common mistakes."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from lambda_validate.cli import main

pytestmark = pytest.mark.usefixtures("by_documents")


@pytest.mark.parametrize(
    ("text", "place"),
    [('{"FunctionName": "f",}', 21), ('{"FunctionName": ["f" , ]}', 23), ('{"FunctionName": "f" ,\n}', 22)],
)
def test_a_trailing_comma_is_named_with_its_place(
    text: str, place: int, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "p.json"
    file.write_text(text)
    assert main(["request", "GetFunctionEventInvokeConfig", str(file)]) == 2
    expected = f"lambda-validate: {file}:1:{place}: expected no comma before the closing bracket\n"
    assert capsys.readouterr() == ("", expected)


def test_an_empty_string_is_called_empty(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b'{"FunctionName": "f", "Qualifier": ""}')))
    assert main(["request", "GetFunctionEventInvokeConfig", "--output-format", "concise"]) == 1
    assert "Qualifier is empty; it must have at least 1 character." in capsys.readouterr().out
