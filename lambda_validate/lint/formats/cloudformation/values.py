"""Nested members that CloudFormation, and so SAM, shapes otherwise than the API: a mapping's Tags and Endpoints.

Source: the resource type's reference, "AWS::Lambda::EventSourceMapping" and its "Endpoints" and "Tag".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ....catalog import Edition
from ...documents.places import Path
from ...findings.lint_rules import SPELLING
from ...findings.resource import FormatFinding, Resource
from ...unresolved.parts import Choice, Partial, Unknown

ENDPOINTS: Path = ("SelfManagedEventSource", "Endpoints")
SERVERS, OWN_SERVERS = "KAFKA_BOOTSTRAP_SERVERS", "KafkaBootstrapServers"
TAG = frozenset({"Key", "Value"})
NESTED: Mapping[Path, str] = {(*ENDPOINTS, SERVERS): OWN_SERVERS}
"""By the path in the payload, the template's name."""


def as_api(resource: Resource, edition: Edition) -> Resource:
    """Return a mapping with its nested members shaped as the API has them."""
    payload, places = dict(resource.payload), dict(resource.places)
    findings: list[FormatFinding] = []
    if "Tags" in payload:
        here = places.get(("Tags",), (*resource.path, "Tags"))
        if isinstance(payload["Tags"], dict) and edition != "documents":
            message = "Tags must be a list of objects, each with Key and Value, not one object."
            findings.append(FormatFinding("tags.type", "error", here, message, "Write - Key: and Value:."))
        payload["Tags"] = _tags(payload["Tags"], here, places)
    if ENDPOINTS[0] in payload:
        here = (*places.get(ENDPOINTS[:1], (*resource.path, ENDPOINTS[0])), ENDPOINTS[1])
        payload[ENDPOINTS[0]] = _inside(payload[ENDPOINTS[0]], lambda each: _endpoints(each, here, places, findings))
    names = {**resource.names, **NESTED}
    return resource._replace(payload=payload, places=places, names=names, extra=(*resource.extra, *findings))


def _tags(value: Any, here: Path, places: dict[Path, Path]) -> Any:
    """Return a list of tags as an object of them; nothing is known of one whose keys are not all known."""
    if isinstance(value, Choice):
        return _each(value, lambda option: _tags(option, here, {}))
    if type(value) is not list:
        return Unknown() if isinstance(value, dict) else value
    if not all(isinstance(each, dict) and isinstance(each.get("Key"), str) and each.keys() <= TAG for each in value):
        return Unknown()
    for index, each in enumerate(value):
        places["Tags", each["Key"]] = (*here, index, "Value")
    return {each["Key"]: each.get("Value", Unknown()) for each in value}


def _inside(source: Any, change: Callable[[Any], Any]) -> Any:
    """Return a self-managed source with other endpoints."""
    if isinstance(source, Choice):
        return _each(source, lambda option: _inside(option, change))
    if not isinstance(source, dict) or ENDPOINTS[1] not in source:
        return source
    return {**source, ENDPOINTS[1]: change(source[ENDPOINTS[1]])}


def _endpoints(value: Any, here: Path, places: dict[Path, Path], findings: list[FormatFinding]) -> Any:
    """Return endpoints by the API's name; that name itself is not the template's."""
    if isinstance(value, Choice):
        return _each(value, lambda option: _endpoints(option, here, {}, findings))
    if not isinstance(value, dict):
        return value
    if SERVERS in value:
        message = f"Endpoints has no member {SERVERS!r}, which is how the API spells {OWN_SERVERS!r}."
        findings.append(FormatFinding(SPELLING, "error", (*here, SERVERS), message, f"Write {OWN_SERVERS}."))
    if OWN_SERVERS in value:
        places[(*ENDPOINTS, SERVERS)] = (*here, OWN_SERVERS)
    return {SERVERS if name == OWN_SERVERS else name: each for name, each in value.items()}


def _each(choice: Choice, change: Callable[[Any], Any]) -> Choice:
    def changed(value: Any) -> Any:
        return value if isinstance(value, Unknown | Partial) else change(value)

    return choice._replace(options=tuple(each._replace(value=changed(each.value)) for each in choice.options))
