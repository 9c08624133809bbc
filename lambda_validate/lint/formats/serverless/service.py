"""A service of the serverless framework: its functions, its templates, and what its values stand for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import takewhile
from typing import Any

from ...documents.places import Document, Path
from ...unresolved.placeholders import Budget
from ..cloudformation.intrinsics import Template
from .names import logical_id
from .variables import known

SECTIONS = 100
"""Parts of `resources` that are read; each sees all others."""


class Service:
    """A service: its functions, and its CloudFormation templates. `is_open` tells that plugins may have a say."""

    def __init__(self, document: Document, root: Mapping[str, Any]) -> None:
        self.budget = Budget()
        self.functions = list(takewhile(lambda each: self.budget.take(), _functions(root.get("functions"))))
        self.is_open = bool(root.get("plugins"))
        self.is_whole = not self.is_open and _is_whole(root.get("functions"))
        sections = {id(value): (value, path) for value, path in _sections(root.get("resources"), ("resources",))}
        parts = [
            Template(document, known(value, self.budget), path) for value, path in list(sections.values())[:SECTIONS]
        ]
        self.names = {name for name, value, path in self.functions}
        self.targets: dict[str, Any] = {logical_id(name): {"Type": "AWS::Lambda::Function"} for name in self.names}
        for each in parts:
            self.targets.update(each.resources)
        self.templates = [(self._whole(document, each), each.resources) for each in parts]
        alone = parts[0] if len(parts) == 1 else Template(document, {})
        self.template = self._whole(document, alone)

    def _whole(self, document: Document, part: Template) -> Template:
        """Return a template with the resources of all others, so that references to these lead somewhere."""
        value = {**part.root, "Resources": {**self.targets, **part.resources}}
        return Template(document, value, part.path)

    def value(self, value: Any, path: Path) -> Any:
        """Return what a value stands for."""
        return self.template.value(known(value, self.budget.of_one()), path)


def _sections(value: Any, path: Path) -> Iterator[tuple[Mapping[str, Any], Path]]:
    """Yield the objects that serverless merges into one: the value, or those that it lists."""
    if isinstance(value, dict):
        yield value, path
    elif isinstance(value, list):
        for index, each in enumerate(value):
            if isinstance(each, dict):
                yield each, (*path, index)


def _functions(value: Any) -> Iterator[tuple[str, Mapping[str, Any], Path]]:
    for section, path in _sections(value, ("functions",)):
        for name, each in section.items():
            if isinstance(each, dict):
                yield name, each, (*path, name)


def _is_whole(value: Any) -> bool:
    """Whether all functions are in the file."""
    sections = value if isinstance(value, list) else [value]
    return all(isinstance(each, dict) and "$" not in "".join(each) for each in sections)
