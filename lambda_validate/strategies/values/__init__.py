"""Make values of a set: a simple value, realistic ones, and any value from a string of bytes."""
