"""A reference that shows the rules: static pages made from the catalog, and the same with a box to try payloads in.

`statements` walks a direction's schema and yields what it states, keyword by keyword, in the compiler's own words;
`examples` makes payloads that keep and break it, which the validator checks; `diagrams` draws its patterns. `pages`
turns these into plain values, `site` into files, and `playground` serves them. What draws or writes needs the extra
`lambda-validate[docs]`, which nothing else does.
"""
