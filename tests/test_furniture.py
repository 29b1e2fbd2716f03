from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.furniture import REASONS, cues, mark
from tagger.furniture.phrases import HEADINGS, LIST_HEADS, ON_A_PAGE, PLACES, SURE
from tagger.furniture.shape import key
from tagger.paragraphs import split
from tagger.records import Document, Paragraph, Passage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tagger.records import Role

SHARED = Path(__file__).parents[2] / "shared"

# An invented story, and others for clips of several.
HEADLINE = "Second pump fails in Stara Hreblia as river stays high for a third week"
BODY = (
    (
        "The second of three pumps in Stara Hreblia failed on Monday night, and the river, high "
        "for a third week, entered the cellars along Mill Street."
    ),
    "Olena Marchenko, who runs the bakery by the station, carried forty sacks of flour upstairs.",
    "The regional council said that a spare part was on its way from Ostrava by lorry.",
    "Volunteers had brought blankets, a generator and 200 litres of water in plastic canisters.",
    "Nobody was hurt, although the windows of a kindergarten were pushed in by floating logs.",
    "The army sent two boats and a crew who had last used them in a regatta.",
)
OTHER_HEADLINE = "Railway companies meet in Ostrava over a timetable that both call a ruin"
OTHER_BODY = (
    (
        "Two railway companies met in Ostrava on Wednesday to argue over a timetable that both of "
        "them call a ruin."
    ),
    "The night train to the coast would stop at every village under the older of two drafts.",
)
LINKS = (
    "Harbour of Melnyk counts its barges and finds two without a crew",
    "'We bake at night' — how a bakery lives without a grid",
    "Who pays for the smelter's new turbines?",
)


RESERVED = re.compile(
    r"(?:[^.]{0,80}[.,]? )?all rights reserved(?:\.?$|[.,;] (?:no|re|this|use|any)\w*\b)",
    re.IGNORECASE,
)


@given(st.text("a., ", max_size=90), st.sampled_from(["", " Any use is theft.", ".", " on paper"]))
def test_rights_are_reserved_within_eighty_letters_and_one_sentence(
    before: str, after: str
) -> None:
    for line in (
        f"{before}All rights reserved{after}",
        f"{before:a<81}, all rights reserved{after}",
    ):
        assert (cues.SURE.reason(line) == "copyright") == bool(RESERVED.match(line))


def furniture(*lines: str | tuple[Role, str], document: str = "page") -> list[str | None]:
    """Why each line of a page is furniture; a line is a paragraph unless it names its role."""
    passages = (
        Passage(x, "paragraph") if isinstance(x, str) else Passage(x[1], x[0]) for x in lines
    )
    return [p.furniture for p in mark(split(Document(document, tuple(passages))))]


def on_a_page(line: str) -> str | None:
    """Why a line is furniture that stands between the paragraphs of a story."""
    found = furniture(("title", HEADLINE), *BODY[:3], line, *BODY[3:])
    assert [reason for number, reason in enumerate(found) if number != 4] == [None] * 7
    return found[4]


def alone(line: str) -> str | None:
    """Why a line is furniture that is all there is in a row of a table."""
    (reason,) = furniture(line)
    return reason


# --- the frame ------------------------------------------------------------------------------


def test_marking_changes_nothing_but_the_reason() -> None:
    before = split(Document("page", (Passage("\n\n".join([*BODY, "Share on Facebook"])),)))
    after = mark(before)
    assert [(p.id, p.text, p.document, p.index, p.role) for p in after] == [
        (p.id, p.text, p.document, p.index, p.role) for p in before
    ]
    assert [p.furniture for p in after] == [None] * len(BODY) + ["share line"]


def test_marking_again_gives_the_same_and_takes_back_a_stale_reason() -> None:
    once = mark(split(Document("page", (Passage("\n\n".join([*BODY, "Subscribe"])),))))
    assert mark(once) == once
    (stale,) = mark([Paragraph(once[0].id, once[0].text, "page", 0, furniture="byline")])
    assert stale.furniture is None


def test_no_paragraphs_are_no_furniture() -> None:
    assert mark([]) == []


