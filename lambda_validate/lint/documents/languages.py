"""The language of a file: by its name or, where that does not say, by how its text begins."""

from __future__ import annotations

import re
from collections.abc import Mapping
from os.path import splitext

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
