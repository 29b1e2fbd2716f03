"""A job in parts gives what the same job gives at once."""

from __future__ import annotations

import io
import json
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from itertools import count
from typing import TYPE_CHECKING

import polars as pl
import pytest

from tagger.batch.local import Progress
from tagger.desk import tag_parts
from tagger.desk.tag import Tally
from tagger.desk.tag_job import Job, check, inputs_of, rejects_of, results, save
from tagger.desk.tag_parts import goes_in_parts, parts_folder, tag_in_parts
from tagger.errors import InputError, OutputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tagger.learning.model import Model
    from tagger.records import LabeledExample
    from tagger.writing.tables import Format

FORMS: list[Format] = ["parquet", "csv", "jsonl"]
NOW = datetime(2026, 11, 22, tzinfo=UTC)
PAGE = """<html><body><article><h1>The river falls</h1><p>By Olena Marchenko</p>
<p>The river fell by a metre overnight and the ferries sail again.</p>
<p>Share on Facebook</p><p>Envoys met in the town hall to discuss a truce.</p></article></body>
</html>"""
ODD = [
    "Advertisement",
    "***",
    "© 2026 The Valley Gazette",
    "Copy link Email X",
    "Subscribe to our newsletter and get it in your inbox",
    "  The envoys   met\u00a0again.\u200b ",
    "“Gas became dearer,” the ministry said — for the third time.",
    "The river rose.\n\nEnvoys met.\nGas became dearer.\n\nAdvertisement\n\nShare on Facebook",
    (
        "The bridge over the Orel was closed to lorries for a third week while\n"
        "engineers measured its piers, and the ferry that replaces it was full by\n"
        "seven in the morning on every day of the week."
    ),
    "Посланці зустрілися знову і говорили про перемир'я.",
    "=1+1",
    "ΟΔΟΣ İstanbul 😀 gas",
    "x" * 3000,
    "",
    "   ",
    "\ufeff",
    "half \ud83d of a pair",
]


@pytest.fixture
def archive(tmp_path: Path, examples: list[LabeledExample]) -> Path:
    """A folder with everything that may be in one, and files that cannot be read."""
    folder = tmp_path / "archive"
    (folder / "pages").mkdir(parents=True)
    texts = [text for example in examples for text in (example.text, f"{example.text}\n\nMore.")]
    sound = [text.encode("utf-8", "replace").decode() for text in [*ODD, *texts]]
    ids = [None if i % 7 == 0 else f"a{i}" for i in range(len(sound))]
    pl.DataFrame({"id": ids, "text": [*sound[:-1], None]}).write_parquet(folder / "a.parquet")
    pl.DataFrame({"text": sound}).write_csv(folder / "b.csv", separator=";")
    lines = [json.dumps({"text": text, "url": f"u{i}"}) for i, text in enumerate([*ODD, *texts])]
    lines[5:5] = ["{broken", "17", '{"text": 5}', '{"lead": "no text"}']
    (folder / "c.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (folder / "d.tsv").write_text("id\tlead\n1\tno such column\n", encoding="utf-8")
    (folder / "empty.csv").touch()
    (folder / "damaged.parquet").write_bytes(b"PAR1 and no more")
    (folder / "photo.jpg").touch()
    for number in range(12):
        (folder / "pages" / f"{number:02}.html").write_text(PAGE, encoding="utf-8")
    (folder / "pages" / "letter.txt").write_bytes(ODD[9].encode("cp1251"))
    (folder / "pages" / "notes.txt").write_text("\n\n".join(texts[:40]), encoding="utf-8")
    (folder / "pages" / "image.txt").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    return folder


def at_once(job: Job, model: Model) -> Tally:
    tally = Tally()
    files = inputs_of(job, tally)
    save(job, results(job, files, model, tally, now=NOW), model.topics, io.StringIO())
    return tally


def in_parts(job: Job, model: Model, progress: list[Progress] | None = None) -> Tally:
    tally = Tally()
    follow = (progress if progress is not None else []).append
    files = inputs_of(job, tally)
    tag_in_parts(job, files, model, tally, by="olena", on_progress=follow)
    return tally


def content(path: Path) -> object:
    if not path.exists():
        return None
    return pl.read_parquet(path).to_dicts() if path.suffix == ".parquet" else path.read_bytes()


def words(tally: Tally) -> object:
    return {**tally.as_json(), "topics": sorted(tally.topics.items())}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "asked",
    [{}, {"keep_furniture": True}, {"explain": 2}, {"text_column": "lead"}, {"encoding": "koi8-u"}],
    ids=lambda asked: "-".join(asked) or "plain",
)
def test_a_job_in_parts_gives_the_same_rows_rejects_and_words_as_at_once(
    archive: Path, model: Model, form: Format, asked: dict[str, object]
) -> None:
    out = archive.parent / f"once.{form}"
    job = Job((str(archive), str(archive / "gone.txt")), out, rows_a_part=17, **asked)  # type: ignore[arg-type]  # checked by use
    other = replace(job, output=archive.parent / f"parts.{form}", workers=2)
    once, parts = at_once(job, model), in_parts(other, model)
    assert once.documents > (1 if asked == {"text_column": "lead"} else 400)
    assert words(parts) == words(once)
    assert parts.all_notes == once.all_notes
    assert content(other.output or out) == content(out)
    assert content(rejects_of(other) or out) == content(rejects_of(job) or out) is not None
    assert not parts_folder(other).exists()


