"""Read a service, that is, a serverless.yml: its functions, its CloudFormation templates, and the values in them.

Variables are unknown: `${self:custom.x}`, `${env:X, 'default'}`, `${file(x.${opt:stage}.yml):y}`, and `#{AWS::Region}`
of the plugin serverless-pseudo-parameters. Inside `Fn::Sub`, `${AWS::Region}` is evaluated by CloudFormation.

Timeouts are read too: those of functions, which may have a default in `provider`, and those of queues in templates.

Source: the guide of the Serverless Framework, "Functions": `timeout`, 6 seconds by default.
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
"""The severity of breaking the framework's own schemas, by the member `configValidationMode`; a warning by default."""
SECTIONS = 100
"""Maximum number of templates in the list `resources` that are read. They may refer to each other's resources."""


class ServerlessService:
    """The functions and the templates of a serverless.yml. `is_open` says that it has plugins, which may change both.

    `kinds` are the kinds of events that are read, such as "sqs". `severity` is the severity of breaking the Serverless
    Framework's own schemas.
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
        """Return a template with the resources of all templates added, so that references to these can be evaluated."""
        value = {**part.root, "Resources": {**self.targets, **part.resources}}
        return Template(document, value, part.path)

    def value(self, value: Any, path: Path) -> Any:
        """Evaluate a value: variables become unknown, and functions of CloudFormation are evaluated."""
        return self.template.value(resolved(value, self.budget.of_one()), path)


def _functions(value: Any) -> Iterator[tuple[str, Mapping[str, Any], Path]]:
    for section, path in objects(value, ("functions",)):
        for name, function in section.items():
            if isinstance(function, dict):
                yield name, function, (*path, name)


def _is_whole(value: Any) -> bool:
    """Return whether all functions are in the file: no part of `functions` is a variable, such as `${file(x.yml)}`."""
    sections = value if isinstance(value, list) else [value]
    return all(isinstance(section, dict) and "$" not in "".join(section) for section in sections)


def resolved(value: Any, budget: Budget) -> Any:
    """Return a value in which variables, such as `${self:custom.x}`, are unknown parts.

    Functions of CloudFormation are left unchanged.
    """
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
    """Return the argument of `Fn::Sub` with its string `masked`, so that only variables that it can parse are left."""
    if isinstance(argument, str):
        return masked(argument)
    if isinstance(argument, list) and len(argument) == 2 and isinstance(argument[0], str):
        return [masked(argument[0]), again(argument[1])]
    return Unknown()


def masked(text: str) -> str:
    """Return a string with `${____}` in place of `#{…}`, and in place of variables with nested variables.

    For `Fn::Sub`, this is a variable without a value. The length is unchanged, and so are positions: `#{x}` becomes
    `${_}`.
    """
    parts, place = [], 0
    for start, end in variables(text):
        inner = text[start + 2 : end - 1]
        if "{" in inner or text[start] == "#":
            parts += [text[place:start], "${", "_" * len(inner), "}"]
            place = end
    return "".join((*parts, text[place:]))


def variables(text: str) -> Iterator[Range]:
    """Yield the ranges of the variables in a string, `${…}` or `#{…}`, without those nested in others.

    A variable without a closing brace reaches to the end of the string.
    """
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
    """The timeouts of the functions and queues of a serverless.yml. `provider` is its member of that name.

    The key of a resource is its logical ID in the template.
    """

    def __init__(self, service: ServerlessService, provider: Any) -> None:
        super().__init__(service.template)
        self.service = service
        is_settled = isinstance(provider, str) and "$" not in provider
        self.shared = [] if is_settled else [Located(provider or {}, ("provider",))]

    @cached_property
    def functions(self) -> Mapping[str, tuple[str, Located]]:
        """The name and the content of each function, by its logical ID in the template."""
        return {logical_id(name): (name, Located(value, path)) for name, value, path in self.service.functions}

    @cached_property
    def places(self) -> Mapping[str, Path]:
        """The document paths of the resources in all templates, by logical ID."""
        return {name: (*part.path, "Resources", name) for part, own in self.service.templates for name in own}

    @cached_property
    def changed(self) -> frozenset[str]:
        """The logical IDs of all resources that the templates define, or change in their section `extensions`."""
        extensions = (part.root.get("extensions") for part, _ in self.service.templates)
        return frozenset(self.places).union(*(extension for extension in extensions if isinstance(extension, dict)))

    def read(self, member: str, key: Key) -> Timeout | None:
        """Return the timeout of a function or of a resource in a template.

        Return None for a function that the templates change, since they may change its timeout.
        """
        name, *_ = key
        if name not in self.functions:
            return super().read(member, key)
        if name in self.changed:
            return None
        function, found = self.functions[name]
        return self.first(TIMEOUT, [found, *self.shared], (function,), self.value)

    def home(self, name: str) -> Path:
        """Return the document path of the resource with a logical ID, which may be in any of the templates."""
        return self.places.get(name, ())

    def value(self, raw: Any, path: Path) -> Located:
        """Evaluate a value: variables become unknown, and functions of CloudFormation are evaluated."""
        return Located(self.service.value(raw, path), path)
