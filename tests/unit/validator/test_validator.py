"""Test the contract of the validator and of the functions that call it."""

from __future__ import annotations

import copy
import gc
import pickle
import threading
import weakref
from http import HTTPStatus
from typing import Any

import pytest
from support.payloads import BASES, CREATE, GET, SOURCES

import lambda_validate as lv
from lambda_validate import validator as module
from lambda_validate.native import engine
from lambda_validate.validator.native_calls import CALLS
from lambda_validate.validator.rules import rules

VALID = BASES[CREATE, "request"][0]
INVALID = {"BatchSize": "1", "FunctionName": "a b", "EventSourceArn": SOURCES["sqs"], "Unknwon": 1}
JOURNEYS = {"pickle": lambda each: pickle.loads(pickle.dumps(each)), "copy": copy.copy, "deepcopy": copy.deepcopy}
METHODS = ["validate_request", "validate_response", "is_valid_request", "is_valid_response"]


def found(report: lv.Report) -> list[tuple[str, str, str]]:
    return [(each.pointer, each.rule, each.severity) for each in report]


def test_a_valid_payload_gives_an_empty_report() -> None:
    assert lv.validate_request(CREATE, VALID).violations == ()
    assert lv.validate_request(CREATE, VALID)
    assert lv.is_valid_request(CREATE, VALID) is True
    assert lv.validate_response(GET, {}, status=200).violations == ()
    assert lv.is_valid_response(GET, {}, status=200) is True


@pytest.mark.skipif(engine().plan is None, reason="without the native engine Python validates every payload")
def test_a_payload_of_which_the_native_engine_makes_the_report_is_not_validated_by_python() -> None:
    validator = lv.Validator()
    for _ in range(CALLS):
        assert validator.validate_request(CREATE, VALID).ok
    report, order, native = validator._reporters[CREATE, "request"]
    calls: list[Any] = []
    validator._reporters[CREATE, "request"] = (
        lambda payload: calls.append(payload) or report(payload),
        order,
        native,
    )
    assert validator.validate_request(CREATE, VALID).violations == ()
    assert validator.validate_request(CREATE, INVALID) == lv.Validator().validate_request(CREATE, INVALID)
    assert calls == []
    assert validator.found(CREATE, "request", VALID) == []
    assert validator.found(CREATE, "request", INVALID) == report(INVALID)
    assert calls == [VALID, INVALID]


def test_an_invalid_payload_gives_every_violation_in_the_order_of_the_document() -> None:
    report = lv.validate_request(CREATE, INVALID)
    assert found(report) == [
        ("/BatchSize", "batch-size.type", "error"),
        ("/FunctionName", "function-name.pattern", "error"),
        ("/Unknwon", "member.unknown", "error"),
    ]
    assert lv.is_valid_request(CREATE, INVALID) is False


def test_violations_of_the_payload_precede_violations_of_members() -> None:
    report = lv.validate_request("PutFunctionEventInvokeConfig", {"FunctionName": "!"}, "current")
    assert [each.rule for each in report] == ["invoke-config.empty", "function-name.pattern"]


def test_a_missing_member_is_reported_at_its_pointer() -> None:
    report = lv.validate_request(CREATE, {})
    assert [(each.pointer, each.path, each.keyword) for each in report] == [
        ("/EventSourceArn", ("EventSourceArn",), "required"),
        ("/FunctionName", ("FunctionName",), "required"),
    ]


@pytest.mark.parametrize("payload", [None, [], "text", 5, True, b"", [("FunctionName", "orders")]])
@pytest.mark.parametrize("direction", ["request", "response"])
def test_a_payload_that_is_not_a_mapping_is_one_violation_at_the_root(payload: Any, direction: str) -> None:
    report = getattr(lv, f"validate_{direction}")(GET, payload)
    assert found(report) == [("", "payload.type", "error")]
    assert getattr(lv, f"is_valid_{direction}")(GET, payload) is False


@pytest.mark.parametrize("method", METHODS)
def test_an_operation_that_does_not_exist_is_rejected_with_the_nearest(method: str) -> None:
    for subject in (lv, lv.Validator()):
        with pytest.raises(lv.UnknownNameError) as refused:
            getattr(subject, method)("CreateEventSourceMaping", {})
        assert refused.value.nearest == CREATE
        assert isinstance(refused.value, LookupError)


@pytest.mark.parametrize(
    "name", [None, 5, [], {}, b"GetFunctionEventInvokeConfig", "\ud800", "", "x" * 10_000], ids=range(8)
)
@pytest.mark.parametrize("method", METHODS)
def test_an_invalid_operation_raises_unknown_name_error(method: str, name: Any) -> None:
    for subject in (lv, lv.Validator()):
        with pytest.raises(lv.UnknownNameError, match="there is no operation"):
            getattr(subject, method)(name, {})


