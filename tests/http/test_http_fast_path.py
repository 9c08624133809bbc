"""Test the fast path for simple requests: it accepts common requests, and none that the boundary rejects."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.request_cases import CASES, Case

import lambda_validate as lv
from lambda_validate import catalog, http, strategies
from lambda_validate.http import Limits
from lambda_validate.http.fast_path import FastPath
from lambda_validate.http.headers import OVERRIDES
from lambda_validate.http.members import wire
from lambda_validate.http.routes import LABEL

CREATE = "CreateEventSourceMapping"
PATH = b"/2015-03-31/event-source-mappings/"
JSON = (b"content-type", b"application/json")
VALID = {"EventSourceArn": "arn:aws:sqs:us-west-2:123456789012:orders", "FunctionName": "orders"}
BOUNDARY = http.boundary()
PLAIN = FastPath(BOUNDARY)
CURRENT = FastPath(http.boundary("current"))


def passes(method: str, path: bytes, headers: list[tuple[bytes, bytes]], body: bytes, plain: FastPath = PLAIN) -> bool:
    target, _, query = path.partition(b"?")
    seen = plain.head(method, target, query, headers)
    return seen is not None and plain.parameters(seen, body) is not None


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_no_invalid_case_passes_the_fast_path(case: Case) -> None:
    path, _, query = case.target.partition("?")
    headers = [(name.lower().encode(), value.encode()) for name, value in case.headers]
    if not query and passes(case.method, path.encode(), headers, case.body):
        assert case.status is None


@pytest.mark.parametrize("text", ["", "/"])
def test_typical_requests_pass_the_fast_path(text: str) -> None:
    payload = VALID | {"BatchSize": 10, "Enabled": True}
    headers = [(b"host", b"a"), JSON, (b"content-length", b"9")]
    assert passes("POST", PATH.rstrip(b"/") + text.encode(), headers, json.dumps(payload).encode())


@given(st.dictionaries(st.sampled_from([*VALID, "BatchSize", "Enabled", "\u00e9"]), st.none() | st.booleans() |
       st.integers(0, 12) | st.floats() | st.text(max_size=3) | st.sampled_from([*VALID.values()])))  # fmt: skip
def test_any_payload_passes_only_if_the_boundary_passes_it(payload: Any) -> None:
    for ascii_only in (True, False):
        body = json.dumps(payload, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
        if passes("POST", PATH, [JSON], body):
            assert BOUNDARY.passes("POST", PATH, [JSON], body)


PIECES = ['"EventSourceArn"', '"FunctionName"', '"BatchSize"', '"orders"', f'"{VALID["EventSourceArn"]}"', ":", ",",
          "{", "}", "[", "]", "10", "1e999", "NaN", "-0", "true", "null", '"', "\\", " ", "\u00e9",
          '"a\\u0062"']  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_any_body_passes_only_if_the_boundary_passes_it(middle: str) -> None:
    for text in (middle, f'{{"EventSourceArn":"{VALID["EventSourceArn"]}","FunctionName":"orders"{middle}}}'):
        if passes("POST", PATH, [JSON], text.encode()):
            assert BOUNDARY.passes("POST", PATH, [JSON], text.encode())


@pytest.mark.parametrize("more", ['"BatchSize":11,"BatchSize":1', '"BatchSize":"1","BatchSize":1', '"BatchSize":1e999',
                                  '"BatchSize":NaN', '"Batch\\u0053ize":11,"BatchSize":1'])  # fmt: skip
def test_duplicate_members_and_invalid_numbers_leave_the_fast_path(more: str) -> None:
    body = json.dumps(VALID)[:-1] + f",{more}}}"
    assert not passes("POST", PATH, [JSON], body.encode())


@pytest.mark.parametrize(
    "headers",
    [[], [(b"content-type", b"text/plain")], [JSON, JSON], [JSON, (b"content-encoding", b"gzip")],
     [JSON, (b"content-encoding", b"identity")], [(b"content-type", b"application/json; charset=utf-16")],
     [JSON, (b"expect", b"100-continue")], [JSON] * 300],
)  # fmt: skip
def test_unusual_headers_leave_the_fast_path(headers: list[tuple[bytes, bytes]]) -> None:
    assert PLAIN.head("POST", PATH, b"", headers) is None
    update = PATH + b"14e0db71-5d35-4eb5-b481-8945cf9d10c2"
    assert CURRENT.head("PUT", update, b"", [JSON]) is not None
    assert CURRENT.head("PUT", update, b"", headers) is None  # an operation with a body and a member in the path


@pytest.mark.parametrize(("method", "path"), [("GET", PATH), ("post", PATH), ("POST", b"/" + PATH), ("POST", b"")])
def test_another_method_or_path_leaves_the_fast_path(method: str, path: bytes) -> None:
    assert PLAIN.head(method, path, b"", [JSON]) is None


def test_limits_apply_on_the_fast_path() -> None:
    body = json.dumps(VALID).encode()
    assert passes("POST", PATH, [JSON], body, FastPath(http.boundary(limits=Limits(body=len(body)))))
    assert not passes("POST", PATH, [JSON], body, FastPath(http.boundary(limits=Limits(body=len(body) - 1))))
    assert not passes("POST", PATH, [JSON], body, FastPath(http.boundary(limits=Limits(headers=0))))
    assert not passes("POST", PATH, [JSON], body, FastPath(http.boundary(limits=Limits(target=9))))


def test_validator_settings_apply_on_the_fast_path() -> None:
    body = json.dumps(VALID).encode()
    warned = json.dumps(VALID | {"StartingPosition": "LATEST"}).encode()
    unknown = b'{"a":1,' + body[1:]
    assert passes("POST", PATH, [JSON], body)
    assert not passes("POST", PATH, [JSON], warned)  # the boundary reports this request
    assert passes("POST", PATH, [JSON], warned, FastPath(http.boundary(disable=["starting-position.sqs"])))
    lenient = FastPath(http.boundary(unknown_members="warning"))
    assert passes("POST", PATH, [JSON], body, lenient)
    assert not passes("POST", PATH, [JSON], unknown, lenient)
    assert passes("POST", PATH, [JSON], unknown, FastPath(http.boundary(unknown_members="ignore")))


def test_most_valid_payloads_pass_the_fast_path() -> None:
    payloads = [case.payload for case in strategies.corpus(CREATE, minimal=True) if case.valid]
    valid = [json.dumps(each).encode() for each in payloads if not lv.validate_request(CREATE, each).violations]
    assert valid
    assert sum(passes("POST", PATH, [JSON], body) for body in valid) > len(valid) / 2


def test_operations_with_the_same_path_are_distinguished_by_method() -> None:
    current = FastPath(http.boundary("current"))
    heads = {method: current.head(method, PATH, b"", [JSON] if method == "POST" else []) for method in ("POST", "GET")}
    names = {method: seen and seen.operation.name for method, seen in heads.items()}
    assert names == {"POST": CREATE, "GET": "ListEventSourceMappings"}


CONFIG = b"/2019-09-25/functions/%s/event-invoke-config"
ARN = b"arn%3Aaws%3Alambda%3Aus-west-2%3A123456789012%3Afunction%3Aorders"
TARGETS = [
    (CONFIG % b"orders", True), (CONFIG % b"orders" + b"/", True), (CONFIG % b"orders" + b"?Qualifier=1", True),
    (CONFIG % ARN, True), (CONFIG % b"orders%0A", False), (CONFIG % b"orders" + b"?Qualifier=1&Qualifier=1", False),
    (CONFIG % b"orders" + b"?qualifier=1", False), (CONFIG % b"orders" + b"?Qualifier=%ff", False),
    (CONFIG % b"..", False), (CONFIG % b"", False), (CONFIG % b"orders" + b"//", False), (CONFIG % b"a%2", False),
    (CONFIG % b"orders" + b"?FunctionName=orders", False), (CONFIG % b"orders" + b"?Qualifier=1&", True),
    (CONFIG % b"orders" + b"?_method=PUT", False), (CONFIG % b"orders" + b"?Qualifier=1&_method=GET", False),
    (CONFIG % (b"a" * 9000), False), (CONFIG % b"\xd9\xa1", False), (CONFIG % b"orders" + b"?X-Amz-Date=1", True),
]  # fmt: skip


@pytest.mark.parametrize(("target", "plain"), TARGETS, ids=[f"{target[-40:]!r}" for target, _ in TARGETS])
def test_a_request_without_a_body_is_decided_by_its_target(target: bytes, plain: bool) -> None:
    assert passes("GET", target, [(b"host", b"a"), (b"content-length", b"0")], b"") == plain
    assert not plain or BOUNDARY.passes("GET", target, [], b"")
    assert not passes("GET", target, [], b"{}")
    assert not passes("GET", target, [(b"content-length", b"2")], b"")


PIECES_OF_A_QUERY = [b"Qualifier", b"=", b"&", b"1", b"$LATEST", b"%31", b"+", b"?"]


@given(
    st.lists(st.sampled_from([*b"orders%0A:/.?&=\n\xc3\xa9"])), st.lists(st.sampled_from(PIECES_OF_A_QUERY), max_size=6)
)
def test_any_target_passes_only_if_the_boundary_passes_it(name: list[int], query: list[bytes]) -> None:
    target = CONFIG % bytes(name) + b"?" + b"".join(query)
    if passes("GET", target, [], b""):
        check = BOUNDARY.check_request("GET", target, [], b"")
        assert check.answer is None
        path, _, rest = target.partition(b"?")
        seen = PLAIN.head("GET", path, rest, [])
        assert seen
        assert PLAIN.parameters(seen, b"") == check.parameters


def test_path_members_are_merged_with_the_body() -> None:
    plain, boundary = FastPath(http.boundary("current")), http.boundary("current")
    path = b"/2015-03-31/event-source-mappings/14e0db71-5d35-4eb5-b481-8945cf9d10c2"
    for body, valid in ((b'{"BatchSize":9}', True), (b'{"UUID":"a"}', False), (b'{"BatchSize":0}', False)):
        assert passes("PUT", path, [JSON], body, plain) == valid
        assert boundary.passes("PUT", path, [JSON], body) == valid
    seen = plain.head("PUT", path, b"", [JSON])
    assert seen
    assert plain.parameters(seen, b'{"BatchSize":9}') == {"BatchSize": 9, "UUID": path.decode()[-36:]}


def test_the_precomputed_route_equals_the_parsed_one() -> None:
    plain = FastPath(http.boundary("current"))
    assert {target: plain._read(*target) for target in plain._known} == plain._known
    assert ("POST", PATH, b"") in plain._known
    assert {seen.operation.name for seen in plain._known.values()} >= {CREATE, "ListEventSourceMappings"}
    assert not any(seen.members for seen in plain._known.values())


def test_header_members_and_raw_payloads_leave_the_fast_path() -> None:
    plain = FastPath(http.boundary("current"))
    assert plain.head("POST", b"/2015-03-31/functions/orders/invocations", b"", [JSON]) is None


@pytest.mark.parametrize("name", catalog.operations("current"))
def test_the_fast_path_covers_operations_with_flat_members(name: str) -> None:
    operation = catalog.operation(name, "current")
    known = wire(operation)
    path = LABEL.sub("a", operation.path).encode()
    seen = CURRENT.head(operation.method, path, b"", [JSON] if known.body else [])
    found = seen and seen.operation.name
    if known.header or known.payload is not None or operation.query:
        assert found != name
    elif known.body:
        assert found == name


def test_a_query_list_is_parsed_like_the_boundary_parses_it() -> None:
    plain, boundary = FastPath(http.boundary("current")), http.boundary("current")
    path, query = b"/2017-03-31/tags/" + ARN, b"tagKeys=a&tagKeys=b"
    seen = plain.head("DELETE", path, query, [])
    assert seen
    found = plain.parameters(seen, b"")
    assert found is not None
    assert found == boundary.check_request("DELETE", path + b"?" + query, [], b"").parameters
    assert found["TagKeys"] == ["a", "b"]


@pytest.mark.parametrize("name", sorted(OVERRIDES))
def test_a_method_override_leaves_the_fast_path(name: bytes) -> None:
    lenient = FastPath(http.boundary(unknown_members="ignore"))
    assert lenient.head("GET", CONFIG % b"orders", b"", [(name, b"PUT")]) is None
    assert lenient.head("GET", CONFIG % b"orders", b"_method=PUT", []) is None
    assert lenient.head("GET", CONFIG % b"orders", b"%5Fmethod=PUT", []) is None
    assert lenient.head("GET", CONFIG % b"orders", b"method=PUT", [])


def test_parameters_are_read_only() -> None:
    seen = PLAIN.head("POST", PATH, b"", [JSON])
    assert seen
    found = PLAIN.parameters(seen, json.dumps(VALID).encode())
    assert found == VALID
    with pytest.raises(TypeError):
        found["BatchSize"] = 0  # type: ignore[index]  # the payload is an object


@pytest.mark.parametrize("warns", [True, False])
def test_a_request_with_a_warning_passes_unless_it_is_reported(warns: bool) -> None:
    seen = PLAIN.head("POST", PATH, b"", [JSON])
    assert seen
    warned = VALID | {"StartingPosition": "LATEST"}
    found = PLAIN.parameters(seen, json.dumps(warned).encode(), warns=warns)
    assert found == (None if warns else warned)
