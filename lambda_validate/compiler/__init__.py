"""From a JSON Schema to a Python function that validates, and from a violation to a sentence."""
