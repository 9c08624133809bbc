"""The language server: findings, quick fixes and pages of rules in an editor, over standard input and output.

`positions` converts places, `projects` reads settings, `checks` makes findings of a document, `messages` writes them
in the protocol's types, `schedule` waits until typing pauses, and `server` answers the client. Only `messages` and
`server` need the extra `lsp`.
"""
