"""Bias correction compared: what each method takes for the field, and what is left of it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prep_core.line import Line
from prep_core.measure import inside_mask
from prep_core.quality import figures
from prep_core.quality.otsu_classes import otsu_classes
from prep_core.running import StepError, run_lines
from prep_core.scan import Scan

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]
Regions = tuple[Mask, Mask]

Progress = Callable[[float, str], None]
"""Called with the share of the work that is done, and what comes next; it may raise to stop there."""

METHODS = ("none", "n4", "gaussian", "homomorphic", "polynomial")


@dataclass(frozen=True)
class BiasRow:
    """One method.  A figure that has no meaning here is None.

    Attributes
    ----------
    line : Line or None
        What was done; None for nothing.
    seconds : wall time, without loading
    spread : 98th over 2nd percentile of the field inside
    cjv : coefficient of joint variation of two tissues
    mse, psnr, ssim : against the truth
        After the result was multiplied by median(truth / result), as a field is known up to a factor only.  MSE (in the
        square of the truth's unit) and PSNR of the voxels inside, SSIM of the planes with all other voxels 0 in both;
        the data range is that of the whole truth.
    picture : float32 ndarray of the shape of the scan
        The field: input over result; NaN for padding and where the result is 0.
    result : float32 ndarray of the same shape
    complaint : why the method has no answer; all figures are None then
    """

    method: str
    line: Line | None
    seconds: float | None = None
    spread: float | None = None
    cjv: float | None = None
    mse: float | None = None
    psnr: float | None = None
    ssim: float | None = None
    picture: Floats | None = field(default=None, repr=False, compare=False)
    result: Floats | None = field(default=None, repr=False, compare=False)
    complaint: str = ""


@dataclass(frozen=True)
class BiasComparison:
    """A row for each of `METHODS`, in their order.

    Attributes
    ----------
    voxels : how many are inside
    regions : two bool ndarrays, or None
        The two tissues that CJV compares: those given, or the classes found.  None where there are no two.
    """

    rows: tuple[BiasRow, ...]
    voxels: int
    regions: Regions | None = field(repr=False, compare=False)


def compare_bias_methods(
    scan: Scan,
    truth: NDArray[Any] | None = None,
    regions: Regions | None = None,
    *,
    inside: str = "foreground",
    sigma: float = 30.0,
    lengths_in: str = "mm",
    order: int = 2,
    progress: Progress = lambda share, words: None,
) -> BiasComparison:
    """Correct `scan` by each method, and say what it took for the field and what is left.

    Parameters
    ----------
    truth : ndarray of the shape of the scan, optional
        The scan without a field; any factor.
    regions : two bool ndarrays of that shape, optional
        Two tissues, as white and grey matter, each with one true value.
    inside : str
        The voxels to look at, as a line says it: "foreground", "mask" or "positive".
    sigma, lengths_in, order
        Of `lowpass_field` and `polynomial_field`; N4 has its defaults.
    progress : callable, optional
        Told before each method, and as often as it says how far it is.

    Raises
    ------
    ValueError
        For a truth or a region of another shape, or nothing inside.

    Notes
    -----
    CJV = (std a + std b) / abs(mean a - mean b) [1]_ falls as a field goes, whatever the scale.  Without regions, a
    and b are the voxels inside that are in the lower of Otsu's two classes [2]_ in every result, that of doing nothing
    included, and those that are in the upper one in every result: the same voxels for all methods, and none that a
    method has moved from one class to the other.  On the built-in phantom this gives the figures of its white and grey
    matter.  Where a class holds several tissues, as in a head with its skin and fat, CJV says more about these than
    about the field: put a mask step above, and say inside mask.

    The spread of the field says how much was corrected, not how well: it is best where it is that of the true field.

    References
    ----------
    .. [1] B. Likar, M. A. Viergever, F. Pernus, "Retrospective correction of MR intensity inhomogeneity by
       information minimization", IEEE Transactions on Medical Imaging 20:1398, 2001.
    .. [2] N. Otsu, "A threshold selection method from gray-level histograms", IEEE Transactions on Systems, Man, and
       Cybernetics 9:62, 1979.
    """
    for name, array in (("truth", truth), *(("a region", region) for region in regions or ())):
        if array is not None and array.shape != scan.data.shape:
            raise ValueError(f"{name} must have the shape of the scan, {scan.data.shape}, got {array.shape}")
    seen = inside_mask(scan, inside)
    seen = scan.valid if seen is None else seen
    if not seen.any():
        raise ValueError(f"has no voxel inside {inside} to compare; put a mask step above it, or say another inside")
    rows = []
    for i, (method, line) in enumerate(_lines(inside, sigma, lengths_in, order)):
        tell = partial(progress, i / (len(METHODS) + 1), method)
        tell()
        rows.append(_row(method, line, scan, seen, truth, tell))
    progress(len(METHODS) / (len(METHODS) + 1), "comparing the results")
    regions = _agreed([row.result for row in rows if row.result is not None], seen) if regions is None else regions
    return BiasComparison(tuple(_with_cjv(row, regions) for row in rows), int(np.count_nonzero(seen)), regions)


def _lines(inside: str, sigma: float, lengths_in: str, order: int) -> Iterator[tuple[str, Line | None]]:
    smooth = {"sigma": sigma, "lengths_in": lengths_in}
    yield "none", None
    yield "n4", Line("n4", inside=inside)
    yield "gaussian", Line("lowpass_field", {**smooth, "method": "gaussian"}, inside=inside)
    yield "homomorphic", Line("lowpass_field", {**smooth, "method": "homomorphic"}, inside=inside)
    yield "polynomial", Line("polynomial_field", {"order": order}, inside=inside)


def _row(
    method: str, line: Line | None, scan: Scan, seen: Mask, truth: NDArray[Any] | None, tell: Callable[[], None]
) -> BiasRow:
    start = perf_counter()
    try:
        result = _carried_out(line, scan, tell) if line else scan
    except StepError as error:
        return BiasRow(method, line, complaint=str(error))
    seconds = perf_counter() - start
    values = result.data.astype(np.float32, copy=False)
    picture = _quotient(scan.data, values, scan.valid)
    row = BiasRow(method, line, seconds, _spread(picture[seen]), picture=picture, result=values)
    return row if truth is None else _against(row, values, truth.astype(np.float64), seen)


def _carried_out(line: Line, scan: Scan, tell: Callable[[], None]) -> Scan:
    (done,) = run_lines((line,), scan, told=lambda number, done, of: tell())
    return done.scan


def _quotient(before: NDArray[Any], after: Floats, valid: Mask) -> Floats:
    quotient = np.full(after.shape, np.float32(np.nan))
    np.divide(before.astype(np.float32), after, out=quotient, where=valid & (after != 0))
    return quotient


def _spread(field_inside: Floats) -> float | None:
    known = field_inside[np.isfinite(field_inside)]
    return figures.bias_spread(known) if known.size and np.percentile(known, 2) > 0 else None


def _agreed(results: Sequence[Floats], seen: Mask) -> Regions | None:
    """The voxels that all results put into the lower of two classes, and those that all put into the upper."""
    found = [otsu_classes(values[seen], 2) for values in results]
    known = [classes for classes in found if classes is not None]
    if len(known) < len(found):
        return None
    lower, upper = np.zeros_like(seen), np.zeros_like(seen)
    lower[seen] = np.logical_and.reduce([classes == 0 for classes in known])
    upper[seen] = np.logical_and.reduce([classes == 1 for classes in known])
    return (lower, upper) if lower.any() and upper.any() else None


def _with_cjv(row: BiasRow, regions: Regions | None) -> BiasRow:
    return row if regions is None or row.result is None else replace(row, cjv=figures.cjv(row.result, *regions))


def _against(row: BiasRow, values: Floats, truth: NDArray[np.float64], seen: Mask) -> BiasRow:
    """`row` with what `values` are against the truth."""
    known = seen & (values != 0)
    result = values * np.median(truth[known] / values[known])
    span = float(np.ptp(truth[np.isfinite(truth)]))
    big = min(truth.shape[-2:]) >= figures.SSIM_SIDE
    return replace(
        row,
        mse=figures.mse(result[seen], truth[seen]),
        psnr=figures.psnr(result[seen], truth[seen], span),
        ssim=figures.ssim(np.where(seen, result, 0), np.where(seen, truth, 0), span) if big else None,
    )
