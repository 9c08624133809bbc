"""Read the files below `schemas/`, and add to hand-written schemas the source of each member, found by its place.

    schemas/documents/Op.json                            what `transcribed` adds
    {"title": "Op", "$defs": {"request": {
      "properties": {"A": {"type": "string"}},           "A" cites Op, Request Body, A
      "allOf": [{"if": …, "then": {"required": ["B"]}}]  `then` cites Op, Request Body, B
    }}}

An overlay adds facts that no document states. A rule without a message gets its message from `schemas/wording.json`.
See `schemas/README.md` for all of this.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from os.path import dirname, join
from typing import Any

Schema = Any

SECTIONS = {"request": "Request Body", "response": "Response Elements"}
"""The section of a document that lists the members of a direction, unless its `x-source` names another."""
OBSERVED = {"document": "lambda-validate", "section": "Observed behaviour of the service"}
"""The source that an overlay cites: behaviour of the service that no document states."""
NEWER = "types.json#/$defs/NewerMember"


@cache
def read(name: str) -> Any:
    """Return the parsed content of a file below `schemas/`, such as `"current/types.json"`. Treat it as immutable."""
    return _parsed(name)


def _parsed(name: str, hook: Callable[[Schema], Schema] | None = None) -> Schema:
    import json  # not for those who only ask for names

    return json.loads(_bytes(name), object_hook=hook)


def _bytes(name: str) -> bytes:
    try:
        package = import_module("lambda_validate.schemas")  # the folder schemas/, once it is installed
    except ImportError:
        with open(join(dirname(dirname(dirname(__file__))), "schemas", name), "rb") as file:
            return file.read()
    # Read the file with the module loader, which also works if the package is in a zip file. importlib.resources would
    # too, but importing it takes longer than everything else in this module.
    loader: Any = package.__loader__
    data: bytes = loader.get_data(join(dirname(str(package.__file__)), *name.split("/")))
    return data


def merged(target: Any, patch: Any) -> Any:
    """Return a value changed by a JSON merge patch (RFC 7396). The original is not modified."""
    if not isinstance(patch, Mapping):
        return patch
    result = dict(target) if isinstance(target, Mapping) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merged(result.get(key), value)
    return result


class Defaults:
    """Hooks for `json.loads` that add default messages and sources to each object while a file is parsed."""

    def __init__(self, wording: Mapping[str, Any]) -> None:
        self.errors, self.rules = wording["errors"], wording["rules"]

    def document(self, schema: Schema) -> Schema:
        """Add the default message to each rule under `x-rules` that has no message."""
        if "x-rules" in schema:
            rules = schema["x-rules"].items()
            schema["x-rules"] = {key: rule if "message" in rule else self.worded(rule) for key, rule in rules}
        return schema

    def worded(self, rule: Schema) -> Schema:
        """Return an entry of `x-rules` with the default message and source for its id."""
        return {"id": rule["id"], **self.rules.get(rule["id"], {}), **rule}

    def overlay(self, schema: Schema) -> Schema:
        """Add the default messages to an object of an overlay, as `document` does, and complete its `x-source`.

        A source that names only a member cites the observed behaviour of the service.
        """
        if "x-source" in schema:
            schema["x-source"] = {**OBSERVED, **schema["x-source"]}
        return self.document(schema)


@cache
def _defaults() -> Defaults:
    return Defaults(read("wording.json"))


def overlay(file: str) -> Schema:
    """Return the parsed content of a file below `schemas/overlays/`, with default messages and sources.

    A missing file raises `OSError`.
    """
    return _parsed(f"overlays/{file}", _defaults().overlay)


@cache
def transcribed(file: str) -> Schema:
    """Return the parsed content of a file of the edition `documents`, changed by its overlay.

    The result is shared: treat it as immutable.
    """
    name, defaults = f"documents/{file}", _defaults()
    document = _parsed(name, defaults.document)
    if "$defs" not in document:
        return document
    whole = merged(document, overlay(name))
    return _operation(whole, defaults.errors) if "x-operation" in whole else whole


def _operation(document: Schema, errors: Mapping[str, str]) -> Schema:
    """Return the document of an operation with a source for each member and rule, and a description of each error."""
    title, facts = document["title"], document["x-operation"]
    stated = {name: {"description": errors[name], **error} for name, error in facts["errors"].items()}
    line = {"document": title, "section": "Request Syntax", "member": "the request line"}
    parts = {name: _direction(title, name, schema) for name, schema in document["$defs"].items()}
    return {**document, "x-operation": {**facts, "errors": stated, "x-source": line}, "$defs": parts}


def _direction(title: str, name: str, schema: Schema) -> Schema:
    source = {"document": title, "section": SECTIONS[name], **schema.get("x-source", {})}
    made = _branch(schema, source, f"the {name}")
    if "allOf" in schema:
        made["allOf"] = [_condition(rule, source) for rule in schema["allOf"]]
    return made


def _condition(schema: Schema, source: Schema) -> Schema:
    """Add a source to a conditional rule (`if` and `then`).

    If the rule has no source of its own, it cites the first member that its `then` requires.
    """
    if "x-source" in schema:
        return {**schema, "x-source": {**source, **schema["x-source"]}}
    return {**schema, "then": _branch(schema["then"], source, *schema["then"].get("required", [])[:1])}


def _branch(schema: Schema, source: Schema, statement: str = "") -> Schema:
    """Add sources to the schema of a direction or to the `then` of a conditional rule.

    The schema itself cites `statement`, such as "the request". Each of its members cites the member of that name.
    """
    own = {**source, "member": statement}
    made = {**schema, "x-source": own} if statement else dict(schema)
    if "properties" in schema:
        made["properties"] = {
            name: _cited(member, own if member.get("$ref") == NEWER else {**source, "member": name})
            for name, member in schema["properties"].items()
        }
    return made


def _cited(member: Schema, source: Schema) -> Schema:
    """Return the schema of a member with a source. The objects inside it get the same source."""
    made = {**member, "x-source": source}
    if "properties" in member:
        inner = member["properties"].items()
        made["properties"] = {
            name: _cited(nested, source) if "properties" in nested else nested for name, nested in inner
        }
    return made
