import math

import numpy as np
import pytest

from prep_core.samples.oct import RETINA, Layer, simulate_oct

STILL = {"curvature": 0.0, "reflection": 0.0, "surface": 0.2}


def intensity(scan):
    return np.abs(scan.data.astype(np.complex128)) ** 2


def homogeneous(attenuation, backscatter=0.01):
    return (Layer("tissue", math.inf, backscatter, attenuation),)


@pytest.mark.parametrize("attenuation", [0.5, 2.0, 6.0])
def test_intensity_falls_with_depth_by_the_law_of_beer_and_lambert(attenuation):
    scan = simulate_oct(depth=256, width=2048, layers=homogeneous(attenuation), noise_floor=0, **STILL)
    depth = np.arange(256) * scan.spacing[0]
    below = depth > 0.25
    slope, level = np.polyfit(depth[below] - 0.2, np.log(intensity(scan).mean(axis=1)[below]), 1)
    assert slope == pytest.approx(-2 * attenuation, rel=0.05)
    assert math.exp(level) == pytest.approx(0.01, rel=0.05)


def test_speckle_is_fully_developed():
    scan = simulate_oct(layers=homogeneous(0), noise_floor=0, **STILL)
    tissue = intensity(scan)[80:]
    assert 0.9 < tissue.std() / tissue.mean() < 1.1
    # The intensity of such speckle is distributed exponentially.
    assert (tissue > tissue.mean()).mean() == pytest.approx(math.exp(-1), abs=0.01)


@pytest.mark.parametrize("axis", [0, 1])
def test_speckle_is_as_wide_as_the_resolution(axis):
    resolution = (0.011, 0.030)
    scan = simulate_oct(layers=homogeneous(0), noise_floor=0, resolution=resolution, **STILL)
    tissue = np.moveaxis(scan.data[80:], axis, 0)
    neighbours = np.mean(tissue[1:] * tissue[:-1].conj()).real / np.mean(np.abs(tissue) ** 2)
    # Fields that a Gaussian spread out by sigma are alike by exp(-d^2 / (4 sigma^2)) at a distance d.
    sigma = resolution[axis] / (2 * math.sqrt(math.log(2)))
    assert neighbours == pytest.approx(math.exp(-((scan.spacing[axis] / sigma) ** 2) / 4), abs=0.02)


@pytest.mark.parametrize("noise_floor", [1e-8, 1e-6, 1e-3])
def test_the_noise_floor_is_as_asked(noise_floor):
    empty = simulate_oct(layers=(), reflection=0, noise_floor=noise_floor)
    assert intensity(empty).mean() == pytest.approx(noise_floor, rel=0.02)
    deep = simulate_oct(layers=homogeneous(20), noise_floor=noise_floor, **STILL)
    assert intensity(deep)[-30:].mean() == pytest.approx(noise_floor, rel=0.03)


def test_the_surface_reflects_most_where_it_is_level():
    mirror = simulate_oct(depth=300, width=401, layers=(), surface=0.39, curvature=0.05, noise_floor=0, reflection=0.5)
    bright = intensity(mirror)
    assert np.unravel_index(bright.argmax(), bright.shape) == (100, 200)
    assert bright.max() == pytest.approx(0.5, rel=1e-5)
    bend = np.polyfit(np.arange(-3, 4) * 0.0039, np.log(bright[97:104, 200]), 2)[0]
    assert 2 * math.sqrt(math.log(2) / -bend) == pytest.approx(0.007, rel=1e-3)
    assert bright[:, 0].max() < 0.01


def test_layers_lie_below_each_other_and_the_pit_takes_tissue_away():
    layers = (Layer("clear", 0.2, 0.0, 0.0, pit=1.0), Layer("bright", math.inf, 1.0, 0.0))
    bright = intensity(simulate_oct(width=501, layers=layers, noise_floor=0, **STILL)) > 1e-3
    first = bright.argmax(axis=0) * 0.0039
    # The bright layer does not follow the pit of the clear one: the surface dips instead.
    np.testing.assert_allclose(first, 0.4, atol=0.02)


def test_the_default_scan_spans_more_than_five_decades():
    bright = intensity(simulate_oct())
    noise = bright[-20:].mean()
    assert math.log10(bright.max() / noise) > 5
    assert math.log10(bright.max() / np.percentile(bright, 0.1)) > 5
    assert math.log10(np.percentile(bright, 99.9) / noise) > 4.5


def test_a_seed_gives_the_same_bytes():
    small = {"depth": 64, "width": 48}
    assert simulate_oct(seed=7, **small).data.tobytes() == simulate_oct(seed=7, **small).data.tobytes()
    assert simulate_oct(seed=7, **small).data.tobytes() != simulate_oct(seed=8, **small).data.tobytes()


def test_the_scan_says_what_it_is():
    scan = simulate_oct(depth=100, width=60)
    assert scan.data.shape == (100, 60)
    assert scan.data.dtype == np.complex64
    assert (scan.axes, scan.modality, scan.unit) == ("YX", "OPT", "a.u.")
    assert scan.spacing == pytest.approx((0.0039, 0.0118))
    assert scan.spacing_known
    assert scan.all_valid


def test_the_retina_has_named_layers_down_to_the_last():
    assert len({layer.name for layer in RETINA}) == len(RETINA)
    assert math.isinf(RETINA[-1].thickness)
