"""Make a value of a set of JSON values: a simple value, realistic ones, or any value, chosen by a string of bytes."""
