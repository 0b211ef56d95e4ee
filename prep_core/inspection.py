"""What is this scan?  Numbers and histograms over its valid voxels, before anything is done to it."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from prep_core.findings import Seen, all_findings
from prep_core.measure import Histogram as Bins
from prep_core.measure import Moments, Percentiles
from prep_core.ops.values.decibel import decibel
from prep_core.scan import Finding, Scan

PERCENTS = (0.1, 1.0, 50.0, 99.0, 99.9)
BINS = 256
FLOOR_DB = -120.0

_CHUNK = 1 << 20


@dataclass(frozen=True)
class Summary:
    """A scan in numbers.  Shares are 0 to 1; statistics are over valid voxels, in `unit`; complex values by magnitude.

    Attributes
    ----------
    decades : log10 of the largest value over the 0.1-percentile of the positive ones; None without positive values
    zeros, negatives : shares of the valid voxels
    invalid : share of all voxels that are padding or not finite
    orientation, channels, format, reader, sha256, facts, converted : as in `Scan` and its `Source`
    """

    name: str
    axes: str
    shape: tuple[int, ...]
    dtype: str
    unit: str
    modality: str
    spacing: tuple[float, ...]
    spacing_known: bool
    affine: list[list[float]]
    min: float
    max: float
    percentiles: Mapping[str, float]
    mean: float
    std: float
    decades: float | None
    zeros: float
    negatives: float
    invalid: float
    findings: tuple[Finding, ...]
    warnings: tuple[str, ...]
    orientation: str
    channels: tuple[str, ...]
    format: str
    reader: str
    sha256: str
    facts: Mapping[str, Any]
    converted: tuple[str, ...]

    def plain(self) -> dict[str, Any]:
        """As JSON holds it."""
        return asdict(self)


@dataclass(frozen=True)
class Histogram:
    """Counts between edges.

    Attributes
    ----------
    edges, counts : (n + 1,) and (n,) ndarray
    left_out : how many of the voxels have no place on this axis (zeros and negatives in dB)
    """

    edges: NDArray[np.float64]
    counts: NDArray[np.int64]
    unit: str
    left_out: int = 0


def inspect(scan: Scan, told: Callable[[str], object] = lambda what: None) -> Summary:
    """Summarise `scan`.

    Parameters
    ----------
    told : callable, optional
        Told what comes next, before each pass over the voxels; it may raise to stop there.

    Raises
    ------
    ValueError
        For a scan without one valid voxel.
    """
    seen = _seen(scan)
    values = seen.values
    told("percentiles")
    numbers = percentiles(values, PERCENTS)
    told("mean and spread")
    moments, scale = Moments(), _scale(values)
    moments.update(_divided(values, scale))
    mean, std = (number * scale for number in moments.finish().values())
    told("range")
    span = decades(values)
    told("what to watch out for")
    findings = all_findings(seen)
    return Summary(
        scan.name,
        scan.axes,
        scan.data.shape,
        scan.data.dtype.name,
        scan.unit,
        scan.modality,
        scan.spacing,
        scan.spacing_known,
        scan.affine.tolist(),
        float(seen.low),
        float(seen.high),
        {f"{p:g}": v for p, v in zip(PERCENTS, numbers, strict=True)},
        mean,
        std,
        span,
        seen.zeros / seen.count,
        seen.negatives / seen.count,
        1 - values.size / scan.data.size,
        findings,
        scan.source.warnings,
        scan.orientation,
        scan.channels,
        scan.source.format,
        scan.source.reader,
        scan.source.sha256,
        scan.source.facts,
        scan.source.converted,
    )


def valid_values(scan: Scan) -> NDArray[Any]:
    """The valid voxels as a 1-D array; complex values by their magnitude.

    Raises
    ------
    ValueError
        When there is none.
    """
    return _seen(scan).values


def _seen(scan: Scan) -> Seen:
    seen = Seen(scan)
    if not seen.count:
        raise ValueError(f"{scan.name} has no valid voxel: all of it is padding or not finite")
    return seen


def magnitude_of(scan: Scan) -> Scan:
    """`scan` with real values: as it is, or the magnitude of a complex one."""
    return replace(scan, data=np.abs(scan.data)) if np.iscomplexobj(scan.data) else scan


def percentiles(values: NDArray[Any], percents: tuple[float, ...]) -> list[float]:
    """Exact percentiles of `values`, by NumPy's linear method."""
    return _percentiles(lambda: (values,), percents, _scale(values))


def decades(values: NDArray[Any]) -> float | None:
    """How many powers of ten lie between the 0.1-percentile of the positive values and the largest."""
    if not values.size or values.max() <= 0:
        return None
    largest = float(values.max())
    low, high = _percentiles(lambda: _positive(values), (0.1, 100.0), _scale_of(values.dtype, largest))
    # Beside a large value float32 takes a very small one for 0.
    return math.log10(high) - math.log10(low or min(float(part.min()) for part in _positive(values) if part.size))