def test_documents_are_judged_each_for_itself() -> None:
    one = split(Document("a", (Passage("Most Popular", "paragraph"),)))
    two = split(Document("b", (Passage(LINKS[0], "paragraph"),)))
    assert [p.furniture for p in mark([*one, *two])] == [None, None]


def test_every_phrase_has_a_known_reason_and_is_written_as_it_is_compared() -> None:
    tables = {**SURE, **ON_A_PAGE, **LIST_HEADS}
    assert set(tables.values()) <= set(REASONS)
    phrases = {*tables, *HEADINGS, *PLACES}
    assert {phrase for phrase in phrases if key(phrase) != phrase} == set()


def test_a_phrase_has_one_reason() -> None:
    assert not set(SURE) & set(ON_A_PAGE)
    assert not set(SURE) & set(LIST_HEADS)
    assert not set(ON_A_PAGE) & set(LIST_HEADS)
    assert not set(HEADINGS) & {*SURE, *ON_A_PAGE, *LIST_HEADS}


# --- what its own words tell ----------------------------------------------------------------

SURE_LINES = {
    "advertisement": [
        "Advertisement",
        "ADVERTISEMENT · Scroll to continue",
        "Story continues below advertisement",
        "Promoted",
        "Реклама",
    ],
    "cookie notice": [
        "We use cookies",
        "We use cookies and similar technologies to measure our audience. You may refuse.",
        "By continuing to use this site you accept our use of cookies and our privacy policy.",
        "Accept all cookies",
    ],
    "copyright": [
        "Copyright © 2024 The Melnyk Courier",
        "© 2024 The Melnyk Courier",
        "All rights reserved.",
        "Copyright 2025 The Melnyk Courier. All rights reserved. This material may not be copied.",
        "The Melnyk Courier, all rights reserved",
        "Усі права захищені.",
    ],
    "newsletter": [
        "Sign up to our newsletter",
        "Sign up for Morning Dispatch, our free newsletter on the region's railways.",
        "Subscribe to our newsletter River Weekly",
        "Get our best stories in your inbox every Friday",
        "Підпишіться на нашу розсилку",
    ],
    "share line": [
        "Share",
        "Share this article",
        "Share on Facebook",
        "Tweet",
        "Copy link",
        "Copy link  Facebook  X  WhatsApp  Telegram  Email",
        "Поділитися",
        "Поделиться в Телеграм",
    ],
    "subscription": [
        "Subscribe",
        "Subscribe now",
        "Become a member",
        "Support us",
        "Already a subscriber? Log in",
        "This article is reserved for our subscribers. You have 68% left to read.",
        "Підписатися",
    ],
    "divider": ["* * *", "—", "…", "• • •", "★★★"],
}
PAGE_LINES = {
    "advertisement": ["Paid post. The newsroom had no part in it.", "Sponsored by Example Bank"],
    "byline": [
        "By Jane Doe",
        "By Jane Doe and John Roe, Kyiv",
        "BY JANE DOE",
        "By Jane van der Doe, Defence Correspondent",
        "By our diplomatic editor",
        "By Jane Doe | April 24, 2023",
        "Additional reporting by Jane Doe in Warsaw and John Roe in Berlin",
        "(Reporting by Jane Doe in Kyiv; Editing by John Roe)",
        "Jane Doe contributed to this report.",
        "Jane Doe reported from Kyiv and John Roe from Berlin.",
        "Associated Press writers Jane Doe in Rome and John Roe contributed to this report.",
        "Source: Reuters",
        "Автор: Олена Марченко",
    ],
    "caption": [
        "[1/3] A pump stands idle in Stara Hreblia, April 3, 2023. REUTERS/Jane Doe",
        "Image caption, A pump stands idle by the river",
        "FILE PHOTO: A pump stands idle by the river, April 3",
        "Photo: A pump stands idle by the river",
        "A pump stands idle in Stara Hreblia. Photo: Jane Doe / AFP",
        "A pump stands idle in Stara Hreblia (Jane Doe/AFP via Getty Images)",
        "A pump stands idle in Stara Hreblia, April 3. REUTERS/Jane Doe",
        "A pump stands idle. (Photo by Jane Doe)",
        "Фото: насосна станція в селі",
    ],
    "comments": [
        "Comments (12)",
        "12 comments",
        "Leave a comment",
        "Join the conversation: 214 comments",
        "Comments are closed. We open some articles between 7am and 7pm.",
    ],
    "contact": [
        "Contact the reporter at jane.doe@example.org",
        "Do you have information on the pumps? Write to our reporters.",
        "newsdesk@example.org",
    ],
    "dateline": ["KYIV, Feb 3 (Reuters) -", "KYIV, Ukraine (AP) —", "MELNYK, June 3 -"],
    "editor's note": [
        "A version of this article appears in print on page 1.",
        "This article first appeared in The Ostrava Tribune.",
        "Editor's note: This article has been updated with a comment from the council.",
        "Correction: An earlier version of this article gave the wrong age for the mayor.",
        "Correction, March 12: a caption gave the wrong year.",
        "This story was updated at 11:40 p.m.",
        "This is a developing story and will be updated.",
        "More details to follow.",
        "The views expressed in this article are the author's own.",
    ],
    "navigation": [
        "Home > World > Europe",
        "Home » News » Second pump fails in Stara Hreblia",
        "Home | News | Sport | Weather | Contact us",
        "News · Politics · Opinion",
        "Front line | Rivers | Pumps",
        "Log In | Register",
        "Terms of use. Privacy policy. Contact. Jobs.",
        "Click here to read the judgment",
        "Back to top",
        "Read more",
        "3 of 12",
    ],
    "newsletter": ["Thank you for registering. Check your e-mail."],
    "photo credit": [
        "AFP/Getty Images",
        "Photo by Jane Doe",
        "(Photo: Jane Doe/Reuters)",
        "Image credit: Melnyk Harbour Office",
        "Jane Doe / Getty Images",
        "Credit: AFP",
        "Video: Reuters",
        "Image source, EPA",
    ],
    "player": ["Listen to this article", "Listen · 5 min", "0:00 / 3:45", "Play video"],
    "related link": [
        "Read also: Harbour of Melnyk counts its barges",
        "READ MORE: Who pays for the smelter's new turbines?",
        "Watch: How a bakery lives without a grid",
        "See also → Harbour of Melnyk counts its barges.",
        "Read the full report here.",
        "https://example.org/pumps",
        "Follow the Courier's coverage of the flood at https://example.org/flood",
        "Читайте також: Хто заплатить за нові турбіни",
        "Читайте также: Кто заплатит за новые турбины",
    ],
    "share line": [
        "Facebook",
        "Follow us on Telegram and X",
        "Follow Jane Doe on Twitter",
        "Join our Telegram channel",
        "1.2K Shares",
        "Follow our Telegram channel for verified updates.",
    ],
    "subscription": [
        "Support independent journalism from the river towns.",
        "Become a member for the price of a loaf a month.",
        "To continue reading, start your free trial.",
        "You have read four articles this week. Please consider a small contribution.",
        "Thank you for reading. Your membership pays for boots and batteries.",
        "Subscribe for $1 a week",
        "Support us / Become a member",
        "Hi, this is Jane Doe, the author of this article.",
        "Get the app: alerts from the river on your telephone.",
    ],
    "tags": [
        "Tags: Ukraine, flood, pumps",
        "Topics: Rail | Ostrava",
        "#flood #pumps",
        "Теги: повінь",
    ],
    "timestamp": [
        "April 24, 2023 11:02 am · 2 min read",
        "Updated 12:04",
        "Published 17 November 2025, 09:42 GMT. Updated 2 hours ago",
        "2 min read",
        "24.04.2023, 11:02",
        "2023-04-24T11:02:00+03:00",
        "5 hours ago",
        "First published on Mon 24 Apr 2023 10.00 BST",
        "Monday, April 24, 2023",
        "12 квітня, 14:30",
    ],
}
# Sentences of news that begin like furniture of each kind, and lines that only look short.
NEWS = [
    # lists of links
    "Trending down for months, exports fell again in May.",
    "Most popular among the exiles is the bakery on the corner.",
    "Latest figures show that 4,000 houses are without heat.",
    "Recommended by the commission, the plan goes to a vote in June.",
    # share line
    "Share prices fell in Melnyk after the smelter cut its forecast for the second time.",
    "Share of coal in the grid falls below a tenth",
    '"Share the pain," she said.',
    "Follow the money on Telegram: how a channel in Melnyk paid for drones",
    "Join the army or leave, a post on Telegram told the boatmen of the upper river.",
    "Telegram channels close to the council wrote that the pump had been old.",
    "Find us a boat, stranded families wrote on Facebook as the water rose.",
    "Tweets by the mayor were read out in court on Thursday.",
    # advertisement
    "Advertisement revenues collapsed at both newspapers of the town within a month.",
    "Sponsored by a brewery, the regatta went ahead although the river was high.",
    "Ads for boat crews hang in every station between Melnyk and the coast.",
    "Sponsored by the brewery and the bank, the regatta of the boatmen went ahead.",
    # cookies
    "We use cookies and tea to keep the children calm, the teacher of the cellar school said.",
    "This year a browser maker is to drop its plan to block cookies, the ministry hears.",
    # copyright
    "Copyright law is to change after a ruling on the songs of the river pilots.",
    "All rights reserved for the victors, as one delegate put it, is no basis for a treaty.",
    "(c) The parties agree to withdraw their boats to the positions of June 1.",
    # newsletter, subscription
    "Subscribe to a theory and you will find the facts for it, the engineer likes to say.",
    "Subscribe to the newspaper or lose the flat, teachers were told in occupied Hreblia.",
    "Sign up or pay: boatmen are given until Friday to join the river guard.",
    "Sign up for the newsletter of the river guard, tenants were told, or leave the house.",
    "Support us or step aside, pump crews tell the council.",
    "Support for independent candidates fell to nine percent.",
    "Become a member of the party or lose the stall, traders heard.",
    "Your support helps us to hold the dyke, the mayor told the volunteers.",
    'The mayor thanked them all. "Your support keeps us dry," read the banner.',
    "To keep reading the river's signs takes thirty years, say its pilots.",
    "Join NATO, join the EU: what river towns want in polls",
    "Get our men home, wives demand on Telegram",
    # bylines
    "By Olena Marchenko's estimate, forty people were left in the village.",
    "Reporting from Hreblia has become impossible, crews say.",
    "Sources close to the council said that the envoy would travel on Monday.",
    "Source in the delegation: no deal today",
    "By Monday the brigade had lost the mill and both bridges.",
    "By Christmas Eve the river had fallen by half a metre",
    "Reporting by Ukrainian outlets suggests that the pump had never been tested.",
    "Writing by candlelight is harder than it looks, the clerk of the council found.",
    # captions and credits
    "Photo evidence shows three pumps, not two, under the tarpaulin.",
    "Photographs of the pump, taken in May, show rust on every bolt.",
    "Images of the flood went around the world within an hour.",
    "The strike was first reported by AFP and confirmed by the council.",
    "A spokesman for Getty Images declined to comment on the pictures of the flood.",
    "The council confirmed the failure of the second pump on Monday night. Reuters",
    "The dyke held (so far).",
    "File on the pumps goes missing",
    "Satellite images by Maxar Technologies show 100 fresh graves.",
    "The dyke was mined. (Photo evidence has been handed to the court.)",
    "He sold the pictures to Getty Images.",
    "Photo/video evidence shows three pumps under the tarpaulin.",
    "Four in ten want the third pump back (Reuters/Ipsos)",
    # comments
    "No comment.",
    "Comments by the minister on the pumps sank the share price within minutes.",
    "Comment from the council was not to be had before the evening.",
    # contact
    "Contact with the crew of the second boat was lost at dawn.",
    "Have no illusions: the third pump is older than the other two.",
    # dateline
    "KYIV, Feb 3 (Reuters) - The second pump failed on Monday night, the council said.",
    "KYIV ON ALERT - THIRD PUMP IN DOUBT, SAYS RIVER COMMISSION",
    # editor's note
    "Correction of the course came late: the boat had already struck the bridge.",
    "Correction: the market gave up a tenth of its value after the report on the pumps.",
    "The views expressed by the minister on Monday reflect a change of course.",
    "An earlier version of the plan gave the council a veto over the pumps.",
    "This report was published by the river commission in May and lists forty pumps.",
    "This story is part of a wider pattern: pumps fail where nobody is trained.",
    "Editor's note found in the archive shows the hand of the censor.",
    "Clarification from Berlin is expected: will the pumps be sent or not?",
    "Editors of both newspapers signed the letter to the council.",
    # navigation
    "Home at last: the bakers of Mill Street",
    "About 2,800 members of the union have been locked out since December 14.",
    "Click and collect is all that is left to the shops of Mill Street.",
    "Kharkiv, Sumy, Chernihiv and Odesa were under alert until dawn.",
    "Search for two boatmen goes on",
    "terms.",
    "Click on the link and your account is gone, the cyber police warn.",
    "Weather: snow slows the boats near Stara Hreblia",
    "Kherson: 2 dead · Nikopol: 4 wounded · Kharkiv: quiet",
    "Kharkiv | 3 dead, 17 wounded",
    # player
    "Listen to the pumps and you know which will fail next, says the mechanic.",
    "Play resumed after forty minutes, when the pitch had been drained.",
    "Watch officers said the lights on the far bank went out one by one.",
    # related links
    "Related talks in Geneva ended without a word on the pumps.",
    "Read his lips: there will be no third pump, the treasurer said.",
    "More on the left bank than on the right, people speak of leaving.",
    "Recommended doses were handed out at the school of Stara Hreblia.",
    # tags
    "Topics: what the two mayors may discuss when they meet on the bridge",
    "Tags on the barges show that they were built in 1974.",
    "Topics for the summit: ceasefire, prisoners, grain and the nuclear plant.",
    # timestamps
    "At 4 a.m.",
    "April 24, 2023: river takes the third pump",
    "April was the wettest month since 1931",
    "At 4:15 on Monday the alarm went off",
    "2023 was worse.",
    "Updated maps show the water a mile from the station.",
    # author notes
    "Jane Doe is a reporter at the Courier who was detained on the bridge on Monday.",
    "Petro Hai is a boatman of the third generation.",
    # lines in quotation marks
    "“Advertisement,” it said on the boat's side, and nothing else.",
    "‘Subscribe’ is the first word that pupils learn from the new book.",
]