def test_a_folder_of_parts_holds_the_rows_in_order(archive: Path, model: Model) -> None:
    out = archive.parent / "once.parquet"
    at_once(Job((str(archive),), out), model)
    job = Job((str(archive),), archive.parent / "out", in_folder=True, rows_a_part=100)
    in_parts(job, model)
    parts = sorted((archive.parent / "out").glob("part-*.parquet"))
    assert len(parts) > 5
    assert pl.concat([pl.read_parquet(part) for part in parts]).to_dicts() == content(out)


def test_a_folder_of_parts_among_the_inputs_is_not_tagged_again(
    archive: Path, model: Model
) -> None:
    job = Job((str(archive),), archive / "tagged", in_folder=True)
    first = in_parts(job, model)
    for number in (1, 2):
        out = archive / f"again{number}.parquet"
        again = in_parts(Job((str(archive),), out, rows_a_part=50), model)
        assert again.documents == first.documents
        assert any("results of this tool" in note for note in again.notes)


def test_a_stopped_job_goes_on_and_cannot_be_begun_again_by_mistake(
    archive: Path, model: Model
) -> None:
    job = Job((str(archive),), archive.parent / "out.csv", rows_a_part=50)
    in_parts(replace(job, output=archive.parent / "whole.csv"), model)

    class Stop(list[Progress]):
        def append(self, _: Progress) -> None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        in_parts(job, model, Stop())
    assert not (archive.parent / "out.csv").exists()
    with pytest.raises(OutputError, match=r"out\.csv\.parts holds the parts of a job already"):
        in_parts(job, model)
    litter = archive.parent / ".out.csv.1a2b3c4d.part"  # as from a kill while the parts were joined
    litter.touch()
    progress: list[Progress] = []
    in_parts(replace(job, resume=True), model, progress)
    assert progress[0].tagged == 0
    assert content(archive.parent / "out.csv") == content(archive.parent / "whole.csv")
    assert not litter.exists()


def test_by_force_the_rejects_of_the_replaced_result_go_with_it(
    tmp_path: Path, model: Model
) -> None:
    table, out = tmp_path / "in.jsonl", tmp_path / "out.csv"
    rejects = tmp_path / "out.csv.rejects.jsonl"
    for run in (at_once, in_parts):
        table.write_text('{"text": "The river fell."}\nbroken\n', encoding="utf-8")
        run(Job((str(table),), out, force=True), model)
        assert rejects.exists()
        table.write_text('{"text": "The river fell."}\n', encoding="utf-8")
        run(Job((str(table),), out, force=True), model)
        assert not rejects.exists()


