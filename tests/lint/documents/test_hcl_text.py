"""Test the HCL parser: the values of expressions, the position of each part, and the position of syntax errors."""

from __future__ import annotations

import re
from typing import Any

import pytest
from support.texts import cut, paths

from lambda_validate.lint.documents.hcl_text import MAX_HCL_CHARACTERS, parse
from lambda_validate.lint.documents.hcl_values import Conditional, Fixed, FunctionCall, Interpolation, Splat, Traversal
from lambda_validate.lint.documents.places import Document, ParseFailure
from lambda_validate.lint.documents.scalars import character
from lambda_validate.lint.unresolved.parts import Unknown


def document(text: str) -> Document:
    (found,) = parse(text)
    assert isinstance(found, Document)
    return found


def read(expression: str) -> Any:
    return document(f"locals {{\n  a = {expression}\n}}\n").value["locals"][0]["a"]


VALUES: list[tuple[str, Any]] = [
    ("1", 1),
    ("-1", -1),
    ("1.5", 1.5),
    ("2.0", 2),
    ("1e3", 1000),
    ("2.5E-1", 0.25),
    ("(5)", 5),
    ("true", True),
    ("null", None),
    ('""', ""),
    ('"a\\n\\t\\"\\\\"', 'a\n\t"\\'),
    ('"\\u00e9\\U0001F600"', "é\U0001f600"),
    ('"$${x} %%{y} $ % $x"', "${x} %{y} $ % $x"),
    ('"é${x}"', Interpolation((Fixed("é"), Traversal(("x",))))),
    ('"${x.y}"', Traversal(("x", "y"))),
    ('"${x}-${y}"', Interpolation((Traversal(("x",)), Fixed("-"), Traversal(("y",))))),
    ('"a${~ x ~}b"', Unknown()),
    ('"%{ if x }a%{ endif }"', Unknown()),
    ("[1, # one\n 2,]", [1, 2]),
    ('{a = 1, "b" : 2}', {"a": 1, "b": 2}),
    ("{(x) = 1, b = 2}", {"x": 1, "b": 2}),
    ('{"${x.y}" = 1}', Unknown()),
    ("a.b[0].c", Traversal(("a", "b", 0, "c"))),
    ("a.0.c", Traversal(("a", 0, "c"))),
    ('a["b"][each.key].c', Traversal(("a", "b", None, "c"))),
    ("a[*].b", Splat(Traversal(("a", None, "b")))),
    ("a.*.b.c", Splat(Traversal(("a", None, "b", "c")))),
    ("a.*.b[0]", Traversal(("a", None, "b"))),
    ("a[*].b[0]", Unknown()),
    ("a.*[0].b", Unknown()),
    ('x == "a" ? 1 : null', Conditional('x == "a"', 1, None)),
    ("f(1, x...)", FunctionCall("f", (1, Traversal(("x",))))),
    ("f(1).b", Unknown()),
    ("1 + 2", Unknown()),
    ("-x", Unknown()),
    ("!true", Unknown()),
    ("[for x in y : x]", Unknown()),
    ("0x1F", Unknown()),
    ("<<EOT\n a\\n $${x}\nEOT", " a\\n ${x}\n"),
    ("<<-EOT\n      x\n    y\n\n  \n       z\n    EOT", "  x\ny\n\n  \n   z\n"),
    ("<<-EOT\n\ttab\n\t  two\n\tEOT", "tab\n  two\n"),
    ("<<EOT\nEOT", ""),
    ("<<EOT\r\nx\r\nEOT", "x\r\n"),
    ("<<-EOT\n    a ${x}\n      b\n    EOT", Interpolation((Fixed("a "), Traversal(("x",)), Fixed("\n  b\n")))),
    ("<<EOT\n${f(\n1)}\nEOT", Unknown()),
]  # as `terraform console` of 1.11 evaluates them, if it can


@pytest.mark.parametrize(("expression", "value"), VALUES, ids=[expression for expression, _ in VALUES])
def test_expressions_are_evaluated(expression: str, value: Any):
    found = read(expression)
    assert found == value
    assert type(found) is type(value)


