"""Metal: found, counted, limited."""

import numpy as np
import pytest

from prep_core.line import Line
from prep_core.ops.artifacts.metal import MetalRow, metal_report
from prep_core.recipe import Recipe
from prep_core.run import Done, trace
from prep_core.samples import load_sample
from prep_core.scan import Scan
from tests.ops.masks.chests import ct


def drawing() -> Scan:
    """Five voxels of metal in two regions, one of which is a corner away from a third, and one voxel of noise."""
    data = np.zeros((2, 10, 10), np.int16)
    data[0, 1, 1:4] = (2600, 3071, 3071)
    data[1, 2, 4] = 2700
    data[1, 8, 8] = 2900
    return Scan(data, "ZYX", unit="HU", modality="CT")


def done(scan: Scan, **params: object) -> Done:
    (result,) = trace(Recipe((Line("metal", params),)), scan)
    return result


def test_regions_are_counted_and_corners_connect() -> None:
    result = done(drawing(), min_voxels=1)
    excess = 100 + 571 + 571 + 200 + 400
    assert result.tally == {"regions": 2, "voxels": 5, "share": 5 / 200, "severity": excess / 200, "saturated": 2}
    assert np.array_equal(result.scan.data, drawing().data)


def test_small_regions_are_noise() -> None:
    result = done(drawing(), min_voxels=2)
    assert (result.tally["regions"], result.tally["voxels"]) == (1, 4)
    assert not result.scan.mask[1, 8, 8]


def test_clamped_metal_has_the_threshold_and_the_rest_stays() -> None:
    scan, result = drawing(), done(drawing(), min_voxels=2, clamp=True)
    assert (result.scan.data[result.scan.mask] == 2500).all()
    assert np.array_equal(result.scan.data[~result.scan.mask], scan.data[~result.scan.mask])
    assert result.tally["severity"] > 0, "the tally is of what was found"


def test_a_scan_without_metal_has_none() -> None:
    result = done(ct().scan)
    assert set(result.tally.values()) == {0}
    assert not result.scan.mask.any()


def test_padding_is_no_metal() -> None:
    data = drawing().data.astype(np.float32)
    data[0, 1, 1] = np.nan
    valid = np.isfinite(data)
    valid[1, 8, 8] = False
    result = done(Scan(data, "ZYX", valid=valid), min_voxels=1)
    assert (result.tally["voxels"], result.tally["share"]) == (3, 3 / 198)


def test_metal_beyond_the_scale_is_saturated() -> None:
    within, beyond = done(ct(metal=2800.0).scan, min_voxels=1), done(ct(metal=20000.0).scan, min_voxels=1)
    assert beyond.scan.data.max() == 3071
    assert beyond.tally["saturated"] > 0.8 * beyond.tally["voxels"]
    assert within.tally["saturated"] <= 2
    assert beyond.tally["severity"] > within.tally["severity"]


def test_times_do_not_connect() -> None:
    twice = Scan(np.stack([drawing().data[0]] * 2), "TYX")
    assert done(twice, min_voxels=1).tally["regions"] == 2
    assert [row.regions for row in metal_report(twice, (2500.0,))] == [2]


def test_the_report_has_a_row_for_each_threshold() -> None:
    rows = metal_report(drawing(), (2000.0, 2650.0, 4000.0))
    assert [row.threshold for row in rows] == [2000.0, 2650.0, 4000.0]
    assert [(row.regions, row.voxels) for row in rows] == [(2, 5), (2, 4), (0, 0)]
    assert rows[2] == MetalRow(4000.0, 0, 0, 0.0, 0.0)
    assert rows == metal_report(drawing().data, (2000.0, 2650.0, 4000.0))


def test_the_report_falls_with_the_threshold_on_a_real_scan() -> None:
    rows = metal_report(load_sample("ct_chest"), (1000.0, 2000.0, 3000.0))
    for figure in ("voxels", "share", "severity"):
        values = [getattr(row, figure) for row in rows]
        assert values == sorted(values, reverse=True)
    assert rows[0].voxels > 0


@pytest.mark.parametrize("odd", [np.full((3, 3), np.nan), np.ones((3, 3), np.complex64)])
def test_what_has_no_metal_to_count_is_refused(odd: np.ndarray) -> None:
    with pytest.raises(ValueError, match="metal is counted in real values, and needs a valid voxel"):
        metal_report(odd)
