"""What a check records: the rule at its place in a schema (`Constraint`), where it is stated, and what breaks it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, NamedTuple

Path = tuple[str | int, ...]
Severity = Literal["error", "warning"]
Direction = Literal["request", "response"]

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


class Found(NamedTuple):
    """What a check records of a rule that a payload breaks. A `Violation` shows it to users."""

    path: Path
    constraint: Constraint
    value: Any = None

    @property
    def explanation(self) -> Explanation:
        """Message, position and help together, made anew at each call."""
        return self.constraint.explain(self.constraint, self.value)
