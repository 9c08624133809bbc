"""The functions of most commands: each takes the arguments and returns a `CommandResult`. Nothing here prints."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from .. import catalog
from ..base.spelling import UnknownNameError, listing, nearest
from ..base.terminal import printable
from ..catalog import Catalog, Operation
from ..settings.keys import BOTH, editions
from .meanings import Meaning, meanings

if TYPE_CHECKING:
    from argparse import Namespace

    from ..lint.findings.finding import LintOutcome
    from ..validator.rule_pages import RulePage
    from ..validator.rules import Rule

NAME = "lambda-validate"
CLEAN, VIOLATIONS, UNUSABLE, INTERRUPTED = 0, 1, 2, 130
"""Exit codes: nothing wrong, an error found, an input or argument that cannot be used, stopped from the keyboard."""


class UsageError(Exception):
    """The arguments of a command are invalid. The error's string says how to correct them."""


class CommandResult(NamedTuple):
    """The result of a command: lines for standard output (`output`) and standard error (`notes`), and the exit code.

    `data` are bytes that are written to standard output unchanged, such as a corrected file.
    """

    output: Iterable[str]
    notes: Iterable[str] = ()
    code: int = CLEAN
    data: bytes | None = None


def lint(arguments: Namespace, stdin: IO[bytes], colour: bool) -> CommandResult:
    """Run `lint`: check the payloads in files and folders."""
    from ..lint import session

    ran = session.run(arguments, stdin, None if arguments.quiet else arguments.show_progress)
    shown = _reported(ran.outcome, arguments, colour)
    notes = [*shown.notes, *(() if arguments.quiet else map(printable, ran.notes))]
    if arguments.write_baseline is not None:
        return CommandResult((), notes, UNUSABLE if ran.outcome.failures else CLEAN)
    if ran.diff is not None:
        return shown._replace(output=ran.diff, notes=notes)
    if ran.text is not None:  # standard output is for the text
        found = _reported(ran.outcome, _as(arguments, output_format="concise", statistics=False), False).output
        return shown._replace(output=(), notes=[*found, *notes], data=ran.text)
    return shown._replace(notes=notes)


def _as(arguments: Namespace, **changes: Any) -> Namespace:
    return type(arguments)(**{**vars(arguments), **changes})


def payload(arguments: Namespace, stdin: IO[bytes], colour: bool) -> CommandResult:
    """Run `request` or `response`: check one request or response in a file."""
    from ..lint import runner
    from ..lint.control.selection import selected
    from ..lint.findings.differences import from_arguments
    from ..lint.findings.resource import Resource

    validator, documents = from_arguments(arguments)
    validator.operation(arguments.operation)  # an unknown name is an error before any input is read
    status, error = getattr(arguments, "status", None), getattr(arguments, "error", None)
    resource = Resource(arguments.operation, arguments.command, None, (), status, error)
    outcome = runner.check_one(arguments.file, stdin, validator, resource, selected(arguments), documents)
    if not isinstance(arguments.edition, str):
        outcome = outcome._replace(edition=arguments.edition)  # another service has no name by which it is found
    return _reported(outcome, arguments, colour)


def _reported(outcome: LintOutcome, arguments: Namespace, colour: bool) -> CommandResult:
    from ..lint.reporters import REPORTERS, STATISTICS, summary

    notes = [f"{_where(failure)}: {printable(failure.message)}" for failure in outcome.failures]
    is_lint = arguments.command == "lint"
    if is_lint and not arguments.quiet:
        notes += (f"{_where(skipped)}: {skipped.note}: {printable(skipped.message)}" for skipped in outcome.unfilled)
    if is_lint and not arguments.quiet and arguments.output_format != "json":
        notes.append(summary(outcome))
    reporters = STATISTICS if is_lint and arguments.statistics else REPORTERS
    code = UNUSABLE if outcome.failures else VIOLATIONS if outcome.count("error") else CLEAN
    return CommandResult(reporters[arguments.output_format](outcome, colour), notes, code)


def _where(failure: Any) -> str:
    places = (number for number in (failure.line, failure.column) if number is not None)
    return ":".join((printable(failure.file), *map(str, places)))


def operations(arguments: Namespace, stdin: IO[bytes], colour: bool) -> CommandResult:
    """Run `operations`: list the operations of an edition."""
    found = [catalog.operation(name, arguments.edition) for name in catalog.operations(arguments.edition)]
    return _listed(arguments, "operations", found, _operation_facts, _operation_lines, lambda operation: operation.name)


def _operation_facts(operation: Operation) -> dict[str, Any]:
    return {
        "name": operation.name,
        "description": operation.description,
        "method": operation.method,
        "path": operation.path,
        "status": operation.status,
        "content_type": operation.content_type,
        "errors": {name: error.status for name, error in operation.errors.items()},
        "request": list(operation.members("request")),
        "response": list(operation.members("response")),
    }


def _operation_lines(operation: Operation) -> Iterator[str]:
    yield operation.name
    yield f"  {operation.description}"
    yield f"  {operation.method} {operation.path}, answered with {operation.status}"


