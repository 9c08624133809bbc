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
from .names import DESTINATIONS, SERVICES, TARGET
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

    def settle(self, members: Mapping[str, Any]) -> None:
        """Make of each member what serverless makes of it."""
        for api, value in members.items():
            if value is not None:
                make = CONVERSIONS.get(api, Making.resolved)
                self.payload[api] = make(self, value, self.places[api,])
        self.payload["FunctionName"] = Unknown()

    def resolved(self, value: Any, path: Path) -> Any:
        """Return what a value stands for."""
        return self.service.value(value, path)

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
        self.payload.setdefault("StartingPosition", "TRIM_HORIZON")

    def served(self, service: str | None) -> None:
        """Take in what the kind of event says about its source."""
        if "EventSourceArn" in self.payload:
            self.payload["EventSourceArn"] = served(self.payload["EventSourceArn"], service)

    def response_types(self, value: Any, path: Path) -> Any:
        """`functionResponseType`: the only one."""
        self.places["FunctionResponseTypes", 0] = path
        return [self.resolved(value, path)]

    def scaling(self, value: Any, path: Path) -> Any:
        """`maximumConcurrency`."""
        self.places["ScalingConfig", "MaximumConcurrency"] = path
        self.names["ScalingConfig", "MaximumConcurrency"] = "maximumConcurrency"
        return {"MaximumConcurrency": self.resolved(value, path)}

    def filters(self, value: Any, path: Path) -> Any:
        """`filterPatterns`: each becomes JSON."""
        value = self.resolved(value, path)
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
    "DestinationConfig": Making.destinations,
    "FilterCriteria": Making.filters,
    "FunctionResponseTypes": Making.response_types,
    "ScalingConfig": Making.scaling,
}
"""By the API's name, what makes a member of what serverless has instead."""
