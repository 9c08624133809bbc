"""Define growing repositories: files, templates, and the operations that are loaded."""

from __future__ import annotations

import io
import json
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from functools import partial
from pathlib import Path

from growth_cases import Call, Case, doubled
from lint import OTHERS, TEMPLATE

import lambda_validate as lv
from lambda_validate.cli import main

ROOT = Path(__file__).parent.parent
FEW = 10
"""One in this many files is a template."""
QUEUE = "arn:aws:sqs:us-west-2:123456789012:orders"


def command(*arguments: str | Path) -> None:
    """Run the command in this process, and discard its output."""
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        code = main([str(each) for each in arguments])
    assert code in (0, 1), arguments


# Files.


def folder(scratch: Path, kind: str, count: int) -> Path:
    """Return a folder of this many files, with a hundred in each of its subfolders."""
    top = scratch / f"{kind}-{count}"
    if top.exists():
        return top
    top.mkdir()
    (top / ".git").mkdir()  # so that no parent folder has an effect
    chance = random.Random(count)
    for number in range(count):
        part = top / f"part-{number // 100:03}"
        part.mkdir(exist_ok=True)
        is_template = kind == "templates" or number % FEW == 0
        name = "template.yaml" if is_template else chance.choice(sorted(OTHERS))
        (part / f"{number}-{name}").write_text(TEMPLATE if is_template else OTHERS[name])
    return top


def linted(scratch: Path, kind: str, count: int) -> Call:
    return partial(command, "lint", "--no-config", folder(scratch, kind, count))


# One file: resources in every language, each with a fault, and its other parts.


def yaml(count: int, beside: str = "", property: str = "BatchSize: 11") -> str:
    lines = ["AWSTemplateFormatVersion: '2010-09-09'", "Resources:"]
    for number in range(count):
        lines += [f"  Mapping{number}:", "    Type: AWS::Lambda::EventSourceMapping", "    Properties:",
                  f"      FunctionName: orders-{number}", f"      EventSourceArn: {QUEUE}-{number}",
                  f"      {property}{beside}"]  # fmt: skip
    return "\n".join([*lines, ""])


def in_json(count: int) -> str:
    made = {"FunctionName": "orders", "EventSourceArn": QUEUE, "BatchSize": 11}
    resource = {"Type": "AWS::Lambda::EventSourceMapping", "Properties": made}
    return json.dumps({"Resources": {f"Mapping{number}": resource for number in range(count)}}, indent=1)


def hcl(count: int) -> str:
    body = f'  function_name = "orders"\n  event_source_arn = "{QUEUE}"\n  batch_size = 11\n'
    kind = "aws_lambda_event_source_mapping"
    return "".join(f'resource "{kind}" "m{number}" {{\n{body}}}\n' for number in range(count))


def documents(count: int) -> str:
    return "---\n".join(f"FunctionName: orders\nEventSourceArn: {QUEUE}\nBatchSize: 11\n" for _ in range(count))


def aliased(count: int) -> str:
    first, rest = yaml(1).replace("Properties:", "Properties: &same"), range(1, count)
    more = "".join(f"  M{n}:\n    Type: AWS::Lambda::EventSourceMapping\n    Properties: *same\n" for n in rest)
    return first + more


def listed(count: int) -> str:
    return json.dumps([{"FunctionName": "orders", "EventSourceArn": QUEUE, "BatchSize": 11}] * count, indent=1)


def kubernetes(count: int) -> str:
    head = "apiVersion: lambda.services.k8s.aws/v1alpha1\nkind: EventSourceMapping\n"
    body = f"metadata: {{name: m}}\nspec:\n  functionName: f\n  eventSourceARN: {QUEUE}\n  batchSize: 11\n"
    return "---\n".join([head + body] * count)


def conditional(count: int) -> str:
    """Return one resource with this many choices, each of its own condition."""
    conditions = "".join(f"  C{n}: !Equals [!Ref P{n}, a]\n" for n in range(count))
    parameters = "".join(f"  P{n}: {{Type: String}}\n" for n in range(count))
    choices = "".join(f"\n          - !If [C{n}, {{Pattern: '{{}}'}}, !Ref AWS::NoValue]" for n in range(count))
    filters = f"BatchSize: 11\n      FilterCriteria:\n        Filters:{choices}"
    return f"Parameters:\n{parameters}Conditions:\n{conditions}{yaml(1, property=filters)}"


