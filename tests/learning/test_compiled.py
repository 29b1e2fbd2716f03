from __future__ import annotations

import random
import runpy
import subprocess
import sys
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tagger.errors import ModelError
from tagger.learning.compiled import (
    CompiledModel,
    compile_model,
    hashing,
    loading,
    obstacle,
    warm_kernels,
)
from tagger.learning.compiled.scratch import LONGEST
from tagger.learning.counting import count
from tagger.learning.model import Model
from tagger.learning.pipeline import as_pipeline
from tagger.learning.terms import Block, fold
from tagger.records import TopicId

if TYPE_CHECKING:
    from collections.abc import Sequence

WORDS = Block("word", 1, 2)
SHIPPED = (WORDS, Block("char", 4, 5))
# The same strange texts that the benchmark asks by the hundred thousand.
FUZZ = runpy.run_path(str(Path(__file__).parents[2] / "benchmarks" / "exactness.py"))
TRAPS, KNOWN, any_text = FUZZ["TRAPS"], FUZZ["KNOWN"], FUZZ["any_text"]
ANY = st.text(st.characters(exclude_categories=()), max_size=12)
TEXTS = st.lists(st.sampled_from([*KNOWN, *TRAPS]) | ANY, max_size=20).map(" ".join)


def model_of(
    texts: Sequence[str], topics: int, blocks: tuple[Block, ...] = SHIPPED, seed: int = 0
) -> Model:
    """A model that knows the terms of some texts, with figures that no rounding forgives."""
    chance = np.random.default_rng(seed)
    terms = tuple(count([fold(text) for text in texts], block).terms for block in blocks)
    size = sum(map(len, terms))
    return Model(
        topics=tuple(TopicId(f"t{k}") for k in range(topics)),
        blocks=blocks,
        terms=terms,
        idf=chance.uniform(1, 60, size),
        weights=chance.normal(size=(size, topics)),
        intercepts=chance.normal(size=topics),
        thresholds=np.full(topics, 0.5),
    )


def by_scikit_learn(pipeline: Any, texts: Sequence[str]) -> Any:
    return pipeline.decision_function(texts).reshape(len(texts), -1)


def judge(model: Model, texts: Sequence[str]) -> None:
    compiled, expected = compile_model(model), by_scikit_learn(as_pipeline(model), texts)
    assert np.array_equal(compiled.scores(texts), expected)
    assert np.array_equal(model.scores(texts), expected)


@pytest.fixture(scope="module")
def compiled(model: Model) -> CompiledModel:
    return compile_model(model)


@pytest.fixture(scope="module")
def pipeline(model: Model) -> Any:
    return as_pipeline(model)


@given(st.lists(TEXTS, min_size=1, max_size=5))
@example([""])
@example(TRAPS)
def test_model_and_kernel_give_the_very_bits_of_scikit_learn(
    compiled: CompiledModel, pipeline: Any, texts: list[str]
) -> None:
    expected = by_scikit_learn(pipeline, texts)
    assert np.array_equal(compiled.scores(texts), expected)
    assert np.array_equal(compiled.model.scores(texts), expected)


def test_no_strange_text_tells_the_three_ways_of_scoring_apart(
    model: Model, capsys: pytest.CaptureFixture[str]
) -> None:
    assert FUZZ["check"](model, 3_000, seed=5) == 0
    assert capsys.readouterr().out.count("3,000 texts") == 2


@pytest.mark.parametrize(("topics", "rows"), [(1, 1_000), (4, 10_000), (25, 1_000), (90, 1_000)])
def test_no_text_of_any_plane_tells_them_apart(topics: int, rows: int) -> None:
    chance = random.Random(topics)
    texts = [any_text(chance) for _ in range(rows)]
    # Too many different letters would be refused, hence a model of a part.
    judge(model_of(texts[:240:2], topics, seed=topics), texts)


