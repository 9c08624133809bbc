"""Kubernetes manifests: find the objects in a document, and convert the `spec` of an object into a payload.

A `spec` has the API's members under other names, at any depth; `Field` describes them. Values that another tool fills
in are unknown: `{{ … }}` of Helm, `$NAME` and `${NAME}` of envsubst and Flux, `$(NAME)` of kustomize.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from ...documents.places import Document, Path
from ...findings.lint_rules import DUPLICATE
from ...unresolved.parts import ABSENT, RESOURCE, Budget, Unknown, between, filled
from ..aws_resources import Field
from ..members import Located, Names, PayloadDraft, displaced, likely, misplaced, stranger

SUBSTITUTED = re.compile(r"\$\([\w.-]+\)|\$\{[^{}]*\}|\$(?!LATEST\b)[A-Za-z_]\w*")
"""Placeholders such as `$NAME`, `${NAME}` and `$(NAME)`. `$LATEST` is not one: it names a version of a function."""
TEMPLATE = "{{"
OPEN = ("FunctionName", "EventSourceArn", "StartingPosition", "StartingPositionTimestamp")
"""Required members that a partial object may lack, since the object that it is merged into has them."""
MAX_MANIFEST_PATH = 20
"""Maximum length of the path of an object in which nested objects are searched."""
ITEMS = ("items",)
BASES = (("spec", "resources", "base"), ("spec", "pipeline", "input", "resources", "base"))
"""The paths of nested objects in a Composition of Crossplane: in its older form, and in pipelines. Lists on the way are
not mentioned. (`ITEMS` is the path of nested objects in a List.)"""


class Manifest(NamedTuple):
    """A Kubernetes object: the group of its API, its kind, its content, and its path in the document.

    `is_part` says that it is merged into another object, so required members may be missing.
    """

    group: str
    kind: str
    value: dict[str, Any]
    path: Path
    is_part: bool


def manifests(document: Document, budget: Budget) -> Iterator[Manifest]:
    """Yield the Kubernetes objects in a document, including those in a List or a Composition."""
    waiting: list[tuple[Any, Path, bool]] = [(document.value, (), False)]
    while waiting and budget.take():
        value, path, is_part = waiting.pop()
        if not isinstance(value, dict):
            continue
        version, kind = value.get("apiVersion"), value.get("kind")
        if not isinstance(version, str) or not isinstance(kind, str):
            continue
        yield Manifest(version.partition("/")[0], kind, value, path, is_part or _is_patch(value))
        if len(path) < MAX_MANIFEST_PATH and kind == "Composition":
            within = (pair for steps in BASES for pair in _below(value, path, steps, budget))
            waiting += [(base, place, True) for base, place in within][::-1]
        elif len(path) < MAX_MANIFEST_PATH and kind.endswith("List"):
            waiting += [(item, place, is_part) for item, place in _below(value, path, ITEMS, budget)][::-1]


def _below(value: Any, path: Path, steps: tuple[str, ...], budget: Budget) -> Iterator[tuple[Any, Path]]:
    """Yield the objects to which `steps` lead from a value, with their paths. All items of lists are searched."""
    if isinstance(value, dict) and steps and steps[0] in value:
        yield from _below(value[steps[0]], (*path, steps[0]), steps[1:], budget)
    elif isinstance(value, dict) and not steps:
        yield value, path
    elif isinstance(value, list):
        for index, item in enumerate(value):
            if isinstance(item, dict) and budget.take():
                yield from _below(item, (*path, index), steps, budget)


ADOPTED = "services.k8s.aws/adoption-policy"


def _is_patch(value: Mapping[str, Any]) -> bool:
    """Return whether an object may lack required members: it is a patch, or it adopts or only observes a resource."""
    spec, metadata = value.get("spec"), value.get("metadata")
    annotations = metadata.get("annotations") if isinstance(metadata, dict) else None
    policies = spec.get("managementPolicies") if isinstance(spec, dict) else None
    return (
        any("$patch" in part for part in (value, spec) if isinstance(part, dict))
        or (isinstance(annotations, dict) and ADOPTED in annotations)
        or (
            isinstance(policies, list)
            and not {"*", "Create"} & {policy for policy in policies if isinstance(policy, str)}
        )
    )


def _text(text: str) -> Any:
    if TEMPLATE in text:
        return between(text, [(text.index(TEMPLATE), len(text))])
    return between(text, (match.span() for match in SUBSTITUTED.finditer(text))) if "$" in text else text


class Specification(PayloadDraft):
    """Converts the `spec` of a Kubernetes object into a payload, and collects positions and findings.

    `references` are the suffixes of members that refer to another object, such as "Ref". `others` are names that are
    allowed but not converted. `is_cut` says that not all values could be visited, since the file is too large.
    `is_whole` says that no other object adds members.
    """

    def __init__(
        self, title: str, budget: Budget, references: tuple[str, ...], path: Path, others: frozenset[str] = frozenset()
    ) -> None:
        super().__init__(path)
        self.title, self.budget, self.references, self.others = title, budget, references, others
        self.is_cut = not budget.take(RESOURCE)
        self.is_whole = False

    def beside(self, value: Mapping[str, Any], path: Path, fields: Mapping[str, Field], home: str) -> dict[str, Any]:
        """Return the members that are beside the object `home`, such as `spec`, but belong inside it. Report each."""
        names = Names(self.title, {name: field.api for name, field in fields.items()})
        payload = self.members({name: value[name] for name in displaced(value, names)}, path, fields)
        self.findings += misplaced(value, path, names, home)
        return payload

    def members(
        self, value: Mapping[str, Any], path: Path, fields: Mapping[str, Field], api: Path = ()
    ) -> dict[str, Any]:
        """Return the members of an object under the API's names, and report unknown names.

        `path` is the path of the object in the document, and `api` its path in the payload.
        """
        if not api:
            self.places[api] = path
        self.names.update({(*api, field.api): name for name, field in fields.items() if name != field.api})
        title = self.title if not api else str(path[-1] if isinstance(path[-1], str) else path[-2])
        names = Names(
            title, {name: field.api for name, field in fields.items()}, self.others if not api else frozenset()
        )
        payload: dict[str, Any] = {}
        self.is_cut = self.is_cut or not self.budget.take(len(value))
        for name in () if self.is_cut else sorted(value, key=lambda name: name not in fields):
            own = name if name in fields else self._meant(name, value, path, names)
            if own is not None and fields[own].api not in payload and value[name] is not None:
                member = self._member(value[name], (*path, name), fields[own], (*api, fields[own].api))
                payload.update({} if member is ABSENT else {fields[own].api: member})
        self._refer(value, path, fields, api, payload)
        if self.is_whole and not self.is_cut:
            self.need(fields, Located(value, path), payload, "warning")
        return payload

    def _meant(self, name: str, value: Mapping[str, Any], path: Path, names: Names) -> str | None:
        """Report an unknown name. Return the member for which another format has that name; None if there is none.

        A reference, a placeholder, or a name in `others` is not reported.
        """
        if name in names.others or name.startswith("$") or TEMPLATE in name or self._referred(name, names.own):
            return None
        own = names.meant(name)
        self.findings.append(stranger(name, own, path, names))
        return own

    def _referred(self, name: str, fields: Mapping[str, Any]) -> str | None:
        """Return the member that a reference sets: for `functionNameRef`, `functionName`; None for other names."""
        for suffix in self.references:
            stem = name.removesuffix(suffix)
            if stem != name:
                candidates = (stem, f"{stem}s", f"{stem}Name", f"{stem}ARN", f"{stem}Arn")
                return next((candidate for candidate in candidates if candidate in fields), None)
        return None

    def _refer(
        self, value: Mapping[str, Any], path: Path, fields: Mapping[str, Field], api: Path, payload: dict[str, Any]
    ) -> None:
        """Add, with unknown values, the members that are set by references such as `functionNameRef`, or misspelt."""
        for name in value:
            is_own = name in fields or value[name] is None
            own = None if is_own else self._referred(name, fields) or self._misspelt(name, fields, api)
            if own is not None and fields[own].api not in payload:
                payload[fields[own].api] = Unknown()
                self.places[(*api, fields[own].api)] = (*path, name)

    def _misspelt(self, name: str, fields: Mapping[str, Any], api: Path) -> str | None:
        """Return the member that an unknown name is similar to; None if there is none."""
        is_anothers = name.startswith("$") or TEMPLATE in name or (not api and name in self.others)
        return None if is_anothers else likely(name, fields)

    def _member(self, value: Any, path: Path, field: Field, api: Path) -> Any:
        self.places[api] = path
        if field.conversion == "timestamp":
            return self.timestamp(self.resolved(value), path, str(path[-1]))
        if field.conversion:
            return CONVERSIONS[field.conversion](self.resolved(value))
        if field.members is None:
            return ABSENT if field.is_unset(value) else self.resolved(value)
        if field.many and isinstance(value, list):
            return [self._object(item, (*path, index), field, (*api, index)) for index, item in enumerate(value)]
        if field.boxed and isinstance(value, list):
            return self._unboxed(value, path, field, api)
        return self.resolved(value) if field.many else self._object(value, path, field, api)

    def resolved(self, value: Any) -> Any:
        """Return a value in which strings with placeholders such as `${NAME}` are unknown or partly known."""
        return filled(value, self.budget.of_one(), _text)

    def _object(self, value: Any, path: Path, field: Field, api: Path) -> Any:
        if not isinstance(value, dict) or field.members is None:
            return self.resolved(value)
        return self.members(value, path, field.members, api)

    def _unboxed(self, value: list[Any], path: Path, field: Field, api: Path) -> Any:
        """Convert an object that is written as a list with one item, and report further items."""
        for index, _ in enumerate(value[1:], 1):
            message = f"{path[-1]} must be a list of at most one object."
            self.report(DUPLICATE, (*path, index), message, "Leave one of them out.", is_key=False)
        return self._object(value[0], (*path, 0), field, api) if value else {}

    def opened(self, payload: Mapping[str, Any], fields: Mapping[str, Field]) -> dict[str, Any]:
        """Return a payload with an unknown value for each member listed in `OPEN` that it lacks.

        This is for an object that is merged into another one, which may have these members.
        """
        return {**{field.api: Unknown() for field in fields.values() if field.api in OPEN}, **payload}


def _endpoints(value: Any) -> Any:
    """Return the servers of each endpoint as a list, as in the API: "a:1,b:2" becomes ["a:1", "b:2"]."""
    if not isinstance(value, dict):
        return value
    return {name: member.split(",") if isinstance(member, str) else member for name, member in value.items()}


CONVERSIONS: Mapping[str, Callable[[Any], Any]] = {"endpoints": _endpoints}
"""The function that converts a value, by `Field.conversion`."""
