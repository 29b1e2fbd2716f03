import csv
import json
import os
import stat

import polars as pl
import pytest

STORY = """Envoys edge towards a truce

Envoys met again on Tuesday and agreed to go on talking about a truce.

The river rose another metre and water stood in the streets.

A baker in the old town has put up his prices.
"""


@pytest.fixture
def story(tmp_path):
    path = tmp_path / "story.txt"
    path.write_text(STORY, encoding="utf-8")
    return path


def lines_of(text):
    return [json.loads(line) for line in text.splitlines()]


def test_a_pipe_gets_json_lines_with_the_contract_s_keys(run, story):
    done = run("tag", story)
    assert done.code == 0
    records = lines_of(done.out)
    assert [r["index"] for r in records] == [0, 1, 2, 3]
    assert list(records[1]) == [
        "document",
        "index",
        "id",
        "text",
        "topics",
        "scores",
        "furniture",
        "decision",
        "model",
    ]
    assert records[1]["text"].startswith("Envoys met again")
    assert records[1]["topics"] == ["talks"]
    assert set(records[1]["scores"]) == {"talks", "energy", "floods"}
    assert records[1]["furniture"] is None
    assert records[2]["topics"] == ["floods"]


def test_none_of_them_is_an_answer(run, story):
    assert lines_of(run("tag", story).out)[3]["topics"] == []


def test_the_closing_words_go_to_standard_error(run, story):
    done = run("tag", story)
    assert "1 document, 4 paragraphs" in done.err
    assert "document," not in done.out


def test_standard_input_is_tagged(run):
    done = run("tag", "-", stdin=STORY)
    assert done.code == 0
    assert {r["document"] for r in lines_of(done.out)} == {"stdin"}


def test_a_table_shows_topics_and_percentages(run, story):
    done = run("tag", story, "--format", "table")
    assert "talks" in done.out
    assert "%" in done.out
    assert "none of them" in done.out


def test_explain_adds_the_words_for_and_against(run, story):
    why = lines_of(run("tag", story, "--explain", "2").out)[1]["why"]["talks"]
    assert set(why) == {"for", "against"}
    assert 0 < len(why["for"]) <= 2
    assert all(share > 0 for _, share in why["for"])


def test_furniture_is_set_aside_and_shown_on_request(run, tmp_path):
    page = tmp_path / "page.txt"
    page.write_text(STORY + "\nAdvertisement\n\nThe envoys will meet again.\n", encoding="utf-8")
    plain, full = run("tag", page), run("tag", page, "--keep-furniture")
    assert len(lines_of(full.out)) == len(lines_of(plain.out)) + 1
    (aside,) = [r for r in lines_of(full.out) if r["furniture"]]
    assert aside["text"] == "Advertisement"
    assert aside["topics"] == []
    assert aside["scores"] == {}
    assert "set aside" in plain.err


def test_the_suffix_of_the_output_tells_its_format(run, story, tmp_path):
    for name in ("out.jsonl", "out.csv", "out.parquet"):
        assert run("tag", story, "-o", tmp_path / name).code == 0
    from_lines = lines_of((tmp_path / "out.jsonl").read_text(encoding="utf-8"))
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        from_csv = list(csv.DictReader(file))
    from_parquet = pl.read_parquet(tmp_path / "out.parquet").to_dicts()
    texts = [r["text"] for r in from_lines]
    assert [r["text"] for r in from_csv] == texts
    assert [r["text"] for r in from_parquet] == texts
    assert from_csv[1]["topics"] == "talks"
    assert from_parquet[1]["topics"] == ["talks"]
    assert float(from_csv[1]["score_talks"]) == from_parquet[1]["score_talks"]


def test_an_unknown_suffix_is_refused_before_any_work(run, story, tmp_path):
    done = run("tag", story, "-o", tmp_path / "out.docx")
    assert done.code == 1
    assert "--format" in done.err


def test_an_existing_output_is_never_replaced_without_force(run, story, tmp_path):
    out = tmp_path / "out.csv"
    out.write_text("precious", encoding="utf-8")
    done = run("tag", story, "-o", out)
    assert done.code == 1
    assert "--force" in done.err
    assert out.read_text(encoding="utf-8") == "precious"
    assert run("tag", story, "-o", out, "--force").code == 0
    assert out.read_text(encoding="utf-8").startswith("document,")


