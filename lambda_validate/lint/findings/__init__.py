"""Make the findings of a resource: validate it, compare editions, and compare resources with each other.

    resource       a payload in a document, as a format makes it      checker      makes its findings
    differences    the edition `both`                                 across       rules about several resources
    lint_rules     rules that only linting has                        conversion   strings in place of numbers
    finding        the classes of the results

Input: a `Resource`, such as the request CreateEventSourceMapping in a template, with the path of each member in the
document. Output: a `LintFinding` for each violation, with line, column, message and help. The names in a message are
those of the format: `batch_size` in Terraform.
"""
