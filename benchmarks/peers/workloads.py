"""Measure workloads in this process: a kind of batch, the engines for it, and labelled cases."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from types import MappingProxyType
from typing import Any, NamedTuple

from lambda_validate import native

from . import corpora, engines, payloads, wires
from .corpora import Case, Gaps
from .engines import PYTHON, Builder
from .forms import CREATE, GET
from .payloads import Maker
from .pure import pure_python
from .rounds import BATCH, Elsewhere, Engine, interleaved

MICROSECONDS = "µs a payload"


class Workload(NamedTuple):
    """One part of the table.

    The first builder makes the engine of this package. `lists_faults` is set if every fault counts.
    """

    id: str
    title: str
    operation: str
    direction: str
    make: Maker
    builders: tuple[Builder, ...]
    cases: Callable[[], tuple[Case, ...]]
    prepare: Callable[[list[str]], list[Any]] = payloads.parsed
    lists_faults: bool = False

    def texts(self, seed: int, number: int, count: int) -> list[str]:
        """Return the payloads of a round."""
        return payloads.batch(self.make, f"{seed}/{self.id}/{number}", count)


NOTHING: Mapping[str, Any] = MappingProxyType({})


class Measured(NamedTuple):
    """The results of a workload: samples of each engine by round, and additional data.

    `gaps` is what an engine does not enforce, `faults` its average number of listed faults in a payload, `calls` its
    calls, and `skipped` the missing engines, and why.
    """

    id: str
    title: str
    unit: str
    samples: Mapping[str, list[float]]
    gaps: Mapping[str, Gaps] = NOTHING
    faults: Mapping[str, float] = NOTHING
    calls: Mapping[str, str] = NOTHING
    skipped: Mapping[str, str] = NOTHING


def _flat(operation: str, direction: str) -> Callable[[], tuple[Case, ...]]:
    return partial(corpora.payloads, operation, direction)


POST = (CREATE, "request")
REQUEST, PARAMETERS = _flat(*POST), _flat(GET, "request")
VALID, FAULTY = payloads.distinct, payloads.faulty
WORKLOADS = (
    Workload("valid-distinct", "valid requests, all distinct", *POST, VALID, engines.EVERY_FORM, REQUEST),
    Workload("valid-repeated", "valid requests, 200 identifiers, Zipf", *POST, payloads.repeated, engines.VERDICTS,
             REQUEST),
    Workload("faulty-all", "3 to 6 faults, all reported", *POST, FAULTY, engines.REPORTS, REQUEST, lists_faults=True),
    Workload("faulty-first", "3 to 6 faults, verdict", *POST, FAULTY, engines.VERDICTS, REQUEST),
    Workload("get", "parameters of a GET", GET, "request", payloads.settings_request, engines.VERDICTS, PARAMETERS),
    Workload("create-response", "answers of CreateEventSourceMapping", CREATE, "response", payloads.mapping_response,
             engines.RESPONSES, _flat(CREATE, "response")),
    Workload("get-response", "answers of GetFunctionEventInvokeConfig", GET, "response", payloads.settings_response,
             engines.RESPONSES, _flat(GET, "response")),
    Workload("body", "body bytes to verdict", *POST, VALID, wires.BODIES, corpora.bodies, wires.bodies),
    Workload("body-faulty", "body bytes to verdict, 3 to 6 faults", *POST, FAULTY, wires.BODIES, corpora.bodies,
             wires.bodies),
    Workload("post", "whole POST request to verdict", *POST, VALID, wires.POSTS, corpora.posts, wires.posts),
    Workload("get-request", "whole GET request to verdict", GET, "request", payloads.settings_request, wires.GETS,
             corpora.gets, wires.gets),
)  # fmt: skip


def built(builders: tuple[Builder, ...], operation: str, direction: str) -> tuple[list[Engine], dict[str, str]]:
    """Return the installed engines, and the missing ones."""
    missing: dict[str, str] = {}

    def build(builder: Builder) -> list[Engine]:
        try:
            return builder(operation, direction)
        except ModuleNotFoundError as error:
            missing[str(error.name)] = "not installed"
            return []

    return [engine for builder in builders for engine in build(builder)], missing


@contextmanager
def elsewhere(workload: Workload, seed: int) -> Iterator[Elsewhere]:
    """Return the engine in pure Python, if this process has the native one."""
    if native.engine().plan is None:
        yield NOTHING
        return
    with pure_python(workload.id, seed) as took:
        yield {PYTHON: lambda number: took(number, BATCH)}


def measured(workload: Workload, rounds: int, seed: int) -> Measured:
    found, missing = built(workload.builders, workload.operation, workload.direction)

    def texts(number: int) -> list[str]:
        return workload.texts(seed, number, BATCH)

    with elsewhere(workload, seed) as others:
        samples = interleaved(found, texts, workload.prepare, rounds, seed, others)
    print(f"{workload.id}: what is not enforced", file=sys.stderr)
    cases, some = workload.cases(), workload.prepare(texts(0)[:50])
    gaps = {each.name: corpora.gaps(each.verdict(), cases) for each in found}
    faults = {each.name: sum(map(each.faults(), some)) / len(some) for each in found if workload.lists_faults}
    calls = {each.name: each.call for each in found}
    return Measured(workload.id, workload.title, MICROSECONDS, samples, gaps, faults, calls, missing)
