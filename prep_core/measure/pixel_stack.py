"""Images kept together, for what cannot be measured one image at a time: the median of each pixel."""

from collections.abc import Callable, Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from prep_core.measure.pixels import refuse_other_shape, refuse_weight

Float32 = NDArray[np.float32]

_BLOCK = 1 << 18  # values that are sorted at once


class PixelStack:
    """`images`, a list of all images, for numbers that need them together, and `shape`, that of each before `shrink`.

    The list is sorted by the bytes of the images, so that the order in which they came changes nothing.

    Parameters
    ----------
    most_bytes : int
        How much memory the images may take, as they are kept.
    shrink : callable
        Makes what is kept of an image.
    """

    names = ("images", "shape")

    def __init__(self, most_bytes: int, shrink: Callable[[Float32], Float32] = np.array) -> None:
        self.count = 0
        self._most = most_bytes
        self._shrink = shrink
        self._shape: tuple[int, ...] = ()
        self._images: list[Float32] = []

    def update(self, values: NDArray[Any], weight: int = 1) -> None:
        refuse_weight(weight)
        self._shape = self._shape or values.shape
        refuse_other_shape(values.shape, self._shape)
        self._keep([self._shrink(values.astype(np.float32, copy=False))])
        self.count += int(np.isfinite(values).sum())

    def merge(self, other: Self) -> None:
        if other._images:
            self._shape = self._shape or other._shape
            refuse_other_shape(other._shape, self._shape)
            self._keep(other._images)
            self.count += other.count

    def again(self) -> bool:
        return False

    def finish(self) -> dict[str, Any]:
        return {"images": sorted(self._images, key=lambda image: image.tobytes()), "shape": self._shape}

    def _keep(self, images: list[Float32]) -> None:
        held, size = len(self._images) + len(images), images[0].nbytes
        if held * size > self._most:
            raise ValueError(
                f"holds its images at once, at most {self._most // size} of {' x '.join(map(str, self._shape))} "
                f"({self._most / 2**20:.0f} MiB), and there are more; fit it on fewer scans, put a downscale or a crop "
                "above it, or take estimate: mean"
            )
        self._images += images


def median_of(images: Sequence[Float32]) -> Float32:
    """The median of each pixel over `images` of one shape; NaN takes no part, and stays where there is nothing else."""
    flat = [image.reshape(-1) for image in images]
    size = max(_BLOCK // len(flat), 1)
    blocks = [_median(np.stack([f[i : i + size] for f in flat])) for i in range(0, flat[0].size, size)]
    return np.concatenate(blocks).reshape(images[0].shape)


def _median(values: Float32) -> Float32:
    ordered = np.sort(values, axis=0).astype(np.float64)
    seen = np.isfinite(ordered).sum(axis=0)
    middle = np.stack([np.maximum(seen - 1, 0) // 2, seen // 2])
    middle[:, seen == 0] = 0  # NaN stands last, so here it stands first
    medians: Float32 = np.take_along_axis(ordered, middle, axis=0).mean(axis=0).astype(np.float32)
    return medians
