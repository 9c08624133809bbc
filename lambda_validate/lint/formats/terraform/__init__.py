"""Terraform: its language, its JSON syntax, plans and states.

`configuration` reads resource blocks, and `applied` plans and states. `resource` makes a payload of a block, `scope`
evaluates expressions with the names of a `module`, and `types` describes resources that references lead to.
"""
