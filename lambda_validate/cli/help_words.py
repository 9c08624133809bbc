"""The help of each command besides its options: examples, exit statuses and groups. Imported when help is shown."""

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

UNUSABLE = "2 invalid arguments or unreadable input"
CODES = f"0 no errors, 1 errors found, {UNUSABLE}"
OWN_CODES: Mapping[str, str] = MappingProxyType({
    "audit": f"0 the rules agree with the answers of AWS, 1 they differ for a call, {UNUSABLE}",
})  # fmt: skip
"""The exit statuses of a command whose findings are not errors."""

EXAMPLES: Mapping[str, Mapping[str, str]] = MappingProxyType({
    "": {
        "lint templates/": "check all files in a folder",
        "request CreateEventSourceMapping payload.json": "check one request",
    },
    "lint": {
        "lint --select batch-size,destination templates/": "report the rules of two families only",
        "lint --fix template.yaml": "correct what can safely be corrected",
    },
    "request": {
        "request CreateEventSourceMapping payload.json": "check a file",
        "request GetFunctionEventInvokeConfig --edition documents -":
            "check standard input by the rules of the two documents, not of today's API",
    },
    "response": {
        "response GetFunctionEventInvokeConfig answer.json": "check the body of a successful response",
        "response GetFunctionEventInvokeConfig --status 404 --error ResourceNotFoundException": "check an exception",
    },
    "operations": {
        "operations --output-format concise": "list the names only",
        "operations --service sqs": "list the operations of another service",
    },
    "rules": {
        "rules --edition both": "list the rules of both editions, and where they differ",
        "rules --output-format json": "list all details of the rules as JSON",
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
        "fuzz CreateEventSourceMapping --corpus --minimal": "print a small set of generated requests, and send none",
    },
    "serve": {
        "serve --port 9000": "check the requests that Envoy's ext_authz asks about",
        "serve --trust-forwarded --requests log": "only log invalid requests that Traefik asks about",
    },
    "lsp": {
        "lsp": "serve an editor on standard input and output",
        "lsp --edition current": "check by the rules of today's API only",
    },
    "audit": {
        "audit AWSLogs": "print which failed calls would have been reported, and which reports may be wrong",
        "audit AWSLogs -o result": "also write a row for each record to a folder",
    },
    "docs": {
        "docs -o reference": "write the reference pages of today's API",
        "docs -o reference --edition documents": "write the reference pages of the edition documents",
    },
    "export": {
        "export openapi -o lambda.json": "write an OpenAPI description",
        "export json-schema --draft draft-07 -o schemas/": "write each schema to a file of its own",
    },
    "completion": {
        "completion bash > ~/.local/share/bash-completion/completions/lambda-validate": "install completion for bash",
        "completion fish > ~/.config/fish/completions/lambda-validate.fish": "install completion for fish",
    },
    "help": {
        "help": "list the commands",
        "help lint": "show the options of lint",
    },
})  # fmt: skip
"""The examples of each command with a description. Those of the overview have no command."""


def around(name: str) -> tuple[str, str, str]:
    """Return the usage of a command, the part of its help before the options, and the part after them."""
    end = "\n".join([*_examples(name), "", "exit status:", f"  {OWN_CODES.get(name, CODES)}"])
    if not name:
        return f"{NAME} [-h] [-V] COMMAND ...", "\n".join(_overview()), f"{end}\n\n{NAME} help COMMAND shows more."
    row = COMMANDS[name]
    usage = " ".join((NAME, name, "[OPTIONS]", *map(_shape, row.operands)))
    operands = [f"  {operand.metavar:<12}{operand.help}" for operand in row.operands]
    return usage, "\n".join([row.summary, *(["", "operands:", *operands] if operands else [])]), end


def _overview() -> Iterator[str]:
    """Yield the lines of `lambda-validate --help` about the purpose of the program, and its commands in groups."""
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
