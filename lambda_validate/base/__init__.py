"""Helpers for every other package: exact JSON types, spelling suggestions, terminal output, optional dependencies.

Input and output are plain values, such as strings and numbers. Nothing here knows AWS Lambda, schemas or reports, and
nothing here imports another package of this project.

    values        the JSON type of a Python object: `as_integer(10.0)` is `10`, and `as_integer(True)` is None
    spelling      the nearest name: `nearest("BatchSzie", ["BatchSize"])` is `"BatchSize"`
    arns          the service in an ARN
    grouping      values grouped by a key
    json_errors   the trailing comma that made a JSON decoder fail
    terminal      printing of untrusted strings: control characters are escaped
    progress      a progress line on a terminal
    extras        the error for a missing optional dependency
    engines       the environment variable `LAMBDA_VALIDATE_PURE`, which turns compiled modules off
    version       the version of the package
"""