@pytest.mark.parametrize(
    "blocks",
    [
        (WORDS,),
        (Block("word", 1, 1),),
        (Block("word", 2, 2),),
        (Block("char", 3, 3),),
        (Block("char", 1, 2), WORDS),
        (Block("word", 1, 1), Block("char", 2, 6)),
    ],
    ids=str,
)
def test_every_family_of_terms_it_accepts_is_exact(blocks: tuple[Block, ...]) -> None:
    chance = random.Random(7)
    # With wide n-grams few bits are left for a letter, so the letters must be few.
    texts = ["".join(c for c in any_text(chance) if ord(c) < 0x180) for _ in range(1_000)]
    judge(model_of(texts[::2], 3, blocks), [*texts, *TRAPS])


def test_every_character_of_unicode_is_folded_and_cut_as_python_does() -> None:
    points = map(chr, range(sys.maxunicode + 1))
    # Of the three quarters that stand for nothing, and for nothing yet, every 50th will do.
    every = [c for c in points if unicodedata.category(c) not in {"Cn", "Co"} or not ord(c) % 50]
    # Between letters a separator shows as two words; at the end of a word a final sigma shows.
    texts = ["".join(f"ab{c}cd{c} " for c in every[i : i + 64]) for i in range(0, len(every), 64)]
    model = model_of(["ab cd abcd", *texts[:30], *texts[100:120]], 2)
    compiled = compile_model(model)
    assert np.array_equal(compiled.scores(texts), model.scores(texts))


@pytest.mark.parametrize("words", [(WORDS,), (), (WORDS, Block("char", 4, 5))], ids=str)
def test_titles_are_counted_apart_as_the_model_does(words: tuple[Block, ...]) -> None:
    blocks = (*words, Block("word", 1, 2, part="first line"))
    title, body = "Envoys met again", "gas prices rose and envoys met in the rain"
    lines = ["", " ", "\t\u3000", title, body, "-- :", "x", "!", "\u2028", "truce"]
    chance = random.Random(11)
    texts = ["\n".join(chance.choices(lines, k=n)) for n in range(8) for _ in range(60)]
    texts += [f"{title}{gap}{body}" for gap in ["\n", "\r\n", "\r", "\n\n", "\x85", "\u2028", ""]]
    judge(model_of([f"{title}\n{body}", f"truce\n{title}", body], 3, blocks), texts)


def test_a_known_word_is_a_chunk_of_its_own_only_between_spaces() -> None:
    model = model_of(["gas truce envoys rivers", "gas€ €gas truce\u0301x"], 2)
    words, signs = ["gas", "truce", "envoys"], ["€", "\u0301", "\u200d", "∑", "x", "-", " "]
    texts = [f"{a}{word}{b}" for word in words for a in ["", *signs] for b in ["", *signs]]
    judge(model, [*texts, " ".join(texts), "gas gas gas€ gas"])


def test_a_text_of_a_million_characters_is_scored_as_any_other(model: Model) -> None:
    chance = random.Random(3)
    words = " ".join(chance.choices(KNOWN, k=150_000))
    judge(model, [words, "gas" * 100_000, "", " " * 99_999])


@pytest.mark.parametrize("times", [65_535, 65_536, 131_071, 131_072, 200_000])
def test_a_term_may_be_repeated_without_end(model: Model, times: int) -> None:
    judge(model, ["gas " * times + "truce", "gas truce"])


def test_a_text_that_goes_the_plain_way_leaves_nothing_behind_for_the_next(
    compiled: CompiledModel, model: Model
) -> None:
    texts = ["gas " * 70_000, "gas", "ΣΑΣ gas", "gas", "river İ", "river"]
    assert np.array_equal(compiled.scores(texts), model.scores(texts))


@pytest.mark.parametrize("more", [0, 1])
def test_the_longest_text_the_kernel_takes_and_one_longer_are_scored_alike(
    model: Model, more: int
) -> None:
    judge(model, ["gas", ("gas truce " * LONGEST)[: LONGEST + more], "truce"])


def test_no_texts_give_no_rows(compiled: CompiledModel) -> None:
    assert compiled.scores([]).shape == (0, 3)


