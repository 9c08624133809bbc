"""Turn the tree of checks of a schema into instructions for the native engine, which together are called a plan.

`native/instructions.py` lists the instructions, with an example. Each variable of the tree becomes a register.
Variables with the same value share a register. When the type of an object is tested, all of its members are loaded
into registers. So the nodes `Has` and `Item` need no look-up later.

Expensive checks, such as matching a string or calling a Python function, are postponed to the end (`walk-later`,
`call-later`). A verdict may check in any order, and most invalid payloads fail at a cheap check.

    if 'Name' not in v1: return False                has       a=2   unless: fail
    v2 = v1['Name']                                  (v2 is register 2)
    if type(v2) is not str and ...: return False     is-string a=2   unless: fail
    if not pattern_8(v2): return False               walk-later a=2 b=0
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..base.arns import service_of
from ..base.values import is_kinds, one_of
from ..catalog.formats import FORMATS
from ..catalog.relations import RELATIONS
from ..native.instructions import CODES
from .context import INSTANCE
from .faults import note_of
from .members import ObjectMembers, is_count, needed_by, rows_of
from .nodes import (
    FAILED,
    NONE_LITERAL,
    Add,
    All,
    AnyOf,
    Assign,
    Call,
    Check,
    Code,
    Compare,
    For,
    Function,
    Has,
    Holds,
    If,
    InSet,
    IsType,
    Item,
    Literal,
    Match,
    Not,
    Operand,
    RecordViolation,
    Return,
    only_fails,
)
from .program import Assembler, Label, UnplannableError

MAX_EXACT_INTEGER = 1 << 53
"""The largest integer that is exact in a register, which stores numbers as doubles."""
ANY_SERVICE = -2
"""A bit mask that means any service: every bit is set but bit 0, which means that a value is not an ARN."""
SCALARS = (str, int, float, bool, type(None))


class FunctionBody:
    """Makes the instructions of a generated function. If it `is_strict`, its result False makes a payload invalid."""

    def __init__(self, whole: Assembler, function: Function, is_strict: bool) -> None:
        self.whole, self.is_strict = whole, is_strict
        self.registers: dict[str, int] = {INSTANCE: 0}
        self.services: set[str] = set()
        self.size = 1
        self.rows = rows_of(function.body, whole.bound)
        self.bases = {owner: self.allocate(len(row.names) + 1) + 1 for owner, row in self.rows.items()}
        self.opened = {INSTANCE} & self.rows.keys()
        self.loops: dict[tuple[Operand, Operand], int] = {}
        self.fail = Label()
        self.start = len(whole.code)
        for owner in self.opened:
            self.open(owner)
        self.block(function.body)
        self.place(self.fail)
        self.put("fail")
        for row in whole.code[self.start :]:
            if row[0] == CODES["meets"]:
                row[3] = self.size

    def allocate(self, count: int) -> int:
        """Reserve consecutive registers, and return the first."""
        self.size += count
        return self.size - count

    def put(self, operation: str, a: int = 0, b: int = 0, c: int = 0, jump: Label | None = None) -> list[Any]:
        """Append an instruction, such as `put("has", a=2, jump=fail)`, and return it."""
        row = [CODES[operation], a, b, c, jump, 0, 0.0]
        self.whole.code.append(row)
        return row

    def place(self, label: Label) -> None:
        """Make a label point to the next instruction, to which jumps with this label then go."""
        label.at = len(self.whole.code)

    def open(self, owner: str) -> None:
        """Append the instruction that loads the members of an object into registers."""
        row: ObjectMembers = self.rows[owner]
        names = tuple((name, index, name in row.named) for index, name in enumerate(row.names))
        table = self.whole.index("names", names, self.whole.names, names)
        self.put("open", self.register(owner), table, self.bases[owner])
        self.opened.add(owner)

    def register(self, operand: Operand) -> int:
        """Return the number of the register that has the value of an operand."""
        if isinstance(operand, str) and operand in self.registers:
            return self.registers[operand]
        if isinstance(operand, Item) and isinstance(operand.key, Literal):
            return self.member(operand.container, operand.key.value)
        if isinstance(operand, Item) and (operand.container, operand.key) in self.loops:
            return self.loops[operand.container, operand.key]
        raise UnplannableError(operand)

    def member(self, owner: Operand, name: str) -> int:
        """Return the number of the register that has the member `name` of the object in the variable `owner`."""
        if not isinstance(owner, str) or owner not in self.opened:
            raise UnplannableError((owner, name))
        return self.bases[owner] + self.rows[owner].names.index(name)

    def block(self, code: Code) -> None:
        """Append the instructions of a list of statements."""
        for statement in code:
            printer = STATEMENTS.get(type(statement))
            if printer is None:
                raise UnplannableError(statement)
            printer(self, statement)

    # A condition becomes instructions that jump. Example: `If(AnyOf(a, b), FAILED)` calls `test(AnyOf(a, b), fail,
    # True)`. That appends two instructions: "if a, jump to fail; if b, jump to fail". `If(All(a, b), FAILED)` needs
    # another label: "unless a, jump to end; if b, jump to fail; end:". See `_joined`.
    def test(self, check: Check, label: Label, sense: bool) -> None:
        """Append instructions that evaluate a check, and jump to a label if its result equals `sense`."""
        CHECKS[type(check)](self, check, label, sense)

    def put_test(self, label: Label, sense: bool, operation: str, a: int, b: int = 0, number: float = 0.0) -> None:
        """Append an instruction that tests the register `a`, and jumps to a label if the result equals `sense`."""
        self.put(operation, a, b, 0, label)[5:] = [int(sense), number]


def _assign(body: FunctionBody, statement: Assign) -> None:
    target, value = statement.target, statement.value
    if not isinstance(target, str):
        raise UnplannableError(statement)
    if isinstance(value, Call) and body.whole.bound.get(value.function) is service_of:
        member = value.argument
        if not isinstance(member, Call) or not isinstance(member.argument, Literal):
            raise UnplannableError(statement)
        register = body.registers[target] = body.allocate(1)
        body.services.add(target)
        owner = member.function.removesuffix(".get")
        body.put("service", body.member(owner, member.argument.value), 0, register)
    elif not isinstance(value, Literal):  # a count of members is a literal: `open` counts them
        body.registers[target] = body.register(value)


def _return(body: FunctionBody, statement: Return) -> None:
    body.put("fail" if statement.name == "False" else "pass")


def _if(body: FunctionBody, statement: If) -> None:
    check, otherwise = statement.check, Label()
    if only_fails(statement.body) and not statement.otherwise:
        if body.is_strict and type(check) is Not and _later(body, check.check, statement.body):
            return
        if statement.body == FAILED:
            body.test(check, body.fail, True)
            return
    body.test(check, otherwise, False)
    body.block(statement.body)
    if statement.otherwise:
        end = Label()
        body.put("jump", jump=end)
        body.place(otherwise)
        body.block(statement.otherwise)
        body.place(end)
    else:
        body.place(otherwise)


def _later(body: FunctionBody, check: Check, failure: Code) -> bool:
    """Append an instruction that postpones a check to the end of the verdict, and return True.

    Return False if no such instruction exists for the check. If a postponed check of a report fails, Python makes the
    report.
    """
    whole = body.whole
    if isinstance(check, Match) and failure == FAILED:
        table = whole.table(whole.bound[check.pattern])
        if table is None:
            body.put("unknown")
        else:
            index = whole.index("table", whole.bound[check.pattern], whole.tables, table)
            body.put("walk-later", body.register(check.value), index)
        return True
    if isinstance(check, Holds) and isinstance(check.operand, Call):
        function = whole.bound.get(check.operand.function)
        if function is not None and function in FORMATS.values():
            _call_later(body, function, check.operand.argument, 1)
            return True
    return False


def _call_later(body: FunctionBody, function: Callable[..., Any], argument: Operand, expected: int) -> None:
    index = body.whole.index("object", id(function), body.whole.objects, function)
    body.put("call-later", body.register(argument), index, expected)


def _for(body: FunctionBody, statement: For) -> None:
    elements = statement.elements
    if isinstance(elements, Call) and elements.function != "enumerate":
        relation = body.whole.bound.get(elements.function)
        fails = body.is_strict and only_fails(statement.body)
        if relation is None or not fails or relation not in RELATIONS.values():
            raise UnplannableError(statement)
        holds = Label()
        for name in needed_by(relation):
            body.put_test(holds, False, "has", body.member(elements.argument, name))
        _call_later(body, relation, elements.argument, 0)
        body.place(holds)
        return
    again, end, position = Label(), Label(), body.allocate(1)
    body.put("begin", position)
    body.place(again)
    element = body.allocate(2)
    if isinstance(elements, Call):
        body.registers[statement.variables.partition(", ")[2]] = element
        body.put("each-item", body.register(elements.argument), element, position, end)
    else:
        body.registers[statement.variables] = element
        body.loops[elements, statement.variables] = element + 1
        body.put("each-member", body.register(elements), element, position, end)
    body.block(statement.body)
    body.put("jump", jump=again)
    body.place(end)


def _record(body: FunctionBody, statement: RecordViolation) -> None:
    """Append `note`, which records a violation. If a plan cannot note it, append `unknown`, which stops the plan."""
    noted = note_of(statement, body.whole.bound[statement.constraint])
    if noted is None:
        body.put("unknown")
        return
    body.put("note", body.register(noted.operand) if noted.kind else 0, len(body.whole.notes), noted.kind)
    body.whole.notes.append(noted)


def _call(body: FunctionBody, statement: Call) -> None:
    """Append the call of a function of a report. If the function finds a violation, Python makes the report."""
    value = body.register(statement.arguments[0])
    body.put_test(body.fail, False, "meets", value, body.whole.functions[statement.function])


STATEMENTS: Mapping[type, Callable[[FunctionBody, Any], None]] = {
    Assign: _assign,
    Add: lambda body, statement: None,
    Return: _return,
    If: _if,
    For: _for,
    RecordViolation: _record,
    Call: _call,
}
"""For each class of statements, the function that appends the instructions of a statement."""


def _holds(body: FunctionBody, check: Holds, label: Label, sense: bool) -> None:
    operand = check.operand
    if isinstance(operand, str) and operand in body.services:
        body.put_test(label, sense, "service-in", body.registers[operand], ANY_SERVICE)
        return
    if not isinstance(operand, Call):
        raise UnplannableError(check)
    name, _, method = operand.function.partition(".")
    function, (argument, *others) = body.whole.bound.get(name), operand.arguments
    second = next(iter(others), None)
    if method == "issuperset" and isinstance(argument, str):
        body.member(argument, body.rows[argument].names[0]) if body.rows[argument].names else None
        body.put_test(label, sense, "closed", body.bases[argument] - 1)
    elif name in body.whole.functions:
        body.put_test(label, sense, "meets", body.register(argument), body.whole.functions[name])
    elif function is is_kinds and isinstance(second, Literal):
        kinds = second.value
        body.test(AnyOf(tuple(IsType(argument, kind, _unnamed(body, argument)) for kind in kinds)), label, sense)
    elif function is one_of and isinstance(second, str):
        choices = body.whole.bound[second]
        if not all(type(choice) in SCALARS for choice in choices):
            raise UnplannableError(check)
        index = body.whole.index("object", id(choices), body.whole.objects, choices)
        body.put_test(label, sense, "one-of", body.register(argument), index)
    else:
        raise UnplannableError(check)


def _unnamed(body: FunctionBody, operand: Operand) -> str:
    """Give the register of an operand a name of its own, since a check names a variable. Return the name."""
    name = f"exact {body.register(operand)}"
    body.registers[name] = body.register(operand)
    return name


def _compare(body: FunctionBody, check: Compare, label: Label, sense: bool) -> None:
    left, right = check.left, check.right
    if not isinstance(right, Literal):
        raise UnplannableError(check)
    value = right.value
    if right is NONE_LITERAL and check.operator == "is":
        body.put_test(label, sense, "is-null", body.register(left))
    elif type(value) is str and check.operator == "==":
        if left in body.services:
            body.put_test(label, sense, "service-in", body.register(left), 1 << body.whole.service(value))
        else:
            index = body.whole.index("object", value, body.whole.objects, value)
            body.put_test(label, sense, "equals", body.register(left), index)
    elif type(value) in (int, float) and abs(value) <= MAX_EXACT_INTEGER and check.operator in "<>":
        end = "below" if check.operator == "<" else "above"
        if isinstance(left, Call) and left.function == "len":
            body.put_test(label, sense, f"length-{end}", body.register(left.argument), number=float(value))
        else:
            body.put_test(label, sense, end, body.register(left), number=float(value))
    else:
        raise UnplannableError(check)


def _in_set(body: FunctionBody, check: InSet, label: Label, sense: bool) -> None:
    choices = sorted(body.whole.bound[check.choices])
    if check.value in body.services:
        mask = sum(1 << body.whole.service(choice) for choice in choices)
        body.put_test(label, sense, "service-in", body.register(check.value), mask)
    else:
        names = tuple((choice, 0, True) for choice in choices)
        table = body.whole.index("names", names, body.whole.names, names)
        body.put_test(label, sense, "listed", body.register(check.value), table)


def _match(body: FunctionBody, check: Match, label: Label, sense: bool) -> None:
    pattern = body.whole.bound[check.pattern]
    table = body.whole.table(pattern)
    if table is None:
        body.put("unknown")
    else:
        index = body.whole.index("table", pattern, body.whole.tables, table)
        body.put_test(label, sense, "matches", body.register(check.value), index)


def _is_type(body: FunctionBody, check: IsType, label: Label, sense: bool) -> None:
    if not check.exact and check.kind in ("integer", "number"):
        raise UnplannableError(check)
    register = body.register(check.value)
    if check.exact:
        body.registers[check.exact] = register
    if check.exact not in body.rows:
        body.put_test(label, sense, f"is-{check.kind}", register)
        return
    otherwise = Label() if sense else label
    body.put_test(otherwise, False, "is-object", register)
    body.open(check.exact)
    if sense:
        body.put("jump", jump=label)
        body.place(otherwise)


def _joined(body: FunctionBody, check: All | AnyOf, label: Label, sense: bool) -> None:
    """Append the checks of `All` or `AnyOf`. They are evaluated in turn, up to the first that decides the result."""
    decides = type(check) is AnyOf
    checks = [inner for inner in check.checks if not is_count(inner)]
    if decides == sense:
        for inner in checks:
            body.test(inner, label, sense)
        return
    end = Label()
    for inner in checks[:-1]:
        body.test(inner, end, decides)
    if checks:
        body.test(checks[-1], label, sense)
    else:
        body.put("jump", jump=label)
    body.place(end)


CHECKS: Mapping[type, Callable[[FunctionBody, Any, Label, bool], None]] = {
    Holds: _holds,
    Compare: _compare,
    Has: lambda body, check, label, sense: body.put_test(label, sense, "has", body.member(check.owner, check.name)),
    InSet: _in_set,
    Match: _match,
    IsType: _is_type,
    Not: lambda body, check, label, sense: body.test(check.check, label, not sense),
    All: _joined,
    AnyOf: _joined,
}
"""For each class of checks, the function that appends the instructions of a check."""
