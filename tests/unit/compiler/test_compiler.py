"""Test that schemas compile to two checkers that agree, and that no part of a schema can become code."""

from __future__ import annotations

import ast
import json
import keyword
import re
import textwrap
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor
from types import FunctionType
from typing import Any

import pytest
from support import arbitrary

import lambda_validate as lv
from lambda_validate import compiler
from lambda_validate.catalog import SchemaError
from lambda_validate.compiler import messages, vocabulary
from lambda_validate.compiler.compile import compile_schema
from lambda_validate.patterns.matching import matcher
from lambda_validate.report.policy import VERDICT, Policy

HOSTILE_NAMES = [
    "'", '"', "'''", '"""', "\\", "\\'", "\n", "\r\n", "\t", "\x00", "\u2028", "{", "}", "{0}", "{value}", "%s",
    "#", "'] or True or instance['", "\\N{DIGIT ONE}", "'); raise SystemExit; ('", "__class__", "__import__",
    "instance", "out", "check", "v1", "", " ", "a b", "ünïcödé", "💩", "\ud800", "~", "/", "~1", *keyword.kwlist,
]  # fmt: skip
ALL = {"minLength": 1, "maxLength": 3, "pattern": "^a", "minimum": 1, "maximum": 3, "minItems": 1, "maxItems": 3,
       "minProperties": 1, "maxProperties": 3, "enum": ["b"], "const": "b", "format": "qualifier"}  # fmt: skip


def verdict(schema: Any, instance: Any, policy: Policy = Policy()) -> bool:  # noqa: B008  # immutable
    return compile_schema(schema, "verdict", policy=policy).run(instance)


def report(schema: Any, instance: Any, policy: Policy = Policy()) -> list[lv.Violation]:  # noqa: B008  # immutable
    return [lv.Violation(*each) for each in compile_schema(schema, "report", policy=policy).run(instance)]


def pointers(schema: Any, instance: Any) -> list[str]:
    assert verdict(schema, instance) is (not [each for each in report(schema, instance) if each.severity == "error"])
    return [each.pointer for each in report(schema, instance)]


def test_the_package_docstring_shows_the_generated_code() -> None:
    blocks = re.findall(r"(?:^    .*\n)+", compiler.__doc__ or "", re.MULTILINE)
    schema, code = (textwrap.dedent(block) for block in blocks)
    assert compile_schema(json.loads(schema), "verdict").source.partition("\n")[2] == code


@pytest.mark.parametrize("mode", ["verdict", "report"])
def test_a_mode_is_compared_by_equality(mode: str) -> None:
    schema = {"type": "object", "required": ["a"], "properties": {name: {name: value} for name, value in ALL.items()}}
    schema |= {
        "properties": {"a": {"type": "string", "minLength": 1, "pattern": "^(?:a+)$(?!\\n)"}, "b": {"$ref": "#"}}
    }
    built = "".join(list(mode))
    assert built is not mode
    assert compile_schema(schema, built).source == compile_schema(schema, mode).source


def test_one_emitter_serves_both_checkers() -> None:
    broken = {"required": ["a"], "minProperties": 1, "maxProperties": 0, "not": {}, "const": 1}
    for name, argument in broken.items():
        assert [each.keyword for each in report({name: argument}, {})] == [name] * (name != "maxProperties")
        assert verdict({name: argument}, {}) is (name == "maxProperties")


def test_every_keyword_has_a_message() -> None:
    stated = {*vocabulary.KEYWORDS, "type", "then", "else"} - {"$ref", "if"}
    assert stated <= messages.EXPLAIN.keys()


