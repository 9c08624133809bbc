"""Measure single calls: start-up, verdicts and reports, the HTTP boundary, attacks, and the overhead of `attach`.

    python benchmarks/calls.py [--rounds N] [--only GROUP] [--json]

A group of `GROUPS` is a table of calls, which are interleaved in every round. Each figure is the median processor time
of its rounds, with its ratio to the first call of the group. Compare ratios, because absolute times drift with the
machine. `boundary` needs jsonschema-rs, which checks less, and `attach` needs boto3.
"""

from __future__ import annotations

import argparse
import json
import statistics
from collections.abc import Callable
from functools import partial
from time import process_time
from typing import Any, NamedTuple

from peers.processes import cpu

import lambda_validate as lv
from lambda_validate import http
from lambda_validate.base.engines import VARIABLE

OPERATION, PATH = "CreateEventSourceMapping", b"/2015-03-31/event-source-mappings/"
VALID = {
    "EventSourceArn": "arn:aws:kinesis:us-east-1:123456789012:stream/clicks",
    "FunctionName": "click-counter",
    "BatchSize": 100,
    "Enabled": True,
    "MaximumBatchingWindowInSeconds": 5,
    "StartingPosition": "AT_TIMESTAMP",
    "StartingPositionTimestamp": 1541139109,
}
SIX_FAULTS = {
    "EventSourceArn": "arn:aws:dynamodb:us-east-1:123456789012:table/audit",
    "FunctionName": "click counter",
    "BatchSize": 5000,
    "Enabled": "yes",
    "MaximumBatchingWindowInSeconds": 301,
    "StartingPosition": "LATEST",
    "Batchsize": 1,
}
TEXT = json.dumps(VALID)
BODY = TEXT.encode()
THREE_FAULTS = json.dumps(VALID | {"BatchSize": 0, "FunctionName": "a b", "Enabled": "yes"}).encode()
HEADERS = [(b"host", b"lambda"), (b"user-agent", b"Boto3"), (b"x-amz-date", b"20240101T000000Z"),
           (b"authorization", b"AWS4-HMAC-SHA256 " * 8), (b"content-type", b"application/json"),
           (b"content-length", b"256")]  # fmt: skip
ATTACKS = {"nesting": b'{"a":' * 40_000, "flat arrays": b"[" + b"[]," * 60_000 + b"1]", "quotes": b'"' * 200_000,
           "digits": b"9" * 200_000, "over the limit": b" " * 262_145}  # fmt: skip

Rows = dict[str, Callable[[], float]]
"""Functions that return the seconds of one call, by name."""


class Group(NamedTuple):
    """Calls that are compared with the first of them, and the unit of their times."""

    unit: str
    in_a_second: float
    rows: Callable[[], Rows]


def timed(call: Callable[[], object], number: int) -> float:
    """Return the processor seconds of a call."""
    start = process_time()
    for _ in range(number):
        call()
    return (process_time() - start) / number


def rows(calls: dict[str, Callable[[], object]], number: int = 1000) -> Rows:
    """Return rows of calls that are repeated this many times a round. One call first fills caches."""
    for call in calls.values():
        call()
    return {name: partial(timed, call, number) for name, call in calls.items()}


def start_up() -> Rows:
    """Return the rows of whole interpreters."""
    first = f"import lambda_validate as lv; lv.is_valid_request({OPERATION!r}, {VALID!r})"
    codes = {
        "bare interpreter": "pass",
        "import": "import lambda_validate",
        "import, first verdict": first,
        "import, first verdict, pure Python": f"import os; os.environ[{VARIABLE!r}] = '1'; {first}",
        "import, first report": f"import lambda_validate as lv; lv.validate_request({OPERATION!r}, {SIX_FAULTS!r})",
    }
    return {name: lambda code=code: cpu(code) / 1e3 for name, code in codes.items()}  # type: ignore[misc]  # its default


