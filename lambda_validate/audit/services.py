"""Find the validators of the audited services: Lambda by an edition, others by the models that botocore contains."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from ..validator import Validator

LAMBDA = "lambda"
SOURCE = "{}.amazonaws.com"
PROTOCOLS = frozenset({"json", "rest-json", "query"})
"""Protocols of services whose members CloudTrail spells as the service's model does, except for letter case."""


class ServiceError(ValueError):
    """Raised for a service whose calls cannot be audited."""


class AuditedService(NamedTuple):
    """A service: its name in the SDK, the validator for its calls, and the names of its operations."""

    name: str
    validator: Validator
    operations: frozenset[str]


def found(edition: str, names: tuple[str, ...], show_values: bool = False) -> Mapping[str, tuple[AuditedService, ...]]:
    """Return the services to audit, by the `eventSource` of their records, such as `lambda.amazonaws.com`.

    An unknown service raises `UnknownNameError`. A service raises `ServiceError` if CloudTrail spells its members
    differently from the service's model in botocore. If botocore is needed and missing, `NoModelsError` is raised.
    """
    sources: dict[str, tuple[AuditedService, ...]] = {}
    for name in dict.fromkeys(names):
        for source, service in _named(name, edition, show_values):
            sources[source] = (*sources.get(source, ()), service)
    return sources


def _named(name: str, edition: str, show_values: bool) -> list[tuple[str, AuditedService]]:
    if name == LAMBDA:
        validator = Validator(edition, show_values=show_values)
        known = AuditedService(name, validator, frozenset(validator.operations()))
        return [(source, known) for source in _everywhere(LAMBDA)]
    from ..catalog import Catalog
    from ..catalog.models.shipped import service_model

    model = service_model(name)
    catalog = Catalog.from_service_model(model)
    protocol = getattr(catalog.document, "protocol", "")
    if protocol not in PROTOCOLS:
        raise ServiceError(
            f"calls of {name} cannot be audited: CloudTrail does not spell members of the protocol {protocol} as the "
            f"service's model does; only services with the protocols json, rest-json and query can be audited"
        )
    validator = Validator(catalog, show_values=show_values)
    service = AuditedService(name, validator, frozenset(validator.operations()))
    return [(source, service) for source in _sources(name, model["metadata"])]


def _sources(name: str, metadata: Mapping[str, Any]) -> list[str]:
    """Return the values that `eventSource` may have in records of a service's calls."""
    prefixes = (name, metadata.get("endpointPrefix"), metadata.get("signingName"))
    return [
        source for prefix in dict.fromkeys(prefix for prefix in prefixes if prefix) for source in _everywhere(prefix)
    ]


def _everywhere(prefix: str) -> list[str]:
    """Return the values of `eventSource` for a prefix, such as `lambda.amazonaws.com`, with another ending in China."""
    source = SOURCE.format(prefix)
    return [source, f"{source}.cn"]