def _percentiles(parts: Callable[[], Iterable[NDArray[Any]]], percents: tuple[float, ...], scale: float) -> list[float]:
    counter = Percentiles(**{str(i): percent for i, percent in enumerate(percents)})
    for part in parts():
        counter.update(_divided(part, scale))
    while counter.again():
        for part in parts():
            counter.update(_divided(part, scale))
    return [number * scale for number in counter.finish().values()]


def _positive(values: NDArray[Any]) -> Iterator[NDArray[Any]]:
    """The values above 0, in parts: of a large scan they would be a second one."""
    for start in range(0, values.size, _CHUNK):
        part = values[start : start + _CHUNK]
        yield part if part.min() > 0 else part[part > 0]


def raw_histogram(values: NDArray[Any], unit: str, bins: int = BINS) -> Histogram:
    """Counts over the whole range.  Bins of integers are equally wide and whole, so that no false comb appears."""
    low, high = float(values.min()), float(values.max())
    if values.dtype.kind in "iub":
        width = max(1, math.ceil((high - low + 1) / bins))
        edges = np.arange(low, high + 1 + width, width) - 0.5
    else:
        # A histogram needs some width, also where all values are the same, and numbers between the edges of a bin.
        end = high if high > low else low + max(abs(low), 1) * 1e-3
        apart = float(np.spacing(max(abs(low), abs(end))))
        edges = np.linspace(low, end, int(max(1, min(bins, (end - low) / apart))) + 1)
    counts = Bins(edges[0], edges[-1], len(edges) - 1)
    counts.update(values)
    return Histogram(edges, counts.finish()["counts"], unit)


def linear_histogram(raw: Histogram, low: float, high: float) -> Histogram:
    """The same counts after scaling low..high to 0..1, as a network would see them."""
    span = (high - low) or 1.0
    return replace(raw, edges=(raw.edges - low) / span, unit="1")


def decibel_histogram(
    values: NDArray[Any], reference: float, quantity: Literal["power", "amplitude"], bins: int = BINS
) -> Histogram:
    """Counts of 10 log10(x / reference) (power) or 20 log10 (amplitude), from -120 dB to the largest value.

    Zeros and negatives have no decibel; they are left out and counted.
    """
    ends = [(float(part.min()), float(part.max())) for part in _positive(values) if part.size]
    if not ends or reference <= 0:
        return Histogram(np.linspace(FLOOR_DB, 0, bins + 1), np.zeros(bins, np.int64), "dB", values.size)
    numbers = {"reference": np.float32(reference)}
    level = partial(decibel, numbers=numbers, quantity=quantity, floor_db=FLOOR_DB)
    lowest, highest = level(np.array([min(low for low, _ in ends), max(high for _, high in ends)], np.float32))
    low, high = math.floor(lowest), math.ceil(highest)
    edges = np.linspace(low, max(high, low + 1), bins + 1)
    counts = Bins(edges[0], edges[-1], bins)
    for part in _positive(values):
        counts.update(level(part.astype(np.float32, copy=False)))
    return Histogram(edges, counts.finish()["counts"], "dB", values.size - counts.count)


def depth_profile(scan: Scan) -> NDArray[np.float64]:
    """Mean value at each depth (the Y axis), over valid voxels and all other axes; NaN where a depth has none.

    Complex scans by their intensity |z|^2, which is what falls off with depth.
    """
    data = np.square(np.abs(scan.data)) if np.iscomplexobj(scan.data) else scan.data
    others = tuple(i for i, axis in enumerate(scan.axes) if axis != "Y")
    total = np.sum(data, axis=others, where=scan.valid, dtype=np.float64)
    count = np.sum(scan.valid, axis=others, dtype=np.int64)
    profile = np.full(total.shape, np.nan)
    np.divide(total, count, out=profile, where=count > 0)
    return profile


def _scale(values: NDArray[Any]) -> float:
    if values.dtype != np.float64:
        return 1.0  # without a look at the values
    return _scale_of(values.dtype, max(abs(float(values.min())), abs(float(values.max()))))


def _scale_of(dtype: np.dtype[Any], largest: float) -> float:
    """The power of two by which float64 values fit in float32, and their squares in float64; 1 for nearly all."""
    if dtype != np.float64:
        return 1.0
    return 1.0 if largest == 0 or 1e-30 < largest < 1e30 else 2.0 ** (math.frexp(largest)[1] - 1)


def _divided(values: NDArray[Any], scale: float) -> NDArray[Any]:
    return values if scale == 1 else values / scale
