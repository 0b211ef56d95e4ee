"""N4: the field of MR coils, found by sharpening the histogram."""

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Annotated, Any

import numpy as np
import SimpleITK

from prep_core.ops.fields.evening import Mask, above_zero, evened
from prep_core.ops.image import Image, Told
from prep_core.ops.itk_threads import one_thread
from prep_core.param import P

MOST_CONTROL_POINTS = 40
"""Along each axis, at the last level."""

MOST_UPDATES = 10**9
"""Voxels after shrinking times iterations of all levels: about half an hour on one thread."""


def n4(
    image: Image,
    inside: Mask,
    spacing: tuple[float, ...] | None,
    told: Told = lambda done, of: None,
    *,
    shrink: Annotated[
        int, P("Find the field on a copy that is so many times smaller; 1 is the slowest.", (1, 16), soft=(1, 8))
    ] = 4,
    iterations: Annotated[int, P("Most iterations at each level.", (1, 200), soft=(10, 100))] = 50,
    levels: Annotated[int, P("How often the field is refined, each time twice as fine.", (1, 6), soft=(1, 5))] = 4,
    convergence: Annotated[
        float, P("A level ends when the field changes by less than this share.", (1e-6, 0.1), soft=(1e-5, 0.01))
    ] = 0.001,
    fwhm: Annotated[
        float,
        P("Width at half maximum of the blur that the field is taken to have added.", (0.01, 1), soft=(0.05, 0.3)),
    ] = 0.15,
    wiener: Annotated[
        float, P("Noise of the Wiener filter that takes the blur away.", (1e-4, 1), soft=(0.001, 0.1))
    ] = 0.01,
    bins: Annotated[int, P("Bins of the histogram of logarithms.", (16, 1000), soft=(50, 500))] = 200,
    control_points: Annotated[
        int, P("Control points of the spline along each axis, at the first level.", (2, 32), soft=(4, 12))
    ] = 4,
    order: Annotated[int, P("Order of the spline; 3 is cubic.", (1, 3))] = 3,
    preserve_mean: Annotated[bool, P("Keep the mean inside; N4 alone moves it, often by more than 10 %.")] = True,
) -> Image:
    """Remove the slow shading of MR coils (bias field) by N4: no tissue is then brighter on one side than the other.

    Parameters
    ----------
    image : (z, y, x) or (y, x) float32 ndarray
    inside : bool ndarray of the same shape
        Where tissue is.  Voxels in it that are 0 or less have no logarithm and are left out.
    spacing : tuple of float or None
        Voxel size in mm, in the order of the axes.
    told : callable
        Called after each iteration with how many are done, and how many all levels may have at most.  It may raise to
        stop there.

    Returns
    -------
    ndarray of the same shape, float32
        All voxels divided by the field, also those outside.

    Raises
    ------
    ValueError
        For nothing above 0 inside, voxels that are all alike, a single row of voxels, or more work than 10^9 updates of
        a voxel.

    Notes
    -----
    With log v = log u + log f, N4 sharpens the histogram of log v to get an estimate of log u, smooths what is
    left over by a B-spline, takes this off, and repeats; each level halves the distance of the control points [1]_.
    It is SimpleITK's ``N4BiasFieldCorrection`` after ``Shrink`` of image and mask, with the log field of all levels
    evaluated at full resolution by ``GetLogBiasFieldAsImage``: ``image / exp(log field)``.  As there, the spline
    found on the small grid is laid over the whole of the large one, which moves it by up to (shrink - 1) / 2
    voxels at the borders.  It runs on one thread, because its last bits depend on the number of threads.

    Shrinking adapts to each axis: the axis with the smallest voxels is shrunk by `shrink` and the others by what
    gives about the same size in mm, at least 1 (thick slices stay as they are).  No axis is left with fewer voxels
    than `control_points` by it.  An axis of one voxel takes no part.

    Voxels of 0 or less are left out because N4 takes their logarithm as 0, that of the value 1, which moves the
    field by several percent.  The mean that is kept is that of the voxels that N4 sees at full resolution.

    References
    ----------
    .. [1] N. J. Tustison et al., "N4ITK: improved N3 bias correction", IEEE Transactions on Medical Imaging 29:1310,
       2010.
    """
    used = above_zero(image, inside)
    flat, mask = np.squeeze(image), np.squeeze(used)
    if flat.ndim < 2:
        raise ValueError(f"needs two axes of more than one voxel, and the scan has {flat.ndim}; remove this line")
    sizes = None if spacing is None else [size for size, n in zip(spacing, image.shape, strict=True) if n > 1]
    factors = shrink_factors(flat.shape, sizes, shrink, control_points)
    settings = _filter(flat.ndim, iterations, levels, convergence, fwhm, wiener, bins, control_points, order)
    log_field = _log_field(settings, flat, mask, factors, iterations * levels, told)
    field = np.exp(log_field).reshape(image.shape)
    return evened(image, field, used) if preserve_mean else image / field


