"""Tables of cases in YAML."""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml


class Loader(yaml.SafeLoader):
    """A loader that refuses a member that occurs twice, which PyYAML does not.

    It is not the one in C, which refuses lone surrogates.
    """

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        found = super().construct_mapping(node, deep)
        if len(found) != len(node.value):
            raise ValueError(f"a member occurs twice, line {node.start_mark.line + 1}")
        return found


def read_table(path: Path) -> Any:
    """Return what a table holds. Raise ValueError where a member occurs twice."""
    return yaml.load(path.read_text("utf-8"), Loader)
