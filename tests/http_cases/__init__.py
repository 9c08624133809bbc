"""Requests as data: what is sent, what is answered, and which rules it breaks. A status of null: it passes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple


class Case(NamedTuple):
    id: str
    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes
    status: int | None
    rules: list[tuple[str, str]]

    def wire(self) -> bytes:
        """The request as the bytes that a client writes."""
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


CASES = [read(each) for each in json.loads((Path(__file__).parent / "requests.json").read_text("utf-8"))]
