"""Coverage: what the queued stories are about, over time and by source."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import altair as alt
import streamlit as st

from tagger.desk.coverage import NONE, coverage_of, spots_of_store
from tagger.desk.wording import counted
from tagger.ui import drift_section, paint, session

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from tagger.desk.coverage import Coverage, Row
    from tagger.taxonomy import Taxonomy

_NONE = "None of them"
_NONE_COLOUR = "#9a9a9a"
_SOURCES = 20
_TOPICS = 8
_SHAPES = [
    "circle",
    "square",
    "triangle-up",
    "diamond",
    "cross",
    "triangle-down",
    "triangle-left",
    "wedge",
]
_SHAPE_OF_NONE = "triangle-right"
_TOOLTIP = ["group:N", "topic:N", "count:Q", "decided:Q"]


def page() -> None:
    """Draw the page."""
    st.header("Coverage")
    taxonomy, store = session.taxonomy(), session.store()
    changed = store.count(), store.queue.counts().total
    found = _coverage(str(session.settings().database), changed)
    if not found.decided + found.suggested:
        st.info(
            "Nothing to show yet: queue stories on the **[Article](article)** page or with "
            "`tagger queue add`."
        )
        return
    st.caption(_what_is_counted(found))
    measure = st.segmented_control(
        "Show", ["paragraphs", "share"], default="paragraphs", required=True, key="measure"
    )
    shown = _frequent(found.by_source or found.by_date, taxonomy)
    st.subheader("Over time")
    if found.by_date:
        lines = _lines(found, shown, taxonomy, share=measure == "share")
        st.altair_chart(lines, width="stretch")
    else:
        st.caption("No queued story has a date.")
    st.subheader("By source")
    if found.by_source:
        st.html(_legend(shown, taxonomy))
        chart = _bars(found.by_source, shown, taxonomy, share=measure == "share")
        st.altair_chart(chart, width="stretch")
    else:
        st.caption("No queued story names its source.")
    _numbers(found, taxonomy)
    drift_section.draw()


def _numbers(found: Coverage, taxonomy: Taxonomy) -> None:
    """The same as tables: for those who cannot tell the colours apart, and for copying."""
    with st.expander("As numbers"):
        for rows in filter(None, (found.by_date, found.by_source)):
            st.dataframe(_table(rows, taxonomy), hide_index=True)


def _table(rows: Sequence[Row], taxonomy: Taxonomy) -> list[dict[str, object]]:
    names = [*(topic.label for topic in taxonomy), _NONE]
    table: dict[str, dict[str, object]] = {}
    for row in rows:
        line = table.setdefault(row.group, {"": row.group, **dict.fromkeys(names, 0)})
        line[_named(row, taxonomy)] = row.decided + row.suggested
    return list(table.values())


def _named(row: Row, taxonomy: Taxonomy) -> str:
    return _NONE if row.topic == NONE else taxonomy.label(row.topic)


@st.cache_data(show_spinner="Counting …", max_entries=2)
def _coverage(where: str, changed: tuple[int, int]) -> Coverage:  # noqa: ARG001 - the key
    spots = spots_of_store(session.store(), session.history())
    return coverage_of(spots, session.taxonomy().ids)


def _what_is_counted(found: Coverage) -> str:
    words = (
        f"{counted(found.decided, 'paragraph counts', 'paragraphs count')} as editors decided "
        f"them, {found.suggested:,} as the model suggests."
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
    counts: Counter[str] = Counter()
    for row in rows:
        counts[row.topic] += row.decided + row.suggested
    ranked = [topic for topic, _ in counts.most_common() if topic in taxonomy]
    return {*ranked[:_TOPICS], NONE}


def _legend(shown: Collection[str], taxonomy: Taxonomy) -> str:
    topics = [topic for topic in taxonomy.ids if topic in shown]
    left_out = len(taxonomy) - len(topics)
    more = f"<span>The {_TOPICS} most frequent; {counted(left_out, 'more topic')} not shown.</span>"
    chips = [paint.chips([topic], taxonomy) for topic in topics]
    return f"<p>{''.join(chips)}{paint.chips((), taxonomy)}{more if left_out else ''}</p>"


def _data(rows: Sequence[Row], taxonomy: Taxonomy, *, share: bool) -> alt.InlineData:
    values = [
        {
            "group": row.group,
            "topic": _named(row, taxonomy),
            "count": row.decided + row.suggested,
            "value": (row.decided + row.suggested) / (row.paragraphs if share else 1),
            "decided": row.decided,
        }
        for row in rows
    ]
    return alt.InlineData(values=values)


def _colours(
    shown: Collection[str], taxonomy: Taxonomy, legend: alt.Legend | None = None
) -> alt.Color:
    topics = [topic for topic in taxonomy if topic.id in shown]
    names = [*(topic.label for topic in topics), _NONE]
    colours = [*(topic.colour for topic in topics), _NONE_COLOUR]
    return alt.Color("topic:N", scale=alt.Scale(domain=names, range=colours), legend=legend)


def _shapes(shown: Collection[str], taxonomy: Taxonomy, legend: alt.Legend) -> alt.Shape:
    names = [*(topic.label for topic in taxonomy if topic.id in shown), _NONE]
    scale = alt.Scale(domain=names, range=[*_SHAPES[: len(names) - 1], _SHAPE_OF_NONE])
    return alt.Shape("topic:N", scale=scale, legend=legend)


def _lines(
    found: Coverage, shown: Collection[str], taxonomy: Taxonomy, *, share: bool
) -> alt.LayerChart:
    rows = [row for row in found.by_date if row.topic in shown]
    data = _data(rows, taxonomy, share=share)
    written = "%b %Y" if found.step == "month" else "%-d %b"
    days = alt.Axis(format=written, tickCount={"interval": found.step, "step": 1}, grid=False)
    legend = alt.Legend(orient="bottom", columns=1, labelLimit=260, title=None)
    lines = (
        alt.Chart(data)
        .mark_line()
        .encode(
            # Days without an hour: in local time they would be drawn a day early in America.
            x=alt.X("group:T", title=None, scale=alt.Scale(type="utc"), axis=days),
            y=alt.Y("value:Q", title=_measure(share=share), axis=_axis(share=share)),
            color=_colours(shown, taxonomy, legend),
            tooltip=_TOOLTIP,
        )
    )
    shapes = _shapes(shown, taxonomy, legend)
    dots = lines.mark_point(size=80, filled=True, opacity=1).encode(shape=shapes)
    chart: alt.LayerChart = (lines + dots).properties(height=360)
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
            y=alt.Y("group:N", title=None, sort=sources, axis=alt.Axis(labelLimit=150)),
            x=alt.X("sum(value):Q", title=_measure(share=share), axis=_axis(share=share)),
            color=_colours(shown, taxonomy),
            tooltip=_TOOLTIP,
        )
        .properties(height=max(90, 34 * len(sources) + 60))
    )
    return chart


def _measure(*, share: bool) -> str:
    return "share of paragraphs" if share else "paragraphs"


def _axis(*, share: bool) -> alt.Axis:
    return alt.Axis(format="%") if share else alt.Axis(tickMinStep=1)
