"""Test the payload strategies: their values, their distribution, and errors for unknown arguments."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from typing import Any

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import seed as seeded
from support.paths import ROOT

import lambda_validate as lv
from lambda_validate import strategies
from lambda_validate.strategies import Case, GenerationError
from lambda_validate.strategies.cases import examples
from lambda_validate.strategies.cases.generator import Generator, generator
from lambda_validate.strategies.cases.leaves import Leaf, leaves
from lambda_validate.strategies.sets.solver import Solver
from lambda_validate.strategies.values.places import MISSING, only, put, value_at
from lambda_validate.strategies.values.realistic import variants

CREATE, GET = "CreateEventSourceMapping", "GetFunctionEventInvokeConfig"
TARGETS = [(operation, direction) for operation in lv.operations() for direction in ("request", "response")]
every_target = pytest.mark.parametrize(("operation", "direction"), TARGETS)
VALIDATOR = lv.Validator()


def drawn(strategy: Any, count: int, seed: int = 1) -> list[Any]:
    """Return some drawn values. Health checks are enabled."""
    found: list[Any] = []

    @seeded(seed)
    @settings(max_examples=count, phases=[Phase.generate], derandomize=False)
    @given(strategy)
    def run(value: Any) -> None:
        found.append(value)

    run()
    return found


def report(operation: str, direction: str, payload: Any) -> lv.Report:
    return getattr(lv, f"validate_{direction}")(operation, payload)


@every_target
def test_valid_payloads_give_no_violations_or_warnings(operation: str, direction: str) -> None:
    payloads = drawn(getattr(strategies, f"{direction}s")(operation), 200)
    assert [payload for payload in payloads if report(operation, direction, payload).violations] == []
    assert len({repr(payload) for payload in payloads}) > 50


@every_target
def test_an_invalid_payload_breaks_its_rule_and_implied_ones_only(operation: str, direction: str) -> None:
    for case in drawn(getattr(strategies, f"invalid_{direction}s")(operation), 200):
        assert not case.valid
        assert_reported(operation, direction, case)


def assert_reported(operation: str, direction: str, case: Case) -> None:
    """Assert that a payload breaks the rule of its case at its pointer, and the implied rules."""
    assert report(operation, direction, case.payload).ok is case.valid, case
    found = VALIDATOR.violations(operation, direction, case.payload)
    assert {each.rule for each in found} == {*case.implied, *([case.rule] if case.rule else [])}, case
    own = [each.pointer for each in found if each.rule == case.rule]
    assert case.pointer in own if case.rule else own == [], case
    assert len(own) <= 1 or case.rule in case.implied, case


RULES = [(*target, rule) for target in TARGETS for rule in strategies.rules(*target)]


@pytest.mark.parametrize(("operation", "direction", "rule"), RULES)
def test_invalid_payloads_can_be_generated_for_any_rule(operation: str, direction: str, rule: str) -> None:
    cases = drawn(getattr(strategies, f"invalid_{direction}s")(operation, rule), 12)
    assert {case.rule for case in cases} == {rule}
    for case in cases:
        assert_reported(operation, direction, case)


@every_target
def test_the_rules_are_those_that_the_validator_knows(operation: str, direction: str) -> None:
    known = {each.rule for each in lv.Validator().checker(operation, direction, "report").constraints}
    assert set(strategies.rules(operation, direction)) == known


@pytest.mark.parametrize("seed", [1, 2])
def test_sources_bounds_and_lengths_are_all_generated(seed: int) -> None:
    payloads, times = drawn(strategies.requests(CREATE), 500, seed), Counter[str]()
    names = {
        each
        for cell in generator(CREATE).cells
        for text in cell.slots["FunctionName"].values
        for each in variants(text)
    }
    for payload in payloads:
        times[payload["EventSourceArn"].split(":")[2]] += 1
        times["64"] += len(payload["FunctionName"]) == 64
        times["140"] += len(payload["FunctionName"]) == 140
        times["realistic"] += payload["FunctionName"] in names
        for member, bounds in {"BatchSize": (1, 10_000), "MaximumBatchingWindowInSeconds": (0, 300)}.items():
            for bound in bounds:
                times[f"{member} {bound}"] += payload.get(member) == bound
    for source in ("kinesis", "dynamodb", "sqs"):
        assert times.pop(source) >= 100
    assert 0.35 * len(payloads) < times.pop("realistic") < 0.65 * len(payloads)
    assert {name: count for name, count in times.items() if count < 10} == {}


@pytest.mark.parametrize("source", strategies.sources(CREATE))
def test_payloads_can_be_generated_for_one_source(source: str) -> None:
    payloads = drawn(strategies.requests(CREATE, source), 30)
    assert {generator(CREATE).source(payload) for payload in payloads} == {source}


def test_sources_are_the_documented_ones_or_empty() -> None:
    assert strategies.sources(CREATE) == ("kinesis", "dynamodb", "sqs")
    assert strategies.sources(GET) == ()


@every_target
def test_strategies_discard_no_draws(operation: str, direction: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from hypothesis.internal.conjecture.engine import ConjectureRunner  # discarded draws have no public interface

    tried, original = Counter[str](), ConjectureRunner.test_function

    def counted(self: Any, data: Any) -> None:
        try:
            original(self, data)
        finally:
            tried[data.status.name] += 1

    monkeypatch.setattr(ConjectureRunner, "test_function", counted)
    drawn(getattr(strategies, f"{direction}s")(operation), 400)
    drawn(getattr(strategies, f"invalid_{direction}s")(operation), 200)
    assert tried["INVALID"] == 0
    assert tried["VALID"] / sum(tried.values()) >= 0.95


SHRINKING = settings(max_examples=300, phases=[Phase.generate, Phase.shrink])
"""Disable the explain phase, because `find` would return the last example instead of the simplest."""


def test_payloads_shrink_to_simple_values() -> None:
    smallest = find(strategies.requests(CREATE), lambda payload: True, settings=SHRINKING)
    queue = "arn:aws:sqs:us-west-2:123456789012:my-queue"
    assert smallest == {"EventSourceArn": queue, "FunctionName": "my-function:v1"}
    large = find(
        strategies.requests(CREATE, "sqs"), lambda payload: payload.get("BatchSize", 0) > 3, settings=SHRINKING
    )
    assert large["BatchSize"] == 4
    assert set(large) == {"EventSourceArn", "FunctionName", "BatchSize"}


UNKNOWN = [
    (lambda: strategies.requests("CreateEventSourceMaping"), "CreateEventSourceMapping"),
    (lambda: strategies.requests(CREATE, "kinesys"), "kinesis"),
    (lambda: strategies.requests(CREATE, edition="document"), "documents"),
    (lambda: strategies.requests(GET, "kinesis"), None),
    (lambda: strategies.responses("getfunctioneventinvokeconfig"), GET),
    (lambda: strategies.invalid_requests(CREATE, "batch-size.sq"), "batch-size.sqs"),
    (lambda: strategies.invalid_responses(CREATE, "state.enums"), "state.enum"),
    (lambda: strategies.boundary_cases(CREATE, "requests"), "request"),
    (lambda: strategies.pattern_cases("Create"), None),
    (lambda: strategies.corpus(CREATE, direction="answer"), None),
    (lambda: strategies.coverage(CREATE, [], direction="respons"), "response"),
    (lambda: strategies.mutants(CREATE, edition="Documents"), "documents"),
]


@pytest.mark.parametrize(("call", "nearest"), UNKNOWN)
def test_an_unknown_name_is_rejected_with_the_nearest_name(call: Any, nearest: str | None) -> None:
    with pytest.raises(lv.UnknownNameError) as caught:
        call()
    assert caught.value.nearest == nearest


def solved(schema: Any) -> Any:
    return Solver(schema).solve()


def test_an_unsupported_keyword_is_an_error_that_names_it() -> None:
    with pytest.raises(GenerationError, match="'uniqueItems' at properties/Names"):
        solved({"type": "object", "properties": {"Names": {"type": "array", "uniqueItems": True}}})
    with pytest.raises(GenerationError, match="relation 'unheard-of'"):
        solved({"type": "object", "x-relation": "unheard-of"})
    with pytest.raises(GenerationError, match="lists an array or object"):
        solved({"enum": [[1]]})
    with pytest.raises(GenerationError, match="refers to itself"):
        solved({"$ref": "#/$defs/A", "$defs": {"A": {"type": "array", "items": {"$ref": "#/$defs/A"}}}})


class Made(Generator):
    """Return a generator of a schema that is in no file."""

    def __init__(self, schema: Any) -> None:
        self.schema, self.name, self.edition = schema, "Made/request", "documents"
        from lambda_validate.strategies.cases.leaves import SchemaEvaluator

        self.solver, self.evaluator, self._plans = Solver(schema), SchemaEvaluator(schema), {}
        self.leaves = {leaf.path: leaf for leaf in leaves(schema)}


def test_a_rule_that_no_payload_can_break_is_an_error_that_names_it() -> None:
    maker = Made({"type": "object", "properties": {"A": {"type": "string", "minLength": 0}}})
    leaf: Leaf = maker.leaves["properties", "A", "minLength"]
    with pytest.raises(GenerationError, match=r"no payload breaks a\.min-length at properties/A/minLength"):
        maker.plan(leaf)
    with pytest.raises(GenerationError, match="no payload is valid"):
        _ = Made({"type": "object", "required": ["A"], "properties": {"A": False}}).cells


def test_a_payload_with_an_unexpected_verdict_is_an_error() -> None:
    with pytest.raises(GenerationError, match=r"breaks \['function-name.pattern'\]"):
        generator(GET).case({"FunctionName": "a b"}, "test")


NESTED = {
    "type": "object",
    "required": ["Tags", "Parts"],
    "additionalProperties": False,
    "minProperties": 2,
    "properties": {
        "Tags": {"type": "object", "minProperties": 1, "additionalProperties": {"type": "string", "maxLength": 3}},
        "Parts": {
            "type": "array",
            "minItems": 1,
            "maxItems": 2,
            "items": {
                "type": "object",
                "required": ["Size"],
                "properties": {"Size": {"type": "integer", "maximum": 9}},
            },
        },
        "Rate": {"type": "number", "minimum": 0, "not": {"const": 0}},
        "Mode": {"enum": ["on", "off", None, True, 3]},
    },
}


def test_maps_lists_and_nested_objects_are_generated_from_their_schema_alone() -> None:
    from hypothesis import strategies as st

    from lambda_validate.compiler.compile import compile_schema
    from lambda_validate.strategies.cases import drawing

    maker, check = Made(NESTED), compile_schema(NESTED, "report").run
    for payload in drawn(drawing.payloads(maker, None), 100):
        assert check(payload) == [], payload
    plans = {leaf.rule: maker.plan(leaf) for leaf in maker.leaves.values()}
    assert {"tags.max-length", "parts.min-items", "parts.max-items", "size.maximum", "size.required"} <= set(plans)
    cases = drawn(st.sampled_from(sorted(plans)).flatmap(lambda rule: drawing.faulty(maker, rule)), 200)
    for case in cases:
        assert {each.constraint.rule for each in check(case.payload)} == {case.rule, *case.implied}, case


def test_the_deterministic_half_needs_no_hypothesis() -> None:
    program = (
        "import sys; sys.modules['hypothesis'] = None\n"
        "from lambda_validate import strategies as s\n"
        f"print(len(s.corpus({GET!r})), s.coverage({GET!r}, s.boundary_cases({GET!r})).share)\n"
        f"assert s.pattern_cases({GET!r}) and s.mutants({GET!r})\n"
        f"try: s.requests({GET!r})\n"
        "except ImportError: print('missing')"
    )
    command = [sys.executable, "-c", program]
    here = {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, env=here, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("missing\n")


@pytest.mark.parametrize("operation", lv.operations("documents"))
def test_examples_for_a_reader_are_valid_and_show_something(operation: str) -> None:
    maker = generator(operation)
    least, *others = examples.valid(maker)
    assert all(len(least) <= len(each) for each in others)
    for payload in (least, *others):
        assert all(event.matches for event in maker.evaluator.examine(payload))
        assert "" not in payload.values()


def test_an_example_breaks_a_keyword_as_a_writer_would() -> None:
    maker = Made({"type": "object", "required": ["A"], "properties": {"A": {"enum": ["One"]}, "B": {"type": "number"}}})
    found = {leaf.keyword: list(examples.broken(maker, leaf, [{"A": "One", "B": 1}])) for leaf in maker.breakable}
    assert {"A": "one", "B": 1} in found["enum"]
    assert {"B": 1} in found["required"]
    assert {"A": "One", "B": "1"} in found["type"]


def test_a_bound_on_a_huge_size_has_no_example() -> None:
    maker = Made({"type": "string", "maxLength": 10**6})
    assert [list(examples.broken(maker, leaf, ["a"])) for leaf in maker.breakable if leaf.keyword == "maxLength"] == [
        []
    ]


@pytest.mark.parametrize(("payload", "steps", "old", "changed"), [
    ({"A": [{"B": 1}, 2]}, ("A", "*", "B"), 1, {"A": [{"B": 9}, 2]}),
    ({"A": {"x": 1, "y": 2}}, ("A", "*"), 1, {"A": {"x": 9, "y": 2}}),
    ({}, ("A", "[]", "*"), MISSING, {"A": [{"name": 9}]}),
    ({"A": 1}, ("A", "B"), MISSING, {"A": {"B": 9}}),
    (1, (), 1, 9),
])  # fmt: skip
def test_the_value_at_a_place_is_found_and_replaced(payload: Any, steps: Any, old: Any, changed: Any) -> None:
    assert (value_at(payload, steps), put(payload, steps, 9)) == (old, changed)


@pytest.mark.parametrize(
    ("steps", "others", "left"),
    [
        (("a", "[]", "b"), (), {"a": [{"b": 1}]}),
        (("a", "*", "c"), ("d",), {"a": [{"c": 2}], "d": 4}),
        (("e", "*"), (), {"e": {"f": 5}}),
        (("d", "deeper"), (), {"d": 4}),
        (("missing",), ("d",), {"d": 4}),
        ((), (), {"a": [{"b": 1, "c": 2}, 3], "d": 4, "e": {"f": 5, "g": 6}}),
    ],
)
def test_a_payload_is_reduced_to_the_path_of_a_member(
    steps: tuple[Any, ...], others: tuple[str, ...], left: Any
) -> None:
    payload = {"a": [{"b": 1, "c": 2}, 3], "d": 4, "e": {"f": 5, "g": 6}}
    assert only(payload, steps, others) == left