@pytest.mark.parametrize(
    ("line", "reason"), [(line, reason) for reason, lines in SURE_LINES.items() for line in lines]
)
def test_unmistakable_furniture_is_set_aside_anywhere(line: str, reason: str) -> None:
    assert (alone(line), on_a_page(line)) == (reason, reason)


@pytest.mark.parametrize(
    ("line", "reason"), [(line, reason) for reason, lines in PAGE_LINES.items() for line in lines]
)
def test_other_furniture_is_set_aside_on_a_page_but_not_in_a_row(line: str, reason: str) -> None:
    assert (alone(line), on_a_page(line)) == (None, reason)


@pytest.mark.parametrize("line", NEWS)
def test_news_that_begins_like_furniture_is_kept(line: str) -> None:
    assert (alone(line), on_a_page(line)) == (None, None)


def test_every_reason_is_tested() -> None:
    elsewhere = {"author note", "most-popular list", "section heading"}
    assert set(REASONS) == {*SURE_LINES, *PAGE_LINES, *elsewhere}


@pytest.mark.parametrize(
    "line", ["By Monday", "By rail and by sea", "By Land, Sea and Air", "By Next Winter", "By then"]
)
def test_a_time_or_a_way_is_no_byline(line: str) -> None:
    assert on_a_page(line) != "byline"


