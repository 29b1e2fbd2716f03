"""taxonomy.toml edited without losing what a person wrote into it."""

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tagger.errors import TaxonomyError
from tagger.keeping.taxonomy_text import edit, parse
from tagger.taxonomy import Taxonomy, make_taxonomy, make_topic, write_taxonomy

FILE = '''# Our topics.
# Ask Ines before you change one.

# the big one
[[topic]]
id = "talks"  # since 2022
label   =   "Peace talks"
definition = """
Negotiations."""

[[topic]]
id = 'energy'
iptc = ["medtop:1",
        "medtop:2"]

# only in spring
[[topic]]
id = "floods"

[notes]
kept = true
'''


def without(text, topic):
    return Taxonomy(tuple(t for t in parse(text) if t.id != topic))


def changed(text, topic, **fields):
    return Taxonomy(tuple(replace(t, **fields) if t.id == topic else t for t in parse(text)))


def test_a_new_id_changes_one_value_and_keeps_its_comment():
    edited = edit(FILE, changed(FILE, "talks", id="peace"), {"peace": "talks"})
    assert edited == FILE.replace('id = "talks"', 'id = "peace"')


def test_a_table_goes_with_its_comment_and_the_others_keep_their_keys():
    edited = edit(FILE, without(FILE, "energy"), {})
    assert [t.key for t in parse(edited)] == ["1", "3"]
    assert parse(edited).colour("floods") == parse(FILE).colour("floods")
    assert "# Ask Ines" in edited
    assert "# only in spring" in edited
    assert "only in spring" not in edit(FILE, without(FILE, "floods"), {})


def test_a_new_table_comes_after_the_others_and_before_what_is_no_topic():
    new = make_topic({"id": "drones", "key": "7", "colour": "#123456", "seeds": ["Shahed"]})
    edited = edit(FILE, Taxonomy((*parse(FILE), new)), {})
    assert edited.index("floods") < edited.index("drones") < edited.index("[notes]")
    assert edited.startswith(FILE[: FILE.index("[notes]")].rstrip("\n"))


def test_line_ends_of_another_system_stay():
    text = FILE.replace("\n", "\r\n")
    edited = edit(text, without(text, "energy"), {})
    assert edited.count("\r\n") == edited.count("\n")


@pytest.mark.parametrize(
    "text",
    [
        'topic = [{id = "a"}, {id = "b"}]\n',
        '[[topic]]\nid = """a"""\n[[topic]]\n"id" = "b"\n',
        '[[topic]]\nid = "a"\ndefinition = """\n[[topic]]\n"""\n[[topic]]\nid = "b"\n',
    ],
)
def test_a_layout_that_cannot_be_edited_is_written_anew(text):
    goal = parse(write_taxonomy(changed(text, "a", id="c", label="c")))
    assert parse(edit(text, goal, {"c": "a"})) == goal


def test_a_text_that_is_no_toml_is_named():
    with pytest.raises(TaxonomyError, match="no valid TOML"):
        parse("[[topic")


FIELDS = st.fixed_dictionaries(
    {"definition": st.text(max_size=12), "label": st.text(max_size=6)},
    optional={"seeds": st.just(["drone*"]), "iptc": st.lists(st.text(max_size=5), max_size=2)},
)
TABLES = st.dictionaries(st.sampled_from("abcdef"), FIELDS, min_size=1)


def taxonomy(tables):
    return make_taxonomy([{"id": id_, **fields} for id_, fields in tables.items()])


@given(TABLES, TABLES)
@example(
    {"a": {"definition": "", "label": "", "iptc": ["]"]}}, {"a": {"definition": "", "label": ""}}
)
def test_any_taxonomy_can_be_edited_into_any_other(before, after):
    text = "# head\n\n" + write_taxonomy(taxonomy(before))
    goal = parse(write_taxonomy(taxonomy(after)))
    edited = edit(text, goal, {})
    assert parse(edited) == goal
    assert edited.startswith("# head\n")
