"""Validate an OpenAPI document, and requests and responses against it, with openapi-core.

Read a job as JSON from standard input, and write its verdicts to standard output. This program runs where openapi-core
is installed, and imports no module of this project.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from openapi_core import OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.testing import MockRequest, MockResponse
from openapi_spec_validator import validate

HOST = "https://lambda.us-east-1.amazonaws.com"


def passes(document: OpenAPI, row: Any) -> bool:
    sent = MockRequest(
        HOST, row["method"].lower(), row["path"], args=row["query"], headers=row["headers"],
        data=row["body"].encode(), content_type="application/json",
    )  # fmt: skip
    try:
        if "status" in row:
            answer = row["answer"].encode()
            document.validate_response(sent, MockResponse(answer, row["status"], content_type="application/json"))
        else:
            document.validate_request(sent)
    except OpenAPIError:
        return False
    return True


job = json.load(sys.stdin)
validate(job["document"])
specification = OpenAPI.from_dict(job["document"])
json.dump([passes(specification, row) for row in job["rows"]], sys.stdout)
