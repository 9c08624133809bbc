"""The JSON Schema of the settings file, for completion and checks in editors: `lambda-validate schema --settings`.

It is made from the table of settings. It uses draft 7, the version that editors of TOML files support.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .keys import KEYS, SWITCH, TABLE, TEXT, TEXTS, Key, ValueKind

TYPES: Mapping[ValueKind, dict[str, Any]] = {
    TEXT: {"type": "string"},
    TEXTS: {"type": "array", "items": {"type": "string"}},
    SWITCH: {"type": "boolean"},
    TABLE: {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}},
}
"""The schema of values, by the type of a setting."""

DESCRIPTIONS: Mapping[str, str] = {
    "select": "Report only these rules or families of rules.",
    "ignore": "Do not report these rules or families of rules.",
    "per-file-ignores": "Rules not to report in files that match a pattern.",
    "edition": "current (today's API), documents (two pages of the API reference) or both.",
    "output-format": "The output format. A command that does not have this format uses full.",
    "strict": "Treat warnings as errors.",
    "unknown-members": "The severity of a member that no edition defines.",
    "exclude": "Skip these files; patterns as in .gitignore.",
    "gitignore": "Skip files that a .gitignore file excludes.",
    "baseline": "Do not report the findings that this baseline file lists.",
}
RULES = ("select", "ignore", "per-file-ignores")
"""The settings that name rules."""


def settings_schema(rules: Iterable[str]) -> dict[str, Any]:
    """Return the schema of `.lambda-validate.toml` and of `[tool.lambda-validate]` in `pyproject.toml`.

    `rules` are the names of all rules and of families of rules.
    """
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Settings of lambda-validate",
        "type": "object",
        "additionalProperties": False,
        "properties": {name: _property(name, key) for name, key in KEYS.items()},
        "definitions": {"rule": {"enum": sorted(rules)}},
    }


def _property(name: str, key: Key) -> dict[str, Any]:
    """Return the schema of one setting, with the description and the default that editors show."""
    schema = {"description": DESCRIPTIONS[name], **TYPES[key.kind]}
    if key.choices:
        schema["enum"] = list(key.choices)
    if name in RULES:
        rules = {"type": "array", "items": {"$ref": "#/definitions/rule"}}
        schema.update({"additionalProperties": rules} if key.kind is TABLE else rules)
    if isinstance(key.default, str | bool):
        schema["default"] = key.default
    return schema
