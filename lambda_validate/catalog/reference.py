"""Make `jsonschema` validators of the schemas, which share no code with the compiler and so can check its results.

They are much slower, and report neither positions nor spellings. They exist for tests, and for users who use jsonschema
already.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import jsonschema
import regex

from .. import catalog
from ..base.values import as_array, as_integer, as_number, as_object, as_string
from ..patterns.matching import has_properties
from .formats import FORMATS
from .relations import RELATIONS


def format_checker() -> jsonschema.FormatChecker:
    """Return a `jsonschema.FormatChecker` with our formats only."""
    checker = jsonschema.FormatChecker(formats=())
    for name, function in FORMATS.items():
        checker.checks(name)(_lenient(function))
    return checker


def _lenient(function: Any) -> Any:
    """Return a format function that accepts every value that is not a string: the keyword `type` checks that."""
    return lambda value: not isinstance(value, str) or function(value)


def _readable() -> jsonschema.FormatChecker:
    r"""Return the format checker with which schemas themselves are checked.

    It accepts patterns with Unicode properties, such as `\p{L}`. The format checker of jsonschema refuses them.
    """
    checker = jsonschema.FormatChecker(formats=())
    checker.checks("regex", raises=regex.error)(_lenient(lambda pattern: regex.compile(pattern) is not None))
    return checker


def _unknown_members(validator: Any, severity: str, instance: Any, schema: Mapping[str, Any]) -> Iterator[Any]:
    if validator.is_type(instance, "object"):
        for name in instance:
            if name not in schema.get("properties", {}):
                yield jsonschema.ValidationError("unknown member", path=[name])


def _warnings(validator: Any, schemas: list[Any], instance: Any, schema: Any) -> Iterator[Any]:
    for index, warning in enumerate(schemas):
        yield from validator.descend(instance, warning, schema_path=index)


def _pattern(validator: Any, pattern: str, instance: Any, schema: Any) -> Iterator[Any]:
    """Check `pattern` as jsonschema does, but support Unicode properties, which `re` does not."""
    search: Any = regex.search if has_properties(pattern) else re.search
    if validator.is_type(instance, "string") and not search(pattern, instance):
        yield jsonschema.ValidationError("the pattern is not matched")


def _relation(validator: Any, name: str, instance: Any, schema: Any) -> Iterator[Any]:
    for path in RELATIONS[name](instance) if validator.is_type(instance, "object") else ():
        yield jsonschema.ValidationError(f"broken relation {name}", path=path)


TYPES = jsonschema.Draft202012Validator.TYPE_CHECKER.redefine_many(
    {
        "string": lambda checker, value: as_string(value) is not None,
        "integer": lambda checker, value: as_integer(value) is not None,
        "number": lambda checker, value: as_number(value) is not None,
        "array": lambda checker, value: as_array(value) is not None,
        "object": lambda checker, value: as_object(value) is not None,
    }
)
"""The JSON types as everywhere in this library: NaN is not a number, and a tuple is an array."""

extend: Any = jsonschema.validators.extend  # untyped where it comes from
Lenient: Any = extend(
    jsonschema.Draft202012Validator, {"pattern": _pattern, "x-relation": _relation}, type_checker=TYPES
)
"""A class of validators that report errors only, like any 2020-12 validator, but support `x-relation`."""

Strict: Any = extend(Lenient, {"x-unknown-members": _unknown_members, "x-warnings": _warnings})
"""A class of validators that support all of our keywords, and so report warnings too, as errors."""


def validator(
    operation: str, direction: str, edition: str | catalog.Catalog = "documents", *, strict: bool = False
) -> Any:
    """Return a `jsonschema` validator for one direction of an operation. With `strict`, it reports warnings too.

    `edition` is `"documents"` by default. An unknown name raises `UnknownNameError`.
    """
    schema = catalog.operation(operation, edition).schema(direction)
    kind = Strict if strict else Lenient
    kind.check_schema(schema, format_checker=_readable())
    return kind(schema, format_checker=format_checker())
