"""Regular expressions: parse them, match strings, build automata, and print them in other forms.

Imports no other package of ours.

Input: a pattern of a JSON Schema or a service model. Output: one of these.

    matching    a function that returns a match or None; a wrapper of `re`
    syntax      the syntax tree of a pattern, from which the modules below are made
    building    its automaton: the set of all strings that it matches
    tables      the automaton as bytes, for the native engine and for messages
    portable    the pattern in a form that means the same in every JSON Schema implementation
    ambiguity   whether a backtracking engine may need exponential time for it

An automaton here is a value: a set of strings. So `products.both(of_pattern("^a"), of_pattern("b$"))` is the set of
strings that begin with a and end with b, and two automata are equal if they accept the same strings.

    pattern --syntax.parse--> tree --nondeterministic--> positions --products.of_plain--> automaton --tables--> bytes

Terms: a *symbol* is one ASCII character, or one of four groups of other characters. A *class* is a set of symbols with
the same next state, whatever the state. An *assertion* is an anchor or a look-around, which matches no character. A
state is *alive* if some string leads from it to an accepting state.
"""

from __future__ import annotations


class PatternError(ValueError):
    """A pattern that cannot be parsed, or that has no automaton or portable form.

    The message says what is wrong with it.
    """
