"""Requests and responses as they are on the wire become verdicts and ready answers. No I/O; never raises for an input.

A request is judged in two steps, so that whoever reads it may refuse it early: `open` takes what comes before the body,
`close` the body. A body that cannot be read is reported alone: what it would have held is not guessed at.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from ..base.spelling import UnknownNameError
from ..catalog import Catalog, Operation
from ..report import EMPTY, Found, Report
from ..validator import Validator
from ..validator.faults import Fault, violations
from ..validator.json_body import quick, read
from ..validator.json_parsers import UNREAD
from . import responses, routes
from .answers import RENDERINGS, UNFIT, Answer, RequestCheck, ResponseCheck, answer, refusal
from .headers import Headers, Unusable, declared_length, octets, unfit, wanted
from .limits import NOTHING, Limits, is_bulky, known_limits
from .members import WireMembers, members, misplaced, wire

if TYPE_CHECKING:
    from typing import Unpack

    from .settings import Rendering, UnknownRoute, ValidatorSettings


TWICE = ("body.duplicate", "query.duplicate")
"""What is wrong with a member's name, which leaves its value to be validated."""

UNREADABLE = b"\xff"
"""Stands for a body that is no bytes: it is neither JSON nor UTF-8."""

STREAMED_BODY = b"\0"
"""Stands for a body that streams: no rule is about what it holds."""


class Head(NamedTuple):
    """A request before its body. `check` is the outcome where the body no longer matters, else None."""

    check: RequestCheck | None
    operation: Operation | None = None
    members: WireMembers | None = None
    headers: Headers = MappingProxyType({})

    @property
    def is_other(self) -> bool:
        """Whether the request is none of the API's, and passes unread."""
        return self.check is not None and self.check.operation is None and self.check.report.ok

    @property
    def streams(self) -> bool:
        """Whether the body is bytes of any kind: it need not be held, since no rule is about its content."""
        return self.check is None and self.operation is not None and wire(self.operation).raw

    @property
    def takes_body(self) -> bool:
        """Whether requests of the operation have a body."""
        return self.operation is not None and wire(self.operation).body

    @property
    def needs_body(self) -> bool:
        """Whether a request whose body streams is invalid without one."""
        operation = self.operation
        return operation is not None and wire(operation).payload in operation.schema("request").get("required", ())


class Coming(NamedTuple):
    """The body of a response, by its head: whether it streams, its limit, and whether it is declared to be longer.

    What streams is bytes of any kind, of a success.
    """

    streams: bool
    limit: int
    is_large: bool


