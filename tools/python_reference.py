"""The reference of the Python API: signatures and docstrings of the public modules, as Markdown."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any, ForwardRef, get_args

from markdown_tables import table

MODULES = (
    "lambda_validate", "lambda_validate.http", "lambda_validate.gateway.asgi", "lambda_validate.gateway.wsgi",
    "lambda_validate.gateway.envoy", "lambda_validate.boto", "lambda_validate.strategies", "lambda_validate.export",
    "lambda_validate.reference", "lambda_validate.formats",
)  # fmt: skip
ONLY = {
    "lambda_validate.gateway.asgi": ("Middleware",),
    "lambda_validate.gateway.wsgi": ("Middleware",),
    "lambda_validate.reference": ("validator", "format_checker"),
    "lambda_validate.formats": ("FORMATS",),
}
"""The public names of modules that have no `__all__` or that show more in it than users need."""


def python_api() -> str:
    """Return a section for each public module, with the signature and the docstring of what it holds."""
    return "\n".join(line for name in MODULES for line in _module(name))


def _module(name: str) -> Iterator[str]:
    module = import_module(name)
    yield from (f"## {name}", "", _first(inspect.getdoc(module) or ""), "")
    for each in ONLY.get(name, getattr(module, "__all__", ())):
        found = getattr(module, each)
        yield from (f"### {name.removeprefix('lambda_validate').lstrip('.') or 'lv'}.{each}", "")
        if inspect.ismodule(found) or not callable(found) or get_args(found):
            yield from (_value(name, each, found), "")
            continue
        yield from ("```text", _signature(each, found), "```", "", _doc(found), "")


def _value(module: str, name: str, found: Any) -> str:
    if inspect.ismodule(found):
        return _first(inspect.getdoc(found) or "")
    if choices := get_args(found):
        return "One of " + ", ".join(f"`{each!r}`" for each in choices) + "."
    return "Keys: " + ", ".join(f"`{each}`" for each in found) + "."


def _signature(name: str, found: Any) -> str:
    try:
        signature = inspect.signature(found)
    except ValueError:
        return name
    given = [*_parameters(signature)]
    result = "" if inspect.isclass(found) or signature.return_annotation is signature.empty else _result(signature)
    line = f"{name}({', '.join(given)}){result}"
    return line if len(line) <= WIDE else f"{name}(\n    {f',{chr(10)}    '.join(given)},\n){result}"


WIDE = 100
"""Characters of a signature that stands on one line."""


def _result(signature: inspect.Signature) -> str:
    return f" -> {_annotation(signature.return_annotation)}"


def _parameters(signature: inspect.Signature) -> Iterator[str]:
    """Yield the parameters of a function as they are written in its definition."""
    is_marked = False
    for each in signature.parameters.values():
        if each.kind is each.KEYWORD_ONLY and not is_marked:
            yield "*"
        is_marked = is_marked or each.kind in (each.KEYWORD_ONLY, each.VAR_POSITIONAL)
        stars = {each.VAR_POSITIONAL: "*", each.VAR_KEYWORD: "**"}.get(each.kind, "")
        annotation = "" if each.annotation is each.empty else f": {_annotation(each.annotation)}"
        default = "" if each.default is each.empty else f" = {each.default!r}"
        yield f"{stars}{each.name}{annotation}{default}"


def _annotation(found: Any) -> str:
    if isinstance(found, ForwardRef):
        return found.__forward_arg__
    return found if isinstance(found, str) else inspect.formatannotation(found)


def _members(found: Any) -> Iterator[tuple[str, str]]:
    """Yield the public attributes, properties and methods of a class, with the first paragraph of what each is."""
    if not hasattr(found, "_fields"):
        yield from ((f"`{name}`", f"`{kind}`") for name, kind in _annotations(found).items() if name[0] != "_")
    for name, member in vars(found).items():
        plain = getattr(member, "__func__", member)
        if name.startswith("_") or not (isinstance(plain, property) or inspect.isfunction(plain)):
            continue
        written = f"`{name}`" if isinstance(plain, property) else f"`{name}({', '.join(_without_self(plain))})`"
        yield written, " ".join(_doc_first(plain).split())


def _annotations(found: Any) -> Mapping[str, Any]:
    return inspect.get_annotations(found)


def _without_self(function: Any) -> Iterator[str]:
    parameters = inspect.signature(function).parameters
    return (each for each in parameters if each not in ("self", "cls"))


def _doc(found: Any) -> str:
    """Return the docstring, with what Markdown would read as markup written as it is."""
    text = _escaped(inspect.getdoc(found) or "")
    rows = [*_members(found)] if inspect.isclass(found) else []
    return "\n".join([text, "", table(("member", "meaning"), rows)]) if rows else text


def _doc_first(found: Any) -> str:
    return _escaped(_first(inspect.getdoc(found) or ""))


def _escaped(text: str) -> str:
    """Return a text whose characters mean the same in Markdown. Code in it stays as it is."""
    pieces = text.split("`")
    return "`".join(re.sub(r"([<*])", r"\\\1", each) if at % 2 == 0 else each for at, each in enumerate(pieces))


def _first(text: str) -> str:
    return text.partition("\n\n")[0]
