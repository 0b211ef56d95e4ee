"""The engine separable of N4, against SimpleITK and what is known."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import SimpleITK
from scipy.interpolate import BSpline

from prep_core.carrying_out import carried_out
from prep_core.io import load
from prep_core.line import Line
from prep_core.measure import inside_mask
from prep_core.ops.fields import n4_separable
from prep_core.ops.fields.n4_separable import _field, _shrunk, _start, fitted_lattice, separable_field
from prep_core.ops.fields.n4_settings import Settings
from prep_core.ops.image import Image
from prep_core.recipe import Recipe
from prep_core.run import StepError
from prep_core.scan import Scan
from tests.oracles.bias import after, ball, head
from tests.oracles.bias_separable import Volume, log_field, log_field_of_simpleitk

QUICK = {"iterations": 8, "levels": 3, "engine": "separable"}


def rms(values: Volume) -> float:
    return float(np.sqrt(np.mean(values.astype(np.float64) ** 2)))


def shrunk(image: Image, factors: tuple[int, ...]) -> Image:
    return _shrunk(image, factors, [_start(n, by) for n, by in zip(image.shape, factors, strict=True)])


@pytest.mark.parametrize("shape", [(12, 13, 14), (7, 16), (9, 8, 5)])
@pytest.mark.parametrize("factors", [(1, 2, 3), (2, 4, 1), (3, 5, 4)])
def test_shrinking_keeps_the_voxels_that_simpleitk_keeps(shape: tuple[int, ...], factors: tuple[int, ...]) -> None:
    image = np.arange(np.prod(shape), dtype=np.float32).reshape(shape)
    by = factors[-len(shape) :]
    kept = SimpleITK.GetArrayFromImage(SimpleITK.Shrink(SimpleITK.GetImageFromArray(image), by[::-1]))
    assert np.array_equal(shrunk(image, by), kept)


@pytest.mark.parametrize(
    "settings",
    [
        {"iterations": 20, "levels": 3},
        {"iterations": 10, "levels": 2, "order": 2, "bins": 100, "fwhm": 0.2, "wiener": 0.1, "control_points": 6},
    ],
)
def test_the_log_field_of_a_head_is_that_of_simpleitk(settings: dict[str, float]) -> None:
    small, inside = (shrunk(each, (3, 3, 3)) for each in (head().scan.data, inside_mask(head().scan, "foreground")))
    wanted = log_field_of_simpleitk(small, inside, **settings)
    assert rms(wanted) > 0.04
    assert rms(log_field(small, inside, **settings) - wanted) < 1e-4


def test_the_log_field_of_a_plane_is_that_of_simpleitk() -> None:
    small, inside = head().scan.data[32], inside_mask(head().scan, "foreground")[32]
    wanted = log_field_of_simpleitk(small, inside, iterations=20, levels=3)
    assert rms(wanted) > 0.04
    assert rms(log_field(small, inside, iterations=20, levels=3) - wanted) < 1e-4


@pytest.mark.shared_data
@pytest.mark.parametrize("settings", [{"iterations": 4, "levels": 3}, {"iterations": 6, "levels": 2, "order": 1}])
def test_the_log_field_of_a_real_head_is_that_of_simpleitk(shared_data: Path, settings: dict[str, int]) -> None:
    scan = load(shared_data / "mr" / "brain_t1gd_bias.nrrd")[0]
    small, inside = (shrunk(each, (1, 8, 8)) for each in (scan.data, inside_mask(scan, "foreground")))
    wanted = log_field_of_simpleitk(small.astype(np.float32), inside, **settings)
    assert rms(wanted) > 0.04
    assert rms(log_field(small.astype(np.float32), inside, **settings) - wanted) < 1e-4


def test_the_field_lies_where_the_voxels_are() -> None:
    """Found on a copy 2 times smaller, it is at every second voxel the field of that copy."""
    scan = ball((21, 30, 36), (1.0, 1.0, 1.0))
    small = Scan(shrunk(scan.data, (2, 2, 2)), "ZYX", mask=shrunk(scan.mask, (2, 2, 2)))
    found = scan.data / after("n4", scan, shrink=2, preserve_mean=False, **QUICK)
    alone = small.data / after("n4", small, shrink=1, preserve_mean=False, **QUICK)
    np.testing.assert_allclose(shrunk(found, (2, 2, 2)), alone, rtol=1e-6)


def test_the_field_at_every_voxel_is_the_spline_of_scipy() -> None:
    """Also where threads share the planes."""
    lattice = np.random.default_rng(0).normal(0, 0.2, (5, 4, 6))
    places = [np.linspace(0, 1 - 1e-12, n) for n in (130, 128, 150)]
    wanted = lattice
    for axis, place in enumerate(places):
        knots = np.arange(-3, lattice.shape[axis] + 1, dtype=np.float64)
        spline = BSpline(knots, np.moveaxis(wanted, axis, 0), 3)
        wanted = np.moveaxis(spline(place * (lattice.shape[axis] - 3)), 0, axis)
    np.testing.assert_allclose(_field(lattice, places, 3), np.exp(wanted), rtol=1e-6)


def test_a_slice_and_a_picture_are_the_same() -> None:
    picture = ball((40, 44), (1.0, 1.0))
    slice_ = replace(picture, data=picture.data[None], mask=picture.mask[None], valid=picture.valid[None], axes="ZYX")
    assert np.array_equal(after("n4", slice_, **QUICK)[0], after("n4", picture, **QUICK))


def test_an_image_that_lies_otherwise_gives_the_same_bytes() -> None:
    scan = ball()
    settings = Settings(4, 2, 0.001, 0.15, 0.01, 200, 4, 3)
    wanted, other = (
        separable_field(image, mask, (2, 3, 3), settings, lambda done, of: None)
        for image, mask in ((scan.data, scan.mask), (np.asfortranarray(scan.data), scan.mask[::-1].copy()[::-1]))
    )
    assert wanted.std() > 0.01
    assert other.tobytes() == wanted.tobytes()


@pytest.mark.parametrize("flat", [3.0, 0.0])
def test_it_refuses_what_simpleitk_refuses(flat: float) -> None:
    scan = replace(ball(), data=np.full(ball().data.shape, flat, np.float32))
    said = []
    for engine in ("simpleitk", "separable"):
        with pytest.raises(StepError) as refused:
            after("n4", scan, engine=engine)
        said.append(str(refused.value))
    assert said[0] == said[1]


@pytest.mark.parametrize("most", [np.nan, np.inf, 81.0])
def test_a_field_without_an_end_is_refused(monkeypatch: pytest.MonkeyPatch, most: float) -> None:
    """No image is known that has one, so the lattice is made up."""
    monkeypatch.setattr(n4_separable, "fitted_lattice", lambda *_: np.full((4, 4, 4), most))
    with pytest.raises(StepError, match="finds no finite field with these parameters; raise fwhm or wiener"):
        after("n4", ball(), **QUICK)


def test_voxels_that_are_alike_have_no_field() -> None:
    mask = np.ones((5, 6), bool)
    settings = Settings(3, 2, 0.001, 0.15, 0.01, 200, 4, 3)
    assert not fitted_lattice(np.full(30, 2.5), mask, settings, lambda done, of: None).any()


def test_each_iteration_is_told_and_what_that_raises_ends_it() -> None:
    rounds: list[tuple[int, int]] = []

    def stop(done: int, of: int) -> None:
        rounds.append((done, of))
        if done == 4:
            raise KeyboardInterrupt

    line = Line("n4", {"iterations": 3, "levels": 2, "shrink": 1, "convergence": 1e-6, "engine": "separable"})
    with pytest.raises(KeyboardInterrupt):
        carried_out(line, {}, ball(), told=stop)
    assert rounds == [(i, 6) for i in range(1, 5)]


def test_the_engine_is_written_only_where_it_is_not_that_of_old_recipes() -> None:
    old, said = Recipe((Line("n4"),)), Recipe((Line("n4", {"engine": "simpleitk"}),))
    assert (old.digest, old.to_yaml()) == (said.digest, said.to_yaml())
    assert "engine" not in old.to_yaml()
    separable = Recipe((Line("n4", {"engine": "separable"}),))
    assert separable.digest != old.digest
    assert Recipe.from_yaml(separable.to_yaml()) == separable
