"""Checks in the AWS SDK for Python: `detach = attach(client)`. Needs botocore.

A request is judged twice: as Python values before botocore looks at them (also under a Stubber, and for presigned
URLs), and as the path, query and bytes that are about to leave. A response is judged by the bytes that came.

Lambda is judged by an edition. Any other service is judged by the model that its client has: the Python values of its
requests, and its responses of success where the protocol is JSON, but not what leaves. Of a model only what is used is
converted, with the first call of each operation.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from functools import partial
from time import perf_counter
from typing import Any, NamedTuple

from botocore.exceptions import ParamValidationError  # type: ignore[import-untyped]  # botocore has no types
from botocore.utils import percent_encode_sequence  # type: ignore[import-untyped]  # as above

from .boto_values import Plan
from .catalog import Catalog
from .core import Validator
from .http import Boundary, boundary
from .http.events import Event, Mode, OnCheck, announce, mode, outcome
from .model.documents import WRITTEN_IN_JSON
from .report import EMPTY, Report, ValidationError, Violation

LOGGER = logging.getLogger("lambda_validate.boto")
LAMBDA = "lambda"
HANDLERS = {"before-parameter-build": "values", "before-call.lambda": "wire", "before-parse": "answer"}
"""By event of the SDK, the method of `Checker` that hears it."""

SEEN = "lambda_validate"
"""The key of a call's context under which the violations of its values stand, so that none is told twice."""


class InvalidParametersError(ParamValidationError, ValidationError):  # type: ignore[misc]  # botocore has no types
    """What `attach` raises: botocore's exception and ours; `report` holds every violation."""

    def __init__(self, report: Report) -> None:
        ParamValidationError.__init__(self, report=ValidationError(report))
        self.report = report

    def __str__(self) -> str:
        return str(self.args[0])

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.report,)


class Call(NamedTuple):
    """What is known of an operation: the model that it is from, kept so that no other one gets its id; what judges it,
    None where nobody does; and what to convert of its parameters."""

    facts: Any
    validator: Validator | None
    plan: Plan
    is_lambda: bool


class Checker:
    """What is registered with an SDK: its three handlers, one an event, and their settings.

    `services` makes the validator of a service other than Lambda from its model; there, `disabled` rules are not told.
    """

    def __init__(
        self, wire: Boundary, requests: Mode, responses: Mode, on_check: OnCheck | None, after_success: bool,
        services: Callable[[Any], Validator], disabled: frozenset[str],
    ) -> None:  # fmt: skip
        self._boundary, self._requests, self._responses = wire, requests, responses
        self._on_check, self._after_success = on_check, after_success
        self._services, self._disabled = services, disabled
        self._made: dict[int, Validator] = {}
        self._calls: dict[tuple[int, str], Call] = {}

    def values(self, params: Any, model: Any, context: Any, **_: Any) -> None:
        """Judge a call's parameters as Python values, once every other handler has seen them."""
        started = perf_counter()
        call = self._call(model)
        if call.validator is None:
            return
        report = call.validator.validate_request(model.name, call.plan.converted(params))
        if report.violations and not call.is_lambda:
            report = self._own(report)
        if isinstance(context, dict):
            context[SEEN] = report.violations
        self._request(model.name, report, perf_counter() - started)

    def _own(self, report: Report) -> Report:
        return Report(tuple(each for each in report if each.rule not in self._disabled))

    def _call(self, model: Any) -> Call:
        facts = _facts(model.service_model)
        key = id(facts), model.name
        if key not in self._calls:
            is_lambda = model.service_model.service_name == LAMBDA
            self._calls[key] = Call(facts, self._validator(model, facts, is_lambda), Plan(model.input_shape), is_lambda)
        return self._calls[key]

    def _validator(self, model: Any, facts: Any, is_lambda: bool) -> Validator | None:
        if is_lambda:
            known = self._boundary.validator
            return known if model.name in known.operations() else None
        if id(facts) not in self._made:
            self._made[id(facts)] = self._services(model.service_model)
        return self._made[id(facts)]

    def wire(self, model: Any, params: Mapping[str, Any], context: Any, **_: Any) -> None:
        """Judge a call as it is about to leave; tell only what its values did not show."""
        started = perf_counter()
        if model.name not in self._boundary.validator.operations():
            return
        request = (params["method"], raw_target(params), params["headers"], params["body"])
        if self._boundary.passes(*request):
            return
        check = self._boundary.check_request(*request)
        seen = {_place(each) for each in (context or {}).get(SEEN, ())} if isinstance(context, dict) else set()
        new = tuple(each for each in check.report if _place(each) not in seen)
        if new:
            self._request(model.name, Report(new), perf_counter() - started)

    def answer(self, response_dict: Mapping[str, Any], operation_model: Any, **_: Any) -> None:
        """Judge a response by its raw bytes. One that is still to be read is left to whoever reads it."""
        started = perf_counter()
        status, body = response_dict["status_code"], response_dict["body"]
        call = self._call(operation_model)
        if call.validator is None or not isinstance(body, (bytes, bytearray)):
            return
        name = operation_model.name
        if call.is_lambda:
            report = self._boundary.check_response(name, status, response_dict["headers"], body).report
        else:
            report = self._own(judged(call.validator, operation_model, status, body))
        changed = status < 300 and operation_model.http.get("method") != "GET"
        # An error is for botocore to raise, or to try again: nothing may hide it.
        blocks = self._responses == "block" and status < 400 and (self._after_success or not changed)
        self._told("response", name, report, blocks, perf_counter() - started)

    def _request(self, operation: str, report: Report, taken: float) -> None:
        self._told("request", operation, report, self._requests == "block", taken)

    def _told(self, direction: Any, operation: str, report: Report, blocks: bool, taken: float) -> None:
        if not report.violations and self._on_check is None:
            return  # nobody would hear of it
        event = Event(direction, operation, outcome(report, blocks), report, taken)
        announce(event, self._on_check, LOGGER)
        if event.outcome == "blocked":
            raise InvalidParametersError(report)


