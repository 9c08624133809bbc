"""Convert the members of an event or function in serverless.yml to members of the API.

These have other names, such as `BatchSize` for `batchSize`; other places, such as `Topics` for `topic`; or other forms.

What the Serverless Framework's own schemas of events require beyond the API is checked too. By default the framework
only warns about values that its schemas refuse, and deploys them; so these are warnings. If packaging itself fails, for
example for an object in place of a string, it is an error. Values with variables are skipped, and so are values that
break a rule of the API.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from ....base.arns import service_of
from ....base.spelling import listing, nearest
from ...documents.places import Path, Tagged
from ...findings.lint_rules import SERVERLESS
from ...unresolved.parts import Unknown, is_uncertain, served
from ..cloudformation.intrinsics import function
from ..members import PayloadDraft
from .names import (
    ACCESS,
    ACCESSES,
    ACTIVE,
    CREDENTIALS,
    DESTINATIONS,
    DOCUMENTED,
    KAFKA,
    MSK,
    RABBIT,
    SERVICES,
    SQS,
    STREAM,
    TARGET,
)
from .service import ServerlessService

STREAMS = ("kinesis", "dynamodb")
"""The values of `type` in a stream event."""


def as_it_is(value: Any, path: Path) -> Any:
    """Return a value unchanged. It is passed as `convert` to `PayloadDraft.read` if values are evaluated later."""
    return value


class Making(PayloadDraft):
    """The payload that is being made of an event or of a function's settings. `owner` is the function's name."""

    def __init__(self, service: ServerlessService, owner: str, path: Path) -> None:
        super().__init__(path)
        self.service, self.owner = service, owner

    def settle(self, members: Mapping[str, Any], inner: Mapping[str, Path], access: Mapping[str, str]) -> None:
        """Convert each member as the Serverless Framework does, and add it to the payload.

        `members` has the API's names. `inner` has the path in the payload of a member that is nested there. `access`
        has the type of a member that becomes an item of SourceAccessConfigurations.
        """
        self.names |= {path[:1]: name for name, path in inner.items()}
        for name in list(access)[:1]:  # the name of the credentials, which precede the virtual host
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
        """Evaluate a value: variables become unknown, and functions of CloudFormation are evaluated."""
        return self.service.value(value, path)

    def listed(self, value: Any, path: Path) -> Any:
        """Evaluate a list. The Serverless Framework treats a string or number as a list with one item."""
        known = self.service.value(value, path)
        return [known] if isinstance(known, str | int | float) else known

    def flag(self, value: Any, path: Path) -> Any:
        """Evaluate a boolean. The Serverless Framework also accepts 1 and 0."""
        known = self.resolved(value, path)
        return bool(known) if type(known) is int and known in (0, 1) else known

    def add_access(self, kind: str, uri: Any, path: Path, name: str) -> None:
        """Add an item with Type and URI to SourceAccessConfigurations, for the member `name` at a document path."""
        items = self.payload.setdefault(ACCESS, [])
        here = (ACCESS, len(items))
        items.append({"Type": kind, "URI": uri})
        self.places.setdefault(here[:1], path)
        self.places |= {here: path, (*here, "Type"): path, (*here, "URI"): path}
        self.names[*here, "URI"] = name

    def accesses(self, value: Any, path: Path) -> Any:
        """Convert `accessConfigurations`, an object with lists of secrets, subnets and security groups.

        Every string in these lists becomes an item of SourceAccessConfigurations.
        """
        if not isinstance(value, dict) or function(value, path) is not None:
            return self.resolved(value, path)
        self.payload[ACCESS] = []
        for name, items in self.read(value, path, ACCESSES, as_it_is, (ACCESS,)).items():
            kind, prefix = CREDENTIALS[name]
            known = self.listed(items, (*path, name))
            for index, item in enumerate(known if isinstance(known, list) else [Unknown()]):
                uri = prefix + item if isinstance(item, str) else Unknown() if is_uncertain(item) else item
                self.add_access(kind, uri, (*path, name, index), name)
        return self.payload[ACCESS]

    def stream(self, kind: Any, consumer: Any, path: Path) -> None:
        """Convert `type` and `consumer`, which only stream events have.

        `type` says whether the source is of Kinesis or DynamoDB. The ARN of a consumer replaces that of the stream.
        `path` is the document path of `consumer`.
        """
        arn = self.payload.get("EventSourceArn")
        service = service_of(arn) or (kind if kind in STREAMS else None)
        if consumer not in (None, False) and service in ("kinesis", None):
            service = "kinesis"
            if consumer is not True:
                self.places["EventSourceArn",], self.names["EventSourceArn",] = path, "consumer"
                self.payload["EventSourceArn"] = self.resolved(consumer, path)
        self.served(service)

    def served(self, service: str | None) -> None:
        """Set the service of a source whose ARN is unknown, such as "sqs" for an sqs event."""
        if "EventSourceArn" in self.payload:
            self.payload["EventSourceArn"] = served(self.payload["EventSourceArn"], service)

    def filters(self, value: Any, path: Path) -> Any:
        """Convert `filterPatterns`, a list of objects, to FilterCriteria. Every object becomes a string of JSON."""
        value = self.listed(value, path)
        if not isinstance(value, list):
            return Unknown()
        for index in range(len(value)):
            self.places["FilterCriteria", "Filters", index] = (*path, index)
            self.places["FilterCriteria", "Filters", index, "Pattern"] = (*path, index)
        self.places["FilterCriteria", "Filters"] = path
        return {"Filters": [{"Pattern": _json(pattern)} for pattern in value]}

    def destinations(self, value: Any, path: Path) -> Any:
        """Convert `destinations` to DestinationConfig.

        `onSuccess` and `onFailure` are an ARN, the name of a function, or an object with `type` and `arn`.
        """
        if not isinstance(value, dict):
            return self.resolved(value, path)
        outcomes = self.read(value, path, DESTINATIONS, as_it_is, ("DestinationConfig",))
        return {
            api: self.target(destination, self.places["DestinationConfig", api], ("DestinationConfig", api))
            for api, destination in outcomes.items()
            if destination is not None
        }

    def target(self, value: Any, path: Path, api: Path) -> Any:
        """Convert `onSuccess` or `onFailure` to `{"Destination": ARN}`, which is at the path `api` in the payload."""
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
        """Return the ARN for a destination that is a string. The name of a function in the service is an unknown ARN.

        Report a function that is its own destination.
        """
        if not isinstance(value, str) or value.startswith("arn:"):
            return value
        if value == self.owner:
            message = "A function cannot be its own destination."
            self.report("destination.self", path, message, is_key=False, severity="warning")
        return Unknown("lambda") if value in self.service.names or not self.service.is_whole else value


def _json(value: Any) -> Any:
    """Return a value as a string of JSON; `Unknown` if a part of it is not known."""
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
"""The method that converts a member, by the API's name. Members without a name in the API have their own name."""


