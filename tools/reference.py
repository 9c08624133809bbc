"""The parts of pages that are made from the code: what stands between `<!-- NAME:begin -->` and `<!-- NAME:end -->`.

`PARTS` has a function for each name. `tools/pages.py` writes them into the pages.
"""

from __future__ import annotations

from argparse import Action, ArgumentParser, BooleanOptionalAction, _HelpAction, _VersionAction
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from markdown_tables import table
from page_examples import command_output
from python_reference import python_api

from lambda_validate import catalog
from lambda_validate.catalog import operation, operations
from lambda_validate.cli import arguments, commands
from lambda_validate.cli.help_words import EXAMPLES, around
from lambda_validate.cli.table import COMMANDS
from lambda_validate.http.limits import Limits
from lambda_validate.lint.findings.lint_rules import own_rules
from lambda_validate.lint.formats import FORMATS as LINTED
from lambda_validate.lint.formats import aws_resources as terraform_names
from lambda_validate.lint.formats.cloudformation import sam
from lambda_validate.lint.formats.cloudformation import template as cloudformation
from lambda_validate.lint.formats.kubernetes import ack, crossplane
from lambda_validate.lint.formats.serverless import names as serverless_names
from lambda_validate.settings.keys import KEYS, VARIABLES
from lambda_validate.validator.message_rules import OUTCOME_RULES
from lambda_validate.validator.rules import Rule, rules

ROOT = Path(__file__).resolve().parent.parent
RULES = ROOT / "lambda_validate" / "rules"


def part(text: str, name: str) -> str:
    """Return what stands between the markers of a part."""
    return text.partition(f"<!-- {name}:begin -->\n")[2].partition(f"<!-- {name}:end -->")[0]


# The README


def first_command() -> list[str]:
    """Return the arguments of the command that the README starts with, its file patterns expanded."""
    line = part((ROOT / "README.md").read_text(encoding="utf-8"), "main")
    patterns = line.partition("lambda-validate lint ")[2].split("\n")[0].split()
    return ["lint", *(str(path.relative_to(ROOT)) for each in patterns for path in sorted(ROOT.glob(each)))]


SHOWN = 10
"""Lines of its output that the README shows."""


def output() -> str:
    """Return the beginning of what that command prints. To be run in the project's folder."""
    lines = command_output(first_command()).splitlines()
    shown = lines[:SHOWN]
    while not shown[-1]:
        shown.pop()
    return "\n".join(["```text", *shown, "```", ""])


# The command line


def command_line() -> str:
    """Return a section for each command: its use, and a table of its options for each group."""
    return "\n".join(line for name in COMMANDS for line in _command(name))


def _command(name: str) -> Iterator[str]:
    row, parser = COMMANDS[name], arguments.command(name)
    usage, _, _ = around(name)
    yield from (f"## {name}", "", row.summary, "", "```text", usage, "```", "")
    if row.operands:
        rows = ((f"`{each.metavar}`", each.help) for each in row.operands)
        yield table(("operand", "meaning"), rows)
    for group in parser._action_groups:
        shown = [each for each in group._group_actions if not isinstance(each, _HelpAction | _VersionAction)]
        if any(each.help for each in shown):
            title = str(group.title)
            yield from (f"**{title[0].upper()}{title[1:]}**", "")
            yield table(("option", "meaning"), map(_row(parser), shown))
    yield from ("```text", *(f"lambda-validate {line}" for line in EXAMPLES[name]), "```", "")


def _row(parser: ArgumentParser) -> Callable[[Action], tuple[str, str]]:
    formatter = parser._get_formatter()

    def row(action: Action) -> tuple[str, str]:
        value = ""
        if not isinstance(action, BooleanOptionalAction) and action.nargs != 0:
            value = f" {action.metavar or _choices(action)}"
        names = ", ".join(f"`{each}{value}`" for each in action.option_strings)
        return names, (formatter._expand_help(action) if action.help else "").replace("<", "&lt;")

    return row