def local(count: int) -> str:
    names = "".join(f"  l{n + 1} = local.l{n}\n" for n in range(count))
    head = f"locals {{\n  l0 = 11\n{names}}}\n"
    return head + hcl(count).replace("batch_size = 11", f"batch_size = local.l{min(count, 8)}")


TEMPLATES: dict[str, tuple[str, Callable[[int], str]]] = {
    "YAML": ("t.yaml", yaml),
    "JSON": ("t.json", in_json),
    "Terraform": ("t.tf", hcl),
    "YAML documents": ("t.yaml", documents),
    "a JSON list of payloads": ("t.json", listed),
    "Kubernetes documents": ("t.yaml", kubernetes),
    "conditions of one resource": ("t.yaml", conditional),
    "Terraform locals": ("t.tf", local),
    "aliases of one": ("t.yaml", aliased),
    "a name twice in each": ("t.yaml", partial(yaml, property="BatchSize: 1\n      BatchSize: 11")),
    "an ignore comment at each": ("t.yaml", partial(yaml, beside="  # lambda-validate: ignore[batch-size.sqs]")),
    "a misspelt name in each": ("t.yaml", partial(yaml, property="Batchsize: 1")),
}
LARGE = doubled(50, 3200)
FORMATS = ("full", "concise", "json", "github", "sarif", "junit", "html")


def template(scratch: Path, kind: str, count: int, *arguments: str) -> Call:
    name, make = TEMPLATES[kind]
    file = scratch / f"{kind.replace(' ', '-')}-{count}-{name}"
    file.write_text(make(count))
    return partial(command, "lint", "--no-config", "--output-format", "concise", *arguments, file)


def known(scratch: Path, count: int) -> Call:
    """Lint a template whose faults are all in a baseline."""
    baseline = scratch / f"baseline-{count}.json"
    template(scratch, "YAML", count, "--write-baseline", str(baseline))()
    return template(scratch, "YAML", count, "--baseline", str(baseline))


def lint_cases(scratch: Path) -> Iterator[Case]:
    (scratch / ".git").mkdir()
    for kind in ("files", "templates"):
        named = f"one in {FEW} a template" if kind == "files" else "all templates"
        yield Case("files", f"files, {named}", doubled(50, 3200), partial(linted, scratch, kind))
    for kind in TEMPLATES:
        make = partial(template, scratch, kind)
        yield Case("resources of a file", f"{kind}: concise", LARGE, make)
    for form in FORMATS:
        yield Case("findings printed", f"as {form}", LARGE, with_arguments(scratch, "YAML", "--output-format", form))
    yield Case("findings kept back", "a baseline knows all", LARGE, partial(known, scratch))
    fixing = with_arguments(scratch, "a misspelt name in each", "--diff")
    yield Case("findings fixed", "a name in each resource, as a diff", LARGE, fixing)


def with_arguments(scratch: Path, kind: str, *arguments: str) -> Callable[[int], Call]:
    return lambda count: template(scratch, kind, count, *arguments)


# Operations: loaded in fresh processes.

LOAD = """
import sys, time
import regex  # what patterns with properties of Unicode need
import lambda_validate as lv
lv.Validator("documents").checker("GetFunctionEventInvokeConfig", "request", "verdict")  # loads the compiler
validator, names = lv.Validator("current"), lv.operations("current")
chosen = ["CreateFunction", *(name for name in names if name != "CreateFunction")][: int(sys.argv[1])]
payload = {"FunctionName": "f", "Role": "arn:aws:iam::210987654321:role/f", "Code": {"ImageUri": "i"}}
start = time.process_time()
for name in chosen:
    for direction in ("request", "response"):
        validator.checker(name, direction, "verdict")
loaded = time.process_time()
for _ in range(20_000):
    validator.is_valid_request("CreateFunction", payload)
print(loaded - start, (time.process_time() - loaded) / 20_000)
"""


def loaded(which: int, count: int) -> Callable[[], float]:
    """Return a function that loads operations in a new process, and returns the seconds of one step."""

    def seconds() -> float:
        command = [sys.executable, "-c", LOAD, str(count)]
        return float(
            subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout.split()[which]
        )

    return seconds


def operation_cases() -> Iterator[Case]:
    sizes = (1, 5, 11, 22, 44, len(lv.operations("current")))
    yield Case("operations", "read and compiled, both directions", sizes, partial(loaded, 0))
    yield Case("operations", "a check once they are loaded", sizes, partial(loaded, 1))
