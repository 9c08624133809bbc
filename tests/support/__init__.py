"""Load cases that are stored as data."""
