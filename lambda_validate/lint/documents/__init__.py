"""Turn text into documents. The file's name says the language or, where it does not, how the text begins."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib import import_module
from os.path import splitext

from .places import Document, ParseFailure

LANGUAGES: Mapping[str, str] = {
    ".json": "json", ".yaml": "yaml", ".yml": "yaml", ".template": "", ".tf": "hcl", ".tofu": "hcl", ".tfstate": "json",
}  # fmt: skip
"""By file extension, the language; empty where only the text shows it. Walking a folder looks at these files."""

LIKE_JSON = r'\s*(?:\{\s*(?:["}]|\Z)|\[\s*(?:["{}\[\]\d]|\Z))'
LIKE_HCL = r'(?m)^(?:resource|data)[ \t]+"\w+"[ \t]+"[\w-]+"[ \t]*\{'
"""How a text begins, or what stands in it. Few files need these, and compiling takes time."""


def language(text: str, name: str = "") -> str:
    """Return the language of a text."""
    known = LANGUAGES.get(splitext(name)[1].lower())
    return known or ("json" if re.match(LIKE_JSON, text) else "hcl" if re.search(LIKE_HCL, text) else "yaml")


def parse(text: str, name: str = "", dialect: str = "core") -> tuple[Document, ...] | ParseFailure:
    """Return the documents of a text, or why it cannot be read. `dialect` names the table of YAML's plain scalars.

    The module that parses a language is imported when the first such file is met.
    """
    found: tuple[Document, ...] | ParseFailure = import_module(f"{__package__}.{language(text, name)}_text").parse(
        text, dialect
    )
    return found
