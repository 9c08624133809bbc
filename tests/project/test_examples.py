"""Run the examples of the README and of `docs/`, and compare their output with the pages."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.paths import ROOT
from support.tools import tool

examples, sentences = tool("page_examples"), tool("sentences")
TEXTS = {str(page.relative_to(ROOT)): page.read_text("utf-8") for page in sentences.PAGES}
QUICK = [name for name, text in TEXTS.items() if not examples.is_end_to_end(text)]


@pytest.mark.parametrize("name", QUICK)
def test_examples_of_a_page_print_the_documented_output(name: str, tmp_path: Path) -> None:
    assert examples.run(TEXTS[name], tmp_path) == TEXTS[name]


def test_most_pages_run_here_and_many_have_examples() -> None:
    assert len(QUICK) >= len(TEXTS) - 6
    ran = [name for name in QUICK for each in examples.blocks(TEXTS[name]) if each.language in ("python", "console")]
    assert len(set(ran)) >= 12


class TestRunner:
    """The action for each kind of block."""

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("```python\nprint(1 + 1)\n# 3\n```\n", "```python\nprint(1 + 1)\n# 2\n```\n"),
            ("```python\na = 1\n```\n```python\nprint(a)\n# ?\n```\n",
             "```python\na = 1\n```\n```python\nprint(a)\n# 1\n```\n"),
            ("```python\nprint(1)\n```\n", "```python\nprint(1)\n# 1\n```\n"),
            ("```console\n$ echo a\nb\n\n$ echo c\n```\n", "```console\n$ echo a\na\n\n$ echo c\nc\n```\n"),
            ("```console\n$ printf 'a\\nb\\nc\\n'\nx\n…\n```\n", "```console\n$ printf 'a\\nb\\nc\\n'\na\n…\n```\n"),
            ("1. a\n\n   ```console\n   $ echo a\n   ```\n", "1. a\n\n   ```console\n   $ echo a\n   a\n   ```\n"),
            ("```text name.txt\nhello\n```\n\n```console\n$ cat name.txt\n```\n",
             "```text name.txt\nhello\n```\n\n```console\n$ cat name.txt\nhello\n```\n"),
        ],
    )  # fmt: skip
    def test_an_output_is_renewed(self, old: str, new: str, tmp_path: Path) -> None:
        assert examples.run(old, tmp_path) == new
        assert examples.run(new, tmp_path) == new

    def test_the_command_runs_with_no_setting_of_the_reader(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("FORCE_COLOR", "1")
        text = "```yaml a.yaml\nA: 1\n```\n\n```console\n$ lambda-validate operations --edition documents\n…\n```\n"
        assert examples.run(text, tmp_path) == text
        (line,) = examples.command_output(["explain", "nope"]).splitlines()[:1]
        assert line.startswith("lambda-validate: ")

    @pytest.mark.parametrize(
        "text",
        ["```json\n{\n```\n", "```yaml\na: [\n```\n", "```toml\na\n```\n", "```sh\nlambda-validate nope\n```\n",
         "```yaml\n- run: lambda-validate lnit\n```\n"],
    )  # fmt: skip
    def test_malformed_data_is_an_error(self, text: str, tmp_path: Path) -> None:
        with pytest.raises(Exception, match=r"\w"):
            examples.run(text, tmp_path)

    def test_an_option_that_does_not_exist_is_an_error(self, tmp_path: Path) -> None:
        with pytest.raises(Exception, match="--nope"):
            examples.run("```sh\nlambda-validate lint --nope\n```\n", tmp_path)

    @pytest.mark.parametrize("command", ["python -m pip install a", "npm install"])
    def test_commands_that_install_packages_are_rejected(self, command: str, tmp_path: Path) -> None:
        with pytest.raises(ValueError, match="expected a block `sh` for"):
            examples.run(f"```console\n$ {command}\n```\n", tmp_path)

    def test_a_server_or_a_foreign_program_makes_a_page_one_of_end_to_end_tests(self) -> None:
        assert examples.is_end_to_end("```console\n$ python server.py 8000 &\n```\n")
        assert examples.is_end_to_end("```console\n$ cfn-lint template.yaml\n```\n")
        assert not examples.is_end_to_end("```sh\nlambda-validate serve &\n```\n")
