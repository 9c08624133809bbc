"""Lint files: find payloads of the Lambda API in templates and configuration, and report what is wrong with them.

    files/       paths → text                     Input: the paths that a user names
    documents/   text → values with positions     JSON, YAML and HCL
    formats/     values → resources               CloudFormation, SAM, Terraform, Serverless, ACK, Crossplane …
    unresolved/  resources → violations           values that a file only refers to are unknown, or one of several
    findings/    violations → findings            with line, column, message and help
    control/     findings → those to report       inline ignores, selected rules, the baseline
    reporters/   findings → lines                 text, JSON, SARIF …     Output; or fix/ edits the file

`runner` does all of this for files, and `session` for the arguments of the command. For example, the property
`BatchSize: 0` of an `AWS::Lambda::EventSourceMapping` in a template becomes the member BatchSize of a request of
CreateEventSourceMapping. The violation of that request becomes a finding at the line of the property.

A file that cannot be read or parsed is a value too (`Failure`), so one bad file never hides the findings of others.
"""
