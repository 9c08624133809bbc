"""Validate with `jsonschema` and our formats: slower than `Validator`, and independent of it."""

from __future__ import annotations

from .catalog.reference import Lenient, Strict, format_checker, validator

__all__ = ["Lenient", "Strict", "format_checker", "validator"]
