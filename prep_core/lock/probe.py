"""A scan made of integers: the same voxels on every machine and with every version of NumPy.

A bright ball in the middle, fading to its border, under noise from a hash of each voxel's place.
"""

from collections.abc import Iterator, Sequence
from math import prod

import numpy as np
from numpy.typing import NDArray

from prep_core.line import Line
from prep_core.lock.lock import MOST_VOXELS, Probe
from prep_core.scan import Scan, voxel_affine
from prep_core.shift.curve import Curve
from prep_core.shift.portrait import Kind

Integers = NDArray[np.int64]

_SIDES = ((24, 5), (64, 16), (160, 40))
"""Rows and columns, and planes: what most steps have an answer for, and what those need that look for organs."""

_FRAMES = 3
_LEVELS = 1024
_PHASES = (1 + 0j, 1j, -1 + 0j, -1j)


def probes(kind: Kind, curve: Curve, percents: Sequence[float], lines: Sequence[Line]) -> Iterator[Probe]:
    """Probes for fitted `lines` on scans of `kind` with values along `curve`, the smallest first.

    They have as many parts as there are fitted numbers.
    """
    low, high = (float(np.interp(percent, percents, curve)) for percent in (1.0, 99.0))
    shapes = (_shape(kind, lines, side, planes) for side, planes in _SIDES)
    for shape in dict.fromkeys(shapes):
        yield Probe(
            kind.axes,
            shape,
            kind.spacing,
            kind.unit,
            kind.modality,
            kind.channels,
            kind.is_complex,
            low,
            high if high > low else low + 1.0,
        )


def _shape(kind: Kind, lines: Sequence[Line], side: int, planes: int) -> tuple[int, ...]:
    parts = {line.per for line in lines if line.fitted}
    enough = {"T": _FRAMES, "Z": planes, "Y": side, "X": side}
    whole = "C" + ("TZ" if parts & {"frame", "plane"} else "") + ("ZYX" if "pixel" in parts else "")
    sizes = dict(zip(kind.axes, kind.shape, strict=True))
    small = {axis: min(n, enough[axis]) if axis in "TZ" else enough.get(axis, n) for axis, n in sizes.items()}
    wanted = small | {axis: n for axis, n in sizes.items() if axis in whole}
    return tuple((wanted if prod(wanted.values()) <= MOST_VOXELS else small).values())


def scan_of(probe: Probe, lines: Sequence[Line] = ()) -> Scan:
    """The probe as a scan; padding where `lines` have numbers for each pixel and none for that one."""
    values = probe.low + (probe.high - probe.low) * (_levels(probe.shape, probe.axes) / (_LEVELS - 1))
    data: NDArray[np.generic] = values.astype(np.float32)
    if probe.is_complex:
        data = (values * np.array(_PHASES)[_hashed(probe.shape) % len(_PHASES)]).astype(np.complex64)
    return Scan(
        data,
        probe.axes,
        voxel_affine(probe.spacing) if probe.spacing else voxel_affine(),
        bool(probe.spacing),
        probe.unit,
        probe.modality,
        _measured(lines, probe),
        channels=probe.channels,
        name="probe",
    )


def _measured(lines: Sequence[Line], probe: Probe) -> NDArray[np.bool_]:
    frame = tuple(n for axis, n in zip(probe.axes, probe.shape, strict=True) if axis != "T")
    known = np.ones(frame, bool)
    for line in lines:
        images = line.fitted.arrays.values() if line.fitted and line.per == "pixel" else ()
        for image in images:
            if image.data.shape[1:] == frame:  # others belong to the grid of a line above
                known &= np.isfinite(image.data[0])
    return np.broadcast_to(known, probe.shape)  # T is the first axis


def _levels(shape: tuple[int, ...], axes: str) -> Integers:
    """Whole numbers from 0 to `_LEVELS` - 1: three parts of the ball, one of noise."""
    noise = _hashed(shape) >> 8 & (_LEVELS - 1)
    levels: Integers = (3 * _ball(shape, axes) + noise) // 4
    return levels


def _ball(shape: tuple[int, ...], axes: str) -> Integers:
    """From `_LEVELS` - 1 in the middle down to 0 at the nearest border of each spatial axis, by squares."""
    fading = np.zeros((1,) * len(shape), np.int64)
    for i, (axis, n) in enumerate(zip(axes, shape, strict=True)):
        if axis in "ZYX":
            off = (2 * np.arange(n, dtype=np.int64) - (n - 1)) ** 2 * (_LEVELS - 1) // n**2
            fading = fading + off.reshape([-1 if j == i else 1 for j in range(len(shape))])
    return np.broadcast_to(np.maximum(_LEVELS - 1 - fading, 0), shape)


def _hashed(shape: tuple[int, ...]) -> Integers:
    """32 bits for each place, mixed by multiplications with odd numbers and shifts (the finish of MurmurHash3)."""
    bits = np.arange(prod(shape), dtype=np.uint64)
    mask = np.uint64(0xFFFFFFFF)
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        bits = (bits ^ bits >> np.uint64(shift)) * np.uint64(factor) & mask
    return (bits ^ bits >> np.uint64(16)).astype(np.int64).reshape(shape)
