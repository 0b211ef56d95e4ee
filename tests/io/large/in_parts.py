"""A file read in parts and put together again, to compare with the same file read as a whole."""

from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from prep_core.io import Limits, load
from prep_core.io.answers import Answers
from prep_core.io.large.layout import layout
from prep_core.io.large.opening import block, outline
from prep_core.scan import Scan

LIMITS = Limits(whole_bytes=1)


def parted(path: Path, voxels: int = 40, **answers: Any) -> Scan:
    """The scan in a file, put together of blocks of about so many voxels."""
    found = outline(path, Answers(**answers), LIMITS)
    assert found is not None, "read as a whole"
    whole = found.scan
    assert not any(whole.data.strides), "the outline takes no memory"
    data, valid = np.empty(whole.data.shape, whole.data.dtype), np.empty(whole.data.shape, bool)
    for region in layout(whole.data.shape, found.grain, usual=voxels).inner():
        part = block(path, Answers(**answers), LIMITS, whole, region)
        data[region], valid[region] = part.data, part.valid
    return replace(whole, data=data, valid=valid)


def assert_as_whole(path: Path, voxels: int = 40, **answers: Any) -> None:
    """Complain unless both ways of reading give the same scan, with the same words about it."""
    (whole,) = load(path, **answers)
    assert_same(parted(path, voxels, **answers), whole)


def assert_same(one: Scan, other: Scan) -> None:
    assert one.data.dtype == other.data.dtype
    assert one.data.tobytes() == np.ascontiguousarray(other.data).tobytes()
    assert np.array_equal(one.valid, other.valid)
    plain = [{k: v for k, v in vars(scan).items() if k not in ("data", "valid", "affine")} for scan in (one, other)]
    first, second = ({**p, "source": asdict(p["source"])} for p in plain)
    assert {k: v for k, v in first.items() if k != "all_valid"} == {k: v for k, v in second.items() if k != "all_valid"}
    assert one.affine.tobytes() == other.affine.tobytes()
