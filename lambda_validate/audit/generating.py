"""Generate logs that look like CloudTrail's logs of an account, for a first try, tests and benchmarks.

The same seed gives the same logs.

Calls are refused, accepted, redacted or truncated, or are calls of other services. Some files are damaged.
"""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from ..files.writing import create

ACCOUNT, REGION = "123456789012", "us-west-2"
START = datetime(2026, 1, 1, tzinfo=UTC)
PER_FILE = 200
"""Number of records in most files. Other files have fewer."""
LAMBDA_SHARE = 0.05
"""The share of records that are calls of Lambda. In most accounts, it is even smaller."""
AGENTS = (
    "aws-sdk-go-v2/1.41.0",
    "Boto3/1.42.1 md/Botocore#1.42.1",
    "APN/1.0 HashiCorp/1.0 Terraform/1.13.5",
    "AWS Internal",
)
BROKEN_FILES = 60
"""On average, one of this many files is truncated."""
REFUSED, DENIED = "InvalidParameterValueException", "AccessDeniedException"
HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS"
Parameters = dict[str, Any]


def _arn(service: str, resource: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}"


def _name(random: Random) -> str:
    words = ("orders", "clicks", "billing", "resize", "notify", "import", "audit", "search")
    return f"{random.choice(words)}-{random.choice(('dev', 'test', 'prod'))}"


def _queue(random: Random) -> Parameters:
    return {
        "functionName": _name(random), "eventSourceArn": _arn("sqs", _name(random)),
        "batchSize": random.choice((1, 5, 10)), "enabled": True,
    }  # fmt: skip


def _stream(random: Random) -> Parameters:
    return {
        "functionName": _name(random), "eventSourceArn": _arn("kinesis", f"stream/{_name(random)}"),
        "startingPosition": random.choice(("LATEST", "TRIM_HORIZON")), "batchSize": random.choice((100, 500)),
        "maximumRetryAttempts": random.randrange(10), "parallelizationFactor": random.choice((1, 2, 10)),
    }  # fmt: skip


def _invoke_config(random: Random) -> Parameters:
    return {
        "functionName": _name(random), "maximumRetryAttempts": random.randrange(3),
        "maximumEventAgeInSeconds": random.choice((60, 3_600, 21_600)),
        "destinationConfig": {"onFailure": {"destination": _arn("sqs", _name(random))}},
    }  # fmt: skip


def _function(random: Random) -> Parameters:
    return {
        "functionName": _name(random), "runtime": "python3.13", "handler": "app.handler", "publish": False,
        "role": f"arn:aws:iam::{ACCOUNT}:role/{_name(random)}", "memorySize": random.choice((128, 512, 1_024)),
        "timeout": random.choice((3, 30, 900)), "code": {"s3Bucket": "packages", "s3Key": f"{_name(random)}.zip"},
    }  # fmt: skip


def _configuration(random: Random) -> Parameters:
    return {"functionName": _name(random), "timeout": random.choice((3, 60)), "memorySize": random.choice((128, 256))}


def _named(random: Random) -> Parameters:
    return {"functionName": _name(random)}


CALLS: tuple[tuple[str, int, Callable[[Random], Parameters]], ...] = (
    ("GetFunction20150331v2", 30, _named),
    ("ListVersionsByFunction20150331", 8, _named),
    ("UpdateFunctionConfiguration20150331v2", 12, _configuration),
    ("CreateEventSourceMapping20150331", 8, _queue),
    ("CreateEventSourceMapping20150331", 6, _stream),
    ("PutFunctionEventInvokeConfig", 6, _invoke_config),
    ("CreateFunction20150331", 6, _function),
    ("GetPolicy20150331v2", 8, _named),
)
"""Calls of Lambda: the event name, the relative frequency, and a function that makes valid parameters."""
FAULTS: Mapping[str, tuple[Parameters, ...]] = {
    "CreateEventSourceMapping20150331": (
        {"batchSize": 0},
        {"eventSourceArn": "orders"},
        {"functionName": "my function"},
    ),
    "PutFunctionEventInvokeConfig": ({"maximumRetryAttempts": 3}, {"maximumEventAgeInSeconds": 10}),
    "CreateFunction20150331": ({"memorySize": 64}, {"role": "admin"}, {"runtime": "python2"}),
    "UpdateFunctionConfiguration20150331v2": ({"timeout": 0}, {"memorySize": 1}),
}
"""For each call, changes of its parameters that break a rule. Other calls get an invalid function name."""
REDACTED: Mapping[str, Parameters] = {
    "CreateFunction20150331": {"environment": {}, "code": {}},
    "UpdateFunctionConfiguration20150331v2": {"environment": {}},
    "CreateEventSourceMapping20150331": {"filterCriteria": {}},
}
TRUNCATED: Parameters = {"reason": "requestParameters too large", "omitted": True, "originalSize": 245_760}
FOREIGN = (
    ("sts", "AssumeRole", {"roleArn": f"arn:aws:iam::{ACCOUNT}:role/deploy", "roleSessionName": "deploy"}),
    ("kms", "Decrypt", {"encryptionContext": {"aws:lambda:FunctionArn": _arn("lambda", "function:orders-prod")}}),
    ("ec2", "DescribeInstances", {"instancesSet": {"items": [{"instanceId": "i-0"}, {"instanceId": "i-1"}]}}),
    ("logs", "CreateLogStream", {"logGroupName": "/aws/lambda/orders-prod", "logStreamName": "2026/01/01/[$LATEST]0"}),
    ("s3", "GetBucketAcl", {"bucketName": "packages", "Host": "packages.s3.amazonaws.com", "acl": ""}),
)
"""Calls of other services: the first word of `eventSource`, the event name, and the parameters."""


