"""Exceptions for payloads that cannot be generated."""

from __future__ import annotations


class GenerationError(RuntimeError):
    """A requested payload cannot be generated. The message names the rule or the keyword, and the reason."""


class PatternError(GenerationError):
    """No string can be generated from a pattern of a schema. The message names the pattern."""
