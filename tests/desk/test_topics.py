"""Topics change; no label and no decision is ever lost."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tagger.desk.decisions import read_decisions
from tagger.desk.labels import check_desk
from tagger.desk.lessons import read_lessons, read_test
from tagger.desk.models import taxonomy_of
from tagger.desk.topics import Plan, Request, apply, changes, plan, plan_revert
from tagger.errors import InputError, LabelsError, ModelError, OutputError, TaxonomyError
from tagger.keeping.store import Decision, open_store
from tagger.keeping.taxonomy_history import history_file, read_history
from tagger.keeping.turn import retrain_turn
from tagger.paragraphs import paragraph_id
from tagger.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

START = datetime(2026, 11, 22, 9, tzinfo=UTC)
TAXONOMY = """# Ours.
[[topic]]
id = "war"
key = "w"

# for the coast desk
[[topic]]
id = "floods"

[[topic]]
id = "talks"
"""
TRAIN = {
    "The brigade held the ridge as drones fell.": ["war"],
    "Envoys met while shells fell on the port.": ["war", "talks"],
    "The river rose over the quay.": ["floods"],
    "A baker sold walnut bread.": [],
}
TEST = {"Guns fell silent on the ridge.": ["war"], "The mediators left.": ["talks"]}
DRONES = "A drone fell into the flooded harbour."


class Desk:
    """A small desk whose clock moves a minute with everything that is done."""

    def __init__(self, home: Any) -> None:
        self.settings = Settings(home)
        self.labeled = self.settings.labeled
        (self.labeled / "train").mkdir(parents=True)
        (self.labeled / "taxonomy.toml").write_text(TAXONOMY, encoding="utf-8")
        self.label("train/train.jsonl", TRAIN)
        self.label("test.jsonl", TEST)
        self._steps = count(1)

    def label(self, file: str, rows: dict[str, list[str]]) -> None:
        with (self.labeled / file).open("a", encoding="utf-8") as lines:
            for text, topics in rows.items():
                lines.write(json.dumps({"text": text, "topics": topics}) + "\n")

    def now(self) -> datetime:
        return START + timedelta(minutes=next(self._steps))

    def decide(self, text: str, *topics: str, reason: str = "doubt") -> None:
        with open_store(self.settings.database, now=self.now) as store:
            store.decide(
                Decision(paragraph_id(text), text, topics, "ann", f"{next(self._steps)}", reason)
            )

    def change(self, kind: Any, *old: str, new: Any = (), **fields: Any) -> Plan:
        tables = [{"id": one, **fields} for one in new]
        found = plan(self.settings, Request(kind, old, tuple(tables)), now=self.now())
        apply(self.settings, found, by="ann", now=self.now())
        return found

    def revert(self) -> None:
        apply(self.settings, plan_revert(self.settings, now=self.now()), by="bob", now=self.now())

    @property
    def ids(self) -> list[str]:
        return list(taxonomy_of(self.settings).ids)

    def learned(self) -> dict[str, Any]:
        """What a training would see: a text's topics, and after a / those it leaves open."""
        lessons = read_lessons(self.settings, taxonomy_of(self.settings).ids)
        return {e.text: told(e.topics, e.unsaid) for e in lessons.examples}

    def test(self) -> dict[str, str]:
        found = read_test(self.settings, taxonomy_of(self.settings).ids)
        return {e.text: told(e.topics, e.unsaid) for e in found}

    def log(self) -> list[dict[str, Any]]:
        with open_store(self.settings.database) as store:
            assert store.verify().problem is None
            return list(store.export())

    def files(self) -> dict[str, bytes]:
        paths = [*self.labeled.rglob("*.jsonl"), self.labeled / "taxonomy.toml"]
        history = history_file(self.labeled)
        return {path.name: path.read_bytes() for path in paths if path != history}


def told(topics: Any, unsaid: Any) -> str:
    return " ".join(sorted(topics)) + (f" / {' '.join(sorted(unsaid))}" if unsaid else "")


@pytest.fixture
def small(tmp_path) -> Desk:
    return Desk(tmp_path / "small")


RIDGE, PORT, QUAY, BAKER = TRAIN


def test_a_renamed_topic_keeps_its_labels_decisions_and_test(small):
    small.decide("Troops crossed the river.", "war")
    found = small.change("rename", "war", new=["front"])
    assert small.ids == ["front", "floods", "talks"]
    assert small.learned()[RIDGE] == "front"
    assert small.learned()["Troops crossed the river."] == "front"
    assert small.test()["Guns fell silent on the ridge."] == "front"
    assert small.log()[0]["topics"] == ["war"]  # as it was given
    assert (found.labelled, found.decisions) == ({"train/train.jsonl": 2, "test.jsonl": 1}, 1)


