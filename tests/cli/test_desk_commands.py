import json
import shutil
import sqlite3

import pytest

from tagger.cli import cli, correct, log, queue
from tagger.keeping.store import open_store
from tagger.paragraphs import paragraph_id
from tagger.settings import Settings

FLOOD = "The river burst its banks on Monday night and flooded some forty houses in the village."
TALKS = "Envoys of both sides met in Geneva on Friday and agreed on a truce and further talks."
OTHER = "The orchestra opens its season on Friday with a symphony by a young composer."


@pytest.fixture
def home(desk_with_model, tmp_path, monkeypatch):
    """A desk of its own that has a model, and the commands of the queue."""
    monkeypatch.delenv("TAGGER_DATABASE_URL", raising=False)
    for command in (queue.queue, correct.correct, log.log):
        monkeypatch.setitem(cli.commands, command.name, command)
    shutil.copytree(desk_with_model.home, tmp_path / "desk")
    return Settings(tmp_path / "desk")


@pytest.fixture
def tagger(run_on, home):
    def command(*words, stdin=""):
        return run_on(home, *words, stdin=stdin)

    return command


@pytest.fixture
def story(tmp_path):
    path = tmp_path / "story.txt"
    path.write_text(f"{FLOOD}\n\n{TALKS}\n\nShare this article\n\n{OTHER}\n", encoding="utf-8")
    return path


@pytest.fixture
def queued(tagger, story):
    assert tagger("queue", "add", story).code == 0


def ids(done):
    return [card["id"] for card in json.loads(done.out)]


def test_queue_add_tells_what_became_of_the_inputs(tagger, story):
    done = tagger("queue", "add", story)
    assert done.code == 0
    assert "1 new article, 3 paragraphs queued (1 set aside as furniture); 3 left of 3." in done.err
    again = tagger("queue", "add", str(story.parent / "*.txt"))
    assert "0 new articles (1 known already), 0 paragraphs queued; 3 left" in again.err


def test_queue_add_reads_a_pipe_and_tables(tagger, tmp_path):
    assert "1 left of 1" in tagger("queue", "add", "-", stdin=FLOOD).err
    table = tmp_path / "rows.csv"
    table.write_bytes(f"id,body\n1,{OTHER} Café\n".encode("cp1252"))
    done = tagger("queue", "add", table, "--text-column", "body", "--encoding", "cp1252")
    assert done.code == 0
    assert "2 left of 2" in done.err


def test_queue_add_names_what_it_could_not_read_and_exits_with_1(tagger, story, tmp_path):
    rows = tmp_path / "rows.jsonl"
    rows.write_text("no json\n" * 7, encoding="utf-8")
    broken = tmp_path / "broken.parquet"
    broken.write_bytes(b"nothing")
    done = tagger("queue", "add", story, rows, broken)
    assert done.code == 1
    assert "3 paragraphs queued" in done.err
    assert f"Not read: {rows}, row 5" in done.err
    assert "and 2 rows more" in done.err
    assert f"Not read: {broken}" in done.err
    assert tagger("queue", "add", tmp_path / "nowhere.txt").code == 1


def test_queue_add_counts_a_single_copy_as_one(tagger, tmp_path):
    path = tmp_path / "twice.txt"
    path.write_text(f"{FLOOD}\n\n{OTHER}\n\n{FLOOD}\n", encoding="utf-8")
    assert "2 paragraphs queued (1 copy of them); 2 left of 2." in tagger("queue", "add", path).err


def test_queue_add_as_json_says_the_same_to_a_program_and_nothing_else(tagger, story, tmp_path):
    done = tagger("queue", "add", story, "--json")
    assert (done.code, done.err) == (0, "")
    assert json.loads(done.out) == {
        "articles": 1,
        "known": 0,
        "queued": 3,
        "decided": 0,
        "copies": 0,
        "furniture": 1,
        "left": 3,
        "total": 3,
        "unread_rows": 0,
        "first_unread_rows": [],
        "unread_files": [],
        "notes": [],
    }


def test_queue_add_as_json_names_what_it_could_not_read(tagger, tmp_path):
    rows = tmp_path / "rows.jsonl"
    rows.write_text("no json\n" * 7, encoding="utf-8")
    broken = tmp_path / "broken.parquet"
    broken.write_bytes(b"nothing")
    done = tagger("queue", "add", rows, broken, "--json")
    told = json.loads(done.out)
    assert (done.code, told["unread_rows"]) == (1, 7)
    assert [(one["file"], one["row"]) for one in told["first_unread_rows"]] == [
        (str(rows), number) for number in range(1, 6)
    ]
    [file] = told["unread_files"]
    assert file["file"] == str(broken)
    assert file["message"]


