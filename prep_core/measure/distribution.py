"""The whole distribution of the voxels, as a curve."""

from functools import partial

import numpy as np
from numpy.typing import NDArray

from prep_core.measure.combined import InTurn, Numbers
from prep_core.measure.counting import Shares
from prep_core.measure.quantile_curve import QuantileCurve

_QUANTILES = 1024
_STEPS = 4096
_PERCENTS = tuple(100 * i / _QUANTILES for i in range(_QUANTILES + 1))


def distribution_curve(name: str) -> InTurn:
    """`name`_values, (5122,), and `name`_shares, (5122,): the share of all voxels that are at or below each value.

    Notes
    -----
    The values are 1025 percentiles and 4097 even steps from the smallest to the largest voxel, sorted; all shares are
    exact.  So two neighbours are never further apart than 1/1024 of the voxels, and never further than 1/4096 of the
    range: neither a long tail nor a gap in the histogram is passed over.  Four passes; takes 5 MB.
    """
    names = (f"{name}_values", f"{name}_shares")
    return InTurn(names, (_quantiles, _shares), partial(_curves, names))


def _quantiles(_: Numbers) -> QuantileCurve:
    return QuantileCurve("quantiles", _PERCENTS)


def _shares(numbers: Numbers) -> Shares:
    quantiles = numbers["quantiles"]
    steps = np.linspace(quantiles[0], quantiles[-1], _STEPS + 1, dtype=np.float64).astype(np.float32)
    return Shares(np.sort(np.concatenate([quantiles, steps])), including=True)


def _curves(names: tuple[str, str], numbers: Numbers) -> dict[str, NDArray[np.float32]]:
    curves = (numbers["limits"], numbers["shares"])
    return {name: curve.astype(np.float32) for name, curve in zip(names, curves, strict=True)}
