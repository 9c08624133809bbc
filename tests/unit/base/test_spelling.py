"""Test the suggestion for a misspelled name, and the error for an unknown one."""

from __future__ import annotations

import copy
import difflib
import pickle
from random import Random

import pytest

from lambda_validate.base.spelling import CUTOFF, UnknownNameError, by_folded, listing, nearest, similar
from lambda_validate.native import engine

KNOWN = ("BatchSize", "FunctionName", "EventSourceArn", "Enabled")


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("BatchSize", "BatchSize"),
        ("batchsize", "BatchSize"),
        ("batch_size", "BatchSize"),
        ("batch-size", "BatchSize"),
        ("BATCH_SIZE", "BatchSize"),
        ("BatchSizes", "BatchSize"),
        ("BacthSize", "BatchSize"),
        ("FuntionName", "FunctionName"),
        ("Enable", "Enabled"),
        ("Nothing", None),
        ("", None),
        ("\ud800", None),
        ("é" * 80, None),
        ("BatchSize" * 1000, None),
        (5, None),
        (None, None),
        (["BatchSize"], None),
    ],
)
def test_the_nearest_name_is_suggested(name: object, meant: str | None) -> None:
    assert nearest(name, KNOWN) == meant


def misspelt(name: str, random: Random) -> str:
    letters = list(name)
    for _ in range(random.randint(0, 5)):
        at = random.randrange(len(letters) + 1)
        letters[at : at + random.randint(0, 1)] = random.choices("abeSTNmé", k=random.randint(0, 1))
    return "".join(letters).lower()


def test_all_that_difflib_finds_similar_is_compared() -> None:
    random, missed, found = Random(1), [], 0
    names = (*KNOWN, "TRIM_HORIZON", "LATEST", "AT_TIMESTAMP", "ab", "ba", "b", "é")
    known, native = by_folded(names), engine().similar or similar
    for _ in range(2000):
        form = misspelt(random.choice(list(known)), random)
        close = difflib.get_close_matches(form, known, n=len(known), cutoff=CUTOFF)
        found += len(close)
        missed += [form for each in close if each not in similar(form, known)]
        if form.isascii():
            assert [each for each in native(form, known) if each.isascii()] == [
                each for each in similar(form, known) if each.isascii()
            ]
        assert set(native(form, known)) >= set(similar(form, known))
    assert missed == []
    assert found > 500
    assert similar("newest", by_folded(("LATEST", "TRIM_HORIZON"))) == []


def test_without_known_names_there_is_no_nearest_name() -> None:
    assert nearest("BatchSize", ()) is None


def test_the_first_of_names_differing_only_in_case_is_suggested() -> None:
    assert nearest("A_B", ("ab", "AB")) == "ab"


@pytest.mark.parametrize(
    ("words", "text"),
    [((), ""), (("a",), "a"), (("a", "b"), "a or b"), (("a", "b", "c"), "a, b or c")],
)
def test_words_are_listed_as_a_sentence_does(words: tuple[str, ...], text: str) -> None:
    assert listing(words) == text
    assert listing(iter(words), "and") == text.replace(" or ", " and ")


@pytest.mark.parametrize(
    ("name", "known", "text"),
    [
        ("Batchsize", KNOWN, "there is no member 'Batchsize'; did you mean 'BatchSize'?"),
        ("x", ("a", "b"), "there is no member 'x'; choose from a or b"),
        ("x", (), "there is no member 'x'; there is none"),
        ("x", [str(each) for each in range(13)], "there is no member 'x'; there are 13 to choose from"),
        (5, ("a",), "there is no member of type int; choose from a"),
        ([], ("a",), "there is no member of type list; choose from a"),
        ("\ud800", ("a",), "there is no member '\\ud800'; choose from a"),
        ("x" * 100, ("a",), f"there is no member '{'x' * 80}'; choose from a"),
    ],
)
def test_a_name_that_does_not_exist_is_rejected_in_one_line(name: object, known: list[str], text: str) -> None:
    error = UnknownNameError("member", name, known)
    assert str(error) == text
    assert isinstance(error, LookupError)
    assert not isinstance(error, KeyError)
    assert (error.kind, error.name, error.nearest) == ("member", name, nearest(name, known))


@pytest.mark.parametrize("journey", [copy.copy, copy.deepcopy, lambda error: pickle.loads(pickle.dumps(error))])
def test_the_error_survives_copying(journey: object) -> None:
    error = UnknownNameError("member", "Batchsize", KNOWN)
    again = journey(error)  # type: ignore[operator]  # of many kinds
    assert (type(again), str(again), again.__dict__) == (UnknownNameError, str(error), error.__dict__)
