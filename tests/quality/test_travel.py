"""How far a disturbance travels, by hand."""

import numpy as np
import pytest

from prep_core.quality.travel import travelled
from prep_core.scan import Scan, voxel_affine

VALUES = np.arange(100, dtype=np.float32).reshape(10, 10)


def plane(data: np.ndarray, valid: np.ndarray | None = None, unit: str = "HU") -> Scan:
    return Scan(data, "YX", voxel_affine(), unit=unit, valid=np.array(True) if valid is None else valid)


def test_a_gain_is_followed_down_the_lines() -> None:
    stored = [plane(VALUES), plane(VALUES - VALUES.mean())]
    drifted = [plane(2 * VALUES), plane(2 * VALUES - 2 * VALUES.mean())]
    first, last = travelled(stored, drifted)
    assert first is not None
    assert last is not None
    wide = VALUES.astype(np.float64)
    assert first.moved == pytest.approx(np.sqrt(np.mean(wide**2)) / wide.std())
    assert (last.moved, last.kept) == (pytest.approx(1), pytest.approx(2))
    assert (first.undisturbed.mean, first.disturbed.mean, first.undisturbed.unit) == (49.5, 99, "HU")
    assert first.disturbed.span == pytest.approx(2 * 0.98 * 99)


def test_hot_pixels_and_padding_are_left_out() -> None:
    hot = VALUES.copy()
    hot[0, 0] = 1e6
    others = np.ones(VALUES.shape, bool)
    others[0, 0] = False
    (found,) = travelled([plane(VALUES)], [plane(hot)], others)
    assert found is not None
    assert (found.moved, found.kept) == (0, 1)
    (padded,) = travelled([plane(VALUES, others)], [plane(hot)])
    assert padded is not None
    assert padded.moved == 0


def test_what_cannot_be_compared_has_no_numbers() -> None:
    flat = plane(np.full((10, 10), 3.0, np.float32))
    (other_grid,) = travelled([plane(VALUES)], [plane(VALUES[:5])])
    (no_voxel,) = travelled([plane(VALUES, np.zeros((10, 10), bool))], [plane(VALUES)])
    (constant,) = travelled([flat], [plane(VALUES)])
    assert other_grid is None
    assert no_voxel is None
    assert constant is not None
    assert (constant.moved, constant.kept) == (None, None)
    # A recipe that stops has fewer planes, and these are compared.
    assert len(travelled([plane(VALUES)] * 3, [plane(VALUES)])) == 1
