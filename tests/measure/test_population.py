import numpy as np
import pytest
from skimage.filters import threshold_otsu

from prep_core.measure import groups, inside_mask, split_sizes
from prep_core.scan import Scan
from tests.strategies import unit_scan


def parts(scan: Scan, per: str, inside: str = "all") -> list[np.ndarray]:
    return list(groups(scan, per, inside))


@pytest.mark.parametrize(("per", "sizes"), [("all", 1), ("channel", 3), ("frame", 2), ("plane", 18)])
def test_parts_hold_each_valid_voxel_once(per: str, sizes: int) -> None:
    scan = unit_scan("TCZYX")
    found = parts(scan, per)
    assert len(found) == sizes == np.prod(split_sizes(scan, per))
    assert np.array_equal(np.sort(np.concatenate(found)), np.sort(scan.data[scan.valid]))


def test_parts_come_in_the_order_of_the_numbers() -> None:
    data = np.arange(6, dtype=np.int16).reshape(3, 1, 2)
    assert [p.tolist() for p in parts(Scan(data, "CYX"), "channel")] == [[0, 1], [2, 3], [4, 5]]


def test_inside_positive_foreground_and_mask_leave_padding_out() -> None:
    scan = unit_scan()
    for inside, wanted in {
        "positive": scan.data > 0,
        "foreground": scan.data > threshold_otsu(scan.data[scan.valid]),
        "mask": scan.mask,
    }.items():
        assert np.array_equal(inside_mask(scan, inside), wanted & scan.valid)


def test_a_mask_that_nobody_made_is_asked_for() -> None:
    with pytest.raises(ValueError, match="no line above it makes one; put a mask step above"):
        inside_mask(Scan(np.zeros((2, 2)), "YX"), "mask")