def test_a_slice_of_a_larger_buffer_is_scored_by_its_offsets(
    compiled: CompiledModel, model: Model
) -> None:
    data = np.frombuffer(b"gas prices rose; the river fell", np.uint8)
    found = compiled.scores_of_utf8(data, np.array([4, 15, 17, 31]))
    assert np.array_equal(found, model.scores(["prices rose", "; ", "the river fell"]))


def test_a_model_without_a_single_term_gives_its_intercepts() -> None:
    judge(
        replace(model_of(["gas"], 2), terms=(["gas"], []), idf=np.ones(1), weights=np.ones((1, 2))),
        ["gas"],
    )
    bare = replace(model_of([""], 2), intercepts=np.array([1.5, -2.5]))
    assert compile_model(bare).scores(["gas", ""]).tolist() == [[1.5, -2.5]] * 2


def test_tokens_whose_keys_are_equal_are_told_apart_by_their_letters() -> None:
    # Eight letters apart, two letters may change places without changing the key.
    one, other = "abcdefghijklmnopqr", "ibcdefghajklmnopqr"
    assert hashing.token_key(one) == hashing.token_key(other)
    judge(model_of([one, "gas"], 2, (WORDS,)), [one, other, f"{one} {other}", f"gas {one}"])


@pytest.mark.parametrize(
    ("blocks", "reason"),
    [
        ((WORDS, WORDS), "two blocks of one kind"),
        ((Block("word", 1, 3),), "more than two words"),
        ((Block("char", 2, 8),), "too many different letters"),
        ((Block("char", 4, 5, part="first line"),), "letters of first lines"),
    ],
)
def test_settings_it_does_not_know_are_refused_by_name(
    blocks: tuple[Block, ...], reason: str
) -> None:
    letters = "".join(chr(c) for c in range(0x4E00, 0x4F00) if unicodedata.category(chr(c)) == "Lo")
    model = model_of([letters], 2, blocks)
    found = obstacle(model)
    assert found is not None
    assert reason in found
    with pytest.raises(ModelError, match=reason):
        compile_model(model)


def test_a_trained_model_has_no_obstacle(model: Model) -> None:
    assert obstacle(model) is None


def test_building_the_machine_code_is_announced_where_it_is_not_there_yet(tmp_path: Path) -> None:
    heard: list[str] = []
    loading.load_kernel(tmp_path, heard.append)
    assert heard == [loading.BUILDING]


def test_machine_code_that_is_there_is_used_in_silence(compiled: CompiledModel) -> None:
    warm_kernels()
    heard: list[str] = []
    warm_kernels(told=heard.append)
    compile_model(compiled, told=heard.append)
    assert heard == []


WARM = """
import sys
from pathlib import Path
from tagger.learning.compiled import warm_kernels

warm_kernels(Path(sys.argv[1]), print)
from tagger.learning.compiled.kernel import score
print("built" if score.stats.cache_misses else "read")
"""


def test_machine_code_built_by_one_process_is_read_by_the_next(tmp_path: Path) -> None:
    said = [
        subprocess.run(
            [sys.executable, "-c", WARM, tmp_path], capture_output=True, text=True, check=True
        ).stdout.splitlines()
        for _ in range(2)
    ]
    assert said == [[loading.BUILDING, "built"], ["read"]]


def test_a_compiled_model_does_all_that_a_model_does(compiled: CompiledModel, model: Model) -> None:
    texts = ["Gas prices rose.", "", "The envoys met in İstanbul."]
    probabilities = model.probabilities(texts)
    assert np.array_equal(compiled.probabilities(texts), probabilities)
    assert compiled.chosen(probabilities) == model.chosen(probabilities)
    assert compiled.known_share(texts[0]) == model.known_share(texts[0])
    assert np.array_equal(compiled.vector(texts[0])[1], model.vector(texts[0])[1])


def test_a_compiled_model_with_other_weights_scores_by_those(
    compiled: CompiledModel, model: Model
) -> None:
    other = replace(compiled, weights=compiled.weights * 2)
    assert np.array_equal(
        other.scores(["gas"]), replace(model, weights=model.weights * 2).scores(["gas"])
    )
