"""What is asked of arrays without going through all of them."""

import numpy as np
import pytest

from prep_core.memory import all_true

MASK = np.ones((3, 4), bool)
HOLE = MASK.copy()
HOLE[2, 3] = False


@pytest.mark.parametrize(
    "mask",
    [
        MASK,
        HOLE,
        HOLE[:2],
        HOLE.T[::2],
        *(np.broadcast_to(np.bool_(one), shape) for one in (0, 1) for shape in ((), (2, 3), (0, 3))),
    ],
)
def test_all_true_says_what_numpy_says(mask: np.ndarray) -> None:
    assert all_true(mask) is bool(mask.all())
