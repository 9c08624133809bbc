"""Settings of the commands: from arguments, then variables of the environment, then a file, then defaults.

Input: the parsed arguments of a command, the environment, and the folder in which the command runs. Output: the same
arguments, in which each value that was not given (None) is now set. The first source that has a value decides. With
`[tool.lambda-validate] select = ["batch-size"]` in `pyproject.toml` and no `--select`, `arguments.select` becomes
`["batch-size"]`.

`keys` has the table of all settings, `files` reads settings files, and `schema` describes them for editors. The
functions of the Python API read no settings.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from ..base.spelling import nearest
from .files import Config, ConfigError, found, read
from .keys import KEYS, OTHER_VARIABLES, PREFIX, VARIABLES, Setting, fault

__all__ = ["ConfigError", "Origin", "attribute", "fill", "unknown"]


class Origin(NamedTuple):
    """The source of a setting: the folder to which its paths are relative, and a function that makes its errors."""

    folder: str = os.curdir
    error: Callable[[str], ConfigError] | None = None

    def blamed(self, error: Exception) -> Exception:
        """Return an error about a setting, with a message that names the source, such as the settings file.

        The error about a command-line argument is returned unchanged, since its source is obvious.
        """
        return self.error(str(error)) if self.error else error


ARGUMENT, DEFAULT = Origin(), Origin()
"""The source of arguments and the source of defaults. They are equal, and are compared by identity."""
EMPTY_CONFIG = Config()


def fill(
    arguments: Any, environment: Mapping[str, str], settings: Mapping[str, Setting], folder: str = os.curdir
) -> None:
    """Set each argument that is None to its value from the environment, the settings file or the defaults.

    `arguments.origins` becomes a dict from each key to the source of its value. The settings file is the nearest one in
    `folder` or above it, unless the argument `config` names one. Invalid settings raise `ConfigError`. Settings that
    the command does not have are ignored.
    """
    config = _config(arguments, folder)
    arguments.origins = origins = {}
    for name in filter(settings.__contains__, KEYS):
        value, origins[name] = _setting(name, settings[name], arguments, environment, config)
        setattr(arguments, attribute(name), value)


def unknown(environment: Mapping[str, str]) -> Iterator[str]:
    """Yield a note for each environment variable that begins with `LAMBDA_VALIDATE_` but is not a setting.

    It is a note and not an error, because other programs or other versions of this one may use the variable.
    """
    variables = OTHER_VARIABLES.union(VARIABLES.values())
    known = [variable.removeprefix(PREFIX) for variable in VARIABLES.values()]
    for name in sorted(name for name in environment if name.startswith(PREFIX)):
        if name not in variables:
            meant = nearest(name.removeprefix(PREFIX), known)
            hint = f"did you mean {PREFIX}{meant}?" if meant else f"after {PREFIX} must be one of {', '.join(known)}"
            yield f"{name[:80]!a} sets nothing; {hint}"


def attribute(name: str) -> str:
    """Return the name of the argument for a key: `per-file-ignores` becomes `per_file_ignores`."""
    return name.replace("-", "_")


def _config(arguments: Any, folder: str) -> Config:
    if arguments.no_config:
        return EMPTY_CONFIG
    return found(folder) if arguments.config is None else read(arguments.config)


def _setting(
    name: str, setting: Setting, arguments: Any, environment: Mapping[str, str], config: Config
) -> tuple[Any, Origin]:
    """Return the value of a setting from the first source that has a valid one, and that source."""
    given = getattr(arguments, attribute(name), None)
    if given is not None:
        return given, ARGUMENT
    counts = arguments.config is not None or not setting.is_named
    for value, origin in _set(name, environment, config if counts else EMPTY_CONFIG):
        if value is not None and (not setting.choices or value in setting.choices):
            return value, origin
    return setting.default, DEFAULT


def _set(name: str, environment: Mapping[str, str], config: Config) -> Iterator[tuple[Any, Origin]]:
    """Yield the value of a setting from the environment, then its value from the settings file, each with its source.

    A source without the setting yields nothing, and neither does an empty variable.
    """
    variable = VARIABLES.get(name, "")
    text = environment.get(variable, "").strip()
    if text and (read_text := KEYS[name].kind.read):
        value = read_text(text)
        if problem := fault(name, value):
            raise _error_of(variable)(problem)
        yield value, Origin(error=_error_of(variable))
    if name in config.values:
        yield config.values[name], Origin(config.folder, lambda message: config.error(name, message))


def _error_of(variable: str) -> Callable[[str], ConfigError]:
    return lambda message: ConfigError(f"{variable}: {message}")
