"""Collect the instructions and tables of a plan, the program of the native engine, while a schema is compiled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..native.instructions import Names, Program
from ..patterns.tables import Table
from .faults import Note
from .nodes import Code, Function

SERVICES = 28
"""Maximum number of services in a plan: a set of services is a field of an instruction, with a bit for each."""


class UnplannableError(Exception):
    """The native engine has no instruction for a part of the generated code; the argument of the error is that node."""


class Label:
    """A position in the code that instructions can jump to."""

    at = -1


class Assembler:
    """The instructions, tables and objects of a program while it is being made.

    `bound` are the Python objects that the generated code refers to, by name.
    """

    def __init__(self, names: Mapping[str, Any], functions: Code, table: Callable[[str], Table | None]) -> None:
        self.bound, self.table = names, table
        self.code: list[list[Any]] = []
        self.objects: list[Any] = []
        self.tables: list[Table] = []
        self.notes: list[Note] = []
        self.names: list[Names] = [()]  # the first are the services
        self.services: dict[str, int] = {}
        self.functions = {
            function.name: index for index, function in enumerate(functions) if isinstance(function, Function)
        }
        self._indexes: dict[tuple[str, Any], int] = {}

    def index(self, kind: str, key: Any, values: list[Any], value: Any) -> int:
        """Return the index of a value in `values`, such as `tables`. A value with a new key is appended first."""
        if (kind, key) not in self._indexes:
            self._indexes[kind, key] = len(values)
            values.append(value)
        return self._indexes[kind, key]

    def service(self, name: str) -> int:
        """Return the number of a service, such as "sqs": its bit in a set of services, counted from 1."""
        if len(self.services) >= SERVICES and name not in self.services:
            raise UnplannableError(name)
        return self.services.setdefault(name, len(self.services) + 1)

    def program(self, functions: list[tuple[int, int]]) -> Program:
        """Return the finished program. In jumps, labels are replaced by indexes of instructions.

        `functions` are the index of the first instruction and the number of registers of each function.
        """
        code = [(*row[:4], row[4].at if row[4] else 0, *row[5:]) for row in self.code]
        names = [tuple((name, number, True) for name, number in self.services.items()), *self.names[1:]]
        return Program(code, functions, names, self.objects, self.tables)
