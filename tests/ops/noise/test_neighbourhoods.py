"""What every step keeps that looks at neighbours: padding out, flat parts flat, planes apart, and the same bytes."""

import numpy as np
import pytest
import SimpleITK

from prep_core.run import StepError
from prep_core.steps import STEPS
from tests.ops.lines import done, scan_of

FILTERS = ("gaussian", "median", "bilateral", "tv", "nlm", "anisotropic", "hot_pixels", "unsharp")
EXTENTS = ("plane", "volume")
every_filter = pytest.mark.parametrize("step", FILTERS)
every_extent = pytest.mark.parametrize("extent", EXTENTS)
GRID = (2.0, 0.8, 0.8)


def few(step: str) -> dict[str, object]:
    """Parameters with which `step` is quick in a volume and has something to do."""
    return {"nlm": {"distance": 3, "h": 2.0}, "hot_pixels": {"threshold": 1.0}}.get(step, {})


def volume(seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(5, 14, 16)).astype(np.float32)


def with_padding(value: float) -> tuple[np.ndarray, np.ndarray]:
    """A ball of valid voxels, and `value` around it and in a hole."""
    z, y, x = np.ogrid[-2:3, -7:7, -8:8]
    valid = (z / 3) ** 2 + (y / 7) ** 2 + (x / 8) ** 2 < 1
    valid[2, 6:8, 6:9] = False
    return np.where(valid, volume(), np.float32(value)), valid


@every_filter
@every_extent
@pytest.mark.parametrize("value", [1e6, np.nan, -np.inf])
def test_padding_moves_no_valid_voxel_and_stays(step: str, extent: str, value: float) -> None:
    results = []
    for padding in (0.0, value):
        data, valid = with_padding(padding)
        result = done(step, scan_of(data, valid, GRID), extent=extent, **few(step)).scan.data
        assert np.array_equal(result[~valid], data[~valid], equal_nan=True)
        results.append(result[valid])
    assert np.isfinite(results[1]).all()
    assert np.array_equal(*results)


@every_filter
@every_extent
def test_a_flat_image_stays_flat_up_to_its_padding(step: str, extent: str) -> None:
    _, valid = with_padding(0.0)
    data = np.where(valid, np.float32(-1000), np.float32(3000))
    result = done(step, scan_of(data, valid, GRID), extent=extent, **few(step)).scan.data
    assert result[valid] == pytest.approx(-1000, abs=1e-3)


@every_filter
def test_planes_are_kept_apart_unless_the_volume_is_asked_for(step: str) -> None:
    data, other = volume(), volume()
    other[4] = 50 + 9 * volume(1)[4]
    kept = [done(step, scan_of(each, None, GRID), extent="plane", **few(step)).scan.data for each in (data, other)]
    assert np.array_equal(kept[0][:4], kept[1][:4])
    mixed = [done(step, scan_of(each, None, GRID), extent="volume", **few(step)).scan.data for each in (data, other)]
    assert not np.array_equal(mixed[0][3], mixed[1][3])


@every_filter
def test_a_scan_without_z_is_the_same_either_way(step: str) -> None:
    plane = volume()[0]
    results = [done(step, scan_of(plane, None, GRID[1:]), extent=each, **few(step)).scan.data for each in EXTENTS]
    assert np.array_equal(*results)


@every_filter
@every_extent
@pytest.mark.parametrize("shape", [(1, 1, 1), (1, 2, 1), (2, 1, 5), (1, 9, 9)])
def test_axes_shorter_than_the_window_have_an_answer(step: str, extent: str, shape: tuple[int, ...]) -> None:
    data = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    try:
        result = done(step, scan_of(data, None, GRID), extent=extent, **few(step)).scan.data
    except StepError as error:
        assert "has no noise to compare with" in str(error)
    else:
        assert np.isfinite(result).all()


@pytest.mark.parametrize("step", ["bilateral", "anisotropic"])
def test_the_number_of_threads_changes_no_byte(step: str) -> None:
    before = SimpleITK.ProcessObject.GetGlobalDefaultNumberOfThreads()
    results = set()
    try:
        for threads in (1, 2, 5):
            SimpleITK.ProcessObject.SetGlobalDefaultNumberOfThreads(threads)
            results.add(done(step, scan_of(volume(), None, GRID), extent="volume").scan.data.tobytes())
    finally:
        SimpleITK.ProcessObject.SetGlobalDefaultNumberOfThreads(before)
    assert len(results) == 1


@pytest.mark.parametrize("step", [name for name in FILTERS if "lengths_in" in STEPS[name].fields])
def test_a_length_in_mm_needs_a_voxel_size_and_one_in_px_does_not(step: str) -> None:
    with pytest.raises(StepError, match=rf"line 1: {step} has a length in mm, and the voxel size is unknown; .* px"):
        done(step, scan_of(volume()))
    in_px = done(step, scan_of(volume()), lengths_in="px").scan.data
    on_a_grid_of_mm = done(step, scan_of(volume(), None, (1.0, 1.0, 1.0))).scan.data
    assert np.array_equal(in_px, on_a_grid_of_mm)


@pytest.mark.parametrize(
    ("step", "params", "complaint"),
    [
        ("gaussian", {"sigma": 90.0}, "has a Gaussian of 112.5 voxels, and at most 100 can be done in reasonable time"),
        ("unsharp", {"radius": 90.0}, "has a Gaussian of 112.5 voxels"),
        (
            "bilateral",
            {"sigma_space": 4.0, "extent": "volume"},
            "has a sigma_space of 2 x 5 x 5 voxels, which takes in 8,019 neighbours, and at most 3,000",
        ),
    ],
)
def test_what_would_take_for_ever_is_refused(step: str, params: dict[str, object], complaint: str) -> None:
    with pytest.raises(StepError, match=f"line 1: {step} {complaint}"):
        done(step, scan_of(volume(), None, GRID), **params)
