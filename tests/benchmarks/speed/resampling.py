"""A head on a grid of voxels 1.5 times as large, linear and cubic."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
import SimpleITK
import torch
import torchio
from monai.data import MetaTensor
from monai.transforms import Spacing
from numpy.typing import NDArray

from tests.benchmarks.speed.agreement import Agreement, alike, within
from tests.benchmarks.speed.arrays import head, scan_of
from tests.benchmarks.speed.brain import SIZES, in_words
from tests.benchmarks.speed.cases import Case, Peer, applied

FACTOR = 1.5
ASKED = 1.0
"""Voxel size in mm for which targets are set."""


def cases() -> Iterator[Case]:
    for mm in SIZES:
        given = head(mm).scan.data
        yield _case("linear", SimpleITK.sitkLinear, given, mm, 3.0, _linear_peers(given, mm))
        yield _case("bspline", SimpleITK.sitkBSpline, given, mm, 6.0)


def _case(
    interpolation: str, theirs: int, given: NDArray[np.float32], mm: float, target: float, more: tuple[Peer, ...] = ()
) -> Case:
    spacing = [FACTOR * mm] * 3
    ours = applied(
        f"- {{step: resample, spacing: {spacing}, interpolation: {interpolation}, antialias: false}}",
        scan_of(given, mm),
    )
    words = {"linear": "linear", "bspline": "cubic"}[interpolation]
    near = within(0.1) if interpolation == "linear" else alike(0.9999)
    itk = Peer("SimpleITK Resample", _resampled(given, mm, theirs), _of_image(near), target if mm == ASKED else None)
    return Case(f"resample {words}", in_words(mm), given, ours, (itk, *more))


def _resampled(given: NDArray[np.float32], mm: float, interpolator: int) -> Callable[[], Any]:
    """The grid with the same extent, as ours."""
    image = SimpleITK.GetImageFromArray(given)
    image.SetSpacing([mm] * 3)
    return partial(
        SimpleITK.Resample,
        image,
        [round(n / FACTOR) for n in image.GetSize()],
        interpolator=interpolator,
        outputOrigin=[mm * (FACTOR - 1) / 2] * 3,
        outputSpacing=[mm * FACTOR] * 3,
    )


def _linear_peers(given: NDArray[np.float32], mm: float) -> tuple[Peer, ...]:
    """Both work on tensors whose first axis is that of channels.

    MONAI keeps the centre of the first voxel in its place, where all others keep the extent: as many voxels, a quarter
    of a voxel aside.
    """
    channel = torch.from_numpy(given.copy())[np.newaxis]
    affine = np.diag([mm, mm, mm, 1.0])
    torch_io = partial(torchio.Resample(FACTOR * mm), torchio.ScalarImage(tensor=channel, affine=affine))
    spacing = Spacing([FACTOR * mm] * 3, mode="bilinear", dtype=np.float32)
    monai = partial(spacing, MetaTensor(channel, affine=affine))
    target = 10.0 if mm == ASKED else None
    return (
        Peer("TorchIO Resample", torch_io, _of_torchio, target),
        Peer("MONAI Spacing", monai, alike(0.95), target),
    )


def _of_image(near: Callable[[Any, Any], Agreement]) -> Callable[[Any, Any], Agreement]:
    return lambda ours, theirs: near(ours, SimpleITK.GetArrayViewFromImage(theirs))


def _of_torchio(ours: NDArray[np.float32], theirs: torchio.ScalarImage) -> Agreement:
    return within(0.1)(ours, theirs.data)
