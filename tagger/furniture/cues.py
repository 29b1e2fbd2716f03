"""How longer lines of furniture begin, and what must stand in them: data, as patterns.

They are matched without case at the start of a text with straight quotes. News begins alike; the
tests hold a sentence of news against each.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tagger.furniture.reasons import Reason

_NETWORK = (
    r"(?:facebook|twitter|telegram|instagram|whatsapp|youtube|bluesky|tiktok|viber|linkedin|x"
    r"|mastodon|threads|google news)\b"
)
_LETTER = (
    r"\b(?:newsletters?|inbox|mailing list|e-?mail alerts?|news alerts|daily digest|рассылк\w+"
    r"|розсилк\w+)\b"
)
_OUR = r"(?:us|our|independent|quality|ukrainian|local)"
_WORK = r"(?:work|journalis[mt]\w*|newsroom|reporting|reporters|team)\b"
_ARTICLE = r"(?:article|story|post|piece|column|live blog|translation|transcript)\b"
_READ = (
    r"(?:read(?: also| more| next| on| this)?|also read|see also|see more|more on this(?: \w+)?"
    r"|related(?: article| articles| story| stories| reading| news| links?| coverage)?"
    r"|further reading|recommended|watch(?: also| more| now| live)?|listen(?: also| now)?"
    r"|don't miss|full story|читайте (?:також|ще|также|ещё|еще)|дивіться також|смотрите также"
    r"|за темою|по теме)"
)

# Furniture wherever it stands, even as the only paragraph of a row of a table.
_SURE: dict[Reason, tuple[str, ...]] = {
    "cookie notice": (
        (
            r"(?=(?:we (?:and our partners )?(?:also )?use|(?:this|our) (?:web)?sites? uses?"
            r"|by (?:clicking|continuing|using)|cookies help|please accept|manage your|we value"
            r"|to (?:give|provide|offer) you)\b)(?=.*\bcookies?\b)"
            r".*\b(?:site|website|browser|experience|consent|privacy|choices|preferences|audience"
            r"|analy[sz]e|traffic|advertis\w+|personali[sz]\w+|policy|technologies)\b"
        ),
    ),
    "copyright": (
        r"(?:©|&copy;|\(c\) ?(?=(?:19|20)\d\d\b))\s*\S",
        r"copyright\s+(?:©|\(c\)|(?:19|20)\d\d\b|by\b)",
        (
            # "[^.]{0,80}[.,]? ", spelt out because a blank after a run is found without trying all
            r"(?:[^.]{0,80} |[^.]{80}, |[^.]{0,80}\. )?all rights reserved"
            r"(?:\.?$|[.,;] (?:no|re|this|use|any)\w*\b)"
        ),
        r"(?:this|the) (?:material|content|article|text) may not be (?:published|reproduced)\b",
    ),
    "newsletter": (
        rf"(?:sign up|subscribe)\b(?=.*{_LETTER})",
        rf"(?:get|receive) (?:our|the|your|all|more)\b(?=.*\b(?:your|our|free)\b)(?=.*{_LETTER})",
    ),
    "subscription": (
        (
            r"(?:this|the full) (?:article|story|content|page) is (?:\w+ )?(?:for|to) (?:our )?"
            r"(?:paying )?(?:subscribers|members)\b"
        ),
    ),
}

_ON_A_PAGE: dict[Reason, tuple[str, ...]] = {
    "advertisement": (
        r"(?:sponsored|paid|promoted|partner) (?:content|post|message)\b(?:[.:]|$)",
        r"(?:sponsored|presented) by(?: [\w'&-]+){1,4}$",
    ),
    "comments": (
        (
            r"(?:(?:view|show|see|read|load|hide|leave|add|post|write) )?(?:(?:all|the|your|a) )?"
            r"(?:\d+ )?comments?(?: \(?\d+\)?)?$"
        ),
        r"join the (?:conversation|discussion)\b.{0,40}$",
        r"comments (?:are|have been) (?:closed|disabled|moderated)\b",
    ),
    "contact": (
        r"(?:contact|e-?mail|write to|reach) .{0,60}\S@\S",
        r"\S+@\S+\.\w+$",
        r"get in touch\b.{0,20}(?:[:.]|$|with us)",
        r"(?:do you )?(?:have|got) (?:an? |any )?(?:news |more )?(?:tips?|information|story)\b.*\?",
        r"(?:send|share) (?:us )?your (?:story|stories|tips?)\b",
        r"(?:if you|have you) (?:noticed?|find|found|see|seen|spot(?:ted)?) an? (?:typo|error)\b",
        r"(?:spotted|found|noticed) an? (?:typo|mistake|error)\?",
        r"(?:якщо ви |если вы )?(?:помітили|знайшли|заметили|нашли) (?:помилку|ошибку)",
    ),
    "copyright": (
        (
            r"(?:online media (?:that|which|may)|(?:while|when) (?:citing|quoting|using))\b"
            r".*\b(?:link|hyperlink)s?\b"
        ),
        r"(?:reproduction|republication|reprinting)\b.*\b(?:link|hyperlink|permission|consent)\b",
    ),
    "editor's note": (
        r"\W?(?:editor(?:'s|s'|s|ial)? notes?|notes? (?:to|for) (?:our )?readers)\s*(?:[:.(-]|$)",
        (
            r"(?:correction|clarification)s?\b[^.:]{0,20}[:(-]\s*(?:in )?"
            r"(?:an? (?:earlier|previous)\b|the original\b|(?:a|the) (?:caption|headline)\b"
            rf"|th(?:is|e) (?:\w+ )?{_ARTICLE})"
        ),
        (
            rf"an earlier version (?:of this (?:\w+ )?{_ARTICLE}|gave the wrong|incorrectly"
            r"|mis(?:sta|spel|ident))"
        ),
        (
            rf"(?:update: )?this (?:\w+ )?{_ARTICLE} (?:has been|was|is being|will be|is) (?:\w+ )?"
            r"(?:updated|amended|corrected|(?:first|originally) published|republished)\b"
        ),
        r"this report (?:has been|is being|will be) updated\b",
        (
            rf"this {_ARTICLE} (?:(?:was|is|has been) (?:translated|edited|produced|made|revised"
            r"|part of (?:our|a series))|(?:first |originally )?appeared in)\b"
        ),
        rf"a version of this {_ARTICLE} (?:first |originally )?(?:appear|ran|was)",
        r"this is a (?:developing|breaking)(?: news)? story\b",
        r"more (?:details )?to follow\b.{0,20}$",
        r"(?:the )?(?:views|opinions)(?: expressed| presented)? (?:in this|here|by the authors?)\b",
        r"(?:the )?(?:views|opinions) expressed are\b",
        r"\((?:adds|updates|recasts|refiles|removes|writes through|this [\w ]{3,20} corrects)\b",
    ),
    "most-popular list": (
        r"most (?:read|popular|viewed|shared|watched) (?:in|on|this|today)(?: \w+){0,3}$",
    ),
    "navigation": (
        r"(?:click|tap) (?:here|below|on the (?:link|image|button|map))\b.{0,80}$",
        r"(?:page )?\d{1,3}(?: ?(?:of|/) ?\d{1,3})?$",
        r"our standards:",
    ),
    "newsletter": (
        r"start your (?:day|morning) with\b.*\b(?:briefing|dispatch|newsletter)\b",
        r"thank(?:s| you) for (?:registering|subscribing|signing up)\b",
        r"sign up (?:to|for) .*\b(?:free (?:daily|weekly|each|every)|our (?:free|daily|weekly))\b",
    ),
    "player": (
        r"(?:listen to|play|watch) (?:this|the) (?:article|story|audio|video|episode)\b.{0,25}$",
        r"listen\W+\d+ min",
        r"\d{1,2}:\d\d ?/ ?\d{1,2}:\d\d$",
        r".{0,60}\b(?:enable|switch on) javascript\b",
        r"your browser does not support\b",
    ),
    "related link": (
        rf"\W{{0,3}}{_READ}\s*[:|►▶→]\s*\S",
        (
            r"(?:read|see|watch|follow) (?:more|(?:the|our) (?:full|live|latest) \w+)\b"
            r"(?: \w+){0,9} here\.?$"
        ),
        r"read more (?:about|on|from)(?: \S+){1,8}(?<![.!?])$",
        (
            r"(?:(?:follow|read|see|find|visit|more|full)\b.{0,80}\s)?"
            r"(?:https?://|www\.|pic\.twitter\.com/|t\.me/)\S+$"
        ),
        r"(?:keep reading )?list (?:of \d+ items|\d+ of \d+)",
    ),
    "share line": (
        rf"(?:follow|like|join|find|add) us (?:on|at|in|via)\b.*\b{_NETWORK}",
        (
            r"(?:follow|like|join|find|subscribe to) our (?:\w+ ){0,3}"
            rf"(?:channel|feed|page|account|group|{_NETWORK})"
        ),
        r"[\d.,]+k? (?:shares|likes|views|reposts|retweets)$",
        rf"follow (?!the\b)(?:\S+ ){{1,5}}on {_NETWORK}",
    ),
    "subscription": (
        r"subscribe (?:now|today|here)\b.{0,80}$",
        r"subscribe (?:for|from) (?:just |only )?\W?\d",
        r"subscribe to (?:our|read|continue|unlock)\b",
        rf"(?:support|help|back|fund) {_OUR}(?: \w+)? {_WORK}",
        r"(?:support|join) us (?:with|via|on|from|today|now|by|here|for|at)\b",
        r"donate (?:to us|here|now|today)\b",
        r"register (?:now|here|today|for free)\b.{0,80}$",
        r"(?:hi|hello|hey)(?: there)?[,!] .{0,40}\b(?:author of this|wrote this)\b",
        r"thank(?:s| you) for (?:reading|standing with us|supporting)\b",
        r"become (?:a|our) (?:\w+ )?(?:member|patron|supporter|subscriber)\b(?! of\b| state)",
        r"(?:already|not yet) (?:a |an )?(?:subscriber|member)\b",
        r"to (?:continue|keep) reading(?:[,.:]|$| (?:this|the (?:article|story)|please)\b)",
        r"you (?:have|'ve) (?:read|reached|used) .*\b(?:articles?|limit)\b",
        (
            r".*\b(?:please|do|you) consider (?:supporting|donating|subscribing|becoming|making|a"
            r" small)\b.*\b(?:us|our|member|contribution|newsroom)\b"
        ),
        (
            r".*\byour (?:membership|support|donation|contribution|subscription)"
            r" (?:pays|helps|makes|keeps|allows|enables)\b"
        ),
        r"(?:get|download|install|try) (?:the|our) (?:\w+ ){0,2}apps?\b",
    ),
    "tags": (r"(?:#\w+[\s,]*)+$",),
}


class Cues:
    """A table of patterns as one pattern, in which a group stands for a reason."""

    def __init__(self, table: dict[Reason, tuple[str, ...]]) -> None:
        self._reasons = {f"reason{number}": reason for number, reason in enumerate(table)}
        groups = zip(self._reasons, map("|".join, table.values()), strict=True)
        whole = "|".join(f"(?P<{name}>{patterns})" for name, patterns in groups)
        self._pattern = re.compile(whole, re.IGNORECASE)

    def reason(self, line: str) -> Reason | None:
        """The first reason that the beginning of a line tells; None where it tells none."""
        match = self._pattern.match(line)
        return self._reasons[match.lastgroup] if match and match.lastgroup else None


SURE, ON_A_PAGE = Cues(_SURE), Cues(_ON_A_PAGE)
