"""A chain of lines that are formulas: one calculation, in one pass over the voxels and without images in between."""

from collections.abc import Sequence
from itertools import chain as joined
from math import prod
from threading import Event

import numpy as np
from numpy.typing import NDArray

from prep_core.chain import Link
from prep_core.kernels.formula import FINITE, carry_out
from prep_core.kernels.mapped import Operation
from prep_core.kernels.parts import in_parts
from prep_core.ops.image import Told
from prep_core.running import named
from prep_core.scan import Scan

STRIDE = 1 << 20
"""Voxels after which it is told how far it is."""

_TAKEN = ("float32", "int16", "uint16", "int8", "uint8")


def operations(chain: Sequence[Link], scan: Scan) -> tuple[Operation, ...]:
    """The calculation that `chain` is, or none where it is not one, or another one for each part of `scan`."""
    data = scan.data
    if not (data.dtype.isnative and data.dtype.name in _TAKEN and data.flags.c_contiguous and data.flags.aligned):
        return ()
    formulas = [_formula(link, scan) for link in chain]
    return tuple(joined.from_iterable((*formula, FINITE) for formula in formulas)) if all(formulas) else ()


def through(
    operations: Sequence[Operation], chain: Sequence[Link], scan: Scan, out: NDArray[np.float32], told: Told
) -> bool:
    """Write to `out` what `operations`, those of `chain`, make of `scan`.

    Parameters
    ----------
    out : C-contiguous ndarray of the shape of the scan
        May be the very array of a scan without padding.
    told : callable
        Told how many of the strides are done; it may raise to stop there.

    Returns
    -------
    bool
        Whether it is done.  Where a voxel goes beyond what a float32 can hold it is not, and it may be padding.

    Raises
    ------
    StepError
        For a voxel beyond what a float32 can hold, where `out` is the array of the scan.
    """
    values, result, stopped = scan.data.reshape(-1), out.reshape(-1), Event()

    def strip(part: slice) -> bool:
        try:
            for start in range(part.start, part.stop, STRIDE):
                if part.start == 0:
                    told(start // STRIDE, part.stop // STRIDE + 1)
                own = slice(start, min(start + STRIDE, part.stop))
                if stopped.is_set() or not carry_out(operations, values[own], result[own]):
                    stopped.set()
                    return False
        except BaseException:
            stopped.set()
            raise
        return True

    done = all(in_parts(values.size, strip))
    if not done and np.may_share_memory(values, result):
        with named(chain[-1].number, chain[-1].line):
            raise ValueError("or a line above it takes voxels beyond what a float32 can hold; rescale above it")
    return done


def _formula(link: Link, scan: Scan) -> Sequence[Operation]:
    alike = all(array.ndim <= scan.data.ndim and prod(array.shape) == 1 for array in link.numbers.values())
    if link.line.spec.formula is None or not alike:
        return ()
    numbers = {name: array.reshape(())[()] for name, array in link.numbers.items()}
    # What overflows in the numbers shows in the voxels, which are looked at.
    with np.errstate(all="ignore"):
        return link.line.spec.formula(numbers, link.line.params)
