"""RELATIONS: checks that compare one member with another, which JSON Schema cannot say.

Each is given an object and returns the path, below it, of the member to blame, or None. Values of a wrong type are
somebody else's business: they never agree or disagree.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from .catalog import types
from .patterns import whole
from .report import Path


def qualifier_agrees(request: Mapping[str, Any]) -> Path | None:
    """FunctionName may itself end in a version or alias; then Qualifier must be the same one.

    Observed: `The derived qualifier from the function name does not match the specified qualifier.`
    """
    own, given = own_qualifier(request.get("FunctionName")), request.get("Qualifier")
    return ("Qualifier",) if own is not None and isinstance(given, str) and own != given else None


def own_qualifier(name: Any) -> str | None:
    """Return the version or alias that a function name ends in, or None.

    The pattern of FunctionName decides: `function:x`, `123456789012:x` and `us-west-1:x` are all the function x.
    """
    match = _function_name()(name) if isinstance(name, str) else None
    return match[1] if match else None


@cache
def _function_name() -> Callable[[str], re.Match[str] | None]:
    """The pattern of FunctionName, matching a whole text, with a group around what its last colon precedes."""
    before, _, after = (whole(types()["FunctionName"]["pattern"]) or "").rpartition("(?::(?:")
    return re.compile(f"{before}(?::({after}", re.ASCII).fullmatch


def destination_elsewhere(config: Mapping[str, Any]) -> Path | None:
    """A function is not its own destination, whichever version or alias.

    Observed: `You can't specify the function as a destination for itself.`
    """
    function, destinations = _unqualified(config.get("FunctionArn")), config.get("DestinationConfig")
    if function is None or not isinstance(destinations, dict):
        return None
    for event in ("OnFailure", "OnSuccess"):
        destination = destinations.get(event)
        if isinstance(destination, dict) and _unqualified(destination.get("Destination")) == function:
            return "DestinationConfig", event, "Destination"
    return None


def _unqualified(arn: Any) -> list[str] | None:
    return arn.split(":")[:7] if isinstance(arn, str) and arn.startswith("arn:") else None


RELATIONS: Mapping[str, Callable[[Mapping[str, Any]], Path | None]] = {
    "qualifier-agrees": qualifier_agrees,
    "destination-elsewhere": destination_elsewhere,
}