def test_queue_list_shows_what_is_left(tagger, queued):
    done = tagger("queue", "list", "--json")
    cards = json.loads(done.out)
    assert {card["text"] for card in cards} == {FLOOD, TALKS, OTHER}
    assert "3 left of 3" in done.err
    card = next(card for card in cards if card["text"] == TALKS)
    assert card["id"] == paragraph_id(TALKS)
    assert (card["before"], card["after"]) == ([FLOOD], [OTHER])
    shown = tagger("queue", "list", "--limit", "2").out
    assert sum(id_ in shown for id_ in (paragraph_id(text) for text in (FLOOD, TALKS, OTHER))) == 2
    assert json.loads(tagger("queue", "list", "--lane", "second", "--json").out) == []


def test_queue_list_covers_the_suggestion_of_an_audit(tagger, home, queued):
    with sqlite3.connect(home.database) as connection:
        connection.execute(
            "UPDATE items SET lane = 'audit' WHERE paragraph = ?", [paragraph_id(OTHER)]
        )
    connection.close()
    [card] = json.loads(tagger("queue", "list", "--lane", "audit", "--json").out)
    assert (card["topics"], card["scores"]) == (None, None)
    assert "(covered)" in tagger("queue", "list").out


def test_queue_list_ends_with_what_a_split_asks_again(tagger, queued):
    decided = tagger("correct", paragraph_id(FLOOD), "--topics", "floods", "--editor", "ann")
    assert decided.code == 0
    assert tagger("topics", "split", "floods", "rivers", "rain", "--apply").code == 0
    done = tagger("queue", "list", "--json")
    assert [card["lane"] for card in json.loads(done.out)].count("again") == 1
    [card] = json.loads(tagger("queue", "list", "--lane", "again", "--json").out)
    assert card["text"] == FLOOD
    assert "asked again because topics changed" in done.err


def test_an_empty_queue_says_what_to_do(tagger):
    assert "tagger queue add" in tagger("queue", "list").err
    assert "tagger queue add" in tagger("queue", "next", "--editor", "ann").err


def test_queue_next_lends_paragraphs_to_one_editor(tagger, queued):
    first = tagger("queue", "next", "--editor", "ann", "--json")
    assert len(ids(first)) == 3
    assert all(card["reason"] for card in json.loads(first.out))
    other = tagger("queue", "next", "--editor", "ben")
    assert other.out == ""
    assert "3 held by others" in other.err
    assert "ten minutes" in other.err
    assert "lane" in tagger("queue", "next", "--editor", "ann", "--lane", "second").err
    assert tagger("queue", "next").code == 2


def test_correct_records_a_decision_and_the_queue_shrinks(tagger, queued):
    done = tagger("correct", paragraph_id(FLOOD), "--topics", "floods, talks", "--editor", "ann")
    assert done.code == 0
    assert "Recorded as 1: floods, talks for 'The river burst" in done.err
    again = tagger("correct", paragraph_id(FLOOD), "--topics", "none", "--editor", "ben")
    assert "Before: floods, talks, by ann." in again.err
    assert "2 left of 3" in tagger("queue", "list").err
    for text in (TALKS, OTHER):
        tagger("correct", paragraph_id(text), "--topics", "none", "--editor", "ann")
    assert "All is decided" in tagger("queue", "next", "--editor", "ann").err


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        ([], 2, "Give ID"),
        (["0" * 20], 2, "Give ID"),
        (["0" * 20, "--topics", "none", "--undo"], 2, "Give ID"),
        (["0" * 20, "--topics", "none"], 2, "--editor"),
        (["0" * 20, "--topics", "none,talks", "--editor", "ann"], 2, "none"),
        (["0" * 20, "--topics", ",", "--editor", "ann"], 2, "a,b"),
        (["0" * 20, "--topics", "tennis", "--editor", "ann"], 1, "talks, energy, floods"),
        (["0" * 20, "--topics", "none", "--editor", "ann"], 1, "tagger queue list"),
        (["--undo", "--editor", "ann"], 1, "nothing to undo"),
        (["--undo", "7", "--editor", "ann"], 1, "number"),
        (["--undo", "9" * 30, "--editor", "ann"], 1, "number"),
        (["--undo", "seven", "--editor", "ann"], 2, "seven"),
        (["--from", "nowhere.jsonl"], 1, "nowhere.jsonl"),
    ],
)
def test_correct_says_what_is_wrong(tagger, words, code, told):
    done = tagger("correct", *words)
    assert (done.code, told in done.err) == (code, True), done.err


