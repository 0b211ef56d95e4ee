import numpy as np
import pytest

from prep_core.kernels.finite import all_finite, is_finite
from tests.kernels.twins import twins

ODD = (np.nan, np.inf, -np.inf)
FINITE = (0.0, -0.0, 1e-45, np.finfo(np.float32).max, np.finfo(np.float32).min)


@pytest.mark.parametrize("size", [0, 1, 7, 4096, 4097, 10_001])
def test_finite_values_are_finite(size: int) -> None:
    values = np.resize(np.array(FINITE, np.float32), size)
    assert all(form(values) is True for form in twins(all_finite))


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("place", [0, 4095, 4096, 9_999])
def test_one_odd_value_is_found(odd: float, place: int) -> None:
    values = np.ones(10_000, np.float32)
    values[place] = odd
    assert not any(form(values) for form in twins(all_finite))


@pytest.mark.parametrize("dtype", ["f2", "f4", ">f4", "f8", "c8", "i2", "u1", "?"])
def test_every_dtype_and_order_is_taken(dtype: str) -> None:
    values = np.ones((6, 5), dtype).T[::-2]
    assert is_finite(values)
    if values.dtype.kind in "fc":
        values[-1, 0] = np.nan
        assert not is_finite(values)


def test_a_part_of_each_thread_is_looked_at() -> None:
    values = np.zeros(1 << 21, np.float32)
    values[-1] = np.inf
    assert not is_finite(values)
