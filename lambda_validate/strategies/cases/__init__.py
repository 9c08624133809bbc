"""Make test cases from a schema, find the keywords that a payload breaks, and measure what the cases cover."""
