"""Find the timeouts of queues and functions in a template, including the defaults in SAM's `Globals`.

Sources: the CloudFormation reference, "VisibilityTimeout" and "Timeout"; the SAM specification, "Globals".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from ...documents.places import Path, member_at
from ...findings.resource import Timeout
from ...unresolved.parts import Partial
from ..members import Located
from ..timeouts import FUNCTION, SOURCE, Argument, Arguments, Key, Timeouts, only, unambiguous
from .intrinsics import Template
from .targets import PSEUDO

SAM_FUNCTION = "AWS::Serverless::Function"
ARGUMENTS: Arguments = {
    SOURCE: {"AWS::SQS::Queue": Argument("VisibilityTimeout", 30)},
    FUNCTION: {"AWS::Lambda::Function": Argument("Timeout", 3), SAM_FUNCTION: Argument("Timeout", 3)},
}
ALIASES = frozenset({"AWS::Lambda::Alias", "AWS::Lambda::Version"})
"""Types without a timeout of their own: it is that of the function in their property FunctionName."""
ACCOUNT = f"{PSEUDO['AWS::Region']}:{PSEUDO['AWS::AccountId']}:"
NAMES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "AWS::SQS::Queue": ("QueueName", (f"arn:aws:sqs:{ACCOUNT}",)),
    "AWS::Lambda::Function": ("FunctionName", ("", f"arn:aws:lambda:{ACCOUNT}function:")),
    SAM_FUNCTION: ("FunctionName", ("", f"arn:aws:lambda:{ACCOUNT}function:")),
}
"""By type of resource, the property with its name, and the strings that may precede the name in a reference.

An ARN refers to a resource of the template only if its region and account are `AWS::Region` and `AWS::AccountId`.
"""


class TemplateTimeouts(Timeouts):
    """The timeouts of the queues and functions in a template. The key of a resource is its logical ID."""

    def __init__(self, template: Template) -> None:
        super().__init__()
        self.template = template

    def read(self, member: str, key: Key) -> Timeout | None:
        """Return the timeout of the resource with a key: from its properties, from `Globals`, or the default."""
        (name,) = key
        resource = self.template.resources.get(name)
        if not isinstance(resource, dict) or not isinstance(kind := resource.get("Type"), str):
            return None
        properties = Located(resource.get("Properties", {}), (*self.home(name), "Properties"))
        if kind in ALIASES:
            return self._aliased(member, properties)
        argument = ARGUMENTS[member].get(kind)
        shared = [self._globals()] if kind == SAM_FUNCTION else []
        return self.first(argument, [properties, *shared], key, self.value) if argument else None

    def _aliased(self, member: str, properties: Located) -> Timeout | None:
        """Return the timeout of the function of an alias or version.

        Return None if FunctionVersion is a number or string, since that version may have been published with another
        timeout.
        """
        if not isinstance(properties.value, dict) or isinstance(properties.value.get("FunctionVersion"), int | str):
            return None
        found = self.value(properties.value.get("FunctionName"), (*properties.path, "FunctionName"))
        return self._of(member, found.value, ())

    def _globals(self) -> Located:
        steps = ("Globals", "Function")
        return Located(member_at(self.template.root, *steps) or {}, (*self.template.path, *steps))

    def home(self, name: str) -> Path:
        """Return the document path of the resource with a logical ID."""
        return (*self.template.path, "Resources", name)

    def value(self, raw: Any, path: Path) -> Located:
        """Evaluate an expression of the template, such as `!Ref Seconds`."""
        return Located(self.template.value(raw, path), path)

    def named(self, text: str) -> Key:
        """Return the key of the queue or function with a name or ARN; an empty key if there is none, or several."""
        return self._names.get(text, ())

    @cached_property
    def _names(self) -> Mapping[str, Key]:
        return unambiguous(self._named())

    def _named(self) -> Iterator[tuple[str, Key]]:
        for name, resource in self.template.resources.items():
            kind = resource.get("Type") if isinstance(resource, dict) else None
            own, before = NAMES.get(kind, ("", ())) if isinstance(kind, str) else ("", ())
            written = only(self.template.value(member_at(resource, "Properties", own), ())) if before else None
            text = written.prefix if isinstance(written, Partial) and written.is_whole else written
            if isinstance(text, str):
                yield from ((f"{prefix}{text}", (name,)) for prefix in before)
