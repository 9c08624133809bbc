"""Sets of JSON values: domains, their intersections and complements, and the set of values that match a schema.

    solver        schema → union of domains          meeting       intersection and complement
    domains       the kinds of domains               numbers       sets of numbers
    texts         sets of strings, by automata       relating      schemas in place of relations

Example: `{"type": "integer", "minimum": 1}` becomes `(Number(least=1, whole=True),)`. The complement of that set has
the numbers below 1, all fractions, and all values of other types.
"""
