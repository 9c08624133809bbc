"""Text becomes documents: the language is told by the file's name or, for want of one, by how the text begins."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from importlib import import_module
from os.path import splitext
from typing import cast

from .places import Document, ParseFailure

LANGUAGES: Mapping[str, str] = {".json": "json_text", ".yaml": "yaml_text", ".yml": "yaml_text"}
"""By file extension, the module that parses; it is imported when the first such file is met."""

Parser = Callable[[str], tuple[Document, ...] | ParseFailure]

LIKE_JSON = re.compile(r'\s*(?:\{\s*(?:["}]|\Z)|\[\s*(?:["{}\[\]\d]|\Z))')


def parse(text: str, name: str = "") -> tuple[Document, ...] | ParseFailure:
    """Return the documents of a text, or why it cannot be read."""
    module = LANGUAGES.get(splitext(name)[1].lower()) or ("json_text" if LIKE_JSON.match(text) else "yaml_text")
    return cast("Parser", import_module(f"{__package__}.{module}").parse)(text)
