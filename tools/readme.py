"""Fills the parts of the README that are made from the code. `python tools/readme.py` rewrites it; a test compares."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Callable
from pathlib import Path

from lambda_validate.cli import main
from lambda_validate.rules import rules

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


PARTS: dict[str, Callable[[], str]] = {"output": output, "rules": rule_table}


def filled(text: str) -> str:
    """Return the README with every generated part made anew."""
    for name, make in PARTS.items():
        text = text.replace(f"<!-- {name}:begin -->\n{part(text, name)}", f"<!-- {name}:begin -->\n{make()}")
    return text


if __name__ == "__main__":
    README.write_text(filled(README.read_text(encoding="utf-8")), encoding="utf-8")
