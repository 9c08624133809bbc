"""What is wrong with a text that is no JSON, beyond where its decoder stopped. Imports nothing of ours."""

from __future__ import annotations

BLANKS = " \t\r\n"


def trailing_comma(text: str, position: int) -> int | None:
    """Return the index of a comma before a closing bracket, where that is why a decoder stopped; else None.

    `position` is where the decoder stopped: CPython before 3.13 stops at the bracket, later ones at the comma.
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
