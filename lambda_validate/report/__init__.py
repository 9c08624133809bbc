"""What a check finds: `Violation`, `Report`, `ValidationError`. Plain immutable values that import nothing of ours.

A violation is made of what is known when a schema is compiled (its `Constraint`) and of what is met in a payload (the
path and the offending value). Message and position are worked out when somebody reads them: most callers read `ok`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Literal, NamedTuple

Path = tuple[str | int, ...]
Severity = Literal["error", "warning"]

LAMBDA_MODEL = "Lambda 2015-03-31 service model"
"""How sources cite the published model of the Lambda API."""
PAGE = "https://docs.aws.amazon.com/lambda/latest/api/API_{}.html"
"""A page of the API reference, which has one for each operation and each structure."""
SECTIONS = frozenset(
    ("Errors", "Request Body", "Request Syntax", "Response Elements", "Response Syntax", "URI Request Parameters")
)
"""The sections of an operation's page."""
STRUCTURES = frozenset(
    ("EnvironmentResponse", "ImageConfigResponse", "SnapStartResponse", "TracingConfigResponse", "VpcConfigResponse")
)
"""Structures of the model that have a page, although they are named as an operation's output is."""
INVOKE = frozenset(("InvocationRequest", "InvocationResponse"))
"""Input and output of Invoke, the one operation that they are not named after."""


class Source(NamedTuple):
    """Where a rule is stated, and the URL of that page. A schema may leave `member` to each violation."""

    document: str
    section: str
    member: str = ""

    @property
    def url(self) -> str | None:
        """The page of the API reference that states the rule; None where there is none."""
        if self.document != LAMBDA_MODEL:
            return PAGE.format(self.document) if self.section in SECTIONS else None
        if self.section in INVOKE:
            return PAGE.format("Invoke")
        if self.section in STRUCTURES:
            return PAGE.format(self.section)
        return PAGE.format(self.section.removesuffix("Request").removesuffix("Response"))

    def __str__(self) -> str:
        return f"{self.document}, {self.section}, {self.member}"


class Explanation(NamedTuple):
    """What a violation says: one sentence, where in a text, and what would be right."""

    message: str
    position: int | None = None
    help: str | None = None


class Constraint(NamedTuple):
    """One rule at one place of a schema; all that can be said before a payload is seen.

    `argument` is the keyword's value in the schema; `explain` turns the constraint and the offending value into words.
    `made_from` is the SDK whose model the edition was made from, where there is one.
    """

    rule: str
    keyword: str
    severity: Severity
    source: Source
    member: str | None
    argument: Any
    explain: Callable[[Constraint, Any], Explanation]
    note: str | None = None
    title: str | None = None
    show_values: bool = False
    made_from: str = ""


def pointer_text(path: Path) -> str:
    """Return a path as an RFC 6901 JSON pointer."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


class Violation(NamedTuple):
    """One rule that a payload breaks, at one place. `value` is the offending value where it is a plain scalar."""

    path: Path
    constraint: Constraint
    value: Any = None

    @property
    def pointer(self) -> str:
        """The RFC 6901 JSON pointer of the value, or of where a missing member would be."""
        return pointer_text(self.path)

    @property
    def rule(self) -> str:
        """The stable id of the rule, such as `batch-size.sqs`."""
        return self.constraint.rule

    @property
    def keyword(self) -> str:
        """The JSON Schema keyword that failed."""
        return self.constraint.keyword

    @property
    def severity(self) -> Severity:
        """`"error"` when the edition states the rule, `"warning"` when it is known from elsewhere."""
        return self.constraint.severity

    @property
    def source(self) -> Source:
        """Where the rule is stated: document, section, member and URL."""
        return self.constraint.source

    @property
    def explanation(self) -> Explanation:
        """Message, position and help together, worked out anew at each call."""
        return self.constraint.explain(self.constraint, self.value)

    @property
    def message(self) -> str:
        """One sentence: what is wrong and what would be right. Without the value, unless that was asked for."""
        return self.explanation.message

    @property
    def position(self) -> int | None:
        """For a pattern, the index of the first character that cannot be right; else None."""
        return self.explanation.position

    @property
    def help(self) -> str | None:
        """What to write instead, where that can be said; else None."""
        return self.explanation.help

    def __repr__(self) -> str:
        return f"<Violation {self.pointer or 'payload'}: {self.severity} {self.rule}>"

    def __str__(self) -> str:
        return repr(self)


class Report:
    """The outcome of one check: every violation, in the order in which the document lists the members."""

    __slots__ = ("violations",)
    violations: tuple[Violation, ...]

    def __init__(self, violations: tuple[Violation, ...] = ()) -> None:
        object.__setattr__(self, "violations", tuple(violations))

    def __setattr__(self, name: str, value: object = None) -> None:
        raise AttributeError("a report cannot be changed")

    __delattr__ = __setattr__

    @property
    def ok(self) -> bool:
        """True when no violation is an error."""
        return not any(each.constraint.severity == "error" for each in self.violations)

    @property
    def errors(self) -> tuple[Violation, ...]:
        """The violations of rules that the edition states."""
        return tuple([each for each in self.violations if each.constraint.severity == "error"])

    @property
    def warnings(self) -> tuple[Violation, ...]:
        """The violations of rules that are known from elsewhere."""
        return tuple(each for each in self.violations if each.severity == "warning")

    def raise_if_invalid(self) -> None:
        """Raise `ValidationError`, which carries this report, unless `ok`."""
        if not self.ok:
            raise ValidationError(self)

    def __bool__(self) -> bool:
        return self.ok

    def __iter__(self) -> Iterator[Violation]:
        return iter(self.violations)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Report) and self.violations == other.violations

    def __hash__(self) -> int:
        return hash(self.violations)

    def __repr__(self) -> str:
        return f"<Report: errors {len(self.errors)}, warnings {len(self.warnings)}>"

    def __reduce__(self) -> tuple[object, ...]:
        return Report, (self.violations,)


EMPTY = Report()
"""The report of every payload that breaks nothing."""


LISTED = 100
"""Violations that the string of a `ValidationError` lists: it is mostly logged, and a payload may break any number."""


class ValidationError(ValueError):
    """A payload breaks a rule; `report` holds every violation. Its string names rules and places, never a value."""

    report: Report

    def __init__(self, report: Report) -> None:
        super().__init__(report)
        self.report = report

    def __str__(self) -> str:
        errors = self.report.errors
        lines = (f"{each.pointer or 'payload'}: {each.message} [{each.rule}]" for each in errors[:LISTED])
        more = [f"and {len(errors) - LISTED} more"] if len(errors) > LISTED else []
        return "\n".join([*map(_printable, lines), *more])


def _printable(text: str) -> str:
    """Escape what would break out of a line or colour it: a member's name may be anything."""
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)