def test_a_long_paragraph_is_news_whatever_it_begins_with() -> None:
    assert on_a_page("Read also: " + " ".join(BODY * 2)) is None


# --- lists of links -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        ("Most Popular", "most-popular list"),
        ("Editors' Picks", "most-popular list"),
        ("Editor’s picks:", "most-popular list"),
        ("Trending", "most-popular list"),
        ("Latest news", "most-popular list"),
        ("Most read in World", "most-popular list"),
        ("Найпопулярніше", "most-popular list"),
        ("Read also:", "related link"),
        ("READ MORE:", "related link"),
        ("More on this story", "related link"),
        ("More from Europe", "related link"),
        ("Related", "related link"),
        ("Around the web", "related link"),
        ("Recommended for you", "related link"),
        ("Читайте також", "related link"),
        ("Читайте также:", "related link"),
    ],
)
def test_headlines_below_a_list_head_are_furniture(head: str, reason: str) -> None:
    assert furniture(HEADLINE, *BODY, head, *LINKS) == [None] * 7 + [reason] * 4


def test_a_list_ends_where_body_text_resumes() -> None:
    found = furniture(HEADLINE, *BODY[:3], "Read also:", LINKS[0], *BODY[3:], LINKS[1])
    assert found == [None] * 4 + ["related link"] * 2 + [None] * 4


