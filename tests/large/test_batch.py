"""Files larger than memory through `fit` and `apply`: the same files as those that are read whole."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from prep_core.batch import Row, TrainingFiles, apply_all
from prep_core.engine import Here
from prep_core.io import Guarded, LargeScan, Limits, ReadError, load, open_in_parts
from prep_core.large import thinned
from prep_core.line import Line
from prep_core.recipe import Recipe
from prep_core.run import StepError, fit
from prep_core.scan import Scan
from prep_core.steps import STEPS
from tests.large.large_scans import WIDTH, as_large, picture, recipe_of

LIMITS = Limits(whole_bytes=500, block_voxels=WIDTH * 15)
AXES = {"axes": "CYX"}
OVER_DATASET = [name for name, step in STEPS.items() if "dataset" in step.population.get("over", ())]


def in_parts(source: Path, **answers: Any) -> Sequence[Scan | LargeScan]:
    large = open_in_parts(source, LIMITS, **answers)
    assert large is not None
    return [large]


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def saved(folder: Path, count: int = 2) -> list[str]:
    """Arrays with NaN for padding."""
    folder.mkdir()
    for i in range(count):
        scan = picture("CYX", seed=i)
        np.save(folder / f"scan{i}.npy", np.where(scan.valid, scan.data, np.nan))
    return [str(folder / f"scan{i}.npy") for i in range(count)]


RECIPE = recipe_of(
    Line("median"),
    Line("decibel", over="dataset", per="channel", inside="positive"),
    Line("threshold_mask", {"low": -9.0, "high": 0.0}),
    Line("clip", {"low": -30.0, "high": 0.0}),
    Line("zscore", over="dataset", pool="scans", inside="mask"),
)


def test_fit_and_apply_leave_the_same_files(tmp_path: Path) -> None:
    paths = saved(tmp_path / "scans")
    rows = [Row(path, AXES) for path in paths]
    one, other = (fit(RECIPE, TrainingFiles(rows, read, Here())) for read in (load, in_parts))
    assert other.to_yaml() == one.to_yaml()
    for name, read in (("whole", load), ("parts", in_parts)):
        outcomes = list(apply_all(one, paths, tmp_path / name, "nii.gz", read=read, **AXES))
        assert [outcome.error for outcome in outcomes] == ["", ""]
    assert files(tmp_path / "parts") == files(tmp_path / "whole")
    kept = list(apply_all(one, paths, tmp_path / "whole", "nii.gz", resume=True, read=in_parts, **AXES))
    assert [outcome.kept for outcome in kept] == [True, True]


@pytest.mark.parametrize("name", OVER_DATASET)
def test_every_measured_line_is_fitted_alike(name: str) -> None:
    axes = "TYX" if "pixel" in STEPS[name].population["per"] else "CYX"
    scans = [picture(axes, seed=seed) for seed in (1, 2)]
    pool = "scans" if "pool" in STEPS[name].population else ""
    recipe = recipe_of(
        Line("zscore", per="plane"), Line("clip", {"low": -2.0, "high": 9.0}), Line("rescale", {"subtract": -3.0})
    )
    recipe = replace(recipe, lines=(*recipe.lines, Line(name, over="dataset", pool=pool)))
    if recipe.lines[-1].inside == "mask":
        recipe = replace(recipe, lines=(Line("threshold_mask"), *recipe.lines))
    large = [as_large(scan, 37 * WIDTH if axes == "TYX" else 15 * WIDTH) for scan in scans]
    training = TrainingFiles([Row("0"), Row("1")], lambda path, **_: [large[int(path.name)]], Here())
    assert fit(recipe, training).to_yaml() == fit(recipe, scans).to_yaml()


def test_a_large_file_is_read_in_a_process_of_its_own(tmp_path: Path) -> None:
    (path,) = saved(tmp_path / "scans", 1)
    (large,) = Guarded(LIMITS).load_or_open(path, **AXES)
    (whole,) = load(path, **AXES)
    assert isinstance(large, LargeScan)
    assert large.outline.source == whole.source
    assert large.outline.findings == whole.findings
    part = large.read((slice(1, 3), slice(4, 30), slice(0, WIDTH)))
    assert part.data.tobytes() == np.ascontiguousarray(whole.data[1:3, 4:30]).tobytes()
    assert np.array_equal(part.valid, whole.valid[1:3, 4:30])
    (again,) = Guarded(LIMITS).load_or_open(path, **AXES)
    assert again is large, "opened once for all passes"
    (small,) = Guarded(replace(LIMITS, whole_bytes=10**6)).load_or_open(path, **AXES)
    assert isinstance(small, Scan)
    Path(path).write_bytes(Path(path).read_bytes()[:-40])
    with pytest.raises(ReadError, match=r"scan0\.npy is truncated"):
        Guarded(LIMITS).load_or_open(path, **AXES)


@pytest.mark.parametrize(
    ("lines", "most", "words"),
    [
        (
            [Line("zscore"), Line("resample")],
            10**6,
            "line 2: resample changes the grid of voxels, and cannot be done on a scan that is read in parts; crop or "
            "resample the scan first, or read it as a whole with --limit whole_bytes=4096",
        ),
        (
            [Line("clip"), Line("clahe")],
            WIDTH * 36,
            "line 2: clahe must see 37 rows x 12 columns at once, 444 voxels, above the limit block_voxels = 432; "
            "crop or downscale the scan first, or raise it with --limit block_voxels=512",
        ),
        (
            [Line("gaussian", {"sigma": 2.0, "lengths_in": "px", "extent": "plane"}), Line("median")],
            WIDTH * 18,
            "line 2: median must see 12 columns with 9 rows on either side at once, 228 voxels, above the limit "
            "block_voxels = 216; crop or downscale the scan first, or raise it with --limit block_voxels=256",
        ),
        (
            [Line("anisotropic", {"extent": "volume"})],
            WIDTH * 37,
            "line 1: anisotropic must see 2 slices x 37 rows x 12 columns at once, 888 voxels, above the limit "
            "block_voxels = 444; crop or downscale the scan first, or raise it with --limit block_voxels=1024",
        ),
        (
            [Line("zscore", over="dataset")],
            10**6,
            "line 1: zscore is measured over a dataset; fit the recipe on the training scans first",
        ),
        (
            [Line("threshold_mask", {"low": 7.0, "high": 8.0}), Line("zscore", inside="mask", per="plane")],
            10**6,
            "line 2: zscore has no voxels to measure (measured over image, plane 1 of 2, inside mask, padding "
            "excluded)",
        ),
    ],
)
def test_what_cannot_be_done_in_parts_says_so(tmp_path: Path, lines: list[Line], most: int, words: str) -> None:
    large = as_large(picture("ZYX"), most)
    outcomes = list(apply_all(Recipe(tuple(lines)), ["scan"], tmp_path, "npy", read=lambda _, **__: [large]))
    assert [outcome.error for outcome in outcomes] == [words]


def test_a_thinned_copy_has_every_kth_row_and_column() -> None:
    scan = picture("TCYX")
    copy = thinned(as_large(scan, 5 * WIDTH, grain=(1, 1, 7, 5)), (), most=300)
    # 2664 voxels in squares of 3 x 3 are 2 x 3 x 13 x 4.
    assert np.array_equal(copy.data, scan.data[..., ::3, ::3], equal_nan=True)
    assert np.array_equal(copy.valid, scan.valid[..., ::3, ::3])
    frames = thinned(as_large(scan), [Line("standardize_map")], most=1400)
    assert np.array_equal(frames.data, scan.data[::2], equal_nan=True)


def test_scans_of_other_channels_are_refused() -> None:
    large = [as_large(picture("CYX")), as_large(picture("TCYX"))]
    training = TrainingFiles([Row("0"), Row("1")], lambda path, **_: [large[int(path.name)]], Here())
    with pytest.raises(StepError, match="line 1: zscore is measured per plane: some scans have 3 parts, others 6"):
        fit(recipe_of(Line("zscore", over="dataset", per="plane")), training)
