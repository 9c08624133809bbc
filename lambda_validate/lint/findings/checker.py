"""Make the findings of a resource: violations of its payload, findings about its format, and duplicate members."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from ...base.spelling import MAX_NAME_LENGTH
from ...catalog.formats import is_function_arn
from ...report import Found, Severity, Source, pointer_text
from ...report.distinct import is_forbidden, needless
from ...validator import Validator
from ..documents.places import Document, Path, Span
from ..unresolved.possibilities import PlacedViolation, placed_violations
from .conversion import converted
from .differences import sentence
from .finding import LintFinding, RuleFilter, all_rules
from .lint_rules import DUPLICATE, EMPTY, LINT_RULES
from .resource import SETTINGS, FormatFinding, Resource, place

NO_SPAN = (None, None, None, None)
DEFAULT_EDITION = "documents"
ALONE = frozenset({"cloudformation", "terraform_plan"})
"""Formats in which settings that set nothing are reported: settings are resources, and unset members are not sent.

In Terraform's configuration, a missing maximum_retry_attempts has a default of the provider, which only a plan shows.
"""

TEMPLATES = frozenset({"cloudformation", "sam"})
"""Formats in which duplicate names are only a warning, since CloudFormation uses the last value."""


class _Subject(NamedTuple):
    """The resource to check, with its file and document. `owner` is the JSON pointer to its entry in the document."""

    file: str
    document: Document
    resource: Resource
    owner: str

    def finding(
        self, pointer: str, span: Span | None, rule: str, severity: Severity, message: str, source: Source,
        help: str | None,
    ) -> LintFinding:  # fmt: skip
        """Return a finding at a span of the file. `pointer` is the JSON pointer to its member in the payload."""
        line, column, end_line, end_column = span or NO_SPAN
        excerpt = self.document.text.excerpt(span) if span else None
        return LintFinding(
            self.file, line, column, end_line, end_column, rule, severity, self.resource.operation,
            self.resource.direction, pointer, message, str(source), help, source.url, excerpt, self.owner,
        )  # fmt: skip


def check(
    file: str,
    document: Document,
    resource: Resource,
    validator: Validator,
    documents: Validator | None = None,
    counts: RuleFilter = all_rules,
) -> list[LintFinding]:
    """Return all findings of a resource, sorted by line.

    `documents` is the validator for the edition `documents`, if editions are compared. What only this edition refuses
    is a warning. `counts` says which rules are selected; a violation is left out if one of a selected rule says the
    same.
    """
    owner = pointer_text(resource.owner or resource.path)
    parts = tuple(_Subject(file, document, part, owner) for part in _parts(resource, validator))
    violations = [(part, placed) for part in parts for placed in _violations(part, validator, counts)]
    found = [_finding(part, validator, placed) for part, placed in violations]
    counting = [pair for pair in violations if counts(pair[1].violation.constraint.rule)]
    found += _extra(parts[-1], validator, _forbidden(counting))
    if document.repeated:
        found += _duplicates(parts[-1], validator)
    if documents is not None and resource.operation in documents.operations():
        found += _differences(
            parts, documents, validator, [finding for finding in found if counts(finding.rule)], counts
        )
    return sorted(found, key=lambda finding: (finding.line or 0, finding.column or 0))


def _differences(
    parts: Iterable[_Subject], documents: Validator, today: Validator, found: Iterable[LintFinding], counts: RuleFilter
) -> list[LintFinding]:
    """Return warnings for what the edition `documents` refuses but today's API accepts.

    `found` are the findings by today's API. A warning is left out if one of these has the same rule or the same place.
    It is also left out if the id of an error begins alike: `batch-size.window` hides `batch-size.sqs`.
    """
    rules = {known.rule for known in found}
    places = {known.pointer for known in found}
    members = {known.rule.partition(".")[0] for known in found if known.severity == "error"}
    differences: dict[str, list[LintFinding]] = {}
    for part in parts:
        for placed in _violations(part, documents, counts):
            path, constraint, _ = placed.violation
            rule, severity = constraint.rule, today.severity(constraint.rule, "warning")
            is_shared = rule in rules or pointer_text(path) in places or rule.partition(".")[0] in members
            if is_shared or severity is None or constraint.severity != "error":
                continue
            finding = _finding(part, documents, placed)
            message = sentence(rule, finding.message)
            if message:
                same = differences.setdefault(rule, [])
                group = same[0].group if same else (rule, finding.owner, finding.pointer, finding.line, finding.column)
                same.append(finding._replace(severity=severity, message=message, help=None, group=group))
    return [difference for same in differences.values() for difference in same]


def _parts(resource: Resource, validator: Validator) -> Iterator[Resource]:
    """Divide a resource into payloads that one schema each can validate.

    Settings for asynchronous invocation become two. FunctionName and Qualifier are a request of
    GetFunctionEventInvokeConfig, and the other members are its response.
    """
    if resource.direction != SETTINGS:
        yield resource
        return
    ours = validator.operation(resource.operation).members("request")
    target = {name: member for name, member in resource.payload.items() if name in ours}
    yield resource._replace(direction="request", payload=target)
    rest = {name: member for name, member in resource.payload.items() if name not in ours}
    if is_function_arn(resource.payload.get("FunctionName")):
        rest["FunctionArn"] = resource.payload["FunctionName"]  # to check that the function is not its own destination
    yield resource._replace(direction="response", payload=rest)


def _violations(subject: _Subject, validator: Validator, counts: RuleFilter) -> list[PlacedViolation]:
    resource = subject.resource
    schema = validator.operation(resource.operation).schema(resource.direction)

    def validate(payload: Any) -> Iterable[Found]:
        known = converted(payload, schema) if resource.converts else payload
        if resource.status is None and resource.error is None:
            return validator.found(resource.operation, resource.direction, known)
        return validator.validate_response(resource.operation, known, resource.status, resource.error).found

    found = placed_violations(resource, schema, validate)
    return _distinct(found, resource, counts) if len(found) > 1 else found


def _distinct(found: list[PlacedViolation], resource: Resource, counts: RuleFilter) -> list[PlacedViolation]:
    """Return violations without those that say the same as another one at the same place in the document.

    Only violations of selected rules (`counts`) are compared. All others are returned.
    """
    placed, counting = [], [violation for violation in found if counts(violation.violation.constraint.rule)]
    if len(counting) < 2:
        return found
    for violation in counting:
        path, constraint, value = violation.violation
        constraint = constraint._replace(severity="warning") if violation.is_soft else constraint
        here = place(violation.places, resource.path, path)
        placed.append(Found((*path[:1], *here), constraint, value))  # two members may use one parameter
    left_out = {id(counting[index]) for index in needless(placed)}
    return [violation for violation in found if id(violation) not in left_out]


def _finding(subject: _Subject, validator: Validator, placed: PlacedViolation) -> LintFinding:
    document, resource = subject.document, subject.resource
    here, constraint, _ = placed.violation
    message, position, help = placed.violation.explanation
    path = place(placed.places, resource.path, here)
    span = _span(document, path, placed.is_name, position if placed.character is None else placed.character)
    rule = constraint.rule
    severity: Severity | None = constraint.severity
    is_refused = rule in resource.refused or (rule == "member.unknown" and resource.format != "api")
    if placed.is_soft or is_refused:
        severity = validator.severity(rule, "warning" if placed.is_soft else "error")
    message, help = _named(resource, here, message, placed.help or help)
    whose = "the object" if constraint.keyword == "required" else "it"
    message = _through_alias(message, document.aliased(path), whose)
    return subject.finding(
        pointer_text(here), span, rule, severity or constraint.severity, message, constraint.source, help
    )


def _named(resource: Resource, path: Path, message: str, help: str | None) -> tuple[str, str | None]:
    """Return message and help with the format's names of members: "BatchSize (here batch_size) must be at least 1."

    The help has only the format's names.
    """
    for known, own in resource.names.items():
        word = known[-1]
        if not isinstance(word, str) or word == own or known[:-1] != path[: len(known) - 1]:
            continue
        if word in message or (help and word in help):  # a quick check, since few names occur in a message
            whole = re.compile(rf"\b{re.escape(word)}\b")
            if f"(here {own})" not in message:  # two members may have the same name in the format
                message = whole.sub(f"{word} (here {_literal(own)})", message, count=1)
            help = help and whole.sub(_literal(own), help)
    return message, help


def _literal(text: str) -> str:
    """Escape a string for use as a replacement in `re.sub`."""
    return text.replace("\\", r"\\")


def _through_alias(message: str, aliased: tuple[str, Span] | None, subject: str) -> str:
    """Add to a message on which line the value is written, if it is used through an alias of YAML.

    A question, such as "did you mean 'x'?", stays at the end of the message.
    """
    if aliased is None:
        return message
    anchor = aliased[0].replace("*", "&", 1)[:MAX_NAME_LENGTH]
    where = f"{subject} is written on line {aliased[1].line}, at the anchor {anchor}"
    statement, _, question = message.rpartition("; ") if message.endswith("?") else (message[:-1], "", "")
    return f"{statement}; {where}; {question}" if question else f"{statement}; {where}."


def _span(document: Document, path: Path, is_name: bool, position: int | None) -> Span | None:
    """Return the part of the document to mark: the character at `position` of a value, the value, or a name."""
    key, value = document.locate(path)
    if is_name:
        return key or value
    if position is not None:
        from ..documents.scalars import character  # few findings are about a character

        value = character(document, path, position) or value
    return value or key


def _forbidden(violations: Iterable[tuple[_Subject, PlacedViolation]]) -> frozenset[Path]:
    """Return the document paths of members that a rule forbids, such as StartingPosition for a queue of SQS."""
    return frozenset(
        place(placed.places, part.resource.path, placed.violation.path)
        for part, placed in violations
        if is_forbidden(placed.violation) and placed.violation.constraint.severity == "error" and not placed.is_soft
    )


def _extra(subject: _Subject, validator: Validator, forbidden: frozenset[Path]) -> Iterator[LintFinding]:
    """Yield the findings about the format of the file, such as misspelt names.

    Those inside members that must not be there are left out. `forbidden` has the document paths of such members.
    """
    resource = subject.resource
    for finding in (*resource.extra, *_empty(resource, validator.edition)):
        severity = validator.severity(finding.rule, finding.severity)
        is_inside = bool(forbidden) and any(finding.path[:length] in forbidden for length in range(len(finding.path)))
        if severity is not None and not is_inside:
            key, value = subject.document.locate(finding.path)
            span = (key or value) if finding.is_key else (value or key)
            pointer = pointer_text(_relative(finding, resource))
            yield subject.finding(
                pointer, span, finding.rule, severity, finding.message, _source_of(finding), finding.help
            )


def _empty(resource: Resource, edition: str) -> Iterator[FormatFinding]:
    """Yield a finding if settings for asynchronous invocation set nothing.

    Templates write these settings as one object. Its members other than FunctionName and Qualifier are validated as a
    response of GetFunctionEventInvokeConfig, and `resource` is this part.
    """
    if resource.format in ALONE and resource.direction == "response" and not set(resource.payload) - {"FunctionArn"}:
        # The pages of AWS behind the edition `documents` do not state this rule. So its severity is lower there.
        severity = LINT_RULES[EMPTY].severity if edition == DEFAULT_EDITION else "error"
        yield FormatFinding(EMPTY, severity, resource.path, LINT_RULES[EMPTY].statement, "Add one of these.")


def _relative(finding: FormatFinding, resource: Resource) -> Path:
    depth = len(resource.path)
    return finding.path[depth:] if finding.path[:depth] == resource.path else finding.path[-1:]


def _source_of(finding: FormatFinding) -> Source:
    if finding.source is not None:
        return finding.source
    return (
        LINT_RULES[finding.rule].sources[0]
        if finding.rule in LINT_RULES
        else Source("lambda-validate", "Formats", "members")
    )


def _duplicates(subject: _Subject, validator: Validator) -> Iterator[LintFinding]:
    """Yield findings for duplicate names inside a resource, and for duplicates of the names that lead to it."""
    document, path = subject.document, subject.resource.path
    severity = validator.severity(DUPLICATE, "warning" if subject.resource.format in TEMPLATES else "error")
    if severity is None:
        return
    section = "Objects" if document.standard.startswith("RFC") else "Mappings"
    source = Source(document.standard, section, "the names of members")
    for repeated, key in document.repeats_about(path):
        message = f"{ascii(repeated[-1])[:82]} occurs twice in its object; parsers differ on which one counts."
        pointer, help = pointer_text(repeated[len(path) :]), "Leave out one of the two."
        yield subject.finding(pointer, document.text.span(*key), DUPLICATE, severity, message, source, help)
