from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tagger.errors import TaxonomyError
from tagger.learning.training import train
from tagger.records import LabeledExample, TopicId
from tagger.taxonomy import PALETTE, id_problem, make_taxonomy, read_taxonomy, write_taxonomy

if TYPE_CHECKING:
    from tagger.settings import Settings
    from tagger.taxonomy import Taxonomy


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "taxonomy.toml"


def write(file: Path, text: str) -> Path:
    file.write_text(text, encoding="utf-8")
    return file


FULL = """
[[topic]]
id = "talks"
label = "Peace talks"
definition = "Negotiations."
not = "Routine diplomacy."
iptc = ["medtop:20000076"]
iptc_near = ["medtop:20000075", "medtop:20000074"]
key = "t"
colour = "#0072b2"

[[topic]]
id = "new_floods"
"""


def test_a_topic_has_all_that_the_file_says(file: Path) -> None:
    talks = read_taxonomy(write(file, FULL)).topics[0]
    assert (talks.id, talks.label, talks.key, talks.colour) == (
        "talks",
        "Peace talks",
        "t",
        "#0072b2",
    )
    assert (talks.definition, talks.not_) == ("Negotiations.", "Routine diplomacy.")
    assert (talks.iptc, talks.iptc_near) == (
        ("medtop:20000076",),
        ("medtop:20000075", "medtop:20000074"),
    )


def test_a_topic_of_an_id_alone_gets_a_label_a_key_and_a_colour(file: Path) -> None:
    floods = read_taxonomy(write(file, FULL)).topics[1]
    assert (floods.label, floods.key, floods.colour) == ("new floods", "2", PALETTE[1])


def test_topics_keep_the_order_of_the_file(file: Path) -> None:
    taxonomy = read_taxonomy(write(file, FULL))
    assert taxonomy.ids == ("talks", "new_floods")
    assert [topic.id for topic in taxonomy] == list(taxonomy.ids)
    assert len(taxonomy) == 2
    assert "talks" in taxonomy
    assert "sport" not in taxonomy


def test_an_unknown_topic_is_shown_by_its_id(file: Path) -> None:
    taxonomy = read_taxonomy(write(file, FULL))
    assert (taxonomy.label("talks"), taxonomy.label("retired")) == ("Peace talks", "retired")


def test_keys_end_at_nine_and_colours_begin_again() -> None:
    topics = make_taxonomy([{"id": f"t{n}"} for n in range(1, 12)]).topics
    assert [topic.key for topic in topics] == [*"123456789", "", ""]
    assert topics[len(PALETTE)].colour == PALETTE[0]


def test_the_digest_is_bound_to_the_ids_alone(file: Path) -> None:
    taxonomy = read_taxonomy(write(file, FULL))
    reworded = make_taxonomy([{"id": "new_floods", "label": "Water"}, {"id": "talks", "key": "x"}])
    other = make_taxonomy([{"id": "talks"}, {"id": "floods"}])
    assert taxonomy.digest == reworded.digest != other.digest


def test_the_topics_this_desk_starts_with_are_valid() -> None:
    taxonomy = read_taxonomy(Path(__file__).parents[1] / "labeled" / "taxonomy.toml")
    assert all(topic.definition and topic.not_ and topic.iptc for topic in taxonomy)
    assert all(re.fullmatch(r"medtop:\d{8}", c) for t in taxonomy for c in (*t.iptc, *t.iptc_near))


@pytest.mark.parametrize("text", ["", "# no topic yet", 'title = "x"', "topic = []"])
def test_a_file_without_a_topic_is_refused(file: Path, text: str) -> None:
    with pytest.raises(TaxonomyError, match=r"taxonomy\.toml names no topic") as caught:
        read_taxonomy(write(file, text))
    assert "[[topic]]" in caught.value.cure


@pytest.mark.parametrize("text", ["[[topic\n", 'id = "a\n', "a = 1\na = 2\n", "key: value"])
def test_a_file_that_is_no_toml_is_refused_with_the_line(file: Path, text: str) -> None:
    with pytest.raises(TaxonomyError, match=r"taxonomy\.toml is no valid TOML: .*line"):
        read_taxonomy(write(file, text))


def test_a_file_that_is_not_utf_8_is_refused(file: Path) -> None:
    file.write_bytes('[[topic]]\nid = "überflutung"'.encode("cp1252"))
    with pytest.raises(TaxonomyError, match="is no valid TOML"):
        read_taxonomy(file)


