"""Losses: the rules that an exported document cannot express, where they apply, and the consequences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from ..base.grouping import grouped
from ..catalog import DIRECTIONS, Operation
from ..report import pointer_text
from ..strategies.cases.leaves import Leaf, leaves
from ..validator.message_rules import OUTCOME_RULES


class Loss(NamedTuple):
    """A rule that an exported document states differently or not at all.

    `kind` is a key of `KINDS`. `rule` is the id of the rule, or None if the loss is not about a single rule. `pointer`
    is the path in a payload, with `*` for any item or unnamed member. `operation` and `direction` are empty if the loss
    is about all of them.
    """

    kind: str
    operation: str
    direction: str
    pointer: str
    rule: str | None
    detail: str = ""


class Kind(NamedTuple):
    """The effect of a kind of loss, and a sentence that explains it.

    `"wider"`: the exported document accepts more payloads than this library. `"narrower"`: it accepts fewer. `"noted"`:
    it accepts the same, and something else differs.
    """

    effect: str
    sentence: str


KINDS: Mapping[str, Kind] = {
    "relation": Kind("wider", "A rule that compares members is left out; no keyword can express it."),
    "format": Kind("wider", "A filter pattern may be any string; no keyword can express its syntax."),
    "message": Kind("wider", "A rule about a whole request or response, such as its status, is left out."),
    "between-places": Kind("wider", "A rule about the body and a member outside it, such as a parameter, is left out."),
    "merged": Kind("wider", "Operations that differ only in the query are one operation here."),
    "last-slash": Kind("narrower", "The path is valid with and without a slash at its end; here only one form is."),
    "own-error": Kind("noted", "An invalid request is answered with 400, which is not documented for the operation."),
    "unicode": Kind("noted", "A Unicode property is written as its characters; later versions of Unicode have more."),
    "astral": Kind("wider", "A pattern for some of the characters above U+FFFF matches all of them in the export."),
    "target": Kind("narrower", "A string in path or query has a lower maximum, so that the URL does not get too long."),
    "parameter": Kind("wider", "Of a parameter, only its presence is checked."),
    "response": Kind("wider", "Responses are not checked."),
    "content-type": Kind("wider", "A body of an undeclared media type is not checked; the integration must refuse it."),
    "integer": Kind("narrower", "1.0 is no integer in draft-04."),
    "property-names": Kind("wider", "Names of members are not checked, since draft-04 has no propertyNames."),
    "pattern": Kind("wider", "A pattern that draft-04 cannot express, for example with (?<!...), is left out."),
    "dropped-on-import": Kind("wider", "The import drops bounds such as maxItems; create each model separately."),
}  # fmt: skip
"""The kinds of losses, by name."""


def unsaid(operation: Operation) -> Iterator[Loss]:
    """Yield the rules of an operation that no exported document can express: JSON Schema has no keyword for them."""
    for direction in DIRECTIONS:
        for leaf in stated(operation, direction):
            if leaf.keyword in UNSAID:
                yield at(UNSAID[leaf.keyword], operation, direction, leaf)


UNSAID = {"x-relation": "relation", "format": "format"}


def stated(operation: Operation, direction: str) -> list[Leaf]:
    """Return the keywords of a request or response whose violation is an error, once for each path to them."""
    return [leaf for leaf in leaves(operation.schema(direction)) if not leaf.is_warning]


def at(kind: str, operation: Operation, direction: str, leaf: Leaf, detail: str = "") -> Loss:
    """Return a loss of the given kind for one keyword of an operation."""
    return Loss(kind, operation.name, direction, pointer_text(leaf.steps), leaf.rule, detail)


def of_messages(stated: Iterable[str] = ()) -> Iterator[Loss]:
    """Yield losses for the rules about whole HTTP messages, such as the status, except for the rules in `stated`."""
    stated_rules = frozenset(stated)
    for rule in OUTCOME_RULES:
        if rule.id not in stated_rules:
            yield from (Loss("message", "", direction, "", rule.id, rule.statement) for direction in rule.directions)


def facts(form: str, edition: str, losses: Iterable[Loss]) -> dict[str, Any]:
    """Return losses as a JSON value: a summary by kind, and a list.

    `form` is the kind of document, such as `openapi`.
    """
    listed = [{**loss._asdict(), "effect": KINDS[loss.kind].effect} for loss in losses]
    return {
        "form": form,
        "edition": edition,
        "summary": {
            kind: {"effect": KINDS[kind].effect, "meaning": KINDS[kind].sentence, "places": count}
            for kind, count in Counter(fact["kind"] for fact in listed).items()
        },
        "losses": listed,
    }


def lines(losses: Iterable[Loss]) -> Iterator[str]:
    """Yield a line for each kind of loss: its meaning, the number of places, and the first place."""
    for kind, found in grouped((loss.kind, loss) for loss in losses).items():
        yield f"{KINDS[kind].effect}: {KINDS[kind].sentence} [{kind}: {_counted(found)}]"


def _counted(found: list[Loss]) -> str:
    first = " ".join(filter(None, (found[0].operation, found[0].direction, found[0].pointer or (found[0].rule or ""))))
    count = f"{len(found)} place{'s' if len(found) > 1 else ''}"
    return f"{count}, first {first}" if first else count
