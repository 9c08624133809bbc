"""Fills the parts of the README that are made from the code. `python tools/readme.py` rewrites it; a test compares."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from lambda_validate.catalog import operation
from lambda_validate.cli import main
from lambda_validate.lint.formats import aws_resources as terraform_names
from lambda_validate.lint.formats.cloudformation import sam_events
from lambda_validate.lint.formats.cloudformation import template as cloudformation
from lambda_validate.lint.formats.kubernetes import ack, crossplane
from lambda_validate.lint.formats.serverless import names as serverless_names
from lambda_validate.validator.rules import rules

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
PLAIN = re.compile(r"\.(type|enum|pattern|required|minimum|maximum|(min|max)-length)$")
"""Rules that one keyword states, unless the schema names them otherwise; their ids say all."""
NAMED = {"destination.type", "source-access.required", "starting-position.required"}
NAMED |= {"starting-position-timestamp.required"}


def part(text: str, name: str) -> str:
    """Return what stands between the markers of a part."""
    return text.partition(f"<!-- {name}:begin -->\n")[2].partition(f"<!-- {name}:end -->")[0]


def first_command() -> list[str]:
    """Return the arguments of the command that the README starts with, its file patterns expanded."""
    line = part(README.read_text(encoding="utf-8"), "main")
    patterns = line.partition("lambda-validate lint ")[2].split("\n")[0].split()
    return ["lint", *(str(path.relative_to(ROOT)) for each in patterns for path in sorted(ROOT.glob(each)))]


def output() -> str:
    """Return what that command prints. To be run in the project's folder."""
    with contextlib.redirect_stdout(io.StringIO()) as printed, contextlib.redirect_stderr(io.StringIO()):
        main(first_command())
    return f"```text\n{printed.getvalue().strip()}\n```\n"


def rule_table() -> str:
    """Return the table of the rules that are not plain from their ids."""
    listed = [rule for rule in rules() if rule.id in NAMED or not PLAIN.search(rule.id)]
    rows = [f"| `{rule.id}` | {rule.severity} | {'<br>'.join(rule.statements)} |" for rule in listed]
    return "\n".join(["| rule | severity | what it states |", "|---|---|---|", *rows, ""])


def spelt(own: Mapping[str, Any]) -> dict[str, str]:
    """Return a format's names by the API's, from a table of the format's own names."""
    return {getattr(api, "api", api): f"`{name}`" for name, api in own.items()}


def same(names: Iterable[str], renamed: Mapping[str, str]) -> dict[str, str]:
    """Return the names of a format that spells them as the API does, but for some."""
    return {name: f"`{renamed.get(name, name)}`" for name in names}


MAPPED, INVOKED = "CreateEventSourceMapping", "GetFunctionEventInvokeConfig"
SAM_SOURCE = {
    "EventSourceArn": ", ".join(sorted({f"`{each.source}`" for each in sam_events.EVENTS.values() if each.source}))
}


def mapping_table() -> str:
    """Return how each format spells the members of an event source mapping."""
    names = [name for name, schema in operation(MAPPED).members("request").items() if not is_newer(schema)]
    implied = {"FunctionName": "implied"}
    sqs, stream = (spelt(serverless_names.EVENTS[each].names.own) for each in ("sqs", "stream"))
    columns = {
        "API": same(names, {}),
        "CloudFormation, CDK": same(names, cloudformation.RENAMED),
        "SAM event": {**same(names, {}), **implied, **SAM_SOURCE},
        "Terraform": spelt(terraform_names.MAPPING.fields),
        "serverless `sqs`": {**sqs, **implied},
        "serverless `stream`": {**stream, **implied},
        "ACK": spelt(ack.FIELDS[MAPPED]),
        "Crossplane": spelt(crossplane.FIELDS["EventSourceMapping"]),
    }
    return table(names, columns)


def invoke_table() -> str:
    """Return how each format spells the members of an event invoke configuration."""
    given = [name for name in operation(INVOKED).members("response") if name not in cloudformation.GIVEN]
    names = [*operation(INVOKED).members("request"), *given]
    implied = {"FunctionName": "implied", "Qualifier": "implied"}
    columns = {
        "API": same(names, {}),
        "CloudFormation, CDK": same(names, cloudformation.RENAMED),
        "SAM `EventInvokeConfig`": {**same(names, {}), **implied},
        "Terraform": spelt(terraform_names.SETTING.fields),
        "serverless function": {**spelt(serverless_names.SETTINGS.own), **implied},
        "ACK `functionEventInvokeConfig`": {**spelt(ack.FIELDS[INVOKED]), **implied},
        "Crossplane": spelt(crossplane.FIELDS["FunctionEventInvokeConfig"]),
    }
    return table(names, columns)


def is_newer(schema: Any) -> bool:
    """Whether a member is only named, for newer versions of the API."""
    return bool(schema.get("$ref", "").endswith("NewerMember"))


def table(names: Iterable[str], columns: Mapping[str, Mapping[str, str]]) -> str:
    """Return a table with a row for each member; a format without it has a dash."""
    rows = [f"| {' | '.join(column.get(name, '-') for column in columns.values())} |" for name in names]
    return "\n".join([f"| {' | '.join(columns)} |", "|---" * len(columns) + "|", *rows, ""])


PARTS: dict[str, Callable[[], str]] = {
    "output": output,
    "mapping": mapping_table,
    "invoke": invoke_table,
    "rules": rule_table,
}


def filled(text: str) -> str:
    """Return the README with every generated part made anew."""
    for name, make in PARTS.items():
        text = text.replace(f"<!-- {name}:begin -->\n{part(text, name)}", f"<!-- {name}:begin -->\n{make()}")
    return text


if __name__ == "__main__":
    README.write_text(filled(README.read_text(encoding="utf-8")), encoding="utf-8")
