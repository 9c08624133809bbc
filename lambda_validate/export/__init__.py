"""The schemas as other tools take them: OpenAPI 3.1, AWS API Gateway's draft-04, and self-contained JSON Schema.

Each function returns an `Export`: the document, and what that form cannot say (`losses.KINDS` tells what each kind
means). Operations come from the catalog; adding one changes nothing here.
"""

from __future__ import annotations

from .api_gateway import api_gateway
from .forms import Export
from .json_schema import json_schema
from .losses import Loss
from .openapi import openapi

__all__ = ["Export", "Loss", "api_gateway", "json_schema", "openapi"]
