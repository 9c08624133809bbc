"""Linting files: text becomes resources with positions, resources become findings, findings become output.

`walk` finds files and `files` reads them, `text` parses (by `json_text`, `yaml_text` and others), each format of
`formats` tells which parts of a document are resources, with values that may only be known in `partial`. `checker`
turns a resource into findings, by way of the `worlds` that it may stand for, `reporters` turn findings into lines, and
`runner` puts these together. A failure is a value everywhere: one bad file never hides another. Nothing here prints.

Between findings and output stands `control`: what files say to ignore (`directives`, `ignores`), which rules are wanted
(`selection`), what is known (`baseline`). `fixer` writes what `edits` propose and `fix` has tried. `session` makes all
of it from arguments and `settings`.
"""
