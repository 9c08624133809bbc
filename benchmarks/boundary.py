"""The figures of the boundary: bytes to verdict, a whole request, attacks, and what `attach` adds to a call of the SDK.

    python benchmarks/boundary.py [--rounds N] [--json]

Each figure is the median of interleaved rounds in one run, with its ratio to a yardstick of the same run: `json.loads`
and jsonschema-rs with the same schema, which check less. Needs jsonschema-rs and boto3.
"""

from __future__ import annotations

import argparse
import json
import statistics
import timeit
from collections.abc import Callable
from typing import Any

import boto3
import jsonschema_rs

import lambda_validate as lv
from lambda_validate import boto, http

OPERATION = "CreateEventSourceMapping"
PATH = b"/2015-03-31/event-source-mappings/"
VALID = {
    "EventSourceArn": "arn:aws:kinesis:us-east-1:123456789012:stream/clicks",
    "FunctionName": "click-counter",
    "BatchSize": 100,
    "Enabled": True,
    "MaximumBatchingWindowInSeconds": 5,
    "StartingPosition": "AT_TIMESTAMP",
    "StartingPositionTimestamp": 1541139109,
}
BODY = json.dumps(VALID).encode()
FAULTY = json.dumps(VALID | {"BatchSize": 0, "FunctionName": "a b", "Enabled": "yes"}).encode()
HEADERS = [(b"host", b"lambda"), (b"user-agent", b"Boto3"), (b"x-amz-date", b"20240101T000000Z"),
           (b"authorization", b"AWS4-HMAC-SHA256 " * 8), (b"content-type", b"application/json"),
           (b"content-length", b"256")]  # fmt: skip
ATTACKS = {"nesting": b'{"a":' * 40_000, "flat arrays": b"[" + b"[]," * 60_000 + b"1]", "quotes": b'"' * 200_000,
           "digits": b"9" * 200_000, "over the limit": b" " * 262_145}  # fmt: skip


def calls() -> dict[str, Callable[[], object]]:
    rust = jsonschema_rs.validator_for(lv.schema(OPERATION, "request"))
    boundary = http.boundary()
    return {
        "json.loads + jsonschema-rs": lambda: rust.is_valid(json.loads(BODY)),
        "body bytes to verdict": lambda: http.is_valid_body(OPERATION, BODY),
        "whole request to report": lambda: boundary.check_request("POST", PATH, HEADERS, BODY),
        "three faults to an answer": lambda: boundary.check_request("POST", PATH, HEADERS, FAULTY),
    }


def attacks() -> dict[str, Callable[[], object]]:
    bodies = {"a good body": BODY, **ATTACKS}
    return {name: lambda body=body: http.check_request("POST", PATH, HEADERS, body) for name, body in bodies.items()}


def sdk() -> dict[str, Callable[[], object]]:
    """A call's own part of `attach`: both of its events, emitted as the SDK does, without and with it."""
    keys = {"aws_access_key_id": "a", "aws_secret_access_key": "b", "region_name": "us-east-1"}
    plain, checked = boto3.client("lambda", **keys), boto3.client("lambda", **keys)
    boto.attach(checked)
    model = plain.meta.service_model.operation_model(OPERATION)
    wire = {"method": "POST", "url_path": PATH.decode(), "query_string": {}, "body": BODY,
            "headers": {"Content-Type": "application/json", "User-Agent": "Boto3"}}  # fmt: skip

    def emit(client: Any) -> None:
        context: dict[str, Any] = {}
        events = client.meta.events
        events.emit(f"before-parameter-build.lambda.{OPERATION}", params=VALID, model=model, context=context)
        events.emit(f"before-call.lambda.{OPERATION}", params=wire, model=model, request_signer=None, context=context)

    return {"the SDK's events": lambda: emit(plain), "with attach": lambda: emit(checked)}


def measure(groups: dict[str, dict[str, Callable[[], object]]], rounds: int) -> dict[str, dict[str, float]]:
    samples: dict[str, dict[str, list[float]]] = {name: {each: [] for each in group} for name, group in groups.items()}
    for _ in range(rounds):
        for name, group in groups.items():
            for each, call in group.items():
                number = 20 if name == "attack" else 1000
                samples[name][each].append(timeit.timeit(call, number=number) / number)
    return {name: {each: statistics.median(times) for each, times in group.items()} for name, group in samples.items()}


def show(figures: dict[str, dict[str, float]]) -> None:
    sizes = {"a good body": len(BODY), **{name: len(body) for name, body in ATTACKS.items()}}
    for name, group in figures.items():
        first = next(iter(group.values()))
        print(f"\n{name:30} median µs   ratio   over the first" + ("   ns a byte" if name == "attack" else ""))
        for each, seconds in group.items():
            line = f"{each:30} {seconds * 1e6:9.2f}  {seconds / first:6.2f}  {(seconds - first) * 1e6:+15.2f}"
            print(line + (f"   {seconds / sizes[each] * 1e9:9.2f}" if name == "attack" else ""))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument("--json", action="store_true", help="print the medians in seconds as JSON")
    options = parser.parse_args()
    groups = {"call": calls(), "attack": attacks(), "SDK": sdk()}
    assert http.is_valid_body(OPERATION, BODY)
    assert not http.is_valid_body(OPERATION, FAULTY)
    figures = measure(groups, options.rounds)
    print(json.dumps(figures, indent=2)) if options.json else show(figures)


if __name__ == "__main__":
    main()
