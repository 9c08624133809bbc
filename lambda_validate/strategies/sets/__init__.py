"""Sets of JSON values: the set of values that match a schema, and the operations on such sets.

A domain is a set of values of one JSON type, such as the strings of 1 to 64 characters. A tuple of domains is a union.

    solver        schema → union of domains          meeting       intersection and complement
    domains       the kinds of domains               numbers       sets of numbers
    texts         sets of strings, by automata       relating      schemas in place of relations

Example: `{"type": "integer", "minimum": 1}` becomes `(Number(least=1, whole=True),)`. The complement of this set has
the numbers below 1, all fractions, and all values of other types.
"""
