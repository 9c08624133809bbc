"""Examples of unknown values: typical ARNs for each service, and typical values for each schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from ...base.arns import service_of
from ...catalog.bundle import type_name
from ..documents.places import Path
from .parts import Partial, Unknown

HERE = "us-west-2:123456789012"


class Example(NamedTuple):
    """An example of the value of a reference, and whether it is a FIFO queue or topic (None for other services)."""

    text: str
    fifo: bool | None = None


SHAPES: Mapping[str, tuple[Example, ...]] = {
    "sqs": (Example(f"arn:aws:sqs:{HERE}:q", False), Example(f"arn:aws:sqs:{HERE}:q.fifo", True)),
    "kinesis": (
        Example(f"arn:aws:kinesis:{HERE}:stream/s"),
        Example(f"arn:aws:kinesis:{HERE}:stream/s/consumer/c:1571642825"),
    ),
    "dynamodb": (Example(f"arn:aws:dynamodb:{HERE}:table/t/stream/2024-06-10T19:26:16.525"),),
    "lambda": (Example(f"arn:aws:lambda:{HERE}:function:f"), Example(f"arn:aws:lambda:{HERE}:function:f:v")),
    "sns": (Example(f"arn:aws:sns:{HERE}:t", False), Example(f"arn:aws:sns:{HERE}:t.fifo", True)),
    "s3": (Example("arn:aws:s3:::b"),),
    "events": (Example(f"arn:aws:events:{HERE}:event-bus/b"),),
    "kafka": (Example(f"arn:aws:kafka:{HERE}:cluster/c/12345678-1234-1234-1234-123456789012-1"),),
    "dynamodb-table": (Example(f"arn:aws:dynamodb:{HERE}:table/t"),),
    "sqs-url": (Example("https://sqs.us-west-2.amazonaws.com/123456789012/q"),),
    "name": (Example("n"),),
}
"""Examples by `Unknown.service`. For other services, an ARN is made up.

The last three keys are not services. They are values that are often used by mistake in place of an ARN: the ARN of a
table instead of a stream, the URL of a queue, and a plain name.
"""

ANY_ARN = ("sqs", "kinesis", "dynamodb", "lambda", "sns", "s3", "events", "kafka")
TEXT = "x"


def service(placeholder: Unknown | Partial) -> str | None:
    """Return the service of an unknown ARN, such as "sqs"; None if that is unknown too."""
    return placeholder.service or (service_of(placeholder.prefix) if isinstance(placeholder, Partial) else None)


def candidates(placeholder: Unknown | Partial, schema: Any, path: Path) -> tuple[Any, ...]:
    """Return examples of an unknown value at a path in a payload, at least one for each case that rules distinguish.

    For an unknown event source, they are ARNs of all services, for example.
    """
    if isinstance(placeholder, Partial) and placeholder.is_whole:
        return (placeholder.prefix,)
    fifo = _fifo(placeholder) if isinstance(placeholder, Partial) and placeholder.fifo is None else placeholder.fifo
    known = service(placeholder)
    if known is not None:
        return _texts((known,), fifo)
    types = schema.get("$defs", {})
    inner = below(schema, path, types)
    name = path[-1] if path else ""
    if isinstance(name, str) and (name.endswith("Arn") or name == "Destination") and "pattern" in inner:
        return _texts(ANY_ARN, fifo)
    if isinstance(name, int) and inner.get("type") == "object":
        return _items(inner, types)
    return _readings(inner)


def _texts(services: tuple[str, ...], fifo: bool | None) -> tuple[str, ...]:
    shapes = (shape for name in services for shape in SHAPES.get(name) or (Example(f"arn:aws:{name}:{HERE}:x"),))
    return tuple(shape.text for shape in shapes if fifo is None or shape.fifo in (None, fifo))


def _fifo(text: Partial) -> bool | None:
    """Return whether a string with placeholders ends with ".fifo", as FIFO queues do; None if its end is unknown."""
    last = text.parts[-1] if text.parts else None
    if last is None:
        return None
    if last.endswith(".fifo"):
        return True
    return None if ".fifo".endswith(last) else False


def below(schema: Any, path: Path, types: Mapping[str, Any]) -> Any:
    """Return the schema that applies at a path in a payload, by `properties` and `items` only; empty if there is none.

    `types` are the `$defs` of the schema.
    """
    for step in path:
        schema = _target(schema, types)
        inner = schema.get("properties", {}).get(step) if isinstance(step, str) else schema.get("items")
        schema = inner if isinstance(inner, dict) else {}
    return _target(schema, types)


def _target(schema: Any, types: Mapping[str, Any]) -> Any:
    """Return a schema merged with the one that its `$ref` refers to, if any."""
    reference = schema.get("$ref")
    return {**types.get(type_name(reference), {}), **schema} if isinstance(reference, str) else schema


def _readings(schema: Any) -> tuple[Any, ...]:
    if "enum" in schema:
        return tuple(schema["enum"])
    if "examples" in schema:
        return tuple(schema["examples"])
    kind = schema.get("type")
    plain: Mapping[Any, tuple[Any, ...]] = {
        "boolean": (True, False), "integer": (schema.get("minimum", 0),), "number": (0,), "object": ({},),
        "array": ([],),
    }  # fmt: skip
    return plain.get(kind, (TEXT,))


def _items(schema: Any, types: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return examples of an unknown object: an empty one, and one for each value of each member with an `enum`."""
    members = {name: _target(member, types) for name, member in schema.get("properties", {}).items()}
    return ({}, *({name: value} for name, member in members.items() for value in member.get("enum", ())))
