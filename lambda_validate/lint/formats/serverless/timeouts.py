"""The timeouts of a service's functions, which `provider` may set for all, and of the queues in its templates.

Source: the guide of the serverless framework, "Functions": `timeout`, 6 seconds by default.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from ...documents.places import Path
from ...findings.resource import Timeout
from ..cloudformation.timeouts import TemplateTimeouts
from ..members import Located
from ..timeouts import Argument, Key
from .names import logical_id
from .service import ServerlessService

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
        return frozenset(self.places).union(*(each for each in extensions if isinstance(each, dict)))

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
