"""Filters that take noise away and leave edges, and what their strength is measured in."""

import numpy as np
import pytest

from prep_core.line import Line, RecipeError
from prep_core.steps import STEPS
from tests.ops.lines import done, scan_of

STRENGTHS = {"bilateral": {"sigma_value": 60.0}, "tv": {"weight": 40.0}, "nlm": {"h": 15.0}, "anisotropic": {}}
every_filter = pytest.mark.parametrize("step", STRENGTHS)


def edge(noise: float = 20.0) -> np.ndarray:
    """-1000 on the left and 0 on the right, under noise."""
    data = np.random.default_rng(0).normal(0, noise, (60, 60)).astype(np.float32)
    data[:, :30] -= 1000
    return data


def filtered(step: str, data: np.ndarray, **params: object) -> np.ndarray:
    return done(step, scan_of(data, None, (1.0, 1.0)), **STRENGTHS[step] | params).scan.data


@every_filter
def test_noise_falls_and_the_edge_stays(step: str) -> None:
    result = filtered(step, edge())
    for flat, level in ((result[:, 5:25], -1000), (result[:, 35:55], 0)):
        assert flat.std() < 0.7 * 20
        assert flat.mean() == pytest.approx(level, abs=5)
    height = result[:, 30].mean() - result[:, 29].mean()
    blurred = done("gaussian", scan_of(edge()), sigma=1.0, lengths_in="px").scan.data
    assert height > 900 > blurred[:, 30].mean() - blurred[:, 29].mean()


@every_filter
def test_hu_and_thousandths_give_the_same_picture(step: str) -> None:
    """What is in image units scales with the image, and nothing depends on where zero is."""
    scaled = {name: value / 1000 for name, value in STRENGTHS[step].items()}
    small = filtered(step, (edge() / 1000 + 7).astype(np.float32), **scaled)
    assert (small - 7) * 1000 == pytest.approx(filtered(step, edge()), abs=0.5)


@every_filter
def test_a_parameter_in_image_units_says_so(step: str) -> None:
    units = {name: STEPS[step].fields[name].p.unit for name in STRENGTHS[step]}
    assert set(units.values()) <= {"image units"}


def test_diffusion_depends_on_the_shape_of_a_voxel_and_not_on_its_size() -> None:
    data = np.random.default_rng(0).normal(size=(6, 12, 12)).astype(np.float32)
    sides = ((3.0, 1.0, 1.0), (3e-4, 1e-4, 1e-4), (3e3, 1e3, 1e3))
    thick, micro, metres = (done("anisotropic", scan_of(data, None, each), extent="volume") for each in sides)
    assert np.allclose(thick.scan.data, micro.scan.data, atol=1e-6)
    assert np.allclose(thick.scan.data, metres.scan.data, atol=1e-6)
    cubes, unknown = (done("anisotropic", scan_of(data, None, each), extent="volume") for each in ((2.0,) * 3, None))
    assert np.array_equal(cubes.scan.data, unknown.scan.data)
    assert not np.allclose(cubes.scan.data, thick.scan.data, atol=1e-2)


def test_diffusion_stays_stable_to_the_last_iteration() -> None:
    result = filtered("anisotropic", edge(), iterations=50, conductance=100.0)
    assert result.min() >= edge().min()
    assert result.max() <= edge().max()


def test_a_smaller_convergence_comes_nearer_to_the_least_variation() -> None:
    def energy(result: np.ndarray) -> float:
        steps = np.hypot(np.diff(result, axis=0, append=result[-1:]), np.diff(result, axis=1, append=result[:, -1:]))
        return float(steps.sum() + np.square(result - edge()).sum() / (2 * 40.0))

    energies = [energy(filtered("tv", edge(), convergence=each, iterations=300)) for each in (1e-2, 1e-4, 0.0)]
    assert energies[0] > energies[1] > energies[2]


def test_a_bilateral_filter_with_a_wide_value_range_is_a_gaussian() -> None:
    data = edge()
    wide = filtered("bilateral", data, sigma_value=1e7, sigma_space=1.2)
    blurred = done("gaussian", scan_of(data, None, (1.0, 1.0)), sigma=1.2).scan.data
    # The one ends at 2.5 sigma in a square and the other at 4.
    assert wide[5:-5, 5:-5] == pytest.approx(blurred[5:-5, 5:-5], abs=8)


def test_faint_texture_is_compared_exactly_beside_a_bright_object() -> None:
    data = np.random.default_rng(0).normal(0, 0.01, (60, 60)).astype(np.float32)
    bright = data.copy()
    bright[:20, :20] += 3000
    results = [filtered("nlm", each, h=0.01, patch=5, distance=4)[40:, 40:] for each in (data, bright)]
    assert results[0] == pytest.approx(results[1], abs=1e-5)


@pytest.mark.parametrize(
    ("params", "complaint"),
    [
        ({"patch": 6}, "patch must be odd, got 6; take 5 or 7"),
        ({"extent": "volume"}, "distance must be at most 5 with extent volume, got 11; take less"),
    ],
)
def test_patches_without_a_middle_and_far_searches_in_a_volume_are_refused(
    params: dict[str, object], complaint: str
) -> None:
    with pytest.raises(RecipeError, match=f"nlm {complaint}"):
        Line("nlm", params)
