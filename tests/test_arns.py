"""One match that tells three things of an ARN means what the patterns of the schemas say one by one."""

from __future__ import annotations

import pytest

from lambda_validate import arns, catalog
from lambda_validate.patterns import HEAD, TAIL, quicker
from lambda_validate.strategies.building import both, counterexample, of_pattern

CASES = [
    (edition, name)
    for edition in catalog.EDITIONS
    for name in catalog.types(edition)
    if name in ("KinesisResource", "DynamoDBResource", "SQSResource")
]
ARN = "^(?:arn:aws[a-z\\-]*:[a-z0-9]+:[a-z]*:[0-9]*:[^\\n]*)$(?!\\n)"


@pytest.mark.parametrize(("edition", "name"), CASES, ids=map("-".join, CASES))
def test_what_a_match_tells_is_what_the_two_patterns_say_together(edition: str, name: str) -> None:
    types = catalog.types(edition)
    general = types["Arn" if edition == "current" else "EventSourceArn"]["pattern"]
    resource = types[name]["pattern"]
    parts = arns.arn(general, "match", "v1")
    assert parts is not None
    assert parts.wants(resource)
    [(service, rest)] = parts.resources.items()
    told = f"{HEAD}{parts.partition}{service}{parts.region}{rest}{TAIL}"
    assert counterexample(of_pattern(told), both(of_pattern(general), of_pattern(resource))) is None
    again = f"{HEAD}{parts.partition}(?:{parts.service}){parts.rest}{TAIL}"
    assert counterexample(of_pattern(again), of_pattern(general)) is None


@pytest.mark.parametrize(
    ("pattern", "quick"),
    [
        ("(?:a)?", "(?:a|)"),
        ("(?:a(?:b)?c)?d", "(?:a(?:b|)c|)d"),
        ("(?:a|b)?", "(?:a|b|)"),
        ("(?:a)??", "(?:a)??"),
        ("(?:a)?+", "(?:a)?+"),
        ("(a)?", "(a)?"),
        ("(?=a)?b?", "(?=a)?b?"),
        (r"\(?:a\)?", r"\(?:a\)?"),
        (r"[(?:]a[)]?", r"[(?:]a[)]?"),
        (r"[^](?:]x(?:[]]\))?", r"[^](?:]x(?:[]]\)|)"),
        ("a)?", "a)?"),
        ("(?:\n)?", "(?:\n|)"),
    ],
)
def test_a_group_that_may_be_left_out_is_one_that_may_be_empty(pattern: str, quick: str) -> None:
    assert quicker(pattern) == quick
