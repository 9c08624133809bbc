"""Convert expressions of HCL from the syntax tree of tree-sitter to values with positions.

`["a", 1]` becomes a list. `"arn:${var.region}:x"` becomes `Interpolation((Fixed("arn:"), Traversal(("var", "region")),
Fixed(":x")))`, with classes of `hcl_values`. An expression of a kind that is not supported becomes `Unknown`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ..unresolved.parts import Unknown
from .digits import integer
from .hcl_strings import HEREDOC, QUOTED, heredoc, unquoted
from .hcl_values import OTHERWISE, THEN, Conditional, Fixed, FunctionCall, Interpolation, Splat, Traversal
from .places import Member, Path, PlacedNode, Range, RepeatedMember, UnreadableError

if TYPE_CHECKING:
    from tree_sitter import Node as Syntax

MAX_HCL_DEPTH = 100
"""Maximum depth of nesting. Values that are nested deeper become `Unknown`."""
HUGE = 10**400
"""Replaces a number that is too large for a float, such as 1e999."""
UNREAD_KINDS = frozenset({"collection_value", "function_call"})
"""Kinds of expressions that are not converted in resources that are not linted, to save time."""

Read = tuple[Any, PlacedNode]


class Expressions:
    """Converts expressions into values with positions, and collects the duplicate members of objects in `repeats`.

    `offset` converts tree-sitter's byte offsets into offsets in the text. `is_brief` is true inside resources that are
    not linted: expressions of the kinds in `UNREAD_KINDS` then become `Unknown`, to save time.
    """

    def __init__(self, text: str, offset: Callable[[int], int]) -> None:
        self.text, self.offset = text, offset
        self.repeats: list[RepeatedMember] = []
        self.depth = 0
        self.is_brief = False

    def range(self, syntax: Syntax) -> Range:
        """Return the range of a syntax node in the text."""
        return self.offset(syntax.start_byte), self.offset(syntax.end_byte)

    def written(self, syntax: Syntax) -> str:
        """Return the source of a syntax node."""
        return self.text[slice(*self.range(syntax))]

    def member(self, value: dict[str, Any], node: PlacedNode, path: Path, key: str, place: Range, read: Read) -> None:
        """Add a member called `key` to the object `value`, whose positions are `node`. Of duplicates, the last counts.

        `path` is the path of the object, `place` the range of the name, and `read` the member's value and its position.
        """
        assert node.members is not None  # an object has members
        if key in node.members:
            self.repeats.append(RepeatedMember((*path, key), place))
        value[key], node.members[key] = read[0], Member(place, read[1])

    def expression(self, syntax: Syntax, path: Path) -> Read:
        """Convert an expression into a value and its position. `path` is the path of the value in the document."""
        place = self.range(syntax)
        parts = [child for child in syntax.children if child.type != "comment"]
        if self.depth >= MAX_HCL_DEPTH or not parts or (self.is_brief and parts[0].type in UNREAD_KINDS):
            return Unknown(), PlacedNode(*place)
        self.depth += 1
        try:
            if len(parts) == 1:
                return self.term(parts[0], path)
            if len(parts) == 3 and parts[0].type == "(" and parts[1].type == "expression":
                return self.expression(parts[1], path)
            if parts[0].type == "variable_expr":
                return self.traversal(parts, place)
            return Unknown(), PlacedNode(*place)
        finally:
            self.depth -= 1

    def term(self, syntax: Syntax, path: Path) -> Read:
        """Convert an expression that consists of a single syntax node, such as a literal, a list or a call."""
        inner = syntax.children[0] if syntax.type in WRAPPERS else syntax
        read = EXPRESSIONS.get(inner.type)
        return read(self, inner, path) if read else (Unknown(), PlacedNode(*self.range(inner)))

    def traversal(self, parts: list[Syntax], place: Range) -> Read:
        """Convert a reference such as `aws_sqs_queue.orders[0].arn`: a name with attributes and indexes."""
        steps: list[str | int | None] = [self.written(parts[0])]
        for part in parts[1:]:
            if part.type == "get_attr":
                steps.append(self.written(part.children[-1]))
            elif part.type == "index":
                steps.append(self.index(part.children[0]))
            elif part.type == "splat" and part is parts[-1]:
                return self.splat(steps, part.children[0]), PlacedNode(*place)
            else:
                return Unknown(), PlacedNode(*place)
        return Traversal(tuple(steps)), PlacedNode(*place)

    def splat(self, steps: list[str | int | None], syntax: Syntax) -> Any:
        """Convert a reference with `[*]` or `.*`: `a[*].b` is a list of attributes, and `a.*.b[0]` is one of them.

        `steps` are the steps before the star. Any other form becomes `Unknown`.
        """
        rest = [child for child in syntax.children if child.type in ("get_attr", "index")]
        names = [self.written(step.children[-1]) for step in rest if step.type == "get_attr"]
        source = Traversal((*steps, None, *names))
        if len(names) == len(rest):
            return Splat(source)
        is_item = syntax.type == "attr_splat" and len(names) == len(rest) - 1 and rest[-1].type == "index"
        return source if is_item else Unknown()

    def index(self, syntax: Syntax) -> str | int | None:
        """Return the string or number in `[ ]` after a name; None if it is computed."""
        if syntax.type == "legacy_index":
            return int(self.written(syntax)[1:10])
        value = self.inner(syntax)
        return value if isinstance(value, str | int) and not isinstance(value, bool) else None

    def variable(self, syntax: Syntax, path: Path) -> Read:
        """Convert a name without attributes and indexes."""
        return self.traversal([syntax], self.range(syntax))

    def literal(self, syntax: Syntax, path: Path) -> Read:
        """Convert a number, a boolean or null."""
        return LITERALS[syntax.type](self.written(syntax)), PlacedNode(*self.range(syntax))

    def quoted(self, syntax: Syntax, path: Path) -> Read:
        """Convert a quoted string, which may contain placeholders such as `${var.name}`."""
        start, end = self.range(syntax)
        placeholders = [child for child in syntax.children if child.type in PLACEHOLDERS]
        cuts = [start + 1, *(cut for placeholder in placeholders for cut in self.range(placeholder)), end - 1]
        fixed = [self.text[a:b] for a, b in zip(cuts[::2], cuts[1::2], strict=True)]
        if any("\n" in part for part in fixed):
            raise UnreadableError(start, "expected a closing quote on the same line for the string that begins here")
        return self.joined(_alternate(map(unquoted, fixed)), placeholders, path), PlacedNode(start, end, style=QUOTED)

    def heredoc(self, syntax: Syntax, path: Path) -> Read:
        """Convert a heredoc (`<<EOT`). If a placeholder in it has more than one line, the value is unknown."""
        start, end = self.range(syntax)
        placeholders = [child for child in syntax.children if child.type in PLACEHOLDERS]
        node = PlacedNode(start, end, style=HEREDOC)
        # A placeholder of several lines may be indented less than the rest of the heredoc, which changes the indent to
        # remove. So the value is unknown.
        if any("\n" in self.written(placeholder) for placeholder in placeholders):
            return Unknown(), node
        parts = heredoc(self.text, start, end).parts(self.text, map(self.range, placeholders))
        return self.joined(parts, placeholders, path), node

    def joined(self, parts: Iterator[str | None], placeholders: list[Syntax], path: Path) -> Any:
        """Return a string made of `parts`, or an `Interpolation` if it has placeholders such as `${var.name}`.

        `parts` has the fixed parts, and None where the next placeholder belongs.
        """
        if any(_strips(placeholder) for placeholder in placeholders):
            return Unknown()
        rest = iter(placeholders)
        known = [Fixed(part) if part is not None else self.inner(next(rest)) for part in parts]
        shown = [value for value in known if value != "" or not isinstance(value, Fixed)]
        if not placeholders:
            return str(known[0])
        return shown[0] if len(shown) == 1 else Interpolation(tuple(shown))

    def inner(self, syntax: Syntax) -> Any:
        """Convert the expression inside `[ ]` or `${ }`. Return its value only."""
        inner = next((child for child in syntax.children if child.type == "expression"), None)
        return self.expression(inner, ())[0] if inner is not None else Unknown()

    def items(self, syntax: Syntax, path: Path) -> Read:
        """Convert a list, `[a, b]`."""
        items = [child for child in syntax.children if child.type == "expression"]
        read = [self.expression(item, (*path, index)) for index, item in enumerate(items)]
        return [value for value, node in read], PlacedNode(*self.range(syntax), None, [node for value, node in read])

    def members(self, syntax: Syntax, path: Path) -> Read:
        """Convert an object, `{ name = value }`. If one of its names is computed, the whole object is unknown."""
        value: dict[str, Any] = {}
        node = PlacedNode(*self.range(syntax), {})
        for child in syntax.children:
            if child.type == "object_elem":
                key, inner = (part for part in child.children if part.type == "expression")
                name = self.expression(key, ())[0]
                name = name.steps[0] if isinstance(name, Traversal) and len(name.steps) == 1 else name
                if not isinstance(name, str):
                    return Unknown(), PlacedNode(node.start, node.end)
                self.member(value, node, path, name, self.range(key), self.expression(inner, (*path, name)))
        return value, node

    def operation(self, syntax: Syntax, path: Path) -> Read:
        """Convert a negative number. Other operations are unknown."""
        inner = syntax.children[0]
        if inner.type == "unary_operation" and inner.children[0].type == "-":
            operand = inner.children[-1]
            value = self.term(operand, path)[0] if operand.type == "literal_value" else None
            if isinstance(value, int | float) and not isinstance(value, bool):
                return -value, PlacedNode(*self.range(syntax))
        return Unknown(), PlacedNode(*self.range(syntax))

    def conditional(self, syntax: Syntax, path: Path) -> Read:
        """Convert `condition ? then : otherwise`, with both of its results."""
        condition, *options = (child for child in syntax.children if child.type == "expression")
        (then, first), (otherwise, second) = (
            self.expression(option, (*path, step)) for option, step in zip(options, (THEN, OTHERWISE), strict=True)
        )
        node = PlacedNode(*self.range(syntax), {THEN: Member(None, first), OTHERWISE: Member(None, second)})
        return Conditional(self.written(condition), then, otherwise), node

    def call(self, syntax: Syntax, path: Path) -> Read:
        """Convert a function call and its arguments."""
        arguments = next((child for child in syntax.children if child.type == "function_arguments"), None)
        parts = [argument for argument in (arguments.children if arguments else ()) if argument.type == "expression"]
        values = tuple(self.expression(argument, ())[0] for argument in parts)
        return FunctionCall(self.written(syntax.children[0]), values), PlacedNode(*self.range(syntax))


def _alternate(parts: Iterator[str | None]) -> Iterator[str | None]:
    yield next(parts)
    for part in parts:
        yield None
        yield part


def _strips(part: Syntax) -> bool:
    return part.type != "template_interpolation" or any(child.type == "strip_marker" for child in part.children)


def _number(text: str) -> int | float:
    if text.isdigit():
        return integer(text)
    value = float(text)
    return HUGE if value == float("inf") else int(value) if value.is_integer() else value


PLACEHOLDERS = frozenset({"template_interpolation", "template_directive"})
LITERALS: Mapping[str, Callable[[str], Any]] = {
    "numeric_lit": lambda text: Unknown() if text.startswith("0x") else _number(text),
    "bool_lit": lambda text: text == "true",
    "null_lit": lambda text: None,
}
WRAPPERS = frozenset({"literal_value", "template_expr", "collection_value"})
"""Kinds of syntax nodes that only wrap one other node, which is converted instead."""
EXPRESSIONS: Mapping[str, Callable[[Expressions, Syntax, Path], Read]] = {
    **dict.fromkeys(LITERALS, Expressions.literal),
    "string_lit": Expressions.quoted,
    "quoted_template": Expressions.quoted,
    "heredoc_template": Expressions.heredoc,
    "tuple": Expressions.items,
    "object": Expressions.members,
    "variable_expr": Expressions.variable,
    "operation": Expressions.operation,
    "conditional": Expressions.conditional,
    "function_call": Expressions.call,
}
"""The method that converts a syntax node, by the kind of the node."""
