"""Test the processor time of work that runs in C, where no calls can be counted.

The default run excludes these tests, because a busy machine can make them fail.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from support.attacks import ATTACKS, JSON, PATH, VALID
from support.schema_patterns import PATTERNS, hostile

from lambda_validate import http
from lambda_validate.patterns.matching import matcher

pytestmark = pytest.mark.timing

SIZES = (5_000, 10_000, 20_000)
"""Lengths of strings, each twice the previous one."""
GROWTH = 3.0
"""The maximum growth of time for twice the length. Linear growth is 2, and quadratic growth is 4."""
NOISE = 0.001
"""The error of a measurement in seconds."""


def seconds(function: Callable[[], object], times: int = 3) -> float:
    """Return the minimum processor time in seconds of a few calls."""
    taken = []
    for _ in range(times):
        start = time.process_time()
        function()
        taken.append(time.process_time() - start)
    return min(taken)


def grows(function: Callable[[str], Any], texts: tuple[str, ...]) -> bool:
    """Return whether the time grows faster than allowed in each of three measurements."""

    def measured() -> bool:
        taken = [seconds(lambda text=text: function(text)) for text in texts]
        return any(after > GROWTH * before + NOISE for before, after in pairwise(taken))

    return all(measured() for _ in range(3))


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern[4:44])
def test_time_grows_linearly_with_the_length_of_a_string(pattern: str) -> None:
    for texts in zip(*(hostile(pattern, size) for size in SIZES), strict=True):
        assert not grows(matcher(pattern), texts), texts[0][:40]


@pytest.mark.parametrize("body", ATTACKS.values(), ids=ATTACKS)
def test_an_attack_takes_no_longer_per_byte_than_a_valid_body(body: bytes) -> None:
    good = json.dumps(VALID).encode()

    def seconds_per_byte(data: bytes) -> float:
        return seconds(lambda: http.check_request("POST", PATH, JSON, data), times=5) / len(data)

    assert seconds_per_byte(body) < seconds_per_byte(good)