def test_a_byte_order_mark_does_no_harm(file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbf" + FULL.encode())
    assert read_taxonomy(file).ids == ("talks", "new_floods")


def test_a_missing_file_is_named_with_the_way_to_make_one(file: Path) -> None:
    with pytest.raises(TaxonomyError, match=r"taxonomy\.toml is missing") as caught:
        read_taxonomy(file)
    assert "tagger init" in caught.value.cure


def test_a_folder_in_its_place_is_refused(file: Path) -> None:
    file.mkdir()
    with pytest.raises(TaxonomyError, match=r"taxonomy\.toml could not be read"):
        read_taxonomy(file)


BAD: dict[str, tuple[Any, str]] = {
    "no id": ({}, "has the id ''"),
    "an empty id": ({"id": ""}, "has the id ''"),
    "the id none": ({"id": "none"}, "has the id 'none'"),
    "a comma": ({"id": "a,b"}, "has the id 'a,b'"),
    "a semicolon": ({"id": "a;b"}, "has the id"),
    "a bar": ({"id": "a|b"}, "has the id"),
    "a line break": ({"id": "a\nb"}, "has the id"),
    "a blank at the end": ({"id": "a "}, "has the id"),
    "a blank at the beginning": ({"id": "\u00a0a"}, "has the id"),
    "a no-break space inside": ({"id": "real\u00a0estate"}, "a character that nobody sees"),
    "a mark that turns the direction": ({"id": "a\u202eb"}, "a character that nobody sees"),
    "a control character": ({"id": "a\x85b"}, "a character that nobody sees"),
    "half a surrogate pair": ({"id": "a\ud83d"}, "a character that nobody sees"),
    "an endless id": ({"id": "a" * 65}, "has the id"),
    "a number as id": ({"id": 7}, "id is 7"),
    "an unknown field": ({"id": "a", "color": "#000000"}, "unknown fields: color"),
    "a list as label": ({"id": "a", "label": ["x"]}, r"label is \['x'\]"),
    "a number as key": ({"id": "a", "key": 1}, "key is 1"),
    "a text as iptc": ({"id": "a", "iptc": "medtop:1"}, "iptc is 'medtop:1'"),
    "a number in iptc_near": ({"id": "a", "iptc_near": [7]}, r"iptc_near is \[7\]"),
    "a colour by name": ({"id": "a", "colour": "red"}, "colour is 'red'"),
    "a text": ("a", r"is no \[\[topic\]\] table"),
}


@pytest.mark.parametrize(("table", "message"), BAD.values(), ids=BAD)
def test_an_invalid_topic_is_refused_by_its_number(table: Any, message: str) -> None:
    with pytest.raises(TaxonomyError, match=f"taxonomy, topic 2.*{message}") as caught:
        make_taxonomy([{"id": "good"}, table])
    assert caught.value.cure


@pytest.mark.parametrize(
    "name", ["real estate", "politics/eu", "café-crème", "n°1 (local)", "می\u200cخواهم", "None?"]
)
def test_an_id_may_be_any_words_that_people_have_in_their_own_labels(name: str) -> None:
    assert make_taxonomy([{"id": name}]).ids == (name,)


def test_an_unknown_field_is_answered_with_the_known_ones() -> None:
    with pytest.raises(TaxonomyError) as caught:
        make_taxonomy([{"id": "a", "color": "#000000"}])
    assert "colour" in caught.value.cure


@pytest.mark.parametrize("field", ["id", "key"])
def test_no_two_topics_share_an_id_or_a_key(field: str) -> None:
    tables = [{"id": "a", "key": "x"}, {"id": "b", "key": "y"}, {"id": "c", "key": "z"}]
    tables[2][field] = tables[0][field]
    value = tables[0][field]
    with pytest.raises(TaxonomyError, match=f"gives the {field} '{value}' to 2 topics"):
        make_taxonomy(tables)


@pytest.mark.parametrize("tables", [[], (), {}, "topic", 7, None])
def test_what_is_no_list_of_topics_is_refused(tables: Any) -> None:
    with pytest.raises(TaxonomyError):
        make_taxonomy(tables)


IDS = st.text(
    st.characters(exclude_categories=["C", "Z"]) | st.sampled_from(" _/'\"\\.\u200c"), max_size=64
).filter(lambda name: not id_problem(name))
# TOML holds every character but half a surrogate pair.
TEXTS = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from("\"\\\x7f\x85\u2028\r\n\t'#")
)
CODES = st.lists(TEXTS, max_size=3)
TOPICS = st.fixed_dictionaries(
    {"id": IDS},
    optional={
        "label": TEXTS,
        "definition": TEXTS,
        "not": TEXTS,
        "iptc": CODES,
        "iptc_near": CODES,
        "colour": st.from_regex(r"#[0-9a-f]{6}", fullmatch=True),
    },
)


@given(st.lists(TOPICS, min_size=1, max_size=12, unique_by=lambda topic: topic["id"]))
@example([{"id": "a", "label": 'quote " backslash \\ delete \x7f next\u2028line\r\n'}])
def test_a_written_taxonomy_reads_back_the_same(
    tmp_path_factory: pytest.TempPathFactory, tables: list[dict[str, Any]]
) -> None:
    taxonomy = make_taxonomy(tables)
    file = tmp_path_factory.mktemp("desk") / "taxonomy.toml"
    file.write_text(write_taxonomy(taxonomy), encoding="utf-8")
    assert read_taxonomy(file) == taxonomy


def test_a_written_taxonomy_leaves_out_what_is_not_set(taxonomy: Taxonomy) -> None:
    tables = tomllib.loads(write_taxonomy(taxonomy))["topic"]
    assert set(tables[0]) == {"id", "label", "key", "colour"}


def test_a_fifth_topic_needs_no_code(
    desk: Settings, examples: list[LabeledExample], taxonomy: Taxonomy
) -> None:
    file = desk.labeled / "taxonomy.toml"
    with file.open("a", encoding="utf-8") as text:
        text.write('\n[[topic]]\nid = "bees"\n\n[[topic]]\nid = "school choirs"\n')
    bees = frozenset([TopicId("bees")])
    about_bees = [
        LabeledExample("Beekeepers counted dead bees in their hives.", bees),
        LabeledExample("The beekeepers' hives were empty in spring, the bees gone.", bees),
        LabeledExample("Bees fly to the lime trees near the hives.", bees),
    ]
    topics = read_taxonomy(file).ids
    assert topics == (*taxonomy.ids, "bees", "school choirs")
    training = train([*examples, *about_bees], topics)
    assert training.untrained == {"school choirs": 0}
    choices = training.model.chosen(
        training.model.probabilities(["Beekeepers lost bees and hives."])
    )
    assert choices == [("bees",)]


def test_a_key_that_was_chosen_is_not_given_to_another_topic_as_well() -> None:
    chosen = make_taxonomy([{"id": "talks", "key": "2"}, {"id": "energy"}, {"id": "floods"}])
    assert [topic.key for topic in chosen] == ["2", "1", "3"]