@pytest.mark.parametrize("mode", ["verdict", "report"])
@pytest.mark.parametrize(
    ("schema", "named"),
    [
        ({"frobnicate": 1}, "'frobnicate'"),
        ({5: 1}, "keyword 5"),
        ({"properties": {"a": {"oneOf": []}}}, "'oneOf'"),
        ({"if": {"oneOf": []}, "then": False}, "'oneOf'"),
        ({"allOf": [{"anyOf": []}], "type": "object"}, "'anyOf'"),
        ({"format": "nonsense"}, "'nonsense'"),
        ({"x-relation": "nonsense"}, "'nonsense'"),
        ({"x-unknown-members": "fatal"}, "'fatal'"),
        ({"type": "text"}, "'text'"),
        ({"type": ["string", "text"]}, "'text'"),
        ({"type": []}, "'type'"),
        ({"type": {}}, "'type'"),
        ({"pattern": "("}, "'('"),
        ({"pattern": "^(?:a))(?:b)$(?!\\n)"}, "a))(?:b"),
        ({"pattern": 1}, "'pattern'"),
        ({"$ref": "other.json"}, "'other.json'"),
        ({"$ref": "#name"}, "'#name'"),
        ({"$ref": "#/nowhere"}, "'#/nowhere'"),
        ({"$ref": "#/allOf/7", "allOf": [True]}, "'#/allOf/7'"),
        ({"$ref": "#/allOf/x", "allOf": [True]}, "'#/allOf/x'"),
        ({"$ref": "#/default", "default": 1}, "int 1"),
        ({"then": 5}, "'then'"),
        ({"else": []}, "'else'"),
        ([], "list"),
        ("text", "str"),
        (None, "NoneType"),
        *(({each: "1"}, repr(each)) for each in ALL if each not in ("const", "pattern", "format")),
        *(({each: True}, repr(each)) for each in ALL if each != "const"),
        *(({each: -1}, repr(each)) for each in ALL if each.endswith(("Length", "Items", "Properties"))),
        *(({each: 1.5}, repr(each)) for each in ALL if each.endswith(("Length", "Items", "Properties"))),
        *(({each: float("nan")}, repr(each)) for each in ALL if each.startswith(("min", "max"))),
        *(({each: float("inf")}, repr(each)) for each in ALL if each.startswith(("min", "max"))),
        *(({each: 1}, repr(each)) for each in vocabulary.APPLICATORS),
        *(({each: [1]}, repr(each)) for each in vocabulary.APPLICATORS),
    ],
    ids=repr,
)
def test_a_schema_that_cannot_be_used_is_rejected_by_name(schema: Any, named: str, mode: str) -> None:
    with pytest.raises(SchemaError) as refused:
        compile_schema(schema, mode)
    assert named in str(refused.value)


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_hostile_names_are_treated_as_names(name: str) -> None:
    schema = {
        "title": name,
        "required": [name],
        "properties": {name: {"type": "string", "enum": [name], "const": name}},
        "additionalProperties": False,
    }
    assert verdict(schema, {name: name})
    assert report(schema, {name: name}) == []
    assert [each.path for each in report(schema, {})] == [(name,)]
    assert [each.path for each in report(schema, {name: name, f"{name}{name}x": 1})] == [(f"{name}{name}x",)]
    assert [each.keyword for each in report(schema, {name: "other"})] == ["enum", "const"]


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_strings_of_a_schema_occur_only_as_literals_in_the_source(name: str) -> None:
    schema = {"title": name, "properties": {name: {"const": name}, "known": {"pattern": "^a"}}, "required": [name]}
    for mode in ("verdict", "report"):
        checker = compile_schema(schema, mode)
        tree = ast.parse(checker.source.encode("utf-8", "surrogatepass").decode("utf-8", "replace"))
        plain = compile_schema({"title": "x", **schema, "required": ["x"], "properties": {
            "x": {"const": "x"}, "known": {"pattern": "^a"}}}, mode)  # fmt: skip
        assert shape(tree) == shape(ast.parse(plain.source))


def shape(tree: ast.AST) -> list[str]:
    """Return the kinds of nodes in a tree, and the names that it uses: everything except its literals."""
    return [getattr(node, "id", type(node).__name__) for node in ast.walk(tree)]


def test_a_traceback_shows_the_generated_line() -> None:
    checker = compile_schema({"properties": {"a": {"type": "string"}}}, "verdict", "demonstration")

    class Unhappy(dict[str, Any]):
        def __contains__(self, key: object) -> bool:
            raise ZeroDivisionError

    function = type(checker.run)(checker.run.__code__, {**checker.run.__globals__, "as_object": Unhappy})
    with pytest.raises(ZeroDivisionError) as raised:
        function({})
    text = "".join(traceback.format_exception(raised.value))
    assert 'File "lambda-validate/demonstration/verdict"' in text
    assert "if 'a' in v1:" in text


INNER = {
    "type": "object",
    "properties": {"a": {"$ref": "#/$defs/A"}, "b": {"$ref": "#/$defs/B"}},
    "$defs": {
        "A": {"type": "object", "properties": {"a": {"$ref": "#/$defs/A"}, "b": {"$ref": "#/$defs/B"}}},
        "B": {"type": "array", "items": {"type": "integer", "maximum": 3}},
    },
}


