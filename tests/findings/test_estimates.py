"""What rules estimate, against what was put in, and what they measure, against NumPy."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prep_core.findings import Seen, all_findings, thorough
from prep_core.findings.history import RAYLEIGH
from prep_core.findings.light import smooth_field
from prep_core.findings.seen import SAMPLE, SIDE, stride
from prep_core.scan import Finding, Scan
from tests.findings.cases import (
    CAMERA,
    DARK,
    body,
    bulk,
    cells,
    head,
    log_compressed,
    noise,
    plane,
    rng,
    speckle,
    volume,
)


def named(scan: Scan, name: str) -> Finding | None:
    return next((finding for finding in all_findings(scan) if finding.name == name), None)


@pytest.mark.parametrize("grain", [2, 20, 40])
@pytest.mark.parametrize("offset", [1024, 1000, -1024, -1000])
def test_the_offset_of_hu_is_found_and_taken_back(offset: int, grain: float) -> None:
    finding = named(plane(body(grain=grain) + offset, "CT", "HU"), "hu_offset")
    assert finding is not None
    assert (finding.level, finding.step, dict(finding.params)) == ("warning", "rescale", {"subtract": offset})
    assert f"subtract = {offset}" in finding.advice


@pytest.mark.parametrize("unit", ["HU", "a.u."])
def test_air_that_the_scanner_clips_does_not_hide_the_offset(unit: str) -> None:
    scan = plane((body() + 1024).clip(0), "CT", unit)
    found = {finding.name: finding for finding in thorough(scan)}
    assert found["hu_offset"].params == {"subtract": 1024}
    assert not found.keys() & {"windowed", "hu_implausible", "hu_unsaid"}


@pytest.mark.parametrize(("low", "high"), [(-1350, 150), (-160, 240), (-1000, 1000), (0, 80)])
def test_a_window_on_ct_is_seen(low: int, high: int) -> None:
    bright = body()
    bright[:20, :20] = 1500
    assert named(plane(bright.clip(low, high), "CT", "HU"), "windowed") is not None


def test_a_window_in_8_bits_is_told_once() -> None:
    grey = np.round((body(-160, 240) + 160) / 400 * 255).astype(np.uint16)
    found = {finding.name for finding in thorough(plane(grey, "CT", "HU"))}
    assert "windowed" in found
    assert not found & {"eight_bits", "hu_implausible", "hu_offset", "saturated_high"}


@pytest.mark.parametrize("bias", [1.0, 1.2, 1.6, 2.5])
def test_the_field_of_a_coil_comes_back(bias: float) -> None:
    image = head(bias)
    x = np.broadcast_to(np.linspace(-1, 1, 64), image.shape)[image > 150]
    truth = math.exp(math.log(bias) / 2 * float(np.subtract(*np.percentile(x, (98, 2)))))
    field = smooth_field(image, image > 150)
    assert field is not None
    assert field[0] == pytest.approx(truth, rel=0.05)


@pytest.mark.parametrize("fall", [0.0, 0.2, 0.4])
def test_the_field_of_a_lamp_comes_back(fall: float) -> None:
    image = cells(fall)[:240, :240].reshape(48, 5, 48, 5).mean(axis=(1, 3))
    y, x = np.mgrid[-1:1:256j, -1:1:256j][:, :240, :240]
    low, high = np.percentile(1 - fall * (x**2 + y**2) / 2, (2, 98))
    field = smooth_field(image, image > 0)
    assert field is not None
    assert field[0] == pytest.approx(high / low, rel=0.05)


def test_a_field_needs_more_than_a_few_points() -> None:
    assert smooth_field(np.ones((4, 4)), np.eye(4, dtype=bool)) is None


def test_speckle_of_an_amplitude_is_that_of_rayleigh() -> None:
    blocks = Seen(plane(speckle(), "US")).blocks
    assert np.mean(blocks.std(axis=(1, 2)) / blocks.mean(axis=(1, 2))) == pytest.approx(RAYLEIGH, rel=0.03)


@pytest.mark.parametrize("decibels", [50, 60, 80])
def test_speckle_on_a_logarithm_is_told_whatever_its_range(decibels: float) -> None:
    assert named(plane(log_compressed(speckle(), decibels), "US"), "log_compressed") is not None


@pytest.mark.parametrize(("first", "told"), [(10**12, True), (10**6, False)])
def test_large_integers_with_a_small_range_are_lost_in_float32(first: int, told: bool) -> None:
    assert (named(plane(np.array([[first, first + 100]])), "beneath_float32") is not None) == told


def test_a_header_can_say_that_values_are_logarithms() -> None:
    scan = plane(CAMERA, "DX")
    object.__setattr__(scan.source, "facts", {"pixel_relationship": "LOG"})
    finding = named(scan, "log_compressed")
    assert finding is not None
    assert "0028,1040" in finding.evidence


@pytest.mark.parametrize("spread", [3.0, 40.0])
def test_the_noise_is_that_of_the_darkest_part(spread: float) -> None:
    data = np.concatenate([noise(100, spread, (64, 128)), noise(5000, 20 * spread, (448, 128))])
    assert Seen(plane(data)).noise == pytest.approx(spread, rel=0.15)


@pytest.mark.parametrize("gain", [1e-12, 1.0, 1e12])
def test_decades_do_not_depend_on_the_gain(gain: float) -> None:
    finding = named(plane(DARK * gain, "OPT"), "wide_range")
    assert finding is not None
    assert finding.evidence.split()[0] == f"{math.log10(DARK.max() / Seen(plane(DARK)).noise):.1f}"
    assert (finding.step, dict(finding.params)) == ("decibel", {"quantity": "power"})
    assert dict(getattr(named(plane(DARK * gain, "US"), "wide_range"), "params", {})) == {"quantity": "amplitude"}


@pytest.mark.parametrize(
    ("data", "modality", "unit", "fires"),
    [
        (bulk(-32768, 0.1, CAMERA), "OT", "a.u.", True),
        (bulk(-2000, 0.1, body()), "CT", "HU", True),
        (bulk(-2000, 0.1, body()), "CT", "a.u.", True),
        (bulk(-2000, 0.1, body()), "MR", "a.u.", False),
        (bulk(0, 0.1, CAMERA + 1000), "MSI", "a.u.", True),
        (bulk(0, 0.1, CAMERA + 1000), "MR", "a.u.", False),
        (bulk(65535, 0.1, CAMERA), "OT", "a.u.", True),
        (bulk(np.finfo(np.float32).min, 0.1, CAMERA.astype(np.float32)), "OT", "a.u.", True),
        (bulk(-9999, 0.0005, CAMERA), "OT", "a.u.", False),
    ],
)
def test_codes_for_no_data(data: np.ndarray, modality: str, unit: str, fires: bool) -> None:
    assert (named(plane(data, modality, unit), "nodata") is not None) == fires


@pytest.mark.parametrize("every", [2, 3, 16, 257])
def test_the_steps_of_a_comb_are_counted(every: int) -> None:
    data = np.round(noise(120, 20, (300, 300))).astype(np.uint16) * every
    finding = named(plane(data), "gaps")
    assert finding is not None
    assert f"one in {every} is used" in finding.evidence


def test_a_slight_stretch_leaves_a_comb_too() -> None:
    data = np.round(np.round(noise(120, 30, (400, 400))) * 1.2).clip(0, 255).astype(np.uint8)
    finding = named(plane(data), "gaps")
    assert finding is not None
    assert "one in 1.2 is used" in finding.evidence


@given(
    dtype=st.sampled_from(["int8", "uint8", "int16", "uint16", "int32", "float32"]),
    seed=st.integers(0, 99),
)
def test_levels_are_those_of_numpy(dtype: str, seed: int) -> None:
    data = np.random.default_rng(seed).normal(0, 40, (20, 30)).astype(np.int8).astype(dtype)
    levels, counts = Seen(plane(data)).levels
    expected = np.unique(data, return_counts=True)
    assert levels.tolist() == expected[0].tolist()
    assert counts.tolist() == expected[1].tolist()


@given(size=st.integers(1, 2**31), shape=st.lists(st.integers(1, 600), min_size=2, max_size=4).map(tuple))
def test_a_stride_is_small_and_keeps_to_no_axis(size: int, shape: tuple[int, ...]) -> None:
    step = stride(size, shape)
    assert size / step <= SAMPLE
    assert step == 1 or all(math.gcd(step, n) == 1 for n in shape)


@pytest.mark.parametrize("shape", [(8, 8), (100, 97), (5000, 1200), (40, 512, 512)])
def test_blocks_are_squares_of_the_picture_and_not_too_many(shape: tuple[int, ...]) -> None:
    data = np.arange(np.prod(shape)).reshape(shape)
    blocks = Seen(Scan(data, "ZYX"[-len(shape) :])).blocks
    assert 0 < blocks.size <= SAMPLE
    corner = blocks[:, :1, :1]
    square = np.arange(SIDE)[:, None] * shape[-1] + np.arange(SIDE)
    np.testing.assert_array_equal(blocks, corner + square)
    assert len(np.unique(corner)) == len(blocks)


def test_a_sample_is_said_to_be_one() -> None:
    data = np.where(rng().random((40, 256, 256)) < 0.7, 0, rng().normal(500, 80, (40, 256, 256))).astype(np.float32)
    finding = named(volume(data), "background")
    assert finding is not None
    assert "evenly spread voxels" in finding.evidence
    assert float(finding.evidence.split()[0]) == pytest.approx(70, abs=0.5)


@pytest.mark.parametrize(("spacing", "step"), [((5.0, 1.0, 1.0), "resample"), ((9.0, 0.5, 0.5), "")])
def test_resampling_is_suggested_where_it_is_affordable(spacing: tuple[float, ...], step: str) -> None:
    finding = named(volume(body()[None, :8], spacing), "anisotropic")
    assert finding is not None
    assert finding.step == step
    assert dict(finding.params) == ({"spacing": (1.0, 1.0, 1.0)} if step else {})
