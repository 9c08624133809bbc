"""Define the documented rules as JSON Schemas optimized for speed, with the same verdicts as the exported ones.

An expert would write no capturing groups, no conditions that a pattern makes unnecessary, and no references. Rules that
depend on the source would be keyed on the ARN. The request has two forms. `branches` has one branch of `anyOf` for each
source, each with the whole ARN in one pattern. All three validators are fastest with it. `conditions` is a chain of
`if`, which reports each fault at its own place. Other forms were tried, and none was faster: `oneOf`, parallel `if`,
cheap tests before expensive ones, and the length of a name within its pattern.
"""

from __future__ import annotations

from typing import Any

import lambda_validate as lv

Schema = dict[str, Any]
CREATE, GET = "CreateEventSourceMapping", "GetFunctionEventInvokeConfig"

REGION = "[a-z]{2}(?:-gov)?-[a-z]+-[0-9]"
PLACE = f"(?:{REGION})?:(?:[0-9]{{12}})?"
WORD = "[a-zA-Z0-9_-]+"
ALIAS = rf"(?::(?:\$LATEST|{WORD}))?"
PARTITION = "arn:aws[a-zA-Z0-9-]*"
ARN = rf"{PARTITION}:[a-zA-Z0-9-]+:{PLACE}:[^\n]*"
FUNCTION_ARN = f"arn:(?:aws[a-zA-Z-]*)?:lambda:{REGION}:[0-9]{{12}}:function:{WORD}{ALIAS}"
FUNCTION = f"(?:arn:(?:aws[a-zA-Z-]*)?:lambda:)?(?:{REGION}:)?(?:[0-9]{{12}}:)?(?:function:)?{WORD}{ALIAS}"
QUALIFIER = r"[a-zA-Z0-9\$_-]+"
RESOURCES = {
    "kinesis": "stream/[a-zA-Z0-9_.-]+(?:/consumer/[a-zA-Z0-9_.-]+:[0-9]+)?",
    "dynamodb": "table/[a-zA-Z0-9_.-]+/stream/[a-zA-Z0-9_.:-]+",
    "sqs": "[a-zA-Z0-9_.-]+",
}
MOST = {"kinesis": 10_000, "dynamodb": 1000, "sqs": 10}
POSITIONS = ("TRIM_HORIZON", "LATEST", "AT_TIMESTAMP")
STATES = ("Creating", "Enabling", "Enabled", "Disabling", "Disabled", "Updating", "Deleting")
TARGET = rf"{PARTITION}:(?:s(?:q|n)s:{REGION}:[0-9]{{12}}:{WORD}|events:{REGION}:[0-9]{{12}}:event-bus/[a-zA-Z0-9_./-]+"
DESTINATION = rf"(?:{FUNCTION_ARN}|{TARGET}|s3:::[a-zA-Z0-9_.-]+))"
SUCCESS = f"(?:{FUNCTION_ARN}|{TARGET}))"
"""Names of standard queues and topics contain no dot, so no condition is needed for FIFO ones or buckets."""
LONG = 10_000
TIMED = {"required": ["StartingPosition"], "properties": {"StartingPosition": {"const": "AT_TIMESTAMP"}}}
UNTIMED = {"StartingPosition": {"enum": list(POSITIONS[:2])}}
TIME_IS_GIVEN = {"if": TIMED, "then": {"required": ["StartingPositionTimestamp"]}}


def newer(operation: str, direction: str) -> dict[str, Any]:
    """Return the members that only newer versions define. Any value is valid."""
    members = lv.schema(operation, direction)["properties"]
    return {name: True for name, each in members.items() if each.get("$ref") == "#/$defs/NewerMember"}


def text(pattern: str, end: str, most: int = LONG, **more: Any) -> Schema:
    return {"type": "string", "maxLength": most, "pattern": f"^{pattern}{end}", **more}


def function(end: str) -> Schema:
    """Return the schema of a function name: at most 64 characters for a bare name, and a colon in other forms."""
    return text(FUNCTION, end, 140, anyOf=[{"maxLength": 64}, {"pattern": ":"}])


def number(low: int, high: int) -> Schema:
    return {"type": "integer", "minimum": low, "maximum": high}


