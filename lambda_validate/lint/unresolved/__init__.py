"""Validate payloads with values that a file only refers to: unknown, partly known, or one of several.

Input: a payload in which some values are not known. `!Ref Queue` is an `Unknown` that is an ARN of SQS.
`"arn:aws:sqs:${AWS::Region}:1:q"` is a `Partial`. `!If [Big, 100, 10]` is a `Choice` of two options. Output: only
violations that are certain: they occur whatever the unknown values are.

    parts          the classes of such values, and the functions that make them from strings that a tool fills in
    assignments    which options of all choices are taken together
    possibilities  one payload for each combination of examples, and the violations that all have
    shapes         examples: strings that an unknown value may be
"""
