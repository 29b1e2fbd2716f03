from __future__ import annotations

import re
import subprocess
import textwrap
import unicodedata
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tagger.paragraphs import clean, normalise, paragraph_id, split
from tagger.paragraphs.identity import INVISIBLE
from tagger.paragraphs.wrapping import unwrap
from tagger.records import Document, Passage, Role

SEED = Path(__file__).parents[2] / "shared" / "real" / "seed.txt"

# Invented news, long and short sentences, names and figures among them.
SENTENCES = (
    "The bridge over the Orel was closed to lorries for a third week while engineers measured.",
    (
        "Harbour staff in the port of Melnyk, which freezes over in most years by the middle of "
        "December, counted fourteen barges on Tuesday, two of them without a crew."
    ),
    "Prices rose.",
    (
        "Olena Marchenko, who runs the bakery by the station and has not missed a morning since "
        "the war began, said that flour now arrives at night, in vans that bear no name."
    ),
    "A spokesman for the council could not say when the second pump would be repaired.",
    (
        "Nobody was hurt, although the windows of a kindergarten, of the savings bank and of 31 "
        "flats along Mill Street were blown out."
    ),
    "In the village of Stara Hreblia the school bus stops early.",
    (
        "The ministry declined to comment on the figures, which have not been published since June "
        "and which, according to two people who have seen them, are worse than those of last year."
    ),
    "Talks between the two railway companies are to go on in Ostrava on Wednesday.",
    "It was the coldest night of the year.",
    (
        "Volunteers had brought blankets, a generator and 200 litres of water in canisters, more "
        "than the cellars could hold."
    ),
    (
        "Demand for electricity fell by nine percent after the smelter, by far the largest buyer "
        "in the region, switched to turbines of its own."
    ),
    "The court adjourned until Friday because an interpreter had missed her train.",
    "Farmers along the northern road say they will sow late, if they can sow at all.",
)
ARTICLE = (" ".join(SENTENCES[:4]), " ".join(SENTENCES[4:7]), " ".join(SENTENCES[7:12]))


def texts(raw: str, role: Role = "text") -> list[str]:
    return [p.text for p in split(Document("clip.txt", (Passage(raw, role),)))]


def wrapped(paragraph: str, width: int = 72, **options: str) -> str:
    return textwrap.fill(
        paragraph,
        width,
        break_on_hyphens=False,
        break_long_words=False,
        initial_indent=options.get("first", ""),
        subsequent_indent=options.get("rest", ""),
    )


# --- passages -------------------------------------------------------------------------------


def test_a_passage_with_a_role_is_one_paragraph_with_that_role() -> None:
    document = Document("page", (Passage("Two\n\nlines", "title"), Passage("Body.", "paragraph")))
    assert [(p.text, p.role) for p in split(document)] == [
        ("Two lines", "title"),
        ("Body.", "paragraph"),
    ]


def test_paragraphs_count_from_nought_over_all_passages_and_bear_the_documents_name() -> None:
    document = Document("page", (Passage("Head", "title"), Passage(" \n"), Passage("One.\n\nTwo.")))
    assert [(p.index, p.document, p.furniture) for p in split(document)] == [
        (0, "page", None),
        (1, "page", None),
        (2, "page", None),
    ]


@pytest.mark.parametrize("role", ["text", "paragraph", "title", "heading", "item", "caption"])
@pytest.mark.parametrize("empty", ["", " \n\t ", "\u200b\ufeff", "\xa0\n\n\xad"])
def test_a_passage_with_nothing_to_see_gives_no_paragraph(role: Role, empty: str) -> None:
    assert texts(empty, role) == []


def test_raw_text_becomes_plain_paragraphs() -> None:
    (one,) = split(Document("clip", (Passage("Prices rose."),)))
    assert (one.role, one.id) == ("paragraph", paragraph_id("Prices rose."))


