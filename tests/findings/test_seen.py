"""Figures of the valid voxels are those that NumPy takes of a copy of them."""

import numpy as np
import pytest

from prep_core.findings.seen import Seen
from prep_core.scan import Scan

RNG = np.random.default_rng(8)
SHAPE = (3, 300, 301)
"""More voxels than are looked at together."""


@pytest.mark.parametrize("share", [0.0, 1e-5, 0.5, 1.0])
@pytest.mark.parametrize("dtype", ["i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f2", "f4", "f8", "c8"])
def test_figures_are_those_of_the_valid_voxels(dtype: str, share: float) -> None:
    kind = np.dtype(dtype)
    if kind.kind in "iu":
        ends = np.iinfo(kind)
        data = RNG.integers(ends.min, ends.max, SHAPE, kind, endpoint=True)
        data[0, :2, :40], data[1, :9] = [[ends.min], [ends.max]], 0
    else:
        data = RNG.normal(0, 50, SHAPE).astype(kind)
        data[0, :3, :40] = [[0], [-0.0], [-1]]
    valid = RNG.random(SHAPE) < share
    valid[2, 7, 7] = True
    seen = Seen(Scan(data, "ZYX", valid=valid))
    kept = np.abs(data[valid]) if kind.kind == "c" else data[valid]
    assert (seen.count, seen.low, seen.high) == (kept.size, kept.min(), kept.max())
    assert type(seen.low) is type(kept.min().item())
    assert (seen.zeros, seen.negatives) == (np.count_nonzero(kept == 0), np.count_nonzero(kept < 0))
