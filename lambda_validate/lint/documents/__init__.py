"""Parse text into documents: values that know the position of each of their parts.

Input: text, and the name of a file. Output: a tuple of `Document`, or a `ParseFailure` with a position. The name of the
file decides the language; without a known ending, the beginning of the text does.

    Functions:                          document.value              {"Functions": {"a": 1}}
      a: 1                              document.locate(("Functions", "a"))    line 2, columns 3 and 6

The value is plain data, and is made at once. Positions are computed when they are first needed, since most files have
no findings. All parsers have limits on size, nesting and aliases, and none uses recursion that a file controls.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib import import_module
from os.path import splitext

from .places import Document, ParseFailure

LANGUAGES: Mapping[str, str] = {
    ".json": "json", ".yaml": "yaml", ".yml": "yaml", ".template": "", ".tf": "hcl", ".tofu": "hcl", ".tfstate": "json",
}  # fmt: skip
"""The language of each file extension, empty if the text decides. Only these files are read when a folder is walked."""

LIKE_JSON = r'\s*(?:\{\s*(?:["}]|\Z)|\[\s*(?:["{}\[\]\d]|\Z))'
LIKE_HCL = r'(?m)^(?:resource|data)[ \t]+"\w+"[ \t]+"[\w-]+"[ \t]*\{'
"""Patterns by which a text is recognised. They are compiled when they are needed, since few files need them."""


def language(text: str, name: str = "") -> str:
    """Return the language of a text."""
    known = LANGUAGES.get(splitext(name)[1].lower())
    return known or ("json" if re.match(LIKE_JSON, text) else "hcl" if re.search(LIKE_HCL, text) else "yaml")


def parse(text: str, name: str = "", dialect: str = "core") -> tuple[Document, ...] | ParseFailure:
    """Return the documents of a text, or the reason why it cannot be parsed.

    `dialect` names a table of YAML's plain scalars.

    The module for a language is imported at the first file in it.
    """
    found: tuple[Document, ...] | ParseFailure = import_module(f"{__package__}.{language(text, name)}_text").parse(
        text, dialect
    )
    return found
