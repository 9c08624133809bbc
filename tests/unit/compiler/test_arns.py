"""One match that tells three things of an ARN means what the patterns of the schemas say one by one."""

from __future__ import annotations

import re
import tracemalloc

import pytest

from lambda_validate import catalog
from lambda_validate.base.arns import service_of
from lambda_validate.catalog.models.kinds import BASE64
from lambda_validate.compiler import arns
from lambda_validate.patterns.building import both, counterexample, of_pattern
from lambda_validate.patterns.matching import HEAD, TAIL, matcher, quicker, whole

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
    assert parts.other_resource(resource)
    [(service, rest)] = parts.resources.items()
    together = f"{HEAD}{parts.partition}{service}{parts.region}{rest}{TAIL}"
    assert counterexample(of_pattern(together), both(of_pattern(general), of_pattern(resource))) is None
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
        ("(?:(?:[ab]{4})*(?:c)?)?", "(?:(?:[ab]{1024})*(?:[ab]{4}){0,255}(?:c|)|)"),
        ("(?:[ab]{4})*?", "(?:[ab]{4})*?"),
        ("(?:[ab]{4})*+", "(?:[ab]{4})*+"),
        ("(?:[ab]{4})+", "(?:[ab]{4})+"),
        ("(?:[ab]{1,4})*", "(?:[ab]{1,4})*"),
        ("([ab]{4})*", "([ab]{4})*"),
        ("[(?:[a]{4})*]", "[(?:[a]{4})*]"),
    ],
)
def test_a_pattern_is_written_as_re_matches_it_fastest(pattern: str, quick: str) -> None:
    assert quicker(pattern) == quick


@pytest.mark.parametrize("size", [*range(9), *range(1020, 1030), *range(2044, 2054), 4096])
@pytest.mark.parametrize("tail", ["", "=", "==", "===", "!", "\n"])
def test_base64_is_matched_in_blocks_as_it_was_by_fours(size: int, tail: str) -> None:
    text = "A" * size + tail
    body = whole(BASE64)
    assert body
    assert (matcher(BASE64)(text) is None) == (re.fullmatch(body, text) is None)
    assert (matcher(BASE64)(f"!{text}") or matcher(BASE64)(f"{text}!AAA")) is None


def test_a_large_text_of_base64_takes_little_memory() -> None:
    text = "A" * 4_000_000
    tracemalloc.start()
    assert matcher(BASE64)(text)
    assert matcher(BASE64)(f"{text}!") is None
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 9_000_000  # one copy of it, and little besides


@pytest.mark.parametrize(
    ("value", "service"),
    [
        ("arn:aws:sqs:us-east-1:123456789012:q", "sqs"),
        ("arn::s3::", "s3"),
        ("arn:aws:s3:", "s3"),
        ("arn:aws:s3", None),
        ("arn:aws::x", None),
        ("xarn:aws:sqs:", None),
        ("", None),
        (7, None),
        (None, None),
    ],
)
def test_the_service_of_an_arn_is_its_third_part(value: object, service: str | None) -> None:
    assert service_of(value) == service
