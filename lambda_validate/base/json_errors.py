"""Find a trailing comma, as in `[1,]`, behind the error of a JSON decoder. Imports no other package of ours."""

from __future__ import annotations

BLANKS = " \t\r\n"


def trailing_comma(text: str, position: int) -> int | None:
    """Return the index of a comma before a closing bracket, if it caused a decoder's error; else None.

    For example, the comma in `[1,]` has the index 2. `position` is `JSONDecodeError.pos`: the index of the bracket in
    CPython before 3.13, and the index of the comma in later versions.
    """
    if text[position : position + 1] == ",":
        after = position + 1
        while text[after : after + 1] in tuple(BLANKS):
            after += 1
        return position if text[after : after + 1] in ("]", "}") else None
    if text[position : position + 1] not in ("]", "}"):
        return None
    before = position - 1
    while before >= 0 and text[before] in BLANKS:
        before -= 1
    return before if before >= 0 and text[before] == "," else None
