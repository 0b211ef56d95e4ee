"""Steps that measure nothing: HU window, and decibels with their ends cut off."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
import SimpleITK
import torch
from monai.transforms import ScaleIntensityRange
from numpy.typing import NDArray

from prep_core.ops.values.decibel import decibel
from prep_core.ops.values.windowing import window
from tests.benchmarks.speed.agreement import Agreement, within
from tests.benchmarks.speed.arrays import SIDES, ct, cube, oct_intensity, scan_of
from tests.benchmarks.speed.cases import Case, Peer, applied

LOW, HIGH = -160.0, 240.0
REFERENCE = 0.5
ASKED = 256
"""Side of the cube for which targets are set."""


def hu_window() -> Iterator[Case]:
    for side in SIDES:
        given = ct(side)
        image = SimpleITK.GetImageFromArray(given)
        monai = ScaleIntensityRange(a_min=LOW, a_max=HIGH, b_min=0, b_max=1, clip=True)
        target = 3.0 if side == ASKED else None
        peers = (
            Peer(
                "MONAI ScaleIntensityRange",
                partial(monai, torch.from_numpy(given)[np.newaxis]),
                within(1e-6),
                target,
            ),
            Peer("SimpleITK IntensityWindowing", partial(_windowed, image), _within_image, target),
            Peer("NumPy", partial(_clipped, given), within(1e-6), target),
        )
        ours = applied("- {step: window, center: 40, width: 400}", scan_of(given))
        yield Case("HU window", cube(side), given, ours, peers, partial(_window_alone, given))


def decibels() -> Iterator[Case]:
    lines = f"- {{step: decibel, reference: fixed, value: {REFERENCE}}}\n- {{step: clip, low: -60, high: 0}}"
    for side in SIDES:
        given = oct_intensity(side)
        target = 8.0 if side == ASKED else None
        peer = Peer("NumPy", partial(_decibels, given), within(1e-4), target)
        alone = partial(decibel, given, {"reference": np.float32(REFERENCE)}, floor_db=-60.0)
        yield Case("dB and clip", cube(side), given, applied(lines, scan_of(given)), (peer,), alone)


def _window_alone(given: NDArray[np.int16]) -> NDArray[np.float32]:
    return window(given.astype(np.float32), center=(LOW + HIGH) / 2, width=HIGH - LOW)


def _windowed(image: Any) -> Any:
    floats = SimpleITK.Cast(image, SimpleITK.sitkFloat32)
    return SimpleITK.IntensityWindowing(floats, LOW, HIGH, 0.0, 1.0)


def _within_image(ours: NDArray[np.float32], theirs: Any) -> Agreement:
    return within(1e-6)(ours, SimpleITK.GetArrayViewFromImage(theirs))


def _clipped(given: NDArray[np.int16]) -> NDArray[np.float32]:
    return np.clip((given.astype(np.float32) - np.float32(LOW)) / np.float32(HIGH - LOW), 0, 1)


def _decibels(given: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.clip(10 * np.log10(np.maximum(given / np.float32(REFERENCE), np.float32(1e-12))), -60, 0)
