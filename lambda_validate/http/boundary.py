"""Validate HTTP requests and responses, and make ready answers. Does no I/O, and never raises for an input.

A request is validated in two steps, so that the caller can refuse it before it has read the body. `open` validates the
head, and `close` the whole request. If the body cannot be parsed, only that and the faults of the head are reported,
since the members in the body are unknown.

    head = boundary.open("GET", b"/2015-03-31/functions/f", headers)
    if head.check is None:                      the body still matters: read at most boundary.body_limit(head) bytes
        check = boundary.close(head, body)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from ..base.spelling import UnknownNameError
from ..catalog import Catalog, Operation
from ..report import EMPTY, Found, Report
from ..validator import Validator
from ..validator.faults import TWICE, Fault, violations
from ..validator.json_body import quick, thorough
from ..validator.json_parsers import UNREAD
from . import responses, routes
from .answers import RENDERINGS, UNFIT, UNKNOWN, Answer, RefusedRequest, RequestCheck, ResponseCheck, answer, refusal
from .headers import Headers, Unusable, declared_length, octets, unfit, wanted
from .heads import Head, reader
from .limits import NO_MEMBERS, Limits, is_bulky, known_limits
from .members import WireMembers, members, misplaced, wire

if TYPE_CHECKING:
    from typing import Unpack

    from .settings import Rendering, UnknownRoute, ValidatorSettings


UNREADABLE = b"\xff"
"""Used in place of a body that is not bytes: it is neither JSON nor UTF-8."""

EMPTY_BODY: dict[str, Any] = {}
"""The members of a body that is empty. It is never changed."""

STREAMED_BODY = b"\0"
"""Used in place of a body that streams: no rule is about its content."""


class Coming(NamedTuple):
    """What the status and headers of a response say about its body, before the body is read.

    `streams` says whether it is a success whose body is bytes of any kind. `limit` is the maximum size of the body in
    bytes, and `is_large` says whether its Content-Length exceeds it.
    """

    streams: bool
    limit: int
    is_large: bool


class Boundary(NamedTuple):
    """A checker of HTTP requests and responses with fixed settings, made by the function `boundary`.

    It is immutable, and safe to share between threads.
    """

    validator: Validator
    limits: Limits = Limits()
    unknown_route: UnknownRoute = "deny"
    rendering: Rendering = "service"

    def check_request(self, method: Any, raw_target: Any, headers: Any, body: Any) -> RequestCheck:
        """Validate a request; see `lambda_validate.http.check_request`."""
        head = self.open(method, raw_target, headers)
        return head.check or self.close(head, body)

    def passes(self, method: Any, raw_target: Any, headers: Any, body: Any) -> bool:
        """Return whether `check_request` would let the request pass. It is faster for valid requests."""
        head = self.open(method, raw_target, headers)
        return (head.check or self.close(head, body, warns=False)).answer is None

    def open(self, method: Any, raw_target: Any, headers: Any) -> Head:
        """Validate the head of a request: method, target and headers. Return it with the result, if already known."""
        heads = reader(self.validator.catalog)
        head = heads.read(method, raw_target, headers, self.limits) if heads is not None else None
        return head or self._read(method, raw_target, headers)

    # The order of these checks matters. With `unknown_route="pass"`, a request that is not one of the API passes before
    # any limit is checked. Of all others, headers and sizes are checked first, so that nothing else is done for a
    # request that is too large.
    def _read(self, method: Any, raw_target: Any, headers: Any) -> Head:
        """Validate any head. `open` calls it for those that the native engine does not read."""
        known = wanted(headers, self.limits.headers)
        try:
            verb = method if type(method) is str and method.isascii() else octets(method).decode("latin-1")
            target = octets(raw_target)
        except Exception:  # a caller may pass any object
            return self._refused(Fault("target.encoding", "Method and target must be strings.", "target"))
        path, query = routes.split(target)
        found = routes.matches(path, self.validator.catalog)
        match = routes.chosen(found, verb, query)
        others = routes.overriding(query, known) if found else ()
        if match is None and self.unknown_route == "pass" and self._is_other(target, found, (verb.upper(), *others)):
            return Head(RequestCheck(None))
        if isinstance(known, str):
            return self._refused(self._unusable(known, "target.encoding"))
        is_long = len(target) > self.limits.target
        if is_long and len(target) > self.limits.widest("target", self.validator.catalog):
            return self._too_long(None)
        if is_long and len(target) > self._target_limit(match):
            return self._too_long(match)
        if match is None:
            return self._unknown(found)
        if others and self._is_overridden(verb, found, others):
            return self._method_not_allowed(
                found, "The method must not be overridden by a header or by _method in the query."
            )
        return self._opened(match, query, known)

    def _is_other(self, target: bytes, found: list[routes.RouteMatch], methods: Sequence[str]) -> bool:
        """Return whether a request passes without validation: no program can read its path as that of an operation."""
        is_known = found and routes.reached(found, methods)
        return not is_known and not routes.is_disguised(target, self.validator.catalog, found)

    def _is_overridden(self, verb: str, found: list[routes.RouteMatch], methods: Sequence[str]) -> bool:
        """Return whether a header or the query names another method, which some program may use instead.

        Return False if the user disabled the rule `route.method`.
        """
        is_enabled = self.validator.severity("route.method", "error") is not None
        return is_enabled and bool(routes.reached(found, methods) - {verb})

    def _target_limit(self, match: routes.RouteMatch | None) -> int:
        return self.limits.most("target", match.route.operation if match else None)

    def _too_long(self, match: routes.RouteMatch | None) -> Head:
        what = f"Path and query may have at most {self._target_limit(match):,} bytes."
        return self._refused(Fault("target.size", what, "target"))

    def _unusable(self, why: Unusable, unreadable: str) -> Fault:
        """Return the fault for headers that cannot be read: there are too many, or they are not pairs of strings.

        `unreadable` is the id of the rule for the second case.
        """
        if why == "many":
            return Fault("headers.limit", f"There may be at most {self.limits.headers} headers.", "header")
        return Fault(unreadable, "Headers must be pairs of strings.", "header")

    def _opened(self, match: routes.RouteMatch, query: bytes, headers: Headers) -> Head:
        head = Head(None, match.route.operation, members(match, query, headers), headers)
        return self.too_large(head) if self._is_large(declared_length(headers), head) else head

    def _is_large(self, size: int, head: Head) -> bool:
        """Return whether a request's body of `size` bytes is too large for its operation.

        Usually one comparison with the general limit suffices, since an operation's own limit is never below it.
        """
        return size > self.limits.body and size > self.body_limit(head)

    def body_limit(self, head: Head) -> int:
        """Return the maximum size in bytes of a request's body."""
        return self.limits.most("body", head.operation, head.members.values if head.members else NO_MEMBERS)

    def _unknown(self, found: list[routes.RouteMatch]) -> Head:
        if not found:
            return self._refused(Fault("route.unknown", "There is no operation with this path.", "path"))
        return self._method_not_allowed(found, f"The method must be {' or '.join(_methods(found))}.")

    def _method_not_allowed(self, found: list[routes.RouteMatch], what: str) -> Head:
        return self._refused(Fault("route.method", what, "method"), allow={"allow": ", ".join(_methods(found))})

    def _refused(
        self, fault: Fault, operation: Operation | None = None, allow: Mapping[str, str] | None = None
    ) -> Head:
        report = Report.of(tuple(violations([fault], self.validator, "")))
        name = operation.name if operation else None
        return Head(RequestCheck(name, report=report, answer=self._answer(report, allow)), operation)

    def too_large(self, head: Head) -> Head:
        """Return the head of a request with the result that its body is larger than the limit."""
        fault = Fault("body.size", f"The body may have at most {self.body_limit(head):,} bytes.", "body")
        return self._refused(fault, head.operation)

    def too_slow(self, head: Head) -> Head:
        """Return the head of a request with the result that its body did not arrive in time."""
        return self._refused(Fault("body.slow", "The body must arrive in time.", "body"), head.operation)

    def close(self, head: Head, body: Any, *, warns: bool = True) -> RequestCheck:
        """Validate a whole request: the head that `open` returned, and the body.

        Without `warns`, the report of a valid request may lack its warnings, since to find them takes several times as
        long.
        """
        check, operation, members, headers = head
        if check is not None or operation is None or members is None:
            return check or RequestCheck(None)
        content = body if type(body) is bytes else _content(body)
        if len(content) > self.limits.body and self._is_large(len(content), head):
            return self.too_large(head).check or RequestCheck(operation.name)
        payload, faults = self._body(operation, content, headers) if content else (EMPTY_BODY, ())
        values, places, found = members
        shown = violations((*found, *faults), self.validator, operation.name) if faults or found else []
        if payload is UNREAD:
            return self._outcome(operation, values, places, Report.of(tuple(shown)))
        if not isinstance(payload, dict):
            return self._outcome(operation, values, places, self._report(operation, payload, shown, warns))
        if payload:
            values, places = self._joined(operation, members, payload, shown)
        return self._outcome(operation, values, places, self._report(operation, values, shown, warns))

    def admit(self, head: Head, is_empty: bool = False) -> RequestCheck:
        """Validate a request whose body streams, by its head and by whether the body is empty.

        The parameters of the result do not include the body.
        """
        check = self.close(head, b"" if is_empty else STREAMED_BODY)
        name = wire(head.operation).payload if head.operation else None
        parameters, places = (
            MappingProxyType({key: value for key, value in found.items() if key != name})
            for found in (check.parameters, check.places)
        )
        return check._replace(parameters=parameters, places=places)

    def _joined(
        self, operation: Operation, members: WireMembers, payload: dict[str, Any], shown: list[Found]
    ) -> tuple[dict[str, Any], dict[str, str]]:
        """Return the members of the body and of the head, and the place of each. Misplaced ones are left out.

        They are added to the violations in `shown`.
        """
        places, known = dict.fromkeys(payload, "body"), wire(operation)
        if not known.elsewhere.isdisjoint(payload) and (
            stray := known.elsewhere.intersection(payload) - {known.payload}
        ):
            faults = [misplaced(operation, name, "body") for name in sorted(stray)]
            shown += violations(faults, self.validator, operation.name)
            payload = {name: value for name, value in payload.items() if name not in stray}
        if members.values:
            payload = {**payload, **members.values}
            places.update(members.places)
        return payload, places

    def _report(self, operation: Operation, payload: Any, shown: list[Found], warns: bool) -> Report:
        """Return the report of a request: first `shown`, the errors in its form, then the violations of its payload.

        If the form of a member is wrong, the violations of its value are left out.
        """
        if not (shown or warns) and self.validator.is_valid_request(operation.name, payload):
            return EMPTY
        report = self.validator.validate_request(operation.name, payload)
        if not shown:
            return report
        # A member that was sent in a wrong place is reported for that, and its value is not validated. But if it was
        # also sent in its right place, the payload contains that value, and the violations of this value are reported
        # too.
        elsewhere = payload if isinstance(payload, dict) else {}
        reported = {
            fault.path
            for fault in shown
            if fault.path and fault.constraint.rule not in TWICE
            if fault.constraint.rule != "member.misplaced" or fault.path[0] not in elsewhere
        }
        return Report.of((*shown, *(violation for violation in report.found if violation.path not in reported)))

    def _outcome(
        self, operation: Operation, payload: dict[str, Any], places: dict[str, str], report: Report
    ) -> RequestCheck:
        name, homes = operation.name, wire(operation).places
        refused = None if report is EMPTY or report.ok else self._answer(report, request=RefusedRequest(name, payload))
        return _check((name, MappingProxyType(payload), MappingProxyType(places), report, refused, homes))

    def _body(self, operation: Operation, content: bytes, headers: Headers) -> tuple[Any, tuple[Fault, ...]]:
        """Return the payload in a request's body (`UNREAD` if it cannot be parsed), and the faults in its form."""
        known = wire(operation)
        if not known.body:
            return EMPTY_BODY, (Fault("body.unexpected", f"{operation.name} has no request body.", "body"),)
        if known.raw:
            return {known.payload: content}, ()
        faults = unfit(headers, self.validator)
        if faults:
            return UNREAD, faults
        if len(content) > self.limits.body and is_bulky(content, self.limits.body):
            what = f"Outside its strings the body may have at most {self.limits.body:,} bytes."
            return UNREAD, (Fault("body.size", what, "body"),)
        value = quick(content, self.limits.depth)
        if value is UNREAD:
            value, faults = thorough(content, self.limits.depth)
        return value if known.payload is None or value is UNREAD else {known.payload: value}, faults

    def check_response(self, operation: str, status: Any, headers: Any, body: Any) -> ResponseCheck:
        """Validate a response; see `lambda_validate.http.check_response`."""
        facts = self.validator.operation(operation)
        known = wanted(headers, self.limits.headers)
        if isinstance(known, str):
            faults = [self._unusable(known, "headers.limit")]
            return self._answered(operation, None, Report.of(tuple(violations(faults, self.validator, operation))))
        try:
            content = b"" if body is None else octets(body)
        except Exception:  # a caller may pass any object
            content = UNREADABLE
        if len(content) > self.limits.response and len(content) > (limit := self.response_limit(facts, status, known)):
            return self.too_large_response(operation, limit)
        error, report = responses.validate(self.validator, facts, status, known, content, self.limits.depth)
        return self._answered(operation, error, report)

    def response_limit(self, facts: Operation, status: Any, headers: Headers) -> int:
        """Return the maximum size of a response's body in bytes. Errors have the usual limit for every operation."""
        is_error = facts.content_type == "*/*" and not responses.is_blob(facts, status, headers)
        return self.limits.most("response", None if is_error else facts)

    def coming(self, operation: str, status: Any, headers: Any) -> Coming:
        """Return what the status and headers of a response say about its body. See `Coming`."""
        facts, known = self.validator.operation(operation), wanted(headers, self.limits.headers)
        if isinstance(known, str):  # which is refused
            return Coming(False, self.limits.response, False)
        limit = self.response_limit(facts, status, known)
        is_large = declared_length(known) > limit
        return Coming(responses.is_blob(facts, status, known) and not is_large, limit, is_large)

    def too_large_response(self, operation: str, limit: int) -> ResponseCheck:
        """Return the result for a response whose body is larger than `limit`, in bytes."""
        faults = [Fault("body.size", f"The body may have at most {limit:,} bytes.", "body")]
        return self._answered(operation, None, Report.of(tuple(violations(faults, self.validator, operation))))

    def _answered(self, operation: str, error: str | None, report: Report) -> ResponseCheck:
        unfit = None if report.ok else answer(UNFIT, report, self.rendering)
        return ResponseCheck(operation, error, report, unfit)

    def _answer(
        self, report: Report, extra: Mapping[str, str] | None = None, request: RefusedRequest = UNKNOWN
    ) -> Answer | None:
        return None if report.ok else answer(refusal(report), report, self.rendering, extra, request)