# --- lines ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "gap",
    ["\n\n", "\r\n\r\n", "\r\r", "\n \t\n", "\n\xa0\n", "\n\u200b\ufeff\n", "\u2029", "\n\n\f"],
)
def test_a_blank_line_separates_paragraphs(gap: str) -> None:
    assert texts(f"Prices rose.{gap}Prices fell.") == ["Prices rose.", "Prices fell."]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\r\r\n", "\u2028", "\x85", "\v", "\f"])
def test_lines_that_are_not_wrapped_are_paragraphs(end: str) -> None:
    assert texts(end.join(ARTICLE)) == list(ARTICLE)


@pytest.mark.parametrize("page_end", ["\f", "\n\f", "\f\n"])
def test_a_page_may_end_inside_a_paragraph(page_end: str) -> None:
    lines = wrapped(ARTICLE[0]).split("\n")
    assert texts("\n".join(lines[:2]) + page_end + "\n".join(lines[2:])) == [ARTICLE[0]]


def test_a_file_may_hold_lines_and_blocks_and_wrapped_prose() -> None:
    raw = "\n".join([*ARTICLE, "", "Most Popular", "", wrapped(ARTICLE[2]), "", *SENTENCES[:3]])
    assert texts(raw) == [*ARTICLE, "Most Popular", ARTICLE[2], *SENTENCES[:3]]


def test_headlines_of_like_length_are_not_run_together() -> None:
    heads = [
        "Council approves new bridge over the Orel after a long debate",
        "Harbour in Melnyk counts its barges and finds two without crew",
        "Olena Marchenko's bakery wins the prize for the best black rye",
        "Railway talks move to Ostrava as both companies change their tone",
    ]
    assert texts("\n".join(heads)) == heads


def test_a_headline_above_a_short_line_stays_a_headline() -> None:
    raw = "The smelter is sending its heat back to town just in time for the frost\nOur Picks"
    assert texts(raw) == raw.split("\n")


def test_short_sentences_one_a_line_stay_apart() -> None:
    assert texts("\n".join(SENTENCES)) == list(SENTENCES)


def test_an_address_below_a_headline_is_not_its_continuation() -> None:
    raw = "Harbour staff in Melnyk count fourteen barges and miss two\nexample.org/barges"
    assert texts(raw) == raw.split("\n")


# --- wrapped prose --------------------------------------------------------------------------


@pytest.mark.parametrize("width", [45, 60, 72, 80, 100, 120])
def test_wrapped_prose_becomes_its_paragraphs_again(width: int) -> None:
    assert texts("\n\n".join(wrapped(p, width) for p in ARTICLE)) == list(ARTICLE)


def test_wrapped_prose_in_columns_wider_or_narrower_than_any_in_use_is_left_as_lines() -> None:
    for width in (30, 150):
        lines = wrapped(ARTICLE[0], width).split("\n")
        assert texts("\n".join(lines)) == lines


def test_a_paragraph_of_two_lines_is_joined_where_the_file_is_wrapped() -> None:
    short = "The second pump, says the council, will be replaced by one from\nOstrava on Wednesday."
    raw = "\n\n".join([wrapped(ARTICLE[0], 66), short, wrapped(ARTICLE[1], 66)])
    assert texts(raw) == [ARTICLE[0], short.replace("\n", " "), ARTICLE[1]]


def test_an_indented_line_opens_a_paragraph_in_wrapped_prose() -> None:
    raw = "\n".join(wrapped(p, 64, first="    ") for p in ARTICLE)
    assert texts(raw) == list(ARTICLE)


def test_prose_that_is_indented_throughout_is_joined_too() -> None:
    raw = "\n\n".join(wrapped(p, 76, first="      ", rest="    ") for p in ARTICLE)
    assert texts(raw) == list(ARTICLE)


def test_a_line_with_room_for_the_next_word_ends_its_paragraph() -> None:
    raw = "\n".join(wrapped(p, 62) for p in ARTICLE)
    assert texts(raw) == list(ARTICLE)


