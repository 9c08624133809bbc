"""Operations on evaluated values of Terraform: remove positions, make options, and find what a value refers to."""

from __future__ import annotations

from typing import Any

from ....base.arns import service_of
from ...documents.places import Path
from ...unresolved.parts import ABSENT, Choice, Option, Partial, Unknown
from ...unresolved.shapes import SHAPES
from ..members import Located


def bare(value: Any) -> Any:
    """Return a value as plain data, without the positions of its parts.

    A part that is not known becomes a Python object that `json.dumps` refuses.
    """
    if isinstance(value, Located):
        return bare(value.value)
    if isinstance(value, Partial) and value.is_whole:
        return value.prefix
    if type(value) is list:
        return [bare(item) for item in value]
    if isinstance(value, dict):
        return {name: bare(member) for name, member in value.items()}
    return object() if isinstance(value, Unknown | Partial | Choice) else value


def placeless(value: Any, path: Path) -> Any:
    """Return a value in which every part has the document path `path`, such as that of a reference to the value.

    It is for values from another file or without a position. Findings do not mark single characters of its strings.
    """
    if isinstance(value, Located):
        return Located(placeless(value.value, path), path)
    if isinstance(value, Choice):
        return value._replace(
            options=tuple(option._replace(value=placeless(option.value, path), path=None) for option in value.options)
        )
    if isinstance(value, Partial):
        return value._replace(starts=())
    if type(value) is list:
        return [placeless(item, path) for item in value]
    if isinstance(value, dict):
        return {name: placeless(member, path) for name, member in value.items()}
    return Partial((value,)) if isinstance(value, str) and value else value


def without_nothing(value: Any) -> Any:
    """Return an output of a module without the options null and "".

    A module returns these for a resource that it does not create, so a caller does not use them as an ARN.
    """
    if not isinstance(value, Choice):
        return value
    options = tuple(option for option in value.options if option.value not in (ABSENT, ""))
    if len(options) == len(value.options):
        return value
    return Choice(options, (value.key, len(options))) if options else Unknown()


def chosen(found: Located, severity: str | None = None) -> Option:
    """Return a value as an option of a `Choice`. For null, the option means that the member is missing."""
    return Option(ABSENT if found.value is None else found.value, found.path, severity)


def key_of_item(item: Any) -> Unknown | Partial:
    """Return `each.key` for an item of a set: the item itself if it is a string, otherwise an unknown value."""
    value = item.value if isinstance(item, Located) else item
    return Partial((value,)) if isinstance(value, str) else value if isinstance(value, Partial) else Unknown()


def pointed_at(value: Any) -> Unknown:
    """Return an unknown value with what is known about an ARN or a reference: its service, and whether it is FIFO."""
    if isinstance(value, Partial) and value.is_whole:
        value = value.prefix
    if isinstance(value, str):
        service = service_of(value)
        return Unknown(service, value.endswith(".fifo")) if service in SHAPES else Unknown()
    return Unknown(value.service, value.fifo) if isinstance(value, Unknown | Partial) else Unknown()


def as_written(value: Any) -> Any:
    """Return a boolean or integer as the string that it becomes in `"${…}"`; other values unchanged."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) and abs(value) < 10**15 else value


def service_in(parts: list[str | None]) -> str | None:
    """Return the service in an ARN with placeholders, such as "sqs" in `arn:${…}:sqs:…`; None if it is not known.

    `parts` are the parts of the string, with None for each placeholder.
    """
    service = service_of("".join("\0" if part is None else part for part in parts))
    return service if service in SHAPES else None