def rules(arguments: Namespace, stdin: IO[bytes], colour: bool) -> CommandResult:
    """Run `rules`: list the rules of an edition, or of both."""
    found = meanings(arguments.edition)
    return _listed(
        arguments, "rules", found, lambda meaning: meaning.facts, Meaning.lines, lambda meaning: meaning.rule.id
    )


def explain(arguments: Namespace, stdin: IO[bytes], colour: bool) -> CommandResult:
    """Run `explain`: explain a rule, or all rules of a family, such as `batch-size`.

    A rule that the requested edition does not have is looked up in the others.
    """
    home, found = _found(arguments.rule, (arguments.edition, *catalog.EDITIONS))
    notes = [] if home == arguments.edition else [_elsewhere(arguments.edition, home, arguments.rule)]
    if any(meaning.rule.id != arguments.rule for meaning in found):
        return _family(arguments, home, found)._replace(notes=notes)
    page = None if arguments.output_format == "concise" else _page(arguments.rule, home)
    if arguments.output_format == "json":
        about = {"page": page._asdict()} if page else {}
        facts = [{**meaning.facts, **about} for meaning in found]
        return CommandResult([_json({"edition": BOTH, "rules": facts} if home == BOTH else facts[0])], notes)
    if arguments.output_format == "concise":
        return CommandResult(chain(*map(Meaning.lines, found)), notes)
    both = _both(arguments.rule) if isinstance(home, str) and home != BOTH else ()
    return CommandResult(chain(*map(_explained, found), both, _described(page) if page else ()), notes)


def _family(arguments: Namespace, home: str | Catalog, found: list[Meaning]) -> CommandResult:
    """Return the result of `explain` for a family of rules: what each rule states, without its page."""
    if arguments.output_format == "json":
        known = BOTH if home == BOTH else catalog.find(home).name
        return CommandResult(
            [_json({"edition": known, "family": arguments.rule, "rules": [meaning.facts for meaning in found]})]
        )
    lines = (line for meaning in found for line in meaning.lines())
    more = (
        "",
        f"To show all about one rule: {NAME} explain {found[0].rule.id}",
        f"To silence all: --ignore {arguments.rule}",
    )
    return CommandResult(chain(lines, more if arguments.output_format == "full" else ()))


def _page(rule: str, edition: str | Catalog) -> RulePage | None:
    from ..validator.rule_pages import page

    return page(rule, edition)


def _described(page: RulePage) -> Iterator[str]:
    from ..validator.rule_pages import TITLES

    for title, text in zip(TITLES, page[:3], strict=True):
        yield from ("", f"  {title}", *(f"    {line}".rstrip() for line in text.split("\n")))


def _found(name: str, choices: Iterable[str | Catalog]) -> tuple[str | Catalog, list[Meaning]]:
    """Return the first of several editions that has the rule or family `name`, and its rules of this name.

    If no edition has it, raise `UnknownNameError`.
    """
    known: set[str] = set()
    for choice in choices:
        found = meanings(choice)
        known.update(meaning.rule.id for meaning in found)
        wanted = [meaning for meaning in found if meaning.rule.id == name or meaning.rule.id.startswith(f"{name}.")]
        if wanted:
            return choice, [meaning for meaning in wanted if meaning.rule.id == name] or wanted
    known.update([rule_id.partition(".")[0] for rule_id in known])
    meant = nearest(name, sorted(known))
    listed = f"{NAME} rules --edition {BOTH} lists all rules"
    raise UnknownNameError("rule", name, known, f"did you mean {meant!r}? {listed}" if meant else listed)


def _elsewhere(edition: str | Catalog, home: str | Catalog, rule: str) -> str:
    name, other = catalog.find(edition).name, catalog.find(home).name
    return f"the edition {name!r} has no rule {rule}; this is what the edition {other!r} states"


def _explained(meaning: Meaning) -> Iterator[str]:
    rule = meaning.rule
    yield from meaning.lines()
    for source in rule.sources[: _shown_of(rule.sources)]:
        yield f"  stated: {source}{f' ({source.url})' if source.url else ''}"
    if left := len(rule.sources) - _shown_of(rule.sources):
        yield f"  stated: and {left} more; --output-format json lists all"
    yield f"  checked: {listing(rule.directions, 'and')} of {_operations_of(rule)}"
    yield f"  to silence it: {_comment(meaning)}--ignore {rule.id}"


def _comment(meaning: Meaning) -> str:
    """Return the comment that silences a rule in a file, such as `# lambda-validate: ignore[batch-size.sqs]`.

    The result is empty for a rule that `lint` does not apply.
    """
    from ..lint.control.selection import linted

    is_linted = any(meaning.rule.id in linted(edition) for edition in meaning.editions if edition in catalog.EDITIONS)
    return f"`# {NAME}: ignore[{meaning.rule.id}]` on its line, or " if is_linted else ""


def _both(rule: str) -> Iterator[str]:
    """Yield the command that shows what each edition states about a rule, if the editions differ about it."""
    if len([meaning for meaning in meanings(BOTH) if meaning.rule.id == rule]) > 1:
        yield f"  the editions differ: {NAME} explain {rule} --edition {BOTH} shows what each states"


