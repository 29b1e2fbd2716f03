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


def parquet_batches(
    path: Path, columns: Sequence[str], rows: int, heaviest: int
) -> Iterator[pl.DataFrame]:
    """The rows of a Parquet file in frames, which are shorter at the end of a row group.

    Unlike slices of a lazy frame it decodes every page once, whatever the row groups' size.

    Args:
        path: the file.
        columns: which ones to read.
        rows: of a frame at most; fewer where so many are more than ``heaviest`` bytes on average.
        heaviest: bytes.
    """
    import polars as pl  # noqa: PLC0415 - heavy

    with _opened(path) as file:
        rows = max(1, min(rows, int(heaviest / _bytes_a_row(file.metadata, columns))))
        # Frames of one length would be joined of slices, each of which keeps all it was cut from.
        for batch in file.iter_batches(rows, columns=list(columns), use_threads=False):
            yield pl.DataFrame(batch)


def _bytes_a_row(metadata: Any, columns: Sequence[str]) -> float:
    groups = [metadata.row_group(i) for i in range(metadata.num_row_groups)]
    chunks = [group.column(j) for group in groups for j in range(group.num_columns)]
    size = sum(int(c.total_uncompressed_size) for c in chunks if c.path_in_schema in columns)
    return max(1.0, size / max(1, int(metadata.num_rows)))


def parquet_rows(path: Path) -> int:
    """How many rows a Parquet file has."""
    with _opened(path) as file:
        return int(file.metadata.num_rows)


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    from pyarrow import ArrowException  # noqa: PLC0415 - heavy
    from pyarrow.parquet import ParquetFile  # type: ignore[import-untyped]  # noqa: PLC0415 - heavy

    try:
        # Read piece by piece: a row group may be large, and what is buffered ahead of reading is
        # kept until the file is closed (all of it at last; pyarrow 26).
        with ParquetFile(path, buffer_size=1 << 20, pre_buffer=False) as file:
            yield file
    except (ArrowException, OSError) as error:
        reason = str(error).splitlines()[0]
        raise InputError(
            f"{path} is no Parquet file that can be read: {reason}", "Export it again."
        ) from error


def join_parquet(parts: Sequence[Path], target: Path) -> None:
    """Copy Parquet files with one schema into one, a row group at a time."""
    from pyarrow.parquet import ParquetFile, ParquetWriter, read_schema  # noqa: PLC0415 - heavy

    with ParquetWriter(target, read_schema(parts[0]), compression="zstd") as writer:
        for part in parts:
            with ParquetFile(part) as file:
                for number in range(file.num_row_groups):
                    writer.write_table(file.read_row_group(number))
