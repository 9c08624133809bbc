"""Time engines: each call is one expression, compiled into the same loop for every engine.

A round runs every engine once, in random order, over the same JSON strings. They are parsed anew for each engine, so
that no engine profits from hashes that another one has cached. The measure is the processor time of this process, with
garbage collection disabled.
"""

from __future__ import annotations

import gc
import random
import statistics
from collections.abc import Callable, Mapping, Sequence
from time import process_time
from types import MappingProxyType
from typing import Any, NamedTuple

BATCH = 5000
"""The number of payloads in a round."""
LOOP = """
def loop(batch):
    start = process_time()
    for p in batch:
        try:
            {call}
        except Exception as error:
            {otherwise}
    return process_time() - start

def outcome_of(p):
    try:
        return {expression}
    except Exception as error:
        return {refused}
"""


class Refused(NamedTuple):
    """The result of an engine that raises: the message of its error, or a value derived from it."""

    reason: Any


class Engine(NamedTuple):
    """An engine and its call.

    `call` is what a user would write, with the payload as `p`. `otherwise` handles an `error` that it raises. Both
    see `names`. `accepts` makes a verdict of the result of `call`, or of `check_call` if there is one. Slow
    engines get only the first `share` of the payloads.
    """

    name: str
    call: str
    names: dict[str, Any]
    accepts: Callable[[Any], bool] = bool
    otherwise: str = "None"
    share: int = BATCH
    check_call: str = ""

    def compiled(self, expression: str = "") -> dict[str, Any]:
        refused = f"Refused({self.otherwise})"
        space = {"process_time": process_time, "Refused": Refused, **self.names}
        exec(
            LOOP.format(call=self.call, expression=expression or self.call, otherwise=self.otherwise, refused=refused),
            space,
        )
        return space

    def verdict(self) -> Callable[[Any], bool]:
        """Return the engine as a function that returns whether a payload is valid."""
        outcome_of = self.compiled(self.check_call)["outcome_of"]

        def verdict(payload: Any) -> bool:
            outcome = outcome_of(payload)
            return not isinstance(outcome, Refused) and self.accepts(outcome)

        return verdict

    def faults(self) -> Callable[[Any], int]:
        """Return the engine as a function that counts the listed faults of a payload."""
        outcome_of = self.compiled()["outcome_of"]

        def faults(payload: Any) -> int:
            outcome = outcome_of(payload)
            return len(outcome.reason or () if isinstance(outcome, Refused) else outcome)

        return faults


def always(_outcome: Any) -> bool:
    """Return True, because an engine that raises accepts a payload by returning."""
    return True


def is_empty(outcome: Any) -> bool:
    return not outcome


def seconds(loop: Callable[[list[Any]], float], batch: list[Any]) -> float:
    """Return the time of a loop without garbage collection."""
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        return loop(batch)
    finally:
        gc.enable()
        gc.unfreeze()


def microseconds(loop: Callable[[list[Any]], float], batch: list[Any]) -> float:
    """Return the time of a loop for each payload."""
    return seconds(loop, batch) / len(batch) * 1e6


Elsewhere = Mapping[str, Callable[[int], float]]
"""Engines in other processes, by name: functions from the number of a round to the microseconds of a payload."""


def interleaved(
    engines: Sequence[Engine],
    texts: Callable[[int], list[str]],
    prepare: Callable[[list[str]], list[Any]],
    rounds: int,
    seed: int,
    elsewhere: Elsewhere = MappingProxyType({}),
) -> dict[str, list[float]]:
    """Return the microseconds of each engine for a payload, by round. A first warm-up round is discarded."""
    loops = {each.name: each.compiled()["loop"] for each in engines}
    shares = {each.name: each.share for each in engines}
    samples: dict[str, list[float]] = {name: [] for name in (*loops, *elsewhere)}
    chance = random.Random(seed)
    for number in range(rounds + 1):
        batch = texts(number)
        for name in chance.sample(list(samples), len(samples)):
            if name in elsewhere:
                took = elsewhere[name](number)
            else:
                took = microseconds(loops[name], prepare(batch[: shares[name]]))
            if number:
                samples[name].append(took)
    return samples


class Spread(NamedTuple):
    """A median, with the first and the third quartile."""

    median: float
    low: float
    high: float


def spread(values: Sequence[float]) -> Spread:
    if len(values) < 2:
        return Spread(values[0], values[0], values[0])
    low, median, high = statistics.quantiles(values, n=4, method="inclusive")
    return Spread(median, low, high)