def test_a_heading_of_the_story_ends_a_list() -> None:
    found = furniture(HEADLINE, *BODY[:3], "Read also:", LINKS[0], "Background", LINKS[1])
    assert found[4:] == ["related link", "related link", "section heading", None]


def test_a_second_head_opens_a_second_list() -> None:
    found = furniture(*BODY, "Most Popular", *LINKS[:2], "Read next", LINKS[2])
    assert found[6:] == ["most-popular list"] * 3 + ["related link"] * 2


def test_times_and_advertisements_do_not_end_a_list() -> None:
    found = furniture(*BODY, "Latest news", LINKS[0], "2 hours ago", "Advertisement", LINKS[1])
    assert found[7:] == ["most-popular list", "timestamp", "advertisement", "most-popular list"]


def test_items_that_are_headlines_below_a_head_are_furniture() -> None:
    items: list[tuple[Role, str]] = [("item", link) for link in LINKS]
    assert furniture(*BODY, ("heading", "Most Popular"), *items)[6:] == ["most-popular list"] * 4


def test_items_that_are_sentences_are_kept_under_any_head() -> None:
    items: list[tuple[Role, str]] = [("item", sentence) for sentence in BODY[:3]]
    assert furniture(HEADLINE, ("heading", "Latest news"), *items)[2:] == [None] * 3