def test_correct_takes_the_beginning_of_an_id(tagger, queued):
    done = tagger("correct", paragraph_id(FLOOD)[:6], "--topics", "none", "--editor", "ann")
    assert "Recorded as 1: none of them for 'The river burst" in done.err
    short = tagger("correct", paragraph_id(FLOOD)[:5], "--topics", "none", "--editor", "ann")
    assert (short.code, "first 6 characters" in short.err) == (1, True)


def test_correct_takes_back_the_last_press_or_a_number(tagger, queued):
    for text in (FLOOD, TALKS):
        tagger("correct", paragraph_id(text), "--topics", "talks", "--editor", "ann")
    assert "Undid: talks for 'The river" in tagger("correct", "--undo", "1", "--editor", "ann").err
    assert "Undid: talks for 'Envoys" in tagger("correct", "--undo", "--editor", "ann").err
    assert "3 left of 3" in tagger("queue", "list").err


def test_correct_from_a_file_is_all_or_nothing(tagger, queued, tmp_path):
    file = tmp_path / "decided.jsonl"
    good = json.dumps({"id": paragraph_id(FLOOD), "topics": ["floods"]})
    file.write_text(f'{good}\n{{"text": "x", "topics": ["tennis"]}}\n', encoding="utf-8")
    done = tagger("correct", "--from", file, "--editor", "ann")
    assert done.code == 1
    assert "line 2: unknown topic tennis" in done.err
    assert "3 left of 3" in tagger("queue", "list").err
    file.write_text(f'{good}\n{{"text": "x", "topics": [], "editor": "ben"}}\n', encoding="utf-8")
    assert "2 decisions" in tagger("correct", "--from", file, "--editor", "ann").err
    again = tagger("correct", "--from", file, "--editor", "ann")
    assert (again.code, "not recorded before" in again.err) == (0, True)


def test_log_list_tells_who_decided_what(tagger, queued):
    assert "No such row" in tagger("log", "list").err
    tagger("correct", paragraph_id(FLOOD), "--topics", "floods", "--editor", "ann")
    tagger("correct", paragraph_id(TALKS), "--topics", "none", "--editor", "ben")
    tagger("correct", "--undo", "--editor", "ben")
    rows = json.loads(tagger("log", "list", "--json").out)
    assert [(row["sequence"], row["action"], row["undone"]) for row in rows] == [
        (3, "undo", False),
        (2, "decide", True),
        (1, "decide", False),
    ]
    own = json.loads(tagger("log", "list", "--editor", "ann", "--limit", "5", "--json").out)
    assert [row["topics"] for row in own] == [["floods"]]
    assert json.loads(tagger("log", "list", "--since", "2999-01-01", "--json").out) == []
    shown = tagger("log", "list").out
    assert "taken back" in shown
    assert "undid 2" in shown


def test_log_export_goes_to_a_file_or_a_pipe(tagger, queued, tmp_path):
    tagger("correct", paragraph_id(FLOOD), "--topics", "floods", "--editor", "ann")
    out = tmp_path / "log.jsonl"
    assert tagger("log", "export", out).code == 0
    assert json.loads(out.read_text(encoding="utf-8"))["topics"] == ["floods"]
    assert tagger("log", "export", "-").out == out.read_text(encoding="utf-8")
    assert tagger("log", "export", out).code == 1
    assert tagger("log", "export", out, "--force").code == 0


def test_an_exported_log_is_restored_into_a_new_desk_and_not_read_as_decisions(
    tagger, queued, home, tmp_path
):
    tagger("correct", paragraph_id(FLOOD), "--topics", "floods", "--editor", "ann")
    tagger("correct", "--undo", "--editor", "ann")
    out, new = tmp_path / "log.jsonl", tmp_path / "new"
    tagger("log", "export", out)
    (new / "labeled").mkdir(parents=True)
    shutil.copy(home.labeled / "taxonomy.toml", new / "labeled")
    done = tagger("correct", "--from", out, "--home", new)
    assert (done.code, "line 2: is an undo of an exported log" in done.err) == (1, True)
    done = tagger("log", "restore", out, "--home", new)
    assert (done.code, f"2 rows restored from {out}" in done.err) == (0, True)
    assert tagger("log", "export", "--home", new).out == out.read_text(encoding="utf-8")
    assert tagger("log", "restore", out, "--home", new).code == 1


