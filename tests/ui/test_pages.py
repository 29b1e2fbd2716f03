"""Every page says what is there, what happened and what to do next; none falls over."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from itertools import islice, product

import pytest

from tagger.desk.retrain import retrain
from tagger.keeping import labeled
from tagger.records import LabeledExample
from tagger.settings import Settings
from tagger.taxonomy import make_taxonomy, write_taxonomy

PAGES = ["desk", "article", "batch", "audit", "model", "coverage", "topics", "log"]
WITH_A_STORE = ["desk", "batch", "audit", "coverage", "log"]


def change(settings, *statements):
    with closing(sqlite3.connect(settings.database)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("desk", "left of 32"),
        ("article", "Tag it"),
        ("batch", "Accept"),
        ("audit", "the suggestion covered"),
        ("model", "Measured on the frozen test: 13 paragraphs"),
        ("coverage", "0 paragraphs count as editors decided them, 32 as the model suggests"),
        ("topics", "3 topics"),
        ("log", "Nobody has decided anything yet."),
    ],
)
def test_a_page_of_a_working_desk_shows_its_work(visit, queued, name, says):
    page = visit(queued, name)
    assert not page.exception
    assert not page.error
    assert says in page.words


@pytest.mark.parametrize("name", PAGES)
def test_no_page_falls_over_without_a_model(visit, desk, name):
    page = visit(desk, name)
    assert not page.exception
    assert not page.error


@pytest.mark.parametrize("name", ["desk", "article", "batch", "audit", "model"])
def test_without_a_model_a_page_says_how_to_train_one(visit, desk, name):
    page = visit(desk, name)
    assert "No model has been trained yet" in page.words
    assert "tagger retrain" in page.words


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("desk", "The queue is empty. Paste or upload a story on the **Article** page"),
        ("batch", "No confident suggestions wait."),
        ("audit", "The queue is empty."),
        ("coverage", "queue stories on the **Article** page"),
        ("log", "Nobody has decided anything yet."),
    ],
)
def test_without_a_queue_a_page_says_where_work_comes_from(visit, home, name, says):
    page = visit(home, name)
    assert not page.exception
    assert says in page.words


@pytest.mark.parametrize("name", WITH_A_STORE)
def test_a_database_of_a_newer_tagger_is_named_and_left_alone(visit, queued, name):
    change(queued, "INSERT INTO tagger_schema VALUES (99, 'something new', '')")
    page = visit(queued, name)
    assert not page.exception
    assert "its tables are version 99" in page.words
    assert "Update this tagger" in page.words


@pytest.mark.parametrize("name", WITH_A_STORE)
def test_a_locked_database_is_named_and_says_to_try_again(visit, queued, name):
    with closing(sqlite3.connect(queued.database)) as other:
        other.execute("PRAGMA journal_mode=DELETE")
        other.execute("BEGIN EXCLUSIVE")
        page = visit(queued, name)
    assert not page.exception
    assert "is busy" in page.words
    assert "Try again" in page.words


@pytest.mark.parametrize("name", ["desk", "article", "batch", "audit", "model"])
def test_a_model_of_other_topics_is_named_with_what_it_lacks(visit, queued, name):
    taxonomy = [{"id": "talks"}, {"id": "energy"}, {"id": "strikes"}]
    path = queued.labeled / "taxonomy.toml"
    path.write_text(write_taxonomy(make_taxonomy(taxonomy)), encoding="utf-8")
    page = visit(queued, name)
    assert not page.exception
    assert "was trained for other topics: it knows floods; it does not know strikes" in page.words
    assert "tagger retrain" in page.words


def test_the_versions_are_listed_although_the_model_cannot_serve(visit, home):
    (home.models / "current").write_text("20990101-000000-abcdef12", encoding="utf-8")
    page = visit(home, "model")
    assert not page.exception
    assert page.error
    assert len(page.dataframe[0].value) == 1


@pytest.mark.parametrize("name", PAGES)
def test_a_broken_list_of_topics_is_named_with_its_line(visit, queued, name):
    path = queued.labeled / "taxonomy.toml"
    path.write_text("[[topic]\nid = 1", encoding="utf-8")
    page = visit(queued, name)
    assert not page.exception
    if name != "log":  # an empty log has no topic to name
        assert "taxonomy.toml is no valid TOML" in page.words


@pytest.fixture(scope="session")
def desk_of_90_topics(tmp_path_factory, queue):
    """A desk with 90 topics of eight invented words each, two paragraphs a topic."""
    invented = map(
        "".join, product(["ba", "ko", "li", "mu", "ne", "ra", "so", "ti", "vu"], repeat=3)
    )
    taxonomy = make_taxonomy([{"id": f"topic {number}"} for number in range(1, 91)])
    texts = [(" ".join(islice(invented, 8)), topic) for topic in taxonomy.ids]
    labelled = [
        LabeledExample(f"{begin} {text}.", frozenset({topic}))
        for text, topic in texts
        for begin in ("Today", "Yesterday")
    ]
    settings = Settings(tmp_path_factory.mktemp("many") / "desk")
    labeled.write_examples(settings.labeled / "train" / "train.jsonl", labelled)
    (settings.labeled / "taxonomy.toml").write_text(write_taxonomy(taxonomy), encoding="utf-8")
    retrain(settings, by="tests", now=datetime(2026, 11, 22, tzinfo=UTC))
    queue(settings, [f"Tomorrow {text}." for text, _ in texts])
    return settings


@pytest.mark.parametrize("name", PAGES)
def test_a_desk_of_ninety_topics_has_every_page(visit, desk_of_90_topics, name):
    page = visit(desk_of_90_topics, name, article="1")
    assert not page.exception
    assert not page.error


def test_the_likeliest_of_ninety_topics_have_buttons_and_the_others_a_list(
    visit, desk_of_90_topics, rows
):
    page = visit(desk_of_90_topics, "desk", editor="Oleh")
    before = list(page.toggles)
    assert len(before) == 9
    assert page.selectbox[0].label == "All 90 topics"
    toggled = {label.split(" · ")[0] for label in before}
    wanted = next(topic for topic in page.selectbox[0].options if topic not in toggled)
    page.selectbox[0].select(wanted).run()
    assert list(page.toggles)[:9] == before
    assert list(page.toggles)[9].startswith(wanted)
    page.press("Accept")
    assert wanted in rows(desk_of_90_topics)[-1].topics
