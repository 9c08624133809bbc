"""Test that conditional rules become equivalent branches, and that patterns are merged only if this is proved."""

from __future__ import annotations

import re
from typing import Any

import hypothesis.strategies as st
import jsonschema
import jsonschema_rs
import pytest
import regex
from hypothesis import given, settings

from lambda_validate import catalog
from lambda_validate.export.ascii import in_ascii, widens
from lambda_validate.export.branches import Branches
from lambda_validate.export.dialects import Draft04, changed, draft_07
from lambda_validate.export.terms import KINDS, kind_of
from lambda_validate.patterns.properties import spelt
from lambda_validate.strategies.sets.texts import Texts, is_empty, meet, simplified

QUEUE, STREAM = {"pattern": "^q"}, {"pattern": "^s"}
FROM_QUEUE = {"required": ["A"], "properties": {"A": QUEUE}}
TYPES = {"Queue": {"description": "A queue.", **FROM_QUEUE}, "Name": {"type": "string", "maxLength": 3}}


def expanded(schema: Any, union: str = "anyOf") -> Any:
    return Branches(TYPES, union).expanded(schema)


def keywords(schema: Any) -> set[str]:
    found: set[str] = set()

    def seen(node: dict[str, Any]) -> Any:
        found.update(node)
        return node

    changed(schema, seen)
    return found


class TestBranches:
    def test_a_schema_without_conditions_is_unchanged(self) -> None:
        schema = {"type": "object", "properties": {"A": {"$ref": "#/$defs/Name"}}, "additionalProperties": False}
        assert expanded(schema) == schema

    def test_each_branch_is_a_complete_object(self) -> None:
        schema = {
            "type": "object",
            "properties": {"A": {"type": "string"}, "B": {"type": "integer", "maximum": 100}},
            "required": ["A"],
            "additionalProperties": False,
            "allOf": [{"if": {"$ref": "#/$defs/Queue"}, "then": {"properties": {"B": {"maximum": 10}}}}],
        }
        queue, other = expanded(schema)["anyOf"]
        assert queue["properties"] == {
            "A": {"type": "string", "pattern": "^q"},
            "B": {"type": "integer", "maximum": 10},
        }
        assert other["properties"] == {
            "A": {"type": "string", "not": {"pattern": "^q"}},
            "B": {"type": "integer", "maximum": 100},
        }
        assert all(each["additionalProperties"] is False and each["required"] == ["A"] for each in (queue, other))

    def test_unsatisfiable_branches_are_removed(self) -> None:
        schema = {
            "type": "object",
            "properties": {"A": {"type": "string", "pattern": "^s"}},
            "required": ["A"],
            "allOf": [{"if": FROM_QUEUE, "then": {"required": ["B"]}}],
        }
        assert expanded(schema) == {
            "type": "object",
            "properties": {"A": {"type": "string", **STREAM}},
            "required": ["A"],
        }

    def test_a_member_that_a_branch_forbids_is_not_among_its_members(self) -> None:
        schema = {
            "type": "object",
            "properties": {"A": {}, "B": {"type": "string"}},
            "additionalProperties": False,
            "if": {"required": ["A"]},
            "then": {"properties": {"B": {"not": {}}}},
        }
        with_a, without = expanded(schema)["anyOf"]
        assert list(with_a["properties"]) == ["A"]
        assert list(without["properties"]) == ["B"]

    def test_a_condition_on_one_member_splits_only_that_member(self) -> None:
        rule = {
            "if": {"required": ["A"], "properties": {"A": {"minimum": 0}}},
            "then": {"properties": {"A": {"minimum": 60}}},
        }
        found = expanded({"type": "object", "properties": {"A": {"type": "integer", "minimum": -1}}, "allOf": [rule]})
        assert found["properties"]["A"] == {
            "anyOf": [{"type": "integer", "minimum": 60}, {"type": "integer", "minimum": -1, "maximum": -1}]
        }

    def test_examples_and_defaults_that_a_branch_rejects_are_left_out(self) -> None:
        base = {"type": "string", "examples": ["queue", "stream"], "default": "stream"}
        assert expanded({**base, "allOf": [QUEUE]}) == {"type": "string", "examples": ["queue"], **QUEUE}

    def test_not_integer_excludes_floats_with_integral_values(self) -> None:
        found = expanded({"type": "number", "allOf": [{"not": {"type": "integer"}}]})
        assert [accepts(found, each) for each in (1, 1.0, 1.5, "1.5")] == [False, False, True, False]

    def test_an_unsatisfiable_schema_rejects_everything(self) -> None:
        assert expanded({"allOf": [{"type": "string"}, {"type": "integer"}]}) == {"not": {}}

    @pytest.mark.parametrize("name", catalog.operations("current"))
    def test_no_expanded_operation_has_conditional_keywords(self, name: str) -> None:
        for direction in catalog.DIRECTIONS:
            schema = catalog.portable(catalog.operation(name, "current").schema(direction))
            branches = Branches(schema.get("$defs", {}))
            assert keywords(branches.expanded(schema)) & {"if", "then", "else"} == set()


