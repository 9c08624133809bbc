"""What the service itself says of a request that it refuses, for emulators that answer as it does.

A request that breaks constraints of the service's model is refused with all of them in one sentence. The names of
members begin with a small letter, and items of a list are not named:

    1 validation error detected: Value 'x' at 'startingPosition' failed to satisfy constraint: Member must satisfy
    enum value set: [LATEST, AT_TIMESTAMP, TRIM_HORIZON]

Rules that the model does not have are checked one by one. The service names the first that is broken, in a sentence
of its own: "Invalid filter pattern definition."

`service_sentences.json` has what was recorded: by rule its sentence (`sentences`, with names of members whose values
it shows), by member and keyword what is said of a constraint (`phrases`) where that differs from the model, rules that
the service takes for a member that is missing (`nulls`), and the order of members (`orders`). A rule whose words were
not recorded has the message of the report. `service_constraints.json` is written by `tools/service_words.py`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from itertools import chain
from os.path import dirname, join
from string import Formatter
from typing import Any, NamedTuple

from .records import Constraint, Found, Path

VALIDATION, PARAMETER = "ValidationException", "InvalidParameterValueException"
HEAD, TAIL = "^(?:", ")$(?!\\n)"
"""What binds a pattern of a schema to the whole string."""
LIMITS = ("maxLength", "minLength", "x-pattern")
"""What an item of a list may have to satisfy, in the order of the service."""
NOT_NULL = "Member must not be null"
LONGEST = 1_000
"""Maximum number of characters of a value, or of the path to it, that a message shows."""
LISTED = 50
"""Maximum number of constraints that a message lists."""


class ServiceError(NamedTuple):
    """The exception that the service raises, and its message."""

    exception: str
    message: str


class _Failure(NamedTuple):
    """Constraints that one member breaks, as the service counts them: a list whose items are invalid is one."""

    path: Path
    is_null: bool
    value: Any
    phrase: str


@cache
def _data(name: str) -> Mapping[str, Any]:
    """Return a data file of this package. Its loader also reads from a zip file."""
    loader: Any = globals()["__loader__"]
    found: Mapping[str, Any] = json.loads(loader.get_data(join(dirname(__file__), name)))
    return found


def service_error(found: Sequence[Found], payload: Any = None, *, show_values: bool = False) -> ServiceError:
    """Return what the service answers to a request with these errors.

    The message shows values only with `show_values`, as the service does. A whole list can be shown only where
    `payload` is given; without it, the list has its invalid items. Where a value cannot be printed, none is shown.
    """
    try:
        return _error(found, payload, show_values)
    except Exception:  # a payload may be any object, and an integer may have too many digits
        return _error(found, None, show_values=False)


def _error(found: Sequence[Found], payload: Any, show_values: bool) -> ServiceError:
    failures = _failures(found, payload)
    if failures:
        count = len(failures)
        listed = "; ".join(_sentence(each, show_values) for each in failures[:LISTED])
        more = f"; and {count - LISTED} more" if count > LISTED else ""
        return ServiceError(VALIDATION, f"{count} validation error{'s' * (count > 1)} detected: {listed}{more}")
    shown = payload if show_values and isinstance(payload, Mapping) else {}
    sentences = filter(None, (_recorded(constraint.rule, shown) for _, constraint, _ in found))
    ours = (each.explanation.message for each in found)
    return ServiceError(PARAMETER, next(chain(sentences, ours), "The request is not valid."))


def _recorded(rule: str, members: Mapping[str, Any]) -> str | None:
    """Return the sentence of a rule with the values that it shows; None where one of these may not be shown."""
    sentence: str | None = _data("service_sentences.json")["sentences"].get(rule)
    names = {name for _, name, _, _ in Formatter().parse(sentence or "") if name}
    if sentence is None or not names <= members.keys():
        return None
    return sentence.format_map({name: _java(members[name])[:LONGEST] for name in names}) if names else sentence


def _failures(found: Iterable[Found], payload: Any) -> list[_Failure]:
    """Return the constraints of the model that are broken, those of a list's items as one."""
    recorded = _data("service_sentences.json")
    made: dict[tuple[Path, str], _Failure] = {}
    for path, constraint, value in found:
        is_null = constraint.rule in recorded["nulls"]
        phrase = NOT_NULL if is_null else _phrase(constraint, is_item=_is_item(path))
        if phrase is None or constraint.rule in recorded["sentences"]:
            continue
        if not _is_item(path):
            made[path, phrase] = _Failure(path, is_null or constraint.keyword == "required", value, phrase)
        else:
            listed = _at(payload, path[:-1])
            before = made.get((path[:-1], phrase))
            items = listed if isinstance(listed, list) else [*(before.value if before else ()), value]
            made[path[:-1], phrase] = _Failure(path[:-1], False, items, phrase)
    orders = {name: index for names in recorded["orders"].values() for index, name in enumerate(names)}
    return sorted(made.values(), key=lambda each: orders.get(str(each.path[0]), -1) if each.path else -1)


def _is_item(path: Path) -> bool:
    return bool(path) and isinstance(path[-1], int)


def _at(payload: Any, path: Path) -> Any:
    """Return the value at a path, None where there is none."""
    for step in path:
        inner = payload.get(step) if isinstance(payload, Mapping) else None
        if isinstance(payload, list) and isinstance(step, int) and 0 <= step < len(payload):
            inner = payload[step]
        payload = inner
    return payload


def _phrase(constraint: Constraint, *, is_item: bool) -> str | None:
    """Return what a member must do by a constraint of the model; None for any other rule."""
    keyword = constraint.keyword
    phrase = PHRASES.get(keyword)
    is_own = constraint.rule.endswith(ENDINGS.get(keyword, " "))
    if phrase is None or (constraint.note is not None and not is_own):
        return None
    place = _place(constraint)
    recorded: str | None = _data("service_sentences.json")["phrases"].get(f"{place}.{keyword}")
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
    """Return a pattern as the service prints it."""
    text = str(pattern)
    known: str | None = _data("service_constraints.json")["patterns"].get(text)
    return known or text.removeprefix(HEAD).removesuffix(TAIL)


def _sentence(failure: _Failure, show_values: bool) -> str:
    value = " null" if failure.is_null else f" '{_java(failure.value)[:LONGEST]}'" if show_values else ""
    return f"Value{value} at '{spelt(failure.path)[:LONGEST]}' failed to satisfy constraint: {failure.phrase}"


def spelt(path: Path) -> str:
    """Return a path as the service writes it: `filterCriteria.filters.1.member.pattern`, counted from one."""
    return ".".join(f"{each + 1}.member" if isinstance(each, int) else f"{each[:1].lower()}{each[1:]}" for each in path)


def _java(value: Any) -> str:
    """Return a value as the service prints it."""
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_java, value))}]"
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
"""By keyword, what the service says that a member must do."""

ENDINGS: Mapping[str, str] = {
    **{each: f".{each}" for each in PHRASES}, "maxLength": ".max-length", "minLength": ".min-length",
}  # fmt: skip
"""By keyword, how the id of the rule ends that a member's own keyword states; others say more than the keyword."""
