"""Convert the block of a Terraform resource into a payload of the API, with the positions of its members."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from ....base.spelling import folded, listing
from ....report import Source
from ...documents.places import Path
from ...findings.lint_rules import DUPLICATE, MISPLACED, SPELLING
from ...findings.resource import Resource
from ...unresolved.parts import ABSENT, Choice, Unknown
from ..aws_resources import Field
from ..members import Located, PayloadDraft, likely, objects
from .modules import labelled
from .scope import Scope
from .types import COMPUTED, META, META_BLOCKS, PROVIDER, TYPES, UNSET_VALUES, names

UNKNOWN_MEMBER = "member.unknown"
SOURCE, OTHER_SOURCE = "EventSourceArn", "SelfManagedEventSource"
ZEROS = (0, "", False)
DYNAMIC = -1
"""The step of a path in the payload that leads into a `dynamic` block, since its number of blocks is not known."""


class Style(NamedTuple):
    """The format in which a resource is written.

    `is_block` tests whether a value is written as a block; it is None for JSON, which does not distinguish blocks from
    attributes. `is_applied` says that the resource is from a plan or state: its names are not checked, and zeros count
    as missing.
    """

    format: str
    is_applied: bool = False
    is_block: Callable[[Path], bool] | None = None


def resource(type: str, body: Located, scope: Scope, style: Style, owner: Path | None = None) -> Resource:
    """Return the payload of a resource block. `type` is the resource's type, and `body` the content of the block.

    `owner` is the document path that identifies the resource; it is that of the block by default.
    """
    builder = _BodyReader(type, body.path, scope, style)
    builder.payload = builder.members(TYPES[type].fields, body, ())
    if {OTHER_SOURCE, SOURCE} <= builder.payload.keys() and builder.payload[SOURCE] == Unknown():
        builder.payload[OTHER_SOURCE] = Unknown()  # either may be null, so that the mapping has one source
    found = builder.resource(TYPES[type], style.format, body.path if owner is None else owner, converts=True)
    return found._replace(names=names(type))


class _BodyReader(PayloadDraft):
    """Converts the blocks and arguments of a resource into a payload."""

    def __init__(self, type: str, path: Path, scope: Scope, style: Style) -> None:
        super().__init__(path)
        self.type, self.scope, self.style = type, scope, style

    def members(self, arguments: Mapping[str, Field], body: Located, api: Path) -> dict[str, Any]:
        """Return the members of a block under the API's names, and report names that are not in `arguments`.

        `api` is the path of the block in the payload.
        """
        payload: dict[str, Any] = {}
        for name, raw in sorted(body.value.items(), key=lambda pair: pair[0] == "dynamic"):
            argument, path = arguments.get(name), (*body.path, name)
            if argument is not None:
                value = self.member(name, argument, raw, path, (*api, argument.api))
                if value is not ABSENT:
                    payload[argument.api] = value
            elif name == "dynamic":
                self.dynamic(arguments, Located(raw, path), api, payload)
            elif not self.style.is_applied and not (name in META | META_BLOCKS if not api else name == "//"):
                self.stranger(name, arguments, path, api, payload)
        if not self.style.is_applied and DYNAMIC not in api:
            self.need(arguments, body, payload)
        return payload

    def member(self, name: str, argument: Field, raw: Any, path: Path, api: Path) -> Any:
        """Return the value of a member as it is sent to the API; `ABSENT` if it is not sent.

        `path` is the path of the member in the document, and `api` its path in the payload.
        """
        self.places[api] = path
        self.form(name, argument, raw, path)
        if argument.members is not None:
            return self.blocks(name, argument, raw, path, api)
        if self.style.is_block and self.style.is_block(path):
            raw = raw[0]
        located = self.scope.value(raw, path)
        self.places[api] = located.path
        value = self.sent(name, argument, self.settled(located, api))
        if value is ABSENT:
            return ABSENT
        if argument.conversion == "timestamp":
            return self.timestamp(value, located.path, name)
        return _endpoints(value) if argument.conversion == "endpoints" else value

    def sent(self, name: str, argument: Field, value: Any) -> Any:
        """Return a value as Terraform's provider sends it to the API; `ABSENT` for null and others that it omits."""
        if isinstance(value, Choice):
            return value.mapped(lambda option: self.sent(name, argument, option.value))
        return ABSENT if value is None or self.is_unset(name, argument, value) else value

    def is_unset(self, name: str, argument: Field, value: Any) -> bool:
        """Return whether Terraform's provider leaves an argument with this value out of the request."""
        if not self.style.is_applied:
            return argument.is_unset(value)
        unset = UNSET_VALUES[self.type]
        return value in ([], {}) or (name in unset and value in (*ZEROS, unset[name]))

    def settled(self, located: Located, api: Path | None) -> Any:
        """Return a value in which every `Located` part is replaced by its value, and store the path of each part.

        Paths inside the options of a `Choice` are not stored. `api` is the path of the value in the payload.
        """
        value = located.value
        if api is not None:
            self.places[api] = located.path
        if type(value) is list:
            return [self.settled(item, (*api, index) if api is not None else None) for index, item in enumerate(value)]
        if isinstance(value, dict):
            inner = {name: (*api, name) if api is not None else None for name in value}
            return {name: self.settled(member, inner[name]) for name, member in value.items()}
        if isinstance(value, Choice):
            return value.mapped(lambda option: self.settled(Located(option.value, ()), None))
        return value

    def blocks(self, name: str, argument: Field, raw: Any, path: Path, api: Path) -> Any:
        """Return the value of all blocks called `name`: an object, or a list of objects if there may be several.

        Return `ABSENT` if nothing is sent to the API.
        """
        assert argument.members is not None  # it is a block
        if isinstance(raw, Located):
            self.places[api] = raw.path
            return raw.value
        bodies = list(objects(raw, path))
        if argument.many and bodies:
            self.places |= {(*api, index): body.path for index, body in enumerate(bodies)}
            return [self.members(argument.members, body, (*api, index)) for index, body in enumerate(bodies)]
        if bodies:
            for body in bodies[1:]:
                self.report(
                    DUPLICATE, body.path, f"{name} occurs twice; at most one is allowed.", "Leave out one of the two."
                )
            is_sent = (
                bodies[0].value or self.style.is_applied or any(member.needs for member in argument.members.values())
            )
            return self.members(argument.members, bodies[0], api) if is_sent else ABSENT
        value = self.scope.value(raw, path).value
        if value is None or raw == []:
            return ABSENT
        return Unknown() if isinstance(value, list | dict) else value

    def form(self, name: str, argument: Field, raw: Any, path: Path) -> None:
        """Report a block that is written as an attribute (`name = { }`), or an attribute that is written as a block."""
        if self.style.is_block is None:
            return
        is_block = self.style.is_block(path)
        if is_block and argument.members is None:
            self.report(MISPLACED, path, f"{name} is an argument, not a block.", f"Write {name} = with an equals sign.")
        elif argument.members is not None and not is_block:
            self.report(
                MISPLACED, path, f"{name} is a block, not an argument.", f"Write {name} {{ without an equals sign."
            )

    def dynamic(self, arguments: Mapping[str, Field], found: Located, api: Path, payload: dict[str, Any]) -> None:
        """Add `dynamic` blocks as unknown values, and check the names in them.

        Terraform repeats such a block for each item of a list, which is usually not known. `payload` must already
        contain the ordinary blocks, since unknown ones are added to those with the same name.
        """
        for (name,), body in labelled(*found, 1):
            argument = arguments.get(name)
            if argument is None:
                self.stranger(name, arguments, body.path, api, payload)
                continue
            written = payload.get(argument.api)
            if argument.many and isinstance(written, list):
                payload[argument.api] = [*written, Unknown()]
            else:
                payload[argument.api] = Unknown()
                self.places[(*api, argument.api)] = body.path
            for content in objects(body.value.get("content"), (*body.path, "content")):
                self.members(argument.members or {}, content, (*api, argument.api, DYNAMIC))  # reports wrong names

    def stranger(
        self, name: str, arguments: Mapping[str, Field], path: Path, api: Path, payload: dict[str, Any]
    ) -> None:
        """Report a name that is not an argument. If it probably means a missing argument, set that to unknown."""
        if name in COMPUTED[self.type] and not api:
            message = f"{name} is set by the provider; it cannot be set in a configuration."
            self.report(UNKNOWN_MEMBER, path, message, "Leave it out.")
            return
        spelt = {argument.api: own for own, argument in arguments.items()}
        meant = spelt.get(name) or likely(name, arguments)
        shown = ascii(name[:80])
        if meant is None:
            message = f"There is no argument {shown} in {self.type}; leave it out."
            known = f"The arguments are {listing(arguments, 'and')}." if len(arguments) <= 12 else None
            self.report(UNKNOWN_MEMBER, path, message, known)
            return
        if arguments[meant].api not in payload:
            payload[arguments[meant].api] = Unknown()
            self.places[(*api, arguments[meant].api)] = path
        rule = SPELLING if name in spelt or folded(name) == folded(meant) else UNKNOWN_MEMBER
        message = f"There is no argument {shown} in {self.type}; did you mean {meant!r}?"
        self.report(rule, path, message, f"Write {meant}.")

    def source(self, path: Path) -> Source:
        """Return the documentation that a finding at a path cites: the provider's page of the resource type."""
        return Source(PROVIDER, self.type, next((step for step in reversed(path) if isinstance(step, str)), ""))


def _endpoints(value: Any) -> Any:
    """Return the servers of each endpoint as a list, as in the API: "a:1,b:2" becomes ["a:1", "b:2"]."""
    if not isinstance(value, dict):
        return Unknown()
    return {name: member.split(",") if isinstance(member, str) else Unknown() for name, member in value.items()}
