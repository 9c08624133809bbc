"""The command `lambda-validate export`: write the schemas as OpenAPI, API Gateway models or JSON Schema.

    lambda-validate export openapi -o lambda.json

`edition` is `"current"` by default.
"""

from __future__ import annotations

import json
import os
import re
from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any

from ..base.spelling import UnknownNameError
from ..export import Export, api_gateway, json_schema, openapi
from ..export.json_schema import DRAFTS
from ..export.losses import facts, lines
from ..files.output_folder import Folder
from ..files.writing import replace
from .arguments import OUTPUT
from .commands import CommandResult, UsageError

if TYPE_CHECKING:
    from .parsing import Parser

FORMS: Mapping[str, Callable[[Namespace], Export]] = {
    "openapi": lambda given: openapi(given.edition, given.operation),
    "api-gateway": lambda given: api_gateway(given.edition, given.operation),
    "json-schema": lambda given: json_schema(given.edition, given.operation, given.draft or next(iter(DRAFTS))),
}
FOLDERS = {"api-gateway": "the models", "json-schema": "each schema"}
"""The parts of a form that are written to a folder, one file each."""


def add_arguments(parser: Parser) -> None:
    """Add the options of `export` to a parser."""
    add = parser.section("contents").add_argument
    add("--operation", action="append", metavar="NAME",
        help="export only this operation; may be repeated (default: all)")  # fmt: skip
    add("--draft", choices=DRAFTS, help="the draft of JSON Schema, for the form json-schema (default: 2020-12)")
    add = parser.section(OUTPUT).add_argument
    add("-o", "--output", metavar="PATH",
        help="the file to write, a folder for one file per schema, or - for standard output (default: -)")  # fmt: skip
    add("--report", metavar="FILE",
        help="a file for the rules that the form cannot express, as JSON (default: print them as notes)")  # fmt: skip


def run(arguments: Namespace, stdin: IO[bytes], colour: bool) -> CommandResult:
    """Write the schemas of an edition in another form, and list the rules that the form cannot express."""
    form, report = arguments.form, arguments.report
    if form not in FORMS:
        raise UnknownNameError("form", form, FORMS)
    output = None if arguments.output == PRINTED else arguments.output
    if arguments.draft and form != "json-schema":
        raise UsageError(f"--draft is for the form json-schema; {form} has a fixed draft, so leave out --draft")
    is_folder = _is_folder(form, output, report)
    export = FORMS[form](arguments)
    losses = _text(facts(form, arguments.edition, export.losses))
    _write(export, form, output, is_folder)
    if report not in (None, PRINTED):
        _put(report, losses)
    notes = () if report is not None else lines(export.losses)
    printed = _text(export.document) if output is None else losses if report == PRINTED else None
    return CommandResult((), notes, data=printed)


PRINTED = "-"
"""The file name that means standard output."""
SEPARATORS = tuple(filter(None, (os.sep, os.altsep)))


def _is_folder(form: str, output: str | None, report: str | None) -> bool:
    """Return whether `-o` names a folder. Raise `UsageError` if form or report cannot be written as requested."""
    for option, path in (("-o", output), ("--report", report)):
        if path == "":
            raise UsageError(f"{option} has an empty path; name a file, or - for standard output")
    if report == PRINTED and output is None:
        raise UsageError(
            "--report - and the document cannot both be written to standard output; add -o PATH for the document"
        )
    is_folder = output is not None and (output.endswith(SEPARATORS) or os.path.isdir(output))
    if is_folder and form not in FOLDERS:
        raise UsageError(f"{form} is written as one file; use -o FILE, not a folder")
    return is_folder


def _write(export: Export, form: str, output: str | None, is_folder: bool) -> None:
    """Write the exported document to a file, or its parts to a folder."""
    if output is None:
        return
    if not is_folder:
        _put(output, _text(export.document))
        return
    folder = Folder(output)
    documents = {form: export.document, **export.files} if form == "api-gateway" else export.files
    for name, document in documents.items():
        with _writable(os.path.join(output, f"{name}.json")):
            folder.write(f"{name}.json", _text(document))


def _put(file: str, data: bytes) -> None:
    with _writable(file):
        replace(file, data)


@contextmanager
def _writable(path: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}") from None


def _text(document: Any) -> bytes:
    """Return a document as JSON that YAML parsers read in the same way, since some tools parse it as YAML.

    YAML has no surrogate pairs of escapes, and some characters break its lines. So characters of the basic plane that
    are not ASCII are escaped, and no others.
    """
    text = json.dumps(document, indent=2, ensure_ascii=False)
    return (BASIC.sub(lambda match: f"\\u{ord(match[0]):04x}", text) + "\n").encode()


BASIC = re.compile("[\x7f-\uffff]")
"""The characters to escape: all of the basic plane that are not ASCII."""
