"""Instructions of the processor that Python has no word for, to be used in compiled code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from llvmlite import ir  # type: ignore[import-untyped]  # arrives with numba
from numba import types
from numba.extending import intrinsic

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray


def _fetch(_typing: Any, array: Any, _index: Any) -> Any:
    return types.void(array, types.intp), _write_fetch


def _write_fetch(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    array, index = arguments
    data = context.make_array(signature.args[0])(context, builder, array).data
    address, word = ir.IntType(8).as_pointer(), ir.IntType(32)
    kind = ir.FunctionType(ir.VoidType(), [address, word, word, word])
    prefetch = builder.module.declare_intrinsic("llvm.prefetch.p0", fnty=kind)
    pointer = builder.bitcast(builder.gep(data, [index]), address)
    builder.call(prefetch, [pointer, word(0), word(3), word(1)])  # to read; keep; data, not code
    return context.get_dummy_value()


def _lowest(_typing: Any, _word: Any) -> Any:
    return types.int64(types.uint64), _write_lowest


def _write_lowest(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
    return builder.cttz(arguments[0], ir.IntType(1)(1))


fetch = cast("Callable[[NDArray[Any], int], None]", intrinsic(_fetch))
"""Begin to bring the cache line of ``array.ravel()[index]`` near, and do not wait for it.

A read that misses the caches takes as long as some hundred additions. Asked for early, many come at
once, and while they come the processor works on.
"""

lowest = cast("Callable[[np.uint64], int]", intrinsic(_lowest))
"""The position of the lowest bit of a word that is not 0."""
