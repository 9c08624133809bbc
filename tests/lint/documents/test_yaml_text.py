"""Test the YAML parser: what it rejects, how it reads values, and the position of each part."""

from __future__ import annotations

from typing import Any

import pytest
import regex
import yaml
from support.steps import calls
from support.texts import cut, paths

from lambda_validate.lint.documents import yaml_text
from lambda_validate.lint.documents.places import Document, ParseFailure, Tagged
from lambda_validate.lint.documents.scalars import character
from lambda_validate.lint.documents.yaml_text import parse

LOADERS = [yaml.SafeLoader, *([yaml.CSafeLoader] if hasattr(yaml, "CSafeLoader") else [])]


@pytest.fixture(params=LOADERS, ids=lambda loader: loader.__name__, autouse=True)
def _loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(yaml_text, "LOADER", request.param)


def documents(text: str) -> tuple[Document, ...]:
    parsed = parse(text)
    assert isinstance(parsed, tuple), parsed
    return parsed


def document(text: str) -> Document:
    (only,) = documents(text)
    return only


def failure(text: str) -> ParseFailure:
    parsed = parse(text)
    assert isinstance(parsed, ParseFailure), parsed
    return parsed


SAMPLE = """# a comment
a: [1, -2, "x y", {b: null}]  # flow
é: &anchor
  c: {}
  d: []
'q': !!str 12
日本:
- - deep
- k: v
  "l": tagged
e: plain words   # with a comment
f: 'it''s'
"""


def test_positions_of_values_are_correct():
    sample = document(SAMPLE)
    found = {path: cut(SAMPLE, sample.locate(path).value) for path, _ in paths(sample.value)}
    assert found[("a",)] == '[1, -2, "x y", {b: null}]'
    assert found[("a", 2)] == '"x y"'
    assert found[("a", 3)] == "{b: null}"
    assert found[("é",)] == "c: {}\n  d: []"
    assert found[("q",)] == "12"
    assert found[("日本",)] == '- - deep\n- k: v\n  "l": tagged'
    assert found[("日本", 0, 0)] == "deep"
    assert found[("日本", 1, "l")] == "tagged"
    assert found[("e",)] == "plain words"
    assert found[("f",)] == "'it''s'"


def test_positions_of_keys_are_correct():
    sample = document(SAMPLE)
    names = {path: cut(SAMPLE, sample.locate(path).key) for path, _ in paths(sample.value)}
    for path, name in names.items():
        assert (name or "").strip("\"'") == (path[-1] if path and isinstance(path[-1], str) else "")


def test_a_missing_member_is_positioned_at_the_key_of_its_object():
    sample = document(SAMPLE)
    assert cut(SAMPLE, sample.locate(("é", "x")).key) == "é"
    assert sample.locate(("x",)) == ((2, 1, 2, 2), None)
    assert sample.locate(("日本", 1, "x")) == ((9, 3, 9, 4), None)


def test_an_empty_value_is_positioned_at_its_key():
    sample = document("a:\nb: 1\n")
    assert sample.value == {"a": None, "b": 1}
    assert sample.locate(("a",)) == ((1, 1, 1, 2), None)


@pytest.mark.parametrize(
    ("text", "index", "written"),
    [
        ("a: abc", 1, "b"),
        ("a: 'it''s'", 2, "''"),
        ("a: 'it''s'", 3, "s"),
        ('a: "x\\ty"', 1, "\\t"),
        ('a: "x\\ty"', 2, "y"),
        ('a: "\\x41\\u0042\\U00000043d"', 3, "d"),
        ('a: "日本"', 1, "本"),
        ('a: "ab"', 2, '"'),
        ("a: &x !!str abc", 2, "c"),
        ("a: |\n  first\n  second\n", 0, "f"),
        ("a: |\n  first\n  second\n", 6, "s"),
        ("a: |\n\n  first\n    second\nb: 1\n", 9, "s"),
        ("a: |-\r\n  first\r\n  second\r\n", 7, "e"),
    ],
)
def test_positions_of_characters_in_scalars_are_correct(text: str, index: int, written: str):
    sample = document(text)
    assert cut(text, character(sample, ("a",), index)) == written


