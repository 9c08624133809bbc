"""Checks requests to, and responses from, the AWS Lambda API against schemas transcribed from its documents.

    >>> import lambda_validate as lv
    >>> report = lv.validate_request("CreateEventSourceMapping", {"FunctionName": "f", "BatchSize": 0}, "current")
    >>> print(report)
    /EventSourceArn: error: EventSourceArn is required, or SelfManagedEventSource for a Kafka cluster outside AWS. \
[event-source-arn.required]
    /BatchSize: error: BatchSize must be at least 1. [batch-size.minimum]
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .base.spelling import UnknownNameError
from .base.version import VERSION
from .catalog import Catalog, DocumentsOperation, Operation, SchemaError, operation, operations, portable
from .report import Direction, Report, Source, ValidationError, Violation
from .validator import Validator

if TYPE_CHECKING:
    import jsonschema

    from .catalog import formats as formats

__version__ = VERSION
__all__ = [
    "Catalog", "Direction", "DocumentsOperation", "Operation", "Report", "SchemaError", "Source", "UnknownNameError",
    "ValidationError", "Validator", "Violation", "format_checker", "formats", "is_valid_request", "is_valid_response",
    "operation", "operations", "schema", "validate_json", "validate_request", "validate_response",
]  # fmt: skip

_VALIDATORS: dict[str | Catalog, Validator] = {"documents": Validator()}
_MAX_VALIDATORS = 32
"""Maximum number of cached validators, so that a program that makes many catalogs does not run out of memory."""


def _validator(edition: str | Catalog) -> Validator:
    """Return the validator of an edition or catalog with default settings. It is made once, then cached."""
    try:
        return _VALIDATORS[edition]
    except (KeyError, TypeError):
        made = Validator(edition)
    while len(_VALIDATORS) >= _MAX_VALIDATORS:
        _VALIDATORS.pop(next(iter(_VALIDATORS)), None)
    return _VALIDATORS.setdefault(edition, made)


def validate_request(operation: DocumentsOperation | str, payload: Any, edition: str | Catalog = "documents") -> Report:
    """Return every violation of a request payload.

    The payload is one flat object of the request's parameters, as an SDK takes them. It does not matter whether HTTP
    sends a parameter in the path, in the query string or in the body.

        >>> import lambda_validate as lv
        >>> report = lv.validate_request("CreateEventSourceMapping", {"FunctionName": "orders", "BatchSize": 0})
        >>> [each.rule for each in report.violations]
        ['batch-size.minimum', 'event-source-arn.required']

    A payload of any type gives a report, never an exception. An unknown operation or edition raises
    `UnknownNameError`. `edition` is `"documents"` by default; `"current"` is today's API.
    """
    return _validator(edition).validate_request(operation, payload)


def validate_response(
    operation: DocumentsOperation | str,
    body: Any,
    status: int | None = None,
    error: str | None = None,
    edition: str | Catalog = "documents",
) -> Report:
    """Return every violation of a response: of its JSON body, its HTTP status and the name of its exception, if any.

        >>> import lambda_validate as lv
        >>> lv.validate_response("GetFunctionEventInvokeConfig", {"MaximumRetryAttempts": 3}, status=200).ok
        False

    `edition` is `"documents"` by default; `"current"` is today's API.
    """
    return _validator(edition).validate_response(operation, body, status, error)


def validate_json(
    operation: DocumentsOperation | str,
    body: bytes | str,
    direction: Direction = "request",
    edition: str | Catalog = "documents",
    *,
    status: int | None = None,
    error: str | None = None,
    depth: int = 32,
) -> Report:
    """Parse a JSON body strictly and validate the payload in it. Return the violations of both in one report.

        >>> import lambda_validate as lv
        >>> body = '{"FunctionName": "f", "Qualifier": NaN, "FunctionName": "f"}'
        >>> print(lv.validate_json("GetFunctionEventInvokeConfig", body))
        /FunctionName: error: The name must occur only once in its object. [body.duplicate]
        /Qualifier: error: A number must be finite, and in the range of a double. [body.number]

    These faults of a body are violations: a byte-order mark, an encoding other than UTF-8, a duplicate name in an
    object, NaN, a number outside the range of a double, a lone surrogate, and nesting deeper than `depth`. A body that
    cannot be parsed has one violation, at pointer `""`. `status` and `error` have the meaning that they have in
    `validate_response`. They are used only if `direction` is `"response"`.

    A body of any type gives a report, never an exception. An unknown operation, direction or edition raises
    `UnknownNameError`. `edition` is `"documents"` by default; `"current"` is today's API.
    """
    return _validator(edition).validate_json(operation, body, direction, status=status, error=error, depth=depth)


def is_valid_request(operation: DocumentsOperation | str, payload: Any, edition: str | Catalog = "documents") -> bool:
    """Return what `validate_request(…).ok` would be, at a fraction of the cost.

        >>> import lambda_validate as lv
        >>> lv.is_valid_request("GetFunctionEventInvokeConfig", {"FunctionName": "orders"})
        True

    `edition` is `"documents"` by default.
    """
    try:
        verdict = _VALIDATORS[edition]._requests[operation]  # what the validator does, without its call
    except (KeyError, TypeError):
        return _validator(edition).is_valid_request(operation, payload)
    try:
        return verdict(payload)
    except Exception:  # a payload may be any object, and its methods may raise anything
        return False


def is_valid_response(
    operation: DocumentsOperation | str, body: Any, status: int | None = None, edition: str | Catalog = "documents"
) -> bool:
    """Return what `validate_response(…).ok` would be, at a fraction of the cost.

        >>> import lambda_validate as lv
        >>> lv.is_valid_response("GetFunctionEventInvokeConfig", {"MaximumRetryAttempts": 2})
        True

    `edition` is `"documents"` by default.
    """
    return _validator(edition).is_valid_response(operation, body, status)


def schema(
    operation: DocumentsOperation | str,
    direction: Direction,
    edition: str | Catalog = "documents",
    *,
    strict: bool = False,
) -> dict[str, Any]:
    """Return a self-contained JSON Schema for any 2020-12 validator. With `strict`, it includes the rules of warnings.

        >>> import lambda_validate as lv
        >>> lv.schema("GetFunctionEventInvokeConfig", "request")["required"]
        ['FunctionName']

    `edition` is `"documents"` by default.
    """
    from .catalog import operation as find

    made: dict[str, Any] = portable(find(operation, edition).schema(direction), strict=strict)
    return made


def format_checker() -> jsonschema.FormatChecker:
    """Return a `jsonschema.FormatChecker` with the formats of this package.

    >>> import lambda_validate as lv
    >>> lv.format_checker().conforms("{}", "filter-pattern")
    True
    """
    from .catalog.reference import format_checker as made  # imports jsonschema, which costs more than all the rest

    return made()


def __getattr__(name: str) -> Any:
    if name == "formats":
        from importlib import import_module

        return import_module(".formats", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
