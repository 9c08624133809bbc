"""Find what an engine does not enforce: the cases that it accepts although they break a rule.

The cases of a payload are those of `lambda_validate.strategies`, thousands for each operation and direction. Those of a
request also include `tests/http_cases`. Each is labelled with the rule that it breaks. No result is written by hand.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from lambda_validate import strategies

from .forms import CREATE, GET
from .wires import HEADERS, PATH, Wire, target

REQUESTS = Path(__file__).resolve().parents[2] / "tests" / "http_cases" / "requests"


MOST = 100
"""Cases of a rule that are sent as whole requests."""


class Case(NamedTuple):
    """A validated input, and the rule that it breaks, if any."""

    given: Any
    rule: str | None
    name: str


class Gaps(NamedTuple):
    """How many cases of each rule are accepted, the number of its cases, and the valid cases that are rejected."""

    rules: dict[str, tuple[int, int]]
    refused: tuple[str, ...]

    @property
    def missed(self) -> dict[str, tuple[int, int]]:
        """Return the rules with at least one accepted case."""
        return {rule: counts for rule, counts in self.rules.items() if counts[0]}


@cache
def payloads(operation: str, direction: str, minimal: bool = False) -> tuple[Case, ...]:
    cases = strategies.corpus(operation, minimal, direction)
    return tuple(Case(each.payload, None if each.valid else each.rule, each.id) for each in cases)


def thinned(cases: Iterable[Case]) -> list[Case]:
    """Return at most this many cases of each rule at regular intervals, because whole requests may be slow."""
    rules: dict[str | None, list[Case]] = {}
    for case in cases:
        rules.setdefault(case.rule, []).append(case)
    return [case for each in rules.values() for case in each[:: -(-len(each) // MOST)]]


@cache
def wires() -> tuple[Case, ...]:
    """Return whole requests with faults outside of the payload."""
    rows = [row for table in sorted(REQUESTS.glob("*.yaml")) for row in yaml.safe_load(table.read_text("utf-8"))]
    return tuple(Case(_wire(each), each["rules"][0][1] if each["status"] else None, each["id"]) for each in rows)


def _wire(row: dict[str, Any]) -> Wire:
    text, count = row.get("repeat", (row.get("body", ""), 1))
    body = bytes.fromhex(row["hex"]) if "hex" in row else (text * count).encode()
    return Wire(row["method"], row["target"], [(name, value) for name, value in row["headers"]], body)


def posts(minimal: bool = False) -> tuple[Case, ...]:
    """Return payloads as whole requests, and the requests with other faults."""
    sent = (Case(Wire("POST", PATH, HEADERS, json.dumps(each.given).encode()), each.rule, each.name)
            for each in thinned(payloads(CREATE, "request", minimal)))  # fmt: skip
    return (*sent, *(each for each in wires() if each.given.method != "GET"))


def bodies(minimal: bool = False) -> tuple[Case, ...]:
    """Return the bodies of requests that can only be invalid in the body."""
    plain = (HEADERS, [("content-type", "application/json")])
    return tuple(
        each._replace(given=each.given.body)
        for each in posts(minimal)
        if each.given[:2] == ("POST", PATH) and each.given.headers in plain
    )


def gets(minimal: bool = False) -> tuple[Case, ...]:
    """Return parameters that a URL can carry as whole requests, and the requests with other faults."""
    sent = (Case(Wire("GET", target(each.given), HEADERS[:-1], b""), each.rule, each.name)
            for each in thinned(payloads(GET, "request", minimal)) if _travels(each.given))  # fmt: skip
    return (*sent, *(each for each in wires() if each.given.method == "GET"))


def _travels(payload: Any) -> bool:
    """Return whether a URL can carry parameters unchanged: strings only, and a name among them."""
    known = isinstance(payload, dict) and payload.keys() <= {"FunctionName", "Qualifier"}
    return (
        known
        and bool(payload.get("FunctionName"))
        and all(isinstance(each, str) and each.isprintable() and each for each in payload.values())
    )


def gaps(accepts: Callable[[Any], bool], cases: Iterable[Case]) -> Gaps:
    """Return the results of an engine for labelled cases."""
    rules: dict[str, tuple[int, int]] = {}
    refused = []
    for case in cases:
        verdict = accepts(case.given)
        if case.rule is not None:
            accepted, total = rules.get(case.rule, (0, 0))
            rules[case.rule] = (accepted + verdict, total + 1)
        elif not verdict:
            refused.append(case.name)
    return Gaps(dict(sorted(rules.items())), tuple(refused))
