"""The looks of the pages: colours at the toggles, and nothing but style."""

import html
import re

from tagger.taxonomy import make_taxonomy
from tagger.ui import style


def test_every_topic_has_its_colour_at_its_own_button():
    colours = [f"#0000{number:02d}" for number in range(12)]
    topics = make_taxonomy(
        [{"id": f"мир {number}", "colour": colour} for number, colour in enumerate(colours)]
    )
    written = style.toggle_style(topics)
    rules = dict(re.findall(r'\$="-t(\d+)"\].*?\{border-left: 10px solid (#\w+)\}', written))
    assert rules == {str(number): colour for number, colour in enumerate(colours)}


def test_the_style_is_nothing_but_style():
    assert style.STYLE.strip().startswith("<style>")
    assert style.STYLE.strip().endswith("</style>")
    assert style.STYLE.count("<") == 2
    assert html.unescape(style.STYLE) == style.STYLE
