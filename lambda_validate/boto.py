"""Checks in the AWS SDK for Python: `detach = attach(client)`. Needs botocore, which only this module imports.

A request is judged twice: as Python values before botocore looks at them (also under a Stubber, and for presigned
URLs), and as the path, query and bytes that are about to leave. A response is judged by the bytes that came.
"""

from __future__ import annotations

import calendar
import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from time import perf_counter
from typing import Any

from botocore.exceptions import ParamValidationError  # type: ignore[import-untyped]  # botocore has no types
from botocore.utils import parse_to_aware_datetime, percent_encode_sequence  # type: ignore[import-untyped]  # as above

from .http import Boundary, boundary
from .http.events import Event, Mode, OnCheck, announce, mode, outcome
from .report import Report, ValidationError, Violation

LOGGER = logging.getLogger("lambda_validate.boto")

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


class Checker:
    """What is registered with an SDK: its three handlers, one an event, and their settings."""

    def __init__(
        self, wire: Boundary, requests: Mode, responses: Mode, on_check: OnCheck | None, after_success: bool
    ) -> None:
        self._boundary, self._requests, self._responses = wire, requests, responses
        self._on_check, self._after_success = on_check, after_success
        self._timed: dict[str, tuple[str, ...]] = {}

    def values(self, operation: str, params: Any, model: Any, context: Any, **_: Any) -> None:
        """Judge a call's parameters as Python values."""
        started = perf_counter()
        timed = self._timed.get(operation)
        if timed is None:
            members = model.input_shape.members.items()
            timed = self._timed[operation] = tuple(name for name, shape in members if _holds_time(shape))
        payload = _in_seconds(params, model.input_shape, timed)
        report = self._boundary.validator.validate_request(operation, payload)
        if isinstance(context, dict):
            context[SEEN] = report.violations
        self._request(operation, report, perf_counter() - started)

    def wire(self, operation: str, params: Mapping[str, Any], context: Any, **_: Any) -> None:
        """Judge a call as it is about to leave; tell only what its values did not show."""
        started = perf_counter()
        request = (params["method"], raw_target(params), params["headers"], params["body"])
        if self._boundary.passes(*request):
            return
        check = self._boundary.check_request(*request)
        seen = {_place(each) for each in (context or {}).get(SEEN, ())} if isinstance(context, dict) else set()
        new = tuple(each for each in check.report if _place(each) not in seen)
        if new:
            self._request(operation, Report(new), perf_counter() - started)

    def answer(self, operation: str, response_dict: Mapping[str, Any], operation_model: Any, **_: Any) -> None:
        """Judge a response by its raw bytes."""
        started = perf_counter()
        status = response_dict["status_code"]
        check = self._boundary.check_response(operation, status, response_dict["headers"], response_dict["body"])
        changed = status < 300 and operation_model.http.get("method") != "GET"
        blocks = self._responses == "block" and (self._after_success or not changed)
        self._told("response", operation, check.report, blocks, perf_counter() - started)

    def _request(self, operation: str, report: Report, taken: float) -> None:
        self._told("request", operation, report, self._requests == "block", taken)

    def _told(self, direction: Any, operation: str, report: Report, blocks: bool, taken: float) -> None:
        event = Event(direction, operation, outcome(report, blocks), report, taken)
        announce(event, self._on_check, LOGGER)
        if event.outcome == "blocked":
            raise InvalidParametersError(report)


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

    `target` is a client, or a session, of boto3, botocore or aiobotocore. Attached again, the new settings replace the
    old. In mode `"block"` a wrong message raises `InvalidParametersError`; yet a response to a call that has changed
    something never does, unless `raise_after_success`. `settings` are those of `lambda_validate.http.boundary`.
    """
    wire = boundary(unknown_route="pass", **settings)
    checker = Checker(wire, mode("requests", requests), mode("responses", responses), on_check, raise_after_success)
    emitter = events(target)
    handlers: dict[str, Callable[..., None]] = {}
    if requests != "off":
        handlers = {"before-parameter-build": checker.values, "before-call": checker.wire}
    if responses != "off":
        handlers["before-parse"] = checker.answer
    names = wire.validator.operations()
    _detach(emitter, names)
    for event, handler in handlers.items():
        for name in names:
            emitter.register(f"{event}.lambda.{name}", partial(handler, name), unique_id=_id(event, name))
    return partial(_detach, emitter, names)


def _detach(emitter: Any, names: tuple[str, ...]) -> None:
    for event in ("before-parameter-build", "before-call", "before-parse"):
        for name in names:
            emitter.unregister(f"{event}.lambda.{name}", unique_id=_id(event, name))


def _id(event: str, operation: str) -> str:
    return f"lambda-validate.{event}.{operation}"


def events(target: Any) -> Any:
    """Return what a client or session registers handlers with."""
    if hasattr(target, "meta"):
        return target.meta.events
    return target.events if hasattr(target, "events") else target.get_component("event_emitter")


def raw_target(request: Mapping[str, Any]) -> str:
    """Return path and query of a serialized call, without what an endpoint puts before its paths."""
    query = percent_encode_sequence(request["query_string"]) if request["query_string"] else ""
    path: str = request["url_path"]
    return f"{path}?{query}" if query else path


def _holds_time(shape: Any, above: tuple[str, ...] = ()) -> bool:
    """Whether a timestamp is anywhere in a shape, which may hold itself."""
    if shape.type_name == "structure" and shape.name not in above:
        return any(_holds_time(each, (*above, shape.name)) for each in shape.members.values())
    return shape.type_name == "timestamp" or (shape.type_name == "list" and _holds_time(shape.member, above))


def _in_seconds(params: Any, shape: Any, timed: tuple[str, ...]) -> Any:
    """A call's parameters with those members that hold times in seconds; the same object where there is none."""
    if not isinstance(params, dict):
        return params  # botocore will say so, and so do we
    changed = {name: seconds(params[name], shape.members[name]) for name in timed if name in params}
    return {**params, **changed} if changed else params


def seconds(value: Any, shape: Any) -> Any:
    """Return a call's parameters with each datetime, and text that spells one, as the Unix seconds that are sent."""
    kind = getattr(shape, "type_name", None)
    if kind == "timestamp" and isinstance(value, (datetime, str)):
        return _unix(value)
    if kind == "structure" and isinstance(value, dict):
        members = shape.members
        return {name: seconds(each, members.get(name)) for name, each in value.items()}
    if kind == "list" and isinstance(value, (list, tuple)):
        return [seconds(each, shape.member) for each in value]
    return value


def _unix(value: datetime | str) -> Any:
    try:
        return calendar.timegm(parse_to_aware_datetime(value).utctimetuple())
    except (ValueError, OverflowError, TypeError, RuntimeError):  # no time: botocore will say so, and so do we
        return value


def _place(violation: Violation) -> tuple[Any, ...]:
    return violation.path, violation.rule
