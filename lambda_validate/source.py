"""Generated source as a value: lines and blocks, pruned of what has no effect, and rendered with indentation."""

from __future__ import annotations

import re
from typing import Any

Code = list[str | tuple[str, Any]]
"""Lines of source; a pair is a header and the code below it."""

EFFECTS = ("return", "add(", "shared_", "count_", "kept_", "right_")
"""How a line starts that does more than set a variable, or that sets one which code outside its block looks at."""
EQUAL = re.compile(r"if \(*(\w+) == '\w+'\)*:")
OPPOSITES = {" != ": " == ", " not in ": " in ", " is not ": " is ", " is ": " is not "}


def leaves(code: Code) -> bool:
    """Whether code always ends by leaving the function."""
    return bool(code) and isinstance(code[-1], str) and code[-1].startswith("return")


def negated(expression: str) -> str:
    """Return the opposite of a test, which is either `not` and one term or a single comparison."""
    if expression.startswith("not "):
        return expression[4:]
    for operator, opposite in OPPOSITES.items():
        if operator in expression:
            return expression.replace(operator, opposite)
    return f"not {expression}"


def either(test: str, wrong: Code, right: Code) -> Code:
    """Return code that goes one of two ways; flat where the wrong one leaves."""
    if leaves(wrong):
        return [(f"if {test}:", wrong), *right]
    if wrong:
        return [(f"if {test}:", wrong), ("else:", right)]
    return [(f"if not ({test}):", right)]


class _Pruned(list[Any]):
    """Code that has been pruned already, down to its innermost block."""


def chained(code: Code) -> Code:
    """Return code in which of several tests of one name for different texts no more are made once one has held."""
    made: Code = []
    before = None
    for each in code:
        found = EQUAL.fullmatch(each[0]) if isinstance(each, tuple) else None
        made.append((f"el{each[0]}", each[1]) if found and before and found[1] == before[1] else each)
        before = found
    return made


def pruned(code: Code) -> Code:
    """Return code without headers that have nothing below them; nothing when what is left has no effect."""
    if isinstance(code, _Pruned):
        return code
    below = [each if isinstance(each, str) else (each[0], pruned(each[1])) for each in code]
    kept = [each for each in below if isinstance(each, str) or each[1]]
    effective = any(not isinstance(each, str) or each.startswith(EFFECTS) for each in kept)
    return _Pruned(kept if effective else ())


def render(code: Code, indent: str = "") -> str:
    """Return code as text."""
    return "".join(
        f"{indent}{each}\n" if isinstance(each, str) else f"{indent}{each[0]}\n{render(each[1], indent + ' ')}"
        for each in code
    )


class SourceLoader:
    """Lets a traceback show generated source, without a file and without an import."""

    def __init__(self, source: str) -> None:
        self.source = source

    def get_source(self, name: str) -> str:
        """Return the source, whatever the module's name."""
        return self.source