def test_a_topic_of_that_name_which_comes_later_is_another_one(small):
    small.decide("Troops crossed the river.", "war")
    small.change("rename", "war", new=["front"])
    small.change("add", new=["war"])
    small.decide("A trade war began over steel.", "war")
    small.label("train/new.jsonl", {"Another trade war looms.": ["war"]})
    learned = small.learned()
    assert learned["Troops crossed the river."] == learned[RIDGE] == "front"
    assert learned["A trade war began over steel."] == learned["Another trade war looms."] == "war"
    small.change("rename", "war", new=["trade"])  # the later lines are known from now on
    assert small.learned()["Another trade war looms."] == "trade"
    assert small.learned()[RIDGE] == "front"


def test_a_decision_on_a_page_that_was_still_open_counts_for_the_topic_it_meant(small):
    small.change("rename", "war", new=["front"])
    small.decide("Troops crossed the river.", "war")  # the toggle that was on the screen
    assert small.learned()["Troops crossed the river."] == "front"


def test_what_was_split_is_no_example_of_the_parts_until_somebody_says(small):
    small.decide("Troops crossed the river.", "war", "talks")
    found = small.change("split", "war", new=["ground", "air"])
    learned = small.learned()
    assert learned[PORT] == learned["Troops crossed the river."] == "talks / air ground"
    assert learned[RIDGE] == " / air ground"
    assert learned[QUAY] == "floods"  # it was not war, so it is neither
    assert found.again == 4  # with the one of the test
    assert small.test() == {"The mediators left.": "talks"}
    small.decide(RIDGE, "ground", reason="again")
    small.decide("Guns fell silent on the ridge.", "ground", "floods", reason="again")
    assert small.learned()[RIDGE] == "ground"
    # only what was open is taken from the new answer: the frozen test is frozen
    assert small.test()["Guns fell silent on the ridge."] == "ground"


def test_a_line_that_is_labelled_anew_in_its_file_speaks_of_the_new_topics(small):
    small.change("split", "war", new=["war", "air"])
    assert small.learned()[RIDGE] == " / air war"
    path = small.labeled / "train" / "train.jsonl"
    written = path.read_text(encoding="utf-8").replace('["war"]', '["air"]')
    path.write_text(written, encoding="utf-8")
    assert small.learned()[RIDGE] == "air"


def test_merged_topics_are_one_and_a_retired_one_is_no_more(small):
    small.change("merge", "war", "talks", new=["conflict"], label="War and talks")
    assert small.learned()[PORT] == "conflict"
    assert small.ids == ["conflict", "floods"]
    small.change("retire", "floods")
    assert small.learned()[QUAY] == ""
    assert check_desk(small.settings).sound


def test_a_new_topic_leaves_old_texts_open_only_where_its_seeds_are_met(small):
    small.decide(DRONES, "floods")
    small.decide("A drone was on show at the fair.")
    found = small.change("add", new=["drones"], seeds=["drone*"])
    learned = small.learned()
    assert learned[RIDGE] == "war / drones"
    assert learned[DRONES] == "floods / drones"
    assert learned[QUAY] == "floods"
    assert found.again == 3
    small.decide("A drone was on show at the fair.")  # asked again: not a drone story
    assert small.learned()["A drone was on show at the fair."] == ""


def test_an_audit_answer_that_leaves_a_topic_open_measures_nothing_until_asked_again(small):
    small.decide("Troops crossed the river.", "war", "talks", reason="audit")
    small.change("split", "war", new=["ground", "air"])

    def audits():
        found = read_lessons(small.settings, taxonomy_of(small.settings).ids).audits
        return {e.text: told(e.topics, e.unsaid) for e in found}

    assert audits() == {}
    small.decide("Troops crossed the river.", "ground", reason="again")
    assert audits() == {"Troops crossed the river.": "ground talks"}


def test_what_is_taken_back_is_as_if_it_had_never_been(small):
    small.decide("Troops crossed the river.", "war")
    before, files = small.learned(), small.files()
    small.change("split", "war", new=["ground", "air"])
    small.change("retire", "floods")
    small.revert()
    small.revert()
    assert small.learned() == before
    assert small.files() == files
    with pytest.raises(InputError, match="no change to take back"):
        plan_revert(small.settings, now=small.now())


