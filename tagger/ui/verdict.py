"""A freshly trained model's trial: the gate's figures, what would change tag, and yes or no."""

from __future__ import annotations

import html
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from tagger.desk.models import registry_of
from tagger.desk.retrain_job import close_job, flips_of
from tagger.desk.serving import promote_judged
from tagger.desk.wording import counted
from tagger.ui import card, paint, session

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tagger.desk.retrain_job import Job
    from tagger.desk.serving import Serving
    from tagger.taxonomy import Taxonomy

_LISTED = 100  # flips that are shown; who reads more has the command line
_ROW_HEIGHT = 35  # pixels, Streamlit's own
_TALLEST = 460


def draw(job: Job, editor: str) -> None:
    """Draw the trial of a job's new model and ask whether it shall serve."""
    found = registry_of(session.settings()).card(job.version)
    gate, taxonomy = found.get("gate", {}), session.taxonomy()
    passed = gate.get("passed", True)
    _say(job, gate, found, passed=passed)
    for one in gate.get("comparisons", ()):
        _figures(one, taxonomy)
    if flips := found.get("flips"):
        _flips(job, flips, taxonomy)
    _ask(job, editor, passed=passed)


def _say(job: Job, gate: Mapping[str, Any], found: Mapping[str, Any], *, passed: bool) -> None:
    taught = found.get("corrections", {}).get("taught", 0)
    learned = counted(found["data"]["examples"], "paragraph")
    name = (
        f"Model **{paint.plain(str(job.version))}** learned {learned}, {taught:,} from decisions."
    )
    note = paint.plain(gate.get("note", ""))
    if gate.get("ask"):
        st.warning(f"{name} {note} **The gate cannot judge it: you decide.**")
    elif passed:
        st.success(f"{name} {note} The gate has nothing against it.")
    else:
        reasons = "\n".join(f"- {paint.plain(words)}" for words in gate.get("objections", ()))
        st.warning(f"{name} **The gate says no:**\n\n{reasons}")
    if unjudged := gate.get("unjudged"):
        new = ", ".join(map(session.taxonomy().label, unjudged))
        st.caption(f"New topics, which nothing can be compared on: {paint.plain(new)}")
    against = gate.get("against")
    if against and against != registry_of(session.settings()).current():
        st.warning(
            f"It was held against {paint.plain(against)}, which does not serve any more. "
            "Discard it and retrain, to see it beside the model that serves."
        )


def _figures(one: Mapping[str, Any], taxonomy: Taxonomy) -> None:
    """One sample's figures before and after, topic by topic."""
    rival = one.get("against") or "the current model"
    judged = counted(one["n"], f"{paint.plain(one['sample'])} paragraph")
    st.caption(f"Against {paint.plain(rival)} on {judged}")
    rows = [{"": "Macro-F1", **_row(one["macro_f1"])}]
    rows += [
        {"": taxonomy.label(topic) if topic in taxonomy else topic, **_row(change)}
        for topic, change in one["topics"].items()
    ]
    st.dataframe(
        rows,
        hide_index=True,
        height=min(_ROW_HEIGHT * (len(rows) + 1) + 4, _TALLEST),
        column_config={
            "now": st.column_config.NumberColumn(format="%.3f"),
            "new": st.column_config.NumberColumn(format="%.3f"),
            "difference": st.column_config.NumberColumn(format="%+.3f"),
        },
    )


def _row(change: Mapping[str, float | None]) -> dict[str, object]:
    # Rounded here, and a zero added, since nobody wants to read -0.000.
    named = {name: None if x is None else round(x, 3) + 0.0 for name, x in change.items()}
    low, high = named["low"], named["high"]
    return {
        "now": named["before"],
        "new": named["after"],
        "difference": named["difference"],
        "95%": "" if low is None or high is None else f"{low:+.3f} to {high:+.3f}",
    }


def _flips(job: Job, summary: Mapping[str, Any], taxonomy: Taxonomy) -> None:
    listed = flips_of(session.settings(), job.version) if job.version else []
    against = sum(flip["against_editors"] for flip in listed)
    stored = counted(summary["stored"], "stored paragraph")
    words = f"{summary['changed']:,} of {stored} would change tag"
    if against:
        words += f", {against:,} of them against what editors decided"
    if not listed:
        st.caption(f"{words}.")
        return
    with st.expander(words, expanded=True):
        with st.container(height=_TALLEST if len(listed) > 4 else "content", border=False):
            st.html("".join(_flip(flip, taxonomy) for flip in listed[:_LISTED]))
        if summary["changed"] > _LISTED:
            st.caption(f"The first {_LISTED}; 'tagger retrain --promote never --json' lists all.")


def _flip(flip: Mapping[str, Any], taxonomy: Taxonomy) -> str:
    before, after = (
        paint.chips(list(_known(flip[k], taxonomy)), taxonomy) for k in ("before", "after")
    )
    against = '<b class="nt-aside">against the editors</b>' if flip["against_editors"] else ""
    text = html.escape(paint.short(flip["text"], 300))
    return f'<div class="nt-row"><p dir="auto">{text}</p>{before} → {after} {against}</div>'


def _known(topics: list[Any], taxonomy: Taxonomy) -> Iterator[Any]:
    return (topic for topic in topics if topic in taxonomy)


def _ask(job: Job, editor: str, *, passed: bool) -> None:
    reason = ""
    if not passed:
        reason = st.text_input("Why it shall serve nonetheless (recorded)", key="promote-reason")
    with st.container(horizontal=True):
        label = "Promote" if passed else "Promote nonetheless"
        blocked = not passed and not reason.strip()
        st.button(
            label,
            type="primary" if passed else "secondary",
            disabled=blocked,
            key="promote",
            on_click=session.careful(partial(_promote, job, editor, reason)),
        )
        put_away = session.careful(partial(_discard, job, editor))
        st.button("Discard", key="discard", on_click=put_away)


def _promote(job: Job, editor: str, reason: str) -> None:
    now = datetime.now(UTC)
    tell_serving(promote_judged(session.settings(), job, by=editor, now=now, reason=reason))


def tell_serving(done: Serving | None) -> None:
    """Say what a promotion or a rollback did, and have the whole page drawn anew."""
    st.session_state.anew = True
    if done is None:
        card.tell("A colleague was faster: see what serves now.")
        return
    judged = counted(done.rescored, "waiting paragraph")
    card.tell(f"{done.version} serves now; {judged} judged anew.")
    if done.trouble:
        card.tell(f"The queue is not judged anew yet: {done.trouble}", "⚠️")


def _discard(job: Job, editor: str) -> None:
    done = close_job(session.settings(), job, by=editor, now=datetime.now(UTC))
    kept = "Put away: the current model serves on. It stays in the list of versions."
    card.tell(kept if done else "A colleague was faster: see what serves now.")
