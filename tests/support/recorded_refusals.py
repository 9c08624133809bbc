"""Load the recorded errors of the service, restated: each request, with its exception and message.

Names of the recorded account are replaced, in the request and in the message.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from lambda_validate.report.service_words import ServiceException

ACCOUNT = "us-east-1:123456789012"
TABLE = f"arn:aws:dynamodb:{ACCOUNT}:table/clicks/stream/2026-01-01T00:00:00.000"
QUEUE = f"arn:aws:sqs:{ACCOUNT}:orders"
FUNCTION = f"arn:aws:lambda:{ACCOUNT}:function:orders"
MISSING = f"arn:aws:lambda:{ACCOUNT}:function:missing"
LAYER = f"arn:aws:lambda:{ACCOUNT}:layer:tools"
OTHER_KIND = f"arn:aws:lambda:{ACCOUNT}:table:orders"
OTHER_SERVICE = f"arn:aws:iam:{ACCOUNT}:function:orders"
BUCKET = "arn:aws:s3:::orders"
KINDS = ("OnSuccess", "OnFailure")
NO_SERVICE = f"arn:aws:_-/!lambda:{ACCOUNT}:function:orders"

FAILED = "failed to satisfy constraint: Member must"
FILTER = "Invalid filter pattern definition."
MISMATCH = "The derived qualifier from the function name does not match the specified qualifier."
UNPUBLISHED = "The function resource provided must be an alias or a published version."
LAYER_VERSION = "Layer Version Cannot be less than 1"
REGION = "(eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-"
HEX = "-".join(f"[0-9a-fA-F]{{{count}}}" for count in (8, 4, 4, 4, 12))
TAGGABLE = (
    rf"satisfy regular expression pattern: arn:(aws[a-zA-Z-]*):lambda:{REGION}\d{{1}}:\d{{12}}:"
    r"(function:[a-zA-Z0-9-_]+(:(\$LATEST|[a-zA-Z0-9-_]+))?|layer:([a-zA-Z0-9-_]+)|code-signing-config:csc-[a-z0-9]{17}"
    f"|event-source-mapping:{HEX}|capacity-provider:[a-zA-Z0-9-_]+)"
)
LAYER_PATTERN = (
    rf"satisfy regular expression pattern: (arn:(aws[a-zA-Z-]*)?:lambda:{REGION}\d{{1}}:\d{{12}}:"
    "layer:[a-zA-Z0-9-_]+:[0-9]+)|(arn:[a-zA-Z0-9-]+:lambda:::awslayer:[a-zA-Z0-9-_]+)"
)
DESTINATION_PATTERN = (
    r"satisfy regular expression pattern: $|kafka://([^.]([a-zA-Z0-9\-_.]{0,248}))|"
    rf"arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\-])+:({REGION}\d{{1}})?:(\d{{12}})?:(.*)"
)
LISTED_RUNTIMES = (
    "ruby3.5, ruby2.6, dotnetcore1.0, python3.7, nodejs8.10, nasa, ruby2.7, python2.7-greengrass, dotnetcore2.0, "
    "python3.8, java21, dotnet6, dotnetcore2.1, python3.9, java11, nodejs6.10, provided, dotnetcore3.1, dotnet8, "
    "java25, java17, nodejs, nodejs4.3, java8.al2, go1.x, dotnet10, nodejs20.x, go1.9, byol, nodejs10.x, "
    "provided.al2023, nodejs22.x, python3.10, java8, nodejs12.x, python3.11, nodejs24.x, nodejs8.x, python3.12, "
    "nodejs14.x, nodejs8.9, nodejs26.x, python3.13, python3.14, nodejs16.x, python3.15, provided.al2, nodejs4.3-edge, "
    "nodejs18.x, ruby3.2, python3.4, ruby3.3, ruby3.4, ruby2.5, python3.6, python2.7"
)
PUBLISHED_RUNTIMES = (
    "nodejs20.x, python3.14, provided.al2023, python3.12, python3.13, nodejs24.x, nodejs22.x, java25, python3.10, "
    "python3.11, java21, ruby3.3, ruby3.4, ruby3.2, python3.8, python3.9, java17, nodejs16.x, dotnet10, dotnet8, "
    "java11, dotnet6, nodejs18.x, provided.al2, java8.al2"
)


class Refusal(NamedTuple):
    """A request, with the exception and the message of the service that rejected it."""

    operation: str
    payload: dict[str, Any]
    error: ServiceException


def parameter(operation: str, message: str, **payload: Any) -> Refusal:
    return Refusal(operation, payload, ServiceException("InvalidParameterValueException", message))


def invalid(operation: str, *failures: str, **payload: Any) -> Refusal:
    plural = "s" * (len(failures) > 1)
    message = f"{len(failures)} validation error{plural} detected: {'; '.join(failures)}"
    return Refusal(operation, payload, ServiceException("ValidationException", message))


def mapping(message: str, **payload: Any) -> Refusal:
    return parameter("CreateEventSourceMapping", message, FunctionName="orders", **payload)


def filtered(pattern: str, **payload: Any) -> Refusal:
    return mapping(FILTER, FilterCriteria={"Filters": [{"Pattern": pattern}]}, **payload)


def mismatch(operation: str, name: str, qualifier: str, **payload: Any) -> Refusal:
    return parameter(operation, MISMATCH, FunctionName=name, Qualifier=qualifier, **payload)


def destination(kind: str, arn: str) -> dict[str, Any]:
    return {"FunctionName": "orders", "DestinationConfig": {kind: {"Destination": arn}}}


def layer(runtimes: list[str], architectures: list[str]) -> Refusal:
    return invalid(
        "PublishLayerVersion",
        f"Value '[{', '.join(runtimes)}]' at 'compatibleRuntimes' {FAILED} satisfy enum value set: "
        f"[{PUBLISHED_RUNTIMES}]",
        f"Value '[{', '.join(architectures)}]' at 'compatibleArchitectures' {FAILED} satisfy constraint: "
        "[Member must satisfy enum value set: [x86_64, arm64], Member must not be null]",
        LayerName="tools", Content={"ZipFile": "emlw"}, CompatibleRuntimes=runtimes,
        CompatibleArchitectures=architectures,
    )  # fmt: skip


LATEST = {"FunctionName": "orders", "Qualifier": "$LATEST", "ProvisionedConcurrentExecutions": 1}
INVOKE, CONCURRENCY = "PutFunctionEventInvokeConfig", "ProvisionedConcurrencyConfig"
STREAM = {
    "EventSourceArn": TABLE, "StartingPosition": "TRIM_HORIZON", "BatchSize": 1, "MaximumBatchingWindowInSeconds": 1,
    "MaximumRetryAttempts": 1,
}  # fmt: skip
WINDOW = {"EventSourceArn": QUEUE, "MaximumBatchingWindowInSeconds": 1}

OF_ACCOUNT = parameter(INVOKE, f"The destination ARN {MISSING} is invalid.", **destination("OnSuccess", MISSING))
"""The function does not exist in the account, which no request shows, so no message can report it."""

RECORDED = (
    filtered("single-string", **STREAM),
    filtered('[{"eventName": ["INSERT"=123}]', **STREAM),
    filtered("null", **WINDOW),
    filtered("simple string", **WINDOW),
    filtered('{"eventSource": "aws:sqs"}', **WINDOW),
    filtered('{"eventSource": []}', **WINDOW),
    mapping(f"1 validation error detected: Value null at 'startingPosition' {FAILED} not be null.",
            EventSourceArn=TABLE),
    invalid("CreateEventSourceMapping", f"Value 'invalid' at 'startingPosition' {FAILED} satisfy enum value set: "
            "[LATEST, AT_TIMESTAMP, TRIM_HORIZON]",
            FunctionName="orders", EventSourceArn=TABLE, StartingPosition="invalid"),
    mapping(f"Unsupported starting position for arn type: {TABLE}", EventSourceArn=TABLE,
            StartingPosition="AT_TIMESTAMP", StartingPositionTimestamp="1741010802"),
    mapping("Unrecognized event source."),
    mapping("Unsupported DestinationConfig parameter for given event source mapping type.", EventSourceArn=QUEUE,
            DestinationConfig={"OnSuccess": {"Destination": f"{QUEUE}-done"}}),
    mismatch("DeleteFunction", f"{FUNCTION}:1", "$LATEST"),
    mismatch("GetFunction", f"{FUNCTION}:1", "$LATEST"),
    mismatch("GetFunctionConfiguration", f"{FUNCTION}:1", "$LATEST"),
    mismatch(INVOKE, f"{FUNCTION}:live", "other", MaximumRetryAttempts=1),
    mismatch(INVOKE, "orders:x", "other", MaximumRetryAttempts=1),
    mismatch(INVOKE, "orders:1", "$LATEST", MaximumRetryAttempts=1),
    mismatch(INVOKE, "orders:$LATEST", "1", MaximumRetryAttempts=1),
    mismatch(INVOKE, "orders:1", "x", MaximumRetryAttempts=1),
    parameter(INVOKE, "You must specify at least one of error handling or destination setting.",
              FunctionName="orders"),
    OF_ACCOUNT,
    parameter(INVOKE, f"The provided destination config DestinationConfig(onSuccess=OnSuccess(destination="
              f"{OTHER_SERVICE}), onFailure=null) is invalid.", **destination("OnSuccess", OTHER_SERVICE)),
    invalid(INVOKE, f"Value '{NO_SERVICE}' at 'destinationConfig.onFailure.destination' {FAILED} "
            f"{DESTINATION_PATTERN}", **destination("OnFailure", NO_SERVICE)),
    parameter(f"Get{CONCURRENCY}", UNPUBLISHED, FunctionName="orders", Qualifier="$LATEST"),
    parameter(f"Delete{CONCURRENCY}", UNPUBLISHED, FunctionName="orders", Qualifier="$LATEST"),
    parameter(f"Put{CONCURRENCY}",
              "Provisioned Concurrency Configs cannot be applied to unpublished function versions.",
              **LATEST),
    invalid(f"Put{CONCURRENCY}",
            f"Value '0' at 'provisionedConcurrentExecutions' {FAILED} have value greater than or equal to 1",
            FunctionName="orders", Qualifier="1", ProvisionedConcurrentExecutions=0),
    invalid("PutFunctionRecursionConfig",
            f"Value 'InvalidValue' at 'recursiveLoop' {FAILED} satisfy enum value set: [Terminate, Allow]",
            FunctionName="orders", RecursiveLoop="InvalidValue"),
    invalid("CreateFunction",
            f"Value 'invalidOption' at 'snapStart.applyOn' {FAILED} satisfy enum value set: [PublishedVersions, None]",
            FunctionName="orders", Handler="orders.Handler", Code={"ZipFile": "UEsDBHppcA=="}, PackageType="Zip",
            Role="arn:aws:iam::123456789012:role/orders", Runtime="java21", SnapStart={"ApplyOn": "invalidOption"}),
    invalid("ListTags", f"Value '{OTHER_KIND}' at 'resource' {FAILED} {TAGGABLE}", Resource=OTHER_KIND),
    invalid("TagResource", f"Value 'arn:aws:something' at 'resource' {FAILED} {TAGGABLE}",
            Resource="arn:aws:something", Tags={"key": "value"}),
    parameter("TagResource", "Tags on function aliases and versions are not supported. Please specify a function ARN.",
              Resource=f"{FUNCTION}:v1", Tags={"key": "value"}),
    parameter("TagResource", "An error occurred and the request cannot be processed.", Resource=FUNCTION, Tags={}),
    invalid("UntagResource", f"Value null at 'tagKeys' {FAILED} not be null", Resource=FUNCTION, TagKeys=[]),
    invalid("ListLayers", f"Value 'unknown' at 'compatibleRuntime' {FAILED} satisfy enum value set: "
            f"[{LISTED_RUNTIMES}]", CompatibleRuntime="unknown"),
    invalid("ListLayers", f"Value 'unknown' at 'compatibleArchitecture' {FAILED} satisfy enum value set: "
            "[x86_64, arm64]", CompatibleArchitecture="unknown"),
    parameter("GetLayerVersion", LAYER_VERSION, LayerName="tools", VersionNumber=-1),
    parameter("GetLayerVersion", LAYER_VERSION, LayerName="tools", VersionNumber=0),
    parameter("DeleteLayerVersion", LAYER_VERSION, LayerName="tools", VersionNumber=-1),
    invalid("GetLayerVersionByArn", f"Value '{LAYER}' at 'arn' {FAILED} {LAYER_PATTERN}", Arn=LAYER),
    layer(["unknown"], ["unknown"]),
    layer(["unknown", "other", "nodejs20.x"], ["unknown", "x86_64"]),
    invalid("UpdateFunctionConfiguration", f"Value '[{LAYER}]' at 'layers' {FAILED} satisfy constraint: "
            "[Member must have length less than or equal to 2048, Member must have length greater than or equal to 1, "
            f"Member must {LAYER_PATTERN}, Member must not be null]", FunctionName="orders", Layers=[LAYER]),
)  # fmt: skip
REPORTED = (
    parameter(INVOKE, f"The provided destination config DestinationConfig(onSuccess=OnSuccess(destination={BUCKET}), "
              f"onFailure=OnFailure(destination={BUCKET})) is invalid.",
              FunctionName="orders", DestinationConfig={kind: {"Destination": BUCKET} for kind in KINDS}),
    parameter(INVOKE, "You can't specify the function as a destination for itself.",
              **destination("OnSuccess", FUNCTION)),
    mapping("Need to specify a timestamp", StartingPosition="AT_TIMESTAMP",
            EventSourceArn=f"arn:aws:kinesis:{ACCOUNT}:stream/clicks"),
    mapping("Batching window is not supported for FIFO queues", EventSourceArn=f"{QUEUE}.fifo", BatchSize=100,
            MaximumBatchingWindowInSeconds=5),
    parameter("UpdateEventSourceMapping",
              "MaximumRecordAgeInSeconds must be either -1 (forever) or between 60 and 604800 (inclusive)",
              UUID="a1b2c3d4-5678-40ab-8def-0123456789ab", MaximumRecordAgeInSeconds=30),
    Refusal("Invoke", {"FunctionName": "orders", "ClientContext": "no!"},
            ServiceException("InvalidRequestContentException",
                         "Client context must be a valid Base64-encoded JSON object.")),
)  # fmt: skip
"""Errors that users of the service report."""
