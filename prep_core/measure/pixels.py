"""Numbers for each pixel of an image, over many images of one shape.

Images come one at a time; NaN marks a voxel that is not measured there.  A pixel that no image measured has no
number: it is NaN in every answer.
"""

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Float64 = NDArray[np.float64]
Float32 = NDArray[np.float32]

_BLOCK = 1 << 16  # the working arrays of one block stay in the cache


class PixelMoments:
    """`mean` and `std` (ddof 0) of each pixel, in float64.

    References
    ----------
    Chan, Golub and LeVeque (1983), Algorithms for computing the sample variance, The American Statistician 37:242.
    """

    names = ("mean", "std")

    def __init__(self) -> None:
        self.count = 0
        self._shape: tuple[int, ...] = ()
        self._seen = np.zeros(0)
        self._mean = np.zeros(0)
        self._squares = np.zeros(0)

    def update(self, values: NDArray[Any]) -> None:
        self._begin(values.shape)
        flat = values.reshape(-1)
        for start in range(0, flat.size, _BLOCK):
            block = flat[start : start + _BLOCK].astype(np.float64)
            seen = np.isfinite(block)
            block[~seen] = 0.0
            self._add(slice(start, start + _BLOCK), seen.astype(np.float64), block, np.zeros(block.size))

    def merge(self, other: Self) -> None:
        if other.count:
            self._begin(other._shape)
            self._add(slice(None), other._seen, other._mean, other._squares)

    def again(self) -> bool:
        return False

    def finish(self) -> dict[str, Float32]:
        return {
            "mean": self._answer(self._mean),
            "std": self._answer(np.sqrt(self._squares / np.maximum(self._seen, 1))),
        }

    def _begin(self, shape: tuple[int, ...]) -> None:
        if not self._shape:
            self._shape = shape
            self._seen, self._mean, self._squares = (np.zeros(int(np.prod(shape))) for _ in range(3))
        refuse_other_shape(shape, self._shape)

    def _add(self, place: slice, seen: Float64, mean: Float64, squares: Float64) -> None:
        self.count += int(seen.sum())
        total = self._seen[place] + seen
        share = seen / np.maximum(total, 1)
        gap = mean - self._mean[place]
        self._squares[place] += squares + gap * gap * self._seen[place] * share
        self._mean[place] += gap * share
        self._seen[place] = total

    def _answer(self, values: Float64) -> Float32:
        return np.where(self._seen > 0, values, np.nan).astype(np.float32).reshape(self._shape)


class PixelExtremes:
    """`low` and `high`: the smallest and the largest value of each pixel."""

    names = ("low", "high")

    def __init__(self) -> None:
        self.count = 0
        self._low: Float32 | None = None
        self._high: Float32 | None = None

    def update(self, values: NDArray[Any]) -> None:
        self._take(int(np.isfinite(values).sum()), values.astype(np.float32), values.astype(np.float32))

    def merge(self, other: Self) -> None:
        if other._low is not None and other._high is not None:
            self._take(other.count, other._low, other._high)

    def again(self) -> bool:
        return False

    def finish(self) -> dict[str, Any]:
        return {"low": self._low, "high": self._high}

    def _take(self, count: int, low: Float32, high: Float32) -> None:
        self.count += count
        if self._low is None or self._high is None:
            self._low, self._high = low, high
            return
        refuse_other_shape(low.shape, self._low.shape)
        # fmin and fmax take the number where the other one is NaN.
        self._low, self._high = np.fmin(self._low, low), np.fmax(self._high, high)


def refuse_other_shape(new: tuple[int, ...], first: tuple[int, ...]) -> None:
    """Complain unless two images that are measured together have the same shape."""
    if new != first:
        sizes = " and of ".join(" x ".join(map(str, shape)) for shape in (first, new))
        raise ValueError(
            f"is measured for each pixel, over images of {sizes}; bring them to one grid: "
            "put a resample or a crop above it"
        )
