"""Read the schema files into an immutable catalog of editions and operations.

Input: JSON files below `schemas/`, or the model of a service from botocore. Output: an `Operation`, with its HTTP
method and path, its errors, its limits, and one schema for requests and one for responses.

    operation("GetFunctionEventInvokeConfig").path      "/2019-09-25/functions/{FunctionName}/event-invoke-config"
    operation("Invoke", "current").schema("request")    a self-contained JSON Schema

The file of an operation is a JSON Schema. Its `$defs` hold the request and the response, and `x-operation` holds what
HTTP needs. Files are read when they are first needed. `schemas/vocabulary.json` describes every keyword that starts
with `x-`.

Terms: an *edition* is a set of operations, `"documents"` or `"current"`. A *catalog* is an edition as a value, or the
operations of another service. Every function that takes the name of an edition also takes a catalog. A *direction* is
`"request"` or `"response"`. An *overlay* is a file that changes a generated or transcribed document.
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
"""The operations of the edition `documents`. Functions also accept the names of operations of other catalogs."""


class ErrorFact(NamedTuple):
    """A documented exception: its HTTP status, and when it is raised, if that is documented."""

    status: int
    description: str = ""


class Operation:
    """One operation of one edition: its HTTP interface, and its two schemas. Immutable.

    These attributes are read from the schema file of the operation:

    - `name`, `edition`, `catalog` and `source`;
    - `method`, `path` (with `{Member}` where a member is sent) and `query` (the fixed parameters, name to value);
    - `status` of a success; with `varies`, any status from 200 to 299;
    - `content_type` of the body; `*/*` means any;
    - `errors`, name to `ErrorFact`;
    - `limits`, the maximum sizes that differ from the usual ones: a `Limit` for `"body"` (of a request), `"response"`
      or `"target"` (path and query).
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
        """Return the self-contained schema of a direction, including the keywords of our own, which begin with `x-`.

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
        """Return where a member of a request is sent: `"path"`, `"query"`, `"header"` or `"body"`.

        A member that is the whole body has the location `"payload"`.
        """
        members = self.members("request")
        if member not in members:
            raise UnknownNameError("member", member, members)
        return str(members[member]["x-in"])

    def succeeds(self, status: int | None) -> bool:
        """Return whether an HTTP status means that this operation succeeded."""
        return status == self.status or (self.varies and status is not None and 200 <= status < 300)

    def defaults(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        """Return the documented defaults of the members that a request leaves out. Some depend on the event source.

        If the payload is not a mapping, all defaults are returned.
        """
        from .defaults import defaults  # few ask for them

        return defaults(self.schema("request"), payload)


def _limits(facts: Mapping[str, Any] | None) -> Mapping[str, Limit]:
    if not facts:
        return MappingProxyType({})
    from .sizes import limits  # few operations state any

    return limits(facts)


class Catalog:
    """The operations of an edition or of a service. Immutable. Each operation is read when it is first needed.

    `name` is the name of the edition or the service.
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
        """Return the operations of a service from its model in botocore: a mapping, or a `ServiceModel`.

        An operation is converted when it is first needed. `omissions` lists the facts that the schemas leave out.
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
        """Return an operation. An unknown name raises `UnknownNameError`, which suggests the nearest one."""
        try:
            return self._made[name]
        except (KeyError, TypeError):
            if name not in self.operations:
                raise UnknownNameError("operation", name, self.operations, _elsewhere(name, self)) from None
        return self._made.setdefault(name, Operation(self, self.document(f"{name}.json")))

    @property
    def types(self) -> Mapping[str, Schema]:
        """The JSON Schemas that the operations share, by the name of the type, such as `FunctionName`."""
        return MappingProxyType(self.document("types.json")["$defs"])

    def omissions(self, name: str) -> tuple[Omission, ...]:
        """Return what a service model states about an operation but its schemas do not; empty for an edition."""
        return tuple(self.document.omissions(name)) if hasattr(self.document, "omissions") else ()


Edition: TypeAlias = "str | Catalog"
"""The name of an edition, or a catalog."""


def _elsewhere(operation: object, lacking: Catalog) -> str | None:
    """Return a hint for an operation that a catalog lacks: which edition has it. None if no edition has it."""
    homes = [edition.name for edition in EDITIONS.values() if operation in edition.operations]
    if homes and lacking.name not in EDITIONS:
        return f"it is an operation of Lambda, not of {lacking.name}"
    return f"the edition {homes[0]!r} has it; pass edition={homes[0]!r}" if homes else None


def _remade(documents: Any) -> Catalog:
    return Catalog(documents.name, documents, documents.operations)


DOCUMENTS, TODAY = "documents", "current"
"""The two editions: what the documents say, and today's API as its published model and its behaviour show it.

Functions that take the name of an operation use the documents by default, since these are the specification. Whatever
handles live traffic uses today's API by default: to refuse a request that AWS accepts would break the application.
"""

EDITIONS: Mapping[str, Catalog] = MappingProxyType(
    {DOCUMENTS: Catalog(DOCUMENTS, transcribed), TODAY: Catalog(TODAY, lambda file: read(f"{TODAY}/{file}"))}
)
"""The editions by name."""


def find(edition: str | Catalog = "documents") -> Catalog:
    """Return the catalog of an edition by its name; a catalog is returned itself.

    An unknown name raises `UnknownNameError`.
    """
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
    """Return an operation. An unknown name or edition raises `UnknownNameError`, which suggests the nearest one.

        >>> import lambda_validate as lv
        >>> lv.operation("GetFunctionEventInvokeConfig").path
        '/2019-09-25/functions/{FunctionName}/event-invoke-config'

    `edition` is `"documents"` by default.
    """
    return find(edition).operation(name)


def types(edition: str | Catalog = "documents") -> Mapping[str, Schema]:
    """Return the JSON Schemas that several operations of an edition share, by the name of the type."""
    return find(edition).types
