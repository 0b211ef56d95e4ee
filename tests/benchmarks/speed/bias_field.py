"""N4 with the same shrinking and the same mask, against SimpleITK and ANTs."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import ants
import numpy as np
import SimpleITK
from numpy.typing import NDArray

from prep_core.measure import inside_mask
from prep_core.steps import STEPS
from tests.benchmarks.speed.agreement import Agreement, correlation
from tests.benchmarks.speed.arrays import head, scan_of
from tests.benchmarks.speed.brain import SIZES, in_words
from tests.benchmarks.speed.cases import Case, Peer, applied

SHRINK, ITERATIONS, LEVELS, CONVERGENCE = 4, 50, 4, 0.001
ASKED = 2.0
"""Voxel size in mm for which targets are set; the only one for ANTs, which takes minutes for the next."""

Mask = NDArray[np.bool_]


def cases() -> Iterator[Case]:
    faster = "engine" in STEPS["n4"].fields
    engine = ", engine: separable" if faster else ""
    for mm in SIZES:
        scan = scan_of(head(mm).scan.data, mm)
        mask = inside_mask(scan, "foreground") & (scan.data > 0)
        near, asked = _near(mask), mm == ASKED
        peers = [Peer("SimpleITK N4", _of_itk(scan.data, mask, mm), near, 10.0 if asked else None)]
        if asked:
            ants_n4 = _of_ants(scan.data, mask, mm)
            peers.append(Peer("ANTs N4, its own convergence 1e-7", partial(ants_n4, 1e-7), near, 50.0))
            peers.append(Peer("ANTs N4, the same convergence", partial(ants_n4, CONVERGENCE), near))
        lines = f"- {{step: n4, inside: foreground, shrink: {SHRINK}, convergence: {CONVERGENCE}{engine}}}"
        name = "N4, engine separable" if faster else "N4"
        yield Case(name, in_words(mm), scan.data, applied(lines, scan), tuple(peers))


def _near(mask: Mask) -> Callable[[NDArray[np.float32], NDArray[np.float32]], Agreement]:
    """By the divided image: a field is known but for a factor, so correlation inside the mask is what compares."""

    def compared(ours: NDArray[np.float32], theirs: NDArray[np.float32]) -> Agreement:
        r = correlation(ours[mask], theirs[mask])
        return Agreement(f"r = {r:.6f} inside the mask", r >= 0.99)

    return compared


def _of_itk(given: NDArray[np.float32], mask: Mask, mm: float) -> Callable[[], Any]:
    image, inside = (SimpleITK.GetImageFromArray(each) for each in (given, mask.astype(np.uint8)))
    for each in (image, inside):
        each.SetSpacing([mm] * 3)

    def corrected() -> NDArray[np.float32]:
        n4 = SimpleITK.N4BiasFieldCorrectionImageFilter()
        n4.SetMaximumNumberOfIterations([ITERATIONS] * LEVELS)
        n4.SetConvergenceThreshold(CONVERGENCE)
        n4.Execute(*(SimpleITK.Shrink(each, [SHRINK] * 3) for each in (image, inside)))
        # A view of an image that nobody holds is a view of nothing.
        log_field = n4.GetLogBiasFieldAsImage(image)
        return given / np.exp(SimpleITK.GetArrayViewFromImage(log_field))

    return corrected


def _of_ants(given: NDArray[np.float32], mask: Mask, mm: float) -> Callable[[float], Any]:
    image, inside = (ants.from_numpy(each, spacing=(mm,) * 3) for each in (given, mask.astype(np.float32)))

    def corrected(tolerance: float) -> NDArray[np.float32]:
        convergence = {"iters": [ITERATIONS] * LEVELS, "tol": tolerance}
        result: NDArray[np.float32] = ants.n4_bias_field_correction(
            image, mask=inside, shrink_factor=SHRINK, convergence=convergence
        ).numpy()
        return result

    return corrected
