"""The schema files, read into an immutable catalog of editions and operations.

An operation's file is a JSON Schema whose `$defs` hold the request and the response; `x-operation` says what the
operation is on the wire. Files are read when they are asked for: an edition of many operations costs no more than the
ones that are used. `schemas/vocabulary.json` describes every keyword of ours.
"""

from __future__ import annotations

import re
from functools import cache, cached_property
from importlib import import_module
from os.path import dirname, join
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from .report import Source
from .spelling import UnknownNameError
from .values import as_object

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

EDITIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"documents": ("CreateEventSourceMapping", "GetFunctionEventInvokeConfig")}
)
"""Each edition's operations, one file each; a test holds this against the folders."""

DIRECTIONS = ("request", "response")
Schema = Any


class SchemaError(ValueError):
    """A schema that cannot be used: an unknown keyword or format, a wrong argument, a reference to nowhere."""


class ErrorFact(NamedTuple):
    """A documented exception: its HTTP status, and when it is raised."""

    status: int
    description: str


class Operation:
    """One operation of one edition: what it is on the wire, and its two schemas.

    `name`, `edition`, `method`, `path` (with `{Member}` where one travels), `status` (of success), `content_type`,
    `errors` (name to `ErrorFact`) and `source` are read from the operation's file. Immutable.
    """

    edition: str
    name: str
    description: str
    method: str
    path: str
    status: int
    content_type: str
    errors: Mapping[str, ErrorFact]
    source: Source
    _document: Mapping[str, Any]

    def __init__(self, edition: str, document: Mapping[str, Any]) -> None:
        facts = document["x-operation"]
        vars(self).update(
            edition=edition,
            name=document["title"],
            description=document["description"],
            method=facts["method"],
            path=facts["path"],
            status=facts["success"],
            content_type=facts["contentType"],
            errors=MappingProxyType({name: ErrorFact(**fact) for name, fact in facts["errors"].items()}),
            source=Source(**facts["x-source"]),
            _document=document,
        )

    def __setattr__(self, name: str, value: object = None) -> None:
        raise AttributeError("an operation cannot be changed")

    __delattr__ = __setattr__

    def __repr__(self) -> str:
        return f"<Operation {self.name} of {self.edition!r}>"

    def schema(self, direction: str) -> Schema:
        """Return the schema of a direction with everything it refers to beside it, our annotations included.

        The result is shared: treat it as immutable. An unknown direction raises `UnknownNameError`.
        """
        if direction not in DIRECTIONS:
            raise UnknownNameError("direction", direction, DIRECTIONS)
        return self._schemas[direction]

    @cached_property
    def _schemas(self) -> Mapping[str, Schema]:
        return {each: bundle(self.edition, self._document, self._document["$defs"][each]) for each in DIRECTIONS}

    def members(self, direction: str) -> Mapping[str, Schema]:
        """Return the members of a direction and the schema of each, in the document's order."""
        return MappingProxyType(self.schema(direction)["properties"])

    def location(self, member: str) -> str:
        """Return where a request member travels: `"path"`, `"query"` or `"body"`."""
        members = self.members("request")
        if member not in members:
            raise UnknownNameError("member", member, members)
        return str(members[member]["x-in"])

    def defaults(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        """Return the documented default of each member that a request leaves out; some depend on the event source.

        What is no mapping leaves out every member.
        """
        schema, payload = self.schema("request"), as_object(payload) or {}
        return {
            member: subschema["default"]
            for branch in (schema, *_branches(schema, payload))
            for member, subschema in branch.get("properties", {}).items()
            if "default" in subschema and member not in payload
        }


def _branches(schema: Schema, payload: Mapping[str, Any]) -> Iterator[Schema]:
    """The `then` of each conditional rule whose `if` a payload meets."""
    for rule in schema.get("allOf", ()):
        condition = _resolve(schema, rule.get("if", {}))
        if any("default" in each for each in rule.get("then", {}).get("properties", {}).values()) and _selects(
            condition, payload
        ):
            yield rule["then"]


def _selects(condition: Schema, payload: Mapping[str, Any]) -> bool:
    """Whether a payload meets a condition that names members and patterns, which is how defaults are told apart."""
    patterns = {member: subschema["pattern"] for member, subschema in condition["properties"].items()}
    values = {member: payload.get(member) for member in patterns}
    return all(isinstance(value, str) and re.search(patterns[name], value) for name, value in values.items())


def _resolve(schema: Schema, subschema: Schema) -> Schema:
    return schema["$defs"][subschema["$ref"].rpartition("/")[2]] if "$ref" in subschema else subschema


@cache
def read(name: str) -> Any:
    """Return a file below `schemas/`, such as `"documents/types.json"`, parsed. It is shared: treat it as immutable."""
    import json  # not for those who only ask for names

    return json.loads(_bytes(name))


def _bytes(name: str) -> bytes:
    try:
        package = import_module("lambda_validate.schemas")  # the folder schemas/, once it is installed
    except ImportError:
        with open(join(dirname(dirname(__file__)), "schemas", name), "rb") as file:
            return file.read()
    # The loader's own reader also works from a zip file; importlib.resources would cost more than everything else here.
    loader: Any = package.__loader__
    data: bytes = loader.get_data(join(dirname(str(package.__file__)), *name.split("/")))
    return data


def operations(edition: str = "documents") -> tuple[str, ...]:
    """Return the names of an edition's operations. An unknown edition raises `UnknownNameError`."""
    try:
        return EDITIONS[edition]
    except (KeyError, TypeError):
        raise UnknownNameError("edition", edition, EDITIONS) from None


def operation(name: str, edition: str = "documents") -> Operation:
    """Return an operation. An unknown name or edition raises `UnknownNameError`, which names the nearest."""
    if name not in operations(edition):
        raise UnknownNameError("operation", name, operations(edition))
    return _operation(name, edition)


@cache
def _operation(name: str, edition: str) -> Operation:
    return Operation(edition, read(f"{edition}/{name}.json"))


def types(edition: str = "documents") -> Mapping[str, Schema]:
    """Return the types that the operations of an edition share, by name."""
    operations(edition)
    return MappingProxyType(read(f"{edition}/types.json")["$defs"])


def bundle(edition: str, document: Schema, schema: Schema) -> Schema:
    """Return a schema with every type that it refers to, from its own file or another, under its own `$defs`."""
    found: dict[str, Schema] = {}
    bundled = _bundled(schema, edition, document, found)
    return {"$schema": document["$schema"], **bundled, **({"$defs": found} if found else {})}


def _bundled(schema: Schema, edition: str, document: Schema, found: dict[str, Schema]) -> Schema:
    if isinstance(schema, list):
        return [_bundled(each, edition, document, found) for each in schema]
    if not isinstance(schema, dict):
        return schema
    copy = {key: _bundled(value, edition, document, found) for key, value in schema.items()}
    if isinstance(schema.get("$ref"), str):
        copy["$ref"] = _adopt(schema["$ref"], edition, document, found)
    return copy


def _adopt(reference: str, edition: str, document: Schema, found: dict[str, Schema]) -> str:
    """Put the type that a reference names among `found`, once, and return the reference to it there."""
    file, _, pointer = reference.partition("#")
    name = pointer.rpartition("/")[2]
    home = read(f"{edition}/{file}") if file else document
    if pointer != f"/$defs/{name}" or name not in home.get("$defs", {}):
        raise SchemaError(f"{document['title']}: the reference {reference!r} leads nowhere")
    if name not in found:
        found[name] = {}  # holds the place, so that a type may refer to itself
        found[name] = _bundled(home["$defs"][name], edition, home, found)
    return f"#/$defs/{name}"


def portable(schema: Schema, *, strict: bool = False) -> Schema:
    """Return a schema without our annotations, which any 2020-12 validator reads and enforces whole.

    With `strict`, what would only be a warning is stated as a rule, but for what no standard keyword can say: that two
    members agree, and the format of a filter pattern.
    """
    if isinstance(schema, list):
        return [portable(each, strict=strict) for each in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {
        key: {name: portable(each, strict=strict) for name, each in value.items()}
        if key in ("properties", "$defs")
        else portable(value, strict=strict)
        for key, value in schema.items()
        if not key.startswith("x-") and key != "format"
    }
    return _strict(schema, plain) if strict else plain


def _strict(schema: Schema, plain: Schema) -> Schema:
    if "x-unknown-members" in schema:
        plain["additionalProperties"] = False
    if "x-warnings" in schema:
        plain["allOf"] = [*plain.get("allOf", []), *portable(schema["x-warnings"], strict=True)]
    return plain
