"""Audit: a random sample with the suggestion covered, to measure the model without bias."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import altair as alt
import streamlit as st

from tagger.desk.audit import audit_of
from tagger.ui import paint, session, who
from tagger.ui.work import draw_queue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tagger.desk.audit import Audit
    from tagger.learning.audit import Period
    from tagger.learning.model import Model
    from tagger.learning.proportions import Share
    from tagger.settings import Settings


_MEANINGS = {
    "given": "Audited paragraphs that the model gives the topic to.",
    "rightly (95%)": "Of those, how many the editors give it to as well.",
    "due": "Audited paragraphs that the editors give the topic to.",
    "found (95%)": "Of those, how many the model gives it to as well.",
}


def page() -> None:
    """Draw the page."""
    st.caption(
        "A random share of all paragraphs, with the suggestion covered. These answers measure the "
        "model; it is never trained on them while they do (180 days)."
    )
    _next(who.need_editor())
    with session.told_errors():
        _measured()


@st.fragment
def _next(editor: str) -> None:
    with session.told_errors():
        draw_queue("audit", "audit", editor)


def _measured() -> None:
    model = session.model_or_none()
    if model is None:
        return
    where, decided = str(session.settings().database), session.store().count()
    found = _audit(where, decided, model.version, model, session.settings())
    st.subheader("What the audit says")
    st.markdown(found.sentence)
    if found.today:
        _topics(found)
    if found.weeks:
        _over_time(found)
    for remark in found.remarks:
        st.caption(remark)


@st.cache_data(show_spinner="Judging the model on the audit …", max_entries=4)
def _audit(
    where: str,  # noqa: ARG001 - the key
    decided: int,  # noqa: ARG001 - same
    version: str,  # noqa: ARG001 - same
    _model: Model,
    _settings: Settings,
) -> Audit:
    return audit_of(_settings, _model)


def _topics(found: Audit) -> None:
    taxonomy, today = session.taxonomy(), found.today
    rows = [*today.topics, today.none] if today else []
    st.dataframe(
        [
            {
                "topic": "none of them" if row is rows[-1] else taxonomy.label(row.topic),
                "given": row.precision.of,
                "rightly (95%)": _range(row.precision),
                "due": row.recall.of,
                "found (95%)": _range(row.recall),
            }
            for row in rows
        ],
        hide_index=True,
        column_config={
            name: st.column_config.Column(help=meaning) for name, meaning in _MEANINGS.items()
        },
    )


def _range(share: Share) -> str:
    return f"{share.value:.0%} ({share.low:.0%} to {share.high:.0%})" if share.of else "–"


def _over_time(found: Audit) -> None:
    st.subheader("Over time")
    st.altair_chart(_chart(found.weeks), width="stretch")
    st.caption(
        "The share of audited paragraphs that were fully right as suggested at the time, week by "
        "week; bars are 95% intervals."
    )
    with st.expander(f"By model ({len(found.versions)})"):
        st.dataframe(
            [
                {
                    "model": paint.plain(period.name),
                    "first audited": f"{period.first}",
                    "fully right (95%)": _range(period.fully_right),
                    "audited": period.fully_right.of,
                }
                for period in found.versions
            ],
            hide_index=True,
        )


def _chart(weeks: Sequence[Period]) -> alt.LayerChart:
    rows = [
        {
            "week": week.name,
            "right": week.fully_right.value,
            "low": week.fully_right.low,
            "high": week.fully_right.high,
            "audited": week.fully_right.of,
        }
        for week in weeks
    ]
    mondays = [_day(date.fromisoformat(week.name)) for week in weeks]
    days = alt.Axis(format="%-d %b", values=mondays, grid=False, labelOverlap=True)
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        # Days without an hour: in local time they would be drawn a day early in America.
        x=alt.X("week:T", title=None, scale=alt.Scale(type="utc", padding=20), axis=days),
        tooltip=["week:N", "right:Q", "low:Q", "high:Q", "audited:Q"],
    )
    percent = alt.Axis(format="%")
    share = alt.Y("low:Q", title="fully right", axis=percent, scale=alt.Scale(domain=[0, 1]))
    bars = base.mark_rule(color="#0072B2", strokeWidth=2, opacity=0.5).encode(y=share, y2="high:Q")
    line = base.mark_line(color="#0072B2", point=alt.OverlayMarkDef(size=60)).encode(y="right:Q")
    chart: alt.LayerChart = (bars + line).properties(height=260)
    return chart


def _day(day: date) -> alt.DateTime:
    return alt.DateTime(year=day.year, month=day.month, date=day.day, utc=True)
