"""Service models, as botocore ships them, read as documents of a catalog: one an operation, made when it is asked for.

Only facts are taken: names, types, places, ranges, lengths, patterns, choices, what is required, status codes and
exceptions. What no schema says is listed by `Documents.omissions`.
"""

from __future__ import annotations

from ...patterns import PatternError
from ...patterns.portable import portable
from .documents import Documents
from .shapes import Omission

__all__ = ["Documents", "Omission", "PatternError", "portable"]
