"""Parse HCL, the language of Terraform: convert the syntax tree of tree-sitter into a value with positions.

The content of a block becomes an object. Blocks of the same kind become a list; each item nests the content under the
block's labels:

    resource "aws_sqs_queue" "q" { name = "x" }
    becomes   {"resource": [{"aws_sqs_queue": {"q": {"name": "x"}}}]}

`hcl_values` lists the expressions that are converted; all others become `Unknown`. Outermost blocks that cannot affect
the linted resources are skipped. tree-sitter and its grammar are optional packages. Without them, HCL is not parsed.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from ..unresolved.parts import Unknown
from .hcl_expressions import MAX_HCL_DEPTH, Expressions, Read
from .hcl_values import BLOCK
from .places import Document, Member, ParseFailure, Path, PlacedNode, Range, SourceText, Tree, UnreadableError

if TYPE_CHECKING:
    from tree_sitter import Node as Syntax
    from tree_sitter import Parser

STANDARD = "HCL Native Syntax"
EXTRA = "to read Terraform's language, install lambda-validate[terraform]"
UNFIT = "these versions of tree-sitter and tree-sitter-hcl do not work together; install lambda-validate[terraform]"
RESOURCES = frozenset({"aws_lambda_event_source_mapping", "aws_lambda_function_event_invoke_config"})
"""Types of resources that are linted. Of other types, calls, lists and nested blocks are skipped, to save time."""
KINDS = frozenset({"resource", "data", "variable", "locals", "module", "output"})
"""Kinds of outermost blocks that are read. Others, such as `provider`, are skipped."""
MAX_HCL_CHARACTERS = 2_000_000
"""Maximum length of a file in characters. Its syntax tree takes more than a hundred times as much memory."""
NON_ASCII = re.compile("[^\x00-\x7f]")
EXPONENT = re.compile(r"(?<![\w.])[0-9]+[eE][-+]?[0-9]+")
"""A number with an exponent, such as 1e3, which Terraform accepts but tree-sitter's grammar does not."""


def parse(text: str, dialect: str = "") -> tuple[Document, ...] | ParseFailure:
    """Return the document of an HCL file, or the reason why it cannot be parsed. `dialect` is ignored."""
    source = SourceText(text)
    if len(text) > MAX_HCL_CHARACTERS:
        size = f"{MAX_HCL_CHARACTERS // 1_000_000} MB"
        return ParseFailure(None, None, f"expected at most {size} of HCL, but the file is larger than {size}")
    try:
        parser = _parser()
    except ImportError:
        return ParseFailure(None, None, EXTRA)
    except (AttributeError, TypeError, ValueError):  # an old release of tree-sitter or its grammar
        return ParseFailure(None, None, UNFIT)
    root = _root(parser, text)
    if root.has_error:
        root = _root(parser, EXPONENT.sub(lambda match: "0" * len(match[0]), text))
    if root.has_error:
        from .hcl_faults import fault  # only a file with a syntax error needs it

        return fault(source, root, offsets(text))
    reader = _FileReader(text, offsets(text))
    try:
        body = next((child for child in root.children if child.type == "body"), None)
        value, node = reader.body(body, (), (0, len(text)))
    except UnreadableError as error:
        return source.failure(*error.args)
    found = Tree(node, tuple(reader.repeats))
    return (Document(value, source, lambda: found, repeated=bool(reader.repeats), standard=STANDARD, language="hcl"),)


@cache
def _parser() -> Parser:
    import tree_sitter
    import tree_sitter_hcl

    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_hcl.language()))


def _root(parser: Parser, text: str) -> Syntax:
    return parser.parse(text.encode("utf-8", "surrogatepass")).root_node


def offsets(text: str) -> Callable[[int], int]:
    """Return a function that converts the offset of a byte in UTF-8 into the offset of its character in the text."""
    if text.isascii():
        return int
    ends, excess, total = [0], [0], 0
    for match in NON_ASCII.finditer(text):
        total += len(match[0].encode("utf-8", "surrogatepass")) - 1
        ends.append(match.end() + total)
        excess.append(total)
    return lambda place: place - excess[bisect_right(ends, place) - 1]


class _FileReader(Expressions):
    """Converts the blocks and attributes of one file into a value with positions."""

    def body(self, syntax: Syntax | None, path: Path, place: Range) -> Read:
        """Convert the content of a block, or of the file, into an object. `place` is the range of the block or file."""
        value: dict[str, Any] = {}
        node = PlacedNode(*place, {}, style=BLOCK)
        end = -1
        for child in syntax.children if syntax is not None else ():
            if child.type == "comment":
                continue
            start = self.offset(child.start_byte)
            if end >= 0 and "\n" not in self.text[end:start]:
                raise UnreadableError(start, "expected a new line before the next argument or block")
            end = self.offset(child.end_byte)
            if child.type == "attribute":
                self.attribute(child, path, value, node)
            elif child.type == "block" and not self.is_brief:
                self.block(child, path, value, node)
        return value, node

    def attribute(self, syntax: Syntax, path: Path, value: dict[str, Any], node: PlacedNode) -> None:
        """Convert an attribute such as `name = "x"`, and add it to the object for the block around it."""
        name, _, expression = (child for child in syntax.children if child.type != "comment")
        key = self.written(name)
        self.member(value, node, path, key, self.range(name), self.expression(expression, (*path, key)))

    def block(self, syntax: Syntax, path: Path, value: dict[str, Any], node: PlacedNode) -> None:
        """Convert a nested or outermost block, and add it to the object for the block or file around it."""
        kind, *rest = (child for child in syntax.children if child.type != "comment")
        name = self.written(kind)
        if not path and name not in KINDS:
            return
        labels = [part for part in rest if part.type in ("identifier", "string_lit")]
        names = [self.written(label).strip('"') for label in labels]
        start = self.range(labels[-1] if labels else kind)[1]
        brace = self.text.find("{", start)
        if "\n" in self.text[self.range(kind)[0] : brace]:
            raise UnreadableError(start, "expected { on the line where the block begins")
        blocks, list_node = self.blocks(name, value, node, self.range(syntax))
        inner = next((part for part in rest if part.type == "body"), None)
        header = (self.range(kind)[0], start)
        place = self.range(syntax)
        if self.depth >= MAX_HCL_DEPTH:
            read: Read = Unknown(), PlacedNode(*place, style=BLOCK)
        else:
            self.depth += 1
            self.is_brief = not path and name in ("resource", "data") and not RESOURCES.intersection(names)
            read = self.body(inner, (*path, name, len(blocks), *names), place)
            self.is_brief = False
            self.depth -= 1
        for index in reversed(range(len(names))):
            key = header if index == len(names) - 1 else self.range(labels[index])
            read = {names[index]: read[0]}, PlacedNode(*place, {names[index]: Member(key, read[1])}, style=BLOCK)
        blocks.append(read[0])
        list_node.append(read[1])

    def blocks(
        self, name: str, value: dict[str, Any], node: PlacedNode, place: Range
    ) -> tuple[list[Any], list[PlacedNode]]:
        """Return the lists to which blocks called `name` are added: one of values, and one of their positions.

        An attribute with the same name is replaced.
        """
        assert node.members is not None  # an object has members
        known = node.members.get(name)
        if known is None or known.node.style != BLOCK:
            value[name] = []
            node.members[name] = Member((place[0], place[0] + len(name)), PlacedNode(*place, None, [], BLOCK))
        items = node.members[name].node.items
        assert items is not None  # just made
        return value[name], items
