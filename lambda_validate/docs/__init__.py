"""The reference pages of an edition: its rules, with examples and diagrams, as static HTML made from the schemas.

Input: an edition. Output: the pages and other files, by path (`Site.files`).

    statements   the statements of a schema: each keyword with its rule, message, source and condition
    conditions   conditions in words: `StartingPosition is AT_TIMESTAMP`
    examples     valid and invalid payloads, each checked by the validator
    diagrams     railroad diagrams of patterns        wording, samples   patterns in words, and strings that match
    pages        the content of each page as values   rendering, site    pages as HTML files
    checking     the findings of a file that a user types into the playground (`serve.playground`)

For example, `{"minimum": 1}` at BatchSize gives a statement with the rule `batch-size.minimum`, the message "BatchSize
must be at least 1." and an invalid example with the value 0. Only drawing and writing need the extra
`lambda-validate[docs]`.
"""
