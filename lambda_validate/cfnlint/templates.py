"""Find the findings of a template that cfn-lint has parsed, without those that cfn-lint reports itself."""

from __future__ import annotations

import json
import os
from argparse import Namespace
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any, NamedTuple

from ..lint import session
from ..lint.documents.places import Document, Path, Span
from ..lint.files import STDIN, Signs, SourceFile, load
from ..lint.files.beside import Folders
from ..lint.findings.finding import FileFindings, LintFinding
from ..lint.formats import marked
from ..lint.runner import file_findings
from ..settings import attribute, fill
from ..settings.keys import KEYS, Setting

FORMATS = frozenset({"cloudformation", "sam"})
"""The formats that are linted in templates of cfn-lint."""
OPTIONS: Mapping[str, Setting] = {name: Setting(key.default, key.choices) for name, key in KEYS.items()}
IN_MEMORY = "template.json"
"""The file name in findings of a template that was not read from a file."""
REQUIRED = ".required"
OF_OTHERS = frozenset({"E3002", "E3003"})
"""Rules of cfn-lint about names of members. In a choice of schemas (`anyOf`), they may be from one that does not apply.
"""


class PlacedFinding(NamedTuple):
    """A finding with its path and its position in the template.

    Lines and columns count from 0, as in cfn-lint. `span` is None if the position is unknown.
    """

    finding: LintFinding
    path: Path
    span: Span | None

    @property
    def message(self) -> str:
        """The message that cfn-lint prints: that of the finding, and its help."""
        return " ".join(filter(None, (self.finding.message, self.finding.help)))


def located(template: Any) -> list[PlacedFinding]:
    """Return the findings of a template that cfn-lint has parsed.

    Invalid settings raise `ConfigError` or `UnknownNameError`.
    """
    project = session.project(_arguments())
    name = template.filename if template.filename and os.path.isfile(template.filename) else None
    if name is not None and not project.covers(name):
        return []
    source = _source(template, name, project)
    counts = project.control.selection.counting(name or IN_MEMORY)
    found = file_findings(source, project.validator, project.documents, counts) if source else None
    if not isinstance(found, FileFindings) or not found.documents:
        return []
    remaining = project.control.remaining(name or IN_MEMORY, found)
    (document, *_) = found.documents
    return [_located(finding, document, has_places=name is not None) for finding in remaining]


def _arguments() -> Namespace:
    """Return the settings of the working folder and the environment, as arguments of the command."""
    unset = dict.fromkeys(map(attribute, KEYS))
    found = Namespace(**unset, config=None, no_config=False, show_values=False, sdk_model=False)
    fill(found, os.environ, OPTIONS)
    return found


def _source(template: Any, name: str | None, project: session.Project) -> SourceFile | None:
    """Return the text of a template, or None if it has no payload or cannot be read.

    A template that was not read from a file is converted to JSON, which has the same paths.
    """

    def look(data: bytes) -> Signs:
        signs = marked(data, project.validator.catalog)
        return signs._replace(formats=signs.formats & FORMATS)

    if name is None:
        data = json.dumps(template.template, default=str).encode()
        source = load(STDIN, BytesIO(data), look)
        return source._replace(file=IN_MEMORY) if isinstance(source, SourceFile) else None
    source = load(name, BytesIO(), look)
    return source._replace(beside=Folders().of(name)) if isinstance(source, SourceFile) else None


def _located(finding: LintFinding, document: Document, has_places: bool) -> PlacedFinding:
    if finding.line is None or finding.column is None or finding.end_line is None or finding.end_column is None:
        return PlacedFinding(finding, _owner(finding), None)
    point = finding.line, finding.column
    owner = _owner(finding)
    path = _path_at(document, owner, point) if _holds(document, owner, point) else _path_at(document, (), point)
    span = Span(finding.line - 1, finding.column - 1, finding.end_line - 1, finding.end_column - 1)
    return PlacedFinding(finding, path, span if has_places else None)


def _owner(finding: LintFinding) -> Path:
    """Return the path of a finding's resource in the template, such as `("Resources", "Mapping")`."""
    steps = finding.owner.split("/")[1:3]
    return tuple(step.replace("~1", "/").replace("~0", "~") for step in steps)


def _path_at(document: Document, path: Path, point: tuple[int, int]) -> Path:
    """Return the longest path, beginning with `path`, of a member or item that contains a point of the file.

    `point` is a pair of line and column, from 1.
    """
    while (step := _step(document, path, point)) is not None:
        path = (*path, step)
    return path


def _step(document: Document, path: Path, point: tuple[int, int]) -> str | int | None:
    return next((step for step in _steps(_value(document, path)) if _holds(document, (*path, step), point)), None)


def _steps(value: Any) -> Iterator[str | int]:
    if isinstance(value, dict):
        yield from (key for key in value if isinstance(key, str))
    elif isinstance(value, (list, tuple)):
        yield from range(len(value))


def _value(document: Document, path: Path) -> Any:
    value = document.value
    for step in path:
        inner = getattr(value, "value", value)  # the value of a `Tagged` one
        try:
            value = inner[step]
        except (LookupError, TypeError):
            return None
    return getattr(value, "value", value)


def _holds(document: Document, path: Path, point: tuple[int, int]) -> bool:
    """Return whether a point (line and column, from 1) is inside the name or the value at a path."""
    if document.node(path) is None:
        return False
    key, value = document.locate(path)
    first, last = key or value, value or key
    return first is not None and last is not None and first[:2] <= point < last[2:]


def place(template: Any, path: Any) -> tuple[int, int] | None:
    """Return the line and column, from 0, at which cfn-lint reports an error at a path; None if it has no position."""
    found = template.get_location_yaml(template.template, list(path))
    return tuple(found[:2]) if found else None


class Reported(NamedTuple):
    """The errors that cfn-lint itself reports: their messages by line and column."""

    messages: Mapping[Any, list[str]]

    def has(self, placed: PlacedFinding, template: Any) -> bool:
        """Return whether cfn-lint itself reports the same as a finding.

        It does if it reports any error at the same position. For a missing member, the error must contain its name.
        """
        messages = self.messages.get(place(template, placed.path), ()) if placed.path else ()
        if not placed.finding.rule.endswith(REQUIRED):
            return bool(messages)
        name = placed.finding.pointer.rpartition("/")[2]
        return any(f"'{name}'" in message for message in messages)


def reported(template: Any, base: Any) -> Reported:
    """Return the errors that cfn-lint itself reports in a template: those of its rule `base` and of its child rules."""
    messages: dict[Any, list[str]] = {}
    for path, match in _all(base.match(template) if base is not None else (), ()):
        id = getattr(match, "rule", base).id
        is_of_other = len(path) > len(match.path) and id in OF_OTHERS
        if id.startswith("E") and not is_of_other:
            messages.setdefault(place(template, path), []).append(match.message)
    return Reported(messages)


def _all(matches: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    """Yield matches of cfn-lint with their paths, and the matches nested in them.

    For a choice of schemas (`anyOf`), these are the errors by each schema.
    """
    for match in matches:
        whole = (*path, *match.path)
        yield whole, match
        yield from _all(match.context, whole)
