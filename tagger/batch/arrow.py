"""Frames and Parquet files as Arrow's own arrays."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from tagger.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import polars as pl
    from numpy.typing import NDArray


def utf8_buffers(texts: pl.Series) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """A column's bytes and the texts' starts in them, shape (n + 1,); a null is an empty text."""
    import polars as pl  # noqa: PLC0415 - heavy

    array: Any = texts.fill_null("").rechunk().to_arrow(compat_level=pl.CompatLevel.oldest())
    _, offsets, data = array.buffers()
    return (
        np.frombuffer(data if data is not None else b"", np.uint8),
        np.frombuffer(offsets, np.int64, len(array) + 1, array.offset * 8),
    )


def lists(
    names: Sequence[str], numbers: NDArray[np.int64], lengths: NDArray[np.int64]
) -> pl.Series:
    """A column of lists: ``names[numbers[j]]``, cut into lists of the given lengths."""
    import polars as pl  # noqa: PLC0415 - heavy
    import pyarrow as pa  # type: ignore[import-untyped]  # noqa: PLC0415 - heavy

    flat = pa.array(list(names), pa.large_string()).take(pa.array(numbers))
    starts = np.concatenate([[0], np.cumsum(lengths)])
    return pl.Series(pa.LargeListArray.from_arrays(pa.array(starts), flat))


def parquet_batches(path: Path, columns: Sequence[str], rows: int) -> Iterator[pl.DataFrame]:
    """The rows of a Parquet file in frames of ``rows`` rows, the last one shorter.

    Unlike slices of a lazy frame it decodes every page once, whatever the row groups' size.
    """
    import polars as pl  # noqa: PLC0415 - heavy

    with _opened(path) as file:
        rest: pl.DataFrame | None = None
        for batch in file.iter_batches(rows, columns=list(columns)):  # shorter at a row group's end
            frame = pl.DataFrame(batch)
            rest = frame if rest is None else pl.concat([rest, frame])
            if rest.height >= rows:
                yield rest[:rows]
                rest = rest[rows:]
        if rest is not None and rest.height:
            yield rest


def parquet_rows(path: Path) -> int:
    """How many rows a Parquet file has."""
    with _opened(path) as file:
        return int(file.metadata.num_rows)


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    from pyarrow import ArrowException  # noqa: PLC0415 - heavy
    from pyarrow.parquet import ParquetFile  # type: ignore[import-untyped]  # noqa: PLC0415 - heavy

    try:
        with ParquetFile(path) as file:
            yield file
    except (ArrowException, OSError) as error:
        reason = str(error).splitlines()[0]
        raise InputError(
            f"{path} is no Parquet file that can be read: {reason}", "Export it again."
        ) from error


def join_parquet(parts: Sequence[Path], target: Path) -> None:
    """Copy Parquet files with one schema into one, a part at a time."""
    from pyarrow.parquet import ParquetWriter, read_schema, read_table  # noqa: PLC0415 - heavy

    with ParquetWriter(target, read_schema(parts[0]), compression="zstd") as writer:
        for part in parts:
            writer.write_table(read_table(part))
