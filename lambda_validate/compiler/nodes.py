"""The tree that a schema is compiled into: operands, checks and statements. All of them are immutable values.

A *check* is a condition that is true or false of a value. A *statement* acts on the result of a check. Strings from a
schema are wrapped (`Literal`, `Has.name`). A bare `str` is always the name of a variable, or of an object that the
generated code can use.

    If(Not(Has("v1", "Name")), [Return("False")], [])     if 'Name' not in v1: return False
    If(Match("match_3", "v2"), [...], [...])              if match_3(v2): ... else: ...

`passes.py` rewrites these trees, and `printer.py` turns them into Python. No other code is made or changed as text, so
a string in a schema can never become code.
"""

from __future__ import annotations

from collections.abc import Iterable
from operator import itemgetter
from typing import Any, ClassVar, Self, TypeAlias, dataclass_transform

new = tuple.__new__
OUTLIVES = IS_HELD = True
"""Names for True as the argument `Assign.outlives` or `IsType.is_held`: nodes accept no keyword arguments."""


@dataclass_transform(frozen_default=True)
class Node(tuple[Any, ...]):
    """A value with named parts.

    Why not `NamedTuple`: making its classes takes 0.7 million instructions each, which is a quarter of a first verdict.
    """

    __slots__ = ()
    size: ClassVar[int]
    defaults: ClassVar[tuple[Any, ...]]

    def __init_subclass__(cls) -> None:
        names = cls.__annotations__
        cls.size, cls.defaults = len(names), tuple(getattr(cls, name) for name in names if hasattr(cls, name))
        for index, name in enumerate(names):
            setattr(cls, name, property(itemgetter(index)))

    def __new__(cls, *values: Any) -> Self:
        """Return a node with these parts, in their order."""
        return new(cls, values)

    def __repr__(self) -> str:
        return f"{type(self).__name__}{super().__repr__()}"


class Defaulted(Node):
    """A node whose last parts have defaults."""

    def __new__(cls, *values: Any) -> Self:
        """Return a node with these parts, in their order, and defaults for the remaining ones."""
        return new(cls, values + cls.defaults[len(cls.defaults) - cls.size + len(values) :])


# Operands: the values that a check compares.


class Literal(Node):
    """A constant, such as a string or a number."""

    value: Any


class Item(Node):
    """A member of an object, or an item of an array."""

    container: Operand
    key: Operand


class Call(Node):
    """A call of a function that the generated code can use."""

    function: str
    arguments: tuple[Operand, ...]

    @property
    def argument(self) -> Operand:
        """The only argument."""
        [only] = self.arguments
        return only


class Spread(Node):
    """All steps of another path, as part of a path."""

    path: str


Operand: TypeAlias = "str | Literal | Item | Call | Spread | tuple[Operand, ...]"
"""A `str` is the name of a variable, or of an attribute of one. A tuple is the steps of a path."""

# Checks: conditions that are true or false.


class Holds(Node):
    """An operand is true in Python's sense."""

    operand: Operand


class Compare(Node):
    """A comparison by `==`, `is`, `<` or `>`, or by one of their opposites, is true."""

    left: Operand
    operator: str
    right: Operand


class Has(Node):
    """An object has a member with a given name."""

    owner: Operand
    name: str


class InSet(Node):
    """A string or number is in a set."""

    value: Operand
    choices: str


class Match(Node):
    """A string matches a pattern."""

    pattern: str
    value: Operand


class IsType(Defaulted):
    """A value has a JSON type. `exact` is the variable that receives the value as the built-in type.

    Without `exact`, the value must be of the built-in type itself. `is_held` says that the variable already holds the
    value, so that its type is tested before a conversion is tried.
    """

    value: Operand
    kind: str
    exact: str = ""
    is_held: bool = False


class Not(Node):
    """A check is false."""

    check: Check


class All(Node):
    """Several checks are all true. They are evaluated in turn, up to the first that is false."""

    checks: tuple[Check, ...]


class AnyOf(Node):
    """At least one of several checks is true. They are evaluated in turn, up to the first that is true."""

    checks: tuple[Check, ...]


Check = Holds | Compare | Has | InSet | Match | IsType | Not | All | AnyOf

TRUE, FALSE = All(()), AnyOf(())
"""The check that is always true, and the one that is always false. Compare with `is`."""

# Statements: the steps of the generated code.


class Assign(Defaulted):
    """Set a variable. `outlives` says that code outside the block reads it."""

    target: str
    value: Operand
    outlives: bool = False


class Add(Node):
    """Add a number to a variable."""

    name: str
    amount: int


class RecordViolation(Node):
    """Record a violation: the path, the constraint, and the invalid value."""

    path: tuple[Operand, ...]
    constraint: str
    value: Operand


class Return(Node):
    """Return a variable, or a constant such as `False`, from the function."""

    name: str


class If(Node):
    """Run one block if a check is true, and the other if it is false."""

    check: Check
    body: Code
    otherwise: Code


class For(Node):
    """Run a block for each element of something."""

    variables: str
    elements: Operand
    body: Code


class Function(Node):
    """Define a function."""

    name: str
    parameters: str
    body: Code


Statement = Assign | Add | Call | RecordViolation | Return | If | For | Function
"""What generated code does; a call is there for its effect."""
Code = list[Statement]

NONE = Literal(None)
FAILED: Code = [Return("False")]
"""The code that ends a verdict or a condition with False."""


def leaves(code: Code) -> bool:
    """Return whether code always ends by returning from the function."""
    return bool(code) and type(code[-1]) is Return


def only_fails(code: Code) -> bool:
    """Return whether code does nothing but fail, or record a violation."""
    return code == FAILED or [type(node) for node in code] == [RecordViolation]


def negated(check: Check) -> Check:
    """Return the opposite of a check."""
    return check.check if isinstance(check, Not) else Not(check)


def every(checks: Iterable[Check]) -> Check:
    """Return the conjunction of checks; a single one as it is."""
    parts = tuple(checks)
    return parts[0] if len(parts) == 1 else All(parts) if parts else TRUE


def when(check: Check, body: Code, otherwise: Code | None = None) -> Code:
    """Return an `If` with these blocks; no code if both are empty."""
    if body:
        return [If(check, body, otherwise or [])]
    return [If(negated(check), otherwise, [])] if otherwise else []


def for_each(variables: str, elements: Operand, body: Code) -> Code:
    """Return a loop over elements; no code if its block is empty."""
    return [For(variables, elements, body)] if body else []
