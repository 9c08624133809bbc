"""Measure memory over millions of distinct payloads, most of them hostile, to find leaks.

    python benchmarks/memory.py [--payloads N] [--samples N] [--json FILE]

Each of `CALLS` validates N payloads, 10 million by default, in its own process. It uses each kind of `KINDS`, or of
`REQUESTS` at the HTTP boundary, in turn. The number of the payload is part of its strings, names, keys or path. The
resident memory and the memory blocks of Python are sampled meanwhile. The result is their growth after the first fifth:
the slope of a line through the samples. The exit status is 1 if memory grows by over a megabyte: both the median of
the last quarter, compared with the quarter before, and the slope. Progress is printed on standard error. This needs
Linux (/proc). On other systems, the samples are the maximum so far.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from array import array
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

import lambda_validate as lv  # noqa: E402  # this checkout, not an installed version
from lambda_validate import http  # noqa: E402  # as above

MAPPING, CONFIG, FUNCTION = "CreateEventSourceMapping", "GetFunctionEventInvokeConfig", "CreateFunction"
WARM = 0.2
"""The share of payloads after which growth counts."""
ALLOWED = 1_000_000
"""Bytes of growth that are ignored, such as pages of an allocator."""
LONG = "x" * 4_000
FULL = "arn:aws:lambda:us-east-1:123456789012:function:"
VALID = {
    "EventSourceArn": "arn:aws:kinesis:us-east-1:123456789012:stream/clicks",
    "FunctionName": "click-counter",
    "BatchSize": 100,
    "StartingPosition": "LATEST",
}
CREATE = {
    "FunctionName": "resize",
    "Runtime": "python3.12",
    "Role": "arn:aws:iam::210987654321:role/resize",
    "Handler": "app.handler",
    "Code": {"S3Bucket": "releases", "S3Key": "resize.zip"},
}

Payload = tuple[str, str, Any]
"""Edition, operation and payload."""


def mapping(**members: Any) -> Payload:
    return "documents", MAPPING, {**VALID, **members}


def function(**members: Any) -> Payload:
    return "current", FUNCTION, {**CREATE, **members}


def nested(levels: int, text: str) -> Any:
    value: Any = text
    for level in range(levels):
        value = {f"{text}{level}": value} if level % 2 else [value]
    return value


KINDS: Mapping[str, Callable[[int], Payload]] = {
    "a valid mapping": lambda n: mapping(FunctionName=f"f-{n}", EventSourceArn=f"{VALID['EventSourceArn']}-{n}"),
    "a valid configuration": lambda n: ("documents", CONFIG, {"FunctionName": f"f-{n}", "Qualifier": f"v{n}"}),
    "a valid function": lambda n: function(FunctionName=f"f-{n}", Environment={"Variables": {f"K{n}": f"v{n}"}}),
    "a name as long as may be": lambda n: mapping(FunctionName=f"{FULL}{n:064}"),
    "an ARN of 4,000 characters": lambda n: mapping(EventSourceArn=f"{VALID['EventSourceArn']}-{LONG}{n}"),
    "a name too long": lambda n: mapping(FunctionName=f"{LONG}{n}"),
    "an ARN wrong at its end": lambda n: mapping(EventSourceArn=f"{VALID['EventSourceArn']}-{n}\n"),
    "a name wrong in the middle": lambda n: mapping(FunctionName=f"f{n} {n}"),
    "an unknown member": lambda n: mapping(**{f"Member{n}": n}),
    "an unknown member, nearly known": lambda n: mapping(**{f"BatchSize{n}": n}),
    "an unknown member with a long name": lambda n: mapping(**{f"{LONG}{n}": n}),
    "many unknown members": lambda n: mapping(**{f"M{n}-{each}": None for each in range(8)}),
    "wrong values everywhere": lambda n: mapping(**{name: f"{name}{n}" for name in VALID}, Enabled=f"{n}"),
    "a choice that there is not": lambda n: mapping(StartingPosition=f"LATEST{n}"),
    "a number out of range": lambda n: mapping(BatchSize=10**6 + n, StartingPositionTimestamp=n + 0.5),
    "a huge number": lambda n: mapping(BatchSize=(n + 2) << 4_000),
    "no mapping": lambda n: ("documents", MAPPING, [f"{n}"] if n % 3 else f"{n}"),
    "deep": lambda n: mapping(Enabled=nested(20, f"d{n}"), EventSourceArn=nested(3, f"e{n}")),
    "a deep place that is known": lambda n: function(VpcConfig={"SubnetIds": [f"s {n}", {f"k{n}": n}], f"V{n}": {}}),
    "many distinct keys": lambda n: function(Environment={"Variables": {f"{n}-{each}": f"{n}" for each in range(8)}}),
    "tags of letters": lambda n: function(Tags={f"été-{n}": f"straße {n}", f"\x00{n}": f"\ud800{n}"}),
    "keys that are no texts": lambda n: ("documents", MAPPING, {**VALID, n: n}),
}  # fmt: skip
"""Functions that build a payload from a number, by what is unusual about it. Each number gives another payload."""

Request = tuple[str, bytes, list[tuple[bytes, bytes]], bytes]
SOURCES, CONFIGS = b"/2015-03-31/event-source-mappings/", b"/2019-09-25/functions/%s/event-invoke-config"
TYPE = (b"content-type", b"application/json")


def posted(body: Any, *headers: tuple[bytes, bytes]) -> Request:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return "POST", SOURCES, [TYPE, *headers], content


def as_body(kind: Callable[[int], Payload], number: int) -> Request:
    return posted(kind(number)[2])


NOT_JSON = ("a huge number", "keys that are no texts")
"""Kinds of payloads that no body can contain."""


def got(name: bytes, query: bytes = b"") -> Request:
    return "GET", CONFIGS % name + query, [], b""


REQUESTS: Mapping[str, Callable[[int], Request]] = {
    **{name: partial(as_body, kind) for name, kind in KINDS.items() if name not in NOT_JSON},
    "a path of its own": lambda n: got(b"f-%d" % n),
    "a path too long": lambda n: got(b"%s%d" % (LONG.encode() * 3, n)),
    "a path with escapes": lambda n: got(b"%%66%d%%20" % n),
    "a path of no operation": lambda n: ("GET", b"/%d/2019-09-25/functions/%d" % (n, n), [], b""),
    "a method that there is not": lambda n: (f"M{n}", SOURCES, [TYPE], b"{}"),
    "a query of its own": lambda n: got(b"f", b"?Qualifier=v%d" % n),
    "an unknown name in the query": lambda n: got(b"f", b"?q%d=%d" % (n, n)),
    "headers of their own": lambda n: posted(VALID, *((b"x-%d-%d" % (n, each), b"%d" % n) for each in range(8))),
    "members in headers": lambda n: posted(VALID, *((b"x-amz-%d-%d" % (n, each), b"%d" % n) for each in range(8))),
    "a content type of its own": lambda n: ("POST", SOURCES, [(b"content-type", b"text/%d" % n)], b"{}"),
    "no JSON": lambda n: posted(b'{"a%d": %d' % (n, n)),
    "a name twice": lambda n: posted(b'{"a%d": 1, "a%d": 2}' % (n, n)),
    "deeper than is read": lambda n: posted(b"[" * 40 + b"%d" % n + b"]" * 40),
    "a number not finite": lambda n: posted(b'{"a%d": 1e999}' % n),
}  # fmt: skip
"""Functions that build a request from a number, by what is unusual about it."""


def verdict(kind: Callable[[int], Payload], number: int) -> None:
    edition, operation, payload = kind(number)
    lv.is_valid_request(operation, payload, edition)


def report(kind: Callable[[int], Payload], number: int) -> None:
    edition, operation, payload = kind(number)
    found = lv.validate_request(operation, payload, edition)
    if number % 16 == 0:  # messages cost several times as much as the verdict
        for each in found:
            str((each.explanation, each.pointer))


def boundary(kind: Callable[[int], Request], number: int) -> None:
    http.check_request(*kind(number))


CALLS: Mapping[str, tuple[Callable[[Any, int], None], Mapping[str, Callable[[int], Any]]]] = {
    "is_valid_request": (verdict, KINDS),
    "validate_request": (report, KINDS),
    "http.check_request": (boundary, REQUESTS),
}


class Sample(NamedTuple):
    """The number of validated payloads, the bytes of resident memory, and the memory blocks of Python."""

    payloads: int
    memory: int
    blocks: int


class Growth(NamedTuple):
    """The result of a call. `slope` is in bytes for a million payloads, and `blocks` in blocks of Python."""

    call: str
    payloads: int
    seconds: float
    warm: int
    last: int
    slope: float
    blocks: float
    grows: bool


def resident() -> int:
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def validate_payloads(name: str, payloads: int, samples: int) -> tuple[float, list[Sample]]:
    """Validate this many payloads, and return the seconds and the samples."""
    call, kinds = CALLS[name]
    makers, step, started = tuple(kinds.values()), max(1, payloads // samples), time.perf_counter()
    counts, memory, blocks = array("q"), array("q"), array("q")  # these hold no blocks of their own
    for first in range(0, payloads, step):
        for number in range(first, min(first + step, payloads)):
            call(makers[number % len(makers)], number)
        gc.collect()
        counts.append(min(first + step, payloads))
        memory.append(resident())
        blocks.append(sys.getallocatedblocks())
        print(f"{name}: {counts[-1]:,} of {payloads:,}, {memory[-1] / 1e6:.2f} MB", file=sys.stderr)
    return time.perf_counter() - started, [Sample(*each) for each in zip(counts, memory, blocks, strict=True)]


def growth(name: str, seconds: float, samples: list[Sample]) -> Growth:
    """Return how memory grows over the samples after the warm-up."""
    payloads = samples[-1].payloads
    warm = [each for each in samples if each.payloads >= payloads * WARM]
    counts = [each.payloads / 1e6 for each in warm]
    slope = statistics.linear_regression(counts, [each.memory for each in warm]).slope
    blocks = statistics.linear_regression(counts, [each.blocks for each in warm]).slope
    quarter = max(1, len(warm) // 4)
    before = statistics.median(each.memory for each in warm[-2 * quarter : -quarter])
    last = statistics.median(each.memory for each in warm[-quarter:])
    grows = last - before > ALLOWED and slope * payloads / 1e6 > ALLOWED
    return Growth(name, payloads, seconds, warm[0].memory, warm[-1].memory, slope, blocks, grows)


def show(found: list[Growth]) -> None:
    print("| call | payloads | s | warm, MB | last, MB | kB a million | blocks a million | |")
    print("|---|---|---|---|---|---|---|---|")
    for each in found:
        numbers = f"{each.payloads:,} | {each.seconds:,.0f} | {each.warm / 1e6:.2f} | {each.last / 1e6:.2f}"
        slopes = f"{each.slope / 1e3:+.2f} | {each.blocks:+.1f}"
        print(f"| `{each.call}` | {numbers} | {slopes} | {'GROWS' if each.grows else 'flat'} |")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--payloads", type=int, default=10_000_000)
    parser.add_argument("--samples", type=int, default=100)
    parser.add_argument("--json", metavar="FILE", help="also write every sample and the table there")
    parser.add_argument("--call", choices=CALLS, help="only one of them, in this process; prints its samples as JSON")
    options = parser.parse_args()
    if options.call:
        print(json.dumps(validate_payloads(options.call, options.payloads, options.samples)))
        return 0
    found, samples = [], {}
    for name in CALLS:
        sizes = ["--payloads", str(options.payloads), "--samples", str(options.samples)]
        command = [sys.executable, __file__, "--call", name, *sizes]
        seconds, rows = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
        samples[name] = [Sample(*row) for row in rows]
        found.append(growth(name, seconds, samples[name]))
    show(found)
    if options.json:
        whole = [{**each._asdict(), "samples": [one._asdict() for one in samples[each.call]]} for each in found]
        Path(options.json).write_text(json.dumps(whole, indent=1) + "\n")
    return int(any(each.grows for each in found))


if __name__ == "__main__":
    sys.exit(main())
