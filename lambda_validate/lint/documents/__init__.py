"""Text becomes documents: the language is told by the file's name or, for want of one, by how the text begins."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .languages import language
from .places import Document, ParseFailure


def parse(text: str, name: str = "", dialect: str = "core") -> tuple[Document, ...] | ParseFailure:
    """Return the documents of a text, or why it cannot be read. `dialect` tells what plain scalars of YAML mean."""
    return PARSERS[language(text, name)](text, dialect)


def _json(text: str, dialect: str) -> Any:
    from . import json_text

    return json_text.parse(text)


def _yaml(text: str, dialect: str) -> Any:
    from . import yaml_text

    return yaml_text.parse(text, dialect)


def _hcl(text: str, dialect: str) -> Any:
    from . import hcl_text

    return hcl_text.parse(text)


PARSERS: Mapping[str, Callable[[str, str], tuple[Document, ...] | ParseFailure]] = {
    "json": _json, "yaml": _yaml, "hcl": _hcl,
}  # fmt: skip
"""By language, what parses; its module is imported when the first such file is met."""
