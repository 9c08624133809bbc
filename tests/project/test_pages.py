"""Test that the README and the pages of `docs/` match the code, in short sentences."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from support.paths import ROOT
from support.tools import tool

from lambda_validate.cli.table import COMMANDS

reference, sentences, picture = tool("reference"), tool("sentences"), tool("picture")
TEXTS = {str(page.relative_to(ROOT)): page.read_text("utf-8") for page in sentences.PAGES}
MARKER = re.compile(r"<!-- (\w[\w-]*):begin -->")
BY_HAND = {"main", "tests", "defaults", "peers", "figures"}
"""Parts with markers that no tool writes."""


class TestParts:
    @pytest.mark.parametrize("name", reference.PARTS)
    def test_a_generated_part_is_up_to_date(self, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(ROOT)
        (text,) = [text for text in TEXTS.values() if f"<!-- {name}:begin -->" in text]
        assert reference.part(text, name) == reference.PARTS[name]()

    def test_each_part_occurs_once_and_is_closed(self) -> None:
        found = [name for text in TEXTS.values() for name in MARKER.findall(text)]
        assert sorted(found) == sorted({*reference.PARTS, *BY_HAND})
        assert all(f"<!-- {name}:end -->" in "".join(TEXTS.values()) for name in found)

    def test_a_part_that_is_out_of_date_is_renewed(self) -> None:
        text = TEXTS["docs/reference/exit-codes.md"]
        stale = text.replace("| 0 |", "| 5 |")
        assert stale != text
        assert reference.filled(stale) == text

    def test_every_command_and_option_is_listed(self) -> None:
        text = TEXTS["docs/reference/cli.md"]
        assert re.findall("^## (.*)$", text, re.MULTILINE) == [*COMMANDS]
        assert all(f"`{option}" in text for option in ("--edition", "--drain-seconds", "--write-baseline", "-o PATH"))

    def test_every_page_of_a_rule_is_listed(self) -> None:
        listed = re.findall(r"^\| \[`([\w.-]+)`\]", TEXTS["docs/reference/rules/index.md"], re.MULTILINE)
        assert sorted(listed) == sorted(page.stem for page in reference.RULES.glob("*.md"))


class TestPicture:
    def test_the_picture_shows_the_output_of_the_command(self) -> None:
        assert picture.FILE.read_text("utf-8") == picture.drawn()

    def test_the_picture_has_colours_and_no_escape_codes(self) -> None:
        drawn = picture.drawn()
        assert "<tspan fill='#ff7b72'>error</tspan>" in drawn
        assert "\x1b" not in drawn


class TestSentences:
    @pytest.mark.parametrize("name", TEXTS)
    def test_no_sentence_is_too_long(self, name: str) -> None:
        long = [words for count, words in sentences.measured(ROOT / name) if count > sentences.LONGEST]
        assert long == []

    def test_sentences_are_short_on_average(self) -> None:
        counts = [count for page in sentences.PAGES for count, _ in sentences.measured(page)]
        assert len(counts) > 500
        assert sum(counts) / len(counts) <= sentences.AVERAGE

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("One two. Three (four) five!", [2, 3]),
            ("- One two\n- three: four.\n\n1. Five", [2, 2, 1]),
            ("# Title\n\n| a | b |\n\nOne `two three` [four](five.md) \u2013 six.", [5]),
            ("```text\nno words\n```\nOne\ntwo. `lv` three", [2, 2]),
            ('He said "one." Two e.g. three 1.5 four.', [3, 5]),
            ("<!-- a:begin -->\nmade by code\n<!-- a:end -->\n<!-- b -->\nOne", [1]),
        ],
    )
    def test_words_of_prose_are_counted(self, text: str, expected: list[int]) -> None:
        assert [sentences.length(each) for each in sentences.sentences(text)] == expected

    def test_the_script_lists_sentences_that_are_too_long(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        page = tmp_path / "page.md"
        page.write_text("word " * 26 + "end.\n", "utf-8")
        assert sentences.main([page]) == 1
        assert "27 words: word word" in capsys.readouterr().out
        page.write_text("One. Two words.\n", "utf-8")
        assert sentences.main([page]) == 0
        assert capsys.readouterr().out == "2 sentences in 1 pages; the longest has 2 words; 1.5 on average\n"


class TestGuides:
    def test_the_readme_is_short(self) -> None:
        assert len(TEXTS["README.md"].splitlines()) <= 150

    def test_the_comparison_has_the_figures_of_the_page_about_performance(self) -> None:
        measured = TEXTS["docs/explanation/performance.md"]
        rows = measured.partition("| lint 1 file, whole processes |")[2].splitlines()[:3]
        ours, theirs, other = ([cell.strip() for cell in row.split("|")] for row in rows)
        compared = dict(re.findall(r"^\| ([^|]*) \| (.*) \|$", TEXTS["README.md"], re.MULTILINE))
        times = [f"{1 / float(row[4]):.2g}" for row in (other, theirs)]  # the column is ours ÷ theirs
        assert compared["processor time for one template, relative"] == " | ".join(["1", *times, "-"])
        missed = [re.findall(r"misses (\d+) of (\d+)", " ".join(row))[0] for row in (ours, other)]
        found = [str(int(count) - int(misses)) for misses, count in missed]
        assert compared["finds, of 42 planted mistakes"].split(" | ")[:2] == found

    def test_every_extra_that_is_named_exists(self) -> None:
        extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
        named = {name for text in TEXTS.values() for found in re.findall(r"lambda-validate\[([\w,]+)\]", text)
                 for name in found.split(",")}  # fmt: skip
        assert {"boto", "terraform"} <= named <= extras.keys()

    def test_every_hook_that_is_named_exists(self) -> None:
        hooks = {each["id"] for each in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_bytes())}
        named = {name for text in TEXTS.values() for name in re.findall(r"^ +- id: ([\w-]+)$", text, re.MULTILINE)}
        assert named == hooks

    @pytest.mark.parametrize("page", ["envoy", "traefik"])
    def test_a_fragment_of_a_configuration_is_part_of_the_example(self, page: str) -> None:
        blocks = [each for each in tool("page_examples").blocks(TEXTS[f"docs/how-to/{page}.md"]) if each.name]
        assert blocks
        for block in blocks:
            whole = yaml.safe_load((ROOT / "examples" / "gateway" / block.name).read_bytes())
            assert any(holds(each, yaml.safe_load("\n".join(block.lines))) for each in every(whole)), block.name


def every(value: object) -> list[object]:
    """Yield a value and all nested values."""
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [value, *(found for each in inside for found in every(each))]


def holds(whole: object, fragment: object) -> bool:
    """Return whether the whole has each member of a fragment, with the same value or one that contains it."""
    if isinstance(fragment, dict) and isinstance(whole, dict):
        return all(name in whole and holds(whole[name], value) for name, value in fragment.items())
    return whole == fragment
