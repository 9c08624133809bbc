"""The declarations in the files of a Terraform module, and the modules that it calls in local folders.

The names in the linted file are available at once. The other files of its folder are read when a name is not among
them.

Strings of Terraform's JSON contain expressions, `${…}`. Only references and simple conditionals are read. After JSON
escapes, a string is a template like a quoted string of HCL. Only expressions that a pattern matches are read, so that
JSON files need no other parser.
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

MARK = re.compile(r"(\$\$|%%)\{|([$%])(~?)\{|\Z")
"""What a fixed part ends with: an escaped mark, an expression or directive, or the text's end."""
BRACE = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|(\{)|(\})')
"""What matters for finding an expression's end."""


def read_template(text: str) -> Any:
    """Return the value of a string: itself, or an expression of `hcl_values`."""
    if "${" not in text and "%{" not in text:
        return text
    parts: list[Any] = []
    fixed, place = "", 0
    while match := MARK.search(text, place):
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
    """Return the offset of the brace that ends an expression."""
    depth = 0
    for match in BRACE.finditer(text, place):
        depth += bool(match[1]) - bool(match[2])
        if depth < 0:
            return match.start()
    return None


def expression(text: str) -> Any:
    """Parse an expression."""
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
"""The same for a whole file."""
COMMENT = "//"
LABELS: Mapping[str, int] = {"resource": 2, "data": 2, "module": 1, "output": 1, "variable": 1, "locals": 0}
"""By kind of block, how many labels it has."""
VALUES: Mapping[str, str] = {"output": "value", "variable": "default"}
"""By kind of block, the argument that matters, where there is only one."""
LOCAL_SOURCE = ("./", "../")
"""The beginning of a module source that is a folder (Terraform, "Module sources", "Local paths")."""

Name = tuple[str, ...]
Reader = Callable[[str], Any]


class Declared(NamedTuple):
    """The body or value of a name, with the parser for strings of its file.

    `is_own` says that it is in the linted document.
    """

    body: Located
    read: Reader | None
    is_own: bool = False


Names = Mapping[Name, Declared]


class ModuleCall(NamedTuple):
    """A call of a module: the body of its block, and a function that evaluates an argument."""

    body: Located
    value: Callable[[Any, Path, int], Located]


class ReadBudget:
    """Limits the number of expressions to evaluate for a file, and for each value in it."""

    def __init__(self) -> None:
        self.total, self.steps = TOTAL, STEPS

    def take(self, *, is_first: bool) -> bool:
        """Count an expression, the first of a value or a later one, and return whether it may be looked into."""
        self.steps = (min(STEPS, self.total) if is_first else self.steps) - 1
        self.total -= self.steps >= 0
        return self.steps >= 0


def labelled(value: Any, path: Path, labels: int) -> Iterator[tuple[Name, Located]]:
    """Yield the bodies of a kind of block with its labels."""
    for block in objects(value, path):
        if not labels:
            yield (), block
            continue
        for label, inner in block.value.items():
            if label != COMMENT:
                for rest, body in labelled(inner, (*block.path, label), labels - 1):
                    yield (label, *rest), body


def declared(root: Mapping[str, Any], read: Reader | None, *, is_own: bool = False) -> Names:
    """Return the declarations of a file, by kind of block and labels."""
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
    """Return the declarations of all files of a folder, each given as language and value."""
    names: dict[Name, Declared] = {}
    for language, value in files:
        if isinstance(value, dict):
            names |= declared(value, read_template if language == "json" else None)
    return names


class Module:
    """The files of a folder.

    `call` is the call that leads to it, if any, and `path` the names of all calls on the way.
    """

    def __init__(
        self, own: Names, beside: Beside | None, budget: ReadBudget, folder: str = ".", call: ModuleCall | None = None,
        path: Name = (),
    ) -> None:  # fmt: skip
        self.own, self.beside, self.budget, self.folder, self.call, self.path = own, beside, budget, folder, call, path
        self.others: Names | None = None
        self.modules: dict[str, Module] = {}

    def find(self, *name: str) -> Declared | None:
        """Return the declaration of a name."""
        found = self.own.get(name)
        if found is None and self.others is None:
            self.others = (self.beside and self.beside(self.folder, merged)) or {}
        return found or (self.others or {}).get(name)

    def called(self, name: str, call: ModuleCall, source: Any) -> Module | None:
        """Return the module that a block calls; None if its source is not a local folder."""
        if not isinstance(source, str) or not source.startswith(LOCAL_SOURCE):
            return None
        if name not in self.modules:
            folder = normpath(join(self.folder, source))
            self.modules[name] = Module({}, self.beside, self.budget, folder, call, (*self.path, name))
        return self.modules[name]
