"""Test what the boundary reports about a message: the operation, the part of the message, and the member."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

import lambda_validate as lv
from lambda_validate import http
from lambda_validate.http.fast_path import FastPath

CREATE, GET = lv.operations()
PATH = "/2015-03-31/event-source-mappings/"
JSON = [("content-type", "application/json")]


def get_path(name: str) -> str:
    return f"/2019-09-25/functions/{name}/event-invoke-config"


STOPS: Mapping[str, Callable[[http.Boundary, http.Head], http.Head]] = {
    "body.slow": http.Boundary.too_slow, "body.size": http.Boundary.too_large,
}  # fmt: skip


@pytest.mark.parametrize("rule", STOPS)
def test_a_request_that_is_stopped_is_reported_with_its_operation(rule: str) -> None:
    boundary = http.boundary()
    stopped = STOPS[rule](boundary, boundary.open("POST", PATH, JSON))
    assert stopped.operation is not None
    assert stopped.check is not None
    assert (stopped.operation.name, stopped.check.operation) == (CREATE, CREATE)
    assert [each.rule for each in stopped.check.report] == [rule]
    assert stopped.check.place(stopped.check.report.violations[0]) == "body"
    unknown = STOPS[rule](boundary, http.Head(None)).check
    assert unknown is not None
    assert unknown.operation is None


def test_a_response_that_is_too_large_is_reported_with_its_operation() -> None:
    check = http.boundary().too_large_response(GET, 7)
    assert (check.operation, check.error) == (GET, None)
    assert [each.message for each in check.report] == ["The body may have at most 7 bytes."]
    assert [each.constraint.keyword for each in check.report] == ["body"]


PLACES = [
    ("target.encoding", "target", (None, PATH, JSON, b"{}"), {}),
    ("headers.limit", "header", ("POST", PATH, [*JSON, ("x", "1")], b"{}"), {"limits": http.Limits(headers=1)}),
    ("target.size", "target", ("POST", PATH + "?" + "a" * 9_000, JSON, b"{}"), {}),
    ("route.unknown", "path", ("POST", "/", JSON, b"{}"), {}),
    ("route.method", "method", ("PATCH", PATH, JSON, b"{}"), {}),
    ("body.size", "body", ("POST", PATH, JSON, b" " * 9), {"limits": http.Limits(body=8)}),
    ("body.unexpected", "body", ("GET", get_path("f"), [], b"{}"), {}),
    ("content-type.unexpected", "header", ("POST", PATH, [], b"{}"), {}),
    ("body.compressed", "header", ("POST", PATH, [*JSON, ("content-encoding", "gzip")], b"{}"), {}),
    ("body.syntax", "body", ("POST", PATH, JSON, b"{"), {}),
    ("query.duplicate", "query", ("GET", get_path("f") + "?Qualifier=a&Qualifier=a", [], b""), {}),
]


@pytest.mark.parametrize(("rule", "place", "request_", "settings"), PLACES, ids=[row[0] for row in PLACES])
def test_a_fault_has_the_location_it_is_about(
    rule: str, place: str, request_: tuple[Any, ...], settings: dict[str, Any]
) -> None:
    check = http.check_request(*request_, **settings)
    assert [check.place(each) for each in check.report if each.rule == rule] == [place]


@pytest.mark.parametrize(
    ("depth", "body", "rules"), [(0, b"{}", ["body.depth"]), (0, b"[]", ["body.depth"]), (1, b"{}", [])]
)
def test_a_depth_limit_of_zero_rejects_every_object(depth: int, body: bytes, rules: list[str]) -> None:
    check = http.check_request("POST", PATH, JSON, body, limits=http.Limits(depth=depth))
    assert [each.rule for each in check.report if each.rule.startswith("body.")] == rules


def test_a_duplicate_signature_parameter_is_not_about_a_member() -> None:
    target = get_path("f") + "?X-Amz-Date=1&X-Amz-Date=1"
    found = http.check_request("GET", target, [], b"").report
    assert [(each.rule, each.path) for each in found] == [("query.duplicate", ())]


@pytest.mark.parametrize(("more", "passes"), [(0, True), (1, False)])
def test_the_fast_path_rejects_targets_over_the_limit(more: int, passes: bool) -> None:
    path, query = get_path("f"), "Qualifier=" + "a" * (20 + more)
    boundary = http.boundary(limits=http.Limits(target=len(f"{path}?Qualifier=") + 20))
    seen = FastPath(boundary).head("GET", path.encode(), query.encode(), [])
    assert (seen is not None) == passes == boundary.passes("GET", f"{path}?{query}", [], b"")