def test_a_digest_keeps_its_bullets() -> None:
    assert furniture(HEADLINE, *[f"• {s}" for s in BODY]) == [None] * 7


def test_headlines_without_a_head_are_kept() -> None:
    assert furniture(*BODY, *LINKS) == [None] * 9


def test_the_next_story_of_a_clip_begins_after_a_list() -> None:
    found = furniture(*BODY, "Most Popular", *LINKS, OTHER_HEADLINE, *OTHER_BODY)
    assert found == [None] * 6 + ["most-popular list"] * 4 + [None] * 3


def test_a_title_is_kept_even_below_a_head() -> None:
    found = furniture("Most Popular", LINKS[0], ("title", OTHER_HEADLINE), *OTHER_BODY)
    assert found == ["most-popular list"] * 2 + [None] * 3


def test_a_button_below_a_teaser_does_not_take_the_next_headline() -> None:
    found = furniture(HEADLINE, BODY[0], "Read more", OTHER_HEADLINE, OTHER_BODY[0], "Read more")
    assert found == [None, None, "navigation", None, None, "navigation"]


# --- headings and headlines -----------------------------------------------------------------


@pytest.mark.parametrize(
    "heading",
    ["Background", "What we know so far", "Why it matters:", "KEY POINTS", "Що відомо", "## Pumps"],
)
def test_a_well_known_heading_is_furniture(heading: str) -> None:
    assert on_a_page(heading) == "section heading"


@pytest.mark.parametrize("heading", ["Life on the upper floors", "Old iron", "Who pays?"])
def test_a_short_line_between_body_text_is_a_heading(heading: str) -> None:
    assert on_a_page(heading) == "section heading"


