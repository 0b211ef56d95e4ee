"""A scan in parts gives the same bytes and numbers as the whole scan, for every step that can be done so."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from prep_core.large import level
from prep_core.line import Line
from prep_core.steps import STEPS
from tests.large.large_scans import WIDTH, assert_same_bytes, fitted, picture, recipe_of
from tests.suited import small_chest

IN_BANDS = [name for name in STEPS if level(Line(name)) == "band"]
IN_PLANES = [
    name for name in STEPS if level(Line(name)) == "planes" and name not in ("lung_mask", "metal", "body_mask")
]
MASK = Line("threshold_mask", {"low": 0.2})
PX = {"lengths_in": "px"}


def lines_of(name: str) -> list[Line]:
    line = Line(name)
    return [MASK, line] if line.inside == "mask" else [line]


@pytest.mark.parametrize("name", IN_BANDS)
@pytest.mark.parametrize("axes", ["YX", "TCZYX"])
def test_bands(tmp_path: Path, name: str, axes: str) -> None:
    if STEPS[name].domain == "channels":
        axes = "CYX"
    scan = picture(axes)
    near = {"gaussian": 0.7, "unsharp": 0.7, "bilateral": 0.4, "background_subtract": 2.0}
    words = {"gaussian": "sigma", "unsharp": "radius", "bilateral": "sigma_space", "background_subtract": "radius"}
    lines = [Line(name, {**PX, words[name]: near[name]})] if name in near else lines_of(name)
    recipe = fitted(recipe_of(*lines), scan)
    assert_same_bytes(recipe, scan, tmp_path, voxels=WIDTH * 17 * (2 if name in near and "Z" in axes else 1))


@pytest.mark.parametrize("name", IN_PLANES)
def test_planes(tmp_path: Path, name: str) -> None:
    scan = picture("TYX")
    scan = scan if Line(name).per == "pixel" else replace(scan, data=scan.data.clip(0.01, 1))
    assert_same_bytes(fitted(recipe_of(*lines_of(name)), scan), scan, tmp_path, voxels=37 * WIDTH)


@pytest.mark.parametrize("name", ["body_mask", "lung_mask", "metal"])
def test_volumes_over_time(tmp_path: Path, name: str) -> None:
    chest = small_chest()
    data = np.stack([chest.data, chest.data[:, ::-1] + 3])
    scan = replace(chest, data=data, axes="TZYX", valid=np.ones(data.shape, bool))
    assert_same_bytes(recipe_of(Line(name)), scan, tmp_path, voxels=chest.data.size)


@pytest.mark.parametrize("per", ["all", "channel", "frame", "plane"])
@pytest.mark.parametrize("inside", ["all", "positive", "foreground", "mask"])
@pytest.mark.parametrize("over", ["image", "dataset"])
def test_populations(tmp_path: Path, per: str, inside: str, over: str) -> None:
    scan = picture("TCZYX", seed=3)
    recipe = fitted(recipe_of(MASK, Line("zscore", over=over, per=per, inside=inside)), scan)
    assert_same_bytes(recipe, scan, tmp_path, voxels=13 * WIDTH)


@pytest.mark.parametrize("dtype", ["u1", "u2", "i4", "f8"])
def test_stored_types(tmp_path: Path, dtype: str) -> None:
    scan = picture("ZYX", dtype=dtype)
    lines = (Line("robust_zscore", per="plane"), Line("foreground_mask"), Line("round_to", {"low": -3.0, "high": 9.0}))
    assert_same_bytes(recipe_of(*lines), scan, tmp_path, voxels=5 * WIDTH)
    assert_same_bytes(recipe_of(Line("round_to", {"high": 100.0}), MASK), scan, tmp_path, voxels=5 * WIDTH)
    assert_same_bytes(recipe_of(MASK), scan, tmp_path, voxels=5 * WIDTH)


def test_complex_values(tmp_path: Path) -> None:
    scan = picture("TYX")
    scan = replace(scan, data=(scan.data * np.exp(3j * scan.data)).astype("c8"))
    recipe = recipe_of(Line("magnitude"), Line("decibel", inside="positive"), Line("clip", {"low": -50.0, "high": 0.0}))
    assert_same_bytes(recipe, scan, tmp_path, voxels=7 * WIDTH)


@pytest.mark.parametrize("format", ["npy", "tif", "nii.gz", "nrrd"])
@pytest.mark.parametrize("axes", ["YX", "CYX", "TCZYX"])
def test_formats(tmp_path: Path, format: str, axes: str) -> None:
    scan = replace(picture(axes), unit="dB", modality="US")
    recipe = recipe_of(Line("minmax", per="plane"), Line("median"), MASK)
    assert_same_bytes(recipe, scan, tmp_path, voxels=9 * WIDTH, format=format)


def test_several_measured_lines_with_filters_and_channels(tmp_path: Path) -> None:
    scan = picture("TCYX", dtype="u2")
    recipe = recipe_of(
        Line("background_scale", {"smooth_sigma": 1.0, "statistic": "median"}, per="channel"),
        Line("median", {"size": 5}),
        Line("select_channels", {"names": "B08, B03"}),
        Line("foreground_mask", per="channel"),
        Line("gaussian", {"sigma": 0.8, **PX}),
        Line("percentile_rescale", inside="mask", per="frame"),
        Line("band_index", {"index": "custom", "a": "B08", "b": "B03"}),
        Line("bilateral", {"sigma_space": 0.6, **PX}),
        Line("zscore", inside="foreground"),
        Line("apply_mask", {"fill": -9.0}),
    )
    assert_same_bytes(recipe, scan, tmp_path, voxels=3 * 35 * WIDTH)


def test_padding_far_away_does_not_change_the_sign_of_a_zero(tmp_path: Path) -> None:
    data = np.full((40, 5), 0.25, np.float32)
    data[:20] = -0.0
    valid = np.ones(data.shape, bool)
    valid[39] = False
    scan = replace(picture("YX"), data=data, valid=valid)
    assert_same_bytes(recipe_of(Line("gamma", {"gamma": 2.0})), scan, tmp_path, voxels=25)
