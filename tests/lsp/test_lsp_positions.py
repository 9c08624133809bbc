"""Test positions in documents, in each unit that a client may use."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambda_validate.lsp.positions import UNITS, Lines

TEXTS = st.text(alphabet=st.sampled_from("ab\n\r\u2028\x0b\xe9\u4e2d\U0001f600"), max_size=30)
ENCODED = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}


@pytest.mark.parametrize(("encoding", "character"), [("utf-8", 9), ("utf-16", 4), ("utf-32", 3)])
def test_a_character_is_counted_in_the_unit_that_was_agreed(encoding: str, character: int):
    text = "a\n\U0001f600\xe9\u4e2dx"  # 4, 2 and 3 bytes; 2, 1 and 1 units
    lines = Lines(text, encoding)
    assert lines.place(5) == (1, character)


@pytest.mark.parametrize("encoding", UNITS)
@given(text=TEXTS, data=st.data())
def test_a_place_leads_back_to_its_offset(encoding: str, text: str, data: st.DataObject):
    offset = data.draw(st.integers(0, len(text)))
    lines = Lines(text, encoding)
    back = lines.offset(*lines.place(offset))
    assert back == offset or text[back:offset] == "\r"  # between the two characters of a line break


@pytest.mark.parametrize("encoding", UNITS)
@given(text=TEXTS, data=st.data())
def test_positions_follow_the_protocol(encoding: str, text: str, data: st.DataObject):
    offset = data.draw(st.integers(0, len(text)))
    before = text[:offset].replace("\r\n", "\n").replace("\r", "\n")
    codec, size = ENCODED[encoding]
    line, character = Lines(text, encoding).place(offset)
    if text[offset - 1 : offset + 1] != "\r\n":
        assert line == before.count("\n")
        assert character == len(before.rpartition("\n")[2].encode(codec)) // size


@pytest.mark.parametrize(
    ("place", "offset"),
    [((0, 99), 2), ((1, 0), 3), ((1, 1), 3), ((1, 2), 4), ((9, 0), 6), ((2, 9), 6)],
)
def test_a_place_outside_or_within_a_character_is_the_nearest_before(place: tuple[int, int], offset: int):
    assert Lines("ab\n\U0001f600\nx", "utf-16").offset(*place) == offset