@pytest.mark.parametrize("mode", ["verdict", "report"])
def test_an_inner_function_is_compiled_at_its_first_call(mode: str) -> None:
    whole, lazy = compile_schema(INNER, mode), compile_schema(INNER, mode, by_need=True)
    assert whole.source.count("\ndef ") > 1
    assert lazy.source.count("\ndef ") == 1
    before = shared(lazy.run)
    assert all(each.__code__.co_filename.endswith("context.py") for each in before.values())
    for instance in ({}, {"a": 1}, {"b": [4, 3]}, {"b": [4, 3]}, {"a": {"a": {"b": [5]}}}):
        ours, theirs = lazy.run(instance), whole.run(instance)
        assert (ours == theirs) if mode == "verdict" else list(map(facts, ours)) == list(map(facts, theirs))
    after = shared(lazy.run)
    assert all(each.__code__.co_filename.startswith("lambda-validate/") for each in after.values())
    assert after.keys() >= before.keys()


def shared(run: Any) -> dict[str, Any]:
    return {name: each for name, each in run.__globals__.items() if name.startswith("shared")}


def test_a_pattern_is_compiled_when_a_string_first_meets_it() -> None:
    schema = {"type": "string", "pattern": "^x", "allOf": [{"pattern": "^x", "x-rules": {"pattern": {"id": "b.c"}}}]}
    run = compile_schema(schema, "report", by_need=True).run
    (name,) = (name for name in run.__globals__ if name.startswith("match"))
    assert isinstance(run.__globals__[name], FunctionType)
    assert [each[1].rule for each in run("y")] == ["payload.pattern", "b.c"]
    assert run.__globals__[name] == matcher("^x")


def test_the_checks_of_a_member_are_compiled_when_a_payload_first_has_it() -> None:
    schema = {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "string", "maxLength": 3}}}
    whole, lazy = compile_schema(schema, "report"), compile_schema(schema, "report", by_need=True)
    made = []
    for instance in ({"d": 1}, {"a": "x"}, {"a": 1}, {"b": "long"}):
        assert list(map(facts, lazy.run(instance))) == list(map(facts, whole.run(instance)))
        made.append(sum(each.__code__.co_name.startswith("part_") for each in parts(lazy.run)))
    assert made == [0, 1, 1, 2]


def parts(run: Any) -> list[Any]:
    return [each for name, each in run.__globals__.items() if name.startswith("part_")]


def facts(found: Any) -> tuple[Any, ...]:
    return (found[0], found[1][:-1], found[2])


def test_threads_that_need_a_function_at_once_all_get_it() -> None:
    invalid = {"a": {"a": {"b": [5]}}}
    for _ in range(20):
        run, start = compile_schema(INNER, "report", by_need=True).run, threading.Barrier(4)
        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(lambda _, run=run, start=start: (start.wait(), run(invalid))[1], range(4)))
        assert [[each[0] for each in one] for one in found] == [[("a", "a", "b", 0)]] * 4


def test_a_traceback_shows_the_line_of_an_inner_function() -> None:
    checker = compile_schema(INNER, "report", "demonstration", by_need=True)
    checker.run({"b": []})
    name = next(name for name in checker.run.__globals__ if name.startswith("seen"))
    checker.run.__globals__[name] = lambda value: 1 // 0
    with pytest.raises(ZeroDivisionError) as raised:
        checker.run({"b": 1})
    text = "".join(traceback.format_exception(raised.value))
    assert f"{name}(instance)" in text


def test_the_printed_source_is_the_executed_code() -> None:
    checker = compile_schema({"type": "integer", "maximum": 3}, "verdict", "demonstration")
    assert checker.source.startswith("# lambda-validate/demonstration/verdict\n")
    again: dict[str, Any] = dict(checker.run.__globals__)
    exec(checker.source, again)  # the subject of the test
    assert [again["check"](each) for each in (3, 4, "3")] == [True, False, False]


def test_a_recursive_schema_reports_correct_paths() -> None:
    assert pointers(arbitrary.TREE, {"a": 1, "b": {"a": 2, "b": {}}}) == ["/b/b/a"]
    assert pointers(arbitrary.TREE, {"a": 1, "c": [{"a": 1}, {"a": 0}, {"a": "x", "c": [{}]}]}) == [
        "/c/1/a",
        "/c/2/c/0/a",
    ]


