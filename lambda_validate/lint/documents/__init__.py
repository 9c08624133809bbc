"""Text becomes documents: the language is told by the file's name or, for want of one, by how the text begins."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from os.path import splitext
from typing import Any

from .places import Document, ParseFailure

LANGUAGES: Mapping[str, str] = {
    ".json": "json", ".yaml": "yaml", ".yml": "yaml", ".template": "", ".tf": "hcl", ".tofu": "hcl", ".tfstate": "json",
}  # fmt: skip
"""By file extension, the language; empty where only the text tells it. Walking a folder looks at these files."""

LIKE_JSON = r'\s*(?:\{\s*(?:["}]|\Z)|\[\s*(?:["{}\[\]\d]|\Z))'
LIKE_HCL = r'(?m)^(?:resource|data)[ \t]+"\w+"[ \t]+"[\w-]+"[ \t]*\{'
"""How a text begins, or what stands in it. Few files need these, and compiling takes time."""


def language(text: str, name: str = "") -> str:
    """Return the language of a text."""
    known = LANGUAGES.get(splitext(name)[1].lower())
    return known or ("json" if re.match(LIKE_JSON, text) else "hcl" if re.search(LIKE_HCL, text) else "yaml")


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
