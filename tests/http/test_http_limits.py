"""Test limits by operation: the table and its sources, precedence, and what is rejected at each limit."""

from __future__ import annotations

import gzip
import json
import re
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.limited import ASYNC, CHANGE, INVOKE, STREAM, TAGS, UPLOADS
from support.paths import ROOT
from support.steps import calls

import lambda_validate as lv
from lambda_validate import http
from lambda_validate.catalog import EDITIONS
from lambda_validate.catalog.models.edition import edition
from lambda_validate.http import Limits
from lambda_validate.http.limits import Usual

TABLE: dict[str, Any] = json.loads((ROOT / "schemas" / "limits.json").read_text("utf-8"))["limits"]
MB = 1_048_576
JSON = [("content-type", "application/json")]


def rules(method: str, target: str, body: bytes, headers: Any = (), **settings: Any) -> list[str]:
    check = http.check_request(method, target, [*JSON, *headers], body, **{"edition": "current", **settings})
    return [each.rule for each in check.report.errors]


def test_the_operations_have_the_limits_of_the_table() -> None:
    current = EDITIONS["current"]
    found = {
        name: {size: limit.bytes for size, limit in current.operation(name).limits.items()}
        for name in current.operations
        if current.operation(name).limits
    }
    assert found == {name: {size: row["bytes"] for size, row in rows.items()} for name, rows in TABLE.items()}


def test_a_limit_of_an_unknown_operation_is_rejected() -> None:
    model = {"metadata": {"serviceId": "Toy"}, "operations": {}, "shapes": {}}
    with pytest.raises(lv.SchemaError, match="the operation Get"):
        edition("toy", model, {}, {"Get": {}})


def test_the_documents_edition_has_only_the_default_limits() -> None:
    assert [dict(lv.operation(name).limits) for name in lv.operations()] == [{}, {}]
    assert lv.Validator().operation("CreateEventSourceMapping").limits == {}
    assert (Limits().body, Limits().response, Limits().target) == (262_144, 1_048_576, 8_192)


@pytest.mark.parametrize("name", [name for name, rows in TABLE.items() for _ in rows])
def test_every_row_has_its_evidence(name: str) -> None:
    for row in TABLE[name].values():
        assert len(row["$comment"]) > 10
        assert row["x-source"]["document"] in ("Lambda 2015-03-31 service model", "lambda-validate")
        assert str(EDITIONS["current"].operation(name).source)


def test_statements_quoted_in_the_table_are_in_the_service_model() -> None:
    botocore = pytest.importorskip("botocore", reason="the service model comes with botocore")
    file = Path(botocore.__file__).parent / "data" / "lambda" / "2015-03-31" / "service-2.json.gz"
    shapes = json.loads(gzip.decompress(file.read_bytes()))["shapes"]
    words = re.sub("<[^>]*>", "", json.dumps(shapes))
    stated = [each for rows in TABLE.values() for row in rows.values() for each in _stated(row["$comment"])]
    assert len(stated) > 4
    assert [each for each in stated if each not in words] == []
    for rows in TABLE.values():
        for row in rows.values():
            source = row["x-source"]
            if source["document"] != "lambda-validate":
                members = shapes[source["section"]].get("members", {})
                assert source.get("member", "") in ("", *members)


def _stated(comment: str) -> list[str]:
    return re.findall(r"(?:Stated|Stated of [^:]*): `([^`]*)`", comment)


@pytest.mark.parametrize(
    ("target", "headers", "most"),
    [
        (INVOKE, [], 6 * MB),
        (INVOKE, [("x-amz-invocation-type", "RequestResponse")], 6 * MB),
        (INVOKE, [("x-amz-invocation-type", "Event")], MB),
        (STREAM, [], 6 * MB),
        (ASYNC, [], MB),
    ],
)
def test_a_payload_has_the_size_that_its_operation_takes(target: str, headers: Any, most: int) -> None:
    assert rules("POST", target, b"x" * most, headers) == []
    assert rules("POST", target, b"x" * (most + 1), headers) == ["body.size"]
    length = [("content-length", str(most + 1))]
    check = http.check_request("POST", target, [*headers, *length], b"", edition="current")
    assert check.answer
    assert check.answer.status == 413
    assert f"{most:,} bytes" in check.report.violations[0].message


@pytest.mark.parametrize("name", UPLOADS)
def test_a_deployment_package_has_its_size(name: str) -> None:
    method, target, body = UPLOADS[name]
    package = body(b"A" * 4_000_000)
    assert rules(method, target, package) == []
    assert rules(method, target, package, limits=Limits(body=262_144)) == ["body.size"]
    head = http.boundary("current").open(method, target, [("content-length", "70167211")])
    assert head.check is None
    head = http.boundary("current").open(method, target, [("content-length", "70167212")])
    assert head.check
    assert head.check.report.violations[0].rule == "body.size"


