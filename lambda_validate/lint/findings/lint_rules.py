"""The rules that only linting can check, since they are about files and formats. `LINT_RULES` lists them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from ...catalog import DIRECTIONS, DOCUMENTS, Edition, find
from ...report import Severity, Source
from .resource import LINTED

if TYPE_CHECKING:
    from ...validator.rules import Rule

DUPLICATE = "document.duplicate-member"
MISPLACED = "member.misplaced"
SPELLING = "member.spelling"
QUALIFIER = "qualifier.required"
EMPTY = "invoke-config.empty"
VISIBILITY = "queue.visibility-timeout"
SKELETON = "skeleton.unfilled"
DESTINATION = "destination.required"
TRANSFORM = "sam.transform"
TENANCY = "tenancy-config.source"
SERVERLESS = "serverless.schema"
BRANCHES = "fn-if.arguments"
REFERENCE = "dynamic-reference.syntax"
ARGUMENT = "argument.required"
UNUSED = "ignore.unused"
UNKNOWN = "ignore.unknown"
SAM = "AWS SAM specification"
IGNORING = Source("lambda-validate", "Ignoring findings", "the names of rules")


class OwnRule(NamedTuple):
    """A rule that only linting can check: its statement, its sources, and whose requests it is about.

    `requests` are names of operations; without them, it is about all linted operations. A rule that is `newer` is
    missing in the edition "documents".
    """

    statement: str
    sources: tuple[Source, ...]
    severity: Severity = "error"
    requests: tuple[str, ...] = ()
    newer: bool = False

    def rule(self, id: str) -> Rule:
        """Return the rule as a `Rule`, the class of the rules about payloads."""
        from ...validator.rules import Rule  # it loads the compiler, and most runs do not need it

        directions = DIRECTIONS[:1] if self.requests else DIRECTIONS
        return Rule(id, self.severity, (self.statement,), self.sources, self.requests or LINTED, directions)


LINT_RULES: Mapping[str, OwnRule] = {
    DUPLICATE: OwnRule(
        "A member must occur only once in its object, since parsers differ on which one counts.",
        (
            Source("RFC 8259", "Objects", "the names of members"),
            Source("YAML 1.2.2", "Mappings", "the names of members"),
        ),
    ),
    MISPLACED: OwnRule(
        "A member must be in the object in which its format expects it, not beside or below that object.",
        (Source("lambda-validate", "Formats", "the places of members"),),
    ),
    SPELLING: OwnRule(
        "A member must be spelt as in its own format, not as in another one.",
        (Source("lambda-validate", "Formats", "the names of members"),),
    ),
    QUALIFIER: OwnRule(
        "AWS::Lambda::EventInvokeConfig requires Qualifier.",
        (Source("AWS::Lambda::EventInvokeConfig", "Properties", "Qualifier"),),
        requests=LINTED[1:],
    ),
    EMPTY: OwnRule(
        "An event invoke configuration needs MaximumRetryAttempts, MaximumEventAgeInSeconds or DestinationConfig.",
        (Source("PutFunctionEventInvokeConfig", "observed behaviour", "the request"),),
        "warning",
        LINTED[1:],
    ),
    VISIBILITY: OwnRule(
        "The visibility timeout of a queue must be at least the timeout of the function that receives its messages.",
        (Source("lambda-validate", "Observed behaviour of the service", "the request"),),
        requests=LINTED[:1],
        newer=True,
    ),
    SKELETON: OwnRule(
        "The output of --generate-cli-skeleton must be filled in before it is sent.",
        (Source("AWS CLI user guide", "Skeletons and input files", "--generate-cli-skeleton"),),
    ),
    DESTINATION: OwnRule(
        "OnFailure and OnSuccess need Destination.",
        (Source("AWS::Lambda::EventInvokeConfig", "OnFailure", "Destination"),),
    ),
    TRANSFORM: OwnRule(
        "A function of SAM must have the members that SAM needs to transform it into CloudFormation.",
        (Source(SAM, "AWS::Serverless::Function", "EventSource and EventInvokeConfiguration"),),
    ),
    TENANCY: OwnRule(
        "A function with TenancyConfig can have events of type Api and HttpApi only.",
        (Source(SAM, "AWS::Serverless::Function", "TenancyConfig"),),
    ),
    SERVERLESS: OwnRule(
        "An event of serverless.yml must match the framework's own schema of the event.",
        (Source("Serverless Framework 3.40", "Configuration schema", "functions.*.events"),),
        "warning",
    ),
    BRANCHES: OwnRule(
        "Fn::If needs a condition, the value if it is true, and the value if it is false.",
        (Source("AWS CloudFormation template reference", "Condition functions", "Fn::If"),),
    ),
    REFERENCE: OwnRule(
        "A dynamic reference must be {{resolve:SERVICE:KEY}} with the service ssm, ssm-secure or secretsmanager.",
        (Source("AWS CloudFormation user guide", "Dynamic references", "the reference"),),
    ),
    ARGUMENT: OwnRule(
        "A block of Terraform must have the arguments that its provider requires.",
        (Source("Terraform AWS provider", "aws_lambda_event_source_mapping", "the arguments of blocks"),),
    ),
    UNUSED: OwnRule("An inline ignore should name only rules that the file breaks there.", (IGNORING,), "warning"),
    UNKNOWN: OwnRule("An inline ignore must name existing rules, in brackets.", (IGNORING,), "warning"),
}
"""The rules that only linting can check, by id."""


def own(edition: Edition) -> Mapping[str, OwnRule]:
    """Return the rules that only linting can check, for an edition, by id."""
    return {id: row for id, row in LINT_RULES.items() if not row.newer or find(edition).name != DOCUMENTS}


def own_rules(edition: Edition) -> tuple[Rule, ...]:
    """Return the rules that only linting can check, for an edition, as `Rule` objects such as other rules have."""
    return tuple(row.rule(id) for id, row in own(edition).items())
