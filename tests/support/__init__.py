"""Loaders of cases that are stored as data."""
