"""Sets of JSON values: domains, what they have in common, what they leave, and a schema as the set that meets it."""
