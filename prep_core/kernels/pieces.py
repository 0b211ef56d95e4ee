"""A long array of any dtype and layout, as loops take it: where it lies, or in short copies."""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import numpy as np
from numpy.typing import DTypeLike, NDArray

from prep_core.kernels.parts import in_parts

T = TypeVar("T")

_LONGEST = 1 << 30  # counts of that many have room in 32 bits
_COPIED = 1 << 22


def each_piece(values: NDArray[Any], dtype: DTypeLike, work: Callable[[NDArray[Any]], T]) -> list[T]:
    """What `work` answers for each piece of (n,) `values`, as aligned C-contiguous arrays of `dtype`.

    Pieces are worked through by several threads, where they are large, and are in their order.  Of an array without
    elements there is one piece, which is empty; none has more than 2^30 elements.  Only for work whose answers do not
    depend on how the elements are divided.
    """

    def of_part(part: slice) -> list[T]:
        return [work(piece) for piece in _pieces(values[part], np.dtype(dtype))]

    return [answer for answers in in_parts(values.size, of_part) for answer in answers]


def counted(values: NDArray[Any], dtype: DTypeLike, count: Callable[[NDArray[Any]], NDArray[Any]]) -> NDArray[np.int64]:
    """The counts of each piece, as in `each_piece`, added up."""

    def of_part(part: slice) -> NDArray[np.int64]:
        return _sum(count(piece) for piece in _pieces(values[part], np.dtype(dtype)))

    return _sum(iter(in_parts(values.size, of_part)))


def _pieces(values: NDArray[Any], dtype: np.dtype[Any]) -> Iterator[NDArray[Any]]:
    as_it_lies = values.dtype == dtype and values.flags.c_contiguous and values.flags.aligned
    size = _LONGEST if as_it_lies else _COPIED
    for start in range(0, max(values.size, 1), size):
        yield _required(values[start : start + size], dtype)


def _required(values: NDArray[Any], dtype: np.dtype[Any]) -> NDArray[Any]:
    with np.errstate(over="ignore"):  # what float32 cannot hold is infinite there
        return np.require(values, dtype, ["C", "A"])


def _sum(counts: Iterator[NDArray[Any]]) -> NDArray[np.int64]:
    total = next(counts).astype(np.int64, copy=False)
    for more in counts:
        total += more
    return total
