"""RELATIONS: checks that compare one member with another, which JSON Schema cannot say.

Each is given an object and returns the paths, below it, of the members to blame: none where it holds. Values of a wrong
type are somebody else's business: they never agree or disagree.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from ..base.values import as_array, as_number
from ..report import Path


def qualifier_agrees(request: Mapping[str, Any]) -> tuple[Path, ...]:
    """FunctionName may itself end in a version or alias; then Qualifier must be the same one.

    Observed: `The derived qualifier from the function name does not match the specified qualifier.`
    """
    own, given = own_qualifier(request.get("FunctionName")), request.get("Qualifier")
    return (("Qualifier",),) if own is not None and isinstance(given, str) and own != given else ()


def own_qualifier(name: Any) -> str | None:
    """Return the version or alias that a function name ends in, or None.

    The pattern of FunctionName decides: `function:x`, `123456789012:x` and `us-west-1:x` are all the function x.
    """
    match = FUNCTION.fullmatch(name) if isinstance(name, str) else None
    return match["qualifier"] if match else None


def destination_elsewhere(config: Mapping[str, Any]) -> tuple[Path, ...]:
    """A function is not its own destination, whichever version or alias.

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
    """The function that a request names is not its own destination; what the name leaves open may be anything.

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
    """Whether the parts of a function's name that are there are those of an ARN."""
    arn = FUNCTION.fullmatch(destination) if isinstance(destination, str) and destination.startswith("arn:") else None
    return arn is not None and all(function[part] in (None, arn[part]) for part in ("region", "account", "name"))


def pollers_ordered(config: Mapping[str, Any]) -> tuple[Path, ...]:
    """The most pollers are no fewer than the least.

    Stated of both: they are what the source scales down to, and up to.
    """
    least, most = as_number(config.get("MinimumPollers")), as_number(config.get("MaximumPollers"))
    return (("MaximumPollers",),) if least is not None and most is not None and least > most else ()


def basic_auth_once(request: Mapping[str, Any]) -> tuple[Path, ...]:
    """SourceAccessConfigurations has no more than one entry of the type BASIC_AUTH.

    SAM answers: `Multiple BASIC_AUTH properties specified in SourceAccessConfigurations.`
    """
    entries = enumerate(as_array(request.get("SourceAccessConfigurations")) or ())
    found = [index for index, each in entries if isinstance(each, dict) and each.get("Type") == "BASIC_AUTH"]
    return tuple(("SourceAccessConfigurations", index, "Type") for index in found[1:])


FUNCTION = re.compile(
    r"(?:arn:(?:aws[a-zA-Z-]*)?:lambda:)?(?:(?P<region>(?:eusc-)?[a-z]{2}(?:-gov|-iso[a-z]?)?-[a-z]+-[0-9]):)?"
    r"(?:(?P<account>[0-9]{12}):)?(?:function:)?(?P<name>[a-zA-Z0-9_.-]+)"
    r"(?::(?P<qualifier>\$LATEST(?:\.PUBLISHED)?|[a-zA-Z0-9_-]+))?"
)
"""FunctionName in its parts, as the edition `current` has it, which admits all that `documents` admits."""


def version_without_weight(request: Mapping[str, Any]) -> tuple[Path, ...]:
    """An alias gives no weight to its own version, which has what the others leave.

    Observed: `Invalid function version 1. Function version 1 is already included in routing configuration.`
    """
    version, routing = request.get("FunctionVersion"), request.get("RoutingConfig")
    weights = routing.get("AdditionalVersionWeights") if isinstance(routing, dict) else None
    given = isinstance(version, str) and isinstance(weights, dict) and version in weights
    return (("FunctionVersion",),) if given else ()


def layers_differ(request: Mapping[str, Any]) -> tuple[Path, ...]:
    """A function has each layer once, whichever version; the later ones are to blame.

    Observed: `Two different versions of the same layer are not allowed to be referenced in the same function.`
    """
    layers, first, blamed = request.get("Layers"), dict[str, int](), list[Path]()
    for index, each in enumerate(layers if isinstance(layers, list) else ()):
        match = LAYER.fullmatch(each) if isinstance(each, str) else None
        if match and first.setdefault(match["name"], index) != index:
            blamed.append(("Layers", index))
    return tuple(blamed)


LAYER = re.compile(r"(?P<name>arn:[^:]*:lambda:[^:]+:[^:]+:layer:[^:]+):[0-9]+")
"""The ARN of a layer's version; a layer of AWS itself has none."""

RELATIONS: Mapping[str, Callable[[Mapping[str, Any]], tuple[Path, ...]]] = {
    "qualifier-agrees": qualifier_agrees,
    "destination-elsewhere": destination_elsewhere,
    "destination-not-named": destination_not_named,
    "pollers-ordered": pollers_ordered,
    "basic-auth-once": basic_auth_once,
    "version-without-weight": version_without_weight,
    "layers-differ": layers_differ,
}

NEEDED: Mapping[str, tuple[str, ...]] = {
    "qualifier-agrees": ("FunctionName", "Qualifier"),
    "destination-elsewhere": ("FunctionArn", "DestinationConfig"),
    "destination-not-named": ("FunctionName", "DestinationConfig"),
    "pollers-ordered": ("MinimumPollers", "MaximumPollers"),
    "basic-auth-once": ("SourceAccessConfigurations",),
    "version-without-weight": ("FunctionVersion", "RoutingConfig"),
    "layers-differ": ("Layers",),
}
"""By relation, the members without which it holds."""
