"""N4: the field of MR coils, found by sharpening the histogram."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import numpy as np

from prep_core.ops.fields.evening import Mask, above_zero, evened
from prep_core.ops.fields.n4_separable import separable_field
from prep_core.ops.fields.n4_settings import Settings, shrink_factors
from prep_core.ops.fields.n4_simpleitk import field_of_simpleitk
from prep_core.ops.image import Image, Told
from prep_core.param import P

MOST_CONTROL_POINTS = 40
"""Along each axis, at the last level."""


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
    engine: Annotated[
        Literal["simpleitk", "separable"],
        P(
            "simpleitk is the filter of ITK; separable is the same algorithm, many times faster, and puts the field "
            "exactly where the voxels are.",
            later=True,
        ),
    ] = "simpleitk",
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
    Engine simpleitk is SimpleITK's ``N4BiasFieldCorrection`` after ``Shrink`` of image and mask, with the log field of
    all levels evaluated at full resolution by ``GetLogBiasFieldAsImage``: ``image / exp(log field)``.  As there, the
    spline found on the small grid is laid over the whole of the large one, which moves it by up to (shrink - 1) / 2
    voxels at the borders.  It runs on one thread, because its last bits depend on the number of threads.

    Engine separable is the same algorithm.  On a regular grid the sums over B-splines [2]_ factor over the axes,
    which takes a twentieth of the time or less; all is in float64.  On the shrunk grid its log field is SimpleITK's
    within 1e-4 root mean square (1e-5 from some 10,000 voxels on; SimpleITK itself moves by as much with another
    number of threads), after as many iterations.  At full resolution it is evaluated where the voxels are, and beyond
    the outermost voxels that were kept it stays as it is there; so the two engines differ by 0.6 % (root mean
    square) in the brain of a simulated head, shrunk 4 times, and separable is nearer to the truth there.  Its bytes do
    not depend on the number of threads; another processor or NumPy may round a logarithm or an exponential
    otherwise, in the last bit.

    Shrinking adapts to each axis: the axis with the smallest voxels is shrunk by `shrink` and the others by what
    gives about the same size in mm, at least 1 (thick slices stay as they are).  No axis is left with fewer voxels
    than `control_points` by it.  An axis of one voxel takes no part.

    Voxels of 0 or less are left out because N4 takes their logarithm as 0, that of the value 1, which moves the
    field by several percent.  The mean that is kept is that of the voxels that N4 sees at full resolution.

    References
    ----------
    .. [1] N. J. Tustison et al., "N4ITK: improved N3 bias correction", IEEE Transactions on Medical Imaging 29:1310,
       2010.
    .. [2] S. Lee, G. Wolberg and S. Y. Shin, "Scattered data interpolation with multilevel B-splines", IEEE
       Transactions on Visualization and Computer Graphics 3:228, 1997.
    """
    used = above_zero(image, inside)
    flat, mask = np.squeeze(image), np.squeeze(used)
    if flat.ndim < 2:
        raise ValueError(f"needs two axes of more than one voxel, and the scan has {flat.ndim}; remove this line")
    sizes = None if spacing is None else [size for size, n in zip(spacing, image.shape, strict=True) if n > 1]
    factors = shrink_factors(flat.shape, sizes, shrink, control_points)
    settings = Settings(iterations, levels, convergence, fwhm, wiener, bins, control_points, order)
    find = separable_field if engine == "separable" else field_of_simpleitk
    field = find(flat, mask, factors, settings, told).reshape(image.shape)
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
