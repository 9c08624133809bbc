"""Linting files: text becomes resources with positions, resources become findings, findings become output.

`files/` finds, reads and writes them. `text/` parses JSON, YAML and HCL into documents that know their places.
`formats/` has a module for each way to write the two resources, which tells what parts of a document are payloads.
`worlds`, `partial` and `shapes` judge what is only partly known, and `checker` makes findings of it. `control/` leaves
out what somebody asked to ignore, `fix/` makes safe edits, and `reporters/` turn findings into lines. `runner` and
`session` put these together. A failure is a value everywhere: one bad file never hides another.
"""
