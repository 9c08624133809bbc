"""Values that a file only refers to: unknown, partly known, or one of several."""
