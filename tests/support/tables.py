"""Load tables of cases from YAML."""

from __future__ import annotations

import re
from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml


class _Unique(yaml.constructor.SafeConstructor):
    """A constructor that rejects repeated keys, unlike PyYAML."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        found = super().construct_mapping(node, deep)
        if len(found) != len(node.value):
            raise ValueError(f"a member occurs twice, line {node.start_mark.line + 1}")
        return found


class Loader(_Unique, yaml.SafeLoader):
    """A loader in Python."""


class CLoader(_Unique, getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """A loader in C, which is several times as fast, and rejects lone surrogates."""


def read_table(path: Path) -> Any:
    """Return the content of a table. Raise ValueError if a member is repeated."""
    found = path.read_text("utf-8")
    return yaml.load(found, Loader if re.search(r"\\u[dD][89a-fA-F]", found) else CLoader)
