"""Build records of calls in the format of CloudTrail, and files of them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

QUEUE = "arn:aws:sqs:us-west-2:123456789012:orders"
HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS"
MAPPING = "CreateEventSourceMapping20150331"
GOOD: dict[str, Any] = {"functionName": "orders", "eventSourceArn": QUEUE, "batchSize": 10}
BAD: dict[str, Any] = {**GOOD, "batchSize": 0}
REFUSED = "InvalidParameterValueException"
DENIED = "AccessDeniedException"


def record(parameters: Any = None, name: str = MAPPING, error: str | None = None, **more: Any) -> dict[str, Any]:
    """Return a record of a call of Lambda."""
    number = more.pop("number", 0)
    return {
        "eventVersion": "1.08",
        "userIdentity": {"type": "IAMUser", "arn": "arn:aws:iam::123456789012:user/a", "sessionIssuer": [{}, {"a": 1}]},
        "eventTime": "2026-01-02T03:04:05Z",
        "eventSource": "lambda.amazonaws.com",
        "eventName": name,
        "awsRegion": "us-west-2",
        **({"errorCode": error, "errorMessage": "no"} if error else {}),
        "requestParameters": parameters,
        "responseElements": None,
        "eventID": f"00000000-0000-4000-8000-{number:012}",
        "eventType": "AwsApiCall",
        **more,
    }


def foreign(number: int = 0) -> dict[str, Any]:
    """Return a record of another service."""
    return record({"roleArn": "x"}, "AssumeRole", eventSource="sts.amazonaws.com", number=number)


def text(records: Iterable[Any]) -> bytes:
    """Return the document that contains some records."""
    return json.dumps({"Records": list(records)}, separators=(",", ":")).encode()


def write(path: Path, records: Iterable[Any]) -> Path:
    """Write a gzipped document."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(text(records), mtime=0))
    return path


def logs(folder: Path, files: int = 4, records: int = 30) -> Path:
    """Write files with calls of all kinds, each with a unique eventID."""
    number = 0
    for file in range(files):
        held = []
        for index in range(records):
            number += 1
            kinds = (
                record(GOOD, number=number), record(BAD, number=number), record(BAD, error=REFUSED, number=number),
                record(GOOD, error=REFUSED, number=number), record(None, number=number), foreign(number),
                record({}, "CreateNothing", number=number), record({}, eventType="AwsServiceEvent", number=number),
            )  # fmt: skip
            held.append(kinds[index % len(kinds)])
        write(folder / f"2026/{file:02}.json.gz", held)
    return folder
