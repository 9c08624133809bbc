"""Damage a string in several ways."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from functools import partial
from random import Random

import lambda_validate as lv
from lambda_validate.lint.runner import lint

Damage = Callable[[bytes, Random], bytes]


def truncated(data: bytes, random: Random) -> bytes:
    return data[: random.randrange(len(data))]


def flipped(data: bytes, random: Random) -> bytes:
    at = random.randrange(len(data))
    return data[:at] + bytes([random.randrange(256)]) + data[at + 1 :]


def duplicated(data: bytes, random: Random) -> bytes:
    lines = data.split(b"\n")
    lines.insert(random.randrange(len(lines)), random.choice(lines))
    return b"\n".join(lines)


def indented(data: bytes, random: Random) -> bytes:
    lines = data.split(b"\n")
    at = random.randrange(len(lines))
    lines[at] = b" " * random.randrange(9) + lines[at].lstrip()
    return b"\n".join(lines)


def cut_out(data: bytes, random: Random) -> bytes:
    lines = data.split(b"\n")
    del lines[random.randrange(len(lines))]
    return b"\n".join(lines)


def inserting(pieces: Sequence[bytes]) -> Damage:
    """Return a function that inserts one of some pieces at any place."""
    return partial(_inserted, pieces)


def _inserted(pieces: Sequence[bytes], data: bytes, random: Random) -> bytes:
    at = random.randrange(len(data))
    return data[:at] + random.choice(pieces) + data[at:]


DAMAGES: dict[str, Callable[[Sequence[bytes]], Damage]] = {
    "truncated": lambda pieces: truncated,
    "flipped": lambda pieces: flipped,
    "inserted": inserting,
    "duplicated": lambda pieces: duplicated,
    "indented": lambda pieces: indented,
    "cut_out": lambda pieces: cut_out,
}


def survives(damage: str, seed: int, texts: Sequence[bytes], pieces: Sequence[bytes]) -> None:
    """Lint 150 damaged strings, and assert that each finding and failure has a position."""
    random, validator, made = Random(seed), lv.Validator(), DAMAGES[damage](pieces)
    for _ in range(150):
        data = random.choice(texts)
        for _ in range(random.choice((1, 1, 3))):
            data = made(data, random) or b" "
        outcome = lint(["-"], io.BytesIO(data), validator)
        assert all(each.line and each.column for each in (*outcome.failures, *outcome.findings))
