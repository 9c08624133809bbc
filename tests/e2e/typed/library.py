"""Validate payloads, in a program that type checkers accept."""

import lambda_validate as lv


def problems(body: bytes, *, today: bool) -> list[str]:
    """Return the messages of a request."""
    edition = "current" if today else "documents"
    report = lv.validate_json("CreateEventSourceMapping", body, "request", edition)
    return [f"{each.pointer}: {each.message}" for each in report.violations]


def check(operation: str, payload: object) -> dict[str, object]:
    """Validate a request of any operation."""
    validator = lv.Validator("current", unknown_members="warning", disable=["batch-size.sqs"], strict=True)
    report: lv.Report = validator.validate_request(operation, payload)
    try:
        report.raise_if_invalid()
    except lv.ValidationError as error:
        return error.report.to_dict()
    first: lv.Violation | None = next(iter(report), None)
    severity: str = first.severity if first else ""
    return {"severity": severity, "text": str(report), "json": report.to_json(indent=2)}


def directions() -> dict[lv.Direction, object]:
    """Return both schemas of an operation of the documents."""
    operation: lv.DocumentsOperation = "CreateEventSourceMapping"
    return {"request": lv.schema(operation, "request"), "response": lv.schema(operation, "response", strict=True)}
