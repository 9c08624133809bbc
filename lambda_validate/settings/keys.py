"""The table of settings: what each key holds, and its usual default. The table of commands says which it affects."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from .. import catalog
from ..base.spelling import listing, nearest

BOTH = "both"
"""A reading of the checking commands: errors by today's API, and warnings where the documents differ from it."""
EDITIONS = tuple(catalog.EDITIONS)


def editions(reading: str | catalog.Catalog) -> tuple[str | catalog.Catalog, ...]:
    """Return the editions of a reading, the one that decides last."""
    return (catalog.DOCUMENTS, catalog.TODAY) if reading == BOTH else (reading,)


FORMATS = ("full", "concise", "json")
REPORTS = (*FORMATS, "github", "sarif", "junit", "html", "gitlab")
"""How findings are printed; all else is printed in one of `FORMATS`."""
UNKNOWN_MEMBERS = ("error", "warning", "ignore")


class Kind(NamedTuple):
    """What a key may hold: a test, the words for it, and how it is read from a variable; None where it cannot be."""

    holds: Callable[[Any], bool]
    words: str
    read: Callable[[str], Any] | None = None


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _is_table(value: Any) -> bool:
    return isinstance(value, dict) and all(map(_is_texts, value.values()))


def split(text: str) -> list[str]:
    """Return what commas separate, without blanks around it."""
    return [each.strip() for each in text.split(",") if each.strip()]


SWITCHES = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}
TEXT = Kind(lambda value: isinstance(value, str), "a string", str)
TEXTS = Kind(_is_texts, "a list of strings", split)
SWITCH = Kind(lambda value: isinstance(value, bool), "true or false", lambda text: SWITCHES.get(text.lower()))
TABLE = Kind(_is_table, "a table of patterns, each with a list of rules")


class Key(NamedTuple):
    """What a key holds, its usual default and, where only some values exist for any command, these."""

    kind: Kind
    default: Any = None
    choices: tuple[str, ...] = ()


class Setting(NamedTuple):
    """What a key is to one command: the default there, and the values that mean something to it if not all do.

    With `is_named`, a file sets it only where `--config` names the file.
    """

    default: Any
    choices: tuple[str, ...] = ()
    is_named: bool = False


KEYS: Mapping[str, Key] = MappingProxyType({
    "select": Key(TEXTS, ()),
    "ignore": Key(TEXTS, ()),
    "per-file-ignores": Key(TABLE, MappingProxyType({})),
    "edition": Key(TEXT, BOTH, (BOTH, *EDITIONS)),
    "output-format": Key(TEXT, "full", REPORTS),
    "strict": Key(SWITCH, False),
    "unknown-members": Key(TEXT, None, UNKNOWN_MEMBERS),
    "exclude": Key(TEXTS, ()),
    "gitignore": Key(SWITCH, True),
    "baseline": Key(TEXT),
})  # fmt: skip
"""By key, what it holds."""

PREFIX = "LAMBDA_VALIDATE_"
VARIABLES: Mapping[str, str] = MappingProxyType(
    {name: PREFIX + name.replace("-", "_").upper() for name, key in KEYS.items() if key.kind.read}
)
"""By key, the variable of the environment that sets it."""
OTHER_VARIABLES = frozenset({PREFIX + "PURE"})
"""Variables with our prefix that are read elsewhere: `native` reads this one."""


def fault(name: str, value: Any) -> str | None:
    """Return what is wrong with the value of a key; None when nothing is."""
    key = KEYS[name]
    if not key.kind.holds(value):
        return f"{name} must be {key.kind.words}"
    if not key.choices or value in key.choices:
        return None
    meant = nearest(value, key.choices)
    hint = f"; did you mean {meant!r}?" if meant else ""
    return f"{name} must be one of {listing(key.choices, 'and')}{hint}"
