"""Measure the edition `current` against its targets: compiling, validating, and the size of the wheel.

    python benchmarks/editions.py [--rounds N] [--wheel]

Compiling is measured in new processes, in processor seconds without imports: each direction of an operation in its own
process, and all in one. Validating is compared with jsonschema-rs on the same portable schema, in interleaved rounds.
The fastest round counts, because other processes only make a round slower. `--wheel` builds the wheel, which needs pip
and the build requirements. The exit status is 1 if a target is missed.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import lambda_validate as lv

ROOT = Path(__file__).parent.parent
OPERATION = "CreateFunction"
PAYLOAD = {
    "FunctionName": "arn:aws:lambda:eu-west-1:210987654321:function:resize-images",
    "Runtime": "python3.12",
    "Role": "arn:aws:iam::210987654321:role/service-role/resize-images",
    "Handler": "app.handler",
    "Code": {"S3Bucket": "releases-eu-west-1", "S3Key": "resize-images/1.4.2.zip"},
    "Description": "Makes three sizes of each image.",
    "Timeout": 30,
    "MemorySize": 1024,
    "Publish": True,
    "PackageType": "Zip",
    "Architectures": ["arm64"],
    "Environment": {"Variables": {"LOG_LEVEL": "info", "BUCKET": "images", "SIZES": "200,800,1600"}},
    "TracingConfig": {"Mode": "Active"},
    "Layers": ["arn:aws:lambda:eu-west-1:210987654321:layer:pillow:12"],
    "VpcConfig": {"SubnetIds": ["subnet-0a1b2c3d", "subnet-4e5f6a7b"], "SecurityGroupIds": ["sg-0a1b2c3d"]},
    "DeadLetterConfig": {"TargetArn": "arn:aws:sqs:eu-west-1:210987654321:failed"},
    "EphemeralStorage": {"Size": 512},
    "LoggingConfig": {"LogFormat": "JSON", "ApplicationLogLevel": "INFO"},
}
SMALL = {key: PAYLOAD[key] for key in ("FunctionName", "Role", "Code", "Runtime", "Handler")}
DISTINCT = 1000
"""The number of payloads. Each has its own function name and an additional key."""

COMPILE = """
import sys, time
import regex  # what patterns with properties of Unicode need
import lambda_validate as lv
lv.Validator("documents").checker("GetFunctionEventInvokeConfig", "request", "verdict")  # loads the compiler
validator, pairs = lv.Validator("current"), [each.split("/") for each in sys.argv[1:]]
start = time.process_time()
for operation, direction in pairs:
    validator.checker(operation, direction, "verdict")
print(time.process_time() - start)
"""


class Figure(NamedTuple):
    """A measured figure, its unit, and its maximum."""

    what: str
    value: float
    unit: str
    target: float


def compile_seconds(pairs: Iterable[str]) -> float:
    """Return the seconds to read and compile directions, such as `CreateAlias/request`, in a new process."""
    command = [sys.executable, "-c", COMPILE, *pairs]
    return float(subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout)


def compiling(rounds: int) -> Iterator[Figure]:
    pairs = [f"{operation}/{side}" for operation in lv.operations("current") for side in ("request", "response")]
    best = [min(compile_seconds([pair]) for _ in range(rounds)) for pair in pairs]
    worst = max(range(len(pairs)), key=best.__getitem__)
    yield Figure(f"compile one direction, the longest ({pairs[worst]})", best[worst] * 1000, "ms", 20)
    yield Figure("compile one direction, the median", statistics.median(best) * 1000, "ms", 20)
    yield Figure(
        "compile every direction of every operation", min(compile_seconds(pairs) for _ in range(rounds)), "s", 1
    )


def distinct(payload: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {**payload, "FunctionName": f"{payload['FunctionName']}-{index}", "Description": f"Build {index}."}
        for index in range(DISTINCT)
    ]


def seconds(check: Callable[[Any], object], payloads: list[Any]) -> float:
    start = time.perf_counter()
    for payload in payloads:
        check(payload)
    return (time.perf_counter() - start) / len(payloads)


def checking(rounds: int) -> Iterator[Figure]:
    import jsonschema_rs

    peer = jsonschema_rs.validator_for(lv.schema(OPERATION, "request", "current")).is_valid
    validator = lv.Validator("current")
    for name, payload in (("of eighteen members", PAYLOAD), ("of five members", SMALL)):
        payloads = distinct(payload)
        assert all(peer(each) and validator.is_valid_request(OPERATION, each) for each in payloads)
        ours, theirs = [], []
        for _ in range(rounds * 5):
            ours.append(seconds(lambda each: validator.is_valid_request(OPERATION, each), payloads))
            theirs.append(seconds(lambda each: peer(each), payloads))
        what = f"{OPERATION} {name}: {min(ours) * 1e6:.1f} µs, over jsonschema-rs"
        yield Figure(what, min(ours) / min(theirs), "x", 1.2)


def wheel() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "source"  # a build leaves files where it runs
        for name in ("lambda_validate", "schemas"):
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("pyproject.toml", "README.md", "LICENSE"):
            shutil.copy(ROOT / name, copy)
        command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, str(copy)]
        subprocess.run(command, check=True)
        (file,) = Path(folder).glob("*.whl")
        yield Figure("the wheel", file.stat().st_size / 1e6, "MB", 1)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--wheel", action="store_true")
    arguments = parser.parse_args()
    missed = False
    for figure in (*compiling(arguments.rounds), *checking(arguments.rounds), *(wheel() if arguments.wheel else ())):
        met = figure.value <= figure.target
        missed |= not met
        print(f"{figure.what}: {figure.value:.3g} {figure.unit} (at most {figure.target:g}){'' if met else ': MISSED'}")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
