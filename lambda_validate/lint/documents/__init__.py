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
"""The language of each file extension; an empty string means that the content decides.

When a folder is linted, only files with these extensions are read.
"""

LIKE_JSON = r'\s*(?:\{\s*(?:["}]|\Z)|\[\s*(?:["{}\[\]\d]|\Z))'
LIKE_HCL = r'(?m)^(?:resource|data)[ \t]+"\w+"[ \t]+"[\w-]+"[ \t]*\{'
"""Patterns of the beginning of a JSON file and of a block in HCL, for files without a known extension.

They are strings, and are compiled when needed, since few files lack an extension.
"""


def language(text: str, name: str = "") -> str:
    """Return the language of a text, "json", "yaml" or "hcl", by the extension of the file `name` or by the content."""
    known = LANGUAGES.get(splitext(name)[1].lower())
    return known or ("json" if re.match(LIKE_JSON, text) else "hcl" if re.search(LIKE_HCL, text) else "yaml")


def parse(text: str, name: str = "", dialect: str = "core") -> tuple[Document, ...] | ParseFailure:
    """Return the documents of a text, or the reason why it cannot be parsed.

    `name` is the file's name; its extension decides the language. `dialect` is "core" (YAML 1.2) or "yaml11" (YAML 1.1,
    in which `yes` is a boolean); other languages ignore it. Each language's module is imported when it is first needed.
    """
    found: tuple[Document, ...] | ParseFailure = import_module(f"{__package__}.{language(text, name)}_text").parse(
        text, dialect
    )
    return found
