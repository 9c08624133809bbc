"""Linting files: text becomes resources with positions, resources become findings, findings become output."""