def test_huge_numbers_stay_out_of_bounds():
    assert read("9" * 5000) > 10**300
    assert read("1.0e999") > 10**300


def test_bodies_blocks_and_labels():
    text = 'resource "a" b {\n  x {\n    y = 1\n  }\n  x {}\n  # c\n}\nresource "a" "c" {}\nlocals {}\n'
    text = text.replace('"a"', '"aws_lambda_event_source_mapping"')
    kind = "aws_lambda_event_source_mapping"
    assert document(text).value == {
        "resource": [{kind: {"b": {"x": [{"y": 1}, {}]}}}, {kind: {"c": {}}}],
        "locals": [{}],
    }


def test_only_simple_attributes_of_other_resources_are_read():
    text = 'resource "x" "y" {\n  a = 1\n  b = f(1)\n  c {\n    d = 1\n  }\n}\nimport {\n  id = "m"\n}\n'
    assert document(text).value == {"resource": [{"x": {"y": {"a": 1, "b": Unknown()}}}]}


def test_positions_of_keys_and_values_are_correct():
    text = """locals {
  # é \U0001f600
  list = [1, "b", { c = true }]
  text = "é${x}" /* é */
  when = x ? "é" : 7
  deep = { é = { "f g" = <<EOT
é
EOT
  } }
}
"""
    found = document(text)
    shown = {
        ("list",): ("list", '[1, "b", { c = true }]'),
        ("list", 1): (None, '"b"'),
        ("list", 2, "c"): ("c", "true"),
        ("text",): ("text", '"é${x}"'),
        ("when", "?"): (None, '"é"'),
        ("when", ":"): (None, "7"),
        ("deep", "é"): ("é", '{ "f g" = <<EOT\né\nEOT\n  }'),
        ("deep", "é", "f g"): ('"f g"', "<<EOT\né\nEOT"),
    }
    for path, (key, value) in shown.items():
        place = found.locate(("locals", 0, *path))
        assert (cut(text, place.key), cut(text, place.value)) == (key, value)


def test_a_missing_member_is_positioned_at_the_header_of_its_block():
    text = '\n  resource "x" "y" {\n}\n'
    place = document(text).locate(("resource", 0, "x", "y", "name"))
    assert cut(text, place.key) == 'resource "x" "y"'


CHARACTERS = [
    '"plain"',
    '"a$${b}c%%{d}\\u00e9\\U0001F600\\t\\"é"',
    "<<EOT\n back\\n $${x} %%{y} é\n\n two\nEOT",
    "<<-EOT\n      x\n    y é\n\n  \n       z $${q}\n    EOT",
    "<<-EOT\n\ttab\n\t  two\n\tEOT",
]


@pytest.mark.parametrize("expression", CHARACTERS)
def test_positions_of_characters_are_correct(expression: str):
    text = f"locals {{\n  a = {expression}\n}}\n"
    found = document(text)
    value = found.value["locals"][0]["a"]
    assert value
    for index, expected in enumerate(value):
        written = cut(text, character(found, ("locals", 0, "a"), index))
        assert written is not None
        known = {"$$": "$", "%%": "%", "\\t": "\t", '\\"': '"', "\\u00e9": "é", "\\U0001F600": "\U0001f600"}
        assert known.get(written, written) == expected
    span = character(found, ("locals", 0, "a"), len(value))
    assert span is not None
    assert (span.line, span.column) >= (text[: text.rindex("\n}")].count("\n"), 1)


def test_duplicate_attributes_are_recorded_at_their_second_position():
    text = "locals {\n  a = 1\n  a = 2\n  b = { c = 1, c = 2 }\n}\n"
    found = document(text)
    assert found.repeated
    assert [(path, cut(text, found.text.span(*key))) for path, key in found.tree.repeats] == [
        (("locals", 0, "a"), "a"),
        (("locals", 0, "b", "c"), "c"),
    ]
    assert found.value["locals"] == [{"a": 2, "b": {"c": 2}}]