@pytest.mark.parametrize(
    "headline",
    [
        "Bridge stays closed",
        "Bridge over the Orel stays closed to lorries for a third week, say engineers",
        "BRIDGE OVER THE OREL STAYS CLOSED TO LORRIES FOR A WEEK",
    ],
)
def test_a_headline_right_above_wrapped_prose_is_a_paragraph_of_its_own(headline: str) -> None:
    assert texts(headline + "\n" + wrapped(ARTICLE[0], 60)) == [headline, ARTICLE[0]]


def test_bullets_with_hanging_lines_are_items() -> None:
    items = [f"- {p}" for p in ARTICLE]
    assert texts("\n".join(wrapped(i, 64, rest="  ") for i in items)) == items


def test_a_dash_or_a_figure_at_the_start_of_a_wrapped_line_opens_nothing() -> None:
    raw = (
        "The bridge over the Orel, which was to be opened again on April\n"
        "12. May at the latest, as the plan had it, will now stay closed\n"
        "- and with it the road to the harbour, the market and the mill,\n"
        "where the council had wanted to build a school for the children\n"
        "of the valley and a station for the buses."
    )
    assert texts(raw) == [raw.replace("\n", " ")]


def test_a_rule_or_a_marked_heading_stands_alone() -> None:
    body = wrapped(ARTICLE[0], 64)
    assert texts(f"# The bridge\n{body}\n* * *\n{body}") == [
        "# The bridge",
        ARTICLE[0],
        "* * *",
        ARTICLE[0],
    ]


def test_a_quoted_mail_loses_its_marks_and_its_wrapping() -> None:
    quoted = [wrapped(p, 66).replace("\n", "\n> ") for p in ARTICLE]
    raw = "Jane wrote:\n> " + "\n>\n> ".join(quoted)
    assert texts(raw) == ["Jane wrote:", *ARTICLE]


def test_a_deeper_quotation_is_another_paragraph() -> None:
    assert texts("> The pump is broken.\n>> Is it?\n> It is.") == [
        "The pump is broken.",
        "Is it?",
        "It is.",
    ]


def test_a_lone_greater_than_sign_is_text() -> None:
    assert texts("> 100 barges were counted.") == ["> 100 barges were counted."]


def test_a_long_address_does_not_hide_that_a_text_is_wrapped() -> None:
    address = "https://example.org/" + "bridge/" * 20
    assert texts(wrapped(f"{ARTICLE[0]} {address} {ARTICLE[1]}", 64)) == [
        f"{ARTICLE[0]} {address} {ARTICLE[1]}"
    ]


def test_lines_that_a_program_evened_out_are_joined() -> None:
    try:
        done = subprocess.run(
            ["fmt", "-w", "70"], input=ARTICLE[2], text=True, capture_output=True, check=True
        )
    except FileNotFoundError:
        pytest.skip("needs the fmt program")
    assert texts(done.stdout) == [ARTICLE[2]]


# --- words broken at a line end -------------------------------------------------------------


def broken(left: str, right: str, after: str = "") -> str:
    """The words that a word broken at the end of a wrapped line becomes."""
    start = "The council wrote to everybody in the valley about the "
    end = " that had been promised in the spring and not paid out,"
    rest = "\nand to the engineers of the harbour, the mill and the bridge."
    (found,) = (t for t in texts(f"{start}{left}\n{right}{end}{rest}\n\n{after}") if start in t)
    return found[len(start) : found.index(end)]


@pytest.mark.parametrize(
    ("left", "right", "whole"),
    [
        ("govern-", "ment", "government"),
        ("mili-", "tary", "military"),
        ("presi-", "dential", "presidential"),
        ("govern\xad", "ment", "government"),
        ("Moscow-", "backed", "Moscow-backed"),
        ("EU-", "wide", "EU-wide"),
        ("long-", "promised", "long-promised"),
        ("sixty-", "three", "sixty-three"),
        ("Covid-", "19", "Covid-19"),
        ("Kyiv-", "Warsaw", "Kyiv-Warsaw"),
        ("two-", "and three-year", "two- and three-year"),
        ("grants -", "those", "grants - those"),
    ],
)
def test_a_broken_word_is_made_whole(left: str, right: str, whole: str) -> None:
    assert broken(left, right) == whole


