"""Members of an event, or of a function, become the API's: what is called, nested or written otherwise there."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from ....base.arns import service_of
from ....base.spelling import listing, nearest
from ...documents.places import Path
from ...unresolved.parts import Unknown, is_uncertain
from ...unresolved.placeholders import served
from ..cloudformation.intrinsics import function
from ..members import PayloadDraft
from .names import ACCESS, ACCESSES, CREDENTIALS, DESTINATIONS, SERVICES, TARGET
from .service import ServerlessService

STREAMS = ("kinesis", "dynamodb")
"""What `type` of a stream may be."""


def as_it_is(value: Any, path: Path) -> Any:
    """Return a value that is looked at later."""
    return value


class Making(PayloadDraft):
    """A mapping, or settings, while it is made of what serverless calls otherwise."""

    def __init__(self, service: ServerlessService, owner: str, path: Path) -> None:
        super().__init__(path)
        self.service, self.owner = service, owner

    def settle(self, members: Mapping[str, Any], inner: Mapping[str, Path], access: Mapping[str, str]) -> None:
        """Make of each member what serverless makes of it; `inner` and `access` are those of a kind of event."""
        self.names |= {path[:1]: name for name, path in inner.items()}
        for name in list(access)[:1]:  # a virtual host comes after the credentials
            self.names[ACCESS,] = name
        for api, value in members.items():
            if value is None:
                continue
            made = CONVERSIONS.get(api, Making.resolved)(self, value, self.places[api,])
            if api in inner:
                self.put(inner[api], made, api)
            elif api in access:
                self.add_access(access[api], made, self.places[api,], api)
            else:
                self.payload[api] = made
        self.payload["FunctionName"] = Unknown()

    def resolved(self, value: Any, path: Path) -> Any:
        """Return what a value stands for."""
        return self.service.value(value, path)

    def listed(self, value: Any, path: Path) -> Any:
        """Return what a list stands for; the framework takes a scalar for a list of one."""
        known = self.service.value(value, path)
        return [known] if isinstance(known, str | int | float) else known

    def flag(self, value: Any, path: Path) -> Any:
        """Return true or false, for which the framework takes 1 and 0."""
        known = self.resolved(value, path)
        return bool(known) if type(known) is int and known in (0, 1) else known

    def add_access(self, kind: str, uri: Any, path: Path, name: str) -> None:
        """Add an item to SourceAccessConfigurations."""
        items = self.payload.setdefault(ACCESS, [])
        here = (ACCESS, len(items))
        items.append({"Type": kind, "URI": uri})
        self.places.setdefault(here[:1], path)
        self.places |= {here: path, (*here, "Type"): path, (*here, "URI"): path}
        self.names[*here, "URI"] = name

    def accesses(self, value: Any, path: Path) -> Any:
        """`accessConfigurations`: lists of secrets, subnets and groups."""
        if not isinstance(value, dict) or function(value, path) is not None:
            return self.resolved(value, path)
        self.payload[ACCESS] = []
        for name, items in self.read(value, path, ACCESSES, as_it_is, (ACCESS,)).items():
            kind, prefix = CREDENTIALS[name]
            known = self.listed(items, (*path, name))
            for index, each in enumerate(known if isinstance(known, list) else [Unknown()]):
                uri = prefix + each if isinstance(each, str) else Unknown() if is_uncertain(each) else each
                self.add_access(kind, uri, (*path, name, index), name)
        return self.payload[ACCESS]

    def stream(self, kind: Any, consumer: Any, path: Path) -> None:
        """Settle what is a stream's own: its service, where to start, a consumer that takes its place."""
        arn = self.payload.get("EventSourceArn")
        service = service_of(arn) or (kind if kind in STREAMS else None)
        if consumer not in (None, False) and service in ("kinesis", None):
            service = "kinesis"
            if consumer is not True:
                self.places["EventSourceArn",], self.names["EventSourceArn",] = path, "consumer"
                self.payload["EventSourceArn"] = self.resolved(consumer, path)
        self.served(service)

    def served(self, service: str | None) -> None:
        """Take in what the kind of event says about its source."""
        if "EventSourceArn" in self.payload:
            self.payload["EventSourceArn"] = served(self.payload["EventSourceArn"], service)

    def filters(self, value: Any, path: Path) -> Any:
        """`filterPatterns`: each becomes JSON."""
        value = self.listed(value, path)
        if not isinstance(value, list):
            return Unknown()
        for index in range(len(value)):
            self.places["FilterCriteria", "Filters", index] = (*path, index)
            self.places["FilterCriteria", "Filters", index, "Pattern"] = (*path, index)
        self.places["FilterCriteria", "Filters"] = path
        return {"Filters": [{"Pattern": _json(each)} for each in value]}

    def destinations(self, value: Any, path: Path) -> Any:
        """`destinations`: each outcome has an ARN, a function's name, or an object with type and ARN."""
        if not isinstance(value, dict):
            return self.resolved(value, path)
        outcomes = self.read(value, path, DESTINATIONS, as_it_is, ("DestinationConfig",))
        return {
            api: self.target(each, self.places["DestinationConfig", api], ("DestinationConfig", api))
            for api, each in outcomes.items()
            if each is not None
        }

    def target(self, value: Any, path: Path, api: Path) -> Any:
        """Return one destination."""
        here = (*api, "Destination")
        self.places[here] = path
        if not isinstance(value, dict) or function(value, path) is not None:
            self.names[here] = str(path[-1])
            return {"Destination": self.local(self.resolved(value, path), path)}
        members = self.read(value, path, TARGET, as_it_is, api)
        kind = value.get("type")
        service = SERVICES.get(kind) if isinstance(kind, str) else None
        if isinstance(kind, str) and service is None and "$" not in kind:
            message = f"The type of a destination must be {listing(SERVICES)}."
            meant = nearest(kind, SERVICES)
            help = f"Write {meant}." if meant else None
            self.report("destination.type", (*path, "type"), message, help, is_key=False)
        arn = members.get("Destination")
        if arn is None:
            return {"Destination": Unknown()} if function(value, path) else {}
        return {"Destination": served(self.resolved(arn, self.places[here]), service)}

    def local(self, value: Any, path: Path) -> Any:
        """Return the destination that a text is: a function of the service has an ARN."""
        if not isinstance(value, str) or value.startswith("arn:"):
            return value
        if value == self.owner:
            message = "A function cannot be its own destination."
            self.report("destination.self", path, message, is_key=False, severity="warning")
        return Unknown("lambda") if value in self.service.names or not self.service.is_whole else value


def _json(value: Any) -> Any:
    """Return a value as JSON; one that is unknown in part is unknown."""
    try:
        return Unknown() if is_uncertain(value) else json.dumps(value)
    except ValueError:  # a number with too many digits
        return Unknown()


CONVERSIONS: Mapping[str, Callable[[Making, Any, Path], Any]] = {
    ACCESS: Making.accesses,
    "BisectBatchOnFunctionError": Making.flag,
    "DestinationConfig": Making.destinations,
    "Enabled": Making.flag,
    "FilterCriteria": Making.filters,
    "bootstrapServers": Making.listed,
}
"""By the API's name, or that of a member which is part of another one, what makes a member of what serverless has."""
