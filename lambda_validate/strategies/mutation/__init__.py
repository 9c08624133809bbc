"""Schemas with one thing changed, and the few cases that distinguish them from the original."""
