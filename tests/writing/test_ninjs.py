"""An article as a ninjs 3.1 item: what the standard has room for, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tagger.records import Paragraph, ParagraphId, Prediction, TopicId, Version
from tagger.taxonomy import make_taxonomy
from tagger.writing.ninjs import ninjs_item

TALKS, DRONES = TopicId("talks"), TopicId("drones")
# What the schema of ninjs 3.1 allows in a subject; it refuses any other property.
ALLOWED = {"name", "rel", "uri", "literal", "creator", "relevance", "confidence"}
TAXONOMY = make_taxonomy(
    [
        {"id": "talks", "label": "Peace talks", "iptc": ["medtop:20000076", "medtop:20000639"]},
        {"id": "drones", "label": "Drones"},
    ]
)


def prediction(index: int, *topics: TopicId, **more: object) -> Prediction:
    paragraph = Paragraph(ParagraphId(f"{index}"), f"Text {index}.", "story", index)
    made = Prediction(paragraph, topics, {TALKS: 0.91}, Version("v"))
    return replace(made, **more)  # type: ignore[arg-type]  # fields of a Prediction


def caption(index: int) -> Prediction:
    made = prediction(index)
    return replace(made, paragraph=replace(made.paragraph, furniture="caption"))


@pytest.fixture
def story() -> list[Prediction]:
    return [
        prediction(0, TALKS, decision="auto"),
        caption(1),
        prediction(2, decision="none"),
        prediction(3, decision="ask", rules={DRONES: "drone*"}),
        prediction(4, TALKS, decision="ask", rules={DRONES: "drone*"}),
    ]


TAGS = [("talks", 0.5, 0.91, False)]


def test_a_subject_has_only_properties_that_the_standard_knows(story):
    item = ninjs_item(story, TAGS, TAXONOMY, title="River talks")
    assert set(item) == {"uri", "type", "bodies", "subjects", "headlines", "edNote"}
    assert all(set(subject) <= ALLOWED for subject in item["subjects"])
    assert all(
        isinstance(subject[name], int) and 0 <= subject[name] <= 100
        for subject in item["subjects"]
        for name in {"relevance", "confidence"} & set(subject)
    )


def test_a_topic_has_a_subject_for_each_of_its_media_topics(story):
    codes = [s["uri"] for s in ninjs_item(story, TAGS, TAXONOMY)["subjects"] if "uri" in s]
    assert codes == [
        "http://cv.iptc.org/newscodes/mediatopic/20000076",
        "http://cv.iptc.org/newscodes/mediatopic/20000639",
    ]


def test_a_subject_tells_an_editor_s_word_from_a_model_s_and_both_from_a_rule_s(story):
    by_editor = [("talks", 0.5, 1.0, True)]
    for tags, creator in ((TAGS, "newsroom-tagger"), (by_editor, "editor")):
        *given, ruled = ninjs_item(story, tags, TAXONOMY)["subjects"]
        assert {subject["creator"] for subject in given} == {creator}
        assert ruled == {
            "name": "Drones",
            "rel": "about",
            "creator": "newsroom-tagger rule",
            "relevance": 50,
            "literal": "drones",
        }


def test_a_topic_that_an_editor_gave_too_is_the_editor_s(story):
    tags = [("drones", 0.25, 1.0, True)]
    (subject,) = ninjs_item(story, tags, TAXONOMY)["subjects"]
    assert (subject["creator"], subject["relevance"], subject["confidence"]) == ("editor", 25, 100)


def test_the_note_for_the_staff_tells_what_is_known_of_single_paragraphs(story):
    item = ninjs_item(story, TAGS, TAXONOMY)
    assert item["edNote"] == (
        "Tagged without an editor: paragraph 1. "
        "Given none of the topics without an editor: paragraph 2. "
        "To be looked at by an editor: paragraphs 3, 4. "
        "Drones by rule (drone*): paragraphs 3, 4."
    )
    paragraphs = item["bodies"][0]["value"].split("\n\n")
    assert (paragraphs[0], paragraphs[3]) == ("Text 0.", "Text 4.")


def test_without_aims_and_rules_there_is_no_note():
    item = ninjs_item([prediction(0, TALKS)], TAGS, TAXONOMY)
    assert "edNote" not in item
    assert len(item["subjects"]) == 2
