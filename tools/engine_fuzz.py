"""Fuzzes the engines and the JSON parsers, guided by coverage; needs atheris and the native engine.

    python tools/engine_fuzz.py [--seconds 1800] [--corpus FOLDER] [OPTION OF LIBFUZZER ...]

An input is a number, which selects an operation and a direction, and a body. For each body these must agree:

- the fast parser and the thorough one, on the value;
- the plan in the native engine, the generated Python and the report, on the verdict.

Three in four changes keep the body valid JSON: they change one value or one name in it. libFuzzer changes the bytes
of the others. The coverage is that of the generated Python, whose branches are those of the plan. An input on which two
results differ ends the run, and is written to a file `crash-…`, which is an input too: give its name as an option.
"""

from __future__ import annotations

import json
import sys
import tempfile
from argparse import ArgumentParser
from functools import cache
from pathlib import Path
from random import Random
from types import FunctionType
from typing import Any, NamedTuple

import atheris

import lambda_validate as lv
from lambda_validate import catalog, strategies
from lambda_validate.compiler.compile import compile_schema
from lambda_validate.compiler.plan import compile_plan
from lambda_validate.native import engine
from lambda_validate.report.policy import VERDICT, Policy
from lambda_validate.validator import json_body
from lambda_validate.validator.json_parsers import UNREAD

EDITIONS = ("documents", "current")
TARGETS = [
    (edition, name, direction)
    for edition in EDITIONS
    for name in catalog.operations(edition)
    for direction in catalog.DIRECTIONS
]
SELECTOR = 2
"""Bytes of an input that select its target."""

DEPTH = 32
STRUCTURED = 0.75
REMOVED = 0.1
RENAMED = 0.2
SAME_TYPE = 0.8
UNKNOWN = -1


class Target(NamedTuple):
    """An operation and a direction: its plan, its generated Python, and the validator that reports."""

    plan: Any
    python: Any
    validator: lv.Validator
    operation: str
    direction: str

    def disagreement(self, payload: Any) -> str:
        """Return which verdicts differ about a payload, an empty string if none do."""
        planned, valid = self.plan.run(payload), _valid(self.python, payload)
        if planned not in (UNKNOWN, int(valid)):
            return f"plan {planned}, Python {valid}"
        violations = self.validator.violations(self.operation, self.direction, payload)
        errors = any(violation.severity == "error" for violation in violations)
        return "" if errors is not valid else f"{len(violations)} violations, Python {valid}"


def _valid(verdict: Any, payload: Any) -> bool:
    try:
        return bool(verdict(payload))
    except Exception:  # a payload that raises is invalid, as in `is_valid_request`
        return False


@cache
def target(number: int) -> Target:
    """Compile the target of a number, and count the coverage of its generated Python."""
    edition, operation, direction = TARGETS[number % len(TARGETS)]
    schema = catalog.operation(operation, edition).schema(direction)
    python = compile_schema(schema, VERDICT, policy=Policy()).run
    for function in python.__globals__.values():
        if isinstance(function, FunctionType) and function.__code__.co_filename.startswith("lambda-validate/"):
            atheris.instrument_func(function)
    native, program = engine().plan, compile_plan(schema, Policy())
    if native is None or program is None:
        raise SystemExit("There is no native engine to fuzz: install the package where a C compiler is.")
    return Target(native(program, python), python, lv.Validator(edition), operation, direction)


def check(data: bytes) -> None:
    """Check one input. Raise `AssertionError` if two results differ."""
    number, body = int.from_bytes(data[:SELECTOR], "big"), data[SELECTOR:]
    fast, thorough = json_body.quick(body, DEPTH), json_body._thorough(body, DEPTH)
    assert fast is UNREAD or (repr(fast), ()) == (repr(thorough.value), thorough.faults), body
    if thorough.value is not UNREAD:
        found = target(number).disagreement(thorough.value)
        assert not found, f"{TARGETS[number % len(TARGETS)]}: {found}"


def mutator(data: bytes, size: int, seed: int) -> bytes:
    """Change one value or one name of the body, or its bytes."""
    random = Random(seed)
    try:
        value = json.loads(data[SELECTOR:]) if random.random() < STRUCTURED else None
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict | list) or not value:
        return bytes(atheris.Mutate(data, size))
    return (data[:SELECTOR] + json.dumps(_changed(value, random)).encode())[:size]


def _changed(value: Any, random: Random) -> Any:
    if not isinstance(value, dict | list) or not value:
        return _scalar(value, random)
    key: Any = random.choice([*value]) if isinstance(value, dict) else random.randrange(len(value))
    chance = random.random()
    if chance < REMOVED:
        del value[key]
    elif chance < RENAMED and isinstance(value, dict):
        value[_mutated(key)] = value.pop(key)
    else:
        value[key] = _changed(value[key], random)
    return value


def _scalar(value: Any, random: Random) -> Any:
    if isinstance(value, str) and random.random() < SAME_TYPE:
        return _mutated(value)
    if type(value) is int and random.random() < SAME_TYPE:
        return value + random.choice((-1, 1, 1 << random.randrange(40)))
    return random.choice(("", 0, -1, 1.0, 0.5, 10**20, True, False, None, [], {}, [value], {"": value}))


def _mutated(string: str) -> str:
    return bytes(atheris.Mutate(string.encode("utf-8", "replace"), len(string) + 8)).decode("utf-8", "replace")


def seeds(folder: Path) -> None:
    """Write an input for each generated case of each target."""
    for number, (edition, operation, direction) in enumerate(TARGETS):
        cases = strategies.boundary_cases(operation, direction, edition=edition)
        for index, case in zip(range(40), cases, strict=False):
            body = json.dumps(case.payload).encode()
            folder.joinpath(f"{number}-{index}").write_bytes(number.to_bytes(SELECTOR, "big") + body)


def main() -> None:
    """Fuzz until the time is over, or until two results differ."""
    parser = ArgumentParser(description="Fuzz the engines and the JSON parsers.", allow_abbrev=False)
    parser.add_argument("--seconds", type=int, default=1800, help="how long to run (default: 1800)")
    parser.add_argument("--corpus", help="a folder of inputs, which grows (default: a new one, removed at the end)")
    options, others = parser.parse_known_args()
    with tempfile.TemporaryDirectory() as temporary:
        corpus = Path(options.corpus or temporary)
        corpus.mkdir(parents=True, exist_ok=True)
        if not any(corpus.iterdir()):
            seeds(corpus)
        atheris.instrument_func(json_body._thorough)
        arguments = [sys.argv[0], f"-max_total_time={options.seconds}", "-max_len=4096", *others, str(corpus)]
        atheris.Setup(arguments, check, custom_mutator=mutator)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
