"""What Terraform's expressions stand for, as far as one file shows: variables' defaults, locals, other resources.

A value that a file does not show is unknown. The type of a referenced resource says what a reference points at.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ....base.arns import service_of
from ...documents.hcl_values import OTHERWISE, THEN, Call, Conditional, Fixed, Interpolation, Traversal
from ...documents.places import Path
from ...unresolved.parts import ABSENT, Choice, Option, Partial, Unknown, at
from ...unresolved.shapes import SHAPES
from ..members import Located, objects
from .types import TARGETS, ReferenceTarget

DEPTH = 30
"""References that are followed from one value, one after another, and levels of nesting that are read."""
STEPS = 1000
"""Expressions that are looked into for one value; references can make a short text stand for more than can be read."""
TOTAL = 2_000_000
"""The same for a whole file."""
COMMENT = "//"
FIFO: Mapping[Any, bool] = {None: False, False: False, "false": False, True: True, "true": True}
"""What an argument that makes a FIFO queue says."""


def labelled(value: Any, path: Path, labels: int) -> Iterator[tuple[tuple[str, ...], Located]]:
    """Yield the bodies of a kind of block with its labels."""
    for each in objects(value, path):
        if not labels:
            yield (), each
            continue
        for label, inner in each.value.items():
            if label != COMMENT:
                for rest, body in labelled(inner, (*each.path, label), labels - 1):
                    yield (label, *rest), body


class Scope:
    """What the names in a file stand for.

    `read`, for JSON, makes an expression of a text; an expression has no places inside then.
    """

    def __init__(self, root: Mapping[str, Any], read: Callable[[str], Any] | None = None) -> None:
        self.read = read
        self.total, self.steps = TOTAL, STEPS
        self.locals: dict[str, Located] = {}
        for _, body in labelled(root.get("locals"), ("locals",), 0):
            self.locals |= {name: Located(each, (*body.path, name)) for name, each in body.value.items()}
        self.defaults = {
            labels[0]: Located(body.value["default"], (*body.path, "default"))
            for labels, body in labelled(root.get("variable"), ("variable",), 1)
            if "default" in body.value
        }
        self.managed = dict(labelled(root.get("resource"), ("resource",), 2))
        self.data = dict(labelled(root.get("data"), ("data",), 2))

    def value(self, raw: Any, path: Path, depth: int = 0) -> Located:
        """Return what an expression stands for; containers may hold `Located` values, where these stand elsewhere."""
        if isinstance(raw, Located):
            return raw
        self.steps = (self.steps if depth else min(STEPS, self.total)) - 1
        if depth > DEPTH or self.steps < 0:
            return Located(Unknown(), path)
        self.total -= 1
        raw = self.read(raw) if self.read and isinstance(raw, str) and not isinstance(raw, Fixed) else raw
        evaluate = EVALUATORS.get(type(raw))
        return evaluate(self, raw, path, depth + 1) if evaluate else Located(raw, path)

    def reference(self, raw: Traversal, path: Path, depth: int) -> Located:
        """Return what a reference stands for."""
        first, *rest = raw.steps
        if first == "var" and rest:
            return self.variable(rest, path, depth)
        if first == "local" and rest:
            found = _below(self.locals.get(str(rest[0])), rest[1:])
            return self.value(*found, depth) if found else Located(Unknown(), path)
        if first == "data":
            return self.attribute(rest, self.data, path, depth, "data.")
        return self.attribute(raw.steps, self.managed, path, depth)

    def variable(self, steps: Any, path: Path, depth: int) -> Located:
        """Return what a variable stands for: its default, about which there is no more than a warning.

        A default of nothing is there to be replaced.
        """
        found = _below(self.defaults.get(str(steps[0])), steps[1:])
        if found is None or found.value is None or found.value == "":
            return Located(Unknown(), path)
        default = self.value(*found, depth)
        if isinstance(default.value, Unknown):
            return Located(Unknown(), path)
        return Located(Choice((Option(default.value, default.path, "warning"),)), path)

    def attribute(
        self, steps: Any, bodies: Mapping[tuple[str, ...], Located], path: Path, depth: int, prefix: str = ""
    ) -> Located:
        """Return what an attribute of a resource or data source stands for."""
        kind, name, *rest = (*steps, None, None)[: max(len(steps), 2)]
        attribute = rest[-1] if 0 < len(rest) < 3 else None
        target = TARGETS.get(str(kind))
        body = bodies.get((str(kind), str(name)))
        if not isinstance(attribute, str) or (target is None and body is None):
            return Located(Unknown(), path)
        if body is not None and attribute in body.value and not isinstance(body.value[attribute], list | dict):
            found = self.value(body.value[attribute], (*body.path, attribute), depth)
            if isinstance(found.value, str):
                return found
        if target is None or attribute not in target.services:
            return Located(Unknown(), path)
        service = target.services[attribute]
        help = f"Write {prefix}{kind}.{name}.{target.arn}." if attribute != target.arn else None
        return Located(Unknown(service, self.fifo(target, body, depth, bool(prefix)), help), path)

    def fifo(self, target: ReferenceTarget, body: Located | None, depth: int, is_data: bool) -> bool | None:
        """Whether a queue or topic is a FIFO one: its own argument says so, or its name."""
        if body is None or target.fifo is None:
            return None
        name = self.value(body.value.get("name"), body.path, depth).value
        last = name.parts[-1] if isinstance(name, Partial) else name
        if isinstance(last, str) and last.endswith(".fifo"):
            return True
        if is_data:
            return False if isinstance(name, str) else None
        is_fifo = self.value(body.value.get(target.fifo), body.path, depth).value
        return FIFO.get(is_fifo) if isinstance(is_fifo, bool | str | None) else None

    def conditional(self, raw: Conditional, path: Path, depth: int) -> Located:
        """Return both options of a conditional; equal conditions are decided together."""
        paths = (path, path) if self.read else ((*path, THEN), (*path, OTHERWISE))
        options = (self.value(each, place, depth) for each, place in zip((raw.then, raw.otherwise), paths, strict=True))
        made = tuple(Option(ABSENT if each.value is None else each.value, each.path) for each in options)
        return Located(Choice(made, raw.condition), path)

    def template(self, raw: Interpolation, path: Path, depth: int) -> Located:
        """Return a text, placeholders and all."""
        parts: list[str | None] = []
        starts: list[int | None] = []
        services: list[str | None] = []
        for each in raw.parts:
            value = each if isinstance(each, Fixed) else _text(self.value(each, path, depth).value)
            inner = value.parts if isinstance(value, Partial) else (value if isinstance(value, str) else None,)
            starts += [0 if not parts and isinstance(each, Fixed) else None, *(None,) * (len(inner) - 1)]
            parts += [str(part) if part is not None else None for part in inner]
            services.append(value.service if isinstance(value, Unknown | Partial) else None)
        return Located(Partial(tuple(parts), services[0] or _service(parts), starts=tuple(starts)), path)

    def call(self, raw: Call, path: Path, depth: int) -> Located:
        """Return what `jsonencode` makes of a value that is known; of other functions nothing is known."""
        if raw.name != "jsonencode" or len(raw.arguments) != 1:
            return Located(Unknown(), path)
        value = bare(self.value(raw.arguments[0], path, depth).value)
        try:
            return Located(json.dumps(value), path)
        except (TypeError, RecursionError):  # something in it is not known
            return Located(Unknown(), path)

    def items(self, raw: list[Any], path: Path, depth: int) -> Located:
        """Return a list of what its items stand for."""
        return Located([self.value(each, (*path, index), depth) for index, each in enumerate(raw)], path)

    def members(self, raw: dict[str, Any], path: Path, depth: int) -> Located:
        """Return an object of what its members stand for."""
        return Located({name: self.value(each, (*path, name), depth) for name, each in raw.items()}, path)


def bare(value: Any) -> Any:
    """Return a value without the places of its parts. One that is unknown inside makes a part that no JSON can be."""
    if isinstance(value, Located):
        return bare(value.value)
    if type(value) is list:
        return [bare(each) for each in value]
    if isinstance(value, dict):
        return {name: bare(each) for name, each in value.items()}
    return object() if isinstance(value, Unknown | Partial | Choice) else value


def _below(found: Located | None, steps: Any) -> Located | None:
    """Return what is written below a value, by names and indices."""
    for step in steps:
        if found is None or step is None:
            return None
        inner = at(found.value, (step,))
        found = None if inner is ABSENT else Located(inner, (*found.path, step))
    return found


def _text(value: Any) -> Any:
    """Return a scalar as a template writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) and abs(value) < 10**15 else value


def _service(parts: list[str | None]) -> str | None:
    """Return the service that an ARN with placeholders names, when the placeholder is the partition."""
    service = service_of("".join("\0" if each is None else each for each in parts))
    return service if service in SHAPES else None


EVALUATORS: Mapping[type, Callable[[Scope, Any, Path, int], Located]] = {
    Traversal: Scope.reference,
    Conditional: Scope.conditional,
    Interpolation: Scope.template,
    Call: Scope.call,
    list: Scope.items,
    dict: Scope.members,
}
"""By kind of expression, what evaluates it; all others stand for themselves."""
