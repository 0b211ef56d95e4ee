"""How far filters look: a band with that many rows around it gives the very bytes of the whole plane."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prep_core.carrying_out import carried_out
from prep_core.large.needs import need
from prep_core.line import Line
from prep_core.scan import Scan
from prep_core.steps import STEPS
from tests.strategies import field_values

FILTERS = [name for name, step in STEPS.items() if step.reach and step.prepare is None]
SIZES = {"sigma": (0.2, 3.0), "radius": (2.0, 4.0), "sigma_space": (0.2, 1.2)}


def strict(line: Line, scan: Scan, rows: slice, reach: int) -> tuple[bytes, bytes]:
    """Some rows of the result of the whole plane, and of a band with `reach` rows around it."""
    around = slice(max(rows.start - reach, 0), min(rows.stop + reach, scan.data.shape[-2]))
    band = replace(scan, data=scan.data[..., around, :], valid=scan.valid[..., around, :])
    own = slice(rows.start - around.start, rows.stop - around.start)
    whole, part = carried_out(line, {}, scan), carried_out(line, {}, band)
    return whole.data[..., rows, :].tobytes(), part.data[..., own, :].tobytes()


def padded(seed: int, axes: str, share: float) -> Scan:
    rng = np.random.default_rng(seed)
    shape = {"YX": (61, 17), "ZYX": (4, 61, 17)}[axes]
    valid = rng.random(shape) >= share
    data = np.where(rng.random(shape) > 0.995, np.nan, rng.normal(5, 2, shape)).astype(np.float32)
    return Scan(data, axes, spacing_known=True, valid=valid & np.isfinite(data))


@pytest.mark.parametrize("name", FILTERS)
@settings(max_examples=15)
@given(data=st.data())
def test_a_band_with_its_reach_is_the_plane(name: str, data: st.DataObject) -> None:
    step = STEPS[name]
    params: dict[str, Any] = {}
    for key, field in step.fields.items():
        ends = SIZES.get(key)
        params[key] = data.draw(st.floats(*ends) if ends else field_values(field))
    params["lengths_in"] = "px"
    if "size" in params:
        params["size"] = data.draw(st.sampled_from([1, 3, 5, 7]))
    params = {key: value for key, value in params.items() if key in step.fields}
    line = Line(name, params)
    scan = padded(
        data.draw(st.integers(0, 99)),
        data.draw(st.sampled_from(["YX", "ZYX"])),
        data.draw(st.sampled_from([0, 0.1, 0.9])),
    )
    start = data.draw(st.integers(0, 55))
    needed = need(line, scan)
    assert needed.rows is not None
    whole, part = strict(line, scan, slice(start, start + 5), needed.rows)
    assert whole == part


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("gaussian", {"sigma": 1.0}),
        ("gaussian", {"sigma": 2.3}),
        ("unsharp", {"radius": 1.5}),
        ("median", {"size": 5}),
        ("background_subtract", {"method": "gaussian", "radius": 2.0}),
        ("background_subtract", {"method": "tophat", "radius": 3.0}),
        ("background_subtract", {"method": "rolling_ball", "radius": 3.0, "height": 1e-6}),
    ],
)
def test_one_row_less_is_too_few(name: str, params: dict[str, Any]) -> None:
    words = {"lengths_in": "px"} if "lengths_in" in STEPS[name].fields else {}
    line = Line(name, {**params, **words})
    # Steep enough that the farthest row counts in the last bit.
    scan = Scan((10.0 ** np.random.default_rng(0).uniform(0, 9, (61, 17))).astype(np.float32), "YX", spacing_known=True)
    needed = need(line, scan).rows
    assert needed is not None
    pairs = [
        (strict(line, scan, slice(r, r + 5), needed), strict(line, scan, slice(r, r + 5), needed - 1))
        for r in range(10, 45, 2)
    ]
    assert all(whole == part for (whole, part), _ in pairs)
    assert any(whole != part for _, (whole, part) in pairs)


def test_a_reach_in_millimetres_follows_the_voxel_size() -> None:
    scan = Scan(np.zeros((9, 8), np.float32), "YX", np.diag([1.0, 0.5, 2.0, 1.0])[[0, 1, 2, 3]], spacing_known=True)
    scan = replace(scan, affine=np.array([[0, 0, 2.0, 0], [0, 0.5, 0, 0], [1.0, 0, 0, 0], [0, 0, 0, 1]]))
    assert scan.spacing == (0.5, 2.0)
    # 4 sigma of 3 mm are 24 rows of 0.5 mm.
    assert need(Line("gaussian", {"sigma": 3.0, "extent": "plane"}), scan).rows == 24
    with pytest.raises(ValueError, match="has a length in mm, and the voxel size is unknown"):
        need(Line("gaussian", {"sigma": 3.0}), replace(scan, spacing_known=False))
