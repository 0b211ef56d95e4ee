"""N4 with its sums over B-splines taken axis by axis."""

from collections.abc import Sequence
from itertools import count, repeat
from math import log, pi, sqrt
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from scipy.fft import irfft, rfft
from scipy.ndimage import find_objects

from prep_core.kernels.n4_histogram import left_over, shared_counts
from prep_core.kernels.n4_lattice import spread
from prep_core.kernels.parts import in_parts
from prep_core.kernels.switch import compiled
from prep_core.ops.fields.evening import Mask
from prep_core.ops.fields.n4_settings import NO_FIELD, Settings, complaint
from prep_core.ops.fields.n4_spline import Basis, basis, evaluated, projected, refined
from prep_core.ops.image import Image, Told

Floats = NDArray[np.float64]

_FEWEST = 1 << 17
"""Voxels of a field that are worth a thread."""

_MOST_LOG = 80.0
"""Of which exp is a float32, and its inverse too."""


def separable_field(image: Image, mask: Mask, factors: Sequence[int], settings: Settings, told: Told) -> Image:
    """The field at every voxel of `image`, of 2 or 3 axes."""
    compiled().get("n4_lattice.spread", image.size)  # begins to load the loops, for an image that is worth it
    starts = [_start(n, by) for n, by in zip(image.shape, factors, strict=True)]
    small, small_mask = (_shrunk(each, factors, starts) for each in (image, mask))
    seen = small[small_mask]
    if wrong := complaint(seen, factors, settings.rounds):
        raise ValueError(wrong)
    lattice = fitted_lattice(np.log(seen.astype(np.float64)), small_mask, settings, told)
    if not np.abs(lattice).max() < _MOST_LOG:  # the field is a mean of control points
        raise ValueError(NO_FIELD)
    places = [
        (np.arange(n) - start) / by / (shrunk - 1)
        for n, start, by, shrunk in zip(image.shape, starts, factors, small.shape, strict=True)
    ]
    return _field(lattice, places, settings.order)


def fitted_lattice(values: Floats, mask: Mask, settings: Settings, told: Told) -> Floats:
    """The control points of the logarithm of the field.

    Parameters
    ----------
    values : (n,) float64 ndarray
        Logarithms of the voxels in `mask`, in their order there.
    mask : (z, y, x) or (y, x) bool ndarray
        On the grid that the lattice spans.
    """
    done = count(1)
    log_field = np.zeros_like(values)
    lattice = np.zeros((settings.control_points,) * mask.ndim)
    for level in range(settings.levels):
        if level:
            lattice = refined(lattice, settings.order)
        grid = _Grid.over(mask, lattice.shape[0] - settings.order, settings.order)
        for _ in repeat(None, settings.iterations):
            change = grid.smoothed(_without_blur(values - log_field, settings))
            lattice += change
            moved = grid.at_voxels(change)
            log_field += moved
            told(next(done), settings.rounds)
            if not _variation(moved) > settings.convergence:
                break
    return lattice


class _Grid(NamedTuple):
    """A lattice over the box around a mask, and how much the voxels in it weigh at each control point.

    Attributes
    ----------
    inside : (n,) integer ndarray
        Where the voxels of the mask lie in the box.
    full : ndarray of the shape of the box
        0 outside the mask; inside it anything.
    """

    inside: NDArray[np.intp]
    full: Floats
    bases: tuple[Basis, ...]
    shares: tuple[Basis, ...]
    weight: Floats

    @classmethod
    def over(cls, mask: Mask, mesh: int, order: int) -> Self:
        (box,) = find_objects(mask.view(np.uint8))
        bases = tuple(
            basis(np.arange(n) / (n - 1), mesh, order).part(part) for n, part in zip(mask.shape, box, strict=True)
        )
        inside = mask[box]
        full = inside.astype(np.float64)
        weight = projected(full, [each.weighing(lambda w: w * w) for each in bases])
        shares = tuple(each.weighing(lambda w: w * w * w / (w * w).sum(axis=1, keepdims=True)) for each in bases)
        return cls(np.flatnonzero(inside), full, bases, shares, weight)

    def smoothed(self, values: Floats) -> Floats:
        """The lattice nearest to values (n,) of the mask: equations 8 and 9 of Lee, Wolberg and Shin (1997)."""
        self.full.reshape(-1)[self.inside] = values
        total = projected(self.full, self.shares)
        return np.divide(total, self.weight, out=np.zeros_like(total), where=self.weight > 0)

    def at_voxels(self, lattice: Floats) -> Floats:
        return evaluated(lattice, self.bases).reshape(-1)[self.inside]


