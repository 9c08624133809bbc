"""Define the documented rules as msgspec structs, without and with the rules that span members."""

# mypy: ignore-errors
# (its types are generated from data, which no checker supports)

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, defstruct

from . import forms
from .forms import CREATE, GET
from .together import check_mapping, check_name


def text(pattern: str, most: int = forms.LONG) -> Any:
    return Annotated[str, Meta(max_length=most, pattern=rf"^(?:{pattern})\Z")]


NameText = text(forms.FUNCTION, 140)
ArnText = text(forms.ARN)
FunctionArnText = text(forms.FUNCTION_ARN)
Size = Annotated[int, Meta(ge=1, le=10_000)]
Window = Annotated[int, Meta(ge=0, le=300)]
Newer: Any = defstruct("Newer", [(name, Any, UNSET) for name in forms.newer(CREATE, "request")])


class Mapping(Newer, forbid_unknown_fields=True, kw_only=True):
    EventSourceArn: ArnText
    FunctionName: NameText
    BatchSize: Size | UnsetType = UNSET
    Enabled: bool | UnsetType = UNSET
    MaximumBatchingWindowInSeconds: Window | UnsetType = UNSET
    StartingPosition: Literal[forms.POSITIONS] | UnsetType = UNSET
    StartingPositionTimestamp: float | UnsetType = UNSET


def given(value: Any) -> Any:
    return None if value is UNSET else value


class CheckedMapping(Mapping, forbid_unknown_fields=True, kw_only=True):
    def __post_init__(self) -> None:
        check_mapping(self.EventSourceArn, self.FunctionName, given(self.BatchSize), given(self.StartingPosition),
              given(self.StartingPositionTimestamp))  # fmt: skip


class Mapped(Struct):
    BatchSize: Size | UnsetType = UNSET
    EventSourceArn: ArnText | UnsetType = UNSET
    FunctionArn: FunctionArnText | UnsetType = UNSET
    LastModified: float | UnsetType = UNSET
    LastProcessingResult: str | UnsetType = UNSET
    MaximumBatchingWindowInSeconds: Window | UnsetType = UNSET
    State: Literal[forms.STATES] | UnsetType = UNSET
    StateTransitionReason: str | UnsetType = UNSET
    UUID: str | UnsetType = UNSET


class Parameters(Struct, forbid_unknown_fields=True):
    FunctionName: NameText
    Qualifier: text(forms.QUALIFIER, 128) | UnsetType = UNSET


class CheckedParameters(Parameters, forbid_unknown_fields=True):
    def __post_init__(self) -> None:
        check_name(self.FunctionName)


class Failure(Struct):
    Destination: text(forms.DESTINATION) | UnsetType = UNSET


class Success(Struct):
    Destination: text(forms.SUCCESS) | UnsetType = UNSET


class Destinations(Struct):
    OnFailure: Failure | UnsetType = UNSET
    OnSuccess: Success | UnsetType = UNSET


class Settings(Struct):
    DestinationConfig: Destinations | UnsetType = UNSET
    FunctionArn: FunctionArnText | UnsetType = UNSET
    LastModified: float | UnsetType = UNSET
    MaximumEventAgeInSeconds: Annotated[int, Meta(ge=60, le=21_600)] | UnsetType = UNSET
    MaximumRetryAttempts: Annotated[int, Meta(ge=0, le=2)] | UnsetType = UNSET


PLAIN: dict[tuple[str, str], Any] = {
    (CREATE, "request"): Mapping,
    (CREATE, "response"): Mapped,
    (GET, "request"): Parameters,
    (GET, "response"): Settings,
}
WHOLE = {**PLAIN, (CREATE, "request"): CheckedMapping, (GET, "request"): CheckedParameters}
