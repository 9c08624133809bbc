"""Mutants: schemas with one small change; and a small set of cases that distinguishes them from the original.

Input: a `Generator` of an operation. `edits` changes one keyword. `changes` makes mutants, and proves that some accept
the same payloads as the original. `reduction` chooses the cases. For `{"maximum": 10}` the mutants have 9, 11 or no
maximum. The case with the value 11 kills the second and the third of them: they accept it, and the original does not.
"""