def test_what_was_said_in_between_is_kept_when_a_change_is_taken_back(small):
    small.change("split", "war", new=["ground", "air"])
    small.decide("Jets crossed the river.", "air")
    small.revert()
    assert small.learned()["Jets crossed the river."] == "war"
    small.change("retire", "floods")
    small.decide("The dam broke.")
    small.revert()
    assert small.learned()["The dam broke."] == " / floods"  # nobody was asked


def test_taking_back_keeps_what_was_edited_by_hand_since(small):
    small.change("rename", "war", new=["front"])
    path = small.labeled / "taxonomy.toml"
    edited = path.read_text(encoding="utf-8").replace(
        'id = "talks"', 'id = "talks"\ndefinition = "Envoys."'
    )
    path.write_text(edited + '\n[[topic]]\nid = "sport"\n', encoding="utf-8")
    small.revert()
    assert small.ids == ["war", "floods", "talks", "sport"]
    assert taxonomy_of(small.settings).topics[2].definition == "Envoys."
    assert "# for the coast desk" in path.read_text(encoding="utf-8")


def test_a_topic_that_vanished_by_hand_is_named_with_a_way_out_which_works(small):
    path = small.labeled / "taxonomy.toml"
    path.write_text(TAXONOMY.replace('"war"', '"front"'), encoding="utf-8")
    with pytest.raises(LabelsError, match="unknown topic war") as caught:
        small.learned()
    assert "tagger topics rename" in caught.value.cure
    small.change("rename", "war", new=["front"])
    assert small.learned()[RIDGE] == "front"
    assert "front" in path.read_text(encoding="utf-8")
    small.revert()
    with pytest.raises(LabelsError, match="unknown topic war"):
        small.learned()
    small.change("retire", "war")
    assert small.learned()[RIDGE] == ""


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        (Request("rename", ("sport",), ({"id": "games"},)), "Unknown topic: sport"),
        (Request("rename", ("war",), ({"id": "talks"},)), "topic talks already"),
        (Request("rename", ("war",), ({"id": "war"},)), "topic war already"),
        (Request("add", (), ({"id": "war"},)), "topic war already"),
        (Request("merge", ("war", "sport"), ({"id": "all"},)), "Unknown topic: sport"),
        (Request("merge", ("war",), ({"id": "all"},)), "two topics at least"),
        (Request("merge", ("war", "war"), ({"id": "all"},)), "named twice"),
        (Request("merge", ("war", "talks"), ({"id": "floods"},)), "topic floods already"),
        (Request("split", ("war",), ({"id": "air"},)), "two topics at least"),
        (Request("split", ("war",), ({"id": "air"}, {"id": "talks"})), "topic talks already"),
        (Request("add", (), ({"id": "a,b"},)), "cannot have the id 'a,b', which holds ','"),
        (Request("rename", ("war",), ({"id": "front "},)), "ends with a blank"),
        (
            Request("merge", ("war", "talks"), ({"id": "all\u202e"},)),
            "a character that nobody sees",
        ),
        (Request("split", ("war",), ({"id": "air"}, {"id": "none"})), "without a topic"),
        (Request("add", (), ({"id": "x", "seeds": ["*"]},)), "seeds is"),
        (Request("add", (), ({"id": "x", "key": "w"},)), "the key 'w'"),
    ],
)
def test_a_change_that_does_not_fit_is_refused_and_says_why(small, request_, words):
    with pytest.raises((InputError, TaxonomyError), match=words):
        plan(small.settings, request_, now=START)
    assert not history_file(small.labeled).exists()


def test_the_last_topic_cannot_be_retired(small):
    small.change("merge", "war", "floods", "talks", new=["all"])
    with pytest.raises(InputError, match="last topic"):
        small.change("retire", "all")


def test_a_plan_changes_nothing_and_an_old_plan_is_refused(small):
    before = small.files()
    old = plan(small.settings, Request("retire", ("war",)), now=START)
    assert small.files() == before
    assert not history_file(small.labeled).exists()
    small.change("rename", "talks", new=["peace"])
    with pytest.raises(InputError, match="changed since this plan"):
        apply(small.settings, old, by="ann", now=small.now())


def test_a_change_waits_for_a_retrain_which_would_end_with_a_model_of_before(small):
    found = plan(small.settings, Request("retire", ("war",)), now=START)
    with (
        retrain_turn(small.settings.models, by="bob", now=START),
        pytest.raises(ModelError),
    ):
        apply(small.settings, found, by="ann", now=START, patience=0.01)
    assert changes(small.settings) == ()


