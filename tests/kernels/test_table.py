import numpy as np
import pytest

from prep_core.kernels.table import CODES, look_up
from tests.kernels.twins import twins


@pytest.mark.parametrize("size", [0, 1, 7, 65_536, 70_001])
def test_each_code_gets_the_value_at_its_place(size: int) -> None:
    rng = np.random.default_rng(size)
    table = rng.normal(size=CODES).astype(np.float32)
    table[:3] = np.nan, np.inf, -0.0
    codes = rng.integers(0, CODES, size).astype(np.uint16)
    for form in twins(look_up):
        out = np.full(size, 9, np.float32)
        form(codes, table, out)
        assert out.tobytes() == table[codes].tobytes()