def test_the_rest_of_the_text_decides_how_a_broken_word_is_spelt() -> None:
    assert broken("waste-", "water", after="The wastewater flows north.") == "wastewater"
    assert broken("waste-", "water", after="The waste-water flows north.") == "waste-water"
    assert broken("grid-", "fees", after="The fees for the grid are due.") == "grid-fees"


def test_an_unknown_hyphen_goes_where_a_text_breaks_words_into_syllables() -> None:
    assert broken("ware-", "houses") == "ware-houses"
    printed = (
        "The council wrote to all engineers that the mili-\ntary would send two boats, and to the "
        "presi-\ndent that the pumps had been paid for by the govern-\nment in the spring of the "
        "year."
    )
    assert broken("ware-", "houses", after=printed) == "warehouses"


# --- clean, normalise, id -------------------------------------------------------------------


def test_clean_text_is_one_composed_line_without_invisible_marks() -> None:
    raw = " Olha\u0301\u200b \n\t sa\xadid\x00 \u202ehi\u202c\xa0 \x85there\ufeff "
    assert clean(raw) == "Olhá said hi there"


def test_typography_does_not_change_what_a_paragraph_is() -> None:
    curly = "“It’s over” — the mayor… said – on page ﬁve"
    assert normalise(curly) == '"It\'s over" - the mayor... said - on page five'
    assert paragraph_id(curly) == paragraph_id(
        " ``It's over'' --  the mayor... said - on page five"
    )


def test_case_and_words_do_change_what_a_paragraph_is() -> None:
    ids = {
        paragraph_id(t) for t in ("Prices rose.", "prices rose.", "Prices rose", "Prices  r ose.")
    }
    assert len(ids) == 4


def test_an_id_is_twenty_hex_digits_that_never_change() -> None:
    assert paragraph_id("Prices rose.") == "7096adb937410bac8efe"


def test_lone_surrogates_are_replaced_and_pairs_joined() -> None:
    assert clean("a\ud83d\ude00b\ud800c") == "a😀b\ufffdc"
    assert paragraph_id("a\ud800").isalnum()


@given(st.text(st.characters(exclude_categories=())))
def test_cleaning_and_normalising_twice_change_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert normalise(normalise(text)) == normalise(text)
    assert normalise(clean(text)) == normalise(text)
    clean(text).encode("utf-8")


@given(st.lists(st.sampled_from(["“", "‘", "–", "…", "Ünal", "said", "it's", "’"]), min_size=1))
def test_an_id_survives_other_spaces_and_quotes(words: list[str]) -> None:
    plain = " ".join(words).translate(str.maketrans("“‘–’", "\"'-'")).replace("…", "...")
    spaced = "\xa0\n ".join(words) + " \u200b"
    assert paragraph_id(spaced) == paragraph_id(plain)
    assert paragraph_id(unicodedata.normalize("NFD", spaced)) == paragraph_id(plain)


def cleaned(text: str) -> str:
    """As :func:`clean`, by the long way for every text."""
    whole = INVISIBLE.sub("", text).encode("utf-16-le", "surrogatepass")
    shown = whole.decode("utf-16-le", "replace")
    return " ".join(unicodedata.normalize("NFC", shown).split())


def normalised(text: str) -> str:
    """As :func:`normalise`, by the long way for every text."""
    for form in ("NFC", "NFKC"):
        text = unicodedata.normalize(form, cleaned(text))
        text = text.translate(dict.fromkeys(map(ord, "‘’‚‛′ʼ´`‹›"), "'"))
        text = text.translate(dict.fromkeys(map(ord, "“”„‟″«»〝〞〟"), '"'))
        text = text.translate(dict.fromkeys(map(ord, "‐‑‒–—―−⁃⸺⸻"), "-"))
    return cleaned(re.sub("--+", "-", text.replace("''", '"')))