SECRET = re.compile(r"arn:[a-z-]+:secretsmanager:[a-z0-9-]+:[0-9]+:secret:[A-Za-z0-9/_+=.@-]+")
BROKER = re.compile(r"\A(?!arn:[^:]*:mq:)|arn:[a-z-]+:mq:[a-z0-9-]+:[0-9]+:broker:[A-Za-z0-9/_+=.@-]+:b-[a-z0-9-]+")
SUBNET, GROUP = re.compile(r"subnet-[a-z0-9]+"), re.compile(r"sg-[a-z0-9]+")
ARN, ANY = re.compile(r"\Aarn:"), re.compile("")
ITEMS = {"vpcSubnet": (SUBNET, "subnets"), "vpcSecurityGroup": (GROUP, "security groups")}
"""By member of `accessConfigurations`, the pattern of its items, and a word for them. Items of others are secrets."""
REFERENCES = ("Ref", "Fn::ImportValue")


def _is_open(value: Any) -> bool:
    """Return whether a value is a string with a variable, such as `${self:custom.x}`, so that it cannot be checked."""
    return isinstance(value, str) and ("${" in value or "#{" in value or "{{" in value)


def _called(value: Any) -> str | None:
    """Return the name of the CloudFormation function that a value calls, such as "Ref"; None if there is none."""
    found = function(value, ())
    return found[0] if found else None


def _matches(pattern: re.Pattern[str], *functions: str) -> Callable[[Any], bool]:
    """Return a test for a value: a string must match `pattern`, and a function call must be one of `functions`.

    Values of other types pass the test, since other rules check these.
    """
    return lambda value: (
        pattern.search(value) is not None if isinstance(value, str) else _called(value) in (None, *functions)
    )


def _are_patterns(value: Any) -> bool:
    """Return whether a value can be a list of filter patterns: it is neither empty nor an object.

    The patterns and their number are checked by rules of the API.
    """
    return value != [] and (not isinstance(value, dict) or _called(value) is not None)


def _is_type(value: Any) -> bool:
    return nearest(value, STREAMS) is not None if isinstance(value, str) else isinstance(value, Tagged)


class Demand(NamedTuple):
    """What the Serverless Framework requires of a member: a test, and the words for a message, such as "an ARN".

    `fails` says that packaging fails if the test does. The finding is then an error, and otherwise a warning.
    """

    holds: Callable[[Any], bool]
    words: str
    fails: bool = False


