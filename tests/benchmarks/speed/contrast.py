"""CLAHE of one plane, against scikit-image."""

from collections.abc import Iterator
from functools import partial

import numpy as np
from skimage.exposure import equalize_adapthist

from prep_core.ops.contrast.clahe import clahe
from tests.benchmarks.speed.agreement import alike
from tests.benchmarks.speed.arrays import radiograph, scan_of
from tests.benchmarks.speed.cases import Case, Peer, applied

LINES = "- {step: clahe, engine: fast, tile: 64, clip_limit: 0.01, input_range: fixed, in_low: 0, in_high: 1}"
UNIT = {"low": np.float32(0), "high": np.float32(1)}
SIDES = (512, 1024, 2048, 4096)


def cases() -> Iterator[Case]:
    for side in SIDES:
        given = radiograph(side)
        call = partial(equalize_adapthist, given, kernel_size=64, clip_limit=0.01)
        peer = Peer("scikit-image equalize_adapthist", call, alike(0.995), 10.0)
        alone = partial(clahe, given, UNIT, engine="fast")
        yield Case("CLAHE", f"{side}^2", given, applied(LINES, scan_of(given)), (peer,), alone)
