"""Test that the native engine reads heads as Python does, and leaves all that is not usual to it."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.request_cases import CASES, Case

from lambda_validate import catalog, http
from lambda_validate.catalog import EDITIONS
from lambda_validate.http import Limits
from lambda_validate.http.headers import MEMBERS, OVERRIDES, WANTED, wanted
from lambda_validate.http.heads import described, reader
from lambda_validate.http.members import wire
from lambda_validate.http.routes import LABEL, METHOD_FIELD, groups
from lambda_validate.native import head_readers

BOUNDARIES = {name: http.boundary(name, limits=Limits(target=400, headers=8, body=1000)) for name in EDITIONS}
BOUNDARY = BOUNDARIES["documents"]
CONFIG = b"/2019-09-25/functions/%s/event-invoke-config"
PATH = b"/2015-03-31/event-source-mappings/"
JSON = (b"content-type", b"application/json")

needs_engine = pytest.mark.skipif(head_readers() is None, reason="this process has no native engine")


def native(edition: str, method: Any, target: Any, headers: Any) -> http.Head | None:
    """Return the head that the native engine reads, after it is compared with the one that Python reads."""
    boundary, heads = BOUNDARIES[edition], reader(EDITIONS[edition])
    head = heads.read(method, target, headers, boundary.limits) if heads is not None else None
    if head is not None:
        expected = boundary._read(method, target, headers)
        assert type(head) is type(expected)
        assert type(head.members) is type(expected.members)
        assert head == expected
        assert head.members is not None
        assert expected.members is not None
        values, expected_values = head.members.values.values(), expected.members.values.values()
        assert [*map(type, values)] == [*map(type, expected_values)]  # 1 and True are equal
    return head


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_each_case_has_the_same_head(case: Case, edition: str) -> None:
    headers = [(name.encode(), value.encode()) for name, value in case.headers]
    native(edition, case.method, case.target.encode(), headers)
    native(edition, case.method, case.target, [*case.headers])


PARTS = [b"orders", b"%3A", b"%3a", b"%0A", b"%", b"%2", b"%zz", b"%c3%a9", b"%00", b"\xc3\xa9", b"/", b"//", b"..",
         b"#", b"?", b"Qualifier", b"=", b"&", b"$LATEST", b"%26", b"%3B", b";", b"+", b" ", b"_method", b"%5Fmethod",
         b"PUT", b"X-Amz-Date", b"FunctionName", b"qualifier"]  # fmt: skip
WORDS = st.lists(st.sampled_from(PARTS), max_size=6).map(b"".join)
NAMES = [*sorted(WANTED)[:4], *sorted(OVERRIDES)[:3], b"Content-Type", b"CONTENT-LENGTH", b"x-amz-date", b"X-Amz-",
         b"x", b"", b"x-amz-" + b"a" * 70, b"Host", b"\xe9"]  # fmt: skip
VALUES = [b"application/json", b"0", b"7", b"2000", b" 7", b"", b"9" * 20, b"\xff", b"PUT"]


def spelt(value: bytes) -> st.SearchStrategy[Any]:
    return st.sampled_from([value, value.decode("latin-1"), bytearray(value)])


HEADERS = st.lists(st.tuples(st.sampled_from(NAMES).flatmap(spelt), st.sampled_from(VALUES).flatmap(spelt)), max_size=4)


@given(
    st.sampled_from(["GET", "POST", "PUT", "HEAD", "get", b"GET"]), WORDS, WORDS, HEADERS, st.sampled_from([*EDITIONS])
)
def test_any_head_that_is_read_is_the_same(method: Any, name: bytes, query: bytes, headers: Any, edition: str) -> None:
    for target in (CONFIG % name, CONFIG % b"f" + b"?" + query, CONFIG % name + b"?Qualifier=" + query, PATH + query):
        native(edition, method, target, headers)
        native(edition, method, target.decode("latin-1"), headers)
        native(edition, method, bytearray(target), headers)


@given(HEADERS, st.integers(0, 5))
def test_headers_that_are_read_are_the_same(headers: Any, limit: int) -> None:
    classes = head_readers()
    for given_headers in (headers, tuple(headers), [list(pair) for pair in headers], iter(headers)):
        found = classes.headers(WANTED, MEMBERS).read(given_headers, limit) if classes is not None else None
        assert found is None or found == wanted(headers, limit)


@pytest.mark.parametrize("name", catalog.operations("current"))
def test_the_path_of_each_operation_is_read_the_same(name: str) -> None:
    operation = catalog.operation(name, "current")
    chance = random.Random(name)
    for label in ("a", "arn%3Aaws%3Alambda", "%41", ""):
        for method in (operation.method, "GET", "DELETE"):
            path = LABEL.sub(label, operation.path)
            queries = [
                "",
                *(f"?{name}={chance.choice(['1', 'true', '%31', '', 'a'])}" for name in wire(operation).query),
            ]
            for query in queries:
                for path_as_sent in (path, path + "/", path.replace("functions", "function%73")):
                    native("current", method, path_as_sent + query, [JSON])


OPERATIONS = [catalog.operation(name, "current") for name in catalog.operations("current")]
DISTINGUISHED = {(operation.method, LABEL.sub("a", operation.path)) for operation in OPERATIONS if operation.query}
"""Methods and paths that several operations share. A fixed parameter in the query distinguishes them."""


@needs_engine
@pytest.mark.parametrize("name", catalog.operations("current"))
def test_the_native_engine_reads_most_operations(name: str) -> None:
    operation = catalog.operation(name, "current")
    path = LABEL.sub("a", operation.path)
    head = native("current", operation.method, path, [JSON])
    assert (head is not None) == (not wire(operation).header and (operation.method, path) not in DISTINGUISHED)


@needs_engine
def test_members_of_path_and_query_are_decoded_natively() -> None:
    head = native("documents", "GET", CONFIG % b"a%3Ab" + b"?Qualifier=%24LATEST&", [("Content-Length", "0")])
    assert head is not None
    assert head.members == (
        {"FunctionName": "a:b", "Qualifier": "$LATEST"},
        {"FunctionName": "path", "Qualifier": "query"},
        [],
    )
    assert head.headers == {b"content-length": (b"0",)}


ODD: dict[str, tuple[Any, Any, Any]] = {
    "override": ("GET", CONFIG % b"f", [(b"X-HTTP-Method-Override", b"PUT")]),
    "method in query": ("GET", CONFIG % b"f" + b"?_method=PUT", []),
    "method after semicolon": ("GET", CONFIG % b"f" + b"?Qualifier=1;_method=PUT", []),
    "method after encoded ampersand": ("GET", CONFIG % b"f" + b"?Qualifier=1%26_method=PUT", []),
    "method after encoded semicolon": ("GET", CONFIG % b"f" + b"?Qualifier=1%3b_method=PUT", []),
    "length above the limit": ("POST", PATH, [JSON, (b"content-length", b"1001")]),
    "length of many digits": ("POST", PATH, [JSON, (b"content-length", b"0" * 19)]),
    "length with a sign": ("POST", PATH, [JSON, (b"content-length", b"+1")]),
    "two lengths": ("POST", PATH, [(b"content-length", b"1"), (b"Content-Length", b"1")]),
    "target above the limit": ("GET", CONFIG % (b"a" * 400), []),
    "headers above the limit": ("POST", PATH, [(b"a", b"b")] * 9),
    "query twice": ("GET", CONFIG % b"f" + b"?Qualifier=1&Qualifier=1", []),
    "unknown name": ("GET", CONFIG % b"f" + b"?a=1", []),
    "fault in an escape": ("GET", CONFIG % b"a%2", []),
    "header that is no pair": ("POST", PATH, [(b"content-type",)]),
    "header of numbers": ("POST", PATH, [(b"content-type", 1)]),
    "name of numbers": ("POST", PATH, [(1, b"")]),
    "no list": ("POST", PATH, {}),
    "absolute form": ("POST", b"http://a" + PATH, []),
    "unknown path": ("POST", b"/", []),
    "many segments": ("POST", b"/" * 40, []),
    "empty": ("POST", b"", []),
    "unknown method": ("PUT", PATH, []),
}


@needs_engine
@pytest.mark.parametrize(("method", "target", "headers"), ODD.values(), ids=ODD)
def test_what_is_not_usual_is_left_to_python(method: Any, target: Any, headers: Any) -> None:
    heads = reader(EDITIONS["documents"])
    assert heads is not None
    assert heads.read(method, target, headers, BOUNDARY.limits) is None


@needs_engine
@pytest.mark.parametrize(("limit", "passes"), [(10**30, True), (-(10**30), False), (34, True), (33, False)])
def test_a_limit_may_be_any_integer(limit: int, passes: bool) -> None:
    heads = reader(EDITIONS["documents"])
    assert heads is not None
    assert len(PATH) == 34
    assert (heads.read("POST", PATH, [], Limits(target=limit)) is not None) == passes


def test_no_name_in_a_query_overrides_the_method() -> None:
    routes = [route for some in groups(EDITIONS["current"]).values() for group in some for of in group.routes.values()
              for route in of]  # fmt: skip
    found = [described(route) for route in routes]
    assert any(found)
    assert not any(METHOD_FIELD.search(name + b"=") for facts in found if facts for name in facts[2])
