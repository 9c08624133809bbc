"""Test damaged templates: none raises, and each finding has a position."""

from __future__ import annotations

import io

import pytest
from support.damage import DAMAGES, survives
from support.markdown_cases import of_format
from support.steps import calls

import lambda_validate as lv
from lambda_validate.lint.runner import lint

TEXTS = [case.text.encode() for case in of_format("CloudFormation", "SAM")]
VALIDATOR = lv.Validator()

PIECES = [
    b"!Ref ", b"!If [a, b, c] ", b"*a ", b"&a ", b"<<: ", b"Fn::Transform: x", b"{", b"[", b"}", b"]", b"null ",
    b"!Ref AWS::NoValue", b"!Sub ", b"${", b": ", b"- ", b"\xff", b"\0", b'"', b"'", b"Fn::If", b"!GetAtt ", b"\t",
    b"{{resolve:a}}", b"!Join ['', [a]] ", b"Properties: ", b"Type: ",
]  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("seed", [0, *(pytest.param(each, marks=pytest.mark.exhaustive) for each in range(1, 10))])
def test_damaged_templates_never_raise(damage: str, seed: int):
    survives(damage, seed, TEXTS, PIECES)


MAPPING = "  M{}: {{Type: 'AWS::Lambda::EventSourceMapping', Properties: {}}}\n"
LAUGHS = "a: &a [x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
BRANCHES = "x0: &x0 1\n" + "".join(f"x{i + 1}: &x{i + 1} !If [c{i}, *x{i}, *x{i}]\n" for i in range(40))
GATES = "Conditions:\n  c0: !Equals [!Ref P, a]\n" + "".join(
    f"  c{i + 1}: !And [!Condition c{i}, !Condition c{i}]\n" for i in range(60)
)


@pytest.mark.parametrize(
    "text",
    [
        LAUGHS + "Resources:\n" + "".join(MAPPING.format(i, "{FunctionName: *i, Tags: *i}") for i in range(5)),
        BRANCHES + "Resources:\n" + "".join(MAPPING.format(i, "{FunctionName: *x40}") for i in range(5)),
        BRANCHES + "Resources:\n" + MAPPING.format(0, "*x40"),
        GATES + "Resources:\n" + MAPPING.format(0, "{FunctionName: !If [c60, a, b]}"),
        "Resources: &r\n" + MAPPING.format(0, "{FunctionName: *r, Tags: *r}"),
        "Resources:\n" + MAPPING.format(0, "{FunctionName: !Sub '" + "${a}" * 50_000 + "'}"),
        "Resources:\n" + MAPPING.format(0, "{FunctionName: !Sub '" + "${" * 100_000 + "'}"),
        "Resources:\n" + MAPPING.format(0, "{" + ", ".join(f"B{i}: !If [c{i}, 1, 2]" for i in range(500)) + "}"),
    ],
    ids=["laughs", "branches", "branched objects", "gates", "itself", "holes", "openings", "conditions"],
)
def test_explosive_templates_take_bounded_work(text: str):
    outcomes = []
    calls(lambda: outcomes.append(lint(["-"], io.BytesIO(text.encode()), VALIDATOR)), limit=10_000_000)
    assert [each.files for each in outcomes] == [1]
