"""The simulated head is what it says it is."""

import numpy as np
import pytest

from prep_core.samples.brain import FLUID, GREY, WHITE, brain_phantom, simulate_brain

PHANTOM = brain_phantom()
BRAIN = PHANTOM.white | PHANTOM.grey
AIR = PHANTOM.truth == 0


def test_tissues_have_one_value_each_and_do_not_overlap() -> None:
    assert set(np.unique(PHANTOM.truth[PHANTOM.white])) == {WHITE}
    assert set(np.unique(PHANTOM.truth[PHANTOM.grey])) == {GREY}
    assert not (PHANTOM.white & PHANTOM.grey).any()
    assert FLUID in PHANTOM.truth


def test_the_brain_is_as_large_as_a_brain() -> None:
    litres = BRAIN.sum() * 2.5**3 / 1e6
    assert 1.0 < litres < 1.6
    assert PHANTOM.scan.data.shape == (64, 80, 64)
    border = np.ones(AIR.shape, bool)
    border[1:-1, 1:-1, 1:-1] = False
    assert AIR[border].all()


def test_the_field_is_smooth_and_one_on_average() -> None:
    assert PHANTOM.field[BRAIN].mean(dtype=np.float64) == pytest.approx(1, rel=1e-6)
    low, high = np.percentile(PHANTOM.field[BRAIN], (2, 98))
    assert high / low == pytest.approx(1.40, abs=0.01)
    steps = [np.abs(np.diff(np.log(PHANTOM.field), axis=axis)).max() for axis in range(3)]
    assert max(steps) < 0.02


def test_the_noise_is_that_of_a_magnitude() -> None:
    air = PHANTOM.scan.data[AIR].astype(np.float64)
    # Rayleigh: mean sqrt(pi / 2) sigma, standard deviation sqrt(2 - pi / 2) sigma.
    assert air.mean() == pytest.approx(5 * np.sqrt(np.pi / 2), rel=0.01)
    assert air.std() == pytest.approx(5 * np.sqrt(2 - np.pi / 2), rel=0.01)
    left = (PHANTOM.scan.data - PHANTOM.truth * PHANTOM.field)[PHANTOM.white].astype(np.float64)
    assert left.std() == pytest.approx(5, rel=0.01)


def test_without_noise_it_is_truth_times_field() -> None:
    clean = brain_phantom(noise=0.0, shape=(20, 24, 20), spacing=8.0)
    np.testing.assert_allclose(clean.scan.data, clean.truth * clean.field, rtol=1e-5)
    flat = brain_phantom(strength=0.0, shape=(20, 24, 20), spacing=8.0)
    assert (flat.field == 1).all()


def test_a_seed_gives_the_same_bytes() -> None:
    assert simulate_brain().data.tobytes() == PHANTOM.scan.data.tobytes()
    assert brain_phantom(seed=1).scan.data.tobytes() != PHANTOM.scan.data.tobytes()


def test_the_scan_says_what_it_is() -> None:
    scan = simulate_brain()
    assert (scan.name, scan.axes, scan.modality, scan.unit) == ("mr_simulated", "ZYX", "MR", "a.u.")
    assert scan.spacing == (2.5, 2.5, 2.5)
    assert scan.spacing_known
    assert scan.all_valid
