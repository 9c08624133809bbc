"""Load the examples of requests and responses in rule pages: JSON that the HTTP boundary validates.

A request has `method`, `target`, `headers` and `body`. A response has `operation`, `status`, `headers` and `body`.
A body is a string, or a list of strings and of pairs `[string, times]`. Optional members: `limits` (smaller `Limits`),
`late` (the body does not arrive in time), `newer_sdk` (check by the edition `current` and a newer SDK).
"""

from __future__ import annotations

import json
from typing import Any

import lambda_validate as lv
from lambda_validate import http
from lambda_validate.catalog import find
from lambda_validate.catalog.newer import beyond
from support.newer_models import MODEL

FILE_NAMES = ("request.json", "response.json")
"""The file names that mark a fenced block as an exchange example."""


def check(text: str, edition: str) -> tuple[int, lv.Report]:
    """Return the status for the sender of a message, or 200 if the message passes, and the report."""
    example = json.loads(text)
    catalog = beyond(find("current"), MODEL) if example.pop("newer_sdk", False) else find(edition)
    boundary = http.boundary(catalog, limits=http.Limits(**example.pop("limits", {})))
    body = "".join(each if isinstance(each, str) else each[0] * each[1] for each in example.pop("body", ""))
    headers = [tuple(each) for each in example.pop("headers", [])]
    found = _check(boundary, example, headers, body.encode("utf-8"))
    return found.answer.status if found.answer else 200, found.report


def _check(boundary: http.Boundary, example: dict[str, Any], headers: list[Any], body: bytes) -> Any:
    if "operation" in example:
        return boundary.check_response(example.pop("operation"), example.pop("status"), headers, body)
    head = boundary.open(example.pop("method"), example.pop("target"), headers)
    if example.pop("late", False):
        return boundary.too_slow(head).check
    assert not example, f"unknown members of an example: {sorted(example)}"
    return head.check or boundary.close(head, body)