@pytest.mark.parametrize("name", ["document", "", None, 5, [], {}], ids=range(6))
def test_an_invalid_edition_raises_unknown_name_error(name: Any) -> None:
    for call in (
        lambda: lv.Validator(name),
        lambda: lv.operations(name),
        lambda: lv.operation(GET, name),
        lambda: lv.schema(GET, "request", name),
        lambda: lv.validate_request(GET, {}, edition=name),
        lambda: lv.is_valid_response(GET, {}, edition=name),
    ):
        with pytest.raises(lv.UnknownNameError, match="there is no edition"):
            call()


def test_the_validator_of_an_edition_is_created_lazily(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lv, "_VALIDATORS", {})
    assert lv.is_valid_request(CREATE, VALID, edition="documents")
    assert list(lv._VALIDATORS) == ["documents"]


def test_the_operations_are_listed() -> None:
    assert lv.operations() == lv.operations(edition="documents") == lv.Validator().operations() == (CREATE, GET)
    assert lv.Validator().operation(GET) is lv.operation(GET)


@pytest.mark.parametrize(("setting", "severity"), [("error", "error"), ("warning", "warning"), ("ignore", None)])
@pytest.mark.parametrize("direction", ["request", "response"])
def test_unknown_members_have_the_configured_severity(direction: str, setting: Any, severity: str | None) -> None:
    validator = lv.Validator(unknown_members=setting)
    payload = {**BASES[GET, direction][0], "Unknwon": 1}
    report = getattr(validator, f"validate_{direction}")(GET, payload)
    assert [each.severity for each in report] == ([severity] if severity else [])
    assert getattr(validator, f"is_valid_{direction}")(GET, payload) is report.ok is (severity != "error")


def test_an_unknown_member_is_an_error_in_a_request_and_a_warning_in_a_response() -> None:
    request = lv.validate_request(GET, {"FunctionName": "orders", "Qualifer": "1"})
    response = lv.validate_response(GET, {"MaximumRetryAttemps": 1})
    assert found(request) == [("/Qualifer", "member.unknown", "error")]
    assert found(response) == [("/MaximumRetryAttemps", "member.unknown", "warning")]


@pytest.mark.parametrize("setting", ["errors", "", 5, [], True])
def test_an_unknown_setting_raises_unknown_name_error(setting: Any) -> None:
    with pytest.raises(lv.UnknownNameError, match="there is no setting of unknown_members"):
        lv.Validator(unknown_members=setting)


def test_a_disabled_rule_is_not_checked() -> None:
    some = lv.Validator(disable=["batch-size.type", "member.unknown"])
    assert [each.rule for each in some.validate_request(CREATE, INVALID)] == ["function-name.pattern"]
    assert lv.Validator(disable="function-name.length").is_valid_request(GET, {"FunctionName": "n" * 65})
    assert not lv.is_valid_request(GET, {"FunctionName": "n" * 65})


def test_with_every_rule_disabled_readable_payloads_are_valid() -> None:
    none = lv.Validator(disable=[each.id for each in rules()])
    for operation, direction in BASES:
        for payload in ({}, INVALID, None, {"DestinationConfig": 5}):
            assert getattr(none, f"validate_{direction}")(operation, payload).violations == ()
            assert getattr(none, f"is_valid_{direction}")(operation, payload)


@pytest.mark.parametrize("name", ["batch-size.typ", "", 5, ("batch-size.type",)])
def test_a_rule_that_does_not_exist_cannot_be_disabled(name: Any) -> None:
    with pytest.raises(lv.UnknownNameError, match="there is no rule"):
        lv.Validator(disable=[name])


def test_a_strict_validator_turns_warnings_into_errors() -> None:
    payload = {**VALID, "StartingPosition": "LATEST", "Queues": ["q"]}
    lenient, strict = lv.validate_request(CREATE, payload), lv.Validator(strict=True).validate_request(CREATE, payload)
    assert [each.severity for each in lenient] == ["warning", "warning"]
    assert [each.severity for each in strict] == ["error", "error"]
    assert [each.rule for each in lenient] == [each.rule for each in strict]
    assert lv.is_valid_request(CREATE, payload)
    assert not lv.Validator(strict=True).is_valid_request(CREATE, payload)


def test_a_validator_returns_the_effective_severity_of_a_rule() -> None:
    strict = lv.Validator(strict=True, disable=["batch-size.type"], unknown_members="warning")
    assert strict.severity("batch-size.sqs", "warning") == "error"
    assert strict.severity("batch-size.type", "error") is None
    assert strict.severity("member.unknown", "error") == "warning"
    assert lv.Validator().severity("member.newer", "warning") == "warning"


