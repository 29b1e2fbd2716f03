import hashlib
import json
import sqlite3

import pytest

from tagger.desk.correct import correct_from_file, undo
from tagger.desk.log import Filters, export_jsonl, export_lines, restore_jsonl, rows, verify
from tagger.errors import InputError, OutputError
from tagger.keeping.store import open_store, verifying


@pytest.fixture
def logged(store, taxonomy, tmp_path, clock):
    """Ann decided two paragraphs, Ben one a minute later; Ben took his back."""
    for editor, texts in (("ann", ["One.", "Two."]), ("ben", ["Three."])):
        path = tmp_path / f"{editor}.jsonl"
        lines = [json.dumps({"text": text, "topics": ["talks"]}) for text in texts]
        path.write_text("\n".join(lines), encoding="utf-8")
        correct_from_file(store, path, taxonomy, editor)
        clock.wait(1)
    undo(store, "ben", key="z")
    return store


def test_the_log_is_read_newest_first_and_says_what_was_taken_back(logged):
    found = [(entry.row.sequence, entry.row.action, entry.undone) for entry in rows(logged)]
    assert found == [
        (4, "undo", False),
        (3, "decide", True),
        (2, "decide", False),
        (1, "decide", False),
    ]


def test_filters_narrow_the_log(logged, clock):
    def texts(**filters):
        return [entry.row.text for entry in rows(logged, Filters(**filters))]

    assert texts(editor="ann") == ["Two.", "One."]
    assert texts(limit=1) == ["Three."]
    last = rows(logged)[0].row
    assert texts(since=last.time) == ["Three."]
    assert texts(paragraph=last.paragraph, until=last.time) == ["Three."]


def test_an_export_can_be_checked_without_this_program(logged, tmp_path):
    out = tmp_path / "log.jsonl"
    assert export_jsonl(logged, out) == 4
    previous = "0" * 64
    for line in out.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        hash_ = row.pop("hash")
        text = json.dumps(row, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        assert hashlib.sha256(text.encode()).hexdigest() == hash_
        assert row["previous"] == previous
        previous = hash_
    assert list(export_lines(logged)) == out.read_text(encoding="utf-8").splitlines(keepends=True)


def test_an_export_restores_a_desk_whose_audits_still_measure_and_undos_still_count(
    logged, desk, tmp_path
):
    out = tmp_path / "log.jsonl"
    export_jsonl(logged, out)
    with open_store(tmp_path / "new" / "corrections.db") as new:
        assert restore_jsonl(new, out) == 4
        assert rows(new) == rows(logged)
        assert verify(new) == verify(logged)
        with pytest.raises(InputError, match="already"):
            restore_jsonl(new, out)


@pytest.mark.parametrize(("data", "message"), [(b"{", "no export"), (b"[1]", "no export")])
def test_what_is_no_export_is_not_restored(store, tmp_path, data, message):
    path = tmp_path / "log.jsonl"
    with pytest.raises(InputError, match="cannot be read: No such file"):
        restore_jsonl(store, path)
    path.write_bytes(data)
    with pytest.raises(InputError, match=message):
        restore_jsonl(store, path)


def test_an_export_replaces_nothing_unasked(logged, tmp_path):
    out = tmp_path / "log.jsonl"
    out.write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError):
        export_jsonl(logged, out)
    assert out.read_text(encoding="utf-8") == "mine"
    assert export_jsonl(logged, out, force=True) == 4


def test_an_edited_row_is_found(logged, desk):
    assert verify(logged).problem is None
    with sqlite3.connect(desk.database) as connection:
        connection.execute("DROP TRIGGER corrections_no_update")
        connection.execute("UPDATE corrections SET editor = 'eve' WHERE sequence = 2")
    connection.close()
    found = verify(logged)
    assert (found.rows, found.problem.sequence) == (1, 2)
    assert [entry.damaged for entry in rows(logged)] == [False, False, True, False]


def test_a_damaged_row_is_exported_as_it_is_and_names_itself(logged, desk, tmp_path):
    with sqlite3.connect(desk.database) as connection:
        connection.execute("DROP TRIGGER corrections_no_update")
        connection.execute("UPDATE corrections SET seconds = 9e999 WHERE sequence = 2")
        connection.execute("UPDATE corrections SET text = CAST(x'ff' AS TEXT) WHERE sequence = 3")
    connection.close()
    out = tmp_path / "log.jsonl"
    assert export_jsonl(logged, out) == 4
    exported = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert (exported[1]["seconds"], exported[2]["text"]) == ("inf", "\udcff")
    assert [problem.sequence for problem in verifying.verify(exported).problems] == [2, 3]
