"""A service of the Serverless Framework: its functions, its templates, and the evaluation of its values.

Variables are unknown: `${self:custom.x}`, `${env:X, 'default'}`, `${file(x.${opt:stage}.yml):y}`, and `#{AWS::Region}`
of the plugin for pseudo parameters. In a string of `Fn::Sub`, `${…}` may belong to CloudFormation.

The timeouts of a service's functions, which `provider` may set for all, and of the queues in its templates.

Source: the guide of the serverless framework, "Functions": `timeout`, 6 seconds by default.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from itertools import takewhile
from typing import Any

from ....report import Severity
from ...documents.places import Document, Path, Range, Tagged
from ...findings.resource import Timeout
from ...unresolved.parts import Again, Budget, Unknown, between, filled
from ..cloudformation.intrinsics import Template
from ..cloudformation.timeouts import TemplateTimeouts
from ..members import Located, objects
from ..timeouts import Argument, Key
from .names import logical_id

SUB, SHORT_SUB = "Fn::Sub", "!Sub"
MODES: Mapping[str, Severity | None] = {"error": "error", "off": None}
"""By `configValidationMode`, how severe it is to break the framework's schemas; a warning by default."""
SECTIONS = 100
"""Parts of `resources` that are read; each sees all others."""


class ServerlessService:
    """A service: its functions and its templates. `is_open` says that plugins may change it.

    `kinds` are the kinds of events that are read. `severity` is the severity of violations of the framework's own
    schemas.
    """

    def __init__(self, document: Document, root: Mapping[str, Any], kinds: Collection[str]) -> None:
        self.budget = Budget()
        self.kinds = kinds
        mode = root.get("configValidationMode")
        self.severity = MODES.get(mode, "warning") if isinstance(mode, str) else "warning"
        self.functions = list(takewhile(lambda _: self.budget.take(), _functions(root.get("functions"))))
        self.is_open = bool(root.get("plugins"))
        self.is_whole = not self.is_open and _is_whole(root.get("functions"))
        sections = {id(value): (value, path) for value, path in objects(root.get("resources"), ("resources",))}
        parts = [
            Template(document, resolved(value, self.budget), path) for value, path in list(sections.values())[:SECTIONS]
        ]
        self.names = {name for name, value, path in self.functions}
        self.targets: dict[str, Any] = {logical_id(name): {"Type": "AWS::Lambda::Function"} for name in self.names}
        for template in parts:
            self.targets.update(template.resources)
        self.templates = [(self._whole(document, template), template.resources) for template in parts]
        alone = parts[0] if len(parts) == 1 else Template(document, {})
        self.template = self._whole(document, alone)

    def _whole(self, document: Document, part: Template) -> Template:
        """Return a template with the resources of all others, so that references to these lead somewhere."""
        value = {**part.root, "Resources": {**self.targets, **part.resources}}
        return Template(document, value, part.path)

    def value(self, value: Any, path: Path) -> Any:
        """Evaluate a value."""
        return self.template.value(resolved(value, self.budget.of_one()), path)


def _functions(value: Any) -> Iterator[tuple[str, Mapping[str, Any], Path]]:
    for section, path in objects(value, ("functions",)):
        for name, function in section.items():
            if isinstance(function, dict):
                yield name, function, (*path, name)


def _is_whole(value: Any) -> bool:
    """Whether all functions are in the file."""
    sections = value if isinstance(value, list) else [value]
    return all(isinstance(section, dict) and "$" not in "".join(section) for section in sections)


def resolved(value: Any, budget: Budget) -> Any:
    """Return a value with unknown parts in place of variables. Functions of CloudFormation are left unchanged."""
    return filled(value, budget, _text, _special)


def _text(text: str) -> Any:
    return between(text, variables(text)) if "{" in text else text


def _special(value: Any, again: Again) -> Any:
    if isinstance(value, Tagged):
        return Tagged(value.tag, _substituted(value.value, again) if value.tag == SHORT_SUB else again(value.value))
    if isinstance(value, dict) and len(value) == 1 and SUB in value:
        return {SUB: _substituted(value[SUB], again)}
    return None


def _substituted(argument: Any, again: Again) -> Any:
    """Return the argument of `Fn::Sub` with nothing but variables of its own, as far as it knows."""
    if isinstance(argument, str):
        return masked(argument)
    if isinstance(argument, list) and len(argument) == 2 and isinstance(argument[0], str):
        return [masked(argument[0]), again(argument[1])]
    return Unknown()


def masked(text: str) -> str:
    """Return a string of the same length in which variables contain no nested variables."""
    parts, place = [], 0
    for start, end in variables(text):
        inner = text[start + 2 : end - 1]
        if "{" in inner or text[start] == "#":
            parts += [text[place:start], "${", "_" * len(inner), "}"]
            place = end
    return "".join((*parts, text[place:]))


def variables(text: str) -> Iterator[Range]:
    """Yield the ranges of the outermost variables in a string. One without an end reaches to the end of the string."""
    depth = start = 0
    for index, character in enumerate(text):
        if character == "{" and (depth or text[index - 1 : index] in ("$", "#")):
            start = start if depth else index - 1
            depth += 1
        elif character == "}" and depth:
            depth -= 1
            if not depth:
                yield start, index + 1
    if depth:
        yield start, len(text)


TIMEOUT = Argument("timeout", 6)


class ServiceTimeouts(TemplateTimeouts):
    """The timeouts of a service; `provider` is its member of that name."""

    def __init__(self, service: ServerlessService, provider: Any) -> None:
        super().__init__(service.template)
        self.service = service
        is_settled = isinstance(provider, str) and "$" not in provider
        self.shared = [] if is_settled else [Located(provider or {}, ("provider",))]

    @cached_property
    def functions(self) -> Mapping[str, tuple[str, Located]]:
        """By the name in the template, a function's own name and its body."""
        return {logical_id(name): (name, Located(value, path)) for name, value, path in self.service.functions}

    @cached_property
    def places(self) -> Mapping[str, Path]:
        """The document paths of the resources in all templates."""
        return {name: (*part.path, "Resources", name) for part, own in self.service.templates for name in own}

    @cached_property
    def changed(self) -> frozenset[str]:
        """The names of what the templates set, or set a part of."""
        extensions = (part.root.get("extensions") for part, _ in self.service.templates)
        return frozenset(self.places).union(*(extension for extension in extensions if isinstance(extension, dict)))

    def read(self, member: str, key: Key) -> Timeout | None:
        """Return the timeout of a function, unless the templates change it, or of a resource."""
        name, *_ = key
        if name not in self.functions:
            return super().read(member, key)
        if name in self.changed:
            return None
        function, found = self.functions[name]
        return self.first(TIMEOUT, [found, *self.shared], (function,), self.value)

    def home(self, name: str) -> Path:
        """Return the document path of a resource, which may be in any of the templates."""
        return self.places.get(name, ())

    def value(self, raw: Any, path: Path) -> Located:
        """Return what a value stands for."""
        return Located(self.service.value(raw, path), path)
