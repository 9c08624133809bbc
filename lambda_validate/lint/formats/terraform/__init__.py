"""Read Terraform's files: configurations in HCL and in JSON, plans and states.

`configuration` reads resource blocks, and `applied` reads plans and states. `resource` makes a payload of a block.
`scope` evaluates expressions. `modules` finds declarations in all files of a folder, and calls of local modules.
`types` says what a reference such as `aws_sqs_queue.orders.arn` is. `values` has operations on evaluated values.
"""
