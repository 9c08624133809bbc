"""Compares all ways to validate a payload, over many generated payloads; needs the native engine and the extra `test`.

    python tools/agreement.py [--payloads 10000000] [--jobs 2] [--seed 1]

A stratum is an edition, an operation, a direction, and a rule. Each gets the same number of payloads. A third of them
is meant to be valid, a third to break the rule, and a third to break other rules as well. The native plan, the
generated Python, the report and jsonschema-rs see every payload. jsonschema is slow: it sees one in a thousand.

A schema for other validators lacks the rules of some keywords (`UNSTATED`). It accepts what breaks only these.
Every payload on which two of them differ is printed, and the exit status is 1.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from multiprocessing import Pool
from random import Random
from typing import Any, NamedTuple

import jsonschema_rs

import lambda_validate as lv
from lambda_validate import catalog, strategies
from lambda_validate.catalog import reference
from lambda_validate.compiler.compile import compile_schema
from lambda_validate.compiler.plan import compile_plan
from lambda_validate.native import engine
from lambda_validate.report.policy import VERDICT, Policy

UNSTATED = {"x-relation", "format"}
"""Keywords of rules that a schema for other validators lacks: they compare members, or parse a string."""
DIRECTIONS: tuple[lv.Direction, ...] = ("request", "response")
UNKNOWN = -1
SLOW = 1000
"""jsonschema sees one payload in so many."""
PRINTED = 20


class Target(NamedTuple):
    """An edition, an operation and a direction."""

    edition: str
    operation: str
    direction: lv.Direction


class Stratum(NamedTuple):
    """A target, and a rule that some of its payloads break."""

    target: Target
    rule: str


class Cases(NamedTuple):
    """The generated cases of a target: valid payloads, and those that break each rule, with the member at fault."""

    valid: list[dict[str, Any]]
    broken: dict[str, list[tuple[str, dict[str, Any]]]]


def cases_of(target: Target) -> Cases:
    """Return the cases of a target whose payload is an object and whose fault is in a member."""
    cases = Cases([{}], {})
    for case in strategies.boundary_cases(target.operation, target.direction, edition=target.edition):
        if type(case.payload) is dict and case.rule is None:
            cases.valid.append(case.payload)
        elif type(case.payload) is dict and case.pointer and case.rule:
            cases.broken.setdefault(case.rule, []).append((case.pointer.split("/")[1], case.payload))
    return cases


def payloads(stratum: Stratum, cases: Cases, random: Random) -> Iterator[dict[str, Any]]:
    """Yield payloads without an end: of a valid case, of one that breaks the rule, and of several broken ones."""
    rules = [*cases.broken]
    while True:
        yield _varied(random.choice(cases.valid), cases, random)
        member, payload = random.choice(cases.broken[stratum.rule])
        one = _with(_varied(payload, cases, random), member, payload)
        yield one
        several = dict(one)
        for rule in random.choices(rules, k=random.randint(1, 4)):
            several = _with(several, *random.choice(cases.broken[rule]))
        yield several


def _varied(payload: dict[str, Any], cases: Cases, random: Random) -> dict[str, Any]:
    """Return the payload with members of another valid one, and with one string or number changed a little."""
    other = random.choice(cases.valid)
    made = {**payload, **dict(random.sample([*other.items()], min(len(other), random.randint(0, 2))))}
    if made:
        name = random.choice([*made])
        made[name] = _changed(made[name], random)
    return made


def _changed(value: Any, random: Random) -> Any:
    if type(value) is str:
        at = random.randint(0, len(value))
        return value[:at] + random.choice("aZ09-_:/.$ \u00e9") + value[at + random.randint(0, 1) :]
    if type(value) is int:
        return value + random.choice((-1, 1))
    if type(value) is dict and value:
        name = random.choice([*value])
        return {**value, name: _changed(value[name], random)}
    return [*map(_changed, value, [random] * len(value))] if type(value) is list else value


def _with(payload: dict[str, Any], member: str, source: dict[str, Any]) -> dict[str, Any]:
    """Return the payload with a member as another one has it, or without it."""
    if member in source:
        return {**payload, member: source[member]}
    return {name: value for name, value in payload.items() if name != member}


class Validators:
    """All ways to validate a payload of one target."""

    def __init__(self, target: Target) -> None:
        edition, operation, direction = self.target = target
        schema = catalog.operation(operation, edition).schema(direction)
        self.python = compile_schema(schema, VERDICT, policy=Policy()).run
        plan, program = engine().plan, compile_plan(schema, Policy())
        if plan is None or program is None:
            raise SystemExit("There is no native engine to compare: install the package where a C compiler is.")
        self.plan = plan(program, self.python).run
        self.validator = lv.Validator(edition)
        self.rust = jsonschema_rs.validator_for(lv.schema(operation, direction, edition)).is_valid
        self.slow = reference.validator(operation, direction, edition).is_valid

    def differ(self, payload: dict[str, Any], with_slow: bool) -> tuple[str, int]:
        """Return which results differ, an empty string if none do; and the number of errors."""
        valid = bool(self.python(payload))
        violations = self.validator.violations(self.target.operation, self.target.direction, payload)
        errors = [violation.keyword for violation in violations if violation.severity == "error"]
        results = {
            "plan": self.plan(payload) in (UNKNOWN, int(valid)),
            "report": valid is not bool(errors),
            "jsonschema-rs": self.rust(payload) is (set(errors) <= UNSTATED),
            "jsonschema": not with_slow or self.slow(payload) is valid,
        }
        return " ".join(name for name, agrees in results.items() if not agrees), len(errors)


def compare(work: tuple[Target, int, int]) -> tuple[Counter[str], list[str]]:
    """Compare `number` payloads of each stratum of a target. Return counts, and the differences as lines."""
    target, number, seed = work
    cases, validators, random = cases_of(target), Validators(target), Random(f"{seed} {target}")
    counts = Counter[str](strata=len(cases.broken))
    differences: list[str] = []
    for rule in cases.broken:
        for index, payload in enumerate(islice(payloads(Stratum(target, rule), cases, random), number)):
            found, errors = validators.differ(payload, index % SLOW == 0)
            counts[("valid", "one error")[errors] if errors < 2 else "several errors"] += 1
            if found and len(differences) < PRINTED:
                differences.append(f"{found}: {' '.join(target)} {payload!r}")
    return counts, differences


def main() -> int:
    """Compare, print the counts and the differences, and return the exit status."""
    parser = ArgumentParser(description="Compare all ways to validate a payload.", allow_abbrev=False)
    parser.add_argument("--payloads", type=int, default=10_000_000, help="how many (default: 10,000,000)")
    parser.add_argument("--jobs", type=int, default=2, help="how many processes (default: 2)")
    parser.add_argument("--seed", type=int, default=1, help="another seed makes other payloads (default: 1)")
    options = parser.parse_args()
    targets = [
        Target(edition, name, direction)
        for edition in ("documents", "current")
        for name in catalog.operations(edition)
        for direction in DIRECTIONS
    ]
    with Pool(options.jobs) as pool:
        strata = sum(pool.map(_strata, targets))
        number = -(-options.payloads // strata)
        counts, differences = Counter[str](), list[str]()
        for index, (more, found) in enumerate(
            pool.imap_unordered(compare, [(target, number, options.seed) for target in targets]), 1
        ):
            counts += more
            differences += found
            print(f"\r{index} of {len(targets)} targets", end="", file=sys.stderr, flush=True)
    print("\n" + "\n".join(f"{count:>12,} {name}" for name, count in counts.items()))
    print("\n".join(differences[:PRINTED]) or "No difference.")
    return int(bool(differences))


def _strata(target: Target) -> int:
    return len(cases_of(target).broken)


if __name__ == "__main__":
    sys.exit(main())
