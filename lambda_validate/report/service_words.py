"""The message with which AWS Lambda itself refuses a request, for emulators that have to answer in the same words.

The service lists all broken constraints of its model in one sentence. Names of members begin with a small letter, and
an invalid item is reported at its list:

    1 validation error detected: Value 'x' at 'startingPosition' failed to satisfy constraint: Member must satisfy
    enum value set: [LATEST, AT_TIMESTAMP, TRIM_HORIZON]

Rules that are not in the model are checked one at a time. The service names the first broken one in a sentence of its
own: "Invalid filter pattern definition."

`service_sentences.json` holds recorded answers:

- `sentences`: for each rule its sentence, with placeholders for the values of members: `{FunctionVersion}`;
- `operations`: for some operations, sentences of rules that differ from these;
- `exceptions`: for each rule the exception, if it is not `InvalidParameterValueException`;
- `phrases`: for each member and keyword the words for a constraint, if they differ from the usual ones;
- `nulls`: rules that the service reports as a missing member;
- `shapes`: rules that are stricter than the pattern of a shape of the model, which the service checks first;
- `structures`: for each structure its members, in the order in which the service prints them;
- `orders`: for some requests the order in which the service lists members.

A rule without a recorded sentence has the message of the report. `tools/service_words.py` writes
`service_constraints.json`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from os.path import dirname, join
from string import Formatter
from typing import Any, NamedTuple

from .records import Constraint, Found, Path

VALIDATION, PARAMETER = "ValidationException", "InvalidParameterValueException"
HEAD, TAIL = "^(?:", ")$(?!\\n)"
"""The beginning and the end of a pattern that must match the whole string."""
LIMITS = ("maxLength", "minLength", "x-pattern")
"""The constraints on items of a list, in the order in which the service lists them."""
NOT_NULL = "Member must not be null"
MAX_SHOWN_LENGTH = 1_000
"""Maximum number of characters of a value, or of the path to it, that a message shows."""
MAX_LISTED_CONSTRAINTS = 50
"""Maximum number of constraints that a message lists."""


class ServiceException(NamedTuple):
    """The exception that the service raises, and its message."""

    exception: str
    message: str


class _Failure(NamedTuple):
    """The broken constraints of one member, counted as the service counts them: all invalid items of a list are one."""

    path: Path
    is_null: bool
    value: Any
    phrase: str


@cache
def _data(name: str) -> Mapping[str, Any]:
    """Return a data file of this package. The loader of the package reads it, so it may be in a zip file."""
    loader: Any = globals()["__loader__"]
    found: Mapping[str, Any] = json.loads(loader.get_data(join(dirname(__file__), name)))
    return found


def service_error(
    found: Sequence[Found], payload: Any = None, *, show_values: bool = False, operation: str = ""
) -> ServiceException:
    """Return the exception and the message with which the service refuses a request with these errors.

    The message shows values only with `show_values`, as the service does. A whole list is shown only if `payload` is
    given; without it, only the invalid items are. A value that cannot be printed is left out. For a few rules, the
    sentence differs by `operation`.
    """
    sentences = _sentences(operation)
    try:
        return _error(found, payload, show_values, sentences)
    except Exception:  # a payload may be any object, and an integer may have too many digits
        return _error(found, None, False, sentences)


def _sentences(operation: str) -> Mapping[str, str]:
    """Return a mapping from the id of a rule to the sentence that the service was observed to answer.

    A sentence that was recorded for the operation is preferred to the usual one.
    """
    recorded = _data("service_sentences.json")
    return {**recorded["sentences"], **recorded["operations"].get(operation, {})}


def _error(found: Sequence[Found], payload: Any, show_values: bool, sentences: Mapping[str, str]) -> ServiceException:
    failures = _failures(found, payload)
    if failures:
        count = len(failures)
        listed = "; ".join(_sentence(failure, show_values) for failure in failures[:MAX_LISTED_CONSTRAINTS])
        more = f"; and {count - MAX_LISTED_CONSTRAINTS} more" if count > MAX_LISTED_CONSTRAINTS else ""
        return ServiceException(VALIDATION, f"{count} validation error{'s' * (count > 1)} detected: {listed}{more}")
    shown = payload if show_values and isinstance(payload, Mapping) else {}
    for _, constraint, _ in found:
        message = _recorded(sentences.get(constraint.rule), shown) if constraint.keyword != "type" else None
        if message is not None:
            exceptions = _data("service_sentences.json")["exceptions"]
            return ServiceException(exceptions.get(constraint.rule, PARAMETER), message)
    ours = (violation.explanation.message for violation in found)
    return ServiceException(PARAMETER, next(ours, "The request is not valid."))


def _recorded(sentence: str | None, members: Mapping[str, Any]) -> str | None:
    """Fill the placeholders of a recorded sentence, such as `{FunctionVersion}`, with the values of members.

    Return None if there is no sentence, or if a member that it shows is missing.
    """
    names = {name for _, name, _, _ in Formatter().parse(sentence or "") if name}
    if sentence is None or not names <= members.keys():
        return None
    return (
        sentence.format_map({name: _java(members[name], name)[:MAX_SHOWN_LENGTH] for name in names})
        if names
        else sentence
    )


def _failures(found: Iterable[Found], payload: Any) -> list[_Failure]:
    """Return the violations of constraints that the service's model states, in the order of the service's message.

    All violations of one constraint by the items of one list become a single failure, as in the service.
    """
    recorded = _data("service_sentences.json")
    made: dict[tuple[Path, str], _Failure] = {}
    for path, constraint, value in found:
        is_null = constraint.rule in recorded["nulls"]
        phrase = NOT_NULL if is_null else _of_shape(constraint, value) or _phrase(constraint, is_item=_is_item(path))
        if phrase is None:
            continue
        if not _is_item(path):
            made[path, phrase] = _Failure(path, is_null or constraint.keyword == "required", value, phrase)
        else:
            listed = _at(payload, path[:-1])
            before = made.get((path[:-1], phrase))
            items = listed if isinstance(listed, list) else [*(before.value if before else ()), value]
            made[path[:-1], phrase] = _Failure(path[:-1], False, items, phrase)
    orders = {name: index for names in recorded["orders"].values() for index, name in enumerate(names)}
    return sorted(made.values(), key=lambda failure: orders.get(str(failure.path[0]), -1) if failure.path else -1)


def _is_item(path: Path) -> bool:
    return bool(path) and isinstance(path[-1], int)


def _at(payload: Any, path: Path) -> Any:
    """Return the value at a path, None if there is none."""
    for step in path:
        inner = payload.get(step) if isinstance(payload, Mapping) else None
        if isinstance(payload, list) and isinstance(step, int) and 0 <= step < len(payload):
            inner = payload[step]
        payload = inner
    return payload


def _of_shape(constraint: Constraint, value: Any) -> str | None:
    """Return the service's words for a value that breaks the pattern of its type in the service's model.

    A rule may be stricter than that pattern, which the service checks first. Return None if the value matches the
    pattern, or if no pattern is recorded for the rule.
    """
    shape = _data("service_sentences.json")["shapes"].get(constraint.rule)
    pattern = _data("service_constraints.json")["shapes"].get(shape)
    if pattern is None or not isinstance(value, str) or re.match(pattern, value):
        return None
    return PHRASES["pattern"](pattern)


def _phrase(constraint: Constraint, *, is_item: bool) -> str | None:
    """Return the service's words for a broken constraint of its model; None if the model does not state the rule."""
    keyword = constraint.keyword
    phrase = PHRASES.get(keyword)
    is_own = constraint.rule.endswith(ENDINGS.get(keyword, " "))
    words = _data("service_sentences.json")
    if phrase is None or (constraint.note is not None and not is_own) or constraint.rule in words["sentences"]:
        return None
    place = _place(constraint)
    recorded: str | None = words["phrases"].get(f"{place}.{keyword}")
    if recorded is not None:
        return recorded
    limits = _data("service_constraints.json")["items"].get(place) if is_item else None
    if limits is None:
        return phrase(constraint.argument)
    parts = [PHRASES[key.removeprefix("x-")](limits[key]) for key in LIMITS if key in limits]
    return f"Member must satisfy constraint: [{', '.join([*parts, NOT_NULL])}]"