def test_messages_show_values_only_with_show_values() -> None:
    payload = {
        **VALID,
        "FunctionName": "SECRET!",
        "BatchSize": 424242,
        "Enabled": "SECRET",
        "StartingPosition": "SECRET",
    }
    silent, open_ = (
        lv.validate_request(CREATE, payload),
        lv.Validator(show_values=True).validate_request(CREATE, payload),
    )
    assert not [each.message for each in silent if "SECRET" in each.message or "424" in each.message]
    with pytest.raises(lv.ValidationError) as raised:
        silent.raise_if_invalid()
    assert "SECRET" not in str(raised.value) + repr(silent) + repr(silent.violations)
    shown = {each.pointer: each.message for each in open_}
    assert "(it is 424242)." in shown["/BatchSize"]
    assert "(it is 'SECRET!')." in shown["/FunctionName"]


def test_a_shown_status_precedes_the_final_full_stop() -> None:
    silent, shown = (
        lv.Validator(show_values=show)
        .validate_response(GET, {}, 400, "ResourceNotFoundException")
        .violations[0]
        .message
        for show in (False, True)
    )
    assert silent == "ResourceNotFoundException must come with status 404."
    assert shown == "ResourceNotFoundException must come with status 404 (it is 400)."


@pytest.mark.parametrize(
    ("status", "error", "rule"),
    [
        (200, None, None),
        (HTTPStatus.OK, None, None),
        (404, None, None),
        (429, "TooManyRequestsException", None),
        (None, "ServiceException", None),
        (HTTPStatus.NOT_FOUND, "ResourceNotFoundException", None),
        (202, None, "status.unexpected"),
        (418, None, "status.unexpected"),
        ("200", None, "status.unexpected"),
        (200.0, None, "status.unexpected"),
        (True, None, "status.unexpected"),
        (200, "ServiceException", "error.status"),
        ("500", "ServiceException", "error.status"),
        (400, "ResourceNotFoundException", "error.status"),
        (400, "ServiceExeption", "error.unknown"),
        (200, "", "error.unknown"),
        (None, 5, "error.unknown"),
    ],
)
def test_other_responses_are_validated_by_status_and_exception(status: Any, error: Any, rule: str | None) -> None:
    report = lv.validate_response(GET, {}, status, error)
    assert [(each.pointer, each.rule) for each in report] == ([("", rule)] if rule else [])
    assert all(str(each.source).startswith(GET) for each in report)
    assert lv.Validator(disable=[rule] if rule else []).validate_response(GET, {}, status, error)
    if error is None:
        assert lv.is_valid_response(GET, {}, status) is (rule is None)


@pytest.mark.parametrize(
    ("error", "ending"),
    [
        ("ServiceExeption", "has no such exception; did you mean ServiceException?"),
        ("Unlike", "; it can be InvalidParameterValueException, ResourceNotFoundException, ServiceException or "
                   "TooManyRequestsException."),
    ],
)  # fmt: skip
def test_an_unknown_exception_is_reported_with_the_nearest_one_or_all(error: str, ending: str) -> None:
    (violation,) = lv.validate_response(GET, {}, 400, error)
    assert violation.message.endswith(ending)


def test_the_body_of_an_error_response_is_not_validated() -> None:
    assert lv.validate_response(GET, {"Type": "User", "FunctionArn": 5}, 404).violations == ()
    assert not lv.validate_response(GET, {"FunctionArn": 5}, 200)


@pytest.mark.parametrize("name", ["edition", "strict", "_policy", "anything"])
def test_a_validator_cannot_be_changed(name: str) -> None:
    validator = lv.Validator()
    with pytest.raises(AttributeError):
        setattr(validator, name, "x")
    with pytest.raises(AttributeError):
        delattr(validator, name)
    assert repr(validator) == "<Validator of edition 'documents'>"


@pytest.mark.parametrize("journey", JOURNEYS.values(), ids=JOURNEYS.keys())
def test_a_validator_survives_copying_with_its_settings(journey: Any) -> None:
    validator = lv.Validator(strict=True, disable=["batch-size.type"], unknown_members="ignore", show_values=True)
    again = journey(validator)
    for payload in (INVALID, {**VALID, "Queues": 1}, VALID):
        assert again.validate_request(CREATE, payload) == validator.validate_request(CREATE, payload)
        assert again.is_valid_request(CREATE, payload) is validator.is_valid_request(CREATE, payload)
    assert found(again.validate_request(CREATE, INVALID)) == [("/FunctionName", "function-name.pattern", "error")]


