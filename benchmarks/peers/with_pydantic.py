"""Define the documented rules as pydantic models, without and with the rules that span members."""

# mypy: ignore-errors
# (its types are generated from data, which no checker supports)

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model, model_validator

from . import forms
from .forms import CREATE, GET
from .together import check_mapping, check_name


def text(pattern: str, most: int = forms.LONG) -> Any:
    return Annotated[str, Field(max_length=most, pattern=f"^(?:{pattern})$")]


REQUEST, RESPONSE = ConfigDict(extra="forbid", strict=True), ConfigDict(extra="ignore", strict=True)
NameText = text(forms.FUNCTION, 140)
ArnText = text(forms.ARN)
FunctionArnText = text(forms.FUNCTION_ARN)
QualifierText = text(forms.QUALIFIER, 128)
Size = Annotated[int, Field(ge=1, le=10_000)]
Window = Annotated[int, Field(ge=0, le=300)]
Newer: Any = create_model("Newer", __config__=REQUEST, **dict.fromkeys(forms.newer(CREATE, "request"), (Any, None)))


class Mapping(Newer):
    """A missing member is None, and null is rejected, because a default is not validated."""

    EventSourceArn: ArnText
    FunctionName: NameText
    BatchSize: Size = None
    Enabled: bool = None
    MaximumBatchingWindowInSeconds: Window = None
    StartingPosition: Literal[forms.POSITIONS] = None
    StartingPositionTimestamp: float = None


class CheckedMapping(Mapping):
    @model_validator(mode="after")
    def checked(self) -> CheckedMapping:
        check_mapping(self.EventSourceArn, self.FunctionName, self.BatchSize, self.StartingPosition,
              self.StartingPositionTimestamp)  # fmt: skip
        return self


class Mapped(BaseModel):
    model_config = RESPONSE
    BatchSize: Size = None
    EventSourceArn: ArnText = None
    FunctionArn: FunctionArnText = None
    LastModified: float = None
    LastProcessingResult: str = None
    MaximumBatchingWindowInSeconds: Window = None
    State: Literal[forms.STATES] = None
    StateTransitionReason: str = None
    UUID: str = None


class Parameters(BaseModel):
    model_config = REQUEST
    FunctionName: NameText
    Qualifier: QualifierText = None


class CheckedParameters(Parameters):
    @model_validator(mode="after")
    def checked(self) -> CheckedParameters:
        check_name(self.FunctionName)
        return self


class Failure(BaseModel):
    model_config = RESPONSE
    Destination: text(forms.DESTINATION) = None


class Success(BaseModel):
    model_config = RESPONSE
    Destination: text(forms.SUCCESS) = None


class Destinations(BaseModel):
    model_config = RESPONSE
    OnFailure: Failure = None
    OnSuccess: Success = None


class Settings(BaseModel):
    model_config = RESPONSE
    DestinationConfig: Destinations = None
    FunctionArn: FunctionArnText = None
    LastModified: float = None
    MaximumEventAgeInSeconds: Annotated[int, Field(ge=60, le=21_600)] = None
    MaximumRetryAttempts: Annotated[int, Field(ge=0, le=2)] = None


PLAIN: dict[tuple[str, str], Any] = {
    (CREATE, "request"): Mapping,
    (CREATE, "response"): Mapped,
    (GET, "request"): Parameters,
    (GET, "response"): Settings,
}
WHOLE = {**PLAIN, (CREATE, "request"): CheckedMapping, (GET, "request"): CheckedParameters}
