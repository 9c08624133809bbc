"""Write a model of Lambda that is newer than any edition into folders where an SDK finds it."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from lambda_validate.catalog.models.shipped import service_model

INSTALLED = service_model("lambda", own=False)


def changed(model: Any) -> Any:
    """Return a copy of a model with a newer feature of every kind."""
    model = copy.deepcopy(model)
    shapes = model["shapes"]
    for holder in ("CreateFunctionRequest", "VpcConfig", "Filter", "FunctionConfiguration", "VpcConfigResponse"):
        shapes[holder]["members"]["Fresh"] = {"shape": "FreshConfig"}
    shapes["CreateEventSourceMappingRequest"]["members"]["Colour"] = {"shape": "String"}
    shapes["FreshConfig"] = {"type": "structure", "members": {"Name": {"shape": "String"}}}
    shapes["InvocationRequest"]["members"]["Ticket"] = {
        "shape": "String", "location": "header", "locationName": "X-Amz-Ticket"
    }  # fmt: skip
    shapes["ListAliasesRequest"]["members"]["Colour"] = {
        "shape": "String", "location": "querystring", "locationName": "colour"
    }  # fmt: skip
    for kind in ("InvocationType", "Runtime", "SourceAccessType", "EndPointType", "State"):
        shapes[kind]["enum"].append("FRESH")
    shapes["MaxListItems"]["max"] = 20_000
    shapes["Weight"]["max"] = 2.0
    shapes["Description"].pop("max")
    shapes["Handler"]["pattern"] = r"[^\s]+|two words"
    shapes["CreateAliasRequest"]["required"].remove("FunctionVersion")
    shapes["FreshException"] = {"type": "structure", "members": {}, "error": {"httpStatusCode": 418}, "exception": True}
    model["operations"]["GetAlias"]["errors"].append({"shape": "FreshException"})
    paint = {**model["operations"]["CreateAlias"], "name": "PaintFunction", "errors": []}
    paint["http"] = {"method": "POST", "requestUri": "/2040-01-01/functions/{FunctionName}/paint", "responseCode": 201}
    model["operations"]["PaintFunction"] = paint
    return model


MODEL = changed(INSTALLED)
"""Return a model that is newer than the edition, for any installed botocore."""


def written(model: Any, folder: Path) -> Path:
    """Write a model into a model folder, and return the folder."""
    home = folder / "lambda" / "2015-03-31"
    home.mkdir(parents=True)
    (home / "service-2.json").write_text(json.dumps(model))
    return folder
