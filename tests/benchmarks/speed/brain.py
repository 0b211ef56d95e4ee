"""Bringing MR of the head to a scale by its tissues: Nyul and white stripe."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import numpy as np
import torch
import torchio
from intensity_normalization import Modality, NyulNormalizer, WhiteStripeNormalizer, create_image
from numpy.typing import NDArray

from prep_core import Recipe, apply, fit
from tests.benchmarks.speed.agreement import Agreement, alike, within
from tests.benchmarks.speed.arrays import head, scan_of
from tests.benchmarks.speed.cases import Case, Peer, applied

NYUL = Recipe.from_yaml("prep: 1\nname: speed\nsteps:\n- {step: nyul, over: dataset, inside: positive}\n")
NYUL_TARGET: Mapping[float, float] = {1.0: 5.0}
STRIPE_TARGET: Mapping[float, float] = {2.0: 20.0}
SIZES = (4.0, 2.0, 1.0)
"""Voxel sizes in mm."""


def nyul() -> Iterator[Case]:
    return map(_nyul, SIZES)


def white_stripe() -> Iterator[Case]:
    return map(_white_stripe, SIZES)


def in_words(mm: float) -> str:
    return f"head, {mm:g} mm"


def _nyul(mm: float) -> Case:
    given = head(mm).scan.data
    training = [given, given**1.1]
    theirs = NyulNormalizer()
    theirs.fit_population([create_image(values) for values in training])
    fitted = fit(NYUL, [scan_of(values, mm) for values in training])
    scan, near = scan_of(given, mm), _within_image(1e-2)
    call = partial(theirs.transform, create_image(given))
    peers = (
        Peer("intensity-normalization Nyul", call, near, NYUL_TARGET.get(mm)),
        # It lays its landmarks, quartiles among them, from 0 to 100.
        Peer("TorchIO HistogramStandardization", _standardized(given), alike(0.98)),
    )
    return Case("Nyul", in_words(mm), given, lambda: apply(fitted, scan).data, peers)


def _white_stripe(mm: float) -> Case:
    given = head(mm).scan.data
    image = create_image(given)
    peer = Peer(
        "intensity-normalization WhiteStripe",
        lambda: WhiteStripeNormalizer(modality=Modality.T1).fit_transform(image),
        _within_image(1e-3),
        STRIPE_TARGET.get(mm),
    )
    ours = applied("- {step: white_stripe, inside: positive}", scan_of(given, mm))
    return Case("white stripe", in_words(mm), given, ours, (peer,))


def _standardized(given: NDArray[np.float32]) -> Callable[[], Any]:
    transform = torchio.HistogramStandardization({"mr": _landmarks(given)}, masking_method=_positive)
    subject = torchio.Subject(mr=torchio.ScalarImage(tensor=torch.from_numpy(given.copy())[np.newaxis]))
    return lambda: transform(subject)["mr"].data


def _within_image(most: float) -> Callable[[NDArray[np.float32], Any], Agreement]:
    return lambda ours, theirs: within(most)(ours, theirs.get_data())


def _positive(tensor: torch.Tensor) -> torch.Tensor:
    return tensor > 0


def _landmarks(given: NDArray[np.float32]) -> NDArray[np.float64]:
    """As TorchIO takes them: thirteen percentiles, mapped to 0 and 100."""
    percents = (1, 10, 20, 25, 30, 40, 50, 60, 70, 75, 80, 90, 99)
    values = np.percentile(given[given > 0], percents)
    return (values - values[0]) / (values[-1] - values[0]) * 100
