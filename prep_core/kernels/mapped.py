"""Images as kernels take them: value by value, with numbers that may be others for each part of the image."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prep_core.kernels.parts import flat, in_parts

Floats = NDArray[np.float32]
Operation = tuple[Any, ...]
"""One of a formula: its name, and its numbers."""

Work = Callable[[Floats, Floats, Floats], None]


def mapped(image: NDArray[Any], numbers: Sequence[Any], work: Work, out: Floats | None = None) -> Floats:
    """What `work` makes of `image`, value by value.

    Parameters
    ----------
    image : (...) real ndarray
        Of any strides; taken as float32.
    numbers : sequence of k floats, or of arrays that broadcast over the image
    work : callable
        Called with values, (n,) float32, where to write what becomes of them, and the numbers, (k,) float32.
    out : (...) float32 ndarray, optional
        Where to write, of the shape of the image; it may be the image itself.

    Returns
    -------
    (...) float32 ndarray
        `out`, or else a new one, its axes in the same order in memory as those of the image.
    """
    result = np.empty_like(image, np.float32, subok=False) if out is None else out
    single = [n.item() if isinstance(n, np.ndarray) and n.size == 1 else n for n in numbers]
    if not any(issubclass(kind, np.ndarray) for kind in set(map(type, single))):
        _fill(image, result, np.array(single, np.float32), work)
        return result
    for part, own in _parts(image.ndim, numbers):
        _fill(image[part], result[part], own, work)
    return result


def _parts(axes: int, numbers: Sequence[Any]) -> Iterator[tuple[tuple[Any, ...], Floats]]:
    """Each part of an image that has numbers of its own, and these."""
    arrays = [np.asarray(number, np.float32) for number in numbers]
    sizes = np.broadcast_shapes(*(array.shape for array in arrays))
    table = np.stack([np.broadcast_to(array, sizes) for array in arrays], axis=-1)
    whole = (slice(None),) * (axes - len(sizes))
    for index in np.ndindex(sizes):
        places = zip(index, sizes, strict=True)
        yield whole + tuple(slice(i, i + 1) if n > 1 else slice(None) for i, n in places), table[index]


def _fill(image: NDArray[Any], result: Floats, numbers: Floats, work: Work) -> None:
    if not result.flags.c_contiguous:
        order = sorted(range(result.ndim), key=lambda axis: -result.strides[axis])
        image, result = image.transpose(order), result.transpose(order)
    values = flat(image, np.float32)
    out = result.reshape(-1) if result.flags.c_contiguous else np.empty(values.size, np.float32)
    in_parts(values.size, lambda part: work(values[part], out[part], numbers))
    if not result.flags.c_contiguous:
        result[...] = out.reshape(result.shape)
