"""CloudFormation, including SAM and the templates that CDK writes.

`template` reads resources, `sam` and `sam_events` the functions of SAM with their events. `intrinsics` evaluates
functions such as `Ref` and `Fn::Sub`, `targets` says what a reference to a resource is, and `conditions` which branches
of `Fn::If` can occur together.
"""
