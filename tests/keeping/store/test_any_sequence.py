"""Whatever editors do in whatever order, the counts are those of a simple list in memory."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tagger.keeping.store import Article, open_store
from tagger.records import Paragraph

EDITORS = ("Anna", "Boris")
GROUP_OF = {"p1": "g1", "p2": "g1", "p3": "g2", "p4": "p4", "p5": "p5"}
ARTICLES = (("p1", "p3"), ("p2", "p4"), ("p3", "p5", "p1"))

editors = st.sampled_from(EDITORS)
paragraphs = st.sampled_from(sorted(GROUP_OF))
steps = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.integers(0, len(ARTICLES) - 1)),
        st.tuples(st.just("decide"), editors, paragraphs),
        st.tuples(st.just("undo"), editors),
        st.tuples(st.just("skip"), editors, paragraphs),
    ),
    max_size=25,
)


@dataclass
class Model:
    """The desk in the simplest words: what is queued, what stands, who skipped what."""

    queued: set[str] = field(default_factory=set)
    brought: set[str] = field(default_factory=set)
    standing: list[tuple[int, str, str]] = field(default_factory=list)
    skips: set[tuple[str, str]] = field(default_factory=set)
    rows: int = 0

    def add(self, article: int) -> None:
        self.brought |= set(ARTICLES[article])
        self.queued |= {GROUP_OF[paragraph] for paragraph in ARTICLES[article]}

    def decide(self, editor: str, paragraph: str) -> None:
        self.rows += 1
        self.standing.append((self.rows, editor, paragraph))
        if paragraph in self.brought:
            self.skips.discard((editor, GROUP_OF[paragraph]))

    def undo(self, editor: str) -> str:
        own = [one for one in self.standing if one[1] == editor]
        if not own:
            return "nothing"
        self.rows += 1
        self.standing.remove(own[-1])
        return "undone"

    def decided(self) -> set[str]:
        return {GROUP_OF[p] for _, _, p in self.standing if p in self.brought}

    def counts(self, editor: str) -> tuple[int, int, int, int]:
        decided = self.decided()
        left = self.queued - decided
        skipped = {group for name, group in self.skips if name == editor} & left
        return len(self.queued), len(decided), len(left), len(skipped)


def play(store, model: Model, number: int, step: tuple[object, ...], decision) -> None:
    match step:
        case ("add", article):
            model.add(article)
            names = ARTICLES[article]
            given_ = (Paragraph(p, f"Text {p}.", "a", n) for n, p in enumerate(names))
            store.queue.add([Article(f"{article}.html", tuple(given_))], GROUP_OF)
        case ("decide", editor, paragraph):
            model.decide(editor, paragraph)
            store.decide(decision(paragraph, editor, number))
        case ("undo", editor):
            assert store.undo(editor, key=f"undo {number}").status == model.undo(editor)
        case ("skip", editor, paragraph) if paragraph in model.brought:
            model.skips.add((editor, GROUP_OF[paragraph]))
            store.queue.skip(editor, paragraph)


def made(paragraph: str, editor: str, number: int):
    from tagger.keeping.store import Decision

    return Decision(paragraph, f"Text {paragraph}.", (), editor, f"decide {number}")


@settings(
    max_examples=25,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,  # each example opens its own
        HealthCheck.too_slow,  # a database's time to open varies, and no promise is made of it here
    ],
)
@given(steps=steps)
def test_counts_and_latest_agree_with_a_list_in_memory(fresh, steps):
    model = Model()
    with fresh() as address, open_store(address) as store:
        for number, step in enumerate(steps):
            play(store, model, number, step, made)
            for editor in EDITORS:
                seen = store.queue.counts(editor)
                assert (seen.total, seen.decided, seen.left, seen.skipped) == model.counts(editor)
        latest = {paragraph: sequence for sequence, _, paragraph in model.standing}
        assert {c.paragraph: c.sequence for c in store.latest()} == latest
        for paragraph in model.brought:
            group = [s for s, _, p in model.standing if GROUP_OF[p] == GROUP_OF[paragraph]]
            inside = [s for s, _, p in model.standing if p in model.brought and s in group]
            assert store.queue.item(paragraph).decision == max(inside, default=None)
        checked = store.verify()
        assert (checked.rows, checked.problem) == (model.rows, None)
