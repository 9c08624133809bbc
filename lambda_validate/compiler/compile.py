"""Compile a schema: make a tree of checks, optimise it, print it as Python source, and make a function of that."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, NamedTuple

from ..catalog import Schema
from ..catalog.bundle import SchemaError
from ..patterns import PatternError
from ..report import Constraint
from ..report.policy import VERDICT, Policy
from .context import INSTANCE, Context
from .layout import emit
from .nodes import Assign, Code, Function, Literal, Return
from .passes import optimised
from .place import Place
from .printer import render
from .results import explain

DEFAULT_POLICY = Policy()


class Checker(NamedTuple):
    """A compiled schema. `run(payload)` returns True or False, or a list of violations, depending on the mode.

    `source` is the Python source of the function. `constraints` are all rules that a report may record.
    """

    run: Callable[[Any], Any]
    source: str
    constraints: tuple[Constraint, ...]


def compile_schema(
    schema: Schema, mode: str, name: str = "schema", policy: Policy = DEFAULT_POLICY, *, by_need: bool = False
) -> Checker:
    """Compile a self-contained schema into a checker. `mode` is `"verdict"` or `"report"`.

    An unknown keyword or format, or an invalid argument, raises `SchemaError`, which names it. With `by_need`, inner
    functions and patterns are compiled at their first call. An error in them is raised then, and `source` and
    `constraints` do not contain them.
    """
    filename = f"lambda-validate/{name}/{mode}"
    source = [f"# {filename}\n"]

    def execute(code: Code, name: str) -> Callable[..., Any]:
        before = sum(part.count("\n") for part in source)
        source.append(render(code))
        exec(compile("\n" * before + source[-1], filename, "exec"), context.names)  # ours: see `printer.py`
        function: Callable[..., Any] = context.names[name]
        return function

    context = Context(schema, policy, mode, emit, explain, execute=execute if by_need else None)
    try:
        tree = optimised(context.emit(schema, Place(INSTANCE)))
    except PatternError as error:
        raise SchemaError(str(error)) from None
    context.names["__loader__"] = SimpleNamespace(get_source=lambda name: "".join(source))  # for tracebacks
    check = execute([*context.definitions, Function("check", INSTANCE, _framed(tree, mode))], "check")
    return Checker(check, "".join(source), tuple(context.constraints))


def _framed(tree: Code, mode: str) -> Code:
    """Return the body of the outermost function: the code of a schema, and the statements that return the result."""
    if mode == VERDICT:
        return [*tree, Return("True")]
    return [Assign("out", Literal([])), Assign("add", "out.append"), *tree, Return("out")]
