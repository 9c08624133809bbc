"""Test how paths become strings: which folders are walked, which files are read, and how others are reported."""

from __future__ import annotations

import codecs
import io
import os
import threading
from pathlib import Path

import pytest
from support.steps import calls

import lambda_validate as lv
from lambda_validate.cli import main
from lambda_validate.lint import files
from lambda_validate.lint.files import Failure
from lambda_validate.lint.files.walk import find
from lambda_validate.lint.findings.finding import LintOutcome
from lambda_validate.lint.runner import lint

GOOD = b'{"FunctionName": "f", "EventSourceArn": "arn:aws:sqs:us-west-2:123456789012:orders"}'
BAD = GOOD[:-1] + b', "BatchSize": 11}'


def outcome(*paths: Path | str, stdin: bytes = b"") -> LintOutcome:
    return lint(map(str, paths), io.BytesIO(stdin), lv.Validator())


def refused(path: Path, content: bytes | None = None) -> Failure:
    """Return the only failure of a file, and assert that another invalid file is still checked."""
    if content is not None:
        path.write_bytes(content)
    beside = path.parent / "beside.json"
    beside.write_bytes(BAD)
    result = outcome(path, beside)
    assert [each.rule for each in result.findings] == ["batch-size.sqs"]
    (failure,) = result.failures
    assert failure.file == str(path)
    assert "\n" not in failure.message
    return failure


