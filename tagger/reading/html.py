"""Web pages: the story without navigation, promotion and code."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import TYPE_CHECKING, Any, BinaryIO

from tagger.errors import InputError
from tagger.reading.decoding import decode
from tagger.reading.detecting import codec_named
from tagger.reading.headlines import led_by, same_words
from tagger.records import Document, Passage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagger.reading.formats import ReadOptions
    from tagger.records import Role

# A page of 4 MB takes seconds and one of 25 MB minutes (trafilatura 2.3.1); most have 100 KB.
_LARGEST = 10_000_000
# Below this many characters trafilatura glues headline, date and text into one paragraph. Its
# own 250 would do so to every short breaking story.
_SHORTEST = "80"
_NO_TEXT = ("template", "noscript", "iframe", "object", "textarea", "select", "button", "svg")
_INLINE = frozenset({"hi", "ref", "del", "graphic", "lb", "span"})
_DECLARED = re.compile(
    rb"""<(?:meta|\?xml)[^>]*?(?:charset|encoding)\s*=\s*["']?([\w.:-]+)""", re.IGNORECASE
)
_TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
_NAMING = ("property", "name", "itemprop")
_PUBLISHED = {"article:published_time", "datePublished", "date", "DC.date.issued", "pubdate"}
_JSON_DATE = re.compile(r'"datePublished"\s*:\s*"([^"]+)"')
_ISO_DATE = re.compile(r"\s*\d{4}-\d{2}-\d{2}")
_BREAKS = re.compile(r"<br\s*/?>(?:(?:\s|&nbsp;)*<br\s*/?>)+", re.IGNORECASE)
_GAP = "\u204b\u204b"  # two reversed pilcrows, which no story has and trafilatura keeps


def read_html(file: BinaryIO, name: str, options: ReadOptions) -> Iterator[Document]:
    """Read a web page as one document, its headline first and once.

    Raises:
        InputError: the page is empty, too large, nested too deeply, or has no story in it.
        EncodingError: its bytes are in an encoding that nobody named.
    """
    if file.seek(0, 2) > _LARGEST:
        raise _unreadable(name, f"it is larger than {_LARGEST // 1_000_000} MB")
    text, notes = decode(file, name, options.encoding, declared=_declared(file))
    if not _TAG.search(text):
        raise _unreadable(name, "there is no markup in it")
    story, page = _parse(_prepared(text).encode(), name)
    passages = tuple(_passages(story.body, _captions(page))) if story is not None else ()
    if not passages:
        raise _unreadable(name, "there is no story in its markup")
    headline = _headline((story.title or "").replace(_GAP, " "), passages)
    yield Document(
        name,
        led_by(headline, passages),
        title=headline,
        date=_date(page),
        source=story.sitename or story.hostname or None,
        notes=notes,
    )


def _declared(file: BinaryIO) -> str | None:
    file.seek(0)
    found = _DECLARED.search(file.read(4096))
    codec = codec_named(found[1].decode("ascii")) if found else None
    # Browsers read Latin-1 and ASCII as cp1252 (WHATWG Encoding Standard). A declaration of
    # UTF-8 is wrong where this is asked for, and one of UTF-16 could not be read like this.
    if codec is None or codec.startswith("utf"):
        return None
    return "cp1252" if codec in {"iso8859-1", "ascii"} else codec


def _prepared(text: str) -> str:
    # trafilatura takes a story that was exported without a page around it for no page, and makes
    # one break of several.
    return "<!doctype html>\n" + _BREAKS.sub(f" {_GAP} ", text)


def _parse(page: bytes, name: str) -> tuple[Any, Any]:
    """What trafilatura found on a page, and the tree of the whole page."""
    try:
        tree = _tree(page, name)
        return _extract(page), tree
    except InputError:
        raise
    except Exception as error:
        # Whatever a page breaks in there: it is this page that cannot be read, not the batch.
        raise _unreadable(name, f"its markup is broken ({type(error).__name__})") from error


