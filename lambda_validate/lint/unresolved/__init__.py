"""Validate payloads in which a file does not show all values: some are unknown, partly known, or one of several.

Input: a payload with such values. In CloudFormation, `!GetAtt Queue.Arn` is an `Unknown` that is an ARN of SQS. `!Sub
"arn:aws:sqs:us-west-2:1:${Name}"` is a `Partial`. `!If [Big, 100, 10]` is a `Choice` of two options. Output: only
violations that are certain, that is, they occur whatever the unknown values are.

    parts          the classes of such values, and the functions that make them from strings that a tool fills in
    assignments    which options of several choices are validated together
    possibilities  replaces unknown values by examples, and returns the violations that occur with all of them
    shapes         the examples of unknown values, such as an ARN of SQS
"""
