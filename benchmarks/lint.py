"""Measure linting as whole processes: one template, 200 copies of it, and 10,000 files with few templates.

    python benchmarks/lint.py [--rounds N] [--json]

The peers, cfn-lint and check-jsonschema, and this checkout are installed into scratch environments, and run in the same
interleaved rounds. Compare only ratios of one run, because absolute times drift with the machine. check-jsonschema gets
the rules that this package exports, as a schema of a template. Finally, the 42 planted violations are counted.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path
from typing import Any, NamedTuple

import lambda_validate as lv

ROOT = Path(__file__).parent.parent
PLANTED = ROOT / "tests" / "lint_planted" / "planted.yaml"
PEERS = ("cfn-lint", "check-jsonschema")
MAPPING, INVOKE = "AWS::Lambda::EventSourceMapping", "AWS::Lambda::EventInvokeConfig"
COPIES, FILES, SHARE = 200, 10_000, 100
"""Copies of the template, files in the large folder, and the share of these that are templates."""

TEMPLATE = """\
AWSTemplateFormatVersion: "2010-09-09"
Description: Orders are taken from a queue, and what fails is kept.
Parameters:
  Stage: {Type: String, Default: test}
Resources:
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      VisibilityTimeout: 60
  Handler:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName:
        Fn::Sub: take-orders-${Stage}
      Runtime: python3.12
      Handler: index.handler
      Role: arn:aws:iam::123456789012:role/orders
      Code:
        ZipFile: "def handler(event, context): pass"
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      FunctionName: take-orders
      EventSourceArn: arn:aws:sqs:us-west-2:123456789012:orders
      BatchSize: 11
      MaximumBatchingWindowInSeconds: 301
  Settings:
    Type: AWS::Lambda::EventInvokeConfig
    Properties:
      FunctionName: take-orders
      Qualifier: $LATEST
      MaximumRetryAttempts: 3
      DestinationConfig:
        OnFailure:
          Destination: arn:aws:sqs:us-west-2:123456789012:failed
"""
"""Return a template without the short tags that check-jsonschema cannot parse."""
OTHERS = {
    "values.yaml": "image: {repository: registry.example/app, tag: '1.4.2'}\nresources:\n"
    + "".join(f"  - name: part-{number}\n    cpu: {number}m\n    replicas: 3\n" for number in range(30)),
    "package.json": json.dumps({"name": "part", "dependencies": {f"lib-{each}": "^1.0.0" for each in range(40)}}),
    "network.tf": "".join(
        f'resource "aws_subnet" "s{each}" {{\n  vpc_id = aws_vpc.main.id\n  cidr_block = "10.0.{each}.0/24"\n}}\n'
        for each in range(20)
    ),
}
"""Other files that are common in repositories."""


ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


class Run(NamedTuple):
    """A process: seconds, maximum megabytes, exit code and output."""

    seconds: float
    megabytes: float
    code: int
    output: str


def run(*command: str | Path, folder: Path) -> Run:
    with tempfile.TemporaryFile() as output:
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, stdout=output, stderr=subprocess.STDOUT, env=ENVIRONMENT)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        return Run(seconds, usage.ru_maxrss / 1024, process.returncode, output.read().decode())


def schema() -> dict[str, Any]:
    """Return the rules that this package exports, as a schema of a template's resources."""
    mapping = lv.schema("CreateEventSourceMapping", "request")
    settings = lv.schema("GetFunctionEventInvokeConfig", "response")
    target = lv.schema("GetFunctionEventInvokeConfig", "request")
    settings["properties"] = {**settings["properties"], **target["properties"]}
    types = {**mapping.pop("$defs"), **settings.pop("$defs"), **target["$defs"]}
    rules = [
        {
            "if": {"properties": {"Type": {"const": kind}}, "required": ["Type"]},
            "then": {"properties": {"Properties": part}},
        }
        for kind, part in ((MAPPING, mapping), (INVOKE, settings))
    ]
    resources = {"additionalProperties": {"type": "object", "allOf": rules}}
    return {"$schema": mapping["$schema"], "properties": {"Resources": resources}, "$defs": types}


def environment(folder: Path, *packages: str) -> Path:
    """Create a scratch environment with packages, and return its script folder."""
    venv.create(folder, with_pip=True)
    commands = folder / ("Scripts" if os.name == "nt" else "bin")
    subprocess.run([commands / "python", "-m", "pip", "install", "--quiet", *packages], check=True)
    return commands