def test_threads_may_share_a_validator_from_its_first_use() -> None:
    validator, start = lv.Validator(), threading.Barrier(8)
    results: list[Any] = []

    def work() -> None:
        start.wait(timeout=60)
        results.extend(
            (validator.is_valid_request(CREATE, VALID), found(validator.validate_request(CREATE, INVALID)))
            for _ in range(50)
        )

    threads = [threading.Thread(target=work) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(timeout=120)
    assert len(results) == 400
    assert all(each == (True, found(lv.validate_request(CREATE, INVALID))) for each in results)


def test_a_checker_is_compiled_once_and_can_be_read() -> None:
    validator = lv.Validator()
    checker = validator.checker(GET, "request")
    assert validator.checker(GET, "request") is checker
    assert checker.source.startswith("# lambda-validate/documents/GetFunctionEventInvokeConfig/request/verdict\n")
    with pytest.raises(lv.UnknownNameError, match="there is no direction 'requests'; did you mean 'request'"):
        validator.checker(GET, "requests")


SETTINGS: list[dict[str, Any]] = [
    {}, {"strict": True}, {"show_values": True}, {"unknown_members": "ignore"}, {"disable": ["batch-size.maximum"]},
]  # fmt: skip


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_equal_validators_share_compiled_checkers(settings: dict[str, Any]) -> None:
    checker = lv.Validator(**settings).checker(GET, "request")
    assert lv.Validator(lv.Validator().catalog, **settings).checker(GET, "request") is checker
    assert pickle.loads(pickle.dumps(lv.Validator(**settings))).checker(GET, "request") is checker
    others = [each for each in SETTINGS if each != settings]
    assert all(lv.Validator(**each).checker(GET, "request") is not checker for each in others)
    assert lv.Validator("current", **settings).checker(GET, "request") is not checker


def test_checkers_of_a_custom_catalog_are_not_shared_and_can_be_freed() -> None:
    made = lv.Validator(lv.Catalog("documents", lv.Validator().catalog.document))
    assert made.checker(GET, "request") is not lv.Validator().checker(GET, "request")
    assert found(made.validate_request(CREATE, INVALID)) == found(lv.validate_request(CREATE, INVALID))
    catalog = weakref.ref(made.catalog)
    del made
    gc.collect()
    assert catalog() is None


def test_compiled_checkers_are_cached_up_to_a_limit() -> None:
    module._shared.cache_clear()
    rules_of = [each.id for each in rules()]
    for rule in rules_of[: 2 * module.MOST_SHARED]:
        assert lv.Validator(disable=[rule]).is_valid_request(CREATE, VALID)
    assert module._shared.cache_info().currsize == module.MOST_SHARED


def test_all_public_names_exist() -> None:
    assert all(hasattr(lv, name) for name in lv.__all__)
    assert sorted(lv.__all__) == lv.__all__
    assert lv.formats is lv.__getattr__("formats")
    assert lv.formats.FORMATS["qualifier"]("$LATEST")
    assert lv.format_checker().conforms("$LATEST", "qualifier")
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = lv.nonsense


def test_the_body_with_an_unexpected_success_status_is_validated() -> None:
    report = lv.validate_response("GetFunctionEventInvokeConfig", {"MaximumRetryAttempts": 99}, status=201)
    assert [each.rule for each in report] == ["status.unexpected", "maximum-retry-attempts.maximum"]


@pytest.mark.parametrize(("status", "is_success"), [(199, False), (200, True), (201, True), (299, True), (300, False)])
def test_a_status_is_of_success_from_200_to_299(status: int, is_success: bool) -> None:
    report = lv.validate_response("CreateEventSourceMapping", {"BatchSize": "x"}, status=status)
    assert [each.rule for each in report] == ["status.unexpected", *(["batch-size.type"] * is_success)]
    assert lv.validate_response("CreateEventSourceMapping", None, status=status).violations == report.violations[:1]
    report = lv.validate_response("CreateEventSourceMapping", {"BatchSize": "x"}, status=status, error="NoSuchThing")
    assert [each.rule for each in report] == ["error.unknown"]


def test_the_body_of_an_error_status_is_not_validated() -> None:
    assert not lv.validate_response("GetFunctionEventInvokeConfig", {"MaximumRetryAttempts": 99}, status=404).violations


def test_a_required_member_cites_its_own_statement() -> None:
    sources = {each.source.member for each in lv.validate_request("CreateEventSourceMapping", {})}
    assert sources == {"EventSourceArn", "FunctionName"}


def test_the_cache_of_validators_is_bounded() -> None:
    model: dict[str, Any] = {"metadata": {"serviceId": "Demo"}, "operations": {"Do": {}}, "shapes": {}}
    for _ in range(100):
        assert lv.is_valid_request("Do", {}, lv.Catalog.from_service_model(model))
    assert len(lv._VALIDATORS) <= 32
    assert lv.is_valid_request("GetFunctionEventInvokeConfig", {"FunctionName": "orders"})