@pytest.mark.parametrize("keyword", ["allOf", "if", "x-warnings", "not"])
def test_a_schema_may_be_recursive_behind_any_keyword(keyword: str) -> None:
    below = {"properties": {"c": {"$ref": "#"}}, "required": ["n"]}
    schema = {
        "allOf": {"allOf": [below]},
        "if": {"if": {"required": ["n"]}, "then": below, "else": False},
        "x-warnings": {"x-warnings": [below]},
        "not": {"not": {"not": below}},
    }[keyword]
    assert report(schema, {"n": 1, "c": {"n": 1, "c": {"n": 1}}}) == []
    assert report(schema, {"n": 1, "c": {"c": {"n": 1}}}) != []


class Hostile(dict[str, Any]):
    """An object that counts accesses to its members."""

    lookups = 0

    def __contains__(self, key: object) -> bool:
        self.lookups += 1
        return True


@pytest.mark.parametrize("value", [5, "a", ["a"], None, Hostile(), {"a": 1}], ids=repr)
@pytest.mark.parametrize("around", [lambda schema: schema, lambda schema: {"properties": {"m": schema}}])
def test_a_member_is_looked_for_only_once_the_type_is_known(value: Any, around: Any) -> None:
    typed = {"type": "object", "required": ["a"]}
    for schema in (typed, {"allOf": [typed]}, {"minLength": 9, "allOf": [{"allOf": [typed]}, {"required": ["a"]}]}):
        instance = value if around(1) == 1 else {"m": value}
        assert verdict(around(schema), instance) is (value == {"a": 1})
        assert bool(report(around(schema), instance)) is (value != {"a": 1})
    assert getattr(value, "lookups", 0) == 0


def test_paths_lead_through_members_items_and_unnamed_members() -> None:
    schema = {"additionalProperties": {"items": {"additionalProperties": {"items": {"type": "null"}}}}}
    assert pointers(schema, {"a/b": [{}, {"c~d": [None, 1]}], "": [{"": [2]}]}) == ["/a~1b/1/c~0d/1", "//0//0"]


def test_a_shared_schema_reports_the_path_of_each_use() -> None:
    shared = {"properties": {"n": {"type": "integer"}}, "required": ["n"]}
    schema = {
        "$defs": {"shared": shared},
        "properties": {"a": {"items": {"$ref": "#/$defs/shared"}}, "b": {"$ref": "#/$defs/shared"}},
    }
    assert pointers(schema, {"a": [{}, {"n": 1}, {"n": "x"}], "b": {}}) == ["/a/0/n", "/a/2/n", "/b/n"]


def test_a_reference_may_be_escaped() -> None:
    schema = {"$ref": "#/$defs/%22a~1b~0", "$defs": {'"a/b~': {"const": 1}}}
    assert [verdict(schema, each) for each in (1, 2)] == [True, False]


def test_an_invalid_property_name_is_reported_at_its_pointer() -> None:
    schema = {"propertyNames": {"maxLength": 1}, "additionalProperties": {"type": "integer"}}
    assert pointers(schema, {"a": 1, "bb": 1, "c": "x", "dd": "x"}) == ["/c", "/dd", "/bb", "/dd"]


def test_both_branches_of_a_condition_are_checked() -> None:
    schema = {"if": {"type": "string"}, "then": {"minLength": 2}, "else": {"minimum": 2}}
    assert [verdict(schema, each) for each in ("a", "ab", 1, 2, None)] == [False, True, False, True, True]
    assert [each.keyword for each in report(schema, "a")] == ["minLength"]
    assert [each.keyword for each in report(schema, 1)] == ["minimum"]


def test_a_false_schema_is_reported_with_its_keyword() -> None:
    condition = {"if": {"type": "string"}, "then": False, "else": False}
    assert [each.keyword for each in report(condition, "a")] == ["then"]
    assert [each.keyword for each in report(condition, 1)] == ["else"]
    assert [each.keyword for each in report({"properties": {"a": False}}, {"a": 1})] == ["properties"]
    assert [each.keyword for each in report({"items": False}, [1])] == ["items"]
    assert [each.keyword for each in report({"allOf": [False]}, 1)] == ["allOf"]
    assert [each.keyword for each in report(False, 1)] == [""]


