"""Load the statements of the two documents: every member, every binding sentence, and the line of each operation.

A place is a path with resolved references: direction, conditions in brackets, members, keyword.
"""

from __future__ import annotations

from typing import Any, NamedTuple

MAPPING, INVOKE = "CreateEventSourceMapping", "GetFunctionEventInvokeConfig"
BEHAVIOUR = object()
"""A marker for a value. The examples of the statement test it, because the documents state no string to compare."""

FUNCTION_NAME = r"(arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}(-gov)?-[a-z]+-\d{1}:)?(\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\$LATEST|[a-zA-Z0-9-_]+))?"  # noqa: E501  # as it is printed
FUNCTION_ARN = r"arn:(aws[a-zA-Z-]*)?:lambda:[a-z]{2}(-gov)?-[a-z]+-\d{1}:\d{12}:function:[a-zA-Z0-9-_]+(:(\$LATEST|[a-zA-Z0-9-_]+))?"  # noqa: E501  # as it is printed
EVENT_SOURCE_ARN = r"arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\-])+:([a-z]{2}(-gov)?-[a-z]+-\d{1})?:(\d{12})?:(.*)"
QUALIFIER = r"(|[a-zA-Z0-9$_-]+)"
PATTERNS = {
    "FunctionName": FUNCTION_NAME,
    "FunctionArn": FUNCTION_ARN,
    "EventSourceArn": EVENT_SOURCE_ARN,
    "Qualifier": QUALIFIER,
}
POSITIONS = ["TRIM_HORIZON", "LATEST", "AT_TIMESTAMP"]
STATES = ["Creating", "Enabling", "Enabled", "Disabling", "Disabled", "Updating", "Deleting"]

OPERATIONS: dict[str, dict[str, Any]] = {
    MAPPING: {
        "method": "POST",
        "path": "/2015-03-31/event-source-mappings/",
        "content_type": "application/json",
        "status": 202,
        "errors": {
            "InvalidParameterValueException": 400,
            "ResourceConflictException": 409,
            "ResourceNotFoundException": 404,
            "ServiceException": 500,
            "TooManyRequestsException": 429,
        },
    },
    INVOKE: {
        "method": "GET",
        "path": "/2019-09-25/functions/{FunctionName}/event-invoke-config",
        "content_type": "application/json",
        "status": 200,
        "errors": {
            "InvalidParameterValueException": 400,
            "ResourceNotFoundException": 404,
            "ServiceException": 500,
            "TooManyRequestsException": 429,
        },
    },
}

NAME = {"type": "string", "minLength": 1, "maxLength": 140, "x-pattern": FUNCTION_NAME, "required": True}
ITEMS = {"type": "integer", "minimum": 1, "maximum": 10000}
WINDOW = {"type": "integer", "minimum": 0, "maximum": 300}
POSITION = {"type": "string", "enum": POSITIONS}

