"""Values of a set: one plain value, ones that look real, and any value, made of bytes."""
