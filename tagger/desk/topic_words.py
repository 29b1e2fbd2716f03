"""Changes of the topics in plain words, the same on the command line and in the app."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from tagger.desk.wording import counted

if TYPE_CHECKING:
    from tagger.desk.topics import Change, Plan

_FILES = 3  # that are named


def summary(change: Change) -> str:
    """A change in one line: "merge floods, storms into weather"."""
    old, new = ", ".join(change.old), ", ".join(change.new)
    if change.kind == "revert":
        return f"take back change {change.reverts}"
    if change.kind in {"add", "retire"}:
        seeds = f" (rule: {', '.join(change.seeds)})" if change.seeds else ""
        return f"{change.kind} {new or old}{seeds}"
    return f"{change.kind} {old} {'to' if change.kind == 'rename' else 'into'} {new}"


def described(plan: Plan) -> list[tuple[str, str]]:
    """What a plan touches: pairs of a heading and what is to be said about it."""
    rows = [
        ("change", summary(plan.change)),
        ("labelled", _labelled(plan)),
        ("decisions", f"{counted(plan.decisions, 'reads', 'read')} otherwise; none is altered"),
        ("asked again", _again(plan)),
        ("queue", _waiting(plan)),
        ("models", _models(plan)),
        ("keys", _looks(plan)),
    ]
    return [(heading, words) for heading, words in rows if words]


def _labelled(plan: Plan) -> str:
    total = sum(plan.labelled.values())
    if not total:
        return "no labelled paragraph reads otherwise"
    most = sorted(plan.labelled.items(), key=lambda item: -item[1])
    named = [f"{file} {count:,}" for file, count in most[:_FILES]]
    more = f" and {counted(len(most) - _FILES, 'more file')}" if len(most) > _FILES else ""
    read = counted(total, "paragraph reads", "paragraphs read")
    return f"{read} otherwise ({', '.join(named)}{more}); no file is altered"


def _again(plan: Plan) -> str:
    if not plan.again:
        return ""
    return f"{counted(plan.again, 'paragraph')}: nobody has said whether a new topic applies"


def _waiting(plan: Plan) -> str:
    waiting = counted(plan.waiting, "waiting paragraph has", "waiting paragraphs have")
    return f"{waiting} a suggestion that goes" * bool(plan.waiting)


def _models(plan: Plan) -> str:
    know = counted(len(plan.models), "saved model knows", "saved models know")
    words = f"{know} today's topics" * bool(plan.models)
    return "; ".join(filter(None, [words, after_words(plan)]))


def after_words(plan: Plan) -> str:
    """What becomes of the model that serves, and what to do; empty where nothing."""
    if plan.serving is None:
        return ""
    if plan.keeps_serving:
        if not (seeds := ", ".join(plan.change.seeds)):
            return f"{plan.serving} goes on serving"
        return f"{plan.serving} goes on serving the other topics, the rule ({seeds}) suggests this"
    return f"{plan.serving} will not serve: run 'tagger retrain' after the change"


def _looks(plan: Plan) -> str:
    """Keys and colours that come, go or change."""
    before = {topic.id: (topic.key or "no key", topic.colour) for topic in plan.before}
    after = {topic.id: (topic.key or "no key", topic.colour) for topic in plan.after}
    gone = [f"{id_} gives up {' '.join(before[id_])}" for id_ in before if id_ not in after]
    new = [f"{id_} gets {' '.join(after[id_])}" for id_ in after if after[id_] != before.get(id_)]
    return "; ".join([*gone, *new])


def text_changes(plan: Plan) -> str:
    """The lines of ``taxonomy.toml`` that change, as a unified diff; empty where none does."""
    before, after = plan.change.before.splitlines(), plan.change.after.splitlines()
    return "\n".join(
        difflib.unified_diff(before, after, "taxonomy.toml", "taxonomy.toml", "", "", 1, "")
    )
