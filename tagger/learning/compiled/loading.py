"""The kernel's machine code: built once for a machine, then read from a folder.

Building takes some ten seconds, reading a tenth of one; numba does both. The folder is that of
this package or the user's own cache, never the desk's: a desk may come from a stranger, and machine
code runs.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from tagger.learning.compiled.kernel import Kernel

    Told = Callable[[str], None]

BUILDING = "Building the fast scorer for this machine (once, some ten seconds)…"


BESIDE = Path(__file__).parent / "__pycache__"
"""Where machine code is kept unless another folder is named, as Python's own."""


def load_kernel(folder: Path = BESIDE, told: Told | None = None) -> Kernel:
    """The scoring function, its machine code read from ``folder`` or built.

    Args:
        folder: where machine code is kept; where it may not be written, numba takes the user's
            own cache. The first folder a process names is the one it uses.
        told: hears a sentence before the building begins.
    """
    if told and not _built(folder):
        told(BUILDING)
    return _imported(folder)


def _built(folder: Path) -> bool:
    return any(_own(folder).glob("**/*.nbc"))


def _own(folder: Path) -> Path:
    """The folder of this kernel, numba and processor: machine code of others is never met."""
    import numba  # noqa: PLC0415 - takes 0.3 s
    from llvmlite import binding  # type: ignore[import-untyped]  # noqa: PLC0415 - as above

    sources = b"".join(path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py")))
    builder = f"{numba.__version__} {binding.get_host_cpu_name()}"
    return folder / hashlib.sha256(sources + builder.encode()).hexdigest()[:12]


@cache
def _imported(folder: Path) -> Kernel:
    import numba  # noqa: PLC0415 - takes 0.3 s

    config: Any = numba.config  # its names are made at run time
    before = config.CACHE_DIR
    # numba looks at it when the functions are decorated; it has no argument for it.
    config.CACHE_DIR = str(_own(folder))
    try:
        from tagger.learning.compiled.kernel import score  # noqa: PLC0415 - as above
    finally:
        config.CACHE_DIR = before
    return score
