"""Define valid requests, and bodies that are slow to parse for a careless parser."""

from __future__ import annotations

PATH = "/2015-03-31/event-source-mappings/"


JSON = {"Content-Type": "application/json"}


VALID = {"EventSourceArn": "arn:aws:sqs:us-west-2:123456789012:orders", "FunctionName": "orders"}


ATTACKS = {
    "arrays": b"[" * 100_000, "objects": b'{"a":' * 40_000, "flat": b"[]," * 80_000, "digits": b"9" * 200_000,
    "backslashes": b'["' + b"\\" * 200_000, "quotes": b'"' * 200_000, "exponent": b"1e" + b"9" * 200_000,
    "spaces": b" " * 200_000, "braces": b"{" * 200_000, "too large": b" " * 300_000,
    "not finite": b"[" + b"NaN," * 50_000 + b"1]", "too large numbers": b"[" + b"1e999," * 40_000 + b"1]",
    "surrogates": b"[" + b'"\\ud800",' * 25_000 + b"1]", "one name": b'{"a":1' + b',"a":1' * 40_000 + b"}",
}  # fmt: skip
