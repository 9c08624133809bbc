"""Rules that compare resources: the timeouts of the queue and the function that an event source mapping connects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...base.spelling import MAX_NAME_LENGTH
from .lint_rules import LINT_RULES, VISIBILITY, own
from .resource import FormatFinding, Resource, Timeout, place

if TYPE_CHECKING:
    from ...catalog import Edition
    from ..documents.places import Document

FileResources = list[tuple["Document", Resource]]
"""The resources of a file, each with its document."""
SOURCE, FUNCTION = "EventSourceArn", "FunctionName"


def compared(found: FileResources, edition: Edition) -> FileResources:
    """Return the resources of a file, with findings about queues whose visibility timeout is too short.

    A queue with several functions is reported only once, for the function with the longest timeout.
    """
    worst: dict[tuple[int, str], int] = {}
    for index, (document, resource) in enumerate(found if VISIBILITY in own(edition) else ()):
        if resource.related and resource.related[SOURCE].seconds < resource.related[FUNCTION].seconds:
            queue = id(document), resource.related[SOURCE].name
            longest = found[worst.setdefault(queue, index)][1].related[FUNCTION].seconds
            if resource.related[FUNCTION].seconds > longest:
                worst[queue] = index
    for index in worst.values():
        document, resource = found[index]
        found[index] = document, resource._replace(extra=(*resource.extra, _visibility(resource)))
    return found


def _visibility(resource: Resource) -> FormatFinding:
    """Return the finding for a queue that hides a message for less time than the function may take to process it.

    The finding is shown at the timeout of the queue, or at that of the function if the queue has the default. If that
    timeout is in another file, it is shown at the mapping's reference to the queue or function.
    """
    queue, function = resource.related[SOURCE], resource.related[FUNCTION]
    member, shown = (SOURCE, queue) if queue.is_written else (FUNCTION, function)
    path = shown.path or place(resource.places, resource.path, (member,))
    message = (
        f"The visibility timeout of {queue.name[:MAX_NAME_LENGTH]!a}, {_shown(queue)}, must be at least the timeout of "
        f"{function.name[:MAX_NAME_LENGTH]!a}, {_shown(function)}."
    )
    least = f"Set {queue.argument} of the queue to {function.seconds} or more"
    help = f"{least}; AWS recommends six times the function's timeout."
    return FormatFinding(VISIBILITY, LINT_RULES[VISIBILITY].severity, path, message, help, is_key=False)


def _shown(timeout: Timeout) -> str:
    return f"{timeout.seconds} second{'s' * (timeout.seconds != 1)}{' by default' * (not timeout.is_written)}"
