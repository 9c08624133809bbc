"""Validator: validate a payload of an operation, and return a `Report`.

Input: the name of an operation, and a payload. A request payload is the flat object of parameters that an SDK takes. A
response payload is the JSON body, with the HTTP status and the name of the exception. Output: a `Report`, or True or
False.

    Validator("current").validate_request("DeleteFunction", {"FunctionName": "f"})
        catalog     finds the schema of the operation in its edition
        compiler    compiles it, once for each operation, direction and form (verdict or report)
        checker     is called with the payload, and records violations
        Report      shows them, sorted in the order of the document

Besides schemas, some rules are about a message as a whole, such as an HTTP status that the operation does not document.
`message_rules` has these. `rules` lists all rules of an edition, and `rule_pages` reads their documentation.
`json_body`, with its two parsers in `json_parsers`, parses JSON strictly for `validate_json` and for the HTTP boundary.
"""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from .. import catalog
from ..base.spelling import UnknownNameError
from ..base.values import as_status
from ..catalog import EDITIONS, Catalog, Operation
from ..report import EMPTY, Report
from ..report.policy import REPORT, VERDICT, Policy, UnknownMembers
from ..report.records import ranking

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ..catalog import DocumentsOperation
    from ..compiler.compile import Checker
    from ..compiler.results import Reporter, Verdict
    from ..native._engine import Plan
    from ..report import Direction, Found, Severity, Violation
    from .native_calls import NativeReport

Functions = tuple["Reporter", "Callable[[Found], int]", "NativeReport | None"]
"""Three functions that make reports for an operation and direction: see `Validator._reporter`."""
MOST_SHARED = 16
"""Maximum number of different settings whose compiled checkers are cached for equal validators."""


class Compiled:
    """A cache of compiled functions by operation. All validators of one edition with equal settings share one cache."""

    __slots__ = ("checkers", "reporters", "requests", "responses")

    def __init__(self) -> None:
        self.checkers: dict[tuple[str, str, str], Checker] = {}
        self.reporters: dict[tuple[str, str], Functions] = {}
        self.requests: dict[str, Verdict] = {}
        self.responses: dict[str, Verdict] = {}

    @staticmethod
    def of(catalog: Catalog, policy: Policy) -> Compiled:
        """Return the cache of compiled functions that equal validators share.

        A catalog that is not one of the editions gets a cache of its own, which is freed together with it.
        """
        return _shared(catalog.name, policy) if EDITIONS.get(catalog.name) is catalog else Compiled()


@lru_cache(maxsize=MOST_SHARED)
def _shared(edition: str, policy: Policy) -> Compiled:
    return Compiled()