@pytest.mark.parametrize(
    "line",
    [
        "Army boats reach Mill Street",
        "Marchenko dismisses flood plan",
        "Kherson: two pumps down",
        "12 pumps lost",
        "“We just left”",
        "and then nothing",
    ],
)
def test_a_short_line_that_may_be_news_is_kept(line: str) -> None:
    assert furniture(HEADLINE, *BODY[:5], line, BODY[5], BODY[2])[6] is None


def test_a_heading_that_the_source_marked_is_furniture_at_any_length() -> None:
    heading = "How the river towns prepare for a winter without the third pump"
    assert furniture(("title", HEADLINE), *BODY[:2], ("heading", heading), *BODY[2:])[3] == (
        "section heading"
    )


def test_a_marked_headline_that_begins_a_new_story_is_kept() -> None:
    found = furniture(("title", HEADLINE), *BODY, ("heading", OTHER_HEADLINE), *OTHER_BODY)
    assert found == [None] * 10


@pytest.mark.parametrize(
    "first", [HEADLINE, "Background", "Old iron", "# Pumps", "Watch: no pumps"]
)
def test_the_first_line_is_the_storys_headline(first: str) -> None:
    text = "The watch at the river has no pumps." if first.startswith("Watch") else BODY[0]
    assert furniture(first, text, *BODY[1:])[0] is None


def test_a_marked_heading_on_top_is_the_headline_where_there_is_no_title() -> None:
    found = furniture("By Jane Doe", "May 4, 2025", ("heading", "Old iron"), *BODY)
    assert found[:3] == ["byline", "timestamp", None]


def test_each_story_of_a_clip_keeps_its_headline() -> None:
    short = "Night train in doubt"
    found = furniture(*BODY, OTHER_HEADLINE, *OTHER_BODY, short, *BODY[1:3])
    assert found == [None] * 12


@pytest.mark.parametrize("word", ["Share", "Most Popular", "Background", "By Jane Doe"])
def test_a_title_is_never_furniture(word: str) -> None:
    assert furniture(("title", word), *BODY)[0] is None


def test_what_the_source_calls_a_caption_is_one() -> None:
    assert furniture(("title", HEADLINE), ("caption", "A pump."), *BODY)[1] == "caption"
    assert furniture(("caption", "A pump.")) == ["caption"]


# --- authors --------------------------------------------------------------------------------


def test_notes_on_the_authors_at_the_end_are_furniture() -> None:
    notes = (
        "Jane Doe is a reporter at The Melnyk Courier, covering the river.",
        "John Roe covers the railways and lives in Ostrava.",
        "The writer is a professor of hydrology at Ostrava.",
    )
    found = furniture("By Jane Doe and John Roe", *BODY, *notes, "Share")
    assert found == ["byline"] + [None] * 6 + ["author note"] * 3 + ["share line"]


def test_somebody_whom_the_story_is_about_is_no_author() -> None:
    last = "Olena Marchenko is a former journalist of the Courier."
    assert furniture(*BODY, last)[-1] is None
    assert furniture(*BODY, "Petro Hai is a journalist who was killed in May.")[-1] is None


def test_a_note_below_a_byline_is_furniture() -> None:
    note = "Jane Doe is the Courier's river correspondent."
    assert furniture(HEADLINE, "By Jane Doe", note, *BODY)[:3] == [None, "byline", "author note"]


def test_a_note_on_an_author_inside_a_story_is_kept() -> None:
    assert furniture(*BODY[:3], "Jane Doe is a reporter at the Courier.", *BODY[3:])[3] is None


# --- whole pages ----------------------------------------------------------------------------