def test_warnings_affect_the_verdict_only_if_strict() -> None:
    schema = {"x-warnings": [{"maximum": 3}]}
    assert [verdict(schema, 4), verdict(schema, 4, Policy(strict=True))] == [True, False]
    assert [each.severity for each in report(schema, 4)] == ["warning"]
    assert [each.severity for each in report(schema, 4, Policy(strict=True))] == ["error"]


def test_a_condition_ignores_warnings() -> None:
    schema = {"if": {"x-warnings": [{"maximum": 3}], "type": "integer"}, "then": False}
    assert [verdict(schema, each) for each in (1, 9, "x")] == [False, False, True]


def test_the_condition_of_a_warning_is_as_strict_as_any_other() -> None:
    condition = {"items": {"type": "string"}, "type": "array"}
    schema = {"x-warnings": [{"if": condition, "then": {"maxItems": 1}}]}
    assert [len(report(schema, instance)) for instance in (["a", "b"], ["a"], [1, 2], "ab")] == [1, 0, 0, 0]


def test_a_disabled_rule_is_neither_checked_nor_compiled() -> None:
    schema = {"properties": {"Size": {"maximum": 3, "minimum": 1}}}
    off = Policy(disable=frozenset({"size.maximum"}))
    assert [each.rule for each in report(schema, {"Size": 9})] == ["size.maximum"]
    assert report(schema, {"Size": 9}, off) == []
    assert verdict(schema, {"Size": 9}, off)
    assert not verdict(schema, {"Size": 0}, off)
    assert "> 3" not in compile_schema(schema, "verdict", policy=off).source


@pytest.mark.parametrize(("setting", "severity"), [("error", "error"), ("warning", "warning"), ("ignore", None)])
@pytest.mark.parametrize("closing", [{"additionalProperties": False}, {"x-unknown-members": "warning"}], ids=str)
def test_unknown_members_have_the_configured_severity(setting: Any, severity: str | None, closing: Any) -> None:
    schema, policy = {"properties": {"a": True}, **closing}, Policy(unknown_members=setting)
    found = report(schema, {"a": 1, "b": 2}, policy)
    assert [(each.pointer, each.rule, each.severity) for each in found] == [("/b", "member.unknown", severity)] * (
        severity is not None
    )
    assert verdict(schema, {"a": 1, "b": 2}, policy) is (severity != "error")


def test_rules_are_named_by_the_schema_or_after_member_and_keyword() -> None:
    named = {"id": "a.named", "message": "Do not.", "source": {"document": "d", "section": "s", "member": "m"}}
    schema = {"properties": {"KMSKeyArn": {"type": "string", "maxLength": 1, "x-rules": {"maxLength": named}}}}
    (first,) = report(schema, {"KMSKeyArn": 1})
    assert first.rule == "kms-key-arn.type"
    (second,) = report(schema, {"KMSKeyArn": "ab"})
    assert (second.rule, second.message, str(second.source)) == ("a.named", "Do not.", "d, s, m")


def test_the_source_of_a_rule_is_the_nearest_that_is_cited() -> None:
    cited = {"document": "d", "section": "s", "member": "m"}
    schema = {"x-source": cited, "properties": {"a": {"items": {"type": "null"}}}}
    assert str(report(schema, {"a": [1]})[0].source) == "d, s, m"


ARN = "^(?:arn:aws[a-zA-Z0-9\\-]*:[a-zA-Z0-9\\-]+:[^\\n]*)$(?!\\n)"


def by_service(pattern: str) -> dict[str, Any]:
    condition = {"required": ["arn"], "properties": {"arn": {"type": "string", "pattern": pattern}}}
    arn = {"type": "string", "pattern": ARN}
    return {"type": "object", "properties": {"arn": arn}, "if": condition, "then": {"required": ["more"]}}


def test_an_arn_pattern_of_a_later_schema_is_checked_too() -> None:
    later = [{"properties": {"arn": {"pattern": ARN}}}, {"properties": {"arn": {"pattern": "^arn:[^:]*:sqs:"}}}]
    schema = {"type": "object", "properties": {"arn": {"type": "string", "pattern": "^a"}}, "allOf": later}
    run = compile_schema(schema, "verdict").run
    for _ in range(2):
        assert [run({"arn": f"arn:aws:{name}:::x"}) for name in ("sqs", "sns")] == [True, False]
        assert not run({"arn": "arn:aws:sqs"})


