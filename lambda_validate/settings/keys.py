"""Define all settings: the type and the usual default of each key, such as `select` or `output-format`.

Which command uses a setting is defined with the commands, in `cli`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from .. import catalog
from ..base.spelling import listing, nearest

BOTH = "both"
"""The value `both` of `edition`: validate by today's API, and warn where the documents differ from it."""
EDITIONS = tuple(catalog.EDITIONS)


def editions(choice: str | catalog.Catalog) -> tuple[str | catalog.Catalog, ...]:
    """Return the editions to validate by, for a value of the setting `edition`: two for "both", otherwise one.

    A violation of the last one is an error. One of the first of two is only a warning.
    """
    return (catalog.DOCUMENTS, catalog.TODAY) if choice == BOTH else (choice,)


FORMATS = ("full", "concise", "json")
REPORTS = (*FORMATS, "github", "sarif", "junit", "html", "gitlab")
"""Output formats of findings. Other output is in one of `FORMATS`."""
UNKNOWN_MEMBERS = ("error", "warning", "ignore")


class ValueKind(NamedTuple):
    """The type of a setting: a function that tests a value, the name of the type in messages, and a parser.

    The parser, `read`, makes a value from an environment variable. It is None if no variable can have such a value.
    """

    holds: Callable[[Any], bool]
    words: str
    read: Callable[[str], Any] | None = None


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _is_table(value: Any) -> bool:
    return isinstance(value, dict) and all(map(_is_texts, value.values()))


def split(text: str) -> list[str]:
    """Split a string at commas, and strip white space from the parts."""
    return [part.strip() for part in text.split(",") if part.strip()]


SWITCHES = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}
TEXT = ValueKind(lambda value: isinstance(value, str), "a string", str)
TEXTS = ValueKind(_is_texts, "a list of strings", split)
SWITCH = ValueKind(lambda value: isinstance(value, bool), "true or false", lambda text: SWITCHES.get(text.lower()))
TABLE = ValueKind(_is_table, "a table of patterns, each with a list of rules")


class Key(NamedTuple):
    """A setting: its type, its usual default, and `choices`: the valid values, if only some of the type are valid."""

    kind: ValueKind
    default: Any = None
    choices: tuple[str, ...] = ()


class Setting(NamedTuple):
    """A setting as one command uses it: its default, and the values that this command accepts if not all of them.

    With `is_named`, a settings file sets it only if `--config` names that file.
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
"""All settings, by key."""

PREFIX = "LAMBDA_VALIDATE_"
VARIABLES: Mapping[str, str] = MappingProxyType(
    {name: PREFIX + name.replace("-", "_").upper() for name, key in KEYS.items() if key.kind.read}
)
"""The environment variable of each key."""
OTHER_VARIABLES = frozenset({PREFIX + "PURE"})
"""Environment variables with our prefix that are not settings: the package `native` reads this one."""


def fault(name: str, value: Any) -> str | None:
    """Return the message for an invalid value of a key; None if the value is valid."""
    key = KEYS[name]
    if not key.kind.holds(value):
        return f"{name} must be {key.kind.words}"
    if not key.choices or value in key.choices:
        return None
    meant = nearest(value, key.choices)
    hint = f"; did you mean {meant!r}?" if meant else ""
    return f"{name} must be one of {listing(key.choices, 'and')}{hint}"
