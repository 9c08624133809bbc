"""Generate payloads for property tests: valid ones by source, with members changed to valid, invalid and odd values.

Nothing here reads a schema, because tested code must not choose its own tests.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

CREATE, GET = "CreateEventSourceMapping", "GetFunctionEventInvokeConfig"
DIRECTIONS = ("request", "response")

ODD = [
    "\n",
    "\r",
    "\u2028",
    "\x85",
    "\x00",
    "\u0663",
    "\u00e9",
    "\u017f",
    "\u212a",
    " ",
    ":",
    "/",
    "$",
    "\\",
    '"',
    "💩",
]
"""Characters that implementations of patterns treat differently: line ends, digits and letters beyond ASCII."""

ACCOUNT = "us-west-2:123456789012"
SOURCES = {
    "kinesis": f"arn:aws:kinesis:{ACCOUNT}:stream/clicks",
    "consumer": f"arn:aws:kinesis:{ACCOUNT}:stream/clicks/consumer/reader:1571642825",
    "dynamodb": f"arn:aws:dynamodb:{ACCOUNT}:table/orders/stream/2024-06-10T19:26:16.525",
    "sqs": f"arn:aws:sqs:{ACCOUNT}:orders",
    "fifo": f"arn:aws:sqs:{ACCOUNT}:orders.fifo",
    "kafka": f"arn:aws:kafka:{ACCOUNT}:cluster/main/1",
    "table": f"arn:aws:dynamodb:{ACCOUNT}:table/orders",
}
FUNCTION = f"arn:aws:lambda:{ACCOUNT}:function:orders"
NAMES = ["orders", "n" * 64, "n" * 65, "n" * 140, "n" * 139 + ":1", "orders:live", "orders:$LATEST", "", FUNCTION,
         f"{FUNCTION}:2", "123456789012:function:orders", "function:orders", "us-west-2:orders"]  # fmt: skip
DESTINATIONS = [FUNCTION, SOURCES["sqs"], SOURCES["fifo"], f"arn:aws:sns:{ACCOUNT}:news",
                f"arn:aws:sns:{ACCOUNT}:n.fifo", "arn:aws:s3:::archive",
                f"arn:aws:events:{ACCOUNT}:event-bus/main", SOURCES["kinesis"]]  # fmt: skip
NUMBERS = [-1, 0, 1, 2, 3, 10, 11, 59, 60, 100, 300, 301, 1000, 1001, 10_000, 10_001, 21_600, 21_601, 604_801, 10**30,
           1.0, 10.0, 0.5, 60.0, -0.0, 1e300, True, False]  # fmt: skip
POSITIONS = ["TRIM_HORIZON", "LATEST", "AT_TIMESTAMP", "latest", "NEWEST"]
STATES = ["Creating", "Enabling", "Enabled", "Disabling", "Disabled", "Updating", "Deleting", "Broken"]
PATTERNS = ["{}", '{"body": ["a"]}', '{"a": []}', "[]", "nothing", '{"body": "text"}', '{"a": "text"}']

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
"""Return any JSON value."""


@st.composite
def odd_texts(draw: st.DrawFn, texts: list[str]) -> str:
    """Return one of some strings, perhaps with an unusual character, mostly at an end."""
    text = draw(st.sampled_from(texts))
    if draw(st.booleans()):
        return text
    place = draw(st.sampled_from([0, len(text), len(text) // 2]) | st.integers(0, len(text)))
    return text[:place] + draw(st.sampled_from(ODD)) + text[place:]


numbers = st.sampled_from(NUMBERS)
destinations = st.fixed_dictionaries(
    {}, optional={"Destination": odd_texts(DESTINATIONS) | anything, "destination": odd_texts(DESTINATIONS)}
)
configs = st.fixed_dictionaries(
    {}, optional={"OnFailure": destinations | anything, "OnSuccess": destinations | anything, "onFailure": anything}
)
filter_patterns = st.fixed_dictionaries({"Pattern": st.sampled_from(PATTERNS) | anything})
filters = st.fixed_dictionaries({}, optional={"Filters": st.lists(filter_patterns, max_size=2)})

MEMBERS: dict[str, st.SearchStrategy[Any]] = {
    "BatchSize": numbers,
    "DestinationConfig": configs,
    "Enabled": st.booleans(),
    "EventSourceArn": odd_texts(list(SOURCES.values())),
    "FilterCriteria": filters,
    "FunctionArn": odd_texts([FUNCTION, f"{FUNCTION}:2", "orders"]),
    "FunctionName": odd_texts(NAMES),
    "LastModified": numbers,
    "LastProcessingResult": odd_texts(["No records processed"]),
    "MaximumBatchingWindowInSeconds": numbers,
    "MaximumEventAgeInSeconds": numbers,
    "MaximumRecordAgeInSeconds": numbers,
    "MaximumRetryAttempts": numbers,
    "Qualifier": odd_texts(["1", "live", "$LATEST", "", "q" * 128, "q" * 129]),
    "SelfManagedEventSource": st.just({}),
    "SourceAccessConfigurations": st.just([]),
    "StartingPosition": odd_texts(POSITIONS),
    "StartingPositionTimestamp": numbers,
    "State": odd_texts(STATES),
    "UUID": odd_texts(["a1b2"]),
}
"""Valid or nearly valid values for each member."""

UNKNOWN = ["Batchsize", "batch_size", "FunctionNames", "", "é", "\n", "'", "{0}", "__class__", "None"]

BASES: dict[tuple[str, str], list[dict[str, Any]]] = {
    (CREATE, "request"): [
        {"EventSourceArn": SOURCES["sqs"], "FunctionName": "orders"},
        {"EventSourceArn": SOURCES["fifo"], "FunctionName": "orders", "BatchSize": 10},
        {"EventSourceArn": SOURCES["kinesis"], "FunctionName": "orders", "StartingPosition": "LATEST"},
        {"EventSourceArn": SOURCES["consumer"], "FunctionName": "orders:live", "StartingPosition": "AT_TIMESTAMP",
         "StartingPositionTimestamp": 1541139109.5},
        {"EventSourceArn": SOURCES["dynamodb"], "FunctionName": FUNCTION, "StartingPosition": "TRIM_HORIZON"},
    ],
    (CREATE, "response"): [{}, {"UUID": "a1b2", "State": "Creating", "FunctionArn": FUNCTION, "BatchSize": 10}],
    (GET, "request"): [{"FunctionName": "orders"}, {"FunctionName": "orders:live", "Qualifier": "live"}],
    (GET, "response"): [
        {"FunctionArn": FUNCTION, "MaximumRetryAttempts": 2, "MaximumEventAgeInSeconds": 3600,
         "DestinationConfig": {"OnFailure": {"Destination": SOURCES["sqs"]}, "OnSuccess": {}}},
    ],
}  # fmt: skip


@st.composite
def payloads(draw: st.DrawFn, operation: str, direction: str) -> Any:
    """Return a valid payload with a few members changed, dropped or added, or sometimes any value."""
    if draw(st.integers(0, 15)) == 0:
        return draw(anything)
    payload = dict(draw(st.sampled_from(BASES[operation, direction])))
    for member in draw(st.lists(st.sampled_from(list(MEMBERS)), max_size=4, unique=True)):
        payload[member] = draw(MEMBERS[member] if draw(st.integers(0, 4)) else anything)
    for member in draw(st.lists(st.sampled_from(sorted(payload)), max_size=1)) if payload else ():
        del payload[member]
    if draw(st.integers(0, 5)) == 0:
        payload[draw(st.sampled_from(UNKNOWN))] = draw(anything)
    return payload
