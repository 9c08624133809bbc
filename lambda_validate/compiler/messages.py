"""The messages of violations: what is wrong, what would be valid, and at which position of a string.

This module is loaded when the first message is read. `EXPLAIN` has a function for each keyword. A message does not show
the invalid value, unless the validator was made with `show_values`. It shows names of members, and positions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeVar

from ..base.spelling import Folded, Similar, by_folded, listing, nearest_in, similar
from ..base.values import Opaque, kind_name
from ..native import engine
from ..patterns.matching import has_properties, whole
from ..patterns.tables import Table, shipped
from ..report import Constraint, Explanation
from .assertions import ASSERTIONS
from .characters import INVALID_ASCII_WORDS, expected, named

new = tuple.__new__
UNSEEN = Opaque("")
"""Passed instead of an invalid value to get a message that states a rule in general, as in a list of rules."""

MAX_LISTED_CHOICES = 20
"""Maximum number of choices that a message lists. If there are more, it lists only the last three, the newest."""

MAX_VALUE_CHARACTERS = 80
"""Maximum number of characters of a value that a message shows, with `show_values`."""

READABLE = {"string": "a string", "integer": "a whole number", "number": "a number", "boolean": "true or false",
            "array": "a list", "object": "an object", "null": "null"}  # fmt: skip


SAME_MESSAGE_TYPES = (str, int, bool, type(None))
"""Types for which the message of a keyword is the same for all values, except an empty string. Floats may be fractions,
so their messages differ."""
SPECIFIC = frozenset(("enum", "const", "pattern", "additionalProperties", "x-unknown-members"))
"""Keywords whose messages depend on the value itself."""


def explain(constraint: Constraint, value: Any) -> Explanation:
    """Return the message, position and help for a value that breaks a constraint.

    The part of the message that is the same for other values is cached in `constraint.words`.
    """
    keyword, note = constraint.keyword, constraint.note
    made = EXPLAIN[keyword](constraint, value)
    if note is not None and made.position is None:
        made = made._replace(message=note)
    if constraint.show_values and value is not None and not isinstance(value, Opaque):
        return made._replace(message=f"{made.message[:-1]} (it is {shown(value)}){made.message[-1]}")
    if keyword in SPECIFIC:
        if note is None or (keyword == "pattern" and note.endswith(".")):
            constraint.words[None] = EXPLAIN[keyword]
    elif type(value) in SAME_MESSAGE_TYPES:
        constraint.words[type(value) if type(value) is not str or value else ""] = made
    return made


@cache
def longest() -> Callable[[Table, str], tuple[int, int] | None]:
    """Return the function that finds the first invalid character of a string by a pattern's table.

    It is that of the native engine, if there is one.
    """
    return engine().longest or Table.longest


@cache
def near() -> Similar:
    """Return the function that finds similar names: that of the native engine, if there is one."""
    return engine().similar or similar


Part = TypeVar("Part")


def part(constraint: Constraint, make: Callable[[Constraint], Part]) -> Part:
    """Return `make(constraint)`, a part of all messages of a constraint. It is made once, then cached."""
    words = constraint.words
    made: Part | None = words.get(make)
    if made is None:
        made = words[make] = make(constraint)
    return made


def shown(value: Any) -> str:
    """Return a value as a message shows it with `show_values`: a string in quotes, and cut after 80 characters."""
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() > 256:
        return "a huge number"
    text = ascii(value[:MAX_VALUE_CHARACTERS] if isinstance(value, str) else value)
    return f"{text}, cut short" if isinstance(value, str) and len(value) > MAX_VALUE_CHARACTERS else text


UNQUOTED = {
    "integer": "Write a number, without quotes.",
    "number": "Write a number, without quotes.",
    "boolean": "Write true or false, without quotes.",
}
"""For each required JSON type, the help if the value is a string."""


def _subject(constraint: Constraint) -> str:
    return constraint.member or "the payload"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def invalid_type(constraint: Constraint, value: Any) -> Explanation:
    """Return the message for a value of a wrong type: what it must be, and what it is."""
    kinds = constraint.argument if isinstance(constraint.argument, tuple) else (constraint.argument,)
    expected = listing(READABLE[kind] for kind in kinds)
    if constraint.title and kinds[0] not in ("array", "object"):
        expected = constraint.title
    help = UNQUOTED.get(kinds[0]) if isinstance(value, str) else None
    is_fraction = kinds[0] == "integer" and type(value) is float and value % 1 > 0
    met = "" if value == UNSEEN else ", not a fraction" if is_fraction else f", not {kind_name(value)}"
    return Explanation(_sentence(f"{_subject(constraint)} must be {expected}{met}."), None, help)


def missing(constraint: Constraint, value: Any) -> Explanation:
    """Return the message for a missing member, and the help to add it."""
    return Explanation(f"{constraint.member} is required.", None, f"Add {constraint.member}.")


def unknown_member(constraint: Constraint, value: Any) -> Explanation:
    """Return the message for a member that is not defined. It names the most similar member, or else all members."""
    if value == UNSEEN:
        return Explanation("A member must be defined by the edition, or by a newer version of the API.")
    known, ends = part(constraint, _known)
    end, help = ends[nearest_in(value, known, near())]
    return new(Explanation, (f"There is no member {value[:MAX_VALUE_CHARACTERS]!a}{end}", None, help))


def _known(constraint: Constraint) -> tuple[Folded, dict[str | None, tuple[str, str | None]]]:
    """Return the defined members by their folded form, and for each one the end of the message and the help.

    These words are for an unknown member that probably means this one, as in "; did you mean 'BatchSize'?". The key
    None has the words for an unknown member that is similar to none.
    """
    names, made_from = constraint.argument, constraint.made_from
    known = as_of(made_from)
    ends = {
        name: (f"{known}; did you mean {name!r}?", allowing(f"Write {name}.", made_from))
        for name in constraint.argument
    }
    none = f"{known}." if made_from else "; leave it out."
    return by_folded(names), {**ends, None: (none, allowing(_members(names), made_from))}


def as_of(made_from: str) -> str:
    """Return " as of botocore 1.44.8" if an edition was made from that SDK; an empty string if from none."""
    return f" as of {made_from}" if made_from else ""


def allowing(help: str | None, made_from: str) -> str | None:
    """Return a help text, extended by how to allow newer members if the edition was made from an SDK."""
    return " ".join(filter(None, (help, made_from and ALLOW))) or None


ALLOW = 'To allow newer members, use --sdk-model in a command or unknown_members="warning" in Python.'


def _members(names: tuple[str, ...]) -> str | None:
    if len(names) == 1:
        return f"The only member is {listing(names)}."
    return f"The members are {listing(names, 'and')}." if 1 < len(names) <= 12 else None


def not_listed(constraint: Constraint, value: Any) -> Explanation:
    """Return the message for a value that is not one of the choices: it names the choices, and the most similar one."""
    choices, expected, none = part(constraint, _choices)
    meant = nearest_in(value, choices, near())
    return Explanation(f"{expected}; did you mean {meant}?", None, f"Write {meant}.") if meant else none


def _choices(constraint: Constraint) -> tuple[Folded, str, Explanation]:
    """Return the choices by folded form, the words "X must be a or b", and the message if no choice is similar."""
    listed = constraint.argument if isinstance(constraint.argument, tuple) else (constraint.argument,)
    choices = tuple(choice if isinstance(choice, str) else ascii(choice) for choice in listed)
    expected = (
        listing(choices)
        if len(choices) <= MAX_LISTED_CHOICES
        else f"one of {len(choices)} values, such as {listing(choices[-3:])}"
    )
    begun = _sentence(f"{_subject(constraint)} must be {expected or 'nothing'}")
    return by_folded(choices), begun, Explanation(f"{begun}.")


def out_of_bounds(constraint: Constraint, value: Any) -> Explanation:
    """Return the message for a number, length or count that is too small or too large: "X must be at least 1."."""
    plural = "" if constraint.argument == 1 else "s"
    subject = f"{_subject(constraint)} is empty; it" if value == "" else _subject(constraint)
    sentence = ASSERTIONS[constraint.keyword].sentence
    return Explanation(_sentence(sentence.format(subject, f"{constraint.argument:,}", plural)))


def not_matched(constraint: Constraint, value: Any) -> Explanation:
    """Return the message for a string that does not match: what it must be, and its first invalid character."""
    stated, table, allowed = part(constraint, _stated)
    found = longest()(table, value) if table is not None and isinstance(value, str) and len(value) <= FAR else None
    if found is None:
        position, may = _stop(constraint.argument, value)
        if position is None:
            return Explanation(f"{stated}.")
    else:
        position, state = found
        may = allowed[state] if state in allowed else allowed.setdefault(state, _allowed(constraint.argument, state))
    help = TRIM if position and value[-1:].isspace() and value[position:].isspace() else None
    return new(Explanation, (f"{stated}; {_where(value, position, may)}.", position, help))


TRIM = "Remove the white space at the end."


def _stated(constraint: Constraint) -> tuple[str, Table | None, dict[int, str]]:
    """Return what a string must be ("X must be an ARN"), the table of the pattern, and a cache of allowed characters.

    The cache has the words for the characters that the pattern allows in each state of the table.
    """
    expected = constraint.title or "a string that matches its pattern"
    stated = constraint.note[:-1] if constraint.note else _sentence(f"{_subject(constraint)} must be {expected}")
    return stated, _table(constraint.argument), {}


def _where(value: str, position: int, may: str) -> str:
    """Return words such as "character 3 is a space" for the first invalid character, followed by `may`.

    `may` says which characters are allowed in its place.
    """
    if position < len(value):
        if value[position] == "\n" and position == len(value) - 1:
            return "it must not end with a line break"
        return f"character {position + 1} {INVALID_ASCII_WORDS.get(value[position]) or named(value[position])}{may}"
    return f"it is incomplete{may}" if value else "it is empty"


@cache
def _allowed(pattern: str, state: int) -> str:
    """Return words such as "; expected a digit or '-'": the characters that a pattern allows in a state of its table.

    Return an empty string if there are too many.
    """
    table = shipped(pattern)
    listed = expected(table.following(state)) if table else None
    return f"; expected {listed}" if listed else ""


NEAR = 64
"""Length of the first prefix to try."""
FAR = 10_000
"""Largest position to search for. Each step takes time linear in the length of the string, and quadratic for a pattern
that repeats a group, such as that of Base64."""


def first_impossible(pattern: str, value: str) -> int | None:
    """Return the index of the first invalid character; the length of the string if it is only incomplete.

    It is the first character after which no continuation can match. For a pattern that may match anywhere in a string,
    there is no such character: return None.
    """
    return _stop(pattern, value)[0]


def _stop(pattern: str, value: str) -> tuple[int | None, str]:
    """Return the index of the first invalid character, as `first_impossible` does, and words for the allowed ones.

    The words are empty if these characters are not known.
    """
    if not isinstance(value, str) or whole(pattern) is None:
        return None, ""
    table = _table(pattern)
    found = longest()(table, value[: FAR + 1]) if table else None
    if found is not None:
        return (found[0], _allowed(pattern, found[1])) if found[0] <= FAR else (None, "")
    possible = _partial(pattern)
    return _bisect(lambda length: possible(value[:length], partial=True) is not None, len(value)), ""


@cache
def _table(pattern: str) -> Table | None:
    """Return the table of a pattern from the package; None if there is none, or if it may match a part of a string."""
    return None if whole(pattern) is None else shipped(pattern)


@cache
def _partial(pattern: str) -> Callable[..., Any]:
    """Return the `fullmatch` of a pattern. With `partial=True`, it also accepts the beginning of a matching string."""
    import regex  # only patterns without a table need its partial matching, and it costs more than all else

    body = whole(pattern) or ""
    letters = regex.UNICODE if has_properties(body) else regex.ASCII
    matches: Callable[..., Any] = regex.compile(f"(?:{body})", letters | regex.VERSION0).fullmatch
    return matches


def _bisect(possible: Callable[[int], bool], length: int) -> int | None:
    """Return the length of the longest prefix of a string that can begin a match; None if it is longer than `FAR`.

    `possible` says whether the prefix of a given length can begin a match. The length is doubled until it cannot, and
    then bisected. So the cost depends on the result, not on the length of the string.
    """
    good, bad = 0, NEAR
    while bad <= length and possible(bad):
        if bad > FAR:
            return None
        good, bad = bad, bad * 2
    bad = min(bad, length + 1)
    while bad - good > 1:
        middle = (good + bad) // 2
        good, bad = (middle, bad) if possible(middle) else (good, middle)
    return good


def invalid_format(constraint: Constraint, value: Any) -> Explanation:
    """Return the message for a string that does not have a format: "X must be a filter pattern."."""
    return Explanation(_sentence(f"{_subject(constraint)} must be a {str(constraint.argument).replace('-', ' ')}."))


def not_allowed(constraint: Constraint, value: Any) -> Explanation:
    """Return the message for a value that is not allowed: by a `not`, or by a schema that no value matches."""
    if constraint.note is not None:
        return Explanation(constraint.note)
    if constraint.rule == "member.newer" and value == UNSEEN:
        return Explanation("A member should be defined by the edition in use, not only by a newer version of the API.")
    if constraint.rule == "member.newer":
        return Explanation(
            f"The document of {constraint.source.document} does not define {constraint.member}; today's API has it.",
            None,
            'Check by today\'s API with --edition current, or edition="current" in Python.',
        )
    return Explanation(_sentence(f"{_subject(constraint)} is not allowed here."), None, "Leave it out.")


EXPLAIN: Mapping[str, Callable[[Constraint, Any], Explanation]] = {
    "type": invalid_type,
    "enum": not_listed,
    "const": not_listed,
    **{keyword: out_of_bounds for keyword, row in ASSERTIONS.items() if row.sentence},
    "pattern": not_matched,
    "format": invalid_format,
    "required": missing,
    "additionalProperties": unknown_member,
    "x-unknown-members": unknown_member,
    "properties": not_allowed,
    "propertyNames": not_allowed,
    "items": not_allowed,
    "allOf": not_allowed,
    "not": not_allowed,
    "then": not_allowed,
    "else": not_allowed,
    "x-warnings": not_allowed,
    "x-relation": not_allowed,
    "": not_allowed,
}
