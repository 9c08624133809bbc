"""SAM: the events of `AWS::Serverless::Function` that become mappings, and its settings, merged with `Globals`.

Source: the SAM specification, "EventSource" and "EventInvokeConfiguration".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from ....base.spelling import listing
from ....catalog import Edition
from ...documents.places import Document, Path, member_at
from ...findings.lint_rules import TENANCY, TRANSFORM
from ...findings.resource import Resource, place
from ...unresolved.parts import Unknown
from ..aws_resources import MAPPING, SETTING
from ..members import Names, PayloadDraft
from .destinations import DESTINATIONS, OUTCOMES, untyped
from .intrinsics import Template
from .intrinsics import function as function_of
from .sam_events import FILLED_IN, mappings, read_objects
from .template import invoke_names, of_template, templates

FUNCTION = "AWS::Serverless::Function"
TENANTS = "TenancyConfig"
FOR_TENANTS = ("Api", "HttpApi")
"""Types of event that a function with TenancyConfig may have."""


@cache
def settings_names(edition: Edition) -> Names:
    """Return the members of EventInvokeConfig."""
    own = {name: api for name, api in invoke_names(edition).own.items() if api not in FILLED_IN}
    return Names("EventInvokeConfig", own)


def resources(document: Document, edition: Edition) -> Iterator[Resource]:
    """Yield the mappings and settings of a template's functions."""
    for template in templates(document):
        yield from of_template(template, edition, readers={FUNCTION: _function})


def _function(template: Template, function: Mapping[str, Any], path: Path, edition: Edition) -> Iterator[Resource]:
    common, base = _globals(template, "EventInvokeConfig")
    for properties, home in template.objects(function.get("Properties", {}), (*path, "Properties")):
        draft = PayloadDraft(home)
        tenants = properties.get(TENANTS, _globals(template, TENANTS)[0])
        has_tenants = bool(tenants) and isinstance(tenants, dict) and function_of(tenants, ()) is None
        for events, where in read_objects(draft, template, properties, "Events", home):
            for name in events:
                for each, here in read_objects(draft, template, events, name, where):
                    yield from mappings(template, each, here, edition, draft)
                    if has_tenants:
                        _report_tenants(draft, each.get("Type"), here)
        given = list(read_objects(draft, template, properties, "EventInvokeConfig", home))
        if given or (common and "EventInvokeConfig" not in properties):
            for each, here in given or [({}, base)]:
                yield _settings(template, each, here, edition)
        if draft.findings:
            yield draft.resource(MAPPING, "sam")._replace(payload=Unknown())


def _report_tenants(draft: PayloadDraft, kind: Any, path: Path) -> None:
    if isinstance(kind, str) and kind not in FOR_TENANTS:
        message = f"A function with {TENANTS} can have events of type {listing(FOR_TENANTS)} only."
        help = f"Leave out {TENANTS}, or move the event to another function."
        draft.report(TENANCY, (*path, "Type"), message, help, is_key=False)


def _globals(template: Template, name: str) -> tuple[Mapping[str, Any], Path]:
    """Return a member of `Globals.Function`, and its place."""
    steps = ("Globals", "Function", name)
    value = member_at(template.root, *steps)
    return (value if isinstance(value, dict) else {}), (*template.path, *steps)


def _settings(template: Template, value: Mapping[str, Any], path: Path, edition: Edition) -> Resource:
    """Return a function's settings: its own, over those that `Globals` has for all functions."""
    names = settings_names(edition)
    common, base = _globals(template, "EventInvokeConfig")
    draft, shared = PayloadDraft(path), PayloadDraft(base)
    draft.payload = draft.read(value, path, names, template.value)
    _merge(draft.payload, draft.places, shared.read(common, base, names, template.value), shared.places, ())
    draft.findings += shared.findings
    draft.drop_null(3)
    for outcome in OUTCOMES:
        untyped(draft, outcome, DESTINATIONS, TRANSFORM)
    draft.payload["FunctionName"] = Unknown(implied=True)
    return draft.resource(SETTING, "sam")


def _merge(
    payload: dict[str, Any], places: dict[Path, Path], common: Mapping[str, Any], home: Mapping[Path, Path], path: Path
) -> None:
    """Add the members that an object lacks, as SAM merges `Globals`: objects with objects, the function's own first."""
    for name, value in common.items():
        here = (*path, name)
        if name not in payload:
            payload[name], places[here] = value, place(home, (), here)
        elif isinstance(payload[name], dict) and isinstance(value, dict):
            _merge(payload[name], places, value, home, here)
