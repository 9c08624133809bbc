"""The command `lambda-validate fuzz`: send generated requests to an endpoint, to find where its validation is wrong.

    lambda-validate fuzz CreateEventSourceMapping --url http://127.0.0.1:3000 --existing FunctionName=my-function

`edition` is `"current"` by default. The requests are real: a server that creates something for each of them creates
many things. The output contains generated values.
"""

from __future__ import annotations

import json
import os
import re
import sys
from argparse import ArgumentTypeError, Namespace
from collections.abc import Sequence
from typing import IO, TYPE_CHECKING, Any

from ..lint.control.selection import selected
from .arguments import OUTPUT, choosing, matching
from .commands import CLEAN, INTERRUPTED, UNUSABLE, VIOLATIONS, CommandResult

if TYPE_CHECKING:
    from ..catalog import Operation
    from ..fuzz.engine import RunPlan
    from ..fuzz.report import RunOutcome
    from ..fuzz.trials import Existing
    from .parsing import Parser

TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
COUNT = matching("[0-9]{1,10}", "a whole number", int)
SECONDS = matching(r"[0-9]{1,9}(\.[0-9]+)?", "a number of seconds above 0", float, bool)


def add_arguments(parser: Parser) -> None:
    """Add the options of `fuzz` to a parser."""
    target = parser.section("target")
    mode = target.add_mutually_exclusive_group(required=True)
    mode.add_argument("--url", help="the endpoint to send requests to, such as http://127.0.0.1:3000")
    mode.add_argument("--corpus", action="store_true", help="print the deterministic cases as JSON Lines")
    add = target.add_argument
    add("--allow-remote", action="store_true", help="allow a URL of another machine")
    add("--header", action="append", default=[], type=_header, metavar="'NAME: VALUE'",
        help="send this header with each request; may be repeated (default: none)")  # fmt: skip
    add("--existing", action="append", default=[], type=_member, metavar="MEMBER=VALUE",
        help="a value that the server knows, such as a function's name; may be repeated (default: none)")  # fmt: skip
    add = parser.section("cases").add_argument
    add("--direction", choices=("request", "response"), default="request",
        help="print cases of requests or of responses, with --corpus (default: request)")  # fmt: skip
    add("--minimal", action="store_true",
        help="use only some of the deterministic cases, which find as many wrong rules as all of them")  # fmt: skip
    add("--max-examples", type=COUNT, default=200, metavar="N",
        help="the number of random cases from Hypothesis (default: 200)")  # fmt: skip
    add("--seed", type=COUNT, metavar="N", help="the seed of the random cases (default: a new one, which is printed)")
    add = parser.section("times").add_argument
    add("--max-time", type=SECONDS, default=60.0, metavar="SECONDS",
        help="the maximum time of the whole run; the last fifth is for simplifying findings (default: 60)")  # fmt: skip
    add("--timeout", type=SECONDS, default=5.0, metavar="SECONDS",
        help="the maximum time to wait for one response (default: 5)")  # fmt: skip
    choosing(
        parser,
        "break only these rules; separate several with commas, or repeat (default: all)",
        "send no request that breaks one of these rules (default: none)",
    )
    add = parser.section(OUTPUT).add_argument
    add("--report", choices=("json", "junit"),
        help="the form of the findings, printed or in --report-file (default: that of --output-format)")  # fmt: skip
    add("--report-file", metavar="FILE",
        help="also write the findings to this file, as JSON or as --report says (default: none)")  # fmt: skip


def _header(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not colon or not TOKEN.fullmatch(name) or not (value.isprintable() and value.isascii()):
        raise ArgumentTypeError("expected a header such as 'X-Account: 123456789012'")
    return name, value.strip()


def _member(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise ArgumentTypeError("expected a member and its value, such as FunctionName=my-function")
    return name, value


def run(arguments: Namespace, stdin: IO[bytes], colour: bool) -> CommandResult:
    """Send generated requests to an endpoint, or with `--corpus` print the generated cases."""
    from ..catalog import operation

    found = operation(arguments.operation, arguments.edition)
    from ..base.progress import StepProgress
    from ..fuzz.engine import Unreachable, explore
    from ..fuzz.target import TargetError
    from ..strategies import GenerationError

    try:
        if arguments.corpus:
            return _printed(found, arguments)
        outcome = explore(_plan(arguments, found), StepProgress(sys.stderr))
    except (TargetError, Unreachable, GenerationError) as error:
        return CommandResult((), [str(error)], UNUSABLE)
    return _result(arguments, outcome)


def _plan(arguments: Namespace, operation: Operation) -> RunPlan:
    from ..fuzz.engine import RunPlan
    from ..fuzz.target import target

    return RunPlan(
        operation=operation,
        disabled=selected(arguments).left_out(operation.catalog),
        existing=_existing(arguments, operation),
        target=target(arguments.url, arguments.allow_remote),
        cases=_cases(operation, arguments),
        seed=int.from_bytes(os.urandom(4), "big") if arguments.seed is None else arguments.seed,
        max_examples=arguments.max_examples,
        max_time=arguments.max_time,
        timeout=arguments.timeout,
        headers=tuple(arguments.header),
    )


SENT = ("header", "existing", "seed", "report_file")
"""Arguments about sending requests, which have no effect on cases that are only printed."""


def _printed(operation: Operation, arguments: Namespace) -> CommandResult:
    """Print the deterministic cases as JSON Lines, without those for rules that `--select` or `--ignore` leaves out."""
    contrary = [f"--{name.replace('_', '-')}" for name in SENT if getattr(arguments, name, None)]
    if contrary:
        return CommandResult(
            (), [f"--corpus prints cases and sends none; leave out {' and '.join(contrary)}"], UNUSABLE
        )
    left_out = selected(arguments).left_out(operation.catalog)
    cases = _cases(operation, arguments, arguments.direction)
    return CommandResult(json.dumps(case.row()) for case in cases if case.rule not in left_out)


def _cases(operation: Operation, arguments: Namespace, direction: str = "request") -> Sequence[Any]:
    from .. import strategies

    minimal, edition = arguments.minimal, operation.edition
    found: Sequence[Any] = strategies.corpus(operation.name, minimal=minimal, direction=direction, edition=edition)
    return found


def _existing(arguments: Namespace, operation: Operation) -> Existing:
    found: dict[str, list[Any]] = {}
    for name, value in arguments.existing:
        operation.location(name)  # raises for an unknown one
        found.setdefault(name, []).append(value)
    return found


def _result(arguments: Namespace, outcome: RunOutcome) -> CommandResult:
    from ..fuzz.report import FUZZ_REPORTS, summary

    code = INTERRUPTED if outcome.interrupted else VIOLATIONS if outcome.findings else CLEAN
    notes = list(summary(outcome))
    if arguments.report_file is None:
        return CommandResult(FUZZ_REPORTS[arguments.report or arguments.output_format](outcome), notes, code)
    try:
        with open(arguments.report_file, "w", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in FUZZ_REPORTS[arguments.report or "json"](outcome))
    except OSError as error:
        notes.append(f"{arguments.report_file}: cannot be written: {error.strerror or error}")
        code = UNUSABLE
    return CommandResult(FUZZ_REPORTS[arguments.output_format](outcome), notes, code)