_check = partial(tuple.__new__, RequestCheck)
"""`RequestCheck` of one tuple, which takes half as long as by arguments."""


def _content(body: Any) -> bytes:
    """Return a body as bytes. None stands for an empty one."""
    try:
        return b"" if body is None else octets(body)
    except Exception:  # a caller may pass any object
        return UNREADABLE


def _methods(found: list[routes.RouteMatch]) -> list[str]:
    return [match.route.operation.method for match in found]


def boundary(
    edition: str | Catalog = "documents",
    *,
    limits: Limits = Limits(),  # noqa: B008  # immutable
    unknown_route: UnknownRoute = "deny",
    rendering: Rendering = "service",
    validator: Validator | None = None,
    **settings: Unpack[ValidatorSettings],
) -> Boundary:
    """Return a checker of HTTP requests and responses with these settings.

    `settings` are those of `Validator`. Instead of them, pass a `validator`, which has its own edition. `edition` is
    `"documents"` by default, and `unknown_route` is `"deny"`. An unknown name raises `UnknownNameError`. `limits` must
    be a `Limits`, or a tuple of whole numbers for its first fields. Anything else raises `TypeError`.
    """
    if unknown_route not in ("deny", "pass"):
        raise UnknownNameError("setting of unknown_route", unknown_route, ("deny", "pass"))
    if rendering not in RENDERINGS:
        raise UnknownNameError("rendering", rendering, RENDERINGS)
    made = validator or Validator(edition, **settings)
    return Boundary(made, known_limits(limits), unknown_route, rendering)
