"""Web pages: the story, the whole story and nothing but the story."""

from __future__ import annotations

from html import unescape
from pathlib import Path

import pytest

from tagger.errors import InputError
from tagger.reading import ReadOptions, read, read_stream
from tagger.records import Document, Passage

SEED = Path(__file__).parents[3] / "shared" / "real" / "seed.html"
FIRST = "The harbour opened again on Monday after a week of storms, the port’s master said."
SECOND = "Fourteen ships with grain had waited outside, and the first left before noon."


def page(body: str, head: str = "") -> str:
    return f"<!doctype html><html><head>{head}</head><body>{body}</body></html>"


def article(*paragraphs: str) -> str:
    return "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)


def read_page(markup: str | bytes, options: ReadOptions | None = None) -> Document:
    data = markup.encode() if isinstance(markup, str) else markup
    [document] = read_stream(data, "page.html", options or ReadOptions(format="html"))
    assert isinstance(document, Document)
    return document


def texts(document: Document) -> list[str]:
    return [passage.text for passage in document.passages]


def roles(document: Document) -> list[str]:
    return [passage.role for passage in document.passages]


@pytest.mark.skipif(not SEED.exists(), reason="the shared pages are not here")
def test_a_published_page_gives_its_headline_and_its_nine_paragraphs() -> None:
    [document] = read(SEED)
    assert isinstance(document, Document)
    assert roles(document) == ["title"] + ["paragraph"] * 9
    assert document.date == "2023-04-24"
    story, _, furniture = unescape(SEED.read_text(encoding="utf-8")).partition("</article>")
    places = [story.find(text) for text in texts(document)]
    assert min(places) >= 0
    assert places == sorted(places)
    assert not any(text in furniture for text in texts(document))


def test_roles_tell_title_heading_item_caption_and_paragraph_apart() -> None:
    document = read_page(
        page(
            f"<article><h1>Harbour opens</h1>{article(FIRST)}<h2>What comes next</h2>"
            "<ul><li>Grain leaves first, the port says.</li><li>Then coal."
            "<ol><li>From the north quay.</li></ol></li></ul>"
            f"<blockquote><p>{SECOND}</p></blockquote></article>"
        )
    )
    assert document.passages == (
        Passage("Harbour opens", "title"),
        Passage(FIRST, "paragraph"),
        Passage("What comes next", "heading"),
        Passage("Grain leaves first, the port says.", "item"),
        Passage("Then coal.", "item"),
        Passage("From the north quay.", "item"),
        Passage(SECOND, "paragraph"),
    )


def test_a_picture_caption_is_never_a_paragraph() -> None:
    caption = "A ship at the north quay in the evening light, seen from the harbour wall."
    document = read_page(
        page(
            f"<article>{article(FIRST)}<figure><img src='a.jpg'>"
            f"<figcaption><p>{caption}</p></figcaption></figure>{article(SECOND)}</article>"
        )
    )
    paragraphs = [p.text for p in document.passages if p.role == "paragraph"]
    assert paragraphs == [FIRST, SECOND]


@pytest.mark.parametrize(
    "body",
    [
        f"<article><h1>Harbour opens</h1>{article(FIRST, SECOND)}</article>",
        f"<header><h1>Harbour opens</h1></header><article>{article(FIRST, SECOND)}</article>",
        f"<article><h1>Harbour opens</h1><h2>Harbour  OPENS</h2>{article(FIRST, SECOND)}</article>",
        f"<article>{article(FIRST, SECOND)}</article>",
    ],
    ids=["in the story", "above the story", "twice", "in the head only"],
)
def test_the_headline_stands_first_and_once(body: str) -> None:
    document = read_page(page(body, "<title>Harbour opens</title>"))
    assert texts(document) == ["Harbour opens", FIRST, SECOND]
    assert roles(document) == ["title", "paragraph", "paragraph"]
    assert document.title == "Harbour opens"


def test_the_headline_is_what_readers_saw_not_what_search_engines_are_told() -> None:
    head = '<title>Port news</title><meta property="og:title" content="Port storm news today">'
    document = read_page(page(f"<article><h1>Harbour opens</h1>{article(FIRST)}</article>", head))
    assert document.title == "Harbour opens"
    assert texts(document) == ["Harbour opens", FIRST]


def test_a_short_story_keeps_headline_date_and_text_apart() -> None:
    document = read_page(
        page(
            "<article><h1>Harbour opens</h1><time datetime='2024-03-04'>4 March 2024</time>"
            "<p>The harbour is open, the port says, and ships are leaving for the south.</p>"
            "</article>"
        )
    )
    assert roles(document) == ["title", "paragraph"]
    assert document.date == "2024-03-04"


@pytest.mark.parametrize(
    "head",
    [
        '<meta property="article:published_time" content="2024-03-04T10:00:00+02:00">',
        '<meta itemprop="datePublished" content="2024-03-04">',
        '<script type="application/ld+json">{"datePublished": "2024-03-04T08:00Z"}</script>',
    ],
)
def test_date_and_source_are_those_the_page_declares(head: str) -> None:
    site = '<meta property="og:site_name" content="Harbour Post">'
    document = read_page(page(f"<article>{article(FIRST, SECOND)}</article>", head + site))
    assert (document.date, document.source) == ("2024-03-04", "Harbour Post")


def test_a_number_in_the_text_is_never_taken_for_the_date() -> None:
    document = read_page(
        page(article(FIRST, "Ship number 1995 was the last one to leave, he said."))
    )
    assert document.date is None


