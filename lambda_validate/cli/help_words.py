"""The help of each command besides its options. This module is imported when help is shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from .commands import NAME
from .table import COMMANDS, Operand

GROUPS: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "check": ("lint", "request", "response", "audit", "fuzz", "serve", "lsp"),
    "look up": ("operations", "rules", "explain", "schema", "drift"),
    "write": ("docs", "export"),
    "use": ("completion", "help"),
})  # fmt: skip
"""The commands in groups."""

UNUSABLE = "2 wrong usage or an input that cannot be read"
CODES = f"0 no errors, 1 errors found, {UNUSABLE}"
OWN_CODES: Mapping[str, str] = MappingProxyType({
    "audit": f"0 nothing suspected or missed, 1 a call suspected or missed, {UNUSABLE}",
})  # fmt: skip
"""The exit statuses of a command whose findings are not errors."""

EXAMPLES: Mapping[str, Mapping[str, str]] = MappingProxyType({
    "": {
        "lint templates/": "check the files of a folder",
        "request CreateEventSourceMapping payload.json": "check one request",
    },
    "lint": {
        "lint --select batch-size,destination templates/": "report the rules of two families only",
        "lint --fix template.yaml": "correct what can safely be corrected",
    },
    "request": {
        "request CreateEventSourceMapping payload.json": "check a file",
        "request GetFunctionEventInvokeConfig --edition documents -": "check standard input by the documents",
    },
    "response": {
        "response GetFunctionEventInvokeConfig answer.json": "check the body of a success",
        "response GetFunctionEventInvokeConfig --status 404 --error ResourceNotFoundException": "check an exception",
    },
    "operations": {
        "operations --output-format concise": "list the names only",
        "operations --service sqs": "list the operations of another service",
    },
    "rules": {
        "rules --edition both": "list the rules of both editions, and where they differ",
        "rules --output-format json": "list all details for programs",
    },
    "explain": {
        "explain batch-size.sqs": "say what a rule checks, where it is stated, and how to fix it",
        "explain batch-size": "list what each rule of a family states",
    },
    "schema": {
        "schema CreateEventSourceMapping": "print the JSON Schema of the requests",
        "schema --settings": "print the schema of the settings file, for editors",
    },
    "drift": {
        "drift": "list the differences",
        "drift --output-format concise": "print one line for each difference",
    },
    "fuzz": {
        "fuzz CreateEventSourceMapping --url http://127.0.0.1:3000": "test a server on this machine",
        "fuzz CreateEventSourceMapping --corpus --minimal": "print a small set of cases",
    },
    "serve": {
        "serve --port 9000": "check requests for Envoy's ext_authz",
        "serve --trust-forwarded --requests log": "only log invalid requests that Traefik asks about",
    },
    "lsp": {
        "lsp": "serve an editor on standard input and output",
        "lsp --edition current": "go by today's API only",
    },
    "audit": {
        "audit AWSLogs": "print what would have been caught, and what may be a false alarm",
        "audit AWSLogs -o result": "write a row for each record to a folder as well",
    },
    "docs": {
        "docs -o reference": "write the pages of today's API",
        "docs -o reference --edition documents": "write those of the documents",
    },
    "export": {
        "export openapi -o lambda.json": "write an OpenAPI description",
        "export json-schema --draft draft-07 -o schemas/": "write a file for each schema",
    },
    "completion": {
        "completion bash > ~/.local/share/bash-completion/completions/lambda-validate": "complete in bash from now on",
        "completion fish > ~/.config/fish/completions/lambda-validate.fish": "complete in fish from now on",
    },
    "help": {
        "help": "list the commands",
        "help lint": "show the options of lint",
    },
})  # fmt: skip
"""The examples of each command with a description. Those of the overview have no command."""


def around(name: str) -> tuple[str, str, str]:
    """Return the help of a command before and after its options: usage, description and epilog."""
    end = "\n".join([*_examples(name), "", "exit status:", f"  {OWN_CODES.get(name, CODES)}"])
    if not name:
        return f"{NAME} [-h] [-V] COMMAND ...", "\n".join(_overview()), f"{end}\n\n{NAME} help COMMAND shows more."
    row = COMMANDS[name]
    usage = " ".join((NAME, name, "[OPTIONS]", *map(_shape, row.operands)))
    operands = [f"  {operand.metavar:<12}{operand.help}" for operand in row.operands]
    return usage, "\n".join([row.summary, *(["", "operands:", *operands] if operands else [])]), end


def _overview() -> Iterator[str]:
    """Yield the purpose of the program, and its commands in groups."""
    yield "Check AWS Lambda API payloads before they are sent."
    for title, names in GROUPS.items():
        yield from ("", f"{title}:", *(f"  {name:<12}{COMMANDS[name].summary}" for name in names))


def _shape(operand: Operand) -> str:
    many = " ..." if operand.is_list else ""
    return f"{operand.metavar}{many}" if operand.default is None else f"[{operand.metavar}{many}]"


def _examples(name: str) -> Iterator[str]:
    yield "examples:"
    for line, purpose in EXAMPLES[name].items():
        yield f"  $ {NAME} {line}"
        if name:
            yield f"      {purpose}"
