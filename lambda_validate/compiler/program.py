"""The parts of a plan's program while it is being made: instructions with labels, and tables without duplicates."""

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
    """The tree contains a node that no instruction can express; the argument is the node."""


class Label:
    """A position in the code that instructions can jump to."""

    at = -1


class Assembler:
    """The parts of a program while it is being made. `bound` are the objects that the tree refers to, by name."""

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
        """Return the index of a value in one of the tables. A new value is added."""
        if (kind, key) not in self._indexes:
            self._indexes[kind, key] = len(values)
            values.append(value)
        return self._indexes[kind, key]

    def service(self, name: str) -> int:
        """Return the number of a service, which is its bit."""
        if len(self.services) >= SERVICES and name not in self.services:
            raise UnplannableError(name)
        return self.services.setdefault(name, len(self.services) + 1)

    def program(self, functions: list[tuple[int, int]]) -> Program:
        """Return the program. Each label is replaced by the index of an instruction."""
        code = [(*row[:4], row[4].at if row[4] else 0, *row[5:]) for row in self.code]
        names = [tuple((name, number, True) for name, number in self.services.items()), *self.names[1:]]
        return Program(code, functions, names, self.objects, self.tables)
