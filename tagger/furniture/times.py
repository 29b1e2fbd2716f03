"""Lines that only say when: published, updated, how long ago, how long to read."""

from __future__ import annotations

import re

from tagger.furniture.shape import straight

_FIGURE = re.compile(r"\d{1,4}(?:st|nd|rd|th)?|\d{1,2}\.\d{2}(?:am|pm)?|\d{1,2}[ap]m")
_CLOCK_OR_DATE = re.compile(
    r"\d{1,2}:\d{2}(?::\d{2})?(?:am|pm)?|\d{1,4}([./-])\d{1,2}\1\d{2,4}|\d{4}-\d\d-\d\dt[\d:.z+-]+"
)
_PART_OF_SENTENCE = re.compile(r"^(?:At|In|By) |(?<![ap]\.m)(?<![AP]\.M)(?<![ap]m)\.$")
_SEPARATOR = re.compile(r"[\s,|·•()@]+|\s-\s|(?<=[^\W\d]):|(?<=\d)-(?=min)")
_WORDS_THAT_TELL = """
    january february march april may june july august september october november december jan feb
    mar apr jun jul aug sept sep oct nov dec monday tuesday wednesday thursday friday saturday
    sunday mon tue tues wed thu thur thurs fri sat sun am pm a.m p.m published updated posted
    modified ago read reading gmt utc bst est edt et cet cest eet eest
    січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня
    января февраля марта апреля мая июня июля августа сентября октября ноября декабря
    оновлено опубліковано обновлено опубликовано тому назад читання чтения
"""
_WORDS_BETWEEN = """
    a an about at by date day days edited first hour hours hrs in kyiv last local min mins minute
    minutes on original originally the time today week weeks year years yesterday
    хв хвилин мин минут о в
"""
_TELLING, _BETWEEN = frozenset(_WORDS_THAT_TELL.split()), frozenset(_WORDS_BETWEEN.split())
_LONGEST = 16  # words: "Published 17 November 2025, 09:42 GMT. Updated 2 hours ago" has ten


def is_timestamp(text: str) -> bool:
    """Whether a text is nothing but a date, a time of day, an age or a reading time."""
    if len(text) > 120 or _PART_OF_SENTENCE.search(text):
        return False
    found = [word.strip(".-") for word in _SEPARATOR.split(straight(text).casefold())]
    found = [word for word in found if word]
    clocks = [word for word in found if _CLOCK_OR_DATE.fullmatch(word)]
    figures = [word for word in found if _FIGURE.fullmatch(word)]
    telling = [word for word in found if word in _TELLING]
    between = [word for word in found if word in _BETWEEN]
    return len(clocks) + len(figures) + len(telling) + len(between) == len(
        found
    ) <= _LONGEST and bool(clocks or (figures and telling))