class TestFinding:
    def test_a_folder_is_walked_in_the_order_of_names(self, tmp_path: Path):
        names = ["a.json", "b/c.yaml", "b/d/e.yml", "f.JSON", ".hidden.json"]
        for name in (*names, "g.txt", "h.jsonx", ".git/a.json", ".tox/a.json", "node_modules/a.json", "b/.venv/a.json"):
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).touch()
        assert list(find([str(tmp_path)])) == [str(tmp_path / name) for name in sorted(names)]

    def test_the_current_folder_is_not_part_of_names(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
        (tmp_path / "a").mkdir()
        (tmp_path / "a" / "b.json").touch()
        monkeypatch.chdir(tmp_path)
        assert list(find(["."])) == [os.path.join("a", "b.json")]

    def test_a_file_named_several_times_is_read_once(self, tmp_path: Path):
        (tmp_path / "a.json").touch()
        assert len(list(find([str(tmp_path), str(tmp_path / "a.json"), f"{tmp_path}/./a.json"]))) == 1

    def test_a_file_that_is_named_is_read_whatever_its_name(self, tmp_path: Path):
        (tmp_path / "payload").write_bytes(BAD)
        assert len(outcome(tmp_path / "payload").findings) == 1
        assert outcome(tmp_path).files == 0

    def test_links_are_not_followed(self, tmp_path: Path):
        (tmp_path / "real").mkdir()
        (tmp_path / "real" / "a.json").write_bytes(BAD)
        (tmp_path / "real" / "loop").symlink_to(tmp_path)
        (tmp_path / "b.json").symlink_to(tmp_path / "real" / "a.json")
        assert list(find([str(tmp_path)])) == [str(tmp_path / "real" / "a.json")]

    def test_a_link_that_is_named_is_followed(self, tmp_path: Path):
        (tmp_path / "a.json").write_bytes(BAD)
        (tmp_path / "b.json").symlink_to("a.json")
        assert len(outcome(tmp_path / "b.json").findings) == 1

    def test_an_empty_folder_has_no_findings(self, tmp_path: Path):
        assert outcome(tmp_path) == LintOutcome()

    def test_a_folder_that_cannot_be_listed_is_a_failure(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
        def refuse(path: str) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(os, "scandir", refuse)
        (failure,) = outcome(tmp_path).failures
        assert failure[:4] == (str(tmp_path), None, None, "expected a readable folder: permission denied")


class TestFailures:
    def test_a_missing_file_is_a_failure(self, tmp_path: Path):
        assert refused(tmp_path / "none.json").message == "expected a readable file: no such file or directory"

    @pytest.mark.parametrize("name", ["", "a\0b"])
    def test_an_invalid_file_name_is_a_failure(self, name: str):
        (failure,) = outcome(name).failures
        assert failure.message.startswith("expected a readable file: ")

    def test_an_unreadable_file_is_a_failure(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
        file, opened = tmp_path / "a.json", os.open

        def refuse(path: str, *rest: int, **named: int | None) -> int:
            if path == str(file):
                raise PermissionError(13, "Permission denied")
            return opened(path, *rest, **named)

        monkeypatch.setattr(os, "open", refuse)
        assert refused(file, GOOD).message == "expected a readable file: permission denied"

    def test_a_symlink_loop_is_a_failure(self, tmp_path: Path):
        (tmp_path / "a.json").symlink_to("b.json")
        (tmp_path / "b.json").symlink_to("a.json")
        assert refused(tmp_path / "a.json").message.startswith("expected a readable file: ")

    def test_a_pipe_is_rejected_without_blocking(self, tmp_path: Path):
        os.mkfifo(tmp_path / "a.json")
        rescue = threading.Timer(60, lambda: (tmp_path / "a.json").write_bytes(b""))  # ends an unexpected wait
        rescue.start()
        assert "a regular file" in refused(tmp_path / "a.json").message
        assert rescue.is_alive()
        rescue.cancel()

    def test_a_pipe_in_a_folder_is_skipped(self, tmp_path: Path):
        os.mkfifo(tmp_path / "a.json")
        assert outcome(tmp_path) == LintOutcome()

    def test_a_device_is_rejected(self):
        (failure,) = outcome("/dev/zero").failures
        assert "a regular file" in failure.message

    @pytest.mark.parametrize(
        ("mark", "encoding", "name"),
        [
            (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"), (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
            (codecs.BOM_UTF32_LE, "utf-32-le", "UTF-32"), (codecs.BOM_UTF32_BE, "utf-32-be", "UTF-32"),
        ],
    )  # fmt: skip
    def test_an_unsupported_encoding_is_named(self, mark: bytes, encoding: str, name: str, tmp_path: Path):
        failure = refused(tmp_path / "a.json", mark + GOOD.decode().encode(encoding))
        assert failure.message == f"expected UTF-8 text, but the byte order mark is that of {name}"
        (tmp_path / "b.json").write_bytes(mark + "{}".encode(encoding))
        assert outcome(tmp_path / "b.json") == LintOutcome(files=1)

    def test_invalid_utf_8_is_reported_at_its_position(self, tmp_path: Path):
        failure = refused(tmp_path / "a.json", '{\n "é": "'.encode() + b'\xff", "StartingPosition": 1}')
        assert failure[1:4] == (2, 8, "expected UTF-8 text, but byte 0xff is here")

    def test_a_binary_file_with_a_payload_s_names_is_rejected(self, tmp_path: Path):
        failure = refused(tmp_path / "a.json", b"\n\0" + GOOD)
        assert failure[1:3] == (2, 1)
        assert "binary" in failure.message

    @pytest.mark.parametrize("content", [b"", b"\0\1\xff" * 999, b"\xff\xfe", b"FunctionName \xff", b"\xef\xbb\xbf"])
    def test_other_binary_files_are_skipped(self, content: bytes, tmp_path: Path):
        (tmp_path / "a.json").write_bytes(content)
        assert outcome(tmp_path) == LintOutcome(files=1)

    @pytest.mark.parametrize(
        ("name", "content", "place"),
        [
            ("a.json", GOOD[:-1], (1, len(GOOD))),
            ("a.yaml", b"EventSourceArn: [", (1, 18)),
            ("a.json", b'{"ParallelizationFactor": NaN}', (1, 27)),
            ("a.json", b'{"FunctionName": "f", "BatchSize": NaN}', (1, 36)),
        ],
    )
    def test_a_malformed_payload_is_reported_at_its_position(
        self, name: str, content: bytes, place: tuple[int, int], tmp_path: Path
    ):
        failure = refused(tmp_path / name, content)
        assert failure[1:3] == place
        assert failure.message.startswith("expected ")


class TestSize:
    def test_a_huge_file_without_payload_is_read_once_in_pieces(self, tmp_path: Path):
        with open(tmp_path / "a.json", "wb") as file:
            file.truncate(100_000_000)
        outcomes = []
        calls(lambda: outcomes.append(outcome(tmp_path)), limit=100_000)  # one for each kilobyte
        assert outcomes == [LintOutcome(files=1)]

    @pytest.mark.parametrize("place", [0, files.CHUNK - 5, 50_000_000, 100_000_000 - len(GOOD)])
    def test_a_huge_file_with_a_payload_s_names_is_rejected(self, place: int, tmp_path: Path):
        with open(tmp_path / "a.json", "wb") as file:
            file.truncate(100_000_000)
            file.seek(place)
            file.write(GOOD)
        assert refused(tmp_path / "a.json").message == "expected at most 10 MB, but the file is larger than 10 MB"

    def test_a_file_of_exactly_the_size_limit_is_read(self, tmp_path: Path):
        (tmp_path / "a.json").write_bytes(BAD + b" " * (files.MAX_FILE_BYTES - len(BAD)))
        assert len(outcome(tmp_path).findings) == 1
        assert (
            "larger than 10 MB"
            in refused(tmp_path / "a.json", BAD + b" " * (files.MAX_FILE_BYTES - len(BAD) + 1)).message
        )

    def test_the_size_of_standard_input_is_limited(self):
        (failure,) = outcome("-", stdin=BAD + b" " * files.MAX_FILE_BYTES).failures
        assert failure[:4] == ("<stdin>", None, None, "expected at most 10 MB, but the file is larger than 10 MB")


class TestStandardInput:
    @pytest.mark.parametrize(
        "text", [BAD, b"\xef\xbb\xbf" + BAD, b"[" + BAD + b"]", BAD.replace(b'"', b""), b"# a\n" + BAD]
    )
    def test_the_language_is_detected_by_the_content(self, text: bytes):
        result = outcome("-", stdin=text)
        assert [(each.file, each.rule) for each in result.findings] == [("<stdin>", "batch-size.sqs")]

    def test_malformed_json_is_reported_as_json(self):
        (failure,) = outcome("-", stdin=GOOD.replace(b",", b"")).failures
        assert failure[1:4] == (1, 22, "expected a comma or the closing bracket")


def test_parent_segments_after_a_symlink_are_resolved_by_the_system(tmp_path: Path) -> None:
    (tmp_path / "real" / "sub").mkdir(parents=True)
    (tmp_path / "real" / "x.json").write_text('{"EventSourceArn": "arn", "FunctionName": "f"}', encoding="utf-8")
    (tmp_path / "link").symlink_to(tmp_path / "real" / "sub")
    assert main(["lint", str(tmp_path / "link" / ".." / "x.json")]) == 1


def test_a_payload_with_all_required_members_may_have_any_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "x.json"
    file.write_text('{"FunctionName": "f", "EventSourceArn": "arn:aws:sqs:::q", "Foo": 1, "Baz": 2}', encoding="utf-8")
    assert main(["lint", str(file), "--output-format", "concise"]) == 1
    assert capsys.readouterr().out.count("member.unknown") == 2
