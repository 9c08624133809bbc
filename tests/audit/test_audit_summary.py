"""Test the summary as plain text, JSON and HTML, and the progress of a run."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from support.recorded import BAD, GOOD, REFUSED, logs, record

from lambda_validate.audit import summary
from lambda_validate.audit.checking import Auditor
from lambda_validate.audit.records import record_of
from lambda_validate.audit.reporters import REPORTERS
from lambda_validate.audit.summary import Summary, restored
from lambda_validate.base import progress

HOSTILE = '<script>alert(1)</script>"\x1b[31m'
AUDITOR = Auditor()
VOID = {"meta", "link", "rect", "line"}


def counted(*records: Any, file: str = "a.json") -> Summary:
    made = Summary()
    for each in records:
        outcome = AUDITOR.check(record_of(each), file, made.records)
        made.records += 1
        made.add(outcome)
    return made


SOME = (
    record(BAD, error=REFUSED), record(BAD), record(GOOD, error=REFUSED), record(BAD, eventTime="2025-07-01T00:00:00Z"),
    {"eventName": HOSTILE},
)  # fmt: skip


class Page(HTMLParser):
    """The content of a page: its elements, its text, and whether every element is closed correctly."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.opened: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.opened.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert tag in VOID or self.opened.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


def page(found: Summary) -> Page:
    return Page("\n".join(REPORTERS["html"](found)))


class TestSummary:
    def test_partial_summaries_add_up_to_the_whole(self) -> None:
        whole, sum_ = counted(*SOME), Summary()
        for number, each in enumerate(SOME):
            sum_ += counted(each)
            assert sum_.records == number + 1
        expected, found = whole.to_dict(), sum_.to_dict()
        assert [each.pop("index") for each in expected["quarantined"]] == [4]
        assert [each.pop("index") for each in found["quarantined"]] == [0]
        assert found == expected

    def test_a_summary_is_restored_from_its_state(self) -> None:
        whole = counted(*SOME)
        assert restored(whole.state()).to_dict() == whole.to_dict()

    def test_a_lost_record_makes_the_summary_incomplete(self) -> None:
        found = counted(record(GOOD))
        assert (found.is_complete, found.code()) == (True, 0)
        found.records += 1
        assert (found.is_complete, found.code()) == (False, 2)
        assert any("do not add up" in line for line in REPORTERS["full"](found))
        assert "do not add up" in page(found).words

    def test_days_and_reasons_are_bounded(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(summary, "DAYS", 3)
        times = [f"2026-01-{day:02}T00:00:00Z" for day in range(1, 10)] + ["x", "0000-00-0a", None]
        many = [record(GOOD, eventTime=time) for time in times]
        assert len(list(counted(*many).days())) == 4
        total = Summary()
        for each in many:
            total += counted(each)
        assert len(list(total.days())) == 4
        assert sum(each["calls"] for each in total.days()) == len(many)
        broken = counted(*[{}] * 70).to_dict()
        assert (len(broken["quarantined"]), broken["outcomes"]["quarantined"]) == (summary.MAX_LISTED_QUARANTINED, 70)


class TestText:
    def test_control_characters_are_not_printed(self) -> None:
        for format in ("full", "concise"):
            assert "\x1b" not in "\n".join(REPORTERS[format](counted(*SOME, file=HOSTILE)))

    def test_concise_has_a_line_for_each_number(self) -> None:
        assert list(REPORTERS["concise"](counted(*SOME))) == [
            "caught: 1", "missed: 1", "suspected: 2", "quarantined: 1",
            "error batch-size.minimum: 1 refused, 2 accepted",
        ]  # fmt: skip


class TestPage:
    def test_the_page_loads_no_resources_and_runs_no_scripts(self) -> None:
        found = page(counted(*SOME, file=HOSTILE))
        assert not {"script", "iframe", "img", "object"} & {tag for tag, _ in found.elements}
        links = [
            each for _, attributes in found.elements for name, each in attributes.items() if name in ("src", "href")
        ]
        assert links == ["data:,"]
        assert not [name for _, attributes in found.elements for name in attributes if name.startswith("on")]
        assert "<script>alert(1)" in found.words
        assert found.opened == []
        assert "http" not in re.sub("http-equiv", "", "\n".join(REPORTERS["html"](counted(*SOME))))

    def test_charts_show_findings_over_time_and_by_rule(self) -> None:
        found = page(counted(*SOME))
        bars = [attributes["class"] for tag, attributes in found.elements if tag == "rect" and "x" in attributes]
        assert sorted(each for each in bars if each) == ["caught"] * 2 + ["missed"] + ["suspected"] * 3
        assert "2025-07-01: 1 suspected false alarms" in found.words
        assert "batch-size.minimum: 2 accepted" in found.words

    @pytest.mark.parametrize(("days", "expected"), [(50, "2026-01-09"), (70, "2026-01"), (3_000, "2026")])
    def test_many_days_are_shown_by_month_or_year(self, days: int, expected: str) -> None:
        made = Summary()
        for day in range(days):
            year, month = 2026 + day // 336, day // 28 % 12 + 1
            made += counted(record(BAD, eventTime=f"{year}-{month:02}-{day % 28 + 1:02}T00:00:00Z"))
        assert f"{expected}: " in page(made).words

    def test_without_findings_there_is_no_chart(self) -> None:
        assert "svg" not in [tag for tag, attributes in page(counted(record(GOOD))).elements if "role" in attributes]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class TestProgress:
    def test_progress_on_a_terminal_is_one_line_that_is_cleared(self) -> None:
        stream = Terminal()
        shown = progress.FileProgress(stream, 4, 8_000_000)
        shown(1, 2_000_000)
        shown.close()
        assert re.match(
            r"\r\x1b\[K1 of 4 files, 2.0 of 8.0 MB, [\d,.]+ MB/s, [\d,]+ s left\r\x1b\[K$", stream.getvalue()
        )

    def test_progress_is_logged_periodically_without_a_terminal(self, monkeypatch: pytest.MonkeyPatch) -> None:
        now = [0.0]
        monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
        stream = io.StringIO()
        shown = progress.FileProgress(stream, 4, 8_000_000)
        for now[0] in (1.0, 11.0, 12.0):
            shown(1, 1_000_000)
        shown.close()
        assert stream.getvalue() == "lambda-validate: 2 of 4 files, 2.0 of 8.0 MB, 0.2 MB/s, 33 s left\n"

    def test_progress_ignores_a_closed_stream(self) -> None:
        stream = Terminal()
        shown = progress.FileProgress(stream, 1, 1)
        stream.close()
        shown(1, 1)
        progress.FileProgress(None, 1, 1)(1, 1)


def test_the_html_page_is_written_next_to_the_rows(tmp_path: Path) -> None:
    from lambda_validate import cli

    assert cli.main(["audit", str(logs(tmp_path / "logs", 1)), "-o", str(tmp_path / "result"), "--processes", "1"]) == 1
    assert sorted(each.name for each in (tmp_path / "result").iterdir()) == [
        "manifest.jsonl", "part-00000.parquet", "summary.html", "summary.json",
    ]  # fmt: skip
