"""Test the bounds of what is read, held, shown and tried. Each is a decision, so a change must be made here too."""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType

import pytest

from lambda_validate import http, report
from lambda_validate.base import values
from lambda_validate.compiler import assembler, characters, messages, program
from lambda_validate.http import answers, events, headers, limits, readings
from lambda_validate.lint.control import baseline, ignores
from lambda_validate.lint.unresolved import assignments, parts, possibilities
from lambda_validate.report import service_words
from lambda_validate.validator import json_body, json_parsers, native_calls

BOUNDS: Mapping[ModuleType, Mapping[str, int]] = {
    values: {"MAX_MAPPING_MEMBERS": 100_000, "MAX_CLASS_NAME_LENGTH": 80},
    report: {"MAX_LISTED_VIOLATIONS": 100},
    service_words: {"MAX_SHOWN_LENGTH": 1_000, "MAX_LISTED_CONSTRAINTS": 50},
    json_body: {"FAULTS": 1_000},
    json_parsers: {"DIGITS": 308, "DIGIT_BLOCK": 154},
    assembler: {"MAX_EXACT_INTEGER": 2**53, "ANY_SERVICE": ~1},
    characters: {"MAX_LISTED_CHARACTERS": 6},
    messages: {"MAX_LISTED_CHOICES": 20, "MAX_VALUE_CHARACTERS": 80, "NEAR": 64, "FAR": 10_000},
    native_calls: {"CALLS": 64},
    program: {"SERVICES": 28},
    answers: {"LISTED_ERRORS": 50, "POINTER_LENGTH": 200},
    events: {"INFO": 20, "WARNING": 30, "LOGGED_VIOLATIONS": 20, "LOGGED_POINTER": 200},
    headers: {"HUGE": 10**18},
    readings: {"MOST_READINGS": 64, "READINGS_BYTES": 65_536},
    baseline: {"VERSION": 1, "MAX_BASELINE_BYTES": 100_000_000},
    ignores: {"HINTS": 20},
    assignments: {"ASSIGNMENTS": 128, "STEPS": 100_000, "PAIRS": 20_000, "QUESTIONS": 1_500},
    parts: {"MAX_VALUE_DEPTH": 60, "PARTS": 2_000, "RESOURCE": 100},
    possibilities: {"POSSIBILITIES": 2_000},
}


@pytest.mark.parametrize("module", BOUNDS, ids=[module.__name__ for module in BOUNDS])
def test_bounds_have_the_decided_values(module: ModuleType) -> None:
    assert {name: getattr(module, name) for name in BOUNDS[module]} == BOUNDS[module]


def test_default_limits_have_the_decided_values() -> None:
    assert limits.Limits() == (262_144, 1_048_576, 32, 200, 8_192)


def test_sixty_four_boundaries_are_cached() -> None:
    assert http._cached.cache_info().maxsize == 64
