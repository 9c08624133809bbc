"""Test which files of a folder are read."""

from __future__ import annotations

from pathlib import Path

import pytest

from lambda_validate.audit import inputs

QUERY = "20240701_144951_00037_v74wa_1ad6f92e-a1e0-471e-933c-0e33736726fd"
"""Return a file name as Athena writes it."""


@pytest.mark.parametrize(
    ("name", "is_read"),
    [
        ("123456789012_CloudTrail_us-west-2_20260101T0000Z_abc.json.gz", True),
        ("calls.JSON", True),
        ("calls.jsonl", True),
        ("calls.parquet", True),
        ("result_1.csv.gz", True),
        ("result_sign.json", False),
        (QUERY, True),
        (f"{QUERY}.gz", True),
        ("20240701_144951_00037_v74wa_bucket-00000", True),
        (f"x{QUERY}", False),
        (QUERY.upper(), False),
        (f"{QUERY}\n", False),
        ("20240701_144951", False),
        ("d8b9a4ab-5c3e-44b1-b8a5-6b9e00f836c7.csv.metadata", False),
        (".calls.json", False),
        ("README", False),
        ("_SUCCESS", False),
    ],
)
def test_files_of_a_folder_are_read_by_their_names(tmp_path: Path, name: str, is_read: bool) -> None:
    (tmp_path / name).write_bytes(b"")
    assert [each.path for each in inputs.files([str(tmp_path)])] == [str(tmp_path / name)] * is_read


def test_digests_are_no_logs(tmp_path: Path) -> None:
    for folder in ("CloudTrail", "CloudTrail-Digest"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.json").write_bytes(b"")
    assert [each.path for each in inputs.files([str(tmp_path)])] == [str(tmp_path / "CloudTrail/a.json")]