VALUES = st.sampled_from(["", "q", "s", "qs", "sq", "qqqq", 0, 1, 1.5, -3, True, None, [], ["q"], {}, "sss"])
NAMES = ("A", "B")
PAYLOADS = st.dictionaries(st.sampled_from((*NAMES, "C")), VALUES, max_size=3) | VALUES
KEYWORDS: dict[str, st.SearchStrategy[Any]] = {
    "type": st.sampled_from(["string", "integer", "number", "object", "array", ["string", "null"]]),
    "enum": st.lists(st.sampled_from(["q", "s", 1, None]), min_size=1, max_size=3, unique_by=repr),
    "const": st.sampled_from(["q", 1, 1.5]),
    "minLength": st.integers(0, 3), "maxLength": st.integers(0, 3),
    "pattern": st.sampled_from(["^q", "^s", "s$(?!\\n)", "^(?:q+)$(?!\\n)"]),
    "minimum": st.integers(-2, 2), "maximum": st.integers(-2, 2),
    "maxItems": st.integers(0, 1), "minProperties": st.integers(0, 2),
    "required": st.lists(st.sampled_from(NAMES), unique=True, max_size=2),
    "additionalProperties": st.booleans(),
    "$ref": st.sampled_from(["#/$defs/Queue", "#/$defs/Name"]),
}  # fmt: skip