class Bench:
    """The folders and commands of one run."""

    def __init__(self, scratch: Path) -> None:
        self.scratch = scratch
        self.ours = environment(scratch / "ours", f"{ROOT}[terraform]") / "lambda-validate"
        peers = environment(scratch / "peers", *PEERS)
        self.cfn_lint, self.check_jsonschema = (peers / name for name in PEERS)
        (scratch / "schema.json").write_text(json.dumps(schema()))
        (scratch / "one.yaml").write_text(TEMPLATE)
        self.copies = self.folder("copies")
        for number in range(COPIES):
            (self.copies / f"{number:03}.yaml").write_text(TEMPLATE)

    def folder(self, name: str) -> Path:
        folder = self.scratch / name
        folder.mkdir()
        return folder

    def one(self) -> dict[str, Run]:
        ours = run(self.ours, "lint", "one.yaml", folder=self.scratch)
        check = run(self.check_jsonschema, "--schemafile", "schema.json", "one.yaml", folder=self.scratch)
        cfn = run(self.cfn_lint, "one.yaml", folder=self.scratch)
        bare = run(self.ours.with_name("python"), "-c", "pass", folder=self.scratch)
        return {"bare interpreter": bare, "lambda-validate": ours, "check-jsonschema": check, "cfn-lint": cfn}

    def many(self) -> dict[str, Run]:
        files = sorted(map(str, self.copies.iterdir()))
        ours = run(self.ours, "lint", *files, folder=self.scratch)
        check = run(self.check_jsonschema, "--schemafile", "schema.json", *files, folder=self.scratch)
        return {
            "lambda-validate": ours,
            "check-jsonschema": check,
            "cfn-lint": run(self.cfn_lint, *files, folder=self.scratch),
        }

    def large(self, count: int) -> Path:
        """Create a folder with this many files. One in a hundred is the template."""
        top = self.folder(f"files-{count}")
        chance = random.Random(count)
        for number in range(count):
            folder = top / f"part-{number // 100:03}"
            folder.mkdir(exist_ok=True)
            if number % SHARE == 0:
                (folder / "template.yaml").write_text(TEMPLATE)
                continue
            name = chance.choice(sorted(OTHERS))
            (folder / f"{number}-{name}").write_text(OTHERS[name])
        return top


def medians(rounds: list[dict[str, Run]]) -> dict[str, Run]:
    return {
        name: each._replace(seconds=statistics.median(one[name].seconds for one in rounds),
                            megabytes=statistics.median(one[name].megabytes for one in rounds))
        for name, each in rounds[0].items()
    }  # fmt: skip


def planted(bench: Bench) -> dict[str, int]:
    """Count the resources of `planted.yaml` in which each linter reports an error. 42 of them have one."""
    template = str(PLANTED)
    ours = json.loads(
        run(bench.ours, "lint", "--quiet", "--output-format", "json", template, folder=bench.scratch).output
    )
    cfn = json.loads(run(bench.cfn_lint, "--format", "json", template, folder=bench.scratch).output)
    names = [line.split()[0] for line in PLANTED.with_name("planted.yaml.expected").read_text().splitlines()]
    lines = PLANTED.read_text().splitlines()
    starts = {name: lines.index(f"  {name}:") + 1 for name in names}
    found = {name for each in ours["findings"] for name in names if _is_within(each["line"], name, starts)}
    paths = [each["Location"]["Path"] for each in cfn if each["Level"] == "Error"]
    theirs = {path[1] for path in paths if path[0] == "Resources"} & starts.keys()
    return {"planted": len(starts), "lambda-validate": len(found), "cfn-lint": len(theirs)}


def _is_within(line: int, name: str, starts: dict[str, int]) -> bool:
    after = min((start for start in starts.values() if start > starts[name]), default=sys.maxsize)
    return starts[name] <= line < after


TARGETS = (
    ("one template", "cfn-lint", 15),
    ("one template", "check-jsonschema", 4),
    (f"{COPIES} copies", "cfn-lint", 25),
)
"""How many times as fast as a peer linting must be."""
SECONDS = 4
"""The maximum seconds and megabytes for the large folder."""


def measure(bench: Bench, rounds: int) -> dict[str, dict[str, Run]]:
    one = [bench.one() for _ in range(rounds)]
    many = [bench.many() for _ in range(max(3, rounds // 3))]
    sizes = (FILES // 10, FILES // 5, FILES // 2, FILES)
    folders = {size: bench.large(size) for size in sizes}
    walks = [
        {f"{size:,} files": run(bench.ours, "lint", folders[size], folder=bench.scratch) for size in sizes}
        for _ in range(max(3, rounds // 3))
    ]
    found = {"one template": medians(one), f"{COPIES} copies": medians(many), "folders": medians(walks)}
    for runs in found.values():
        for name, each in runs.items():  # all faults must be found, or the figures have no meaning
            assert each.code == (0 if name.startswith("bare") else 2 if name == "cfn-lint" else 1), each.output
    return found


def show(figures: dict[str, dict[str, Run]], counts: dict[str, int]) -> None:
    for group, runs in figures.items():
        print(f"\n{group:24} seconds    MB   times as long as lambda-validate")
        ours = runs.get("lambda-validate")
        for name, each in runs.items():
            ratio = f"{each.seconds / ours.seconds:10.1f}" if ours else ""
            print(f"{name:24} {each.seconds:7.3f} {each.megabytes:5.0f}{ratio}")
    print()
    for group, peer, times in TARGETS:
        runs = figures[group]
        ratio = runs[peer].seconds / runs["lambda-validate"].seconds
        print(f"{group}: 1/{ratio:.1f} of {peer}; the target is 1/{times}{'' if ratio >= times else ': MISSED'}")
    seconds = figures["folders"][f"{FILES:,} files"].seconds
    print(f"{FILES:,} files: {seconds:.2f} s; the target is {SECONDS} s{'' if seconds <= SECONDS else ': MISSED'}")
    print(", ".join(f"{name} {count}" for name, count in counts.items()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--json", action="store_true", help="print the medians as JSON")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lambda-validate-") as scratch:
        bench = Bench(Path(scratch))
        figures, counts = measure(bench, options.rounds), planted(bench)
    if options.json:
        plain = {
            group: {name: {"seconds": each.seconds, "megabytes": each.megabytes} for name, each in runs.items()}
            for group, runs in figures.items()
        }
        print(json.dumps({**plain, "planted": counts}, indent=2))
    else:
        show(figures, counts)


if __name__ == "__main__":
    main()
