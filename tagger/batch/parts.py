"""Tagged rows as part files, each there whole or not at all, and all of them as one file."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from typing import TYPE_CHECKING

from tagger.batch.arrow import join_parquet
from tagger.errors import OutputError
from tagger.files import write_beside
from tagger.writing.tables import SUFFIXES, harmless

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import polars as pl

    from tagger.records import Reject
    from tagger.writing.tables import Format


def part_path(folder: Path, number: int, form: Format) -> Path:
    """Where a part stands; by name, parts are in the order of their rows."""
    return folder / f"part-{number:06}.{form}"


def rejects_path(folder: Path, number: int) -> Path:
    """Where a part's rejected rows stand, if it has any."""
    return folder / f"rejects-{number:06}.jsonl"


def write_part(
    folder: Path, number: int, form: Format, tagged: pl.DataFrame, rejects: Sequence[Reject]
) -> None:
    """Write a part and, before it, its rejects: where the part is, everything is.

    Raises:
        OutputError: it cannot be written.
    """
    if rejects:
        _write_rejects(rejects_path(folder, number), rejects)
    with write_beside(part_path(folder, number, form)) as beside:
        if form == "parquet":
            tagged.write_parquet(beside)
        elif form == "csv":
            _spreadsheet(tagged).write_csv(beside)
        else:
            _nested(tagged).write_ndjson(beside)


def _write_rejects(path: Path, rejects: Sequence[Reject]) -> None:
    lines = [json.dumps(asdict(reject), ensure_ascii=False) + "\n" for reject in rejects]
    with write_beside(path) as beside:
        beside.write_text("".join(lines), encoding="utf-8", errors="replace")


def _spreadsheet(tagged: pl.DataFrame) -> pl.DataFrame:
    """Lists as text, and no cell that a spreadsheet would take for a formula."""
    import polars as pl  # noqa: PLC0415 - heavy

    written = [name for name in ("document", "text") if name in tagged.columns]
    return tagged.with_columns(
        pl.col("topics").list.join(";"),
        *(pl.col(name).map_elements(harmless, return_dtype=pl.String) for name in written),
    )


def _nested(tagged: pl.DataFrame) -> pl.DataFrame:
    """The scores as one object, as in every other JSONL of this tool."""
    import polars as pl  # noqa: PLC0415 - heavy

    names = [name for name in tagged.columns if name.startswith("score_")]
    scores = pl.struct(pl.col(name).alias(name.removeprefix("score_")) for name in names)
    kept = [name for name in tagged.columns if name not in {*names, "model"}]
    return tagged.select(*kept, scores.alias("scores"), "model")


def join_parts(folder: Path, target: Path, *, force: bool = False) -> None:
    """Make one file of a finished folder of parts, one part in memory at a time.

    Raises:
        OutputError: the folder is not finished or of another format, or ``target`` exists or
            cannot be written.
    """
    form = SUFFIXES.get(target.suffix.lower())
    parts = sorted(folder.glob(f"part-*.{form}"))
    if not parts or not (folder / "summary.json").exists():
        raise OutputError(
            f"{folder} holds no finished parts in the format of {target.name}.",
            "Resume the job first, and name a target with the parts' suffix.",
        )
    with write_beside(target, force=force) as beside:
        if form == "parquet":
            join_parquet(parts, beside)
        else:
            _join_text(parts, beside, header=form == "csv")


def _join_text(parts: Sequence[Path], target: Path, *, header: bool) -> None:
    with target.open("wb") as joined:
        for number, part in enumerate(parts):
            with part.open("rb") as file:
                if header and number:
                    file.readline()
                shutil.copyfileobj(file, joined)
