"""Define growing payloads, strings and HTTP requests, which `growth.py` measures."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

import lambda_validate as lv
from lambda_validate import catalog, http
from lambda_validate.compiler.messages import first_impossible
from lambda_validate.patterns.building import of_pattern
from lambda_validate.patterns.matching import matcher, whole

Call = Callable[[], object]


class Case(NamedTuple):
    """What grows (`group`), what is measured, the sizes, and the function that prepares the call for a size."""

    group: str
    name: str
    sizes: tuple[int, ...]
    make: Callable[[int], Call]


def doubled(first: int, last: int, factor: int = 2) -> tuple[int, ...]:
    """Return sizes, each this many times the previous one."""
    sizes = [first]
    while sizes[-1] * factor <= last:
        sizes.append(sizes[-1] * factor)
    return tuple(sizes)


MAPPING, FUNCTION = "CreateEventSourceMapping", "CreateFunction"
ARN = "arn:aws:kinesis:us-east-1:123456789012:stream/clicks"
VALID = {"EventSourceArn": ARN, "FunctionName": "click-counter", "StartingPosition": "LATEST"}
CREATE = {
    "FunctionName": "resize",
    "Runtime": "python3.12",
    "Role": "arn:aws:iam::210987654321:role/resize",
    "Handler": "app.handler",
    "Code": {"S3Bucket": "releases", "S3Key": "resize.zip"},
}
LAYER = "arn:aws:lambda:eu-west-1:210987654321:layer:pillow-{}:12"
SOURCES, FUNCTIONS = b"/2015-03-31/event-source-mappings/", b"/2015-03-31/functions"
TYPE = (b"content-type", b"application/json")
WIDE = http.Limits(1 << 28, 1 << 28, 1 << 28, 1 << 28, 1 << 28)
"""Limits that no case reaches, so that the usual ones do not hide growth."""


# Core: the verdict, the report and its messages.


def words(operation: str, payload: Any, edition: str) -> None:
    for each in lv.validate_request(operation, payload, edition):
        str((each.explanation, each.pointer))


CORE: dict[str, Callable[[str, Any, str], object]] = {
    "verdict": lv.is_valid_request, "report": lv.validate_request, "report and its words": words,
}  # fmt: skip

Payload = tuple[str, Any, str]


def unknown(count: int) -> Payload:
    return MAPPING, {**VALID, **{f"Member{number}": number for number in range(count)}}, "documents"


def variables(count: int, value: Any = "v") -> Payload:
    made = {f"NAME_{number}": value for number in range(count)}
    return FUNCTION, {**CREATE, "Environment": {"Variables": made}}, "current"


def tags(count: int) -> Payload:
    return FUNCTION, {**CREATE, "Tags": {f"tag-{number}": f"value {number}" for number in range(count)}}, "current"


def layers(count: int, form: str = LAYER) -> Payload:
    return FUNCTION, {**CREATE, "Layers": [form.format(number) for number in range(count)]}, "current"


PAYLOADS: dict[str, tuple[str, Callable[[int], Payload]]] = {
    "environment variables, all valid": ("members", variables),
    "tags, all valid": ("members", tags),
    "members that nobody knows": ("members", unknown),
    "layers, all valid": ("list", layers),
    "layers, all wrong in the middle": ("violations", partial(layers, form="arn:aws:lambda:eu west-1:{}")),
    "layers, all wrong at the end": ("violations", partial(layers, form=f"{LAYER} ")),
    "environment variables of a wrong type": ("violations", partial(variables, value=1)),
    "members nearly known": ("violations", lambda count: (MAPPING, {**VALID, **{
        f"BatchSize{number}": 1 for number in range(count)}}, "documents")),
}  # fmt: skip
"""The growing part, and the function that builds a payload of a size, by name."""


def core_cases() -> Iterator[Case]:
    for name, (group, make) in PAYLOADS.items():
        for how, call in CORE.items():
            largest = 512 if how in CORE and how.endswith("words") else 4096
            yield Case(group, f"{name}: {how}", doubled(largest // 64, largest), applied(call, make))
        yield Case(group, f"{name}: bytes to answer", doubled(64, 4096), partial(posted, make))


def applied(call: Callable[..., object], make: Callable[[int], Payload]) -> Callable[[int], Call]:
    return lambda size: partial(call, *make(size))


def posted(make: Callable[[int], Payload], size: int) -> Call:
    operation, payload, edition = make(size)
    path = SOURCES if operation == MAPPING else FUNCTIONS
    return partial(request, "POST", path, json.dumps(payload).encode(), edition=edition)


def request(method: str, target: bytes, body: bytes = b"", *headers: tuple[bytes, bytes], edition: str) -> object:
    return http.check_request(method, target, [TYPE, *headers], body, limits=WIDE, edition=edition)


# Strings: each pattern with a valid string, and with one whose last character is invalid.

ODD = "\n !\x00é"
"""Characters: each pattern rejects at least one of them at the end of a string."""


def found(schema: Any, name: str) -> Iterator[tuple[str, str]]:
    """Yield every pattern of a schema, at any depth, and its type or file."""
    if isinstance(schema, dict) and isinstance(schema.get("pattern"), str):
        yield schema["pattern"], name
    for key, each in schema.items() if isinstance(schema, dict) else ():
        types = each.items() if key == "$defs" else ((name, each),)
        yield from (pair for kind, below in types for pair in found(below, kind))
    for each in schema if isinstance(schema, list) else ():
        yield from found(each, name)


def patterns(edition: str) -> dict[str, str]:
    """Return the patterns of an edition that match strings of any length, by the type that first has each."""
    named: dict[str, str] = {}
    for file in ("types", *lv.operations(edition)):
        for pattern, kind in found(catalog.read(f"{edition}/{file}.json"), file):
            name = kind if file == "types" else f"{file} {kind}"
            if pattern not in named.values() and text_of(pattern, 4096) is not None:
                same = sum(each.partition(", ")[0] == name for each in named)
                named[f"{name}, {same + 1}" if same else name] = pattern
    return named


def text_of(pattern: str, size: int, broken: bool = False) -> str | None:
    """Return a string of about some length that a pattern matches, or one with an invalid last character."""
    admitted = of_pattern(pattern)
    length = next(admitted.lengths(size - 4, size), None)  # Base64 has valid ends only at every fourth character
    if length is None:
        return None
    text = admitted.plainest(length)
    if not broken:
        return text
    return next((text[:-1] + each for each in ODD if not matcher(pattern)(text[:-1] + each)), None)


def texts(edition: str) -> Iterator[Case]:
    for name, pattern in patterns(edition).items():
        for how, broken in (("valid", False), ("wrong at its end", True)):
            sizes = tuple(each for each in doubled(64, 65_536) if text_of(pattern, each, broken))
            if sizes:
                yield Case(f"text, {edition}", f"{name}: {how}", sizes, partial(matched, pattern, broken))
        sizes = tuple(each for each in doubled(64, 8_192) if whole(pattern) and text_of(pattern, each, True))
        if sizes:
            yield Case(f"position, {edition}", f"{name}: where it is wrong", sizes, partial(located, pattern))


def matched(pattern: str, broken: bool, size: int) -> Call:
    text = text_of(pattern, size, broken)
    assert text is not None
    assert bool(matcher(pattern)(text)) is not broken
    return partial(matcher(pattern), text)


def located(pattern: str, size: int) -> Call:
    return partial(first_impossible, pattern, text_of(pattern, size, True) or "")


LONG: dict[str, Callable[[int], Payload]] = {
    "an ARN of an event source": lambda size: (MAPPING, {**VALID, "EventSourceArn": ARN.ljust(size, "x")}, "documents"),
    "an ARN wrong at its end": lambda size: (MAPPING, {**VALID, "EventSourceArn": f"{ARN:x<{size - 1}} "}, "documents"),
    "a member's name": lambda size: (MAPPING, {**VALID, "x" * size: 1}, "documents"),
    "a description": lambda size: (FUNCTION, {**CREATE, "Description": "x" * size}, "current"),
    "code in Base64": lambda size: (FUNCTION, {**CREATE, "Code": {"ZipFile": "QUJD" * (size // 4)}}, "current"),
}


def long_cases() -> Iterator[Case]:
    for name, make in LONG.items():
        for how, call in CORE.items():
            yield Case("text, whole check", f"{name}: {how}", doubled(256, 8_192), applied(call, make))
        yield Case("text, whole check", f"{name}: bytes to answer", doubled(256, 8_192), partial(posted, make))


# HTTP: bodies, nesting, headers, queries and paths.

BODIES: dict[str, tuple[str, Callable[[int], bytes]]] = {
    "objects in objects": ("nesting", lambda size: b'{"a":' * size + b"1" + b"}" * size),
    "lists in lists": ("nesting", lambda size: b'{"Enabled":' + b"[" * size + b"]" * size + b"}"),
    "lists in lists, a name twice": ("nesting", lambda size: b'{"a":1,"a":' + b"[" * size + b"]" * size + b"}"),
    "flat lists": ("body", lambda size: b"[" + b"[]," * (size // 3) + b"1]"),
    "quotation marks": ("body", lambda size: b'"' * size),
    "digits": ("body", lambda size: b"9" * size),
    "digits of a member": ("body", lambda size: b'{"BatchSize":' + b"9" * size + b"}"),
    "blanks": ("body", lambda size: b" " * size),
    "names that stand twice": ("body", lambda size: b"{" + b",".join(b'"%d":1' % (number // 2) for number in
                               range(size // 8)) + b"}"),
}  # fmt: skip
REQUESTS: dict[str, tuple[str, Callable[[int], tuple[Any, ...]]]] = {
    "headers that nobody reads": ("headers", lambda size: ("POST", SOURCES, b"{}", *(
        (b"x-%d" % number, b"v") for number in range(size)))),
    "a header that may hold a member, again and again": ("headers", lambda size: (
        "POST", SOURCES, b"{}", *((b"x-amz-a", b"v"),) * size)),
    "values of a list in the query": ("query", lambda size: ("DELETE", b"/2017-03-31/tags/arn?" + b"&".join(
        b"tagKeys=%d" % number for number in range(size)))),
    "unknown names in the query": ("query", lambda size: ("GET", SOURCES + b"?" + b"&".join(
        b"q%d=1" % number for number in range(size)))),
    "slashes in a path": ("path", lambda size: ("GET", b"/" * size)),
    "percent signs in a path": ("path", lambda size: ("GET", b"/%" + b"25" * size)),
    "segments of a path": ("path", lambda size: ("GET", b"/.." * size)),
}  # fmt: skip


def http_cases() -> Iterator[Case]:
    for name, (group, body) in BODIES.items():
        nests = group == "nesting"
        sizes, limits = (doubled(8, 512), WIDE._replace(depth=520)) if nests else (doubled(1024, 262_144), WIDE)
        yield Case(group, f"{name}, within the limit" if nests else name, sizes, partial(sent, body, limits))
    for name in ("objects in objects", "lists in lists"):
        body = BODIES[name][1]
        limits = http.Limits()
        yield Case("nesting", f"{name}, beyond the limit", doubled(64, 32_768), partial(sent, body, limits))
    for name, (group, make) in REQUESTS.items():
        yield Case(group, name, doubled(16, 4096), partial(checked_request, make, "deny"))
        if group == "path":
            yield Case(
                group, f"{name}, unknown paths passed on", doubled(16, 4096), partial(checked_request, make, "pass")
            )


def sent(make: Callable[[int], bytes], limits: http.Limits, size: int) -> Call:
    return partial(http.check_request, "POST", SOURCES, [TYPE], make(size), limits=limits)


def checked_request(make: Callable[[int], tuple[Any, ...]], unknown_route: str, size: int) -> Call:
    method, target, *rest = make(size)
    body, headers = (rest[0], rest[1:]) if rest else (b"", [])
    settings = {"limits": WIDE, "edition": "current", "unknown_route": unknown_route}
    return partial(http.check_request, method, target, [TYPE, *headers], body, **settings)