@pytest.mark.parametrize(
    "text", ["a: >\n  folded\n  text\n", "a: plain\n  folded", 'a: "quoted\n  folded"', "a: |2\n    x y"]
)
def test_folded_scalars_have_no_invented_character_positions(text: str):
    span = character(document(text), ("a",), 3)
    assert span is None or cut(text, span) == document(text).value["a"][3]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("yes", "yes"), ("no", "no"), ("on", "on"), ("Off", "Off"), ("y", "y"),
        ("true", True), ("False", False), ("TRUE", True), ("tRUE", "tRUE"),
        ("null", None), ("~", None), ("", None), ("nULL", "nULL"),
        ("12", 12), ("-12", -12), ("+12", 12), ("012", 12), ("0o14", 12), ("0x1F", 31),
        ("1_000", "1_000"), ("1:30", "1:30"),
        ("1.5", 1.5), (".5", 0.5), ("1e3", 1000.0),
        ("-.inf", float("-inf")),
        ("1.", 1.0), (".", "."), ("e3", "e3"),
        ("2024-01-01", "2024-01-01"), ("2024-01-01T00:00:00Z", "2024-01-01T00:00:00Z"), ("'12'", "12"),
        ('"true"', "true"), ("!!str 12", "12"), ("!!int 12", 12), ("!!float 1", 1.0), ("! 12", "12"),
    ],
)  # fmt: skip
def test_scalars_are_read_by_the_core_schema(written: str, value: Any):
    read = document(f"a: {written}").value["a"]
    assert read == value
    assert type(read) is type(value)


def test_scalars_are_resolved_by_the_chosen_dialect():
    for dialect, value in (("core", "yes"), ("yaml11", True)):
        parsed = parse("a: yes", dialect)
        assert isinstance(parsed, tuple)
        assert parsed[0].value == {"a": value}


def test_several_documents_have_their_own_positions():
    first, second = documents("a: 1\n---\n- b\n")
    assert (first.value, second.value) == ({"a": 1}, ["b"])
    assert second.locate((0,)).value == (3, 3, 3, 4)


def test_an_empty_file_has_no_document():
    assert documents("# nothing\n") == ()


def test_an_alias_is_positioned_at_its_use():
    text = "a: &x {k: {l: 1}}\nb: *x\n"
    sample = document(text)
    assert sample.value["b"] is sample.value["a"]
    assert cut(text, sample.locate(("b", "k", "l")).value) == "*x"
    assert cut(text, sample.locate(("b", "missing")).value) == "*x"
    assert character(sample, ("b", "k"), 0) is None


def test_anchors_are_limited_to_their_document():
    assert failure("a: &x 1\n---\nb: *x\n")[:2] == (3, 4)


def test_a_recursive_alias_is_supported():
    sample = document("a: &x [*x]")
    assert sample.value["a"][0] is sample.value["a"]


def test_merge_keys_add_missing_members_at_their_own_position():
    text = "base: &b {x: 1, y: 2}\nmore: &m {y: 3, z: 4}\nuse:\n  x: 0\n  <<: [*b, *m]\n"
    sample = document(text)
    assert sample.value["use"] == {"x": 0, "y": 2, "z": 4}
    assert cut(text, sample.locate(("use", "y")).key) == "<<"
    assert cut(text, sample.locate(("use", "x")).key) == "x"
    assert sample.locate(("use", "y")).value is not None
    assert document("a: &a {x: 1}\nb:\n  <<: *a\n  x: 2").value["b"] == {"x": 2}
    assert document("b:\n  <<: {x: 1}").value["b"] == {"x": 1}


@pytest.mark.parametrize("text", ['{"<<": {x: 1}}', "<<: 5", "<<: [1]"])
def test_an_invalid_merge_key_is_a_plain_member(text: str):
    assert "<<" in document(text).value