def _variation(moved: Floats) -> float:
    """The coefficient of variation of the field's change; NaN where that has no float64."""
    with np.errstate(over="ignore", invalid="ignore"):
        ratio = np.exp(-moved)
        mean = ratio.mean()
        ratio -= mean
        ratio *= ratio
        return float(np.sqrt(ratio.sum() / (ratio.size - 1)) / mean)


def _without_blur(values: Floats, settings: Settings) -> Floats:
    """What N4 takes for field in each of values (n,): the value less that which the sharpened histogram expects."""
    low, high = float(values.min()), float(values.max())
    width = (high - low) / (settings.bins - 1)
    if not width > 0:
        return np.zeros_like(values)
    counts = shared_counts(values, low, width, settings.bins)
    return left_over(values, low, width, _sharpened(counts, low, width, settings))


def _sharpened(counts: Floats, low: float, width: float, settings: Settings) -> Floats:
    """For each bin the mean of log u where log v lies in it; v is u under a Gaussian, which a Wiener filter undoes.

    As ITK has it: in a circle of at least twice the bins, which lie in its middle.  All is real, and the blur even too,
    so its spectrum is real.
    """
    bins = len(counts)
    around: int = 2 ** (int(bins - 1).bit_length() + 1)
    before = (around - bins) // 2
    fwhm = settings.fwhm / width
    places = np.arange(around)
    far = np.minimum(places, around - places)
    two = np.zeros((2, around))
    two[0] = 2 * sqrt(log(2) / pi) / fwhm * np.exp(-4 * log(2) / fwhm**2 * (far * far))
    two[1, before : before + bins] = counts
    blur, spectrum = rfft(two)
    blur = blur.real
    sharp = np.maximum(irfft(spectrum * (blur / (blur * blur + settings.wiener)), around), 0)
    two[0], two[1] = sharp * (low + (places - before) * width), sharp
    above, below = irfft(rfft(two) * blur, around)
    expected: Floats = np.divide(above, below, out=np.zeros(around), where=below != 0)
    return expected[before : before + bins]


def _start(n: int, by: int) -> int:
    """The first voxel that shrinking keeps, the same that ITK's shrinking does."""
    return (n - (n // by - 1) * by) // 2


def _shrunk(image: NDArray[Any], factors: Sequence[int], starts: Sequence[int]) -> NDArray[Any]:
    kept = (slice(start, start + n // by * by, by) for n, by, start in zip(image.shape, factors, starts, strict=True))
    small: NDArray[Any] = image[tuple(kept)]
    return small


def _field(lattice: Floats, places: Sequence[Floats], order: int) -> Image:
    """The field (...) float32 at `places`, a share of the way through the lattice along each axis, plane by plane."""
    along, *rest = (basis(place, size - order, order) for place, size in zip(places, lattice.shape, strict=True))
    columns = evaluated(lattice, rest).reshape(1, along.size, -1)
    field = np.empty([len(place) for place in places], np.float32)
    plane = columns.shape[2]

    def fill(part: slice) -> None:
        for i in range(-(-part.start // plane), -(-part.stop // plane)):
            logarithm = spread(columns, along.first[i : i + 1], along.weights[i : i + 1])
            np.exp(logarithm.reshape(field[i].shape).astype(np.float32), out=field[i])

    in_parts(field.size, fill, _FEWEST)
    return field
