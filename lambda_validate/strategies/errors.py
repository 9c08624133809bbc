"""Errors of generation: what cannot be made, and why."""

from __future__ import annotations


class GenerationError(RuntimeError):
    """What was asked for cannot be generated; the text names the rule, cell or change, and why."""


class PatternError(GenerationError):
    """A pattern of a schema from which no strings can be generated; the message names it."""