MEMBERS: list[tuple[str, str, str, str, dict[str, Any]]] = [
    # document, direction, section, member, content
    (MAPPING, "request", "Request Body", "BatchSize", {"x-in": "body", **ITEMS, "required": False}),
    (MAPPING, "request", "Request Body", "Enabled", {"x-in": "body", "type": "boolean", "required": False}),
    (MAPPING, "request", "Request Body", "EventSourceArn",
     {"x-in": "body", "type": "string", "x-pattern": EVENT_SOURCE_ARN, "required": True}),
    (MAPPING, "request", "Request Body", "FunctionName", {"x-in": "body", **NAME}),
    (MAPPING, "request", "Request Body", "MaximumBatchingWindowInSeconds",
     {"x-in": "body", **WINDOW, "required": False}),
    (MAPPING, "request", "Request Body", "StartingPosition", {"x-in": "body", **POSITION, "required": False}),
    (MAPPING, "request", "Request Body", "StartingPositionTimestamp",
     {"x-in": "body", "type": "number", "required": False}),
    (MAPPING, "response", "Response Elements", "BatchSize", ITEMS),
    (MAPPING, "response", "Response Elements", "EventSourceArn", {"type": "string", "x-pattern": EVENT_SOURCE_ARN}),
    (MAPPING, "response", "Response Elements", "FunctionArn", {"type": "string", "x-pattern": FUNCTION_ARN}),
    (MAPPING, "response", "Response Elements", "LastModified", {"type": "number"}),
    (MAPPING, "response", "Response Elements", "LastProcessingResult", {"type": "string"}),
    (MAPPING, "response", "Response Elements", "MaximumBatchingWindowInSeconds", WINDOW),
    (MAPPING, "response", "Response Elements", "State", {"type": "string", "enum": STATES}),
    (MAPPING, "response", "Response Elements", "StateTransitionReason", {"type": "string"}),
    (MAPPING, "response", "Response Elements", "UUID", {"type": "string"}),
    (INVOKE, "request", "URI Request Parameters", "FunctionName", {"x-in": "path", **NAME}),
    (INVOKE, "request", "URI Request Parameters", "Qualifier",
     {"x-in": "query", "type": "string", "minLength": 1, "maxLength": 128, "x-pattern": QUALIFIER, "required": False}),
    (INVOKE, "response", "Response Elements", "DestinationConfig", {"type": "object"}),
    (INVOKE, "response", "Response Elements", "DestinationConfig/OnFailure", {"type": "object"}),
    (INVOKE, "response", "Response Elements", "DestinationConfig/OnSuccess", {"type": "object"}),
    (INVOKE, "response", "Response Elements", "DestinationConfig/OnFailure/Destination", {"type": "string"}),
    (INVOKE, "response", "Response Elements", "DestinationConfig/OnSuccess/Destination", {"type": "string"}),
    (INVOKE, "response", "Response Elements", "FunctionArn", {"type": "string", "x-pattern": FUNCTION_ARN}),
    (INVOKE, "response", "Response Elements", "LastModified", {"type": "number"}),
    (INVOKE, "response", "Response Elements", "MaximumEventAgeInSeconds",
     {"type": "integer", "minimum": 60, "maximum": 21600}),
    (INVOKE, "response", "Response Elements", "MaximumRetryAttempts", {"type": "integer", "minimum": 0, "maximum": 2}),
]  # fmt: skip


class Sentence(NamedTuple):
    """A statement in prose: our wording, its place in the schemas, and payloads that it accepts or rejects."""

    document: str
    direction: str
    member: str
    says: str
    rule: str
    places: dict[str, Any]
    passes: list[dict[str, Any]]
    fails: list[dict[str, Any]]


STREAM = "arn:aws:kinesis:us-west-2:123456789012:stream/clicks"
TABLE = "arn:aws:dynamodb:eu-central-1:210987654321:table/Orders"
QUEUE = "arn:aws:sqs:ap-southeast-2:345678901234:invoices"
TOPIC = QUEUE.replace("sqs", "sns")
EVENTS = "arn:aws:events:us-east-2:123456789012"
CLUSTER = "arn:aws:kafka:us-east-1:444455556666:cluster/telemetry/a1b2c3d4-5"
ANY = "AZaz09_.-"
"""Nearly all characters in names of streams, tables, queues, buckets and buses."""
FUNCTION = "arn:aws:lambda:us-east-2:123456789012:function:announce"


def kinesis(**members: Any) -> dict[str, Any]:
    return {"EventSourceArn": STREAM, "FunctionName": "f", "StartingPosition": "LATEST", **members}


def dynamodb(**members: Any) -> dict[str, Any]:
    return kinesis(**{"EventSourceArn": f"{TABLE}/stream/2024-06-10T19:26:16.525", **members})


def sqs(**members: Any) -> dict[str, Any]:
    return {"EventSourceArn": QUEUE, "FunctionName": "f", **members}


def failure(destination: str) -> dict[str, Any]:
    return {"DestinationConfig": {"OnFailure": {"Destination": destination}}}


def success(destination: str) -> dict[str, Any]:
    return {"DestinationConfig": {"OnSuccess": {"Destination": destination}}}


def without(member: str, payload: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in payload.items() if name != member}


