"""The language server: findings, quick fixes and pages of rules in an editor, over standard input and output.

    positions   converts offsets to lines and characters of the protocol, and back
    projects    makes a `Project`, as `lint` uses it, of the settings of a workspace folder
    checks      checks a document, and returns findings and fixes at offsets
    messages    converts findings and fixes into types of the protocol
    schedule    waits until the user stops typing
    session     has the open documents of one client, and answers its requests
    protocol    answers every request, also an invalid one
    server      connects a session to pygls, the library that reads and writes messages

For example, the client (an editor) sends `textDocument/didChange`. After a pause, the session checks the document and
sends `textDocument/publishDiagnostics`. Only `messages`, `protocol`, `session` and `server` need the extra `lsp`.
"""