PIECES = [
    "''",
    "--",
    " ",
    "  ",
    "a",
    "é",
    "e\u0301",
    "`",
    "´",
    "„",
    "—",
    "\xa0",
    "\u2003",
    "ﬁ",
    "Σ",
]
TRICKY = [*PIECES, "\u200b", "\ud83d", "\ude00", "\x1f", "\x85", "\t", "＂", "\u1fef", "¨", "…"]


@given(
    st.one_of(
        st.text(st.characters(exclude_categories=())), st.text(st.sampled_from("".join(TRICKY)))
    )
)
def test_short_ways_lead_to_the_same_text_as_the_long_one(text: str) -> None:
    assert clean(text) == cleaned(text)
    assert normalise(text) == normalised(text)


def test_letters_that_fall_apart_or_together_go_the_short_way_to_the_same_text() -> None:
    odd = (range(0x3400), range(0xA000, 0x10100), range(0x1D100, 0x1D800), range(0x2F800, 0x2FA20))
    for code in chain(*odd, range(0xE0000, 0xE0200)):
        text = f"a{chr(code)}"
        assert clean(text) == cleaned(text), hex(code)
        assert normalise(text) == normalised(text), hex(code)


# --- promises about any text ----------------------------------------------------------------

ANY_TEXT = st.one_of(
    st.text(),
    st.lists(
        st.sampled_from(
            [
                *SENTENCES,
                "> ",
                ">",
                "\n",
                "\n\n",
                "\r\n",
                "\x0c",
                " ",
                "-\n",
                "\xad\n",
                "    ",
                "- ",
            ]
        )
    ).map("".join),
    st.lists(st.sampled_from(SENTENCES), min_size=1).map(" ".join).map(wrapped),
)


def bare(text: str) -> str:
    """The text without what splitting may take: spaces, controls, quote marks, hyphens."""
    visible = INVISIBLE.sub("", text)
    return re.sub(r"[\s\x1c-\x1f>‐-]", "", unicodedata.normalize("NFD", visible))


@given(ANY_TEXT)
def test_splitting_neither_loses_nor_invents_a_visible_character(raw: str) -> None:
    assert bare("".join(texts(raw))) == bare(raw)


@given(ANY_TEXT)
def test_splitting_the_paragraphs_again_changes_nothing(raw: str) -> None:
    once = texts(raw)
    assert texts("\n\n".join(once)) == once


@settings(derandomize=True)  # a line may end a sentence by chance, on every line of a text
@given(
    st.lists(
        st.lists(st.sampled_from(SENTENCES), min_size=3, max_size=6, unique=True).map(" ".join),
        min_size=3,
        max_size=6,
        unique=True,
    ),
    st.integers(50, 100),
)
def test_wrapping_at_any_width_is_undone(paragraphs: list[str], width: int) -> None:
    raw = "\n\n".join(wrapped(p, width) for p in paragraphs)
    assert texts(raw) == paragraphs


@pytest.mark.parametrize("size", [300_000, 1_000_000])
def test_very_long_words_and_paragraphs_are_one_paragraph(size: int) -> None:
    for raw in ("x" * size, "word " * (size // 5), "-" * size, "x" + "\r" * size):
        assert len(texts(raw)) == 1


def test_a_clip_from_a_desk_is_split_as_a_person_would() -> None:
    if not SEED.is_file():
        pytest.skip("the shared clip is not here")
    raw = SEED.read_text(encoding="utf-8")
    assert texts(raw) == [clean(line) for line in raw.split("\n") if line.strip()]


@given(st.text("ab .,-'`\"\t\r\n\v\f\x1c\x1f\x85\u2028\u2029\xa0\xad\u200b“‘–é\u0301>#*1\ufeff"))
def test_a_single_line_goes_the_short_way_to_what_unwrapping_gives(raw: str) -> None:
    assert texts(raw) == [text for text in map(clean, unwrap(raw)) if text]
