"""Validate a payload that is only partly known, by validating complete payloads that it may be.

- An *assignment* takes one option of each `Choice`. A violation under any assignment is reported. It is only a warning
  if it depends on an option that is uncertain, such as the default of a parameter.
- A *possibility* of an assignment replaces each unknown value by an example, such as an ARN of SQS. A violation is
  reported only if all possibilities of its assignment have it, and never inside an unknown value.
- If a string has placeholders, the part before the first one must be the beginning of a match of every pattern.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from itertools import islice, product
from math import prod
from typing import Any, NamedTuple

from ...base.values import Opaque
from ...report import Found
from ...report.records import beginnings
from ..documents.places import Path
from ..findings.resource import Picks, Resource, place
from .assignments import assignments, gathered, key_of
from .parts import ABSENT, Choice, Option, Partial, Unknown, is_uncertain
from .shapes import below, candidates, service

POSSIBILITIES = 2000
"""Maximum number of combinations of examples to validate. If there are more, only wrong names of members are reported.
"""

LENGTHS = ("minLength", "maxLength")
"""Keywords that are ignored for a string with a part whose exact value is not known, such as `AWS::Region`."""

Placeholder = Unknown | Partial
Validate = Callable[[Any], Iterable[Found]]


class Assignment(NamedTuple):
    """A payload in which each `Choice` is replaced by one of its options.

    `placeholders` has the unknown values by path; they are null in `payload`. `places` has the document paths of the
    options. `soft` are the paths of options whose violations are only warnings.
    """

    payload: Any
    placeholders: Mapping[Path, Placeholder]
    places: Mapping[Path, Path]
    soft: frozenset[Path]


class PlacedViolation(NamedTuple):
    """A violation, with what is needed to show it in the document.

    `places` maps paths in the payload to document paths. `is_soft` says that it is only a warning. `character` is the
    index of the invalid character in the written string. `help` replaces the violation's own help. `is_name` says that
    it is about the name of a member, not its value.
    """

    violation: Found
    places: Mapping[Path, Path]
    is_soft: bool = False
    character: int | None = None
    help: str | None = None
    is_name: bool = False


def placed_violations(resource: Resource, schema: Any, validate: Validate) -> list[PlacedViolation]:
    """Return the violations of a resource's payload. Violations by several options are merged if rule and place agree.

    `schema` is that of the payload, and `validate` returns the violations of a complete payload.
    """
    if not is_uncertain(resource.payload):
        known = validate(resource.payload)
        return [PlacedViolation(violation, resource.places, is_name=_is_name(violation, schema)) for violation in known]
    found = gathered(resource.payload)
    results = [
        (picks, [*_certain(assignment, schema, validate, resource.places)])
        for picks in assignments(found, resource.payload, resource.possible)
        for assignment in (_assignment(resource, picks),)
    ]
    return _merged(results, found.soft)


def _assignment(resource: Resource, picks: Picks) -> Assignment:
    placeholders: dict[Path, Placeholder] = {}
    places: dict[Path, Path] = {}
    soft: set[Path] = set()

    def taken(value: Any, path: Path, original: Path) -> Any:
        while isinstance(value, Choice):
            option = _picked(value, picks, original)
            if option.path is not None:
                places[path] = option.path
            if option.severity == "warning":
                soft.add(path)
            value = option.value
        if isinstance(value, Unknown | Partial):
            placeholders[path] = value
            return None
        if isinstance(value, dict):
            members = {name: taken(member, (*path, name), (*original, name)) for name, member in value.items()}
            return {name: member for name, member in members.items() if member is not ABSENT}
        if type(value) is list:
            return _items(value, path, original)
        return value

    def _items(value: list[Any], path: Path, original: Path) -> list[Any]:
        items: list[Any] = []
        for index, element in enumerate(value):
            here = (*path, len(items))
            if index != len(items):
                soft.discard(here)  # it was set for the item that is left out
                places[here] = place({**resource.places, **places}, resource.path, (*path, index))
            item = taken(element, here, (*original, index))
            if item is not ABSENT:
                items.append(item)
        return items

    whole = taken(resource.payload, (), ())
    return Assignment(whole, placeholders, places, frozenset(soft))


def _picked(choice: Choice, picks: Picks, path: Path) -> Option:
    index = picks.get(key_of(choice, path))
    return Option(Unknown()) if index is None or index >= len(choice.options) else choice.options[index]


# Example: EventSourceArn is unknown, so its examples are ARNs of SQS, Kinesis, DynamoDB and so on. BatchSize 20,000
# breaks `batch-size.sqs` only with the ARN of SQS, but `batch-size.maximum` with all of them. So only the second rule
# is certainly broken. `first` has the violations that occurred with all examples so far.
def _certain(
    assignment: Assignment, schema: Any, validate: Validate, places: Mapping[Path, Path]
) -> Iterator[PlacedViolation]:
    """Yield the violations of an assignment that occur with all examples of its unknown values.

    Yield also violations of patterns by strings with placeholders. `places` maps the paths of the original payload to
    document paths.
    """
    known = {**places, **assignment.places}
    options = [candidates(placeholder, schema, path) for path, placeholder in assignment.placeholders.items()]
    total = prod(map(len, options))
    first: dict[tuple[Path, str], Found] | None = None
    for possibility in islice(product(*options), POSSIBILITIES):
        payload = assignment.payload
        for path, value in zip(assignment.placeholders, possibility, strict=True):
            payload = _put(payload, path, value)
        here = {(violation.path, violation.constraint.rule): violation for violation in validate(payload)}
        first = here if first is None else {key: first[key] for key in first if key in here}
        if all(rule.startswith("member.") for _, rule in first):
            break  # wrong names do not depend on unknown values
    for violation in (first or {}).values():
        if total <= POSSIBILITIES or violation.constraint.rule.startswith("member."):
            yield from _shown(violation, _is_name(violation, schema), assignment, places, known)
    for path, placeholder in assignment.placeholders.items():
        if isinstance(placeholder, Partial) and not placeholder.is_whole:
            yield from _impossible(path, placeholder, assignment, validate, known)


def _put(payload: Any, path: Path, value: Any) -> Any:
    """Set the value at a path in the payload of an assignment, in place, and return the payload."""
    if not path:
        return value
    inner = payload
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return payload


def _is_name(violation: Found, schema: Any) -> bool:
    """Return whether a violation is about the name of a member, not its value."""
    *above, name = violation.path or ("",)
    is_free = isinstance(name, str) and violation.value == name  # a name that the schema does not list
    return violation.constraint.rule.startswith("member.") or (
        is_free and "propertyNames" in below(schema, tuple(above), schema.get("$defs", {}))
    )


def _shown(
    violation: Found,
    is_name: bool,
    assignment: Assignment,
    base: Mapping[Path, Path],
    places: Mapping[Path, Path],
) -> Iterator[PlacedViolation]:
    """Yield a violation with its position in the document. Inside an unknown value, yield nothing.

    At an unknown value, `_at_placeholder` decides. Both `base` and `places` map paths in the payload to document paths;
    in `places`, the path of a choice leads to the option that the assignment takes.
    """
    path = violation.path
    if is_name:  # so the path is that of the name, not that of an option
        places = {**places}
        places.pop(path, None)
        if path in base:
            places[path] = base[path]
        if path in assignment.placeholders:
            placeholder = assignment.placeholders[path]
            if not (isinstance(placeholder, Unknown) and placeholder.implied):
                yield PlacedViolation(violation, places, is_name=True)
            return
        path = path[:-1]
    is_soft = any(path[: len(soft_path)] == soft_path for soft_path in assignment.soft)
    home = next(filter(assignment.placeholders.__contains__, beginnings(path)), None)
    if home is None:
        yield PlacedViolation(violation, places, is_soft, is_name=is_name)
    elif home == path:
        yield from _at_placeholder(violation, assignment.placeholders[path], places, is_soft)


def _at_placeholder(
    violation: Found, placeholder: Placeholder, places: Mapping[Path, Path], is_soft: bool
) -> Iterator[PlacedViolation]:
    """Yield the violation of an unknown value if its service is known, or if it is a string with only known parts.

    Parts such as `AWS::Region` are only known by an example, so a violation of a length is not certain.
    """
    if isinstance(placeholder, Partial) and placeholder.is_whole:
        if violation.constraint.keyword not in LENGTHS:
            character = violation.explanation.position
            written = None if character is None else placeholder.written(character)
            yield PlacedViolation(
                violation._replace(value=Opaque("a text")), places, is_soft, written, placeholder.help
            )
    elif service(placeholder) is not None:
        yield PlacedViolation(violation._replace(value=Opaque("a reference")), places, is_soft, None, placeholder.help)


def _impossible(
    path: Path, placeholder: Partial, assignment: Assignment, validate: Validate, places: Mapping[Path, Path]
) -> Iterator[PlacedViolation]:
    """Yield the violation of a pattern by a string with placeholders, if it is invalid whatever is filled in.

    That is the case if the part before the first placeholder is not the beginning of any match.
    """
    prefix = placeholder.prefix
    for violation in validate(_put(assignment.payload, path, prefix)) if prefix else ():
        if violation.path != path or violation.constraint.keyword != "pattern":
            continue
        from ...compiler.messages import first_impossible  # few files have such a string

        position = first_impossible(violation.constraint.argument, prefix)
        if position is not None and prefix[position:]:
            is_soft = any(path[: len(soft_path)] == soft_path for soft_path in assignment.soft)
            yield PlacedViolation(
                violation._replace(value=Opaque("a text")),
                places,
                is_soft,
                placeholder.written(position),
                placeholder.help,
            )


def _merged(results: list[tuple[Picks, list[PlacedViolation]]], soft: set[Hashable]) -> list[PlacedViolation]:
    """Return the violations of all assignments, with those of the same rule at the same place merged.

    `soft` are the choices with an uncertain option, such as the default of a parameter. A violation is soft, so only a
    warning, if it does not occur with other options of these choices.
    """
    found: dict[tuple[Path, str], PlacedViolation] = {}
    seen: dict[tuple[Path, str], dict[Hashable, int]] = {}
    sizes: dict[Hashable, int] = {}
    for picks, violations in results:
        hard = frozenset((key, index) for key, index in picks.items() if key not in soft)
        sizes[hard] = sizes.get(hard, 0) + 1
        by_place = {
            (place(placed.places, (), placed.violation.path), placed.violation.constraint.rule): placed
            for placed in violations
        }
        for at, placed in by_place.items():
            found.setdefault(at, placed)
            counts = seen.setdefault(at, {})
            counts[hard] = counts.get(hard, 0) + 1
    return [
        placed._replace(is_soft=placed.is_soft or all(count < sizes[hard] for hard, count in seen[at].items()))
        for at, placed in found.items()
    ]
