"""Read settings files: `.lambda-validate.toml`, or `[tool.lambda-validate]` in `pyproject.toml`.

The nearest file counts, searched from the working folder up to the top of its repository. Invalid settings raise
`ConfigError`. Its message names the file, the line if it is known, and the nearest spelling.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from ..base.spelling import nearest
from ..files import regular as regular_files
from ..files.folders import REPOSITORY, ancestors
from .keys import KEYS, fault

OWN_NAME, SHARED_NAME, TABLE = ".lambda-validate.toml", "pyproject.toml", "lambda-validate"
MAX_CONFIG_FILE_BYTES = 1_000_000
"""Maximum size of a settings file in bytes."""


class ConfigError(Exception):
    """Settings that cannot be used. The message is one line that names the file and says what to do."""


class Config(NamedTuple):
    """The settings of a file: checked values by key.

    `folder` is the folder to which its paths and patterns are relative.
    """

    values: Mapping[str, Any] = {}
    file: str = ""
    folder: str = "."
    text: str = ""

    def error(self, key: str, message: str) -> ConfigError:
        """Return an error about the setting `key`, with the file and the line before the message."""
        return _error(self.file, self.text, key, message)


def found(folder: str) -> Config:
    """Return the settings of the nearest settings file in a folder or above it; empty settings if there is no file."""
    for ancestor in ancestors(os.path.abspath(folder)):
        for name in (OWN_NAME, SHARED_NAME):
            path = os.path.join(ancestor, name)
            if os.path.isfile(path):
                config = _read(path, name == SHARED_NAME)
                if config is not None:
                    return config
        if os.path.exists(os.path.join(ancestor, REPOSITORY)):
            break
    return Config()


def read(path: str) -> Config:
    """Return the settings in a given file; empty settings for a `pyproject.toml` without our table."""
    return _read(path, os.path.basename(path) == SHARED_NAME) or Config(file=path)


def _read(path: str, is_shared: bool) -> Config | None:
    shown = os.path.relpath(path)
    try:
        data = regular_files.read(path, MAX_CONFIG_FILE_BYTES)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise ConfigError(f"{shown}: the settings cannot be read: {reason}") from None
    if is_shared and TABLE.encode() not in data:
        return None  # the file has no table of ours, so it may be broken
    text, values = _parsed(shown, data)
    if is_shared:
        tools = values.get("tool")
        values = tools.get(TABLE) if isinstance(tools, dict) else None
        if values is None:
            return None
    if not isinstance(values, dict):
        raise _error(shown, text, TABLE, f"[tool.{TABLE}] must be a table")
    _check(shown, text, values)
    return Config(values, shown, os.path.dirname(os.path.abspath(path)), text)


def _parsed(file: str, data: bytes) -> tuple[str, Any]:
    import tomllib  # most runs have no settings file

    try:
        text = data.decode()
        return text, tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise ConfigError(f"{file}: expected UTF-8 text, but byte {error.start + 1} is invalid") from None
    except (ValueError, RecursionError) as error:  # TOMLDecodeError is a ValueError
        raise ConfigError(f"{file}: expected TOML: {' '.join(str(error).split())}") from None


def _check(file: str, text: str, values: Mapping[str, Any]) -> None:
    for key, value in values.items():
        if key not in KEYS:
            meant = nearest(key, KEYS)
            hint = f"did you mean {meant!r}?" if meant else f"the keys are {', '.join(KEYS)}"
            raise _error(file, text, key, f"there is no setting {key[:80]!a}; {hint}")
        if problem := fault(key, value):
            raise _error(file, text, key, problem)


def _error(file: str, text: str, key: str, message: str) -> ConfigError:
    """Return an error about a setting. It names the first line that begins with the key, in the tool's own table."""
    table = re.search(rf"^[ \t]*\[tool\.[\"']?{TABLE}", text, re.MULTILINE)
    place = re.compile(rf"^[ \t\[]*(?:tool\.{TABLE}\.)?[\"']?{re.escape(key)}\b", re.MULTILINE)
    match = place.search(text, table.start() if table else 0)
    line = f":{text.count(chr(10), 0, match.start()) + 1}" if match else ""
    return ConfigError(f"{file}{line}: {message}")
