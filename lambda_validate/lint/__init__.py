"""Lint files: text becomes resources with positions, resources become findings, findings become output.

`files/` finds and reads files. `documents/` parses JSON, YAML and HCL into values that know their places. `formats/`
has a module for each way to write the two resources: it says which parts of a document are payloads. `unresolved/`
validates payloads of which not everything is known. `findings/` makes findings of violations. `control/` leaves out
what a user ignores, `fix/` makes safe edits, and `reporters/` turn findings into lines. `runner` and `session` put
these together. A failure is a value everywhere: one bad file never hides another.
"""
