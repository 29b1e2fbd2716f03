"""Change the topics in the app: a form, the plan it leads to, Apply, and Take back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import streamlit as st

from tagger.desk.topic_words import after_words, described, summary, text_changes
from tagger.desk.topics import Plan, Request, apply, changes, plan, plan_revert, standing
from tagger.ui import card, paint, session, who

if TYPE_CHECKING:
    from tagger.desk.topic_changes import RequestKind

_KINDS: dict[RequestKind, str] = {
    "add": "Add",
    "rename": "Rename",
    "merge": "Merge",
    "split": "Split",
    "retire": "Retire",
}
_HELP: dict[RequestKind, str] = {
    "add": "Earlier answers stay: they do not have it. Phrases suggest it at once, by rule.",
    "rename": "Whatever was filed under the old id counts for the new one.",
    "merge": "What was filed under any of them counts for the one.",
    "split": "What was filed under it is asked again: nobody said which part it is.",
    "retire": "Answers keep their other topics.",
}
_WAITING = "topics-plan"


def draw() -> None:
    """Draw the form or, once it is filled in, its plan; below it what was changed before."""
    st.subheader("Change the topics")
    st.caption(
        "Every change is shown as a plan first and can be taken back. Labels and decisions are "
        "never rewritten: they are read through the changes that came after them."
    )
    editor = who.need_editor()
    waiting: Plan | None = st.session_state.get(_WAITING)
    if waiting is None:
        _form()
    else:
        _plan(waiting, editor)
    _history()
    card.told()


def _form() -> None:
    kind: RequestKind = st.segmented_control(
        "What", list(_KINDS), format_func=lambda one: _KINDS[one], default="add", required=True
    )
    st.caption(_HELP[kind])
    with st.form(f"topics-{kind}", width=680):
        request = _asked(kind)
        if st.form_submit_button("Show the plan", type="primary"):
            st.session_state[_WAITING] = plan(session.settings(), request, now=datetime.now(UTC))
            st.rerun()


def _asked(kind: RequestKind) -> Request:
    """The fields of one kind of change, as a request."""
    if kind == "add":
        named = {"id": _text("Id", "id", "grain_exports: for files and commands")}
        return Request("add", (), ({**named, **_meaning(), **_seeds()},))
    if kind == "merge":
        old = st.multiselect("Topics", session.taxonomy().ids, format_func=_label, key="topics-old")
        into = {"id": _text("Id of the one topic (new, or one of them)", "id")}
        return Request("merge", tuple(old), ({**into, **_meaning()},))
    one = st.selectbox("Topic", session.taxonomy().ids, format_func=_label, key="topics-old")
    if kind == "rename":
        new = {"id": _text("New id", "id")}
        return Request("rename", (one,), ({**new, **_given(label=_text("Name", "label"))},))
    if kind == "split":
        parts = _text("Ids of its parts, with commas between (one may be the old id)", "parts")
        ids = [part.strip() for part in parts.split(",") if part.strip()]
        return Request("split", (one,), tuple({"id": part} for part in ids))
    return Request("retire", (one,))


def _text(label: str, name: str, hint: str = "") -> str:
    return st.text_input(label, key=f"topics-{name}", placeholder=hint).strip()


def _meaning() -> dict[str, Any]:
    return _given(
        **{
            "label": _text("Name", "label", "Grain exports: what editors read on the buttons"),
            "definition": _text("What it means", "definition", "Read by editors with the key D"),
            "not": _text("What it is not", "not", "What is filed elsewhere, and where"),
        }
    )


def _seeds() -> dict[str, Any]:
    written = st.text_area(
        "Phrases that suggest it at once, one a line; a last * stands for any ending",
        key="topics-seeds",
        height=90,
    )
    return _given(seeds=[line.strip() for line in written.splitlines() if line.strip()])


def _given(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value}


def _label(topic: str) -> str:
    return f"{session.taxonomy().label(topic)} ({topic})"


def _plan(waiting: Plan, editor: str) -> None:
    """The plan, and the two ways on from it."""
    st.table(dict(map(_plain, described(waiting))))
    if changed := text_changes(waiting):
        with st.expander("What is written into taxonomy.toml"):
            st.code(changed, language="diff")
    with st.container(horizontal=True):
        make = session.careful(lambda: _make(waiting, editor))
        st.button("Apply", type="primary", on_click=make, key="topics-apply")
        st.button("Leave it", on_click=_leave, key="topics-leave")


def _plain(row: tuple[str, str]) -> tuple[str, str]:
    return paint.plain(row[0]), paint.plain(row[1])


def _make(waiting: Plan, editor: str) -> None:
    _leave()
    done = apply(session.settings(), waiting, by=editor, now=datetime.now(UTC))
    card.tell(f"Change {done.number} is made: {summary(done)}. {after_words(waiting)}")


def _leave() -> None:
    st.session_state.pop(_WAITING, None)


def _look_back() -> None:
    st.session_state[_WAITING] = plan_revert(session.settings(), now=datetime.now(UTC))


def _history() -> None:
    made = changes(session.settings())
    if not made:
        return
    st.subheader("Changes so far")
    stand = standing(session.settings())
    if stand and st.session_state.get(_WAITING) is None:
        last = f"Take back: {paint.plain(summary(stand[-1]))}"
        st.button(last, on_click=session.careful(_look_back), key="topics-revert")
    st.dataframe(
        [
            {
                "no.": one.number,
                "when": f"{one.time.astimezone():%Y-%m-%d %H:%M}",
                "who": one.by,
                "what": summary(one),
            }
            for one in reversed(made)
        ],
        hide_index=True,
    )
