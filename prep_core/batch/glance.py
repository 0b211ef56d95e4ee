"""A scan at a glance: one plane, thinned, and the values of the whole, thinned more."""

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prep_core.scan import Scan

EDGE = 160
"""Pixels that a picture has along an axis, at most."""

SAMPLED = 2**15
"""Voxels that ranges and histograms are taken from, about; figures are those of all voxels."""

BINS = 48
_RANGE = (0.5, 99.5)
_MOST = float(np.finfo(np.float32).max)

Values = NDArray[np.float64]


class Glance:
    """What the thumbnail of `scan` is drawn from.  Complex values are seen by their magnitude.

    Attributes
    ----------
    picture : (y, x) float64 ndarray
        Every k-th pixel of the middle plane, of the middle frame and of the first channel.
    seen : (y, x) bool ndarray
        Where `picture` is not padding.
    """

    def __init__(self, scan: Scan) -> None:
        self._scan = scan
        middle = scan.take({axis: scan.size(axis) // 2 for axis in "TZ" if axis in scan.axes})
        plane = middle.take({"C": 0}) if "C" in scan.axes else middle
        step = -(-max(plane.data.shape[-2:]) // EDGE)
        thinned = (slice(None, None, step), slice(None, None, step))
        self.picture = _real(plane.data.reshape(plane.data.shape[-2:])[thinned])
        self.seen = plane.valid.reshape(plane.data.shape[-2:])[thinned]

    @cached_property
    def sample(self) -> Values:
        """Every k-th valid voxel; an odd k, which does not walk down the columns of an image of even width."""
        step = self._scan.data.size // SAMPLED | 1
        values = _real(np.asarray(self._scan.data.flat[::step]))
        return values if self._scan.all_valid else values[np.asarray(self._scan.valid.flat[::step])]

    @cached_property
    def range(self) -> tuple[float, float]:
        """The 0.5 and the 99.5 percentile of `sample`; 0 and 0 where there is none."""
        low, high = np.percentile(self.sample, _RANGE) if self.sample.size else (0.0, 0.0)
        return float(low), float(high)

    def histogram(self) -> dict[str, Any]:
        """Counts in even bins over `range`; one bin where that has no width."""
        low, high = self.range
        if high <= low:
            return {"low": low, "high": high, "counts": [self.sample.size]}
        inside = self.sample[(self.sample >= low) & (self.sample <= high)]
        # Not np.histogram, which refuses a range that is narrow for the size of its numbers.
        bins = np.minimum((inside - low) / (high - low) * BINS, BINS - 1).astype(np.intp)
        return {"low": low, "high": high, "counts": np.bincount(bins, minlength=BINS).tolist()}

    def even_values(self, count: int) -> NDArray[np.float32]:
        """`count` values in even steps over `range`."""
        return np.linspace(*self.range, count).astype(np.float32)

    def mixed_values(self, count: int) -> NDArray[np.float32]:
        """`count` values that follow the picture: half in even steps, half where its pixels are many."""
        pixels = self.picture[self.seen]
        if not pixels.size:
            return self.even_values(count)
        low, high = np.percentile(pixels, _RANGE)
        even = np.linspace(low, high, count // 2)
        ranked = np.percentile(pixels, np.linspace(0, 100, count - count // 2))
        return np.sort(np.concatenate([even, ranked])).astype(np.float32)

    def nearest(self, values: NDArray[np.float32]) -> NDArray[np.intp]:
        """For each pixel of the picture the place of the nearest of `values`, which ascend."""
        borders = (values[:-1].astype(np.float64) + values[1:]) / 2
        return np.searchsorted(borders, self.picture)


def _real(values: NDArray[Any]) -> Values:
    """As float64, which no difference of values leaves; beyond float32 no step computes."""
    real = np.abs(values) if np.iscomplexobj(values) else values
    return real.astype(np.float64).clip(-_MOST, _MOST)
