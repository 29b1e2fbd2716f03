"""What the topics mean, and how they are changed in the app."""

import pytest

from tagger.desk.models import taxonomy_of


def test_topics_show_what_they_mean_and_what_they_are_not(visit, home):
    first = (
        '[[topic]]\nid = "talks"\nlabel = "<b>Talks"\ndefinition = "x < y"\nnot = "z & q"\n'
        'key = "t"\ncolour = "#123456"\nseeds = ["<truce>", "pause*"]\n'
    )
    (home.labeled / "taxonomy.toml").write_text(first, encoding="utf-8")
    page = visit(home, "topics")
    assert "1 topic, from" in page.words
    assert "&lt;b&gt;Talks" in page.words
    assert "<b>Not:</b> z &amp; q" in page.words
    assert "<kbd>t</kbd>" in page.words
    assert "#123456" in page.words
    assert "&lt;truce&gt;, pause*" in page.words


@pytest.fixture
def topics(visit, home):
    """The page, with a way to fill in its form: ``fill("rename", old="talks", id="peace")``."""
    page = visit(home, "topics")

    def fill(kind, **fields):
        page.app.get("button_group")[0].set_value(kind).run()
        for name, value in fields.items():
            field = next(w for w in widgets(page) if w.key == f"topics-{name}")
            field.set_value(value)
        page.click("Show the plan")
        return page

    page.fill = fill
    return page


def widgets(page):
    return [*page.text_input, *page.text_area, *page.selectbox, *page.multiselect]


def said(page):
    """The plan's table in words."""
    return page.table[0].value.to_string() if page.table else ""


def test_a_change_is_planned_applied_and_taken_back(topics, home):
    before = (home.labeled / "taxonomy.toml").read_bytes()
    page = topics.fill("rename", old="floods", id="high_water", label="High water")
    assert "rename floods to high" in said(page)
    assert "train/sentences.jsonl" in said(page).replace("\\", "")
    assert '+id = "high_water"' in page.code[0].value
    assert taxonomy_of(home).ids == ("talks", "energy", "floods")  # only planned
    page.click("Apply")
    assert taxonomy_of(home).ids == ("talks", "energy", "high_water")
    assert "Change 1 is made" in page.words
    assert "tagger retrain" in page.words
    assert "High water" in page.words
    page.click("Take back: rename floods to high")
    assert "take back change 1" in said(page)
    page.click("Apply")
    assert (home.labeled / "taxonomy.toml").read_bytes() == before
    assert [row["who"] for row in page.dataframe[0].value.to_dict("records")] == ["Ines", "Ines"]


def test_a_plan_can_be_left(topics, home):
    page = topics.fill("retire", old="talks")
    page.click("Leave it")
    assert not page.table
    assert taxonomy_of(home).ids == ("talks", "energy", "floods")


def test_a_topic_is_added_with_phrases(topics, home):
    page = topics.fill("add", id="drones", label="Drones", seeds="Shahed\ndrone strike*\n")
    page.click("Apply")
    assert taxonomy_of(home).topics[-1].seeds == ("Shahed", "drone strike*")
    assert taxonomy_of(home).topics[-1].label == "Drones"


def test_topics_are_merged_and_split(topics, home):
    topics.fill("merge", old=["talks", "floods"], id="talks").click("Apply")
    assert taxonomy_of(home).ids == ("talks", "energy")
    topics.fill("split", old="energy", parts="oil, gas").click("Apply")
    assert taxonomy_of(home).ids == ("talks", "oil", "gas")


def test_what_does_not_fit_is_told_and_nothing_is_changed(topics, home):
    page = topics.fill("rename", old="floods", id="talks")
    assert "There is a topic talks already" in page.words
    assert taxonomy_of(home).ids == ("talks", "energy", "floods")