HOSTILE: dict[str, Callable[[int], bytes]] = {
    "numbers": lambda size: b"[" + b"1," * (size // 2) + b"1]",
    "objects": lambda size: b"[" + b"{}," * (size // 3) + b"1]",
    "quotation marks": lambda size: b'"' * size,
    "empty strings": lambda size: b"[" + b'"",' * (size // 3) + b"1]",
    "brackets": lambda size: b"[" * size,
    "blanks": lambda size: b" " * size,
    "a string without an end": lambda size: b'"' + b"a" * size,
    "escapes without an end": lambda size: b'"' + b"\\\\" * (size // 2),
    "names": lambda size: b"{" + b'"a":1,' * (size // 6) + b'"b":1}',
}
"""Request bodies without strings, or with too many, each of about a given size."""


@pytest.mark.parametrize("name", HOSTILE)
def test_a_large_body_of_small_values_is_rejected_in_bounded_memory(name: str) -> None:
    method, target, _ = UPLOADS["CreateFunction"]
    body = HOSTILE[name](8 * MB)
    tracemalloc.start()
    try:
        found = rules(method, target, body)
        used = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert found == (["body.syntax"] if "without an end" in name else ["body.size"])
    assert used < 4 * len(body)
    assert http.limits.is_bulky(body, 262_144) == ("without an end" not in name)


def test_structural_characters_inside_strings_are_not_counted() -> None:
    for inside in (b"a" * 90, b'\\"' * 30, b"[1,2]" * 20):
        assert not http.limits.is_bulky(b'{"a":"' + inside + b'"}', 8)
        assert http.limits.is_bulky(b'{"a":"' + inside + b'"}', 6)


def test_limits_of_operations_exceed_the_defaults() -> None:
    for rows in TABLE.values():
        for size, row in rows.items():
            assert min([row["bytes"], *(each["bytes"] for each in row.get("when", ()))]) > getattr(Limits(), size)


def test_other_operations_have_the_default_limit() -> None:
    for name in EDITIONS:
        assert rules("POST", CHANGE, b" " * 262_145, edition=name) == ["body.size"]
        assert "body.size" not in rules("POST", CHANGE, b" " * 262_144, edition=name)


def test_explicit_limits_override_the_limits_of_the_operation() -> None:
    assert rules("POST", INVOKE, b"x" * 11, limits=Limits(body=10)) == ["body.size"]
    assert rules("POST", INVOKE, b"x" * 262_145, limits=Limits(body=262_144)) == ["body.size"]
    assert rules("POST", INVOKE, b"x" * 262_145, limits=Limits(depth=3)) == []
    assert rules("POST", INVOKE, b"x" * 262_145, limits=(262_144,)) == ["body.size"]
    assert rules("POST", INVOKE, b"x" * 262_145) == []
    assert rules("POST", INVOKE, b"x" * 7 * MB, limits=Limits(body=8 * MB)) == []
    assert type(Limits()._replace(depth=3).body) is Usual
    assert type(Limits()._replace(body=262_144).body) is int


def test_a_body_by_itself_has_the_limit_of_its_operation() -> None:
    body = b'{"FunctionName":"orders"}' + b" " * 300_000
    assert http.is_valid_body("CreateFunction", _function(300_000), edition="current")
    assert not http.is_valid_body("CreateFunction", _function(300_000), "current", Limits(body=262_144))
    assert not http.is_valid_body("CreateEventSourceMapping", body, edition="current")


def _function(size: int) -> bytes:
    return UPLOADS["CreateFunction"][2](b"A" * size)


def test_a_query_may_hold_the_maximum_number_of_tags() -> None:
    keys = "&".join("tagKeys=" + f"{index:02}" + "%F0%9D%94%B8" * 126 for index in range(50))
    assert 75_000 < len(keys) < 81_000
    assert rules("DELETE", f"{TAGS}?{keys}", b"") == []
    assert rules("DELETE", f"{TAGS}?{keys}&tagKeys={'a' * 8_000}", b"") == ["target.size"]
    assert rules("DELETE", f"{TAGS}?{keys}", b"", limits=Limits(target=8_192)) == ["target.size"]


@pytest.mark.parametrize("unknown_route", ["deny", "pass"])
def test_other_targets_keep_the_default_length_limit(unknown_route: Any) -> None:
    for target in ("/nothing?", "/2015-03-31/functions/orders/invocations?Qualifier=", "/" + "a/" * 5_000):
        long = target + "a" * (8_193 - len(target))
        check = http.check_request("POST", long, [], b"", edition="current", unknown_route=unknown_route)
        passes = unknown_route == "pass" and "functions" not in target  # no limit applies to other routes
        assert (check.answer.status if check.answer else None) == (None if passes else 414)
    assert rules("GET", "/2015-03-31/event-source-mappings/?EventSourceArn=" + "a" * 32_768, b"") == ["target.size"]


def test_a_response_has_the_size_that_its_operation_gives() -> None:
    def broken(operation: str, size: int, edition: str = "current") -> bool:
        check = http.check_response(operation, 200, JSON, b'"' + b"x" * (size - 2) + b'"', edition=edition)
        return "body.size" in [each.rule for each in check.report.errors]

    assert not broken("Invoke", 6 * MB + 100)
    assert broken("Invoke", 6 * MB + 101)
    assert not broken("InvokeWithResponseStream", 20 * MB)
    assert not broken("GetAlias", MB)
    assert broken("GetAlias", MB + 1)
    assert broken("GetFunctionEventInvokeConfig", MB + 1, "documents")


def test_an_unknown_name_in_a_query_takes_few_calls() -> None:
    def check(names: int) -> Callable[[], object]:
        query = "&".join(f"a{number:04}" for number in range(names))
        target = f"/2019-09-25/functions/orders/event-invoke-config?{query}"
        return lambda: http.check_request("GET", target, [], b"")

    check(1_300)()  # this fills caches
    assert calls(check(1_300)) - calls(check(300)) <= 23 * 1_000
