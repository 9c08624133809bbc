"""Mutants: schemas with one small change; and a small set of cases that distinguishes them from the original.

Input: a `Generator`. `edits` changes one keyword, `changes` makes mutants and proves that some are equivalent to the
original, and `reduction` chooses the cases. For `{"maximum": 10}` the mutants have 9, 11 or no maximum, and the case
with the value 11 kills the second and the third of them.
"""