def some(keywords: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[Any]:
    names = st.lists(st.sampled_from(list(keywords)), unique=True, max_size=4)
    return names.flatmap(lambda chosen: st.fixed_dictionaries({name: keywords[name] for name in chosen}))


def deeper(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    members, several = (
        st.dictionaries(st.sampled_from(NAMES), inner, max_size=2),
        st.lists(inner, min_size=1, max_size=3),
    )
    nested = {"properties": members, "allOf": several, **dict.fromkeys(("not", "items", "propertyNames"), inner)}
    conditional = st.fixed_dictionaries({"if": inner}, optional={**KEYWORDS, "then": inner, "else": inner})
    return some({**KEYWORDS, **nested}) | conditional


SCHEMAS = st.recursive(some(KEYWORDS) | st.booleans(), deeper, max_leaves=8)


def accepts(schema: Any, value: Any, kind: Any = jsonschema.Draft202012Validator) -> bool:
    whole = {"allOf": [schema], "$defs": TYPES, "definitions": TYPES}
    return bool(kind(whole).is_valid(value))


@settings(max_examples=300)
@given(SCHEMAS, st.lists(PAYLOADS, min_size=8, max_size=8))
def test_an_expanded_schema_accepts_the_same_payloads(schema: Any, payloads: list[Any]) -> None:
    found = expanded(schema, "oneOf")
    assert [accepts(found, each) for each in payloads] == [accepts(schema, each) for each in payloads]


@settings(max_examples=100)
@given(SCHEMAS, st.lists(PAYLOADS, min_size=8, max_size=8))
def test_draft_07_accepts_the_same_payloads_as_2020_12(schema: Any, payloads: list[Any]) -> None:
    found, older = draft_07(schema), jsonschema.Draft7Validator
    assert [accepts(found, each, older) for each in payloads] == [accepts(schema, each) for each in payloads]


class TestDraft04:
    @pytest.mark.parametrize(
        ("schema", "older"),
        [
            ({"const": 1}, {"enum": [1]}),
            ({"exclusiveMinimum": 1}, {"minimum": 1, "exclusiveMinimum": True}),
            ({"properties": {"A": True, "B": False}}, {"properties": {"A": {}, "B": {"not": {}}}}),
            ({"anyOf": [False, {"type": "null"}]}, {"anyOf": [{"not": {}}, {"type": "null"}]}),
            ({"pattern": "^(?:a(?<!b))$", "title": "T"}, {"title": "T"}),
            ({"pattern": r"\p{L}"}, {}),
            ({"$ref": "#/$defs/Name", "description": "D"}, {"$ref": "#/$defs/Name"}),
            ({"propertyNames": {"$ref": "#/$defs/Choice"}, "additionalProperties": {"type": "string"}},
             {"properties": {"x": {"type": "string"}}, "additionalProperties": False}),
            ({"propertyNames": {"maxLength": 1}}, {}),
            (False, {"not": {}}),
        ],
    )  # fmt: skip
    def test_keywords_unknown_to_draft_04_are_translated_or_removed(self, schema: Any, older: Any) -> None:
        assert Draft04({"Choice": {"enum": ["x"]}})(schema) == older


class TestTexts:
    KINESIS = r"^(?:arn:[^:]*:kinesis:[^:]*:stream/[a-z]+)$(?!\n)"
    ANY = r"^(?:arn:aws[a-z\-]*:[a-z]+:(?:[a-z]{2}-[0-9])?:[^\n]*)$(?!\n)"

    def test_two_patterns_of_arns_become_one(self) -> None:
        joint = r"^(?:arn:aws[a-z\-]*:kinesis:(?:[a-z]{2}-[0-9])?:stream/[a-z]+)$(?!\n)"
        assert meet(self.KINESIS, self.ANY) == joint
        assert simplified(Texts((self.ANY, "^arn:[^:]*:kinesis:", self.KINESIS))) == Texts((joint,))

    @pytest.mark.parametrize(
        "other",
        [
            r"^(?:arn:aws:[a-z]+)$(?!\n)",
            r"^(?:arn:aws:kinesis:x:stream/a|arn)$(?!\n)",
            r"^arn:aws:kinesis:x:stream",
            r"^(?:arn:(a):kinesis:\1:stream/a)$(?!\n)",
        ],
    )
    def test_unprovable_pattern_intersections_are_not_merged(self, other: str) -> None:
        joint = meet(self.KINESIS, other)
        assert joint is None or joint == other

    def test_pieces_that_may_contain_colons_are_not_merged(self) -> None:
        assert meet(r"^(?:[^\n]*:a)$(?!\n)", r"^(?:x:[^\n]*)$(?!\n)") is None  # x:y:a matches both patterns

    def test_a_pattern_without_an_automaton_is_unchanged(self) -> None:
        texts = Texts((r"(a)\1", "^q"), (r"(b)\1",))
        assert simplified(texts) == texts
        assert not is_empty(texts)

    def test_implied_patterns_are_removed(self) -> None:
        assert simplified(Texts(("^q", "^qq", "^q"), ("^s", "^qqq", "^qqqq"))) == Texts(("^qq",), ("^qqq",))


class TestUnicode:
    EVERY = "".join(map(chr, (*range(0x3100), *range(0x1D400, 0x1D800))))

    @pytest.mark.parametrize("pattern", [r"[\p{L}\p{N}_.\-]", r"\p{Z}", r"[^\P{L}]", r"\P{N}[\]]?"])
    def test_unicode_properties_are_expanded_to_ranges(self, pattern: str) -> None:
        found = spelt(pattern)
        assert "\\p" not in found.lower()
        assert re.findall(found, self.EVERY) == regex.findall(pattern, self.EVERY)

    def test_other_patterns_are_unchanged(self) -> None:
        assert spelt(r"[a-z\-]\p") == r"[a-z\-]\p"


class TestASCII:
    EVERY = "".join(map(chr, (*range(0xD800), *range(0xE000, 0x10000))))

    @pytest.mark.parametrize(
        "pattern",
        ["[a-zé-ö€]", "[^é]", "é", r"\é\n", "[éß]{2}|x", "a[\ud7ff\ue000]b?", "[é\\]]", spelt(r"^[\p{L}\p{Z}_.:\-@]+")],
    )
    def test_an_ascii_pattern_matches_the_same_characters_of_the_basic_plane(self, pattern: str) -> None:
        found = in_ascii(pattern)
        assert found.isascii()
        assert re.findall(found, self.EVERY) == re.findall(pattern, self.EVERY)

    @pytest.mark.parametrize(
        "pattern", ["[^\ud7ff\ue000]", "[^\ud7fa-\ud7ff\ue000-\ue003]{1}", "[^\ud7ff]", "[^\ue000]"]
    )
    def test_ranges_around_the_surrogates_match_in_rust(self, pattern: str) -> None:
        found = {"pattern": f"^{in_ascii(pattern)}$"}
        near = "\ud7f9\ud7fa\ud7fe\ud7ff\ue000\ue001\ue003\ue004\U0001f600"
        assert [jsonschema_rs.is_valid(found, each) for each in near] == [
            bool(re.match(pattern, each)) for each in near
        ]

    def test_an_ascii_pattern_is_unchanged(self) -> None:
        assert in_ascii(r"^[^\]a-z]\/.*$") == r"^[^\]a-z]\/.*$"

    @pytest.mark.parametrize(
        ("pattern", "one", "other", "wider"),
        [
            ("[a-zé]", False, False, False),
            (spelt(r"[\p{L}]"), True, True, True),
            ("\U0001d4b3", True, True, True),
            ("[^é]", True, True, False),
            ("[\ue000-\U0010ffff\0-\ud7ff]", True, True, False),
        ],
    )
    def test_beyond_the_basic_plane_all_or_no_characters_match(
        self, pattern: str, one: bool, other: bool, wider: bool
    ) -> None:
        """A letter and an emoji. Only the first should match a widened pattern."""
        found = re.compile(in_ascii(pattern))
        assert [bool(found.fullmatch(each)) for each in "\U0001d4b3\U0001f600"] == [one, other]
        assert bool(re.fullmatch(pattern, "😀")) is (other and not wider)
        assert widens(pattern) is wider


@pytest.mark.parametrize("value", [None, True, 1, 1.0, 1.5, "", [], {}])
def test_every_value_has_a_kind(value: Any) -> None:
    kinds = {"integer": "integer", "fraction": "number"}
    kind = kind_of(value)
    assert kind in KINDS
    assert accepts({"type": kinds.get(kind, kind)}, value)
