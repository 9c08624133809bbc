"""The result of a check: `Violation`, `Report` and `ValidationError`. Immutable values that import no other package of
ours.

A compiled check records a `Found` for each rule that a payload breaks. It has the path to the value, the value, and a
`Constraint`: everything known about the rule when its schema is compiled.

Everything else is computed when it is first read. `Report.violations` makes a `Violation` of each `Found`, and
`Violation.message` makes the sentence. Most callers only read `Report.ok`, so they never pay for messages.

    constraints   records.py         what a schema states, before any payload is seen
    duplicates    distinct.py        which violations repeat another one
    severities    policy.py          which rules a validator disables, or reports as warnings
    service       service_words.py   the message that AWS Lambda itself would give
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from .records import LAMBDA_MODEL, PAGE, Constraint, Direction, Explanation, Found, Path, Severity, Source, pointer_text

__all__ = [
    "EMPTY", "LAMBDA_MODEL", "PAGE", "Constraint", "Direction", "Explanation", "Found", "Path", "Report", "Severity",
    "Source", "ValidationError", "Violation", "pointer_text",
]  # fmt: skip


class Violation:
    """One rule that a payload breaks, at one place. Immutable and hashable.

    `pointer` is the RFC 6901 JSON pointer of the value, or of where a missing member would be. `rule` is the stable id
    of the rule, such as `batch-size.sqs`.

    >>> import lambda_validate as lv
    >>> report = lv.validate_request("GetFunctionEventInvokeConfig", {"FunctionName": "f", "Qualifier": 1})
    >>> print(report.violations[0])
    /Qualifier: error: Qualifier must be a version number, an alias name or $LATEST, not an integer. [qualifier.type]
    >>> report.violations[0].pointer
    '/Qualifier'
    """

    __slots__ = ("_found", "pointer", "rule")
    _found: Found
    pointer: str
    rule: str

    def __init__(self, path: Path, constraint: Constraint, value: Any = None) -> None:
        _put(self, Found(path, constraint, value))

    def __setattr__(self, name: str, value: object = None) -> None:
        raise AttributeError("a violation cannot be changed")

    __delattr__ = __setattr__

    @property
    def path(self) -> Path:
        """The names and indexes that lead to the value, or to where a missing member would be: `("Filters", 0)`."""
        return self._found[0]

    @property
    def constraint(self) -> Constraint:
        """The violated rule with everything known about it before validation, such as its keyword and its source."""
        return self._found[1]

    @property
    def value(self) -> Any:
        """The invalid value, if it is a scalar; for any other value, an `Opaque`, which only names its type."""
        return self._found[2]

    @property
    def keyword(self) -> str:
        """The JSON Schema keyword that failed, such as `"maximum"`."""
        return self._found[1].keyword

    @property
    def severity(self) -> Severity:
        """`"error"` if the edition states the rule; `"warning"` if only another source states it."""
        return self._found[1].severity

    @property
    def source(self) -> Source:
        """The place in a document that states the rule: document, section, member and URL."""
        return self._found[1].source

    @property
    def explanation(self) -> Explanation:
        """The message, the position and the help of this violation. They are computed at each access."""
        return self._found.explanation

    @property
    def message(self) -> str:
        """One sentence: what is wrong, and what would be valid. It shows the value only with `show_values`."""
        _, constraint, value = self._found  # as `explanation` does, without its call: nearly all read this
        words = constraint.words
        made: Explanation | None = words.get(type(value) if type(value) is not str or value else "")
        return (made or words.get(None, constraint.explain)(constraint, value))[0]

    @property
    def position(self) -> int | None:
        """The index of the first invalid character, if the value is a string that breaks a pattern; else None."""
        return self.explanation.position

    @property
    def help(self) -> str | None:
        """How to correct the value, if that is known; else None."""
        return self.explanation.help

    def to_dict(self) -> dict[str, Any]:
        """Return the violation as plain values, with the names that `lambda-validate lint --output-format json` has."""
        message, position, help = self.explanation
        return {
            "rule": self.rule, "severity": self.severity, "pointer": self.pointer, "keyword": self.keyword,
            "message": message, "position": position, "help": help, "source": str(self.source), "url": self.source.url,
        }  # fmt: skip

    def to_json(self, *, indent: int | None = None) -> str:
        """Return `to_dict` as JSON in ASCII. With `indent`, each member is on its own line."""
        return _json(self.to_dict(), indent)

    def __eq__(self, other: object) -> bool:
        return self._found == other._found if isinstance(other, Violation) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._found)

    def __repr__(self) -> str:
        return f"<Violation {self.pointer or 'payload'}: {self.severity} {self.rule}>"

    def __str__(self) -> str:
        return _printable(f"{self.pointer or 'payload'}: {self.severity}: {self.message} [{self.rule}]")

    def __reduce__(self) -> tuple[object, ...]:
        return Violation, tuple(self._found)


_new, _set = object.__new__, object.__setattr__


def _put(made: Violation, found: Found) -> None:
    """Set the attributes of a new violation, although a `Violation` does not allow assignments.

    The native engine sets the same attributes without this function (`makes` of `native.instructions.Program`).
    """
    _set(made, "_found", found)
    _set(made, "pointer", pointer_text(found[0]))
    _set(made, "rule", found[1].rule)


def _shown(found: Found) -> Violation:
    """Return the `Violation` that users see for a broken rule that a check recorded."""
    made = _new(Violation)
    _put(made, found)
    return made


class Report:
    """The outcome of one check: every violation, in the order in which the document lists the members. Immutable.

    >>> import lambda_validate as lv
    >>> report = lv.validate_request("GetFunctionEventInvokeConfig", {"FunctionName": "f", "Qualifier": 1})
    >>> print(report)
    /Qualifier: error: Qualifier must be a version number, an alias name or $LATEST, not an integer. [qualifier.type]
    >>> report.ok, len(report.violations)
    (False, 1)
    >>> report.to_dict()["summary"]
    {'errors': 1, 'warnings': 0}
    """

    __slots__ = ("_violations", "found")
    found: tuple[Found, ...]
    _violations: tuple[Violation, ...] | None

    def __init__(self, violations: tuple[Violation, ...] = ()) -> None:
        shown = tuple(violations)
        object.__setattr__(self, "found", tuple([violation._found for violation in shown]))
        object.__setattr__(self, "_violations", shown)

    @staticmethod
    def of(found: tuple[Found, ...], shown: tuple[Violation, ...] | None = None) -> Report:
        """Return a report of broken rules that a check recorded.

        `Report.violations` makes a `Violation` of each when it is first read. `shown` are these objects, if they exist
        already.
        """
        made = _new(Report)
        _set(made, "found", found)
        _set(made, "_violations", shown)
        return made

    def __setattr__(self, name: str, value: object = None) -> None:
        raise AttributeError("a report cannot be changed")

    __delattr__ = __setattr__

    @property
    def violations(self) -> tuple[Violation, ...]:
        """Every violation."""
        shown = self._violations
        if shown is None:
            shown = tuple(map(_shown, self.found))
            object.__setattr__(self, "_violations", shown)
        return shown

    @property
    def ok(self) -> bool:
        """True when no violation is an error."""
        return not any(violation[1].severity == "error" for violation in self.found)

    @property
    def errors(self) -> tuple[Violation, ...]:
        """The violations with the severity `"error"`."""
        return tuple([violation for violation in self.violations if violation._found[1].severity == "error"])

    @property
    def warnings(self) -> tuple[Violation, ...]:
        """The violations with the severity `"warning"`."""
        return tuple([violation for violation in self.violations if violation._found[1].severity == "warning"])

    def service_message(self, *, show_values: bool = False, payload: Any = None, operation: str = "") -> str:
        """Return the message with which AWS Lambda refuses a request with these errors; empty if there are none.

        The message shows values only with `show_values`. If `payload` is given, it shows whole lists; without it, only
        their invalid items. For a few rules, the words differ by `operation`.

        >>> import lambda_validate as lv
        >>> report = lv.validate_request("GetFunctionEventInvokeConfig", {"FunctionName": "f", "Qualifier": ""})
        >>> print(report.service_message().partition(" failed")[0])
        1 validation error detected: Value at 'qualifier'
        """
        from .service_words import service_error  # only emulators need it

        errors = [violation for violation in self.found if violation[1].severity == "error"]
        return service_error(errors, payload, show_values=show_values, operation=operation).message if errors else ""

    def raise_if_invalid(self) -> None:
        """Raise `ValidationError` with this report, unless `ok` is true."""
        if not self.ok:
            raise ValidationError(self)

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain values: `ok`, the numbers of errors and warnings, and each violation."""
        listed = [violation.to_dict() for violation in self.violations]
        errors = len(self.errors)
        return {
            "ok": not errors, "summary": {"errors": errors, "warnings": len(listed) - errors}, "violations": listed
        }  # fmt: skip

    def to_json(self, *, indent: int | None = None) -> str:
        """Return `to_dict` as JSON in ASCII. With `indent`, each member is on its own line."""
        return _json(self.to_dict(), indent)

    def __bool__(self) -> bool:
        return self.ok

    def __iter__(self) -> Iterator[Violation]:
        return iter(self.violations)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Report) and self.found == other.found

    def __hash__(self) -> int:
        return hash(self.found)

    def __repr__(self) -> str:
        return f"<Report: errors {len(self.errors)}, warnings {len(self.warnings)}>"

    def __str__(self) -> str:
        return "\n".join(_lines(self.violations, str)) or "no violations"

    def __reduce__(self) -> tuple[object, ...]:
        return Report, (self.violations,)


