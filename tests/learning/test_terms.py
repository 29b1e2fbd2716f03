from __future__ import annotations

import tracemalloc
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tagger.learning.counting import BlockIndex, count
from tagger.learning.terms import (
    PLAIN,
    TOKEN_PATTERN,
    Block,
    char_terms,
    chunk_spans,
    each_term,
    fold,
    located_terms,
    origins,
    part_of,
    tokens,
    word_terms,
)

if TYPE_CHECKING:
    from collections.abc import Callable

WORDS = Block("word", 1, 2)
CHARS = Block("char", 4, 5)

# Lower-casing and white space misbehave here: a capital that grows, sigmas that depend on their
# neighbours, joiners, separators that are no spaces, half a surrogate pair.
TRAPS = (
    "İIıßẞςΣσǅﬁ\u0307'’-_.…0٣७Ⅷ \t\n\r\v\f\x00\x1c\x1f\x7f\x85\xa0"
    "\u1680\u2028\u200b\u200d\ufeff\ud83d\udcff"
)
ANY_TEXT = st.text(st.characters(exclude_categories=()) | st.sampled_from(TRAPS), max_size=60)


def scikit(block: Block) -> Any:
    from sklearn.feature_extraction.text import CountVectorizer

    return CountVectorizer(
        analyzer="word" if block.kind == "word" else "char_wb",
        ngram_range=(block.low, block.high),
        token_pattern=TOKEN_PATTERN,
        strip_accents=lambda text: text.translate(PLAIN),
    )


@pytest.fixture(scope="module")
def analyzers() -> dict[str, Callable[[str], list[str]]]:
    return {block.kind: scikit(block).build_analyzer() for block in (WORDS, CHARS)}


def ours(text: str, block: Block) -> list[str]:
    folded = fold(text)
    if block.kind == "word":
        return word_terms(tokens(folded), block.low, block.high)
    return [t for chunk in folded.split() for t in char_terms(chunk, block.low, block.high)]


@given(ANY_TEXT)
@example("")
@example("İstanbul'da ΟΔΟΣ ΑΣ.Α straße STRASSE")
@example("a\x00b\x1fc\u2028d\x85e")
@example("\ud800 lone \udfff halves \ud83d\ude00")
@example("one-letter a b c words")
def test_the_terms_are_those_that_scikit_learn_counts(
    analyzers: dict[str, Callable[[str], list[str]]], text: str
) -> None:
    for block in (WORDS, CHARS):
        assert ours(text, block) == analyzers[block.kind](text)


@pytest.mark.parametrize(
    "block", [WORDS, CHARS, Block("word", 2, 3), Block("word", 1, 1), Block("char", 1, 3)]
)
@given(texts=st.lists(ANY_TEXT, max_size=6))
def test_the_counts_are_scikit_learns_matrix(block: Block, texts: list[str]) -> None:
    from scipy.sparse import csr_matrix

    texts = [*texts, "Rain again, and again rain."]  # scikit-learn refuses to count no term at all
    theirs = scikit(block)
    expected = theirs.fit_transform(texts)
    found = count([fold(text) for text in texts], block)
    assert found.terms == theirs.get_feature_names_out().tolist()
    shape = (len(texts), len(found.terms))
    table = csr_matrix((found.data, found.indices, found.indptr), shape=shape)
    assert (table != expected).nnz == 0


def test_terms_of_a_text_are_numbered_in_ascending_order_and_counted_once() -> None:
    counts = count(["rain rain sun", "", "sun moon"], Block("word", 1, 1))
    assert counts.terms == ["moon", "rain", "sun"]
    assert counts.indptr.tolist() == [0, 2, 2, 4]
    assert counts.indices.tolist() == [1, 2, 0, 2]
    assert counts.data.tolist() == [2, 1, 1, 1]


def test_no_texts_have_no_terms() -> None:
    counts = count([], WORDS)
    assert (counts.terms, counts.indptr.tolist(), counts.indices.size) == ([], [0], 0)


def test_folding_lowers_letters_blanks_punctuation_and_makes_every_digit_a_zero() -> None:
    assert fold("“Wait,” he said – at 7:45!") == " wait   he said   at 0 00 "


def test_folding_keeps_underscores_and_letters_of_other_scripts() -> None:
    assert fold("SNAKE_case Ґанок Ωmega 東京") == "snake_case ґанок ωmega 東京"


@given(ANY_TEXT)
@example("xİyİ.")
def test_every_folded_letter_knows_the_letter_it_came_from(text: str) -> None:
    folded, back = fold(text), origins(text)
    assert len(back) == len(folded) + 1
    assert back[-1] == len(text)
    for at, letter in enumerate(folded):
        # A sigma's shape depends on its neighbours, so it alone may look different.
        assert letter.replace("ς", "σ") in fold(text[back[at]]).replace("ς", "σ")


