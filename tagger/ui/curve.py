"""The learning curve: the quality of every version, in the order they were trained."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import altair as alt
import streamlit as st

from tagger.ui import session

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tagger.desk.models import SavedModel

_NEWEST = 40  # versions; more points would touch
_ALL = "All topics (macro-F1)"


def draw(saved: Sequence[SavedModel]) -> None:
    """Draw the curve; nothing where only one version was judged on the frozen test."""
    judged = [(one, one.card) for one in saved if one.card and "test" in one.card["quality"]]
    if len(judged) < 2:
        return
    st.subheader("How quality went")
    taxonomy = session.taxonomy()
    topic = st.selectbox(
        "Of", ["", *taxonomy.ids], format_func=lambda t: taxonomy.label(t) if t else _ALL, width=320
    )
    points = [found for one, card in judged for found in _point(one, card, topic)][-_NEWEST:]
    if points:
        st.altair_chart(_chart(points), width="stretch")
    sizes = {point["test"] for point in points}
    words = (
        "F1 on the frozen test with its 95% interval. The diamond serves; orange was refused by "
        "the gate."
    )
    if len(sizes) > 1:
        words += " The test itself has changed: only versions judged on as many texts compare."
    st.caption(words)


def _point(one: SavedModel, card: dict[str, Any], topic: str) -> Iterator[dict[str, Any]]:
    quality = card["quality"]["test"]
    value = quality["topics"].get(topic, {}).get("f1") if topic else quality["macro_f1"]
    low, high = quality["intervals"].get(topic or "macro_f1", (None, None))
    if value is None:
        return
    yield {
        "version": one.version,
        "trained": f"{datetime.fromisoformat(card['created']).astimezone():%d %b %H:%M:%S}",
        "F1": value,
        "low": low,
        "high": high,
        "paragraphs": card["data"]["examples"],
        "decisions": card.get("corrections", {}).get("taught", 0),
        "test": quality["n"],
        "gate": {False: "refused"}.get(card.get("gate", {}).get("passed"), "passed"),
        "serves": one.serves,
    }


def _chart(points: list[dict[str, Any]]) -> alt.LayerChart:
    order = [point["version"] for point in points]
    labels = {point["version"]: point["trained"][:-3] for point in points}
    named = alt.Axis(labelExpr=f"({labels})[datum.value]", labelAngle=-40, title=None)
    base = alt.Chart(alt.InlineData(values=points)).encode(
        x=alt.X("version:O", sort=order, axis=named),
        tooltip=[
            "version:N",
            "trained:N",
            "F1:Q",
            "paragraphs:Q",
            "decisions:Q",
            "test:Q",
            "gate:N",
        ],
    )
    scale = alt.Scale(zero=False, nice=True)
    line = base.mark_line(color="#0072B2", opacity=0.5).encode(y=alt.Y("F1:Q", scale=scale))
    spread = base.mark_rule(color="#0072B2").encode(
        y=alt.Y("low:Q", scale=scale, title="F1"), y2="high:Q"
    )
    dots = base.mark_point(size=90, filled=True, opacity=1).encode(
        y=alt.Y("F1:Q", scale=scale),
        color=alt.Color(
            "gate:N",
            scale=alt.Scale(domain=["passed", "refused"], range=["#0072B2", "#D55E00"]),
            legend=None,
        ),
        shape=alt.Shape(
            "serves:N",
            scale=alt.Scale(domain=[True, False], range=["diamond", "circle"]),
            legend=None,
        ),
    )
    chart: alt.LayerChart = (spread + line + dots).properties(height=260)
    return chart