STRING = Demand(lambda value: _called(value) is None, "a string, not a function of CloudFormation", True)
PATTERNS = Demand(_are_patterns, "a list of filter patterns that are objects")
SECRETS = Demand(_matches(SECRET, *REFERENCES), "the ARN of a secret, Ref or Fn::ImportValue")
BROKERS = Demand(_matches(BROKER, *REFERENCES), "the ARN of a broker, Ref or Fn::ImportValue")
BROKERED = {"arn": BROKERS, "basicAuthArn": SECRETS, "queue": STRING, "filterPatterns": PATTERNS}
DEMANDS: Mapping[str, Mapping[str, Demand]] = {
    SQS: {"filterPatterns": PATTERNS},
    STREAM: {
        "filterPatterns": PATTERNS,
        "consumer": Demand(lambda value: value is not False, "true or the ARN of a consumer"),
        "type": Demand(_is_type, "kinesis or dynamodb"),
    },
    MSK: {
        "arn": Demand(_matches(ANY, *REFERENCES), "an ARN, Ref or Fn::ImportValue", True),
        "topic": STRING,
        "saslScram512": Demand(_matches(ARN), "an ARN"),
        "filterPatterns": PATTERNS,
    },
    KAFKA: {
        "topic": STRING,
        "filterPatterns": PATTERNS,
    },
    ACTIVE: BROKERED,
    RABBIT: {**BROKERED, "virtualHost": STRING},
}
"""What the Serverless Framework requires of members, by the kind of event and the name of the member."""


def check_whole(making: Making, kind: str, value: Any) -> bool:
    """Return whether the content of an event can be read: it is an object, or for sqs and stream also an ARN.

    Report any other value, unless it is a string with a variable.
    """
    is_object = value is None or (isinstance(value, dict) and _called(value) is None)
    if is_object or (isinstance(value, str) and kind in DOCUMENTED):
        return True
    if _is_open(value):
        return False
    words = "an ARN or an object with arn" if kind in DOCUMENTED else "an object"
    _report(making, making.path, f"The value of {kind} must be {words}.", fails=True)
    return False


def check(making: Making, kind: str, members: Mapping[str, Any], places: Mapping[str, Path]) -> None:
    """Report members of an event that the Serverless Framework's schema for the kind of event refuses.

    `places` has the document paths of the members.
    """
    for name, demand in DEMANDS[kind].items():
        given = members.get(name)
        if given is not None and not _is_open(given) and not demand.holds(given):
            _report(making, places[name], f"{name} must be {demand.words}.", fails=demand.fails)
    _check_credentials(making, members.get("accessConfigurations"), places.get("accessConfigurations", ()))
    if kind == STREAM:
        arn = members.get("arn")
        if _called(arn) and members.get("type") is None:
            message = "A stream whose arn is a function of CloudFormation needs type: kinesis or dynamodb."
            _report(making, making.path, message, fails=True, is_key=True)
        _check_destinations(making, members.get("destinations"), places.get("destinations", ()))


def _check_credentials(making: Making, value: Any, path: Path) -> None:
    """Report lists in `accessConfigurations` that are empty or contain invalid items.

    If there is no list at all, another rule reports that.
    """
    if not isinstance(value, dict) or _called(value) or not any(value.get(name) for name in CREDENTIALS):
        return
    for name in [name for name in value if name in CREDENTIALS]:
        pattern, words = ITEMS.get(name, (SECRET, "ARNs of secrets"))
        given = value[name]
        items = given if isinstance(given, list) else [given]
        if not items or not all(isinstance(item, str) and (_is_open(item) or pattern.search(item)) for item in items):
            _report(making, (*path, name), f"{name} must be a list of {words}.")


def _check_destinations(making: Making, value: Any, path: Path) -> None:
    """Report `destinations` of a stream event that the Serverless Framework refuses. Another rule checks the ARN."""
    if not isinstance(value, dict) or _called(value):
        return
    target = value.get("onFailure")
    if target is None:
        _report(making, path, "The destinations of a stream need onFailure.", fails=True, is_key=True)
    elif _called(target):
        message = "The destination must be an ARN, or an object of arn and type, not a function of CloudFormation."
        _report(making, (*path, "onFailure"), message, fails=True)
    elif isinstance(target, dict):
        kind, arn = target.get("type"), target.get("arn")
        if arn is None:
            _report(making, (*path, "onFailure"), "A destination needs arn.", fails=kind is None, is_key=True)
        elif kind is None and _called(arn):
            message = "A destination whose arn is a function of CloudFormation needs type: sns or sqs."
            _report(making, (*path, "onFailure"), message, fails=True, is_key=True)
        elif kind in ("function", "eventBus"):
            _report(making, (*path, "onFailure", "type"), "The type of a stream's destination must be sns or sqs.")


def _report(making: Making, path: Path, message: str, *, fails: bool = False, is_key: bool = False) -> None:
    severity = "error" if fails else making.service.severity
    if severity:
        making.report(SERVERLESS, path, message, is_key=is_key, severity=severity)
