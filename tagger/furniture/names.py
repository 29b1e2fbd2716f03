"""Lines that are made of names: bylines, datelines, picture credits and captions with one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tagger.furniture.shape import straight, words
from tagger.furniture.times import is_timestamp

if TYPE_CHECKING:
    from collections.abc import Iterator

_BY = re.compile(
    r"^(?:by|(?:written|posted|published|edited|reported|compiled|translated) by"
    r"|(?:story|text|words|report|interview|analysis|opinion|video|graphics?|maps?) by"
    r"|(?:authors?|text|writer):|автор(?:и|ы|ка)?:|текст:)\s+",
    re.IGNORECASE,
)
_WORK = re.compile(
    r"^\(?(?:(?:additional|with|with additional) )?(?:reporting|writing|editing|research)"
    r" (?:by|from)\s+",
    re.IGNORECASE,
)
_CONTRIBUTED = re.compile(
    r" contributed (?:reporting|to (?:this|the) (?:report|story|article))\b.*$"
)
_REPORTED = re.compile(r"(?<=\w) reported(?= from )")
_SOURCE = re.compile(r"^(?:sources?|via|джерело|источник):\s+", re.IGNORECASE)
_DATELINE = re.compile(
    r"[^\W\d_a-z][^\W\d_a-z' /-]+(?:[.,] [\w.]+){0,2}(?: \d{1,2})?\s*\([A-Z][\w /]+\)\s*-*$"
    r"|[^\W\d_a-z][^\W\d_a-z' /-]+,(?: [\w.]+){1,3}\s+-+$"
)
_AGENCY = (
    r"(?:AFP|AP|EPA(?:-EFE)?|Reuters|REUTERS|Getty(?: Images)?|TASS|Interfax|Ukrinform|UNIAN"
    r"|Bloomberg|Anadolu(?: Agency)?|Xinhua|Sputnik|Shutterstock|iStock|Alamy|Unsplash"
    r"|Depositphotos|NurPhoto|Maxar(?: Technologies)?|Planet Labs(?: PBC)?|PA(?: Wire| Media)?"
    r"|dpa|ANSA|Kyodo|SOPA Images|ZUMA(?: Press)?|Abaca|Sipa|Scanpix|PAP|RFE/RL|RFERL"
    r"|Wikimedia(?: Commons)?|Flickr)"
)
_PICTURE_BY = re.compile(
    r"^(?:(?:file|archive|illustrative|cover|main) )?(?:photo(?:graph)?s?|images?|pictures?"
    r"|illustration|photographer|screenshot|(?:credits?|video)(?=:)|фото|ілюстрація)"
    r"(?: credit| courtesy| source| caption)?(?:\s*(?P<mark>[:/,-])|\s+(?:by|courtesy of|via)\b)"
    r"\s*",
    re.IGNORECASE,
)
_NAMED = re.compile(r"^(?:FILE(?: PHOTO| IMAGE)?(?:\s*[:-]|\.) \S|(?:Image|Media) caption\b)")
_CREDIT = re.compile(
    rf"^(?:{_AGENCY}|AP Photo|Getty Images Europe)/|/\s?{_AGENCY}\b|\bvia {_AGENCY}\b"
    r"|^AP Photo\b|^Getty Images$"
)
_BRACKET = re.compile(r"^(?P<told>.*\S)\s*[(\[](?P<credit>[^()\[\]]{3,90})[)\]]$")
_TAIL = re.compile(r"^(?P<told>.*[.!?]['\")]*)\s+(?P<credit>(?:[^.!?]|\b[A-Z]\.){3,90})\.?$")
_POLL = re.compile(r"Ipsos|NORC|YouGov|Gallup")  # "Reuters/Ipsos" asks people, it takes no pictures
_PART = re.compile(r"[,;/&|·•()]|\s-\s")
_CAPTION_WORDS = 45  # a picture's text is a sentence or two; more is body text with a credit

_JOINING = frozenset({"and", "with", "in", "at", "for", "from", "та", "і", "й", "и", "у", "в"})
_PARTICLES = frozenset(
    {"de", "da", "di", "du", "la", "le", "van", "von", "der", "al", "bin", "via"}
)
_NEWSROOM = """
    a agencies agency analyst bureau business by chief columnist contributing contributor
    correspondent correspondents culture defence defense deputy desk diplomatic editing editor
    editorial editors energy europe executive foreign former freelance global health international
    investigations journalist managing military news newsroom of our photographer photographers
    political politics producer reporter reporters reporting research science security senior
    special sports staff team technology the to video visual world writer writers writing