def _shown_of(found: Sequence[Any]) -> int:
    """Return how many sources or operations of a rule to show: all if there are at most five, else three."""
    return len(found) if len(found) <= 5 else 3


def _operations_of(rule: Rule) -> str:
    first, left = rule.operations[: _shown_of(rule.operations)], len(rule.operations) - _shown_of(rule.operations)
    return f"{', '.join(first)} and {left} more operations" if left else listing(first, "and")


def schema(arguments: Namespace, stdin: IO[bytes], colour: bool) -> CommandResult:
    """Run `schema`: show the JSON Schema of an operation's requests or responses, or of the settings file.

    With `--compiled`, show the Python source that the schema is compiled to.
    """
    if arguments.settings:
        return _settings_schema(arguments)
    if not arguments.operation:
        raise UsageError(f"expected OPERATION, or --settings; see {NAME} schema --help")
    found = catalog.operation(arguments.operation, arguments.edition).schema(arguments.direction)
    if not arguments.compiled:
        return CommandResult([_json(catalog.portable(found, strict=arguments.strict))])
    from ..report.policy import REPORT, VERDICT
    from ..validator import Validator

    validator = Validator(arguments.edition, strict=arguments.strict)
    names = (arguments.operation, arguments.direction)
    sources = {mode: validator.checker(*names, mode).source for mode in (VERDICT, REPORT)}
    return CommandResult([_json(sources)] if arguments.output_format == "json" else sources.values())


def _settings_schema(arguments: Namespace) -> CommandResult:
    if arguments.operation or arguments.compiled or arguments.edition:
        raise UsageError(
            "--settings shows the schema of the settings file; leave out the operation, --compiled and --edition"
        )
    from ..lint.control.selection import names
    from ..settings.schema import settings_schema

    return CommandResult([_json(settings_schema(names()))])


def _listed(
    arguments: Namespace, name: str, found: Iterable[Any],
    facts: Callable[[Any], Any], lines: Callable[[Any], Iterator[str]], short: Callable[[Any], str],
) -> CommandResult:  # fmt: skip
    """Return a list of operations or rules in the requested output format: JSON, names only, or all lines.

    `facts`, `short` and `lines` make these three forms of one entry.
    """
    if arguments.output_format == "json":
        known = catalog.find(editions(arguments.edition)[-1])
        made_from = {"made_from": known.made_from} if known.made_from else {}
        edition = BOTH if arguments.edition == BOTH else known.name
        return CommandResult([_json({"edition": edition, **made_from, name: [facts(entry) for entry in found]})])
    if arguments.output_format == "concise":
        return CommandResult(dict.fromkeys(map(short, found)))
    return CommandResult(line for entry in found for line in lines(entry))


def _json(value: Any) -> str:
    import json

    return json.dumps(value, indent=2)


def drift(arguments: Namespace, stdin: IO[bytes], colour: bool) -> CommandResult:
    """Run `drift`: compare the editions `current` and `documents` with the model of the installed SDK."""
    from ..catalog import services

    found = _with_models(services.compared)
    notes, code = list(services.advice(found)), VIOLATIONS if found.refused else CLEAN
    if arguments.output_format == "json":
        return CommandResult([_json(services.facts(found))], notes, code)
    lines = services.table if arguments.output_format == "full" else services.concise
    return CommandResult(map(printable, lines(found)), notes, code)


def _with_models(use: Callable[[], Any]) -> Any:
    """Return the result of `use`, a function that needs the service models of botocore.

    If botocore or a model is missing, raise `UsageError`.
    """
    from ..catalog.models.shipped import NoModelsError

    try:
        return use()
    except (NoModelsError, catalog.SchemaError) as error:
        raise UsageError(str(error)) from None


def of_service(
    command: Callable[..., CommandResult], arguments: Namespace, stdin: IO[bytes], colour: bool
) -> CommandResult:
    """Run a command for another AWS service (`--service sqs`), by its model in botocore."""
    from ..catalog import services

    found = _with_models(lambda: services.of_service(arguments.service))
    result: CommandResult = _with_models(lambda: command(_as(arguments, edition=found), stdin, colour))
    return result


def no_operation(error: UnknownNameError, arguments: Namespace) -> str:
    """Return the error for an operation that does not exist, with a similar name or a command that lists all."""
    service = getattr(arguments, "service", None)
    if service is not None and error.elsewhere:
        return f"{service} has no operation {error.name!a}, but lambda has; leave out --service {service}"
    home = next((edition for edition in catalog.EDITIONS if error.name in catalog.operations(edition)), None)
    if home is not None:
        return f"there is no operation {error.name!a}; the edition {home!r} has it; add --edition {home}"
    if error.nearest:
        return str(error)
    documents = f" --edition {catalog.DOCUMENTS}" if arguments.edition == catalog.DOCUMENTS else ""
    option = documents if service is None else f" --service {service}"
    return f"there is no operation {error.name!a}; {NAME} operations{option} lists them"
