"""Read serverless.yml: events that become event source mappings, settings of functions, templates in `resources`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .... import catalog
from ....base.spelling import MAX_NAME_LENGTH, listing, nearest
from ....catalog import Edition
from ...documents.places import Document, Path
from ...findings.lint_rules import MISPLACED, SPELLING
from ...findings.resource import FormatFinding, Resource
from ...unresolved.parts import RESOURCE, Unknown
from ..aws_resources import MAPPING, SETTING
from ..cloudformation import template as cloudformation
from ..cloudformation.intrinsics import function
from ..members import Names
from .members import STREAMS, Making, as_it_is, check, check_whole
from .names import DOCUMENTED, EVENTS, FUNCTION, KAFKA, SETTINGS, STREAM, logical_id
from .service import ServerlessService, ServiceTimeouts

NAME = "serverless"


def resources(document: Document, edition: Edition) -> Iterator[Resource]:
    """Yield the event source mappings and the settings for asynchronous invocation in a serverless.yml."""
    root = document.value
    if not isinstance(root, dict) or "functions" not in root or not {"service", "provider"} & root.keys():
        return
    provider = root.get("provider")
    name = provider.get("name") if isinstance(provider, dict) else provider
    if isinstance(name, str) and name != "aws" and "$" not in name:
        return
    is_today = catalog.find(edition).name != catalog.DOCUMENTS
    service = ServerlessService(document, root, EVENTS if is_today else DOCUMENTED)
    timeouts = ServiceTimeouts(service, provider)
    for name, value, path in service.functions:
        for resource in (*_events(service, value, path), *_settings(service, name, value, path)):
            related = timeouts.related(resource.payload, (logical_id(name),))
            extra = (*resource.extra, *service.template.findings())
            yield resource._replace(converts=True, owner=path, extra=extra, related=related)
    for template, own in service.templates:
        yield from cloudformation.of_template(template, edition, own, timeouts=timeouts)


def _events(service: ServerlessService, value: Mapping[str, Any], path: Path) -> Iterator[Resource]:
    """Yield the event source mappings that a function's `events` become. `path` is the path of the function.

    An event that is not an item of the list `events` is included, and reported.
    """
    events, home = value.get("events"), (*path, "events")
    holders: tuple[tuple[Any, Path, str, str], ...] = (
        (value, path, "events", "Write it as an item of events: -"),
        (events, home, "a list", "Write a dash before it: -"),
    )
    for holder, around, expected, help in holders:
        for kind in service.kinds if isinstance(holder, dict) else ():
            if kind in holder:
                message = f"{kind} does not belong here, but into {expected}; here it triggers nothing."
                stray = FormatFinding(MISPLACED, "error", (*around, kind), message, f"{help} {kind}:")
                yield from _event(service, kind, holder[kind], {}, (*around, kind), around, (stray,))
    for index, item in enumerate(events if isinstance(events, list) else ()):
        if isinstance(item, dict) and service.budget.take(1 + len(item)):
            yield from _item(service, item, (*home, index))


def _item(service: ServerlessService, item: Mapping[str, Any], path: Path) -> Iterator[Resource]:
    """Yield the event source mappings that an item of `events` becomes, such as `- sqs: {arn: …}`.

    Its key is the kind of event. Other members beside it are misplaced, and are reported.
    """
    for name, value in item.items():
        kind = name if name in service.kinds else name.lower()
        if kind not in service.kinds or (kind != name and kind in item):
            continue
        names, home = EVENTS[kind].names, (*path, name)
        beside = {member: item[member] for member in item if member in names.own or member in names.others}
        extra = []
        if kind != name:
            message = f"There is no event {name[:80]!a}, so there is no trigger; did you mean {kind!r}?"
            extra.append(FormatFinding(SPELLING, "error", home, message, f"Write {kind}."))
        if beside and value is None:
            message = f"{name} is empty, so there is no trigger; {listing(beside, 'and')} should be below it."
            help = "Indent the lines that are beside it."
            extra.append(FormatFinding(MISPLACED, "error", home, message, help))
        for member in beside if value is not None else ():
            message = f"{member} is beside {name}, not below it, so it has no effect."
            extra.append(FormatFinding(MISPLACED, "error", (*path, member), message, f"Indent it below {name}."))
        yield from _event(service, kind, value, beside, home, path, tuple(extra))


def _event(
    service: ServerlessService, kind: str, value: Any, beside: Mapping[str, Any], home: Path, around: Path,
    extra: tuple[FormatFinding, ...],
) -> Iterator[Resource]:  # fmt: skip
    """Yield the event source mapping that an event becomes.

    `kind` is the kind of the event, such as "sqs", and `value` the content of the event. `beside` are members that are
    written beside the event instead of inside it. `home` is the document path of `value`, and `around` that of the
    object that contains it. `extra` are findings to report with the mapping.
    """
    names, service_name, inner, access = EVENTS[kind]
    own = _members(value, home)
    every: dict[str, Any] = {**beside, **own}
    if not service.budget.take(RESOURCE + len(every)):
        return
    where = {name: (*around, name) for name in beside if name not in own}
    if isinstance(value, str):
        where["arn"] = home
    making = Making(service, "", home)
    making.findings += extra
    if not check_whole(making, kind, value):
        yield making.resource(MAPPING, NAME)._replace(payload=Unknown())
        return
    members = making.read(_pruned(service, every, names), home, names, as_it_is)
    making.places.update({(names.own[name],): path for name, path in where.items() if name in names.own})
    making.settle(members, inner, access)
    if isinstance(value, str):
        making.names["EventSourceArn",] = str(home[-1])
    check(making, kind, every, {**{name: (*home, name) for name in own}, **where})
    if "StartingPosition" in names.own.values():
        making.payload.setdefault("StartingPosition", "TRIM_HORIZON")
    if kind == KAFKA:
        making.names["EventSourceArn",] = "bootstrapServers"
    if kind == STREAM:
        _report_stream_type(making, every.get("type"), where.get("type", (*home, "type")))
        making.stream(every.get("type"), every.get("consumer"), where.get("consumer", (*home, "consumer")))
    else:
        making.served(service_name)
    yield making.resource(MAPPING, NAME)


def _report_stream_type(making: Making, kind: Any, path: Path) -> None:
    """Report a misspelt `type` of a stream event, such as "kinesys"."""
    meant = nearest(kind, STREAMS)
    if meant is not None and kind != meant:
        message = f"There is no stream type {kind[:MAX_NAME_LENGTH]!a}; did you mean {meant!r}?"
        making.report(SPELLING, path, message, f"Write {meant}.", is_key=False)


def _members(value: Any, home: Path) -> Mapping[str, Any]:
    """Return the members of an event. An event that is a string is the ARN of its source: `{"arn": …}`.

    The ARN is unknown for any other event that is not an object, or that is a function such as `Fn::If`.
    """
    if isinstance(value, dict) and function(value, home) is None:
        return value
    return {} if value is None else {"arn": value if isinstance(value, str) else Unknown()}


def _pruned(service: ServerlessService, value: Mapping[str, Any], names: Names) -> dict[str, Any]:
    """Return the members of an event. In a service with plugins, leave out unknown names, which a plugin may define.

    Names that are similar to known ones are included, since they are probably misspelt.
    """
    if not service.is_open:
        return dict(value)
    every = {name for event in EVENTS.values() for name in (*event.names.own, *event.names.others)}
    return {
        name: member
        for name, member in value.items()
        if name in names.own or name in every or names.meant(name) or nearest(name, names.own)
    }


def _settings(service: ServerlessService, name: str, value: Mapping[str, Any], path: Path) -> Iterator[Resource]:
    """Yield the settings for asynchronous invocation of a function, such as `maximumRetryAttempts`, if it has any."""
    names = SETTINGS
    given = {member: value[member] for member in value if member in names.own or _is_slip(service, member, names)}
    if not given or not service.budget.take(RESOURCE + len(value)):
        return
    making = Making(service, name, path)
    making.settle(making.read(given, path, names, as_it_is), {}, {})
    yield making.resource(SETTING, NAME)


def _is_slip(service: ServerlessService, name: str, names: Names) -> bool:
    """Return whether a member of a function is a misspelt setting, and not another member of functions.

    In a service with plugins, only names of other formats count, since plugins may define any other name.
    """
    if name in FUNCTION:
        return False
    return bool(names.meant(name) or (not service.is_open and nearest(name, names.own)))