def _call(random: Random) -> Parameters:
    """Return the members of a record that describe a call of Lambda: its name, its parameters, and any error of AWS."""
    name, _, make = random.choices(CALLS, [weight for _, weight, _ in CALLS])[0]
    parameters, kind = make(random), random.random()
    code = None
    if kind < 0.06:
        parameters |= random.choice(FAULTS.get(name, ({"functionName": "my function"},)))
        code = REFUSED
    elif kind < 0.08:
        code = random.choice((DENIED, "ResourceNotFoundException", "TooManyRequestsException"))
    elif kind < 0.085:
        code = REFUSED  # for something that no schema says
    elif kind < 0.13:
        parameters |= REDACTED.get(name, {"functionName": HIDDEN})
    elif kind < 0.15:
        parameters = dict(TRUNCATED)
    error = {"errorCode": code, "errorMessage": "The request was refused."} if code else {}
    null = code == DENIED or kind > 0.99
    return {"eventSource": "lambda.amazonaws.com", "eventName": name, **error,
            "requestParameters": None if null else parameters}  # fmt: skip


def _other(random: Random) -> Parameters:
    service, name, parameters = random.choice(FOREIGN)
    return {"eventSource": f"{service}.amazonaws.com", "eventName": name, "requestParameters": parameters}


def _record(random: Random, time: datetime) -> Parameters:
    made = _call(random) if random.random() < LAMBDA_SHARE else _other(random)
    session = f"deploy-{random.getrandbits(40):010x}"
    return {
        "eventVersion": "1.09",
        "userIdentity": {
            "type": "AssumedRole", "principalId": f"AROAEXAMPLE:{session}", "accountId": ACCOUNT,
            "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/deploy/{session}",
            "accessKeyId": f"ASIA{random.getrandbits(80):020X}",
            "sessionContext": {
                "sessionIssuer": {"type": "Role", "arn": f"arn:aws:iam::{ACCOUNT}:role/deploy", "userName": "deploy"},
                "attributes": {"creationDate": time.strftime("%Y-%m-%dT%H:00:00Z"), "mfaAuthenticated": "false"},
            },
        },
        "eventTime": time.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "awsRegion": REGION, "sourceIPAddress": f"192.0.2.{random.randrange(256)}", "userAgent": random.choice(AGENTS),
        **made,
        "responseElements": None,
        "requestID": f"{random.getrandbits(128):032x}", "eventID": f"{random.getrandbits(128):032x}",
        "readOnly": made["eventName"].startswith(("Get", "List", "Describe")),
        "eventType": "AwsServiceEvent" if random.random() < 0.005 else "AwsApiCall",
        "managementEvent": True, "recipientAccountId": ACCOUNT, "eventCategory": "Management",
        "tlsDetails": {"tlsVersion": "TLSv1.3", "cipherSuite": "TLS_AES_128_GCM_SHA256",
                       "clientProvidedHostHeader": made["eventSource"].replace(".", f".{REGION}.", 1)},
    }  # fmt: skip


def files(records: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """Yield log files, as a path and bytes for each, which have `records` records in total."""
    random, left, number = Random(seed), records, 0
    time = START
    while left:
        size = min(left, PER_FILE if random.random() < 0.9 else random.randrange(1, PER_FILE))
        batch = []
        for _ in range(size):
            time += timedelta(seconds=random.randrange(1, 240))
            batch.append(_record(random, time))
        text = json.dumps({"Records": batch}, separators=(",", ":")).encode()
        data = gzip.compress(text, 6, mtime=0)
        if random.random() < 1 / BROKEN_FILES:
            data = data[: len(data) // 2]
        day, stamp = time.strftime("%Y/%m/%d"), time.strftime("%Y%m%dT%H%MZ")
        name = f"{ACCOUNT}_CloudTrail_{REGION}_{stamp}_{number:06}.json.gz"
        yield f"AWSLogs/{ACCOUNT}/CloudTrail/{REGION}/{day}/{name}", data
        left, number = left - size, number + 1


def write(folder: str, records: int, seed: int) -> int:
    """Write log files with `records` records in total to a folder, and return the number of files."""
    count = 0
    for path, data in files(records, seed):
        count += 1
        target = os.path.join(folder, *path.split("/"))
        os.makedirs(os.path.dirname(target), exist_ok=True)
        create(target, data)
    return count