def _tree(page: bytes, name: str) -> Any:
    # lxml ships no types, and pages are one format of many.
    from lxml import html  # type: ignore[import-untyped]  # noqa: PLC0415 - see above

    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    tree = html.document_fromstring(page, parser=parser)
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        # The parser stops there, and the rest of the story would be lost without a word.
        raise _unreadable(name, "its elements are nested too deeply")
    return tree


def _captions(page: Any) -> frozenset[str]:
    return frozenset(" ".join(node.text_content().split()) for node in page.iter("figcaption"))


def _date(page: Any) -> str | None:
    """The date of publication as the page declares it, as YYYY-MM-DD."""
    # Not trafilatura's: where nothing is declared it takes "ship 1995" for a year (2.3.1).
    metas = page.xpath("//meta[@content]")
    said = [m.get("content") for m in metas if _PUBLISHED & {m.get(a) for a in _NAMING}]
    scripts = page.xpath("//script[@type='application/ld+json']/text()")
    said += [found[1] for script in scripts for found in _JSON_DATE.finditer(script)]
    said += page.xpath("//article//time/@datetime")
    dates = (_ISO_DATE.match(text) for text in said)
    return next((found[0].strip() for found in dates if found), None)


def _extract(page: bytes) -> Any:
    import trafilatura  # noqa: PLC0415 - takes 0.3 s
    from trafilatura.settings import DEFAULT_CONFIG  # noqa: PLC0415 - as above

    config = deepcopy(DEFAULT_CONFIG)
    config.set("DEFAULT", "MIN_EXTRACTED_SIZE", _SHORTEST)
    # Never deduplicate=True: it remembers for the whole process, and the fourth equal page
    # would be empty.
    return trafilatura.bare_extraction(
        page,
        include_comments=False,
        with_metadata=True,
        prune_xpath=[f"//{tag}" for tag in _NO_TEXT] + ["//*[@hidden]"],
        config=config,
    )


def _headline(said: str, passages: tuple[Passage, ...]) -> str | None:
    # What the page's head says is often written for search engines; the h1 above the text is
    # what readers saw.
    titles = [passage.text for passage in passages if passage.role == "title"]
    if said and any(same_words(title, said) for title in titles):
        return said
    leading = passages[0].role == "title" or not said
    return titles[0] if titles and leading else said or None


def _passages(body: Any, captions: frozenset[str]) -> Iterator[Passage]:
    for role, text in _blocks(body):
        for part in text.split(_GAP):  # two <br> in a row part paragraphs
            if plain := part.replace("\n", " ").strip():
                is_caption = " ".join(plain.split()) in captions
                yield Passage(plain, "caption" if is_caption else role)


def _blocks(body: Any) -> Iterator[tuple[Role, str]]:
    """The text between the borders of block elements, with the role of the innermost one."""
    from lxml import etree  # noqa: PLC0415 - as above

    roles: list[Role] = ["paragraph"]
    parts: list[str] = []
    for event, node in etree.iterwalk(body, events=("start", "end")):
        if node.tag not in _INLINE and node.tag != "cell":
            yield roles[-1], "".join(parts)
            parts = []
        if event == "start":
            roles.append(_role(node, roles[-1]))
            parts.append(node.text or "")
        else:
            roles.pop()
            parts.append({"lb": "\n", "cell": " "}.get(node.tag, "") + (node.tail or ""))


def _role(node: Any, above: Role) -> Role:
    if node.tag == "head":
        return "title" if node.get("rend") == "h1" else "heading"
    if node.tag in {"item", "row"}:
        return "item"
    # Old pages are laid out in tables: a paragraph in a cell is a paragraph.
    in_cell = node.tag == "p" and node.getparent().tag == "cell"
    return "paragraph" if in_cell else above


def _unreadable(name: str, reason: str) -> InputError:
    return InputError(
        f"No story was found in {name}: {reason}.",
        "Save the story's text as .txt and read that.",
    )
