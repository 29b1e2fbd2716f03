from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.learning.near_copies import group_near_copies

WIRE = (
    "The river burst its banks on Monday night and flooded some forty houses in the lower "
    "village, the district office said, while rescuers brought families out in boats."
)
UNRELATED = "The orchestra opens its season on Friday with a symphony by a young composer."


@pytest.mark.parametrize(
    "edited",
    [
        WIRE.replace("Monday", "Tuesday"),
        f"RIVERTON (Agency) - {WIRE}",
        WIRE.replace("some forty", "more than fifty"),
        WIRE.removesuffix(", while rescuers brought families out in boats.") + ".",
        WIRE.upper().replace(",", " –"),
        WIRE.replace("office", "ofice"),
    ],
    ids=["another day", "dateline", "figure", "cut at the end", "typography", "typo"],
)
def test_an_edited_wire_paragraph_is_a_near_copy(edited: str) -> None:
    assert group_near_copies([UNRELATED, WIRE, edited]).tolist() == [0, 1, 1]


@pytest.mark.parametrize(
    "other",
    [
        UNRELATED,
        "The river burst its banks on Monday night in another country, and the harvest was lost.",
        "Forty houses stood in the lower village before the dam was built, the chronicle tells.",
        "",
    ],
)
def test_another_paragraph_is_no_near_copy(other: str) -> None:
    assert group_near_copies([WIRE, other]).tolist() == [0, 1]


def test_half_of_the_word_triples_in_common_is_not_enough_and_more_is() -> None:
    one = "alpha bravo carol delta eagle"  # 3 triples
    half = "alpha bravo carol delta other"  # shares 2 of 4
    more = "alpha bravo carol delta eagle other"  # shares 3 of 4
    assert group_near_copies([one, half]).tolist() == [0, 1]
    assert group_near_copies([one, more]).tolist() == [0, 0]


def test_copies_of_copies_are_one_group() -> None:
    first = "one two three four five six seven eight"
    second = first.replace("one two", "")
    third = second + " nine ten"
    groups = group_near_copies([first, third, second])
    assert groups.tolist() == [0, 0, 0]
    assert group_near_copies([first, third]).tolist() == [0, 1]


@pytest.mark.parametrize("copies", [2, 50, 51, 130])
def test_any_number_of_equal_texts_is_one_group(copies: int) -> None:
    groups = group_near_copies([UNRELATED, *[WIRE] * copies])
    assert groups.tolist() == [0, *[1] * copies]


@pytest.mark.parametrize("variants", [50, 51, 130])
def test_any_number_of_edited_copies_is_one_group(variants: int) -> None:
    days = [f"{a}{b}{c}day" for a in "bdfgklmnp" for b in "aeiou" for c in "mnr"][:variants]
    groups = group_near_copies([UNRELATED, *(WIRE.replace("Monday", day) for day in days)])
    assert groups.tolist() == [0, *[1] * variants]


def test_short_texts_are_near_copies_only_when_they_are_equal_word_by_word() -> None:
    texts = ["Read more", "read more!", "Read More Here", "Read on", "More read"]
    assert group_near_copies(texts).tolist() == [0, 0, 2, 3, 4]


def test_a_set_phrase_that_many_texts_share_makes_no_copies() -> None:
    texts = [f"ministry of defence {a}{b} {b}{a}" for a in "abcdefghij" for b in "klmnopqr"]
    assert group_near_copies(texts).tolist() == list(range(80))


def test_no_texts_have_no_groups() -> None:
    assert group_near_copies([]).tolist() == []


def brute_force(texts: list[str]) -> list[int]:
    """Every text against every other, over and over, until no group grows."""
    sets = []
    for text in texts:
        words = text.split()
        runs = {tuple(words[i : i + 3]) for i in range(len(words) - 2)} if len(words) > 3 else set()
        sets.append(runs or {tuple(words)})
    groups = list(range(len(texts)))
    for _ in texts:
        for a, b in np.ndindex(len(texts), len(texts)):
            if len(sets[a] & sets[b]) * 2 > len(sets[a] | sets[b]):
                groups[a] = groups[b] = min(groups[a], groups[b])
    return groups


WORDS = st.lists(st.sampled_from(["alpha", "bravo", "carol", "delta", "eagle"]), max_size=9)


@given(st.lists(WORDS.map(" ".join), max_size=8), st.data())
def test_the_order_of_the_texts_changes_no_group(texts: list[str], data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(len(texts))))
    here = group_near_copies(texts)
    there = group_near_copies([texts[i] for i in order])
    for a, b in np.ndindex(len(texts), len(texts)):
        assert (here[order[a]] == here[order[b]]) == (there[a] == there[b])
    assert all(group <= i and here[group] == group for i, group in enumerate(here.tolist()))


@given(st.lists(WORDS.map(" ".join), max_size=8))
def test_the_groups_are_those_of_comparing_all_with_all(texts: list[str]) -> None:
    assert group_near_copies(texts).tolist() == brute_force(texts)
