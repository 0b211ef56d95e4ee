"""Bringing a volume to a scale by what is measured on it: percentile rescale, z-score, equalise."""

from collections.abc import Iterator
from functools import partial

import numpy as np
import torch
import torchio
from csbdeep.utils import normalize
from monai.transforms import HistogramNormalize, NormalizeIntensity, ScaleIntensityRangePercentiles
from skimage.exposure import equalize_hist

from tests.benchmarks.speed.agreement import alike, within
from tests.benchmarks.speed.arrays import SIDES, cube, mr, scan_of
from tests.benchmarks.speed.cases import Case, Peer, applied

ASKED = 256
"""Side of the cube for which targets are set."""


def percentile_rescale() -> Iterator[Case]:
    return map(_percentile_rescale, SIDES)


def zscore() -> Iterator[Case]:
    return map(_zscore, SIDES)


def equalise() -> Iterator[Case]:
    return map(_equalise, SIDES)


def _percentile_rescale(side: int) -> Case:
    given = mr(side)
    channel = torch.from_numpy(given)[np.newaxis]
    near, target = within(1e-5), _asked(side, 5.0)
    monai = ScaleIntensityRangePercentiles(lower=1, upper=99.8, b_min=0, b_max=1, clip=True)
    torch_io = torchio.RescaleIntensity(out_min_max=(0, 1), percentiles=(1, 99.8))
    peers = (
        Peer("MONAI ScaleIntensityRangePercentiles", partial(monai, channel), near, target),
        Peer("TorchIO RescaleIntensity", partial(torch_io, channel), near, target),
        Peer("CSBDeep normalize", partial(normalize, given, 1, 99.8, clip=True), near, target),
    )
    ours = applied("- {step: percentile_rescale, low: 1, high: 99.8}", scan_of(given))
    return Case("percentile rescale", cube(side), given, ours, peers)


def _zscore(side: int) -> Case:
    given = mr(side)
    channel = torch.from_numpy(given)[np.newaxis]
    near = within(1e-4)
    peers = (
        Peer("MONAI NormalizeIntensity", partial(NormalizeIntensity(), channel), near, _asked(side, 1.5)),
        Peer("TorchIO ZNormalization", partial(torchio.ZNormalization(), channel), near, _asked(side, 10.0)),
    )
    return Case("z-score", cube(side), given, applied("- step: zscore", scan_of(given)), peers)


def _equalise(side: int) -> Case:
    given = mr(side)
    monai = partial(HistogramNormalize(num_bins=256, min=0, max=1), torch.from_numpy(given)[np.newaxis])
    scikit_image = partial(equalize_hist, given, nbins=256)
    peers = (
        # MONAI's curve runs through the left ends of the bins, ours and scikit-image's through their centres.
        Peer("MONAI HistogramNormalize", monai, alike(0.999), _asked(side, 3.0)),
        Peer("scikit-image equalize_hist", scikit_image, within(1e-5), _asked(side, 3.0)),
    )
    return Case("equalise", cube(side), given, applied("- step: equalize", scan_of(given)), peers)


def _asked(side: int, target: float) -> float | None:
    return target if side == ASKED else None
