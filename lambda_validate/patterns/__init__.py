"""Regular expressions: matching, a syntax tree, automata, and other forms of a pattern. Imports nothing of ours."""

from __future__ import annotations


class PatternError(ValueError):
    """A pattern that cannot be read, or lacks the form that is asked for; the message names what is wrong."""