def test_a_page_with_all_its_furniture_keeps_its_story() -> None:
    page = [
        ("Home > News > Region", False),
        (HEADLINE, True),
        ("By Jane Doe", False),
        ("April 24, 2023 11:02 am · 2 min read", False),
        ("Share", False),
        ("Mill Street on Monday. Photo: Jane Doe / AFP", False),
        *[(text, True) for text in BODY[:2]],
        ("Advertisement", False),
        (BODY[2], True),
        ("Read also: " + LINKS[0], False),
        ("Background", False),
        *[(text, True) for text in BODY[3:]],
        ("Sign up to our newsletter", False),
        ("Subscribe", False),
        ("Tags: river, pumps", False),
        ("Comments (12)", False),
        ("Most Popular", False),
        *[(link, False) for link in LINKS],
        ("© 2023 The Melnyk Courier. All rights reserved.", False),
    ]
    found = furniture(*[line for line, _ in page])
    assert [(line, reason is None) for (line, _), reason in zip(page, found, strict=True)] == page


def test_a_page_in_ukrainian_keeps_its_story() -> None:
    found = furniture(
        "У Старій Греблі зламався другий насос",
        "Автор: Олена Марченко",
        "12 квітня, 14:30",
        "Другий з трьох насосів у Старій Греблі зламався в понеділок уночі.",
        "Читайте також:",
        "Хто заплатить за нові турбіни",
        "Рада повідомила, що запасна частина вже в дорозі.",
        "Підписуйтесь на наш канал у Телеграмі.",
        "Найпопулярніше",
        "Гавань рахує баржі",
    )
    assert [reason is None for reason in found] == [
        *[True, False, False],
        *[True, False, False, True],
        *[True, False, False],
    ]


@given(
    st.lists(st.sampled_from([*BODY, *NEWS, *LINKS, HEADLINE, "Share", "Related", "By Jane Doe"]))
)
def test_sentences_of_the_story_are_kept_in_any_company(lines: list[str]) -> None:
    found = furniture(*lines)
    assert {x for x, reason in zip(lines, found, strict=True) if reason} & set(BODY) == set()


@given(st.lists(st.text(max_size=200), max_size=8))
def test_any_text_can_be_marked(lines: list[str]) -> None:
    paragraphs = split(Document("page", tuple(Passage(line, "paragraph") for line in lines)))
    assert {p.furniture for p in mark(paragraphs)} <= {None, *REASONS}


def test_very_long_paragraphs_are_kept() -> None:
    for text in ("x" * 300_000, "word " * 200_000, "By " + "A " * 100_000, "> " * 100_000 + "x"):
        assert furniture(text, text) == [None, None]


# --- texts shared with the project, which are never quoted ----------------------------------


def test_a_clip_from_a_desk_loses_its_two_lists_and_nothing_else() -> None:
    seed = SHARED / "real" / "seed.txt"
    if not seed.is_file():
        pytest.skip("the shared clip is not here")
    found = mark(split(Document("seed", (Passage(seed.read_text(encoding="utf-8")),))))
    listed = [p.index for p in found if p.furniture]
    assert (len(found), listed) == (35, list(range(25, 35)))
    assert [p.index for p in found if p.index in {25, 31}] == [25, 31]


def texts_of(paths: Iterable[Path]) -> list[str]:
    found = [
        json.loads(line)["text"] for path in paths for line in path.read_text("utf-8").splitlines()
    ]
    if not found:
        pytest.skip("the shared texts are not here")
    return found


def test_real_paragraphs_of_news_are_never_set_aside_alone() -> None:
    texts = texts_of(sorted((SHARED / "real").glob("dev.jsonl")))
    assert [n for n, text in enumerate(texts) if alone(text)] == []


def test_hardly_a_labelled_paragraph_is_set_aside() -> None:
    paths = sorted((SHARED / "corpus").glob("*.jsonl"))
    rows = [json.loads(row) for path in paths for row in path.read_text("utf-8").splitlines()]
    if not rows:
        pytest.skip("the shared texts are not here")
    # What has a topic is news; what has none holds furniture, on purpose.
    topical = [bool(row["topics"]) for row in rows]
    single = [bool(alone(row["text"])) for row in rows]
    pages = [rows[at : at + 12] for at in range(0, len(rows), 12)]
    paged = [bool(reason) for page in pages for reason in furniture(*[r["text"] for r in page])]
    assert sum(s and t for s, t in zip(single, topical, strict=True)) == 0
    assert sum(p and t for p, t in zip(paged, topical, strict=True)) <= sum(topical) * 0.001