class Boundary(NamedTuple):
    """The settings of a check at the boundary, made by `boundary`; immutable, and safe to share between threads."""

    validator: Validator
    limits: Limits = Limits()
    unknown_route: UnknownRoute = "deny"
    rendering: Rendering = "service"

    def check_request(self, method: Any, raw_target: Any, headers: Any, body: Any) -> RequestCheck:
        """Return what is wrong with a request; see `lambda_validate.http.check_request`."""
        head = self.open(method, raw_target, headers)
        return head.check or self.close(head, body)

    def passes(self, method: Any, raw_target: Any, headers: Any, body: Any) -> bool:
        """Return whether `check_request` would give no answer, faster where nothing is odd."""
        head = self.open(method, raw_target, headers)
        if head.check or head.operation is None or head.members is None:
            return head.check is not None and head.check.answer is None
        if type(body) is bytes and not self._is_large(len(body), head) and not head.members.faults:
            payload = self._quick(head.operation, body, head.headers)
            if isinstance(payload, dict) and not wire(head.operation).elsewhere.intersection(payload):
                return self.validator.is_valid_request(head.operation.name, {**payload, **head.members.values})
        return self.close(head, body).answer is None

    def _quick(self, operation: Operation, body: bytes, headers: Headers) -> Any:
        if not body:
            return {}
        known = wire(operation)
        fit = known.body and known.payload is None and not unfit(headers, self.validator)
        return quick(body, self.limits.depth) if fit else UNREAD

    def open(self, method: Any, raw_target: Any, headers: Any) -> Head:
        """Validate a request by what comes before its body."""
        known = wanted(headers, self.limits.headers)
        try:
            verb, target = octets(method).decode("latin-1"), octets(raw_target)
        except Exception:  # a caller may pass any object
            return self._refused(Fault("target.encoding", "Method and target must be texts.", "target"))
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
            return self._wrong_method(found, "The method must not be overridden.")
        return self._opened(match, query, known)

    def _is_other(self, target: bytes, found: list[routes.Match], methods: Sequence[str]) -> bool:
        """Whether a request passes unread: it is no operation's however it is read, so that no limit applies to it."""
        is_known = found and routes.reached(found, methods)
        return not is_known and not routes.is_disguised(target, self.validator.catalog, found)

    def _is_overridden(self, verb: str, found: list[routes.Match], methods: Sequence[str]) -> bool:
        """Whether a request may also be taken for another operation. With the rule turned off, its own is validated."""
        is_judged = self.validator.severity("route.method", "error") is not None
        return is_judged and bool(routes.reached(found, methods) - {verb})

    def _target_limit(self, match: routes.Match | None) -> int:
        return self.limits.most("target", match.route.operation if match else None)

    def _too_long(self, match: routes.Match | None) -> Head:
        what = f"Path and query may have {self._target_limit(match):,} bytes."
        return self._refused(Fault("target.size", what, "target"))

    def _unusable(self, why: Unusable, unreadable: str) -> Fault:
        """The fault of headers, of the rule `unreadable` where they are not too many."""
        if why == "many":
            return Fault("headers.limit", f"There may be {self.limits.headers} headers.", "header")
        return Fault(unreadable, "Headers must be pairs of texts.", "header")

    def _opened(self, match: routes.Match, query: bytes, headers: Headers) -> Head:
        head = Head(None, match.route.operation, members(match, query, headers), headers)
        return self.too_large(head) if self._is_large(declared_length(headers), head) else head

    def _is_large(self, size: int, head: Head) -> bool:
        """Whether a body of this size is too large; an operation's own limit is never below the usual one."""
        return size > self.limits.body and size > self.body_limit(head)

    def body_limit(self, head: Head) -> int:
        """Return how many bytes the body of a request may have."""
        return self.limits.most("body", head.operation, head.members.values if head.members else NOTHING)

    def _unknown(self, found: list[routes.Match]) -> Head:
        if not found:
            return self._refused(Fault("route.unknown", "The path is that of no operation.", "path"))
        return self._wrong_method(found, f"The method must be {' or '.join(_methods(found))}.")

    def _wrong_method(self, found: list[routes.Match], what: str) -> Head:
        return self._refused(Fault("route.method", what, "method"), allow={"allow": ", ".join(_methods(found))})

    def _refused(
        self, fault: Fault, operation: Operation | None = None, allow: Mapping[str, str] | None = None
    ) -> Head:
        report = Report.of(tuple(violations([fault], self.validator, "")))
        name = operation.name if operation else None
        return Head(RequestCheck(name, report=report, answer=self._answer(report, allow)), operation)

    def too_large(self, head: Head) -> Head:
        """Return the outcome for a request whose body turned out larger than the limit."""
        fault = Fault("body.size", f"The body may have {self.body_limit(head):,} bytes.", "body")
        return self._refused(fault, head.operation)

    def too_slow(self, head: Head) -> Head:
        """Return the outcome for a request whose body did not arrive in time."""
        return self._refused(Fault("body.slow", "The body must arrive in time.", "body"), head.operation)

    def close(self, head: Head, body: Any) -> RequestCheck:
        """Validate a whole request: what `open` returned for it, and its body."""
        if head.check is not None or head.operation is None or head.members is None:
            return head.check or RequestCheck(None)
        operation, members = head.operation, head.members
        try:
            content = b"" if body is None else octets(body)
        except Exception:  # as above
            content = UNREADABLE
        if self._is_large(len(content), head):
            return self.too_large(head).check or RequestCheck(operation.name)
        payload, faults = self._body(operation, content, head.headers)
        shown = violations([*members.faults, *faults], self.validator, operation.name)
        if payload is UNREAD:
            return self._outcome(operation, members.values, members.places, Report.of(tuple(shown)))
        if not isinstance(payload, dict):
            return self._outcome(operation, members.values, members.places, self._report(operation, payload, shown))
        return self._validated(operation, members, payload, shown)

    def admit(self, head: Head, is_empty: bool = False) -> RequestCheck:
        """Return the check of a request whose body streams, by its head; its payload is not among the parameters."""
        check = self.close(head, b"" if is_empty else STREAMED_BODY)
        name = wire(head.operation).payload if head.operation else None
        parameters, places = (
            MappingProxyType({key: value for key, value in found.items() if key != name})
            for found in (check.parameters, check.places)
        )
        return check._replace(parameters=parameters, places=places)

    def _validated(
        self, operation: Operation, members: WireMembers, payload: dict[str, Any], shown: list[Found]
    ) -> RequestCheck:
        places = dict.fromkeys(payload, "body")
        stray = wire(operation).elsewhere.intersection(payload) - {wire(operation).payload}
        if stray:
            faults = [misplaced(operation, name, "body") for name in sorted(stray)]
            shown += violations(faults, self.validator, operation.name)
            payload = {name: value for name, value in payload.items() if name not in stray}
        if members.values:
            payload = {**payload, **members.values}
            places.update(members.places)
        return self._outcome(operation, payload, places, self._report(operation, payload, shown))

    def _report(self, operation: Operation, payload: Any, shown: list[Found]) -> Report:
        """Everything wrong with a payload after what is wrong with its form, which is not said twice."""
        report = self.validator.validate_request(operation.name, payload)
        if not shown:
            return report
        # A member that occurs where it does not belong, besides where it does, is validated all the same.
        elsewhere = payload if isinstance(payload, dict) else {}
        said = {
            fault.path
            for fault in shown
            if fault.path and fault.constraint.rule not in TWICE
            if fault.constraint.rule != "member.misplaced" or fault.path[0] not in elsewhere
        }
        return Report.of((*shown, *(each for each in report.found if each.path not in said)))

    def _outcome(
        self, operation: Operation, payload: dict[str, Any], places: dict[str, str], report: Report
    ) -> RequestCheck:
        refused = None if report is EMPTY else self._answer(report, payload=payload)
        members, homes = MappingProxyType(payload), wire(operation).places
        return RequestCheck(operation.name, members, MappingProxyType(places), report, refused, homes)

    def _body(self, operation: Operation, content: bytes, headers: Headers) -> tuple[Any, tuple[Fault, ...]]:
        """The value of a request's body, `UNREAD` where it has none, and its faults."""
        if not content:
            return {}, ()
        known = wire(operation)
        if not known.body:
            return {}, (Fault("body.unexpected", f"{operation.name} has no request body.", "body"),)
        if known.raw:
            return {known.payload: content}, ()
        faults = unfit(headers, self.validator)
        if faults:
            return UNREAD, faults
        if len(content) > self.limits.body and is_bulky(content, self.limits.body):
            what = f"Beside its texts the body may have {self.limits.body:,} bytes."
            return UNREAD, (Fault("body.size", what, "body"),)
        value, faults = read(content, self.limits.depth)
        return value if known.payload is None or value is UNREAD else {known.payload: value}, faults

    def check_response(self, operation: str, status: Any, headers: Any, body: Any) -> ResponseCheck:
        """Return what is wrong with a response; see `lambda_validate.http.check_response`."""
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
        """Return how many bytes the body of a response may have; an error's is as long as any other's."""
        is_error = facts.content_type == "*/*" and not responses.is_blob(facts, status, headers)
        return self.limits.most("response", None if is_error else facts)

    def coming(self, operation: str, status: Any, headers: Any) -> Coming:
        """Return what the head of a response says of its body."""
        facts, known = self.validator.operation(operation), wanted(headers, self.limits.headers)
        if isinstance(known, str):  # which is refused
            return Coming(False, self.limits.response, False)
        limit = self.response_limit(facts, status, known)
        is_large = declared_length(known) > limit
        return Coming(responses.is_blob(facts, status, known) and not is_large, limit, is_large)

    def too_large_response(self, operation: str, limit: int) -> ResponseCheck:
        """Return the outcome for a response whose body is larger than its limit."""
        faults = [Fault("body.size", f"The body may have {limit:,} bytes.", "body")]
        return self._answered(operation, None, Report.of(tuple(violations(faults, self.validator, operation))))

    def _answered(self, operation: str, error: str | None, report: Report) -> ResponseCheck:
        unfit = None if report.ok else answer(UNFIT, report, self.rendering)
        return ResponseCheck(operation, error, report, unfit)

    def _answer(
        self, report: Report, extra: Mapping[str, str] | None = None, payload: Mapping[str, Any] | None = None
    ) -> Answer | None:
        return None if report.ok else answer(refusal(report), report, self.rendering, extra, payload)


def _methods(found: list[routes.Match]) -> list[str]:
    return [each.route.operation.method for each in found]


def boundary(
    edition: str | Catalog = "documents",
    *,
    limits: Limits = Limits(),  # noqa: B008  # immutable
    unknown_route: UnknownRoute = "deny",
    rendering: Rendering = "service",
    validator: Validator | None = None,
    **settings: Unpack[ValidatorSettings],
) -> Boundary:
    """Return a boundary. `settings` are those of `Validator`, or pass one; a wrong name raises `UnknownNameError`.

    `edition` is `"documents"` by default, and `unknown_route` is `"deny"`. A `validator` keeps its own edition.
    `limits` that are no `Limits`, or no tuple of as many whole numbers at most, raise `TypeError`.
    """
    if unknown_route not in ("deny", "pass"):
        raise UnknownNameError("setting of unknown_route", unknown_route, ("deny", "pass"))
    if rendering not in RENDERINGS:
        raise UnknownNameError("rendering", rendering, RENDERINGS)
    made = validator or Validator(edition, **settings)
    return Boundary(made, known_limits(limits), unknown_route, rendering)