def n4_rule(params: Mapping[str, Any]) -> str | None:
    order, points, levels = params["order"], params["control_points"], params["levels"]
    if points <= order:
        return f"control_points must be above order, got {points} and {order}"
    last = (points - order) * 2 ** (levels - 1) + order
    if last > MOST_CONTROL_POINTS:
        return (
            f"control_points and levels must give at most {MOST_CONTROL_POINTS} control points at the last level, "
            f"got {last}; lower one of them"
        )
    return None


def shrink_factors(shape: Sequence[int], spacing: Sequence[float] | None, shrink: int, fewest: int) -> tuple[int, ...]:
    """By how much each axis is shrunk: voxels become about equally long, and no axis is left with less than `fewest`.

    Parameters
    ----------
    spacing : sequence of float or None
        Voxel size along each axis; all are taken as equal where it is not known.
    """
    sizes = spacing or (1.0,) * len(shape)
    length = shrink * min(sizes, default=1.0)
    return tuple(max(1, min(round(length / size), n // fewest)) for n, size in zip(shape, sizes, strict=True))


def _filter(
    axes: int,
    iterations: int,
    levels: int,
    convergence: float,
    fwhm: float,
    wiener: float,
    bins: int,
    control_points: int,
    order: int,
) -> Any:
    n4_filter = SimpleITK.N4BiasFieldCorrectionImageFilter()
    n4_filter.SetMaximumNumberOfIterations([iterations] * levels)
    n4_filter.SetConvergenceThreshold(convergence)
    n4_filter.SetBiasFieldFullWidthAtHalfMaximum(fwhm)
    n4_filter.SetWienerFilterNoise(wiener)
    n4_filter.SetNumberOfHistogramBins(bins)
    n4_filter.SetNumberOfControlPoints([control_points] * axes)
    n4_filter.SetSplineOrder(order)
    return n4_filter


def _log_field(n4_filter: Any, image: Image, mask: Mask, factors: Sequence[int], rounds: int, told: Told) -> Image:
    """The logarithm of the field at every voxel of `image`."""
    full = SimpleITK.GetImageFromArray(image)
    small, small_mask = (
        SimpleITK.Shrink(each, factors[::-1]) for each in (full, SimpleITK.GetImageFromArray(mask.astype(np.uint8)))
    )
    seen = SimpleITK.GetArrayFromImage(small)[SimpleITK.GetArrayFromImage(small_mask) > 0]
    if complaint := _complaint(seen, factors, rounds):
        raise ValueError(complaint)
    with one_thread():
        _execute(n4_filter, small, small_mask, rounds, told)
        log_field: Image = SimpleITK.GetArrayFromImage(n4_filter.GetLogBiasFieldAsImage(full))
    if not np.isfinite(log_field).all():
        raise ValueError("finds no finite field with these parameters; raise fwhm or wiener, or lower levels")
    return log_field


def _execute(n4_filter: Any, image: Any, mask: Any, rounds: int, told: Told) -> None:
    """Run the filter.  What `told` raises ends it: N4 does not listen to ``Abort``, but to a command that fails."""
    stopped: list[BaseException] = []
    done = count(1)

    def after_iteration() -> None:
        try:
            told(next(done), rounds)
        except BaseException as reason:
            stopped.append(reason)
            raise

    n4_filter.AddCommand(SimpleITK.sitkIterationEvent, after_iteration)
    try:
        n4_filter.Execute(image, mask)
    except RuntimeError as fault:
        # SimpleITK says only that a command failed.
        raise (stopped[0] if stopped else fault) from None
    finally:
        n4_filter.RemoveAllCommands()


def _complaint(seen: Image, factors: Sequence[int], rounds: int) -> str | None:
    by = " x ".join(map(str, factors))
    if not seen.size or seen.min() == seen.max():
        what = f"all {seen.size} are {seen[0]:g}" if seen.size else "there are none"
        return f"needs voxels inside that differ, and {what} after shrinking by {by}; lower shrink, or enlarge the mask"
    if seen.size * rounds > MOST_UPDATES:
        return (
            f"would update {seen.size} voxels (after shrinking by {by}) up to {rounds} times, and may do 10^9 updates; "
            "raise shrink, or lower iterations"
        )
    return None
