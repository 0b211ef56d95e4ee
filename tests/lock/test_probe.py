"""The probe: voxels from integers, as the numbers in the lock describe them."""

import hashlib

import numpy as np
import pytest

from prep_core.line import Fitted, Line
from prep_core.lock.lock import MOST_VOXELS, Probe
from prep_core.lock.probe import probes, scan_of
from prep_core.shift.curve import PERCENTS
from prep_core.shift.portrait import Kind

PROBE = Probe("CZYX", (2, 3, 5, 7), (2.0, 1.0, 0.5), "HU", "CT", ("a", "b"), False, -1000.0, 400.0)
KIND = Kind("ab", "TCZYX", (9, 4, 30, 512, 512), (1.0, 1.0, 1.0), "HU", "CT", (), False)
CURVE = tuple(10 * percent for percent in PERCENTS)


def fitted(per: str) -> Line:
    step = "standardize_map" if per == "pixel" else "zscore"
    return Line(step, over="dataset", per=per, fitted=Fitted({"mean": 0.0, "std": 1.0}, 1, 1, ""))


def murmur(x: int) -> int:
    """The finish of MurmurHash3 in Python's own integers."""
    x ^= x >> 16
    x = x * 0x85EBCA6B & 0xFFFFFFFF
    x ^= x >> 13
    x = x * 0xC2B2AE35 & 0xFFFFFFFF
    return x ^ x >> 16


def test_a_voxel_is_worked_out_in_whole_numbers() -> None:
    data = scan_of(PROBE).data
    for place in (0, 57, 100, 209):
        _, z, y, x = (int(i) for i in np.unravel_index(place, PROBE.shape))
        fading = sum((2 * i - (n - 1)) ** 2 * 1023 // n**2 for i, n in ((z, 3), (y, 5), (x, 7)))
        level = (3 * max(1023 - fading, 0) + (murmur(place) >> 8 & 1023)) // 4
        assert data.reshape(-1)[place] == np.float32(-1000 + 1400 * (level / 1023))


def test_the_bytes_of_a_probe_never_change() -> None:
    scan = scan_of(PROBE)
    assert (scan.axes, scan.spacing, scan.unit, scan.modality) == ("CZYX", (2.0, 1.0, 0.5), "HU", "CT")
    assert hashlib.sha256(scan.data.tobytes()).hexdigest()[:16] == "f826c0533913d49e"
    assert -1000 <= scan.data.min() < scan.data.max() <= 400


def test_a_complex_probe_has_four_phases_and_the_same_magnitudes() -> None:
    real, turned = (scan_of(Probe("YX", (24, 24), (), "1", "OPT", (), kind, 0.0, 2.0)).data for kind in (False, True))
    assert turned.dtype == np.complex64
    assert np.array_equal(np.abs(turned), real)
    assert {complex(np.round(v)) for v in (turned / np.where(real > 0, real, 1)).reshape(-1)} >= {1, 1j, -1, -1j}


@pytest.mark.parametrize(
    ("per", "shape"),
    [
        ("all", (3, 4, 5, 24, 24)),
        ("channel", (3, 4, 5, 24, 24)),
        ("frame", (9, 4, 30, 24, 24)),
        ("plane", (9, 4, 30, 24, 24)),
    ],
)
def test_a_probe_has_as_many_parts_as_there_are_numbers(per: str, shape: tuple[int, ...]) -> None:
    first = next(probes(KIND, CURVE, PERCENTS, [fitted(per)]))
    assert (first.shape, first.low, first.high) == (shape, 10.0, 990.0)


def test_per_pixel_it_is_as_large_as_the_images_unless_that_is_too_much() -> None:
    small = Kind("", "ZYX", (3, 30, 40), (), "1", "MR", (), False)
    assert [probe.shape for probe in probes(small, CURVE, PERCENTS, [fitted("pixel")])] == [(3, 30, 40)]
    huge = Kind("", "ZYX", (300, 3000, 4000), (), "1", "MR", (), False)
    shapes = [probe.shape for probe in probes(huge, CURVE, PERCENTS, [fitted("pixel")])]
    assert shapes == [(5, 24, 24), (16, 64, 64), (40, 160, 160)]
    assert np.prod(huge.shape) > MOST_VOXELS


def test_of_constant_scans_a_probe_still_has_a_range() -> None:
    first = next(probes(KIND, (5.0,) * len(PERCENTS), PERCENTS, []))
    assert (first.low, first.high) == (5.0, 6.0)
