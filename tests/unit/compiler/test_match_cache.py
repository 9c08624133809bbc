"""The caches of a verdict: they never change it, and never grow beyond their bounds."""

from __future__ import annotations

import random
import sys
import threading
from typing import Any

import lambda_validate as lv
from lambda_validate.compiler.compile import compile_schema
from lambda_validate.compiler.match_cache import MAX_LENGTH, MOST, PERIOD, REST

NAME = {"type": "object", "properties": {"name": {"type": "string", "pattern": "^(?:[a-z]+[0-9]*)$(?!\\n)"}}}
LIST = {"type": "array", "items": {"type": "string", "pattern": "^(?:[a-z]+[0-9]*)$(?!\\n)"}}


def made(schema: Any = NAME) -> tuple[Any, Any]:
    """Return a verdict, and a function that returns its one cache, None while it is disabled."""
    run = compile_schema(schema, "verdict").run
    [name] = [each for each in run.__globals__ if each.startswith("cache_")]
    return run, lambda: run.__globals__[name]


def distinct(run: Any, count: int, start: int = 0) -> None:
    """Validate a number of payloads in which no string comes twice."""
    for index in range(start, start + count):
        assert run({"name": f"a{index}"})


def test_a_string_that_matched_is_looked_up() -> None:
    run, table = made()
    assert run({"name": "a1"})
    assert list(table()) == ["a1"]
    table()["not matched at all"] = True
    assert run({"name": "not matched at all"})


def test_a_string_that_did_not_match_is_not_cached() -> None:
    run, table = made()
    assert not run({"name": "A"})
    assert not run({"name": "A"})
    assert table() == {}


def test_a_long_string_is_not_cached() -> None:
    run, table = made()
    assert run({"name": "a" * MAX_LENGTH})
    assert run({"name": "a" * (MAX_LENGTH + 1)})
    assert list(map(len, table())) == [MAX_LENGTH]


def test_strings_that_come_again_stay() -> None:
    run, table = made()
    for _ in range(20):
        distinct(run, PERIOD // 4)
    assert len(table()) == PERIOD // 4


def test_a_cache_with_few_hits_is_disabled_and_retried() -> None:
    run, table = made()
    distinct(run, PERIOD + 1)
    assert table() is None
    distinct(run, PERIOD * REST, PERIOD)
    assert table() is None
    distinct(run, PERIOD, PERIOD)
    assert table()


def test_a_cache_has_bounds_whatever_comes() -> None:
    run, table = made()
    for start in range(0, 40_000, 200):  # one in five is new: few enough for the table to stay
        for _ in range(5):
            distinct(run, 200, start)
        assert table() is not None
        assert len(table()) <= MOST
    run, table = made(LIST)
    assert run([f"a{index}" for index in range(10 * MOST)])
    assert len(table()) == MOST


def test_a_string_of_a_subclass_is_cached_as_a_plain_string() -> None:
    class Text(str):
        def __hash__(self) -> int:
            raise AssertionError

        def __eq__(self, other: object) -> bool:
            raise AssertionError

    run, table = made()
    assert run({"name": Text("a1")})
    assert [type(each) for each in table()] == [str]


def test_verdicts_are_the_same_with_an_empty_cache_a_full_one_and_none() -> None:
    chance = random.Random(5)
    resources = ("sqs:{}:q", "kinesis:{}:stream/s", "kinesis:{}:q", "sns:{}:t", "sqs")
    arns = ["", *("arn:aws:" + each.format("us-east-1:123456789012") for each in resources)]
    names = ["f", "f:1", "f f", "f" * 65, "arn:aws:lambda:us-east-1:123456789012:function:f"]
    judge = lv.Validator()
    tables = [
        name
        for name in judge.checker("CreateEventSourceMapping", "request").run.__globals__
        if name.startswith("cache_")
    ]
    assert len(tables) == 2
    for _ in range(300):
        payload = {"EventSourceArn": chance.choice(arns), "FunctionName": chance.choice(names)}
        payload |= chance.choice([{}, {"StartingPosition": "LATEST"}])
        fresh = lv.Validator()
        names_of_code = fresh.checker("CreateEventSourceMapping", "request").run.__globals__
        first = fresh.is_valid_request("CreateEventSourceMapping", payload)
        second = fresh.is_valid_request("CreateEventSourceMapping", payload)
        names_of_code.update(dict.fromkeys(tables))
        assert first is second is fresh.is_valid_request("CreateEventSourceMapping", payload)
        assert first is judge.is_valid_request("CreateEventSourceMapping", payload)
        assert first is fresh.validate_request("CreateEventSourceMapping", payload).ok


def test_threads_that_share_a_verdict_do_not_disturb_one_another() -> None:
    run, _ = made()
    wrong: list[int] = []
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)

    def judge(seed: int) -> None:
        chance = random.Random(seed)
        for _ in range(4_000):
            text = chance.choice(["a", "A", f"a{chance.randrange(3_000)}", f"a{chance.random()}"])
            expected = text[0] == "a" and "." not in text and "-" not in text
            if run({"name": text}) is not expected:
                wrong.append(1)

    threads = [threading.Thread(target=judge, args=(seed,)) for seed in range(4)]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(before)
    assert wrong == []
