"""Test the comparison with other validators: enforced rules, the table and its targets, agreement, and exit codes."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from support.paths import ROOT

BENCHMARKS = ROOT / "benchmarks"
sys.path.append(str(BENCHMARKS))

import compare  # noqa: E402  # a script's folder has to be found first
from peers import (  # noqa: E402  # too
    corpora,
    engines,
    forms,
    payloads,
    plots,
    pure,
    rounds,
    table,
    targets,
    wires,
    workloads,
)
from peers.corpora import Case, Gaps  # noqa: E402  # too
from peers.engines import OURS, PYTHON  # noqa: E402  # too
from peers.rounds import Engine  # noqa: E402  # too
from peers.workloads import Measured  # noqa: E402  # too

CREATE, GET = forms.CREATE, forms.GET
ARN = "arn:aws:{}:us-west-2:123456789012:{}"
STREAM = {"EventSourceArn": ARN.format("kinesis", "stream/a"), "FunctionName": "f", "StartingPosition": "LATEST"}
TABLE = {**STREAM, "EventSourceArn": ARN.format("dynamodb", "table/a/stream/1")}
QUEUE = {"EventSourceArn": ARN.format("sqs", "a"), "FunctionName": "f"}
TIMED = {**STREAM, "StartingPosition": "AT_TIMESTAMP", "StartingPositionTimestamp": 1}
REQUESTS = [
    Case(STREAM, None, "a stream"), Case(TABLE, None, "a table"), Case(QUEUE, None, "a queue"),
    Case(TIMED, None, "a stream from a moment on"), Case({**QUEUE, "KMSKeyArn": 1}, None, "a newer member"),
    Case({**QUEUE, "BatchSize": True}, "type", "true is no number"),
    Case({**QUEUE, "BatchSize": 10_001}, "maximum", "beyond every source"),
    Case({**QUEUE, "BatchSize": 0}, "minimum", "nothing in a batch"),
    Case({**QUEUE, "Batchsize": 1}, "unknown", "a name that is not known"),
    Case({"EventSourceArn": QUEUE["EventSourceArn"]}, "required", "no function"),
    Case({**QUEUE, "FunctionName": "f g"}, "pattern", "a space"),
    Case({**QUEUE, "FunctionName": "f\n"}, "pattern", "a line end after a name"),
    Case({**QUEUE, "EventSourceArn": ARN.format("sqs", "a\n")}, "pattern", "a line end after an ARN"),
    Case({**STREAM, "StartingPosition": "NEWEST"}, "choice", "no such position"),
    Case({**QUEUE, "FunctionName": "f" * 65}, "together", "a long bare name"),
    Case({**QUEUE, "BatchSize": 11}, "together", "too large for a queue"),
    Case({**TABLE, "BatchSize": 1001}, "together", "too large for a table"),
    Case({**STREAM, "EventSourceArn": ARN.format("kinesis", "a")}, "together", "no stream"),
    Case({**TABLE, "EventSourceArn": ARN.format("dynamodb", "table/a")}, "together", "a table, not its stream"),
    Case({name: each for name, each in STREAM.items() if name != "StartingPosition"}, "together", "no position"),
    Case({**TIMED, "EventSourceArn": TABLE["EventSourceArn"]}, "together", "a moment of a table"),
    Case({**STREAM, "StartingPosition": "AT_TIMESTAMP"}, "together", "no moment"),
]  # fmt: skip
"""A few requests for each kind of rule. Relations of two members are one kind."""
LACKS = {
    "botocore": {"type", "maximum", "pattern", "choice", "together"},
    "pydantic, members alone": {"together"},
    "msgspec, members alone": {"together"},
}
"""The kinds of rules that engines do not claim to enforce. To botocore, true is a number."""
HERE = (engines.ours, engines.our_report, engines.rust, engines.rust_forms, engines.rust_report, engines.botocore,
        engines.botocore_report, engines.plain, engines.plain_report)  # fmt: skip
TWO = (engines.ours, engines.rust, lambda *_: [Engine("lax", "True", {})])
ELSEWHERE = (engines.pydantic, engines.pydantic_report, engines.msgspec, engines.msgspec_report, engines.fast,
             engines.fast_report)  # fmt: skip


@pytest.fixture(autouse=True)
def _no_collector(monkeypatch: pytest.MonkeyPatch) -> None:
    """Disable garbage collection in rounds, and the thawing of the tests that `conftest` froze.

    They make durations of rounds comparable, which no test here needs.
    """
    names = ("collect", "freeze", "disable", "enable", "unfreeze")
    monkeypatch.setattr(rounds, "gc", SimpleNamespace(**dict.fromkeys(names, lambda: None)))


def assert_enforces_what_it_claims(builder: engines.Builder) -> None:
    for engine in builder(CREATE, "request"):
        found = corpora.gaps(engine.verdict(), REQUESTS)
        assert set(found.missed) == LACKS.get(engine.name, set()), engine
        assert found.refused == (("a newer member",) if engine.name == "botocore" else ()), engine


@pytest.mark.parametrize("builder", HERE, ids=lambda each: each.__name__)
def test_an_engine_rejects_claimed_faults_and_accepts_valid_payloads(builder: engines.Builder) -> None:
    assert_enforces_what_it_claims(builder)


@pytest.mark.e2e
@pytest.mark.parametrize("builder", ELSEWHERE, ids=lambda each: each.__name__)
def test_an_engine_of_the_bench_extra_rejects_claimed_faults(builder: engines.Builder) -> None:
    assert_enforces_what_it_claims(builder)


@pytest.mark.parametrize("builder", [engines.ours, engines.rust, engines.plain], ids=lambda each: each.__name__)
@pytest.mark.parametrize(
    ("operation", "direction", "make"),
    [
        (CREATE, "request", payloads.distinct), (CREATE, "request", payloads.repeated),
        (GET, "request", payloads.settings_request), (GET, "response", payloads.settings_response),
        (CREATE, "response", payloads.mapping_response),
    ],
)  # fmt: skip
def test_generated_benchmark_payloads_are_valid(
    builder: engines.Builder, operation: str, direction: str, make: Any
) -> None:
    accepts = builder(operation, direction)[0].verdict()
    assert all(map(accepts, payloads.parsed(payloads.batch(make, "seed", payloads.TURNS))))


def test_faulty_payloads_have_several_faults_and_are_rejected() -> None:
    drawn = payloads.parsed(payloads.batch(payloads.faulty, "seed", 50))
    faults, (verdict, *_) = engines.our_report(CREATE, "request")[0].faults(), engines.rust(CREATE, "request")
    assert min(map(faults, drawn)) >= 3
    assert not any(map(verdict.verdict(), drawn))


def test_requests_are_distinct_and_have_seven_members() -> None:
    drawn = [text for number in range(3) for text in payloads.batch(payloads.distinct, f"seed/{number}", 200)]
    assert len({json.loads(text)["EventSourceArn"] for text in drawn}) == 600
    assert {len(json.loads(text)) for text in drawn} == {7}
    assert payloads.batch(payloads.distinct, "seed/0", 200) == drawn[:200]


def test_repeated_requests_share_few_identifiers() -> None:
    drawn = [json.loads(text)["EventSourceArn"] for text in payloads.batch(payloads.repeated, "seed", 3000)]
    counts = sorted(map(drawn.count, set(drawn)), reverse=True)
    assert 100 < len(counts) <= payloads.SHARED
    assert counts[0] > 3 * counts[9]


def test_http_engines_find_faults_outside_the_body() -> None:
    (ours,), (rust,) = wires.our_request(CREATE, "request"), wires.POSTS[1](CREATE, "request")
    found = {each.name: corpora.gaps(each.verdict(), corpora.wires()) for each in (ours, rust)}
    assert found[OURS].missed == {}
    assert found[OURS].refused == ()
    assert {"content-type.unexpected", "body.duplicate"} < found[rust.name].missed.keys()
    assert ours.verdict()(wires.gets(['{"FunctionName": "a:b", "Qualifier": "$LATEST"}'])[0])


def test_cases_are_counted_by_rule() -> None:
    cases = [Case(1, "a", "1"), Case(2, "a", "2"), Case(3, "b", "3"), Case(4, None, "4"), Case(5, None, "5")]
    found = corpora.gaps(lambda given: given in (1, 4), cases)
    assert found == Gaps({"a": (1, 2), "b": (0, 1)}, ("5",))
    assert found.missed == {"a": (1, 2)}


def raising(payload: int) -> int:
    if payload % 2:
        raise ValueError("odd")
    return payload


def test_an_engine_that_raises_rejects_and_one_that_returns_accepts() -> None:
    engine = Engine("some", "raising(p)", {"raising": raising}, rounds.always, "[str(error)] * p")
    assert list(map(engine.verdict(), (0, 1))) == [True, False]
    assert engine.faults()(3) == 3
    assert engine._replace(otherwise="None").faults()(1) == 0


def test_each_round_runs_every_engine_once_and_the_first_is_discarded() -> None:
    seen: list[tuple[str, str]] = []
    names = ("a", "b")
    made = [Engine(name, "see((name, p))", {"see": seen.append, "name": name}, share=2) for name in names]
    samples = rounds.interleaved(made, lambda number: [f"{number}/{each}" for each in range(3)], list, 2, seed=1)
    assert {name: len(values) for name, values in samples.items()} == {"a": 2, "b": 2}
    assert sorted(seen) == [(name, f"{number}/{each}") for name in names for number in range(3) for each in range(2)]


def test_an_engine_in_another_process_runs_once_per_round() -> None:
    rounds_run: list[int] = []

    def took(number: int) -> float:
        rounds_run.append(number)
        return 10.0 * number

    samples = rounds.interleaved([], lambda number: [], list, 2, seed=1, elsewhere={"far": took})
    assert (samples, rounds_run) == ({"far": [10.0, 20.0]}, [0, 1, 2])


def test_the_other_process_has_no_native_engine_and_is_given_the_same_payloads() -> None:
    with pure.pure_python("get", 1) as took:
        assert [took(number, 20) > 0 for number in range(3)] == [True] * 3
    workload = next(each for each in workloads.WORKLOADS if each.id == "get")
    assert workload.texts(1, 0, 20) == workload.texts(1, 0, 20) != workload.texts(1, 1, 20)


@pytest.mark.parametrize("workload", workloads.WORKLOADS, ids=lambda each: each.id)
def test_the_first_engine_of_a_workload_is_ours(workload: workloads.Workload) -> None:
    (engine,) = workload.builders[0](workload.operation, workload.direction)
    assert engine.name == OURS


def measured(workload: str = "valid-distinct", ours: float = 2.0) -> Measured:
    samples = {"jsonschema": [100.0, 100.0], PYTHON: [5.0, 5.0], OURS: [ours, ours], "jsonschema-rs": [1.0, 2.0]}
    gaps = {"jsonschema": Gaps({"a": (1, 2), "b": (0, 1)}, ("right",))}
    return Measured(workload, "a title", "µs", samples, gaps, {"jsonschema": 1.5}, {OURS: "check(p)"})


def test_a_row_has_the_ratio_of_our_time_to_theirs_round_by_round() -> None:
    first, second, third, fourth = table.rows(measured())
    assert (first.engine, second.engine, third.engine, fourth.engine) == (OURS, PYTHON, "jsonschema-rs", "jsonschema")
    assert second.ratio == (0.4, 0.4, 0.4)
    assert third.ratio == (1.5, 1.25, 1.75)
    assert fourth.ratio == (0.02, 0.02, 0.02)


def test_a_row_has_the_ratio_without_the_native_engine_too() -> None:
    pure = {row.engine: row.pure for row in table.rows(measured())}
    assert pure == {OURS: None, PYTHON: None, "jsonschema-rs": (3.75, 3.125, 4.375), "jsonschema": (0.05, 0.05, 0.05)}


def test_the_table_shows_targets_and_how_far_they_are_missed() -> None:
    rows = table.rows(measured())
    text, marked = table.text(rows), table.markdown(rows)
    for part in (
        "≤ 0.55: missed, 2.7 times as much; ≤ 2.2 in pure Python: missed by 70%",
        "≤ 0.02: met",
        "1.25 to 1.75",
    ):
        assert part in text
        assert part in marked
    assert "misses 1 of 2 rules, lists 1.5 faults, refuses 1 valid case" in text
    assert len({line.count("|") for line in marked.splitlines()}) == 1
    assert text.count("a title") == marked.count("a title") == 1


@pytest.mark.parametrize(
    ("target", "figure", "expected"),
    [
        (targets.Target("w", "p", 0.5), 0.5, "≤ 0.5: met"),
        (targets.Target("w", "p", 0.5), 0.75, "≤ 0.5: missed by 50%"),
        (targets.Target("w", "p", 0.5), 5.0, "≤ 0.5: missed, 10.0 times as much"),
    ],
)
def test_a_target_says_whether_it_is_met(target: targets.Target, figure: float, expected: str) -> None:
    assert target.describe(figure) == expected


def test_every_target_is_about_a_workload_and_an_engine_that_are_measured() -> None:
    workload_ids = {each.workload for each in targets.TARGETS}
    assert workload_ids <= set(compare.IDS)
    named = {engine.name for each in workloads.WORKLOADS
             for engine in workloads.built(each.builders, each.operation, each.direction)[0]}  # fmt: skip
    others = {"cfn-lint", "check-jsonschema", "bare application", "fastjsonschema"}
    assert {each.peer for each in targets.TARGETS} <= named | others


@pytest.mark.parametrize(
    ("value", "expected"), [(1234.5, "1,234"), (12.34, "12.3"), (1.234, "1.23"), (0.1234, "0.123"), (0.01234, "0.0123")]
)
def test_numbers_have_three_digits(value: float, expected: str) -> None:
    assert table.number(value) == expected


@pytest.fixture
def runs(tmp_path: Path) -> Any:
    def write(name: str, ours: float, workload: str = "valid-distinct") -> str:
        found = table.as_json(table.rows(measured(workload, ours)), {}, {})
        (tmp_path / name).write_text(json.dumps(found), "utf-8")
        return str(tmp_path / name)

    return write


def test_two_runs_agree_within_fifteen_percent(runs: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert compare.main(["--agree", runs("a", 2.0), runs("b", 2.29)]) == 0
    assert capsys.readouterr().out == "all 4 ratios agree within 15%\n"


def test_runs_that_differ_by_more_are_reported(runs: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert compare.main(["--agree", runs("a", 2.0), runs("b", 2.32)]) == 1
    assert "valid-distinct, jsonschema: 0.0200 and 0.0232 differ by 16%" in capsys.readouterr().out


def test_a_row_missing_from_one_run_is_reported(runs: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert compare.main(["--agree", runs("a", 2.0), runs("b", 2.0, "get")]) == 1
    assert capsys.readouterr().out.count("only in one run") == 8


def test_an_invalid_run_file_is_a_usage_error(runs: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "list").write_text("[]")
    for other in (tmp_path / "absent", tmp_path / "list"):
        assert compare.main(["--agree", runs("a", 2.0), str(other)]) == 2
    assert "is not what --json writes" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--only", "nothing"], ["--rounds", "0"], ["--rounds", "x"], ["--agree", "a"]])
def test_invalid_arguments_are_a_usage_error(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        compare.main(arguments)
    assert stopped.value.code == 2


def test_slow_or_missing_workloads_are_skipped_with_a_reason(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    assert compare.main(["--quick", "--only", "lint-10000", "--only", "asgi"]) == 0
    output = capsys.readouterr().err
    assert "lint-10000: skipped: it takes minutes, and --quick was asked for" in output
    assert "asgi: skipped: wrk is not on the path" in output


def test_the_command_prints_a_table_and_writes_requested_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workloads, "BATCH", 50)
    workload = next(each for each in workloads.WORKLOADS if each.id == "get")
    cases = (Case({"FunctionName": "f g"}, "pattern", "a space"),)
    monkeypatch.setattr(compare, "WORKLOADS", [workload._replace(builders=TWO, cases=lambda: cases)])
    written = [tmp_path / "run.json", tmp_path / "run.md"]
    assert (
        compare.main(["--rounds", "2", "--only", "get", "--json", str(written[0]), "--markdown", str(written[1])]) == 0
    )
    run = json.loads(written[0].read_text("utf-8"))
    entry = run["workloads"]["get"]["engines"]
    assert entry[OURS]["ratio"] == {"median": 1.0, "low": 1.0, "high": 1.0}
    assert entry["lax"]["misses"] == {"pattern": [1, 1]}
    assert entry["jsonschema-rs"]["misses"] == {}
    assert "parameters of a GET" in capsys.readouterr().out
    assert "| jsonschema-rs |" in written[1].read_text("utf-8")


def test_the_page_has_a_place_for_the_table() -> None:
    page = compare.PAGE.read_text("utf-8")
    made = compare.with_table(page, "| a |\n")
    assert f"{compare.BEGIN}| a |\n{compare.END}" in made
    assert compare.with_table(made, page.partition(compare.BEGIN)[2].partition(compare.END)[0]) == page
    with pytest.raises(SystemExit, match="has no place for the table"):
        compare.with_table("no marks", "| a |\n")


def test_slow_workloads_are_measured_only_on_request() -> None:
    plain, named = compare.parser().parse_args([]), compare.parser().parse_args(["--only", "lint-10000"])
    process = compare.PROCESSES["lint-10000"]._replace(why_not=lambda: None)
    assert process.takes_minutes
    assert compare.left_out("lint-10000", plain) == "it takes minutes; --only measures it"
    assert compare.left_out("lint-10000", named) == process.why_not()


OPENAPI = "openapi_core"
"""The only validator that no extra of the tests has. pip needs minutes to resolve it together with moto."""


@pytest.mark.e2e
def test_every_peer_is_in_the_table_and_every_plot_is_drawn(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--quick", "--plots", str(tmp_path), "--only", "body", "--only", "valid-distinct", "--only", "first"]
    assert compare.main(arguments) == 0
    output = capsys.readouterr()
    assert all(OPENAPI in line for line in output.err.splitlines() if "not installed" in line)
    for name in ("fastjsonschema", "pydantic", "msgspec", "botocore", "jsonschema-rs", "jsonschema"):
        assert f" {name} " in output.out
    assert {each.name for each in tmp_path.iterdir()} == {f"{name}.{form}" for name in ("times", "targets")
                                                          for form in plots.FORMS}  # fmt: skip


@pytest.mark.e2e
@pytest.mark.parametrize("workload", workloads.WORKLOADS[:8], ids=lambda each: each.id)
def test_no_whole_engine_misses_a_case_of_the_corpora(workload: workloads.Workload) -> None:
    found, missing = workloads.built(workload.builders, workload.operation, workload.direction)
    assert missing.keys() <= {OPENAPI}
    for engine in found:
        gaps = corpora.gaps(engine.verdict(), workload.cases()[:: 10 if engine.share < 100 else 1])
        own = {rule for rule in gaps.missed if not rule.startswith("body.")}
        assert bool(own) == (engine.name in LACKS or engine.name == "botocore"), engine.name
