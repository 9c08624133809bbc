"""Plain values that a schema may admit: what examples are tried with. The validator judges each of them afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from itertools import islice
from typing import Any, NamedTuple

from ..catalog import Schema
from ..patterns import PatternError
from ..patterns.matching import matcher
from ..patterns.syntax import (
    Assertion,
    Characters,
    Choice,
    Node,
    Repeat,
    Sequence,
    mask_of,
    parse,
)
from .statements import merged

MOST = 5
"""Values that are made of one schema."""
LONGEST = 20_000
"""Characters of a text that is made as long as it may be."""
LIKELY = ("a1-_./:=@$ ", "1a-_./:=@$ ")
"""Characters in the order in which they are taken where a pattern leaves a choice."""
WORDS = ("us", "my-name", "west", "123456789012", "0123456789abcdef0")
"""What looks real where a character is repeated; the first only where it stands twice."""
DEPTH = 8
ARN = "arn:aws:{}:us-west-2:123456789012:{}"
REAL = (
    "my-function", "prod", "1", "$LATEST", ARN.format("sqs", "my-queue"),
    ARN.format("lambda", "function:my-function"), ARN.format("lambda", "function:my-function:1"),
    ARN.format("kinesis", "stream/my-stream"), ARN.format("dynamodb", "table/my-table/stream/2024-01-01T00:00:00.000"),
    "arn:aws:iam::123456789012:role/my-role", ARN.format("lambda", "layer:my-layer:1"),
    ARN.format("lambda", "layer:my-layer"), ARN.format("lambda", "code-signing-config:csc-0123456789abcdef0"),
    ARN.format("lambda", "event-source-mapping:01234567-89ab-cdef-0123-456789abcdef"),
    ARN.format("lambda", "capacity-provider:my-provider"),
    ARN.format("kms", "key/01234567-89ab-cdef-0123-456789abcdef"),
    "01234567-89ab-cdef-0123-456789abcdef", "123456789012", "us-west-2", "sg-0123456789abcdef0",
    "subnet-0123456789abcdef0", "lambda:InvokeFunction", "s3.amazonaws.com", "app.handler", "/mnt/data",
    "ZXhhbXBsZQ==",
)  # fmt: skip
"""Texts that look real: of those that a pattern admits, the first is an example."""


def values(root: Schema, schema: Schema, depth: int = 0) -> Iterator[Any]:
    """Yield a few values that a schema's own keywords admit, the most telling first."""
    plain = merged(root, schema)
    known = [*plain.get("examples", ()), *([plain["default"]] if "default" in plain else ())]
    known += [plain["const"]] if "const" in plain else plain.get("enum", ())[:MOST]
    kind = plain.get("type", "object" if "properties" in plain else "string")
    kind = kind[0] if isinstance(kind, list) else kind
    made = MADE[kind](root, plain, depth) if not known or kind == "string" else iter(())
    seen: list[Any] = []
    for each in islice((*known, *made), MOST):
        if each not in seen:
            seen.append(each)
            yield each


def _text(root: Schema, schema: Schema, depth: int) -> Iterator[str]:
    least = schema.get("minLength", 0)
    most = schema.get("maxLength", LONGEST)
    if "pattern" not in schema:
        yield "text".ljust(least, "t")[: max(most, 0)]
        return
    real = (each for each in REAL if matcher(schema["pattern"])(each))
    for text in (*islice(real, 2), *texts(schema["pattern"], least)):
        if least <= len(text) <= most:
            yield text


def _number(root: Schema, schema: Schema, depth: int) -> Iterator[int]:
    least, most = schema.get("minimum", 1), schema.get("maximum", 1)
    yield least if least > 1 else min(1, most)


def _items(root: Schema, schema: Schema, depth: int) -> Iterator[list[Any]]:
    if depth < DEPTH:
        for each in values(root, schema.get("items", {}), depth + 1):
            yield [each] * max(1, schema.get("minItems", 1))
    yield []


def _members(root: Schema, schema: Schema, depth: int) -> Iterator[dict[str, Any]]:
    for wanted in (schema.get("properties", {}), schema.get("required", ())):
        found = _object(root, schema, wanted, depth) if depth < DEPTH else {}
        yield found


