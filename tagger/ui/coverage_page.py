"""Coverage: what the queued stories are about, over time and by source."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import altair as alt
import streamlit as st

from tagger.desk.coverage import NONE, coverage_of, spots_of_store
from tagger.ui import drift_section, paint, session

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from tagger.desk.coverage import Coverage, Row
    from tagger.taxonomy import Taxonomy

_NONE = "None of them"
_NONE_COLOUR = "#9a9a9a"
_SOURCES = 20
_TOPICS = 8
_TOOLTIP = ["group:N", "topic:N", "count:Q", "decided:Q"]


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
    shown = _frequent(found.by_source or found.by_date, taxonomy)
    st.html(_legend(shown, taxonomy))
    st.subheader("Over time")
    if found.by_date:
        chart = _lines(found, shown, taxonomy, share=measure == "share")
        st.altair_chart(chart, width="stretch")
    else:
        st.caption("No queued story has a date.")
    st.subheader("By source")
    if found.by_source:
        chart = _bars(found.by_source, shown, taxonomy, share=measure == "share")
        st.altair_chart(chart, width="stretch")
    else:
        st.caption("No queued story names its source.")
    drift_section.draw()


@st.cache_data(show_spinner="Counting …", max_entries=2)
def _coverage(where: str, changed: tuple[int, int]) -> Coverage:  # noqa: ARG001 - the key
    spots = spots_of_store(session.store(), session.history())
    return coverage_of(spots, session.taxonomy().ids)


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


def _frequent(rows: Sequence[Row], taxonomy: Taxonomy) -> set[str]:
    """The topics most paragraphs have, and none of them: more colours tell nobody anything."""
    counted: Counter[str] = Counter()
    for row in rows:
        counted[row.topic] += row.decided + row.suggested
    ranked = [topic for topic, _ in counted.most_common() if topic in taxonomy]
    return {*ranked[:_TOPICS], NONE}


def _legend(shown: Collection[str], taxonomy: Taxonomy) -> str:
    topics = [topic for topic in taxonomy.ids if topic in shown]
    left_out = len(taxonomy) - len(topics)
    more = f"<span>The {_TOPICS} most frequent; {left_out} topics are left out.</span>"
    chips = [paint.chips([topic], taxonomy) for topic in topics]
    return f"<p>{''.join(chips)}{paint.chips((), taxonomy)}{more if left_out else ''}</p>"


def _data(rows: Sequence[Row], taxonomy: Taxonomy, *, share: bool) -> alt.InlineData:
    values = [
        {
            "group": row.group,
            "topic": _NONE if row.topic == NONE else taxonomy.label(row.topic),
            "count": row.decided + row.suggested,
            "value": (row.decided + row.suggested) / (row.paragraphs if share else 1),
            "decided": row.decided,
        }
        for row in rows
    ]
    return alt.InlineData(values=values)


def _colours(taxonomy: Taxonomy) -> alt.Color:
    names = [*(topic.label for topic in taxonomy), _NONE]
    colours = [*(topic.colour for topic in taxonomy), _NONE_COLOUR]
    return alt.Color("topic:N", scale=alt.Scale(domain=names, range=colours), legend=None)


def _lines(
    found: Coverage, shown: Collection[str], taxonomy: Taxonomy, *, share: bool
) -> alt.Chart:
    rows = [row for row in found.by_date if row.topic in shown]
    data = _data(rows, taxonomy, share=share)
    written = "%b %Y" if found.step == "month" else "%-d %b"
    days = alt.Axis(format=written, tickCount={"interval": found.step, "step": 1}, grid=False)
    chart: alt.Chart = (
        alt.Chart(data)
        .mark_line(point=alt.OverlayMarkDef(size=45))
        .encode(
            # Days without an hour: in local time they would be drawn a day early in America.
            x=alt.X("group:T", title=None, scale=alt.Scale(type="utc"), axis=days),
            y=alt.Y("value:Q", title=_measure(share=share), axis=_axis(share=share)),
            color=_colours(taxonomy),
            tooltip=_TOOLTIP,
        )
        .properties(height=320)
    )
    return chart


def _bars(
    rows: Sequence[Row], shown: Collection[str], taxonomy: Taxonomy, *, share: bool
) -> alt.Chart:
    sources = list(dict.fromkeys(row.group for row in rows))[:_SOURCES]
    drawn = [row for row in rows if row.group in sources and row.topic in shown]
    chart: alt.Chart = (
        alt.Chart(_data(drawn, taxonomy, share=share))
        .mark_bar()
        .encode(
            y=alt.Y("group:N", title=None, sort=sources),
            x=alt.X("sum(value):Q", title=_measure(share=share), axis=_axis(share=share)),
            color=_colours(taxonomy),
            tooltip=_TOOLTIP,
        )
        .properties(height=max(90, 34 * len(sources) + 60))
    )
    return chart


def _measure(*, share: bool) -> str:
    return "share of paragraphs" if share else "paragraphs"


def _axis(*, share: bool) -> alt.Axis:
    return alt.Axis(format="%") if share else alt.Axis(tickMinStep=1)
