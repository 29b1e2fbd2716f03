"""Coverage: what the queued stories are about, over time and by source."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import streamlit as st

from tagger.desk.coverage import NONE, coverage_of
from tagger.ui import session

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tagger.desk.coverage import Coverage, Row
    from tagger.taxonomy import Taxonomy

_NONE_COLOUR = "#9a9a9a"
_SOURCES = 20


def page() -> None:
    """Draw the page."""
    st.header("Coverage")
    taxonomy, store = session.taxonomy(), session.store()
    changed = store.count(), store.queue.counts().total
    found = _coverage(str(session.settings().database), changed)
    if not found.decided + found.suggested:
        st.info(
            "Nothing to show yet: queue stories on the **Article** page or with `tagger queue add`."
        )
        return
    st.caption(_what_is_counted(found))
    measure = st.segmented_control(
        "Show", ["paragraphs", "share"], default="paragraphs", required=True, key="measure"
    )
    st.subheader("Over time")
    if found.by_date:
        chart = _lines(found.by_date, taxonomy, share=measure == "share")
        st.altair_chart(chart, width="stretch")
    else:
        st.caption("No queued story has a date.")
    st.subheader("By source")
    if found.by_source:
        chart = _bars(found.by_source, taxonomy, share=measure == "share")
        st.altair_chart(chart, width="stretch")
    else:
        st.caption("No queued story names its source.")


@st.cache_data(show_spinner="Counting …", max_entries=2)
def _coverage(where: str, changed: tuple[int, int]) -> Coverage:  # noqa: ARG001 - the key
    return coverage_of(session.store(), session.taxonomy().ids)


def _what_is_counted(found: Coverage) -> str:
    words = (
        f"{found.decided:,} paragraphs count as editors decided them, {found.suggested:,} as the "
        "model suggests."
    )
    left_out = [
        f"{count:,} {reason}"
        for count, reason in (
            (found.undated, "without a date"),
            (found.unsourced, "without a source"),
            (found.unjudged, "not judged yet"),
        )
        if count
    ]
    return words + (f" Left out: {', '.join(left_out)}." if left_out else "")


def _data(rows: Sequence[Row], taxonomy: Taxonomy, *, share: bool) -> alt.InlineData:
    values = [
        {
            "group": row.group,
            "topic": "None of them" if row.topic == NONE else taxonomy.label(row.topic),
            "count": row.decided + row.suggested,
            "value": (row.decided + row.suggested) / (row.paragraphs if share else 1),
            "decided": row.decided,
        }
        for row in rows
    ]
    return alt.InlineData(values=values)


def _colours(taxonomy: Taxonomy) -> alt.Color:
    names = [*(topic.label for topic in taxonomy), "None of them"]
    colours = [*(topic.colour for topic in taxonomy), _NONE_COLOUR]
    return alt.Color(
        "topic:N",
        scale=alt.Scale(domain=names, range=colours),
        legend=alt.Legend(title=None, orient="top", columns=3, labelLimit=220),
    )


def _lines(rows: Sequence[Row], taxonomy: Taxonomy, *, share: bool) -> alt.Chart:
    data = _data(rows, taxonomy, share=share)
    chart: alt.Chart = (
        alt.Chart(data)
        .mark_line(point=True)
        .encode(
            x=alt.X("group:T", title=None),
            y=alt.Y("value:Q", title=_measure(share=share), axis=_axis(share=share)),
            color=_colours(taxonomy),
            strokeDash=alt.StrokeDash("topic:N", legend=None),
            tooltip=["group:T", "topic:N", "count:Q", "decided:Q"],
        )
        .properties(height=320)
    )
    return chart


def _bars(rows: Sequence[Row], taxonomy: Taxonomy, *, share: bool) -> alt.Chart:
    sources = list(dict.fromkeys(row.group for row in rows))[:_SOURCES]
    shown = [row for row in rows if row.group in sources]
    chart: alt.Chart = (
        alt.Chart(_data(shown, taxonomy, share=share))
        .mark_bar()
        .encode(
            y=alt.Y("group:N", title=None, sort=sources),
            x=alt.X("sum(value):Q", title=_measure(share=share), axis=_axis(share=share)),
            color=_colours(taxonomy),
            tooltip=["group:N", "topic:N", "count:Q", "decided:Q"],
        )
        .properties(height=max(90, 34 * len(sources) + 60))
    )
    return chart


def _measure(*, share: bool) -> str:
    return "share of paragraphs" if share else "paragraphs"


def _axis(*, share: bool) -> alt.Axis:
    return alt.Axis(format="%") if share else alt.Axis(tickMinStep=1)
