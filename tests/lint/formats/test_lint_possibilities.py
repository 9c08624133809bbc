"""Test the validation of payloads with unknown parts."""

from __future__ import annotations

import itertools
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import lambda_validate as lv
from lambda_validate.lint.findings.resource import Resource
from lambda_validate.lint.unresolved import assignments, possibilities
from lambda_validate.lint.unresolved.parts import ABSENT, Choice, Option, Partial, Unknown
from lambda_validate.lint.unresolved.possibilities import PlacedViolation, placed_violations

CREATE = "CreateEventSourceMapping"
VALIDATOR = lv.Validator()
QUEUE = "arn:aws:sqs:us-west-2:123456789012:q"
STREAM = "arn:aws:kinesis:us-west-2:123456789012:stream/s"


def results(payload: Any, **facts: Any) -> list[PlacedViolation]:
    resource = Resource(CREATE, "request", payload, **facts)
    schema = lv.operation(CREATE).schema("request")
    return placed_violations(resource, schema, lambda each: VALIDATOR.validate_request(CREATE, each).found)


def found(source: Any, /, **members: Any) -> list[str]:
    payload = {"FunctionName": "f", "EventSourceArn": source, **members}
    return sorted(f"{'soft ' * each.is_soft}{each.violation.constraint.rule}" for each in results(payload))