def test_a_spreadsheet_cannot_be_made_to_run_a_paragraph(run, tmp_path):
    hostile = tmp_path / "hostile.jsonl"
    texts = ['=HYPERLINK("http://evil.example","click")', "+1+1", "@SUM(A1)", "-2+3", "\t=1"]
    hostile.write_text("\n".join(json.dumps({"text": t}) for t in texts), encoding="utf-8")
    out = tmp_path / "out.csv"
    assert run("tag", hostile, "-o", out).code == 0
    with out.open(encoding="utf-8", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert not [cell for cell in cells if cell[:1] in "=+-@\t\r" and cell]


def test_broken_json_on_line_17_goes_to_the_rejects_and_the_rest_is_tagged(run, tmp_path):
    rows = [json.dumps({"text": f"The envoys met for the {n}th time."}) for n in range(1, 21)]
    rows[16] = '{"text": "half a li'
    table, out = tmp_path / "rows.jsonl", tmp_path / "out.jsonl"
    table.write_text("\n".join(rows), encoding="utf-8")
    done = run("tag", table, "-o", out)
    assert done.code == 1
    assert len(lines_of(out.read_text(encoding="utf-8"))) == 19
    (reject,) = lines_of((tmp_path / "out.jsonl.rejects.jsonl").read_text(encoding="utf-8"))
    assert (reject["row"], reject["raw"]) == (17, '{"text": "half a li')
    assert "Not read: 1 row, kept in" in done.err


def test_rejects_that_cannot_be_kept_do_not_stop_the_rest(run, tmp_path):
    table = tmp_path / "rows.jsonl"
    table.write_text('{"text": "The envoys met."}\nbroken\n{"text": "They left."}\n')
    done = run("tag", table, "--rejects", table / "r.jsonl")  # a file where a folder is needed
    assert done.code == 1
    assert len(lines_of(done.out)) == 2
    assert "are not kept" in done.err
    assert "row 2" in done.err


def test_the_result_never_replaces_an_input(run, tmp_path):
    table = tmp_path / "wires.csv"
    table.write_text("text\nThe envoys met.\n", encoding="utf-8")
    done = run("tag", table, "-o", table, "--force")
    assert done.code == 1
    assert "one of the inputs" in done.err
    assert table.read_text(encoding="utf-8") == "text\nThe envoys met.\n"


def test_results_of_earlier_runs_in_a_folder_are_not_tagged_again(run, tmp_path):
    folder = tmp_path / "stories"
    folder.mkdir()
    (folder / "story.txt").write_text(STORY, encoding="utf-8")
    for name in ("out.csv", "out.jsonl"):
        assert run("tag", folder, "-o", folder / name).code == 0
    done = run("tag", folder)
    assert "1 document, 4 paragraphs" in done.err
    assert "Skipped 2 results of this tool" in done.err


def test_a_name_that_stands_for_nothing_does_not_stop_the_others(run, story, tmp_path):
    done = run("tag", tmp_path / "missing.txt", story)
    assert done.code == 1
    assert len(lines_of(done.out)) == 4
    assert "missing.txt" in done.err


def test_a_table_through_a_pipe_is_told_by_its_header(run):
    for table in ("id,text\n1,The envoys met.\n", "id\ttext\n1\tThe envoys met.\n"):
        done = run("tag", "-", stdin=table)
        assert [r["text"] for r in lines_of(done.out)] == ["The envoys met."]
        assert "taken for" in done.err


def test_what_was_assumed_is_told_once_a_file(run, tmp_path):
    table = tmp_path / "wires.csv"
    rows = "".join(f"{n};The envoys met for the {n}th time.\n" for n in range(30))
    table.write_text(f"id;text\n{rows}", encoding="utf-8")
    done = run("tag", table)
    assert done.err.count("semicolons") == 1
    assert "30 documents" in done.err


def test_no_rejects_file_appears_where_nothing_was_rejected(run, story, tmp_path):
    run("tag", story, "-o", tmp_path / "out.jsonl")
    assert not list(tmp_path.glob("*rejects*"))


def test_one_unreadable_file_in_a_folder_does_not_stop_the_others(run, tmp_path):
    folder = tmp_path / "stories"
    folder.mkdir()
    for number in range(20):
        (folder / f"{number:02}.txt").write_text(STORY, encoding="utf-8")
    (folder / "07.txt").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    (folder / "11.txt").write_bytes(b"")
    done = run("tag", folder)
    assert done.code == 1
    assert len({r["document"] for r in lines_of(done.out)}) == 18
    assert "07.txt" in done.err
    assert "11.txt" in done.err
    assert "is empty" in done.err


def test_a_missing_column_names_the_ones_there_are(run, tmp_path):
    table = tmp_path / "wires.csv"
    table.write_text("id,story\n1,The envoys met.\n", encoding="utf-8")
    done = run("tag", table)
    assert done.code == 1
    assert "story" in done.err
    assert "--text-column" in done.err
    assert run("tag", table, "--text-column", "story").code == 0


def test_an_encoding_that_had_to_be_detected_is_told(run, tmp_path):
    letter = tmp_path / "letter.txt"
    letter.write_bytes("Посланці зустрілися знову і говорили про перемир'я.\n".encode("cp1251"))
    done = run("tag", letter)
    assert done.code == 0
    assert "cp1251" in done.err
    assert lines_of(done.out)[0]["text"].startswith("Посланці")


def test_a_huge_word_and_a_huge_paragraph_are_tagged(run, tmp_path):
    big = tmp_path / "big.jsonl"
    texts = ["x" * 300_000, "envoys met " * 100_000]
    big.write_text("\n".join(json.dumps({"text": t}) for t in texts), encoding="utf-8")
    done = run("tag", big)
    assert done.code == 0
    assert [len(r["text"]) for r in lines_of(done.out)] == [300_000, len(texts[1].strip())]


def test_half_a_surrogate_pair_does_not_stop_the_batch(run, tmp_path):
    odd = tmp_path / "odd.jsonl"
    odd.write_text('{"text": "The envoys \\ud800 met."}\n{"text": "They met again."}\n')
    done = run("tag", odd)
    assert done.code == 0
    assert len(lines_of(done.out)) == 2


def test_an_input_that_matches_nothing_is_named(run, tmp_path):
    done = run("tag", tmp_path / "nowhere.txt")
    assert done.code == 1
    assert "nowhere.txt" in done.err


def test_nothing_half_written_stays_when_the_output_cannot_be_written(run, story, tmp_path):
    locked = tmp_path / "locked"
    locked.mkdir()
    locked.chmod(stat.S_IRUSR | stat.S_IXUSR)
    if os.access(locked, os.W_OK):
        pytest.skip("this user may write anywhere")
    assert run("tag", story, "-o", locked / "out.csv").code == 1
    locked.chmod(stat.S_IRWXU)
    assert not list(locked.iterdir())


def test_the_first_model_is_trained_on_the_spot(run_on, desk, story):
    done = run_on(desk, "tag", story)
    assert done.code == 0
    assert "No model yet" in done.err
    assert "macro-F1" in done.err
    assert lines_of(done.out)[1]["topics"] == ["talks"]
    again = run_on(desk, "tag", story)
    assert "No model yet" not in again.err
    assert again.out == done.out


def test_a_damaged_model_is_refused_with_a_cure(run_on, desk, story):
    run_on(desk, "tag", story)
    weights = next(desk.models.glob("*/weights.npy"))
    data = bytearray(weights.read_bytes())
    data[-1] ^= 1
    weights.write_bytes(data)
    done = run_on(desk, "tag", story)
    assert done.code == 1
    assert "weights.npy was altered" in done.err
    assert "rollback" in done.err


def test_a_model_for_other_topics_is_refused_with_a_cure(run_on, desk, story):
    run_on(desk, "tag", story)
    taxonomy = desk.labeled / "taxonomy.toml"
    with taxonomy.open("a", encoding="utf-8") as file:
        file.write('\n[[topic]]\nid = "harvest"\n')
    done = run_on(desk, "tag", story)
    assert done.code == 1
    assert "harvest" in done.err
    assert "tagger retrain" in done.err


def test_a_text_the_model_cannot_read_is_told(run, story, tmp_path):
    foreign = tmp_path / "foreign.txt"
    foreign.write_text("Посланці зустрілися знову і говорили про перемир'я.\n", encoding="utf-8")
    assert "knows hardly a word" in run("tag", foreign).err
    assert "knows hardly a word" not in run("tag", story).err


def test_a_document_s_name_neither_styles_the_table_nor_steers_the_terminal(run, tmp_path):
    table = tmp_path / "odd.jsonl"
    table.write_text(json.dumps({"id": "[/b]\x1b]0;owned\x07", "text": "The envoys met."}))
    done = run("tag", table, "--format", "table")
    assert done.code == 0
    assert "[/b]" in done.out
    assert "\x1b]0" not in done.out


def test_a_device_is_never_replaced(run, story):
    done = run("tag", story, "-o", "/dev/null", "--format", "csv", "--force")
    assert done.code == 1
    assert "no regular file" in done.err