def test_rejects_that_cannot_be_kept_do_not_cost_the_result(tmp_path: Path, model: Model) -> None:
    table, nowhere = tmp_path / "in.jsonl", tmp_path / "file"
    table.write_text('{"text": "The river fell."}\nbroken\n', encoding="utf-8")
    nowhere.touch()
    job = Job((str(table),), tmp_path / "out.csv", rejects=nowhere / "r.jsonl", workers=1)
    tally = in_parts(job, model)
    assert (tmp_path / "out.csv").exists()
    assert "are not kept" in tally.notes[0]


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # Ctrl-C between open() and its with
def test_wherever_a_job_is_interrupted_its_rejects_are_there_whole_or_not_at_all(
    tmp_path: Path, model: Model, interrupted_at: Callable[..., bool]
) -> None:
    table = tmp_path / "in.jsonl"
    table.write_text('{"text": "The river fell."}\nbroken\nwords\n', encoding="utf-8")
    whole = tmp_path / "whole.csv.rejects.jsonl"
    at_once(Job((str(table),), tmp_path / "whole.csv"), model)
    for line in count():
        out = tmp_path / f"{line}" / "out.csv"
        tag = partial(at_once, Job((str(table),), out), model)
        done = not interrupted_at(line, ["desk/tag_rejects.py", "files.py"], tag)
        rejects = out.with_name("out.csv.rejects.jsonl")
        assert not rejects.exists() or rejects.read_bytes() == whole.read_bytes()
        assert not list(out.parent.glob(".*"))
        if done:
            break
    assert rejects.exists()
    assert line > 50


def test_what_says_that_a_folder_is_held_stays_while_its_parts_go(
    tmp_path: Path, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, seen = tmp_path / "out.csv.parts", list[list[str]]()

    @contextmanager
    def hold(*_: object, **__: object) -> Iterator[None]:
        folder.mkdir()
        (folder / ".job.lock").touch()
        yield
        seen.append(sorted(path.name for path in folder.iterdir()))

    monkeypatch.setattr("tagger.batch.local.hold", hold)
    (tmp_path / "in.txt").write_text("The river fell.", encoding="utf-8")
    in_parts(Job((str(tmp_path / "in.txt"),), tmp_path / "out.csv"), model)
    assert seen == [[".job.lock"]]
    assert folder.exists()  # somebody holds it, so it is not taken from under them


def test_large_inputs_go_in_parts_unasked_and_small_ones_when_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table, out = tmp_path / "in.csv", tmp_path / "out.csv"
    table.write_text("text\n" + "The river fell.\n" * 100, encoding="utf-8")
    job = Job((str(table),), out)
    assert not goes_in_parts(job, [table])
    for asked in ({"resume": True}, {"workers": 2}, {"rows_a_part": 5}, {"in_folder": True}):
        assert goes_in_parts(replace(job, **asked), [table])  # type: ignore[arg-type]  # as above
    assert goes_in_parts(job, [table] * tag_parts.MANY)
    monkeypatch.setattr(tag_parts, "BIG", 1000)
    assert goes_in_parts(job, [table])
    assert not goes_in_parts(replace(job, output=None), [table])
    assert not goes_in_parts(replace(job, inputs=("-", str(table))), [table])


def test_what_cannot_be_done_in_parts_is_refused_with_a_cure(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="need a place") as caught:
        check(Job(("in.csv",), resume=True))
    assert "-o" in caught.value.cure
    with pytest.raises(InputError, match="Standard input cannot be tagged in parts") as refused:
        check(Job(("-",), tmp_path / "out.csv", workers=2))
    assert refused.value.cure