class TestUnknown:
    def test_unknown_values_give_no_findings(self):
        assert found(Unknown(), BatchSize=Unknown(), StartingPosition=Unknown(), Enabled=Unknown()) == []
        assert results({"FunctionName": Unknown(), "EventSourceArn": Unknown()}) == []

    def test_rules_that_depend_on_an_unknown_value_give_no_findings(self):
        assert found(Unknown(), BatchSize=11) == []
        assert found(STREAM, StartingPosition=Unknown()) == []
        assert found(QUEUE, StartingPosition=Unknown()) == []
        assert found(Unknown(), StartingPosition="AT_TIMESTAMP", StartingPositionTimestamp=1) == []

    def test_violations_for_every_possible_value_are_reported(self):
        assert found(Unknown(), BatchSize=0) == ["batch-size.minimum"]
        assert found(Unknown(), StartingPosition="AT_TIMESTAMP") == ["starting-position-timestamp.required"]

    def test_a_known_service_is_enough_for_its_rules(self):
        assert found(Unknown("sqs"), BatchSize=11) == ["batch-size.sqs"]
        assert found(Unknown("kinesis")) == ["starting-position.required"]
        assert found(Unknown("s3")) == ["event-source-arn.service"]
        assert found(Unknown("sqs-url")) == ["event-source-arn.pattern"]
        assert found(Unknown("dynamodb-table"), StartingPosition="LATEST") == ["event-source-arn.resource"]

    def test_a_queue_may_be_known_to_be_fifo(self):
        assert found(Unknown("sqs", True), MaximumBatchingWindowInSeconds=1) == ["batching-window.fifo"]
        assert found(Unknown("sqs", False), MaximumBatchingWindowInSeconds=1) == []
        assert found(Unknown("sqs"), MaximumBatchingWindowInSeconds=1) == []

    def test_member_names_are_checked_for_unknown_values(self):
        assert found(QUEUE, Tags=Unknown(), Foo=Unknown()) == ["member.newer", "member.unknown"]
        assert found(QUEUE, Tags=Unknown(implied=True)) == []

    def test_help_comes_from_the_reference(self):
        (each,) = results({"FunctionName": "f", "EventSourceArn": Unknown("sqs-url", help="Write !GetAtt Q.Arn.")})
        assert each.help == "Write !GetAtt Q.Arn."

    def test_with_too_many_possibilities_only_member_names_are_checked(self, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(possibilities, "POSSIBILITIES", 2)
        assert found(Unknown(), BatchSize=0, Foo=1) == ["member.unknown"]


class TestPartial:
    def test_an_invalid_prefix_is_reported(self):
        (each,) = results({"FunctionName": Partial(("my function-", None), starts=(2, None)), "EventSourceArn": QUEUE})
        assert (each.violation.constraint.rule, each.character) == ("function-name.pattern", 4)

    def test_a_valid_prefix_is_accepted(self):
        assert found(Partial(("arn:aws:sqs:us-west-2:", None))) == []
        assert found(Partial(("ar", None))) == []
        assert found(Partial((None, "!!"))) == []

    def test_lengths_of_partial_strings_are_not_checked(self):
        assert results({"FunctionName": Partial(("a" * 65, None)), "EventSourceArn": QUEUE}) == []
        assert results({"FunctionName": Partial(("a" * 60, "stack")), "EventSourceArn": QUEUE}) == []

    def test_the_service_is_determined_by_the_prefix(self):
        assert found(Partial(("arn:aws:sqs:", None)), BatchSize=11) == ["batch-size.sqs"]
        assert found(Partial(("arn:aws:dynamodb:", None))) == ["starting-position.required"]

    def test_a_partial_string_of_known_shape_is_checked_completely(self):
        text = ("arn:aws:sqs:", "us-west-2", ":", "123456789012", ":a/b")
        assert found(Partial(text)) == ["event-source-arn.resource"]
        assert found(Partial((*text[:-1], ":q"))) == []


class TestChoice:
    def test_every_option_is_checked(self):
        size = Choice((Option(11, ("a",)), Option(0, ("b",))))
        assert found(QUEUE, BatchSize=size) == ["batch-size.minimum", "batch-size.sqs"]

    def test_an_option_is_reported_at_its_own_path(self):
        payload = {"FunctionName": "f", "EventSourceArn": QUEUE, "BatchSize": Choice((Option(11, ("a", 1)),))}
        (each,) = results(payload)
        assert each.places["BatchSize",] == ("a", 1)

    def test_a_key_is_reported_at_its_own_path(self):
        options = {"Bar": Choice((Option(1, ("b",)),)), "Foo": Choice((Option(1, ("f",)),)), "Zoo": 1}
        base = {("Foo",): ("o",), ("Zoo",): ("z",)}
        payload = {"FunctionName": "f", "EventSourceArn": QUEUE, **options}
        shown = {each.violation.path: dict(each.places) for each in results(payload, places=base)}
        assert shown == {
            ("Bar",): {("Foo",): ("f",), ("Zoo",): ("z",)},
            ("Foo",): {("Bar",): ("b",), ("Foo",): ("o",), ("Zoo",): ("z",)},
            ("Zoo",): {("Bar",): ("b",), ("Foo",): ("f",), ("Zoo",): ("z",)},
        }

    def test_an_option_may_omit_its_member(self):
        position = Choice((Option("LATEST"), Option(ABSENT)))
        assert found(STREAM, StartingPosition=position) == ["starting-position.required"]
        assert found(QUEUE, BatchSize=ABSENT) == []

    def test_options_of_one_condition_go_together(self):
        source = Choice((Option(QUEUE), Option(STREAM)), "c")
        assert found(source, StartingPosition=Choice((Option(ABSENT), Option("LATEST")), "c")) == []
        apart = Choice((Option(ABSENT), Option("LATEST")), "d")
        assert found(source, StartingPosition=apart) == ["starting-position.required", "starting-position.sqs"]

    def test_impossible_combinations_are_not_checked(self):
        source = Choice((Option(QUEUE), Option(STREAM)), "c")
        payload = {"FunctionName": "f", "EventSourceArn": source, "StartingPosition": Choice((Option("LATEST"),), "d")}
        assert results(payload, possible=lambda picks: picks["c"] == 1) == []

    def test_violations_of_parameter_values_are_warnings(self):
        soft = Choice((Option(11, ("p",), "warning"), Option(Unknown(), None, "warning")))
        assert found(QUEUE, BatchSize=soft) == ["soft batch-size.sqs"]

    def test_violations_of_the_only_parameter_value_are_warnings(self):
        assert found(QUEUE, BatchSize=Choice((Option(11, ("p",), "warning"),))) == ["soft batch-size.sqs"]

    def test_omitted_items_do_not_soften_findings_of_later_items(self):
        filters = {"Filters": [Choice((Option(ABSENT, ("p",), "warning"),)), {"Pattern": "no"}]}
        assert "filter-pattern.syntax" in found(QUEUE, FilterCriteria=filters)

    def test_violations_that_depend_on_parameter_values_are_warnings(self):
        soft = Choice((Option(QUEUE, ("p",), "warning"), Option(Unknown(), None, "warning")))
        assert found(soft, BatchSize=11) == ["soft batch-size.sqs"]

    def test_violations_independent_of_parameters_stay_errors(self):
        soft = Choice((Option(QUEUE, ("p",), "warning"), Option(Unknown(), None, "warning")))
        assert found(soft, BatchSize=0) == ["batch-size.minimum"]

    def test_removed_items_shift_the_rest(self):
        first = Choice((Option({"Pattern": "{}"}), Option(ABSENT)))
        filters = {"Filters": [first, {"Pattern": "no"}]}
        payload = {"FunctionName": "f", "EventSourceArn": QUEUE, "FilterCriteria": filters}
        shown = {
            possibilities.place(each.places, (), each.violation.path)
            for each in results(payload)
            if each.violation.constraint.rule == "filter-pattern.syntax"
        }
        assert shown == {("FilterCriteria", "Filters", 1, "Pattern")}

    @pytest.mark.parametrize("number", [8, 20, 40])
    def test_with_many_choices_every_pair_of_options_is_checked(self, number: int):
        source = Choice((Option(STREAM), Option(QUEUE)), 0)
        members = {f"M{index}": Choice((Option(ABSENT), Option(ABSENT)), index) for index in range(1, number)}
        size = Choice((Option(10), Option(11)), number)
        assert found(source, StartingPosition="LATEST", **members, BatchSize=size) == [
            "batch-size.sqs",
            "starting-position.sqs",
        ]

    def test_impossible_pairs_are_not_combined(self):
        members = {f"M{index}": Choice((Option(ABSENT), Option(ABSENT)), index) for index in range(8)}
        payload = {"FunctionName": "f", "EventSourceArn": Choice((Option(QUEUE), Option(STREAM)), "s"), **members}
        payload["StartingPosition"] = Choice((Option("LATEST"), Option(ABSENT)), "p")

        def possible(picks: Any) -> bool:
            return picks.get("s", 0) != picks.get("p", 1)

        assert results(payload, possible=possible) == []
        rules = {each.violation.constraint.rule for each in results(payload)}
        assert rules == {"starting-position.sqs", "starting-position.required"}

    def test_every_end_of_a_long_chain_of_choices_is_checked(self):
        size: Any = 0
        for index in range(40):
            size = Choice((Option(10), Option(size)), index)
        assert found(QUEUE, BatchSize=size) == ["batch-size.minimum"]

    def test_with_many_choices_violations_of_parameter_values_are_warnings(self):
        members = {f"M{index}": Choice((Option(ABSENT), Option(ABSENT)), index) for index in range(8)}
        soft = Choice((Option(QUEUE, ("p",), "warning"), Option(Unknown(), None, "warning")), "p")
        assert found(soft, BatchSize=11, **members) == ["soft batch-size.sqs"]

    @pytest.mark.parametrize("pairs", [assignments.PAIRS, 0])
    def test_with_too_many_assignments_each_option_is_checked_once(self, pairs: int, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(assignments, "ASSIGNMENTS", 6)
        monkeypatch.setattr(assignments, "PAIRS", pairs)
        members = {"Enabled": Choice((Option(True), Option(1))), "BatchSize": Choice((Option(11), Option(0)))}
        window = Choice((Option(1), Option(301)))
        rules = found(QUEUE, MaximumBatchingWindowInSeconds=window, **members)
        assert "batch-size.sqs" in rules
        assert "batch-size.minimum" in rules
        assert "maximum-batching-window-in-seconds.maximum" in rules

    def test_nested_options_are_checked(self):
        inner = Choice((Option(ABSENT), Option(0, ("x",))), "d")
        assert found(QUEUE, BatchSize=Choice((Option(1), Option(inner)), "c")) == ["batch-size.minimum"]


def two(key: Any, *values: Any) -> Choice:
    return Choice(tuple(map(Option, values or (1, 2))), key)


def some(count: int, **more: Any) -> dict[str, Any]:
    return {**{f"M{key}": two(key) for key in range(count)}, **more}


def picked(payload: Any, possible: Any = None) -> list[dict[Any, int]]:
    found = assignments.gathered(payload)
    return [dict(picks) for picks in assignments.assignments(found, payload, possible)]


def chain(length: int) -> Any:
    """Return choices that are each an option of the previous one."""
    inner: Any = 0
    for key in reversed(range(length)):
        inner = two(key, 0, inner)
    return inner


class TestAssignments:
    """Return how many combinations of options are validated, at each bound."""

    def test_gathered_collects_choices_and_their_conditions(self):
        soft = Choice((Option(two("b")), Option([two("c")], None, "warning"), Option(two("c"))), "a")
        found = assignments.gathered({"x": soft, "y": [Choice((Option(1),)), two("b", 1, 2, 3)]})
        alone = (("y", 0), 1)
        assert found.sizes == {"a": 3, "b": 3, "c": 2, alone: 1}
        assert found.needs == {"a": {}, "b": {}, "c": {"a": 2}, alone: {}}
        assert (found.soft, found.steps) == ({"a"}, 19)

    def test_up_to_128_combinations_are_all_validated(self):
        every = [dict(enumerate(each)) for each in itertools.product((0, 1), repeat=7)]
        assert picked(some(7)) == every
        assert picked(some(7), lambda picks: picks[0] == 1) == every[64:]
        assert 3 < len(picked(some(8))) < 20

    @pytest.mark.parametrize(("values", "count"), [(24_992, 4), (24_993, 3), (200_000, 1)])
    def test_of_a_large_payload_fewer_combinations_are_validated(self, values: int, count: int):
        assert len(picked(some(2, rest=[0] * values))) == count

    def test_up_to_128_combinations_that_differ_are_all_validated(self):
        ends = [{**dict.fromkeys(range(key), 1), key: 0} for key in range(127)]
        assert picked(chain(127)) == [*ends, dict.fromkeys(range(127), 1)]
        assert [len(picked(chain(length))) for length in (3, 7, 8)] == [8, 128, 9]  # the last are those that differ
        assert picked(chain(128))[:3] == [{0: 0}, {0: 1}, {0: 1, 1: 0}]  # one more: each option by itself
        assert len(picked(chain(128))) == 128

    def test_dead_end_options_are_not_combined(self):
        found = picked(some(8), lambda picks: picks.get(0) == 0 or len(picks) < 2)
        assert found == [dict(enumerate((0, *each))) for each in itertools.product((0, 1), repeat=7)]

    def test_missing_options_are_not_chosen(self):
        found = picked({"y": two("b", 1, 2, 3), "x": [two("b", two("c")), two("b", 1, two("d"))], **some(4)})
        met = {(each["b"], "c" in each, "d" in each) for each in found}
        assert met == {(0, True, False), (1, False, True), (2, False, False)}

    @pytest.mark.parametrize("possible", [None, lambda picks: picks.get(2) != picks.get(5, 2)])
    def test_every_possible_pair_of_options_is_combined(self, possible: Any):
        found = picked(some(9), possible)
        together = {pair for picks in found for pair in itertools.combinations(sorted(picks.items()), 2)}
        can = [
            ((one, i), (other, j))
            for one, other in itertools.combinations(range(9), 2)
            for i, j in itertools.product((0, 1), repeat=2)
            if possible is None or possible({one: i, other: j})
        ]
        assert together == set(can)
        assert len({tuple(sorted(each.items())) for each in found}) == len(found) < 20
        assert all(len(each) == 9 for each in found)

    @pytest.mark.parametrize(("sizes", "members"), [((160, 125), {2}), ((177, 113), {1})])
    def test_up_to_20_000_pairs_are_combined(self, sizes: tuple[int, int], members: set[int]):
        found = picked([two(key, *range(size)) for key, size in enumerate(sizes)])
        assert (len(found), {len(each) for each in found}) == (128, members)

    def test_a_soft_choice_alternates_between_assignments(self):
        soft = Choice((Option(1, None, "warning"), Option(2), Option(3)), "s")
        found = picked(some(8, s=soft))
        assert [{**each, "s": (each["s"] + 1) % 3} for each in found[::2]] == found[1::2]

    def test_pairing_stops_after_1500_queries(self):
        queried: list[Any] = []
        found = picked(some(60), lambda picks: queried.append(picks) or len(picks) < 60)
        assert 0 < len(found) < 128
        assert len(queried) == 4 * 128 * 2 + 1_500  # two options of each examined choice, and then the pairs


def test_a_fully_known_payload_is_validated_once():
    queried: list[Any] = []
    resource = Resource(CREATE, "request", {"FunctionName": "f"})
    assert placed_violations(resource, {}, lambda payload: queried.append(payload) or ()) == []
    assert queried == [{"FunctionName": "f"}]


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [*a, *a]\nFunctionName: f\nEventSourceArn: x\n",
        "FunctionName: f\nEventSourceArn: x\nl0: &l0 [a]\n"
        + "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]\n" for n in range(1, 12)),
    ],
    ids=["a list in itself", "ten to the eleventh"],
)
def test_aliases_are_visited_once(text: str, tmp_path: Path) -> None:
    (tmp_path / "payload.yaml").write_text(text)
    command = [sys.executable, "-m", "lambda_validate", "request", "CreateEventSourceMapping"]
    done = subprocess.run([*command, str(tmp_path / "payload.yaml")], capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (1, "")
    assert "event-source-arn.pattern" in done.stdout
