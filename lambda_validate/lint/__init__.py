"""Lint files: find payloads of the Lambda API in templates and configuration, and report what is wrong with them.

    files/       paths → text                     input: the paths that a user names
    documents/   text → values with positions     JSON, YAML and HCL
    formats/     values → resources               CloudFormation, SAM, Terraform, Serverless, ACK, Crossplane …
    unresolved/  resources → violations           values that a file only refers to are unknown, or one of several
    findings/    violations → findings            with line, column, message and help
    control/     findings → those to report       inline ignores, selected rules, the baseline
    reporters/   findings → lines                 output: text, JSON, SARIF …
    fix/         findings → edited files          with `--fix`

`runner` takes files through these steps, and `session` does so for the arguments of the command. For example, the
property `BatchSize: 0` of an `AWS::Lambda::EventSourceMapping` in a template becomes the member BatchSize of a request
of CreateEventSourceMapping. The violation of that request becomes a finding at the line of the property.

For a file that cannot be read or parsed, a `Failure` is returned and not raised, so other files are linted all the
same.
"""
