"""The fast way for plain requests never passes what the boundary refuses, and does pass what is common."""

from __future__ import annotations

import json
from typing import Any

import pytest
from http_cases import CASES, Case
from hypothesis import given
from hypothesis import strategies as st

import lambda_validate as lv
from lambda_validate import http, strategies
from lambda_validate.http import Limits
from lambda_validate.http.plain import Plain

CREATE = "CreateEventSourceMapping"
PATH = b"/2015-03-31/event-source-mappings/"
JSON = (b"content-type", b"application/json")
RIGHT = {"EventSourceArn": "arn:aws:sqs:us-west-2:123456789012:orders", "FunctionName": "orders"}
BOUNDARY = http.boundary()
PLAIN = Plain(BOUNDARY)


def passes(method: str, path: bytes, headers: list[tuple[bytes, bytes]], body: bytes, plain: Plain = PLAIN) -> bool:
    operation = plain.operation(method, path, headers)
    return operation is not None and plain.parameters(operation, body) is not None


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_no_case_passes_that_must_not(case: Case) -> None:
    path, _, query = case.target.partition("?")
    headers = [(name.lower().encode(), value.encode()) for name, value in case.headers]
    if not query and passes(case.method, path.encode(), headers, case.body):
        assert case.status is None


@pytest.mark.parametrize("text", ["", "/"])
def test_what_is_common_passes(text: str) -> None:
    payload = RIGHT | {"BatchSize": 10, "Enabled": True}
    headers = [(b"host", b"a"), JSON, (b"content-length", b"9")]
    assert passes("POST", PATH.rstrip(b"/") + text.encode(), headers, json.dumps(payload).encode())


@given(st.dictionaries(st.sampled_from([*RIGHT, "BatchSize", "Enabled", "\u00e9"]), st.none() | st.booleans() |
       st.integers(0, 12) | st.floats() | st.text(max_size=3) | st.sampled_from([*RIGHT.values()])))  # fmt: skip
def test_any_object_passes_only_where_the_boundary_lets_it(payload: Any) -> None:
    for ascii_only in (True, False):
        body = json.dumps(payload, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
        if passes("POST", PATH, [JSON], body):
            assert BOUNDARY.passes("POST", PATH, [JSON], body)


PIECES = ['"EventSourceArn"', '"FunctionName"', '"BatchSize"', '"orders"', f'"{RIGHT["EventSourceArn"]}"', ":", ",",
          "{", "}", "[", "]", "10", "1e999", "NaN", "-0", "true", "null", '"', "\\", " ", "\u00e9",
          '"a\\u0062"']  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_any_text_passes_only_where_the_boundary_lets_it(middle: str) -> None:
    for text in (middle, f'{{"EventSourceArn":"{RIGHT["EventSourceArn"]}","FunctionName":"orders"{middle}}}'):
        if passes("POST", PATH, [JSON], text.encode()):
            assert BOUNDARY.passes("POST", PATH, [JSON], text.encode())


@pytest.mark.parametrize("more", ['"BatchSize":11,"BatchSize":1', '"BatchSize":"1","BatchSize":1', '"BatchSize":1e999',
                                  '"BatchSize":NaN', '"Batch\\u0053ize":11,"BatchSize":1'])  # fmt: skip
def test_a_name_twice_and_a_number_that_is_none_are_never_plain(more: str) -> None:
    body = json.dumps(RIGHT)[:-1] + f",{more}}}"
    assert not passes("POST", PATH, [JSON], body.encode())


@pytest.mark.parametrize(
    "headers",
    [[], [(b"content-type", b"text/plain")], [JSON, JSON], [JSON, (b"content-encoding", b"gzip")],
     [JSON, (b"content-encoding", b"identity")], [(b"content-type", b"application/json; charset=utf-16")],
     [JSON] * 300],
)  # fmt: skip
def test_a_head_with_anything_odd_is_not_plain(headers: list[tuple[bytes, bytes]]) -> None:
    assert PLAIN.operation("POST", PATH, headers) is None


@pytest.mark.parametrize(("method", "path"), [("GET", PATH), ("post", PATH), ("POST", b"/" + PATH), ("POST", b"")])
def test_another_method_or_path_is_not_plain(method: str, path: bytes) -> None:
    assert PLAIN.operation(method, path, [JSON]) is None


def test_limits_bind_here_too() -> None:
    body = json.dumps(RIGHT).encode()
    assert passes("POST", PATH, [JSON], body, Plain(http.boundary(limits=Limits(body=len(body)))))
    assert not passes("POST", PATH, [JSON], body, Plain(http.boundary(limits=Limits(body=len(body) - 1))))
    assert not passes("POST", PATH, [JSON], body, Plain(http.boundary(limits=Limits(headers=0))))
    assert not passes("POST", PATH, [JSON], body, Plain(http.boundary(limits=Limits(target=9))))


def test_settings_of_the_validator_hold_here_too() -> None:
    body = json.dumps(RIGHT | {"StartingPosition": "LATEST"}).encode()
    assert passes("POST", PATH, [JSON], body)
    assert not PLAIN.clean(CREATE, body)
    assert not passes("POST", PATH, [JSON], body, Plain(http.boundary(strict=True)))
    lenient = Plain(http.boundary(unknown_members="warning"))
    assert passes("POST", PATH, [JSON], b'{"a":1,' + json.dumps(RIGHT).encode()[1:], lenient)
    assert not lenient.clean(CREATE, b'{"a":1,' + json.dumps(RIGHT).encode()[1:])
    assert lenient.clean(CREATE, json.dumps(RIGHT).encode())
    assert Plain(http.boundary(disable=["starting-position.sqs"])).clean(CREATE, body)
    assert PLAIN.clean(CREATE, json.dumps(RIGHT).encode())


def test_most_valid_payloads_are_told_at_a_glance() -> None:
    bodies = [json.dumps(case.payload).encode() for case in strategies.corpus(CREATE, minimal=True) if case.valid]
    assert bodies
    assert sum(passes("POST", PATH, [JSON], body) for body in bodies) > len(bodies) / 2


def test_operations_that_share_a_path_are_told_by_their_method() -> None:
    current = Plain(http.boundary("current"))
    assert current.operation("POST", PATH, [JSON]) == CREATE
    assert current.operation("GET", PATH, [JSON]) is None
    assert len(set(current._operations.values())) > 2


def test_operations_with_members_outside_the_body_are_not_plain() -> None:
    assert {name for name in lv.operations() if name in PLAIN._operations.values()} == {CREATE}
