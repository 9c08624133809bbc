"""What a check records: the rule at its place in a schema (`Constraint`), the source of the rule, and the invalid
value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from itertools import accumulate
from typing import Any, Literal, NamedTuple

Path = tuple[str | int, ...]
Severity = Literal["error", "warning"]
Direction = Literal["request", "response"]

LAMBDA_MODEL = "Lambda 2015-03-31 service model"
"""The name by which sources cite the published model of the Lambda API."""
PAGE = "https://docs.aws.amazon.com/lambda/latest/api/API_{}.html"
"""The URL of a page of the API reference. Each operation and each structure has a page."""
SECTIONS = frozenset(
    ("Errors", "Request Body", "Request Syntax", "Response Elements", "Response Syntax", "URI Request Parameters")
)
"""The sections of an operation's page."""
STRUCTURES = frozenset(
    ("EnvironmentResponse", "ImageConfigResponse", "SnapStartResponse", "TracingConfigResponse", "VpcConfigResponse")
)
"""Structures that have a page of their own, although their names end like the output of an operation."""
INVOKE = frozenset(("InvocationRequest", "InvocationResponse"))
"""Input and output of Invoke: the only ones whose names do not begin with the name of the operation."""


class Source(NamedTuple):
    """The place in a document that states a rule, and its URL.

    If a schema leaves `member` empty, the source of a violation has the member that the broken rule is about.
    """

    document: str
    section: str
    member: str = ""

    @property
    def url(self) -> str | None:
        """The URL of the page that states the rule, None if there is no such page."""
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
    """The message of a violation: one sentence, the index of the first invalid character, and how to correct the value.

    The last two are None if they are not known.
    """

    message: str
    position: int | None = None
    help: str | None = None


class _Stated(NamedTuple):
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


class Constraint(_Stated):
    """One rule at one place of a schema: everything that is known before a payload is seen.

    `argument` is the value of the keyword in the schema. `explain` makes the message from the constraint and the
    invalid value. `made_from` names the SDK whose model the edition was made from, if any.
    """

    @cached_property
    def words(self) -> dict[Any, Any]:
        """A cache for the messages of this constraint. It is neither compared nor pickled.

        A Python type, or "" for empty strings, leads to the `Explanation` that all such values share. The key None
        leads to a function that makes the same `Explanation` as `explain` in less time.
        """
        return {}

    def __getstate__(self) -> None:
        return None


def pointer_text(path: Path) -> str:
    """Return a path as an RFC 6901 JSON pointer."""
    if len(path) == 1:
        step = str(path[0])
        if "/" not in step and "~" not in step:  # as the names of members are
            return "/" + step
    return "".join(["/" + str(step).replace("~", "~0").replace("/", "~1") for step in path])


def beginnings(path: Path) -> Iterator[Path]:
    """Yield the beginnings of a path: `("a", 0)` yields `()`, `("a",)` and `("a", 0)`."""
    return accumulate(zip(path, strict=True), initial=())


class Found(NamedTuple):
    """A broken rule as a check records it: the path, the constraint and the invalid value.

    Users see it as a `Violation`.
    """

    path: Path
    constraint: Constraint
    value: Any = None

    @property
    def explanation(self) -> Explanation:
        """The message, the position and the help for this broken rule. They are computed at each access."""
        _, constraint, value = self
        words = constraint.words
        made: Explanation | None = words.get(type(value) if type(value) is not str or value else "")
        return made or words.get(None, constraint.explain)(constraint, value)


def ranking(members: Iterable[str]) -> Callable[[Found], int]:
    """Return a function that gives the sort key of a violation: the index of its top-level member in `members`.

    A violation of the payload as a whole comes first. A member that is not in `members` comes last.
    """
    rank: dict[str | int, int] = {name: index for index, name in enumerate(members)}

    def order(found: Found) -> int:
        path = found[0]
        return rank.get(path[0], LAST) if path else -1

    return order


LAST = 1 << 30
"""The position of a member that is not in the document."""