@pytest.mark.parametrize(
    ("pattern", "services"),
    [
        ("^arn:[^:]*:sqs:", {"sqs"}),
        ("^arn:[^:]*:(?:sqs|sns):", {"sqs", "sns"}),
        ("^arn:[^:]*:[^:]+:", {"sqs", "sns", "s3"}),
    ],
)
def test_service_conditions_are_compiled_without_pattern_matching(pattern: str, services: set[str]) -> None:
    checker = compile_schema(by_service(pattern), VERDICT)
    assert checker.source.count("match_") == checker.source.count("service_of") == 1
    assert {name for name in ("sqs", "sns", "s3") if not checker.run({"arn": f"arn:aws:{name}:rest"})} == services
    assert checker.run({})
    assert checker.run({"arn": "arn:aws:sqs:rest", "more": 1})


def test_service_conditions_hold_with_the_arn_pattern_disabled() -> None:
    off = Policy(disable=frozenset({"arn.pattern"}))
    assert [verdict(by_service("^arn:[^:]*:sqs:"), {"arn": arn}, off) for arn in ("arn:aws:sqs:x", "sqs")] == [
        False,
        True,
    ]


@pytest.mark.parametrize(
    "pattern", ["^arn:[^:]*:s.s:", "^arn:[^:]*:sqs", "arn:[^:]*:sqs:", "^arn:aws:sqs:", "^arn:[^:]*:sqs:x"]
)
def test_a_pattern_beyond_the_service_is_matched(pattern: str) -> None:
    checker = compile_schema(by_service(pattern), VERDICT)
    assert checker.source.count("match_") == 2
    assert not checker.run({"arn": "arn:aws:sqs:x"})


def test_an_arn_that_may_be_of_two_forms_has_one_service() -> None:
    schema = by_service("^arn:[^:]*:sqs:")
    schema["properties"]["arn"]["pattern"] = ARN.replace("[^\\n]*", "x|[^\\n]*")
    for arn in ("arn:aws:sqs:", "arn:aws:sqs:x"):
        assert verdict(schema, {"arn": arn}) is False
        assert verdict(schema, {"arn": arn, "more": 1}) is True
    for arn in ("arn:aws:sns:", "arn:aws:sns:x", "arn:aws:sqs", "x"):
        assert verdict(schema, {"arn": arn}) is True


def test_a_service_computed_in_a_branch_is_not_used_outside() -> None:
    known = {"properties": {"arn": {"type": "string", "pattern": ARN}}}
    schema = by_service("^arn:[^:]*:sqs:")
    schema = {**schema, "properties": {"deep": {}}, "allOf": [{"if": {"required": ["deep"]}, "then": known}]}
    assert compile_schema(schema, VERDICT).run({"arn": "arn:aws:sqs:x"}) is False
    assert compile_schema(schema, VERDICT).run({"arn": "arn:aws:sns:x"}) is True


def conditions_on(pattern: Any) -> dict[str, Any]:
    """Return two rules, one below a condition and one after it. Both need the service of the same member."""
    arn = {"required": ["arn"], "properties": {"arn": {"type": "string", "pattern": pattern}}}
    below = {"if": {"required": ["more"]}, "then": {"if": arn, "then": {"required": ["a"]}}}
    return {"type": "object", "allOf": [below, {"if": arn, "then": {"required": ["b"]}}]}


@pytest.mark.parametrize(
    "pattern", ["^arn:[^:]*:sqs:", "^arn:[^:]*:(?:sqs|sns):", "^arn:[^:]*:[^:]+:", "^arn:[^:]*:s.s:"]
)
@pytest.mark.parametrize(
    "arn",
    ["arn:aws:sqs:", "arn:aws:sqs", "arn::sqs::", "arn:aws:s3:x", "arn:aws::x", "xarn:aws:sqs:", "", 7, None, "\narn:"],
)
def test_service_conditions_agree_with_their_patterns(pattern: str, arn: Any) -> None:
    met = isinstance(arn, str) and re.search(pattern, arn) is not None
    for more in ({}, {"more": 1}):
        found = pointers(conditions_on(pattern), {"arn": arn, **more})
        assert found == ["/a"] * (met and bool(more)) + ["/b"] * met
        assert verdict(conditions_on(pattern), {"arn": arn, **more}) is not met
    assert pointers(conditions_on(pattern), {"more": 1}) == []


def test_a_condition_with_an_invalid_pattern_is_rejected_by_name() -> None:
    with pytest.raises(SchemaError, match="pattern"):
        compile_schema(conditions_on(5), VERDICT)