def _choices(action: Action) -> str:
    return f"{{{','.join(map(str, action.choices))}}}" if action.choices else action.dest.upper()


def statuses() -> str:
    """Return the table of exit statuses."""
    meanings = {
        commands.CLEAN: "No error was found. There may be warnings.",
        commands.VIOLATIONS: "At least one error was found. With `--strict`, a warning counts as an error.",
        commands.UNUSABLE: "An argument, a setting or an input cannot be used. Standard error says which.",
        commands.INTERRUPTED: "The command was stopped from the keyboard.",
    }
    return table(("status", "meaning"), ((str(status), meaning) for status, meaning in meanings.items()))


def output_formats() -> str:
    """Return which commands have which output format."""
    found: dict[str, list[str]] = {}
    printing = {
        name: row.settings["output-format"] for name, row in COMMANDS.items() if "output-format" in row.settings
    }
    for name, setting in printing.items():
        for choice in setting.choices:
            found.setdefault(choice, []).append(f"`{name}`")
    names = {choice: "all" if len(given) == len(printing) else ", ".join(given) for choice, given in found.items()}
    rows = ((f"`{name}`", USES[name], names[name]) for name in names)
    return table(("format", "for", "commands"), rows)


USES = {
    "full": "people: the line, the marked place, help and source",
    "concise": "editors and `grep`: one line a finding",
    "json": "other programs",
    "github": "annotations of GitHub Actions",
    "sarif": "code scanning, SARIF 2.1.0",
    "gitlab": "code quality of GitLab",
    "junit": "test reports of continuous integration",
    "html": "one page to attach to a review",
}


def settings() -> str:
    """Return the table of settings."""
    rows = []
    for name, key in KEYS.items():
        having = [command for command, row in COMMANDS.items() if name in row.settings]
        is_all = len(having) == sum(bool(row.settings) for row in COMMANDS.values())
        which = "all" if is_all else ", ".join(f"`{each}`" for each in having)
        value = ", ".join(f"`{each}`" for each in key.choices) or key.kind.words
        variable = f"`{VARIABLES[name]}`" if name in VARIABLES else ""
        rows.append((f"`{name}`", variable, value, which, DEFAULTS.get(name) or _default(key.default)))
    return table(("key", "variable", "value", "commands", "default"), rows)


DEFAULTS = {
    "select": "every rule",
    "edition": "by command",
    "unknown-members": "an error in a request, a warning in a response",
}
"""Defaults that the table of settings does not hold as values."""


def _default(value: Any) -> str:
    if value is None or value == () or value == {}:
        return "none"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


# Rules


def rule_table(groups: str) -> str:
    """Return the rules of a group that have a page."""
    rows = ((f"[`{name}`](../../../lambda_validate/rules/{name}.md)", *found) for name, found in _grouped()[groups])
    return table(("rule", "severity", "what it states"), rows)


def _grouped() -> Mapping[str, list[tuple[str, tuple[str, str]]]]:
    """Return the rules that have a page, by group."""
    pages = {page.stem for page in RULES.glob("*.md")}
    groups: dict[str, list[tuple[str, tuple[str, str]]]] = {"payload": [], "http": [], "files": []}
    found: dict[str, list[tuple[str, Rule]]] = {}
    for edition in catalog.EDITIONS:
        for rule in (*rules(edition), *own_rules(edition)):
            found.setdefault(rule.id, []).append((edition, rule))
    http = {rule.id for rule in OUTCOME_RULES}
    files = {rule.id for edition in catalog.EDITIONS for rule in own_rules(edition)}
    for name in sorted(pages & found.keys()):
        group = "http" if name in http else "files" if name in files else "payload"
        groups[group].append((name, _stated(found[name])))
    return groups


