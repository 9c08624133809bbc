"""Schemas in place of relations: schemas of objects that keep a relation between members, or break it.

A relation, such as "MinimumPollers is at most MaximumPollers", is a function. No schema describes all objects that
match it, but a schema can describe enough of them to generate payloads.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple


class Related(NamedTuple):
    """Schemas of objects that match a relation between members, and schemas of objects that break it."""

    matching: tuple[Any, ...]
    broken: tuple[Any, ...]


def _where(**members: Any) -> Any:
    return {"type": "object", "required": list(members), "properties": members}


def _without(name: str) -> Any:
    return {"type": "object", "properties": {name: False}}


ALIASES = ("PROD", "1", "$LATEST")
ARN = "arn:aws:lambda:us-west-2:123456789012:function:"


def _ends(alias: str) -> Any:
    """Return the schema of function names and ARNs with the given alias or version, such as `my-function:PROD`."""
    tail = alias.replace("$", "\\$")
    examples = [f"my-function:{alias}", f"{ARN}my-function:{alias}"]
    pattern = f"^(?:(?:[^\\n]*:)?function:)?[a-eg-zA-Z_][a-zA-Z0-9_\\-]*:{tail}$(?!\\n)"
    return {"type": "string", "pattern": pattern, "examples": examples}


BARE = {"type": "string", "pattern": "^(?:(?:[^\\n]*:)?function:)?[a-zA-Z0-9_\\-]+$(?!\\n)"}
NO_NAME = {"type": "string", "pattern": "^(?:|[^\\n]* [^\\n]*)$(?!\\n)"}
"""A string that is not a function name, so that it has no version or alias at its end."""
OTHER_FUNCTION = {"enum": [f"{ARN}other-function", f"{ARN}other-function:PROD"]}
NO_FUNCTION = {"type": "string", "not": {"pattern": "^arn:[^:]*:lambda:"}}
FUNCTION_ARNS = {"enum": [f"{ARN}my-function", f"{ARN}my-function:PROD", f"{ARN}my-function:$LATEST"]}
FUNCTION_NAMES = {"enum": ["my-function", f"{ARN}my-function"]}
EVENTS = ("OnFailure", "OnSuccess")


def _destinations(values: Any, events: tuple[str, ...] = EVENTS) -> Any:
    """Return the schema of a `DestinationConfig` in which every destination that is present matches `values`."""
    return {
        "type": "object",
        "properties": {event: {"type": "object", "properties": {"Destination": values}} for event in events},
    }


def _certain(given: str, events: tuple[str, ...]) -> Any:
    """Return the schema of a `DestinationConfig` with a destination for each of `events`, such as `("OnFailure",)`."""
    return _where(**{event: _where(Destination={"const": given}) for event in events})


BASIC_AUTH = {"const": "BASIC_AUTH"}
SOME_EVENTS = (EVENTS[:1], EVENTS[1:], EVENTS)
NO_OTHERS = {"type": "object", "properties": {"DestinationConfig": _destinations(NO_FUNCTION)}}
"""A request in which no destination is a function."""


def _weights(weights: Any, **members: Any) -> Any:
    """Return the schema of a request for an alias whose `AdditionalVersionWeights` match a schema."""
    return _where(RoutingConfig=_where(AdditionalVersionWeights=weights), **members)


LAYER = "arn:aws:lambda:us-west-2:123456789012:layer:my-layer:"

RELATED: Mapping[str, Related] = {
    "qualifier-agrees": Related(
        matching=(
            _without("Qualifier"),
            _where(Qualifier={}, FunctionName=BARE),
            *(_where(Qualifier={"const": alias}, FunctionName=_ends(alias)) for alias in ALIASES),
            _where(Qualifier={}, FunctionName=NO_NAME),
        ),
        broken=tuple(
            _where(Qualifier={"const": given}, FunctionName=_ends(own))
            for own, given in (("v1", "PROD"), ("PROD", "v1"), ("$LATEST", "1"), ("1", "$LATEST"))
        ),
    ),
    "destination-elsewhere": Related(
        matching=(
            _without("FunctionArn"),
            {**NO_OTHERS, "required": ["FunctionArn"]},
            {
                "type": "object",
                "required": ["FunctionArn"],
                "properties": {"FunctionArn": FUNCTION_ARNS, "DestinationConfig": _destinations(OTHER_FUNCTION)},
            },
        ),
        broken=tuple(
            _where(FunctionArn={"const": own}, DestinationConfig=_certain(given, events))
            for events in SOME_EVENTS
            for own, given in (
                (f"{ARN}my-function", f"{ARN}my-function"),
                (f"{ARN}my-function:PROD", f"{ARN}my-function:1"),
            )
        ),
    ),
    "destination-not-named": Related(
        matching=(
            NO_OTHERS,
            {
                "type": "object",
                "required": ["FunctionName"],
                "properties": {"FunctionName": FUNCTION_NAMES, "DestinationConfig": _destinations(OTHER_FUNCTION)},
            },
        ),
        broken=tuple(
            _where(FunctionName={"const": own}, DestinationConfig=_certain(f"{ARN}my-function", events))
            for events in SOME_EVENTS
            for own in FUNCTION_NAMES["enum"]
        ),
    ),
    "pollers-ordered": Related(
        matching=(
            _without("MinimumPollers"),
            _without("MaximumPollers"),
            *(
                _where(MinimumPollers={"type": "number", "maximum": bound}, MaximumPollers={"minimum": bound})
                for bound in (2, 200)
            ),
        ),
        broken=tuple(
            _where(
                MinimumPollers={"type": "number", "minimum": bound + 1},
                MaximumPollers={"type": "number", "maximum": bound},
            )
            for bound in (2, 199)
        ),
    ),
    "basic-auth-once": Related(
        matching=(
            _without("SourceAccessConfigurations"),
            _where(SourceAccessConfigurations={"type": "array", "maxItems": 1}),
            _where(
                SourceAccessConfigurations={"type": "array", "items": {"properties": {"Type": {"not": BASIC_AUTH}}}}
            ),
        ),
        broken=(_where(SourceAccessConfigurations={"type": "array", "minItems": 2, "items": _where(Type=BASIC_AUTH)}),),
    ),
    "version-without-weight": Related(
        matching=(
            _without("FunctionVersion"),
            _without("RoutingConfig"),
            _where(RoutingConfig=_without("AdditionalVersionWeights")),
            _weights({"properties": {"1": False}}, FunctionVersion={"const": "1"}),
            _weights({}, FunctionVersion={"type": "string", "not": {"pattern": "^[0-9]"}}),
        ),
        broken=(_weights(_where(**{"1": {}}), FunctionVersion={"const": "1"}),),
    ),
    "layers-differ": Related(
        matching=(
            _without("Layers"),
            _where(Layers={"type": "array", "maxItems": 1}),
            _where(Layers={"type": "array", "items": {"not": {"pattern": ":layer:"}}}),
        ),
        broken=(_where(Layers={"type": "array", "minItems": 2, "maxItems": 2, "items": {"enum": [LAYER + "1"]}}),),
    ),
}
