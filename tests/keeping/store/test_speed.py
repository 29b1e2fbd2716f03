"""No key waits for a whole table to be read: what an editor does is found by index."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import event

from tagger.keeping.store import Score

TEXTS = tuple(f"Paragraph {number}." for number in range(6))
FEW_ROWS = {"tally", "chain_head", "loans"}  # one row, or what editors have in hand
WHOLE_TABLE = re.compile(r"SCAN (\w+)$")  # "SCAN items USING INDEX" stops at the limit


@pytest.fixture
def plans(file_store):
    """Tells how SQLite carries out every question asked while a function runs."""

    def during(action) -> list[str]:
        asked = []

        def note(_connection, _cursor, statement, parameters, *_):
            asked.append((statement, parameters))

        engine = file_store._database.engine
        event.listen(engine, "before_cursor_execute", note)
        action()
        event.remove(engine, "before_cursor_execute", note)
        questions = [one for one in asked if one[0].startswith(("SELECT", "UPDATE", "DELETE"))]
        with file_store._database.read() as connection:
            return [
                row[3]
                for statement, parameters in questions
                for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            ]

    return during


@pytest.mark.parametrize(
    "name",
    ["counts", "lease", "decide", "undo", "skip", "release", "last", "left", "decided", "log"],
)
def test_what_an_editor_does_reads_no_whole_table(
    file_store, plans, article, decision, id_of, name
):
    queue = file_store.queue
    queue.add([article("a.html", *TEXTS)])
    queue.score([Score(id_of(TEXTS[0]), {}, (), "v1", lane="second")])
    file_store.decide(decision(TEXTS[0], editor="Boris"))
    file_store.decide(decision(TEXTS[1]))
    lanes = {"doubt": 12, "confident": 4, "second": 1}
    actions = {
        "counts": lambda: queue.counts("Anna"),
        "lease": lambda: queue.lease("Anna", 20, lanes=lanes),
        "decide": lambda: file_store.decide(decision(TEXTS[2])),
        "undo": lambda: file_store.undo("Anna", key="z1"),
        "skip": lambda: queue.skip("Anna", id_of(TEXTS[3])),
        "release": lambda: queue.release("Anna"),
        "last": lambda: file_store.last("Anna"),
        "left": lambda: queue.items(limit=20),
        "decided": lambda: queue.items("decided", limit=20),
        "log": lambda: file_store.log(limit=20),
    }
    plan = plans(actions[name])
    assert plan
    scanned = {found[1] for step in plan if (found := WHOLE_TABLE.search(step))}
    allowed = {"corrections"} if name == "log" else set()  # newest first, it stops at the limit
    assert scanned <= FEW_ROWS | allowed
