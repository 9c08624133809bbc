"""The language server: findings, quick fixes and pages of rules in an editor, over standard input and output.

    positions   offsets in characters ↔ lines and characters of the protocol
    projects    the settings of a workspace folder → a `Project`, as `lint` uses it
    checks      a document → findings and fixes, at offsets
    messages    findings and fixes → types of the protocol
    schedule    waits until the user stops typing
    session     the open documents of one client, and answers to its requests
    protocol    answers every request, also one that is invalid
    server      connects a session to pygls

For example, the client sends `textDocument/didChange`. After a pause, the session checks the document and sends
`textDocument/publishDiagnostics`. Only `messages`, `protocol`, `session` and `server` need the extra
`lsp`.
"""
