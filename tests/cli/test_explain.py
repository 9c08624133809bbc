"""Test `explain` with a family of rules, and with an unknown name."""

from __future__ import annotations

import json

import pytest

from lambda_validate.cli import main
from lambda_validate.validator.rules import rules


def shown(capsys: pytest.CaptureFixture[str], *argv: str, code: int = 0) -> str:
    assert main(["explain", *argv]) == code
    out, err = capsys.readouterr()
    assert "" in (out, err)
    return out + err


@pytest.mark.parametrize("edition", ["current", "documents"])
def test_a_family_lists_its_rules(capsys: pytest.CaptureFixture[str], edition: str) -> None:
    expected = {each.id: each for each in rules(edition) if each.id.startswith("batch-size.")}
    text = shown(capsys, "batch-size", "--edition", edition)
    assert [line.split(" (")[0] for line in text.splitlines() if " (" in line] == [*expected]
    assert all(statement in text for each in expected.values() for statement in each.statements)
    assert "lambda-validate explain batch-size." in text
    assert text.endswith("\nTo silence all: --ignore batch-size\n")
    found = json.loads(shown(capsys, "batch-size", "--edition", edition, "--output-format", "json"))
    assert (found["edition"], found["family"]) == (edition, "batch-size")
    assert [each["id"] for each in found["rules"]] == [*expected]
    concise = shown(capsys, "batch-size", "--edition", edition, "--output-format", "concise")
    assert text.startswith(concise.rstrip("\n"))
    assert "--ignore" not in concise


def test_a_family_of_both_editions_names_the_editions(capsys: pytest.CaptureFixture[str]) -> None:
    text = shown(capsys, "batch-size", "--edition", "both")
    assert "batch-size.minimum (error), documents and current" in text


def test_a_family_missing_in_the_edition_is_explained_from_the_other(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "snap-start", "--edition", "documents"]) == 0
    out, err = capsys.readouterr()
    assert "snap-start.type (error)" in out
    assert (
        err == "lambda-validate: the edition 'documents' has no rule snap-start; "
        "this is what the edition 'current' states\n"
    )


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("batch-sze", "did you mean 'batch-size'?"),
        ("batch-size.sqz", "did you mean 'batch-size.sqs'?"),
        ("batch-size.", "did you mean 'batch-size"),
        ("batch", "did you mean 'batch-size'?"),
        ("nope", "; lambda-validate rules --edition both lists all rules"),
        ("", "; lambda-validate rules --edition both lists all rules"),
        ("\x1b[31m", "; lambda-validate rules --edition both lists all rules"),
    ],
)
def test_an_unknown_name_says_where_the_rules_are_listed(
    capsys: pytest.CaptureFixture[str], name: str, hint: str
) -> None:
    text = shown(capsys, name, code=2)
    assert text.startswith(f"lambda-validate: there is no rule {name!a}; ")
    assert hint in text
    assert " lambda-validate rules --edition both lists all rules\n" in text
    assert text.count("\n") == 1


def test_of_many_sources_and_operations_three_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """The fix is at the end of the output, where a long list would hide it."""
    found = next(each for each in rules("current") if each.id == "function-name.length")
    text = shown(capsys, found.id)
    stated = [line for line in text.splitlines() if line.startswith("  stated: ")]
    assert len(stated) == 4
    assert all(str(source) in line for source, line in zip(found.sources[:3], stated[:3], strict=True))
    assert stated[3] == f"  stated: and {len(found.sources) - 3} more; --output-format json lists all"
    first = ", ".join(found.operations[:3])
    assert f"  checked: request of {first} and {len(found.operations) - 3} more operations\n" in text
    listed = json.loads(shown(capsys, found.id, "--output-format", "json"))
    assert len(listed["sources"]) == len(found.sources)
    assert listed["operations"] == list(found.operations)


def test_up_to_five_sources_and_operations_are_shown_in_full(capsys: pytest.CaptureFixture[str]) -> None:
    text = shown(capsys, "batch-size.maximum")
    found = next(each for each in rules("current") if each.id == "batch-size.maximum")
    assert len(found.operations) == 5
    assert all(each in text for each in (*map(str, found.sources), *found.operations))
    assert " more" not in text.partition("What it checks")[0]


def test_a_rule_about_which_the_editions_differ_says_how_to_see_both(capsys: pytest.CaptureFixture[str]) -> None:
    """`lint` uses both editions by default, and `explain` uses one of them."""
    hint = "  the editions differ: lambda-validate explain batch-size.sqs --edition both shows what each states\n"
    for edition in ("current", "documents"):
        assert hint in shown(capsys, "batch-size.sqs", "--edition", edition)
    assert hint in shown(capsys, "batch-size.sqs")
    both = shown(capsys, "batch-size.sqs", "--edition", "both")
    assert "the editions differ" not in both
    assert both.count("batch-size.sqs (error)") == 2


@pytest.mark.parametrize("argv", [["batch-size.maximum"], ["snap-start.type"], ["batch-size"], ["batch-size.window"],
                                  ["batch-size.sqs", "--output-format", "concise"]])  # fmt: skip
def test_a_rule_that_the_editions_state_alike_or_only_one_has_says_no_such_thing(
    capsys: pytest.CaptureFixture[str], argv: list[str]
) -> None:
    assert "the editions differ" not in shown(capsys, *argv)


@pytest.mark.parametrize(
    ("rule", "hint"),
    [
        ("batch-size.sqs", "`# lambda-validate: ignore[batch-size.sqs]` on its line, or --ignore batch-size.sqs"),
        ("ignore.unused", "`# lambda-validate: ignore[ignore.unused]` on its line, or --ignore ignore.unused"),
        ("snap-start.type", "--ignore snap-start.type"),  # of operations that are not linted
    ],
)
def test_how_to_silence_a_rule_is_shown(capsys: pytest.CaptureFixture[str], rule: str, hint: str) -> None:
    assert f"\n  to silence it: {hint}\n" in shown(capsys, rule)
