"""Test the printed findings: markers are below the right columns, and content of files is escaped for terminals."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

import lambda_validate as lv
from lambda_validate.base.terminal import printable, width
from lambda_validate.lint.documents.places import WINDOW, SourceText
from lambda_validate.lint.files import Failure
from lambda_validate.lint.findings.finding import LintOutcome
from lambda_validate.lint.reporters import REPORTERS, summary
from lambda_validate.lint.runner import lint

QUEUE = "arn:aws:sqs:us-west-2:123456789012:orders"


def outcome(text: str) -> LintOutcome:
    return lint(["-"], io.BytesIO(text.encode("utf-8", "surrogatepass")), lv.Validator())


def lines(text: str, how: str = "full", *, colour: bool = False) -> list[str]:
    return "\n".join(REPORTERS[how](outcome(text), colour)).split("\n")


def test_the_full_report_shows_line_mark_help_and_source():
    text = f'{{"FunctionName": "f",\n  "EventSourceArn": "{QUEUE}",\n  "batch_size": 11}}'
    assert lines(text) == [
        "<stdin>:3:3: error: There is no member 'batch_size'; did you mean 'BatchSize'? [member.unknown]",
        '  3 |   "batch_size": 11}',
        "    |   ^^^^^^^^^^^^",
        "  help: Write BatchSize.",
        "  stated: CreateEventSourceMapping, Request Body, the request",
        "",
    ]


def test_the_concise_report_is_one_line_a_finding():
    text = f'{{"EventSourceArn": "{QUEUE}", "BatchSize": 0,\n"Topics": []}}'
    found = lines(text, "concise")
    assert [each.split(" ")[:3] for each in found] == [
        ["<stdin>:1:1:", "error", "function-name.required"],
        ["<stdin>:1:78:", "error", "batch-size.minimum"],
        ["<stdin>:2:1:", "warning", "member.newer"],
    ]
    assert found[0] == "<stdin>:1:1: error function-name.required FunctionName is required."


def test_the_json_report_has_exactly_its_fields():
    text = f'{{"FunctionName": "f", "EventSourceArn": "{QUEUE}", "BatchSize": 0}}'
    report = json.loads("\n".join(lines(text, "json")))
    assert report == {
        "summary": {"files": 1, "checked": 1, "errors": 1, "warnings": 0},
        "findings": [
            {
                "file": "<stdin>",
                "line": 1,
                "column": 99,
                "end_line": 1,
                "end_column": 100,
                "rule": "batch-size.minimum",
                "severity": "error",
                "operation": "CreateEventSourceMapping",
                "direction": "request",
                "pointer": "/BatchSize",
                "message": report["findings"][0]["message"],
                "source": "CreateEventSourceMapping, Request Body, BatchSize",
                "help": None,
                "url": "https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html",
            }
        ],
    }


def test_a_position_that_is_unknown_is_null_or_left_out():
    finding = outcome('{"EventSourceArn": "a", "FunctionName": "f"}').findings[0]
    nowhere = finding._replace(line=None, column=None, end_line=None, end_column=None, excerpt=None)
    found = LintOutcome((nowhere,), (), 1, 1)
    assert next(REPORTERS["concise"](found, False)).startswith("<stdin>: error event-source-arn.pattern")
    (row,) = json.loads("".join(REPORTERS["json"](found, False)))["findings"]
    assert (row["line"], row["column"], row["end_line"], row["end_column"]) == (None,) * 4
    assert len(list(REPORTERS["full"](found, False))) == 3


def test_colours_change_no_character():
    import re

    text = f'{{"EventSourceArn": "{QUEUE}", "BatchSize": 0, "Topics": [], "batchsize": 1}}'
    for how in ("full", "concise"):
        coloured = "\n".join(lines(text, how, colour=True))
        assert "\x1b[31m" in coloured
        assert "\x1b[33m" in coloured
        assert re.sub(r"\x1b\[[0-9]+m", "", coloured) == "\n".join(lines(text, how))
    assert "\x1b" not in "\n".join(lines(text, "json", colour=True))


@pytest.mark.parametrize("name", ["my function", "日本", "é\u0301 x", "\u200bf", "f\u202e", "😀"])
@pytest.mark.parametrize("before", ["", "\t", " \t ", '"日本": 1, ', '"e\u0301": 1, ', '"\x7f": 1, '])
def test_marks_are_aligned_with_the_reported_value(before: str, name: str):
    text = f'{{\n{before}"FunctionName": "{name}", "EventSourceArn": "{QUEUE}", "BatchSize": 11}}'
    found = [each for each in outcome(text).findings if each.rule == "batch-size.sqs"]
    _, line, marks, *_ = "\n".join(REPORTERS["full"](LintOutcome(tuple(found)), False)).split("\n")
    place = marks.index("^")
    assert marks.endswith("^^")
    prefix = line[: line.rindex("11")]
    assert marks[:place].count("\t") == prefix.count("\t")
    assert width(marks[:place].replace("\t", "")) == width(prefix.replace("\t", ""))


@pytest.mark.parametrize("language", ["json", "yaml"])
def test_terminal_control_characters_are_escaped(language: str, tmp_path: Path):
    evil = "\x1b]0;evil\x07\x9b31m\u202e\u2028" if language == "json" else "\u202e\u200b\xadx"
    escaped = evil.replace("\x1b", "\\u001b").replace("\x07", "\\u0007") if language == "json" else evil
    file = tmp_path / f"e\x1b[31m{chr(0xDC80)}.{language}"
    text = f'{{"EventSourceArn": "{escaped}", "FunctionName": "{escaped}", "{escaped}": 1, "BatchSize": 0}}'
    try:
        file.write_bytes(text.encode())
    except OSError:
        pytest.skip("the file system has no such names")
    result = lint([str(file)], io.BytesIO(), lv.Validator(show_values=True))
    assert result.findings
    for how in REPORTERS:
        shown = "\n".join(REPORTERS[how](result, False))
        assert all(each.isprintable() or each == "\n" for each in shown)
        shown.encode()


def test_long_lines_are_truncated_around_the_mark():
    before, after = (f'"{letter * 50_000}": 1' for letter in "xy")
    text = f'{{{before}, "FunctionName": "f", "EventSourceArn": "{QUEUE}", "BatchSize": 11, {after}}}'
    found = [each for each in outcome(text).findings if each.rule == "batch-size.sqs"]
    _, line, marks, *_ = REPORTERS["full"](LintOutcome(tuple(found)), False)
    assert len(line) < 2 * WINDOW + 20
    assert line.startswith("  1 | ...")
    assert line.endswith("...")
    assert line[marks.index("^") : marks.rindex("^") + 1] == "11"


def test_a_value_of_several_lines_is_marked_on_its_first():
    text = f'{{"FunctionName": "f", "EventSourceArn": "{QUEUE}", "BatchSize": [\n1,\n2]}}'
    (finding,) = outcome(text).findings
    assert (finding.line, finding.end_line) == (1, 3)
    assert lines(text)[2].rstrip().endswith(" ^")


@pytest.mark.parametrize("text", ["", "a", "a\n", "a\r\nb", "\n", "\r", "a\n\nb"])
def test_every_line_of_a_file_has_an_excerpt(text: str):
    whole = SourceText(text)
    for offset in range(len(text) + 1):
        excerpt = whole.excerpt(whole.span(offset, offset + 1))
        assert "\n" not in excerpt.text
        assert "\r" not in excerpt.text
        assert excerpt.text in text
        assert excerpt.end > excerpt.start


def test_printable_escapes_only_control_characters():
    assert printable("plain é 日本 😀") == "plain é 日本 😀"
    assert printable("\x1b[0m\n\ud800\u202e") == "\\x1b[0m\\n\\ud800\\u202e"


def test_the_summary_counts_errors_and_warnings():
    assert summary(outcome(f'{{"EventSourceArn": "{QUEUE}", "BatchSize": 0, "Topics": []}}')) == (
        "2 errors, 1 warning in 1 checked file"
    )


def test_the_summary_counts_unchecked_and_unreadable_files():
    broken, unfilled = (
        Failure("a.json", 1, 1, "expected a value"),
        Failure("b.yaml", 1, 1, "expected YAML", "not checked"),
    )
    outcome_ = LintOutcome((), (broken,), files=1_400, checked=1, unfilled=(unfilled,))
    files = "1 checked file; 1,397 with nothing to check, 1 not readable, 1 not checked"
    assert summary(outcome_) == f"0 errors, 0 warnings in {files}"