EMPTY = Report()
"""The report of a valid payload."""


MAX_LISTED_VIOLATIONS = 100
"""Maximum number of violations in `str(report)`. It is mostly logged, and a payload can have any number of them."""


class ValidationError(ValueError):
    """The payload of a request or response is invalid. `report` has every violation.

    `str(error)` has a line for each error, with its pointer, message and rule. It shows values only with `show_values`.
    """

    report: Report

    def __init__(self, report: Report) -> None:
        super().__init__(report)
        self.report = report

    def __str__(self) -> str:
        return "\n".join(_lines(self.report.errors, _line))


def _lines(violations: tuple[Violation, ...], line: Callable[[Violation], str]) -> Iterator[str]:
    """Yield a line for each of the first 100 violations, then a line such as "and 5 more" if there are more."""
    yield from map(line, violations[:MAX_LISTED_VIOLATIONS])
    if len(violations) > MAX_LISTED_VIOLATIONS:
        yield f"and {len(violations) - MAX_LISTED_VIOLATIONS} more"


def _line(violation: Violation) -> str:
    return _printable(f"{violation.pointer or 'payload'}: {violation.message} [{violation.rule}]")


def _printable(text: str) -> str:
    """Escape characters that would end a line or change its colour. The name of a member may contain any character."""
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else ascii(character)[1:-1] for character in text)


def _json(value: Any, indent: int | None) -> str:
    import json  # most reports are not printed

    return json.dumps(value, indent=indent)