def payloads() -> Rows:
    """Return the rows of payloads that are values."""
    pure = lv.Validator()
    object.__setattr__(pure, "_requests", {OPERATION: pure.checker(OPERATION, "request").run})  # none is shared
    assert len(lv.validate_request(OPERATION, SIX_FAULTS).errors) == 6
    return rows(
        {
            "json.loads of the valid payload": lambda: json.loads(TEXT),
            "valid payload, verdict": lambda: lv.is_valid_request(OPERATION, VALID),
            "valid payload, verdict, pure Python": lambda: pure.is_valid_request(OPERATION, VALID),
            "valid payload, report": lambda: lv.validate_request(OPERATION, VALID),
            "six faults, verdict": lambda: lv.is_valid_request(OPERATION, SIX_FAULTS),
            "six faults, verdict, pure Python": lambda: pure.is_valid_request(OPERATION, SIX_FAULTS),
            "six faults, report": lambda: lv.validate_request(OPERATION, SIX_FAULTS),
            "six faults, report and words": lambda: [
                each.message for each in lv.validate_request(OPERATION, SIX_FAULTS)
            ],
        }
    )


def boundary() -> Rows:
    """Return the rows of bodies and whole requests."""
    import jsonschema_rs

    rust, made = jsonschema_rs.validator_for(lv.schema(OPERATION, "request")), http.boundary()
    assert http.is_valid_body(OPERATION, BODY)
    assert not http.is_valid_body(OPERATION, THREE_FAULTS)
    return rows(
        {
            "json.loads + jsonschema-rs": lambda: rust.is_valid(json.loads(BODY)),
            "body bytes to verdict": lambda: http.is_valid_body(OPERATION, BODY),
            "whole request to verdict": lambda: made.passes("POST", PATH, HEADERS, BODY),
            "whole request to report": lambda: made.check_request("POST", PATH, HEADERS, BODY),
            "three faults to an answer": lambda: made.check_request("POST", PATH, HEADERS, THREE_FAULTS),
        }
    )


def attacks() -> Rows:
    """Return the rows of bodies that are slow to parse."""
    bodies = {"a good body": BODY, **ATTACKS}
    calls: dict[str, Callable[[], object]] = {
        f"{name}, {len(body):,} bytes": partial(http.check_request, "POST", PATH, HEADERS, body)
        for name, body in bodies.items()
    }
    return rows(calls, 20)


def attach() -> Rows:
    """Return the rows of `attach`: both of its events, emitted as the SDK does, without and with it."""
    import boto3

    from lambda_validate import boto

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

    return rows({"the SDK's events": lambda: emit(plain), "with attach": lambda: emit(checked)})


GROUPS = {
    "start-up": Group("ms", 1e3, start_up),
    "payloads": Group("µs", 1e6, payloads),
    "boundary": Group("µs", 1e6, boundary),
    "attacks": Group("µs", 1e6, attacks),
    "attach": Group("µs", 1e6, attach),
}


def measured(found: Rows, rounds: int) -> dict[str, float]:
    """Return the median seconds of each call. The calls are interleaved."""
    samples: dict[str, list[float]] = {name: [] for name in found}
    for _ in range(rounds):
        for name, call in found.items():
            samples[name].append(call())
    return {name: statistics.median(values) for name, values in samples.items()}


def show(name: str, group: Group, figures: dict[str, float]) -> None:
    yardstick = next(iter(figures.values()))
    print(f"\n{f'{name} ({group.unit})':36}  median   ratio   over the first")
    for row, seconds in figures.items():
        over = (seconds - yardstick) * group.in_a_second
        print(f"{row:36} {seconds * group.in_a_second:7.2f} {seconds / yardstick:7.2f}   {over:+9.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--only", action="append", choices=GROUPS, metavar="GROUP", help=f"one of {', '.join(GROUPS)}")
    parser.add_argument("--json", action="store_true", help="print the medians in seconds as JSON")
    options = parser.parse_args()
    figures = {name: measured(GROUPS[name].rows(), options.rounds) for name in options.only or GROUPS}
    if options.json:
        print(json.dumps(figures, indent=2))
        return
    for name, each in figures.items():
        show(name, GROUPS[name], each)


if __name__ == "__main__":
    main()
