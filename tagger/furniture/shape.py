"""What a paragraph looks like: its bare words, a sentence, a headline, a quotation."""

from __future__ import annotations

import re
from functools import lru_cache

from tagger.paragraphs import normalise

_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)|(?<=s)'")
_FIGURES = re.compile(r"\d[\d.,]*")
_LETTERS = re.compile(r"[^\W\d_]+")
_WORD = re.compile(r"\w[\w'.-]*")
_MARKED = re.compile(r"#{1,6} ")
_QUOTE = re.compile(r"^['\"]\S")
_FULL_STOP = re.compile(r"[.!]['\")\]]*$")
_ATTRIBUTED = re.compile(
    r"\b(?:said|says?|told|tells?|ask(?:s|ed)?|added|adds|wrote|writes?|warn(?:s|ed)?|report(?:s|ed)"
    r"|claim(?:s|ed)?|announce[sd]?|insist(?:s|ed)?|quoted|urge[sd]?|demand(?:s|ed)?|plead(?:s|ed)?"
    r"|heard?|hears|replie[sd]|jok(?:es|ed)"
    r"|according to|сказа[вл]\w*|заяви[вл]\w*|повідоми[вл]\w*|сообщи[л]\w*)\b",
    re.IGNORECASE,
)
_BULLET = re.compile(r"^(?:[-*+•▪◦‣·>]|\(?\d{1,2}[.)])\s+")
HEADLINE_WORDS, HEADLINE_LETTERS = 30, 200  # longer ones are body text that lost its full stop
# Too frequent to show that a paragraph tells what a headline says.
_EMPTY_WORDS = """
    about after again against ahead amid among because been before being between could does down
    during first from have here into just last like more most near news next only other over says
    said since some than that their them then there these they this those three under until what
    when where which while will with would year years your
"""
_EMPTY = frozenset(_EMPTY_WORDS.split())


@lru_cache(maxsize=16)  # a paragraph is asked a dozen questions in a row
def straight(text: str) -> str:
    """The text with straight quotes and dashes, without a bullet."""
    return _BULLET.sub("", normalise(text))


def key(text: str) -> str:
    """The text's words alone, to compare phrases: no case or punctuation, and no lone figure.

    Empty for the end of a sentence that lost its beginning, such as "terms.", and for a row of
    figures.
    """
    bare = _APOSTROPHE.sub("", straight(text))
    if (bare[:1].islower() and _FULL_STOP.search(bare)) or len(_FIGURES.findall(bare)) > 1:
        return ""
    return " ".join(_LETTERS.findall(bare.casefold()))


def words(text: str) -> list[str]:
    """The words and figures of a text."""
    return _WORD.findall(straight(text))


def is_quoted(text: str) -> bool:
    """Whether it begins as a quotation, which is never furniture by its words."""
    return bool(_QUOTE.match(straight(text)))


def is_marked(text: str) -> bool:
    """Whether it is marked as a heading in plain text, with number signs."""
    return bool(_MARKED.match(text))


def is_attributed(text: str) -> bool:
    """Whether it reports somebody's words, as news does and furniture does not."""
    return bool(_ATTRIBUTED.search(text))


def is_prose(text: str) -> bool:
    """Whether it is body text: a whole sentence, or too long for a headline."""
    return len(text) > HEADLINE_LETTERS or (not is_headline(text) and len(words(text)) > 5)


def is_headline(text: str) -> bool:
    """Whether it may be a headline or a heading: one short line that ends no sentence.

    A headline may end in a question mark.
    """
    return (
        len(text) <= HEADLINE_LETTERS
        and 0 < len(words(text)) <= HEADLINE_WORDS
        and not _FULL_STOP.search(straight(text))
        and not text.rstrip().endswith((":", ";", ","))
    )


def restates(body: str, headline: str) -> bool:
    """Whether a paragraph tells what a headline says, as the first one of a story does.

    Of 1,752 Reuters stories (Reuters-21578, 1987) 94% share two in five words with their
    headline so; of paragraphs on the same topic as a headline, 0.5%.
    """
    wanted = _stems(headline)
    return bool(wanted) and len(wanted & _stems(body)) * 5 >= len(wanted) * 2


def _stems(text: str) -> set[str]:
    # Five letters match "Ukraine" with "Ukrainian" and "strike" with "strikes".
    return {
        word[:5]
        for word in (found.casefold() for found in words(text))
        if (len(word) > 3 or word.isdigit()) and word not in _EMPTY
    }