"""
_NO_NAMES = """
    air all an any april august autumn christmas comparison contrast dawn december decree
    definition dusk easter every february friday his its january july june land late law march may
    midday midnight monday most new next night no noon november october order other rail road
    saturday sea september some spring summer sunday that then this thursday tuesday wednesday
    winter
"""
_OF_NEWSROOM, _NEVER_NAMES = frozenset(_NEWSROOM.split()), frozenset(_NO_NAMES.split())


def is_byline(text: str) -> bool:
    """Whether a line says who wrote, edited or contributed, and nothing else."""
    line = straight(text)
    if work := _WORK.match(line):
        return all(map(_is_proper, _groups(line[work.end() :].rstrip(".)"))))
    if _CONTRIBUTED.search(line) or _REPORTED.search(line):
        return _are_names(_REPORTED.sub("", _CONTRIBUTED.sub("", line)).rstrip("."))
    if source := _SOURCE.match(line):
        return len(words(line)) <= 5 and _are_proper(line[source.end() :])
    if by := _BY.match(line):
        return not line.endswith(".") and _are_names(line[by.end() :])
    return False


def is_dateline(text: str) -> bool:
    """Whether a place, a day or an agency stand alone, as in ``KYIV, Feb 3 (Reuters) -``."""
    return bool(_DATELINE.match(straight(text)))


def is_photo_credit(text: str) -> bool:
    """Whether a line names who took or holds a picture, and nothing else."""
    line = straight(text).strip("()[] .")
    picture = _PICTURE_BY.match(line)
    rest = line[picture.end() :] if picture else line
    return bool(picture or _CREDIT.search(line)) and len(words(rest)) <= 12 and _are_proper(rest)


def is_caption(text: str) -> bool:
    """Whether a line says what a picture shows: it is named as one or ends in a credit."""
    line = straight(text)
    picture = _PICTURE_BY.match(line.lstrip("(["))
    if _NAMED.match(line) or (picture and picture["mark"] == ":"):
        return not line.casefold().startswith(("video", "credit"))
    ending = _BRACKET.match(line) or _TAIL.match(line)
    if not ending or len(words(ending["told"])) > _CAPTION_WORDS:
        return False
    return is_photo_credit(ending["credit"]) and not _POLL.search(ending["credit"])


def _are_names(text: str) -> bool:
    """Whether a text is a list of people, with their places and jobs."""
    groups = list(_groups(text))
    return (
        bool(groups)
        and len(words(text)) <= 24
        and _is_author(groups[0])
        and all(map(_is_proper, groups[1:]))
    )


def _groups(text: str) -> Iterator[list[str]]:
    """The words between commas, "and" and the like; dates and times left out."""
    for part in _PART.split(text):
        group: list[str] = []
        for word in [] if is_timestamp(part) or part.strip().isdigit() else part.split():
            if word not in _JOINING:
                group.append(word)
            elif group:
                yield group
                group = []
        if group:
            yield group


def _is_author(group: list[str]) -> bool:
    first = group[0].casefold()
    if first in _NEVER_NAMES or not _is_proper(group):
        return False
    if all(word.casefold() in _OF_NEWSROOM for word in group):
        return True
    person = 2 <= len(group) <= 5 and group[0][0].isupper() and first not in _OF_NEWSROOM
    return person or bool(re.fullmatch(_AGENCY, " ".join(group)) or group[-1] in _OF_NEWSROOM)


def _are_proper(text: str) -> bool:
    return _is_proper([word for word in re.split(r"[\s,;/&|()-]+", text) if word not in _JOINING])


def _is_proper(group: list[str]) -> bool:
    """Whether every word begins with a capital or belongs to a newsroom's titles."""
    return all(
        word[:1].isupper() or word in _PARTICLES or word in _OF_NEWSROOM or word.startswith("@")
        for word in group
        if word
    )