def _stated(found: list[tuple[str, Rule]]) -> tuple[str, str]:
    severities = {edition: rule.severity for edition, rule in found}
    if len(set(severities.values())) == 1 and len(severities) == len(catalog.EDITIONS):
        severity = next(iter(severities.values()))
    else:
        severity = "<br>".join(f"{each} in `{edition}`" for edition, each in severities.items())
    statements = dict.fromkeys(each for _, rule in found for each in rule.statements)
    return severity, "<br>".join([*statements][:MOST])


MOST = 3
"""Statements of a rule that the table shows."""


# Formats of files


def linted() -> str:
    """Return the table of formats that `lint` reads."""
    languages = {"hcl": "HCL", "json": "JSON", "yaml": "YAML"}
    rows = (
        (f"`{each.name}`", ", ".join(languages[name] for name in sorted(each.languages)), each.covers)
        for each in LINTED
    )
    return table(("format", "languages", "what is linted"), rows)


def spelt(own: Mapping[str, Any]) -> dict[str, str]:
    """Return a format's names by the API's, from a table of the format's own names."""
    return {getattr(api, "api", api): f"`{name}`" for name, api in own.items()}


def same(names: Iterable[str], renamed: Mapping[str, str]) -> dict[str, str]:
    """Return the names of a format that spells them as the API does, but for some."""
    return {name: f"`{renamed.get(name, name)}`" for name in names}


MAPPED, INVOKED = "CreateEventSourceMapping", "GetFunctionEventInvokeConfig"
SAM_SOURCE = {"EventSourceArn": ", ".join(sorted({f"`{each.source}`" for each in sam.EVENTS.values() if each.source}))}


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
    return columned(names, columns)


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
    return columned(names, columns)


def is_newer(schema: Any) -> bool:
    """Whether a member is only named, for newer versions of the API."""
    return bool(schema.get("$ref", "").endswith("NewerMember"))


def columned(names: Iterable[str], columns: Mapping[str, Mapping[str, str]]) -> str:
    """Return a table with a row for each member; a format without it has a dash."""
    return table(columns, ([column.get(name, "-") for column in columns.values()] for name in names))


# Limits


def usual_limits() -> str:
    """Return the limits of messages."""
    rows = ((f"`{name}`", f"{Limits._field_defaults[name]:,}", words) for name, words in LIMITED.items())
    return table(("limit", "default", "what it bounds"), rows)


LIMITED = {
    "body": "bytes of a request body",
    "response": "bytes of a response body",
    "depth": "levels of nested arrays and objects",
    "headers": "number of headers",
    "target": "bytes of path and query",
}


def own_limits() -> str:
    """Return the limits that operations of today's API have for themselves."""
    rows = []
    for name in operations(catalog.TODAY):
        limits = operation(name, catalog.TODAY).limits
        if limits:
            cells = (_limit(limits[size]) if size in limits else "" for size in ("body", "response", "target"))
            rows.append((f"`{name}`", *cells))
    return table(("operation", "request body", "response body", "target"), rows)


def _limit(limit: Any) -> str:
    cases = (f"{size:,} if `{member}` is `{value}`" for member, value, size in limit.cases)
    return "; ".join([f"{limit.bytes:,}", *cases])


PARTS: dict[str, Callable[[], str]] = {
    "output": output,
    "commands": command_line,
    "statuses": statuses,
    "output-formats": output_formats,
    "settings": settings,
    "rules-payload": lambda: rule_table("payload"),
    "rules-http": lambda: rule_table("http"),
    "rules-files": lambda: rule_table("files"),
    "formats": linted,
    "mapping": mapping_table,
    "invoke": invoke_table,
    "limits": usual_limits,
    "limits-own": own_limits,
    "python-api": python_api,
}
"""By name, what makes a part."""


def filled(text: str) -> str:
    """Return a page with every part made anew."""
    for name, make in PARTS.items():
        if f"<!-- {name}:begin -->" in text:
            text = text.replace(f"<!-- {name}:begin -->\n{part(text, name)}", f"<!-- {name}:begin -->\n{make()}")
    return text
