"""Loops of `prep_core.kernels.n4_lattice`."""

from typing import Any

import numpy as np

from prep_core.kernels.loops.declared import FLOAT64, INT64, loop, reads, writes

_BLOCK = 1024  # float64 values: what is added to stays in the first-level cache


@loop(writes(FLOAT64, 3), reads(FLOAT64, 3), reads(INT64), reads(FLOAT64, 2), INT64)
def gathered(values: Any, first: Any, weights: Any, size: Any) -> Any:
    before, voxels, after = values.shape
    sums = np.zeros((before, size, after))
    for outer in range(before):
        for start in range(0, after, _BLOCK):
            stop = min(start + _BLOCK, after)
            for i in range(voxels):
                for k in range(weights.shape[1]):
                    weight = weights[i, k]
                    for j in range(start, stop):
                        sums[outer, first[i] + k, j] += weight * values[outer, i, j]
    return sums


@loop(writes(FLOAT64, 3), reads(FLOAT64, 3), reads(INT64), reads(FLOAT64, 2))
def spread(lattice: Any, first: Any, weights: Any) -> Any:
    before, _, after = lattice.shape
    voxels, seen = weights.shape
    values = np.empty((before, voxels, after))
    for outer in range(before):
        for start in range(0, after, _BLOCK):
            stop = min(start + _BLOCK, after)
            for i in range(voxels):
                for j in range(start, stop):
                    values[outer, i, j] = lattice[outer, first[i], j] * weights[i, 0]
                for k in range(1, seen):
                    weight = weights[i, k]
                    for j in range(start, stop):
                        values[outer, i, j] += lattice[outer, first[i] + k, j] * weight
    return values
