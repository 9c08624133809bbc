"""RELATIONS: checks that compare one member with another, which JSON Schema cannot express.

Each function takes an object and returns the paths of the invalid members below it; none if the relation holds. Values
of a wrong type are ignored, since another rule reports them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from ..base.values import as_array, as_number
from ..report import Path


def qualifier_agrees(request: Mapping[str, Any]) -> tuple[Path, ...]:
    """Check that Qualifier equals the version or alias at the end of FunctionName, if there is one.

    Observed: `The derived qualifier from the function name does not match the specified qualifier.`
    """
    own, given = own_qualifier(request.get("FunctionName")), request.get("Qualifier")
    return (("Qualifier",),) if own is not None and isinstance(given, str) and own != given else ()


def own_qualifier(name: Any) -> str | None:
    """Return the version or alias that a function name ends in, or None.

    The pattern of FunctionName decides what each part is. For example, `function:x`, `123456789012:x` and
    `us-west-1:x` are the function x without a version or alias.
    """
    match = FUNCTION.fullmatch(name) if isinstance(name, str) else None
    return match["qualifier"] if match else None


def destination_elsewhere(config: Mapping[str, Any]) -> tuple[Path, ...]:
    """Check that a function is not its own destination, under any version or alias.

    Observed: `You can't specify the function as a destination for itself.`
    """
    function, destinations = _unqualified(config.get("FunctionArn")), config.get("DestinationConfig")
    if function is None or not isinstance(destinations, dict):
        return ()
    return tuple(
        ("DestinationConfig", event, "Destination")
        for event in ("OnFailure", "OnSuccess")
        if isinstance(destination := destinations.get(event), dict)
        and _unqualified(destination.get("Destination")) == function
    )


def _unqualified(arn: Any) -> list[str] | None:
    return arn.split(":")[:7] if isinstance(arn, str) and arn.startswith("arn:") else None


def destination_not_named(request: Mapping[str, Any]) -> tuple[Path, ...]:
    """Check that the function in a request is not its own destination.

    A function name without a region or account matches a destination ARN of any region or account.

    Observed: `You can't specify the function as a destination for itself.`
    """
    name, destinations = request.get("FunctionName"), request.get("DestinationConfig")
    function = FUNCTION.fullmatch(name) if isinstance(name, str) else None
    if function is None or not isinstance(destinations, dict):
        return ()
    return tuple(
        ("DestinationConfig", event, "Destination")
        for event in ("OnFailure", "OnSuccess")
        if isinstance(destination := destinations.get(event), dict) and _names(function, destination.get("Destination"))
    )


def _names(function: re.Match[str], destination: Any) -> bool:
    """Return whether a function name may mean a destination ARN: all parts that the name has are equal in the ARN."""
    arn = FUNCTION.fullmatch(destination) if isinstance(destination, str) and destination.startswith("arn:") else None
    return arn is not None and all(function[part] in (None, arn[part]) for part in ("region", "account", "name"))


def pollers_ordered(config: Mapping[str, Any]) -> tuple[Path, ...]:
    """Check that the maximum number of pollers is not below the minimum.

    The documents state that an event source scales down to MinimumPollers, and up to MaximumPollers.
    """
    least, most = as_number(config.get("MinimumPollers")), as_number(config.get("MaximumPollers"))
    return (("MaximumPollers",),) if least is not None and most is not None and least > most else ()


def basic_auth_once(request: Mapping[str, Any]) -> tuple[Path, ...]:
    """Check that SourceAccessConfigurations has at most one entry of the type BASIC_AUTH.

    SAM answers: `Multiple BASIC_AUTH properties specified in SourceAccessConfigurations.`
    """
    entries = enumerate(as_array(request.get("SourceAccessConfigurations")) or ())
    found = [index for index, entry in entries if isinstance(entry, dict) and entry.get("Type") == "BASIC_AUTH"]
    return tuple(("SourceAccessConfigurations", index, "Type") for index in found[1:])


FUNCTION = re.compile(
    r"(?:arn:(?:aws[a-zA-Z-]*)?:lambda:)?(?:(?P<region>(?:eusc-)?[a-z]{2}(?:-gov|-iso[a-z]?)?-[a-z]+-[0-9]):)?"
    r"(?:(?P<account>[0-9]{12}):)?(?:function:)?(?P<name>[a-zA-Z0-9_.-]+)"
    r"(?::(?P<qualifier>\$LATEST(?:\.PUBLISHED)?|[a-zA-Z0-9_-]+))?"
)
"""The parts of FunctionName, as the edition `current` defines it, which accepts all that `documents` accepts."""


def version_without_weight(request: Mapping[str, Any]) -> tuple[Path, ...]:
    """Check that the additional versions of an alias do not include its main version, which gets the remaining traffic.

    Observed: `Invalid function version 1. Function version 1 is already included in routing configuration.`
    """
    version, routing = request.get("FunctionVersion"), request.get("RoutingConfig")
    weights = routing.get("AdditionalVersionWeights") if isinstance(routing, dict) else None
    given = isinstance(version, str) and isinstance(weights, dict) and version in weights
    return (("FunctionVersion",),) if given else ()


def layers_differ(request: Mapping[str, Any]) -> tuple[Path, ...]:
    """Check that a function has no two versions of one layer. The first is valid, and later ones are reported.

    Observed: `Two different versions of the same layer are not allowed to be referenced in the same function.`
    """
    layers, seen, blamed = request.get("Layers"), set[str](), list[Path]()
    for index, layer in enumerate(layers if isinstance(layers, list) else ()):
        match = LAYER.fullmatch(layer) if isinstance(layer, str) else None
        if match and match["name"] in seen:
            blamed.append(("Layers", index))
        elif match:
            seen.add(match["name"])
    return tuple(blamed)


LAYER = re.compile(r"(?P<name>arn:[^:]*:lambda:[^:]+:[^:]+:layer:[^:]+):[0-9]+")
"""The ARN of a version of a layer. AWS's own layers do not match."""

RELATIONS: Mapping[str, Callable[[Mapping[str, Any]], tuple[Path, ...]]] = {
    "qualifier-agrees": qualifier_agrees,
    "destination-elsewhere": destination_elsewhere,
    "destination-not-named": destination_not_named,
    "pollers-ordered": pollers_ordered,
    "basic-auth-once": basic_auth_once,
    "version-without-weight": version_without_weight,
    "layers-differ": layers_differ,
}

COMPARED_MEMBERS: Mapping[str, tuple[str, ...]] = {
    "qualifier-agrees": ("FunctionName", "Qualifier"),
    "destination-elsewhere": ("FunctionArn", "DestinationConfig"),
    "destination-not-named": ("FunctionName", "DestinationConfig"),
    "pollers-ordered": ("MinimumPollers", "MaximumPollers"),
    "basic-auth-once": ("SourceAccessConfigurations",),
    "version-without-weight": ("FunctionVersion", "RoutingConfig"),
    "layers-differ": ("Layers",),
}
"""For each relation, the members that it compares. If one of them is missing, the relation is satisfied."""
