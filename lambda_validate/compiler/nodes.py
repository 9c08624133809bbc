"""Define the tree that a schema is compiled into, made of operands, checks and statements. All are immutable values.

A *check* is a condition, such as `v1 < 5`. A *statement* does something, such as `return False` after a check. A string
from a schema is always wrapped (`Literal`, `Has.name`). A bare `str` is always the name of a variable, or of an object
that the generated code can use.

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
"""Names for True, to pass as `Assign.outlives` or `IsType.is_held`, since nodes accept no keyword arguments."""


@dataclass_transform(frozen_default=True)
class Node(tuple[Any, ...]):
    """A tuple with named parts, which are the annotations of a subclass.

    Why it is not a `NamedTuple`: creating such a class takes 0.7 million CPU instructions. That is a quarter of what
    the first verdict of a process takes.
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
        """Return a node with these parts, in the order of the class's annotations."""
        return new(cls, values)

    def __repr__(self) -> str:
        return f"{type(self).__name__}{super().__repr__()}"


class Defaulted(Node):
    """A node whose last parts have defaults."""

    def __new__(cls, *values: Any) -> Self:
        """Return a node with these parts, in the order of the class's annotations, and defaults for the others."""
        return new(cls, values + cls.defaults[len(cls.defaults) - cls.size + len(values) :])


# The following nodes are operands: the values that a check compares.


class Literal(Node):
    """The operand for a constant, such as a string or a number from a schema."""

    value: Any


class Item(Node):
    """The operand `container[key]`: a member of an object, or an item of an array."""

    container: Operand
    key: Operand


class Call(Node):
    """The operand or statement `function(arguments)`: a call of a function that the generated code can use."""

    function: str
    arguments: tuple[Operand, ...]

    @property
    def argument(self) -> Operand:
        """The argument of a call that has exactly one."""
        [only] = self.arguments
        return only


class Spread(Node):
    """The operand `*path`: all steps of another path, as part of a path."""

    path: str


Operand: TypeAlias = "str | Literal | Item | Call | Spread | tuple[Operand, ...]"
"""A `str` is the name of a variable, or of an attribute of one. A tuple is the steps of a path."""

# The following nodes are checks: conditions that are true or false.


class Holds(Node):
    """The check `operand`: it is true in Python's sense, as a non-empty string is."""

    operand: Operand


class Compare(Node):
    """The check `left operator right`. The operator is `==`, `is`, `<` or `>`, or the opposite of one of them."""

    left: Operand
    operator: str
    right: Operand


class Has(Node):
    """The check `name in owner`: an object has a member of this name."""

    owner: Operand
    name: str


class InSet(Node):
    """The check `value in choices`: a string or number is in a set."""

    value: Operand
    choices: str


class Match(Node):
    """The check `pattern(value)`: a string matches a pattern. `pattern` is the name of a function."""

    pattern: str
    value: Operand


class IsType(Defaulted):
    """The check that a value has a JSON type. `exact` is the variable that then gets the value as a built-in type.

    Without `exact`, the value must be of the built-in type itself. `is_held` says that the variable `exact` already has
    the value. Then its type is tested first, and a conversion is tried only if that fails.
    """

    value: Operand
    kind: str
    exact: str = ""
    is_held: bool = False


class Not(Node):
    """The check `not check`: another check is false."""

    check: Check


class All(Node):
    """The check that several checks are all true. They are evaluated in turn, up to the first that is false."""

    checks: tuple[Check, ...]


class AnyOf(Node):
    """The check that one of several checks is true. They are evaluated in turn, up to the first that is true."""

    checks: tuple[Check, ...]


Check = Holds | Compare | Has | InSet | Match | IsType | Not | All | AnyOf

TRUE, FALSE = All(()), AnyOf(())
"""The check that is always true, and the check that is always false. Compare other checks with them by `is`."""

# The following nodes are statements: the steps of the generated code.


class Assign(Defaulted):
    """The statement `target = value`. `outlives` says that code after the current block uses the variable."""

    target: str
    value: Operand
    outlives: bool = False


class Add(Node):
    """The statement `name += amount`."""

    name: str
    amount: int


class RecordViolation(Node):
    """The statement that records a violation in a report: the path, the constraint, and the invalid value."""

    path: tuple[Operand, ...]
    constraint: str
    value: Operand


class Return(Node):
    """The statement `return name`, with the name of a variable or a constant such as `False`."""

    name: str


class If(Node):
    """The statement `if check: body`, with `else: otherwise` unless that is empty."""

    check: Check
    body: Code
    otherwise: Code


class For(Node):
    """The statement `for variables in elements: body`."""

    variables: str
    elements: Operand
    body: Code


class Function(Node):
    """The statement `def name(parameters): body`."""

    name: str
    parameters: str
    body: Code


Statement = Assign | Add | Call | RecordViolation | Return | If | For | Function
"""A statement of the generated code. A call is one if only its effect is needed, not its result."""
Code = list[Statement]

NONE_LITERAL = Literal(None)
FAILED: Code = [Return("False")]
"""The code that ends a verdict or a condition with False."""


def leaves(code: Code) -> bool:
    """Return whether code always ends by returning from the function."""
    return bool(code) and type(code[-1]) is Return


def only_fails(code: Code) -> bool:
    """Return whether code is a single statement that returns False or records a violation."""
    return code == FAILED or [type(node) for node in code] == [RecordViolation]


def negated(check: Check) -> Check:
    """Return a check that is true if another is false. The opposite of `Not(check)` is `check` itself."""
    return check.check if isinstance(check, Not) else Not(check)


def every(checks: Iterable[Check]) -> Check:
    """Return a check that is true if all of several checks are true. A single check is returned itself."""
    parts = tuple(checks)
    return parts[0] if len(parts) == 1 else All(parts) if parts else TRUE


def when(check: Check, body: Code, otherwise: Code | None = None) -> Code:
    """Return an `If` that runs `body` if a check is true, and otherwise `otherwise`; no code if both are empty."""
    if body:
        return [If(check, body, otherwise or [])]
    return [If(negated(check), otherwise, [])] if otherwise else []


def for_each(variables: str, elements: Operand, body: Code) -> Code:
    """Return a `For` that runs `body` for each element; no code if `body` is empty."""
    return [For(variables, elements, body)] if body else []
