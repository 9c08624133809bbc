"""Settings of the commands. An argument counts before a variable of the environment, that before a file, then defaults.

`keys` has the table of what can be set, and `files` reads what a project sets. Python functions read no settings.
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
    """Where a setting is from: the folder that its paths are relative to, and how an error there reads."""

    folder: str = os.curdir
    error: Callable[[str], ConfigError] | None = None

    def blamed(self, error: Exception) -> Exception:
        """Return an error about what is set, with its place; the place of an argument need not be named."""
        return self.error(str(error)) if self.error else error


ARGUMENT = Origin()
"""An argument, or a default."""
NOTHING = Config()


def fill(
    arguments: Any, environment: Mapping[str, str], settings: Mapping[str, Setting], folder: str = os.curdir
) -> None:
    """Set the arguments that are None to what is set elsewhere, and note as `origins` where each is from, by key.

    The settings file is that of `folder`, unless an argument names one. Settings that cannot be used raise
    `ConfigError`. What means nothing to the command is ignored.
    """
    config = _config(arguments, folder)
    arguments.origins = origins = {}
    for name in filter(settings.__contains__, KEYS):
        value, origins[name] = _setting(name, settings[name], arguments, environment, config)
        setattr(arguments, attribute(name), value)


def unknown(environment: Mapping[str, str]) -> Iterator[str]:
    """Yield a note for each variable that has our prefix and sets nothing.

    It is no error: other programs and other versions may have such variables, in the environment of a whole system.
    """
    variables = OTHER_VARIABLES.union(VARIABLES.values())
    known = [each.removeprefix(PREFIX) for each in VARIABLES.values()]
    for name in sorted(each for each in environment if each.startswith(PREFIX)):
        if name not in variables:
            meant = nearest(name.removeprefix(PREFIX), known)
            hint = f"did you mean {PREFIX}{meant}?" if meant else f"after {PREFIX} stands one of {', '.join(known)}"
            yield f"{name[:80]!a} sets nothing; {hint}"


def attribute(name: str) -> str:
    """Return the name of the argument that is a key."""
    return name.replace("-", "_")


def _config(arguments: Any, folder: str) -> Config:
    if arguments.no_config:
        return NOTHING
    return found(folder) if arguments.config is None else read(arguments.config)


def _setting(
    name: str, setting: Setting, arguments: Any, environment: Mapping[str, str], config: Config
) -> tuple[Any, Origin]:
    """Return the value of a key, and where it is from."""
    given = getattr(arguments, attribute(name), None)
    if given is not None:
        return given, ARGUMENT
    counts = arguments.config is not None or not setting.is_named
    for value, origin in _set(name, environment, config if counts else NOTHING):
        if value is not None and (not setting.choices or value in setting.choices):
            return value, origin
    return setting.default, ARGUMENT


def _set(name: str, environment: Mapping[str, str], config: Config) -> Iterator[tuple[Any, Origin]]:
    """Yield what the environment and a file set a key to, and where; an empty variable sets nothing."""
    variable = VARIABLES.get(name, "")
    text = environment.get(variable, "").strip()
    if text and (read_text := KEYS[name].kind.read):
        value = read_text(text)
        if wrong := fault(name, value):
            raise _error_of(variable)(wrong)
        yield value, Origin(error=_error_of(variable))
    if name in config.values:
        yield config.values[name], Origin(config.folder, lambda message: config.error(name, message))


def _error_of(variable: str) -> Callable[[str], ConfigError]:
    return lambda message: ConfigError(f"{variable}: {message}")
