"""What a paragraph's text is, for the eye and for telling it apart."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache

from tagger.records import ParagraphId

# Controls that are no white space, soft hyphens, zero-width and bidirectional marks, tags of
# interlinear notes: nobody sees them, and copies of one paragraph differ in them.
INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb]+"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_STRAIGHT = (
    dict.fromkeys("‘’‚‛′ʼ´`‹›", "'")
    | dict.fromkeys("“”„‟″«»〝〞〟", '"')
    | dict.fromkeys("‐‑‒–—―−⁃⸺⸻", "-")
)
_TYPESET = re.compile(f"[{''.join(_STRAIGHT)}]")  # four times as fast as str.translate
_TYPEWRITTEN = re.compile("''|--+")  # quotation marks and dashes of old wires


@lru_cache(maxsize=4)  # a paragraph is cleaned once more to be normalised, right after
def clean(text: str) -> str:
    """The text as it is shown: one line, composed (NFC), single spaces, nothing invisible.

    Halves of a surrogate pair are joined, lone ones become U+FFFD, so that the result can always
    be written as UTF-8. Cleaning twice changes nothing.
    """
    if text.isprintable():  # then nothing is invisible, and no white space but blanks
        composed = text if text.isascii() else unicodedata.normalize("NFC", text)
        return " ".join(composed.split()) if "  " in composed else composed.strip()
    visible = INVISIBLE.sub("", text)
    if _SURROGATE.search(visible):
        visible = visible.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return " ".join(unicodedata.normalize("NFC", visible).split())


@lru_cache(maxsize=32)  # an id is made of it, and furniture told by it right after
def normalise(text: str) -> str:
    """The text as it is compared: clean, NFKC, quotes and dashes straight; case is kept.

    Two wire copies that differ only in typography are equal here. Normalising twice changes
    nothing.
    """
    straight = clean(text)
    if not straight.isascii() or "`" in straight:  # plain letters are as they should be
        straight = _straight(straight)
    if not straight.isascii():
        # Made straight before, since NFKC takes an acute accent and a double prime apart, and
        # again, since it turns wide forms into quotes.
        straight = " ".join(_straight(unicodedata.normalize("NFKC", straight)).split())
    if "''" in straight or "--" in straight:
        straight = _TYPEWRITTEN.sub(_one_mark, straight)
    return straight


def _straight(text: str) -> str:
    return _TYPESET.sub(lambda mark: _STRAIGHT[mark.group()], text)


def _one_mark(match: re.Match[str]) -> str:
    return '"' if match.group() == "''" else "-"


def paragraph_id(text: str) -> ParagraphId:
    """The paragraph's name: 80 bits of BLAKE2b over its normalised UTF-8, as 20 hex digits.

    A billion different paragraphs share a name with odds of about 4 in 10 million.
    """
    data = normalise(text).encode("utf-8")
    return ParagraphId(hashlib.blake2b(data, digest_size=10).hexdigest())
