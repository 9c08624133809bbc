"""Read CloudFormation templates, including those of SAM and those that CDK writes.

`template` reads resources, and `sam` reads the functions of SAM with their events. `intrinsics` evaluates functions
such as `Ref` and `Fn::Sub`. `targets` says what a reference to a resource gives, for example an ARN of SQS.
`conditions` decides which branches of `Fn::If` can occur together. `timeouts` finds timeouts of queues and functions.
"""