def _place(constraint: Constraint) -> str:
    """Return the structure of the model and its member, such as `CreateEventSourceMappingRequest.StartingPosition`."""
    document, section, member = constraint.source
    structure = f"{document}Request" if section == "Request Body" else section
    return f"{structure}.{constraint.member or member}"


def _documented(pattern: Any) -> str:
    """Return a pattern in the form in which the service prints it."""
    text = str(pattern)
    known: str | None = _data("service_constraints.json")["patterns"].get(text)
    return known or text.removeprefix(HEAD).removesuffix(TAIL)


def _sentence(failure: _Failure, show_values: bool) -> str:
    value = " null" if failure.is_null else f" '{_java(failure.value)[:MAX_SHOWN_LENGTH]}'" if show_values else ""
    return f"Value{value} at '{spelt(failure.path)[:MAX_SHOWN_LENGTH]}' failed to satisfy constraint: {failure.phrase}"


def spelt(path: Path) -> str:
    """Return a path as the service writes it, counting from one: `filterCriteria.filters.1.member.pattern`."""
    return ".".join(f"{step + 1}.member" if isinstance(step, int) else f"{step[:1].lower()}{step[1:]}" for step in path)


def _java(value: Any, name: str = "") -> str:
    """Return a value as the service prints it, in the style of Java: `[a, b]`, `true`, `null`.

    A structure is printed with the name of its member: `OnFailure(destination=null)`.
    """
    members = _data("service_sentences.json")["structures"].get(name)
    if members is not None and isinstance(value, Mapping):
        return f"{name}({', '.join(f'{spelt((member,))}={_java(value.get(member), member)}' for member in members)})"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_java, value))}]"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else str(value)


PHRASES: Mapping[str, Callable[[Any], str]] = {
    "maxLength": "Member must have length less than or equal to {}".format,
    "minLength": "Member must have length greater than or equal to {}".format,
    "maximum": "Member must have value less than or equal to {}".format,
    "minimum": "Member must have value greater than or equal to {}".format,
    "pattern": lambda pattern: f"Member must satisfy regular expression pattern: {_documented(pattern)}",
    "enum": lambda choices: f"Member must satisfy enum value set: [{', '.join(map(str, choices))}]",
    "required": lambda _: NOT_NULL,
}
"""By keyword, the words of the service for what a member must satisfy."""

ENDINGS: Mapping[str, str] = {
    **{keyword: f".{keyword}" for keyword in PHRASES}, "maxLength": ".max-length", "minLength": ".min-length",
}  # fmt: skip
"""For each keyword, the end of the id of a rule that states only this keyword. Other rules state more."""
