"""Numbers for each pixel of an image, over many images of one shape.

Images come one at a time; NaN marks a voxel that is not measured there.  A pixel that no image measured has no
number: it is NaN in every answer.
"""

import math
from collections.abc import Iterator
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from prep_core.measure.double_double import Floats, difference, times
from prep_core.measure.exact_images import ExactImages
from prep_core.measure.exact_sum import wide

Float32 = NDArray[np.float32]

_BLOCK = 1 << 16  # the working arrays of one block stay in the cache


class PixelMoments:
    """`mean` and `std` (ddof 0) of each pixel, as float32 images.

    Notes
    -----
    The sums are exact, so neither order nor grouping can move a bit, and the answers are computed from them with 106
    bits.  A pixel takes 4 bytes for its count, and 8 for each 32 bits between the largest and the smallest bit of its
    sum, and of its sum of squares: 20 bytes for integers of 16 bits, about 60 for noise in float32.  Each image counts
    alike: there are no weights.
    """

    names = ("mean", "std")

    def __init__(self) -> None:
        self.count = 0
        self._shape: tuple[int, ...] = ()
        self._seen = np.zeros(0, np.int32)
        self._sums, self._squares = ExactImages(0), ExactImages(0)

    def update(self, values: NDArray[Any], weight: int = 1) -> None:
        refuse_weight(weight)
        self._begin(values.shape)
        flat = values.reshape(-1)
        for place in self._blocks():
            block = wide(flat[place])
            seen = ~np.isnan(block)
            block[~seen] = 0.0
            self._squares.add(place, block * block)
            self._sums.add(place, block)
            self._seen[place] += seen
            self.count += int(seen.sum())

    def merge(self, other: Self) -> None:
        if not other._shape:
            return
        self._begin(other._shape)
        self.count += other.count
        self._seen += other._seen
        self._sums.merge(other._sums)
        self._squares.merge(other._squares)

    def again(self) -> bool:
        return False

    def finish(self) -> dict[str, Float32]:
        mean, std = (np.full(self._seen.size, np.nan, np.float32) for _ in range(2))
        for place in self._blocks():
            some = self._seen[place] > 0
            mean[place][some], std[place][some] = (numbers[some] for numbers in self._moments(place))
        return {"mean": mean.reshape(self._shape), "std": std.reshape(self._shape)}

    def _begin(self, shape: tuple[int, ...]) -> None:
        if not self._shape:
            self._shape, pixels = shape, math.prod(shape)
            self._seen = np.zeros(pixels, np.int32)
            self._sums, self._squares = ExactImages(pixels), ExactImages(pixels)
        refuse_other_shape(shape, self._shape)

    def _blocks(self) -> Iterator[slice]:
        return (slice(start, start + _BLOCK) for start in range(0, self._seen.size, _BLOCK))

    def _moments(self, place: slice) -> tuple[Floats, Floats]:
        count = np.maximum(self._seen[place], 1).astype(np.float64)
        sums = self._sums.total(place)
        # n sum(x^2) - sum(x)^2 loses 50 bits where all images agree in 25; of 106 there are enough left.
        spread = difference(times((count, np.zeros_like(count)), self._squares.total(place)), times(sums, sums))
        return sums[0] / count, np.sqrt(np.maximum(spread, 0)) / count


class PixelExtremes:
    """`low` and `high`: the smallest and the largest value of each pixel."""

    names = ("low", "high")

    def __init__(self) -> None:
        self.count = 0
        self._low: Float32 | None = None
        self._high: Float32 | None = None

    def update(self, values: NDArray[Any], weight: int = 1) -> None:
        refuse_weight(weight)
        self._take(int(np.isfinite(values).sum()), values.astype(np.float32), values.astype(np.float32))

    def merge(self, other: Self) -> None:
        if other._low is not None and other._high is not None:
            self._take(other.count, other._low, other._high)

    def again(self) -> bool:
        return False

    def finish(self) -> dict[str, Any]:
        # Of 0 and -0, which are equal, the one that came first was kept; the sum makes both 0.
        ends = {"low": self._low, "high": self._high}
        return {name: image if image is None else image + np.float32(0) for name, image in ends.items()}

    def _take(self, count: int, low: Float32, high: Float32) -> None:
        self.count += count
        if self._low is None or self._high is None:
            self._low, self._high = low, high
            return
        refuse_other_shape(low.shape, self._low.shape)
        # fmin and fmax take the number where the other one is NaN.
        self._low, self._high = np.fmin(self._low, low), np.fmax(self._high, high)


def refuse_weight(weight: int) -> None:
    """Complain about images that do not count alike."""
    if weight != 1:
        raise ValueError(
            f"is measured for each pixel, where each image counts once; got one that counts {weight} times"
        )


def refuse_other_shape(new: tuple[int, ...], first: tuple[int, ...]) -> None:
    """Complain unless two images that are measured together have the same shape."""
    if new != first:
        sizes = " and of ".join(" x ".join(map(str, shape)) for shape in (first, new))
        raise ValueError(
            f"is measured for each pixel, over images of {sizes}; bring them to one grid: "
            "put a resample or a crop above it"
        )
