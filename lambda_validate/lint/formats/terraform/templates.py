"""Expressions in the texts of Terraform's JSON: `${…}`. Of these, references and simple conditionals are read.

A text is a template as in a quoted string, its JSON escapes aside. No more is read of an expression than a pattern
matches, so that the JSON needs no other parser.
"""

from __future__ import annotations

import re
from typing import Any

from ...documents.hcl_values import Conditional, Fixed, Interpolation, Traversal
from ...unresolved.parts import Unknown

LITERAL = r'-?[0-9]{1,18}|true|false|null|"[^"\\$%]*"'
REFERENCE = r'[A-Za-z_][\w-]*(?:\.[\w-]+|\[(?:[0-9]{1,9}|"[^"\\$%]*"|[A-Za-z_][\w.-]*)\])*'
OPTION = rf"\s*(?:{LITERAL}|{REFERENCE})\s*"
CONDITIONAL = re.compile(rf'([^?:"]+)\?({OPTION}):({OPTION})')
WORDS = {"true": True, "false": False, "null": None}
STEP = re.compile(r'\.?([\w-]+)|\[(?:([0-9]+)|"([^"]*)"|[^\]]*)\]')

MARK = re.compile(r"(\$\$|%%)\{|([$%])(~?)\{|\Z")
"""What a fixed part ends with: an escaped mark, an expression or directive, or the text's end."""
BRACE = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|(\{)|(\})')
"""What matters for finding an expression's end."""


def read(text: str) -> Any:
    """Return what a text is: itself, or an expression of `hcl_values`."""
    if "${" not in text and "%{" not in text:
        return text
    parts: list[Any] = []
    fixed, place = "", 0
    while match := MARK.search(text, place):
        fixed += text[place : match.start()]
        if match[1]:
            fixed, place = fixed + match[1][0] + "{", match.end()
            continue
        parts += [Fixed(fixed)] if fixed else []
        if not match[0]:
            break
        end = _end(text, match.end())
        if end is None or match[2] == "%" or match[3]:
            return Unknown()
        parts.append(expression(text[match.end() : end]))
        fixed, place = "", end + 1
    if all(isinstance(each, Fixed) for each in parts):
        return Fixed("".join(parts))
    return parts[0] if len(parts) == 1 else Interpolation(tuple(parts))


def _end(text: str, place: int) -> int | None:
    """Return where the brace is that ends an expression."""
    depth = 0
    for match in BRACE.finditer(text, place):
        depth += bool(match[1]) - bool(match[2])
        if depth < 0:
            return match.start()
    return None


def expression(text: str) -> Any:
    """Return what an expression is."""
    text = text.strip()
    if text in WORDS:
        return WORDS[text]
    if re.fullmatch(LITERAL, text):
        return Fixed(text[1:-1]) if text.startswith('"') else int(text)
    if re.fullmatch(REFERENCE, text):
        return Traversal(tuple(_step(*each.groups()) for each in STEP.finditer(text)))
    match = CONDITIONAL.fullmatch(text)
    if match:
        return Conditional(match[1].strip(), expression(match[2]), expression(match[3]))
    return Unknown()


def _step(name: str | None, index: str | None, key: str | None) -> str | int | None:
    return int(index) if index is not None else name if name is not None else key