def _facts(service: Any) -> Any:
    """What a service model was made from: all clients of a session share it, so that it is converted once."""
    return getattr(service, "_service_description", service)


def judged(validator: Validator, model: Any, status: int, body: bytes | bytearray) -> Report:
    """Judge the success of a service that answers in JSON, as the SDK reads it: a null is what is not there."""
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
        return {name: _present(each) for name, each in value.items() if each is not None}
    return [_present(each) for each in value] if isinstance(value, list) else value


def attach(
    target: Any,
    requests: Mode = "block",
    responses: Mode = "off",
    *,
    on_check: OnCheck | None = None,
    raise_after_success: bool = False,
    **settings: Any,
) -> Callable[[], None]:
    """Check the calls of a client, or of a session's later clients, and return what detaches.

    `target` is a client, or a session, of boto3, botocore or aiobotocore; of a session, the clients of every service
    are checked. Attached again, the new settings replace the old. In mode `"block"` a wrong message raises
    `InvalidParametersError`; yet a response to a call that has changed something never does, unless
    `raise_after_success`, and neither does one that is an error, which botocore raises itself or tries again. Detaching
    takes away what was attached last. `settings` are those of `lambda_validate.http.boundary`. Of them, `edition` is
    for Lambda (a `Catalog` is for the client's service, whichever it is), and the names that `disable` holds are looked
    for in what judges the target: a session's are Lambda's, and go for other services too where they have them.
    """
    service = _client(target).meta.service_model if hasattr(target, "meta") else None
    emitter = events(target)
    wire, services, disabled = _judges(service, settings)
    modes = mode("requests", requests), mode("responses", responses)
    checker = Checker(wire, *modes, on_check, raise_after_success, services, disabled)
    detach = partial(_detach, emitter)
    detach()
    wanted = {"values": requests, "wire": requests, "answer": responses}
    for event, method in HANDLERS.items():
        if wanted[method] != "off":
            # Last: what other handlers rename, fill in or convert is done by then.
            emitter.register_last(event, getattr(checker, method), unique_id=_id(event))
    return detach


def _judges(
    service: Any, settings: Mapping[str, Any]
) -> tuple[Boundary, Callable[[Any], Validator], frozenset[str]]:  # fmt: skip
    """What judges Lambda, what makes that which judges another service, and the rules to leave out there."""
    if service is None or service.service_name == LAMBDA:
        wire = boundary(unknown_route="pass", **settings)
        plain = {name: settings[name] for name in ("unknown_members", "strict", "show_values") if name in settings}
        disable = settings.get("disable", ())
        disabled = frozenset([disable] if isinstance(disable, str) else disable)
        return wire, lambda model: Validator(Catalog.from_service_model(model), **plain), disabled
    edition = settings.get("edition")
    catalog = edition if isinstance(edition, Catalog) else Catalog.from_service_model(service)
    own = boundary(unknown_route="pass", **{**settings, "edition": catalog}).validator
    return boundary(), lambda _: own, frozenset()


def _detach(emitter: Any) -> None:
    for event in HANDLERS:
        emitter.unregister(event, unique_id=_id(event))


def _id(event: str) -> str:
    return f"lambda-validate.{event}"


def events(target: Any) -> Any:
    """Return what a client or session registers handlers with; a resource's are its client's."""
    if hasattr(target, "meta"):
        return _client(target).meta.events
    if hasattr(target, "events"):
        return target.events
    if not hasattr(target, "get_component"):
        raise TypeError("attach takes a client, a resource or a session of boto3, botocore or aiobotocore")
    return target.get_component("event_emitter")


def _client(target: Any) -> Any:
    return getattr(target.meta, "client", target)


def raw_target(request: Mapping[str, Any]) -> str:
    """Return path and query of a serialized call, without what an endpoint puts before its paths."""
    query = percent_encode_sequence(request["query_string"]) if request["query_string"] else ""
    path: str = request["url_path"]  # which holds what the query of an operation always has
    return f"{path}{'&' if '?' in path else '?'}{query}" if query else path


def _place(violation: Violation) -> tuple[Any, ...]:
    return violation.path, violation.rule
