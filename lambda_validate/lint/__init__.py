"""Linting files: text becomes resources with positions, resources become findings, findings become output.

`files` finds and reads, `text` parses (by `json_text` and `yaml_text`), a format such as `api` tells which parts of a
document are payloads, `checker` turns a payload into findings, `reporters` turn findings into lines, and `runner` puts
these together. A failure is a value everywhere: one bad file never hides another. Nothing here prints or writes.
"""
