"""Make the reference pages of an edition from its schemas: all rules, with examples and diagrams, as static HTML.

Input: an edition. Output: the pages and other files, by path (`Site.files`).

    statements   the statements of a schema: each keyword with its rule, message, source and condition
    conditions   the conditions of rules in words: `StartingPosition is AT_TIMESTAMP`
    examples     valid and invalid payloads, each checked by the validator
    diagrams     railroad diagrams of patterns                wording, samples   patterns in words, and matching strings
    pages        the content of each page as Python values    rendering, site    pages as HTML files
    checking     the findings in text that a user types into the playground (`serve.playground`)

For example, `{"minimum": 1}` at BatchSize gives a statement with the rule `batch-size.minimum` and the message
"BatchSize must be at least 1.". An invalid example has the value 0. Only drawing and writing need the extra
`lambda-validate[docs]`.
"""
