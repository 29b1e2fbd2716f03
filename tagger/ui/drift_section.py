"""The Coverage page's comparison of the stored stories with what the model learned."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import streamlit as st

from tagger.desk.drift import drift_of_store
from tagger.ui import session

if TYPE_CHECKING:
    from tagger.learning.drift import Drift, Shift
    from tagger.taxonomy import Taxonomy

_TOPICS = 20  # more bars than that nobody compares


def draw() -> None:
    """Draw the section."""
    st.subheader("Against the training data")
    with session.told_errors():
        found = _found(session.model().version, _changed())
        (st.warning if found.due else st.info)(found.sentence)
        if found.n:
            _figures(found)
            st.altair_chart(_chart(found, session.taxonomy()), width="stretch")
            _words(found)


def _changed() -> tuple[int, int]:
    return session.store().count(), session.store().queue.counts().total


@st.cache_data(show_spinner="Comparing with the training …", max_entries=2)
def _found(version: str, changed: tuple[int, int]) -> Drift:  # noqa: ARG001 - the key
    return drift_of_store(session.settings(), session.model())


def _figures(found: Drift) -> None:
    paragraphs, unseen, mistakes = st.columns(3)
    paragraphs.metric("Paragraphs compared", f"{found.n:,}")
    unseen.metric("Words new to the model", *_share(found.unseen), delta_color="inverse")
    mistakes.metric(
        "Paragraphs it expects to get wrong", *_share(found.mistakes), delta_color="inverse"
    )


def _share(shift: Shift) -> tuple[str, str]:
    points = 100 * (shift.now - shift.before)
    return f"{shift.now:.0%}", f"{points:+.1f} points against training"


def _chart(found: Drift, taxonomy: Taxonomy) -> alt.LayerChart:
    """Each topic's share now, with its interval, and a tick where it was in training."""
    farthest = sorted(found.topics, key=lambda shift: -shift.index)[:_TOPICS]
    values = [
        {
            "topic": taxonomy.label(shift.topic),
            "now": shift.rate.now,
            "low": shift.rate.low,
            "high": shift.rate.high,
            "training": shift.rate.before,
            "PSI": round(shift.index, 2),
        }
        for shift in farthest
    ]
    axis = alt.Axis(format="%", grid=False)
    base = alt.Chart(alt.InlineData(values=values)).encode(
        y=alt.Y("topic:N", title=None, sort=None, axis=alt.Axis(labelLimit=150)),
        tooltip=["topic:N", "PSI:Q"],
    )
    bars = base.mark_bar(size=14, opacity=0.75).encode(
        x=alt.X("now:Q", title="share of paragraphs (tick: in training)", axis=axis)
    )
    spans = base.mark_rule(strokeWidth=2, color="#808080").encode(x="low:Q", x2="high:Q")
    ticks = base.mark_tick(thickness=3, size=24, color="#D55E00").encode(x="training:Q")
    chart: alt.LayerChart = (bars + spans + ticks).properties(height=40 + 34 * len(values))
    return chart


def _words(found: Drift) -> None:
    if found.words:
        st.caption("Rising words: in far more paragraphs than in training")
        st.dataframe(
            [
                {
                    "word": word.word,
                    "paragraphs": word.paragraphs,
                    "now": word.now,
                    "in training": word.before,
                }
                for word in found.words
            ],
            column_config={
                name: st.column_config.NumberColumn(format="percent")
                for name in ("now", "in training")
            },
            hide_index=True,
        )
