"""Parse the arguments of a command. Options and operands can be in any order.

argparse parses the options. It returns operands, and options that do not exist, as unknown arguments. These are handled
here, because argparse does not say where `--` was, and in several cases takes operands in another order for an error.
"""

from __future__ import annotations

import os
import sys
from argparse import Action, ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, NoReturn

from ..base.spelling import MAX_NAME_LENGTH, listing, nearest
from .commands import NAME, UsageError
from .table import Operand

COLUMNS = 80
"""The width of help if the width of the terminal is unknown."""
END = "--"
"""After this argument, all are operands."""
SYNONYMS: Mapping[str, str] = dict.fromkeys(("--format", "--output", "-f", "-o"), "--output-format")
"""Options of other programs, and the option that they mean here."""


class Formatter(RawDescriptionHelpFormatter):
    """A formatter of argparse's help that computes the terminal's width once, not for each argument, which is slow."""

    def __init__(self, prog: str, **options: Any) -> None:
        super().__init__(prog, **{"width": _columns(os.environ) - 2, **options})


def _columns(environment: Mapping[str, str]) -> int:
    """Return the width of the terminal as `shutil` computes it, without importing that module."""
    wanted = environment.get("COLUMNS", "")
    if wanted.isdecimal() and int(wanted):
        return int(wanted)
    with suppress(AttributeError, ValueError, OSError):  # closed, or no terminal
        return os.get_terminal_size(sys.__stdout__.fileno()).columns or COLUMNS  # type: ignore[union-attr]  # suppressed
    return COLUMNS


class Parser(ArgumentParser):
    """An argparse parser for the options and `operands` of a command. Invalid arguments raise `UsageError`."""

    def __init__(self, name: str = "", operands: Sequence[Operand] = ()) -> None:
        prog = f"{NAME} {name}".rstrip()
        super().__init__(prog, formatter_class=Formatter, allow_abbrev=False, add_help=False)
        self.command, self.operands = name, tuple(operands)
        self._sections: dict[str, Any] = {}

    def section(self, title: str) -> Any:
        """Return the section of the help with this title, to add options to. It is created at the first call."""
        if title not in self._sections:
            self._sections[title] = self.add_argument_group(title)
        return self._sections[title]

    def read(self, given: Sequence[str]) -> Namespace:
        """Return the parsed arguments. An option or operand that does not exist raises `UsageError`."""
        end = given.index(END) if END in given else len(given)
        self._refuse_values(given[:end])
        found, left = self.parse_known_args(given[:end])
        for argument in left:
            if argument.startswith("-") and argument != "-":
                self._refuse(argument.partition("=")[0])
        self._assign(found, [*left, *given[end + 1 :]])
        return found

    def format_help(self) -> str:
        """Return the help of the command, with operands and examples."""
        from .help_words import around

        self.usage, self.description, self.epilog = around(self.command)
        return super().format_help()

    def error(self, message: str) -> NoReturn:
        """Raise `UsageError` with a message and a reference to the help, where argparse would end the process."""
        raise UsageError(f"{message}; see {self.prog} --help")

    def _refuse_values(self, given: Sequence[str]) -> None:
        """Raise `UsageError` if an option that takes no value is given one, such as `--strict=yes`."""
        for argument in given:
            option, equals, value = argument.partition("=")
            action = self._option_string_actions.get(option)
            if equals and action is not None and action.nargs == 0:
                forms = listing(form for form in action.option_strings if form.startswith(END))
                raise UsageError(f"{option} takes no value, not {value[:MAX_NAME_LENGTH]!a}; write {forms}")

    def _refuse(self, option: str) -> NoReturn:
        """Raise `UsageError` for an option that does not exist, with the nearest one that does."""
        known = {form for action in self._actions for form in action.option_strings if form.startswith(END)}
        meant = SYNONYMS.get(option) if SYNONYMS.get(option) in known else nearest(option, sorted(known))
        if meant:
            raise UsageError(f"unknown option {option[:MAX_NAME_LENGTH]!a}; did you mean {meant!r}?")
        if not self.command:
            raise UsageError(
                f"expected a command before {option[:MAX_NAME_LENGTH]!a}, as in {NAME} lint --strict; see {NAME} --help"
            )
        self.error(f"unknown option {option[:MAX_NAME_LENGTH]!a}")

    def _assign(self, found: Namespace, given: list[str]) -> None:
        """Set the operands of a command from the arguments that are not options. Too few or too many are an error."""
        for operand in self.operands:
            if operand.is_list:
                value: Any = given[:] or (None if operand.default is None else [])
                given.clear()
            else:
                value = given.pop(0) if given else operand.default
            if value is None:
                self.error(f"expected {operand.metavar}")
            setattr(found, operand.name, value)
        if given:
            taken = listing((operand.metavar for operand in self.operands), "and")
            only = f"takes only {taken}" if taken else "takes options only"
            self.error(f"unexpected argument {given[0][:MAX_NAME_LENGTH]!a}: {self.prog} {only}")

    def _check_value(self, action: Action, value: Any) -> None:
        """Raise `UsageError` if a value is not among an option's choices, with the nearest one."""
        if action.choices is not None and value not in action.choices:
            meant = nearest(value, map(str, action.choices))
            hint = f"did you mean {meant!r}?" if meant else f"choose from {listing(action.choices)}"
            raise UsageError(f"{'/'.join(action.option_strings)} cannot be {str(value)[:MAX_NAME_LENGTH]!a}; {hint}")