def test_log_export_takes_its_file_with_or_without_o_and_prints_without_one(
    tagger, queued, tmp_path
):
    tagger("correct", paragraph_id(FLOOD), "--topics", "floods", "--editor", "ann")
    out = tmp_path / "log.jsonl"
    done = tagger("log", "export", "-o", out)
    assert (done.code, f"1 row written to {out}" in done.err) == (0, True)
    lines = out.read_text(encoding="utf-8")
    for words in ([], ["-"], ["-o", "-"], ["--output", "-"]):
        assert tagger("log", "export", *words).out == lines
    twice = tagger("log", "export", tmp_path / "a.jsonl", "-o", tmp_path / "b.jsonl")
    assert (twice.code, "named twice" in twice.err) == (2, True)
    assert not (tmp_path / "a.jsonl").exists()
    assert not (tmp_path / "b.jsonl").exists()


def test_log_verify_names_the_first_bad_row(tagger, home, queued):
    tagger("correct", paragraph_id(FLOOD), "--topics", "floods", "--editor", "ann")
    tagger("correct", paragraph_id(TALKS), "--topics", "talks", "--editor", "ann")
    sound = tagger("log", "verify")
    assert (sound.code, "2 rows" in sound.err) == (0, True)
    with sqlite3.connect(home.database) as connection:
        connection.execute("DROP TRIGGER corrections_no_update")
        connection.execute("UPDATE corrections SET topics = '[]' WHERE sequence = 2")
    connection.close()
    done = tagger("log", "verify")
    assert done.code == 1
    assert "Row 2 was edited" in done.err
    assert "The 1 row before the first of them is sound." in done.err
    told = tagger("log", "verify", "--json")
    assert (told.code, told.err) == (1, "")
    found = json.loads(told.out)
    assert not found["sound"]
    assert found["decisions"]["sound_rows"] == 1
    assert [one["row"] for one in found["decisions"]["problems"]] == [2]
    assert found["struck_words"]["problems"] == []


def test_log_verify_as_json_says_that_a_log_is_sound(tagger, queued):
    tagger("correct", paragraph_id(FLOOD), "--topics", "floods", "--editor", "ann")
    done = tagger("log", "verify", "--json")
    found = json.loads(done.out)
    assert (done.code, found["sound"], found["decisions"]["sound_rows"]) == (0, True, 1)
    last = json.loads(tagger("log", "export").out)["hash"]
    assert found["decisions"]["last_hash"] == last


def test_log_verify_and_list_name_damaged_rows_of_every_kind(tagger, home, queued):
    for number, text in enumerate((FLOOD, TALKS, OTHER, FLOOD, TALKS)):
        topics = "floods" if number % 2 else "none"
        tagger("correct", paragraph_id(text), "--topics", topics, "--editor", "ann")
    with sqlite3.connect(home.database) as connection:
        connection.execute("DROP TRIGGER corrections_no_update")
        connection.execute("DROP TRIGGER corrections_no_delete")
        connection.execute("UPDATE corrections SET time = 'yesterday' WHERE sequence = 1")
        connection.execute("UPDATE corrections SET seconds = 9e999 WHERE sequence = 2")
        connection.execute("UPDATE corrections SET editor = CAST(x'ff' AS TEXT) WHERE sequence = 3")
        connection.execute("DELETE FROM corrections WHERE sequence = 5")
    connection.close()
    done = tagger("log", "verify")
    assert done.code == 1
    assert all(f"Row {number} was edited" in done.err for number in (1, 2, 3))
    assert "Row 5 is missing: the log ends too early" in done.err
    assert "The 0 rows before" in done.err
    listed = tagger("log", "list")
    assert (listed.code, listed.out.count("damaged")) == (0, 3)
    data = json.loads(tagger("log", "list", "--json").out)
    assert [row["damaged"] for row in data] == [False, True, True, True]


def test_a_broken_store_is_told_in_words(tagger, home):
    with open_store(home.database):
        pass
    home.database.write_bytes(b"not a database at all, but long enough to be taken for a file")
    done = tagger("queue", "list")
    assert done.code == 1
    assert "corrections.db" in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    "words", [["queue", "add"], ["queue", "next"], ["correct"], ["log", "export"]]
)
def test_help_shows_an_example(tagger, words):
    done = tagger(*words, "--help")
    assert "Example" in done.out
    assert f"tagger {' '.join(words)}" in done.out.split("Example")[1]
