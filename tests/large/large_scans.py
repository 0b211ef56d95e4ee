"""Small scans that are treated as large ones, to compare the two ways of working on them."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from prep_core.batch import process
from prep_core.io import LargeScan
from prep_core.io.large.layout import Region
from prep_core.io.large.lazy import stand_in
from prep_core.io.large.survey import part_of
from prep_core.large import apply_in_parts
from prep_core.line import Line
from prep_core.recipe import Recipe
from prep_core.run import fit
from prep_core.scan import Scan

WIDTH = 12


def as_large(scan: Scan, voxels: int = 300, grain: tuple[int, ...] | None = None) -> LargeScan:
    """`scan` behind the face of a scan on the disk, with blocks of about so many voxels."""
    shape = scan.data.shape
    everywhere = np.broadcast_to(np.bool_(True), shape)
    outline = replace(scan, data=stand_in(shape, scan.data.dtype), valid=everywhere, mask=None)

    def read(region: Region) -> Scan:
        return replace(part_of(outline, region, scan.data[region], None), valid=scan.valid[region])

    return LargeScan(outline, grain or (1,) * len(shape), read, voxels)


def picture(axes: str = "CYX", seed: int = 0, dtype: str = "f4") -> Scan:
    """Values between 0 and 1 (integers: 0 to 4000) with padding here and there, and NaN where the type has it."""
    sizes = {"T": 2, "C": 3, "Z": 2, "Y": 37, "X": WIDTH}
    rng = np.random.default_rng(seed)
    shape = tuple(sizes[axis] for axis in axes)
    data = rng.gamma(2, 0.15, shape).clip(0.001, 1)
    data = (data * 4000 if np.dtype(dtype).kind in "iu" else data).astype(dtype)
    valid = rng.random(shape) > 0.02
    valid[..., 15:26, 3:7] = False
    if data.dtype.kind == "f":
        data[rng.random(shape) > 0.99] = np.nan
    return Scan(
        data,
        axes,
        spacing_known=True,
        valid=valid & np.isfinite(data),
        channels=("B03", "B04", "B08")[: 3 * ("C" in axes)],
    )


def fitted(recipe: Recipe, scan: Scan) -> Recipe:
    """`recipe` as it can be applied."""
    return fit(recipe, [scan, replace(scan, data=scan.data * 0.75)]) if recipe.waiting else recipe


def assert_same_bytes(recipe: Recipe, scan: Scan, folder: Path, voxels: int = 300, format: str = "npy") -> None:
    """Complain unless parts and the whole give the same file, the same mask, and the same numbers."""
    whole = process(recipe, scan, format)
    applied = apply_in_parts(recipe, as_large(scan, voxels), folder, format)
    lines = [
        {"numbers": dict(d.measured.numbers), "voxels": d.measured.voxels, "unit": d.scan.unit, "tally": dict(d.tally)}
        for d in applied.lines
    ]
    record = whole.record["lines"]
    told = [{**r["measured"], "unit": r["unit"], "tally": r["tally"]} for r in record]
    assert lines == [{k: v for k, v in t.items() if k != "arrays"} for t in told]
    assert applied.write(folder / "out", format) == whole.record["output"]["sha256"]
    assert (folder / "out").read_bytes() == whole.data
    assert (applied.mask is not None) == bool(whole.mask)
    if whole.mask:
        assert applied.write_mask(folder / "mask", format) == whole.record["output"]["mask"]["sha256"]


def recipe_of(*lines: Line) -> Recipe:
    return Recipe(lines)
