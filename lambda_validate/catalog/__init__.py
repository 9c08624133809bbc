"""The schema files, read into an immutable catalog of editions and operations.

An operation's file is a JSON Schema whose `$defs` hold the request and the response; `x-operation` says what the
operation is on the wire. Files are read when they are asked for: an edition of many operations costs no more than the
ones that are used. `schemas/vocabulary.json` describes every keyword of ours. Wherever an edition is asked for, its
name will do, or a `Catalog`.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

from ..base.spelling import UnknownNameError
from ..report import Source
from .bundle import Reader, Schema, SchemaError, bundle, portable
from .schema_files import read, transcribed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .models import Omission
    from .sizes import Limit

__all__ = ["DIRECTIONS", "EDITIONS", "Catalog", "Edition", "ErrorFact", "Operation", "Schema", "SchemaError", "bundle",
           "find", "operation", "operations", "portable", "read", "types"]  # fmt: skip

DIRECTIONS = ("request", "response")
DocumentsOperation = Literal["CreateEventSourceMapping", "GetFunctionEventInvokeConfig"]
"""The operations of the edition `documents`. Functions also take the names of operations of other catalogs."""


class ErrorFact(NamedTuple):
    """A documented exception: its HTTP status, and when it is raised, where that is known."""

    status: int
    description: str = ""


class Operation:
    """One operation of one edition: what it is on the wire, and its two schemas.

    `name`, `edition`, `catalog`, `method`, `path` (with `{Member}` where one travels), `query` (what the query always
    holds, name to value), `status` (of success; with `varies`, any of 200 to 299), `content_type` (of a
    body, `*/*` being any), `errors` (name to `ErrorFact`), `limits` (`Limit` by `"body"` of a request,
    `"response"` and `"target"`, where it is not the usual one) and `source` are read from the operation's file.
    Immutable.
    """

    edition: str
    catalog: Catalog
    name: str
    description: str
    method: str
    path: str
    query: Mapping[str, str]
    status: int
    varies: bool
    content_type: str
    errors: Mapping[str, ErrorFact]
    limits: Mapping[str, Limit]
    source: Source
    _document: Mapping[str, Any]
    _schemas: dict[str, Schema]

    def __init__(self, catalog: Catalog, document: Mapping[str, Any]) -> None:
        facts = document["x-operation"]
        vars(self).update(
            edition=catalog.name,
            catalog=catalog,
            name=document["title"],
            description=document["description"],
            method=facts["method"],
            path=facts["path"],
            query=MappingProxyType(facts.get("query", {})),
            status=facts["success"],
            varies=facts.get("varies", False),
            content_type=facts["contentType"],
            errors=MappingProxyType({name: ErrorFact(**fact) for name, fact in facts["errors"].items()}),
            limits=_limits(facts.get("limits")),
            source=Source(**facts["x-source"]),
            _document=document,
            _schemas={},
        )

    def __setattr__(self, name: str, value: object = None) -> None:
        raise AttributeError("an operation cannot be changed")

    __delattr__ = __setattr__

    def __repr__(self) -> str:
        return f"<Operation {self.name} of {self.edition!r}>"

    def schema(self, direction: str) -> Schema:
        """Return the schema of a direction with everything it refers to beside it, our annotations included.

        The result is shared: treat it as immutable. An unknown direction raises `UnknownNameError`.
        """
        if direction not in DIRECTIONS:
            raise UnknownNameError("direction", direction, DIRECTIONS)
        if direction not in self._schemas:
            found = bundle(self.catalog.document, self._document, self._document["$defs"][direction])
            widened = getattr(self.catalog.document, "widened", None)
            self._schemas[direction] = widened(self.name, direction, found) if widened else found
        return self._schemas[direction]

    def members(self, direction: str) -> Mapping[str, Schema]:
        """Return the members of a direction and the schema of each, in the document's order."""
        return MappingProxyType(self.schema(direction).get("properties", {}))

    def location(self, member: str) -> str:
        """Return where a request member travels: `"path"`, `"query"`, `"header"`, `"body"` or, alone, `"payload"`."""
        members = self.members("request")
        if member not in members:
            raise UnknownNameError("member", member, members)
        return str(members[member]["x-in"])

    def succeeds(self, status: int | None) -> bool:
        """Return whether an HTTP status is one of success."""
        return status == self.status or (self.varies and status is not None and 200 <= status < 300)

    def defaults(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        """Return the documented default of each member that a request leaves out; some depend on the event source.

        What is no mapping leaves out every member.
        """
        from .defaults import defaults  # few ask for them

        return defaults(self.schema("request"), payload)


def _limits(facts: Mapping[str, Any] | None) -> Mapping[str, Limit]:
    if not facts:
        return MappingProxyType({})
    from .sizes import limits  # few operations state any

    return limits(facts)


class Catalog:
    """The operations of an edition or of a service. Immutable; each operation is read when it is first asked for.

    `name` is what the edition or service is called.
    """

    __slots__ = ("__weakref__", "_is_listed", "_made", "_names", "document", "name")
    name: str
    document: Reader
    _names: tuple[str, ...] | None
    _is_listed: bool
    _made: dict[str, Operation]

    def __init__(self, name: str, document: Reader, names: tuple[str, ...] | None = None) -> None:
        facts = {"name": name, "document": document, "_names": names, "_is_listed": names is None, "_made": {}}
        for attribute, value in facts.items():
            object.__setattr__(self, attribute, value)

    def __setattr__(self, name: str, value: object = None) -> None:
        raise AttributeError("a catalog cannot be changed")

    __delattr__ = __setattr__

    def __repr__(self) -> str:
        return f"<Catalog of {self.name!r}>"

    def __reduce__(self) -> tuple[object, ...]:
        return (find, (self.name,)) if EDITIONS.get(self.name) is self else (_remade, (self.document,))

    @classmethod
    def from_service_model(cls, model: Any) -> Catalog:
        """Return the operations of a service from its model as botocore ships it: a mapping, or a `ServiceModel`.

        Nothing is converted before it is asked for. What the model states and a schema cannot is listed by `omissions`.
        A model that cannot be read raises `SchemaError`.
        """
        from .models import Documents  # only who has a model needs what reads one

        return _remade(Documents(model, spelt=True))

    @property
    def operations(self) -> tuple[str, ...]:
        """The names of the operations."""
        if self._names is None:
            object.__setattr__(self, "_names", tuple(self.document("operations.json")["operations"]))
        return self._names or ()

    @property
    def made_from(self) -> str:
        """The SDK whose model an edition was made from, such as `"botocore 1.44.8"`; empty for any other catalog."""
        model = self.document("operations.json").get("model", {}) if self._is_listed else {}
        return " ".join(("botocore", model["botocore"])) if "botocore" in model else ""

    def operation(self, name: str) -> Operation:
        """Return an operation. An unknown name raises `UnknownNameError`, which names the nearest."""
        try:
            return self._made[name]
        except (KeyError, TypeError):
            if name not in self.operations:
                raise UnknownNameError("operation", name, self.operations, _elsewhere(name, self)) from None
        return self._made.setdefault(name, Operation(self, self.document(f"{name}.json")))

    @property
    def types(self) -> Mapping[str, Schema]:
        """The types that the operations share, by name."""
        return MappingProxyType(self.document("types.json")["$defs"])

    def omissions(self, name: str) -> tuple[Omission, ...]:
        """Return what a service model states of an operation and its schemas do not say; nothing for an edition."""
        return tuple(self.document.omissions(name)) if hasattr(self.document, "omissions") else ()


Edition: TypeAlias = "str | Catalog"
"""The name of an edition, or a catalog."""


def _elsewhere(operation: object, lacking: Catalog) -> str | None:
    """Where an operation is that an edition or a service lacks."""
    homes = [each.name for each in EDITIONS.values() if operation in each.operations]
    if homes and lacking.name not in EDITIONS:
        return f"it is an operation of Lambda, not of {lacking.name}"
    return f"the edition {homes[0]!r} has it" if homes else None


def _remade(documents: Any) -> Catalog:
    return Catalog(documents.name, documents, documents.operations)


DOCUMENTS, TODAY = "documents", "current"
"""What the documents say, and the service as its published model and its behaviour show it today.

What is called with an operation's name goes by the documents by default, since they are the specification.
What is attached to live traffic, or sends some, goes by today's API: to refuse what AWS accepts would break it.
"""

EDITIONS: Mapping[str, Catalog] = MappingProxyType(
    {DOCUMENTS: Catalog(DOCUMENTS, transcribed), TODAY: Catalog(TODAY, lambda file: read(f"{TODAY}/{file}"))}
)
"""By name."""


def find(edition: str | Catalog = "documents") -> Catalog:
    """Return the catalog of an edition, or what is one already. An unknown edition raises `UnknownNameError`."""
    if isinstance(edition, Catalog):
        return edition
    try:
        return EDITIONS[edition]
    except (KeyError, TypeError):
        raise UnknownNameError("edition", edition, EDITIONS) from None


def operations(edition: str | Catalog = "documents") -> tuple[str, ...]:
    """Return the names of an edition's operations. An unknown edition raises `UnknownNameError`.

        >>> import lambda_validate as lv
        >>> lv.operations()
        ('CreateEventSourceMapping', 'GetFunctionEventInvokeConfig')

    `edition` is `"documents"` by default.
    """
    return find(edition).operations


def operation(name: str, edition: str | Catalog = "documents") -> Operation:
    """Return an operation. An unknown name or edition raises `UnknownNameError`, which names the nearest.

        >>> import lambda_validate as lv
        >>> lv.operation("GetFunctionEventInvokeConfig").path
        '/2019-09-25/functions/{FunctionName}/event-invoke-config'

    `edition` is `"documents"` by default.
    """
    return find(edition).operation(name)


def types(edition: str | Catalog = "documents") -> Mapping[str, Schema]:
    """Return the types that the operations of an edition share, by name."""
    return find(edition).types