def test_merging_is_bounded(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(yaml_text, "MERGED", 10)
    text = "a: &a {b: 1, c: 2, d: 3}\nuses:\n" + "- <<: *a\n" * 4
    assert failure(text)[:2] == (6, 3)


def test_duplicate_members_are_recorded_and_the_last_value_wins():
    text = "a:\n  b: 1\n  b: [{c: 1, c: 2}]\n"
    sample = document(text)
    assert sample.value == {"a": {"b": [{"c": 2}]}}
    assert [(each.path, text[slice(*each.key)]) for each in sample.tree.repeats] == [
        (("a", "b"), "b"),
        (("a", "b", 0, "c"), "c"),
    ]
    assert sample.text.span(*sample.tree.repeats[0].key) == (3, 3, 3, 4)


@pytest.mark.parametrize("written", ["!Ref x", "!Sub {a: 1}", "!GetAtt [a, b]", "!!bool yes", "!<t:x> 1", "!!set {a}"])
def test_unknown_tags_are_preserved(written: str):
    sample = document(f"a: {written}\nb: 1\n")
    value = sample.value["a"]
    assert sample.tagged
    assert isinstance(value, Tagged)
    assert value.tag in written or value.tag in ("t:x", "tag:yaml.org,2002:bool", "tag:yaml.org,2002:set")
    assert sample.value["b"] == 1
    assert not document("b: 1").tagged


def test_parts_of_a_tagged_value_have_positions():
    sample = document("a: !GetAtt [x, Arn]")
    assert sample.value["a"].value == ["x", "Arn"]
    assert cut("a: !GetAtt [x, Arn]", sample.locate(("a", 1)).value) == "Arn"


def test_a_tagged_item_keeps_its_index():
    sample = document("[1, !Ref x, 3]")
    assert sample.value[::2] == [1, 3]
    assert sample.value[1].value == "x"


def test_an_object_that_merges_an_unknown_value_is_unknown():
    value = document("a:\n  <<: !Include x\n  b: 1").value["a"]
    assert isinstance(value, Tagged)
    assert value.tag == "<<"


def test_an_alias_to_a_tagged_value_is_tagged():
    sample = document("a: &x !Ref y\nb: *x\nc: &z !Sub [y]\nd: *z")
    assert sample.value["b"] is sample.value["a"]
    assert isinstance(sample.value["d"], Tagged)


def test_the_target_of_an_alias_has_its_own_position():
    text = "a: &x {k: {l: 1}}\nb: *x\nc:\n  <<: *x\n"
    sample = document(text)
    for path, written in ((("b", "k", "l"), "1"), (("b",), "{k: {l: 1}}"), (("c", "k"), "{l: 1}")):
        aliased = sample.aliased(path)
        assert aliased is not None
        assert (aliased[0], cut(text, aliased[1])) == ("*x", written)
    assert sample.aliased(("a", "k")) is None


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: [1, 2", 1), ("a: b: c", 1), ("a: 1\n b: 2", 2), ("a: *x", 1), ("%YAML 3.0\n---\na", 1), ("a: \x01", 1),
        ("a: 'x", 1), ("- a\nb", 2), ("? [a]\n: b", 1), ("!x!y a", 1), ("a:\n\t- b", 2),
    ],
)  # fmt: skip
def test_invalid_yaml_is_rejected_with_a_position(text: str, line: int):
    refused = failure(text)
    assert refused.line is not None
    assert abs(refused.line - line) <= 1
    assert refused.message.startswith("expected")
    assert "\n" not in refused.message


@pytest.mark.parametrize("text", ["[" * 100_000, "- " * 100_000, "{a: " * 100_000, "[" * 100_000 + "]" * 100_000])
def test_deep_nesting_is_rejected_in_bounded_work(text: str):
    failures = []
    calls(lambda: failures.append(failure(text)), limit=len(text))
    assert "nesting" in failures[0].message


def test_billion_laughs_are_parsed_in_bounded_work():
    lines = ["a0: &a0 [lol, lol]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 60)]
    samples = []
    calls(lambda: samples.append(document("\n".join(lines))), limit=200_000)
    assert samples[0].value["a59"][0] is samples[0].value["a58"]


def test_every_kind_of_line_break_counts_once():
    assert document("a: 1\r\nb: 2\rc: 3\n").locate(("c",)).key == (3, 1, 3, 2)


@pytest.mark.parametrize("dialect", yaml_text.DIALECTS)
def test_first_characters_of_resolved_scalars_are_listed(dialect: str):
    for first in map(chr, range(0x3000)):
        begins = any(regex.fullmatch(each.pattern.pattern, first, partial=True) for each in yaml_text.kinds(dialect))
        assert first in yaml_text.TYPED_SCALAR_STARTS or not begins