AT = {"StartingPosition": "AT_TIMESTAMP", "StartingPositionTimestamp": 1541139109}
BARE = r"if(minLength=65, maxLength=140, pattern=^(?:[a-zA-Z0-9\-_]+)$(?!\n))"
AT_TIMESTAMP = "if(StartingPosition/required=True, StartingPosition/const=AT_TIMESTAMP)"
NOT_AT = "StartingPosition/not/const"
EITHER = ("DestinationConfig/OnFailure/Destination", "DestinationConfig/OnSuccess/Destination")

CONDITIONS = {
    "FromKinesis": {"pattern": "^arn:[^:]*:kinesis:"},
    "FromDynamoDB": {"pattern": "^arn:[^:]*:dynamodb:"},
    "FromSQS": {"pattern": "^arn:[^:]*:sqs:"},
    "FromElsewhere": {"pattern": "^arn:[^:]*:[^:]+:", "not/pattern": "^arn:[^:]*:(?:kinesis|dynamodb|sqs):"},
}
"""The source of a request is recognized by EventSourceArn only, which must be present and a string."""

SENTENCES = [
    Sentence(MAPPING, "request", "BatchSize", "Kinesis: 100 unless said, 10,000 at most", "batch-size.kinesis",
             {"[FromKinesis]/BatchSize/default": 100, "[FromKinesis]/BatchSize/maximum": 10000},
             [kinesis(BatchSize=10000)], [kinesis(BatchSize=10001)]),
    Sentence(MAPPING, "request", "BatchSize", "DynamoDB: 100 unless said, 1,000 at most", "batch-size.dynamodb",
             {"[FromDynamoDB]/BatchSize/default": 100, "[FromDynamoDB]/BatchSize/maximum": 1000},
             [dynamodb(BatchSize=1000)], [dynamodb(BatchSize=1001)]),
    Sentence(MAPPING, "request", "BatchSize", "SQS: 10 unless said, 10 at most", "batch-size.sqs",
             {"[FromSQS]/BatchSize/default": 10, "[FromSQS]/BatchSize/maximum": 10},
             [sqs(BatchSize=10)], [sqs(BatchSize=11)]),
    Sentence(MAPPING, "request", "EventSourceArn", "Kinesis: a stream or its consumer", "event-source-arn.resource",
             {"[FromKinesis]/EventSourceArn/pattern": BEHAVIOUR},
             [kinesis(EventSourceArn=f"{STREAM}{each}") for each in ("", ANY, f"/consumer/{ANY}:1571642890")],
             [kinesis(EventSourceArn=each)
              for each in (STREAM.replace("stream/", ""), f"{STREAM}/consumer/reader", f"{STREAM}/shard/1")]),
    Sentence(MAPPING, "request", "EventSourceArn", "DynamoDB: a stream", "event-source-arn.resource",
             {"[FromDynamoDB]/EventSourceArn/pattern": BEHAVIOUR},
             [dynamodb(), dynamodb(EventSourceArn=f"{TABLE}{ANY}/stream/{ANY}:")],
             [dynamodb(EventSourceArn=each) for each in (TABLE, f"{TABLE}/index/ByDate", f"{TABLE}/stream/")]),
    Sentence(MAPPING, "request", "EventSourceArn", "SQS: a queue", "event-source-arn.resource",
             {"[FromSQS]/EventSourceArn/pattern": BEHAVIOUR},
             [sqs(), sqs(EventSourceArn=f"{QUEUE}{ANY}.fifo")],
             [sqs(EventSourceArn=each) for each in (f"{QUEUE}/1", f"{QUEUE}:1", QUEUE.replace("invoices", ""))]),
    Sentence(MAPPING, "request", "FunctionName", "a bare name holds 64 characters at most", "function-name.length",
             {f"FunctionName/[{BARE}]/maxLength": 64},
             [sqs(FunctionName="f" * 64), sqs(FunctionName="f" * 64 + ":1"), sqs(FunctionName="function:" + "f" * 65)],
             [sqs(FunctionName="f" * 65), sqs(FunctionName="f" * 140)]),
    Sentence(INVOKE, "request", "FunctionName", "a bare name holds 64 characters at most", "function-name.length",
             {f"FunctionName/[{BARE}]/maxLength": 64},
             [{"FunctionName": "f" * 64}, {"FunctionName": "f" * 65 + ":v1"}], [{"FunctionName": "f" * 65}]),
    Sentence(MAPPING, "request", "StartingPosition", "streams need one", "starting-position.required",
             {"[FromKinesis]/StartingPosition/required": True, "[FromDynamoDB]/StartingPosition/required": True},
             [kinesis(), dynamodb(), sqs()], [without("StartingPosition", each()) for each in (kinesis, dynamodb)]),
    Sentence(MAPPING, "request", "StartingPosition", "AT_TIMESTAMP is Kinesis's", "starting-position.at-timestamp",
             {f"[{source}]/{NOT_AT}": "AT_TIMESTAMP" for source in ("FromDynamoDB", "FromSQS", "FromElsewhere")},
             [kinesis(**AT)], [dynamodb(**AT), sqs(**AT), sqs(EventSourceArn=CLUSTER, **AT)]),
    Sentence(MAPPING, "request", "StartingPositionTimestamp", "AT_TIMESTAMP reads it",
             "starting-position-timestamp.required",
             {f"[{AT_TIMESTAMP}]/StartingPositionTimestamp/required": True},
             [kinesis(**AT), kinesis()], [kinesis(StartingPosition="AT_TIMESTAMP")]),
    Sentence(MAPPING, "request", "the request", "these members and no others", "member.unknown",
             {"additionalProperties": False}, [sqs(Enabled=True)], [sqs(Disabled=True)]),
    Sentence(INVOKE, "request", "the request", "these parameters and no others", "member.unknown",
             {"additionalProperties": False}, [{"FunctionName": "f"}], [{"FunctionName": "f", "Version": "1"}]),
    Sentence(INVOKE, "response", "DestinationConfig", "five kinds of destination", "destination.type",
             {f"{each}/pattern": BEHAVIOUR for each in EITHER},
             [failure(f"{each}{tail}") for tail in ("", "AZaz09-_")
              for each in (FUNCTION, QUEUE, TOPIC, "arn:aws:s3:::failures", f"{EVENTS}:event-bus/{ANY}/")],
             [to(each) for to in (failure, success)
              for each in (STREAM, TABLE, CLUSTER, f"{QUEUE}/1", "invoices", "arn:aws:s3:::a/b", f"{EVENTS}:rule/r")]),
    Sentence(INVOKE, "response", "DestinationConfig", "queues and topics are standard ones", "destination.fifo",
             {f"{each}/not/pattern": BEHAVIOUR for each in EITHER},
             [success(QUEUE), success(TOPIC)],
             [to(f"{each}.fifo") for to in (failure, success) for each in (QUEUE, TOPIC)]),
    Sentence(INVOKE, "response", "DestinationConfig", "a bucket takes failures only", "destination.success-bucket",
             {f"{EITHER[1]}/[also]/not/pattern": BEHAVIOUR},
             [failure("arn:aws:s3:::failures")],
             [success("arn:aws:s3:::successes"), success("arn:aws-cn:s3:::successes")]),
]  # fmt: skip

OURS = {
    "arn.guard": "an ARN has no documented length; a text of megabytes is refused before its pattern is tried",
    "payload.type": "the documents show the body as an object, and state no type",
    "member.newer": "members of newer versions of the API, which the documents lack",
    "member.unknown": "real responses get new members: an unknown member is only a warning in a response",
    "batching-window.fifo": "observed",
    "destination.self": "observed",
    "destination.success-mapping": "observed",
    "event-source-arn.service": "observed",
    "filter-pattern.syntax": "observed",
    "qualifier.mismatch": "observed",
    "record-age.range": "observed",
    "source-access.required": "observed",
    "starting-position-timestamp.unused": "observed",
    "starting-position.sqs": "observed",
}
"""Rules that no document states, each with its reason."""
