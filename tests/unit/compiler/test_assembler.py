"""Test the instructions for a schema, in the notation of `native/instructions.py` without names."""

from __future__ import annotations

from typing import Any

import pytest

from lambda_validate.compiler.plan import any_table, compile_plan
from lambda_validate.compiler.program import SERVICES
from lambda_validate.native.instructions import OPERATIONS, Instruction
from lambda_validate.report.policy import Policy

LETTERS = {"type": "string", "pattern": "^(?:a+)$(?!\\n)"}
PROGRAMS: list[tuple[Any, str]] = [
    ({"type": "object", "required": ["Name"], "properties": {"Name": {"type": "string", "maxLength": 64}},
      "additionalProperties": False},
     "is-object unless 7; open 0 1 2; has 2 unless 7; is-string 2 unless 7; length-above 2 number 64 if 7; "
     "closed 1 unless 7; pass; fail"),
    ({"type": "integer", "minimum": -1, "maximum": 2},
     "is-integer unless 4; below number -1 if 4; above number 2 if 4; pass; fail"),
    ({"type": "number", "minimum": 0.5}, "is-number unless 3; below number 0.5 if 3; pass; fail"),
    ({"type": "boolean"}, "is-boolean unless 2; pass; fail"),
    ({"type": ["null", "integer"]}, "is-null if 2; is-integer unless 3; pass; fail"),
    ({"enum": ["a", 1]}, "one-of unless 2; pass; fail"),
    ({"const": "a"}, "is-string unless 2; listed 0 1 if 4; is-string if 5; one-of unless 5; pass; fail"),
    (LETTERS, "is-string unless 3; walk-later; pass; fail"),
    ({"type": "string", "format": "filter-pattern"}, "is-string unless 3; call-later 0 0 1; pass; fail"),
    ({"type": "array", "maxItems": 2, "items": {"type": "string", "enum": ["x", "y"]}},
     "is-array unless 8; length-above number 2 if 8; begin 1; each-item 0 2 1 to 7; is-string 2 unless 8; "
     "listed 2 1 unless 8; jump to 3; pass; fail"),
    ({"type": "object", "propertyNames": {"type": "string", "minLength": 2}},
     "is-object unless 7; begin 1; each-member 0 2 1 to 6; is-string 2 unless 7; length-below 2 number 2 if 7; "
     "jump to 2; pass; fail"),
    ({"type": "object", "additionalProperties": {"type": "string"}},
     "is-object unless 9; open 0 1 2; closed 1 if 8; begin 2; each-member 0 3 2 to 8; listed 3 1 if 7; "
     "is-string 4 unless 9; jump to 4; pass; fail"),
    ({"type": "object", "properties": {"A": {"type": "string"}}, "then": {"required": ["B"]},
      "else": {"required": ["C"]}, "if": {"required": ["A"], "properties": {"A": {"const": "x"}}}},
     "is-object unless 10; open 0 1 2; has 2 unless 4; is-string 2 unless 10; has 2 unless 8; equals 2 unless 8; "
     "has 3 unless 10; jump to 9; has 4 unless 10; pass; fail"),
    ({"type": "object", "properties": {"N": {"$ref": "#"}}},
     "is-object unless 5; open 0 1 2; has 2 unless 4; meets 2 1 3 unless 5; pass; fail; "
     "is-object unless 11; open 0 1 2; has 2 unless 10; meets 2 1 3 unless 11; pass; fail"),
    ({"type": "object", "required": ["Z"], "properties": {"A": {"type": "object", "required": ["B"], "properties": {
        "B": {"type": "string"}, "C": {"type": "object", "required": ["D"]}}}}},
     "is-object unless 13; open 0 1 2; has 2 unless 13; has 3 unless 12; is-object 3 unless 13; open 3 2 5; "
     "has 5 unless 13; is-string 5 unless 13; has 6 unless 12; is-object 6 unless 13; open 6 3 8; has 8 unless 13; "
     "pass; fail"),
    ({"type": "object", "not": {"required": ["A", "B"]}},
     "is-object unless 5; open 0 1 2; has 2 unless 4; has 3 if 5; pass; fail"),
    ({"type": "object", "x-relation": "pollers-ordered"},
     "is-object unless 6; open 0 1 2; has 2 unless 5; has 3 unless 5; call-later; pass; fail"),
]  # fmt: skip


def named(row: Instruction) -> str:
    *operands, jump, sense, number = row
    words = [OPERATIONS[operands.pop(0)], *map(str, operands)]
    while words[-1] == "0":
        words.pop()
    is_test = OPERATIONS.index("has") <= row[0]
    where = ("if" if sense else "unless") if is_test else "to"
    return " ".join([*words, *([f"number {number:g}"] if number else []), *([f"{where} {jump}"] if jump else [])])


@pytest.mark.parametrize(("schema", "program"), PROGRAMS, ids=[str(number) for number in range(len(PROGRAMS))])
def test_a_schema_becomes_these_instructions(schema: Any, program: str) -> None:
    made = compile_plan(schema, Policy(), any_table)
    assert made
    assert "; ".join(map(named, made.code)) == program
    registers = [size for _, size in made.functions]
    assert all(
        max(row[1], row[2] if OPERATIONS[row[0]].startswith("each") else 0) < max(registers) for row in made.code
    )


def test_a_number_that_no_double_holds_has_no_plan() -> None:
    for bound, is_there in ((2**53, True), (2**53 + 1, False), (2**60, False)):
        for keyword in ("minimum", "maximum"):
            for number in (bound, -bound):
                made = compile_plan({"type": "integer", keyword: number}, Policy(), any_table)
                assert (made is not None) == is_there, (keyword, number)


def asking(services: int) -> Any:
    """Return a schema that tests which of some services an ARN names."""
    of_one = (
        {"required": ["Arn"], "properties": {"Arn": {"type": "string", "pattern": f"^arn:[^:]*:s{number}:"}}}
        for number in range(services)
    )
    rules = [{"if": one, "then": {"required": [f"M{number}"]}} for number, one in enumerate(of_one)]
    return {"type": "object", "properties": {"Arn": {"type": "string"}}, "allOf": rules}


def test_a_plan_compares_with_28_services() -> None:
    assert SERVICES == 28
    made = compile_plan(asking(28), Policy(), any_table)
    assert made
    assert made.names[0] == tuple((f"s{number}", number + 1, True) for number in range(28))
    masks = [row[2] for row in made.code if OPERATIONS[row[0]] == "service-in"]
    assert masks == [2 << number for number in range(28)]
    assert compile_plan(asking(29), Policy(), any_table) is None