def test_a_change_that_was_written_down_but_not_made_does_not_count(small, monkeypatch):
    found = plan(small.settings, Request("rename", ("war",), ({"id": "front"},)), now=START)
    from tagger.keeping import taxonomy_history

    whole = taxonomy_history.write_beside

    def power_cut(target, **options):
        if target.name == "taxonomy.toml":
            raise OutputError("The power went.")
        return whole(target, **options)

    monkeypatch.setattr(taxonomy_history, "write_beside", power_cut)
    with pytest.raises(OutputError):
        apply(small.settings, found, by="ann", now=START)
    monkeypatch.undo()
    assert changes(small.settings) == ()
    assert small.learned()[RIDGE] == "war"
    small.change("rename", "war", new=["battle"])
    assert [c.new for c in changes(small.settings)] == [("battle",)]
    assert small.learned()[RIDGE] == "battle"


def test_a_history_that_was_altered_is_named(small):
    small.change("rename", "war", new=["front"])
    path = history_file(small.labeled)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(TaxonomyError, match="line 1 is not as it was written"):
        small.learned()


def test_the_history_says_who_changed_what_and_when(small):
    small.change("rename", "war", new=["front"])
    small.revert()
    made = changes(small.settings)
    assert [(c.number, c.kind, c.by, c.reverts) for c in made] == [
        (1, "rename", "ann", None),
        (2, "revert", "bob", 1),
    ]
    assert START < made[0].time < made[1].time
    assert read_history(small.labeled).standing == ()


# Any sequence of changes.


def some_request(draw: Callable[..., Any], ids: list[str], fresh: str) -> Request:
    """A change that fits the topics there are."""
    kinds = ["add", "rename", "split"] + (["merge", "retire"] if len(ids) > 1 else [])
    kind = draw(st.sampled_from(kinds))
    new: list[dict[str, Any]] = [{"id": fresh}]
    if kind == "add":
        return Request("add", (), ({"id": fresh, "seeds": draw(st.sampled_from(SEEDS))},))
    if kind == "merge":
        old = draw(st.lists(st.sampled_from(ids), min_size=2, max_size=3, unique=True))
        return Request("merge", tuple(old), ({"id": draw(st.sampled_from([fresh, old[0]]))},))
    one = draw(st.sampled_from(ids))
    if kind == "split":
        new.append({"id": draw(st.sampled_from([f"{fresh}_b", one]))})
    return Request(kind, (one,), tuple(new) if kind != "retire" else ())


SEEDS = [[], ["drone*"], ["ridge", "river"]]
# Old ids come back as other topics: time has to tell them apart.
NAMES = st.sampled_from(["war", "floods", "talks", "air", "sea"])


@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_any_changes_taken_back_restore_every_byte_and_every_reading(tmp_path_factory, data):
    small = Desk(tmp_path_factory.mktemp("any") / "desk")
    small.decide(DRONES, "floods")
    small.decide("Troops crossed the river.", "war", "talks", reason="audit")
    files, learned, test, log = small.files(), small.learned(), small.test(), small.log()
    for number in range(data.draw(st.integers(1, 5))):
        if changes(small.settings) and data.draw(st.booleans()):
            if read_history(small.labeled).standing:
                small.revert()
            continue
        fresh = data.draw(NAMES)
        fresh = f"new_{number}" if fresh in small.ids else fresh
        request = some_request(data.draw, small.ids, fresh)
        apply(
            small.settings,
            plan(small.settings, request, now=small.now()),
            by="ann",
            now=small.now(),
        )
        said = data.draw(st.lists(st.sampled_from(small.ids), unique=True))
        small.decide(f"Said under change {number}: a drone.", *said)
        assert set(taxonomy_of(small.settings).ids) >= open_and_given(small)
    while read_history(small.labeled).standing:
        small.revert()
    assert small.files() == files
    assert {text: said for text, said in small.learned().items() if text in learned} == learned
    assert small.test() == test
    assert small.log()[: len(log)] == log
    assert len(small.log()) == len(read_decisions(small.settings).rows)


def open_and_given(small: Desk) -> set[str]:
    lessons = read_lessons(small.settings, taxonomy_of(small.settings).ids)
    assert "unknown topic" not in lessons.left_out.values()
    return {topic for e in lessons.examples for topic in e.topics | e.unsaid}
