"""The handlers that `attach` registers for events of botocore, and the exception that they raise."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from time import perf_counter
from typing import Any, NamedTuple

from botocore.exceptions import ParamValidationError
from botocore.utils import percent_encode_sequence

from ..catalog.models.documents import WRITTEN_IN_JSON
from ..http import Boundary
from ..http.events import Event, Mode, OnCheck, announce
from ..report import EMPTY, Direction, Report, ValidationError
from ..validator import Validator
from .values import ParameterConverter

LOGGER = logging.getLogger("lambda_validate.boto")
LAMBDA = "lambda"

HANDLERS = {"before-parameter-build": "values", "before-call": "wire", "before-parse": "answer"}
"""The method of `CallChecker` for each event of the SDK."""

SEEN = "lambda_validate"
"""The key in the context of a call that holds the violations of its parameters, so that none is reported twice."""

SAFE_METHODS = frozenset({"GET", "HEAD"})
"""The methods of calls that change nothing (RFC 9110, 9.2.1). A POST that only reads is not recognised."""

FORMS: Mapping[tuple[str, bool], str] = {
    ("request", False): ParamValidationError.fmt,
    ("response", False): "Response validation failed:\n{report}",
    ("response", True): "Response validation failed, but the call was carried out:\n{report}",
}


class InvalidParametersError(ParamValidationError, ValidationError):  # type: ignore[misc]  # botocore has no types
    """The exception for an invalid request or response of an SDK client, also a `ParamValidationError` of botocore.

    It is also a `ValidationError` of this package. `report` holds every violation. `direction` is `"request"`, for a
    request that was not sent, or `"response"`. `operation` is the operation of the call. `carried_out` is true for a
    response to a call that may have changed something: the call succeeded, and must not be repeated because of this
    exception.
    """

    __module__ = "lambda_validate.boto"  # where it is public

    def __init__(
        self,
        report: Report,
        direction: Direction = "request",
        operation: str | None = None,
        carried_out: bool = False,
    ) -> None:
        self.fmt = FORMS[direction, carried_out]
        ParamValidationError.__init__(self, report=ValidationError(report))
        self.report, self.direction, self.operation, self.carried_out = report, direction, operation, carried_out

    def __str__(self) -> str:
        return str(self.args[0])

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.report, self.direction, self.operation, self.carried_out), self.__dict__


class CheckedCall(NamedTuple):
    """Everything that the checks of one operation of a client need.

    `facts` is botocore's model. It is stored so that Python does not reuse its id, which is a key of the cache.
    `validator` is None if no validator has the operation. `plan` converts the parameters to JSON values. `wire`
    validates the bytes of requests, for Lambda only.
    """

    facts: Any
    validator: Validator | None
    plan: ParameterConverter
    wire: Boundary | None


class CallChecker:
    """The three handlers, one for each event of botocore, and their settings.

    `wires` makes the checker of HTTP messages for Lambda from the model of a client. `services` makes the validator for
    any other service from its model; violations of rules in `disabled` are not reported for such services.
    """

    def __init__(
        self, wires: Callable[[Any], Boundary], requests: Mode, responses: Mode, on_check: OnCheck | None,
        after_success: bool, services: Callable[[Any], Validator], disabled: frozenset[str],
    ) -> None:  # fmt: skip
        self._wires, self._requests, self._responses = wires, requests, responses
        self._on_check, self._after_success = on_check, after_success
        self._services, self._disabled = services, disabled
        self._made: dict[int, Boundary | Validator] = {}
        self._calls: dict[tuple[int, str], CheckedCall] = {}

    def values(self, params: Any, model: Any, context: Any, **_: Any) -> None:
        """Validate the parameters of a call as Python values. This runs last, since other handlers may change them."""
        started = perf_counter()
        call = self._call(model)
        if call.validator is None:
            return
        report = call.validator.validate_request(model.name, call.plan.converted(params))
        if report.violations and call.wire is None:
            report = self._own(report)
        if isinstance(context, dict):
            context[SEEN] = report.violations
        self._report("request", model.name, report, self._requests == "block", perf_counter() - started)

    def _own(self, report: Report) -> Report:
        return Report(tuple(violation for violation in report if violation.rule not in self._disabled))

    def _call(self, model: Any) -> CheckedCall:
        service = model.service_model
        # `facts` is the mapping that botocore made the model from. All clients of a session share it. So its id is the
        # key of the cache, and the model is converted to a schema only once for all of them.
        facts = getattr(service, "_service_description", service)
        key = id(facts), model.name
        if key not in self._calls:
            if id(facts) not in self._made:
                make = self._wires if service.service_name == LAMBDA else self._services
                self._made[id(facts)] = make(service)
            made = self._made[id(facts)]
            wire, validator = (made, made.validator) if isinstance(made, Boundary) else (None, made)
            known = validator if model.name in validator.operations() else None
            self._calls[key] = CheckedCall(facts, known, ParameterConverter(model.input_shape), wire)
        return self._calls[key]

    def wire(self, model: Any, params: Mapping[str, Any], context: Any, **_: Any) -> None:
        """Validate the HTTP request of a call to Lambda that is about to be sent.

        Report only violations that the check of its parameters (`values`) did not report.
        """
        started = perf_counter()
        call = self._call(model)
        if call.wire is None or call.validator is None:
            return
        known = context.get(SEEN, ()) if isinstance(context, dict) else ()
        request = (params["method"], raw_target(params), params["headers"], params["body"])
        # If the check of the parameters found violations, the request is hardly ever valid. Then skip the fast check
        # (`passes`): it would parse the body, and `check_request` would parse it again.
        if not known and call.wire.passes(*request):
            return
        check = call.wire.check_request(*request)
        seen = {(violation.path, violation.rule) for violation in known}
        new = tuple(violation for violation in check.report if (violation.path, violation.rule) not in seen)
        if new:
            self._report("request", model.name, Report(new), self._requests == "block", perf_counter() - started)

    def answer(self, response_dict: Mapping[str, Any], operation_model: Any, **_: Any) -> None:
        """Validate a response by the bytes of its body. A response whose body is a stream is skipped."""
        started = perf_counter()
        status, body = response_dict["status_code"], response_dict["body"]
        call = self._call(operation_model)
        if call.validator is None or not isinstance(body, (bytes, bytearray)):
            return
        name = operation_model.name
        if call.wire is not None:
            report = call.wire.check_response(name, status, response_dict["headers"], body).report
        else:
            report = self._own(validate_body(call.validator, operation_model, status, body))
        succeeded = 200 <= status < 300
        changed = succeeded and operation_model.http.get("method") not in SAFE_METHODS
        # If the status is an error, botocore raises its own exception, or tries again. An exception raised here would
        # hide that, so an error response is reported but never raises here.
        blocks = self._responses == "block" and succeeded and (self._after_success or not changed)
        self._report("response", name, report, blocks, perf_counter() - started, changed)

    def _report(
        self, direction: Direction, operation: str, report: Report, blocks: bool, taken: float, changed: bool = False
    ) -> None:
        if not report.violations and self._on_check is None:
            return  # there is nothing to report
        event = Event.of(direction, operation, report, blocks, taken)
        announce(event, self._on_check, LOGGER)
        if event.outcome == "blocked":
            raise InvalidParametersError(report, direction, operation, changed)


def validate_body(validator: Validator, model: Any, status: int, body: bytes | bytearray) -> Report:
    """Validate the JSON body of a successful response. A member that is null counts as missing, as in the SDK."""
    in_json = getattr(validator.catalog.document, "protocol", "") in WRITTEN_IN_JSON
    if not in_json or not 200 <= status < 300 or not body or model.has_streaming_output:
        return EMPTY
    try:
        value = _present(json.loads(body))
    except (ValueError, RecursionError):  # botocore will say so
        return EMPTY
    return validator.validate_response(model.name, value)


def _present(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _present(member) for name, member in value.items() if member is not None}
    return [_present(item) for item in value] if isinstance(value, list) else value


def raw_target(request: Mapping[str, Any]) -> str:
    """Return path and query of a request that botocore has serialized, without a prefix from its endpoint."""
    query = percent_encode_sequence(request["query_string"]) if request["query_string"] else ""
    path: str = request["url_path"]  # which holds what the query of an operation always has
    return f"{path}{'&' if '?' in path else '?'}{query}" if query else path
