"""Find the declarations in a Terraform module, that is, in all files of a folder, and the local modules that it calls.

If the linted file does not declare a name, such as `local.size`, the other files of its folder are read.

A string in Terraform's JSON may contain expressions, `${…}`, like a quoted string of HCL. References, literals and
simple conditionals are parsed with patterns, so that JSON files do not need tree-sitter. All others are unknown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from posixpath import join, normpath
from typing import Any, NamedTuple

from ...documents.hcl_values import Conditional, Fixed, Interpolation, Traversal
from ...documents.places import Beside, Path
from ...unresolved.parts import Unknown
from ..members import Located, objects

LITERAL = r'-?[0-9]{1,18}|true|false|null|"[^"\\$%]*"'
REFERENCE = r'[A-Za-z_][\w-]*(?:\.[\w-]+|\[(?:[0-9]{1,9}|"[^"\\$%]*"|[A-Za-z_][\w.-]*)\])*'
OPTION = rf"\s*(?:{LITERAL}|{REFERENCE})\s*"
CONDITIONAL = re.compile(rf'([^?:"]+)\?({OPTION}):({OPTION})')
WORDS = {"true": True, "false": False, "null": None}
STEP = re.compile(r'\.?([\w-]+)|\[(?:([0-9]+)|"([^"]*)"|[^\]]*)\]')

STRING_PART_END = re.compile(r"(\$\$|%%)\{|([$%])(~?)\{|\Z")
"""What ends a fixed part of a string: `$${` or `%%{`, the beginning of `${…}` or `%{…}`, or the end of the string."""
BRACE = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|(\{)|(\})')
"""A quoted string or a brace, to find the closing brace of an expression."""


def read_template(text: str) -> Any:
    """Return the value of a string in Terraform's JSON: the string, or an expression if it contains `${…}`.

    For example, "${var.name}" becomes `Traversal(("var", "name"))`.
    """
    if "${" not in text and "%{" not in text:
        return text
    parts: list[Any] = []
    fixed, place = "", 0
    while match := STRING_PART_END.search(text, place):
        fixed += text[place : match.start()]
        if match[1]:
            fixed, place = fixed + match[1][0] + "{", match.end()
            continue
        parts += [Fixed(fixed)] if fixed else []
        if not match[0]:
            break
        end = _end(text, match.end())
        if end is None or match[2] == "%" or match[3]:
            return Unknown()
        parts.append(expression(text[match.end() : end]))
        fixed, place = "", end + 1
    if all(isinstance(part, Fixed) for part in parts):
        return Fixed("".join(parts))
    return parts[0] if len(parts) == 1 else Interpolation(tuple(parts))


def _end(text: str, place: int) -> int | None:
    """Return the offset of the brace that closes the expression at an offset; None if there is none."""
    depth = 0
    for match in BRACE.finditer(text, place):
        depth += bool(match[1]) - bool(match[2])
        if depth < 0:
            return match.start()
    return None


def expression(text: str) -> Any:
    """Parse a literal, a reference or a simple conditional, such as `var.name`. Any other expression is unknown."""
    text = text.strip()
    if text in WORDS:
        return WORDS[text]
    if re.fullmatch(LITERAL, text):
        return Fixed(text[1:-1]) if text.startswith('"') else int(text)
    if re.fullmatch(REFERENCE, text):
        return Traversal(tuple(_step(*step.groups()) for step in STEP.finditer(text)))
    match = CONDITIONAL.fullmatch(text)
    if match:
        return Conditional(match[1].strip(), expression(match[2]), expression(match[3]))
    return Unknown()


def _step(name: str | None, index: str | None, key: str | None) -> str | int | None:
    return int(index) if index is not None else name if name is not None else key


STEPS = 1000
"""Maximum number of expressions to evaluate for one value, since references can expand without bounds."""
TOTAL = 2_000_000
"""Maximum number of expressions to evaluate for a whole file."""
COMMENT = "//"
LABELS: Mapping[str, int] = {"resource": 2, "data": 2, "module": 1, "output": 1, "variable": 1, "locals": 0}
"""The number of labels of each kind of block: two for `resource "TYPE" "NAME" { }`."""
VALUES: Mapping[str, str] = {"output": "value", "variable": "default"}
"""The argument with the value of an output, and the one with the default of a variable."""
LOCAL_SOURCE = ("./", "../")
"""The beginnings of the `source` of a local module, which is a folder (Terraform, "Module sources", "Local paths")."""

Name = tuple[str, ...]
Reader = Callable[[str], Any]


class Declared(NamedTuple):
    """The declaration of a name: the content of its block, or its value.

    `read` parses strings of its file, if that is JSON. `is_own` says that it is in the linted file.
    """

    body: Located
    read: Reader | None
    is_own: bool = False


Names = Mapping[Name, Declared]


class ModuleCall(NamedTuple):
    """A call of a module: the content of the `module` block, and a function that evaluates an argument in it."""

    body: Located
    value: Callable[[Any, Path, int], Located]


class ReadBudget:
    """Limits the number of expressions to evaluate: `TOTAL` for a file, and `STEPS` for each value in it."""

    def __init__(self) -> None:
        self.total, self.steps = TOTAL, STEPS

    def take(self, *, is_first: bool) -> bool:
        """Count an expression, and return whether it may be evaluated. `is_first` says that a new value begins."""
        self.steps = (min(STEPS, self.total) if is_first else self.steps) - 1
        self.total -= self.steps >= 0
        return self.steps >= 0


def labelled(value: Any, path: Path, labels: int) -> Iterator[tuple[Name, Located]]:
    """Yield the labels and the content of each block of one kind, given the number of `labels` of that kind.

    `value` has all these blocks, nested under their labels: `{"aws_sqs_queue": {"orders": {…}}}` yields the labels
    `("aws_sqs_queue", "orders")`.
    """
    for block in objects(value, path):
        if not labels:
            yield (), block
            continue
        for label, inner in block.value.items():
            if label != COMMENT:
                for rest, body in labelled(inner, (*block.path, label), labels - 1):
                    yield (label, *rest), body


def declared(root: Mapping[str, Any], read: Reader | None, *, is_own: bool = False) -> Names:
    """Return the declarations of a file by name, such as `("resource", "aws_sqs_queue", "orders")`.

    Other names are `("locals", "size")`, `("variable", "size", "default")` and `("output", "arn", "value")`.
    """
    found: dict[Name, Declared] = {}
    for kind, labels in LABELS.items():
        for name, body in labelled(root.get(kind), (kind,), labels):
            argument = VALUES.get(kind)
            members = body.value if argument is None or argument in body.value else {}
            chosen = [argument] if argument and members else list(members) if not labels else []
            for member in chosen:
                found[kind, *name, member] = Declared(Located(members[member], (*body.path, member)), read, is_own)
            if labels and argument is None:
                found[kind, *name] = Declared(body, read, is_own)
    return found


def merged(files: Iterable[tuple[str, Any]]) -> Names:
    """Return the declarations of all files of a folder. A file is a pair of its language and its parsed value."""
    names: dict[Name, Declared] = {}
    for language, value in files:
        if isinstance(value, dict):
            names |= declared(value, read_template if language == "json" else None)
    return names


class Module:
    """A Terraform module: the files of a folder. `own` has the declarations of the linted file, if that is in it.

    `call` is the call of the module in the linted file or in another module, if any. `path` has the names of all nested
    calls that lead to it.
    """

    def __init__(
        self, own: Names, beside: Beside | None, budget: ReadBudget, folder: str = ".", call: ModuleCall | None = None,
        path: Name = (),
    ) -> None:  # fmt: skip
        self.own, self.beside, self.budget, self.folder, self.call, self.path = own, beside, budget, folder, call, path
        self.others: Names | None = None
        self.modules: dict[str, Module] = {}

    def find(self, *name: str) -> Declared | None:
        """Return the declaration of a name in parts, such as ("locals", "size"), in any file of the module, or None."""
        found = self.own.get(name)
        if found is None and self.others is None:
            self.others = (self.beside and self.beside(self.folder, merged)) or {}
        return found or (self.others or {}).get(name)

    def called(self, name: str, call: ModuleCall, source: Any) -> Module | None:
        """Return the module that the block `module "NAME"` calls; None if its source is not a local folder."""
        if not isinstance(source, str) or not source.startswith(LOCAL_SOURCE):
            return None
        if name not in self.modules:
            folder = normpath(join(self.folder, source))
            self.modules[name] = Module({}, self.beside, self.budget, folder, call, (*self.path, name))
        return self.modules[name]
