"""What `aws lambda … --generate-cli-skeleton` prints, before anybody has filled it in.

Texts in it are empty, numbers zeros, booleans true; of a choice it has one, of a list one item, and an object of any
members has one that is called KeyName. Source: the AWS CLI user guide, "Skeletons and input files".
"""

from __future__ import annotations

import re
from typing import Any

from ..documents.places import Path
from ..findings.lint_rules import OWN, SKELETON
from ..findings.resource import FormatFinding

CHOICE = re.compile(r"[A-Z][A-Z0-9_]+|ReportBatchItemFailures|EventCount|1970-01-01T00:00:00.*|0")
"""Texts of a skeleton that are not empty: the first of each choice, and the timestamp."""
FEWEST = 3
"""Members that a skeleton has at least: somebody may have written two empty ones."""
DEPTH = 10


def is_skeleton(payload: Any) -> bool:
    """Whether nothing of a skeleton has been filled in."""
    if not isinstance(payload, dict) or len(payload) < FEWEST or payload.get("FunctionName") != "":
        return False
    return all(_is_blank(each, 0) for each in payload.values())


def _is_blank(value: Any, depth: int) -> bool:
    if isinstance(value, dict):
        return len(value) <= DEPTH and depth < DEPTH and all(_is_blank(each, depth + 1) for each in value.values())
    if type(value) is list:
        return len(value) == 1 and depth < DEPTH and _is_blank(value[0], depth + 1)
    if isinstance(value, str):
        return not value or CHOICE.fullmatch(value) is not None
    return value is True or value is None or (type(value) in (int, float) and value == 0)


def unfilled(path: Path) -> FormatFinding:
    """Return that the object at a path is a skeleton still."""
    help = "Fill in FunctionName and what else is needed, and leave out the other members."
    return FormatFinding(SKELETON, "error", path, OWN[SKELETON].statement, help)