VALID = """
/* c */ a = 1 // x
@a = f(<<EOT\nx\nEOT\n)@a = b ?\n c :\n d@a = provider::x::f(1)@a = {for k, v in y : k => v... if v != null}
@a { b = 1 }
@a {\r\n b = 1\r\n}\r\n@a = "${"nested ${x}"}"@a = "%{ for x in y ~}${x}%{ endfor }"@a = x\n@a = "}{"
@a = "$"@a = "${x}$"@a = jsonencode({"b": [1, {c = "d"}]})@a = <<EOT\n  EOT x\nEOT\n
@ünï-1 = 1
@a = [for x in y : { a = x }]
@a = "a # b"@a = b == c && !d || e > 1 % 2@dynamic "b" {\n for_each = x\n content {\n }\n}
@a = try(b, [])[0]@a = 1e5@a = "${
 x}"@"""


@pytest.mark.parametrize("text", VALID.split("@"))
def test_syntax_accepted_by_terraform_is_accepted(text: str):
    assert not isinstance(parse(text), ParseFailure)
    assert not isinstance(parse(f"locals {{\n{text}\n}}\n"), ParseFailure)


BROKEN = [
    ("a {\n  b = \n  c = 1\n}", 2, 6, "a value after the equals sign, on the same line"),
    ('a {\n  b = "x\n}', 2, 7, "a closing quote for the string that begins here"),
    ("a {\n  b = [1\n}", 3, 1, "] to close the [ of line 2, but } is here"),
    ("a {\n  b = 1\n", 1, 3, "a closing } for the { that is here"),
    ("a = 1\n}", 2, 1, "no }, as no bracket is open that it could close"),
    ("a = <<EOT\nx\n", 1, 5, "a line with nothing but the end marker of the heredoc that begins here"),
    ("a = 1\n/* x", 2, 1, "a closing */ for the comment that begins here"),
    ('a = "${b"', 1, 9, "a closing quote for the string that begins here"),
    ('a = "${b', 1, 5, "a closing quote for the string that begins here"),
    ("a = f(1 2)", 1, 9, "a value, a comma or the closing )"),
    ("a = [1 2]", 1, 8, "a value, a comma or the closing ]"),
    ("a = 1 +", 1, 8, "a value"),
    ('a = "\\q"', 1, 6, "a valid escape after the backslash"),
    ("a = x.", 1, 7, "a name"),
    ("a: 1", 1, 2, "an argument, such as name = value, or a block, such as name { }"),
    ("é = é é", 1, 7, "an argument, such as name = value, or a block, such as name { }"),
    ('resource "a" "b"\n{\n}', 1, 17, "{ on the line where the block begins"),
    ("locals {\n  a = 1 b = 2\n}", 2, 9, "a new line before the next argument or block"),
    ('locals {\n  a = "x\n${y}"\n}', 2, 7, "a closing quote on the same line for the string that begins here"),
    ("- a: b\n", 1, 1, "{"),
]


@pytest.mark.parametrize(("text", "line", "column", "expected"), BROKEN, ids=[each[0] for each in BROKEN])
def test_syntax_errors_have_a_position_and_an_expectation(text: str, line: int, column: int, expected: str):
    assert parse(text) == ParseFailure(line, column, f"expected {expected}")


def test_every_path_has_a_position():
    text = re.sub(r"(?m)^ {4}", "", """
    locals {
      a = [{ b = [1, [2]] }, "x"]
    }
    resource "aws_lambda_event_source_mapping" "y" {
      c {
        d {}
        d { e = 1 }
      }
    }
    """)  # fmt: skip
    found = document(text)
    for path, _ in paths(found.value):
        assert found.locate(path).value is not None


def test_too_large_a_file_is_rejected_before_parsing():
    message = "expected at most 2 MB of HCL, but the file is larger than 2 MB"
    assert parse("#" * (MAX_HCL_CHARACTERS + 1)) == ParseFailure(None, None, message)
    assert document("#" * MAX_HCL_CHARACTERS).value == {}
