"""The table of settings: what each key holds, which commands it affects, and its default for each of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from .. import catalog
from ..base.spelling import listing, nearest

BOTH = "both"
"""A reading of the checking commands: errors by today's API, and warnings where the documents differ from it."""
CHECKING = ("lint", "request", "response")
OTHERS = ("operations", "rules", "explain", "schema", "export", "docs", "fuzz", "serve")
COMMANDS = (*CHECKING, *OTHERS, "drift")
STATING = ("rules", "explain")
LIVE = ("fuzz", "serve")
"""The commands that check a server: what a repository has its files checked for does not narrow that."""
CHOOSING = (*CHECKING, *LIVE)
"""The commands that rules can be selected for."""
DEFAULT_EDITIONS: Mapping[str, str] = MappingProxyType(
    {**dict.fromkeys(CHECKING, BOTH), **dict.fromkeys(OTHERS, catalog.TODAY)}
)
"""By command, the edition that it goes by unless an argument or a setting names another one."""
EDITIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {each: (BOTH,) * (each in (*CHECKING, *STATING)) + tuple(catalog.EDITIONS) for each in DEFAULT_EDITIONS}
)
"""By command, the editions that it knows."""


def editions(reading: str | catalog.Catalog) -> tuple[str | catalog.Catalog, ...]:
    """Return the editions of a reading, the one that decides last."""
    return (catalog.DOCUMENTS, catalog.TODAY) if reading == BOTH else (reading,)


FORMATS = ("full", "concise", "json")
REPORTS = (*FORMATS, "github", "sarif", "junit", "html")
"""How findings are printed; all else is printed in one of `FORMATS`."""
OUTPUT_FORMATS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {**dict.fromkeys(COMMANDS, FORMATS), **dict.fromkeys(CHECKING, REPORTS)}
)
UNKNOWN_MEMBERS = ("error", "warning", "ignore")
VALIDATING = (*CHECKING, "serve")
"""The commands that check payloads."""


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
    """What a key holds; by each command that it affects, its default and, where only some values exist, these.

    `named` are commands that a file sets it for only where `--config` names the file.
    """

    kind: Kind
    defaults: Mapping[str, Any]
    choices: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    named: tuple[str, ...] = ()

    def fits(self, command: str, value: Any) -> bool:
        """Return whether a value means something to a command."""
        return not self.choices or value in self.choices[command]


def _lint(default: Any) -> Mapping[str, Any]:
    return {"lint": default}


KEYS: Mapping[str, Key] = MappingProxyType({
    "select": Key(TEXTS, dict.fromkeys(CHOOSING, ()), named=LIVE),
    "ignore": Key(TEXTS, dict.fromkeys(CHOOSING, ()), named=LIVE),
    "per-file-ignores": Key(TABLE, _lint(MappingProxyType({}))),
    "edition": Key(TEXT, DEFAULT_EDITIONS, EDITIONS),
    "output-format": Key(TEXT, dict.fromkeys(COMMANDS, "full"), OUTPUT_FORMATS),
    "strict": Key(SWITCH, dict.fromkeys((*VALIDATING, "schema"), False)),
    "unknown-members": Key(TEXT, dict.fromkeys(VALIDATING), dict.fromkeys(VALIDATING, UNKNOWN_MEMBERS)),
    "exclude": Key(TEXTS, _lint(())),
    "gitignore": Key(SWITCH, _lint(True)),
    "baseline": Key(TEXT, _lint(None)),
})  # fmt: skip
"""By key, what it holds."""

PREFIX = "LAMBDA_VALIDATE_"
VARIABLES: Mapping[str, str] = MappingProxyType(
    {name: PREFIX + name.replace("-", "_").upper() for name, key in KEYS.items() if key.kind.read}
)
"""By key, the variable of the environment that sets it."""


def fault(name: str, value: Any) -> str | None:
    """Return what is wrong with the value of a key; None when nothing is."""
    key = KEYS[name]
    if not key.kind.holds(value):
        return f"{name} must be {key.kind.words}"
    every = tuple(dict.fromkeys(each for choices in key.choices.values() for each in choices))
    if not every or value in every:
        return None
    meant = nearest(value, every)
    hint = f"; did you mean {meant!r}?" if meant else ""
    return f"{name} must be one of {listing(every, 'and')}{hint}"
