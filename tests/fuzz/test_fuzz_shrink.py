"""Test that payloads are shrunk, and that the progress of a run is shown."""

from __future__ import annotations

import io
from typing import Any

import pytest
from support.steps import calls

from lambda_validate.base import progress
from lambda_validate.fuzz import shrink

PLAIN = {"A": "plain", "B": 1}


class TestShrink:
    @pytest.mark.parametrize(
        ("payload", "shows", "expected"),
        [
            ({"A": "x", "B": 9, "C": [1]}, lambda p: True, {}),
            ({"A": "x", "B": 9999, "C": 1}, lambda p: p.get("B", 0) > 1000, {"B": 1001}),
            ({"A": "x", "B": -9999}, lambda p: p.get("B", 0) < -5, {"B": -6}),
            ({"A": "x" * 500, "B": 1}, lambda p: len(p.get("A", "")) > 64, {"A": "a" * 65}),
            ({"A": "arn:aws:\n", "B": 1}, lambda p: "\n" in p.get("A", ""), {"A": "\n"}),
            ({"A": "x", "C": 1, "D": 2}, lambda p: "C" in p and "D" in p, {"C": 0, "D": 0}),
            ({"C": {"D": [1, {"E": 250, "F": 1}]}}, lambda p: "250" in str(p), {"C": {"D": [{"E": 250}]}}),
            ({"C": 7.25}, lambda p: p.get("C", 0) > 3, {"C": 4}),
            ({"C": 0.5}, lambda p: isinstance(p.get("C"), float), {"C": 0.5}),
            ({"C": True}, lambda p: p.get("C") is True, {"C": True}),
            ({"C": None}, lambda p: "C" in p, {"C": None}),
            (["a", "b"], lambda p: "b" in p, ["b"]),
            ({"B": 5}, lambda p: "A" not in p and "B" in p, {"B": 1}),
        ],
    )
    def test_shrink_keeps_only_the_needed_parts(self, payload: Any, shows: Any, expected: Any):
        assert shrink.shrink(payload, shows, [PLAIN]) == expected

    def test_shrink_stops_at_the_limit_of_attempts(self):
        tried = []

        def shows(payload: Any) -> bool:
            tried.append(payload)
            return len(payload.get("A", "")) > 3000

        shrink.shrink({"A": "ab" * 5000}, shows, [PLAIN], limit=50)
        assert len(tried) == 50

    def test_a_very_long_string_is_shrunk_in_bounded_work(self):
        found = []

        def shrinks() -> None:
            payload = {"C": {"D": "a" * 600_000}}
            found.append(shrink.shrink(payload, lambda p: len(str(p)) > 400_000, [PLAIN], limit=100))

        calls(shrinks, limit=10_000)
        assert len(str(found[0])) < 420_000

    def test_shrink_stops_when_time_is_over(self):
        left = iter(range(9))
        found = shrink.shrink(
            {"A": "ab" * 500}, lambda p: len(p.get("A", "")) > 10, [PLAIN], over=lambda: next(left, None) is None
        )
        assert 11 < len(found["A"]) < 1000

    @pytest.mark.parametrize(
        ("payload", "shows", "expected"),
        [
            ({"A": "x", "B": 1}, lambda p: True, []),
            ({"A": "x", "B": 9, "C": 1}, lambda p: p.get("B") == 9, ["B"]),
            ({"B": 1}, lambda p: "A" not in p, ["A"]),
            ({"A": "x", "B": 9}, lambda p: p.get("A") == "x" and p.get("B") == 9, ["A", "B"]),
            ("text", lambda p: True, []),
        ],
    )
    def test_needed_reports_the_required_members(self, payload: Any, shows: Any, expected: list[str]):
        assert shrink.needed(payload, shows, [PLAIN]).members == expected


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class TestProgress:
    @staticmethod
    def shown(stream: io.StringIO, monkeypatch: pytest.MonkeyPatch, seconds: float) -> str:
        now = [0.0]
        monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
        made = progress.StepProgress(stream)
        made.phase("cases", 100)
        for _ in range(100):
            now[0] += seconds
            made.tick()
        made.close()
        return stream.getvalue()

    def test_progress_on_a_terminal_is_one_line_that_is_cleared(self, monkeypatch: pytest.MonkeyPatch):
        text = self.shown(Terminal(), monkeypatch, 0.05)
        assert "cases: 1 of 100, 0 s" in text
        assert 20 <= text.count("\r") <= 60
        assert "\n" not in text
        assert text.endswith("\r\x1b[K")

    def test_progress_without_a_terminal_is_plain_and_sparse(self, monkeypatch: pytest.MonkeyPatch):
        lines = self.shown(io.StringIO(), monkeypatch, 0.25).splitlines()
        assert lines == ["lambda-validate: cases: 40 of 100, 10 s", "lambda-validate: cases: 80 of 100, 20 s"]

    def test_a_short_run_prints_no_progress(self, monkeypatch: pytest.MonkeyPatch):
        assert self.shown(io.StringIO(), monkeypatch, 0.01) == ""

    def test_a_broken_stream_only_ends_the_progress(self, monkeypatch: pytest.MonkeyPatch):
        class Broken(Terminal):
            def write(self, text: str) -> int:
                raise OSError

        assert self.shown(Broken(), monkeypatch, 1) == ""
