"""Test the boundary: every case of `http_cases`, both renderings, responses, and that no request raises."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.attacks import ATTACKS, JSON, PATH, VALID
from support.hostile import OBJECTS
from support.request_cases import CASES, Case
from support.steps import GROWTH, calls, growth

import lambda_validate as lv
from lambda_validate import catalog, http
from lambda_validate.http import Limits
from lambda_validate.http.readings import seen_through
from lambda_validate.validator import json_body, json_parsers

CREATE, GET = lv.operations()
SECRET = "s3cr3t-V4lue"


def get_path(name: str) -> str:
    return f"/2019-09-25/functions/{name}/event-invoke-config"


def post(payload: Any, **settings: Any) -> http.RequestCheck:
    return http.check_request("POST", PATH, JSON, json.dumps(payload), **settings)


def broken(check: http.RequestCheck | http.ResponseCheck) -> list[tuple[str, str]]:
    return [(each.pointer, each.rule) for each in check.report]


# Requests.


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_request_has_the_expected_violations_and_status(case: Case) -> None:
    check = http.check_request(case.method, case.target, case.headers, case.body)
    assert broken(check) == case.rules
    assert (check.answer and check.answer.status) == case.status
    passes = http.boundary().passes(case.method, case.target, case.headers, case.body)
    assert passes is (case.status is None)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_bytes_and_strings_are_checked_alike(case: Case) -> None:
    headers = [(name.upper().encode(), value.encode()) for name, value in case.headers]
    check = http.check_request(case.method.encode(), case.target.encode(), headers, bytearray(case.body))
    assert broken(check) == case.rules


POSTED = [each for each in CASES if each.method == "POST" and each.target == PATH and each.headers]


@pytest.mark.parametrize("case", POSTED, ids=lambda case: case.id)
def test_is_valid_body_agrees_with_the_cases(case: Case) -> None:
    if case.status in (None, 400, 413):
        assert http.is_valid_body(CREATE, case.body) is (case.status is None)


def test_every_http_rule_has_a_case() -> None:
    from lambda_validate.validator.faults import RULES

    met = {rule for case in CASES for _, rule in case.rules}
    elsewhere = {"status.unexpected", "error.unknown", "error.status", "error.body", "body.slow", "headers.duplicate"}
    assert set(RULES) - met == elsewhere


def test_parameters_are_flat_decoded_and_have_a_location() -> None:
    check = http.check_request("GET", get_path("orders%3Alive") + "?Qualifier=live", (), None)
    assert check.operation == GET
    assert dict(check.parameters) == {"FunctionName": "orders:live", "Qualifier": "live"}
    assert dict(check.places) == {"FunctionName": "path", "Qualifier": "query"}
    assert dict(post(VALID).places) == dict.fromkeys(VALID, "body")


def test_a_violation_has_the_location_of_its_member() -> None:
    check = http.check_request("GET", get_path("a%20b") + "?Qualifier=%21&Qualifier=1", (), b"x")
    assert [check.place(each) for each in check.report] == ["query", "body", "path", "query"]
    assert post({}).place(post({}).report.violations[0]) == "body"


def test_a_result_cannot_be_changed() -> None:
    check = post(VALID)
    with pytest.raises(TypeError):
        check.parameters["FunctionName"] = "!"  # type: ignore[index]  # wrong on purpose
    with pytest.raises(AttributeError):
        check.report = lv.Report()  # type: ignore[misc]  # wrong on purpose


def test_warnings_pass_unless_strict() -> None:
    payload = {**VALID, "StartingPosition": "LATEST"}
    assert post(payload).answer is None
    assert [each.rule for each in post(payload).report] == ["starting-position.sqs"]
    assert post(payload, strict=True).answer


# Unknown routes.


@pytest.mark.parametrize("target", ["/", "/2015-03-31/functions/", "/bucket//a/../b", "/%zz", "*", ""])
def test_unknown_routes_are_denied_or_passed_by_setting(target: str) -> None:
    denied = http.check_request("GET", target, (), b"")
    assert denied.answer
    assert denied.answer.status == 404
    assert http.check_request("GET", target, (), b"", unknown_route="pass") == http.RequestCheck(None)


@pytest.mark.parametrize(
    "target",
    [f"/{PATH}", f"/x/..{PATH}", f"/.{PATH}", PATH.replace("/event", "/%2e/event"), PATH.replace("/event", "%2Fevent"),
     PATH.replace("e", "%2565"), PATH.upper(), PATH.replace("/event", "\\event"), PATH.replace("/event", ";v=1/event"),
     f"/x/..;{PATH}", f"/.;{PATH}", f"/x/%2e%2e;{PATH}", f"/;{PATH}", f"/x/;y/..{PATH}",
     PATH.replace("/event", "//../event").replace("2015", "2015-03-31/2015"), PATH.replace("/event", "//../event"),
     f"{PATH}%00", f"{PATH}%00.css", f"{PATH}%20", f"{PATH}%23x/y", f"{PATH}%3fx/y", f"{PATH}#x/y", f"/x%3f/..{PATH}",
     f"//h{PATH}", f"///h{PATH}", f"/%5Ch{PATH}", PATH.replace("e", "%25252565"), PATH.replace("e", "%%32%3565")],
)  # fmt: skip
def test_targets_that_normalise_to_a_known_route_never_pass(target: str) -> None:
    check = http.check_request("POST", target, JSON, b"{}", unknown_route="pass")
    assert broken(check) == [("", "route.unknown")]


def test_another_method_passes_only_if_unknown_routes_pass() -> None:
    assert http.check_request("GET", PATH, (), b"", unknown_route="pass") == http.RequestCheck(None)
    refused = http.check_request("GET", PATH, (), b"").answer
    assert refused
    assert (refused.status, dict(refused.headers)["allow"]) == (405, "POST")
    assert http.check_request("post", PATH, (), b"", unknown_route="pass").answer


@pytest.mark.parametrize("target", [PATH, get_path("orders")])
@pytest.mark.parametrize("method", ["HEAD", "head"])
def test_head_never_passes_on_a_known_path(target: str, method: str) -> None:
    assert broken(http.check_request(method, target, (), b"", unknown_route="pass")) == [("", "route.method")]
    assert http.check_request(method, "/x", (), b"", unknown_route="pass").answer is None


PIECES = ["%", "%25", "25", "%32%35", "%%32%35", "%2", "/..;", "//", "a", "a:"]
LONG = [f"/%{piece * (100_000 // len(piece))}41" for piece in PIECES]


@pytest.mark.parametrize("target", [*LONG, f"/{'%' * 50_000}{'3' * 50_001}", "a" * 100_000, "a:" * 50_000])
def test_decoding_a_path_takes_few_calls_per_character(target: str) -> None:
    limits = Limits(target=200_000)
    calls(
        lambda: http.check_request("GET", target, (), b"", unknown_route="pass", limits=limits), limit=8 * len(target)
    )


@given(st.lists(st.sampled_from([*b"%25346/aF"]), max_size=20).map(bytes))
def test_a_path_is_decoded_until_it_no_longer_changes(path: bytes) -> None:
    once = path
    while (again := unquote_to_bytes(once)) != once:
        once = again
    assert seen_through(path) == once


# Responses to invalid requests.


def test_the_service_words_name_every_violation_and_make_a_modelled_exception() -> None:
    answer = post({"BatchSize": 20000, "FunctionName": "a b", "Enabled": "x"}).answer
    assert answer
    headers = dict(answer.headers)
    assert headers["x-amzn-errortype"] == "InvalidParameterValueException"
    assert headers["content-type"] == "application/json"
    assert int(headers["content-length"]) == len(answer.body)
    assert len(headers["x-amzn-requestid"]) == 36
    body = json.loads(answer.body)
    assert body["Type"] == "User"
    assert [each["path"] for each in body["fieldList"]] == [
        "/BatchSize",
        "/Enabled",
        "/EventSourceArn",
        "/FunctionName",
    ]
    assert body["message"].startswith(
        "4 validation errors detected: Value at 'batchSize' failed to satisfy constraint: "
        "Member must have value less than or equal to 10000; "
    )
    assert "Value null at 'eventSourceArn' failed to satisfy constraint: Member must not be null; " in body["message"]
    assert (
        "Value at 'functionName' failed to satisfy constraint: Member must satisfy regular expression"
        in body["message"]
    )
    assert b": " not in answer.body.replace(b"detected: ", b"").replace(b"constraint: ", b"").replace(b"pattern: ", b"")


def test_a_problem_has_a_pointer_a_detail_and_a_rule_for_each_violation() -> None:
    answer = post({**VALID, "BatchSize": 11}, rendering="problem").answer
    assert answer
    assert dict(answer.headers)["content-type"] == "application/problem+json"
    body = json.loads(answer.body)
    assert (body["type"], body["title"], body["status"]) == ("about:blank", "Bad Request", 400)
    detail = "BatchSize is at most 10 for an SQS queue; `current` allows up to 10,000 with a batching window."
    assert body["errors"] == [{"pointer": "/BatchSize", "detail": detail, "rule": "batch-size.sqs"}]


def test_a_member_path_is_written_like_the_service_writes_it() -> None:
    body = '{"LoggingConfig":{"Levels":[1,1e999]}}'
    answer = http.check_request("POST", PATH, JSON, body).answer
    assert answer
    assert "at 'loggingConfig.levels.2.member': A number must be finite" in json.loads(answer.body)["message"]


@pytest.mark.parametrize("rendering", ["service", "problem"])
def test_an_error_response_holds_no_values_by_default(rendering: Any) -> None:
    invalid = {"FunctionName": SECRET + "!", "EventSourceArn": SECRET, "Enabled": SECRET, "StartingPosition": SECRET}
    answer = post(invalid, rendering=rendering).answer
    assert answer
    assert SECRET.encode() not in answer.body
    shown = post(invalid, rendering=rendering, show_values=True).answer
    assert shown
    assert SECRET.encode() in shown.body


def body_of_unknown(count: int) -> bytes:
    return json.dumps({f"{'n' * 20}{index}": 1 for index in range(count)} | {"x" * 10_000: 1}).encode()


def test_an_error_response_stays_small_for_many_violations() -> None:
    check = http.check_request("POST", PATH, JSON, body_of_unknown(8_000))
    assert check.answer
    assert len(check.report.violations) > 8_000
    assert len(check.answer.body) < 40_000


def test_work_grows_linearly_with_the_number_of_violations() -> None:
    def checking(count: int) -> Callable[[], object]:
        body = body_of_unknown(count)
        return lambda: http.check_request("POST", PATH, JSON, body)

    assert growth(checking, 4_000) < GROWTH


def test_unknown_settings_suggest_the_nearest_name() -> None:
    for setting in (
        {"rendering": "servic"},
        {"unknown_route": "den"},
        {"edition": "document"},
        {"disable": ["body.sizes"]},
    ):
        with pytest.raises(lv.UnknownNameError, match="did you mean"):
            http.boundary(**setting)  # type: ignore[arg-type]  # of many kinds


# Disabled rules, and limits.


LENIENT = """body.duplicate content-type.unexpected member.misplaced query.duplicate body.unexpected
    route.unknown""".split()  # noqa: SIM905  # a list of words, read as one


@pytest.mark.parametrize("rule", LENIENT)
def test_an_http_rule_can_be_disabled(rule: str) -> None:
    cases = [case for case in CASES if {name for _, name in case.rules if name != "member.newer"} == {rule}]
    assert cases
    for case in cases:
        check = http.check_request(case.method, case.target, case.headers, case.body, disable=[rule])
        assert rule not in [name for _, name in broken(check)]
        assert check.answer is None


STOPPING = """body.syntax body.encoding body.depth body.size body.compressed headers.limit target.size
    target.encoding""".split()  # noqa: SIM905  # as above


@pytest.mark.parametrize("rule", STOPPING)
def test_rules_that_stop_parsing_cannot_be_disabled(rule: str) -> None:
    cases = [case for case in CASES if rule in [name for _, name in case.rules]]
    assert cases
    for case in cases:
        assert http.check_request(case.method, case.target, case.headers, case.body, disable=[rule]).answer


def test_limits_can_be_set() -> None:
    body = json.dumps(VALID)
    assert http.check_request("POST", PATH, JSON, body, limits=Limits(body=len(body))).answer is None
    assert http.check_request("POST", PATH, JSON, body, limits=Limits(body=len(body) - 1)).answer
    assert (
        http.check_request("POST", PATH, JSON, '{"a":[[]]}', limits=Limits(depth=2)).report.violations[0].rule
        == "body.depth"
    )
    deep = http.check_request("POST", PATH, JSON, "[" * 50_000 + "]" * 50_000, limits=Limits(depth=10**6))
    assert deep.answer


@pytest.mark.parametrize("limits", [{"body": 5}, [1, 2], ("5",), (1.0,), (True,), (1,) * 6, 5, None])
def test_invalid_limits_are_rejected(limits: Any) -> None:
    calls: list[Any] = [
        http.boundary,
        lambda **settings: http.check_request("POST", PATH, JSON, b"{}", **settings),
        lambda **settings: http.is_valid_body(CREATE, b"{}", **settings),
    ]
    for make in calls:
        with pytest.raises(TypeError, match="limits must be Limits of whole numbers"):
            make(limits=limits)


@pytest.mark.parametrize("types", [("application/json", "text/html"), ("text/html", "application/json")])
def test_two_content_types_are_rejected(types: tuple[str, str]) -> None:
    headers = [("content-type", each) for each in types]
    check = http.check_request("POST", PATH, headers, json.dumps(VALID))
    assert [each.rule for each in check.report] == ["content-type.unexpected"]


@pytest.mark.parametrize("body", [None, 5, [], {}, "{}", bytearray(b"{}"), json.dumps(VALID)])
def test_passes_agrees_with_check_request_for_any_body(body: Any) -> None:
    check = http.check_request("POST", PATH, JSON, body)
    assert http.boundary().passes("POST", PATH, JSON, body) is (check.answer is None)


@pytest.mark.parametrize("make", [bytes, bytearray, memoryview, bytes.decode])
def test_a_body_may_be_bytes_like_or_a_string(make: Any) -> None:
    for body, valid in ((json.dumps(VALID), True), ("{}", False), ('{"a":{}}', False), ("", False), ("{", False)):
        assert http.is_valid_body(CREATE, make(body.encode())) is valid
    assert not http.is_valid_body(CREATE, None)


@pytest.mark.parametrize("length", ["262145", "0262145", "9" * 19, "9" * 5_000, " 9999999999999999999 "])
def test_a_content_length_of_any_number_of_digits_is_checked(length: str) -> None:
    answer = http.check_request("POST", PATH, [("content-length", length), *JSON.items()], b"{}").answer
    assert answer
    assert answer.status == 413


@pytest.mark.parametrize("length", ["0", "9", "0" * 30 + "9", "0" * 200_000 + "9", "0" * 200_000 + "x", " " * 200_000])
def test_a_content_length_below_the_limit_passes(length: str) -> None:
    headers = [("content-length", length), *JSON.items()]
    assert post(VALID).answer is None  # everything is compiled by now, so that compiling is not counted
    checks = []
    calls(lambda: checks.append(http.check_request("POST", PATH, headers, json.dumps(VALID))), limit=1_000)
    assert checks[0].answer is None


@pytest.mark.parametrize("headers", [[("content-type", None)], {"Content-Type": ["a", "b"]}, [("a",)], 5])
def test_unreadable_headers_are_not_reported_as_too_many(headers: Any) -> None:
    answer = http.check_request("POST", PATH, headers, b"{}").answer
    assert answer
    assert answer.status == 400
    assert "Headers must be pairs of strings" in json.loads(answer.body)["message"]
    refused = http.check_response(GET, 200, headers, b"{}").answer
    assert refused
    assert "Headers must be pairs of strings" in json.loads(refused.body)["Message"]


def test_a_declared_length_over_the_limit_is_rejected_before_the_body() -> None:
    head = http.boundary().open("POST", PATH, [("content-length", "262145"), *JSON.items()])
    assert head.check
    assert head.check.answer
    assert head.check.answer.status == 413


# No request raises, and work is bounded.


@pytest.mark.parametrize("name", OBJECTS)
def test_invalid_arguments_never_raise(name: str) -> None:
    thing = OBJECTS[name]
    valid = ("POST", PATH, JSON, b"{}")
    for index in range(4):
        assert http.check_request(*valid[:index], thing, *valid[index + 1 :]).answer
    for response in ((thing, JSON, b"{}"), (200, thing, b"{}"), (200, JSON, thing)):
        assert isinstance(http.check_response(GET, *response), http.ResponseCheck)


@given(st.binary(max_size=60) | st.text(max_size=30), st.binary(max_size=60) | st.text(max_size=30))
def test_any_target_and_body_give_an_answer_or_pass(target: Any, body: Any) -> None:
    name = target if isinstance(target, bytes) else target.encode()
    for path in (target, b"/2019-09-25/functions/%b/event-invoke-config" % name):
        assert isinstance(http.check_request("GET", path, (), body), http.RequestCheck)
    assert http.check_request("POST", PATH, JSON, body).answer


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
)


@given(JSON_VALUES, st.booleans())
def test_serialised_json_round_trips(value: Any, plain: bool) -> None:
    reading = json_body.read(json.dumps(value, ensure_ascii=plain).encode(), 32)
    assert reading == (value, ())


BRACKETS = st.text(st.sampled_from('[]{}"\\a'), max_size=8)
NESTED = st.recursive(
    BRACKETS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(BRACKETS, inner, max_size=3)
)


def depth(value: Any) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if inner is None else 1 + max(map(depth, inner), default=0)


@given(NESTED)
def test_nesting_depth_is_computed_from_the_bytes(value: Any) -> None:
    assert json_parsers.nesting(json.dumps(value).encode()) == depth(value)


def calls_per_byte(body: bytes) -> float:
    http.check_request("POST", PATH, JSON, body)  # this fills the caches
    return calls(lambda: http.check_request("POST", PATH, JSON, body)) / len(body)


@pytest.mark.parametrize("body", ATTACKS.values(), ids=[*ATTACKS])
def test_an_attack_takes_no_more_calls_per_byte_than_a_valid_body(body: bytes) -> None:
    assert calls_per_byte(body) < calls_per_byte(json.dumps(VALID).encode())


def test_a_number_with_too_many_digits_is_found_at_any_offset() -> None:
    for before in range(2 * json_parsers.DIGIT_BLOCK):
        body = b'["%s",%s]' % (b"a" * before, b"9" * (json_parsers.DIGITS + 1))
        assert [each.rule for each in json_body.read(body, 32).faults] == ["body.number"]


def test_faults_are_reported_in_document_order() -> None:
    body = b'[{"b":[NaN,{"c":1,"c":NaN}],"b":[NaN,{"c":1,"c":NaN}]},"\\ud800",{"\\ud800":[[]]},Infinity]'
    faults = json_body.read(body, 32).faults
    rules = [(each.rule.removeprefix("body."), each.path) for each in faults]
    assert rules == [
        ("duplicate", (0, "b")), ("number", (0, "b", 0)), ("duplicate", (0, "b", 1, "c")), ("number", (0, "b", 1, "c")),
        ("surrogate", (1,)), ("surrogate", (2,)), ("number", (3,)),
    ]  # fmt: skip


def test_the_number_of_reported_faults_is_limited() -> None:
    for body in (
        b"[" + b"NaN," * 50_000 + b"1]",
        b"{" + b",".join(b'"a%d":1' % (n % 9_000) for n in range(18_000)) + b"}",
    ):
        check = http.check_request("POST", PATH, JSON, body)
        assert sum(each.rule in ("body.number", "body.duplicate") for each in check.report) == json_body.FAULTS


def test_the_actual_or_expected_location_of_a_member_is_reported() -> None:
    check = http.check_request("DELETE", "/2017-03-31/tags/a", (), b"", edition="current")
    assert ("/TagKeys", "query") in [(each.pointer, check.place(each)) for each in check.report]
    check = http.check_request("GET", f"{get_path('orders')}?FunctionName=a", (), b"")
    assert [(each.rule, check.place(each)) for each in check.report] == [("member.misplaced", "query")]
    check = http.check_request("POST", f"{PATH}?BatchSize=10", JSON, json.dumps(VALID | {"BatchSize": 0}).encode())
    reported = [(each.rule, check.place(each)) for each in check.report]
    assert reported == [("member.misplaced", "query"), ("batch-size.minimum", "body")]


def test_changing_settings_do_not_grow_the_cache() -> None:
    for size in range(200):
        http.check_request("GET", "/", (), b"", limits=Limits(body=size))
    assert http._cached.cache_info().currsize <= 64


# Responses.

SERVED = {"content-type": "application/json"}
GONE, RETRIES = "ResourceNotFoundException", "MaximumRetryAttempts"


def named(text: str) -> dict[str, str]:
    return SERVED | {"x-amzn-ErrorType": text}


@pytest.mark.parametrize(
    ("status", "headers", "body", "error", "rules"),
    [
        (200, SERVED, '{"MaximumRetryAttempts":2}', None, []),
        (200, SERVED, f'{{"{RETRIES}":3}}', None, [(f"/{RETRIES}", "maximum-retry-attempts.maximum")]),
        (200, SERVED, f'{{"{RETRIES}":3,"{RETRIES}":2}}', None, [(f"/{RETRIES}", "body.duplicate")]),
        (200, {"content-type": "text/html"}, "{}", None, [("", "content-type.unexpected")]),
        (200, SERVED, "<html>", None, [("", "body.syntax")]),
        (200, SERVED, "", None, [("", "body.syntax")]),
        (201, SERVED, "{}", None, [("", "status.unexpected")]),
        (201, {"content-type": "text/html"}, "{}", None, [("", "content-type.unexpected"), ("", "status.unexpected")]),
        (404, named(GONE), "<html>", GONE, [("", "body.syntax")]),
        (500, {"content-type": "text/html"}, "<html>", None, [("", "content-type.unexpected"), ("", "error.body")]),
        (404, named("ResourceNotFoundException:http://a"), '{"Message":"m"}', GONE, []),
        (404, named("com.aws#ResourceNotFoundException:http://a#b"), '{"message":"m"}', GONE, []),
        (404, SERVED, '{"__type":"com.aws#ResourceNotFoundException","message":"m"}', GONE, []),
        (404, SERVED, '{"code":"ResourceNotFoundException","Message":"m"}', GONE, []),
        (404, SERVED, '{"Code":"ResourceNotFoundException","__type":"Other","Message":"m"}', GONE, []),
        (400, named(GONE), '{"Message":"m"}', GONE, [("", "error.status")]),
        (400, named("ResourceConflict"), '{"Message":"m"}', "ResourceConflict", [("", "error.unknown")]),
        (404, named(GONE), '{"text":"m"}', GONE, [("", "error.body")]),
        (404, named(GONE), "[]", GONE, [("", "error.body")]),
        (200, named("ServiceException"), '{"Message":"m"}', "ServiceException", [("", "error.status")]),
        (429, SERVED, '{"message":"m"}', None, [("", "error.body")]),
        (200, SERVED | {"content-encoding": "gzip"}, "x", None, [("", "body.compressed")]),
    ],
)  # fmt: skip
def test_a_response_is_checked_by_status_headers_and_body(
    status: int, headers: dict[str, str], body: str, error: str | None, rules: list[tuple[str, str]]
) -> None:
    check = http.check_response(GET, status, headers, body)
    assert (check.error, broken(check)) == (error, rules)
    assert (check.answer is None) is (not rules)


def test_an_invalid_response_is_replaced_by_a_service_exception() -> None:
    answer = http.check_response(GET, 200, SERVED, f'{{"FunctionArn":"{SECRET}"}}').answer
    assert answer
    assert (answer.status, dict(answer.headers)["x-amzn-errortype"]) == (500, "ServiceException")
    assert "is invalid; " in json.loads(answer.body)["Message"]
    assert SECRET.encode() not in answer.body


def test_a_response_over_the_limit_and_one_with_too_many_headers_are_rejected() -> None:
    assert broken(http.check_response(GET, 200, SERVED, b"1234", limits=Limits(response=3))) == [("", "body.size")]
    assert broken(http.check_response(GET, 200, SERVED, b"{}", limits=Limits(headers=0))) == [("", "headers.limit")]


def test_an_unknown_operation_of_a_response_is_an_error_of_the_caller() -> None:
    with pytest.raises(lv.UnknownNameError, match="did you mean"):
        http.check_response("GetFunctionEventInvokeConfi", 200, SERVED, b"{}")


# An operation with members in path, query and body, which neither document has.


def put(name: str) -> Any:
    get = catalog.find().document(f"{GET}.json")
    if name == "types.json":
        return catalog.find().document(name)
    properties = get["$defs"]["request"]["properties"]
    source = properties["Qualifier"]["x-source"]
    more = {
        "Retries": {"type": "integer", "maximum": 2, "x-in": "body", "x-source": source},
        "MaxItems": {"$ref": "types.json#/$defs/BatchSize", "x-in": "query", "x-source": source},
        "DryRun": {"type": "boolean", "x-in": "query", "x-source": source},
    }
    request = get["$defs"]["request"] | {"properties": properties | more}
    operation = get["x-operation"] | {"method": "PUT"}
    return get | {"title": "Put", "x-operation": operation, "$defs": get["$defs"] | {"request": request}}


@pytest.fixture
def mixed() -> http.Boundary:
    return http.boundary(catalog.Catalog("mixed", put, ("Put",)))


def test_members_of_path_query_and_body_become_one_flat_payload(mixed: http.Boundary) -> None:
    check = mixed.check_request("PUT", get_path("orders") + "?MaxItems=10&DryRun=true", JSON, b'{"Retries":1}')
    assert dict(check.parameters) == {"FunctionName": "orders", "MaxItems": 10, "DryRun": True, "Retries": 1}
    assert dict(check.places) == {"FunctionName": "path", "MaxItems": "query", "DryRun": "query", "Retries": "body"}
    assert (broken(check), check.answer) == ([], None)


@pytest.mark.parametrize(
    ("query", "rules"),
    [
        ("MaxItems=1e1", ["batch-size.type"]),
        ("MaxItems=%D9%A1", ["batch-size.type"]),
        ("MaxItems=1.0", ["batch-size.type"]),
        ("MaxItems=+1", ["batch-size.type"]),
        ("MaxItems=0", ["batch-size.minimum"]),
        ("DryRun=True", ["dry-run.type"]),
        ("DryRun=1", ["dry-run.type"]),
    ],
)
def test_query_numbers_and_booleans_need_their_canonical_form(
    mixed: http.Boundary, query: str, rules: list[str]
) -> None:
    check = mixed.check_request("PUT", get_path("orders") + "?" + query, JSON, b"{}")
    assert [each.rule.replace("max-items", "batch-size") for each in check.report] == rules


def test_misplaced_members_in_the_body_are_reported_and_ignored(mixed: http.Boundary) -> None:
    check = mixed.check_request("PUT", get_path("orders"), JSON, b'{"FunctionName":"!","MaxItems":1,"Retries":9}')
    misplaced = [("/FunctionName", "member.misplaced"), ("/MaxItems", "member.misplaced")]
    assert broken(check) == [*misplaced, ("/Retries", "retries.maximum")]
    assert dict(check.parameters) == {"FunctionName": "orders", "Retries": 9}
    assert [check.place(each) for each in check.report] == ["body", "body", "body"]


def test_an_unreadable_body_is_the_only_violation(mixed: http.Boundary) -> None:
    for body, rules in ((b"[]", [("", "payload.type")]), (b"[", [("", "body.syntax")])):
        check = mixed.check_request("PUT", get_path("orders"), JSON, body)
        assert broken(check) == rules
        assert dict(check.parameters) == {"FunctionName": "orders"}


def test_a_check_decided_at_the_headers_is_final() -> None:
    boundary = http.boundary(unknown_route="pass")
    passed = boundary.open("GET", "/", ())
    assert boundary.close(passed, b"{}") is passed.check
    assert boundary.passes("GET", "/", (), b"{}")
