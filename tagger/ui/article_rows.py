"""All paragraphs of an article as they stand, with their topics and reasons."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

import streamlit as st

from tagger.ui import card, paint, session

if TYPE_CHECKING:
    from tagger.desk.article import TaggedArticle
    from tagger.learning.model import Model
    from tagger.records import Prediction
    from tagger.taxonomy import Taxonomy


def draw(article: TaggedArticle, here: Prediction, taxonomy: Taxonomy, model: Model) -> None:
    """Draw the paragraphs; ``here`` is the one on the card."""
    st.html("".join(_row(p, article, here, taxonomy, model) for p in article.predictions))


def _row(
    prediction: Prediction,
    article: TaggedArticle,
    here: Prediction,
    taxonomy: Taxonomy,
    model: Model,
) -> str:
    paragraph = prediction.paragraph
    if paragraph.furniture is not None:
        aside = f"<i>set aside: {html.escape(paragraph.furniture)}</i>"
        text = paint.text_block(paragraph.text, css="")
        return f'<div class="nt-row furniture">{text}{aside}</div>'
    css = "nt-row here" if paragraph.id == here.paragraph.id else "nt-row"
    return f'<div class="{css}">{_judged(prediction, article, taxonomy, model)}</div>'


def _judged(
    prediction: Prediction, article: TaggedArticle, taxonomy: Taxonomy, model: Model
) -> str:
    """A paragraph with what was decided of it, else with what is suggested."""
    paragraph, found = prediction.paragraph, article.decided.get(prediction.paragraph.id)
    if card.covered() and not found:
        return paint.text_block(paragraph.text, css="")
    topics = found[0] if found else prediction.topics
    marks = session.marks(paragraph.text, topics, model, taxonomy) if topics else ()
    text = paint.text_block(paragraph.text, marks, "")
    if found:
        who = f'<span class="nt-aside">✓ {html.escape(found[1])}</span>'
        return f"{text}{paint.chips(topics, taxonomy)}{who}"
    suggested = paint.chips(topics, taxonomy, prediction.scores)
    return f"{text}{suggested}{paint.rule_chips(prediction.rules, taxonomy)}"
