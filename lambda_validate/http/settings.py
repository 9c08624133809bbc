"""The types of the settings that functions accept as `**settings: Unpack[BoundarySettings]`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypedDict

from ..catalog import Catalog
from ..report.policy import UnknownMembers
from ..validator import Validator
from .limits import Limits

UnknownRoute = Literal["deny", "pass"]
Rendering = Literal["service", "service-verbatim", "problem"]


class ValidatorSettings(TypedDict, total=False):
    """Settings of `Validator`, without its edition."""

    disable: Iterable[str]
    strict: bool
    unknown_members: UnknownMembers | None
    show_values: bool


class BoundarySettings(ValidatorSettings, total=False):
    """Settings of `boundary`, without `edition` and `unknown_route`."""

    limits: Limits
    rendering: Rendering
    validator: Validator | None


class CheckSettings(BoundarySettings, total=False):
    """All settings of `check_request` and `check_response`."""

    edition: str | Catalog
    unknown_route: UnknownRoute


class ServiceSettings(BoundarySettings, total=False):
    """Settings of Envoy's check service, without its edition."""

    unknown_route: UnknownRoute


class AttachSettings(ValidatorSettings, total=False):
    """Settings of `lambda_validate.boto.attach`, which checks the calls of a boto3 client."""

    edition: str | Catalog
    limits: Limits
    validator: Validator | None
