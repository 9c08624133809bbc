"""Schemas with one thing changed, and the few cases that tell them from the original."""