def request(arn: Schema, end: str) -> Schema:
    """Return CreateEventSourceMapping without the rules that depend on the source."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "type": "object",
        "required": ["EventSourceArn", "FunctionName"],
        "additionalProperties": False,
        "properties": {
            "EventSourceArn": {"type": "string", "maxLength": LONG, **arn},
            "FunctionName": function(end),
            "BatchSize": number(1, 10_000),
            "Enabled": {"type": "boolean"},
            "MaximumBatchingWindowInSeconds": number(0, 300),
            "StartingPosition": {"enum": list(POSITIONS)},
            "StartingPositionTimestamp": {"type": "number"},
            **newer(CREATE, "request"),
        },
        "allOf": [TIME_IS_GIVEN],
    }


def branches(end: str) -> Schema:
    def branch(service: str, **more: Any) -> Schema:
        arn = {"pattern": f"^{PARTITION}:{service}:{PLACE}:{RESOURCES[service]}{end}"}
        size = {} if MOST[service] == 10_000 else {"BatchSize": {"maximum": MOST[service]}, **UNTIMED}
        return {"properties": {"EventSourceArn": arn, **size}, **more}

    other = {"pattern": f"^{ARN}{end}", "not": {"pattern": "^arn:[^:]*:(?:kinesis|dynamodb|sqs):"}}
    sources = [
        branch("kinesis", required=["StartingPosition"]),
        branch("dynamodb", required=["StartingPosition"]),
        branch("sqs"),
        {"properties": {"EventSourceArn": other, **UNTIMED}},
    ]
    return {**request({}, end), "anyOf": sources}


def conditions(end: str) -> Schema:
    def of(service: str) -> Schema:
        return {"properties": {"EventSourceArn": {"pattern": f"^arn:[^:]*:{service}:"}}}

    def then(service: str, **more: Any) -> Schema:
        arn = {"pattern": f"^arn:[^:]*:{service}:[^:]*:[^:]*:{RESOURCES[service]}{end}"}
        return {"properties": {"EventSourceArn": arn, "BatchSize": {"maximum": MOST[service]}}, **more}

    queue = {"if": of("sqs"), "then": then("sqs")}
    table = {"if": of("dynamodb"), "then": then("dynamodb", required=["StartingPosition"]), "else": queue}
    stream = {"if": of("kinesis"), "then": then("kinesis", required=["StartingPosition"]),
              "else": {"properties": UNTIMED, **table}}  # fmt: skip
    return {**request({"pattern": f"^{ARN}{end}"}, end), **stream}


def settings_request(end: str) -> Schema:
    """Return the request of GetFunctionEventInvokeConfig."""
    members = {"FunctionName": function(end), "Qualifier": text(QUALIFIER, end, 128)}
    return {"type": "object", "required": ["FunctionName"], "additionalProperties": False, "properties": members}


def settings_response(end: str) -> Schema:
    """Return the response of GetFunctionEventInvokeConfig."""

    def leg(pattern: str) -> Schema:
        return {"type": "object", "properties": {"Destination": text(pattern, end)}}

    config = {"type": "object", "properties": {"OnFailure": leg(DESTINATION), "OnSuccess": leg(SUCCESS)}}
    members = {
        "DestinationConfig": config,
        "FunctionArn": text(FUNCTION_ARN, end),
        "LastModified": {"type": "number"},
        "MaximumEventAgeInSeconds": number(60, 21_600),
        "MaximumRetryAttempts": number(0, 2),
    }
    return {"type": "object", "properties": members}


def mapping_response(end: str) -> Schema:
    """Return the response of CreateEventSourceMapping."""
    members = {
        "BatchSize": number(1, 10_000),
        "EventSourceArn": text(ARN, end),
        "FunctionArn": text(FUNCTION_ARN, end),
        "LastModified": {"type": "number"},
        "LastProcessingResult": {"type": "string"},
        "MaximumBatchingWindowInSeconds": number(0, 300),
        "State": {"enum": list(STATES)},
        "StateTransitionReason": {"type": "string"},
        "UUID": {"type": "string"},
    }
    return {"type": "object", "properties": members}


BEST = {
    (CREATE, "request"): branches,
    (CREATE, "response"): mapping_response,
    (GET, "request"): settings_request,
    (GET, "response"): settings_response,
}
"""The form for verdicts."""
TELLING = {**BEST, (CREATE, "request"): conditions}
"""The form for listing every fault."""
END = {"jsonschema": r"\Z", "jsonschema-rs": "$", "fastjsonschema": "$"}
r"""The end of a string: Python's `$` allows a line end after it, Rust's does not, and fastjsonschema writes `\Z`."""