class Validator:
    """Validates payloads by one edition, or by a `Catalog`.

    Immutable, safe to share between threads, and cheap to make.

    `edition` is `"documents"` by default; `"current"` is today's API. Settings files do not change it.
    `unknown_members` is the severity of a member that no edition defines: `"error"`, `"warning"` or `"ignore"`. By
    default it is an error in a request and a warning in a response. `disable` names rules to skip. A rule that only
    another edition has may be named, without effect. `strict` turns warnings into errors; a severity that
    `unknown_members` sets remains. With `show_values`, messages show the invalid value. A name that does not exist
    raises `UnknownNameError`, a `LookupError`. No payload makes a validator raise an exception.
    """

    __slots__ = ("_checkers", "_policy", "_reporters", "_requests", "_responses", "catalog", "edition")
    edition: str
    catalog: Catalog
    _policy: Policy
    _checkers: dict[tuple[str, str, str], Checker]
    _reporters: dict[tuple[str, str], Functions]
    _requests: dict[str, Verdict]
    _responses: dict[str, Verdict]

    def __init__(
        self,
        edition: str | Catalog = "documents",
        *,
        unknown_members: UnknownMembers | None = None,
        disable: Iterable[str] = (),
        strict: bool = False,
        show_values: bool = False,
    ) -> None:
        found = catalog.find(edition)
        policy = _policy(unknown_members, disable, strict, show_values)
        if policy.disable:
            from .rules import require  # knowing every rule takes compiling everything; only this needs it

            require(policy.disable, found)
        self._set(found, policy)

    def _set(self, catalog: Catalog, policy: Policy) -> None:
        shared = Compiled.of(catalog, policy)
        object.__setattr__(self, "edition", catalog.name)
        object.__setattr__(self, "catalog", catalog)
        object.__setattr__(self, "_policy", policy)
        object.__setattr__(self, "_checkers", shared.checkers)
        object.__setattr__(self, "_reporters", shared.reporters)
        object.__setattr__(self, "_requests", shared.requests)
        object.__setattr__(self, "_responses", shared.responses)

    def __setattr__(self, name: str, value: object = None) -> None:
        raise AttributeError("a validator cannot be changed; make another one")

    __delattr__ = __setattr__

    def __reduce__(self) -> tuple[object, ...]:
        return _validator, (self.catalog, self._policy)

    def __repr__(self) -> str:
        return f"<Validator of edition {self.edition!r}>"

    def of(self, catalog: Catalog) -> Validator:
        """Return a validator with the same settings for another catalog, such as this edition with newer members."""
        made = object.__new__(Validator)
        made._set(catalog, self._policy)
        return made

    def operations(self) -> tuple[str, ...]:
        """Return the names of the operations that can be validated."""
        return self.catalog.operations

    def operation(self, name: str) -> Operation:
        """Return the description of an operation."""
        return self.catalog.operation(name)

    def severity(self, rule: str, stated: Severity) -> Severity | None:
        """Return the severity of a rule with the settings of this validator; None if the rule is disabled."""
        return self._policy.severity(rule, stated)

    def validate_request(self, operation: DocumentsOperation | str, payload: Any) -> Report:
        """Return every violation of a request payload: one flat object of parameters, as an SDK takes them."""
        return self._report(operation, "request", payload)

    def validate_response(
        self, operation: DocumentsOperation | str, body: Any, status: int | None = None, error: str | None = None
    ) -> Report:
        """Return every violation of the JSON body of a response.

        `status` is the HTTP status; without it, the response is taken for a success. `error` is the name of the
        exception, if the response has one. The body of an exception is not validated. The body of an unexpected success
        status is validated, unless it is None.
        """
        if status is None and error is None:
            return self._report(operation, "response", body)
        facts = self.operation(operation)
        if error is None and facts.succeeds(as_status(status)):
            return self._report(operation, "response", body)
        from .message_rules import unexpected

        outcome = unexpected(facts, status, error, self._policy)
        succeeded = error is None and body is not None and 200 <= (as_status(status) or 0) < 300
        more = self._report(operation, "response", body).found if succeeded else ()
        return Report.of((*outcome, *more))

    def validate_json(
        self,
        operation: DocumentsOperation | str,
        body: bytes | str,
        direction: Direction = "request",
        *,
        status: int | None = None,
        error: str | None = None,
        depth: int = 32,
    ) -> Report:
        """Return every violation of a JSON body and of the payload in it.

        See `lambda_validate.validate_json`. `disable` cannot skip the rules that make a body unreadable.
        """
        from .faults import violations  # payloads that are values do not need these
        from .json_parsers import UNREAD
        from .json_payload import joined, reading

        self.operation(operation).schema(direction)  # raises for an unknown name
        read = reading(body, depth)
        faults = violations(read.faults, self, operation)
        if read.value is UNREAD:
            return Report.of(tuple(faults))
        if direction == "request":
            return joined(faults, self.validate_request(operation, read.value))
        return joined(faults, self.validate_response(operation, read.value, status, error))

    def is_valid_request(self, operation: DocumentsOperation | str, payload: Any) -> bool:
        """Return what `validate_request(…).ok` would be, at a fraction of the cost."""
        try:
            verdict = self._requests[operation]
        except (KeyError, TypeError):
            verdict = self._requests[operation] = self._verdict(operation, "request")
        try:
            return verdict(payload)
        except Exception:  # a payload may be any object, and its methods may raise anything
            return False

    def is_valid_response(self, operation: DocumentsOperation | str, body: Any, status: int | None = None) -> bool:
        """Return what `validate_response(…).ok` would be."""
        if status is not None:
            return self.validate_response(operation, body, status).ok
        try:
            verdict = self._responses[operation]
        except (KeyError, TypeError):
            verdict = self._responses[operation] = self._verdict(operation, "response")
        try:
            return verdict(body)
        except Exception:  # as above
            return False

    def checker(self, operation: str, direction: str, mode: str = VERDICT) -> Checker:
        """Return the compiled checker of an operation.

        `mode` is `"verdict"` or `"report"`. It is compiled at the first call.
        """
        key = (operation, direction, mode)
        if key not in self._checkers:
            self._checkers[key] = self._compiled(operation, direction, mode)
        return self._checkers[key]

    def _compiled(self, operation: str, direction: str, mode: str, by_need: bool = False) -> Checker:
        from ..compiler.compile import compile_schema

        schema = self.operation(operation).schema(direction)
        name = f"{self.edition}/{operation}/{direction}"
        return compile_schema(schema, mode, name, self._made_from(), by_need=by_need)

    def _made_from(self) -> Policy:
        return self._policy._replace(made_from=self.catalog.made_from)

    def _verdict(self, operation: str, direction: str) -> Verdict:
        facts = self.operation(operation)  # raises for an unknown or unhashable name
        plan = _plan_class()
        if plan is None:
            verdict: Verdict = self.checker(operation, direction).run
            return verdict
        from .native_calls import native_verdict

        verdicts = self._requests if direction == "request" else self._responses
        change = partial(verdicts.__setitem__, operation)
        fallback = partial(self._python_verdict, operation, direction)
        return native_verdict(plan, facts.schema(direction), self._policy, fallback, change)

    def _python_verdict(self, operation: str, direction: str, payload: Any) -> bool:
        valid: bool = self.checker(operation, direction).run(payload)
        return valid

    def violations(self, operation: str, direction: str, payload: Any) -> list[Violation]:
        """Return every violation of a payload, including those that repeat another violation at the same place."""
        return [*Report.of(tuple(self.found(operation, direction, payload))).violations]

    def found(self, operation: str, direction: str, payload: Any) -> list[Found]:
        """Return every violation of a payload, like `violations`, but as the `Found` tuples that a check records.

        They are in the order of the document's members. A payload that cannot be read gives one violation. The native
        engine is not used: to build its plans for a template takes as long as to lint 60 templates.
        """
        report, order, _ = self._reporter(operation, direction)
        try:
            found = report(payload)
        except Exception:  # a payload may be any object, and its methods may raise anything
            from .message_rules import unreadable

            valid = self.is_valid_request if direction == "request" else self.is_valid_response
            severity: Severity = "warning" if valid(operation, payload) else "error"
            return [unreadable(self.operation(operation), payload, severity)]
        if len(found) > 1:
            found.sort(key=order)
        return found

    def _report(self, operation: str, direction: str, payload: Any) -> Report:
        try:
            native = self._reporters[operation, direction][2]
        except (KeyError, TypeError):
            native = self._reporter(operation, direction)[2]
        made = native(payload) if native is not None else None
        if made is not None:
            return Report.of(*made) if made[0] else EMPTY
        found = self.found(operation, direction, payload)
        if len(found) > 1:
            from ..report.distinct import needless  # which most payloads do not need

            left_out = needless(found)
            if left_out:
                found = [violation for index, violation in enumerate(found) if index not in left_out]
        return Report.of(tuple(found)) if found else EMPTY

    def _reporter(self, operation: str, direction: str) -> Functions:
        """Return three functions for an operation and direction. They are compiled at the first call, then cached.

        The first records the violations of a payload. The second returns the sort key of a violation, the position of
        its member in the document. The third makes reports by the native engine; it is None without that engine.
        """
        try:
            return self._reporters[operation, direction]
        except (KeyError, TypeError):
            members = self.operation(operation).members(direction)  # raises for an unknown or unhashable name
        key, order = (operation, direction), ranking(members)
        is_ours = EDITIONS.get(self.catalog.name) is self.catalog  # another may hold what cannot be compiled
        report = self._compiled(operation, direction, REPORT, by_need=is_ours).run

        def change(native: NativeReport | None) -> None:
            self._reporters[key] = report, order, native

        def first(payload: Any) -> Any:  # `found` does not need the native engine, so it is imported here
            change(self._native_report(operation, direction, change))
            native = self._reporters[key][2]
            return None if native is None else native(payload)

        change(first)
        return self._reporters[key]

    def _native_report(
        self, operation: str, direction: str, change: Callable[[NativeReport], None]
    ) -> NativeReport | None:
        """Return the native report of an operation, None if there is no native engine; see `native_report`."""
        plan = _plan_class()
        if plan is None:
            return None
        from .native_calls import native_report

        facts = self.operation(operation)
        return native_report(plan, facts.schema(direction), self._made_from(), facts.members(direction), change)


def _plan_class() -> type[Plan] | None:
    """Return the native engine's class `Plan`, which runs compiled instructions; None without a native engine."""
    from ..native import engine

    return engine().plan


def _policy(unknown_members: UnknownMembers | None, disable: Iterable[str], strict: bool, show_values: bool) -> Policy:
    if unknown_members not in (None, "error", "warning", "ignore"):
        raise UnknownNameError("setting of unknown_members", unknown_members, ("error", "warning", "ignore"))
    names = (disable,) if isinstance(disable, str) else disable
    return Policy(bool(strict), frozenset(names), unknown_members, bool(show_values))


def _validator(edition: str | Catalog, policy: Policy) -> Validator:
    """Make a validator from its pickled form, which does not contain the compiled checkers."""
    return Validator(
        edition,
        unknown_members=policy.unknown_members,
        disable=policy.disable,
        strict=policy.strict,
        show_values=policy.show_values,
    )
