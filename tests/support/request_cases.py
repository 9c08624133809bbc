"""Load requests: the request, the response, and the rules that it breaks. A request with status null passes.

The tables are in `http_cases/requests`: valid requests, and invalid ones by fault. A body is a string in `body`,
bytes in `hex`, or a string and its number of repetitions in `repeat`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from support.tables import read_table


class Case(NamedTuple):
    id: str
    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes
    status: int | None
    rules: list[tuple[str, str]]

    def wire(self) -> bytes:
        """Return the request as the bytes that a client writes."""
        lines = [f"{self.method} {self.target} HTTP/1.1", "host: 127.0.0.1", "connection: close"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        if self.body or self.method != "GET":
            lines.append(f"content-length: {len(self.body)}")
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + self.body


def body_of(case: dict[str, Any]) -> bytes:
    if "hex" in case:
        return bytes.fromhex(case["hex"])
    if "repeat" in case:
        text, times = case["repeat"]
        return bytes(text * times, "utf-8")
    return str(case["body"]).encode()


def read(case: dict[str, Any]) -> Case:
    plain = (case["id"], case["method"], case["target"])
    headers, rules = [tuple(each) for each in case["headers"]], [tuple(each) for each in case["rules"]]
    return Case(*plain, headers, body_of(case), case["status"], rules)


TABLES = sorted((Path(__file__).parent.parent / "http_cases" / "requests").glob("*.yaml"))
CASES = [read(row) for table in TABLES for row in read_table(table)]
