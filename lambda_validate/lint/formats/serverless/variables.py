"""Serverless's variables: `${self:custom.x}`, `${env:X, 'default'}`, `${file(x.${opt:stage}.yml):y}` … are unknown.

So is `#{AWS::Region}` of the plugin for pseudo parameters. In a text of `Fn::Sub`, what is in `${…}` may be for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...documents.places import Range, Tagged
from ...unresolved.parts import Unknown
from ...unresolved.placeholders import Again, Budget, between, filled

SUB, SHORT_SUB = "Fn::Sub", "!Sub"


def known(value: Any, budget: Budget) -> Any:
    """Return a value with what its variables leave open; CloudFormation's functions are left for it to read."""
    return filled(value, budget, _text, _special)


def _text(text: str) -> Any:
    return between(text, variables(text)) if "{" in text else text


def _special(value: Any, again: Again) -> Any:
    if isinstance(value, Tagged):
        return Tagged(value.tag, _substituted(value.value, again) if value.tag == SHORT_SUB else again(value.value))
    if isinstance(value, dict) and len(value) == 1 and SUB in value:
        return {SUB: _substituted(value[SUB], again)}
    return None


def _substituted(argument: Any, again: Again) -> Any:
    """Return the argument of `Fn::Sub` with nothing but variables of its own, as far as it can tell."""
    if isinstance(argument, str):
        return masked(argument)
    if isinstance(argument, list) and len(argument) == 2 and isinstance(argument[0], str):
        return [masked(argument[0]), again(argument[1])]
    return Unknown()


def masked(text: str) -> str:
    """Return a text of the same length in which no variable holds another."""
    parts, place = [], 0
    for start, end in variables(text):
        inner = text[start + 2 : end - 1]
        if "{" in inner or text[start] == "#":
            parts += [text[place:start], "${", "_" * len(inner), "}"]
            place = end
    return "".join((*parts, text[place:]))


def variables(text: str) -> Iterator[Range]:
    """Yield where the outermost variables of a text are; one that does not end goes on to the text's end."""
    depth = start = 0
    for index, character in enumerate(text):
        if character == "{" and (depth or text[index - 1 : index] in ("$", "#")):
            start = start if depth else index - 1
            depth += 1
        elif character == "}" and depth:
            depth -= 1
            if not depth:
                yield start, index + 1
    if depth:
        yield start, len(text)
