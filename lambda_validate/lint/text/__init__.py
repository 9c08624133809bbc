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

LIKE_JSON = re.compile(r'\s*(?:\{\s*(?:["}]|\Z)|\[\s*(?:["{}\[\]\d]|\Z))')

LIKE_HCL = re.compile(r'^(?:resource|data)[ \t]+"\w+"[ \t]+"[\w-]+"[ \t]*\{', re.MULTILINE)


def language(text: str, name: str = "") -> str:
    """Return the language of a text."""
    known = LANGUAGES.get(splitext(name)[1].lower())
    return known or ("json" if LIKE_JSON.match(text) else "hcl" if LIKE_HCL.search(text) else "yaml")


def parse(text: str, name: str = "", dialect: str = "core") -> tuple[Document, ...] | ParseFailure:
    """Return the documents of a text, or why it cannot be read. `dialect` tells what plain scalars of YAML mean."""
    return PARSERS[language(text, name)](text, dialect)


def _json(text: str, dialect: str) -> Any:
    from . import json_text

    return json_text.parse(text)


def _yaml(text: str, dialect: str) -> Any:
    from . import yaml_kinds, yaml_text

    return yaml_text.parse(text, yaml_kinds.DIALECTS[dialect])


def _hcl(text: str, dialect: str) -> Any:
    from . import hcl_text

    return hcl_text.parse(text)


PARSERS: Mapping[str, Callable[[str, str], tuple[Document, ...] | ParseFailure]] = {
    "json": _json, "yaml": _yaml, "hcl": _hcl,
}  # fmt: skip
"""By language, what parses; its module is imported when the first such file is met."""
