"""What strangers wrote is shown as it is: nothing in it is markup, wherever it appears."""

import re
import unicodedata
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.learning.explanation import Explanation, Word
from tagger.records import TopicId
from tagger.taxonomy import make_taxonomy
from tagger.ui import paint

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</p></div><h1>Big</h1>",
    "\"quoted\" and 'quoted' & done",
    "&lt;already escaped&gt;",
    "a *bold* _word_ and `code` and $x^2$ and :smile: and [link](http://x.example)",
    "\u202eright to left\u202c and \u2067isolated\u2069",
    "Мир, свет и газ",
    "שלום עולם",
]


class Reader(HTMLParser):
    """Reads HTML as a browser does: tags with their attributes, and the text between them."""

    def __init__(self, written):
        super().__init__(convert_charrefs=True)
        self.tags, self.attributes, self.text = [], [], ""
        self.feed(written)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes.append(dict(attrs))

    def handle_data(self, data):
        self.text += data


def word(text, start, contribution):
    return Word(text, start, start + len(text), contribution)


@pytest.fixture
def topics():
    return make_taxonomy(
        [{"id": "talks", "label": "Peace <talks>", "colour": "#112233"}, {"id": "energy"}]
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_a_paragraph_is_shown_as_it_was_written(text):
    read = Reader(paint.text_block(text))
    assert read.tags == ["p"]
    assert read.text == text


@given(st.text(alphabet=st.characters(exclude_characters="\r", exclude_categories=["Cs"])))
def test_no_text_becomes_markup(text):
    read = Reader(paint.text_block(text))
    assert read.tags == ["p"]
    assert read.text.replace("\0", "") == text.replace("\0", "")


def test_a_paragraph_tells_its_own_direction():
    assert 'dir="auto"' in paint.text_block("שלום")


def test_marks_stand_around_their_words_and_name_weight_and_topic():
    text = "Envoys met in Geneva"
    written = paint.marked(text, [(word("Geneva", 14, 1.4), "Talks", "#112233")])
    assert written.startswith("Envoys met in <mark ")
    assert written.endswith(">Geneva</mark>")
    assert Reader(written).attributes == [
        {"class": "for", "style": "--c:#112233", "title": "+1.40 Talks"}
    ]


def test_a_word_that_speaks_against_looks_different():
    written = paint.marked("No gas", [(word("gas", 3, -0.5), "Talks", "#112233")])
    assert Reader(written).attributes[0]["class"] == "against"
    assert Reader(written).attributes[0]["title"] == "-0.50 Talks"


def test_marks_come_in_any_order_and_never_overlap():
    text = "gas talks <b> gas"
    marks = [
        (word("gas", 14, 0.3), "Energy", "#000000"),
        (word("talks", 4, 0.9), "Talks", "#111111"),
        (word("talks <b>", 4, 0.2), "Energy", "#000000"),
    ]
    read = Reader(paint.marked(text, marks))
    assert read.tags == ["mark", "mark"]
    assert read.text == text


def test_a_hostile_label_stays_inside_the_title(topics):
    written = paint.marked("gas", [(word("gas", 0, 1.0), '"><script>x</script>', "#000000")])
    read = Reader(written)
    assert read.tags == ["mark"]
    assert read.attributes[0]["title"] == '+1.00 "><script>x</script>'


def explanation(topic, *words):
    return Explanation(TopicId(topic), 0.8, 0.5, 1.0, 0.0, 0.0, tuple(words), ())


def test_only_the_five_loudest_words_are_marked_and_whispers_are_not(topics):
    loud = [word(f"w{n}", 3 * n, 0.1 * n) for n in range(1, 9)]
    found = paint.strongest_marks([explanation("talks", *loud)], topics)
    assert [mark[0].text for mark in found] == ["w8", "w7", "w6", "w5", "w4"]
    assert {mark[1:] for mark in found} == {("Peace <talks>", "#112233")}
    assert paint.strongest_marks([explanation("talks", word("a", 0, 0.01))], topics) == []


def test_chips_name_topics_with_their_probability(topics):
    read = Reader(paint.chips([TopicId("talks")], topics, {TopicId("talks"): 0.873}))
    assert read.text == "Peace <talks> 87%"


def test_no_topic_is_a_chip_too(topics):
    assert Reader(paint.chips((), topics)).text == "None of them"
    scores = {TopicId("talks"): 0.2, TopicId("energy"): 0.1}
    assert Reader(paint.chips((), topics, scores)).text == "None of them 80%"


def test_reasons_say_what_speaks_for_and_against(topics):
    told = explanation("talks", word("truce", 0, 1.25), word("gas", 6, -0.5), word("a", 10, 0.01))
    text = Reader(paint.reasons(told, topics)).text
    assert "Peace <talks> 80%, given (from 50% on)" in text
    assert "for: truce +1.25" in text
    assert "against: gas -0.50" in text


def test_reasons_without_a_word_say_so(topics):
    assert Reader(paint.reasons(explanation("talks"), topics)).text.count("nothing") == 2


def test_what_stands_over_a_paragraph_is_escaped_and_counts_copies():
    read = Reader(paint.about("<b>Headline", 6, "A *sample*."))
    assert read.text == "<b>Headline · +6 copiesA *sample*."
    assert "+1 copy" in Reader(paint.about("x", 1, "")).text
    assert Reader(paint.about("x", 0, "")).text == "x"


def test_a_definition_is_escaped_and_says_what_the_topic_is_not():
    topic = make_taxonomy([{"id": "a", "label": "<A>", "definition": "x < y", "not": "<i>"}])
    assert Reader(paint.definition(topic.topics[0])).text == "<A>: x < yNot: <i>"


def as_markdown_reads(written):
    """CommonMark: a backslash before ASCII punctuation stands for that character alone."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", written)


@pytest.mark.parametrize(
    "text",
    [
        "*bold* and _italic_ and ~~gone~~",
        "`code` and $math$ and $$more$$",
        ":smile: and :material/check: and :red[text]",
        "# no heading",
        "1. no list",
        "- no list",
        "> no quote",
        "| no | table |",
        "[no](http://link.example) ![no](x.png)",
        "<b>no tag</b> &amp; no entity",
        "back\\slash",
    ],
)
def test_plain_text_has_no_markdown_left(text):
    written = paint.plain(text)
    assert as_markdown_reads(written) == text
    assert not re.search(r"(?<!\\)(?:\\\\)*[*_`$:#\[\]<>|~!&]", written)


def test_plain_text_is_one_line():
    assert paint.plain("two\n\n  lines\tof text ") == "two lines of text"


@given(st.text())
def test_plain_text_loses_nothing_but_space_and_marks_of_direction(text):
    turns = {"LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI"}
    kept = "".join(c for c in " ".join(text.split()) if unicodedata.bidirectional(c) not in turns)
    assert as_markdown_reads(paint.plain(text)) == kept


def test_marks_of_direction_cannot_turn_our_own_words():
    assert paint.plain("safe\u202eevil\u2066x") == "safeevilx"


def test_the_end_of_a_long_text_begins_with_an_ellipsis():
    assert paint.ending("one  two", 10) == "one two"
    assert paint.ending("one two three", 7) == "…three"


def test_a_short_text_is_left_and_a_long_one_ends_with_an_ellipsis():
    assert paint.short("one  two", 10) == "one two"
    assert paint.short("one two three", 8) == "one two…"