def _object(root: Schema, schema: Schema, wanted: Any, depth: int) -> dict[str, Any]:
    members = schema.get("properties", {})
    found: dict[str, Any] = {}
    for name in wanted:
        first = next(values(root, members.get(name, {}), depth + 1), None)
        if first is not None:
            found[name] = first
    if not members and isinstance(schema.get("additionalProperties"), dict):
        first = next(values(root, schema["additionalProperties"], depth + 1), "text")
        name = next(values(root, {"type": "string", **schema.get("propertyNames", {})}, depth + 1), "name")
        found[name] = first
    return found


MADE: Mapping[str, Callable[[Schema, Schema, int], Iterator[Any]]] = {
    "string": _text,
    "integer": _number,
    "number": _number,
    "boolean": lambda *_: iter((True,)),
    "null": lambda *_: iter((None,)),
    "array": _items,
    "object": _members,
}
"""By JSON type, what makes values."""


@cache
def texts(pattern: str, least: int = 0) -> tuple[str, ...]:
    """Return texts that a pattern may match, at least so long where it has a part that can be repeated."""
    tree = parsed(pattern)
    return () if tree is None else tuple(dict.fromkeys(_texts(tree, least)))


def _texts(tree: Node, least: int) -> Iterator[str]:
    for likely in LIKELY:
        short = text_of(tree, likely)
        yield short
        if len(short) < least:
            yield text_of(tree, likely, least - len(short))


@cache
def ways(pattern: str) -> tuple[str, ...]:
    """Return a text for each way through a pattern; none of one that cannot be read."""
    tree = parsed(pattern)
    return () if tree is None else tuple(text_of(tree, way=each.way) for each in branches(tree))


@cache
def parsed(pattern: str) -> Node | None:
    """Return the tree of a pattern, or None where it is not of the dialect."""
    try:
        return parse(pattern)
    except PatternError:
        return None


Way = Mapping[int, int]
"""By the identity of a node with several ways through it, the one that is taken."""
ANY: Way = {}


def text_of(node: Node, likely: str = LIKELY[0], more: int = 0, way: Way = ANY) -> str:
    """Return a plain text of a tree; `more` is how often a part without end is repeated beyond what it must be."""
    match node:
        case Characters(mask):
            return _character(mask, likely)
        case Sequence(parts):
            endless = [index for index, part in enumerate(parts) if isinstance(part, Repeat) and part.most is None]
            longer = endless[-1:] if endless else range(len(parts))
            return "".join(
                text_of(part, likely, more if index in longer else 0, way) for index, part in enumerate(parts)
            )
        case Choice(options):
            if id(node) in way:
                return text_of(options[way[id(node)]], likely, more, way)
            return max((text_of(each, likely, more, way) for each in options[:2]), key=len)
        case Repeat(part, least, most):
            word = _word(part, least, most) if likely is LIKELY[0] and not more else None
            if word is not None and (least or id(node) in way):
                return word
            times = max(least, way.get(id(node), 0), 2 if most is None and least else 0) + more
            times = times if most is None else min(times, most)
            return text_of(part, likely, 0, way) * min(times, LONGEST)
        case Assertion():
            return ""


class Branch(NamedTuple):
    """One of several ways through a tree: the node that forks, which way, what is there, and how to get there."""

    fork: Choice | Repeat
    option: int
    part: Node
    way: Way


def branches(node: Node, way: Way = ANY) -> Iterator[Branch]:
    """Yield each way of each fork: an alternative, or a part that may be there; in the order of the pattern."""
    match node:
        case Sequence(parts):
            for part in parts:
                yield from branches(part, way)
        case Choice(options):
            for index, option in enumerate(options):
                here = {**way, id(node): index}
                yield Branch(node, index, option, here)
                yield from branches(option, here)
        case Repeat(part, least, most):
            here = {**way, id(node): 1}
            if (least, most) == (0, 1):
                yield Branch(node, 1, part, here)
            yield from branches(part, here)


def _word(part: Node, least: int, most: int | None) -> str | None:
    """Return what looks real where a character is repeated."""
    if not isinstance(part, Characters):
        return None
    fitting = (each for each in WORDS if least <= len(each) <= (len(each) if most is None else most))
    return next((each for each in fitting if not mask_of(each) & ~part.mask and (most == 2 or each != "us")), None)


def _character(mask: int, likely: str) -> str:
    for each in likely:
        if mask & mask_of(each):
            return each
    low = mask & -mask
    return chr(low.bit_length() - 1) if low and low.bit_length() <= 128 else "\u00e9"