def test_code_and_hidden_parts_never_leak_into_the_text() -> None:
    traps = [
        "<script>var leak = '<p>leak one, which is as long as a real paragraph</p>';</script>",
        "<style>p { content: 'leak two' }</style>",
        "<noscript><p>leak three, which is as long as a real paragraph</p></noscript>",
        "<template><p>leak four, which is as long as a real paragraph</p></template>",
        "<iframe>leak five</iframe><object>leak six</object><svg><text>leak seven</text></svg>",
        "<textarea>leak eight</textarea><select><option>leak nine</option></select>",
        "<button>leak ten</button><p hidden>leak eleven</p><!-- leak twelve -->",
    ]
    for paragraphs in ([FIRST, SECOND], ["The port is open."]):
        document = read_page(page(f"<article>{article(*paragraphs)}{''.join(traps)}</article>"))
        assert texts(document) == paragraphs


def test_an_unclosed_script_hides_no_paragraph_before_it() -> None:
    document = read_page(f"<html><body><article>{article(FIRST)}<script>leak {article(SECOND)}")
    assert texts(document) == [FIRST]


def test_two_line_breaks_part_paragraphs_and_one_does_not() -> None:
    document = read_page(page(f"<article><p>{FIRST}<br>It was late.<br><br>{SECOND}</p></article>"))
    assert texts(document) == [f"{FIRST} It was late.", SECOND]


def test_a_headline_over_two_lines_is_clean() -> None:
    body = f"<article><h1>Harbour<br><br>opens</h1>{article(FIRST, SECOND)}</article>"
    for document in (read_page(page(body)), read_page(page(body, "<title>Harbour</title>"))):
        assert "\u204b" not in " ".join([document.title or "", *texts(document)])
        assert roles(document).count("title") == 1
        assert texts(document)[-2:] == [FIRST, SECOND]


def test_entities_are_characters() -> None:
    document = read_page(
        page(article("The port &amp; the quay cost &euro;5 million, &laquo;at last&raquo;."))
    )
    assert texts(document) == ["The port & the quay cost €5 million, «at last»."]


def test_a_page_laid_out_in_tables_has_paragraphs() -> None:
    document = read_page(page(f"<table><tr><td>{article(FIRST, SECOND)}</td></tr></table>"))
    assert document.passages == (Passage(FIRST, "paragraph"), Passage(SECOND, "paragraph"))


def test_a_row_of_figures_is_one_item() -> None:
    table = "<table><tr><td>Grain</td><td>14</td></tr></table>"
    document = read_page(page(f"<article>{article(FIRST)}{table}{article(SECOND)}</article>"))
    assert Passage("Grain 14", "item") in document.passages


def test_an_exported_story_without_a_page_around_it_is_read() -> None:
    assert texts(read_page(f"<p>{FIRST}</p>")) == [FIRST]


def test_the_same_page_is_read_again_and_again() -> None:
    markup = page(f"<article>{article(FIRST, SECOND)}</article>")
    assert {tuple(texts(read_page(markup))) for _ in range(6)} == {(FIRST, SECOND)}


def test_the_encoding_that_a_page_declares_is_used_and_noted() -> None:
    text = "Гавань снова открыта после недели штормов, сообщил начальник порта."
    markup = page(article(text), '<meta charset="windows-1251">')
    document = read_page(markup.encode("cp1251"))
    assert texts(document) == [text]
    assert document.notes == ("not UTF-8; read as cp1251, as it declares itself",)


def test_a_page_that_declares_a_wrong_encoding_is_read_by_its_bytes() -> None:
    text = "Гавань снова открыта после недели штормов, сообщил начальник порта."
    xml = '<?xml version="1.0" encoding="windows-1251"?>'
    document = read_page(xml + page(article(text), '<meta charset="windows-1251">'))
    assert texts(document) == [text]


@pytest.mark.parametrize(
    "markup",
    ["<html></html>", "<html><script>var port = 'open'</script></html>", "no markup at all", "<>"],
)
def test_a_page_without_a_story_is_refused_with_a_cure(markup: str) -> None:
    with pytest.raises(InputError, match=r"No story was found in page\.html") as caught:
        read_page(markup)
    assert ".txt" in caught.value.cure


@pytest.mark.parametrize("tag", ["div", "b", "blockquote", "table><tr><td"])
def test_a_page_nested_too_deeply_is_refused_and_not_cut_short(tag: str) -> None:
    deep = f"<{tag}>" * 20_000 + "deep"
    with pytest.raises(InputError, match="nested too deeply"):
        read_page(page(f"<article>{article(FIRST)}{deep}</article>{article(SECOND)}"))


def test_a_page_of_five_megabytes_is_read() -> None:
    filler = "<!-- " + "x" * 5_000_000 + " -->"
    assert texts(read_page(page(f"<article>{article(FIRST)}{filler}{article(SECOND)}"))) == [
        FIRST,
        SECOND,
    ]


def test_a_page_larger_than_any_story_is_refused_at_once() -> None:
    with pytest.raises(InputError, match="larger than 10 MB"):
        read_page(b"<p>" + b"x" * 10_000_001)


def test_a_page_that_breaks_the_extractor_is_refused_and_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import trafilatura

    def breaks(*args: object, **kwargs: object) -> None:
        raise RecursionError

    monkeypatch.setattr(trafilatura, "bare_extraction", breaks)  # no page known to do it
    with pytest.raises(InputError, match=r"page.html: its markup is broken \(RecursionError\)"):
        read_page(page(article(FIRST)))
