"""Test that files become records: document formats, damaged files and malicious logs."""

from __future__ import annotations

import gzip
import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow
import pytest
from pyarrow import parquet
from support.recorded import BAD, GOOD, record, text
from support.steps import GROWTH, Calls

from lambda_validate.audit import exports, reading, splitting
from lambda_validate.audit.records import BrokenRecord, Read, Record

THREE = [record(GOOD, number=each) for each in range(3)]
Write = Callable[..., Path]
MB = 1 << 20


@pytest.fixture(name="write")
def _write(tmp_path: Path) -> Write:
    def write(data: bytes, name: str = "calls.json") -> Path:
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return write


def read(path: Path) -> list[Read]:
    return [each for batch in reading.records(str(path)) for each in batch]


def names(path: Path) -> list[str]:
    """Return the last digits of each eventID, or the reason why a record is malformed."""
    return [(each.eventID or "")[-2:] if isinstance(each, Record) else each.reason for each in read(path)]


def pretty(records: list[Any]) -> bytes:
    return json.dumps({"Records": records}, indent=2).encode()


FORMS: dict[str, bytes] = {
    "document": text(THREE),
    "pretty": pretty(THREE),
    "array": json.dumps(THREE).encode(),
    "events": json.dumps({"Events": [{"CloudTrailEvent": json.dumps(each)} for each in THREE], "Next": "x"}).encode(),
    "lines": b"\n".join(json.dumps(each).encode() for each in THREE),
    "lines and empty ones": b"\n\n".join(json.dumps(each).encode() for each in THREE) + b"\n",
    "objects": b"\n".join(json.dumps(each, indent=1).encode() for each in THREE),
    "a mark": b"\xef\xbb\xbf" + text(THREE),
    "a mark and lines": b"\xef\xbb\xbf" + b"\n".join(json.dumps(each).encode() for each in THREE),
    "joined": text(THREE[:1]) + text(THREE[1:]),
    "joined, and lines between": pretty(THREE[:2]) + b"\r\n\r\n" + pretty(THREE[2:]) + b"\n",
    "joined, and marks between": b"\xef\xbb\xbf".join([b"", text(THREE[:2]), text([]), text(THREE[2:])]),
    "joined events": json.dumps({"Events": THREE[:2], "NextToken": "x"}).encode()
    + json.dumps({"Events": THREE[2:]}).encode(),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("part", [4, 7, 4_096, MB])
def test_records_are_read_from_every_form(write: Write, monkeypatch: pytest.MonkeyPatch, form: str, part: int) -> None:
    monkeypatch.setattr(reading, "PART", part)
    for data in (FORMS[form], gzip.compress(FORMS[form])):
        assert names(write(data)) == ["00", "01", "02"]


HELD = [{"EventName": "x", "CloudTrailEvent": json.dumps(each)} for each in THREE]
META = {"HTTPStatusCode": 200, "HTTPHeaders": {"a": ['"Events": [', "}{"]}, "RetryAttempts": -1.5e3, "x": None}
FORMS |= {
    "a token first": json.dumps({"NextToken": "a+/" * 900, "Events": HELD}).encode(),
    "a token first, pretty": json.dumps({"NextToken": 'a\\"Events": [', "Events": HELD}, indent=4).encode(),
    "what the SDK adds first": json.dumps({"ResponseMetadata": META, "Records": THREE}).encode(),
    "what the SDK adds last": json.dumps({"Events": HELD, "ResponseMetadata": META}).encode(),
    "joined pages": b"\n".join(json.dumps({"NextToken": "x" * 900, "Events": [each]}).encode() for each in HELD),
    "joined pages, other members first": b"".join(
        json.dumps({"a": META, "b": True, "Events": [each], "NextToken": "x"}, indent=1).encode() for each in HELD
    ),
}  # fmt: skip


STRAY_FORMS: dict[str, tuple[bytes, list[str]]] = {
    "values in the array": (
        b'{"Records":[null,%b,5,"x",%b]}' % tuple(json.dumps(each).encode() for each in THREE[:2]),
        [splitting.STRAY, "00", splitting.STRAY, "01"],
    ),
    "a last value in the array": (text(THREE[:1])[:-2] + b",null]}", ["00", splitting.STRAY]),
    "between records": (
        b'{"Records":[%b garbage %b]}' % tuple(json.dumps(each).encode() for each in THREE[:2]),
        ["00", splitting.STRAY, "01"],
    ),
    "after the array": (text(THREE[:2]) + b"garbage}", ["00", "01", splitting.STRAY]),
    "no last bracket": (text(THREE[:2])[:-1], ["00", "01", splitting.EARLY]),
    "a member without an end": (text(THREE[:2])[:-1] + b',"NextToken":"x', ["00", "01", splitting.EARLY]),
}  # fmt: skip


@pytest.mark.parametrize("form", STRAY_FORMS)
def test_values_that_are_not_records_are_reported(write: Write, form: str) -> None:
    data, expected = STRAY_FORMS[form]
    assert names(write(data)) == expected


def test_lines_after_an_empty_line_are_read_separately(write: Write) -> None:
    first, *_, last = (json.dumps(each).encode() for each in THREE)
    assert [len(each) == 2 for each in names(write(b"\n" + first + b"\n{bad\n" + last))] == [True, False, True]


def test_files_without_records_are_accepted(write: Write) -> None:
    assert names(write(b'{"Records":[]}')) == []
    assert names(write(b'{"Records": [ ]} \n')) == []
    assert names(write(b"")) == names(write(b" \n")) == ["the file is empty"]


def test_many_records_are_read_in_parts(write: Write) -> None:
    many = [record({**GOOD, "tags": {"a": "},{" * 3}}, number=each) for each in range(9_000)]
    path = write(text(many))
    batches = list(reading.records(str(path)))
    assert len(batches) > 2
    assert [each.eventID for batch in batches for each in batch if isinstance(each, Record)] == [
        each["eventID"] for each in many
    ]


def test_members_of_a_gzip_file_are_read_one_after_the_other(write: Write) -> None:
    lines = [json.dumps(each).encode() + b"\n" for each in THREE]
    assert names(write(b"".join(map(gzip.compress, lines)))) == ["00", "01", "02"]
    assert names(write(gzip.compress(text(THREE)) + b"\0" * 512)) == ["00", "01", "02"]
    assert names(write(gzip.compress(text(THREE)) + b"x"))[-1] == "there is other data after the gzip stream"


def text_of(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, dict) else "" if value is None else value


def table(rows: list[list[Any]], end: str = "\n") -> bytes:
    """Return a table in CSV, as Athena and CloudTrail Lake write it."""
    return "".join(",".join('"' + str(each).replace('"', '""') + '"' for each in row) + end for row in rows).encode()


LAKE = [["eventJson"], *([json.dumps(each)] for each in THREE)]
ATHENA = [[name.lower() for name in THREE[0]], *([*map(text_of, each.values())] for each in THREE)]


class TestCsv:
    @pytest.mark.parametrize("rows", [LAKE, ATHENA], ids=["Lake", "Athena"])
    @pytest.mark.parametrize("part", [7, MB])
    def test_records_are_read_from_every_form(
        self, write: Write, monkeypatch: pytest.MonkeyPatch, rows: list[list[Any]], part: int
    ) -> None:
        monkeypatch.setattr(reading, "PART", part)
        monkeypatch.setattr(exports, "CSV_BATCH_CHARACTERS", part)
        for data in (table(rows), table(rows, "\r\n"), b"\xef\xbb\xbf" + table(rows)[:-1]):
            assert names(write(gzip.compress(data), "result_1.csv.gz")) == ["00", "01", "02"]
            first = read(write(data, "result.csv"))[0]
            assert isinstance(first, Record)
            assert (json.loads(bytes(first.requestParameters)), first.errorCode) == (GOOD, None)

    def test_columns_without_a_value_are_left_out(self, write: Write) -> None:
        (found,) = read(write(b"eventname,eventsource,eventtype,requestparameters\nInvoke,lambda.amazonaws.com,,\n"))
        assert isinstance(found, Record)
        assert (found.eventType, bytes(found.requestParameters)) == (None, b"null")

    def test_one_row_that_cannot_be_read_costs_no_other(self, write: Write) -> None:
        rows = [LAKE[0], LAKE[1], ["XX"], ["{}"], ["a", "b"], LAKE[2]]
        found = names(write(table(rows).replace(b"XX", b"\xff")))
        assert (found[0], found[3], found[4]) == ("00", exports.UNEVEN, "01")
        assert len(found) == 5

    @pytest.mark.parametrize(
        ("damage", "reason"),
        [
            (b'"', "unexpected end of data"),
            (b'"a"b\n"c"\n', "',' expected after '\"'"),
            (b"x" * 5_000, "a line is larger than 0 MB"),
            (b'"' + b"x\n" * 5_000, "field larger than field limit (2000)"),
        ],
    )
    def test_a_damaged_table_yields_the_rows_before(
        self, write: Write, monkeypatch: pytest.MonkeyPatch, damage: bytes, reason: str
    ) -> None:
        monkeypatch.setattr(exports, "MAX_RECORD_BYTES", 2_000)
        assert names(write(table(LAKE) + damage)) == ["00", "01", "02", f"the table cannot be read: {reason}"]

    def test_a_large_table_is_read_in_parts(self, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(exports, "CSV_BATCH_CHARACTERS", 1_000)
        path = write(table([LAKE[0], *LAKE[1:2] * 100]))
        assert max(map(len, reading.records(str(path)))) < 4

    def test_a_stream_that_ends_too_early_has_one_reason(self, write: Write) -> None:
        data = gzip.compress(table(LAKE) * 50)
        assert names(write(data[: len(data) // 2]))[-1] == "the gzip stream ends too early"


def columns(lower: bool) -> dict[str, list[Any]]:
    made: dict[str, list[Any]] = {}
    for each in THREE:
        for name, value in each.items():
            made.setdefault(name.lower() if lower else name, []).append(
                json.dumps(value) if isinstance(value, dict) else value
            )
    return made


class TestTables:
    @pytest.mark.parametrize("lower", [True, False])
    def test_parameters_may_be_json_strings(self, write: Write, lower: bool) -> None:
        path = write(b"", "calls.parquet")
        parquet.write_table(pyarrow.table(columns(lower)), path)
        assert names(path) == ["00", "01", "02"]
        first = read(path)[0]
        assert isinstance(first, Record)
        assert json.loads(bytes(first.requestParameters)) == GOOD

    def test_parameters_are_a_structure_or_a_map(self, write: Write) -> None:
        path = write(b"", "calls.parquet")
        rest = {name: each for name, each in columns(True).items() if name != "requestparameters"}
        structure = pyarrow.array([{"functionName": "f", "batchSize": None}] * 3)
        parquet.write_table(pyarrow.table({**rest, "requestparameters": structure}), path)
        found = read(path)[0]
        assert isinstance(found, Record)
        assert json.loads(bytes(found.requestParameters)) == {"functionName": "f"}
        pairs = pyarrow.array([[("functionName", "f")]] * 3, pyarrow.map_(pyarrow.string(), pyarrow.string()))
        parquet.write_table(pyarrow.table({**rest, "requestparameters": pairs}), path)
        found = read(path)[0]
        assert isinstance(found, Record)
        assert json.loads(bytes(found.requestParameters)) == {"functionName": "f"}

    def test_the_json_of_a_whole_record_comes_first(self, write: Write) -> None:
        """Other columns of CloudTrail Lake have strings where the record has numbers and objects."""
        path = write(b"", "calls.parquet")
        rest = {**columns(False), "requestParameters": ["{functionName=f}"] * 3}
        parquet.write_table(pyarrow.table({**rest, "eventJson": [json.dumps(each) for each in THREE]}), path)
        found = read(path)[2]
        assert isinstance(found, Record)
        assert (found.eventID, json.loads(bytes(found.requestParameters))) == (THREE[2]["eventID"], GOOD)

    def test_a_table_that_expands_much_is_refused(self, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
        path = write(b"", "calls.parquet")
        many = {**columns(True), "errorcode": [f"{number}" + "x" * 500_000 for number in range(3)]}
        parquet.write_table(pyarrow.table(many), path, compression="zstd")
        assert names(path) == ["00", "01", "02"]
        monkeypatch.setattr(exports, "EXPANDED", MB)
        monkeypatch.setattr(exports, "RATIO", 50)
        assert names(path) == ["the table expands more than 50 times"]

    def test_few_rows_of_a_table_are_in_memory(self, write: Write) -> None:
        path = write(b"", "calls.parquet")
        parquet.write_table(pyarrow.table({name: each * 100 for name, each in columns(True).items()}), path)
        assert [len(each) for each in reading.records(str(path))] == [100, 100, 100]

    def test_an_invalid_parquet_table_is_a_broken_record(self, write: Write) -> None:
        path = write(b"PAR1 and nothing else", "calls.parquet")
        assert [type(each) for each in read(path)] == [BrokenRecord]
        parquet.write_table(pyarrow.table({"a": [1]}), path)
        assert names(path) == ["the table has no column eventName"]


class TestDamage:
    @pytest.mark.parametrize("cut", [1, 10, 40, 300, 700])
    def test_a_truncated_document_is_reported(self, write: Write, cut: int) -> None:
        found = names(write(text(THREE)[:-cut]))
        whole = 3 if cut < 3 else 2 if cut < 400 else 1
        assert found == [*["00", "01", "02"][:whole], "the document ends too early"]

    def test_a_truncated_gzip_stream_is_reported(self, write: Write) -> None:
        data = gzip.compress(text(THREE))
        for size in range(2, len(data)):
            found = names(write(data[:size]))
            assert found[-1] == "the gzip stream ends too early"
            assert found[:-1] == ["00", "01", "02"][: len(found) - 1]

    def test_a_damaged_gzip_stream_is_reported(self, write: Write) -> None:
        data = bytearray(gzip.compress(text(THREE)))
        data[-5] ^= 1
        assert names(write(bytes(data)))[-1].startswith("the gzip stream is damaged")

    def test_an_unreadable_record_does_not_hide_the_others(self, write: Write) -> None:
        one, two, three = (json.dumps(each).encode() for each in THREE)
        expected = ["Record", "BrokenRecord", "Record"]
        for bad in (two.replace(b"AwsApiCall", b"\xff"), two.replace(b'"AwsApiCall"', b"7"), b"{}", b"[]"):
            found = read(write(b'{"Records":[%b,%b,%b]}' % (one, bad, three)))
            assert [type(each).__name__ for each in found] == expected
        for bad in (two.replace(b"AwsApiCall", b"\xff"), b"[]", b"1", b'"x', b"}"):
            found = read(write(b"%b\n%b\n%b\n" % (one, bad, three)))
            assert [type(each).__name__ for each in found] == expected

    def test_a_file_that_is_not_a_log_is_a_broken_record(self, write: Write, tmp_path: Path) -> None:
        for data in (b"\x00\x01\x02", b"hello", b"\x1f\x8b", b"\x1f\x8bxxxxxxxxxxxx", b'{"a":', b"[1,2]", b"]}", b'"'):
            found = read(write(data))
            assert found
            assert all(isinstance(each, BrokenRecord) and each.reason for each in found)
        assert names(tmp_path) == ["the file cannot be read: Is a directory"]
        assert names(tmp_path / "none") == ["the file cannot be read: No such file or directory"]

    def test_a_file_that_changes_while_it_is_read_raises(self, write: Write) -> None:
        path = write(text(THREE))
        facts = reading.facts_of(str(path))
        batches = reading.records(str(path), facts)
        next(batches)
        path.write_bytes(text(THREE) + b" ")
        with pytest.raises(reading.ChangedError):
            list(batches)
        with pytest.raises(reading.ChangedError):
            list(reading.records(str(path), facts))


def peak(path: Path) -> tuple[list[str], float]:
    """Return the records that are read from a file, and the memory use in MB."""
    tracemalloc.start()
    found = names(path)
    most = tracemalloc.get_traced_memory()[1] / MB
    tracemalloc.stop()
    return found, most


class TestHarm:
    def test_a_record_of_10_mb_is_read(self, write: Write) -> None:
        large = record({**GOOD, "description": "x" * 10 * MB}, number=9)
        for data in (text([THREE[0], large]), b"\n".join(json.dumps(each).encode() for each in (THREE[0], large))):
            found, most = peak(write(gzip.compress(data, 1)))
            assert found == ["00", "09"]
            assert most < 80

    def test_a_record_over_the_size_limit_is_broken(self, write: Write) -> None:
        head = text([THREE[0]])[:-2]
        for data in (head + b',{"a":"', json.dumps(THREE[0]).encode() + b'\n{"a":"'):
            found, most = peak(write(gzip.compress(data + b"x" * 40 * MB + b'"}]}', 1)))
            assert found == ["00", splitting.TOO_LARGE]
            assert most < 100

    def test_deeply_nested_values_are_reported(self, write: Write) -> None:
        one, two = (json.dumps(each).encode() for each in THREE[:2])
        deep = json.dumps(record("DEEP")).replace('"DEEP"', "[" * 3_000 + "]" * 3_000).encode()
        assert names(write(b'{"Records":[%b,%b,%b]}' % (one, deep, two))) == ["00", splitting.NESTED, "01"]
        assert names(write(b"%b\n%b\n%b\n" % (one, deep, two))) == ["00", splitting.NESTED, "01"]
        for opening in (b"[", b'{"a":'):
            assert names(write(b'{"Records":[%b,' % one + opening * MB)) == ["00", splitting.TOO_DEEP]

    def test_a_gzip_bomb_is_limited(self, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(reading, "EXPANDED", 4 * MB)
        found, most = peak(write(gzip.compress(text(THREE)[:-2] + b"," + b" " * 100 * MB)))
        assert found == ["00", "01", "02", "the gzip stream expands more than 500 times"]
        assert most < 40

    def test_records_before_the_expansion_limit_are_read(self, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(reading, "EXPANDED", 4 * MB)
        monkeypatch.setattr(reading, "RATIO", 20)
        found = read(write(gzip.compress(text([record(BAD)] * 20_000))))
        assert isinstance(found[-1], BrokenRecord)
        assert 1_000 < sum(isinstance(each, Record) for each in found) == len(found) - 1

    @pytest.mark.parametrize("data", [b"[", b"}", b'"', b"\\", b'"\\', b"{},{", b'}{"a":[', b'}{"a":"'])
    def test_endless_brackets_and_quotes_are_a_broken_record(
        self, write: Write, monkeypatch: pytest.MonkeyPatch, data: bytes
    ) -> None:
        monkeypatch.setattr(splitting, "MAX_RECORD_BYTES", MB // 2)
        monkeypatch.setattr(reading, "PART", MB // 16)
        last: list[Read] = []
        for last in reading.records(str(write(b'{"Records":[' + data * (MB // len(data))))):
            assert last
        assert isinstance(last[-1], BrokenRecord)

    def test_a_document_with_many_members_before_records_is_rejected(self, write: Write) -> None:
        data = b"{%b" % (b'"a":[[[1]]],' * 20_000)
        (only,) = read(write(data + b'"Records":[]}'))
        assert isinstance(only, BrokenRecord)

    def test_the_work_grows_linearly_with_the_size(self, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(reading, "PART", 4_096)
        monkeypatch.setattr(splitting, "MAX_RECORD_BYTES", 16 * MB)
        sizes = []
        for size in (MB // 4, MB // 2):
            path = write(b'{"Records":[{"a":"' + b'","b":{},"c":"' * (size // 13))
            with Calls() as calls:
                read(path)
            sizes.append(calls.number)
        assert sizes[1] < GROWTH * sizes[0]
