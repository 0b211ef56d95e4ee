"""The field as a polynomial."""

from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np
from numpy.polynomial.legendre import legvander
from numpy.typing import NDArray

from prep_core.ops.extent import Extent
from prep_core.ops.fields.evening import Mask, Order, above_zero, evened
from prep_core.ops.image import Image

Floats = NDArray[np.floating[Any]]

_RANK = 1e-10
"""Combinations of terms that hold less than this share of the largest are not told apart by the voxels inside."""


def polynomial_field(image: Image, inside: Mask, *, order: Order = 2, extent: Extent = "volume") -> Image:
    """Divide by a smooth polynomial that is fitted to the logarithm of the tissue.

    Parameters
    ----------
    image : (z, y, x) or (y, x) float32 ndarray
    inside : bool ndarray of the same shape
        The voxels that are fitted.  Those in it that are 0 or less have no logarithm and are left out.

    Returns
    -------
    ndarray of the same shape, float32
        In the unit of the image; the mean inside stays.

    Raises
    ------
    ValueError
        For nothing above 0 inside, or fewer voxels than the polynomial has terms.

    Notes
    -----
    Least squares of ``log x = sum c_abc z^a y^b x^c`` with a + b + c <= order, over the voxels inside, in
    coordinates from -1 to 1 over each axis [1]_.  An axis of n voxels has powers up to n - 1.  The result is
    ``k x / f`` with f the exponential of the polynomial and k so that the mean inside stays.  Beyond the voxels
    inside, f stays within the range that it has among them: high powers run away there.

    Tissues enter as they lie: where one is mainly on one side, the fit takes a part of it for shading.  N4 does not.

    References
    ----------
    .. [1] U. Vovk, F. Pernus, B. Likar, "A review of methods for correction of intensity inhomogeneity in MRI", IEEE
       Transactions on Medical Imaging 26:405, 2007, section III.B.
    """
    used = above_zero(image, inside)
    log_field = fitted_polynomial(np.log(np.where(used, image, np.float32(1))), used, order)
    bounded = np.clip(log_field, log_field[used].min(), log_field[used].max())
    return evened(image, np.exp(bounded), used)


def fitted_polynomial(values: Image, used: Mask, order: int) -> Image:
    """The polynomial of `order` that is nearest to the `used` ones of `values`, at every voxel.

    Parameters
    ----------
    values : (z, y, x) or (y, x) float32 ndarray
        0 where not `used`.

    Raises
    ------
    ValueError
        For fewer voxels than the polynomial has terms.

    Notes
    -----
    In Legendre polynomials, whose products are summed one axis after the other: the normal equations of all voxels
    take as many passes over them as one axis has products, and no table of terms.  einsum keeps the order of the
    sums, so the bytes do not depend on the number of threads.
    """
    bases = [legvander(np.linspace(-1, 1, n) if n > 1 else np.zeros(1), min(order, n - 1)) for n in used.shape]
    terms = _terms([basis.shape[1] for basis in bases], order)
    if (count := int(np.count_nonzero(used))) < len(terms):
        raise ValueError(
            f"has {count} voxels above 0 inside to fit {len(terms)} terms to; lower order, or enlarge the mask"
        )
    pairs = [(basis[:, :, None] * basis[:, None, :]).reshape(len(basis), -1) for basis in bases]
    gram = _projected(used, pairs).reshape([n for basis in bases for n in (basis.shape[1],) * 2])
    here = tuple(terms.T)
    chosen = tuple(part for at in here for part in (at[:, None], at[None, :]))
    right = _projected(values, bases)[here]
    coefficients = np.zeros([basis.shape[1] for basis in bases])
    coefficients[here] = np.linalg.lstsq(gram[chosen], right, rcond=_RANK)[0]
    return _evaluated(coefficients, bases)


def _terms(sizes: list[int], order: int) -> NDArray[np.intp]:
    """(n, axes) powers along each axis, together at most `order`."""
    return np.array([powers for powers in product(*map(range, sizes)) if sum(powers) <= order])


def _projected(values: NDArray[np.generic], tables: Sequence[Floats]) -> Floats:
    """Sums of `values` times a column of the table of each axis, for all columns."""
    sums = values.astype(np.float64)
    for table in reversed(tables):  # the last axis becomes the first of the sums
        sums = np.moveaxis(np.einsum("...n,nk->...k", sums, table), -1, 0)
    return sums


def _evaluated(coefficients: Floats, bases: Sequence[Floats]) -> Image:
    field = coefficients
    for basis in reversed(bases):
        field = np.moveaxis(np.einsum("...k,nk->...n", field, basis), -1, 0)
    return field.astype(np.float32)
