"""Log: who decided what and when; nothing in it is ever changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import streamlit as st

from tagger.desk.cards import AGAIN, PLANTED, SECOND
from tagger.desk.log import Filters, export_lines, rows, verify
from tagger.desk.wording import counted
from tagger.keeping.store import EPOCH
from tagger.ui import paint, session
from tagger.ui.words import topics_in_words

if TYPE_CHECKING:
    from datetime import date

    from tagger.desk.log import Entry

_ROWS = 200
_NAMED = 10  # bad rows named one by one
_ROW_HEIGHT = 35  # pixels, Streamlit's own


_REASONS = {
    "doubt": "in doubt",
    "confident": "sure",
    SECOND: "second opinion",
    PLANTED: "spot check",
    AGAIN: "asked again",
    "article": "Article page",
    "search": "by its id",
}
"""What the log's reasons mean; those of imported files are their own words."""


def page() -> None:
    """Draw the page."""
    st.header("Log")
    store = session.store()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        editor = st.text_input("Editor", key="log-editor", width=200)
        since = st.date_input("Since", value=None, key="log-since", width=160)
        until = st.date_input("Until", value=None, key="log-until", width=160)
        asked = st.button(
            "Check the chain", help="Whether every row still is as it was written: none altered."
        )
        st.download_button(
            "↓ Export (JSONL)",
            data=lambda: "".join(export_lines(store)).encode("utf-8", "replace"),
            file_name="corrections.jsonl",
            on_click="ignore",
        )
    if asked:
        _check()
    filters = Filters(
        editor=editor.strip() or None,
        since=_beginning(since),
        until=_beginning(until and until + timedelta(days=1)),  # that whole day
        limit=_ROWS,
    )
    found = rows(store, filters)
    if not found:
        st.info("No decision fits." if store.count() else "Nobody has decided anything yet.")
        return
    if damaged := [str(entry.row.sequence) for entry in found if entry.damaged]:
        st.error(
            f"Not as they were written: rows {', '.join(damaged)}. Somebody changed the database "
            "by hand; what cannot be read is left empty. **Restore it from a backup.**"
        )
    st.dataframe(
        [_row(entry) for entry in found],
        hide_index=True,
        height=min(_ROW_HEIGHT * (len(found) + 1) + 4, 620),
        column_config={
            "paragraph": st.column_config.TextColumn(width="large"),
            "topics": st.column_config.TextColumn(width=150),
            "state": st.column_config.TextColumn(width=110),  # "took back 1234"
            "suggested": st.column_config.TextColumn(width=150),
        },
    )
    if len(found) == _ROWS:
        st.caption(f"The newest {_ROWS}; the export has all.")


def _beginning(day: date | None) -> datetime | None:
    """The beginning of a local day, in UTC."""
    if day is None:
        return None
    return datetime(day.year, day.month, day.day).astimezone().astimezone(UTC)


def _row(entry: Entry) -> dict[str, object]:
    row, taxonomy = entry.row, session.taxonomy()
    state = f"took back {row.undoes}" if row.action == "undo" else ""
    state = "DAMAGED" if entry.damaged else state or ("taken back" if entry.undone else "")
    return {
        "no.": row.sequence,
        "when": f"{row.time.astimezone():%Y-%m-%d %H:%M}" if row.time > EPOCH else "",
        "editor": row.editor,
        "topics": topics_in_words(row.topics, taxonomy),
        "paragraph": row.text,
        "state": state,
        "asked because": _REASONS.get(row.reason, row.reason),
        "suggested": _suggested(entry),
        "seconds": "" if row.seconds is None else f"{row.seconds:,.1f}",
        "model": row.shown.model or "",
    }


def _suggested(entry: Entry) -> str:
    shown = entry.row.shown
    if shown.hidden:
        return "covered"
    return topics_in_words(shown.topics, session.taxonomy()) if shown.model else ""


def _check() -> None:
    checked = verify(session.store())
    if checked.problem:
        named = [paint.plain(problem.message) for problem in checked.problems[:_NAMED]]
        more = f" And {more:,} more." if (more := len(checked.problems) - _NAMED) > 0 else ""
        st.error(
            f"{' '.join(named)}{more} Restore the database from a backup and compare it with an "
            "export."
        )
    else:
        st.success(
            f"{counted(checked.rows, 'row')}, all as they were written. Head: `{checked.hash[:16]}`"
        )