@given(ANY_TEXT)
def test_chunk_spans_cut_out_the_chunks(text: str) -> None:
    folded = fold(text)
    assert [folded[start:end] for start, end in chunk_spans(folded)] == folded.split()


@given(ANY_TEXT)
@example("again and again, again and again")
def test_located_terms_are_all_terms_each_in_chunks_that_hold_it(text: str) -> None:
    folded = fold(text)
    chunks = folded.split()
    for block in (WORDS, CHARS):
        located = list(located_terms(folded, block))
        assert Counter(term for term, _ in located) == Counter(ours(text, block))
        for term, places in located:
            words = term.split(" ") if block.kind == "word" else [term.strip()]
            assert all(word in chunks[at] for word, at in zip(words, places, strict=True))


@given(ANY_TEXT)
@example("again and again, again and again")
@example("a bb c dddddd")
def test_a_text_of_any_length_is_cut_into_the_same_terms_one_by_one(text: str) -> None:
    for block in (WORDS, CHARS, Block("word", 2, 3), Block("char", 1, 3)):
        assert Counter(each_term(fold(text), block)) == Counter(ours(text, block))


@pytest.mark.parametrize("block", [WORDS, CHARS], ids=str)
def test_terms_are_counted_alike_in_short_and_long_texts(
    monkeypatch: pytest.MonkeyPatch, block: Block
) -> None:
    text = "the envoys met again and the river rose again " * 30
    known = BlockIndex(block, sorted(set(ours(text[:80], block))))
    numbers, times = known.counts(text)
    monkeypatch.setattr("tagger.learning.counting._LONG_TEXT", 7)
    for_long = known.counts(text)
    assert np.array_equal(for_long[0], numbers)
    assert np.array_equal(for_long[1], times)
    assert Counter(known.numbers(text)) == dict(zip(numbers.tolist(), times.tolist(), strict=True))


def test_one_endless_word_takes_little_room() -> None:
    index = BlockIndex(CHARS, ["gove", "gover"])
    word = "government" * 40_000
    tracemalloc.start()
    numbers, times = index.counts(word)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert numbers.tolist() == [0, 1]
    assert times.tolist() == [40_000, 40_000]
    assert most < 20e6  # all its n-grams at once would take 50 MB


def test_a_known_vocabulary_passes_unknown_terms_over() -> None:
    index = BlockIndex(Block("word", 1, 1), ["rain", "sun"])
    assert index.numbers("rain moon rain sun") == [0, 0, 1]
    assert index.number("moon") is None
    assert index.terms == ["rain", "sun"]


def test_terms_stay_the_same_when_the_memory_for_chunks_overflows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tagger.learning.counting._REMEMBERED_CHUNKS", 3)
    text = " ".join(f"chunk{letter}" for letter in "abcdefgh") * 2
    index = BlockIndex(CHARS)
    numbers = np.array(index.numbers(text))
    assert [index.terms[n] for n in numbers] == ours(text, CHARS)


TITLE = Block("word", 1, 1, part="first line")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Gas talks fail\nEnvoys left on Monday.", "gas talks fail"),
        ("\n  \n Gas talks\n\nbody", "gas talks"),
        ("*** \nGas\nbody", "gas"),  # what is folded away is blank
        ("Gas talks fail", ""),
        ("Gas talks fail\n \n***", ""),
        ("Gas\r\nbody", "gas\r"),
        ("", ""),
        ("\n\n", ""),
    ],
)
def test_the_first_line_is_the_title_of_a_text_that_goes_on(text: str, title: str) -> None:
    assert part_of(fold(text), TITLE) == title
    assert part_of(fold(text), Block("word", 1, 1)) == fold(text)


@given(st.text(st.sampled_from("ab \n.\t\r"), max_size=30))
def test_a_first_line_is_found_by_plain_splitting_too(text: str) -> None:
    lines = [line for line in fold(text).lstrip().split("\n") if line.strip()]
    assert part_of(fold(text), TITLE).strip() == (lines[0].strip() if len(lines) > 1 else "")


def test_a_text_of_a_million_blanks_has_its_first_line_found_at_once() -> None:
    for text in (" " * 1_000_000, "\n" * 1_000_000, "a" + " " * 1_000_000, "a\n" + " \n" * 500_000):
        assert part_of(text, TITLE) == ""


def test_terms_of_the_first_line_are_counted_and_located_in_it_alone() -> None:
    folded = fold("\nGas talks\nmore gas, gas")
    known = BlockIndex(TITLE, ["gas", "more", "talks"])
    assert [part.tolist() for part in known.counts(folded)] == [[0, 2], [1, 1]]
    assert list(located_terms(folded, TITLE)) == [("gas", (0,)), ("talks", (1,))]
    assert count([folded], TITLE).terms == ["gas", "talks"]
